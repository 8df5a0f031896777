//! Faultline's catalogue. To add a protocol: make its folder, and add one word to `catalogue!`.
#![forbid(unsafe_code)]

use faultline_sim::descriptor::{Catalogue, Protocol};
use faultline_sim::question::{self, Question};

mod clocks;
mod elections;
pub mod parts;
mod words;

macro_rules! catalogue {
    ($($protocol:ident),* $(,)?) => {
        $(pub mod $protocol;)*
        static PROTOCOLS: &[&Protocol] = &[$(&$protocol::PROTOCOL),*];

        /// The questions of each protocol, in the order of the catalogue. A page fetches them as files.
        pub const QUESTIONS: &[(&str, &str)] = &[$(
            ($protocol::PROTOCOL.id, include_str!(concat!(stringify!($protocol), "/questions.txt")))
        ),*];
    };
}

catalogue! { raft, paxos, multi_paxos, no_consensus, pbft, pow, pos, cluster, bare_service, clock_sync, truetime, lamport, vector, bully, election, ring_election, lease, hash_ring, shard_range, scatter, two_phase_commit, three_phase_commit, saga, deadlock, gossip, swim, counter, kv, primary_backup, cap, heartbeat, snapshot, museum, board }

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

/// The questions and goals of a protocol.
///
/// # Errors
/// The file and line that cannot be read, or that names what there is not.
pub fn questions(protocol: &Protocol) -> Result<Vec<Question>, String> {
    let own = QUESTIONS.iter().find(|(id, _)| *id == protocol.id);
    let folder = protocol.id.replace('-', "_");
    let at = |wrong: question::Wrong| {
        format!(
            "crates/protocols/src/{folder}/questions.txt:{}: {}",
            wrong.line, wrong.why
        )
    };
    let found = question::read(own.map_or("", |(_, text)| text)).map_err(at)?;
    found
        .iter()
        .try_for_each(|question| question::check(question, protocol))
        .map_err(at)?;
    Ok(found)
}
