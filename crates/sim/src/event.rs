//! What happened: [`Event`]s, the [`Record`]s that place them in time and cause, and the [`Trace`].

mod trace;

use std::fmt;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

use serde::Serialize;

use crate::command::Command;
use crate::fault::Lie;
use crate::mark::{Mark, Marked};
use crate::network::{Address, sides_text};
use crate::process::{Belief, NodeId, Operation, Opinion, Shared};
use crate::time::Time;

pub(crate) use trace::SEGMENT;
pub use trace::Trace;

/// Why a message did not arrive.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Loss {
    /// The receiver was down.
    Down,
    /// The receiver had been removed.
    Removed,
    /// The link's loss probability.
    Chance,
    /// A person dropped it.
    Dropped,
    /// A wall; the text is the rule in words.
    Blocked(Rc<str>),
    /// The sender lied by not sending it.
    Lie(Lie),
    /// The sender crashed before the disk write that the message rests on was done: it never left.
    Unwritten,
    /// Too many messages wait at the receiver, which is paused.
    Full,
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Loss::Down => f.write_str("down"),
            Loss::Removed => f.write_str("removed"),
            Loss::Chance => f.write_str("loss"),
            Loss::Dropped => f.write_str("drop"),
            Loss::Blocked(rule) => f.write_str(rule),
            Loss::Lie(style) => write!(f, "lie {}", style.word()),
            Loss::Unwritten => f.write_str("unwritten"),
            Loss::Full => f.write_str("full"),
        }
    }
}

impl Serialize for Loss {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// How a client operation ended.
#[derive(Clone, Debug, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The node's answer; whether it counts as success is the protocol's to say.
    Replied(Shared),
    /// It could not even be asked; the text says why.
    Refused(String),
}

/// What happened. The list is closed: drawing, sentences and exports cover all of it.
#[derive(Clone, Debug, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// The node came up for the first time.
    Started,
    /// A handler asked for a message to be sent. Recorded also where the sender's disk still
    /// writes, or where the message is lost at once.
    Sent {
        /// Its number on its link is given here.
        address: Address,
        /// Name of the variant, as for all messages.
        kind: &'static str,
        /// What leaves: under `lie forge` and `lie replay` not what the process said.
        message: Shared,
    },
    /// A message is handed to its receiver, whose handler runs next. Caused by the sending.
    Delivered {
        /// The one it was sent, or copied, under.
        address: Address,
        /// Name of the variant.
        kind: &'static str,
        /// What the receiver is told.
        message: Shared,
    },
    /// A message will not arrive. Belongs to no node; caused by the sending.
    Lost {
        /// Which message or copy.
        address: Address,
        /// Name of the variant.
        kind: &'static str,
        /// The reason.
        by: Loss,
    },
    /// A copy was made: its address.
    Duplicated {
        /// The copy's own: `copy` is 1 or more.
        address: Address,
        /// Name of the variant.
        kind: &'static str,
    },
    /// A timer was set. An equal one that it replaces goes without a record.
    TimerSet {
        /// Name of the variant.
        timer: &'static str,
        /// Its number at this node, from 1 and never used again.
        id: u32,
        /// When it runs out in simulator time: the node's drift is reckoned in. Faults may move it.
        due: Time,
    },
    /// A timer ran out, and its handler runs next. Caused by the setting.
    TimerFired {
        /// Name of the variant.
        timer: &'static str,
        /// The number it was set under.
        id: u32,
    },
    /// The node stopped, or began its life down. Its timers are gone; what waited there is lost.
    Crashed,
    /// The node came back with what survived. It starts again without another `Started`.
    Recovered,
    /// The node stands still from here on.
    Paused,
    /// The node goes on: what has waited is handled at this instant, in order of arrival.
    Resumed,
    /// All nodes ever removed stay removed.
    Removed,
    /// A partition stands, in place of any before it. Cuts and one-way walls are not told so.
    Partitioned {
        /// As in the command: `n1,n2|n3`.
        sides: String,
    },
    /// All walls are gone, if there were any.
    Healed,
    /// A node changed its mind. Told again, an old belief makes no record.
    Believed(Belief),
    /// A client operation begins: asked for from outside, even of a node that is down, or begun by
    /// the node itself.
    Invoked {
        /// Its number.
        operation: Operation,
        /// What is asked for.
        request: Shared,
    },
    /// A client operation ended. Only its first end counts.
    Completed {
        /// Which one.
        operation: Operation,
        /// How it ended.
        outcome: Outcome,
    },
    /// The node says something about itself, or the kernel about it.
    Marked(Marked),
    /// An `Always` law broke; caused by the record that broke it. Once for each law of a run.
    Violated {
        /// The law's name.
        invariant: &'static str,
        /// The sentence that says how.
        reason: String,
    },
    /// A command was applied; `missed` says why it found nothing to act on.
    Faulted {
        /// What was asked for; written in words that [`Command::parse`] reads.
        command: Rc<Command>,
        /// None: it was performed.
        missed: Option<String>,
    },
}

/// One line of the trace.
#[derive(Clone, Debug, Serialize)]
pub struct Record {
    /// Its number, from 1.
    pub seq: u64,
    /// Simulator time in microseconds.
    pub time: Time,
    /// Where it happened; none for the network and the person at the controls.
    pub node: Option<NodeId>,
    /// What happened.
    pub event: Event,
    /// The record that caused this one, if any (0: none).
    pub caused_by: u64,
    /// Lamport's clock at this record.
    pub lamport: u64,
    /// Whether the handler that it began has written to its node's disk. It follows from the rest of the
    /// run, so it is no part of the trace: neither of its hash nor of its text.
    #[serde(skip)]
    pub wrote: bool,
}

impl Hash for Record {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.seq, self.time, self.node, &self.event).hash(state);
        (self.caused_by, self.lamport).hash(state);
    }
}

impl Record {
    /// About how many bytes it keeps in memory.
    #[must_use]
    pub fn weight(&self) -> usize {
        let own = match &self.event {
            // Its delivery shares what was sent.
            Event::Sent { message, .. } => message.0.weight(),
            Event::Invoked { request, .. } => request.0.weight(),
            Event::Completed {
                outcome: Outcome::Replied(reply),
                ..
            } => reply.0.weight(),
            Event::Marked(marked) => size_of_val(&*marked.values),
            Event::Violated { reason, .. } => reason.len(),
            Event::Faulted { .. } => size_of::<Command>(),
            _ => 0,
        };
        size_of::<Self>() + own
    }

    /// The mark that this record is, if it is one of this kind.
    #[must_use]
    pub fn marked(&self, mark: &Mark) -> Option<&Marked> {
        match &self.event {
            Event::Marked(marked) if marked.is(mark) => Some(marked),
            _ => None,
        }
    }

    /// Whether it is a mark of this kind.
    #[must_use]
    pub fn is(&self, mark: &Mark) -> bool {
        self.marked(mark).is_some()
    }

    /// The line of a golden trace, without its number.
    #[must_use]
    pub fn line(&self) -> String {
        let time = format!("{:>10}", self.time.0);
        let place = self.node.map_or_else(String::new, |node| node.to_string());
        match &self.event {
            Event::Faulted {
                command,
                missed: None,
            } => format!("! {command}"),
            Event::Faulted {
                command,
                missed: Some(why),
            } => format!("! {command} (missed: {why})"),
            Event::Sent {
                address, message, ..
            } => {
                format!(
                    "{time}  {} -> {}  {}",
                    address.from,
                    address.to,
                    message.0.text()
                )
            }
            Event::Delivered {
                address, message, ..
            } => {
                format!(
                    "{time}  {} <- {}  {}",
                    address.to,
                    address.from,
                    message.0.text()
                )
            }
            Event::Lost { address, kind, by } => {
                format!(
                    "{time}  {} -x {}  {kind} lost: {by}",
                    address.from, address.to
                )
            }
            Event::Marked(marked) => format!("{time}  {place}  # {marked}"),
            event => format!("{time}  {place}  {event}"),
        }
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Event::Started => f.write_str("started"),
            Event::Sent {
                address, message, ..
            } => {
                write!(f, "sent {address} {}", message.0.text())
            }
            Event::Delivered {
                address, message, ..
            } => {
                write!(f, "delivered {address} {}", message.0.text())
            }
            Event::Lost { address, kind, by } => write!(f, "lost {address} {kind}: {by}"),
            Event::Duplicated { address, kind } => write!(f, "duplicated {address} {kind}"),
            Event::TimerSet { timer, due, .. } => write!(f, "set {timer} for {}", due.0),
            Event::TimerFired { timer, .. } => write!(f, "timer {timer}"),
            Event::Crashed => f.write_str("crashed"),
            Event::Recovered => f.write_str("recovered"),
            Event::Paused => f.write_str("paused"),
            Event::Resumed => f.write_str("resumed"),
            Event::Removed => f.write_str("removed"),
            Event::Partitioned { sides } => write!(f, "partitioned {sides}"),
            Event::Healed => f.write_str("healed"),
            Event::Believed(Belief::Leader(Some(leader))) => write!(f, "believes leader {leader}"),
            Event::Believed(Belief::Leader(None)) => f.write_str("believes there is no leader"),
            Event::Believed(Belief::Peer { node, opinion }) => {
                let word = match opinion {
                    Opinion::Alive => "alive",
                    Opinion::Suspected => "suspected",
                    Opinion::Failed => "failed",
                };
                write!(f, "believes {node} {word}")
            }
            Event::Invoked { operation, request } => {
                write!(f, "invoked {}: {}", operation.0, request.0.text())
            }
            Event::Completed {
                operation,
                outcome: Outcome::Replied(reply),
            } => {
                write!(f, "completed {}: {}", operation.0, reply.0.text())
            }
            Event::Completed {
                operation,
                outcome: Outcome::Refused(why),
            } => {
                write!(f, "refused {}: {why}", operation.0)
            }
            Event::Marked(marked) => write!(f, "# {marked}"),
            Event::Violated { invariant, reason } => write!(f, "VIOLATED {invariant}: {reason}"),
            Event::Faulted { command, .. } => write!(f, "! {command}"),
        }
    }
}

/// The sides of a partition as a record tells them.
#[must_use]
pub fn partitioned(sides: &[Vec<NodeId>]) -> Event {
    Event::Partitioned {
        sides: sides_text(sides),
    }
}

/// A record for tests, which differs from the others by its number.
#[cfg(test)]
pub(crate) fn noted(seq: u64) -> Record {
    Record {
        seq,
        time: Time(seq),
        node: Some(NodeId(1)),
        event: crate::testing::remark(&format!("{seq}")),
        caused_by: 0,
        lamport: seq,
        wrote: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dropping_old_segments_does_not_change_the_hash() {
        let mut whole = Trace::with_budget(usize::MAX);
        let mut lean = Trace::with_budget(0);
        for seq in 1..=10_000 {
            whole.push(noted(seq));
            lean.push(noted(seq));
        }
        assert_eq!(whole.hash(), lean.hash());
        assert_eq!(lean.len(), 10_000);
        assert!(lean.get(1).is_none());
        assert!(lean.first_kept() > 7_000);
        assert_eq!(lean.get(9_999).unwrap().seq, 9_999);
        assert_eq!(whole.from(9_998).count(), 3);
    }

    #[test]
    fn cutting_the_end_off_equals_never_having_had_it() {
        let mut long = Trace::default();
        (1..=5_000).for_each(|seq| long.push(noted(seq)));
        for keep in [4_999, 4_096, 3_000, 1_024, 7, 0] {
            assert!(long.truncate(keep));
            let mut short = Trace::default();
            (1..=keep).for_each(|seq| short.push(noted(seq)));
            assert_eq!((long.len(), long.hash()), (keep, short.hash()));
        }
    }
}
