//! A node's clock: one number or one number for each node.

use std::fmt;

use faultline_sim::process::NodeId;
use serde::Serialize;

use crate::{lamport, vector};

/// A logical clock, and the stamp it gives.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
pub enum Clock {
    Number(u64),
    /// By node, from the first; parts that are missing at the end are zero.
    Vector(Vec<u64>),
}

impl Clock {
    pub fn tick(&mut self, me: NodeId) {
        match self {
            Clock::Number(time) => lamport::tick(time),
            Clock::Vector(parts) => vector::tick(parts, me),
        }
    }

    /// The rule for receiving, before the clock ticks.
    pub fn raise_to(&mut self, stamp: &Clock) {
        match (self, stamp) {
            (Clock::Number(time), Clock::Number(other)) => lamport::raise_to(time, *other),
            (Clock::Vector(parts), Clock::Vector(others)) => vector::raise_to(parts, others),
            _ => {}
        }
    }

    /// All parts; a number is its only part.
    pub fn parts(&self) -> &[u64] {
        match self {
            Clock::Number(time) => std::slice::from_ref(time),
            Clock::Vector(parts) => parts,
        }
    }
}

/// Parts of a vector that are written out; of a longer one, only those that are not zero.
const SHORT: usize = 8;

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = match self {
            Clock::Number(time) => return time.fmt(f),
            Clock::Vector(parts) => parts,
        };
        f.write_str("[")?;
        let mut first = true;
        for (i, part) in parts.iter().enumerate() {
            let named = parts.len() > SHORT;
            if named && *part == 0 {
                continue;
            }
            if !first {
                f.write_str(if named { ", " } else { " " })?;
            }
            first = false;
            if named {
                write!(f, "n{} ", i + 1)?;
            }
            part.fmt(f)?;
        }
        f.write_str("]")
    }
}
