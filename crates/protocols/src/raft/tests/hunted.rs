//! What is off by default is hunted, too: random faults, and servers that join and leave.

use faultline_sim::search::Hunt;

use super::ONLY;
use crate::raft::PROTOCOL;

const SEEDS: u64 = 40;

fn nothing_breaks(params: &[(&str, &str)]) {
    let hunt = Hunt {
        params: params
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        ..Hunt::new(ONLY, &PROTOCOL)
    };
    for seed in 0..SEEDS {
        let seen = hunt.seek(seed).unwrap();
        assert!(seen.hits.is_empty(), "{params:?}: {}", seen.hits[0]);
    }
}

#[test]
fn changes_of_one_voter_keep_all_laws() {
    nothing_breaks(&[("membership", "single")]);
}

#[test]
fn joint_changes_keep_all_laws() {
    nothing_breaks(&[("membership", "joint"), ("compact", "4")]);
}

#[test]
fn snapshots_and_small_messages_keep_all_laws() {
    nothing_breaks(&[("compact", "2"), ("most", "2"), ("batch", "10")]);
}

#[test]
fn handovers_keep_all_laws() {
    nothing_breaks(&[("prefer", "2"), ("membership", "single"), ("compact", "3")]);
}
