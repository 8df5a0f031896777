//! Where two runs part, and whether they make a fair test: over every protocol.

use faultline_protocols::CATALOGUE;
use faultline_sim::command::Command;
use faultline_sim::descriptor::{Recipe, Setup};
use faultline_sim::event::Record;
use faultline_sim::fairness::{Fairness, make_fair};
use faultline_sim::fault::Fault;
use faultline_sim::process::NodeId;
use faultline_sim::time::{MAX_TIME, Time};
use faultline_sim::timeline::{Budget, Differ, Target, Timeline};
use faultline_sim::world::Limits;

use super::chaos::{cases, timeline};

const ALL: u64 = u64::MAX;

/// The first difference as anybody would look for it: record by record, from the beginning.
fn by_hand(first: &mut Timeline, second: &mut Timeline) -> Option<u64> {
    let (one, other) = (first.window(1, ALL), second.window(1, ALL));
    let line = |record: &Record| (record.time, record.node, record.event.to_string());
    let differ = one.iter().zip(&other).find(|(a, b)| line(a) != line(b));
    if let Some((record, _)) = differ {
        return Some(record.seq);
    }
    let shared = one.len().min(other.len());
    let (longer, end) = if one.len() > shared {
        (&one, second.edge())
    } else {
        (&other, first.edge())
    };
    longer
        .get(shared)
        .filter(|more| more.time < end)
        .map(|more| more.seq)
}

/// Looks until nothing more is to be read.
fn found(first: &mut Timeline, second: &mut Timeline) -> Option<u64> {
    let mut differ = Differ::default();
    loop {
        let before = differ.same();
        if let Some(found) = differ.look(first, second, 5_000) {
            return Some(found.seq);
        }
        if differ.same() == before {
            return None;
        }
    }
}

fn crash(run: &mut Timeline) {
    let crash = Command::Fault(Fault::Crash(NodeId(2)));
    run.apply(crash).expect("a crash makes sense anywhere");
}

#[test]
fn a_run_does_not_differ_from_itself() {
    for case in cases().step_by(5) {
        let (mut one, mut other) = (case.timeline(), case.timeline());
        one.run_until(case.until, 20_000);
        other.run_until(one.now(), ALL);
        assert_eq!(found(&mut one, &mut other), None, "{case}");
        // One that has not gone so far has nothing else to show, either.
        other.go(Target::Time(Time(one.now().0 / 2)));
        assert_eq!(found(&mut one, &mut other), None, "{case}");
    }
}

#[test]
fn a_fork_differs_where_it_was_acted() {
    for case in cases().step_by(3) {
        let (mut one, mut other) = (case.timeline(), case.timeline());
        one.run_until(case.until, 20_000);
        other.run_until(Time(one.now().0 / 10 * 9), ALL);
        let before = other.records();
        crash(&mut other);
        other.run_until(one.now(), ALL);
        let seq = found(&mut one, &mut other);
        assert_eq!(seq, by_hand(&mut one, &mut other), "{case}");
        assert!(seq.is_none_or(|seq| seq > before), "{case}");
    }
}

#[test]
fn two_presets_part_where_their_records_do() {
    for protocol in super::protocols() {
        for preset in protocol.presets {
            let mut recipe = Recipe::new(protocol.id, 3);
            let mut one = timeline(&recipe);
            recipe.preset = Some(preset.name.to_owned());
            let mut other = timeline(&recipe);
            for run in [&mut one, &mut other] {
                run.run_until(Time(12_000_000), 20_000);
            }
            let expected = by_hand(&mut one, &mut other);
            assert_eq!(
                found(&mut one, &mut other),
                expected,
                "{} {}",
                protocol.id,
                preset.name
            );
        }
    }
}

/// A run of hundreds of thousands of records, forked near its end: little is read, and nothing is
/// missed where old records were dropped.
#[test]
fn a_late_fork_of_a_long_run_is_found_at_little_cost() {
    let recipe = Recipe::new("cluster", 7);
    let open = |budget| {
        let setup = CATALOGUE
            .setup(&recipe)
            .expect("a scenario of the catalogue");
        Timeline::with(setup, Limits::default(), Budget { bytes: budget }).expect("it opens")
    };
    let end = Time(1_500_000_000);
    for budget in [usize::MAX, 0] {
        let (mut one, mut other) = (open(budget), open(budget));
        one.run_until(end, ALL);
        other.run_until(Time(end.0 / 10 * 9), ALL);
        let before = other.records();
        assert!(before > 100_000, "{before} records are no long run");
        crash(&mut other);
        other.run_until(end, ALL);
        let mut differ = Differ::default();
        let found = differ.look(&mut one, &mut other, 2_048).cloned();
        let found = found.expect("two segments are enough to read");
        assert_eq!(found.seq, before + 1);
        assert_eq!(found.second.expect("the crash").time, Time(end.0 / 10 * 9));
    }
}

#[test]
fn a_difference_is_found_while_runs_go_on_and_lost_when_it_is_undone() {
    let recipe = Recipe::new("bully/kill-the-leader", 1);
    let (mut one, mut other) = (timeline(&recipe), timeline(&recipe));
    let mut differ = Differ::default();
    for second in 1..=4 {
        for run in [&mut one, &mut other] {
            run.run_until(Time(second * 1_000_000), ALL);
        }
        assert!(differ.look(&mut one, &mut other, 5_000).is_none());
    }
    crash(&mut other);
    other.run_until(Time(5_000_000), ALL);
    one.run_until(Time(5_000_000), ALL);
    let found = differ
        .look(&mut one, &mut other, 5_000)
        .cloned()
        .expect("a crash differs");
    assert_eq!(
        (found.time, found.node()),
        (Time(4_000_000), Some(NodeId(2)))
    );
    assert!(other.undo().is_some());
    assert_eq!(other.now(), Time(4_000_000), "just before it");
    other.run_until(Time(5_000_000), ALL);
    assert!(
        differ.look(&mut one, &mut other, 5_000).is_none(),
        "as if never done"
    );
}

/// A run that waits beside another one for an instant between two events is the same run.
#[test]
fn standing_between_events_changes_nothing() {
    for case in cases().step_by(7) {
        let (mut one, mut other) = (case.timeline(), case.timeline());
        one.run_until(case.until, 3_000);
        // The budget may end in the middle of an instant.
        let end = one.now();
        one.run_until(end, ALL);
        while other.next_at().is_some_and(|at| at <= end) {
            let (moves, at) = (other.records(), other.last_at());
            let next = other.next_at().expect("just seen");
            let between = Time(at.max(other.last_at()).0.midpoint(next.0));
            other.stand_at(between);
            assert_eq!(other.records(), moves, "{case}: nothing happens");
            assert!(other.now() <= next, "{case}");
            other.step();
        }
        other.run_until(end, ALL);
        assert_eq!(one.trace_hash(), other.trace_hash(), "{case}");
        assert_eq!(one.state_hash(), other.state_hash(), "{case}");
        // Back to any instant between the last event and here.
        let (last, records) = (other.last_at(), other.records());
        other.stand_at(last);
        assert_eq!((other.now(), other.records()), (last, records), "{case}");
    }
}

// Fairness ----------------------------------------------------------------------------------------

fn setup(recipe: &Recipe) -> Setup {
    CATALOGUE
        .setup(recipe)
        .unwrap_or_else(|why| panic!("{why}"))
}

fn fairness(a: &Recipe, b: &Recipe) -> Fairness {
    Fairness::of(&setup(a), &setup(b), MAX_TIME)
}

fn bully(preset: &str, commands: &[&str]) -> Recipe {
    Recipe {
        preset: Some(preset.to_owned()),
        commands: commands.iter().map(|c| (*c).to_owned()).collect(),
        ..Recipe::new("bully/kill-the-leader", 1)
    }
}

#[test]
fn rules_are_what_is_compared() {
    for protocol in super::protocols() {
        for preset in protocol.presets {
            let one = Recipe::new(protocol.id, 1);
            let mut other = one.clone();
            other.preset = Some(preset.name.to_owned());
            let fairness = fairness(&one, &other);
            assert!(
                !fairness.is_unfair(),
                "{} {}: {fairness:?}",
                protocol.id,
                preset.name
            );
        }
        for switch in protocol.switches {
            let one = Recipe::new(protocol.id, 1);
            let on = setup(&one).settings.switch(switch);
            let mut other = one.clone();
            let _ = other.switches.insert(switch.name.to_owned(), !on);
            let fairness = fairness(&one, &other);
            assert!(
                fairness.rules && !fairness.is_unfair(),
                "{}: {fairness:?}",
                switch.name
            );
        }
    }
}

#[test]
fn other_luck_another_load_or_other_faults_are_unfair() {
    let one = bully("textbook", &["5s crash n5"]);
    let mut luck = one.clone();
    luck.seed = "2".into();
    assert!(fairness(&one, &luck).is_unfair());
    assert!(fairness(&one, &luck).seed);

    let spared = bully("as-written", &[]);
    let found = fairness(&one, &spared);
    assert!(
        found.is_unfair() && found.faults && found.rules,
        "{found:?}"
    );

    let asked = bully("as-written", &["5s crash n5", "6s request n1 \"Start\""]);
    assert!(fairness(&one, &asked).requests);
    let mut more = bully("as-written", &["5s crash n5"]);
    let _ = more.params.insert("nodes".into(), "7".into());
    let found = fairness(&one, &more);
    assert!(found.is_unfair() && found.settings.len() == 1, "{found:?}");
}

#[test]
fn where_one_thing_differs_it_is_what_is_compared() {
    let one = bully("textbook", &["5s crash n5"]);
    let forked = bully("textbook", &["4.2s crash n5"]);
    let found = fairness(&one, &forked);
    assert!(found.faults && !found.is_unfair(), "{found:?}");
    let counted = bully("textbook", &["5s@12 crash n5"]);
    assert!(
        !fairness(&one, &counted).faults,
        "each run counts its own events"
    );
}

#[test]
fn what_is_unfair_can_be_made_fair() {
    let one = bully(
        "textbook",
        &["5s crash n5", "6s cut n1-n2", "7s request n1 \"Start\""],
    );
    let mut other = bully("as-written", &["3s crash n1", "4s switch guard=on"]);
    other.seed = "9".into();
    let (fair, left_out) = make_fair(CATALOGUE, &setup(&one), &setup(&other)).expect("it opens");
    let now = fairness(&one, &fair);
    assert!(!now.is_unfair(), "{now:?}");
    assert!(
        now.rules && !now.seed && !now.faults && !now.requests,
        "{now:?}"
    );
    assert!(
        fair.commands.contains(&"4s switch guard=on".to_owned()),
        "its own rule stays"
    );
    assert_eq!(left_out, Vec::<String>::new());
    timeline(&fair).run_until(Time(10_000_000), 20_000);
}

#[test]
fn values_of_single_nodes_are_told_and_made_alike() {
    let one = bully("textbook", &[]);
    let mut other = one.clone();
    let _ = other.params.insert("n3.timeout".into(), "9".into());
    let _ = other.switches.insert("n3.guard".into(), false);
    let found = fairness(&one, &other);
    assert!(found.rules && found.settings.len() == 1, "{found:?}");
    let (fair, _) = make_fair(CATALOGUE, &setup(&one), &setup(&other)).expect("it opens");
    let now = fairness(&one, &fair);
    assert!(now.rules && now.settings.is_empty(), "{now:?}");
    let (fair, _) = make_fair(CATALOGUE, &setup(&other), &setup(&one)).expect("it opens");
    assert_eq!(fair.params["n3.timeout"], "9");
    assert!(
        !fair.switches.contains_key("n3.guard"),
        "rules stay its own"
    );
}

#[test]
fn between_protocols_what_has_no_counterpart_is_named() {
    let one = bully(
        "textbook",
        &["5s crash n9", "6s request n1 \"Start\"", "7s crash n2"],
    );
    let other = Recipe::new("raft", 4);
    let (fair, left_out) = make_fair(CATALOGUE, &setup(&one), &setup(&other)).expect("it opens");
    assert_eq!(
        (fair.seed.as_str(), fair.scenario.split('/').next()),
        ("1", Some("raft"))
    );
    assert!(
        fair.commands.contains(&"7s crash n2".to_owned()),
        "{fair:?}"
    );
    assert_eq!(left_out, ["crash n9", "request n1 \"Start\""]);
}
