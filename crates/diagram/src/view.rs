//! The visible part of a run and its options: from records and instants to places, and back.

use faultline_sim::frame::{Kind, Shape};
use faultline_sim::network::Address;
use faultline_sim::process::NodeId;
use faultline_sim::time::Time;

use crate::index::Index;
use crate::names;

/// The horizontal axis.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Axis {
    /// Simulator time, in microseconds.
    #[default]
    Time,
    /// The order of records, by number: for runs in which everything happens at one instant.
    Order,
}

/// The timestamps beside events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stamps {
    /// Nothing.
    #[default]
    None,
    /// Lamport's clock.
    Lamport,
    /// A vector that ticks on every record.
    Vector,
    /// A vector that does not tick on sending.
    Quiet,
    /// Lamport's clock and the vector.
    Both,
    /// The node's own clock.
    Physical,
}

impl Stamps {
    /// All kinds with their names.
    pub const ALL: [(Stamps, &'static str); 6] = [
        (Stamps::None, "none"),
        (Stamps::Lamport, "lamport"),
        (Stamps::Vector, "vector"),
        (Stamps::Quiet, "quiet"),
        (Stamps::Both, "both"),
        (Stamps::Physical, "physical"),
    ];

    /// Its name.
    #[must_use]
    pub fn word(self) -> &'static str {
        let all = Self::ALL.iter().find(|(stamps, _)| *stamps == self);
        all.map_or("none", |(_, word)| word)
    }

    /// The kind with this name.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        let all = Self::ALL.iter().find(|(_, own)| *own == word);
        all.map(|(stamps, _)| *stamps)
    }
}

/// A message in flight, as the world knows it: its arrival is in the future.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Flight {
    /// Its address.
    pub address: Address,
    /// Its progress, from 0 to 1.
    pub progress: f64,
}

/// A window of a run on a sheet of this many pixels.
#[derive(Clone, Debug)]
pub struct View {
    /// The horizontal axis.
    pub axis: Axis,
    /// The left edge, in units of the axis.
    pub from: f64,
    /// The right edge, which is greater than the left one.
    pub to: f64,
    /// Width of the sheet in pixels.
    pub width: f64,
    /// Height of the sheet in pixels.
    pub height: f64,
    /// The room on the left for the names of lanes, in pixels at normal scale.
    pub gutter: f64,
    /// The scale of texts and dots.
    pub scale: f64,
    /// The present instant and record of the run.
    pub now: (f64, u64),
    /// The timestamps beside events.
    pub stamps: Stamps,
    /// Whether timers are shown.
    pub timers: bool,
    /// Hidden nodes.
    pub hidden: Vec<NodeId>,
    /// Hidden kinds of messages.
    pub silent: Vec<&'static str>,
    /// The meaning of the kinds.
    pub kinds: &'static [Kind],
    /// Messages in flight.
    pub flights: Vec<Flight>,
}

impl Default for View {
    fn default() -> Self {
        Self {
            axis: Axis::Time,
            from: 0.0,
            to: 1e6,
            width: 1200.0,
            height: 320.0,
            gutter: GUTTER,
            scale: 1.0,
            now: (f64::MAX, u64::MAX),
            stamps: Stamps::None,
            timers: false,
            hidden: Vec::new(),
            silent: Vec::new(),
            kinds: &[],
            flights: Vec::new(),
        }
    }
}

/// The room on the left for names that are numbers, and for the longest names.
const GUTTER: f64 = 44.0;
const WIDEST_GUTTER: f64 = 180.0;
/// The gap between a name and its lane.
const NAME_GAP: f64 = 12.0;
/// The average width of a letter of a name, in pixels.
const NAME_LETTER: f64 = 10.0;
/// The room on the right for what comes next.
const RIGHT: f64 = 14.0;
/// The room at the top for commands.
const TOP: f64 = 24.0;
/// The room at the bottom for the axis.
const BOTTOM: f64 = 22.0;

impl View {
    /// A view of everything that an index knows, for a file.
    #[must_use]
    pub fn whole(index: &Index, kinds: &'static [Kind]) -> Self {
        let last = index.entry(index.len());
        let end = last.map_or(0, |entry| entry.time.0) as f64;
        // If everything happens at one instant, only the order is visible.
        let axis = if end > 0.0 { Axis::Time } else { Axis::Order };
        let mut view = Self {
            axis,
            kinds,
            height: TOP + BOTTOM + index.nodes().clamp(1, 64) as f64 * 52.0,
            ..Self::default()
        };
        view.make_room_for_names(index);
        view.fit(match axis {
            Axis::Time => end,
            Axis::Order => index.len() as f64,
        });
        view
    }

    /// Makes the left room as wide as the names of the lanes need.
    pub fn make_room_for_names(&mut self, index: &Index) {
        let lanes = (1..=index.nodes() as u32).map(NodeId);
        let longest = lanes.map(|node| index.name(node).chars().count()).max();
        let needed = longest.unwrap_or(0) as f64 * NAME_LETTER + NAME_GAP + 4.0;
        self.gutter = needed.clamp(GUTTER, WIDEST_GUTTER);
    }

    /// The names of all lanes, shortened to their room.
    #[must_use]
    pub fn names(&self, index: &Index) -> Vec<String> {
        let all = (1..=index.nodes() as u32).map(|node| index.name(NodeId(node)));
        let room = ((self.gutter - NAME_GAP) / NAME_LETTER).max(2.0) as usize;
        names::shortened(&all.collect::<Vec<_>>(), room)
    }

    /// The right end of the names.
    #[must_use]
    pub fn names_end(&self) -> f64 {
        self.left() - NAME_GAP * self.scale
    }

    /// Shows everything from the start to a place on the axis.
    pub fn fit(&mut self, end: f64) {
        self.from = 0.0;
        self.to = (end * 1.02).max(self.least());
    }

    /// The shortest possible window.
    #[must_use]
    pub fn least(&self) -> f64 {
        match self.axis {
            Axis::Time => 50.0,
            Axis::Order => 4.0,
        }
    }

    /// The left edge of the lanes.
    #[must_use]
    pub fn left(&self) -> f64 {
        self.gutter * self.scale
    }

    /// The right edge of the lanes.
    #[must_use]
    pub fn right(&self) -> f64 {
        (self.width - RIGHT).max(self.left() + 1.0)
    }

    /// The upper edge of the lanes.
    #[must_use]
    pub fn top(&self) -> f64 {
        TOP * self.scale
    }

    /// The lower edge of the lanes.
    #[must_use]
    pub fn bottom(&self) -> f64 {
        (self.height - BOTTOM * self.scale).max(self.top() + 1.0)
    }

    /// The visible lanes, from top to bottom.
    #[must_use]
    pub fn lanes(&self, index: &Index) -> Vec<NodeId> {
        let all = (1..=index.nodes() as u32).map(NodeId);
        all.filter(|node| !self.hidden.contains(node)).collect()
    }

    /// Pixels between two lanes.
    #[must_use]
    pub fn pitch(&self, lanes: usize) -> f64 {
        (self.bottom() - self.top()) / lanes.max(1) as f64
    }

    /// The place of a lane; none if it is hidden.
    #[must_use]
    pub fn y(&self, lanes: &[NodeId], node: NodeId) -> Option<f64> {
        // Lanes are in order of their numbers.
        let at = lanes.binary_search(&node).ok()?;
        Some(self.top() + self.pitch(lanes.len()) * (at as f64 + 0.5))
    }

    /// The place of a record on the axis.
    #[must_use]
    pub fn place(&self, seq: u64, time: Time) -> f64 {
        match self.axis {
            Axis::Time => time.0 as f64,
            Axis::Order => seq as f64,
        }
    }

    /// The place of the present instant on the axis.
    #[must_use]
    pub fn here(&self) -> f64 {
        match self.axis {
            Axis::Time => self.now.0,
            Axis::Order => self.now.1 as f64 + 0.5,
        }
    }

    /// Axis units per pixel.
    #[must_use]
    pub fn per_pixel(&self) -> f64 {
        (self.to - self.from) / (self.right() - self.left())
    }

    /// From the axis to pixels.
    #[must_use]
    pub fn x(&self, place: f64) -> f64 {
        self.left() + (place - self.from) / self.per_pixel()
    }

    /// From pixels to the axis.
    #[must_use]
    pub fn at(&self, x: f64) -> f64 {
        self.from + (x - self.left()) * self.per_pixel()
    }

    /// The range of the visible records in the list of all.
    #[must_use]
    pub(crate) fn window(&self, index: &Index) -> (usize, usize) {
        let entries = &index.entries;
        match self.axis {
            Axis::Time => {
                let from = entries.partition_point(|e| (e.time.0 as f64) < self.from);
                let to = entries.partition_point(|e| e.time.0 as f64 <= self.to);
                (from, to.max(from))
            }
            Axis::Order => {
                let kept =
                    |place: f64| (place.max(0.0) as usize).clamp(entries.first(), entries.len());
                let from = kept((self.from - 1.0).ceil());
                let to = kept(self.to.floor());
                (from, to.max(from))
            }
        }
    }

    /// The first and the last visible record; none if there are none.
    #[must_use]
    pub fn records(&self, index: &Index) -> Option<(u64, u64)> {
        let (from, to) = self.window(index);
        (from < to).then_some((from as u64 + 1, to as u64))
    }

    /// The look of a kind of message.
    #[must_use]
    pub fn look(&self, kind: &str) -> (Shape, &'static str) {
        let own = self.kinds.iter().find(|known| known.name == kind);
        own.map_or((Shape::Data, ""), |kind| (kind.shape, kind.letter))
    }

    /// Whether a record is drawn on its node's lane.
    #[must_use]
    pub fn shows(&self, index: &Index, seq: u64) -> bool {
        let Some(entry) = index.entry(seq) else {
            return false;
        };
        let hidden = self.hidden.contains(&NodeId(entry.node));
        let timer = entry.what.is_timer() && !self.timers;
        let silent = !self.silent.is_empty()
            && index
                .message_of(seq)
                .is_some_and(|message| self.silent.contains(&message.kind));
        entry.node > 0 && !hidden && !timer && !silent
    }

    /// Makes the window longer or shorter around a fixed place.
    pub fn zoom(&mut self, factor: f64, around: f64) {
        let span = ((self.to - self.from) * factor).clamp(self.least(), 1e13);
        let part = ((around - self.from) / (self.to - self.from)).clamp(0.0, 1.0);
        self.from = around - span * part;
        self.to = self.from + span;
    }

    /// Moves the window by a part of its length.
    pub fn pan(&mut self, part: f64) {
        let by = (self.to - self.from) * part;
        self.from += by;
        self.to += by;
    }

    /// Keeps the window near the run: from its start to half a window after its end.
    pub fn keep_within(&mut self, end: f64) {
        let span = self.to - self.from;
        let most = (end - span * 0.5).max(0.0);
        let from = self.from.clamp(-span * 0.02, most);
        self.from = from;
        self.to = from + span;
    }
}
