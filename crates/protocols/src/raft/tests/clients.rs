//! Section 8: redirects, retries under one id, reads through the leader.

use crate::parts::kv::Op;
use faultline_sim::event::{Event, Outcome};
use faultline_sim::history::End;
use faultline_sim::process::NodeId;

use super::super::{Message, PROTOCOL};
use super::{Play, broken, count, leaders, node, probe, solo, solo_leader};
use crate::parts::request::RequestId;

const WRITE: &str = r#"request n3 {"write":{"key":"x","value":"1"}}"#;

/// Outcomes of operations as short text, in order.
fn outcomes(run: &faultline_sim::timeline::Timeline) -> Vec<String> {
    let outcome = |record: &faultline_sim::event::Record| match &record.event {
        Event::Completed {
            outcome: Outcome::Replied(reply),
            ..
        } => Some(reply.0.text()),
        _ => None,
    };
    run.trace().records().filter_map(outcome).collect()
}

#[test]
fn a_follower_redirects_to_the_leader_it_knows() {
    let ask = Message::ClientRequest {
        id: RequestId {
            from: NodeId(6),
            number: 1,
        },
        attempt: 1,
        op: Op::Read { key: "x".into() },
    };
    for leader in [None, Some(NodeId(4))] {
        let mut follower = solo(5, &[1]);
        follower.node.leader = leader;
        let answer = follower.deliver(6, ask.clone());
        let json = serde_json::to_value(&answer[0].1).unwrap();
        let hint = &json["ClientReply"]["answer"]["not_leader"]["leader"];
        assert_eq!(hint.as_u64(), leader.map(|id| u64::from(id.0)));
    }
}

#[test]
fn a_write_at_any_server_reaches_the_leader_and_is_answered_once() {
    for seed in 0..16 {
        let run = Play::of("kill-the-leader")
            .seed(seed)
            .commands(&[&format!("600ms {WRITE}")])
            .until(1_200);
        assert_eq!(outcomes(&run), ["Written {index 2}"], "seed {seed}");
        for id in 1..=5 {
            assert_eq!(node(&run, id).machine.kv.values["x"], "1");
        }
        assert_eq!(probe(&run, "ok"), Some(100.0));
    }
}

#[test]
fn a_retry_is_executed_once() {
    // The answer to the client n6 is lost, so it asks again.
    let write = r#"300ms request n6 {"write":{"key":"x","value":"1"}}"#;
    let commands = [
        "10ms fire n1 ElectionTimeout",
        "299ms oneway n1->n6",
        "420ms heal",
        write,
    ];
    for once in [true, false] {
        let run = Play::of("kill-the-leader")
            .param("clients", 1)
            .switch("apply-once", once)
            .commands(&commands)
            .until(2_000);
        assert_eq!(outcomes(&run).len(), 1);
        let laws: Vec<&str> = broken(&run).into_iter().map(|(name, _)| name).collect();
        let entries = node(&run, 1).log.iter().filter(|e| e.id.is_some()).count();
        if once {
            assert_eq!((entries, laws.as_slice()), (1, &[][..]));
        } else {
            assert_eq!((entries, laws.as_slice()), (2, &["at-most-once"][..]));
        }
    }
}

#[test]
fn a_retry_at_the_next_leader_is_executed_once() {
    // n1 commits the write and crashes before it can tell; n2 has the entry and is asked again.
    for seed in 0..32 {
        let run = Play::of("kill-the-leader")
            .seed(seed)
            .param("clients", 1)
            .commands(&[
                "10ms fire n1 ElectionTimeout",
                "299ms oneway n1->n6",
                r#"300ms request n6 {"write":{"key":"x","value":"1"}}"#,
                "400ms crash n1",
            ])
            .until(3_000);
        assert_eq!(outcomes(&run).len(), 1, "seed {seed}");
        assert_eq!(broken(&run), [], "seed {seed}");
    }
}

#[test]
fn a_read_asks_a_majority_first() {
    // A deposed leader that reaches no one does not answer; without the rule it returns a stale value.
    let silent = Play::of("stale-read")
        .switch("confirm-reads", true)
        .until(3_000);
    assert_eq!(broken(&silent), []);
    let old = |text: &String| text.contains("old");
    assert!(!outcomes(&silent).iter().any(old));
    let careless = Play::of("stale-read").until(3_000);
    assert!(outcomes(&careless).iter().any(old));
    let laws: Vec<&str> = broken(&careless)
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert_eq!(laws, ["linearizable"]);
}

#[test]
fn a_new_leader_reads_only_when_it_knows_what_is_committed() {
    let mut leader = solo_leader(3, &[1], 2);
    leader.request(Op::Read { key: "x".into() });
    let ack = |index| Message::AppendEntriesReply {
        term: 2,
        success: true,
        index,
        taken: 1,
        round: 1,
    };
    leader.deliver(2, ack(1));
    assert_eq!(
        leader.node.client.calls.open.len(),
        1,
        "nothing of term 2 is committed"
    );
    let write = Op::Write {
        key: "x".into(),
        value: "1".into(),
    };
    leader.request(write);
    leader.deliver(2, ack(2));
    assert!(leader.node.client.calls.open.is_empty());
    assert!(leader.node.reads.is_empty());
}

#[test]
fn etcd_answers_after_the_next_election_with_the_latest_value() {
    for seed in 0..16 {
        let run = Play::of("etcd").seed(seed).until(3_000);
        let read = r"Value {value running, index";
        assert!(
            outcomes(&run).iter().any(|text| text.starts_with(read)),
            "seed {seed}: {:?}",
            outcomes(&run)
        );
        assert_eq!(broken(&run), []);
    }
}

#[test]
fn a_cut_off_zone_waits_and_the_majority_is_served() {
    let run = Play::of("three-zones").until(2_300);
    let served = |client: u32| {
        count(&run, |record| match &record.event {
            Event::Completed {
                outcome: Outcome::Replied(reply),
                ..
            } => {
                let written = reply.0.json().get("Written").is_some();
                written && record.node == Some(NodeId(client)) && record.time > super::ms(900)
            }
            _ => false,
        })
    };
    assert!(served(6) >= 7 && served(7) >= 7);
    assert_eq!(served(8), 0, "n8 shares its zone with n5 only");
    assert_eq!(leaders(&run).len(), 1);
}

#[test]
fn a_service_of_three_answers_more_than_a_service_of_one() {
    let ok = |scenario| probe(&Play::of(scenario).until(4_000), "ok").unwrap();
    let (one, three) = (ok("service-of-one"), ok("service-of-three"));
    assert!(three > one + 10.0, "{one} {three}");
}

/// No value is written twice, so of all clients that expect one value at most one replaces it.
#[test]
fn a_value_is_replaced_at_most_once() {
    for seed in 0..8 {
        let run = faultline_sim::testing::Play::protocol(&PROTOCOL, "service-of-three")
            .seed(seed)
            .param("clients", 3)
            .param("every", 80)
            .param("reads", 10)
            .param("compares", 60)
            .param("keys", 2)
            .does("1s loss 0.1")
            .does("4s crash n1")
            .does("6s recover n1")
            .at(12_000);
        let mut replaced = std::collections::BTreeSet::new();
        let mut ends = [0; 3];
        for (begun, end, _) in run.history() {
            let op = begun.note.get::<Op>().expect("all requests are operations");
            ends[end as usize] += 1;
            if let (Op::CompareAndSet { key, old, .. }, End::Ok) = (op, end) {
                assert!(
                    replaced.insert((key.clone(), old.clone())),
                    "seed {seed}: {op}"
                );
            }
        }
        // All three ends occur: swapped, refused, and nobody knows.
        assert!(ends.iter().all(|count| *count > 0), "seed {seed}: {ends:?}");
        assert!(run.all_broken().is_empty(), "seed {seed}");
    }
}
