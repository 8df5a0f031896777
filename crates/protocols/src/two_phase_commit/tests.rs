//! Facts of the literature, and what each rule is for.

use faultline_sim::testing::{Play, Played};

use super::{Message, Node, PROTOCOL, Participant, marks};

fn play(scenario: &str) -> Play {
    Play::protocol(&PROTOCOL, scenario)
}

fn bank(run: &Played, id: u32) -> &Participant {
    match run.node::<Node>(id) {
        Node::Participant(bank) => bank,
        Node::Coordinator(_) => panic!("n{id} coordinates"),
    }
}

fn balances(run: &Played, banks: u32) -> Vec<i64> {
    (2..=banks + 1).map(|id| bank(run, id).balance).collect()
}

/// T-2PC: prepare, vote, decision and acknowledgement, each n times; 3n without acknowledgements.
#[test]
fn a_commit_takes_four_messages_a_participant_or_three() {
    for n in [1, 2, 3, 5, 10, 49] {
        let commit = play("all-agree").param("participants", n);
        let run = commit.ended();
        assert_eq!(run.read("messages"), f64::from(4 * n), "{n} participants");
        assert_eq!(run.read("committed"), 1.0);
        let without = commit.switch("acks", false).ended();
        assert_eq!(
            without.read("messages"),
            f64::from(3 * n),
            "{n} participants"
        );
        assert_eq!(balances(&without, n), balances(&run, n));
    }
}

/// Mohan and Lindsay: an abort costs no acknowledgements; a commit costs what it did.
#[test]
fn presumed_abort_makes_aborts_cheaper_and_commits_not() {
    let presumed = |scenario: &str| play(scenario).preset("presumed-abort").ended();
    assert_eq!(presumed("one-votes-no").read("messages"), 9.0);
    assert_eq!(play("one-votes-no").ended().read("messages"), 12.0);
    assert_eq!(presumed("all-agree").read("messages"), 12.0);
}

/// T-2PCB, X-T1: every participant is blocked for exactly as long as the coordinator is away.
#[test]
fn participants_are_blocked_for_exactly_as_long_as_the_coordinator_is_away() {
    for (seconds, n) in [(2, 3), (10, 3), (7, 6), (30, 2)] {
        // When all votes are given, and none has arrived.
        let all_agree = play("all-agree").param("participants", n);
        let votes = all_agree.ended().marked(&marks::VOTES_YES);
        let crash = votes.last().unwrap().0.0 + 1;
        let run = all_agree
            .does(&format!("{crash}us crash n1"))
            .does(&format!("{}us recover n1", crash + seconds * 1_000_000))
            .at((seconds + 20) * 1_000);
        assert_eq!(run.read("blocked"), seconds as f64, "{n} participants");
        assert!(run.all_broken().is_empty(), "{:?}", run.all_broken());
        assert_eq!(balances(&run, n), vec![100; n as usize], "aborted");
        let away = all_agree.does(&format!("{crash}us crash n1")).at(60_000);
        let locked = (2..=n + 1).filter(|id| bank(&away, *id).prepared.is_some());
        assert_eq!(locked.count() as u32, n, "none may decide alone");
        assert_eq!(away.all_broken(), ["ends"]);
    }
}

/// X-B1, M4: the coordinator crashes behind each single event, and comes back or does not; so does each
/// participant. Nothing is ever half done.
#[test]
fn a_crash_behind_any_event_leaves_all_or_nothing() {
    let steps = play("all-agree").ended().0.world().events();
    let mut blocked = 0;
    for after in 1..=steps {
        for node in 1..=4 {
            let crash = play("all-agree").does(&format!("@{after} crash n{node}"));
            let stays = crash.at(30_000);
            let back = crash.does(&format!("15s recover n{node}")).at(40_000);
            for run in [&stays, &back] {
                let always = run.all_broken().into_iter().filter(|law| *law != "ends");
                assert_eq!(always.count(), 0, "crash of n{node} after {after}");
            }
            assert_eq!(back.broken("ends"), None, "n{node} after {after}");
            assert_eq!(back.read("total"), 300.0, "MV7: n{node} after {after}");
            let waits = node == 1 && stays.broken("ends").is_some();
            blocked += u32::from(waits);
        }
    }
    assert!(blocked > 0, "some crashes of the coordinator block");
}

/// T-2PCV: a no, or a vote that is lost, aborts everywhere.
#[test]
fn one_no_or_one_lost_vote_aborts_everywhere() {
    let no = play("one-votes-no").ended();
    assert_eq!((balances(&no, 3), no.read("aborted")), (vec![100; 3], 1.0));
    assert_eq!(no.who(&marks::VOTES_NO), [2]);
    for id in 2..=4 {
        let lost = play("all-agree")
            .does(&format!("0s drop n{id}->n1#1"))
            .ended();
        assert_eq!(balances(&lost, 3), [100; 3], "the vote of n{id} is lost");
        let why = lost.replies()[0]["Aborted"]["why"]
            .as_str()
            .unwrap()
            .to_owned();
        assert!(why.contains("did not come in time"), "{why}");
    }
}

/// 7.4: a participant that has not voted may abort alone, and so helps one that is uncertain.
#[test]
fn who_has_not_voted_helps_and_who_has_does_not() {
    let asked = play("all-agree").preset("cooperative");
    // n4 never hears of it, and the coordinator is gone before it can decide.
    let helped = asked
        .does("0s drop n1->n4#1")
        .does("2.5s crash n1")
        .at(20_000);
    assert_eq!(helped.who(&marks::NEVER_VOTED), [4]);
    assert_eq!(helped.broken("ends"), None);
    let all_voted = asked.does("1.8s crash n1").at(20_000);
    assert!(all_voted.broken("ends").is_some(), "all are uncertain");
    let alone = play("all-agree")
        .does("0s drop n1->n4#1")
        .does("2.5s crash n1")
        .at(20_000);
    assert!(alone.broken("ends").is_some(), "nobody asks n4");
}

/// P4: the second transaction waits for the lock of the first.
#[test]
fn a_second_transaction_waits_for_the_lock() {
    let run = play("two-want-one-row").ended();
    let waits = run.marked(&marks::WAITS);
    assert_eq!((waits.len(), waits[0].1.0), (1, 3), "at node 3");
    assert_eq!(balances(&run, 3), [90, 90, 120]);
    let applied: Vec<u64> = run
        .marked(&marks::COMMITS)
        .iter()
        .filter(|(_, node, _)| node.0 == 3)
        .filter_map(|(.., marked)| marked.number(0))
        .collect();
    assert_eq!(applied, [1, 2]);
}

/// Two transactions that wait for each other's rows end: the one that gets no vote in time aborts.
#[test]
fn a_deadlock_ends_when_a_vote_does_not_come() {
    let run = play("all-agree")
        .does(r#"1s request n1 {"transfer":{"from":2,"to":3,"amount":1}}"#)
        .does(r#"1s request n1 {"transfer":{"from":3,"to":2,"amount":1}}"#)
        .does("1s latency n1->n3 constant 900ms")
        .at(30_000);
    assert_eq!((run.read("total"), run.broken("ends")), (300.0, None));
    assert_eq!(run.read("committed") + run.read("aborted"), 3.0);
}

/// Each rule that is left out breaks the law that its scenario shows.
#[test]
fn each_flaw_breaks_its_law_and_the_rule_mends_it() {
    for (scenario, switch, law) in [
        ("decides-alone", "wait", "one-decision"),
        ("forgotten-yes", "log-vote", "money"),
    ] {
        assert!(play(scenario).ended().broken(law).is_some(), "{scenario}");
        let mended = play(scenario).switch(switch, true).at(60_000);
        assert!(mended.all_broken().is_empty(), "{scenario} with {switch}");
    }
    let early = play("one-votes-no")
        .preset("commits-early")
        .param("every", 0);
    assert!(early.ended().broken("unanimous").is_some());
}

#[test]
fn what_cannot_be_done_is_refused() {
    for (node, request, why) in [
        (
            2,
            r#"{"share":{"from":2,"amount":1}}"#,
            "only the coordinator",
        ),
        (
            1,
            r#"{"transfer":{"from":2,"to":2,"amount":1}}"#,
            "cannot pay itself",
        ),
        (
            1,
            r#"{"transfer":{"from":2,"to":9,"amount":1}}"#,
            "not a participant",
        ),
        (1, r#"{"share":{"from":1,"amount":1}}"#, "not a participant"),
    ] {
        let run = play("two-want-one-row")
            .does(&format!("0s request n{node} {request}"))
            .at(900);
        assert!(
            run.replies()[0]["Failed"]["why"]
                .as_str()
                .unwrap()
                .contains(why),
            "{request}"
        );
    }
    let amount = Message::Vote {
        tx: super::Tx(1),
        yes: false,
    };
    assert_eq!(super::shape_of(&amount).unwrap().1, "✗");
}

/// The coordinator's pips are the votes it has; captions name what blocks.
#[test]
fn votes_are_seen_as_they_come() {
    use faultline_sim::descriptor::Recipe;
    use faultline_sim::timeline::Timeline;

    let recipe = Recipe::new("two-phase-commit/all-agree", 1);
    let mut run = Timeline::new(crate::CATALOGUE.setup(&recipe).unwrap()).unwrap();
    let mut seen = Vec::new();
    while run.now().0 < 5_000_000 && run.step() {
        if let Some(pips) = run.frame().nodes[0].pips {
            assert_eq!((pips.need, pips.of), (3, 3));
            seen.push(pips.yes);
        }
    }
    seen.dedup();
    assert_eq!(seen, [0, 1, 2]);
    let said = run.frame().narration.unwrap();
    assert_eq!(said, "T1 is committed. Every row is free.");
}

/// What clients are told fits one ledger that no account overdraws; without the votes of all it does not.
#[test]
fn clients_see_one_ledger() {
    use faultline_sim::judge::Kept;
    use faultline_sim::testing::Play;

    let busy = Play::of(crate::CATALOGUE, "two-phase-commit/busy-banks");
    let judged = |play: &Play| play.param("every", 300).at(60_000).linearizable();
    for seed in 1..=5 {
        let kept = judged(&busy.seed(seed));
        assert_eq!(kept, Kept::Holds, "seed {seed}");
    }
    // More than the bank of n2 has, and two of three banks agree.
    let share = r#"2s request n1 {"share":{"from":2,"amount":80}}"#;
    let play = Play::of(crate::CATALOGUE, "two-phase-commit/all-agree").does(share);
    assert_eq!(play.ended().linearizable(), Kept::Holds);
    let Kept::Broken(conflict) = play.switch("all-votes", false).ended().linearizable() else {
        panic!("n2 had 100 and paid 160");
    };
    assert!(conflict.reason.contains("n2 -160"), "{conflict:?}");
}
