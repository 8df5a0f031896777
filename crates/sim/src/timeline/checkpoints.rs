//! Copies of a run as it stood, so that going back replays little; within a budget of bytes.

use super::cursor::Cursor;
use crate::memory;

/// How much memory a run's past may take beyond the run as it stands: one budget, shared out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// All of it, in bytes.
    pub bytes: usize,
}

impl Default for Budget {
    /// 64 MB.
    fn default() -> Self {
        Self { bytes: 64 << 20 }
    }
}

impl Budget {
    /// For records: they are looked at most, and made again slowest.
    #[must_use]
    pub fn trace(self) -> usize {
        self.bytes / 8 * 3
    }

    /// For checkpoints.
    #[must_use]
    pub fn checkpoints(self) -> usize {
        self.bytes / 8 * 3
    }

    /// For an index of the records, such as the diagram's.
    #[must_use]
    pub fn index(self) -> usize {
        self.bytes / 4
    }
}

/// How often a run is kept, and how many times at most.
struct Rule {
    /// Moves between two checkpoints.
    every: u64,
    /// Checkpoints kept; beyond, old ones thin out.
    kept: usize,
}

/// A checkpoint of a few nodes is some kilobytes: there may be many, and seeking replays the less.
const OF_FEW: Rule = Rule {
    every: 256,
    kept: 448,
};
const OF_MANY: Rule = Rule {
    every: 512,
    kept: 192,
};
/// Up to so many nodes are few.
const FEW: usize = 12;

struct Checkpoint {
    cursor: Cursor,
    /// What only it holds, as far as that can be told when it is made: its copy, the messages that will
    /// have arrived, and what the run has copied since because of it. 0 where no allocator counts.
    bytes: usize,
}

/// What checkpoints that were dropped had been taken to weigh, and what really came free. A state may
/// share what only its copy holds later on; nobody can tell that beforehand.
#[derive(Default)]
struct Scales {
    taken: usize,
    free: usize,
}

impl Scales {
    fn note(&mut self, taken: usize, free: usize) {
        if self.taken > 64 << 20 {
            self.taken /= 2;
            self.free /= 2;
        }
        self.taken += taken;
        self.free += free;
    }

    fn correct(&self, bytes: usize) -> usize {
        if self.free <= self.taken || self.taken == 0 {
            return bytes;
        }
        (bytes as f64 * (self.free as f64 / self.taken as f64)) as usize
    }
}

impl Checkpoint {
    /// `known`: the records that the checkpoint before it had seen.
    fn of(cursor: &Cursor, known: u64) -> Self {
        let before = memory::held();
        let cursor = cursor.clone();
        let copied = memory::held().saturating_sub(before);
        // When the messages have arrived, only the checkpoint still holds what they carry.
        let bytes = copied + cursor.world.sent_since(known);
        Self { cursor, bytes }
    }
}

/// In order of moves; the first is the beginning and always kept.
pub(super) struct Checkpoints {
    list: Vec<Checkpoint>,
    budget: usize,
    /// What all but the first are taken to hold.
    bytes: usize,
    scales: Scales,
    /// At so many checkpoints a few are dropped to see what they weigh.
    weighs_at: usize,
    /// What was copied in all when the latest checkpoint was made, and which it is.
    copied: (usize, u64),
    /// A state that does not fit is not copied again before so many moves.
    not_before: u64,
}

impl Checkpoints {
    pub(super) fn new(start: Cursor, budget: usize) -> Self {
        let bytes = 0;
        let list = vec![Checkpoint {
            cursor: start,
            bytes,
        }];
        Self {
            list,
            budget,
            bytes,
            scales: Scales::default(),
            weighs_at: 3,
            copied: (memory::copied(), 0),
            not_before: 0,
        }
    }

    /// The place of the last checkpoint that this is true of; it is true of all before it.
    pub(super) fn last_where(&self, holds: impl Fn(&Cursor) -> bool) -> usize {
        let after = self.list.partition_point(|c| holds(&c.cursor));
        after.saturating_sub(1)
    }

    pub(super) fn at(&self, at: usize) -> &Cursor {
        &self.list[at].cursor
    }

    /// What all but the first hold.
    pub(super) fn bytes(&self) -> usize {
        self.scales.correct(self.bytes)
    }

    /// The run has come here: keeps it as it is, if it is time.
    pub(super) fn pass(&mut self, cursor: &Cursor) {
        let moves = cursor.moves;
        let at = self.list.partition_point(|c| c.cursor.moves <= moves);
        let last = self.list[at - 1].cursor.moves;
        let next = self.list.get(at).map_or(u64::MAX, |c| c.cursor.moves);
        let few = cursor.world.ids().len() <= FEW;
        let rule = if few { &OF_FEW } else { &OF_MANY };
        if moves < last + rule.every || next < moves + rule.every || moves < self.not_before {
            return;
        }
        self.add_copied(at - 1);
        let known = self.list[at - 1].cursor.world.records();
        let checkpoint = Checkpoint::of(cursor, known);
        if self.scales.correct(checkpoint.bytes) > self.budget {
            // So large a state is reached from the beginning. Earlier ones may keep as much alive that
            // the run has let go of since, and trying again costs a copy each time.
            self.cut(0);
            self.not_before = moves.saturating_mul(2);
            return;
        }
        self.bytes += checkpoint.bytes;
        self.list.insert(at, checkpoint);
        self.copied = (memory::copied(), moves);
        self.thin_out(rule.kept);
    }

    /// What was copied since the latest checkpoint was made is what that one alone holds now.
    fn add_copied(&mut self, at: usize) {
        let (copied, moves) = self.copied;
        let since = memory::copied().wrapping_sub(copied);
        let latest = &mut self.list[at];
        if memory::is_counted() && latest.cursor.moves == moves && at > 0 {
            latest.bytes += since;
            self.bytes += since;
        }
    }

    /// Keeps memory flat: of the older half, every second checkpoint goes, until all is within bounds.
    fn thin_out(&mut self, kept: usize) {
        if self.list.len() >= self.weighs_at {
            self.weighs_at *= 2;
            self.drop_some();
        }
        while self.list.len() > 1 && (self.list.len() > kept || self.bytes() > self.budget) {
            self.drop_some();
        }
    }

    fn drop_some(&mut self) {
        let half = (self.list.len() / 2).max(2);
        let (mut at, mut taken) = (0, 0);
        let before = memory::held();
        self.list.retain(|checkpoint| {
            at += 1;
            let stays = at == 1 || at > half || at % 2 == 1;
            taken += if stays { 0 } else { checkpoint.bytes };
            stays
        });
        self.bytes -= taken;
        self.scales
            .note(taken, before.saturating_sub(memory::held()));
    }

    /// Forgets all checkpoints behind so many moves.
    pub(super) fn cut(&mut self, moves: u64) {
        self.not_before = 0;
        let bytes = &mut self.bytes;
        self.list.retain(|checkpoint| {
            let stays = checkpoint.cursor.moves <= moves;
            *bytes -= if stays { 0 } else { checkpoint.bytes };
            stays
        });
    }
}
