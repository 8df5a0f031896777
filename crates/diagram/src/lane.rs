//! The records of one node.

use std::mem::size_of;

use crate::tail::Tail;

/// A node's records in order. Their own numbers count from its first record ever.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lane {
    /// The numbers of its records in the run; the first one has the own number 1.
    pub places: Tail<u32>,
    /// How many of the forgotten ones are sendings.
    pub sends: u32,
    /// Own numbers of forgotten records that vectors still refer to, in order, each with its sendings.
    pub named: Vec<(u32, u32)>,
}

impl Lane {
    /// How many records the node has had.
    pub fn len(&self) -> u32 {
        self.places.len() as u32
    }

    /// The run's number of a record, by its own number.
    pub fn place(&self, own: u32) -> Option<usize> {
        let place = self.places.get((own as usize).checked_sub(1)?)?;
        Some(*place as usize)
    }

    /// Whether the record with this own number is forgotten.
    pub fn has_forgotten(&self, own: u32) -> bool {
        own > 0 && own as usize <= self.places.first()
    }

    /// The number of sendings up to a forgotten record that a vector refers to.
    pub fn sends_by(&self, own: u32) -> Option<u32> {
        let at = self.named.binary_search_by(|(named, _)| named.cmp(&own));
        at.ok().map(|at| self.named[at].1)
    }

    /// Its memory.
    pub fn bytes(&self) -> usize {
        self.places.bytes() + self.named.capacity() * size_of::<(u32, u32)>()
    }
}
