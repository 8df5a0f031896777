//! The words of the space-time diagram.

use faultline_diagram::{Axis, Stamps};
use faultline_sim::process::NodeId;
use faultline_sim::stamps::Order;

pub const TITLE: &str = "Space-time";
pub const DIAGRAM: &str = "Space-time diagram";
/// How the diagram is used without a pointer.
pub const KEYS: &str = "Left and right walk along a lane, up and down to the next lane, O to the \
    other end of a message. Enter goes to the event, Shift and Enter compares it with the selected \
    one. Plus, minus and zero zoom, Page Up and Page Down move.";
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
pub const COMPARE_END: &str = "End comparing";
pub const STAMPS: &str = "Stamps";
pub const AXIS: &str = "From left to right";
pub const FILTER: &str = "Filter";
pub const NODES: &str = "Nodes";
pub const KINDS: &str = "Messages";
pub const WINDOW: &str = "Window";
pub const FROM: &str = "from";
pub const TO: &str = "to";
pub const NO_KINDS: &str = "No messages yet.";
pub const PICK_SECOND: &str = "Now pick the event to compare with.";
pub const PICK_FIRST: &str = "First pick an event; then another one to compare it with.";
pub const NO_MORE: &str = "No further event that way.";
pub const HINT: &str = "Click an event to see what can have caused it.";
pub const EVENT_TOO_FAR: &str = "It is too far from this window to show its causes and effects.";
pub const CAUSES_TOO_FAR_BACK: &str = "Its causes are too far back to show.";
pub const TOO_FAR_APART: &str =
    "One of the two events is too far from this window to compare them.";
pub const COLUMNS: [&str; 5] = ["Event", "Time", "Where", "What happened", "Stamp"];
pub const RELATION: &str = "To the selected";
pub const NETWORK: &str = "network";

/// A kind of stamp, in the choice.
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
        Axis::Time => format!("{:.3} s", at / 1e6),
        Axis::Order => format!("event {}", at.max(0.0) as u64),
    }
}

/// What is in sight.
pub struct Sight {
    pub axis: Axis,
    pub from: f64,
    pub to: f64,
    pub nodes: usize,
    pub events: usize,
    pub messages: usize,
    pub lost: usize,
    /// Of so many messages only a part is drawn.
    pub thinned: bool,
}

/// The window in one line.
#[must_use]
pub fn summary(sight: &Sight) -> String {
    let lost = match sight.lost {
        0 => String::new(),
        n => format!(" ({n} lost)"),
    };
    let thinned = if sight.thinned {
        "; too many to draw each: zoom in"
    } else {
        ""
    };
    format!(
        "{} to {}: {}, {}, {}{lost}{thinned}.",
        place(sight.axis, sight.from.max(0.0)),
        place(sight.axis, sight.to),
        count(sight.nodes, "node"),
        count(sight.events, "event"),
        count(sight.messages, "message"),
    )
}

fn count(n: usize, word: &str) -> String {
    let many = if n == 1 { "" } else { "s" };
    format!("{n} {word}{many}")
}

/// How many events lie where, seen from the selected one; `so_far`: the run goes on behind what was
/// read.
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
        Order::Before => ("before", "A is before B: A can have caused B."),
        Order::After => ("after", "A is after B: B can have caused A."),
        Order::Same => ("same", "A and B are the same event."),
        Order::Concurrent => (
            "concurrent",
            "A ∥ B, concurrent: neither can have caused the other.",
        ),
    }
}

/// Where the other convention says something else.
#[must_use]
pub fn other_convention(order: Order) -> String {
    let (word, _) = verdict(order);
    let word = if order == Order::Same {
        "equal vectors"
    } else {
        word
    };
    format!("Vectors that do not tick on sending would say: {word}.")
}

/// The same numbers, other ticks.
pub const SAME_VERDICT: &str =
    "Ticks on every event, sending too. Without a tick on sending: same verdict.";

#[must_use]
pub fn node_column(id: NodeId) -> String {
    format!("n{}", id.0)
}

/// The table's caption.
#[must_use]
pub fn table(shown: usize, all: usize) -> String {
    if shown < all {
        format!(
            "The first {shown} of {all} events of this window. Zoom in or filter to see the rest."
        )
    } else {
        format!("All {} of this window.", count(all, "event"))
    }
}

#[must_use]
pub fn reading(percent: u64) -> String {
    format!("Reading the run: {percent} %.")
}

/// What is drawn of a window that holds more events than the page keeps.
#[must_use]
pub fn part(axis: Axis, from: f64, to: f64) -> String {
    format!(
        "Too many events for one drawing: only {} to {} is drawn. Zoom in to see the rest.",
        place(axis, from.max(0.0)),
        place(axis, to),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_is_one_sentence() {
        let mut sight = Sight {
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
        assert_eq!(summary(&sight), text);
        sight.thinned = true;
        assert!(summary(&sight).contains("zoom in"));
    }

    #[test]
    fn what_is_drawn_of_a_long_window_is_said() {
        let text = "Too many events for one drawing: only 1.000 s to 2.500 s is drawn. Zoom in to \
            see the rest.";
        assert_eq!(part(Axis::Time, 1e6, 2.5e6), text);
        let partly = cones((3, 2, 1), true).map(|(_, text)| text);
        assert_eq!(partly, ["past 3", "future 2+", "∥ concurrent 1+"]);
    }
}
