//! The curriculum's listing, the theorem's two sides, and what each rule is for.

use faultline_sim::judge::Kept;
use faultline_sim::testing::{Play, Played};

use super::{Node, PROTOCOL, marks, rules, told};

fn play(scenario: &str) -> Play {
    Play::protocol(&PROTOCOL, scenario)
}

fn value(run: &Played, id: u32, key: &str) -> String {
    let settings = run.0.world().settings();
    told(&rules(settings).values(&run.node::<Node>(id).copy(key)))
}

/// What each node has of a key.
fn all(run: &Played, key: &str) -> Vec<String> {
    let nodes = run.0.world().ids().map(|id| value(run, id.0, key));
    nodes.collect()
}

fn number(run: &Played, id: u32, key: &str) -> u32 {
    run.node::<Node>(id).number(key)
}

/// How requests ended: `Done`, `Found`, `Failed` …
fn ends(run: &Played) -> Vec<String> {
    let replies = run.replies().into_iter();
    let name = |reply: &serde_json::Value| match reply {
        serde_json::Value::String(word) => word.clone(),
        other => other
            .as_object()
            .and_then(|fields| fields.keys().next().cloned())
            .unwrap_or_default(),
    };
    replies.map(|reply| name(&reply)).collect()
}

/// S-CAP1: the listing's demo.
#[test]
fn two_of_four_operations_succeed_as_written() {
    let run = play("demo").ended();
    let asked = ends(&run);
    let asked: Vec<&str> = asked.iter().map(String::as_str).collect();
    assert_eq!(
        asked,
        [
            "Done", "Set", "Set", "Failed", "Done", "Failed", "Found", "Set", "Set"
        ]
    );
    assert_eq!(all(&run, "color"), ["red"; 4]);
    assert_eq!(
        all(&run, "shape"),
        ["nothing", "nothing", "circle", "nothing"]
    );
    assert_eq!(all(&run, "size"), ["nothing"; 4]);
    assert_eq!((number(&run, 1, "size"), number(&run, 2, "size")), (1, 0));
    assert_eq!(number(&run, 3, "shape"), 1);
    assert_eq!(run.read("missing"), 3.0);
    assert!(run.broken("agree").is_some());
}

/// S-CAP2 and S-CAP3: a write that fails deletes the old value, and the version that stays raised keeps a
/// later write out for ever.
#[test]
fn taking_back_deletes_and_the_version_stays() {
    let failed = play("revert").at(4_000);
    assert_eq!(all(&failed, "x"), ["nothing", "old", "old"]);
    assert_eq!((number(&failed, 1, "x"), number(&failed, 2, "x")), (2, 1));
    assert!(failed.broken("nothing-deleted").is_some());
    let later = play("revert").at(60_000);
    assert_eq!(all(&later, "x"), ["nothing", "later", "later"]);
    assert_eq!([1, 2, 3].map(|id| number(&later, id, "x")), [2, 2, 2]);
    assert!(later.broken("newer-taken").is_some());
    // One rule each.
    let put_back = play("revert").switch("put-back", true);
    assert_eq!(all(&put_back.at(4_000), "x"), ["old", "old", "old"]);
    assert_eq!(all(&put_back.ended(), "x"), ["old", "later", "later"]);
    let version = play("revert").switch("version-back", true);
    assert_eq!(all(&version.at(4_000), "x"), ["nothing", "old", "old"]);
    assert_eq!(all(&version.ended(), "x"), ["later"; 3]);
}

/// S-CAP4: a failed write stays at the peer that was reached, which shows it although it is in the minority.
#[test]
fn a_peer_shows_a_failed_write_as_written() {
    let run = play("leak").ended();
    let nothing = "nothing";
    assert_eq!(all(&run, "y"), [nothing, nothing, nothing, nothing, "1"]);
    assert_eq!(ends(&run)[3..], ["Failed", "Found"]);
    assert!(run.broken("no-dirty-read").is_some());
    assert!(run.broken("majority-behind").is_some());
    let clean = play("leak").switch("no-dirty-reads", true).ended();
    assert_eq!(ends(&clean)[3..], ["Failed", "Failed"]);
    assert!(clean.broken("no-dirty-read").is_none());
}

/// Peers that must be reached, as the listing has it: two of three, two of four.
#[test]
fn a_majority_counts_the_node_itself() {
    for (nodes, cut, confirmed) in [(4, 1, true), (4, 2, false), (5, 2, true), (5, 3, false)] {
        let mut row = play("demo").param("nodes", 5).param("nodes", nodes.max(4));
        row = row.switch("answer", false).switch("n3.answer", false);
        row = row.switch("n4.answer", false);
        for id in 0..cut {
            row = row.does(&format!(r#"8s request n{} {{"isolate":true}}"#, nodes - id));
        }
        let run = row
            .does(r#"8500ms request n1 {"set":{"key":"z","value":"1"}}"#)
            .ended();
        let last = ends(&run).pop();
        let wanted = if confirmed { "Done" } else { "Failed" };
        assert_eq!(
            last.as_deref(),
            Some(wanted),
            "{nodes} nodes, {cut} cut off"
        );
    }
}

/// Q-CAP: with refusal the side of three goes on and the side of two refuses reads and writes; with answers
/// both accept, and conflicts show after the heal.
#[test]
fn three_against_two_has_two_outcomes() {
    let refuse = play("three-and-two").at(9_500);
    assert_eq!(refuse.read("ok-minority"), 0.0);
    assert_eq!(refuse.read("ok-majority"), 100.0);
    assert_eq!(refuse.read("confirmed"), 4.0, "x, and three keys");
    assert_eq!(refuse.linearizable(), Kept::Holds);
    let answer = play("three-and-two").preset("available").at(9_500);
    assert_eq!(answer.read("ok"), 100.0);
    let both = play("heal").ended();
    assert_eq!(
        (both.read("conflicts"), both.read("conflicts-found")),
        (3.0, 3.0)
    );
    assert_eq!(value(&both, 5, "k1"), "left or right");
    assert_eq!(both.read("lost-writes"), 0.0);
    assert!(both.broken("agree").is_none());
    let one = play("heal-refuse").ended();
    assert_eq!(
        (one.read("conflicts"), one.read("conflicts-found")),
        (0.0, 0.0)
    );
    assert_eq!(all(&one, "k1"), ["left"; 5]);
    assert!(one.broken("agree").is_none());
}

/// Every shape of a cut: how many of the writes at all nodes are confirmed, refusing and answering.
#[test]
fn who_can_write_follows_the_shape() {
    for (shape, nodes, refusing) in [
        ("isolate-one", 4.0, 3.0),
        ("two-and-two", 4.0, 0.0),
        ("three-and-two", 5.0, 3.0),
        ("one-way", 5.0, 4.0),
        ("bridge", 5.0, 5.0),
    ] {
        let confirmed = |row: &Play| row.at(6_500).read("confirmed") - 1.0;
        let row = play(shape);
        assert_eq!(confirmed(&row), refusing, "{shape}");
        assert_eq!(row.at(3_500).read("confirming"), refusing, "{shape}");
        let answers = row.preset("available");
        assert_eq!(confirmed(&answers), nodes, "{shape}");
        assert_eq!(row.ended().all_broken(), Vec::<&str>::new(), "{shape}");
    }
}

/// A node's own choice.
#[test]
fn each_node_may_choose() {
    let at = |row: Play| row.at(7_000).read("answering");
    assert_eq!(at(play("mixed")), 4.0);
    assert_eq!(at(play("mixed").switch("n4.answer", false)), 3.0);
    assert_eq!(at(play("mixed").switch("answer", true)), 5.0);
    assert_eq!(at(play("leak")), 2.0, "each looks at its own flag only");
}

/// The later write has the earlier time stamp.
#[test]
fn a_clock_that_is_behind_loses_the_later_write() {
    let end = |versions: &str, resolution: &str| {
        let row = play("clock-behind").param("versions", versions);
        let run = row.param("resolution", resolution).ended();
        (value(&run, 5, "x"), run.read("lost-writes"))
    };
    assert_eq!(end("timestamp", "last-write"), ("first".into(), 1.0));
    assert_eq!(end("counter", "last-write"), ("second".into(), 1.0));
    assert_eq!(end("counter", "node-id"), ("second".into(), 1.0));
    assert_eq!(end("vector", "siblings"), ("first or second".into(), 0.0));
    assert_eq!(end("vector", "merge"), ("first,second".into(), 0.0));
}

/// PACELC: without a cut, a majority costs round trips, and answers at once may be old.
#[test]
fn without_a_cut_it_is_latency_or_consistency() {
    for seed in 1..=5 {
        let consistent = play("uncut").seed(seed).ended();
        assert_eq!(
            (consistent.read("ok"), consistent.read("stale")),
            (100.0, 0.0)
        );
        assert_eq!(consistent.linearizable(), Kept::Holds);
        assert!((40.0..=130.0).contains(&consistent.read("p95")));
    }
    let stale = |seed| play("uncut-answer").seed(seed).ended().read("stale");
    let all: Vec<f64> = (1..=5).map(stale).collect();
    assert!(all.iter().any(|stale| *stale > 0.0), "{all:?}");
    assert_eq!(play("uncut-answer").ended().read("p95"), 0.0);
}

/// The verdict for each configuration: refusing is linearizable, answering is eventually equal.
#[test]
fn the_judge_says_what_each_configuration_keeps() {
    for seed in 1..=8 {
        let refuse = play("cut").seed(seed).ended();
        assert_eq!(refuse.linearizable(), Kept::Holds, "seed {seed}");
        assert_eq!(refuse.read("stale"), 0.0);
        assert!(refuse.read("refused") > 0.0);
        let answer = play("cut-answer").seed(seed).ended();
        assert!(
            matches!(answer.linearizable(), Kept::Broken(_)),
            "seed {seed}"
        );
        assert_eq!((answer.read("refused"), answer.read("ok")), (0.0, 100.0));
    }
    let settled = play("cut-answer").param("stop", 12_000).at(25_000);
    assert!(settled.broken("agree").is_none());
}

/// A node that was refused refuses at once for a while, and answers as before after a heal.
#[test]
fn a_rest_saves_time_and_no_requests() {
    let (slow, fast) = (
        play("less-harm").ended(),
        play("less-harm").param("rest", 3_000).ended(),
    );
    assert!(fast.read("waited") < slow.read("waited") / 2.0);
    assert!(!fast.marked(&marks::RESTS).is_empty());
    assert_eq!(fast.linearizable(), Kept::Holds);
}

/// A write whose node crashes before the answer ends as unknown, and what is on disk stays.
#[test]
fn a_crash_keeps_copies_and_ends_requests() {
    let run = play("isolate-one")
        .does("4300ms crash n1")
        .does("6s recover n1");
    let run = run.at(9_500);
    assert_eq!(value(&run, 1, "x"), "A");
    assert!(ends(&run).contains(&"Unknown".to_owned()));
    assert_eq!(run.all_broken(), Vec::<&str>::new());
}

/// Who joins later keeps no copies: all must mean the same majority.
#[test]
fn a_node_that_joins_is_no_member() {
    let run = play("isolate-one")
        .does("1s add")
        .does(r#"5s request n5 {"get":{"key":"x"}}"#)
        .ended();
    assert_eq!(ends(&run).iter().filter(|end| *end == "Failed").count(), 3);
}
