//! The listing's facts and the textbook's, on any number of nodes.

use std::collections::BTreeMap;

use faultline_sim::sorted::SortedMap;

use faultline_sim::command::Timed;
use faultline_sim::descriptor::Recipe;
use faultline_sim::frame::{Light, VerdictFrame};
use faultline_sim::process::NodeId;
use faultline_sim::time::Time;
use faultline_sim::timeline::Timeline;

use super::Bully;
use crate::CATALOGUE;

struct Outcome {
    sent: SortedMap<&'static str, u64>,
    probes: BTreeMap<&'static str, f64>,
    leaders: Vec<Option<u32>>,
    broken: Vec<&'static str>,
    end: Time,
}

fn run(preset: &str, params: &[(&str, String)], commands: &[&str]) -> Outcome {
    run_until(preset, params, commands, Time(10_000_000))
}

fn run_until(preset: &str, params: &[(&str, String)], commands: &[&str], end: Time) -> Outcome {
    let mut recipe = Recipe::new("bully", 1);
    recipe.preset = Some(preset.into());
    recipe.params = params
        .iter()
        .map(|(k, v)| ((*k).to_owned(), v.clone()))
        .collect();
    recipe.commands = commands
        .iter()
        .map(|c| Timed::parse(c).unwrap().to_string())
        .collect();
    let mut run = Timeline::new(CATALOGUE.setup(&recipe).unwrap()).unwrap();
    assert!(run.run_until(end, u64::MAX), "{:?}", run.world().halted());
    let world = run.world();
    let leader = |id: NodeId| {
        world
            .node::<Bully>(id)
            .unwrap()
            .leader
            .map(|leader| leader.0)
    };
    let broken = world.verdicts(true).into_iter();
    Outcome {
        sent: world.sent().clone(),
        probes: world
            .probes()
            .filter_map(|(spec, v)| Some((spec.name, v?)))
            .collect(),
        leaders: world.live().map(leader).collect(),
        broken: broken
            .filter(|v| matches!(v.light, Light::Broken { .. }))
            .map(|v| v.name)
            .collect(),
        end: run.now(),
    }
}

fn cluster(nodes: u32, starter: u32, crashed: &str) -> Vec<(&'static str, String)> {
    vec![
        ("nodes", nodes.to_string()),
        ("starter", starter.to_string()),
        ("crashed", crashed.to_owned()),
    ]
}

fn count(outcome: &Outcome, kind: &str) -> u64 {
    outcome.sent.get(kind).copied().unwrap_or(0)
}

/// S-BUL1: k nodes above the starter, all alive: 2^k elections.
#[test]
fn as_written_elections_double_with_every_higher_node() {
    for nodes in 1..=11u32 {
        for starter in 1..=nodes {
            let k = nodes - starter;
            let out = run("as-written", &cluster(nodes, starter, ""), &[]);
            let claims = if k == 0 { 1 } else { 1u64 << (k - 1) };
            let what = format!("{nodes} nodes, starter {starter}");
            assert_eq!(out.probes["elections"], (1u64 << k) as f64, "{what}");
            assert_eq!(count(&out, "ELECTION"), (1 << k) - 1, "{what}");
            assert_eq!(count(&out, "OK"), (1 << k) - 1, "{what}");
            assert_eq!(out.probes["claims"], claims as f64, "{what}");
            assert_eq!(
                count(&out, "LEADER"),
                u64::from(nodes - 1) * claims,
                "{what}"
            );
            assert!(
                out.leaders.iter().all(|l| *l == Some(nodes)),
                "{what}: {:?}",
                out.leaders
            );
            assert!(out.broken.is_empty(), "{what}: {:?}", out.broken);
        }
    }
}

/// Row L1: 62 messages among five nodes, 318 among seven.
#[test]
fn the_numbers_every_class_guesses() {
    let total = |n, starter| run("as-written", &cluster(n, starter, ""), &[]).probes["messages"];
    assert_eq!((total(5, 1), total(5, 2), total(5, 5)), (62.0, 30.0, 4.0));
    assert_eq!(total(7, 1), 318.0);
    let guarded = |n| run("guarded", &cluster(n, 1, ""), &[]).probes["messages"];
    assert_eq!((guarded(5), guarded(7)), (24.0, 48.0));
}

/// Several starters run one after another: the counts add up.
#[test]
fn several_starters_add_up() {
    let params = [("nodes", "6".to_owned()), ("starter", "1,3,6".to_owned())];
    let out = run("as-written", &params, &[]);
    assert_eq!(out.probes["elections"], f64::from(32 + 8 + 1));
    assert_eq!(count(&out, "LEADER"), 5 * (16 + 4 + 1));
    assert!(out.leaders.iter().all(|l| *l == Some(6)));
}

/// S-BUL2: the highest node is down.
#[test]
fn as_written_with_the_highest_dead() {
    for (starter, elections, asked, ok) in [(1, 5.0, 12, 7), (2, 3.0, 6, 3), (4, 1.0, 1, 0)] {
        let out = run("as-written", &cluster(5, starter, "5"), &[]);
        assert_eq!(out.probes["elections"], elections, "starter {starter}");
        let sent = (
            count(&out, "ELECTION"),
            count(&out, "OK"),
            count(&out, "LEADER"),
        );
        assert_eq!(sent, (asked, ok, 4), "starter {starter}");
        // A node that neither asked nor was asked knows nothing, but LEADER goes to all.
        assert_eq!(out.leaders, vec![Some(4); 4]);
    }
}

/// Row L1b: with all higher nodes down it takes the timeout, 1000 ms, until a node leads.
#[test]
fn the_claim_comes_after_one_second() {
    let early = run_until("as-written", &cluster(5, 4, "5"), &[], Time(999_999));
    assert_eq!(early.leaders, vec![None; 4]);
    let late = run_until("as-written", &cluster(5, 4, "5"), &[], Time(1_000_000));
    assert_eq!(
        (late.leaders, late.end),
        (vec![Some(4); 4], Time(1_000_000))
    );
}

/// The event after which node `n` has answered its first OK.
fn first_ok(nodes: u32, starter: u32) -> u64 {
    let mut recipe = Recipe::new("bully", 1);
    recipe.preset = Some("as-written".into());
    recipe.params = cluster(nodes, starter, "")
        .into_iter()
        .map(|(k, v)| (k.to_owned(), v))
        .collect();
    let mut run = Timeline::new(CATALOGUE.setup(&recipe).unwrap()).unwrap();
    let answered = |run: &Timeline| {
        run.world()
            .in_flight()
            .iter()
            .any(|message| message.from == NodeId(nodes))
    };
    while !answered(&run) {
        assert!(run.step());
    }
    run.world().events()
}

/// S-BUL3: the highest answers OK, then crashes before announcing. No node ever leads, unless askers
/// wait for the announcement.
#[test]
fn a_promise_that_is_not_kept_leaves_nobody_in_charge() {
    for nodes in [3, 5, 6, 9] {
        let starter = nodes - 1;
        let crash = format!("@{} crash n{nodes}", first_ok(nodes, starter));
        let params = cluster(nodes, starter, "");
        let out = run("as-written", &params, &[&crash]);
        assert_eq!(out.leaders, vec![None; nodes as usize - 1], "{nodes} nodes");
        assert_eq!(out.broken, ["agreement"]);
        let mended = [crash.as_str(), "0s switch wait=on"];
        let out = run_until("as-written", &params, &mended, Time(20_000_000));
        assert_eq!(
            out.leaders,
            vec![Some(nodes - 1); nodes as usize - 1],
            "{nodes} nodes"
        );
    }
}

/// E-BULT: ELECTION and OK k(k+1)/2 each; with the top down, no OK from it.
#[test]
fn textbook_counts_are_quadratic() {
    for nodes in 2..=9u32 {
        for starter in 1..=nodes {
            let k = u64::from(nodes - starter);
            let out = run("textbook", &cluster(nodes, starter, ""), &[]);
            let sent = (
                count(&out, "ELECTION"),
                count(&out, "OK"),
                count(&out, "COORDINATOR"),
            );
            let triangle = k * (k + 1) / 2;
            assert_eq!(
                sent,
                (triangle, triangle, u64::from(nodes) - 1),
                "{nodes}, {starter}"
            );
            assert!(out.leaders.iter().all(|l| *l == Some(nodes)));
            if starter < nodes {
                let out = run(
                    "textbook",
                    &cluster(nodes, starter, &nodes.to_string()),
                    &[],
                );
                let sent = (
                    count(&out, "ELECTION"),
                    count(&out, "OK"),
                    count(&out, "COORDINATOR"),
                );
                let expected = (triangle, triangle - k, u64::from(nodes) - 2);
                assert_eq!(sent, expected, "{nodes} nodes, {starter} starts, top dead");
                assert!(out.leaders.iter().all(|l| *l == Some(nodes - 1)));
            }
        }
    }
}

/// E-BULW: n^2 - 1 messages when the lowest starts and all live, n^2 - n - 1 with the top down.
#[test]
fn the_worst_case_of_the_textbook() {
    for n in 3..=12u32 {
        let all = run("textbook", &cluster(n, 1, ""), &[]).probes["messages"];
        let dead = run("textbook", &cluster(n, 1, &n.to_string()), &[]).probes["messages"];
        assert_eq!(
            (all, dead),
            (f64::from(n * n - 1), f64::from(n * n - n - 1)),
            "{n} nodes"
        );
    }
}

/// E-BULB: the second highest notices: n - 2 announcements and one unanswered question.
#[test]
fn the_best_case_of_the_textbook() {
    for n in 3..=12u32 {
        let out = run("textbook", &cluster(n, n - 1, &n.to_string()), &[]);
        let sent = (
            count(&out, "ELECTION"),
            count(&out, "OK"),
            count(&out, "COORDINATOR"),
        );
        assert_eq!(sent, (1, 0, u64::from(n) - 2));
    }
}

/// Asking the highest first costs one question and one answer when it is alive.
#[test]
fn asking_the_highest_first_saves_messages() {
    let on = "0s switch ask-highest-first=on";
    let out = run("textbook", &cluster(7, 1, ""), &[on]);
    let sent = (
        count(&out, "ELECTION"),
        count(&out, "OK"),
        count(&out, "COORDINATOR"),
    );
    assert_eq!(sent, (1, 1, 6));
    let out = run("textbook", &cluster(7, 1, "7,6"), &[on]);
    assert_eq!(
        (count(&out, "ELECTION"), out.leaders[0]),
        (3 + 2, Some(5)),
        "5 asks 7 and 6 too"
    );
}

/// Garcia-Molina's point: a failed leader is replaced, and gets its office back.
#[test]
fn a_dead_leader_is_noticed_and_bullies_its_way_back() {
    let params = [("starter", "5".to_owned())];
    let crash = "3s crash n5";
    let out = run_until("self-healing", &params, &[crash], Time(12_000_000));
    assert_eq!(out.leaders, vec![Some(4); 4]);
    assert!(
        out.probes["gap"] > 2.0 && out.probes["gap"] < 6.0,
        "{}",
        out.probes["gap"]
    );
    let back = [crash, "12s recover n5"];
    let out = run_until("self-healing", &params, &back, Time(20_000_000));
    assert_eq!((out.leaders, out.broken), (vec![Some(5); 5], vec![]));
}

/// Without detection no node notices; row L1f: a person tells one to notice.
#[test]
fn somebody_must_notice() {
    let crash = "2s crash n5";
    let out = run("as-written", &cluster(5, 1, ""), &[crash]);
    assert_eq!(
        (out.leaders.as_slice(), out.broken[0]),
        (&[Some(5); 4][..], "agreement")
    );
    let out = run(
        "as-written",
        &cluster(5, 1, ""),
        &[crash, "3s request n3 \"Notice\""],
    );
    assert_eq!(out.leaders, vec![Some(4); 4]);
}

/// A split makes two leaders; after the heal the lower one steps down.
#[test]
fn a_split_makes_two_leaders_until_it_heals() {
    let params = [("starter", "5".to_owned())];
    let split = ["3s partition n1,n2|n3,n4,n5", "16s heal"];
    let out = run_until("self-healing", &params, &split[..1], Time(15_000_000));
    assert_eq!(out.leaders, [Some(2), Some(2), Some(5), Some(5), Some(5)]);
    assert_eq!(out.probes["leaders"], 2.0);
    let out = run_until("self-healing", &params, &split, Time(30_000_000));
    // What was broken stays said.
    let said = vec!["one-leader"];
    assert_eq!((out.leaders, out.broken), (vec![Some(5); 5], said));
}

/// The reason for which the law `one-leader` broke, if it did.
fn two_lead(preset: &str, seed: u64, params: &[(&str, &str)], commands: &[&str]) -> Option<String> {
    let mut recipe = Recipe::new("bully/one-election", seed);
    recipe.preset = Some(preset.to_owned());
    for (name, value) in params {
        recipe
            .params
            .insert((*name).to_owned(), (*value).to_owned());
    }
    recipe.commands = commands.iter().map(|c| (*c).to_owned()).collect();
    let mut run = Timeline::new(CATALOGUE.setup(&recipe).unwrap()).unwrap();
    assert!(run.run_until(Time(40_000_000), u64::MAX));
    let verdicts = run.world().verdicts(false).into_iter();
    let broken = |light| match light {
        Light::Broken { reason, .. } => Some(reason),
        _ => None,
    };
    let law = |verdict: &VerdictFrame| verdict.name == "one-leader";
    verdicts
        .filter(law)
        .find_map(|verdict| broken(verdict.light))
}

/// Without faults there is one leader, however many nodes start; and the highest may crash and come
/// back: for a moment two lead then, until the old one's word has arrived.
#[test]
fn one_leader_at_a_time_without_a_partition() {
    for seed in 1..=20 {
        for preset in ["as-written", "textbook", "self-healing"] {
            for (nodes, starter) in [
                ("1", "1"),
                ("3", "2"),
                ("5", "1,3,5"),
                ("7", "1,2,3,4,5,6,7"),
            ] {
                let params = [("nodes", nodes), ("starter", starter)];
                assert_eq!(
                    two_lead(preset, seed, &params, &[]),
                    None,
                    "{preset} {params:?}"
                );
            }
        }
        let comes_back = [
            "5s crash n5",
            "5s crash n4",
            "12s recover n4",
            "12400ms recover n5",
        ];
        for preset in ["textbook", "self-healing"] {
            let two = two_lead(preset, seed, &[("starter", "5")], &comes_back);
            assert_eq!(two, None, "{preset}, seed {seed}");
        }
    }
}

/// A partition leaves a leader on each side, and nothing tells the lower one.
#[test]
fn a_partition_breaks_one_leader() {
    let split = "5s partition n1,n2|n3,n4,n5";
    let both = Some("Nodes 2 and 5 both lead".to_owned());
    let start = [("starter", "5")];
    assert_eq!(two_lead("self-healing", 1, &start, &[split]), both);
    let asked = [split, "6s request n1 \"Start\""];
    assert_eq!(two_lead("as-written", 1, &start, &asked), both);
    assert_eq!(two_lead("textbook", 1, &start, &asked), both);
    let three = ["5s partition n1|n2,n3|n4,n5"];
    let all = Some("Nodes 1, 3 and 5 all lead".to_owned());
    let two = two_lead("self-healing", 1, &start, &three);
    assert!(two == all || two.is_some_and(|two| two.ends_with("both lead")));
}

/// What a person reads while calls are under way, and what the leader's label counts.
#[test]
fn each_call_is_told() {
    let recipe = Recipe::new("bully/one-election", 1);
    let mut run = Timeline::new(CATALOGUE.setup(&recipe).unwrap()).unwrap();
    let (mut told, mut labels) = (Vec::new(), Vec::new());
    while run.step() {
        told.extend(super::figures::narrate(run.world()));
        labels.push(run.world().node_frame(NodeId(5)).label);
    }
    let says = |start: &str| told.iter().filter(|said| said.starts_with(start)).count();
    assert_eq!(says("Node 1 asks node 2 to take over."), 1);
    assert!(says("Node 2 asks node 5, although 5 already leads.") > 0);
    assert!(says("Node 5 tells node 4 again that it leads.") > 0);
    assert_eq!(labels.last().unwrap(), "Leader (8th time)");
    let last = told.last().unwrap();
    assert_eq!(last, "Node 5 leads, and every live node follows it.");
    let promise = Recipe::new("bully/dies-after-ok", 1);
    let mut run = Timeline::new(CATALOGUE.setup(&promise).unwrap()).unwrap();
    assert!(run.run_until(Time(5_000_000), u64::MAX));
    let said = super::figures::narrate(run.world()).unwrap();
    assert!(said.starts_with("Node 4 got an OK and waits"), "{said}");
}
