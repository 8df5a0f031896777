//! The parts of a diagram by meaning; the painter chooses colours and strokes.

use faultline_sim::frame;

use crate::event_kind::EventKind;
use crate::message::Fate;
use crate::spans::SpanKind;

/// The role of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextRole {
    /// A timestamp of an event.
    Stamp,
    /// The delay of a message.
    Late,
    /// The state of a lane, for example that its node is down.
    State,
    /// Why a message was lost.
    Why,
    /// A number on the axis.
    Tick,
    /// A command of the person.
    Flag,
}

/// The kind of a cone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Hatched `/`.
    Past,
    /// Hatched `\`.
    Future,
}

/// A message from lane to lane.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// The record that started it.
    pub seq: u64,
    /// Its start.
    pub from: (f64, f64),
    /// Where it arrived, was lost, or is now.
    pub to: (f64, f64),
    /// Its kind.
    pub look: frame::Shape,
    /// Its letter.
    pub letter: &'static str,
    /// How it ends.
    pub fate: Fate,
    /// Whether a person or a slow link delayed or held it.
    pub late: bool,
    /// Whether it is a copy.
    pub copy: bool,
    /// Whether it is one of many, drawn as a thin line.
    pub plain: bool,
    /// The place of its sign between two lanes; none if there is no room.
    pub sign: Option<(f64, f64)>,
}

/// One thing to paint, in pixels. The list is closed.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// A node's line, with its name at the left.
    Lane {
        /// Its name, shortened to the available room.
        name: String,
        /// Its whole name.
        whole: String,
        /// The place of the lane.
        y: f64,
        /// The span during which the node existed.
        x: (f64, f64),
        /// Whether there is room for the name.
        named: bool,
    },
    /// A stretch of a lane during which the node was down, paused or gone.
    Span {
        /// The state.
        kind: SpanKind,
        /// The place of the lane.
        y: f64,
        /// Start and end.
        x: (f64, f64),
    },
    /// A stretch of a lane during which its node was on one side of a partition.
    Side {
        /// The side's number, from 0.
        side: usize,
        /// The place of the lane.
        y: f64,
        /// Start and end.
        x: (f64, f64),
    },
    /// A message.
    Message(Line),
    /// The point at which a message overtook an earlier one.
    Crossing {
        /// Its place.
        at: (f64, f64),
        /// The message that was overtaken.
        seq: u64,
    },
    /// One event.
    Event {
        /// The record.
        seq: u64,
        /// Its place.
        at: (f64, f64),
        /// Its kind.
        what: EventKind,
        /// Whether it is small because there are many.
        small: bool,
    },
    /// Several events that are too close to draw separately.
    Bundle {
        /// The first record.
        seq: u64,
        /// Its place.
        at: (f64, f64),
        /// How many.
        count: u32,
    },
    /// A cut through all lanes: where each node recorded its state.
    Cut {
        /// From the uppermost lane down.
        points: Vec<(f64, f64)>,
    },
    /// A command of the person or the scenario, or a broken rule, across all lanes.
    Flag {
        /// The record.
        seq: u64,
        /// Its place.
        x: f64,
        /// Start and end.
        y: (f64, f64),
        /// Whether it is a broken rule.
        broken: bool,
    },
    /// A mark of the axis, across all lanes.
    Tick {
        /// Its place.
        x: f64,
        /// Start and end.
        y: (f64, f64),
    },
    /// A text.
    Text {
        /// Its start, or its middle.
        at: (f64, f64),
        /// Its content.
        text: String,
        /// Its role.
        role: TextRole,
        /// Whether `at` is its middle.
        centred: bool,
    },
    /// The part of a lane inside a cone.
    Cone {
        /// The kind of the cone.
        way: Way,
        /// Start and end.
        x: (f64, f64),
        /// Top and bottom.
        y: (f64, f64),
    },
    /// A ring around a chosen event.
    Ring {
        /// Its place.
        at: (f64, f64),
        /// Whether it is the second of two.
        second: bool,
    },
    /// A frame around the event with the keyboard focus.
    Focus {
        /// Its place.
        at: (f64, f64),
    },
    /// A chosen message, drawn again and stronger.
    Picked {
        /// Its start.
        from: (f64, f64),
        /// Its end.
        to: (f64, f64),
    },
    /// A chosen node's lane.
    Chosen {
        /// The place of the lane.
        y: f64,
        /// Half its height.
        half: f64,
    },
    /// The part of the run that is later than the present instant.
    Ahead {
        /// Start and end.
        x: (f64, f64),
        /// Top and bottom.
        y: (f64, f64),
    },
    /// The playhead: the present instant.
    Playhead {
        /// Its place.
        x: f64,
        /// Top and bottom.
        y: (f64, f64),
    },
}
