//! Facts of the literature, and what each rule is for.

use faultline_sim::testing::{Play, Played};

use super::{PROTOCOL, marks, primes};

fn play(scenario: &str) -> Play {
    Play::protocol(&PROTOCOL, scenario)
}

fn found(run: &Played) -> Option<u64> {
    let told = run.marked(&marks::FINISHES);
    told.first().and_then(|(_, _, told)| told.number(0))
}

/// There are 25 primes below 100, 168 below 1,000 and 1,229 below 10,000, however the job is cut.
#[test]
fn the_primes_are_those_of_every_table() {
    for (below, known) in [(1, 0), (3, 1), (100, 25), (1_000, 168), (10_000, 1_229)] {
        assert_eq!(primes::count(0, below), known);
    }
    for (workers, parts) in [(1, 1), (3, 1), (4, 3), (7, 5)] {
        let run = play("four-machines").param("workers", workers);
        let run = run.param("parts", parts).at(60_000);
        assert_eq!(found(&run), Some(1_229), "{workers} workers, {parts} parts");
    }
}

/// \[A\]: 1/(s + (1 - s)/n), to the microsecond that timers are rounded to.
#[test]
fn without_coordination_the_speed_up_is_amdahls() {
    for serial in [0_u32, 10, 25, 50, 100] {
        for n in [1_u32, 2, 4, 5, 8, 16] {
            let run = play("free-messages").param("serial", serial);
            let run = run.param("workers", n).ended();
            let s = f64::from(serial) / 100.0;
            let law = 1.0 / (s + (1.0 - s) / f64::from(n));
            let measured = run.read("speedup");
            assert!(
                (measured - law).abs() < 1e-4,
                "{serial} % serial, {n} workers: {measured}, not {law}"
            );
        }
    }
}

/// \[G\]: with coordination the curve has a peak, and coordination grows with the workers.
#[test]
fn coordination_bends_the_curve_down() {
    let read = |n: u32, probe: &str| {
        let one = |seed| {
            let run = play("four-machines").param("workers", n).seed(seed);
            run.ended().read(probe)
        };
        (1..=5).map(one).sum::<f64>() / 5.0
    };
    let curve = [1, 2, 4, 8, 16, 32].map(|n| read(n, "speedup"));
    assert!(curve[0] < 1.0, "one worker is slower than none: {curve:?}");
    assert!(curve[0] < curve[1] && curve[1] < curve[2], "{curve:?}");
    assert!(curve[5] < curve[4] && curve[4] < curve[3], "{curve:?}");
    // Two steps of the coordinator for each part.
    for n in [1, 4, 8] {
        let coordination = read(n, "coordination");
        assert!((coordination - 0.4 * f64::from(n)).abs() < 1e-6, "{n}");
    }
}

/// \[DG\]: a straggler is waited for, unless a backup copy or small parts help.
#[test]
fn a_straggler_is_as_slow_as_the_job_unless_somebody_helps() {
    for seed in 1..=5 {
        let took = |scenario| play(scenario).seed(seed).ended().read("took");
        let (usual, slow) = (took("four-machines"), took("straggler"));
        assert!(slow > 15.0 && usual < 6.0, "{usual} {slow}");
        let (backup, small) = (took("straggler-backup"), took("many-parts"));
        assert!(backup < 0.8 * slow, "{backup} {slow}");
        assert!(small < 0.8 * slow, "{small} {slow}");
        let run = play("straggler-backup").seed(seed).ended();
        assert_eq!(run.read("backups"), 1.0);
        assert_eq!(found(&run), Some(1_229));
    }
}

#[test]
fn the_part_of_a_crashed_worker_is_redone_by_another() {
    for seed in 1..=5 {
        let run = play("worker-crashes").seed(seed).ended();
        assert_eq!((found(&run), run.read("again")), (Some(1_229), 1.0));
        let run = play("nobody-redoes").seed(seed).ended();
        assert_eq!(found(&run), None);
        assert!(run.broken("ends").is_some());
    }
    // A worker that is back says so, and works on.
    let back = play("worker-crashes").param("workers", 1);
    let back = back.does("3s crash n2").does("5s recover n2").at(60_000);
    assert_eq!(found(&back), Some(1_229));
}

#[test]
fn a_part_that_two_answer_is_counted_once() {
    let run = play("paused-too-long").ended();
    assert!(run.broken("sum").is_some());
    assert!(found(&run) > Some(1_229));
    let run = play("paused-too-long").switch("once", true).ended();
    assert_eq!(found(&run), Some(1_229));
    assert!(run.read("dropped-results") >= 1.0);
}

/// The job is the coordinator's: nobody else knows how far it is.
#[test]
fn a_crash_of_the_coordinator_loses_the_job() {
    let run = play("four-machines").does("3s crash n1").ended();
    assert_eq!(found(&run), None);
    let run = play("four-machines").does("3s crash n1");
    let again = run.does("4s recover n1");
    let again = again.does(r#"5s request n1 {"primes":{"below":1000}}"#);
    let run = again.ended();
    assert_eq!(
        found(&run),
        Some(168),
        "late results of the old job are left out"
    );
}
