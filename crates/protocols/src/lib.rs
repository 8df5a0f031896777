//! Faultline's catalogue. To add a protocol: make its folder, and add one word to `catalogue!`.
#![forbid(unsafe_code)]

use faultline_sim::descriptor::{Catalogue, Protocol};

mod clocks;
mod elections;
pub mod parts;
mod words;

macro_rules! catalogue {
    ($($protocol:ident),* $(,)?) => {
        $(pub mod $protocol;)*
        static PROTOCOLS: &[&Protocol] = &[$(&$protocol::PROTOCOL),*];
    };
}

catalogue! { raft, cluster, lamport, vector, bully, election, ring_election, lease, hash_ring, two_phase_commit, gossip }

/// What `cargo xtask new` copies: no part of the catalogue, and tried like one.
#[cfg(test)]
#[path = "../template/mod.rs"]
mod template;

/// All protocols, in the order of the library.
pub const CATALOGUE: Catalogue = Catalogue(PROTOCOLS);

/// What the page opens with.
pub const HOME: &str = "raft/kill-the-leader";

/// The protocols that the home page needs, so that a first visit loads no others.
pub const AT_HOME: Catalogue = Catalogue(&[&raft::PROTOCOL]);
