//! Activity 5, and what a cut costs: refusals, old answers, conflicts, and prices of applications.

use faultline_protocols::{CATALOGUE, questions};
use faultline_sim::descriptor::Recipe;
use faultline_sim::judge::Kept;
use faultline_sim::mark::Mark;
use faultline_sim::question::{Found, count};
use faultline_sim::testing::{Play, Played};

use super::Row;

/// What a node has of a key.
fn value(run: &Played, id: u32, key: &str) -> String {
    let values = run.state(id)["data"][key]["values"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let values = values
        .iter()
        .map(|value| value["value"].as_str().unwrap_or_default().to_owned());
    values.collect::<Vec<_>>().join("|")
}

/// Whether an operation was answered, in order.
fn answered(run: &Played) -> Vec<bool> {
    let replies = run.replies().into_iter();
    replies
        .map(|reply| reply["Failed"].is_null() && reply["Unknown"].is_null())
        .collect()
}

fn says(run: &Played, name: &'static str) -> usize {
    run.marked(&Mark::new(name, "")).len()
}

#[test]
fn a5() {
    // Nobody has to choose without a cut; with one, each node does.
    let uncut = Row::of("cap/uncut").ended();
    assert_eq!((uncut.read("refused"), uncut.read("stale")), (0.0, 0.0));
    let cut = Row::of("cap/cut").ended();
    assert!(cut.read("refused") > 0.0 && cut.read("stale") == 0.0);
    let answers = Row::of("cap/cut-answer").ended();
    assert!(answers.read("ok") == 100.0 && answers.read("stale") > 0.0);
    // And what it costs all the time.
    assert!(uncut.read("p95") >= 40.0);
    assert_eq!(Row::of("cap/uncut-answer").ended().read("p95"), 0.0);
}

#[test]
fn a5_1() {
    // The line that loses data, the version that stays, and the copy that others show.
    let run = Row::of("cap/revert").at(6_500);
    assert_eq!(value(&run, 1, "x"), "");
    assert_eq!(run.state(1)["version"]["x"], 2);
    assert_eq!(says(&run, "deletes"), 1);
    let leak = Row::of("cap/leak").ended();
    assert!(leak.broken("no-dirty-read").is_some());
}

#[test]
fn a5_2() {
    let run = Row::of("cap/demo").ended();
    let all = answered(&run);
    assert_eq!(all[3..7], [false, true, false, true], "two of four");
    assert_eq!(run.read("missing"), 3.0);
    let shape = [1, 2, 3, 4].map(|id| value(&run, id, "shape"));
    assert_eq!(shape, ["", "", "circle", ""]);
}

#[test]
fn a5_3a() {
    for (shape, confirmed, minority) in [
        ("cap/isolate-one", 3.0, Some(0.0)),
        ("cap/two-and-two", 0.0, Some(0.0)),
        ("cap/three-and-two", 3.0, Some(0.0)),
        ("cap/one-way", 4.0, Some(0.0)),
        ("cap/bridge", 5.0, None),
    ] {
        let row = Row::of(shape);
        assert_eq!(row.at(6_500).read("confirmed") - 1.0, confirmed, "{shape}");
        let run = row.at(9_500);
        assert_eq!(run.reads("ok-minority"), minority, "{shape}");
        assert_eq!(run.read("ok-majority"), 100.0, "{shape}");
    }
}

#[test]
fn a5_3b() {
    let row = Row::of("cap/mixed");
    assert_eq!(row.at(7_000).read("answering"), 4.0);
    let run = row.at(9_500);
    assert!(run.read("ok-minority") > 0.0 && run.read("ok-minority") < 100.0);
}

#[test]
fn a5_3c() {
    let row = Row::of("cap/heal");
    let (cut, end) = (row.at(8_500), row.ended());
    assert_eq!(
        (cut.read("conflicts-found"), end.read("conflicts-found")),
        (0.0, 3.0)
    );
    assert_eq!((end.read("siblings"), end.read("lost-writes")), (2.0, 0.0));
}

#[test]
fn a5_4a() {
    let row = Row::of("cap/heal");
    let (healed, end) = (row.at(9_000), row.ended());
    assert_eq!(
        (healed.read("differing"), end.read("differing")),
        (4.0, 0.0)
    );
    let compared = end.read("compared") - healed.read("compared");
    assert!(compared > 0.0 && compared % 6.0 == 0.0, "{compared}");
}

#[test]
fn a5_4b() {
    let lost = |versions: &str, resolution: &str| {
        let row = Row::of("cap/heal").param("versions", versions);
        row.param("resolution", resolution)
            .ended()
            .read("lost-writes")
    };
    assert_eq!(lost("timestamp", "last-write"), 3.0);
    assert_eq!(lost("vector", "node-id"), 3.0);
    assert_eq!(lost("vector", "siblings"), 0.0);
    assert_eq!(lost("vector", "merge"), 0.0);
    let skewed = Row::of("cap/clock-behind").ended();
    assert_eq!(
        value(&skewed, 5, "x"),
        "first",
        "the later write is dropped"
    );
}

#[test]
fn a5_4c() {
    let found = |scenario: &str| {
        let run = Row::of(scenario).ended();
        assert!(run.read("time-to-agree") > 0.0, "{scenario}");
        (run.read("conflicts"), run.read("conflicts-found"))
    };
    assert_eq!(found("cap/heal-refuse"), (0.0, 0.0));
    assert_eq!(found("cap/heal"), (3.0, 3.0));
}

#[test]
fn a5_q1() {
    let (refuse, answer) = (
        Row::of("cap/cut").ended(),
        Row::of("cap/cut-answer").ended(),
    );
    let requests = |run: &Played| {
        let judge = run.0.world().judge().expect("a judge");
        judge.history().len()
    };
    assert_eq!(requests(&refuse), requests(&answer), "the same clients");
    assert!(refuse.read("ok") < 100.0 && refuse.read("stale") == 0.0);
    assert!(answer.read("ok") == 100.0 && answer.read("stale") > 0.0);
    assert_eq!(refuse.read("violations"), 0.0);
    assert!(answer.read("violations") > 0.0);
}

#[test]
fn a5_q2() {
    for (app, cheaper) in [
        ("cap/app-bank", 1.0),
        ("cap/app-seats", 1.0),
        ("cap/app-cart", 2.0),
        ("cap/app-feed", 2.0),
        ("cap/app-names", 1.0),
        ("cap/app-sensors", 2.0),
        ("cap/app-medicine", 1.0),
        ("cap/app-addresses", 2.0),
    ] {
        for seed in 1..=5 {
            let run = Row::of(app).seed(seed).at(13_000);
            assert_eq!(run.read("cheaper"), cheaper, "{app}, seed {seed}");
            let (refuse, answer) = (run.read("cost-refusing"), run.read("cost-answering"));
            assert!(
                refuse > 0.0 && (refuse < answer) == (cheaper == 1.0),
                "{app}"
            );
        }
    }
}

/// What a probe reads at an instant, as a mean of five runs.
fn mean(scenario: &str, at: u64, probe: &str) -> f64 {
    let runs = (1..=5).map(|seed| Row::of(scenario).seed(seed).at(at).read(probe));
    runs.sum::<f64>() / 5.0
}

#[test]
fn a5_q3() {
    let small_side = |store: &str| mean(store, 11_000, "ok-minority");
    assert_eq!(small_side("cap/cassandra-one"), 100.0);
    assert_eq!(small_side("cap/cassandra-quorum"), 0.0);
    assert_eq!(small_side("cap/cockroachdb"), 0.0);
    let mongodb = small_side("cap/mongodb");
    assert!((20.0..=80.0).contains(&mongodb), "{mongodb}");
    assert!(mean("cap/mongodb", 15_000, "ok") > mean("cap/cockroachdb", 15_000, "ok"));
    assert!(mean("cap/mongodb", 15_000, "stale") > 0.0);
}

#[test]
fn a5_q4() {
    let row = || Row::of("cap/less-harm");
    let plain = row().ended();
    let local = row()
        .switch("ask-reads", false)
        .switch("no-dirty-reads", false);
    let (local, answer) = (local.ended(), row().switch("answer", true).ended());
    let smaller = row().param("quorum", 2).ended();
    for better in [&local, &answer, &smaller] {
        assert!(better.read("ok") > plain.read("ok") + 10.0);
        assert!(better.read("stale") > 0.0, "each costs something");
    }
    let rest = row().param("rest", 3_000).ended();
    assert!(rest.read("waited") < plain.read("waited") / 2.0);
    assert_eq!(rest.linearizable(), Kept::Holds);
}

/// The same cut, refused or answered: what one gives up the other keeps.
#[test]
fn o3() {
    let share = |scenario: &str| {
        let run = Row::of(scenario).ended();
        (run.read("ok"), run.read("stale"))
    };
    let (refuse, answer) = (share("cap/cut"), share("cap/cut-answer"));
    assert!(refuse.0 < answer.0, "{refuse:?} {answer:?}");
    assert!(refuse.1 == 0.0 && answer.1 > 0.0, "{refuse:?} {answer:?}");
}

#[test]
fn d8() {
    let (refuse, answer) = (
        Row::of("cap/cut").ended(),
        Row::of("cap/cut-answer").ended(),
    );
    assert!(refuse.read("refused") > 0.0 && answer.read("refused") == 0.0);
    assert!(refuse.read("stale") == 0.0 && answer.read("stale") > 0.0);
    assert!(refuse.read("violations") == 0.0 && answer.read("violations") > 0.0);
    // The one switch.
    let turned = Row::of("cap/cut").switch("answer", true).ended();
    assert!(turned.read("refused") == 0.0 && turned.read("stale") > 0.0);
}

/// Answers of refusing nodes are as good as those of one copy, over many runs.
#[test]
fn d4_cut() {
    for seed in 1..=10 {
        let run = Row::of("cap/cut").seed(seed).ended();
        assert_eq!(run.linearizable(), Kept::Holds, "seed {seed}");
    }
}

#[test]
fn m3() {
    // Whatever is set, no run is answered in all and true in all: the sum stays below 200.
    let best = |row: Play| {
        let runs = (1..=5).map(|seed| row.seed(seed).ended().read("sum"));
        runs.fold(0.0, f64::max)
    };
    let row = || Row::of("cap/cut-answer");
    for row in [
        row(),
        Row::of("cap/cut"),
        row().param("quorum", 2),
        row().preset("own-reads"),
        row().preset("last-write"),
    ] {
        let best = best(row);
        assert!((100.0..200.0).contains(&best), "{best}");
    }
}

#[test]
fn m8() {
    let (likes, refuse) = (
        Row::of("cap/likes").ended(),
        Row::of("cap/likes-refuse").ended(),
    );
    assert_eq!(likes.read("refused"), 0.0);
    assert!((2.0..=12.0).contains(&likes.read("oldest")));
    assert!(refuse.read("refused") >= 20.0);
    assert_eq!(refuse.read("oldest"), 0.0);
}

#[test]
fn w5() {
    let stale = |store: &str| mean(store, 15_000, "stale");
    assert!(stale("cap/cassandra-one") > 0.0 && stale("cap/mongodb") > 0.0);
    assert_eq!(stale("cap/cockroachdb"), 0.0);
    let (small_side, all) = ("ok-minority", "ok");
    for (probe, at) in [(small_side, 11_000), (all, 15_000)] {
        let ok = |store: &str| mean(store, at, probe);
        assert!(ok("cap/cassandra-one") > ok("cap/mongodb"), "{probe}");
        assert!(ok("cap/mongodb") > ok("cap/cockroachdb"), "{probe}");
        assert!(
            ok("cap/cockroachdb") >= ok("cap/cassandra-quorum") - 5.0,
            "{probe}"
        );
    }
    // The question that ranks them counts the same.
    let (protocol, _) = CATALOGUE.find("cap/cockroachdb").expect("a scenario");
    let mut all = questions(protocol).expect("good questions").into_iter();
    let rank = all.find(|question| question.id == "rank-three-stores");
    let ranked = count(
        CATALOGUE,
        &Recipe::new("cap/cockroachdb", 1),
        &rank.expect("it is asked"),
    );
    assert_eq!(ranked, Ok(Found::Order(vec![0, 1, 2])));
}
