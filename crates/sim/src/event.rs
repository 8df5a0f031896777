//! What happened: [`Event`]s, the [`Record`]s that place them in time and cause, and the [`Trace`].

use std::collections::VecDeque;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

use serde::Serialize;

use crate::command::Command;
use crate::fault::Lie;
use crate::hash::StableHasher;
use crate::mark::{Mark, Marked};
use crate::network::{Address, sides_text};
use crate::process::{Belief, NodeId, Operation, Opinion, Shared};
use crate::time::Time;

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
    Wall(Rc<str>),
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
            Loss::Wall(rule) => f.write_str(rule),
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
#[derive(Clone, Debug, Hash, Serialize)]
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

/// How many records lie in one segment of a trace.
pub(crate) const SEGMENT: usize = 1024;

#[derive(Clone, Debug)]
struct Segment {
    /// Hash of all records before this segment.
    hash_before: u64,
    /// What the records weigh.
    bytes: usize,
    /// Empty when dropped to keep memory flat.
    records: Rc<Vec<Record>>,
}

/// The record of a run. Old segments are dropped beyond a budget; the timeline makes them again by
/// replay when somebody looks. The hash always covers all records.
#[derive(Clone, Debug)]
pub struct Trace {
    sealed: VecDeque<Segment>,
    open: Vec<Record>,
    open_hash_before: u64,
    /// Has seen the open records: hashing each as it comes is cheaper than all at once later.
    hasher: StableHasher,
    /// So many segments have been dropped, always the oldest.
    dropped: usize,
    /// What the sealed segments weigh that are kept.
    bytes: usize,
    /// Memory budget in bytes.
    budget: usize,
}

impl Default for Trace {
    fn default() -> Self {
        Self::with_budget(crate::timeline::History::default().trace())
    }
}

fn fold(before: u64, records: &[Record]) -> StableHasher {
    let mut hasher = StableHasher::from_hash(before);
    for record in records {
        record.hash(&mut hasher);
    }
    hasher
}

impl Trace {
    /// An empty trace that keeps at most about this many bytes of records.
    #[must_use]
    pub fn with_budget(budget: usize) -> Self {
        Self {
            sealed: VecDeque::new(),
            open: Vec::new(),
            open_hash_before: 0,
            hasher: StableHasher::from_hash(0),
            dropped: 0,
            bytes: 0,
            budget,
        }
    }

    fn sealed_len(&self) -> u64 {
        (self.sealed.len() * SEGMENT) as u64
    }

    /// The number of records ever made (kept or dropped).
    #[must_use]
    pub fn len(&self) -> u64 {
        self.sealed_len() + self.open.len() as u64
    }

    /// Whether nothing has happened.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds the next record. One that the trace already has (made again by replay) fills a dropped
    /// segment's place or is left out.
    pub fn push(&mut self, record: Record) {
        debug_assert_eq!(record.seq, self.len() + 1, "records come in order");
        record.hash(&mut self.hasher);
        self.open.push(record);
        if self.open.len() == SEGMENT {
            self.seal();
        }
    }

    fn seal(&mut self) {
        let bytes: usize = self.open.iter().map(Record::weight).sum();
        self.bytes += bytes;
        // Memory that was looked at a moment ago, to drop what it held, is near at hand.
        let next = self
            .drop_old()
            .unwrap_or_else(|| Vec::with_capacity(SEGMENT));
        let hash_before = self.open_hash_before;
        self.open_hash_before = self.hasher.finish();
        self.hasher = StableHasher::from_hash(self.open_hash_before);
        self.sealed.push_back(Segment {
            hash_before,
            bytes,
            records: Rc::new(std::mem::replace(&mut self.open, next)),
        });
    }

    /// Adds the next records and leaves none behind.
    pub fn append(&mut self, records: &mut Vec<Record>) {
        if self.open.len() + records.len() < SEGMENT {
            for record in &*records {
                record.hash(&mut self.hasher);
            }
            self.open.append(records);
        } else {
            records.drain(..).for_each(|record| self.push(record));
        }
    }

    /// Drops the oldest segments as long as all together weigh too much; the two latest stay. Answers
    /// the memory of one, if nobody else holds it.
    fn drop_old(&mut self) -> Option<Vec<Record>> {
        let mut free = None;
        while self.bytes > self.budget && self.sealed.len() - self.dropped >= 2 {
            let oldest = &mut self.sealed[self.dropped];
            self.bytes -= oldest.bytes;
            let records = std::mem::take(&mut oldest.records);
            self.dropped += 1;
            free = Rc::try_unwrap(records).ok();
        }
        let mut memory = free?;
        memory.clear();
        Some(memory)
    }

    /// What the records weigh that are kept, in bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes + self.open.iter().map(Record::weight).sum::<usize>()
    }

    /// A record by its number, if it is still kept.
    #[must_use]
    pub fn get(&self, seq: u64) -> Option<&Record> {
        let at = seq.checked_sub(1)?;
        if at >= self.sealed_len() {
            return self.open.get((at - self.sealed_len()) as usize);
        }
        let at = at as usize;
        self.sealed.get(at / SEGMENT)?.records.get(at % SEGMENT)
    }

    /// The number of the oldest record that is still kept without a gap behind it.
    #[must_use]
    pub fn first_kept(&self) -> u64 {
        (self.dropped * SEGMENT) as u64 + 1
    }

    /// Kept records from this number on, in order.
    pub fn from(&self, seq: u64) -> impl DoubleEndedIterator<Item = &Record> {
        let first = seq.max(self.first_kept());
        (first..=self.len()).filter_map(|seq| self.get(seq))
    }

    /// All kept records, in order.
    pub fn records(&self) -> impl DoubleEndedIterator<Item = &Record> {
        self.from(1)
    }

    /// Forgets all records after number `len`. The caller must replay if that cuts into a dropped
    /// segment; false says so.
    pub fn truncate(&mut self, len: u64) -> bool {
        let whole = self.cut(len);
        self.hasher = fold(self.open_hash_before, &self.open);
        whole
    }

    fn cut(&mut self, len: u64) -> bool {
        if len >= self.sealed_len() {
            self.open.truncate((len - self.sealed_len()) as usize);
            return true;
        }
        let segment = len as usize / SEGMENT;
        let rest = len as usize % SEGMENT;
        self.open_hash_before = self.sealed[segment].hash_before;
        let kept = self.sealed.iter().skip(self.dropped.max(segment));
        self.bytes -= kept.map(|segment| segment.bytes).sum::<usize>();
        self.dropped = self.dropped.min(segment);
        let records = &self.sealed[segment].records;
        if records.is_empty() && rest > 0 {
            self.sealed.truncate(segment);
            self.open.clear();
            return false;
        }
        self.open = records[..rest].to_vec();
        self.sealed.truncate(segment);
        true
    }

    /// The hash of the first `len` records (all of them: [`Trace::hash`]); none if it needs records
    /// that were dropped.
    #[must_use]
    pub fn hash_at(&self, len: u64) -> Option<u64> {
        if len >= self.sealed_len() {
            let open = &self.open[..((len - self.sealed_len()) as usize).min(self.open.len())];
            return Some(fold(self.open_hash_before, open).finish());
        }
        let segment = &self.sealed[len as usize / SEGMENT];
        let rest = len as usize % SEGMENT;
        if rest > segment.records.len() {
            return None;
        }
        Some(fold(segment.hash_before, &segment.records[..rest]).finish())
    }

    /// The hash of everything that happened.
    #[must_use]
    pub fn hash(&self) -> u64 {
        self.hasher.finish()
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
