//! Activity 1, the distributed counter, and the mistake of repeating what is not safe to repeat.

use faultline_sim::testing::{Play, Played};

use super::Row;

fn totals(run: &Played) -> [f64; 3] {
    ["total_n1", "total_n2", "total_n3"].map(|probe| run.read(probe))
}

/// A mean over seeds.
fn mean(row: &Play, seeds: u64, of: impl Fn(&Play) -> f64) -> f64 {
    (1..=seeds).map(|seed| of(&row.seed(seed))).sum::<f64>() / seeds as f64
}

#[test]
fn a1() {
    let row = Row::of("counter/likes");
    let during = row.at(10_000);
    assert!(during.read("div") > 1.0 && during.read("most-div") == 3.0);
    let end = row.ended();
    assert_eq!(totals(&end), [end.read("counted"); 3]);
    assert_eq!(end.read("ok"), 100.0, "nobody is turned away");
}

#[test]
fn a1_1() {
    let run = Row::of("counter/swapped").ended();
    assert!(
        run.broken("never-back").is_some(),
        "the line stores what is older"
    );
}

#[test]
fn a1_2() {
    let run = Row::of("counter/demo").ended();
    for total in ["total_n1", "total_n2", "total_n3"] {
        assert_eq!(run.read(total), 4.0, "{total}");
    }
    assert_eq!(run.read("messages"), 6.0);
}

#[test]
fn a1_3a() {
    let row = Row::of("counter/crossing");
    let one = row.ended();
    assert_eq!((totals(&one), one.read("counted")), ([4.0, 3.0, 4.0], 3.0));
    let two = row.switch("two-counters", true).ended();
    for total in ["total_n1", "total_n2", "total_n3"] {
        assert_eq!(two.read(total), 3.0, "{total}");
    }
}

#[test]
fn a1_3b() {
    let row = Row::of("counter/swapped");
    assert_eq!(row.ended().read("total_n1"), 3.0);
    for rule in ["maximum", "numbers"] {
        let run = row.switch(rule, true).ended();
        assert_eq!(run.read("total_n1"), 4.0, "{rule}");
    }
}

#[test]
fn a1_3c() {
    let row = Row::of("counter/clock-back");
    let clocks = row.ended();
    assert_eq!(clocks.read("total_n2"), 2.0);
    assert!(clocks.read("ignored") > 0.0 && clocks.read("counted") == 4.0);
    assert_eq!(totals(&row.preset("numbered").ended()), [4.0; 3]);
}

#[test]
fn a1_4a() {
    let run = Row::of("counter/one-way").ended();
    for (total, expected) in [("total_n1", 4.0), ("total_n2", 4.0), ("total_n3", 3.0)] {
        assert_eq!(run.read(total), expected, "{total}");
    }
}

#[test]
fn a1_4b() {
    let line = Row::of("counter/neighbours");
    assert_eq!(totals(&line.ended()), [3.0, 4.0, 3.0]);
    let forward = line.switch("forward", true).ended();
    for total in ["total_n1", "total_n2", "total_n3"] {
        assert_eq!(forward.read(total), 4.0, "{total}");
    }
    let star = line.param("topology", "star");
    assert_eq!(totals(&star.ended()), [4.0, 3.0, 2.0]);
    let echo = Row::of("counter/echo");
    assert!(totals(&echo.ended()).iter().all(|total| *total > 4.0));
    assert_eq!(totals(&echo.switch("own-count", true).ended()), [4.0; 3]);
}

#[test]
fn a1_4c() {
    let row = Row::of("counter/joiner");
    assert_eq!(row.ended().read("total_n4"), 0.0);
    let asks = row.switch("catch-up", true);
    assert_eq!(
        (
            asks.at(5_001).read("total_n4"),
            asks.ended().read("total_n4")
        ),
        (0.0, 4.0)
    );
    let restart = Row::of("counter/power-cut");
    assert!(restart.ended().read("error") > 0.0);
    assert_eq!(restart.switch("disk", true).ended().read("error"), 0.0);
}

#[test]
fn a1_q1() {
    let run = Row::of("counter/likes").ended();
    assert_eq!(run.read("most-div"), 3.0);
    assert!(run.read("diverged") > 5.0, "{} s", run.read("diverged"));
    let lost = Row::of("counter/power-cut").ended();
    assert!(lost.read("diverged") > run.read("lag") / 2.0);
}

#[test]
fn a1_q2() {
    // More losses, more lag; and slower messages, too.
    let row = Row::of("counter/repaired");
    let lag = |row: &Play| mean(row, 8, |row| row.ended().read("lag"));
    let [none, some, many] = ["0", "40", "80"].map(|loss| lag(&row.param("loss", loss)));
    assert!(none < some && some < many, "{none} {some} {many}");
    let late = lag(&row.param("loss", "0").does("0s latency constant 3s"));
    assert!(late >= 3.0, "{late}");
    // What is lost for good is the last count of a node, not each lost message.
    let lossy = Row::of("counter/lossy").ended();
    assert!(lossy.read("error") > 0.0 && lossy.read("error") < lossy.read("dropped") / 2.0);
}

#[test]
fn a1_q3() {
    let row = Row::of("counter/lossy");
    let read =
        |rule: &str, probe: &str| mean(&row.switch(rule, true), 8, |row| row.ended().read(probe));
    for rule in ["send-again", "exchange"] {
        assert_eq!(read(rule, "error"), 0.0, "{rule}");
    }
    assert!(read("send-again", "messages") < read("exchange", "messages"));
    let often = Row::of("counter/repaired").param("every", 300);
    let seldom = Row::of("counter/repaired").param("every", 3_000);
    let lag = |row: &Play| mean(row, 8, |row| row.ended().read("lag"));
    let sent = |row: &Play| mean(row, 8, |row| row.ended().read("messages"));
    assert!(lag(&often) < lag(&seldom) && sent(&often) > sent(&seldom));
    // Or a reader asks a majority: no read is old, and reads cost messages, too.
    let reading = |scenario: &str| {
        let row = Row::of(scenario).param("reads", 100);
        mean(&row, 4, |row| row.at(9_500).read("messages"))
    };
    // Where nobody asks, only digests are sent.
    assert!(reading("cap/uncut") > 10.0 * reading("cap/uncut-answer"));
    let stale = |scenario: &str| mean(&Row::of(scenario), 4, |row| row.at(9_500).read("stale"));
    assert_eq!(stale("cap/uncut"), 0.0);
    assert!(stale("cap/uncut-answer") > 0.0);
}

#[test]
fn a1_q4() {
    for seed in 1..=8 {
        let run = Row::of("counter/likes").seed(seed).ended();
        assert_eq!(
            (run.read("div"), run.read("error")),
            (1.0, 0.0),
            "seed {seed}"
        );
        assert!(run.read("agree-time") < 7.0);
    }
}

#[test]
fn a1_q5() {
    // Likes: wrong for a while, right in the end. Seats: sold twice. Calls: a few too many.
    let likes = Row::of("counter/likes").ended();
    assert!(likes.read("worst") > 0.0 && likes.read("error") == 0.0);
    assert!(Row::of("counter/last-seats").ended().read("over") > 0.0);
    let calls = Row::of("counter/rate-limit").ended();
    assert!((1.0..10.0).contains(&calls.read("over")));
    let shares = Row::of("counter/own-shares").ended();
    assert_eq!(shares.read("over"), 0.0);
    assert!(shares.read("refused") > 0.0);
}

#[test]
fn w1() {
    // Shards: joined by the larger count, and a click that is repeated counts twice.
    let row = Row::of("counter/shards");
    let twice = row.ended();
    assert!(twice.read("twice") > 0.0 && twice.read("error") == twice.read("twice"));
    let ids = row.switch("ids", true).ended();
    assert_eq!((ids.read("twice"), ids.read("error")), (0.0, 0.0));
    // Intervals: a transaction that is repeated under its number counts once.
    let row = Row::of("truetime/counter");
    let once = row.ended();
    assert!(once.read("twice") == 0.0 && once.read("error") <= 1.0);
    let twice = row.switch("once", false).ended();
    assert!(twice.read("twice") > 0.0 && twice.read("error") > 1.0);
}

#[test]
fn m6() {
    assert_eq!(Row::of("counter/same-twice").ended().read("total_n1"), 3.0);
    let row = Row::of("counter/add-twice");
    let charged = |row: &Play| (row.ended().read("total_n1"), row.ended().read("twice"));
    assert_eq!(charged(&row), (2.0, 1.0));
    assert_eq!(charged(&row.switch("ids", true)), (1.0, 0.0));
    let cluster = Row::of("cluster/retry-applied-twice").ended();
    assert_eq!(cluster.read("applied-twice"), 1.0);
}
