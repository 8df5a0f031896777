//! Which of two values is newer, and what to do with two that do not know of each other.
//!
//! [`Vector`] counts writes by node (Parker and others 1983); [`Tag`] is what a store compares: a
//! counter, a node's own clock, a hybrid logical clock (Kulkarni and others 2014) or the vector.
//! [`Rules`] say how two copies of a key become one. They have no effects:
//!
//! ```
//! use faultline_protocols::parts::versions::{Entry, Resolution, Rules, Versions, Write};
//! use faultline_sim::process::NodeId;
//!
//! let rules = Rules { versions: Versions::Vector, resolution: Resolution::Siblings };
//! let write = |entry: &mut Entry, node, value: &str| {
//!     let (past, stamp) = (entry.seen.clone(), (0, 0));
//!     let write = Write { value: value.into(), past, stamp, after: Vec::new(), above: 0 };
//!     rules.write(entry, NodeId(node), write);
//! };
//! let (mut one, mut two) = (Entry::default(), Entry::default());
//! write(&mut one, 1, "red");
//! write(&mut two, 2, "blue");
//! // Neither write knew of the other, so both copies keep both values.
//! assert_eq!(rules.merge(&mut one, &two).conflicts.len(), 1);
//! rules.merge(&mut two, &one);
//! assert_eq!((rules.values(&one), one == two), (vec!["red".into(), "blue".into()], true));
//! // A write that knows both replaces both.
//! write(&mut two, 2, "green");
//! rules.merge(&mut one, &two);
//! assert_eq!(rules.values(&one), ["green"]);
//! ```

use std::cmp::Ordering;
use std::fmt;

use faultline_sim::process::NodeId;
use faultline_sim::sorted::{SortedMap, SortedSet, sort_by};
use serde::{Serialize, Serializer};

/// One write: the node that made it, and which write of this node and key it is, from 1.
pub type Dot = (NodeId, u32);

/// A set of writes: all up to a number by node, and some that stand apart because earlier ones are
/// missing (version vectors with exceptions, Malkhi and Terry 2005). Written `n1:2 n3:1`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Vector {
    counts: SortedMap<NodeId, u32>,
    apart: SortedSet<Dot>,
}

/// How two versions stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// The same write.
    Same,
    /// The first one is newer.
    Newer,
    /// The first one is older.
    Older,
    /// Nobody can tell: each was written without the other, or says no more than the other.
    Conflict,
}

impl Vector {
    /// One write without those before it.
    pub fn of(dot: Dot) -> Self {
        let mut vector = Self::default();
        vector.add(dot);
        vector
    }

    /// How many writes of a node it has without a gap.
    pub fn count(&self, node: NodeId) -> u32 {
        self.counts.get(&node).copied().unwrap_or(0)
    }

    /// How many writes it has.
    pub fn total(&self) -> u32 {
        self.counts.values().sum::<u32>() + self.apart.len() as u32
    }

    pub fn is_empty(&self) -> bool {
        self.counts.is_empty() && self.apart.is_empty()
    }

    pub fn has(&self, dot: Dot) -> bool {
        dot.1 <= self.count(dot.0) || self.apart.contains(&dot)
    }

    pub fn covers(&self, other: &Vector) -> bool {
        let counts = |(node, most): (&NodeId, &u32)| {
            (self.count(*node) + 1..=*most).all(|number| self.has((*node, number)))
        };
        other.counts.iter().all(counts) && other.apart.iter().all(|dot| self.has(*dot))
    }

    pub fn add(&mut self, dot: Dot) {
        if !self.has(dot) {
            self.apart.insert(dot);
            self.close_gaps();
        }
    }

    pub fn join(&mut self, other: &Vector) {
        for (node, count) in &other.counts {
            let own = self.counts.entry(*node).or_default();
            *own = (*own).max(*count);
        }
        for dot in &other.apart {
            self.apart.insert(*dot);
        }
        self.close_gaps();
    }

    /// How two vectors stand to each other (Mattern 1989).
    pub fn relation(&self, other: &Vector) -> Relation {
        match (self.covers(other), other.covers(self)) {
            (true, true) => Relation::Same,
            (true, false) => Relation::Newer,
            (false, true) => Relation::Older,
            (false, false) => Relation::Conflict,
        }
    }

    fn close_gaps(&mut self) {
        let counts = &mut self.counts;
        self.apart.retain(|(node, number)| {
            let count = counts.get(node).copied().unwrap_or(0);
            if *number == count + 1 {
                counts.insert(*node, *number);
            }
            *number > count + 1
        });
    }
}

/// From counts by node.
impl FromIterator<Dot> for Vector {
    fn from_iter<I: IntoIterator<Item = Dot>>(counts: I) -> Self {
        let counts = counts.into_iter().filter(|(_, count)| *count > 0);
        Self {
            counts: counts.collect(),
            apart: SortedSet::new(),
        }
    }
}

impl fmt::Display for Vector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = self
            .counts
            .iter()
            .map(|(node, count)| format!("{node}:{count}"));
        let apart = self
            .apart
            .iter()
            .map(|(node, number)| format!("({node}:{number})"));
        f.write_str(&counts.chain(apart).collect::<Vec<_>>().join(" "))
    }
}

impl Serialize for Vector {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A reading of a clock: microseconds, and a count of events within them (0 unless it is hybrid).
pub type Stamp = (u64, u32);

/// The next reading of a hybrid logical clock that has shown or seen `last`, where the node's own clock
/// shows `now`: never behind the wall clock, always ahead of what was seen.
pub fn hybrid(last: Stamp, now: u64) -> Stamp {
    if now > last.0 {
        (now, 0)
    } else {
        (last.0, last.1 + 1)
    }
}

/// What a store compares: one for each choice of [`Versions`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Tag {
    None,
    /// One more than the version that the node had.
    Counter(u32),
    /// The clock of the node that wrote.
    Time(Stamp),
    /// The writes that the value rests on, its own among them.
    Vector(Vector),
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Tag::None => Ok(()),
            Tag::Counter(number) => write!(f, "v{number}"),
            Tag::Time((time, count)) => {
                let (seconds, ms) = (time / 1_000_000, time / 1_000 % 1_000);
                write!(f, "{seconds}.{ms:03} s")?;
                if *count > 0 {
                    write!(f, " +{count}")
                } else {
                    Ok(())
                }
            }
            Tag::Vector(vector) => vector.fmt(f),
        }
    }
}

impl Serialize for Tag {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Tag {
    fn is_none(&self) -> bool {
        *self == Tag::None
    }

    /// Where it stands in the order of writes, by its size alone.
    fn weight(&self) -> Stamp {
        match self {
            Tag::None => (0, 0),
            Tag::Counter(number) => (u64::from(*number), 0),
            Tag::Time(stamp) => *stamp,
            // What replaces a write has more writes behind it than that one.
            Tag::Vector(vector) => (u64::from(vector.total()), 0),
        }
    }
}

/// A value with its version. `dot` and `past` are always there, so that a monitor can tell what is
/// true; only a store with vectors looks at them.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Written {
    pub value: String,
    #[serde(skip_serializing_if = "Tag::is_none")]
    pub tag: Tag,
    #[serde(skip)]
    pub dot: Dot,
    /// The writes of this key that its writer knew.
    #[serde(skip)]
    pub past: Vector,
    /// The writes of other keys that its writer had seen.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<(String, Vector)>,
}

impl Written {
    /// The reading of the clock that wrote it; the beginning of time where versions are no times.
    pub fn stamp(&self) -> Stamp {
        match self.tag {
            Tag::Time(stamp) => stamp,
            _ => (0, 0),
        }
    }
}

/// What is written, and what its writer knew.
pub struct Write {
    pub value: String,
    pub past: Vector,
    /// The reading of the clock that the versions use; unread by others.
    pub stamp: Stamp,
    pub after: Vec<(String, Vector)>,
    /// A number that versions which count have come to already, whatever became of it.
    pub above: u32,
}

/// What a node has of a key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Entry {
    /// All writes that have ever reached this copy, also those replaced.
    #[serde(skip)]
    pub seen: Vector,
    /// Those that no other has replaced, in the order of their dots.
    pub values: Vec<Written>,
}

impl Entry {
    /// The largest number of its values, where versions count; else 0.
    pub fn number(&self) -> u32 {
        let numbers = self.values.iter().map(|written| match written.tag {
            Tag::Counter(number) => number,
            _ => 0,
        });
        numbers.max().unwrap_or(0)
    }

    /// The largest version of its values, by size alone.
    pub fn weight(&self) -> Stamp {
        let weights = self.values.iter().map(|written| written.tag.weight());
        weights.max().unwrap_or_default()
    }
}

/// Which versions values have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Versions {
    None,
    Counter,
    Timestamp,
    Hybrid,
    Vector,
}

/// What becomes of two values of which nobody can tell which is newer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Resolution {
    /// Whatever arrives replaces what is there, newer or not.
    Arrival,
    /// The larger version stays, and of equal ones that of the node with the larger number.
    LastWrite,
    /// Both are kept until a write that knows both.
    Siblings,
    /// Both are kept, and a reader gets their union.
    Merge,
    /// The value of the node with the larger number stays.
    NodeId,
}

impl Versions {
    /// The words of the choice.
    pub const WORDS: &[&str] = &["none", "counter", "timestamp", "hybrid", "vector"];

    /// # Panics
    /// If the word is none of [`Versions::WORDS`]: a choice has no other.
    pub fn named(word: &str) -> Self {
        let all = [
            Self::None,
            Self::Counter,
            Self::Timestamp,
            Self::Hybrid,
            Self::Vector,
        ];
        all[place(Self::WORDS, word)]
    }
}

impl Resolution {
    /// The words of the choice.
    pub const WORDS: &[&str] = &["arrival", "last-write", "siblings", "merge", "node-id"];

    /// # Panics
    /// If the word is none of [`Resolution::WORDS`]: a choice has no other.
    pub fn named(word: &str) -> Self {
        let all = [
            Self::Arrival,
            Self::LastWrite,
            Self::Siblings,
            Self::Merge,
            Self::NodeId,
        ];
        all[place(Self::WORDS, word)]
    }
}

fn place(words: &[&str], word: &str) -> usize {
    let found = words.iter().position(|own| *own == word);
    found.unwrap_or_else(|| panic!("`{word}` is none of {words:?}"))
}

/// What came of bringing two copies together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Merged {
    /// The values are not what they were.
    pub changed: bool,
    /// Pairs that the store found to be in conflict.
    pub conflicts: Vec<(Dot, Dot)>,
}

/// How copies of a key are compared and brought together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    pub versions: Versions,
    pub resolution: Resolution,
}

impl Rules {
    /// How one value stands to another, as far as versions tell.
    pub fn relation(self, one: &Written, other: &Written) -> Relation {
        if one.dot == other.dot {
            return Relation::Same;
        }
        match (&one.tag, &other.tag) {
            (Tag::Vector(_), Tag::Vector(_)) => {
                match (one.past.has(other.dot), other.past.has(one.dot)) {
                    (true, _) => Relation::Newer,
                    (false, true) => Relation::Older,
                    (false, false) => Relation::Conflict,
                }
            }
            (one, other) => match one.weight().cmp(&other.weight()) {
                Ordering::Greater => Relation::Newer,
                Ordering::Less => Relation::Older,
                Ordering::Equal => Relation::Conflict,
            },
        }
    }

    /// A client's write at a node. Answers the write; with a clock that is behind it may be older than
    /// what is there, and then nothing changes.
    pub fn write(self, entry: &mut Entry, me: NodeId, write: Write) -> (Written, Merged) {
        let dot = (me, entry.seen.count(me) + 1);
        let tag = match self.versions {
            Versions::None => Tag::None,
            Versions::Counter => Tag::Counter(entry.number().max(write.above) + 1),
            Versions::Timestamp | Versions::Hybrid => Tag::Time(write.stamp),
            Versions::Vector => {
                let mut vector = write.past.clone();
                vector.add(dot);
                Tag::Vector(vector)
            }
        };
        let Write {
            value, past, after, ..
        } = write;
        let written = Written {
            value,
            tag,
            dot,
            past,
            after,
        };
        let mut seen = written.past.clone();
        seen.add(dot);
        let values = vec![written.clone()];
        let merged = self.merge(entry, &Entry { seen, values });
        (written, merged)
    }

    /// Brings another copy of the same key into this one.
    pub fn merge(self, own: &mut Entry, other: &Entry) -> Merged {
        let mut merged = Merged::default();
        if other.values.is_empty() {
            return merged;
        }
        if self.resolution == Resolution::Arrival {
            merged.changed = own.values != other.values;
            own.values.clone_from(&other.values);
        } else {
            let before = own.values.clone();
            if self.versions == Versions::Vector {
                // A value that the other copy has seen and no longer has was replaced there.
                let kept =
                    |value: &Written| other.values.contains(value) || !other.seen.has(value.dot);
                own.values.retain(kept);
            }
            for new in &other.values {
                self.take(own, new, &mut merged);
            }
            merged.changed = own.values != before;
        }
        own.seen.join(&other.seen);
        merged
    }

    fn take(self, own: &mut Entry, new: &Written, merged: &mut Merged) {
        let vectors = self.versions == Versions::Vector;
        let known = own.values.iter().any(|value| value.dot == new.dot);
        if known || vectors && own.seen.has(new.dot) {
            return;
        }
        let mut relations = own.values.iter().map(|old| self.relation(new, old));
        if relations.any(|relation| relation == Relation::Older) {
            return;
        }
        if self.versions != Versions::None {
            let conflict = |old: &&Written| self.relation(new, old) == Relation::Conflict;
            let pairs = own.values.iter().filter(conflict);
            merged.conflicts.extend(pairs.map(|old| (old.dot, new.dot)));
        }
        own.values
            .retain(|old| self.relation(new, old) != Relation::Newer);
        own.values.push(new.clone());
        sort_by(&mut own.values, |a, b| a.dot.cmp(&b.dot));
        // Where versions and tie-break order all writes, the loser is needed no more. Vectors order
        // only some: a node's number alone would decide otherwise in another order of arrival.
        let ordered = match self.resolution {
            Resolution::LastWrite => true,
            Resolution::NodeId => !vectors,
            Resolution::Arrival | Resolution::Siblings | Resolution::Merge => false,
        };
        if ordered && let Some(winner) = self.winner(&own.values) {
            own.values = vec![winner.clone()];
        }
    }

    /// The one value that stays where one must.
    fn winner(self, values: &[Written]) -> Option<&Written> {
        let weight = |written: &Written| match self.resolution {
            Resolution::NodeId => (0, 0),
            _ => written.tag.weight(),
        };
        values
            .iter()
            .max_by_key(|written| (weight(written), written.dot))
    }

    /// The values that a reader is told of: one, siblings, or nothing.
    pub fn shown(self, entry: &Entry) -> &[Written] {
        match self.resolution {
            Resolution::LastWrite | Resolution::NodeId => {
                self.winner(&entry.values).map_or(&[], std::slice::from_ref)
            }
            Resolution::Arrival | Resolution::Siblings | Resolution::Merge => &entry.values,
        }
    }

    /// What a reader is answered: with `merge`, several values as one.
    pub fn values(self, entry: &Entry) -> Vec<String> {
        let values: Vec<String> = self.shown(entry).iter().map(|w| w.value.clone()).collect();
        if self.resolution == Resolution::Merge && values.len() > 1 {
            vec![union(&values)]
        } else {
            values
        }
    }
}

/// The application's own merge: all items of all values, as in a shopping cart. Written `bread,milk`.
pub fn union(values: &[String]) -> String {
    let items: SortedSet<&str> = values.iter().flat_map(|value| value.split(',')).collect();
    items.iter().copied().collect::<Vec<_>>().join(",")
}
