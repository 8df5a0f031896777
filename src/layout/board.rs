//! The table of logs beside the ring: one row per node and one column per index, so that people can
//! compare logs at a glance.

use super::{Point, Room};

/// The table of logs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Board {
    /// The upper left corner.
    pub left: f64,
    pub top: f64,
    pub width: f64,
    /// Whether it is under the ring instead of beside it.
    pub below: bool,
    /// The width of a row's name.
    pub label: f64,
    /// The height of the indexes above the rows.
    pub head: f64,
    /// The distance between rows and between columns.
    pub row: f64,
    pub column: f64,
    /// The size of a cell.
    pub cell: Point,
    /// The number of columns.
    pub columns: usize,
}

/// The smallest height of the ring above logs.
const LEAST_RING: f64 = 248.0;
/// Lower rows are unreadable.
const LOWEST_ROW: f64 = 17.0;

impl Board {
    /// The table for a room, if there are logs and they fit.
    pub(super) fn fit(room: Room) -> Option<Self> {
        if room.logs == 0 {
            return None;
        }
        if room.narrow() {
            Self::under(room)
        } else {
            Self::beside(room)
        }
    }

    fn beside(room: Room) -> Option<Self> {
        let s = room.scale;
        let (label, head) = (34.0 * s, 24.0 * s);
        let row = ((room.height - head - 24.0) / room.logs as f64).min(38.0 * s);
        if row < LOWEST_ROW * s {
            return None;
        }
        let column = 26.0 * s;
        // As many columns as fit beside the ring in the middle of the stage, but at least some.
        let ring = (room.height * 0.53 + 30.0 * s).min(380.0 * s);
        let columns = ((room.width / 2.0 - ring - label - 20.0) / column).floor();
        let columns = columns.clamp(6.0, 12.0) as usize;
        let width = label + column * columns as f64;
        let height = head + row * room.logs as f64;
        Some(Self {
            left: room.width - width - 20.0,
            top: (room.height - height) / 2.0,
            width,
            below: false,
            label,
            head,
            row,
            column,
            cell: Point::new(22.0 * s, (row - 3.0).min(22.0 * s)),
            columns,
        })
    }

    /// The height that page.css adds to the stage of a phone for logs.
    fn under(room: Room) -> Option<Self> {
        let (label, head, row, column) = (30.0, 16.0, 17.0, 22.0);
        let height = head + row * room.logs as f64 + 6.0;
        if room.height - height < LEAST_RING {
            return None;
        }
        let columns = (((room.width - label - 24.0) / column).floor() as usize).clamp(1, 12);
        let width = label + column * columns as f64;
        Some(Self {
            left: (room.width - width) / 2.0,
            top: room.height - height,
            width,
            below: true,
            label,
            head,
            row,
            column,
            cell: Point::new(20.0, 15.0),
            columns,
        })
    }

    /// The vertical centre of a row's cells.
    #[must_use]
    pub fn row_at(&self, row: usize) -> f64 {
        self.top + self.head + row as f64 * self.row + 1.0 + self.cell.y / 2.0
    }

    /// The height under a row's cells for deleted entries and the leader's mark.
    #[must_use]
    pub fn strip(&self) -> f64 {
        self.row - self.cell.y
    }

    /// The horizontal centre of a column.
    #[must_use]
    pub fn column_at(&self, column: usize) -> f64 {
        self.left + self.label + (column as f64 + 0.5) * self.column
    }
}
