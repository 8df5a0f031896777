//! What a diagram is made of, in terms of meaning: who paints decides on colours and strokes.

use faultline_sim::frame;

use crate::event_kind::EventKind;
use crate::message::Fate;
use crate::spans::SpanKind;

/// What a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextRole {
    /// A stamp of an event.
    Stamp,
    /// By how much a message was delayed.
    Late,
    /// What is so of a lane: that its node is down.
    State,
    /// Why a message was lost.
    Why,
    /// A number on the axis.
    Tick,
    /// What a person did.
    Flag,
}

/// Which cone.
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
    /// The record that began it.
    pub seq: u64,
    /// Where it leaves.
    pub from: (f64, f64),
    /// Where it arrives, is lost, or is now.
    pub to: (f64, f64),
    /// What it means.
    pub look: frame::Shape,
    /// Its letter.
    pub letter: &'static str,
    /// How it ends.
    pub fate: Fate,
    /// Delayed or held by a person or a slow link.
    pub late: bool,
    /// A copy.
    pub copy: bool,
    /// One of many: a thin line is enough.
    pub plain: bool,
    /// Where its sign stands, between two lanes; none where there is no room.
    pub sign: Option<(f64, f64)>,
}

/// One thing to paint, in pixels. The list is closed.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// A node's line, with its name at the left.
    Lane {
        /// What it is called, as long as there is room.
        name: String,
        /// The same in full.
        whole: String,
        /// The lane's place.
        y: f64,
        /// Where the node was there.
        x: (f64, f64),
        /// Whether there is room for the name.
        named: bool,
    },
    /// A stretch of a lane during which the node was down, stood still or was gone.
    Span {
        /// What was so.
        kind: SpanKind,
        /// The lane's place.
        y: f64,
        /// From where to where.
        x: (f64, f64),
    },
    /// A stretch of a lane during which its node was on one side of a split.
    Side {
        /// The side's number, from 0.
        side: usize,
        /// The lane's place.
        y: f64,
        /// From where to where.
        x: (f64, f64),
    },
    /// A message.
    Message(Line),
    /// Where a message passed the one that was sent before it.
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
        /// What happened.
        what: EventKind,
        /// It is drawn small: there are many.
        small: bool,
    },
    /// Several events that cannot be told apart at this size.
    Bundle {
        /// The first record.
        seq: u64,
        /// Its place.
        at: (f64, f64),
        /// How many.
        count: u32,
    },
    /// What the person or the scenario did, or a law that broke, across all lanes.
    Flag {
        /// The record.
        seq: u64,
        /// Its place.
        x: f64,
        /// From where to where.
        y: (f64, f64),
        /// A law broke.
        broken: bool,
    },
    /// A mark of the axis, across all lanes.
    Tick {
        /// Its place.
        x: f64,
        /// From where to where.
        y: (f64, f64),
    },
    /// Words.
    Text {
        /// Where they begin, or their middle.
        at: (f64, f64),
        /// What they say.
        text: String,
        /// What they are.
        role: TextRole,
        /// `at` is their middle.
        centred: bool,
    },
    /// Part of a lane that lies in a cone.
    Cone {
        /// Which.
        way: Way,
        /// From where to where.
        x: (f64, f64),
        /// From where to where.
        y: (f64, f64),
    },
    /// A ring around a chosen event.
    Ring {
        /// Its place.
        at: (f64, f64),
        /// The second of two.
        second: bool,
    },
    /// A frame around the event that the keyboard is at.
    Focus {
        /// Its place.
        at: (f64, f64),
    },
    /// A chosen message, once more and stronger.
    Picked {
        /// Where it leaves.
        from: (f64, f64),
        /// Where it ends.
        to: (f64, f64),
    },
    /// A chosen node's lane.
    Chosen {
        /// The lane's place.
        y: f64,
        /// Half its width.
        half: f64,
    },
    /// What has been seen already but lies ahead of where the run stands.
    Ahead {
        /// From where to where.
        x: (f64, f64),
        /// From where to where.
        y: (f64, f64),
    },
    /// Where the run stands.
    Playhead {
        /// Its place.
        x: f64,
        /// From where to where.
        y: (f64, f64),
    },
}
