//! Vector stamps, computed when somebody looks (a vector on every record would cost gigabytes).
//!
//! The kernel's own vectors tick on every record of a node, sending included, so that the stamp of a
//! record is its causal past. References: Fidge 1988; Mattern 1989.

use crate::sorted::SortedMap;

use crate::event::Record;

/// A vector: for each node, how many of its records lie in the past (the record itself included).
pub type Vector = SortedMap<u32, u64>;

/// How two stamped records lie to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The first is in the second's past: it may have caused it.
    Before,
    /// The second is in the first's past.
    After,
    /// Equal vectors: one and the same record, or a record of no node and its cause.
    Same,
    /// Neither can have caused the other.
    Concurrent,
}

/// Compares two vectors component by component.
#[must_use]
pub fn compare(a: &Vector, b: &Vector) -> Order {
    let covers = |big: &Vector, small: &Vector| {
        small
            .iter()
            .all(|(node, count)| big.get(node).copied().unwrap_or(0) >= *count)
    };
    match (covers(b, a), covers(a, b)) {
        (true, true) => Order::Same,
        (true, false) => Order::Before,
        (false, true) => Order::After,
        (false, false) => Order::Concurrent,
    }
}

/// The vectors of all records of a trace from its beginning, in order. Records of no node (losses,
/// commands) carry the past of their cause without a tick of their own.
#[must_use]
pub fn vectors<'a>(records: impl IntoIterator<Item = &'a Record>) -> Vec<Vector> {
    let mut out: Vec<Vector> = Vec::new();
    let mut latest: SortedMap<u32, Vector> = SortedMap::new();
    for record in records {
        let cause = record
            .caused_by
            .checked_sub(1)
            .and_then(|at| out.get(at as usize));
        let mut vector = record
            .node
            .and_then(|id| latest.get(&id.0))
            .cloned()
            .unwrap_or_default();
        for (node, count) in cause.into_iter().flatten() {
            let own = vector.entry(*node).or_default();
            *own = (*own).max(*count);
        }
        if let Some(id) = record.node {
            *vector.entry(id.0).or_default() += 1;
            latest.insert(id.0, vector.clone());
        }
        out.push(vector);
    }
    out
}
