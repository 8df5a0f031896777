//! Facts of the literature, and what each rule is for.

use faultline_sim::event::Event;
use faultline_sim::testing::{Play, Played};
use serde_json::Value as Json;

use super::{PROTOCOL, Site, marks, row_at, site_of};

fn play(scenario: &str) -> Play {
    Play::protocol(&PROTOCOL, scenario)
}

/// A graph of waits between processes at sites, what one of them finds out, and the probes between sites.
struct Vector {
    waits: &'static [(u64, u64)],
    /// The site of process 1, of process 2, …
    sites: &'static [u32],
    initiator: u64,
    probes: &'static [[u64; 3]],
    deadlock: bool,
}

/// The figure of ten processes, with and without the wait that closes the circle; one process a site; a circle
/// beside the initiator; two sites.
const VECTORS: &[Vector] = &[
    Vector {
        waits: &[
            (1, 2),
            (2, 3),
            (3, 4),
            (4, 5),
            (5, 6),
            (5, 7),
            (6, 8),
            (7, 10),
            (8, 9),
            (9, 1),
        ],
        sites: &[1, 1, 1, 2, 2, 2, 2, 3, 3, 3],
        initiator: 1,
        probes: &[[1, 3, 4], [1, 6, 8], [1, 7, 10], [1, 9, 1]],
        deadlock: true,
    },
    Vector {
        waits: &[
            (1, 2),
            (2, 3),
            (3, 4),
            (4, 5),
            (5, 6),
            (5, 7),
            (6, 8),
            (7, 10),
            (8, 9),
        ],
        sites: &[1, 1, 1, 2, 2, 2, 2, 3, 3, 3],
        initiator: 1,
        probes: &[[1, 3, 4], [1, 6, 8], [1, 7, 10]],
        deadlock: false,
    },
    Vector {
        waits: &[(1, 2), (2, 3), (3, 1)],
        sites: &[1, 2, 3],
        initiator: 1,
        probes: &[[1, 1, 2], [1, 2, 3], [1, 3, 1]],
        deadlock: true,
    },
    Vector {
        waits: &[(1, 2), (2, 3), (3, 2)],
        sites: &[1, 2, 3],
        initiator: 1,
        probes: &[[1, 1, 2], [1, 2, 3], [1, 3, 2]],
        deadlock: false,
    },
    Vector {
        waits: &[(1, 2), (2, 3), (3, 4), (4, 1)],
        sites: &[1, 1, 2, 2],
        initiator: 1,
        probes: &[[1, 2, 3], [1, 4, 1]],
        deadlock: true,
    },
];

impl Vector {
    /// The graph, drawn by requests, and a search.
    fn play(&self, model: &str) -> Played {
        let nodes = self.sites.iter().max().copied().unwrap_or(1);
        let mut graph = play("two-rows").param("model", model).param("nodes", nodes);
        let site = |process: u64| self.sites[process as usize - 1];
        for (process, on) in self.waits {
            let (node, at) = (site(*process), site(*on));
            let wait = format!(r#"{{"wait":{{"process":{process},"on":{on},"at":{at}}}}}"#);
            graph = graph.does(&format!("0s request n{node} {wait}"));
        }
        let (node, process) = (site(self.initiator), self.initiator);
        let detect = format!(r#"{{"detect":{{"process":{process}}}}}"#);
        // The scenario's transactions begin later.
        graph
            .does(&format!("10ms request n{node} {detect}"))
            .does("0s latency constant 10ms")
            .at(900)
    }
}

/// The probes between nodes as (i, j, k), in order of sending.
fn probes(run: &Played, kind: &str) -> Vec<[u64; 3]> {
    let number = |json: &Json| json.as_str().unwrap()[1..].parse().unwrap();
    let records = run.0.trace().records();
    let sent = records.filter_map(|record| match &record.event {
        Event::Sent {
            kind: own, message, ..
        } if *own == kind => Some(message.0.json()),
        _ => None,
    });
    let names = ["initiator", "sender", "receiver"];
    sent.map(|json| names.map(|name| number(&json[kind][name])))
        .collect()
}

/// D-CMH, D-CMH2, D-CMH3: which probes are sent between sites, and who declares a deadlock.
#[test]
fn probes_are_those_of_the_paper() {
    for vector in VECTORS {
        let run = vector.play("and");
        let mut sent = probes(&run, "Probe");
        let mut wanted = vector.probes.to_vec();
        sent.sort_unstable();
        wanted.sort_unstable();
        assert_eq!(sent, wanted, "{:?}", vector.waits);
        assert_eq!(run.read("probes"), wanted.len() as f64);
        let declared = f64::from(u32::from(vector.deadlock));
        assert_eq!(run.read("deadlocks"), declared, "{:?}", vector.waits);
        assert_eq!(run.read("phantom"), 0.0);
        assert!(run.broken("real").is_none());
    }
}

/// D-CMH2 for circles of any size.
#[test]
fn a_circle_of_n_costs_n_probes() {
    for n in [2_u64, 3, 5, 9] {
        let waits: Vec<(u64, u64)> = (1..=n).map(|i| (i, i % n + 1)).collect();
        let sites: Vec<u32> = (1..=n as u32).collect();
        let vector = Vector {
            waits: Box::leak(waits.into_boxed_slice()),
            sites: Box::leak(sites.into_boxed_slice()),
            initiator: 1,
            probes: &[],
            deadlock: true,
        };
        let run = vector.play("and");
        assert_eq!((run.read("probes"), run.read("deadlocks")), (n as f64, 1.0));
        assert_eq!(run.who(&marks::DECLARES), [1]);
    }
}

/// D-CMH3: started by 2, the circle of 2 and 3 is found.
#[test]
fn only_a_search_from_the_circle_finds_it() {
    let run = play("beside-a-circle").ended();
    assert_eq!(run.who(&marks::LOOKS), [1, 2]);
    assert_eq!(run.who(&marks::DECLARES), [2]);
    let alone = play("beside-a-circle").at(4_900);
    assert_eq!(alone.read("deadlocks"), 0.0);
}

/// OR model: a process that runs is enough to save all that reach it, and one beside a circle is dead, too.
#[test]
fn where_one_answer_is_enough_all_must_wait() {
    let saved = play("one-is-enough").ended();
    assert_eq!((saved.read("deadlocks"), saved.read("phantom")), (0.0, 0.0));
    let and = play("one-is-enough").param("model", "and").ended();
    assert_eq!(and.who(&marks::DECLARES), [1]);
    // Process 4 waits as well, so nobody goes on.
    let dead = play("one-is-enough")
        .does(r#"500ms request n4 {"wait":{"process":4,"on":1,"at":1}}"#)
        .ended();
    assert_eq!(
        (dead.who(&marks::DECLARES), dead.read("phantom")),
        (vec![1], 0.0)
    );
    // A query along each wait that is no reply, and a reply to each.
    assert_eq!(dead.sent("Query"), dead.sent("Reply"));
    assert_eq!(dead.sent("Query"), 5);
    // D-CMH3's graph: 1 cannot go on either.
    let beside = VECTORS[3].play("or");
    assert_eq!(
        (beside.who(&marks::DECLARES), beside.read("phantom")),
        (vec![1], 0.0)
    );
    let figure = VECTORS[0].play("or");
    assert_eq!(figure.read("deadlocks"), 0.0, "10 goes on");
}

/// One victim, and all transactions end.
#[test]
fn a_deadlock_is_found_and_resolved() {
    for seed in 1..=5 {
        for (scenario, all) in [("two-rows", 2.0), ("three-in-a-circle", 4.0)] {
            let run = play(scenario).seed(seed).at(30_000);
            assert!(
                run.all_broken().is_empty(),
                "{scenario} {:?}",
                run.all_broken()
            );
            assert_eq!(run.read("committed"), all, "{scenario}, seed {seed}");
            assert!(run.read("deadlocks") >= 1.0);
        }
        let line = play("no-circle").seed(seed).at(30_000);
        assert_eq!((line.read("deadlocks"), line.read("committed")), (0.0, 3.0));
        assert!(line.read("probes") >= 3.0);
    }
}

/// The circle closes, and its first probe starts when the patience is over: detection takes that long and a
/// way round.
#[test]
fn detection_takes_patience_and_a_way_round() {
    let detection = |patience: u32| {
        let run = play("three-in-a-circle").does(&format!("0s set n1.patience={patience}"));
        run.does("0s set n4.patience=60000")
            .at(60_000)
            .read("detection")
    };
    let (short, long) = (detection(2_000), detection(6_000));
    assert!((long - short - 4.0).abs() < 0.5, "{short} s, {long} s");
    assert!((1.0..3.0).contains(&short), "{short} s");
}

/// Two searches go round one circle: both finders are aborted, and the second deadlock is none. Both would name
/// the same youngest transaction.
#[test]
fn two_finders_of_one_deadlock_are_both_aborted() {
    for seed in 1..=5 {
        let run = play("two-give-up").seed(seed).at(5_200);
        assert_eq!((run.read("deadlocks"), run.read("aborted")), (2.0, 2.0));
        assert_eq!(run.read("phantom"), 1.0, "seed {seed}");
        assert!(run.broken("real").is_none(), "somebody was aborted");
        let youngest = play("two-give-up").seed(seed).param("victim", "youngest");
        assert_eq!(youngest.at(5_200).read("aborted"), 1.0, "seed {seed}");
    }
}

/// Without a look at the wait, old news makes a deadlock of two waits that were never there at once.
#[test]
fn old_news_makes_a_deadlock_that_is_none() {
    for seed in 1..=5 {
        let flaw = play("old-news").seed(seed).ended();
        assert!(flaw.broken("real").is_some(), "seed {seed}");
        assert!(flaw.read("phantom") >= 1.0);
        let rule = play("old-news")
            .seed(seed)
            .switch("still-waits", true)
            .ended();
        assert_eq!((rule.read("deadlocks"), rule.read("aborted")), (0.0, 0.0));
        assert_eq!(rule.read("committed"), 2.0, "seed {seed}");
    }
}

/// \[RSL\]: in wait-die the younger one that asks is aborted, in wound-wait the younger one that holds.
#[test]
fn ages_decide_who_waits() {
    for seed in 1..=5 {
        let run = |scenario: &str| play(scenario).seed(seed).at(20_000);
        let (die, wound) = (run("wait-die"), run("wound-wait"));
        for run in [&die, &wound] {
            assert_eq!((run.read("committed"), run.read("probes")), (2.0, 0.0));
            assert!(run.all_broken().is_empty());
            let aborted = run.marked(&marks::ABORTS);
            assert!(
                aborted.iter().all(|(_, node, _)| node.0 == 2),
                "T2 is younger"
            );
            assert!(!aborted.is_empty());
        }
        assert_eq!(die.who(&marks::DIES)[0], 1, "T2 asks for x");
        assert_eq!(wound.who(&marks::WOUNDS), [2], "T1 asks for y");
    }
}

/// Prevention under load: no circle ever closes, and everybody gets through; with the queue by arrival, circles close.
#[test]
fn a_queue_by_age_prevents_what_one_by_arrival_does_not() {
    let busy = play("busy-rows").param("clients", 10).param("size", 3);
    for policy in ["wait-die", "wound-wait"] {
        let run = |by_age: bool| {
            busy.param("policy", policy)
                .switch("age-order", by_age)
                .ended()
        };
        let (with, without) = (run(true), run(false));
        assert_eq!(with.broken("prevented"), None, "{policy}");
        assert!(
            with.read("committed") > 5.0,
            "{policy}: {}",
            with.read("committed")
        );
        assert!(without.broken("prevented").is_some(), "{policy}");
    }
    let shown = play("queue-by-arrival");
    assert!(shown.ended().broken("prevented").is_some());
    let mended = shown.switch("age-order", true).at(20_000);
    assert!(mended.all_broken().is_empty(), "{:?}", mended.all_broken());
    assert_eq!(mended.read("committed"), 3.0);
}

#[test]
fn without_detection_a_deadlock_stays() {
    let run = play("nobody-looks").ended();
    assert_eq!((run.read("committed"), run.read("circle")), (0.0, 2.0));
    assert_eq!(run.read("waiting"), 3.0, "T3 waits for x as well");
    assert!(run.broken("resolved").is_some());
    let detect = play("nobody-looks").param("policy", "detect").ended();
    assert_eq!(
        (detect.read("committed"), detect.broken("resolved")),
        (3.0, None)
    );
}

/// A timeout aborts one that only waits for a slow transaction; a probe does not.
#[test]
fn a_timeout_cannot_tell_slow_from_stuck() {
    let run = play("long-wait").ended();
    assert!(run.read("phantom") >= 1.0 && run.read("aborted") >= 1.0);
    let detect = play("long-wait").param("policy", "detect").ended();
    assert_eq!((detect.read("phantom"), detect.read("aborted")), (0.0, 0.0));
    assert_eq!(detect.read("committed"), 2.0);
}

/// X-T3: a row that everybody wants is a ceiling; more clients only make the queue longer.
#[test]
fn a_hot_row_is_a_ceiling() {
    let at = |clients: u32| play("hot-row").param("clients", clients).ended();
    let through = [1, 2, 4, 10, 20].map(|clients| at(clients).read("throughput"));
    assert!(through[1] > 1.7 * through[0], "{through:?}");
    assert!(through[4] < 1.15 * through[3], "{through:?}");
    assert!(at(20).read("waiting") > at(10).read("waiting"));
    // Work on the row is what bounds it.
    let short = play("hot-row")
        .param("clients", 20)
        .param("work", 100)
        .ended();
    assert!(short.read("throughput") > 1.3 * through[4]);
}

#[test]
fn rows_lie_round_the_nodes() {
    let settings = |nodes: u32| {
        let mut settings =
            faultline_sim::settings::Settings::new(PROTOCOL.params, PROTOCOL.switches);
        settings.set_param("nodes", &nodes.to_string()).unwrap();
        settings
    };
    let rows: String = (0..5).map(row_at).collect();
    assert_eq!(rows, "xyzab");
    let nodes = |n: u32| {
        "xyzab"
            .chars()
            .map(|row| site_of(&settings(n), row).0)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        (nodes(3), nodes(2)),
        (vec![1, 2, 3, 1, 2], vec![1, 2, 1, 2, 1])
    );
}

/// After a crash its transactions are gone, and their rows at other nodes are free.
#[test]
fn a_crash_ends_transactions_and_frees_their_rows() {
    let run = play("two-rows")
        .param("policy", "none")
        .does("5s crash n1")
        .does("6s recover n1")
        .at(15_000);
    assert_eq!(
        run.replies()[0]["Failed"]["why"],
        "the node of the transaction crashed"
    );
    assert_eq!((run.read("committed"), run.broken("resolved")), (1.0, None));
    assert!(run.node::<Site>(1).locks.is_empty() && run.node::<Site>(2).locks.is_empty());
}

#[test]
fn a_row_has_one_letter() {
    let run = play("two-rows")
        .does(r#"0s request n1 {"begin":{"rows":["X"]}}"#)
        .at(500);
    let why = run.replies()[0]["Failed"]["why"].clone();
    assert!(why.as_str().unwrap().contains("a to z"), "{why}");
}
