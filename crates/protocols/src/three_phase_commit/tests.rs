//! Facts of the literature, and what each rule is for.

use faultline_sim::search::{Budget, Hunt, Sought};
use faultline_sim::testing::{Play, Played};
use faultline_sim::timeline::Run;

use super::{Decision, Message, Node, PROTOCOL, Participant, Phase, Tx, marks};

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

/// How the first transaction ended at banks 2, 3 and 4.
fn ends(run: &Played) -> Vec<Option<Decision>> {
    let end = |id| bank(run, id).decided.get(&Tx(1)).copied();
    (2..=4).map(end).collect()
}

const COMMITTED: [Option<Decision>; 3] = [Some(Decision::Commit); 3];
const ABORTED: [Option<Decision>; 3] = [Some(Decision::Abort); 3];

/// T-3PC: question, vote, pre-commit, acknowledgement and decision, each n times; 6n if the decision is
/// acknowledged, too.
#[test]
fn a_commit_takes_five_messages_a_participant_or_six() {
    for n in [1, 2, 3, 5, 10, 49] {
        let commit = play("all-agree").param("participants", n);
        let run = commit.at(30_000);
        assert_eq!(run.read("messages"), f64::from(5 * n), "{n} participants");
        assert_eq!(run.read("committed"), 1.0);
        assert_eq!(run.read("takeovers"), 0.0, "nobody waits too long");
        let acks = commit.switch("final-acks", true).at(30_000);
        assert_eq!(acks.read("messages"), f64::from(6 * n), "{n} participants");
        assert_eq!(acks.who(&marks::FORGETS), [1]);
        assert_eq!(balances(&acks, n), balances(&run, n));
    }
}

/// T-3PCB: all that run are uncertain, so nobody can have committed: abort. Nobody waits for the coordinator.
#[test]
fn without_a_coordinator_uncertain_participants_abort() {
    for seed in 1..=20 {
        let run = play("coordinator-dies").seed(seed).at(10_000);
        assert_eq!(ends(&run), ABORTED, "seed {seed}");
        assert_eq!(run.read("blocked"), 0.0);
        assert!(run.all_broken().is_empty(), "{:?}", run.all_broken());
        assert_eq!(run.who(&marks::LEADS), [2], "the lowest that runs");
        let back = play("coordinator-dies").seed(seed).ended();
        assert_eq!((back.read("aborted"), back.read("committed")), (1.0, 0.0));
    }
}

/// T-3PCB: one that runs knows that all agreed, so nobody can have aborted: commit.
#[test]
fn if_one_knows_that_all_agreed_they_commit() {
    let run = play("one-knows-more").ended();
    assert_eq!(ends(&run), COMMITTED);
    assert_eq!((run.read("committed"), run.read("blocked")), (1.0, 0.0));
    assert_eq!(
        run.marked(&marks::PREPARES).len(),
        3,
        "all first learn that all agreed"
    );
    assert!(run.all_broken().is_empty());
}

/// A participant that was down may not decide from what it knows: the others have aborted without it.
#[test]
fn one_that_was_down_only_asks() {
    let run = play("it-crashes-too").at(12_000);
    assert_eq!(ends(&run), [None, ABORTED[0], ABORTED[0]]);
    let run = play("it-crashes-too").ended();
    assert_eq!(ends(&run), ABORTED);
    assert_eq!(run.who(&marks::ASKS), [2]);
    let run = play("back-and-asks").ended();
    assert_eq!(
        (ends(&run), run.who(&marks::ASKS)),
        (COMMITTED.to_vec(), vec![3])
    );
    assert_eq!(run.read("blocked"), 0.0);
}

/// All processes crash, and all come back: then their states decide. One that is missing may know more.
#[test]
fn when_all_were_down_all_must_be_back() {
    let all = |back: &[u32]| {
        let mut play = play("one-knows-more").does("2.6s crash n2");
        for node in [3, 4] {
            play = play.does(&format!("2.6s crash n{node}"));
        }
        for node in back {
            play = play.does(&format!("5s recover n{node}"));
        }
        play.at(15_000)
    };
    for missing in 1..=4 {
        let back: Vec<u32> = (1..=4).filter(|node| *node != missing).collect();
        let run = all(&back);
        assert!(run.read("blocked") > 9.0, "n{missing} is missing");
        assert!(run.broken("ends").is_some());
    }
    let run = all(&[1, 2, 3, 4]);
    assert_eq!(ends(&run), COMMITTED, "n2 knew that all agreed");
    assert!(run.all_broken().is_empty());
}

/// X-B1, M4: a node crashes behind each single event, and comes back or does not. Nothing is ever half done,
/// and all that run come to an end.
#[test]
fn a_crash_behind_any_event_blocks_nobody() {
    for scenario in ["all-agree", "one-votes-no"] {
        let steps = play(scenario).ended().0.world().events();
        for after in 1..=steps {
            for node in 1..=4 {
                let crash = play(scenario).does(&format!("@{after} crash n{node}"));
                for run in [
                    crash.at(30_000),
                    crash.does(&format!("15s recover n{node}")).at(40_000),
                ] {
                    let broken = run.all_broken();
                    assert!(broken.is_empty(), "n{node} after {after}: {broken:?}");
                    assert_eq!(run.read("blocked"), 0.0, "n{node} after {after}");
                }
            }
        }
    }
}

/// Two crashes: the coordinator behind one of its events, then a bank at any time, perhaps as it takes over.
#[test]
fn a_second_crash_blocks_nobody() {
    let steps = play("all-agree").ended().0.world().events();
    for after in (1..steps).step_by(3) {
        let first = format!("@{after} crash n1");
        let one = play("all-agree").does(&first);
        for at in (1_400..11_000).step_by(230) {
            for node in 2..=3 {
                let crash = format!("{at}ms crash n{node}");
                let run = one.does(&crash).at(40_000);
                let broken = run.all_broken();
                assert!(broken.is_empty(), "{first}, {crash}: {broken:?}");
                assert_eq!(run.read("blocked"), 0.0, "{first}, {crash}");
            }
        }
    }
}

/// Under random crashes at any instant, the plain law holds as well as the one that excuses other faults.
#[test]
fn crashes_alone_never_split_a_decision() {
    for preset in &PROTOCOL.presets[..2] {
        let hunt = Hunt {
            preset: Some(preset),
            sought: Sought::Law("atomic"),
            budget: Some(Budget {
                crashes: 4,
                duplicates: 1,
                ..Budget::NONE
            }),
            ..Hunt::new(crate::CATALOGUE, &PROTOCOL)
        };
        for seed in 0..150 {
            let run: Run = hunt.play(seed).expect("it sets up");
            assert_eq!(hunt.broken(&run), [], "{} seed {seed}", preset.name);
        }
    }
}

/// The flaw that three-phase commit is known for, and what a majority does about it.
#[test]
fn a_partition_splits_the_decision_unless_a_majority_decides() {
    let run = play("partition").ended();
    let split = [COMMITTED[0], COMMITTED[0], ABORTED[0]];
    assert_eq!(ends(&run), split);
    assert_eq!(run.read("disagreements"), 1.0);
    assert_eq!(run.all_broken(), ["atomic"]);
    assert!(run.read("total") > 300.0 - 2.5 && run.read("total") < 300.0);
    let quorum = play("partition").switch("quorum", true);
    let cut = quorum.at(16_000);
    assert_eq!(ends(&cut), [COMMITTED[0], COMMITTED[0], None]);
    assert!(cut.read("blocked") > 1.0, "one side waits");
    let healed = quorum.ended();
    assert_eq!(
        (ends(&healed), healed.all_broken()),
        (COMMITTED.to_vec(), vec![])
    );
    // One bank on the coordinator's side: nobody there may commit, and the other side is a majority.
    let other = play("partition")
        .switch("quorum", true)
        .does("2.1s partition n1,n2|n3,n4")
        .does("2.2s partition n1,n2|n3,n4");
    let run = other.does("30s heal").at(50_000);
    assert!(run.all_broken().is_empty(), "{:?}", run.all_broken());
    assert_eq!(ends(&run), ABORTED);
}

/// T-2PCB beside it: the same crashes leave banks waiting under two-phase commit.
#[test]
fn twelve_crashes_leave_nobody_waiting() {
    for seed in 1..=10 {
        let three = play("crash-points").seed(seed).ended();
        assert_eq!(three.read("left-waiting"), 0.0, "seed {seed}");
        assert_eq!(three.read("blocked"), 0.0);
        assert!(three.all_broken().is_empty(), "{:?}", three.all_broken());
        let two = Play::of(crate::CATALOGUE, "two-phase-commit/crash-points").seed(seed);
        let two = two.ended();
        let waited = two.read("left-waiting");
        assert!((4.0..=8.0).contains(&waited), "seed {seed}: {waited}");
        let ended = |run: &Played| run.read("committed") + run.read("aborted");
        assert_eq!((ended(&two), ended(&three)), (12.0, 12.0));
    }
}

/// A transaction of one bank is a write to its own disk.
#[test]
fn one_bank_alone_sends_nothing() {
    let run = play("local").at(1_900);
    assert_eq!((run.read("messages"), run.read("total")), (0.0, 310.0));
    assert_eq!(balances(&run, 3), [100, 110, 100]);
    assert_eq!(play("local").ended().read("messages"), 15.0);
    // A locked row is locked for everybody.
    let locked = play("all-agree").does(r#"1.7s request n3 {"deposit":{"amount":10}}"#);
    let why = locked.ended().replies();
    let refused = why.iter().find_map(|reply| reply["Failed"]["why"].as_str());
    assert_eq!(refused, Some("T1 has locked the row"));
}

/// Each rule that is left out breaks the law in a run that one can follow, and the rule mends it.
#[test]
fn each_flaw_breaks_its_law_and_the_rule_mends_it() {
    let both = play("one-knows-more").switch("ask-states", false).ended();
    assert_eq!(ends(&both), [COMMITTED[0], ABORTED[0], ABORTED[0]]);
    // The coordinator decides at 1.95 s and crashes before it tells anybody.
    let alone = play("one-knows-more").does("1.97s crash n1");
    assert_eq!(alone.ended().all_broken(), Vec::<&str>::new());
    let two = alone.switch("pre-commit", false).ended();
    assert_eq!(ends(&two), ABORTED);
    assert!(two.broken("crash-safe").is_some());
    let soon = play("back-and-asks").does("2s recover n3");
    assert!(soon.ended().all_broken().is_empty());
    let forgets = soon.switch("remember", false).ended();
    assert!(forgets.broken("crash-safe").is_some());
    assert!(forgets.read("total") != 300.0, "{}", forgets.read("total"));
}

/// The second transaction waits for the lock of the first; two that wait for each other end.
#[test]
fn locks_are_waited_for_and_deadlocks_end() {
    let transfer = |at, from, to| {
        format!(r#"{at} request n1 {{"transfer":{{"from":{from},"to":{to},"amount":10}}}}"#)
    };
    let run = play("one-commit")
        .param("answers", 6_000)
        .param("silence", 9_000)
        .does(&transfer("1300ms", 3, 4))
        .at(15_000);
    assert_eq!(run.marked(&marks::WAITS).len(), 2, "at both of its banks");
    assert_eq!((run.read("committed"), run.read("total")), (2.0, 300.0));
    let run = play("one-votes-no")
        .does(&transfer("1s", 2, 3))
        .does(&transfer("1s", 3, 2))
        .at(20_000);
    assert_eq!((run.read("total"), run.broken("ends")), (300.0, None));
}

/// A locked row says since when, and a message says what it means.
#[test]
fn locks_and_phases_are_drawn() {
    use faultline_sim::descriptor::Recipe;
    use faultline_sim::frame::Figure;
    use faultline_sim::time::Time;
    use faultline_sim::timeline::Timeline;

    let recipe = Recipe::new("three-phase-commit/one-knows-more", 1);
    let mut run = Timeline::new(crate::CATALOGUE.setup(&recipe).unwrap()).unwrap();
    run.run_until(Time(3_000_000), 10_000);
    let frame = run.frame();
    let figures = &frame.nodes[1].figures;
    let Some(Figure::Waits(waits)) = figures.iter().find(|f| matches!(f, Figure::Waits(_))) else {
        panic!("no lock at n2: {figures:?}");
    };
    assert_eq!(waits.locks[0].since.0, 1_450_000);
    assert!(
        figures
            .iter()
            .any(|f| matches!(f, Figure::Phases { at: 1, .. }))
    );
    assert!(frame.narration.as_ref().unwrap().contains("will take over"));
    run.run_until(Time(5_300_000), 10_000);
    let said = run.frame().narration.unwrap();
    assert_eq!(
        said,
        "Node 2 takes over and asks the others for their states."
    );
    let no = Message::Vote {
        tx: Tx(1),
        yes: false,
    };
    assert_eq!(super::shape_of(&no).unwrap().1, "✗");
    assert_eq!(
        bank(&play("one-knows-more").at(3_000), 2)
            .prepared
            .as_ref()
            .unwrap()
            .phase,
        Phase::PreCommit
    );
}
