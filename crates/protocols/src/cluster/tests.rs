//! The cluster against its sources, section by section, and under random faults.

mod judged;

use std::collections::BTreeMap;

use faultline_sim::command::Timed;
use faultline_sim::descriptor::{Catalogue, Recipe};
use faultline_sim::event::{Event, Outcome, Record};
use faultline_sim::frame::{Light, Tone};
use faultline_sim::process::{Belief, NodeId, Opinion};
use faultline_sim::search::Chaos;
use faultline_sim::time::{Duration, Time};
use faultline_sim::timeline::{Run, Timeline};
use faultline_sim::world::World;

use super::{Member, PROTOCOL, Request, Role};

const ONLY: Catalogue = Catalogue(&[&PROTOCOL]);
const SEEDS: u64 = 32;

fn recipe(scenario: &str, seed: u64, params: &[(&str, &str)], commands: &[&str]) -> Recipe {
    let own = |(k, v): &(&str, &str)| ((*k).to_owned(), (*v).to_owned());
    Recipe {
        params: params.iter().map(own).collect(),
        commands: commands.iter().map(|c| (*c).to_owned()).collect(),
        ..Recipe::new(&format!("cluster/{scenario}"), seed)
    }
}

fn play(recipe: &Recipe, until: Time) -> Timeline {
    let mut run = Timeline::new(ONLY.setup(recipe).unwrap()).unwrap();
    assert!(run.run_until(until, 5_000_000));
    run
}

fn seconds(s: u64) -> Time {
    Time(s * 1_000_000)
}

fn node(run: &Timeline, id: u32) -> &Member {
    run.world().node(NodeId(id)).unwrap()
}

fn probe(world: &World, name: &str) -> Option<f64> {
    let (_, value) = world.probes().find(|(spec, _)| spec.name == name).unwrap();
    value
}

fn broken(run: &Timeline, name: &str) -> Option<String> {
    let lights = run.world().verdicts(true);
    match &lights.iter().find(|v| v.name == name).unwrap().light {
        Light::Broken { reason, .. } => Some(reason.clone()),
        _ => None,
    }
}

/// When each observer began to hold `subject` for suspected or failed.
fn beliefs(run: &Timeline, subject: u32, wanted: Opinion) -> Vec<(NodeId, Time)> {
    let said = |record: &Record| match &record.event {
        Event::Believed(Belief::Peer { node, opinion })
            if *node == NodeId(subject) && *opinion == wanted =>
        {
            Some((record.node?, record.time))
        }
        _ => None,
    };
    run.trace().records().filter_map(said).collect()
}

#[test]
fn silence_is_compared_strictly_and_counts_from_the_start() {
    // n2 never says a word. Looks happen every 500 ms; at 3.0 s the silence is exactly `suspect`.
    let run = play(&recipe("hello", 1, &[("crashed", "2")], &[]), seconds(10));
    let suspected = beliefs(&run, 2, Opinion::Suspected);
    let failed = beliefs(&run, 2, Opinion::Failed);
    assert_eq!(suspected.len(), 4);
    assert!(
        suspected.iter().all(|(_, at)| *at == Time(3_500_000)),
        "{suspected:?}"
    );
    assert!(
        failed.iter().all(|(_, at)| *at == Time(6_500_000)),
        "{failed:?}"
    );
    assert_eq!(probe(run.world(), "detect"), Some(3.5));
}

#[test]
fn a_crash_is_noticed_between_suspect_and_suspect_plus_check() {
    // Coulouris et al. 15.1: a detector by timeout, with a bound on when it looks.
    for seed in 0..SEEDS {
        let run = play(&recipe("one-of-five-crashes", seed, &[], &[]), seconds(20));
        let suspected = beliefs(&run, 3, Opinion::Suspected);
        assert_eq!(suspected.len(), 4, "seed {seed}");
        for (observer, at) in suspected {
            let last = run.trace().records().rfind(|record| {
                matches!(&record.event, Event::Delivered { address, .. }
                    if address.from == NodeId(3) && address.to == observer)
            });
            let silence = at.since(last.unwrap().time);
            let bounds = (Duration::millis(3_000), Duration::millis(3_500));
            assert!(
                silence > bounds.0 && silence <= bounds.1,
                "seed {seed}: {silence}"
            );
        }
        assert_eq!(
            probe(run.world(), "false-suspicions"),
            Some(0.0),
            "seed {seed}"
        );
        assert_eq!(probe(run.world(), "disagree"), Some(0.0), "all know by now");
    }
}

#[test]
fn one_crash_fails_some_requests_and_not_others() {
    let run = play(&recipe("one-of-five-crashes", 1, &[], &[]), seconds(21));
    let client = node(&run, 6);
    assert!(client.given_up >= 2 && client.answered >= 4);
    let share = 100.0 * client.answered as f64 / (client.answered + client.given_up) as f64;
    assert_eq!(
        probe(run.world(), "ok"),
        Some(share),
        "its own asks are measured too"
    );
    assert!(
        client
            .calls
            .open
            .values()
            .all(|open| open.query.to == NodeId(3) || open.tries == 1)
    );
}

#[test]
fn a_cut_link_makes_two_cells_of_twenty_wrong() {
    // Without the client's own asks, only the two texts are measured.
    let quiet = [("every", "0")];
    let run = play(&recipe("one-link-cut", 1, &quiet, &[]), seconds(16));
    assert_eq!(probe(run.world(), "disagree"), Some(2.0));
    let suspects = |id| node(&run, id).suspects().collect::<Vec<_>>();
    assert_eq!(
        (suspects(1), suspects(2)),
        (vec![NodeId(2)], vec![NodeId(1)])
    );
    assert!((3..=5).all(|id| suspects(id).is_empty()));
    assert_eq!(node(&run, 2).texts, 1, "only the text of n3 got through");
    assert_eq!(probe(run.world(), "ok"), Some(50.0));
    let run = play(&recipe("one-link-cut", 1, &[], &[]), seconds(30));
    assert_eq!(
        probe(run.world(), "disagree"),
        Some(0.0),
        "the link is back"
    );
}

#[test]
fn a_paused_node_looks_like_a_crashed_one_until_it_goes_on() {
    for seed in 0..SEEDS {
        let mut run = play(&recipe("pause-or-crash", seed, &[], &[]), Time(15_900_000));
        for observer in [1, 4, 5] {
            let of = |id| node(&run, observer).detector.opinion(NodeId(id));
            assert_eq!(
                (of(2), of(3)),
                (Opinion::Failed, Opinion::Failed),
                "seed {seed}"
            );
        }
        assert!(probe(run.world(), "queue").unwrap() > 30.0, "seed {seed}");
        run.run_until(seconds(18), 1_000_000);
        for observer in [1, 4, 5] {
            let of = |id| node(&run, observer).detector.opinion(NodeId(id));
            assert_eq!(
                (of(2), of(3)),
                (Opinion::Alive, Opinion::Failed),
                "seed {seed}"
            );
        }
    }
}

#[test]
fn a_text_is_not_repeated_so_losses_show() {
    let mut arrived = Vec::new();
    for seed in 0..100 {
        let run = play(
            &recipe("lossy-link", seed, &[("every", "0")], &[]),
            seconds(20),
        );
        let texts = node(&run, 2).texts;
        assert_eq!(
            probe(run.world(), "ok"),
            Some(f64::from(texts) * 10.0),
            "seed {seed}"
        );
        arrived.push(texts);
    }
    let mean = f64::from(arrived.iter().sum::<u32>()) / 100.0;
    assert!(
        (6.5..7.5).contains(&mean),
        "{mean} of 10 texts over 30 % loss"
    );
}

#[test]
fn request_ids_let_a_server_drop_repeated_requests() {
    // Birrell and Nelson 3.2: "the call identifier" tells a repeated call from a new one.
    let forgetful = play(&recipe("retry-applied-twice", 1, &[], &[]), seconds(15));
    assert_eq!(node(&forgetful, 1).counter, 2);
    assert_eq!(probe(forgetful.world(), "applied-twice"), Some(1.0));
    let reason = broken(&forgetful, "at-most-once").unwrap();
    assert!(reason.contains("n1 applied request n4:1 twice"), "{reason}");

    let mut standard = recipe("retry-applied-twice", 1, &[], &[]);
    standard.switches.insert("remember".into(), true);
    let standard = play(&standard, seconds(15));
    assert_eq!(node(&standard, 1).counter, 1);
    assert_eq!(broken(&standard, "at-most-once"), None);
    for run in [&forgetful, &standard] {
        assert_eq!(run.world().sent()["ASK"], 2);
        assert_eq!(probe(run.world(), "ok"), Some(100.0));
    }
}

#[test]
fn memory_of_requests_outlives_a_crash_of_the_server() {
    // Coulouris et al. 5.2: the history must survive, or a retry after a restart is a new request.
    let mut recipe = recipe(
        "retry-applied-twice",
        1,
        &[],
        &["2.2s crash n1", "2.6s recover n1"],
    );
    recipe.switches.insert("remember".into(), true);
    let run = play(&recipe, seconds(15));
    assert_eq!((node(&run, 1).counter, node(&run, 1).applied.len()), (1, 1));
    assert_eq!(probe(run.world(), "ok"), Some(100.0));
}

#[test]
fn a_client_that_gives_up_cannot_tell_what_was_done() {
    // Birrell and Nelson 3.1: after an exception the call was executed once or not at all, and the
    // caller is not told which. Answers lost: done. Requests lost: not done. Same reply.
    let ask = r#"1s request n4 {"ask":{"to":1}}"#;
    let replies: Vec<(String, u64)> = ["n1->n4", "n4->n1"]
        .iter()
        .map(|way| {
            let wall = format!("0s oneway {way}");
            let params = [("nodes", "3"), ("every", "0")];
            let run = play(&recipe("hello", 3, &params, &[&wall, ask]), seconds(20));
            let ended = run
                .trace()
                .records()
                .find_map(|record| match &record.event {
                    Event::Completed {
                        outcome: Outcome::Replied(reply),
                        ..
                    } => Some(reply.0.text()),
                    _ => None,
                });
            (ended.unwrap(), node(&run, 1).counter)
        })
        .collect();
    assert_eq!(replies[0].0, replies[1].0);
    assert!(
        replies[0].0.contains("no answer from n1 after 3 tries"),
        "{}",
        replies[0].0
    );
    assert_eq!((replies[0].1, replies[1].1), (1, 0));
}

#[test]
fn without_retries_one_lost_message_fails_a_request() {
    let mut recipe = recipe("retry-applied-twice", 1, &[], &[]);
    recipe.preset = Some("no-retry".into());
    let run = play(&recipe, seconds(15));
    assert_eq!(run.world().sent()["ASK"], 1);
    assert_eq!(probe(run.world(), "ok"), Some(0.0));
    assert_eq!(probe(run.world(), "given-up"), Some(1.0));
}

#[test]
fn a_node_added_later_is_a_server_in_the_full_mesh() {
    let beats = |commands: &[&str]| {
        let params = [("every", "0")];
        let run = play(&recipe("hello", 1, &params, commands), seconds(20));
        let before = play(&recipe("hello", 1, &params, commands), seconds(10));
        let sent = |run: &Timeline| run.world().sent()["HEARTBEAT"];
        (sent(&run) - sent(&before), run)
    };
    assert_eq!(beats(&[]).0, 10 * 5 * 4);
    let (sent, run) = beats(&["5s add"]);
    assert_eq!((sent, node(&run, 7).role), (10 * 6 * 5, Role::Server));
    assert_eq!(probe(run.world(), "false-suspicions"), Some(0.0));
    let (sent, run) = beats(&["5s remove n2"]);
    assert_eq!(sent, 10 * 4 * 3);
    assert!(!node(&run, 1).detector.heard.contains_key(&NodeId(2)));
}

#[test]
fn a_restarted_client_uses_no_number_twice_and_ends_what_was_open() {
    let ask = r#"3s request n6 {"ask":{"to":3}}"#;
    let faults = ["0s crash n3", ask, "4s crash n6", "5s recover n6"];
    let run = play(&recipe("hello", 1, &[], &faults), seconds(20));
    let mut ids = BTreeMap::new();
    for record in run.trace().records() {
        if let Event::Sent {
            kind: "ASK",
            message,
            address,
        } = &record.event
        {
            let id = message.0.json()["ASK"]["id"].to_string();
            assert_eq!(
                *ids.entry(id).or_insert(address.to),
                address.to,
                "an id used twice"
            );
        }
    }
    let crashed = run
        .trace()
        .records()
        .any(|r| r.line().contains("n6 crashed while it waited"));
    assert!(crashed);
    assert_eq!(broken(&run, "answered"), None);
}

#[test]
fn requests_that_cannot_be_sent_fail_at_once() {
    for to in ["0", "9", "4000000000"] {
        let ask = format!(r#"1s request n6 {{"ask":{{"to":{to}}}}}"#);
        let run = play(&recipe("hello", 1, &[], &[&ask]), seconds(2));
        assert_eq!(probe(run.world(), "ok"), Some(0.0), "to n{to}");
    }
    for form in PROTOCOL.requests {
        serde_json::from_value::<Request>((form.example)()).unwrap();
    }
}

#[test]
fn an_operation_that_nobody_ends_is_called_out() {
    let run = play(&recipe("hello", 1, &[], &[]), seconds(30));
    let mut monitor = (super::invariants::INVARIANTS[1].make)();
    let request = faultline_sim::process::Shared::new(Request::Ask {
        to: NodeId(1),
        add: 1,
    });
    let operation = faultline_sim::process::Operation(99);
    let record = Record {
        seq: 1,
        time: Time::ZERO,
        node: Some(NodeId(6)),
        event: Event::Invoked { operation, request },
        caused_by: 0,
        lamport: 1,
        wrote: false,
    };
    monitor.on_record(&record, run.world()).unwrap();
    let reason = monitor.satisfied(run.world()).unwrap_err();
    assert!(
        reason.contains("Operation 99 at n6 is 30.0 s old"),
        "{reason}"
    );
}

#[test]
fn nodes_show_what_they_are_and_what_they_believe() {
    let mut run = play(&recipe("one-of-five-crashes", 1, &[], &[]), seconds(12));
    let frame = run.frame();
    let roles: Vec<&str> = frame.nodes.iter().map(|n| n.role.as_str()).collect();
    assert_eq!(
        roles,
        ["server", "server", "server", "server", "server", "client"]
    );
    assert_eq!(
        (frame.nodes[0].tone, frame.nodes[5].tone),
        (Tone::Suspect, Tone::Client)
    );
    let first = &frame.nodes[0];
    assert!(first.inside.unwrap().as_str().starts_with("count "));
    assert_eq!(first.chips[0], "suspects node 3");
    assert_eq!(
        frame.narration.unwrap(),
        "Node 3 is down. 4 of 4 running servers have noticed."
    );
    let state = run.world().state(NodeId(1));
    assert_eq!(state["role"], "server");
    assert_eq!(state["opinions"]["3"], "failed");
    let ids: Vec<&String> = state["applied"].as_object().unwrap().keys().collect();
    assert!(
        !ids.is_empty() && ids.iter().all(|id| id.starts_with("n6:")),
        "{ids:?}"
    );
}

/// Random faults of every kind the kernel has, with requests in between.
fn stormy(seed: u64, remember: bool) -> Timeline {
    let mut recipe = recipe("hello", seed, &[("clients", "2"), ("every", "700")], &[]);
    recipe.switches.insert("remember".into(), remember);
    for at in 1..40 {
        let (asker, to) = (6 + at % 2, 1 + at % 5);
        let send = format!(r#"{at}.5s request n{to} {{"send":{{"to":{asker},"text":"x"}}}}"#);
        let ask = format!(r#"{at}s request n{asker} {{"ask":{{"to":{to}}}}}"#);
        recipe.commands.extend([ask, send]);
    }
    let chaos = Chaos {
        nodes: 7,
        until: seconds(40),
        commands: 60,
        timers: vec!["Heartbeat", "Check", "Ask", "Timeout"],
        hop: Duration::millis(450),
        forges: false,
        without: Vec::new(),
        wide: false,
    };
    let with = |faults: &[Timed]| {
        let mut recipe = recipe.clone();
        recipe.commands.extend(faults.iter().map(Timed::to_string));
        recipe
    };
    let flying = |faults: &[Timed], at: Time| {
        let mut run = Run::new(&ONLY.setup(&with(faults)).unwrap());
        run.run_until(at);
        run.world().in_flight()
    };
    let faults = chaos.schedule(seed, &mut BTreeMap::new(), flying);
    play(&with(&faults), seconds(80))
}

#[test]
fn both_promises_hold_under_random_faults() {
    for seed in 0..2 * SEEDS {
        let run = stormy(seed, true);
        for name in ["at-most-once", "answered"] {
            assert_eq!(broken(&run, name), None, "seed {seed}");
        }
        assert_eq!(
            probe(run.world(), "applied-twice"),
            Some(0.0),
            "seed {seed}"
        );
    }
}

#[test]
fn forgetting_request_ids_breaks_at_most_once() {
    let broken = (0..SEEDS).filter(|seed| broken(&stormy(*seed, false), "at-most-once").is_some());
    assert!(broken.count() > SEEDS as usize / 2);
}

#[test]
fn colours_flap_until_somebody_decides() {
    for seed in 0..SEEDS {
        let flapping = play(&recipe("paint-one-colour", seed, &[], &[]), seconds(15));
        let settled = play(&recipe("paint-one-colour", seed, &[], &[]), seconds(20));
        let later = play(&recipe("paint-one-colour", seed, &[], &[]), seconds(30));
        let repaints = |run: &Timeline| probe(run.world(), "repaints").unwrap();
        assert!(repaints(&flapping) > 30.0, "seed {seed}");
        assert_eq!(probe(settled.world(), "colours"), Some(1.0), "seed {seed}");
        assert_eq!(
            repaints(&settled),
            repaints(&later),
            "nothing changes any more"
        );
        // The next in line decides when the first is down, and all of them know.
        let crash = ["20s crash n1"];
        let run = play(&recipe("paint-one-colour", seed, &[], &crash), seconds(30));
        assert_eq!(probe(run.world(), "colours"), Some(1.0), "seed {seed}");
    }
}

/// Schedules of removed and crashed servers, doubled and lost messages: a request costs its tries and no
/// more, each after a longer wait, and every request ends.
#[test]
fn a_request_costs_its_tries_and_no_more() {
    let tries = 1 + 2;
    for seed in 0..24 {
        let faults = [
            "1s duplication 0.4",
            "1s loss 0.2",
            "2s remove n1",
            "3s crash n2",
            "8s recover n2",
            "8s crash n3",
            "9s recover n3",
            "15s crash n6",
            "16s recover n6",
        ];
        let params = [("every", "300")];
        let run = play(&recipe("hello", seed, &params, &faults), seconds(60));
        let mut sent: BTreeMap<String, Vec<Time>> = BTreeMap::new();
        for record in run.trace().records() {
            if let Event::Sent {
                kind: "ASK",
                message,
                ..
            } = &record.event
            {
                let id = message.0.json()["ASK"]["id"].to_string();
                sent.entry(id).or_default().push(record.time);
            }
        }
        assert!(sent.len() > 100, "seed {seed}: {}", sent.len());
        for (id, times) in &sent {
            assert!(times.len() <= tries, "seed {seed}: {id} at {times:?}");
            let waits: Vec<Duration> = times.windows(2).map(|w| w[1].since(w[0])).collect();
            for (wait, (least, most)) in waits.iter().zip([(2_500, 2_500), (2_500, 5_000)]) {
                let bounds = Duration::millis(least)..=Duration::millis(most);
                assert!(bounds.contains(wait), "seed {seed}: {id} at {times:?}");
            }
        }
        // 1 + 2 + 4 times the wait of 2.5 s, at most.
        let longest = Duration::millis(17_500);
        let old = node(&run, 6).calls.open.keys().filter(|number| {
            let id = format!("\"n6:{number}\"");
            sent[&id][0] + longest < seconds(60)
        });
        assert_eq!(old.count(), 0, "seed {seed}");
    }
}

/// The answer that counts a request twice is marked, with what it should have been.
#[test]
fn an_answer_that_counts_twice_is_wrong() {
    let answers = |scenario: &str| {
        let frame = play(&recipe(scenario, 1, &[], &[]), seconds(15)).frame();
        let wrong = |one: &faultline_sim::frame::OperationFrame| one.wrong.clone();
        let said: Vec<String> = frame
            .operations
            .iter()
            .filter_map(wrong)
            .map(|said| said.to_string())
            .collect();
        said
    };
    let said = "n1 answered 2 instead of 1: it applied the request twice.";
    assert_eq!(answers("retry-applied-twice"), [said]);
    assert_eq!(answers("retry-applied-once"), [] as [&str; 0]);
}
