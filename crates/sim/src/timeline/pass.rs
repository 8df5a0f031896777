//! One pass over a run: each record is shown once, in order, and only their hash is kept.

use std::hash::{Hash, Hasher};

use super::misses::{Miss, Misses};
use super::run::Run;
use crate::command::Timed;
use crate::descriptor::Setup;
use crate::event::{Record, SEGMENT};
use crate::hash::{StableHasher, hex};
use crate::time::Time;
use crate::world::{Limits, World};

/// Records handed out at once, or a few more.
const PART: usize = 4_096;

/// A run on its way from its beginning to wherever it is asked to go.
pub struct Pass {
    run: Run,
    hash: RecordHash,
    misses: Misses,
    /// Records on their way to the reader.
    part: Vec<Record>,
    /// Memory for the records of one move.
    fresh: Vec<Record>,
}

impl Pass {
    /// A run before anything has happened.
    ///
    /// # Errors
    /// One sentence, if a command of the recipe can never make sense.
    pub fn new(setup: &Setup) -> Result<Self, String> {
        let run = Run::checked(setup, Limits::default())?;
        let mut pass = Self {
            misses: Misses::new(&run.commands()),
            run,
            hash: RecordHash::default(),
            part: Vec::new(),
            fresh: Vec::new(),
        };
        pass.absorb();
        Ok(pass)
    }

    /// What the run was set up from.
    #[must_use]
    pub fn setup(&self) -> &Setup {
        self.run.setup()
    }

    /// The world where the run stands.
    #[must_use]
    pub fn world(&self) -> &World {
        self.run.world()
    }

    /// Events and commands so far.
    #[must_use]
    pub fn moves(&self) -> u64 {
        self.run.moves()
    }

    /// The person's commands that were applied and found nothing to act on.
    #[must_use]
    pub fn misses(&self) -> &[Miss] {
        self.misses.found()
    }

    /// The person's commands that the run has not come to.
    #[must_use]
    pub fn pending(&self) -> Vec<Timed> {
        self.run.pending()
    }

    /// The hash of all records so far, 16 hex digits: that of a timeline at the same point.
    #[must_use]
    pub fn trace_hash(&self) -> String {
        hex(self.hash.finish())
    }

    /// The first half of that hash, as links carry it.
    #[must_use]
    pub fn digest(&self) -> u32 {
        (self.hash.finish() >> 32) as u32
    }

    /// The records of the next moves up to `to` and up to so many moves in all; none when the run
    /// stands there, or was cut before.
    pub fn next_part(&mut self, to: Time, moves: u64) -> Option<&[Record]> {
        self.part.clear();
        self.part.append(&mut self.fresh);
        while self.part.len() < PART && self.run.moves() < moves && self.run.advance(to) {
            self.absorb();
            self.part.append(&mut self.fresh);
        }
        (!self.part.is_empty()).then_some(self.part.as_slice())
    }

    /// Lets the run go on to `to`, by at most `budget` moves. False if the budget was used up first
    /// or the run was cut.
    pub fn run_until(&mut self, to: Time, budget: u64) -> bool {
        for _ in 0..budget {
            if !self.step(to) {
                self.run.advance_to(to);
                return self.world().halted().is_none();
            }
        }
        false
    }

    /// As [`Timeline::run_to_move`](super::Timeline::run_to_move).
    pub fn run_to_move(&mut self, moves: u64, to: Time, budget: u64) -> bool {
        let most = self.moves().saturating_add(budget);
        while self.moves() < moves {
            if self.moves() >= most {
                return false;
            }
            if !self.step(to) {
                break;
            }
        }
        self.run.advance_if_free(to);
        true
    }

    fn step(&mut self, to: Time) -> bool {
        let moved = self.run.advance(to);
        self.absorb();
        self.fresh.clear();
        moved
    }

    /// Takes notice of the records of the last move.
    fn absorb(&mut self) {
        let known = self.fresh.len();
        self.run.move_records(&mut self.fresh);
        let fresh = &self.fresh[known..];
        fresh.iter().for_each(|record| self.hash.push(record));
        self.misses.look(fresh);
    }
}

/// The hash of a trace, without the trace.
struct RecordHash {
    hasher: StableHasher,
    /// Records of the segment that is open.
    open: usize,
}

impl Default for RecordHash {
    fn default() -> Self {
        Self {
            hasher: StableHasher::from_hash(0),
            open: 0,
        }
    }
}

impl RecordHash {
    fn push(&mut self, record: &Record) {
        record.hash(&mut self.hasher);
        self.open += 1;
        if self.open == SEGMENT {
            self.hasher = StableHasher::from_hash(self.hasher.finish());
            self.open = 0;
        }
    }

    fn finish(&self) -> u64 {
        self.hasher.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Trace, noted};

    #[test]
    fn the_hash_is_that_of_the_trace() {
        let (mut trace, mut hash) = (Trace::default(), RecordHash::default());
        for seq in 1..=3 * SEGMENT as u64 + 5 {
            let record = noted(seq);
            hash.push(&record);
            trace.push(record);
            assert_eq!(hash.finish(), trace.hash(), "after {seq} records");
        }
    }
}
