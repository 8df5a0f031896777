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
    let mut decided = 0;
    for after in 1..=steps {
        let run = row
            .does(&format!("@{after} crash n1"))
            .does("9s recover n1")
            .at(30_000);
        let broken = run.all_broken();
        assert!(broken.is_empty(), "after {after}: {broken:?}");
        // All or nothing: never two outcomes, and no money lost or made.
        let outcomes = run.read("committed") + run.read("aborted");
        assert!(outcomes <= 1.0, "after {after}");
        assert_eq!(run.read("total"), 300.0, "after {after}");
        decided += outcomes as u64;
    }
    assert!(
        decided > steps / 2,
        "{decided} of {steps} crashes let it decide"
    );
}

#[test]
fn x_t1() {
    // In the scenario the coordinator is back after ten seconds; without its script it stays down.
    let dies = || Row::of("two-phase-commit/coordinator-dies");
    let left_down = || Row::of("two-phase-commit/all-agree").does("1.8s crash n1");
    for (seconds, row) in [(5, dies()), (10, dies()), (20, left_down())] {
        let run = row.at(1_800 + seconds * 1_000);
        assert_eq!(run.read("blocked"), seconds as f64);
        let locked = run.read("locked");
        assert!(locked >= seconds as f64, "locked for {locked} s");
        let locked = (2..=4).filter(|id| !run.state(*id)["prepared"].is_null());
        assert_eq!(locked.count(), 3, "three rows are locked");
    }
}

#[test]
fn x_t2() {
    let fan = [2, 5, 10].map(|participants: u32| {
        let row = Row::of("two-phase-commit/all-agree").param("participants", participants);
        row.ended()
    });
    let messages: Vec<f64> = fan.iter().map(|run| run.read("messages")).collect();
    assert_eq!(messages, [8.0, 20.0, 40.0], "four for each participant");
    let slowest: Vec<f64> = fan.iter().map(|run| run.read("p95")).collect();
    assert!(
        slowest.is_sorted(),
        "the slowest participant decides: {slowest:?}"
    );
}

#[test]
fn x5() {
    // The sum is wrong while the decision is on its way, and right at the end, also after a crash in between.
    let row = Row::of("two-phase-commit/all-agree");
    let totals: Vec<f64> = (0..120).map(|at| row.at(at * 50).read("total")).collect();
    assert_eq!((totals[0], *totals.last().expect("some")), (300.0, 300.0));
    assert!(totals.iter().any(|total| *total != 300.0), "{totals:?}");
    let crashed = row.does("2.2s crash n1").does("8s recover n1").at(30_000);
    assert_eq!(crashed.read("total"), 300.0);
}

#[test]
fn mv7() {
    for (node, at) in [(1, "1.8s"), (2, "1.9s"), (3, "2.2s")] {
        let row = Row::of("two-phase-commit/all-agree").does(&format!("{at} crash n{node}"));
        let run = row.does(&format!("8s recover n{node}")).at(30_000);
        assert_eq!(run.read("total"), 300.0, "crash of n{node}");
    }
    let busy = Row::of("two-phase-commit/busy-banks").does("2s crash n1");
    assert_eq!(busy.does("9s recover n1").at(60_000).read("total"), 400.0);
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

#[test]
fn x2() {
    // The same crash as under two-phase commit: the banks do not wait for the coordinator.
    let run = Row::of("three-phase-commit/coordinator-dies").ended();
    assert_eq!(run.read("blocked"), 0.0);
    let two = Row::of("two-phase-commit/coordinator-dies").ended();
    assert!(run.read("locked") < two.read("locked") / 2.0);
    // A partition splits the decision. Crashes do not.
    let split = Row::of("three-phase-commit/partition");
    assert_eq!(split.ended().read("disagreements"), 1.0);
    assert_eq!(run.read("disagreements"), 0.0);
    let majority = split.switch("quorum", true).ended();
    assert_eq!(majority.read("disagreements"), 0.0);
    assert!(majority.read("blocked") > 1.0, "one side waits");
    let agree = Row::of("three-phase-commit/all-agree");
    assert_eq!(agree.ended().read("messages"), 15.0);
    let acknowledged = agree.switch("final-acks", true).ended();
    assert_eq!(acknowledged.read("messages"), 18.0);
}

#[test]
fn x_b2() {
    for banks in [2, 3, 7] {
        let row = Row::of("three-phase-commit/one-commit").param("participants", banks);
        assert_eq!(row.ended().read("messages"), f64::from(5 * banks));
    }
}

#[test]
fn m4() {
    let local = Row::of("three-phase-commit/local").at(1_900);
    assert_eq!(local.read("messages"), 0.0, "one bank asks nobody");
    let twelve = Row::of("two-phase-commit/all-agree").ended();
    assert_eq!(twelve.read("messages"), 12.0);
    let waited = Row::of("two-phase-commit/crash-points").ended();
    let waited = waited.read("left-waiting");
    assert!((1.0..12.0).contains(&waited), "{waited} of 12");
}

#[test]
fn x3() {
    // The third step fails: two are undone, in reverse, and others could see them in between.
    let run = Row::of("saga/car-fails").ended();
    assert_eq!((run.read("steps-undone"), run.read("booked")), (2.0, 0.0));
    assert!(run.read("between") > 2.0, "{}", run.read("between"));
    let five = Row::of("saga/five-steps").ended();
    assert_eq!((five.read("steps-undone"), five.read("locked")), (3.0, 0.0));
    // A customer is sent away for a seat that is free again later.
    assert_eq!(Row::of("saga/last-seat").ended().read("seen-between"), 1.0);
    let two_seats = Row::of("saga/last-seat").param("stock", 2).ended();
    assert_eq!(two_seats.read("seen-between"), 0.0);
}

#[test]
fn x_b3() {
    // One of five services is down in the middle: the trip ends undone, or booked if node 1 waits for longer.
    let run = Row::of("saga/five-services").ended();
    assert_eq!((run.read("booked"), run.read("undone")), (0.0, 1.0));
    let patient = Row::of("saga/five-services").param("tries", 20).ended();
    assert_eq!((patient.read("booked"), patient.read("ok")), (1.0, 100.0));
    // However services crash, some trips are booked and none is half booked.
    let busy = Row::of("saga/busy-services").at(90_000);
    assert!(busy.read("ok") > 10.0, "{}", busy.read("ok"));
    assert_eq!(busy.read("held"), 0.0);
    assert!(busy.all_broken().is_empty(), "{:?}", busy.all_broken());
}
