//! Words of faults and repairs: buttons, hints and answers. What a command did is told in
//! [`records::commands`](super::records::commands).

use faultline_sim::frame::{MessageFrame, OperationFrame};
use faultline_sim::history::End;
use faultline_sim::process::NodeId;
use faultline_sim::time::{Duration, Time};

use super::records::commands::{outcome_words, request_phrase};
use super::records::{Vocabulary, spelled};
use super::{capital, length, node, nodes, timer_words};

pub const ALREADY_APART: &str = "These nodes are already isolated.";
pub const NOBODY_LEFT: &str = "All nodes are ticked, so there is no node to isolate them from.";
pub const MUTE_SECOND: &str = "Now pick the node that should hear nothing. Esc cancels.";
pub const NO_SUCH_LINK: &str = "A link needs two different nodes.";
pub const NO_REQUESTS: &str = "No node of this scenario takes requests.";
pub const LATENCY_ABOUT: &str = "For all links, from the next message on. Latency is the average.";
pub const NOTHING_TICKED: &str = "Pick nodes on the stage.";

/// Which nodes are ticked: "Ticked: nodes 1 and 3".
#[must_use]
pub fn ticked(ids: &[NodeId]) -> String {
    if ids.is_empty() {
        NOTHING_TICKED.into()
    } else {
        format!("Ticked: {}", nodes(ids))
    }
}

/// Which message "Lose next message" lost.
#[must_use]
pub fn lost_this(message: &MessageFrame) -> String {
    let (from, to) = (message.address.from, message.address.to);
    format!(
        "Lost: {} from {} to {}.",
        message.kind,
        node(from),
        node(to)
    )
}

/// A button that cuts one direction: "3 hears nothing from 1".
#[must_use]
pub fn deaf_to(from: NodeId, to: NodeId) -> String {
    format!("{} hears nothing from {}", to.0, from.0)
}

pub const LATENCY: &str = "Latency";
pub const JITTER: &str = "Jitter ±";
pub const LOSS: &str = "Loss";
pub const DUPLICATION: &str = "Duplication";
/// Messages are short, so a kilobyte a second is a slow link already.
pub const BANDWIDTH: &str = "Bandwidth, 0: unlimited";

/// The reset button of a dial: "Latency: back to 500 ms".
#[must_use]
pub fn usual(label: &str, value: &str, unit: &str) -> String {
    let gap = if unit.is_empty() { "" } else { " " };
    format!("{label}: back to {value}{gap}{unit}")
}

/// The tooltip of "Align timers".
#[must_use]
pub fn align_tip(timer: &str) -> String {
    format!("Let all {} timers go off together", timer_words(timer))
}

/// The tooltip of "Spread timers".
#[must_use]
pub fn spread_tip(timer: &str) -> String {
    format!(
        "Let the {} timers go off one after another",
        timer_words(timer)
    )
}

/// A link while its ends are chosen: "Link 1 – 3".
#[must_use]
pub fn link_chosen(first: NodeId, second: Option<NodeId>) -> String {
    match second {
        Some(second) => format!("Link {} – {}", first.0, second.0),
        None => format!("Link {} – ?", first.0),
    }
}

// The palette: labels and short labels for narrow screens.
pub const CRASH_LEADER: (&str, &str) = ("Crash leader", "Crash");
pub const RESTART: &str = "Restart";
pub const SPLIT: (&str, &str) = ("Split", "Split");
pub const HEAL_SPLIT: (&str, &str) = ("Heal split", "Heal");
pub const SLOW_NETWORK: (&str, &str) = ("Slow network", "Slow");
pub const NORMAL_SPEED: (&str, &str) = ("Normal speed", "Normal");
pub const LOSE_NEXT_MESSAGE: (&str, &str) = ("Lose next message", "Lose");
pub const LOSE_NEXT: &str = "Lose next";
pub const ALIGN: (&str, &str) = ("Align timers", "Align");
pub const SPREAD: (&str, &str) = ("Spread timers", "Spread");
pub const DIALS: (&str, &str, &str) = ("Network dials", "Dials", "Dials");
pub const ASK: (&str, &str, &str) = ("Request", "Request", "Request");
pub const MORE: (&str, &str, &str) = ("More faults", "More", "More");
pub const HEAL_ALL: &str = "Heal all";
pub const HEAL_SHORT: &str = "Heal";
pub const UNDO: (&str, &str) = ("Undo", "Undo");
pub const REDO: (&str, &str) = ("Redo", "Redo");
pub const CLOSE: &str = "Close";
pub const CANCEL: &str = "Cancel";

// While the person ticks nodes or chooses a link.
pub const ISOLATE: (&str, &str) = ("Isolate", "Isolate");
pub const HEAR_NOTHING: (&str, &str) = ("They hear nothing", "Hear nothing");
pub const SAY_NOTHING: (&str, &str) = ("No one hears them", "No one hears");
pub const CUT_BOTH: &str = "Cut both ways";
pub const CUT_SHORT: &str = "Cut";
pub const JOIN_LINK: &str = "Join link";
pub const INSPECT_LINK: &str = "Inspect link";
pub const INSPECT: &str = "Inspect";

// The sheets.
pub const DIALS_TITLE: &str = "Network";
pub const ASK_TITLE: &str = "Send a request";
pub const ASK_NODE: &str = "to node";
pub const MORE_TITLE: &str = "More faults";
pub const ROW_SIDES: &str = "Partition";
pub const ROW_ONE_WAY: &str = "One way";
pub const ROW_NODES: &str = "Nodes";
pub const ROW_CLOCKS: &str = "Clocks";
pub const WHOSE_CLOCK: &str = "Whose clock";
pub const CLOCK_AHEAD: &str = "100 ms ahead";
pub const CLOCK_BEHIND: &str = "100 ms behind";
pub const CLOCK_FAST: &str = "2 % too fast";
pub const CLOCK_RIGHT: &str = "Set right";
pub const ROW_MANY: &str = "Many nodes";
pub const CRASH_SHARE: &str = "Crash 30 %";
pub const RESTART_ALL: &str = "Restart all";
pub const ROW_TIMERS: &str = "Timers";
pub const ROW_MONKEY: &str = "At random";
pub const MONKEY_ON: &str = "Let a monkey crash nodes";
pub const MONKEY_OFF: &str = "Call the monkey back";
pub const ROW_ORDER: &str = "Order of events";
pub const ROW_SEARCH: &str = "Search";
pub const PLAY_BY_HAND: &str = "Play by hand";
pub const TICK_NODES: &str = "Tick nodes";
pub const ADD_NODE: &str = "Add node";
pub const SENDER: &str = "Sender";
pub const RECEIVER: &str = "Receiver";
pub const WHICH_NODE: &str = "Node to remove";
pub const ANY_FAULT: &str = "Fault";
pub const DO_IT: &str = "Apply";

/// "Restart node 3".
#[must_use]
pub fn restart(id: NodeId) -> String {
    format!("Restart {}", node(id))
}

/// "Remove node 3".
#[must_use]
pub fn remove(id: NodeId) -> String {
    format!("Remove {}", node(id))
}

/// How to type a command.
#[must_use]
pub fn syntax(form: &str) -> String {
    format!("Syntax: {form}")
}

// A run by hand.
pub const BY_HAND: &str = "By hand";
pub const BY_HAND_ABOUT: &str = "Messages wait until you release them, timers until you fire them.";
pub const LET_IT_RUN: &str = "Let it run";
pub const FIRE: &str = "Fire";
/// A timer that a person has to fire.
pub const TIMER_WAITS: &str = "waits";

/// The button beside a timer: "Fire the election timer of node 3". `number`: among its timers of that
/// name.
#[must_use]
pub fn fire_timer(name: &str, number: usize, id: NodeId) -> String {
    let number = match number {
        1 => String::new(),
        number => format!(" {number}"),
    };
    format!(
        "Fire the {} timer{number} of {}",
        timer_words(name),
        node(id)
    )
}

// A node in the inspector.
pub const CRASH: &str = "Crash";
pub const PAUSE: &str = "Pause";
pub const RESUME: &str = "Resume";
pub const REMOVE_FOR_GOOD: &str = "Remove";
pub const REQUESTS: &str = "Requests";
pub const RARER: &str = "Other faults";
pub const SKEW: &str = "Clock skew";
pub const DRIFT: &str = "Clock drift";
pub const DISK: &str = "Disk write";
pub const MAKE_FLAKY: &str = "Make flaky (1 s down, 3 s up)";
pub const END_FLAKY: &str = "Stop being flaky";
pub const DOWN_FOR: &str = "Flaky, down";
pub const UP_FOR: &str = "Flaky, up";
pub const HONESTY: &str = "Honesty";
pub const HONEST: &str = "honest";

#[must_use]
pub fn faults_of(id: NodeId) -> String {
    format!("Faults of {}", node(id))
}

// A link in the inspector.
pub const BREAK_LINK: &str = "Faults of this link";
pub const JOIN: &str = "Join";
pub const OPEN: &str = "open";
pub const SLOWER: &str = "Extra delay";

/// "1 → 2".
#[must_use]
pub fn arrow(from: NodeId, to: NodeId) -> String {
    format!("{} → {}", from.0, to.0)
}

/// A dial of one direction, for a screen reader: "Loss from 1 to 2".
#[must_use]
pub fn of_direction(what: &str, from: NodeId, to: NodeId) -> String {
    format!("{what} from {} to {}", from.0, to.0)
}

#[must_use]
pub fn open_but_slower(by: &str) -> String {
    format!("open, {by} slower")
}

// A message's menu.
pub const DROP: &str = "Drop";
pub const DUPLICATE: &str = "Duplicate";
pub const HOLD: &str = "Hold";
pub const RELEASE: &str = "Release";
pub const DELAY: &str = "Delay";
pub const DELAY_BY: &str = "Delay by";
pub const SWAP_WITH: &str = "Swap with";
pub const CHOOSE_MESSAGE: &str = "choose a message";
pub const GO_BACK: &str = "Go back to this message";
pub const NO_LONGER_IN_FLIGHT: &str = "This message is no longer in flight.";

/// "Delay 450 ms".
#[must_use]
pub fn delay(by: Duration) -> String {
    format!("{DELAY} {}", length(by))
}

// Requests.
pub const OK: &str = "ok";
pub const FAILED: &str = "failed";
pub const UNKNOWN: &str = "unknown";
pub const WAITING: &str = "waiting";
/// An answer that breaks a law, however well the request ended.
pub const WRONG: &str = "wrong";

/// How long a request took, or has been waiting.
#[must_use]
pub fn duration(operation: &OperationFrame, now: Time) -> String {
    let until = operation.completed.unwrap_or(now);
    match until.since(operation.invoked).0 {
        us if us < 1_000_000 => format!("{} ms", us / 1_000),
        us => format!("{:.2} s", us as f64 / 1e6),
    }
}

/// A request in a sentence: "Request 3 to node 1, write x = 1, ok after 0.92 s".
#[must_use]
pub fn operation(operation: &OperationFrame, now: Time, vocabulary: &Vocabulary) -> String {
    let time = duration(operation, now);
    let fate = match operation.end {
        _ if operation.wrong.is_some() => format!("{WRONG} after {time}"),
        Some(End::Ok) => format!("ok after {time}"),
        Some(End::Failed) => format!("failed after {time}"),
        Some(End::Unknown) => format!("effect unknown after {time}"),
        None => format!("waiting for {time}"),
    };
    let outcome = match &operation.reply {
        Some(reply) => outcome_words(reply),
        None => operation.outcome.clone().unwrap_or_default(),
    };
    let colon = if outcome.is_empty() { "" } else { ": " };
    let (id, to) = (operation.id, node(operation.node));
    let request = request_phrase(&operation.asked.0.json(), vocabulary);
    let why = wrong(operation).map_or(String::new(), |why| format!(". {}", capital(&why)));
    format!("Request {id} to {to}, {request}, {fate}{colon}{outcome}{why}")
}

/// The law that an answer broke: "stale: read x = 1, should be x = 2".
#[must_use]
pub fn wrong(operation: &OperationFrame) -> Option<String> {
    let why = spelled(operation.wrong.as_deref()?);
    Some(why.trim_end_matches('.').to_owned())
}
