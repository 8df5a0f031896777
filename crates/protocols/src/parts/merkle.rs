//! Hash trees over keys: two copies find what differs with few comparisons (Merkle 1987; Dynamo 4.7).
//!
//! Keys lie in leaves by their hash. A node of the tree is a [`Span`] of leaves, and its hash is the
//! hash of all that lies in them. Equal hashes end the search in a span; others are halved:
//!
//! ```
//! use faultline_protocols::parts::merkle::{LEAVES, Span, leaf};
//!
//! let (mine, theirs) = ([1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 3, 4, 5, 6, 7, 0]);
//! let sum = |leaves: &[u64], span: Span| -> u64 { span.leaves().map(|at| leaves[at as usize]).sum() };
//! let (mut open, mut compared, mut differ) = (vec![Span::ALL], 0, Vec::new());
//! while let Some(span) = open.pop() {
//!     compared += 1;
//!     match (sum(&mine, span) == sum(&theirs, span), span.halves()) {
//!         (true, _) => {}
//!         (false, Some(halves)) => open.extend(halves),
//!         (false, None) => differ.push(span.from),
//!     }
//! }
//! // The root, and two halves on each of three levels.
//! assert_eq!((LEAVES, compared, differ), (8, 7, vec![7]));
//! assert_ne!(leaf("k1"), leaf("k2"));
//! ```

use std::fmt;

use faultline_sim::hash::stable_hash;
use serde::{Serialize, Serializer};

/// How many leaves a tree has.
pub const LEAVES: u32 = 8;

/// The leaf of a key: its hash as Java makes it, so that k1 to k8 lie in different leaves.
pub fn leaf(key: &str) -> u32 {
    let hash = |hash: u32, letter: char| hash.wrapping_mul(31).wrapping_add(letter as u32);
    key.chars().fold(0, hash) % LEAVES
}

/// Leaves beside each other: a node of the tree. Written `0-3`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    pub from: u32,
    /// How many, a power of two.
    pub count: u32,
}

impl Span {
    /// The root.
    pub const ALL: Self = Self {
        from: 0,
        count: LEAVES,
    };

    pub fn leaves(self) -> std::ops::Range<u32> {
        self.from..self.from + self.count
    }

    pub fn has(self, key: &str) -> bool {
        self.leaves().contains(&leaf(key))
    }

    /// Both children; none of a leaf.
    pub fn halves(self) -> Option<[Self; 2]> {
        let count = self.count / 2;
        let half = |from| Self { from, count };
        (count > 0).then(|| [half(self.from), half(self.from + count)])
    }

    /// The hash of the entries that lie in it.
    pub fn hash<'a, E: std::hash::Hash + 'a>(
        self,
        entries: impl Iterator<Item = (&'a String, &'a E)>,
    ) -> u64 {
        let own: Vec<(&String, &E)> = entries.filter(|(key, _)| self.has(key)).collect();
        stable_hash(&own)
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.count {
            1 => write!(f, "{}", self.from),
            count => write!(f, "{}-{}", self.from, self.from + count - 1),
        }
    }
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
