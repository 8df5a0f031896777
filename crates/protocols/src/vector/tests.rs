//! The curriculum's facts, the textbook's figure, random runs, the missing copy and causal delivery.

use std::fs;
use std::path::Path;

use faultline_sim::event::Event;
use faultline_sim::frame::{Figure, Tone};
use faultline_sim::process::NodeId;
use faultline_sim::stamps::Order;
use faultline_sim::time::Time;
use faultline_sim::timeline::Timeline;

use super::causal::{Standing, standing};
use super::compare;
use crate::clocks::replay::{
    self, Played, broken, member, parts, play, probe, runs, scenario, seeded,
};
use crate::clocks::{Clock, EventKind, Letter};

const SECOND: u64 = 1_000_000;

fn run(name: &str) -> Timeline {
    scenario(&format!("vector/{name}"), &[], &[], Time(8 * SECOND))
}

/// The clocks of n1, n2 and n3, and how they lie: 1 to 2, 1 to 3, 2 to 3.
fn all(run: &Timeline) -> ([&[u64]; 3], [Order; 3]) {
    let clocks = [1, 2, 3].map(|id| parts(run, id));
    let [a, b, c] = clocks;
    (clocks, [compare(a, b), compare(a, c), compare(b, c)])
}

/// S-VC1: the curriculum's program, as it prints.
#[test]
fn the_curriculums_program_as_written() {
    let end = run("demo");
    let relations = [Order::Concurrent, Order::After, Order::Concurrent];
    assert_eq!(
        all(&end),
        ([&[2, 0, 2][..], &[1, 2, 0], &[0, 0, 2]], relations)
    );
    // Row L2: each chip on the way.
    let at = |ms: u64| scenario("vector/demo", &[], &[], Time(ms * 1000));
    assert_eq!(all(&at(400)).0, [[0, 0, 0]; 3]);
    assert_eq!(all(&at(900)).0, [[1, 0, 0], [0, 0, 0], [0, 0, 0]]);
    assert_eq!(all(&at(2_000)).0, [[1, 0, 0], [1, 1, 0], [0, 0, 0]]);
    assert_eq!(all(&at(2_500)).0, [[1, 0, 0], [1, 2, 0], [0, 0, 0]]);
    assert_eq!(all(&at(3_300)).0, [[1, 0, 0], [1, 2, 0], [0, 0, 2]]);
    for seed in 0..50 {
        let other = seeded("vector/demo", seed, &[], &[], Time(8 * SECOND));
        assert_eq!(all(&other), all(&end), "seed {seed}");
        assert_eq!(broken(&other), []);
    }
    let told = end.world().node_frame(NodeId(1)).inside.unwrap();
    assert_eq!(told.as_str(), "[2 0 2]");
}

/// S-VC2: the same acts with the textbook's rule.
#[test]
fn the_same_acts_where_sending_ticks() {
    let end = run("sending-ticks");
    let relations = [Order::Concurrent, Order::After, Order::Concurrent];
    assert_eq!(
        all(&end),
        ([&[3, 0, 3][..], &[2, 2, 0], &[0, 0, 3]], relations)
    );
    let story = end.frame_narration();
    assert!(
        story.contains("node 1 is after node 3") && story.contains("Nodes 1 and 2 are concurrent")
    );
    // One switch is all that lies between the two.
    let on = [("send-ticks", true)];
    assert_eq!(
        all(&scenario("vector/demo", &on, &[], Time(8 * SECOND))),
        all(&end)
    );
}

trait Narration {
    fn frame_narration(&self) -> String;
}

impl Narration for Timeline {
    fn frame_narration(&self) -> String {
        super::figures::narrate(self.world()).unwrap_or_default()
    }
}

/// Coulouris et al., figure 14.7.
#[test]
fn the_textbook_figure() {
    let run = run("textbook-figure");
    let stamps = |id: u32| -> Vec<Vec<u64>> {
        member(&run, id)
            .latest
            .iter()
            .map(|event| event.stamp.parts().to_vec())
            .collect()
    };
    let (first, second, third) = (stamps(1), stamps(2), stamps(3));
    assert_eq!(first, [[1, 0, 0], [2, 0, 0]]);
    assert_eq!(second, [[2, 1, 0], [2, 2, 0]]);
    assert_eq!(third, [[0, 0, 1], [2, 2, 2]]);
    for other in first.iter().chain(&second) {
        assert_eq!(compare(&third[0], other), Order::Concurrent);
        assert_eq!(compare(other, &third[1]), Order::Before);
    }
    assert_eq!(compare(&third[0], &third[1]), Order::Before);
    assert_eq!(probe(&run, "conc"), 4.0);
}

fn relation(word: &str) -> Order {
    match word {
        "before" => Order::Before,
        "after" => Order::After,
        "concurrent" => Order::Concurrent,
        _ => Order::Same,
    }
}

#[test]
fn four_answers_of_a_comparison() {
    let facts: [([u64; 3], [u64; 3], &str); 6] = [
        ([1, 0, 0], [1, 0, 0], "equal"),
        ([1, 0, 0], [2, 0, 0], "before"),
        ([2, 1, 0], [1, 1, 0], "after"),
        ([2, 0, 0], [0, 0, 1], "concurrent"),
        ([2, 0, 2], [1, 2, 0], "concurrent"),
        ([0, 0, 0], [0, 0, 1], "before"),
    ];
    for (a, b, word) in facts {
        assert_eq!(compare(&a, &b), relation(word), "{a:?} {b:?}");
        // The kernel's own comparison says the same.
        let kernel = |v: [u64; 3]| (1..).zip(v).collect::<faultline_sim::stamps::Vector>();
        assert_eq!(
            faultline_sim::stamps::compare(&kernel(a), &kernel(b)),
            relation(word)
        );
    }
    assert_eq!(
        compare(&[1], &[1, 0, 2]),
        Order::Before,
        "missing parts are zero"
    );
}

#[test]
fn random_runs_get_the_stamps_that_reachability_gives() {
    for run in runs() {
        let Played {
            stamps,
            timeline: played,
            ..
        } = play("vector", &run);
        let (mut ordered, mut concurrent) = (0, 0);
        for (i, event) in run.events.iter().enumerate() {
            assert_eq!(stamps[i], Clock::Vector(event.vector.clone()), "event {i}");
            for earlier in &stamps[..i] {
                match compare(earlier.parts(), stamps[i].parts()) {
                    Order::Before => ordered += 1,
                    Order::Concurrent => concurrent += 1,
                    other => panic!("an earlier event is {other:?}"),
                }
            }
        }
        assert_eq!((ordered, concurrent), (run.happened_before, run.concurrent));
        assert_eq!(probe(&played, "conc"), run.concurrent as f64);
        assert_eq!(broken(&played), []);
    }
}

/// The kernel stamps every record, the protocol its events only: they put the events in one order.
#[test]
fn the_kernels_own_vectors_order_these_events_alike() {
    for run in runs() {
        let mut played = play("vector", &run);
        let records = played.timeline.window(1, u64::MAX);
        let kernel = faultline_sim::stamps::vectors(&records);
        let of = |event: usize| &kernel[played.records[event] as usize - 1];
        for b in 0..run.events.len() {
            for a in 0..b {
                let own = compare(played.stamps[a].parts(), played.stamps[b].parts());
                let theirs = faultline_sim::stamps::compare(of(a), of(b));
                assert_eq!(own, theirs, "events {a} and {b}");
            }
        }
    }
}

/// The condensed runs are those of the oracle, where that lies beside the project.
#[test]
fn condensed_runs_are_the_oracles() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/oracle/vectors");
    let read = |name: &str| -> Option<Vec<serde_json::Value>> {
        serde_json::from_str(&fs::read_to_string(folder.join(name)).ok()?).ok()
    };
    let numbers = |json: &serde_json::Value| -> Vec<u64> {
        json.as_array()
            .unwrap()
            .iter()
            .map(|n| n.as_u64().unwrap())
            .collect()
    };
    let (Some(clocks), Some(pairs)) = (read("logical_clocks.json"), read("vector_compare.json"))
    else {
        println!("skipped: no oracle beside the project");
        return;
    };
    let condensed = runs();
    assert_eq!(condensed.len(), clocks.len());
    for (own, theirs) in condensed.iter().zip(&clocks) {
        let events = theirs["events"].as_array().unwrap();
        assert_eq!(own.events.len(), events.len());
        for (event, json) in own.events.iter().zip(events) {
            assert_eq!(u64::from(event.node.0), json["p"].as_u64().unwrap() + 1);
            assert_eq!(event.number, json["lamport"]);
            assert_eq!(event.vector, numbers(&json["vector"]));
        }
    }
    for pair in &pairs {
        let word = pair["relation"].as_str().unwrap();
        assert_eq!(
            compare(&numbers(&pair["a"]), &numbers(&pair["b"])),
            relation(word)
        );
    }
}

/// Row L2b: max, then plus one, shown part by part.
#[test]
fn the_rule_is_shown_step_by_step() {
    let run = run("demo");
    let merge = member(&run, 1).merge.as_ref().unwrap();
    let step = [&merge.own, &merge.message, &merge.larger, &merge.after].map(Clock::parts);
    assert_eq!(step, [[1, 0, 0], [0, 0, 2], [1, 0, 2], [2, 0, 2]]);
    let frame = run.world().node_frame(NodeId(1));
    let tables: Vec<String> = frame
        .figures
        .iter()
        .map(|f| f.to_table().to_text())
        .collect();
    let steps = "part | own | message | larger | plus one\nn1 (own) | 1 | 0 | 1 | 2\nn2 | 0 | 0 | 0 | \
                 0\nn3 | 0 | 2 | 2 | 2";
    assert!(tables.iter().any(|table| table == steps), "{tables:#?}");
    let notes: Vec<String> = run
        .trace()
        .records()
        .map(|record| record.event.to_string())
        .collect();
    let said = "accepts the message from n3: own clock [1 0 0], message [0 0 2], larger [1 0 2], \
                plus one [2 0 2]";
    assert!(notes.iter().any(|text| text.ends_with(said)));
}

/// Row L2d: what breaks without a copy.
#[test]
fn without_a_copy_a_message_changes_under_way() {
    let mut early = scenario("vector/forgot-to-copy", &[], &[], Time(900_000));
    let mut late = scenario("vector/forgot-to-copy", &[], &[], Time(1_600_000));
    let flying = |run: &mut Timeline| {
        let frame = run.frame();
        let message = frame.messages[0];
        (
            message.letter,
            run.world().message_text(message.address).unwrap(),
        )
    };
    assert_eq!(
        flying(&mut early),
        ("M", "DATA {stamp [2 0 0], number 1}".into())
    );
    assert_eq!(
        flying(&mut late),
        (
            "≠",
            "DATA {stamp [4 0 0], number 1, sent_as [2 0 0]}".into()
        )
    );
    let end = run("forgot-to-copy");
    assert_eq!(parts(&end, 2), [4, 1, 0]);
    let laws = broken(&end);
    assert_eq!(laws.len(), 1);
    assert_eq!(laws[0].0, "stamps");
    assert!(
        laws[0]
            .1
            .contains("event 4 of n1 came before it, but nothing led"),
        "{}",
        laws[0].1
    );
    // The record of the sending keeps the sent stamp; that of the delivery shows the received one.
    let told: Vec<String> = end
        .trace()
        .records()
        .filter(|r| matches!(r.event, Event::Sent { .. } | Event::Delivered { .. }))
        .map(|r| r.event.to_string())
        .collect();
    assert!(
        told[0].contains("[2 0 0]") && told[1].contains("[4 0 0]"),
        "{told:?}"
    );
    let mended = [("copy", true)];
    let run = scenario("vector/forgot-to-copy", &mended, &[], Time(8 * SECOND));
    assert_eq!((parts(&run, 2), broken(&run)), (&[2, 1, 0][..], vec![]));
}

fn texts(run: &Timeline, id: u32) -> Vec<String> {
    let takes = member(run, id)
        .latest
        .iter()
        .filter(|e| matches!(e.what, EventKind::Takes { .. }));
    takes.map(|event| event.text.clone()).collect()
}

#[test]
fn an_answer_is_taken_before_its_question_unless_it_waits() {
    let hasty = run("answer-before-question");
    assert_eq!(texts(&hasty, 3), ["the answer", "the question"]);
    assert_eq!(broken(&hasty)[0].0, "causes-first");
    assert_eq!(probe(&hasty, "too-early"), 1.0);

    let patient = run("question-first");
    assert_eq!(texts(&patient, 3), ["the question", "the answer"]);
    assert_eq!(
        (broken(&patient), probe(&patient, "too-early")),
        (vec![], 0.0)
    );

    // While it waits one can see it, and why.
    let waiting = scenario("vector/question-first", &[], &[], Time(2_500_000));
    assert_eq!(probe(&waiting, "waiting"), 1.0);
    let frame = waiting.world().node_frame(NodeId(3));
    assert_eq!(frame.tone, Tone::Busy);
    let rows = "waiting message | missing\nthe answer (from n2) | broadcast 1 from n1";
    assert!(frame.figures.iter().any(|f| f.to_table().to_text() == rows));
    assert!(
        waiting
            .frame_narration()
            .starts_with("Node 3 holds back a message")
    );
}

/// \[BSS\] 5.1, both conditions; and the extension to messages for one node.
#[test]
fn what_a_message_must_wait_for() {
    let letter = |from: u32, broadcast: bool, after: &[u64]| Letter {
        stamp: Clock::Vector(Vec::new()),
        number: 1,
        text: String::new(),
        after: after.to_vec(),
        sent_as: None,
        from: NodeId(from),
        broadcast,
    };
    let at_3 = |letter: &Letter, taken: &[u64]| standing(letter, taken, NodeId(3));
    assert_eq!(at_3(&letter(1, true, &[1]), &[]), Standing::Ready);
    assert_eq!(
        at_3(&letter(1, true, &[2]), &[]),
        Standing::Lacks(NodeId(1), 1)
    );
    assert_eq!(at_3(&letter(1, true, &[2]), &[1]), Standing::Ready);
    assert_eq!(
        at_3(&letter(2, true, &[1, 1]), &[0, 0]),
        Standing::Lacks(NodeId(1), 1)
    );
    assert_eq!(at_3(&letter(2, true, &[1, 1]), &[1, 0]), Standing::Ready);
    assert_eq!(at_3(&letter(2, true, &[1, 1]), &[1, 1]), Standing::Known);
    assert_eq!(
        at_3(&letter(2, false, &[1, 1]), &[1, 0]),
        Standing::Lacks(NodeId(2), 1)
    );
    assert_eq!(at_3(&letter(2, false, &[1, 1]), &[1, 1]), Standing::Ready);
    // A node always has its own broadcasts.
    assert_eq!(
        at_3(&letter(2, true, &[0, 1, 2]), &[0, 0, 2]),
        Standing::Ready
    );
}

/// Under uneven delays causes come late all the time; waiting mends it, and nothing else does.
#[test]
fn causal_delivery_under_jitter() {
    let mut hasty = 0;
    for seed in 0..20 {
        let end = Time(30 * SECOND);
        let run = seeded("vector/everybody-talks", seed, &[], &[], end);
        assert_eq!(
            (broken(&run), probe(&run, "too-early")),
            (vec![], 0.0),
            "seed {seed}"
        );
        let run = seeded(
            "vector/everybody-talks",
            seed,
            &[("causal", false)],
            &[],
            end,
        );
        hasty += u32::from(probe(&run, "too-early") > 0.0);
        let laws: Vec<&str> = broken(&run).iter().map(|(law, _)| *law).collect();
        assert_eq!(
            laws.contains(&"causes-first"),
            probe(&run, "too-early") > 0.0
        );
        assert!(!laws.contains(&"stamps"), "stamps still stay right");
    }
    assert!(hasty > 15, "{hasty} of 20");
}

#[test]
fn what_waits_survives_a_crash_and_a_copy_is_put_away() {
    let commands = [
        "2500ms crash n3",
        "2700ms recover n3",
        "1s duplicate n1->n2#1",
    ];
    let run = scenario("vector/question-first", &[], &commands, Time(8 * SECOND));
    assert_eq!(texts(&run, 3), ["the question", "the answer"]);
    assert_eq!(texts(&run, 2), ["the question"]);
    assert_eq!(broken(&run), []);
}

#[test]
fn any_number_of_nodes() {
    for nodes in [1, 2, 50] {
        let mut recipe = faultline_sim::descriptor::Recipe::new("vector/everybody-talks", 3);
        recipe.params.insert("nodes".into(), nodes.to_string());
        recipe.commands = vec![
            "2s add".into(),
            "3s request n1 {\"broadcast\":{\"text\":\"x\"}}".into(),
        ];
        let mut run = Timeline::new(crate::CATALOGUE.setup(&recipe).unwrap()).unwrap();
        assert!(run.run_until(Time(6 * SECOND), u64::MAX));
        assert_eq!(broken(&run), [], "{nodes} nodes");
        assert!(probe(&run, "events") > f64::from(nodes));
        assert!(
            run.world()
                .node::<crate::clocks::Member>(NodeId(nodes + 1))
                .is_some()
        );
        for id in run.world().ids() {
            let frame = run.world().node_frame(id);
            assert!(frame.label.chars().count() <= 20, "{}", frame.label);
            let own = |f: &Figure| matches!(f, Figure::Vector { own, .. } if *own == id.index());
            assert!(frame.figures.iter().any(own));
        }
    }
}

/// What scripts and the command line see.
#[test]
fn a_nodes_state_tells_its_clock() {
    let state = run("demo").world().state(NodeId(1));
    assert_eq!(state["clock"], serde_json::json!([2, 0, 2]));
    let number = scenario("lamport/counters-jump", &[], &[], Time(8 * SECOND));
    assert_eq!(
        number.world().state(NodeId(1))["clock"],
        serde_json::json!(7)
    );
    assert_eq!(replay::latest(number.world(), NodeId(3)), Clock::Number(5));
}
