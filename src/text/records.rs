//! The event log's sentences: one record, one sentence in plain words.

use faultline_sim::command::Command;
use faultline_sim::event::{Event, Loss, Outcome, Record};
use faultline_sim::frame::Kind;
use faultline_sim::network::Address;
use faultline_sim::process::{Belief, NodeId, Opinion, Payload};
use faultline_sim::time::Time;

pub mod commands;

/// What a row of the event log is about: its mark, its colour and the filter that picks it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowTone {
    Message,
    Loss,
    Timer,
    /// A node came, went, stopped or went on.
    Node,
    /// Somebody at the controls did something.
    Fault,
    Belief,
    /// A user's request or its answer.
    Client,
    /// What a node remarks or hands out.
    Note,
    /// A law was broken.
    Broken,
}

impl RowTone {
    /// Every tone with the word of its filter and the letter of its mark.
    pub const ALL: [(RowTone, &'static str, &'static str); 9] = [
        (RowTone::Message, "Messages", "M"),
        (RowTone::Loss, "Lost messages", "L"),
        (RowTone::Timer, "Timers", "T"),
        (RowTone::Node, "Nodes up and down", "N"),
        (RowTone::Fault, "What you did", "!"),
        (RowTone::Belief, "Beliefs", "B"),
        (RowTone::Client, "Requests", "R"),
        (RowTone::Note, "Remarks", "#"),
        (RowTone::Broken, "Broken rules", "X"),
    ];

    /// The filter's word.
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|row| row.0 == self)
            .map_or("", |row| row.1)
    }

    /// The letter of the row's mark, so that colour is never alone.
    #[must_use]
    pub fn letter(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|row| row.0 == self)
            .map_or("", |row| row.2)
    }
}

/// One row of the event log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogRow {
    pub seq: u64,
    pub time: Time,
    pub node: Option<NodeId>,
    pub sentence: String,
    pub tone: RowTone,
}

/// The row of a record; none for records that nobody needs to read.
#[must_use]
pub fn sentence(record: &Record, kinds: &[Kind]) -> Option<LogRow> {
    let (tone, sentence) = words(record, kinds)?;
    Some(LogRow {
        seq: record.seq,
        time: record.time,
        node: record.node,
        sentence,
        tone,
    })
}

fn words(record: &Record, kinds: &[Kind]) -> Option<(RowTone, String)> {
    let who = record
        .node
        .map_or_else(|| "The network".to_owned(), |id| format!("Node {}", id.0));
    Some(match &record.event {
        Event::TimerSet { .. } => return None,
        Event::Sent { address, kind, .. } => (RowTone::Message, sent(*address, kind, kinds)),
        Event::Delivered { address, kind, .. } => (
            RowTone::Message,
            format!(
                "{} gets {kind} from {}.",
                start(address.to),
                node(address.from)
            ),
        ),
        Event::Lost { address, kind, by } => (RowTone::Loss, lost(*address, kind, by)),
        Event::Duplicated { address, kind } => {
            let (from, to) = (node(address.from), node(address.to));
            (
                RowTone::Message,
                format!("A copy of {kind} from {from} to {to} is on its way, too."),
            )
        }
        Event::TimerFired { timer, .. } => {
            (RowTone::Timer, format!("{who}'s timer rings ({timer})."))
        }
        Event::Started => (RowTone::Node, format!("{who} starts.")),
        Event::Crashed => (RowTone::Node, format!("{who} crashes.")),
        Event::Recovered => (RowTone::Node, format!("{who} comes back (recovers).")),
        Event::Paused => (RowTone::Node, format!("{who} stands still (paused).")),
        Event::Resumed => (RowTone::Node, format!("{who} goes on (resumed).")),
        Event::Removed => (RowTone::Node, format!("{who} leaves for good (removed).")),
        Event::Partitioned { sides } => (
            RowTone::Fault,
            format!("The network is split: {} (partition).", side_words(sides)),
        ),
        Event::Healed => (
            RowTone::Fault,
            "All walls are gone: every node hears every other (healed).".into(),
        ),
        Event::Believed(belief) => (RowTone::Belief, believed(&who, record.node, belief)),
        Event::Invoked { operation, request } => (
            RowTone::Client,
            format!(
                "{who} is asked: {} (request {}).",
                said(&*request.0),
                operation.0
            ),
        ),
        Event::Completed {
            operation,
            outcome: Outcome::Replied(reply),
        } => (
            RowTone::Client,
            format!("Request {} is answered: {}.", operation.0, said(&*reply.0)),
        ),
        Event::Completed {
            operation,
            outcome: Outcome::Refused(why),
        } => (
            RowTone::Client,
            format!(
                "Request {} is refused: {}.",
                operation.0,
                ended(&spelled(why))
            ),
        ),
        Event::Marked(marked) => {
            let text = marked.text(&node);
            (RowTone::Note, format!("{who} {}.", ended(&text)))
        }
        Event::Violated { invariant, reason } => (
            RowTone::Broken,
            format!(
                "The rule \"{invariant}\" is broken: {}.",
                ended(&spelled(reason))
            ),
        ),
        Event::Faulted { command, missed } => (RowTone::Fault, faulted(command, missed.as_deref())),
    })
}

/// `node 3`, inside a sentence.
fn node(id: NodeId) -> String {
    format!("node {}", id.0)
}

/// `Node 3`, at its beginning.
fn start(id: NodeId) -> String {
    format!("Node {}", id.0)
}

/// The kernel's short names in full: `n1 knows no leader` becomes "node 1 knows no leader". What
/// stands in brackets or belongs to a command stays as one types it.
#[must_use]
pub fn spelled(text: &str) -> String {
    let word = |word: &str| {
        let digits = word.strip_prefix('n').unwrap_or_default();
        let number = digits.trim_end_matches([',', '.', ';', ':']);
        let is_node = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
        if is_node {
            format!("node {digits}")
        } else {
            word.to_owned()
        }
    };
    text.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// A text without the full stop that the sentence adds.
fn ended(text: &str) -> &str {
    text.trim_end().trim_end_matches('.')
}

fn said(payload: &dyn Payload) -> String {
    payload.text()
}

/// Verbs that take the person spoken to right behind them.
const TO_SOMEBODY: [&str; 14] = [
    "asks", "tells", "sends", "gives", "answers", "reminds", "warns", "shows", "promises",
    "offers", "grants", "refuses", "orders", "informs",
];

fn sent(address: Address, kind: &str, kinds: &[Kind]) -> String {
    let (from, to) = (start(address.from), node(address.to));
    let says = kinds
        .iter()
        .find(|k| k.name == kind)
        .map_or("", |k| k.says.trim());
    match says.split_once(' ') {
        Some((verb, rest)) if TO_SOMEBODY.contains(&verb) => {
            format!("{from} {verb} {to} {rest} ({kind}).")
        }
        _ if says.is_empty() => format!("{from} sends {kind} to {to}."),
        _ => format!("{from} to {to}: {says} ({kind})."),
    }
}

fn lost(address: Address, kind: &str, by: &Loss) -> String {
    let (from, to) = (address.from.0, address.to.0);
    let why = match by {
        Loss::Down => format!("node {to} is down"),
        Loss::Removed => format!("node {to} is not there any more"),
        Loss::Chance => "the link lost it by chance (loss)".into(),
        Loss::Dropped => "it was dropped by hand".into(),
        Loss::Wall(rule) => format!("a wall stands in the way ({rule})"),
        Loss::Unwritten => {
            format!("node {from} crashed before its disk write was done, so it never left")
        }
        Loss::Full => format!("node {to} is paused and its queue is full"),
        Loss::Lie(style) => format!("node {from} lies and keeps it back ({})", style.word()),
    };
    format!("{kind} from node {from} to node {to} was lost: {why}.")
}

fn believed(who: &str, me: Option<NodeId>, belief: &Belief) -> String {
    match belief {
        Belief::Leader(Some(leader)) if Some(*leader) == me => {
            format!("{who} believes that it leads.")
        }
        Belief::Leader(Some(leader)) => format!("{who} believes that {} leads.", node(*leader)),
        Belief::Leader(None) => format!("{who} knows no leader."),
        Belief::Peer {
            node: peer,
            opinion,
        } => match opinion {
            Opinion::Alive => format!("{who} believes that {} is alive.", node(*peer)),
            Opinion::Suspected => format!("{who} suspects {} (it may have failed).", node(*peer)),
            Opinion::Failed => format!("{who} believes that {} has failed.", node(*peer)),
        },
    }
}

/// `1 and 2 | 3` of `n1,n2|n3`.
fn side_words(sides: &str) -> String {
    let side = |side: &str| side.replace('n', "").replace(',', ", ");
    let sides: Vec<String> = sides.split('|').map(side).collect();
    format!("{} cannot hear each other", sides.join(" and "))
}

fn faulted(command: &Command, missed: Option<&str>) -> String {
    let done = format!("{} ({command})", commands::done(command));
    match missed {
        Some(why) => format!("{done}: without effect, {}.", ended(&spelled(why))),
        None => format!("{done}."),
    }
}

#[cfg(test)]
mod tests;
