//! The curriculum's listing, and what detectors promise.

use faultline_sim::event::Event;
use faultline_sim::process::{NodeId, Opinion};
use faultline_sim::settings::Settings;
use faultline_sim::testing::{Play, Played};
use faultline_sim::time::{Duration, Time};

use super::judge::{Judge, Past};
use super::{PROTOCOL, Watcher, marks};
use crate::parts::arrivals::{Arrivals, Smoothed};

fn play(scenario: &str) -> Play {
    Play::protocol(&PROTOCOL, scenario)
}

/// Who declared node 2 failed, with instants in milliseconds.
fn declared(run: &Played) -> Vec<(u32, u64)> {
    said(run, &marks::DECLARES)
}

fn said(run: &Played, mark: &faultline_sim::mark::Mark) -> Vec<(u32, u64)> {
    let marked = run.marked(mark).into_iter();
    let of_two = marked.filter(|(.., marked)| marked.node(0) == Some(NodeId(2)));
    of_two.map(|(at, node, _)| (node.0, at.0 / 1_000)).collect()
}

/// The listing with other instants of silence.
fn silent(from: &str, to: Option<&str>) -> Played {
    let row = play("never-heard").param("crashed", "");
    let row = row.does(&format!("{from} request n2 \"simulate_failure\""));
    let row = match to {
        Some(to) => row.does(&format!("{to} request n2 \"simulate_recovery\"")),
        None => row,
    };
    row.at(16_000)
}

/// S-HB1 and S-HB4: the demo, and the demo with the heartbeat of 5 s on its way.
#[test]
fn the_demo_detects_at_8_and_recovers_at_11() {
    let run = play("demo").ended();
    assert_eq!(declared(&run), [(1, 8_000), (3, 8_000)]);
    assert_eq!(said(&run, &marks::REVIVES), [(1, 11_000), (3, 11_000)]);
    assert_eq!(run.read("detected_at"), 8.0);
    assert!((run.read("detect") - 3.0).abs() < 1e-5);
    assert_eq!((run.read("recovered_at"), run.read("back")), (11.0, 1.0));
    assert_eq!(run.read("false_suspicions"), 0.0);
    let late = play("demo-late").ended();
    assert_eq!(declared(&late), [(1, 10_000), (3, 10_000)]);
    assert_eq!(
        (late.read("detect"), late.read("recovered_at")),
        (5.0, 11.0)
    );
    let middle = silent("4500ms", Some("10500ms"));
    assert_eq!(declared(&middle), [(1, 8_000), (3, 8_000)]);
    assert_eq!(said(&middle, &marks::REVIVES), [(1, 11_500), (3, 11_500)]);
}

/// S-HB2: later than the timeout after the last heartbeat, and at most a check later.
#[test]
fn silence_is_compared_strictly_at_each_check() {
    for (from, at) in [("3500ms", 8_000), ("5500ms", 10_000), ("6500ms", 10_000)] {
        let run = silent(from, None);
        assert_eq!(declared(&run), [(1, at), (3, at)], "{from}");
    }
    let short = silent("4500ms", Some("6500ms"));
    assert_eq!(declared(&short), [], "two seconds are not noticed");
}

/// S-HB3: only peers that were heard once are checked.
#[test]
fn a_peer_that_was_never_heard_is_never_suspected_as_written() {
    let run = play("never-heard").at(600_000);
    assert_eq!(declared(&run), []);
    assert!(run.broken("complete").is_some() && run.broken("all-know").is_some());
    let counted = play("never-heard").switch("from-start", true).ended();
    assert_eq!(declared(&counted), [(1, 4_000), (3, 4_000)]);
    let correct = play("never-heard-counts").ended();
    assert!(
        correct.all_broken().is_empty(),
        "{:?}",
        correct.all_broken()
    );
    assert_eq!(correct.read("complete"), 100.0);
}

/// A node that simulates a failure still checks and receives: it hears its peers all the time.
#[test]
fn a_failed_node_of_the_listing_goes_on_checking() {
    let run = play("demo").does("6s crash n3").at(14_900);
    let suspects: Vec<u32> = run.who(&marks::DECLARES);
    assert_eq!(
        suspects.iter().filter(|id| **id == 2).count(),
        1,
        "node 2 notices node 3"
    );
}

/// A3-Q2: the mean time until a crash at a random moment is detected, over 200 seeds: the bounds are
/// three standard errors of a spread of at most two seconds.
#[test]
fn detection_takes_as_long_as_the_timeout_says() {
    for (timeout, mean) in [
        (1_500, 2.0),
        (2_000, 3.0),
        (3_000, 4.0),
        (5_000, 6.0),
        (8_000, 9.0),
    ] {
        let runs = (1..=200).map(|seed| {
            let row = play("random-crash").seed(seed).param("timeout", timeout);
            row.at(20_000).read("detect")
        });
        let found = runs.sum::<f64>() / 200.0;
        assert!(
            (found - mean).abs() < 0.13,
            "{timeout} ms: {found} s, not {mean}"
        );
    }
}

/// What node 1 was sent and told, event by event, with instants.
fn inbox(run: &Played) -> Vec<String> {
    let records = run.0.trace().records();
    let mine = records.filter(|record| {
        record.node == Some(NodeId(1))
            && matches!(record.event, Event::Delivered { .. } | Event::Believed(_))
    });
    mine.map(|record| format!("{} {}", record.time.0, record.event))
        .collect()
}

/// A3-Q1 and P3: a crash, a cut link and a frozen node leave node 1 with the same inbox, event by event.
#[test]
fn a_crash_a_cut_and_a_pause_look_the_same_to_a_peer() {
    for seed in 1..=20 {
        let seen = |scenario| inbox(&play(scenario).seed(seed).at(14_900));
        let crash = seen("crash-seen");
        assert!(crash.len() > 15, "{crash:?}");
        assert_eq!(crash, seen("cut-seen"), "seed {seed}");
        assert_eq!(crash, seen("pause-seen"), "seed {seed}");
    }
    // A second observer tells them apart: what it says differs.
    let majority = |scenario| {
        let row = play(scenario).switch("quorum", true);
        row.at(14_900).who(&marks::DECLARES).len()
    };
    assert_eq!((majority("crash-seen"), majority("cut-seen")), (2, 0));
}

/// One observer of three is no majority; without one, no verdict.
#[test]
fn one_cut_link_fools_one_observer_and_no_majority() {
    for seed in 1..=20 {
        let alone = play("one-link").seed(seed).at(14_900);
        assert_eq!(alone.read("disagree"), 2.0, "seed {seed}");
        assert!(alone.broken("majority").is_some());
        let quorum = play("one-link-majority").seed(seed).at(14_900);
        assert_eq!(quorum.read("false_alarms"), 0.0, "seed {seed}");
        assert!(quorum.read("false_suspicions") >= 2.0);
        let belief = |id: u32, of: u32| {
            let node = quorum.node::<Watcher>(id);
            node.beliefs
                .get(&NodeId(of))
                .copied()
                .unwrap_or(Opinion::Alive)
        };
        assert_eq!(belief(1, 2), Opinion::Suspected);
        assert_eq!(belief(3, 2), Opinion::Alive);
        assert!(quorum.all_broken().is_empty() || quorum.all_broken() == ["accurate"]);
    }
}

#[test]
fn two_of_five_are_declared_and_three_of_five_are_not() {
    for seed in 1..=20 {
        let two = play("two-of-five").seed(seed).ended();
        assert_eq!((two.read("complete"), two.read("spare")), (100.0, 0.0));
        assert!(two.all_broken().is_empty(), "{:?}", two.all_broken());
        let three = play("three-of-five").seed(seed).ended();
        assert_eq!((three.read("complete"), three.read("spare")), (0.0, -1.0));
        assert_eq!(
            three.who(&marks::SUSPECTS).len(),
            6,
            "both suspect all three"
        );
    }
}

/// What nodes believe is kept only of peers that are not alive as usual.
#[test]
fn beliefs_are_sparse() {
    let run = play("healthy").param("nodes", 20).at(10_000);
    for id in 1..=20 {
        let node = run.node::<Watcher>(id);
        assert!(node.beliefs.is_empty() && node.levels.is_empty() && node.reports.is_empty());
        assert!(node.detector.opinions.is_empty() && node.detector.unheard.is_empty());
    }
    let crash = play("healthy")
        .param("nodes", 20)
        .does("3s crash n7")
        .at(15_000);
    let node = crash.node::<Watcher>(1);
    assert_eq!((node.beliefs.len(), node.detector.opinions.len()), (1, 1));
}

/// Adaptive timeouts give far fewer false alarms on a slow network, and still find a crash.
#[test]
fn timeouts_that_follow_the_network_give_fewer_false_alarms() {
    // Once they have seen some twenty heartbeats.
    let alarms = |scenario: &str| {
        let runs = (1..=20).map(|seed| {
            let row = play(scenario).seed(seed);
            row.at(60_000).read("false_alarms") - row.at(20_000).read("false_alarms")
        });
        runs.sum::<f64>() / 20.0
    };
    let (fixed, adaptive) = (alarms("slow-network"), alarms("slow-network-adaptive"));
    assert!(
        fixed > 8.0 && adaptive < fixed / 4.0,
        "{fixed} and {adaptive}"
    );
    for detector in ["deviation", "jacobson", "phi", "missed"] {
        let row = play("slow-network")
            .param("detector", detector)
            .does("30s crash n2");
        assert_eq!(row.at(60_000).read("complete"), 100.0, "{detector}");
    }
}

/// The levels of one observer, by its settings.
fn judge(params: &[(&str, &str)]) -> Judge {
    let mut settings = Settings::new(PROTOCOL.params, PROTOCOL.switches);
    for (name, value) in params {
        settings.set_param(name, value).unwrap();
    }
    Judge::new(&settings)
}

#[test]
fn each_measure_has_its_level() {
    let ms = Duration::millis;
    let missed = judge(&[("detector", "missed")]);
    let level = |silence| missed.level(ms(silence), Past::default());
    assert_eq!((level(2_999).value, level(2_999).suspicious), (2.0, false));
    assert_eq!((level(3_000).value, level(3_000).suspicious), (3.0, true));
    let timeout = judge(&[]);
    assert!(
        !timeout.level(ms(3_000), Past::default()).suspicious,
        "3 is not more than 3"
    );
    assert!(timeout.level(ms(3_001), Past::default()).suspicious);
    // Gaps of 800 and 1,200 ms: mean 1,000, deviation 200.
    let mut arrivals = Arrivals::default();
    let mut smoothed = Smoothed::default();
    let mut now = faultline_sim::time::LocalTime(0);
    arrivals.arrive(now, 20);
    for gap in [800, 1_200, 800, 1_200] {
        now.0 += gap * 1_000;
        smoothed.take(arrivals.arrive(now, 20).unwrap());
    }
    let past = Past {
        arrivals: Some(&arrivals),
        smoothed: Some(&smoothed),
    };
    let deviation = judge(&[("detector", "deviation"), ("k", "3")]);
    assert_eq!(deviation.wait(past), ms(1_600));
    // F-PHI at mean 1,000 and deviation 200.
    for (law, level) in [
        ("normal", 2.206_932),
        ("logistic", 2.216_071),
        ("exponential", 0.651_442),
    ] {
        let phi = judge(&[("detector", "phi"), ("law", law)]);
        assert!(
            (phi.level(ms(1_500), past).value - level).abs() < 1e-6,
            "{law}"
        );
    }
    let jacobson = judge(&[("detector", "jacobson")]);
    assert!(jacobson.wait(past) > ms(1_200));
    // Whatever the past says, there is an end.
    for detector in ["phi", "deviation", "jacobson"] {
        let cautious = judge(&[
            ("detector", detector),
            ("law", "exponential"),
            ("k", "20"),
            ("threshold", "100"),
        ]);
        assert!(cautious.level(ms(20_001), past).suspicious, "{detector}");
    }
}

/// Cassandra: phi 8 is 8 ln 10 = 18.4 means.
#[test]
fn cassandra_convicts_after_eighteen_means() {
    for seed in 1..=10 {
        let run = play("cassandra").seed(seed).ended();
        assert!(
            (17.0..20.5).contains(&run.read("detect")),
            "{}",
            run.read("detect")
        );
        assert_eq!(run.read("false_alarms"), 0.0);
    }
}

#[test]
fn a_pod_moves_and_an_ephemeral_node_goes() {
    for seed in 1..=10 {
        let run = play("kubernetes").seed(seed).ended();
        let detect = run.read("detect");
        assert!((30.0..=45.1).contains(&detect), "{detect}");
        assert!((run.read("moved") - detect - 300.0).abs() < 0.01);
        let back = play("kubernetes")
            .seed(seed)
            .does("200s recover n3")
            .ended();
        assert_eq!(back.reads("moved"), None, "back in time, it keeps its pod");
        let session = play("zookeeper").seed(seed).ended();
        assert!(
            (4.0..=8.1).contains(&session.read("moved")),
            "{}",
            session.read("moved")
        );
    }
}

/// One observer's mistakes cost what its own verdicts say.
#[test]
fn a_price_chooses_the_timeout() {
    for seed in 1..=10 {
        assert_eq!(
            play("pacemaker").seed(seed).at(61_000).read("cheapest"),
            1.0,
            "{seed}"
        );
        assert_eq!(
            play("cdn").seed(seed).at(61_000).read("cheapest"),
            3.0,
            "{seed}"
        );
    }
}

#[test]
fn nodes_join_and_leave() {
    let run = play("healthy")
        .does("3s add")
        .does("8s crash n6")
        .at(16_000);
    assert_eq!(run.read("complete"), 100.0, "the new node is watched");
    let gone = play("healthy").does("3s remove n2").at(16_000);
    assert_eq!(
        (gone.read("disagree"), gone.read("false_suspicions")),
        (0.0, 0.0)
    );
    assert_eq!(gone.0.now(), Time(16_000_000));
}
