//! Elections, availability and membership in whole runs.

use faultline_sim::event::Event;
use faultline_sim::frame::Figure;
use faultline_sim::process::NodeId;

use super::super::Role;
use super::{Play, broken, count, leaders, logs, ms, node, probe, sent, terms};

#[test]
fn a_first_election_of_three_takes_eight_messages() {
    // R-MSG: as etcd-io/raft's testdata/campaign.txt, with the empty entry and without loss.
    let run = Play::of("kill-the-leader")
        .param("nodes", 3)
        .commands(&["10ms fire n1 ElectionTimeout"])
        // Votes and entries are through by 106 ms at the latest; heartbeats follow every 60 ms.
        .until(94);
    let kind = |kind: &str| count(&run, |record| sent(record, kind).is_some());
    assert_eq!((kind("RequestVote"), kind("RequestVoteReply")), (2, 2));
    assert_eq!(leaders(&run), [1]);
    assert_eq!(node(&run, 1).current_term, 1);
    assert_eq!(
        terms(node(&run, 1)),
        [1],
        "the empty entry, at index last + 1"
    );
    let run = Play::of("kill-the-leader")
        .param("nodes", 3)
        .param("heartbeat", 100)
        .commands(&["10ms fire n1 ElectionTimeout"])
        .until(200);
    let appends = count(&run, |record| sent(record, "AppendEntries").is_some());
    let replies = count(&run, |record| sent(record, "AppendEntriesReply").is_some());
    assert_eq!(
        (appends, replies),
        (4, 4),
        "the entry, then the news that it is committed"
    );
    let commits: Vec<u64> = (1..=3).map(|id| node(&run, id).commit_index).collect();
    assert_eq!(commits, [1, 1, 1]);
}

#[test]
fn any_cluster_finds_one_leader() {
    for nodes in [1, 2, 3, 4, 5, 7, 9, 25, 50] {
        for seed in 0..4 {
            let run = Play::of("kill-the-leader")
                .seed(seed)
                .param("nodes", nodes)
                .until(3_000);
            assert_eq!(leaders(&run).len(), 1, "{nodes} nodes, seed {seed}");
            assert_eq!(broken(&run), []);
        }
    }
}

#[test]
fn a_crashed_leader_is_replaced_and_follows_when_it_is_back() {
    for seed in 0..32 {
        let play = Play::of("kill-the-leader").seed(seed);
        let first = leaders(&play.until(800))[0];
        let crash = format!("800ms crash n{first}");
        let recover = format!("2s recover n{first}");
        let play = play.commands(&[&crash, &recover]);
        let second = leaders(&play.until(1_900));
        assert_eq!(second.len(), 1, "seed {seed}");
        assert_ne!(second[0], first);
        let run = play.until(2_500);
        assert_eq!(leaders(&run), second);
        assert_eq!(node(&run, first).role, Role::Follower);
        assert_eq!(node(&run, first).leader, Some(NodeId(second[0])));
    }
}

#[test]
fn aligned_timers_split_the_vote_and_random_ones_part_it() {
    let mut split = 0;
    for seed in 0..16 {
        let run = Play::of("split-vote").seed(seed).until(3_000);
        assert_eq!(leaders(&run).len(), 1, "seed {seed}");
        let first = run.trace().records().find(|record| {
            record.time > ms(330)
                && matches!(
                    &record.event,
                    Event::TimerFired {
                        timer: "ElectionTimeout",
                        ..
                    }
                )
        });
        let at = first.unwrap().time;
        let together = count(&run, |record| {
            record.time == at
                && matches!(
                    record.event,
                    Event::TimerFired {
                        timer: "ElectionTimeout",
                        ..
                    }
                )
        });
        assert_eq!(together, 4, "all four ask at once");
        // Four votes for four candidates: no one can win that term.
        split += usize::from(node(&run, leaders(&run)[0]).current_term > 2);
    }
    assert_eq!(split, 16);
}

#[test]
fn spread_timers_let_the_first_one_win() {
    let script = [
        "10ms fire n1 ElectionTimeout",
        "300ms crash n1",
        "330ms spread ElectionTimeout",
    ];
    for seed in 0..16 {
        let run = Play::of("kill-the-leader")
            .seed(seed)
            .commands(&script)
            .until(2_000);
        assert_eq!(node(&run, leaders(&run)[0]).current_term, 2, "seed {seed}");
    }
}

#[test]
fn two_of_five_may_crash() {
    // R-AVAIL.
    for seed in 0..8 {
        let run = Play::of("two-of-five-crash").seed(seed).until(1_500);
        let before = probe(
            &Play::of("two-of-five-crash").seed(seed).until(750),
            "committed",
        );
        assert!(probe(&run, "committed").unwrap() >= before.unwrap() + 4.0);
        assert_eq!(probe(&run, "spare"), Some(0.0));
        let end = Play::of("two-of-five-crash").seed(seed).until(3_000);
        assert_eq!(probe(&end, "lost"), Some(0.0));
        let shortest = logs(&end, 5).iter().map(Vec::len).min().unwrap();
        assert!(
            shortest + 3 >= node(&end, 1).log.len(),
            "all have caught up"
        );
    }
}

#[test]
fn without_a_majority_nothing_commits_and_terms_grow() {
    for seed in 0..8 {
        let play = Play::of("three-of-five-crash").seed(seed);
        let (early, late) = (play.until(1_300), play.until(2_190));
        assert!(leaders(&late).is_empty(), "seed {seed}");
        let top = |run: &_| probe(run, "committed").unwrap();
        assert_eq!(top(&early), top(&late));
        assert!(probe(&late, "term") > probe(&early, "term"));
        let end = play.until(4_000);
        assert_eq!(leaders(&end).len(), 1, "one server back is enough");
        assert!(top(&end) > top(&late));
    }
}

#[test]
fn a_cut_off_leader_commits_nothing_and_steps_down() {
    for seed in 0..8 {
        let play = Play::of("leader-cut-off").seed(seed);
        let cut = play.until(1_190);
        assert_eq!(leaders(&cut).len(), 2, "two believe, in different terms");
        assert_eq!(node(&cut, 1).commit_index, 1);
        assert_eq!(node(&cut, 1).log.len(), 2);
        let healed = play.until(2_500);
        assert_eq!(leaders(&healed).len(), 1);
        assert_ne!(leaders(&healed), [1]);
        assert_eq!(
            node(&healed, 1).removed.1.len(),
            1,
            "what it wrote alone is deleted"
        );
        assert_eq!(broken(&healed), []);
        assert_eq!(probe(&healed, "lost"), Some(0.0));
    }
}

#[test]
fn writes_on_both_sides_end_with_one_log() {
    let play = Play::of("write-and-heal");
    let cut = play.until(1_090);
    assert_eq!(terms(node(&cut, 1)), [1, 1, 1, 1]);
    assert_eq!(node(&cut, 1).commit_index, 2);
    let run = play.until(3_000);
    for id in [1, 2] {
        assert_eq!(
            node(&run, id).removed.1.len(),
            2,
            "both entries of the old side"
        );
    }
    assert_eq!(probe(&run, "truncated"), Some(4.0));
    assert_eq!(probe(&run, "lost"), Some(0.0));
    let first = logs(&run, 5)[0].clone();
    assert!(logs(&run, 5).iter().all(|log| *log == first));
}

#[test]
fn deleted_entries_are_drawn_for_a_few_heartbeats() {
    let play = Play::of("write-and-heal");
    let drawn = |millis: u64| {
        let frame = play.until(millis).frame();
        let removed =
            frame
                .nodes
                .iter()
                .flat_map(|node| &node.figures)
                .map(|figure| match figure {
                    Figure::Log { removed, .. } => removed.len(),
                    _ => 0,
                });
        removed.sum::<usize>()
    };
    assert_eq!(drawn(1_090), 0, "before the cut is healed");
    let after: Vec<usize> = (1..=40).map(|step| drawn(1_100 + step * 20)).collect();
    assert!(
        after.contains(&4),
        "both entries of both servers, for as long as it takes to look"
    );
    assert!(
        after.iter().filter(|count| **count == 4).count() >= 5,
        "{after:?}"
    );
    assert_eq!(after.last(), Some(&0), "and no longer: {after:?}");
}

#[test]
fn a_slow_follower_does_not_slow_writes_down() {
    let slow = Play::of("slow-follower").until(3_000);
    let commit = probe(&slow, "commit").unwrap();
    assert!(commit < 48.0, "one round trip of 24 to 48 ms, not {commit}");
    assert_eq!(leaders(&slow), [1]);
    assert!(node(&slow, 5).commit_index > 20);
}

#[test]
fn an_added_server_learns_and_never_votes() {
    let run = Play::of("kill-the-leader")
        .param("clients", 1)
        .param("every", 100)
        .commands(&[
            "10ms fire n1 ElectionTimeout",
            "500ms add",
            "1s crash n1",
            "1100ms crash n2",
            "1200ms crash n3",
        ])
        .until(3_000);
    let learner = node(&run, 7);
    assert_eq!(learner.role, Role::Learner);
    assert_eq!(learner.voted_for, None);
    assert!(learner.log.len() > 5, "it has the log");
    assert!(
        leaders(&run).is_empty(),
        "two voters and a learner are no majority of five"
    );
    let asked = count(&run, |r| {
        sent(r, "RequestVote").is_some_and(|(_, to, _)| to == NodeId(7))
    });
    assert_eq!(asked, 0);
}

#[test]
fn a_removed_server_counts_as_crashed() {
    let script = [
        "10ms fire n1 ElectionTimeout",
        "500ms remove n4",
        "600ms remove n5",
        "700ms remove n3",
    ];
    let run = Play::of("kill-the-leader")
        .param("clients", 1)
        .param("every", 100)
        .commands(&script)
        .until(2_000);
    let at_700 = Play::of("kill-the-leader")
        .param("clients", 1)
        .param("every", 100)
        .commands(&script)
        .until(690);
    assert!(
        node(&run, 1).commit_index <= node(&at_700, 1).commit_index + 1,
        "2 of 5 commit nothing"
    );
    assert!(
        node(&run, 1).log.len() > node(&at_700, 1).log.len() + 3,
        "it still takes writes"
    );
}

#[test]
fn terms_and_commit_indexes_never_fall() {
    // R-INV 7: the vote changes only with the term; a crash resets the commit index.
    use std::collections::BTreeMap;
    for seed in 0..8 {
        let play = Play::of("three-of-five-crash").seed(seed);
        let mut seen: BTreeMap<u32, (u64, Option<NodeId>, u64)> = BTreeMap::new();
        let mut run = play.until(0);
        for step in 1..400 {
            run.run_until(ms(step * 10), 1_000_000);
            for id in 1..=5 {
                let server = node(&run, id);
                let now = (server.current_term, server.voted_for, server.commit_index);
                if let Some((term, vote, commit)) = seen.insert(id, now) {
                    assert!(now.0 >= term);
                    assert!(
                        now.0 > term || vote.is_none() || now.1 == vote,
                        "n{id} voted again"
                    );
                    assert!(now.2 >= commit || now.2 == 0, "only a crash sets it back");
                }
            }
        }
    }
}

#[test]
fn a_vote_that_is_not_on_disk_is_given_twice() {
    let forgotten = Play::of("forgotten-vote").until(1_000);
    let laws: Vec<&str> = broken(&forgotten)
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert!(laws.contains(&"election-safety"), "{laws:?}");
    let kept = Play::of("forgotten-vote")
        .switch("persist-vote", true)
        .until(1_000);
    assert_eq!(broken(&kept), []);
}
