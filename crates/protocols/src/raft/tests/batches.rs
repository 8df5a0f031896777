//! Batches, and the bound on the entries of one message.

use super::{Play, broken, count, probe, sent, solo_leader_given};
use crate::raft::{Message, Timer};

#[test]
fn a_message_carries_so_many_entries_and_no_more() {
    for (most, expected) in [("1", 1), ("3", 3), ("100", 8)] {
        let mut solo = solo_leader_given(2, &[1; 8], 2, &[("most", most)]);
        solo.node
            .next_index
            .insert(faultline_sim::process::NodeId(2), 1);
        let said = solo.fire(Timer::Heartbeat);
        let [(_, Message::AppendEntries { entries, .. })] = &said[..] else {
            panic!("one message, not {said:?}");
        };
        assert_eq!(entries.len(), expected);
    }
}

/// Fewer messages for each entry, and a longer wait for each client.
#[test]
fn gathering_trades_messages_for_time() {
    for seed in 1..=4 {
        let each = Play::of("each-at-once").seed(seed).until(2_000);
        let gathered = Play::of("gathered").seed(seed).until(2_000);
        let read = |run, name| probe(run, name).unwrap();
        let (many, few) = (read(&each, "per-entry"), read(&gathered, "per-entry"));
        assert!(few * 2.0 < many, "{few} {many}");
        assert!(read(&gathered, "mean") > read(&each, "mean"));
        assert_eq!((broken(&each), broken(&gathered)), (vec![], vec![]));
        let appends = |run| count(run, |record| sent(record, "AppendEntries").is_some());
        assert!(appends(&gathered) < appends(&each));
    }
}
