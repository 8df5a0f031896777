//! The event log's sentences: one record, one sentence in plain words.

use faultline_sim::command::Command;
use faultline_sim::descriptor::{Protocol, RequestForm};
use faultline_sim::event::{Event, Loss, Outcome, Record};
use faultline_sim::frame::Kind;
use faultline_sim::history::End;
use faultline_sim::invariant::InvariantSpec;
use faultline_sim::network::Address;
use faultline_sim::process::{Belief, NodeId, Opinion, Payload, Shared};
use faultline_sim::settings::{Param, Switch};
use faultline_sim::time::Time;

use super::{capital, node, timer_words};
use commands::{outcome_words, request_phrase};

pub mod commands;

/// The words that a protocol brings along for its messages, settings and requests.
#[derive(Clone, Copy, Default)]
pub struct Vocabulary {
    pub kinds: &'static [Kind],
    pub params: &'static [Param],
    pub switches: &'static [Switch],
    pub requests: &'static [RequestForm],
    pub invariants: &'static [InvariantSpec],
    /// How an operation ended that got this reply.
    pub end: Option<fn(&Shared) -> End>,
}

impl Vocabulary {
    #[must_use]
    pub fn of(protocol: &Protocol) -> Self {
        Self {
            kinds: protocol.kinds,
            params: protocol.params,
            switches: protocol.switches,
            requests: protocol.requests,
            invariants: protocol.invariants,
            end: Some(protocol.end),
        }
    }
}

/// What a row of the event log is about: its mark, its colour and the filter that picks it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowTone {
    Message,
    Loss,
    Timer,
    /// A node started, crashed, restarted, paused, resumed or left.
    Node,
    /// A command of the person or of the scenario.
    Fault,
    Belief,
    /// A user's request or its answer.
    Client,
    /// A node's own remark.
    Note,
    /// A broken rule.
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
    /// The request that it answers.
    pub answers: Option<u64>,
}

/// The row of a record; none for records that no one needs to read.
#[must_use]
pub fn row(record: &Record, vocabulary: &Vocabulary) -> Option<LogRow> {
    let (tone, sentence) = words(record, vocabulary)?;
    Some(LogRow {
        seq: record.seq,
        time: record.time,
        node: record.node,
        sentence,
        tone,
        answers: match &record.event {
            Event::Completed { operation, .. } => Some(operation.0),
            _ => None,
        },
    })
}

fn words(record: &Record, vocabulary: &Vocabulary) -> Option<(RowTone, String)> {
    let who = record
        .node
        .map_or_else(|| "The network".to_owned(), |id| capital(&node(id)));
    Some(match &record.event {
        Event::TimerSet { .. } => return None,
        Event::Sent { address, kind, .. } => {
            (RowTone::Message, sent(*address, kind, vocabulary.kinds))
        }
        Event::Delivered { address, kind, .. } => {
            let (from, to) = (node(address.from), capital(&node(address.to)));
            (
                RowTone::Message,
                format!("{to} receives {kind} from {from}."),
            )
        }
        Event::Lost { address, kind, by } => (RowTone::Loss, lost(*address, kind, by)),
        Event::Duplicated { address, kind } => {
            let (from, to) = (node(address.from), node(address.to));
            (
                RowTone::Message,
                format!("A copy of {kind} is also on its way from {from} to {to}."),
            )
        }
        Event::TimerFired { timer, .. } => (
            RowTone::Timer,
            format!("{who}'s {} timer goes off.", timer_words(timer)),
        ),
        Event::Started => (RowTone::Node, format!("{who} starts.")),
        Event::Crashed => (RowTone::Node, format!("{who} crashes.")),
        Event::Recovered => (RowTone::Node, format!("{who} restarts.")),
        Event::Paused => (RowTone::Node, format!("{who} pauses.")),
        Event::Resumed => (RowTone::Node, format!("{who} resumes.")),
        Event::Removed => (RowTone::Node, format!("{who} leaves the cluster.")),
        Event::Partitioned { sides } => (
            RowTone::Fault,
            format!("The network is partitioned: {}.", side_words(sides)),
        ),
        Event::Healed => (
            RowTone::Fault,
            "The network is healed: all nodes can reach each other.".into(),
        ),
        Event::Believed(belief) => (RowTone::Belief, believed(&who, record.node, belief)),
        Event::Invoked { operation, request } => (
            RowTone::Client,
            format!(
                "{who} receives request {}: {}.",
                operation.0,
                request_phrase(&request.json(), vocabulary)
            ),
        ),
        Event::Completed {
            operation,
            outcome: Outcome::Replied(reply),
        } => {
            let end = vocabulary.end.map_or(End::Ok, |end| end(reply));
            let (number, came) = (operation.0, outcome_words(reply));
            let sentence = match end {
                End::Ok => format!("Request {number} is answered: {came}."),
                End::Failed => format!("Request {number} fails: {came}."),
                End::Unknown => {
                    format!("Request {number} may have had an effect: {came}.")
                }
            };
            (RowTone::Client, sentence)
        }
        Event::Completed {
            operation,
            outcome: Outcome::Refused(why),
        } => (
            RowTone::Client,
            format!(
                "Request {} is refused: {}.",
                operation.0,
                without_stop(&spelled(why))
            ),
        ),
        Event::Marked(marked) => {
            let text = marked.text(&node);
            (RowTone::Note, format!("{who} {}.", without_stop(&text)))
        }
        Event::Violated { invariant, reason } => {
            let mut laws = vocabulary.invariants.iter();
            let law = laws.find(|law| law.name == *invariant);
            let title = law.map_or(&**invariant, |law| law.title);
            let reason = spelled(reason);
            (
                RowTone::Broken,
                format!("The rule “{title}” is broken: {}.", without_stop(&reason)),
            )
        }
        Event::Faulted { command, missed } => (
            RowTone::Fault,
            faulted(command, missed.as_deref(), vocabulary),
        ),
    })
}

/// The kernel's short names in full: `n1 knows no leader` becomes "node 1 knows no leader". Text in
/// brackets and commands stay as they are typed.
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
fn without_stop(text: &str) -> &str {
    text.trim_end().trim_end_matches('.')
}

/// Verbs whose object is the receiver: "asks node 3 for a vote".
const TRANSITIVE: [&str; 15] = [
    "acknowledges",
    "asks",
    "tells",
    "sends",
    "gives",
    "answers",
    "reminds",
    "warns",
    "shows",
    "promises",
    "offers",
    "grants",
    "refuses",
    "orders",
    "informs",
];

fn sent(address: Address, kind: &str, kinds: &[Kind]) -> String {
    let (from, to) = (capital(&node(address.from)), node(address.to));
    let says = kinds
        .iter()
        .find(|k| k.name == kind)
        .map_or("", |k| k.says.trim());
    let (verb, rest) = says.split_once(' ').unwrap_or((says, ""));
    if says.is_empty() {
        format!("{from} sends {kind} to {to}.")
    } else if let Some(words) = says.strip_prefix("says") {
        format!("{from} says to {to}{words} ({kind}).")
    } else if !TRANSITIVE.contains(&verb) {
        format!("{from} to {to}: {says} ({kind}).")
    } else if rest.is_empty() {
        format!("{from} {verb} {to} ({kind}).")
    } else {
        format!("{from} {verb} {to} {rest} ({kind}).")
    }
}

fn lost(address: Address, kind: &str, by: &Loss) -> String {
    let (from, to) = (address.from.0, address.to.0);
    let why = match by {
        Loss::Down => format!("node {to} is down"),
        Loss::Removed => format!("node {to} has left the cluster"),
        Loss::Chance => "the link lost it at random".into(),
        Loss::Dropped => "it was dropped by hand".into(),
        Loss::Blocked(rule) => blocked_by(rule).into(),
        Loss::Unwritten => {
            format!("node {from} crashed before its disk write was finished, so it was never sent")
        }
        Loss::Full => format!("node {to} is paused and its queue is full"),
        Loss::Lie(style) => format!("node {from} lies and did not send it ({})", style.word()),
    };
    format!("{kind} from node {from} to node {to} was lost: {why}.")
}

/// What blocks a message, in words: the text of the rule itself is a command.
#[must_use]
pub fn blocked_by(rule: &str) -> &'static str {
    match rule.split(' ').next() {
        Some("partition") => "blocked by a partition",
        Some("oneway") => "blocked by a one-way cut",
        _ => "blocked by a cut",
    }
}

fn believed(who: &str, me: Option<NodeId>, belief: &Belief) -> String {
    match belief {
        Belief::Leader(Some(leader)) if Some(*leader) == me => {
            format!("{who} thinks it is the leader.")
        }
        Belief::Leader(Some(leader)) => {
            format!("{who} thinks that {} is the leader.", node(*leader))
        }
        Belief::Leader(None) => format!("{who} knows no leader."),
        Belief::Peer {
            node: peer,
            opinion,
        } => match opinion {
            Opinion::Alive => format!("{who} thinks that {} is alive.", node(*peer)),
            Opinion::Suspected => format!("{who} suspects that {} has failed.", node(*peer)),
            Opinion::Failed => format!("{who} thinks that {} has failed.", node(*peer)),
        },
    }
}

/// `1, 2 | 3` of `n1,n2|n3`.
fn side_words(sides: &str) -> String {
    let side = |side: &str| side.replace('n', "").replace(',', ", ");
    let sides: Vec<String> = sides.split('|').map(side).collect();
    sides.join(" | ")
}

fn faulted(command: &Command, missed: Option<&str>, vocabulary: &Vocabulary) -> String {
    let done = commands::done(command, vocabulary);
    match missed {
        Some(why) => format!("{done}, without effect: {}.", without_stop(&spelled(why))),
        None => format!("{done}."),
    }
}

#[cfg(test)]
mod tests;
