//! Transactions over several machines.

use super::Row;

#[test]
fn x1() {
    // May a participant decide alone? No: it waits as long as the coordinator is away.
    let run = Row::of("two-phase-commit/coordinator-dies").ended();
    assert_eq!(run.read("blocked"), 10.0);
    assert_eq!(
        Row::of("two-phase-commit/all-agree")
            .ended()
            .read("messages"),
        12.0
    );
}

#[test]
fn x_b1() {
    let row = Row::of("two-phase-commit/all-agree");
    let steps = row.ended().0.world().events();
    for after in 1..=steps {
        let run = row
            .does(&format!("@{after} crash n1"))
            .does("9s recover n1")
            .at(30_000);
        assert!(
            run.all_broken().is_empty(),
            "after {after}: {:?}",
            run.all_broken()
        );
    }
}

#[test]
fn x_t1() {
    for seconds in [5, 10, 20] {
        let row = Row::of("two-phase-commit/all-agree");
        let run = row.does("1.8s crash n1").at(1_800 + seconds * 1_000);
        assert_eq!(run.read("blocked"), seconds as f64);
        let locked = (2..=4).filter(|id| !run.state(*id)["prepared"].is_null());
        assert_eq!(locked.count(), 3, "three rows are locked");
    }
}

#[test]
fn x_t2() {
    let messages = |participants: u32| {
        let row = Row::of("two-phase-commit/all-agree").param("participants", participants);
        row.ended().read("messages")
    };
    let fan: Vec<f64> = [2, 5, 10].map(messages).to_vec();
    assert_eq!(fan, [8.0, 20.0, 40.0], "four for each participant");
}

#[test]
fn mv7() {
    for (node, at) in [(1, "1.8s"), (2, "1.9s"), (3, "2.2s")] {
        let row = Row::of("two-phase-commit/all-agree").does(&format!("{at} crash n{node}"));
        let run = row.does(&format!("8s recover n{node}")).at(30_000);
        assert_eq!(run.read("total"), 300.0, "crash of n{node}");
    }
    let flaw = Row::of("two-phase-commit/forgotten-yes").ended();
    assert!(
        flaw.read("total") < 300.0,
        "without the rule, money is lost"
    );
}

#[test]
fn p4() {
    let alone = Row::of("two-phase-commit/all-agree").ended();
    let both = Row::of("two-phase-commit/two-want-one-row").ended();
    assert_eq!(both.read("committed"), 2.0);
    assert!(
        both.read("locked") > 1.5 * alone.read("locked"),
        "the second waits for the first"
    );
}
