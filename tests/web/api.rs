//! The JavaScript API, and the same hashes as in native tests.

use std::collections::BTreeMap;

use faultline_protocols::CATALOGUE;
use faultline_web::api::Simulation;
use serde_json::{Value as Json, json};
use wasm_bindgen::{JsError, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

fn js(value: &Json) -> JsValue {
    use serde::Serialize;
    value
        .serialize(&serde_wasm_bindgen::Serializer::json_compatible())
        .unwrap()
}

fn json(value: Result<JsValue, JsError>) -> Json {
    serde_wasm_bindgen::from_value(value.expect("a value")).unwrap()
}

fn start(scenario: &str, options: &Json) -> Simulation {
    Simulation::new(scenario, js(options)).expect("a simulation")
}

/// The message of an error.
fn sentence<T>(result: Result<T, JsError>) -> String {
    let error: JsValue = result.err().expect("an error").into();
    js_sys::Error::from(error).message().into()
}

/// The leader according to most nodes.
fn leader(run: &mut Simulation) -> Option<u64> {
    let frame = json(run.frame());
    let mut votes = BTreeMap::<u64, u32>::new();
    for node in frame["nodes"].as_array().unwrap() {
        if let (Some(leader), "up") = (node["beliefs"]["leader"].as_u64(), life(node)) {
            *votes.entry(leader).or_default() += 1;
        }
    }
    votes
        .into_iter()
        .max_by_key(|(_, votes)| *votes)
        .map(|(leader, _)| leader)
}

fn life(node: &Json) -> &str {
    node["life"].as_str().unwrap_or("not up")
}

#[wasm_bindgen_test]
fn a_crashed_leader_is_followed_by_another() {
    let story = || {
        let mut run = start("bully/kill-the-leader", &json!({"seed": 7}));
        assert!(run.run_until(5_000_000.0).unwrap());
        let first = leader(&mut run).expect("a leader after five seconds");
        let applied = json(run.apply(js(&json!(format!("crash n{first}")))));
        assert_eq!(applied, json!({"missed": null, "forked": false}));
        assert!(run.run_until(30_000_000.0).unwrap());
        assert_eq!(run.now(), 30_000_000.0);
        let second = leader(&mut run).expect("a leader again");
        assert_ne!(first, second);
        (first, run)
    };
    let ((first, mut run), (_, again)) = (story(), story());
    let hash = run.hash();
    assert_eq!(
        (hash.len(), &hash),
        (16, &again.hash()),
        "the same run, the same hash"
    );

    let recipe = json(run.recipe());
    assert_eq!(recipe["seed"], "7");
    let command = recipe["commands"][0].as_str().unwrap();
    assert!(command.ends_with(&format!("crash n{first}")), "{command}");
    let mut copy = start("bully/kill-the-leader", &recipe);
    assert!(copy.run_until(30_000_000.0).unwrap());
    assert_eq!(copy.hash(), hash, "a recipe makes the run again");

    let trace = json(run.trace());
    let trace = trace.as_array().unwrap();
    assert!(
        trace
            .iter()
            .enumerate()
            .all(|(i, record)| record["seq"] == i + 1)
    );
    assert!(
        trace
            .iter()
            .any(|record| record["event"] == "crashed" && record["node"] == first)
    );
    assert_eq!(
        trace.len() as u64,
        json(run.frame())["records"].as_u64().unwrap()
    );
}

#[wasm_bindgen_test]
fn time_runs_both_ways() {
    let mut run = start("cluster", &json!({"seed": 3}));
    run.run_until(2_000_000.0).unwrap();
    let (trace, state) = (run.hash(), run.state_hash());
    assert!(run.step());
    assert_ne!(run.hash(), trace);
    assert!(run.step_back());
    assert_eq!(run.hash(), trace);
    run.seek(500_000.0).unwrap();
    run.seek(2_000_000.0).unwrap();
    assert_eq!((run.hash(), run.state_hash()), (trace, state));
}

#[wasm_bindgen_test]
fn a_command_may_wait_for_its_time() {
    let forms = [
        json!("1s crash n2"),
        json!({"at_us": 1_000_000, "do": "crash n2"}),
    ];
    let hashes = forms.map(|form| {
        let mut run = start("cluster", &json!({"seed": "11"}));
        json(run.apply(js(&form)));
        run.run_until(999_999.0).unwrap();
        assert_eq!(life(&json(run.frame())["nodes"][1]), "up");
        run.run_until(1_500_000.0).unwrap();
        let node = &json(run.frame())["nodes"][1];
        assert_eq!(node["life"], json!({"down": {"since": 1_000_000}}));
        run.hash()
    });
    assert_eq!(hashes[0], hashes[1]);
}

#[wasm_bindgen_test]
fn wrong_input_is_answered_with_one_sentence() {
    let wrong = |scenario: &str, options: Json| sentence(Simulation::new(scenario, js(&options)));
    assert!(wrong("buly", Json::Null).contains("did you mean bully?"));
    assert!(wrong("bully", json!({"sed": 1})).contains("did you mean seed"));
    assert!(wrong("bully", json!({"seed": -1})).contains("not a whole number"));
    assert!(wrong("bully", json!({"params": {"nods": 5}})).contains("did you mean nodes"));
    assert!(wrong("bully", json!({"params": {"nodes": 0}})).contains("must lie between"));
    let mut run = start("bully", &Json::Null);
    assert!(sentence(run.apply("crsh n2".into())).contains("did you mean crash"));
    assert!(sentence(run.apply("set nods=3".into())).contains("nods"));
    assert!(sentence(run.run_until(0.5)).contains("whole microseconds"));
    run.run_until(1_000_000.0).unwrap();
    assert!(sentence(run.run_until(10.0)).contains("use seek"));
    assert!(sentence(run.apply("0.5s heal".into())).contains("past"));
}

#[wasm_bindgen_test]
fn the_catalogue_is_listed() {
    let list = json(Simulation::list());
    let ids: Vec<&str> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|p| p["id"].as_str().unwrap())
        .collect();
    assert_eq!(ids, CATALOGUE.0.iter().map(|p| p.id).collect::<Vec<_>>());
    assert!(list[0]["scenarios"][0]["title"].is_string());
}

/// These hashes are also checked natively: the browser must give the same ones.
#[wasm_bindgen_test]
fn every_scenario_has_the_hash_it_has_natively() {
    let table: BTreeMap<String, String> =
        serde_json::from_str(include_str!("../../crates/protocols/tests/hashes.json")).unwrap();
    assert!(!table.is_empty());
    let mut wrong = Vec::new();
    for (key, expected) in &table {
        let (name, seed) = key.split_once('@').unwrap();
        let (_, scenario) = CATALOGUE.find(name).unwrap();
        let mut run = start(name, &json!({"seed": seed}));
        run.run_until(scenario.until.0 as f64).unwrap();
        if run.hash() != *expected {
            wrong.push(format!("{key}: {} instead of {expected}", run.hash()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Ten minutes of an hour-long lesson: the past stays within its budget, and nothing is lost.
#[wasm_bindgen_test]
fn a_long_past_stays_small_and_whole() {
    let early = |run: &mut Simulation| {
        run.seek(7_000_000.0).unwrap();
        run.state_hash()
    };
    let mut run = start("raft/service-of-three", &json!({}));
    assert!(run.run_until(8_000_000.0).unwrap());
    let before = early(&mut run);
    for minute in 1..=10 {
        assert!(run.run_until(f64::from(minute) * 60e6).unwrap());
        let bytes = run.history_bytes();
        assert!(0.0 < bytes && bytes < 64.0 * 1024.0 * 1024.0, "{bytes}");
    }
    assert_eq!(early(&mut run), before);
}
