//! Facts of the literature, and what each rule is for.

use faultline_sim::testing::{Play, Played};

use super::{Branch, PROTOCOL, marks};

fn play(scenario: &str) -> Play {
    Play::protocol(&PROTOCOL, scenario)
}

/// Laws that must hold at every instant.
fn broken(run: &Played) -> Vec<&'static str> {
    let all = run.all_broken().into_iter();
    all.filter(|law| *law != "completes").collect()
}

/// Chandy and Lamport: one marker on each channel, and all the money is in the snapshot.
#[test]
fn a_snapshot_takes_a_marker_a_channel_and_counts_all_the_money() {
    for n in [2_u64, 3, 4, 7, 12] {
        for seed in 1..=5 {
            let run = play("money-flies").param("nodes", n).seed(seed).ended();
            assert_eq!(run.sent("Marker"), n * (n - 1), "{n} branches");
            assert_eq!(run.read("snapshots"), 1.0);
            assert_eq!(run.read("counted"), (100 * n) as f64);
            assert_eq!(run.marked(&marks::RECORDS).len() as u64, n);
            assert!(run.all_broken().is_empty(), "{:?}", run.all_broken());
        }
    }
}

/// \[CL\]: several may begin, and it is one snapshot.
#[test]
fn two_that_begin_at_once_make_one_snapshot() {
    for seed in 1..=10 {
        let run = play("two-begin").seed(seed).ended();
        assert_eq!((run.read("snapshots"), run.sent("Marker")), (1.0, 12));
        assert_eq!(run.read("counted"), 400.0);
    }
}

/// What each rule is for; with the rule, the same run is whole.
#[test]
fn each_flaw_breaks_its_law_and_the_rule_mends_it() {
    for (scenario, switch, law) in [
        ("balances-only", "channels", "adds-up"),
        ("overtaken", "fifo", "adds-up"),
        ("late-markers", "markers-first", "consistent-cut"),
        ("alone", "follow", "no-orphan"),
    ] {
        assert!(play(scenario).ended().broken(law).is_some(), "{scenario}");
        let mended = play(scenario).switch(switch, true).ended();
        assert_eq!(broken(&mended), Vec::<&str>::new(), "{scenario}");
    }
    let overtaken = play("overtaken").ended();
    assert_eq!(overtaken.read("counted"), 420.0, "20 are counted twice");
    let alone = play("alone").at(17_000);
    assert!(alone.read("total") > 400.0, "money that was never sent");
}

/// Koo and Toueg: with coordinated checkpoints, nobody goes back beyond the last complete snapshot.
#[test]
fn coordinated_checkpoints_stop_the_dominoes() {
    let (mut planned, mut unplanned) = (0.0, 0.0);
    for seed in 1..=20 {
        let run = play("checkpoints").seed(seed).ended();
        assert_eq!(broken(&run), Vec::<&str>::new());
        assert_eq!(run.read("total"), 400.0);
        // A snapshot that was under way is given up once by each branch, at most.
        assert!(run.read("domino") <= 4.0, "{seed}");
        planned += run.read("domino");
        let run = play("no-plan").seed(seed).ended();
        assert_eq!(broken(&run), Vec::<&str>::new());
        assert_eq!(run.read("total"), 400.0);
        unplanned += run.read("domino");
        // \[KT\]: no livelock, in which one crash makes branches go back for ever.
        assert!(run.read("rolled-back") < 30.0, "{seed}");
    }
    assert!(unplanned > planned + 20.0, "{planned} {unplanned}");
}

/// Money is neither made nor lost, however many branches crash, in whichever order they come back.
#[test]
fn crashes_that_overlap_lose_no_money() {
    for seed in 1..=30 {
        for preset in ["correct", "independent"] {
            let run = play("checkpoints")
                .preset(preset)
                .seed(seed)
                .param("interval", 4)
                .does("5s crash n1")
                .does("6s crash n2")
                .does("6500ms recover n1")
                .does("7s recover n2")
                .does("7s crash n4")
                .does("7100ms recover n4")
                .does("24s set every=0")
                .at(40_000);
            assert_eq!(broken(&run), Vec::<&str>::new(), "{preset} {seed}");
            assert_eq!(run.read("total"), 400.0, "{preset} {seed}");
            assert_eq!(run.read("on-its-way"), 0.0, "{preset} {seed}");
            for id in 1..=4 {
                let early = run.node::<Branch>(id).channels.values();
                assert!(early.clone().all(|channel| channel.early.is_empty()));
            }
        }
    }
}

/// T6: the longer the way from one checkpoint to the next, the more is undone.
#[test]
fn more_work_is_lost_with_fewer_checkpoints() {
    let mean = |scenario: &str| {
        let redone = |seed| play(scenario).seed(seed).ended().read("redone");
        (1..=20).map(redone).sum::<f64>() / 20.0
    };
    let (often, ten, seldom) = (mean("often"), mean("checkpoints"), mean("seldom"));
    assert!(often < ten && ten < seldom, "{often} {ten} {seldom}");
}

#[test]
fn what_cannot_be_paid_is_refused() {
    for (to, amount) in [(2, 500), (1, 1), (9, 1), (2, 0)] {
        let request = format!(r#"0s request n1 {{"pay":{{"to":{to},"amount":{amount}}}}}"#);
        let run = play("overtaken").does(&request).at(900);
        assert!(run.replies()[0]["Failed"]["why"].is_string(), "{request}");
    }
}
