//! Banks with one row each, and transfers between them: what protocols of atomic commitment work on.
//!
//! ```
//! use faultline_protocols::parts::bank::{Request, changes};
//! use faultline_sim::process::NodeId;
//!
//! let banks = [NodeId(2), NodeId(3), NodeId(4)];
//! let share = Request::Share { from: NodeId(2), amount: 5 };
//! let changes = changes(&share, banks.into_iter()).unwrap();
//! assert_eq!(changes.values().sum::<i64>(), 0, "money is moved, not made");
//! assert_eq!(changes[&NodeId(2)], -10);
//! ```

use std::fmt;
use std::hash::{Hash, Hasher};

use faultline_sim::descriptor::{RequestForm, json};
use faultline_sim::event::{Event, Record};
use faultline_sim::frame::{Figure, Lock, Wait, Waits};
use faultline_sim::kit::Total;
use faultline_sim::network::{Latency, Link};
use faultline_sim::probe::Probe;
use faultline_sim::process::NodeId;
use faultline_sim::rng::Rng;
use faultline_sim::sorted::SortedMap;
use faultline_sim::time::{Duration, LocalTime};
use faultline_sim::world::World;
use serde::{Deserialize, Serialize, Serializer};

/// The node that coordinates.
pub const COORDINATOR: NodeId = NodeId(1);
/// What each bank's row holds at the start.
pub const OPENING_BALANCE: i64 = 100;

/// A transaction's number, from 1, written `T1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tx(pub u64);

impl fmt::Display for Tx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "T{}", self.0)
    }
}

impl Serialize for Tx {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl From<Tx> for faultline_sim::mark::Value {
    fn from(tx: Tx) -> Self {
        tx.0.into()
    }
}

/// A time that only pictures read. It decides nothing, so it is no part of a state's hash.
#[derive(Clone, Copy, Debug, Default)]
pub struct Noted(pub LocalTime);

impl Hash for Noted {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

/// A bank's row as a lock: who holds it and since when, and who waits for it.
#[must_use]
pub fn locked(
    id: NodeId,
    held: Option<(Tx, LocalTime)>,
    queue: impl Iterator<Item = Tx>,
) -> Figure {
    let on = format!("row {}", id.0);
    let queue: Vec<String> = queue.map(|tx| tx.to_string()).collect();
    let waits = |holder: Tx| {
        let wait = |waiter: &String| Wait {
            waiter: waiter.clone(),
            holder: holder.to_string(),
            on: on.clone(),
        };
        queue.iter().map(wait).collect()
    };
    let waits = held.map_or_else(Vec::new, |(tx, _)| waits(tx));
    let lock = held.map(|(tx, since)| Lock {
        on,
        holder: tx.to_string(),
        since,
        queue,
    });
    Figure::Waits(Waits {
        locks: lock.into_iter().collect(),
        waits,
    })
}

/// How a transaction ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    Commit,
    Abort,
}

impl Decision {
    /// As a verb of the transaction: "T1 commits".
    #[must_use]
    pub fn verb(self) -> &'static str {
        match self {
            Decision::Commit => "commits",
            Decision::Abort => "aborts",
        }
    }

    /// As a chip: "T1 committed".
    #[must_use]
    pub fn chip(self, tx: Tx) -> String {
        match self {
            Decision::Commit => format!("{tx} committed"),
            Decision::Abort => format!("{tx} aborted"),
        }
    }
}

/// What a person may ask for.
#[derive(Clone, Debug, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Request {
    /// From one bank to another.
    Transfer {
        from: NodeId,
        to: NodeId,
        amount: u32,
    },
    /// From one bank to each of the others.
    Share { from: NodeId, amount: u32 },
    /// At the bank that is asked, and nowhere else.
    Deposit { amount: u32 },
}

/// What coordinators are asked for.
pub const REQUESTS: [RequestForm; 2] = [
    RequestForm::new("Transfer money between two banks", || {
        let (from, to) = (NodeId(2), NodeId(3));
        json(Request::Transfer {
            from,
            to,
            amount: 10,
        })
    })
    .of_role("coordinator"),
    RequestForm::new("One bank pays each of the others", || {
        json(Request::Share {
            from: NodeId(2),
            amount: 10,
        })
    })
    .of_role("coordinator"),
];

/// A transfer between any two banks; none where there are fewer.
pub fn any_transfer(banks: impl Iterator<Item = NodeId>, rng: &mut Rng) -> Option<Request> {
    let mut banks: Vec<NodeId> = banks.collect();
    if banks.len() < 2 {
        return None;
    }
    let from = banks.remove(rng.below(banks.len() as u64) as usize);
    let to = banks[rng.below(banks.len() as u64) as usize];
    let amount = rng.between(1, 40) as u32;
    Some(Request::Transfer { from, to, amount })
}

/// What each bank's row changes by; the sum is 0.
///
/// # Errors
/// A sentence that says why there is no such transaction.
pub fn changes(
    request: &Request,
    banks: impl Iterator<Item = NodeId> + Clone,
) -> Result<SortedMap<NodeId, i64>, String> {
    let known = |id: NodeId| {
        let known = banks.clone().any(|bank| bank == id);
        known
            .then_some(id)
            .ok_or(format!("{id} is not a participant"))
    };
    match *request {
        Request::Transfer { from, to, amount } => {
            if known(from)? == known(to)? {
                return Err(format!("{from} cannot pay itself"));
            }
            let amount = i64::from(amount);
            Ok([(from, -amount), (to, amount)].into_iter().collect())
        }
        Request::Share { from, amount } => {
            let from = known(from)?;
            let amount = i64::from(amount);
            let mut changes: SortedMap<NodeId, i64> = banks.map(|bank| (bank, amount)).collect();
            let others = changes.len() as i64 - 1;
            changes.insert(from, -amount * others);
            Ok(changes)
        }
        Request::Deposit { .. } => Err("money is paid in at a bank".to_owned()),
    }
}

/// What banks hold together, from what each of them holds. They began with the same.
pub fn total(each: impl Iterator<Item = i64>) -> Total {
    let (banks, now) = each.fold((0, 0), |(banks, sum), one| (banks + 1, sum + one));
    let should = OPENING_BALANCE * banks;
    Total {
        title: "Money in all banks",
        now,
        should,
    }
}

/// The refusal of a bank that is asked for what is a coordinator's.
#[must_use]
pub fn not_here() -> String {
    format!("only the coordinator, {COORDINATOR}, takes transfers")
}

/// Twelve transactions, and in each the coordinator crashes a little later and then comes back: the first crash
/// comes when nothing has arrived yet, the last one when all is over. For links as [`QUICK`].
pub const CRASH_POINTS: &[&str] = &[
    r#"1000ms request n1 {"share":{"from":2,"amount":1}}"#,
    "1010ms crash n1",
    "2300ms recover n1",
    r#"3000ms request n1 {"share":{"from":2,"amount":1}}"#,
    "3025ms crash n1",
    "4300ms recover n1",
    r#"5000ms request n1 {"share":{"from":2,"amount":1}}"#,
    "5040ms crash n1",
    "6300ms recover n1",
    r#"7000ms request n1 {"share":{"from":2,"amount":1}}"#,
    "7055ms crash n1",
    "8300ms recover n1",
    r#"9000ms request n1 {"share":{"from":2,"amount":1}}"#,
    "9070ms crash n1",
    "10300ms recover n1",
    r#"11000ms request n1 {"share":{"from":2,"amount":1}}"#,
    "11085ms crash n1",
    "12300ms recover n1",
    r#"13000ms request n1 {"share":{"from":2,"amount":1}}"#,
    "13100ms crash n1",
    "14300ms recover n1",
    r#"15000ms request n1 {"share":{"from":2,"amount":1}}"#,
    "15115ms crash n1",
    "16300ms recover n1",
    r#"17000ms request n1 {"share":{"from":2,"amount":1}}"#,
    "17130ms crash n1",
    "18300ms recover n1",
    r#"19000ms request n1 {"share":{"from":2,"amount":1}}"#,
    "19145ms crash n1",
    "20300ms recover n1",
    r#"21000ms request n1 {"share":{"from":2,"amount":1}}"#,
    "21160ms crash n1",
    "22300ms recover n1",
    r#"23000ms request n1 {"share":{"from":2,"amount":1}}"#,
    "23175ms crash n1",
    "24300ms recover n1",
];

/// Ten times as fast as usual, so that many transactions fit into a short run.
pub const QUICK: Link = Link::new(Latency::Uniform {
    min: Duration::millis(30),
    max: Duration::millis(50),
});

/// Counts how often the coordinator comes back and a row is still locked, since nobody could go on without it.
#[derive(Clone)]
pub struct LeftWaiting {
    is_locked: fn(&World) -> bool,
    times: u32,
}

impl LeftWaiting {
    /// The measure, by what says whether a row is locked.
    #[must_use]
    pub fn boxed(is_locked: fn(&World) -> bool) -> Box<dyn Probe> {
        Box::new(Self {
            is_locked,
            times: 0,
        })
    }

    /// What it is called.
    pub const TITLE: &str =
        "Crashes of the coordinator after which a bank waited until it was back";
}

impl Probe for LeftWaiting {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        let back = record.node == Some(COORDINATOR) && matches!(record.event, Event::Recovered);
        if back && (self.is_locked)(world) {
            self.times += 1;
        }
    }
    fn value(&self, _world: &World) -> Option<f64> {
        Some(f64::from(self.times))
    }
}
