//! The board under load: queues, balancers, caches, an autoscaler.

use super::Row;

/// The mean of a probe at the end, over a few seeds.
fn mean(scenario: &str, probe: &str) -> f64 {
    let run = |seed| Row::of(scenario).seed(seed).ended().read(probe);
    (1..=4).map(run).sum::<f64>() / 4.0
}

#[test]
fn mv1() {
    let users = |count: u32| Row::of("board/more-users").param("users", count).at(10_000);
    let (ten, more, most) = (users(10), users(200), users(10_000));
    assert!(ten.read("p95") < 300.0);
    assert!(more.read("p95") > 3.0 * ten.read("p95"));
    assert!(most.read("p95") > 10.0 * ten.read("p95"));
    // Four workers, and a twentieth of a second for each request.
    assert!(most.read("throughput") < 85.0);
    let servers = Row::of("board/server-after-server");
    let (few, enough) = (servers.at(11_000), servers.at(45_000));
    assert!(few.read("lately") > 300.0 && enough.read("lately") < 200.0);
    assert!(few.read("servers") < enough.read("servers"));
}

#[test]
fn mv8() {
    let far = Row::of("board/three-regions").ended();
    let hits = far.read("hits");
    assert!((86.0..94.0).contains(&hits), "{hits}");
    assert!(far.read("p95") > 240.0 && far.read("mean") < 80.0);
    let few = Row::of("board/three-regions").param("keys", 15).ended();
    assert!(few.read("hits") > 96.0 && few.read("p95") < 60.0);
}

#[test]
fn f_b1() {
    for seed in 1..=4 {
        let run = Row::of("board/queue-drains").seed(seed);
        let (before, after) = (run.at(10_000), run.at(30_000));
        let waiting = before.read("waiting");
        assert!(waiting > 50.0, "seed {seed}: {waiting}");
        assert!(after.read("waiting") < 10.0, "seed {seed}");
        assert!(after.read("lately") * 4.0 < before.read("lately"));
        assert!(after.read("p95") > 1_000.0, "the queue is in the record");
    }
}

#[test]
fn s1() {
    let slowest = |scenario: &str| mean(scenario, "p95");
    let random = slowest("board/one-slow-random");
    let turns = slowest("board/one-slow");
    let two = slowest("board/one-slow-two-choices");
    let least = slowest("board/one-slow-least-busy");
    assert!(
        random > turns && turns > two && two > least,
        "{random} {turns} {two} {least}"
    );
    // In turn, all get the same; by key, one gets more.
    let skew = |policy: &str| {
        let run = Row::of("board/one-slow").param("n2.policy", policy);
        run.ended().read("busiest")
    };
    assert!(skew("round-robin") < 1.01 && skew("by-key") > 1.05);
    let weighted = Row::of("board/one-slow")
        .param("n2.policy", "weighted")
        .param("n3.weight", 4)
        .param("n5.weight", 4);
    assert!(weighted.ended().read("p95") < turns);
}

#[test]
fn s2() {
    let cache = Row::of("board/cache");
    let hits = |places: u32| cache.param("places", places).at(19_000).read("hits");
    assert!(hits(10) < hits(40) && hits(40) < hits(90));
    // A crash empties the cache: in two seconds more calls reach the database than before.
    let origin = |ms| cache.at(ms).read("origin");
    let (before, after) = (
        origin(19_500) - origin(17_500),
        origin(23_000) - origin(21_000),
    );
    assert!(after > 1.3 * before, "{before} {after}");
    // All who miss ask, or one asks for all.
    let popular = Row::of("board/popular-answer");
    let (all, one) = (popular.ended(), popular.switch("one-fill", true).ended());
    assert!(all.read("origin-peak") > 8.0);
    assert!(one.read("origin-peak") < 2.0);
    // What is kept longer is older.
    let elsewhere = Row::of("board/written-elsewhere");
    let stale = |age: u32| elsewhere.param("age", age).ended().read("stale");
    assert!(stale(500) < stale(2_000) && stale(2_000) < stale(8_000));
    let origin = |age: u32| elsewhere.param("age", age).ended().read("origin");
    assert!(origin(500) > origin(8_000));
}

#[test]
fn s_b1() {
    let rate = |rate: u32| Row::of("board/autoscaled").param("rate", rate).ended();
    let (low, high, over) = (rate(20), rate(80), rate(140));
    assert!(low.read("servers") < high.read("servers"));
    assert!(high.read("lately") < 2.0 * low.read("lately"));
    assert!(over.read("lately") > 3.0 * low.read("lately"));
    // Steps: more servers while the load is high, and fewer afterwards.
    let steps = Row::of("board/autoscale");
    let servers = |ms| steps.at(ms).read("servers");
    assert!(servers(19_000) < servers(64_000) && servers(90_000) < servers(64_000));
    assert!(steps.ended().read("p95") < 1_500.0);
}

#[test]
fn s_b2() {
    let run = Row::of("board/idle-servers");
    let (idle, used) = (run.at(14_500), run.at(44_500));
    assert!(idle.read("servers") > 5.5 && used.read("servers") < 4.5);
    let load = |ms| {
        (1..=6)
            .map(|seed| run.seed(seed).at(ms).read("load"))
            .sum::<f64>()
    };
    assert!(load(44_500) > 1.3 * load(14_500));
    let paid = |from: &faultline_sim::testing::Played| from.read("server-seconds");
    assert!(paid(&used) - paid(&idle) < 0.8 * 6.0 * 30.0);
    // The same number of servers, and a queue that grows out of proportion with their use.
    let queue = |time: u32| {
        let run = Row::of("board/one-queue").param("time", time).ended();
        (run.read("busy"), run.read("here"))
    };
    let ((half, few), (most, many)) = (queue(160), queue(300));
    assert!(most < 2.0 * half && many > 4.0 * few);
}

#[test]
fn s_b3() {
    let slowest = |box_workers: &str, count: u32| {
        let run = Row::of("board/bottleneck").param(box_workers, count);
        run.ended().read("p95")
    };
    let before = slowest("n4.servers", 2);
    for wrong in ["n2.servers", "n3.servers"] {
        assert!(slowest(wrong, 60) > 0.9 * before, "{wrong}");
    }
    assert!(slowest("n4.servers", 4) < 0.3 * before);
}
