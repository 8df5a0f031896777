//! The visible rows of a long list: the arithmetic of the event log, without a browser.

/// Extra rows beyond each edge, so that scrolling shows no gap.
const MARGIN: usize = 6;

/// A scrolled list of rows of equal height.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Window {
    /// Pixels above the upper edge.
    pub top: f64,
    /// Pixels between the edges.
    pub height: f64,
    /// Pixels of one row.
    pub row: f64,
}

impl Window {
    /// The rows to draw, as a half-open range.
    #[must_use]
    pub fn rows(&self, total: usize) -> (usize, usize) {
        let first = (self.top / self.row).floor().max(0.0) as usize;
        let count = (self.height / self.row).ceil() as usize + 1;
        let from = first.saturating_sub(MARGIN).min(total);
        (from, (first + count + MARGIN).clamp(from, total))
    }

    /// Whether a row is completely or nearly visible.
    #[must_use]
    pub fn shows(&self, index: usize) -> bool {
        let top = index as f64 * self.row;
        top >= self.top - self.row / 2.0
            && top + self.row <= self.top + self.height + self.row / 2.0
    }

    /// The scroll position that makes a row the last visible one.
    #[must_use]
    pub fn with_last(&self, index: usize) -> f64 {
        ((index + 1) as f64 * self.row - self.height).max(0.0)
    }

    /// The scroll position that makes a row visible; none if it is already.
    #[must_use]
    pub fn reveal(&self, index: usize) -> Option<f64> {
        let top = index as f64 * self.row;
        if top < self.top {
            Some(top)
        } else if top + self.row > self.top + self.height {
            Some(self.with_last(index))
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOW: Window = Window {
        top: 400.0,
        height: 200.0,
        row: 40.0,
    };

    #[test]
    fn only_rows_near_the_view_are_drawn() {
        assert_eq!(WINDOW.rows(1_000_000), (4, 22));
        assert_eq!(WINDOW.rows(12), (4, 12));
        assert_eq!(
            WINDOW.rows(3),
            (3, 3),
            "scrolled behind the end of a list that became short"
        );
        assert_eq!(Window { top: 0.0, ..WINDOW }.rows(5), (0, 5));
    }

    #[test]
    fn a_row_out_of_sight_is_scrolled_to() {
        assert!(WINDOW.shows(10) && WINDOW.shows(14) && !WINDOW.shows(16));
        assert_eq!(WINDOW.reveal(12), None);
        assert_eq!(WINDOW.reveal(2), Some(80.0));
        assert_eq!(WINDOW.reveal(20), Some(640.0));
        assert_eq!(WINDOW.with_last(0), 0.0);
    }
}
