//! Copies of a service: what they save, and what they cost.

use super::Row;

#[test]
fn t1() {
    let read = |scenario: &str| {
        let run = Row::of(scenario).ended();
        (run.read("lost"), run.read("unserved"))
    };
    let (lost, gap) = read("primary-backup/no-backup");
    assert!(lost >= 5.0, "all that was written: {lost}");
    assert!(gap > 2.9, "no server answers any more: {gap} s");
    let (lost, gap) = read("primary-backup/take-over");
    assert_eq!(lost, 0.0, "one backup, one crash");
    assert!((0.2..1.0).contains(&gap), "{gap} s");
    let (lost, gap) = read("primary-backup/two-backups");
    assert_eq!(lost, 0.0, "two backups, two crashes");
    assert!((0.4..2.0).contains(&gap), "{gap} s");
    let both = Row::of("primary-backup/two-backups")
        .does("1s crash n3")
        .ended();
    assert_eq!(both.read("lost"), 0.0, "also at once");
}

#[test]
fn t_b2() {
    for every in [50, 100, 200] {
        let run = |backups: u32| {
            let row = Row::of("primary-backup/take-over").param("every", every);
            row.param("backups", backups).ended().read("lost")
        };
        assert!(run(0) >= 3.0, "a write every {every} ms");
        assert_eq!(run(1), 0.0, "a write every {every} ms");
    }
    assert!(Row::of("primary-backup/no-backup").ended().read("lost") > 0.0);
}

#[test]
fn t_t3() {
    for hop in [5.0, 25.0, 40.0] {
        let mean = |scenario: &str| {
            let row = Row::of(scenario).does(&format!("0s latency constant {hop}ms"));
            row.ended().read("mean")
        };
        let extra = mean("primary-backup/no-faults") - mean("primary-backup/no-faults-at-once");
        assert!(
            (extra - 2.0 * hop).abs() < 2.0,
            "a hop of {hop} ms: {extra} ms more"
        );
    }
}
