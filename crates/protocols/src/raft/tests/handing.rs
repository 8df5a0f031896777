//! Leadership transfer ([D] 3.10).

use faultline_sim::process::NodeId;

use super::{Play, broken, leaders, node, probe, solo, solo_leader_given};
use crate::parts::kv::Op;
use crate::parts::request::RequestId;
use crate::raft::{Answer, Message, Role, Timer};

const PREFER: &[(&str, &str)] = &[("prefer", "3")];

fn told(said: &[(NodeId, Message)]) -> Vec<NodeId> {
    let told = said
        .iter()
        .filter(|(_, message)| matches!(message, Message::TimeoutNow { .. }));
    told.map(|(to, _)| *to).collect()
}

/// It is told once its log matches, and only once.
#[test]
fn the_successor_is_brought_up_to_date_first() {
    let mut solo = solo_leader_given(3, &[1, 2], 2, PREFER);
    assert_eq!(told(&solo.fire(Timer::Heartbeat)), [], "it lacks entries");
    assert!(solo.node.beyond.transfer.is_some());
    let ack = |index| Message::AppendEntriesReply {
        term: 2,
        success: true,
        index,
        taken: 0,
        round: 0,
    };
    assert_eq!(told(&solo.deliver(3, ack(1))), []);
    assert_eq!(told(&solo.deliver(3, ack(2))), [NodeId(3)]);
    assert_eq!(told(&solo.deliver(3, ack(2))), []);
}

#[test]
fn a_leader_that_hands_over_takes_no_requests() {
    let mut solo = solo_leader_given(3, &[1, 2], 2, PREFER);
    solo.fire(Timer::Heartbeat);
    let id = RequestId {
        from: NodeId(4),
        number: 1,
    };
    let (key, value) = ("x".to_owned(), "1".to_owned());
    let op = Op::Write { key, value };
    let ask = Message::ClientRequest { id, attempt: 1, op };
    let said = solo.deliver(4, ask);
    assert_eq!(solo.node.log.len(), 2);
    let [(NodeId(4), Message::ClientReply { answer, .. })] = &said[..] else {
        panic!("one answer, not {said:?}");
    };
    let leader = Some(NodeId(3));
    assert_eq!(*answer, Answer::NotLeader { leader, attempt: 1 });
}

#[test]
fn who_is_told_asks_for_votes_at_once() {
    let mut solo = solo(3, &[1, 2]);
    let said = solo.deliver(2, Message::TimeoutNow { term: 2 });
    assert_eq!(
        (solo.node.role, solo.node.current_term),
        (Role::Candidate, 3)
    );
    assert_eq!(said.len(), 2);
    // An old leader's word counts for nothing.
    assert!(solo.deliver(2, Message::TimeoutNow { term: 2 }).is_empty());
}

#[test]
fn a_handover_saves_the_timeout() {
    for seed in 1..=8 {
        let crash = Play::of("leader-goes").seed(seed).until(1_900);
        let handed = Play::of("leader-hands-over").seed(seed).until(1_900);
        assert_eq!(leaders(&handed), [3], "seed {seed}");
        assert_eq!(node(&handed, 3).current_term, 2);
        let gap = |run| probe(run, "gap").unwrap();
        assert!(gap(&handed) < 0.08, "{}", gap(&handed));
        assert!(gap(&crash) > 0.1, "{}", gap(&crash));
        assert_eq!(broken(&handed), []);
    }
}

/// "If leadership transfer does not complete after about an election timeout, the prior leader aborts".
#[test]
fn a_leader_that_nobody_relieves_goes_on() {
    let run = Play::of("kill-the-leader")
        .param("clients", 1)
        .param("every", 40)
        .commands(&[
            "10ms fire n1 ElectionTimeout",
            "700ms set prefer=3",
            "710ms oneway n3->n1,n2,n4,n5,n6",
        ])
        .until(1_100);
    assert_eq!(leaders(&run), [1]);
    assert_eq!(node(&run, 1).beyond.transfer, None);
}
