//! A client's own operations: when the next one begins, and what it is. Every value is written once, so
//! who reads it can tell whose write that was, and a history can be checked.
//!
//! ```
//! use faultline_protocols::parts::workload::{Mix, Work, Workload};
//! use faultline_sim::process::NodeId;
//! use faultline_sim::rng::Rng;
//! use faultline_sim::time::Duration;
//!
//! let mut rng = Rng::stream(1, "client", 0);
//! let writes = Mix { reads: 0, compares: 0, keys: 1 };
//! let mut workload = Workload::default();
//! let first = workload.next(NodeId(4), writes, &mut rng);
//! assert_eq!(first, Work::Write { key: "x".into(), value: "4.1".into() });
//! // Compare-and-set expects what the client knew last.
//! workload.saw("x", Some("4.1"));
//! let compares = Mix { compares: 100, ..writes };
//! let next = workload.next(NodeId(4), compares, &mut rng);
//! assert_eq!(next, Work::CompareAndSet { key: "x".into(), old: Some("4.1".into()), new: "4.2".into() });
//! // With no time between operations there are none.
//! assert_eq!(Workload::pause(Duration(0), Duration::millis(5)), None);
//! ```

use faultline_sim::process::NodeId;
use faultline_sim::rng::Rng;
use faultline_sim::sorted::SortedMap;
use faultline_sim::time::Duration;
use serde::Serialize;

/// What a client does, in per cent of its operations; the rest are writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mix {
    pub reads: u32,
    pub compares: u32,
    /// How many keys there are, at least one.
    pub keys: u32,
}

/// One operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Work {
    Read {
        key: String,
    },
    Write {
        key: String,
        value: String,
    },
    /// Writes `new` if the value is `old`.
    CompareAndSet {
        key: String,
        old: Option<String>,
        new: String,
    },
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
    /// The time until the first operation: clients do not act in step, so each begins at a random point
    /// of the first period, which is `least` long or longer.
    pub fn first(every: Duration, least: Duration, rng: &mut Rng) -> Duration {
        Duration(rng.between(0, every.max(least).0))
    }

    /// The time between two operations; none if the client does nothing by itself.
    #[must_use]
    pub fn pause(every: Duration, least: Duration) -> Option<Duration> {
        (every.0 > 0).then(|| every.max(least))
    }

    /// The next operation.
    pub fn next(&mut self, me: NodeId, mix: Mix, rng: &mut Rng) -> Work {
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
            return Work::Read { key };
        }
        self.writes += 1;
        let value = format!("{}.{}", me.0, self.writes);
        if draw < mix.reads + mix.compares {
            let old = self.known.get(&key).cloned();
            return Work::CompareAndSet {
                key,
                old,
                new: value,
            };
        }
        Work::Write { key, value }
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

    fn works(mix: Mix, seed: u64) -> Vec<Work> {
        let mut rng = Rng::stream(seed, "workload", 0);
        let mut workload = Workload::default();
        (0..2_000)
            .map(|_| workload.next(NodeId(7), mix, &mut rng))
            .collect()
    }

    #[test]
    fn the_mix_is_what_was_asked_for() {
        let mix = Mix {
            reads: 50,
            compares: 20,
            keys: 4,
        };
        let all = works(mix, 3);
        let share = |is: fn(&Work) -> bool| all.iter().filter(|work| is(work)).count() / 20;
        assert!((45..=55).contains(&share(|work| matches!(work, Work::Read { .. }))));
        assert!((16..=24).contains(&share(|work| matches!(work, Work::CompareAndSet { .. }))));
        for name in ["x", "y", "z", "k4"] {
            let of = |work: &&Work| match work {
                Work::Read { key } | Work::Write { key, .. } | Work::CompareAndSet { key, .. } => {
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
        let mut values: Vec<String> = works(mix, 5)
            .into_iter()
            .filter_map(|work| match work {
                Work::Write { value, .. } | Work::CompareAndSet { new: value, .. } => Some(value),
                Work::Read { .. } => None,
            })
            .collect();
        let all = values.len();
        values.sort();
        values.dedup();
        assert_eq!((all, values.len()), (2_000, 2_000));
    }
}
