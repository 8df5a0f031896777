//! Trouble under load, on a board of boxes: what retries, breakers, queues and divided services do.

use faultline_sim::testing::Play;

use super::Row;

/// A probe under some seeds.
fn each(play: &Play, ms: u64, probe: &str) -> Vec<f64> {
    (1..=3)
        .map(|seed| play.seed(seed).at(ms).read(probe))
        .collect()
}

fn all(values: &[f64], within: std::ops::RangeInclusive<f64>) {
    for value in values {
        assert!(within.contains(value), "{values:?}, not within {within:?}");
    }
}

/// Events: a burst, a reader that crashes before it acknowledges, dead letters, readers that share.
#[test]
fn s5() {
    let burst = Row::of("board/queue");
    all(&each(&burst, 20_000, "deepest"), 100.0..=200.0);
    assert!(burst.at(20_000).read("lag") > 1_000.0, "the last ones wait");
    let crash = Row::of("board/crash-before-ack");
    let reads = |play: &Play| {
        let run = play.ended();
        ["handed", "handed-again", "effects", "twice", "lost-events"].map(|name| run.read(name))
    };
    assert_eq!(reads(&crash), [2.0, 1.0, 1.0, 0.0, 0.0]);
    assert_eq!(
        reads(&crash.switch("idempotent", false)),
        [2.0, 1.0, 2.0, 1.0, 0.0]
    );
    let once = crash.param("n2.delivery", "at-most-once");
    assert_eq!(reads(&once), [1.0, 0.0, 1.0, 0.0, 1.0]);
    let dead = Row::of("board/put-aside");
    assert_eq!(dead.ended().read("aside"), 5.0);
    assert_eq!(dead.param("n2.attempts", 0).ended().read("aside"), 0.0);
    let readers = Row::of("board/two-readers");
    assert_eq!(readers.ended().read("handed"), 10.0);
    let every = readers.param("n2.share", "every-consumer");
    assert_eq!(every.ended().read("handed"), 20.0);
}

/// A breaker in a chain; a wall and a second call for the same trouble.
#[test]
fn t7() {
    let without = Row::of("board/no-breaker");
    assert_eq!(each(&without, 28_000, "down"), [3.0; 3]);
    let with = Row::of("board/breaker");
    assert_eq!(each(&with, 28_000, "down"), [0.0; 3]);
    let (few, many) = (with.at(28_000), without.at(28_000));
    assert!(few.read("opened") >= 1.0);
    assert!(few.read("stuck") < many.read("stuck"));
    assert!(many.read("most-down") >= 3.0);
    let wall = Row::of("board/bulkhead");
    all(&each(&wall, 30_000, "goodput"), 15.0..=25.0);
    let none = wall.param("n3.bulkhead", 0);
    all(&each(&none, 30_000, "goodput"), 0.0..=2.0);
    // Dean and Barroso: a tenth more calls, and the slowest answers come much sooner.
    let hedged = Row::of("board/hedged");
    let once = hedged.param("n2.hedge", 0);
    all(&each(&hedged, 50_000, "calls-each"), 1.05..=1.25);
    let (fast, slow) = (hedged.at(50_000).read("p95"), once.at(50_000).read("p95"));
    assert!(fast < 0.7 * slow, "{fast} {slow}");
}

/// Retries multiply, and what they began stays when its cause is gone.
#[test]
fn s_t3() {
    let storm = Row::of("board/retry-storm");
    for (retries, calls) in [(0, 1.0), (1, 8.0), (2, 27.0), (3, 64.0)] {
        let run = storm.param("retries", retries).at(9_000);
        assert_eq!(run.read("calls-each"), calls, "{retries} retries");
    }
    let budget = storm.param("budget", 50).at(9_000);
    assert_eq!(budget.read("calls-each"), 1.0);
    let jam = Row::of("board/metastable");
    all(&each(&jam, 9_000, "goodput"), 50.0..=70.0);
    all(&each(&jam, 55_000, "goodput"), 0.0..=1.0);
    assert!(jam.at(20_000).read("tries-again") > 100.0);
    // Waiting before a retry only moves the retries.
    let later = jam.param("backoff", 1_000).param("spread", 50);
    all(&each(&later, 55_000, "goodput"), 0.0..=10.0);
    for well in [
        jam.param("retries", 0),
        jam.param("budget", 10),
        jam.param("n2.limit", 20),
        jam.switch("breaker", true),
        jam.does("20s set rate=1").does("38s set rate=60"),
    ] {
        all(&each(&well, 55_000, "goodput"), 40.0..=80.0);
    }
}

/// The fuller a link, the longer the slowest answers take.
#[test]
fn f_t2() {
    let link = Row::of("board/thin-link");
    let p95 = |rate: u32| {
        let found = each(&link.param("rate", rate), 39_000, "p95");
        found.iter().sum::<f64>() / 3.0
    };
    let found = [4, 12, 20, 24, 30].map(p95);
    assert!(found.is_sorted(), "{found:?}");
    assert!(found[0] < 200.0 && found[4] > 1_500.0, "{found:?}");
    let over = link.param("rate", 30).at(39_000);
    assert!(over.read("link-queue") > 1_000.0);
}

/// A breaker as a remedy where one of two services is cut off.
#[test]
fn a5_q4_breaker() {
    let cut = Row::of("board/cut-off");
    all(&each(&cut, 25_000, "goodput"), 15.0..=25.0);
    assert_eq!(cut.at(25_000).read("features"), 1.0);
    let without = cut.param("n3.kind", "balancer");
    all(&each(&without, 25_000, "goodput"), 0.0..=2.0);
    assert!(cut.ended().read("ok") > without.ended().read("ok") + 15.0);
}

/// Four features in one program and in four services, and the one that is asked for most.
#[test]
fn s4() {
    let features = |scenario: &str| each(&Row::of(scenario), 20_000, "features");
    assert_eq!(features("board/monolith"), [0.0; 3]);
    assert_eq!(features("board/services"), [3.0; 3]);
    let hot = Row::of("board/hot-feature");
    let reads = |play: &Play| {
        let run = play.at(30_000);
        (run.read("p95"), run.read("cost"))
    };
    let (slow, _) = reads(&hot);
    let (fast, cheap) = reads(&hot.param("n3.servers", 2));
    assert!(fast < 0.6 * slow, "{fast} {slow}");
    let other = reads(&hot.param("n4.servers", 2)).0;
    assert!((other - slow).abs() < 0.05 * slow, "{other} {slow}");
    let (all, dear) = reads(&hot.param("servers", 2));
    assert!(dear > 1.4 * cheap && all > 0.7 * fast, "{all} {dear}");
}

/// Each part of a page is a call, or two.
#[test]
fn s_t1() {
    let page = Row::of("board/page-view");
    for (play, hops) in [
        (page.clone(), 6.0),
        (page.param("n5.to", "6"), 7.0),
        (page.param("n2.policy", "round-robin"), 3.0),
    ] {
        assert_eq!(play.ended().read("hops"), hops);
    }
    let nine = Row::of("board/fifty-users-nine").at(30_000).read("hops");
    assert!((8.5..=9.0).contains(&nine), "{nine}");
}

/// Fifty users need one box with two workers.
#[test]
fn m9() {
    let reads = |scenario: &str, workers: Option<u32>| {
        let row = Row::of(scenario);
        let row = workers.map_or(row.clone(), |workers| row.param("servers", workers));
        let run = row.at(30_000);
        (run.read("p95"), run.read("cost"))
    };
    let (slow, _) = reads("board/fifty-users", None);
    let (fast, cheap) = reads("board/fifty-users", Some(2));
    let (nine, dear) = reads("board/fifty-users-nine", None);
    assert!(
        fast < 150.0 && slow > 200.0 && nine > fast,
        "{slow} {fast} {nine}"
    );
    assert!(cheap < 0.05 && dear > 10.0 * cheap, "{cheap} {dear}");
}
