//! The slashing conditions (Casper, section 2), and the proofs that somebody broke one.

use faultline_sim::process::NodeId;
use serde::Serialize;

use super::Attestation;
use super::message::Header;

/// Two signed messages of one validator that it must not both sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Evidence {
    /// Two blocks for one slot.
    TwoBlocks(Header, Header),
    /// Condition I: two votes for one target epoch.
    TwoVotes(Attestation, Attestation),
    /// Condition II: the link of the first vote spans that of the second.
    Surround(Attestation, Attestation),
}

/// Condition I. A vote that comes twice is no second one.
pub fn is_double(a: &Attestation, b: &Attestation) -> bool {
    a.target.epoch == b.target.epoch && a != b
}

/// Condition II: h(s1) < h(s2) < h(t2) < h(t1).
pub fn surrounds(outer: &Attestation, inner: &Attestation) -> bool {
    outer.source.epoch < inner.source.epoch && inner.target.epoch < outer.target.epoch
}

/// The proof that two votes of one validator are, if they are any.
pub fn judge(a: &Attestation, b: &Attestation) -> Option<Evidence> {
    if is_double(a, b) {
        return Some(Evidence::TwoVotes(*a, *b));
    }
    if surrounds(a, b) {
        return Some(Evidence::Surround(*a, *b));
    }
    surrounds(b, a).then_some(Evidence::Surround(*b, *a))
}

impl Evidence {
    pub fn offender(&self) -> NodeId {
        match self {
            Evidence::TwoBlocks(header, _) => header.by,
            Evidence::TwoVotes(vote, _) | Evidence::Surround(vote, _) => vote.validator,
        }
    }

    /// What it proves, in words.
    pub fn in_words(&self) -> String {
        match self {
            Evidence::TwoBlocks(header, _) => format!("two blocks for slot {}", header.id.slot),
            Evidence::TwoVotes(vote, _) => format!("two votes for epoch {}", vote.target.epoch),
            Evidence::Surround(outer, inner) => format!(
                "a vote from epoch {} to {} around one from {} to {}",
                outer.source.epoch, outer.target.epoch, inner.source.epoch, inner.target.epoch
            ),
        }
    }

    /// Whether it proves anything: both are of one validator, and break a condition.
    pub fn holds(&self) -> bool {
        match self {
            Evidence::TwoBlocks(a, b) => a.by == b.by && a.id.slot == b.id.slot && a.id != b.id,
            Evidence::TwoVotes(a, b) => a.validator == b.validator && is_double(a, b),
            Evidence::Surround(a, b) => a.validator == b.validator && surrounds(a, b),
        }
    }

    /// Whether the offender signed both.
    pub fn is_signed(&self) -> bool {
        match self {
            Evidence::TwoBlocks(a, b) => a.is_signed() && b.is_signed(),
            Evidence::TwoVotes(a, b) | Evidence::Surround(a, b) => a.is_signed() && b.is_signed(),
        }
    }
}
