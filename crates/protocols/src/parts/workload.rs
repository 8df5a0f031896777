//! What clients do on their own: when the next operation begins, and what it is. A client writes every
//! value once, so a reader can tell whose write it was, and a history can be checked.
//!
//! ```
//! use faultline_protocols::parts::kv::Op;
//! use faultline_protocols::parts::workload::{Mix, Workload};
//! use faultline_sim::process::NodeId;
//! use faultline_sim::rng::Rng;
//!
//! let mut rng = Rng::stream(1, "client", 0);
//! let writes = Mix { reads: 0, compares: 0, keys: 1 };
//! let mut workload = Workload::default();
//! let first = workload.next(None, writes, &mut rng);
//! assert_eq!(first, Op::Write { key: "x".into(), value: "1".into() });
//! // Compare-and-set expects what the client knew last. Where several nodes write, values name theirs.
//! workload.saw("x", Some("1"));
//! let compares = Mix { compares: 100, ..writes };
//! let next = workload.next(Some(NodeId(4)), compares, &mut rng);
//! assert_eq!(next, Op::CompareAndSet { key: "x".into(), old: Some("1".into()), new: "4.2".into() });
//! ```

use faultline_sim::process::NodeId;
use faultline_sim::rng::Rng;
use faultline_sim::sorted::SortedMap;
use faultline_sim::time::Duration;
use serde::Serialize;

use super::kv::Op;

/// How often a node that does nothing on its own looks whether it should.
const IDLE: Duration = Duration::millis(500);

/// How often a node does something on its own.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// The time between two operations; 0: it does nothing on its own.
    pub every: Duration,
    /// The shortest time between two operations.
    pub least: Duration,
}

impl Pace {
    /// How long to wait for the first operation. Nodes do not act in step: each begins at a random point
    /// of its first period.
    pub fn first(self, rng: &mut Rng) -> Duration {
        Duration(rng.between(0, self.every.max(self.least).0))
    }

    /// The node has waited: whether it acts now, and how long it waits then.
    #[must_use]
    pub fn next(self) -> (bool, Duration) {
        match self.every {
            Duration(0) => (false, IDLE),
            every => (true, every.max(self.least)),
        }
    }
}

/// Which operations a client does, in per cent; the rest are writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mix {
    pub reads: u32,
    pub compares: u32,
    /// How many keys there are, at least one.
    pub keys: u32,
}

/// What a client has begun, and what it knows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Workload {
    /// Its writes so far.
    writes: u64,
    /// The latest value it knows of each key.
    known: SortedMap<String, String>,
}

impl Workload {
    /// The next operation. `writer` is part of each value where several nodes write.
    pub fn next(&mut self, writer: Option<NodeId>, mix: Mix, rng: &mut Rng) -> Op {
        let key = match mix.keys {
            0 | 1 => key(0),
            keys => key(rng.below(u64::from(keys)) as u32),
        };
        let draw = if mix.reads + mix.compares == 0 {
            100
        } else {
            rng.below(100) as u32
        };
        if draw < mix.reads {
            return Op::Read { key };
        }
        self.writes += 1;
        let value = match writer {
            Some(writer) => format!("{}.{}", writer.0, self.writes),
            None => self.writes.to_string(),
        };
        if draw < mix.reads + mix.compares {
            let old = self.known.get(&key).cloned();
            return Op::CompareAndSet {
                key,
                old,
                new: value,
            };
        }
        Op::Write { key, value }
    }

    /// The client has seen a key's value, or that there is none.
    pub fn saw(&mut self, key: &str, value: Option<&str>) {
        match value {
            Some(value) => self.known.insert(key.to_owned(), value.to_owned()),
            None => self.known.remove(key),
        };
    }
}

/// The names of keys: x, y, z, k4, k5 …
fn key(at: u32) -> String {
    match at {
        0 => "x".to_owned(),
        1 => "y".to_owned(),
        2 => "z".to_owned(),
        at => format!("k{}", at + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ops(mix: Mix, seed: u64) -> Vec<Op> {
        let mut rng = Rng::stream(seed, "workload", 0);
        let mut workload = Workload::default();
        (0..2_000)
            .map(|_| workload.next(Some(NodeId(7)), mix, &mut rng))
            .collect()
    }

    #[test]
    fn the_mix_is_what_was_asked_for() {
        let mix = Mix {
            reads: 50,
            compares: 20,
            keys: 4,
        };
        let all = ops(mix, 3);
        let share = |is: fn(&Op) -> bool| all.iter().filter(|op| is(op)).count() / 20;
        assert!((45..=55).contains(&share(|op| matches!(op, Op::Read { .. }))));
        assert!((16..=24).contains(&share(|op| matches!(op, Op::CompareAndSet { .. }))));
        for name in ["x", "y", "z", "k4"] {
            let of = |op: &&Op| match op {
                Op::Read { key } | Op::Write { key, .. } | Op::CompareAndSet { key, .. } => {
                    key == name
                }
            };
            let count = all.iter().filter(of).count();
            assert!((400..=600).contains(&count), "{name}: {count}");
        }
    }

    #[test]
    fn no_value_is_written_twice() {
        let mix = Mix {
            reads: 0,
            compares: 30,
            keys: 2,
        };
        let mut values: Vec<String> = ops(mix, 5)
            .into_iter()
            .filter_map(|op| match op {
                Op::Write { value, .. } | Op::CompareAndSet { new: value, .. } => Some(value),
                Op::Read { .. } => None,
            })
            .collect();
        let all = values.len();
        values.sort();
        values.dedup();
        assert_eq!((all, values.len()), (2_000, 2_000));
    }
}
