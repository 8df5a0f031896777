//! The judge beside a run: it sees every record, keeps the history, and names each answer that breaks a
//! promise.

use std::hash::Hash;

use super::Level;
use super::explain::in_words;
use super::history::{Event, Operations};
use super::linearizability::Linearizability;
use super::operation::{Answer, Asked, Call, Ended, Model, Op, Place};
use super::search::Found;
use super::sessions::{self, Sessions};
use crate::event::{Event as Happened, Outcome, Record};
use crate::hash::StableHasher;
use crate::process::{NodeId, Operation};
use crate::shared::SharedList;
use crate::sorted::SortedMap;
use crate::world::World;

/// Steps of the search that one record may cost. What is not decided then goes on with the next one.
const STEPS: u64 = 2_000;

/// An answer that breaks a promise.
#[derive(Clone, Debug, PartialEq)]
pub struct Breach {
    /// The promise.
    pub level: Level,
    /// The operation whose end breaks it, by its number in the history.
    pub operation: u32,
    /// The record of that end.
    pub record: u64,
    /// What is wrong, in one sentence.
    pub reason: String,
}

/// The history of a run, and what is wrong with it so far. A copy shares both with the original.
#[derive(Clone, Debug)]
pub struct Judge {
    history: Operations,
    /// The record of each place of the history.
    records: SharedList<u64>,
    open: SortedMap<Operation, u32>,
    /// None where no law asks for it.
    linearizable: Option<Linearizability>,
    /// How many places of the history it has been shown, and whether the last one is not decided.
    judged: Place,
    waits: bool,
    sessions: Option<Sessions>,
    breaches: SharedList<Breach>,
}

impl Judge {
    /// The judge at the beginning of a run. `live`: whether it also judges.
    #[must_use]
    pub fn new(model: Model, live: bool) -> Self {
        Self {
            linearizable: live.then(|| Linearizability::of_run(&model)),
            sessions: live.then(|| Sessions::new(&model)),
            judged: 0,
            waits: false,
            history: Operations::new(model).of_nodes(),
            records: SharedList::new(),
            open: SortedMap::new(),
            breaches: SharedList::new(),
        }
    }

    /// The operations so far.
    #[must_use]
    pub fn history(&self) -> &Operations {
        &self.history
    }

    /// The record that a place of the history comes from.
    #[must_use]
    pub fn record(&self, place: Place) -> Option<u64> {
        self.records.get(place as usize).copied()
    }

    /// What has broken a promise so far, in that order. One answer may break several.
    #[must_use]
    pub fn breaches(&self) -> &SharedList<Breach> {
        &self.breaches
    }

    /// Hashes who asked for what and was told what, in that order: all that a verdict comes from.
    pub(crate) fn remember(&self, hasher: &mut StableHasher) {
        for event in self.history.events() {
            let (Event::Begin(number) | Event::End(number)) = event;
            let Some(op) = self.history.get(number) else {
                continue;
            };
            match (event, &op.end) {
                (Event::Begin(_), _) => {
                    (number, NodeId(op.process), &op.key, &op.call).hash(hasher)
                }
                (Event::End(_), Some(end)) => (number, &end.ended).hash(hasher),
                (Event::End(_), None) => {}
            }
        }
    }

    /// Reads a record.
    pub(crate) fn read(&mut self, record: &Record, world: &World) {
        match &record.event {
            Happened::Invoked { operation, request } => {
                let (Some(node), Some(protocol)) = (record.node, world.protocol()) else {
                    return;
                };
                let Some(asked) = (protocol.asked)(request, node, world) else {
                    return;
                };
                let number = self.history.begin(node.0, asked, record.time);
                self.records.push(record.seq);
                self.open.insert(*operation, number);
                self.begin(number);
            }
            Happened::Completed { operation, outcome } => {
                let Some(number) = self.open.remove(operation) else {
                    return;
                };
                let told = match outcome {
                    Outcome::Replied(reply) => world.protocol().and_then(|of| (of.told)(reply)),
                    Outcome::Refused(_) => None,
                };
                let ended = Ended::of(world.end(outcome), told);
                self.history.end(number, ended, record.time);
                self.records.push(record.seq);
                self.end(number, record.seq);
            }
            Happened::Crashed | Happened::Removed => self.drop_lock(record),
            _ => {}
        }
    }

    /// A node that is down holds no lock: its crash is its release.
    fn drop_lock(&mut self, record: &Record) {
        let (Some(node), Model::Lock) = (record.node, &self.history.model) else {
            return;
        };
        let done = |op: &&Op| op.process == node.0 && op.answer() == Some(&Answer::Done);
        let newest = self.history.iter().rev().find(done);
        let newest = newest.map(|op| (op.key.clone(), op.call.clone()));
        let Some((key, Call::Acquire)) = newest else {
            return;
        };
        let call = Call::Release;
        let asked = Asked { key, call };
        let number = self.history.begin(node.0, asked, record.time);
        self.records.push(record.seq);
        self.begin(number);
        let ended = Ended::Returned(Answer::Done);
        self.history.end(number, ended, record.time);
        self.records.push(record.seq);
        self.end(number, record.seq);
    }

    #[inline(never)]
    fn begin(&mut self, number: u32) {
        self.judge_order();
        if let (Some(own), Some(op)) = (&mut self.sessions, self.history.get(number)) {
            own.begin(number, op);
        }
    }

    #[inline(never)]
    fn end(&mut self, number: u32, record: u64) {
        self.judge_order();
        if let Some(own) = &mut self.sessions {
            for (level, operations) in own.end(&self.history, number) {
                let reason = sessions::in_words(&self.history, level, &operations, number);
                self.breaches.push(Breach {
                    level,
                    operation: number,
                    record,
                    reason,
                });
            }
        }
    }

    /// Goes on with the events that are not judged yet, one after another, so that each wrong answer is
    /// found where it ends.
    fn judge_order(&mut self) {
        let Some(own) = &mut self.linearizable else {
            return;
        };
        let mut steps = STEPS;
        let mut found = if self.waits {
            own.settle(&mut steps)
        } else {
            Found::Order
        };
        loop {
            self.waits = found == Found::Undecided;
            if self.waits {
                return;
            }
            let last = self.judged.checked_sub(1);
            if let Some(place) = last.filter(|_| found == Found::None)
                && let Some(Event::End(number)) = self.history.event(place)
            {
                let key = own.refuted().cloned().unwrap_or_else(|| "".into());
                own.forgive(&self.history, &key, number);
                self.breaches.push(Breach {
                    level: Level::Linearizable,
                    operation: number,
                    record: self
                        .records
                        .get(place as usize)
                        .copied()
                        .unwrap_or_default(),
                    reason: in_words(&self.history, number),
                });
            }
            let Some(event) = self.history.event(self.judged) else {
                return;
            };
            self.judged += 1;
            found = own.take(&self.history, event, &mut steps);
        }
    }
}
