//! What the papers say of ranges, and what each rule is for.

use faultline_sim::testing::{Play, Played};

use super::{PROTOCOL, marks};

fn play(scenario: &str) -> Play {
    Play::protocol(&PROTOCOL, scenario)
}

/// Laws that must hold at every instant.
fn broken(run: &Played) -> Vec<&'static str> {
    let all = run.all_broken().into_iter();
    all.filter(|law| *law != "served").collect()
}

#[test]
fn keys_in_the_order_of_time_all_go_to_one_shard() {
    for shards in [2_u32, 4, 8] {
        let run = play("time-ordered").param("shards", shards).ended();
        assert_eq!(run.read("skew"), f64::from(shards), "all at the last one");
        let run = play("salted").param("shards", shards).ended();
        assert!(run.read("skew") < 0.6 * f64::from(shards) + 0.5);
    }
    for seed in 1..=5 {
        let run = play("random-keys").seed(seed).ended();
        assert!(run.read("skew") < 2.0, "{}", run.read("skew"));
    }
}

/// A split moves the writes, and does not divide them.
#[test]
fn after_a_split_another_shard_is_hot() {
    for seed in 1..=5 {
        let run = play("split").seed(seed).ended();
        assert!(run.read("ranges") > 4.0 && run.read("moved") > 5.0);
        assert!(run.read("skew") < 4.0, "more than one had its turn");
        assert!(run.read("hot") >= 75.0, "{}", run.read("hot"));
        assert_eq!(run.read("unanswered"), 0.0, "writes go on");
        assert!(run.read("refused") >= 1.0, "a client's table was old");
        assert_eq!(run.all_broken(), Vec::<&str>::new());
    }
}

/// Nothing is lost or served twice in many moves with losses, crashes and doubled messages.
#[test]
fn moves_keep_every_row() {
    for seed in 1..=10 {
        let run = play("many-splits").seed(seed);
        let run = run.does("0s loss 15%").does("0s duplication 20%");
        let run = run.does("6s crash n5").does("9s recover n5");
        let run = run.does("11s crash n1").does("13s recover n1").at(90_000);
        assert!(run.read("ranges") > 5.0, "{}", run.read("ranges"));
        assert_eq!(run.all_broken(), Vec::<&str>::new(), "seed {seed}");
    }
}

#[test]
fn each_flaw_breaks_its_law_and_the_rule_mends_it() {
    for (scenario, switch, law) in [
        ("both-serve", "release-first", "one-owner"),
        ("old-table", "check-range", "kept"),
        ("lost-on-the-way", "keep-copy", "kept"),
    ] {
        assert!(play(scenario).ended().broken(law).is_some(), "{scenario}");
        let mended = play(scenario).switch(switch, true).ended();
        assert_eq!(broken(&mended), Vec::<&str>::new(), "{scenario}");
    }
}

/// \[DG\]: a question for neighbours goes to one shard, one about anything else to all.
#[test]
fn a_scan_asks_the_shards_of_its_range() {
    let run = play("find").ended();
    let shards = |run: &Played| -> Vec<Option<u64>> {
        let scans = run.marked(&marks::SCANNED).into_iter();
        scans.map(|(.., marked)| marked.number(1)).collect()
    };
    assert_eq!(shards(&run), [Some(1), Some(2), Some(4)]);
    let salted = play("find").switch("salt", true).ended();
    assert_eq!(shards(&salted), [Some(1), Some(4), Some(4)]);
    // The same keys are found, and the slowest of four shards decides how long it takes.
    let keys = |run: &Played| {
        let scans = run.marked(&marks::SCANNED);
        scans[1].2.number(0)
    };
    assert_eq!((keys(&run), keys(&salted)), (Some(8), Some(8)));
    let p95 = |scenario| {
        let run = |seed| play(scenario).seed(seed).ended().read("p95");
        (1..=5).map(run).sum::<f64>() / 5.0
    };
    let (one, all) = (p95("scan"), p95("scan-salted"));
    assert!(all > 1.1 * one, "{one} {all}");
}

#[test]
fn nobody_serves_the_ranges_of_a_crashed_shard() {
    let run = play("shard-crashes");
    let down = run.at(13_000);
    let waits = down.read("mean");
    assert!(run.ended().read("mean") > waits, "some waited for it");
    assert_eq!(run.ended().all_broken(), Vec::<&str>::new());
}
