//! What one client may rely on while it goes on: read your writes, and monotonic reads (Terry and others,
//! "Session guarantees for weakly consistent replicated data", 1994).
//!
//! Which of two values is older is what clients can know: a write is older than another if it is among
//! the causes of that one. The causes of an operation are what its process did before, what was read
//! then, and the causes of that. Two writes that know nothing of each other are in no order, and a
//! client may see either last; but once it has gone from one to the other it may not go back.

use std::rc::Rc;

use super::Level;
use super::explain::Conflict;
use super::history::{Event, Operations};
use super::operation::{Call, Model, Op, Word};
use super::phrase::{self, who};
use crate::shared::SharedMap;
use crate::sorted::{SortedMap, SortedSet};

/// Writes known as causes: by lane, how many of its operations.
type Causes = SortedMap<Lane, u32>;

/// A process does one operation after another; what it does at the same time has lanes of its own.
type Lane = (u32, u32);

#[derive(Clone, Debug)]
struct Write {
    number: u32,
    lane: Lane,
    nth: u32,
    causes: Rc<Causes>,
    /// Several operations write this value, or it was there at first: nobody can say which one was read.
    ambiguous: bool,
}

impl Write {
    /// Whether another write is among its causes.
    fn knows(&self, other: &Write) -> bool {
        self.causes
            .get(&other.lane)
            .is_some_and(|most| *most >= other.nth)
    }
}

/// Something that a process knows of an object, and the operation by which it knows it.
#[derive(Clone, Debug)]
struct Known {
    write: Option<Write>,
    by: u32,
}

#[derive(Clone, Debug, Default)]
struct Process {
    causes: Rc<Causes>,
    /// Lanes in use: by operation.
    busy: SortedMap<u32, Lane>,
    /// By lane: operations begun there, and whether it is in use for ever.
    lanes: SortedMap<u32, (u32, bool)>,
    /// By key: its own latest confirmed write, and what it has read last.
    own: SharedMap<Word, Known>,
    read: SharedMap<Word, Known>,
    /// Writes that it has seen replaced.
    left: SharedMap<(Word, u32), ()>,
}

/// The two promises on a history that grows. A copy shares what it has in common with the original.
#[derive(Clone, Debug)]
pub(super) struct Sessions {
    judged: bool,
    initial: Option<Word>,
    processes: SortedMap<u32, Process>,
    writes: SharedMap<(Word, Word), Write>,
    /// Open writes: by operation, what they know.
    begun: SortedMap<u32, Rc<Causes>>,
}

/// Why the two promises cannot be judged for a kind of object; none if they can.
#[must_use]
pub(super) fn not_judged(history: &Operations) -> Option<&'static str> {
    let appends = history.iter().any(|op| matches!(op.call, Call::Append(_)));
    match history.model {
        Model::Store { .. } if appends => {
            Some("a text that is appended to does not tell which write was read last")
        }
        Model::Store { .. } => None,
        Model::Set | Model::Counter { .. } | Model::Bank { .. } | Model::Lock => {
            Some("only keys with values tell which write was read")
        }
    }
}

impl Sessions {
    pub(super) fn new(model: &Model) -> Self {
        Self {
            judged: matches!(model, Model::Store { .. }),
            initial: model.initial().cloned(),
            processes: SortedMap::new(),
            writes: SharedMap::new(),
            begun: SortedMap::new(),
        }
    }

    /// An operation begins.
    pub(super) fn begin(&mut self, number: u32, op: &Op) {
        if !self.judged {
            return;
        }
        self.judged = !matches!(op.call, Call::Append(_));
        let process = self.processes.entry(op.process).or_default();
        let free = process.lanes.iter().find(|(lane, (_, forever))| {
            let own = (op.process, **lane);
            !forever && process.busy.values().all(|busy| *busy != own)
        });
        let lane = free.map_or(process.lanes.len() as u32, |(lane, _)| *lane);
        let nth = {
            let (count, _) = process.lanes.entry(lane).or_insert((0, false));
            *count += 1;
            *count
        };
        let lane = (op.process, lane);
        process.busy.insert(number, lane);
        let causes = process.causes.clone();
        self.begun.insert(number, causes.clone());
        let (Call::Write(value) | Call::CompareAndSet { new: value, .. }) = &op.call else {
            return;
        };
        let slot = (op.key.clone(), value.clone());
        let ambiguous = self.writes.contains_key(&slot) || self.initial.as_ref() == Some(value);
        let write = Write {
            number,
            lane,
            nth,
            causes,
            ambiguous,
        };
        self.writes.insert(slot, write);
    }

    /// An operation has ended. Answers the promises that it breaks, with what contradicts them.
    pub(super) fn end(&mut self, history: &Operations, number: u32) -> Vec<(Level, Vec<u32>)> {
        let mut broken = Vec::new();
        let Some(op) = history.get(number).filter(|_| self.judged) else {
            return broken;
        };
        let begun = self.begun.remove(&number).unwrap_or_default();
        let Some(process) = self.processes.get_mut(&op.process) else {
            return broken;
        };
        let lane = process.busy.remove(&number);
        if op.answer().is_none() {
            // It may still take effect, at any time: nothing comes after it in its lane.
            if let Some((_, lane)) = lane.filter(|_| !op.is_void())
                && let Some((_, forever)) = process.lanes.get_mut(&lane)
            {
                *forever = true;
            }
            if op.is_void() {
                self.set_apart(number, op);
            }
            return broken;
        }
        let mut causes = (*process.causes).clone();
        if let Some(value) = op.reads() {
            let initial = value == history.model.initial();
            let slot = |value: &Word| (op.key.clone(), value.clone());
            let write = value
                .and_then(|value| self.writes.get(&slot(value)))
                .cloned();
            let known = write.as_ref().is_some_and(|write| !write.ambiguous);
            if known || initial && write.is_none() {
                let before = Before {
                    history,
                    op,
                    begun: &begun,
                };
                broken = process.check(&before, number, write.as_ref());
                process.see(op, number, write.clone());
            }
            if let Some(write) = write.filter(|write| !write.ambiguous) {
                join(&mut causes, &write.causes);
                note(&mut causes, write.lane, write.nth);
            }
        }
        let own = op.writes().map(|value| (op.key.clone(), value.clone()));
        let own = own.and_then(|slot| self.writes.get(&slot)).cloned();
        if let Some(write) = own.filter(|write| write.number == number) {
            if op.reads().is_some() {
                // What it has found is among the causes of what it leaves.
                let causes = Rc::new(causes.clone());
                let slot = op.writes().map(|value| (op.key.clone(), value.clone()));
                if let Some(slot) = slot {
                    self.writes.insert(
                        slot,
                        Write {
                            causes,
                            ..write.clone()
                        },
                    );
                }
            }
            note(&mut causes, write.lane, write.nth);
            let write = Some(write);
            process
                .own
                .insert(op.key.clone(), Known { write, by: number });
        }
        process.causes = Rc::new(causes);
        broken
    }

    /// A write that failed is no cause of what its process does next, so it gets a lane of its own: that
    /// one is used only if somebody reads it in spite of that.
    fn set_apart(&mut self, number: u32, op: &Op) {
        let slot = op.writes().map(|value| (op.key.clone(), value.clone()));
        let Some(slot) = slot else { return };
        let write = self.writes.get(&slot).cloned();
        if let Some(write) = write.filter(|write| write.number == number) {
            let lane = (op.process, u32::MAX - number);
            self.writes.insert(slot, Write { lane, ..write });
        }
    }

    /// What the whole history breaks first of each promise.
    pub(super) fn of(history: &Operations) -> SortedMap<Level, Conflict> {
        let mut own = Self::new(&history.model);
        let mut first = SortedMap::new();
        for event in history.events() {
            match event {
                Event::Begin(number) => {
                    if let Some(op) = history.get(number) {
                        own.begin(number, op);
                    }
                }
                Event::End(number) => {
                    for (level, operations) in own.end(history, number) {
                        first
                            .entry(level)
                            .or_insert_with(|| conflict(history, level, operations, number));
                    }
                }
            }
        }
        first
    }
}

/// The contradiction in words.
pub(super) fn conflict(
    history: &Operations,
    level: Level,
    operations: Vec<u32>,
    blamed: u32,
) -> Conflict {
    Conflict {
        reason: in_words(history, level, &operations, blamed),
        operations,
        blamed,
    }
}

/// What is wrong, in one sentence.
pub(super) fn in_words(
    history: &Operations,
    level: Level,
    operations: &[u32],
    blamed: u32,
) -> String {
    let Some(op) = history.get(blamed) else {
        return String::new();
    };
    let said = phrase::said(history, op);
    let same = operations.iter().filter_map(|number| history.get(*number));
    let mut same = same.filter(|other| other.process == op.process && other.is_before(op));
    let earlier = match level {
        Level::ReadYourWrites => same.rfind(|other| other.writes().is_some()),
        _ => same.rfind(|other| other.reads().is_some() && other.reads() != op.reads()),
    };
    let value = |own: Option<&Word>| phrase::holds(op, own);
    match (level, earlier) {
        (Level::ReadYourWrites, Some(own)) => {
            format!(
                "{said} after it had itself written {}.",
                value(own.writes())
            )
        }
        (_, Some(read)) => {
            let newer = value(read.reads().flatten());
            format!("{said} after it had read the newer {newer}.")
        }
        _ => format!("{said}, which {} knows to be older.", who(history, op)),
    }
}

/// What is known before an operation ends.
struct Before<'h> {
    history: &'h Operations,
    op: &'h Op,
    /// The causes when it began.
    begun: &'h Causes,
}

impl Process {
    /// Which promises a read of this write breaks (of nothing, if there is none).
    fn check(&self, before: &Before, number: u32, write: Option<&Write>) -> Vec<(Level, Vec<u32>)> {
        let Before { history, op, begun } = before;
        let earlier = |known: &&Known| history.get(known.by).is_some_and(|by| by.is_before(op));
        let older = |than: &Write| write.is_none_or(|write| than.knows(write));
        let mut broken = Vec::new();
        let mut blame = |level, others: [Option<u32>; 3]| {
            let others = others.into_iter().flatten().chain([number]);
            let all: SortedSet<u32> = others.collect();
            broken.push((level, all.iter().copied().collect()));
        };
        let source = write.map(|write| write.number);
        if let Some(own) = self.own.get(&op.key).filter(earlier)
            && let Some(of) = &own.write
            && Some(of.number) != source
            && older(of)
        {
            blame(Level::ReadYourWrites, [source, Some(of.number), None]);
        }
        if let Some(read) = self.read.get(&op.key).filter(earlier)
            && let Some(of) = &read.write
            && Some(of.number) != source
        {
            let left = source.is_some_and(|own| self.left.contains_key(&(op.key.clone(), own)));
            let known = source.is_none()
                || write
                    .is_some_and(|own| begun.get(&own.lane).is_some_and(|most| *most >= own.nth));
            if older(of) || left && known {
                blame(
                    Level::MonotonicReads,
                    [source, Some(of.number), Some(read.by)],
                );
            }
        }
        broken
    }

    /// The process has read this write.
    fn see(&mut self, op: &Op, number: u32, write: Option<Write>) {
        let before = self
            .read
            .get(&op.key)
            .and_then(|known| known.write.as_ref());
        let now = write.as_ref().map(|write| write.number);
        if let Some(before) = before
            && Some(before.number) != now
        {
            self.left.insert((op.key.clone(), before.number), ());
        }
        self.read
            .insert(op.key.clone(), Known { write, by: number });
    }
}

fn note(causes: &mut Causes, lane: Lane, nth: u32) {
    let most = causes.entry(lane).or_insert(0);
    *most = nth.max(*most);
}

fn join(causes: &mut Causes, others: &Causes) {
    for (lane, nth) in others {
        note(causes, *lane, *nth);
    }
}
