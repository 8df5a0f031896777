//! Tables of expected answers, restated from etcd-io/raft (raft_test.go, raft_paper_test.go) and
//! from the rules of raft.tla.

use faultline_sim::process::NodeId;

use super::super::{Message, Role, Term, Timer};
use super::{entry, solo, solo_leader, terms};

fn ask(term: Term, last_log_term: Term, last_log_index: u64) -> Message {
    Message::RequestVote {
        term,
        last_log_index,
        last_log_term,
    }
}

fn granted(sent: &[(NodeId, Message)]) -> bool {
    match sent {
        [(_, Message::RequestVoteReply { vote_granted, .. })] => *vote_granted,
        other => panic!("one answer, not {other:?}"),
    }
}

fn append(term: Term, prev: (u64, Term), entries: &[Term], leader_commit: u64) -> Message {
    Message::AppendEntries {
        term,
        prev_log_index: prev.0,
        prev_log_term: prev.1,
        entries: entries.iter().map(|term| entry(*term)).collect(),
        leader_commit,
        round: 0,
    }
}

fn ack(term: Term, success: bool, index: u64) -> Message {
    Message::AppendEntriesReply {
        term,
        success,
        index,
        taken: 1,
        round: 0,
    }
}

#[test]
fn votes_decide_who_leads() {
    type Votes = &'static [(u32, bool)];
    let rows: &[(u32, Votes, Role)] = &[
        (1, &[], Role::Leader),
        (3, &[(2, true), (3, true)], Role::Leader),
        (3, &[(2, true)], Role::Leader),
        (3, &[], Role::Candidate),
        (
            5,
            &[(2, true), (3, true), (4, true), (5, true)],
            Role::Leader,
        ),
        (5, &[(2, true), (3, true)], Role::Leader),
        (5, &[(2, true)], Role::Candidate),
        (5, &[(2, false), (3, false)], Role::Candidate),
        // The paper's candidate waits for its timeout; it must not lead.
        (
            5,
            &[(2, false), (3, false), (4, false), (5, false)],
            Role::Candidate,
        ),
        (
            5,
            &[(2, true), (3, false), (4, false), (5, false)],
            Role::Candidate,
        ),
        // The same vote twice is one vote.
        (5, &[(2, true), (2, true)], Role::Candidate),
    ];
    for (nodes, votes, role) in rows {
        let mut solo = solo(*nodes, &[]);
        solo.fire(Timer::ElectionTimeout);
        for (from, vote_granted) in *votes {
            let vote_granted = *vote_granted;
            solo.deliver(
                *from,
                Message::RequestVoteReply {
                    term: 1,
                    vote_granted,
                },
            );
        }
        assert_eq!(solo.node.role, *role, "{nodes} {votes:?}");
    }
}

#[test]
fn votes_of_another_term_do_not_count() {
    let mut solo = solo(3, &[]);
    solo.fire(Timer::ElectionTimeout);
    solo.fire(Timer::ElectionTimeout);
    let late = Message::RequestVoteReply {
        term: 1,
        vote_granted: true,
    };
    solo.deliver(2, late);
    assert_eq!(
        (solo.node.role, solo.node.current_term),
        (Role::Candidate, 2)
    );
}

#[test]
fn one_vote_a_term_first_come() {
    for (voted, asks, expected) in [
        (None, 2, true),
        (None, 3, true),
        (Some(2), 2, true),
        (Some(3), 3, true),
        (Some(2), 3, false),
        (Some(3), 2, false),
    ] {
        let mut solo = solo(3, &[]);
        solo.node.current_term = 1;
        solo.node.voted_for = voted.map(NodeId);
        let answer = solo.deliver(asks, ask(1, 0, 0));
        assert_eq!(granted(&answer), expected, "{voted:?} {asks}");
        let then = if expected { asks } else { voted.unwrap() };
        assert_eq!(solo.node.voted_for, Some(NodeId(then)));
    }
}

#[test]
fn a_vote_is_remembered_across_a_crash_unless_that_rule_is_off() {
    for kept in [true, false] {
        let mut solo = solo(3, &[1]);
        solo.deliver(2, ask(2, 1, 1));
        if !kept {
            solo.set_switch("persist-vote", false);
        }
        solo.crash_and_recover();
        assert_eq!(solo.node.current_term, 2, "the term and the log survive");
        assert_eq!(terms(&solo.node), [1]);
        assert_eq!(granted(&solo.deliver(3, ask(2, 1, 1))), !kept);
    }
}

#[test]
fn a_voter_compares_logs() {
    // The voter's log, then the candidate's last term and index (5.4.1).
    let rows: &[(&[Term], (Term, u64), bool)] = &[
        (&[1], (1, 1), true),
        (&[1], (1, 2), true),
        (&[1], (2, 1), true),
        (&[1], (2, 2), true),
        (&[1, 1], (1, 1), false),
        (&[1, 1], (2, 1), true),
        (&[2], (1, 1), false),
        (&[2], (1, 2), false),
        (&[2, 2], (1, 1), false),
        (&[2], (2, 1), true),
        (&[1, 1], (1, 2), true),
    ];
    for (log, (term, index), expected) in rows {
        let mut voter = solo(3, log);
        assert_eq!(
            granted(&voter.deliver(2, ask(3, *term, *index))),
            *expected,
            "{log:?} {term} {index}"
        );
        let mut careless = solo(3, log);
        careless.set_switch("log-check", false);
        assert!(granted(&careless.deliver(2, ask(3, *term, *index))));
    }
}

#[test]
fn a_candidate_of_an_older_term_is_refused_and_told() {
    let mut solo = solo(3, &[]);
    solo.node.current_term = 5;
    let answer = solo.deliver(2, ask(4, 9, 9));
    assert!(!granted(&answer));
    assert!(matches!(
        answer[0].1,
        Message::RequestVoteReply { term: 5, .. }
    ));
}

#[test]
fn a_higher_term_makes_anybody_a_follower() {
    for role in [Role::Follower, Role::Candidate, Role::Leader] {
        for message in [
            ask(7, 0, 0),
            append(7, (0, 0), &[], 0),
            ack(7, false, 0),
            Message::RequestVoteReply {
                term: 7,
                vote_granted: false,
            },
        ] {
            let mut solo = solo_leader(3, &[1], 3);
            solo.node.role = role;
            solo.node.voted_for = Some(NodeId(1));
            solo.deliver(2, message.clone());
            assert_eq!(
                (solo.node.role, solo.node.current_term),
                (Role::Follower, 7)
            );
            assert_ne!(solo.node.voted_for, Some(NodeId(1)), "{message:?}");
        }
    }
}

#[test]
fn entries_at_a_follower() {
    type Log = &'static [Term];
    let rows: &[((u64, Term), Log, Log)] = &[
        ((2, 2), &[3], &[1, 2, 3]),
        ((1, 1), &[3, 4], &[1, 3, 4]),
        ((0, 0), &[1], &[1, 2]),
        ((0, 0), &[3], &[3]),
        // Not on its own log: refused, nothing changes.
        ((3, 3), &[4], &[1, 2]),
        ((2, 3), &[4], &[1, 2]),
        // A heartbeat truncates nothing.
        ((1, 1), &[], &[1, 2]),
    ];
    for (prev, entries, log) in rows {
        let mut follower = solo(3, &[1, 2]);
        let answer = follower.deliver(2, append(4, *prev, entries, 0));
        assert_eq!(terms(&follower.node), *log, "{prev:?} {entries:?}");
        let [(to, Message::AppendEntriesReply { success, index, .. })] = answer.as_slice() else {
            panic!("{answer:?}");
        };
        let refused = *prev == (3, 3) || *prev == (2, 3);
        let expected = if refused {
            prev.0
        } else {
            prev.0 + entries.len() as u64
        };
        assert_eq!((*to, *success, *index), (NodeId(2), !refused, expected));
    }
}

#[test]
fn a_follower_commits_up_to_the_last_new_entry() {
    // "min(leaderCommit, index of last new entry)": later entries may be another leader's.
    for (prev, entries, leader_commit, expected) in [
        ((1, 1), &[][..], 3, 1),
        ((2, 2), &[][..], 3, 2),
        ((2, 2), &[3][..], 3, 3),
        ((2, 2), &[3][..], 2, 2),
    ] {
        let mut follower = solo(3, &[1, 2]);
        follower.deliver(2, append(3, prev, entries, leader_commit));
        assert_eq!(follower.node.commit_index, expected, "{prev:?} {entries:?}");
        assert_eq!(follower.node.last_applied, expected);
    }
}

#[test]
fn the_commit_rule() {
    // Match indexes, the leader's own first; its log; its term; the commit index.
    let rows: &[(&[u64], &[Term], Term, u64)] = &[
        (&[1], &[1], 1, 1),
        (&[1], &[1], 2, 0),
        (&[2], &[1, 2], 2, 2),
        (&[1], &[2], 2, 1),
        (&[2, 1, 1], &[1, 2], 1, 1),
        (&[2, 1, 1], &[1, 1], 2, 0),
        (&[2, 1, 2], &[1, 2], 2, 2),
        (&[2, 1, 2], &[1, 1], 2, 0),
        (&[2, 1, 1, 2], &[1, 2], 1, 1),
        (&[2, 1, 1, 2], &[1, 1], 2, 0),
        (&[2, 1, 2, 2], &[1, 2], 2, 2),
        (&[2, 1, 2, 2], &[1, 1], 2, 0),
    ];
    for (matches, log, term, expected) in rows {
        let mut leader = solo_leader(matches.len() as u32, log, *term);
        // A leader's whole own log counts. Alone it gets no acknowledgement, so a heartbeat commits.
        for (id, index) in (2..).zip(&matches[1..]) {
            leader.deliver(id, ack(*term, true, *index));
        }
        if matches.len() == 1 {
            leader.deliver(1, ack(*term, true, 0));
        }
        assert_eq!(
            leader.node.commit_index, *expected,
            "{matches:?} {log:?} term {term}"
        );
    }
}

#[test]
fn a_leader_with_older_entries_commits_them_with_one_of_its_own() {
    for (acked, expected) in [(1, 0), (2, 0), (3, 3)] {
        let mut leader = solo_leader(2, &[1, 2, 3], 3);
        leader.deliver(2, ack(3, true, acked));
        assert_eq!(leader.node.commit_index, expected, "{acked}");
    }
}

#[test]
fn late_and_repeated_answers_move_nothing_back() {
    let mut leader = solo_leader(3, &[1, 1, 1, 1], 1);
    leader.deliver(2, ack(1, true, 4));
    let late = leader.deliver(2, ack(1, true, 2));
    assert!(late.is_empty());
    assert!(
        leader.deliver(2, ack(1, false, 3)).is_empty(),
        "an old refusal is no news"
    );
    let (next, matches) = (&leader.node.next_index, &leader.node.match_index);
    assert_eq!((next[&NodeId(2)], matches[&NodeId(2)]), (5, 4));
    assert_eq!(leader.node.commit_index, 4);
}

#[test]
fn a_refusal_moves_one_step_back_and_tries_again() {
    let mut leader = solo_leader(3, &[1, 1, 2], 2);
    let again = leader.deliver(2, ack(2, false, 3));
    let [
        (
            to,
            Message::AppendEntries {
                prev_log_index: 2,
                prev_log_term: 1,
                entries,
                ..
            },
        ),
    ] = again.as_slice()
    else {
        panic!("{again:?}");
    };
    assert_eq!((*to, entries.len()), (NodeId(2), 1));
    // The same refusal again, a copy: the step has been taken.
    assert!(leader.deliver(2, ack(2, false, 3)).is_empty());
}
