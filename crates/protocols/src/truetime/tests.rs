//! What the papers say, and what each rule is for.

use faultline_sim::sorted::SortedMap;
use faultline_sim::testing::{Play, Played};

use super::{Client, Node, PROTOCOL, Server, TrueTime, marks};
use crate::parts::versions::hybrid;

fn play(scenario: &str) -> Play {
    Play::protocol(&PROTOCOL, scenario)
}

fn server(run: &Played, id: u32) -> &Server {
    match run.node::<Node>(id) {
        Node::Server(server) => server,
        _ => panic!("n{id} is no server"),
    }
}

fn client(run: &Played, id: u32) -> &Client {
    match run.node::<Node>(id) {
        Node::Client(client) => client,
        _ => panic!("n{id} is no client"),
    }
}

/// Table 1: nothing is both past and to come, and an instant within the interval is neither.
#[test]
fn an_instant_within_the_interval_is_neither_past_nor_to_come() {
    let (earliest, latest) = (93, 107);
    let now = TrueTime { earliest, latest };
    for t in 80..120 {
        assert_eq!(now.after(t), t < 93, "{t}");
        assert_eq!(now.before(t), t > 107, "{t}");
    }
}

/// 4.1.2 and row F9: a commit waits for about twice the uncertainty, whatever it is.
#[test]
fn a_commit_waits_twice_the_uncertainty() {
    for epsilon in [0, 1, 4, 7, 20] {
        for scenario in ["exact", "commit-wait"] {
            let run = play(scenario).param("epsilon", epsilon).ended();
            let wait = run.read("wait");
            let expected = 2.0 * f64::from(epsilon);
            assert!((wait - expected).abs() < 0.01, "{epsilon} ms: {wait} ms");
            assert!(run.read("committed") > 4.0);
        }
    }
}

/// With the wait, no client sees an order that timestamps deny; without it, some do.
#[test]
fn order_holds_with_the_wait_and_breaks_without() {
    for seed in 1..=10 {
        let waits = play("commit-wait").seed(seed).ended();
        assert_eq!(
            (waits.read("violations"), waits.all_broken().len()),
            (0.0, 0)
        );
        let at_once = play("no-wait").seed(seed).ended();
        assert!(at_once.read("violations") > 0.0, "seed {seed}");
        assert!(at_once.broken("external-consistency").is_some());
        assert_eq!(at_once.read("wait"), 0.0);
    }
}

/// Exact clocks need no wait, but nobody knows that they are exact.
#[test]
fn exact_clocks_keep_order_without_a_wait() {
    let run = play("exact").switch("commit-wait", false).ended();
    assert_eq!(run.read("violations"), 0.0);
}

/// Section 3: from 1 ms after an answer to 7 ms after 30 s with 200 us a second.
#[test]
fn uncertainty_is_a_saw_tooth_from_one_to_seven_milliseconds() {
    let run = play("saw-tooth").ended();
    assert_eq!(run.all_broken(), [] as [&str; 0]);
    let picked = run.marked(&marks::PICKS);
    let epsilons = || picked.iter().filter_map(|(.., marked)| marked.number(2));
    let (least, most) = (epsilons().min().unwrap(), epsilons().max().unwrap());
    assert!((1_000..1_500).contains(&least), "{least} us");
    assert!((6_500..7_600).contains(&most), "{most} us");
    // Three polls in a hundred seconds, and one at the start.
    let syncs = run.who(&marks::SYNCS);
    let of_one = syncs.iter().filter(|id| **id == 3).count();
    assert!(
        (3..=4).contains(&of_one),
        "the first may say nothing new: {of_one}"
    );
}

/// Without a time master nothing breaks, and everything takes longer.
#[test]
fn a_server_without_a_time_master_stays_right_and_gets_slow() {
    for seed in 1..=5 {
        let heard = play("saw-tooth").seed(seed).at(180_000);
        let alone = play("no-signal").seed(seed).ended();
        assert_eq!(alone.all_broken(), [] as [&str; 0]);
        assert_eq!(alone.read("violations"), 0.0);
        let longest = |run: &Played| run.read("longest-wait");
        assert!(longest(&heard) < 16.0, "{}", longest(&heard));
        assert!(longest(&alone) > 55.0, "{}", longest(&alone));
    }
}

/// A clock beyond its bound breaks the order although every server waits.
#[test]
fn a_clock_beyond_its_bound_breaks_order_in_spite_of_the_wait() {
    for seed in 1..=10 {
        let run = play("too-sure").seed(seed).ended();
        assert!(run.broken("external-consistency").is_some(), "seed {seed}");
        assert!((run.read("wait") - 2.0).abs() < 0.01);
        let honest = play("too-sure").seed(seed).param("epsilon", 5).ended();
        assert_eq!(honest.read("violations"), 0.0, "seed {seed}");
    }
}

/// Cristian: half a round trip bounds the error of what was read, however slow one direction is.
#[test]
fn a_slow_answer_of_the_time_master_widens_the_interval_at_most() {
    for way in ["n1->n3", "n3->n1"] {
        let run = play("saw-tooth")
            .does(&format!("1s slow {way} 5ms"))
            .at(70_000);
        let clock = &server(&run, 3).clock;
        let truth = run.0.world().now().0 as i64;
        let local = truth
            + run
                .0
                .world()
                .node_frame(faultline_sim::process::NodeId(3))
                .clock_error_us;
        let off = (local + clock.correction - truth).unsigned_abs();
        let grown = (local - clock.since.0).unsigned_abs() * 200 / 1_000_000;
        assert!(off <= clock.doubt.max(1_000) + grown, "{way}: {off} us off");
        assert_eq!(run.all_broken(), [] as [&str; 0]);
    }
}

/// A read at a timestamp waits until that has passed, and sees what was committed by then.
#[test]
fn a_snapshot_waits_until_its_timestamp_has_passed() {
    let run = play("snapshot").ended();
    let reads = run.marked(&marks::READS);
    assert_eq!(reads.len(), 2);
    for (time, ..) in &reads {
        assert!(time.0 > 100_000, "read at {time:?}");
    }
    let told =
        run.history()
            .into_iter()
            .filter_map(|(.., reply)| match reply?.get::<super::Reply>()? {
                super::Reply::Value { value, .. } => Some(*value),
                _ => None,
            });
    let mut told: Vec<u64> = told.collect();
    told.sort_unstable();
    assert_eq!(told, [7, 8]);
    // What is written later has a later timestamp: the same read again tells the same.
    let later = play("snapshot")
        .does(r#"120ms request n2 {"write":{"server":3,"value":9}}"#)
        .does(r#"150ms request n2 {"read_at":{"server":3,"ms":100}}"#)
        .ended();
    let values = later.history().into_iter().filter_map(|(.., reply)| {
        match reply?.get::<super::Reply>()? {
            super::Reply::Value { value, .. } => Some(*value),
            _ => None,
        }
    });
    assert_eq!(values.filter(|value| *value == 7).count(), 2);
}

/// W1: an increment that is repeated counts once, unless the server forgets what it has applied.
#[test]
fn a_repeated_increment_counts_once() {
    for seed in 1..=6 {
        let run = play("counter").seed(seed).ended();
        assert!(run.marked(&marks::ASKS_AGAIN).len() > 3, "seed {seed}");
        assert_eq!((run.read("twice"), run.all_broken().len()), (0.0, 0));
        // At most one answer is still on its way.
        assert!((0.0..=1.0).contains(&run.read("error")), "seed {seed}");
    }
    let forgets = play("counter").switch("once", false).ended();
    assert!(forgets.read("twice") > 0.0 && forgets.read("error") >= forgets.read("twice"));
}

/// Kulkarni and others, section 3: the figure's rule for a local event and for a receipt.
#[test]
fn a_hybrid_clock_is_never_behind_what_it_saw() {
    assert_eq!(hybrid((0, 0), 10), (10, 0), "its own clock is ahead");
    assert_eq!(hybrid((10, 0), 1), (10, 1), "the message is ahead");
    assert_eq!(hybrid((10, 2), 10), (10, 3), "equal: it counts");
}

/// The same clocks as in `no-wait`: a client's next transaction always has the larger stamp, without a wait.
#[test]
fn hybrid_clocks_keep_causes_before_effects() {
    for seed in 1..=10 {
        let run = play("hybrid").seed(seed).ended();
        assert_eq!(run.all_broken(), [] as [&str; 0]);
        assert_eq!((run.read("violations"), run.read("wait")), (0.0, 0.0));
        // A server that is behind goes on from the client's stamp: as far as clocks are apart.
        let ahead = run.read("ahead");
        assert!((1.0..=10.0).contains(&ahead), "{ahead}");
        let deaf = play("hybrid").seed(seed).switch("merge", false).ended();
        assert!(deaf.broken("causality").is_some(), "seed {seed}");
    }
}

/// What no message carries, a hybrid clock cannot order. With TrueTime the answer comes late enough.
#[test]
fn a_phone_call_is_no_message() {
    let run = play("phone-call").ended();
    assert_eq!((run.read("violations"), run.all_broken().len()), (1.0, 0));
    // The call is made when node 2 has its answer.
    let waits = play("phone-call").preset("correct");
    let waits = waits.does(r#"38ms request n3 {"write":{"server":5,"value":3}}"#);
    assert_eq!(waits.ended().read("violations"), 0.0);
}

/// A clock that is too far ahead moves no other one, unless all clocks are trusted.
#[test]
fn a_clock_far_ahead_is_refused() {
    let run = play("far-ahead").ended();
    assert!(run.read("refused") > 0.0 && run.all_broken().is_empty());
    assert!(client(&run, 2).last.0 < 420_000, "near the true time");
    let trusting = play("far-ahead").switch("refuse", false).ended();
    assert!(trusting.broken("near").is_some());
    assert!(
        server(&trusting, 4).last.0 > run.0.world().now().0 + 20_000
            || trusting.read("ahead") > 40.0
    );
    // TrueTime bears it with a bound that is true, and waits for it.
    let waits = play("far-ahead").preset("correct").ended();
    assert!((waits.read("wait") - 120.0).abs() < 0.01 && waits.read("violations") == 0.0);
}

/// Timestamps of one server rise, also when the time master sets its clock back.
#[test]
fn a_server_never_gives_a_timestamp_twice() {
    for scenario in ["commit-wait", "saw-tooth", "hybrid"] {
        let run = play(scenario).ended();
        let mut latest: SortedMap<u32, String> = SortedMap::new();
        for (_, node, marked) in run.marked(&marks::PICKS) {
            let s = marked.word(1).unwrap_or_default().to_owned();
            assert_ne!(latest.insert(node.0, s.clone()), Some(s), "{scenario}");
        }
    }
}

/// A crash loses what waited, and the client's repetition commits it.
#[test]
fn a_crash_in_commit_wait_loses_nothing_that_was_answered() {
    let base = play("commit-wait").param("every", 0).param("retry", 30);
    let base = base.does(r#"20ms request n2 {"write":{"server":3,"value":7}}"#);
    let run = base.does("25ms crash n3").does("40ms recover n3").ended();
    assert_eq!((run.read("committed"), run.read("ok")), (1.0, 100.0));
    assert_eq!(server(&run, 3).value, 7);
}
