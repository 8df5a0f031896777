//! What clients and servers may send, whatever fails: a bounded number of requests for each
//! operation, and no unasked answer.

use crate::parts::kv::Op;
use std::collections::BTreeMap;

use faultline_sim::event::{Event, Outcome, Record};
use faultline_sim::process::NodeId;
use faultline_sim::timeline::Timeline;

use super::super::{Answer, Message, Timer};
use super::{Play, ms, solo};
use crate::parts::request::RequestId;

const SEEDS: u64 = 24;
/// Parameter `tries`: each try sends the request and follows one redirect.
const TRIES: u64 = 5;
const REQUESTS: u64 = 2 * TRIES;

/// Faults that once made clients ask without end, or servers answer without being asked.
const SCHEDULES: [&[&str]; 6] = [
    // The leader leaves for good; the remaining servers name it for a while.
    &[
        "4s duplication 0.3",
        "3s fire n1 ElectionTimeout",
        "5s remove n1",
    ],
    // No server can lead, and requests are retried all the time.
    &[
        "1s duplication 0.3",
        "2s crash n1",
        "2s crash n2",
        "5s recover n2",
    ],
    &["1s duplication 0.3", "2s remove n2", "2500ms remove n3"],
    // All restart at once, with a long log to replay.
    &[
        "4s crash n1",
        "4s crash n2",
        "4s crash n3",
        "4500ms recover n1",
        "4500ms recover n2",
        "4500ms recover n3",
    ],
    // Leaders come and go, and requests and redirects are late, doubled and lost.
    &[
        "500ms duplication 0.4",
        "500ms loss 0.2",
        "500ms latency uniform 1ms 900ms",
        "3s crash n1",
        "4s recover n1",
        "5s crash n2",
        "6s recover n2",
    ],
    &[
        "1s duplication 0.5",
        "2s partition n1|n2,n3,n4",
        "4s partition n2|n1,n3,n4",
        "6s crash n4",
        "6200ms recover n4",
        "7s heal",
    ],
];

fn play(schedule: &[&str], seed: u64) -> Timeline {
    Play::of("kill-the-leader")
        .seed(seed)
        .param("nodes", 3)
        .param("clients", 2)
        .param("every", 150)
        .param("tries", TRIES)
        .commands(schedule)
        .until(9_000)
}

/// The request that a message of a kind carries.
fn request(record: &Record, kind: &str) -> Option<(NodeId, NodeId, String)> {
    let (address, name, message) = match &record.event {
        Event::Sent {
            address,
            kind,
            message,
        } => (address, *kind, message),
        _ => return None,
    };
    let id = || message.0.json()[kind]["id"].as_str().unwrap().to_owned();
    (name == kind).then(|| (address.from, address.to, id()))
}

#[test]
fn an_operation_costs_a_bounded_number_of_requests() {
    for schedule in SCHEDULES {
        for seed in 0..SEEDS {
            let run = play(schedule, seed);
            let mut sent: BTreeMap<String, u64> = BTreeMap::new();
            for record in run.trace().records() {
                if let Some((_, _, id)) = request(record, "ClientRequest") {
                    *sent.entry(id).or_default() += 1;
                }
            }
            assert!(sent.len() > 20, "{schedule:?} {seed}: {}", sent.len());
            for (id, sent) in sent {
                assert!(
                    sent <= REQUESTS,
                    "{schedule:?}, seed {seed}: {id} was sent {sent} times"
                );
            }
        }
    }
}

#[test]
fn a_server_answers_only_what_it_was_asked_since_it_started() {
    for schedule in SCHEDULES {
        for seed in 0..SEEDS {
            let run = play(schedule, seed);
            // Answers that are due, by server and request.
            let mut due: BTreeMap<(NodeId, String), u64> = BTreeMap::new();
            for record in run.trace().records() {
                match (&record.event, record.node) {
                    (Event::Crashed, Some(node)) => due.retain(|(server, _), _| *server != node),
                    (Event::Delivered { kind, message, .. }, Some(node))
                        if *kind == "ClientRequest" =>
                    {
                        let id = message.0.json()["ClientRequest"]["id"].clone();
                        let id = id.as_str().unwrap().to_owned();
                        *due.entry((node, id)).or_default() += 1;
                    }
                    _ => {}
                }
                let Some((server, _, id)) = request(record, "ClientReply") else {
                    continue;
                };
                let due = due.entry((server, id.clone())).or_default();
                assert!(
                    *due > 0,
                    "{schedule:?}, seed {seed}, {}: {server} answers {id} unasked",
                    record.time
                );
                *due -= 1;
            }
        }
    }
}

/// No request stays open forever: an old one has been answered or given up.
#[test]
fn every_operation_ends() {
    // 1 + 2 + 4 + 4 + 4 times 200 ms, at most.
    let longest = 3_000;
    for schedule in SCHEDULES {
        for seed in 0..SEEDS {
            let run = play(schedule, seed);
            let mut open = BTreeMap::new();
            for record in run.trace().records() {
                match &record.event {
                    Event::Invoked { operation, .. } => {
                        open.insert(*operation, record.time);
                    }
                    Event::Completed { operation, .. } => {
                        open.remove(operation);
                    }
                    _ => {}
                }
            }
            let old = open.values().filter(|at| **at < ms(9_000 - longest));
            assert_eq!(old.count(), 0, "{schedule:?}, seed {seed}: {open:?}");
        }
    }
}

/// Waits between tries grow, and differ between clients that failed together.
#[test]
fn retries_back_off_with_jitter() {
    let run = Play::of("kill-the-leader")
        .param("nodes", 3)
        .param("clients", 2)
        .param("crashed", "1,2,3")
        .param("tries", TRIES)
        .commands(&[
            r#"1s request n4 {"write":{"key":"x","value":"1"}}"#,
            r#"1s request n5 {"read":{"key":"x"}}"#,
        ])
        .until(6_000);
    let times = |client: u32| -> Vec<u64> {
        let sent = run.trace().records().filter(|record| {
            request(record, "ClientRequest").is_some_and(|(from, ..)| from == NodeId(client))
        });
        sent.map(|record| record.time.0 / 1_000).collect()
    };
    let waits = |times: &[u64]| -> Vec<u64> { times.windows(2).map(|w| w[1] - w[0]).collect() };
    for client in [4, 5] {
        let times = times(client);
        let waits = waits(&times);
        assert_eq!(waits.len() as u64, TRIES - 1, "{times:?}");
        assert_eq!(waits[0], 200);
        for (wait, bounds) in waits[1..].iter().zip([200..=400, 400..=800, 400..=800]) {
            assert!(bounds.contains(wait), "{waits:?}");
        }
    }
    assert_ne!(waits(&times(4)), waits(&times(5)));
    // Both say that no answer came; only the write may have been executed.
    let replies: Vec<String> = run
        .trace()
        .records()
        .filter_map(|record| match &record.event {
            Event::Completed {
                outcome: Outcome::Replied(reply),
                ..
            } => Some(reply.0.text()),
            _ => None,
        })
        .collect();
    assert_eq!(replies.len(), 2);
    for reply in replies {
        assert!(reply.contains("no answer after 5 tries"), "{reply}");
    }
    let why = |client: u32| {
        let record = run.trace().records().find(|record| {
            record.node == Some(NodeId(client)) && matches!(record.event, Event::Completed { .. })
        });
        format!("{:?}", record.unwrap().event)
    };
    // Nobody knows whether the write had an effect; the read had none.
    assert!(why(4).contains("Unknown"), "{}", why(4));
    assert!(why(5).contains("Failed"), "{}", why(5));
}

/// A redirect answers one attempt: a copy of it, or one that comes late, sends nothing.
#[test]
fn an_old_redirect_starts_no_second_attempt() {
    let mut client = solo(3, &[]);
    client.node.leader = Some(NodeId(2));
    let asked = client.request(Op::Write {
        key: "x".into(),
        value: "1".into(),
    });
    assert!(matches!(
        asked[..],
        [(NodeId(2), Message::ClientRequest { attempt: 1, .. })]
    ));
    let redirect = |attempt, leader| Message::ClientReply {
        id: RequestId {
            from: NodeId(1),
            number: 1,
        },
        answer: Answer::NotLeader {
            leader: Some(NodeId(leader)),
            attempt,
        },
    };
    let followed = client.deliver(2, redirect(1, 3));
    assert!(matches!(
        &followed[..],
        [(
            NodeId(3),
            Message::ClientRequest {
                attempt: 2,
                op: Op::Write { .. },
                ..
            }
        )]
    ));
    // The second copy; the same from another; and a server that does not lead either.
    assert!(client.deliver(2, redirect(1, 3)).is_empty());
    assert!(client.deliver(3, redirect(1, 2)).is_empty());
    assert!(client.deliver(3, redirect(2, 2)).is_empty());
    // The next try begins when its time has come, and may be redirected again.
    let again = client.fire(Timer::Retry { request: 1 });
    assert_eq!(again.len(), 1);
    assert!(client.deliver(3, redirect(2, 2)).is_empty());
    assert_eq!(client.deliver(3, redirect(3, 2)).len(), 1);
    assert_eq!(client.node.client.calls.open.get(&1).unwrap().tries, 2);
    // A removed server is not asked, and no random server is asked instead.
    client.fire(Timer::Retry { request: 1 });
    assert!(client.deliver(2, redirect(5, 9)).is_empty());
}
