//! Causality: the cones of one event, and the order of two events.

use faultline_sim::process::NodeId;
use faultline_sim::stamps::Order;

use crate::index::{Entry, Index};

/// The past and the future of one record, by lane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cones {
    /// The record.
    pub seq: u64,
    /// Its node; none for records of the network and of the person.
    pub node: Option<NodeId>,
    /// For each lane, how many of its records are in the past; the record itself counts on its own
    /// lane.
    pub past: Vec<u32>,
    /// For each lane, the number of its first record in the future; 0 if there is none yet.
    pub future: Vec<u32>,
    /// The future has been computed up to this record.
    upto: u64,
}

/// The relation of another record to this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// It may have caused the record.
    Past,
    /// The record itself.
    Here,
    /// The record may have caused it.
    Future,
    /// Neither.
    Concurrent,
}

impl Cones {
    /// The cones of a record; none if it, or something it depends on, is forgotten or unread.
    #[must_use]
    pub fn new(index: &Index, seq: u64) -> Option<Self> {
        let entry = index.entry(seq)?;
        let mut cones = Self {
            seq,
            node: (entry.node > 0).then_some(NodeId(entry.node)),
            past: index.vector(seq)?,
            future: vec![0; index.nodes()],
            upto: seq,
        };
        cones.follow(index);
        Some(cones)
    }

    /// Continues with new records. False if the index cannot: it has forgotten the next records or is
    /// being read again. Then the cones must be computed again.
    pub fn follow(&mut self, index: &Index) -> bool {
        if self.upto + 1 < index.first() || self.upto > index.len() {
            return false;
        }
        self.past.resize(index.nodes().max(self.past.len()), 0);
        self.future.resize(index.nodes().max(self.future.len()), 0);
        let (from, to) = (self.upto as usize, index.entries.len());
        for (at, entry) in (from..to).zip(index.entries.range(from, to)) {
            let Some(lane) = (entry.node as usize).checked_sub(1) else {
                continue;
            };
            if self.future[lane] > 0 {
                continue;
            }
            let own = self.node == Some(NodeId(entry.node));
            let caused = match index.given.get(at) {
                // A clock may have learned of it in several ways.
                Some(given) => self.node.is_some_and(|node| {
                    let here = self.past.get(node.index());
                    here.is_some_and(|own| given.get(node.index()) >= Some(own))
                }),
                None => entry.cause == self.seq || self.reaches(index, entry),
            };
            if own || caused {
                self.future[lane] = entry.own;
            }
        }
        self.upto = index.len();
        true
    }

    /// Whether the cause of a record is in the future.
    fn reaches(&self, index: &Index, entry: &Entry) -> bool {
        if entry.cause <= self.seq {
            return false;
        }
        let (node, own) = match index.entry(entry.cause) {
            Some(cause) => (cause.node, cause.own),
            // Its sending may be forgotten.
            None => match index.message(entry.link).filter(|_| !entry.what.is_timer()) {
                Some(message) => (message.address.from.0, message.sent_own),
                None => return false,
            },
        };
        let lane = (node as usize).checked_sub(1);
        let first = lane.map_or(0, |lane| self.future[lane]);
        first > 0 && first <= own
    }

    /// The relation of a node's record, by its number at its node.
    #[must_use]
    pub fn side(&self, node: NodeId, own: u32) -> Side {
        let past = self.past.get(node.index()).copied().unwrap_or_default();
        let future = self.future.get(node.index()).copied().unwrap_or_default();
        if self.node == Some(node) && own == past {
            Side::Here
        } else if own <= past {
            Side::Past
        } else if future > 0 && own >= future {
            Side::Future
        } else {
            Side::Concurrent
        }
    }

    /// How many records of nodes are in the past, in the future, and concurrent, without the record
    /// itself. An index that is being read again may not know all of them yet.
    #[must_use]
    pub fn counts(&self, index: &Index) -> (u64, u64, u64) {
        let own = u64::from(self.node.is_some());
        let past: u64 = self.past.iter().map(|own| u64::from(*own)).sum();
        let lanes = self.future.iter().enumerate();
        let future: u64 = lanes
            .filter(|(_, first)| **first > 0)
            .map(|(lane, first)| {
                (index.records_of(NodeId(lane as u32 + 1)) + 1).saturating_sub(u64::from(*first))
            })
            .sum();
        let all: u64 = (0..index.nodes())
            .map(|lane| index.records_of(NodeId(lane as u32 + 1)))
            .sum();
        (past - own, future, all.saturating_sub(past + future))
    }
}

/// One component of two vectors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The node of the component.
    pub node: NodeId,
    /// Of the first event.
    pub a: u32,
    /// Of the second event.
    pub b: u32,
    /// `<`, `=` or `>`.
    pub sign: char,
}

/// The relation of two records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// The first against the second.
    pub order: Order,
    /// Component by component.
    pub columns: Vec<Column>,
    /// The same under the convention that sending is not a tick.
    pub quiet: Vec<Column>,
    /// The relation under that convention: a sending and the record before it become the same.
    pub quiet_order: Order,
}

/// Compares two records by their vectors; none if one of them is forgotten or unread.
#[must_use]
pub fn compare(index: &Index, a: u64, b: u64) -> Option<Comparison> {
    let (a, b) = (index.vector(a)?, index.vector(b)?);
    let (quiet_a, quiet_b) = (index.without_sends(&a), index.without_sends(&b));
    Some(Comparison {
        order: order(&a, &b),
        columns: columns(&a, &b),
        quiet_order: order(&quiet_a, &quiet_b),
        quiet: columns(&quiet_a, &quiet_b),
    })
}

fn order(a: &[u32], b: &[u32]) -> Order {
    let covers =
        |big: &[u32], small: &[u32]| big.iter().zip(small).all(|(big, small)| big >= small);
    match (covers(b, a), covers(a, b)) {
        (true, true) => Order::Same,
        (true, false) => Order::Before,
        (false, true) => Order::After,
        (false, false) => Order::Concurrent,
    }
}

fn columns(a: &[u32], b: &[u32]) -> Vec<Column> {
    let column = |(lane, (a, b)): (usize, (&u32, &u32))| Column {
        node: NodeId(lane as u32 + 1),
        a: *a,
        b: *b,
        sign: match a.cmp(b) {
            std::cmp::Ordering::Less => '<',
            std::cmp::Ordering::Equal => '=',
            std::cmp::Ordering::Greater => '>',
        },
    };
    a.iter().zip(b).enumerate().map(column).collect()
}
