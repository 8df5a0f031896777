//! Activity 3, and failure detectors: completeness, accuracy, levels, majorities and real systems.

use faultline_sim::event::Event;
use faultline_sim::process::NodeId;
use faultline_sim::testing::{Play, Played};

use super::Row;

fn mean(seeds: u64, of: impl Fn(u64) -> f64) -> f64 {
    (1..=seeds).map(of).sum::<f64>() / seeds as f64
}

/// What node 1 was sent, event by event.
fn inbox(run: &Played) -> Vec<String> {
    let records = run.0.trace().records();
    let mine = records.filter(|record| {
        record.node == Some(NodeId(1)) && matches!(record.event, Event::Delivered { .. })
    });
    mine.map(|record| format!("{} {}", record.time.0, record.line()))
        .collect()
}

#[test]
fn t2() {
    let detect = mean(100, |seed| {
        Row::of("heartbeat/one-crash")
            .seed(seed)
            .at(13_000)
            .read("detect")
    });
    assert!((3.0..6.0).contains(&detect), "{detect} s");
    let slow = Row::of("heartbeat/one-crash").param("timeout", 6_000);
    assert!(slow.at(13_900).read("detect") > 6.0);
}

#[test]
fn t4() {
    // Completeness: from the start on or not. Accuracy against speed: both curves over the timeout.
    let never = Row::of("heartbeat/never-heard").ended();
    let counts = Row::of("heartbeat/never-heard-counts").ended();
    assert_eq!(
        (never.read("complete"), counts.read("complete")),
        (0.0, 100.0)
    );
    let at = |timeout: u32| {
        let detect = |seed| {
            let row = Row::of("heartbeat/random-crash").seed(seed);
            row.param("timeout", timeout).at(30_000).read("detect")
        };
        let alarms = |seed| {
            let row = Row::of("heartbeat/slow-network").seed(seed);
            row.param("timeout", timeout)
                .at(60_000)
                .read("alarms_per_minute")
        };
        (mean(40, detect), mean(10, alarms))
    };
    let (short, long) = (at(1_500), at(6_500));
    assert!(short.0 + 4.0 < long.0, "{short:?} {long:?}");
    assert!(short.1 > 20.0 && long.1 < 1.0, "{short:?} {long:?}");
}

#[test]
fn a3() {
    let run = Row::of("heartbeat/one-crash").ended();
    assert!(
        (3.0..7.0).contains(&run.read("detect")),
        "{}",
        run.read("detect")
    );
    assert!(run.read("back") < 2.0, "one heartbeat is enough");
    assert_eq!(run.read("false_alarms"), 0.0);
}

#[test]
fn a3_1() {
    // Three periods, and a timeout that two checks in three find too short.
    let run = Row::of("heartbeat/demo").at(4_900);
    let fired = |name: &str| {
        let records = run.0.trace().records();
        records
            .filter(|record| {
                record.node == Some(NodeId(1))
                    && matches!(&record.event, Event::TimerFired { timer, .. } if *timer == name)
            })
            .map(|record| record.time.0 / 1_000)
            .collect::<Vec<_>>()
    };
    assert_eq!(fired("Heartbeat"), [1_000, 2_000, 3_000, 4_000]);
    assert_eq!(fired("Check"), [2_000, 4_000]);
    let never = Row::of("heartbeat/never-heard").ended();
    assert_eq!(never.reads("detected_at"), None);
}

#[test]
fn a3_2() {
    let run = Row::of("heartbeat/demo").ended();
    assert_eq!(run.read("detected_at"), 8.0);
    assert!((run.read("detect") - 3.0).abs() < 1e-5);
    assert_eq!((run.read("recovered_at"), run.read("back")), (11.0, 1.0));
    // The other order of a heartbeat and a failure that are due at one instant.
    let late = Row::of("heartbeat/demo-late").ended();
    assert_eq!(late.read("detected_at"), 10.0);
}

#[test]
fn a3_3a() {
    for missed in [2, 4, 6] {
        let run = Row::of("heartbeat/missed").param("missed", missed).ended();
        assert_eq!(run.read("level"), f64::from(missed));
    }
    let detect = |law: &str, threshold: u32| {
        mean(10, |seed| {
            let row = Row::of("heartbeat/phi-level").seed(seed).param("law", law);
            row.param("threshold", threshold).ended().read("detect")
        })
    };
    let normal = [1, 4, 12].map(|threshold| detect("normal", threshold));
    assert!(normal[0] < normal[1] && normal[1] < normal[2], "{normal:?}");
    assert!(normal[2] < 2.5, "a bell curve rises fast: {normal:?}");
    assert!(detect("exponential", 4) > 2.0 * normal[1]);
}

#[test]
fn a3_3b() {
    let alone = Row::of("heartbeat/one-link").at(14_900);
    let majority = Row::of("heartbeat/one-link-majority").at(14_900);
    assert_eq!(
        (alone.read("false_alarms"), majority.read("false_alarms")),
        (2.0, 0.0)
    );
    assert_eq!(majority.read("false_suspicions"), 2.0);
    // One fault can still fool everybody: a node that nobody hears.
    let mute = Row::of("heartbeat/one-way").at(14_900);
    assert_eq!(mute.read("false_alarms"), 4.0);
}

#[test]
fn a3_3c() {
    let wait = |jitter: u32| {
        mean(10, |seed| {
            let row = Row::of("heartbeat/slow-network-adaptive").seed(seed);
            row.param("jitter", jitter).at(60_000).read("wait")
        })
    };
    let line = [0, 1_000, 2_000, 4_000].map(wait);
    assert!(line.windows(2).all(|pair| pair[0] < pair[1]), "{line:?}");
    // Once it has learned what is usual here.
    let alarms = |scenario: &str| {
        mean(10, |seed| {
            let row = Row::of(scenario).seed(seed);
            let per_minute = row.at(60_000).read("alarms_per_minute");
            per_minute - row.at(20_000).read("alarms_per_minute") / 3.0
        })
    };
    let fixed = alarms("heartbeat/slow-network");
    let adaptive = alarms("heartbeat/slow-network-adaptive");
    assert!(fixed > 8.0 && adaptive < fixed / 4.0, "{fixed} {adaptive}");
}

#[test]
fn a3_4a() {
    let run = Row::of("heartbeat/slow-network").at(64_900);
    assert_eq!(run.read("live"), 3.0, "nobody crashes");
    assert!(
        run.read("false_alarms") > 5.0,
        "{}",
        run.read("false_alarms")
    );
}

#[test]
fn a3_4b() {
    let two = Row::of("heartbeat/two-of-five").ended();
    assert_eq!((two.read("spare"), two.read("complete")), (0.0, 100.0));
    assert!(two.read("detect") > 3.0);
    let three = Row::of("heartbeat/three-of-five").ended();
    assert_eq!((three.read("spare"), three.read("complete")), (-1.0, 0.0));
    assert_eq!(three.reads("detect"), None);
}

#[test]
fn a3_4c() {
    let run = Row::of("heartbeat/flaky").at(60_000);
    assert!(
        run.read("flips_per_minute") >= 20.0,
        "{}",
        run.read("flips_per_minute")
    );
    let slow = Row::of("heartbeat/flaky")
        .param("timeout", 7_500)
        .at(60_000);
    assert!(slow.read("flips_per_minute") < run.read("flips_per_minute") / 2.0);
    let phi = Row::of("heartbeat/flaky-phi").at(60_000);
    assert!(phi.read("detect") < run.read("detect"), "phi is faster");
}

#[test]
fn a3_q1() {
    let seen = |scenario: &str| inbox(&Row::of(scenario).at(14_900));
    let crash = seen("heartbeat/crash-seen");
    let differing = |other: Vec<String>| {
        let changed = crash.iter().zip(&other).filter(|(a, b)| a != b).count();
        changed + crash.len().abs_diff(other.len())
    };
    assert_eq!(differing(seen("heartbeat/cut-seen")), 0);
    assert_eq!(differing(seen("heartbeat/pause-seen")), 0);
    let both = Row::of("heartbeat/crash-and-cut").at(14_000);
    assert_eq!(
        both.read("disagree"),
        2.0,
        "nodes 1 and 3 are wrong about each other"
    );
}

#[test]
fn a3_q2() {
    for (timeout, expected) in [
        (1_500, 2.0),
        (2_000, 3.0),
        (3_000, 4.0),
        (5_000, 6.0),
        (8_000, 9.0),
    ] {
        let found = mean(200, |seed| {
            let row = Row::of("heartbeat/random-crash").seed(seed);
            row.param("timeout", timeout).at(20_000).read("detect")
        });
        assert!((found - expected).abs() < 0.13, "{timeout} ms: {found}");
    }
}

#[test]
fn a3_q3() {
    let cheapest = |scenario: &str| Row::of(scenario).at(61_000).read("cheapest");
    assert_eq!(
        (cheapest("heartbeat/pacemaker"), cheapest("heartbeat/cdn")),
        (1.0, 3.0)
    );
    let run = Row::of("heartbeat/cdn").at(61_000);
    let costs = ["cost_n1", "cost_n2", "cost_n3"].map(|probe| run.read(probe));
    assert!(costs[2] < costs[1] && costs[1] < costs[0], "{costs:?}");
}

#[test]
fn a3_q4() {
    let play = |change: fn(Play) -> Play| {
        let of = |probe: &'static str| {
            mean(100, |seed| {
                let row = change(Row::of("heartbeat/your-detector").seed(seed));
                row.at(61_900).reads(probe).unwrap_or(22.0)
            })
        };
        (of("alarms_per_minute"), of("detect"))
    };
    let fixed = play(|row| row);
    let phi = play(|row| row.param("detector", "phi"));
    let majority = play(|row| row.param("detector", "deviation").switch("quorum", true));
    for better in [phi, majority] {
        assert!(better.0 < fixed.0 / 2.0, "{better:?} {fixed:?}");
        assert!(better.1 < 22.0, "and it notices the crash: {better:?}");
    }
    assert!(majority.0 < phi.0 + 1.0, "{majority:?} {phi:?}");
}

#[test]
fn a3_q5() {
    let kubernetes = mean(50, |seed| {
        Row::of("heartbeat/kubernetes")
            .seed(seed)
            .at(200_000)
            .read("detect")
    });
    assert!((35.0..42.0).contains(&kubernetes), "{kubernetes}");
    let cassandra = mean(50, |seed| {
        Row::of("heartbeat/cassandra")
            .seed(seed)
            .ended()
            .read("detect")
    });
    assert!((17.5..19.5).contains(&cassandra), "{cassandra}");
}

#[test]
fn w3() {
    let pod = Row::of("heartbeat/kubernetes").ended();
    assert!(
        (330.0..=345.2).contains(&pod.read("moved")),
        "{}",
        pod.read("moved")
    );
    let session = Row::of("heartbeat/zookeeper").ended();
    assert!(
        (4.0..=8.1).contains(&session.read("moved")),
        "{}",
        session.read("moved")
    );
    assert!(session.read("detect") <= session.read("moved"));
}

#[test]
fn m2() {
    // The half-working server: its peers see nothing wrong, and its clients get neither answer nor error.
    let run = Row::of("cluster/half-working").ended();
    assert_eq!(run.read("false-suspicions"), 0.0);
    assert_eq!(run.read("disagree"), 0.0);
    assert!(run.read("given-up") >= 1.0);
    let ends = run.history();
    let failed = ends
        .iter()
        .filter(|(_, end, _)| *end == faultline_sim::history::End::Failed);
    assert_eq!(failed.count(), 0, "silence, and no error");
    let disk = Row::of("cluster/slow-disk").ended();
    assert_eq!(disk.read("disagree"), 0.0, "heartbeats get through");
    assert!(disk.read("given-up") >= 1.0);
}
