//! Quorums, repair, and which promises clients get under which rules.

use faultline_sim::judge::{Kept, Level, ladder};
use faultline_sim::testing::{Play, Played};

use super::{all, play};
use crate::kv::{PROTOCOL, Store};

/// The strongest promise that is kept, and whether all below it are.
fn kept(run: &Played) -> Vec<Level> {
    let judge = run.0.world().judge().expect("a history");
    let levels = ladder(judge.history(), &mut 300_000).into_iter();
    let kept = levels.filter(|(_, kept)| *kept == Kept::Holds);
    kept.map(|(level, _)| level).collect()
}

/// `vectors/quorum_overlap.json` and Q-NWR: the share of reads that miss a write which exactly W of N
/// copies have is C(N-W, R) / C(N, R).
#[test]
fn reads_miss_as_often_as_quorums_do() {
    for (n, w, r, expected) in [
        (3_u32, 1_u32, 1_u32, 2.0 / 3.0),
        (3, 2, 1, 1.0 / 3.0),
        (3, 2, 2, 0.0),
        (3, 3, 1, 0.0),
        (5, 2, 2, 0.3),
        (5, 3, 3, 0.0),
        (5, 3, 2, 0.1),
    ] {
        let (mut missed, runs) = (0.0, 600);
        for seed in 1..=runs {
            // The writer reaches W copies, itself included; then all links are there again.
            let side: Vec<String> = (1..=w).map(|id| format!("n{id}")).collect();
            let rest: Vec<String> = (w + 1..=n).map(|id| format!("n{id}")).collect();
            let mut row = play("quorum")
                .seed(seed)
                .param("nodes", n)
                .param("n", n)
                .param("w", w)
                .param("r", r)
                .param("clients", 1)
                .param("every", 0)
                .does("0s slow n1->n3 0ms")
                .does("0s slow n2->n3 0ms");
            if !rest.is_empty() {
                row = row
                    .does(&format!(
                        "0s partition {}|{}",
                        side.join(","),
                        rest.join(",")
                    ))
                    .does("3s heal");
            }
            let run = row
                .does(r#"1s request n1 {"set":{"key":"x","value":"1"}}"#)
                .does(&format!(r#"5s request n{} {{"get":{{"key":"x"}}}}"#, n + 1))
                .at(8_000);
            assert_eq!(run.read("confirmed"), 1.0, "W = {w} of {n}");
            missed += run.read("missed");
        }
        let found = missed / runs as f64;
        // Three standard errors of 600 draws.
        assert!(
            (found - expected).abs() < 0.06,
            "{n} {w} {r}: {found}, theory {expected}"
        );
        assert!(
            expected > 0.0 || found == 0.0,
            "quorums that overlap never miss"
        );
    }
}

/// A client's view of each set of rules: what it promises, found by the judge in its answers alone.
#[test]
fn each_rule_raises_what_clients_are_promised() {
    let busy = |rules: &[&str]| {
        let mut row = Play::protocol(&PROTOCOL, "any-replica")
            .preset("eventual")
            .param("keys", 2);
        // What node 1 is asked to write reaches node 3 later than what comes of it at node 2.
        row = row.does("0s slow n1->n3 2s");
        for rule in rules {
            row = row.switch(rule, true);
        }
        let runs = (1..=16).map(|seed| kept(&row.seed(seed).ended()));
        // A level counts if every run keeps it.
        let each: Vec<Vec<Level>> = runs.collect();
        let all = Level::ALL
            .into_iter()
            .filter(|level| each.iter().all(|run| run.contains(level)));
        all.collect::<Vec<_>>()
    };
    assert_eq!(busy(&[]), []);
    assert_eq!(busy(&["own-writes"]), [Level::ReadYourWrites]);
    assert_eq!(busy(&["never-back"]), [Level::MonotonicReads]);
    // Such a client knows the whole past of what it has read, so it finds causes before effects (Terry
    // and others: the guarantees of a session together are causal consistency).
    let both = [Level::Causal, Level::ReadYourWrites, Level::MonotonicReads];
    assert_eq!(busy(&["own-writes", "never-back"]), both);
    assert!(busy(&["own-writes", "never-back", "causal"]).contains(&Level::Causal));
}

/// Hints reach a replica that was down, also if the node that keeps them crashes in between.
#[test]
fn hints_survive_a_crash() {
    let run = play("two-writers-versions")
        .switch("hints", true)
        .does("0s crash n3")
        .does("2s crash n1")
        .does("4s recover n1")
        .does("5s recover n3")
        .at(20_000);
    assert_eq!(run.broken("agree"), None);
    assert!((1..=3).all(|id| run.node::<Store>(id).hints.is_empty()));
    assert_eq!(all(&run, "x")[0], all(&run, "x")[2]);
}

/// Copies that were lost on their way reach all in the end, by hash trees alone.
#[test]
fn hash_trees_make_copies_equal() {
    for seed in 1..=20 {
        let run = play("two-sides").seed(seed).ended();
        assert_eq!(
            (run.broken("agree"), run.read("missing")),
            (None, 0.0),
            "seed {seed}"
        );
    }
}

/// A client that has lost its replica reads elsewhere, and one whose write got no answer is told so.
#[test]
fn clients_are_told_the_truth_about_failures() {
    let run = play("primary-is-lost").does("6s request n4 {\"move\":{\"to\":1}}");
    let run = run.does(r#"7s request n4 {"get":{"key":"x"}}"#);
    let run = run
        .does(r#"7s request n4 {"set":{"key":"x","value":"2"}}"#)
        .at(12_000);
    let replies: Vec<String> = run.replies().iter().map(ToString::to_string).collect();
    assert!(
        replies
            .iter()
            .any(|reply| reply.contains("no answer from n1")),
        "{replies:?}"
    );
    assert_eq!(
        replies
            .iter()
            .filter(|reply| reply.contains("Missing"))
            .count(),
        2,
        "{replies:?}"
    );
}

/// A request that arrives twice writes once.
#[test]
fn a_duplicated_write_is_applied_once() {
    let run = play("primary-is-lost")
        .does("500ms duplicate n4->n1#1")
        .does("600ms duplicate n4->n1#1")
        .at(2_900);
    assert_eq!(run.node::<Store>(1).copy("x").seen.total(), 1);
}
