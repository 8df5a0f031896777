//! Words for the space-time diagram.

use super::counted;
use faultline_diagram::{Axis, Stamps};
use faultline_sim::process::NodeId;
use faultline_sim::stamps::Order;

pub const TITLE: &str = "Space-time";
pub const DIAGRAM: &str = "Space-time diagram";
/// How to use the diagram with the keyboard.
pub const KEYS: &str = "Left and Right move along a lane, Up and Down change the lane, O goes to the other \
    end of a message. Enter goes to the event, Shift+Enter compares it with the selected one. Plus, \
    Minus and 0 zoom. Page Up and Page Down scroll.";
pub const CLOSE: &str = "Close space-time";
pub const ZOOM_IN: &str = "Zoom in";
pub const ZOOM_OUT: &str = "Zoom out";
pub const FIT: &str = "Show the whole run";
pub const EARLIER: &str = "Earlier";
pub const LATER: &str = "Later";
pub const FOLLOW: &str = "Follow";
pub const TIMERS: &str = "Timers";
pub const TABLE: &str = "Table";
pub const TALLER: &str = "Taller";
pub const COMPARE: &str = "Compare";
pub const COMPARE_END: &str = "Stop comparing";
pub const STAMPS: &str = "Stamps";
pub const AXIS: &str = "Horizontal axis";
pub const FILTER: &str = "Filter";
pub const NODES: &str = "Nodes";
pub const KINDS: &str = "Messages";
pub const WINDOW: &str = "Window";
pub const FROM: &str = "from";
pub const TO: &str = "to";
pub const NO_KINDS: &str = "No messages yet.";
pub const PICK_SECOND: &str = "Now pick the event to compare with.";
pub const PICK_FIRST: &str = "First pick an event, then another one to compare it with.";
pub const NO_MORE: &str = "No more events in this direction.";
pub const HINT: &str = "Click an event to see what may have caused it.";
pub const EVENT_TOO_FAR: &str = "This event is too far away to show its causes and effects.";
pub const CAUSES_TOO_FAR_BACK: &str = "Its causes are too far in the past to show.";
pub const TOO_FAR_APART: &str = "One of the two events is too far away to compare them.";
pub const COLUMNS: [&str; 5] = ["Event", "Time", "Where", "What happened", "Stamp"];
pub const RELATION: &str = "Relation";
pub const NETWORK: &str = "network";

/// The name of a kind of timestamp.
#[must_use]
pub fn stamps(stamps: Stamps) -> &'static str {
    match stamps {
        Stamps::None => "No stamps",
        Stamps::Lamport => "Lamport clock",
        Stamps::Vector => "Vector clock",
        Stamps::Quiet => "Vector, no tick on send",
        Stamps::Both => "Lamport and vector",
        Stamps::Physical => "Node's own clock",
    }
}

#[must_use]
pub fn axis(axis: Axis) -> &'static str {
    match axis {
        Axis::Time => "Time",
        Axis::Order => "Order of events",
    }
}

/// A place on the axis.
#[must_use]
pub fn place(axis: Axis, at: f64) -> String {
    match axis {
        // Never "-0.000 s": adding zero makes a zero of minus zero.
        Axis::Time => format!("{:.3} s", at.max(0.0) / 1e6 + 0.0),
        Axis::Order => format!("event {}", at.max(0.0) as u64),
    }
}

/// The content of the visible window.
pub struct Visible {
    pub axis: Axis,
    pub from: f64,
    pub to: f64,
    pub nodes: usize,
    pub events: usize,
    pub messages: usize,
    pub lost: usize,
    /// Too many messages: only a part is drawn.
    pub thinned: bool,
}

/// The window in one line.
#[must_use]
pub fn summary(visible: &Visible) -> String {
    let lost = match visible.lost {
        0 => String::new(),
        n => format!(" ({n} lost)"),
    };
    let thinned = if visible.thinned {
        "; zoom in to see every message"
    } else {
        ""
    };
    format!(
        "{} to {}: {}, {}, {}{lost}{thinned}.",
        place(visible.axis, visible.from.max(0.0)),
        place(visible.axis, visible.to),
        counted(visible.nodes, "node", "nodes"),
        counted(visible.events, "event", "events"),
        counted(visible.messages, "message", "messages"),
    )
}

/// How many events are in the past, in the future and concurrent, seen from the selected event.
/// `so_far`: the run has later events that were not read.
#[must_use]
pub fn cones(
    (past, future, concurrent): (u64, u64, u64),
    so_far: bool,
) -> [(&'static str, String); 3] {
    let more = if so_far { "+" } else { "" };
    [
        ("past", format!("past {past}")),
        ("future", format!("future {future}{more}")),
        ("beside", format!("∥ concurrent {concurrent}{more}")),
    ]
}

/// The verdict on two events.
#[must_use]
pub fn verdict(order: Order) -> (&'static str, &'static str) {
    match order {
        Order::Before => ("before", "A is before B: A may have caused B."),
        Order::After => ("after", "A is after B: B may have caused A."),
        Order::Same => ("same", "A and B are the same event."),
        Order::Concurrent => (
            "concurrent",
            "A ∥ B, concurrent: neither can have caused the other.",
        ),
    }
}

/// The verdict of the other convention, where it differs.
#[must_use]
pub fn other_convention(order: Order) -> String {
    let (word, _) = verdict(order);
    let word = if order == Order::Same {
        "equal vectors"
    } else {
        word
    };
    format!("If vectors did not tick on send, the verdict would be: {word}.")
}

/// The verdict is the same under both conventions.
pub const SAME_VERDICT: &str =
    "These vectors tick on every event. Without a tick on send: same verdict.";

#[must_use]
pub fn node_column(id: NodeId) -> String {
    format!("n{}", id.0)
}

/// The table's caption.
#[must_use]
pub fn table(shown: usize, all: usize) -> String {
    if shown < all {
        format!(
            "The first {shown} of {all} events in this window. Zoom in or filter to see the rest."
        )
    } else {
        format!("All {} in this window.", counted(all, "event", "events"))
    }
}

#[must_use]
pub fn reading(percent: u64) -> String {
    format!("Reading the run: {percent} %.")
}

/// The part that is drawn of a window with more events than the page keeps.
#[must_use]
pub fn part(axis: Axis, from: f64, to: f64) -> String {
    format!(
        "Too many events: only {} to {} is drawn. Zoom in to see the rest.",
        place(axis, from.max(0.0)),
        place(axis, to),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_is_one_sentence() {
        let mut visible = Visible {
            axis: Axis::Time,
            from: -2_000.0,
            to: 1_500_000.0,
            nodes: 5,
            events: 1,
            messages: 12,
            lost: 2,
            thinned: false,
        };
        let text = "0.000 s to 1.500 s: 5 nodes, 1 event, 12 messages (2 lost).";
        assert_eq!(summary(&visible), text);
        visible.thinned = true;
        assert!(summary(&visible).contains("zoom in"));
    }

    #[test]
    fn what_is_drawn_of_a_long_window_is_said() {
        let text = "Too many events: only 1.000 s to 2.500 s is drawn. Zoom in to see the rest.";
        assert_eq!(part(Axis::Time, 1e6, 2.5e6), text);
        let partly = cones((3, 2, 1), true).map(|(_, text)| text);
        assert_eq!(partly, ["past 3", "future 2+", "∥ concurrent 1+"]);
    }
}
