//! The trace: all records of a run, within a budget.

use std::collections::VecDeque;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

use super::Record;
use crate::hash::StableHasher;

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
        Self::with_budget(crate::timeline::Budget::default().trace())
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
