//! The panels, each mounted alone with the data of a run.

use std::rc::Rc;

use faultline_protocols::CATALOGUE;
use faultline_sim::command::Command;
use faultline_sim::descriptor::Recipe;
use faultline_sim::frame::Frame;
use faultline_sim::process::NodeId;
use faultline_sim::time::Time;
use faultline_sim::timeline::Timeline;
use faultline_web::text::records::{self, Vocabulary};
use faultline_web::ui::panels::{
    EventLog, Inspector, Library, Probes, SettingsPanel, SettingsShown, Verdicts,
};
use faultline_web::ui::{ProtocolRef, Selection};
use js_sys::Reflect;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Element, EventTarget, HtmlElement, HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use crate::mounting::{button, find, heard, mount, text};
use crate::{rendered, until};

fn run() -> Timeline {
    let setup = CATALOGUE
        .setup(&Recipe::new("bully/kill-the-leader", 1))
        .unwrap();
    let mut timeline = Timeline::new(setup).unwrap();
    timeline.run_until(Time(3_000_000), u64::MAX);
    timeline
}

fn inspector(
    timeline: &Timeline,
    frame: Rc<Frame>,
    selection: Selection,
    on: Callback<Command>,
) -> Html {
    let protocol = timeline.setup().protocol;
    html! {
        <Inspector {selection} {frame} detail={None::<String>} on_command={on}
            requests={protocol.requests} kinds={protocol.kinds} />
    }
}

#[wasm_bindgen_test]
async fn the_inspector_tells_truth_before_belief_and_breaks_nodes() {
    let mut timeline = run();
    let frame = Rc::new(timeline.frame());
    let (commands, on_command) = heard::<Command>();
    let what = inspector(&timeline, frame, Selection::Node(NodeId(2)), on_command);
    let root = mount(what).await;
    let said = text(&root);
    assert!(
        said.find("Truth").unwrap() < said.find("Belief").unwrap(),
        "{said}"
    );
    button(&root, "Crash").click();
    change(&find(&root, "[aria-label='Clock skew, in ms']"), "200");
    rendered().await;
    let said: Vec<String> = commands.borrow().iter().map(Command::to_string).collect();
    assert_eq!(said, ["crash n2", "skew n2 200ms"]);
    root.remove();
}

#[wasm_bindgen_test]
async fn a_link_is_slowed_one_way_and_cut() {
    let mut timeline = run();
    let frame = Rc::new(timeline.frame());
    let (commands, on_command) = heard::<Command>();
    let what = inspector(
        &timeline,
        frame,
        Selection::Link(NodeId(1), NodeId(2)),
        on_command,
    );
    let root = mount(what).await;
    let field: HtmlInputElement = find(&root, "[aria-label='Extra delay from 1 to 2, in ms']");
    change(&field, "");
    rendered().await;
    // A text that is not a number stays in the box, is marked, and changes nothing.
    assert_eq!(field.value(), "");
    assert_eq!(field.get_attribute("aria-invalid").as_deref(), Some("true"));
    assert!(commands.borrow().is_empty());
    change(&field, "80");
    rendered().await;
    button(&root, "Cut").click();
    rendered().await;
    let said: Vec<String> = commands.borrow().iter().map(Command::to_string).collect();
    assert_eq!(said, ["slow n1->n2 80ms", "cut n1-n2"]);
    root.remove();
}

/// Simulates typing into a field.
fn type_into(field: &HtmlInputElement, text: &str) {
    fire(field, text, "InputEvent", "input");
}

/// Simulates leaving the field.
fn change(field: &HtmlInputElement, text: &str) {
    fire(field, text, "Event", "change");
}

fn fire(field: &HtmlInputElement, text: &str, class: &str, name: &str) {
    field.set_value(text);
    fire_at(field, class, name);
}

fn fire_at(field: &EventTarget, class: &str, name: &str) {
    let class: js_sys::Function = Reflect::get(&js_sys::global(), &class.into())
        .unwrap()
        .unchecked_into();
    let options = js_sys::JSON::parse(r#"{"bubbles": true}"#).unwrap();
    let arguments = js_sys::Array::of2(&name.into(), &options);
    let event = Reflect::construct(&class, &arguments).unwrap();
    field.dispatch_event(event.unchecked_ref()).unwrap();
}

#[wasm_bindgen_test]
async fn the_inspector_follows_every_message() {
    let mut timeline = run();
    while timeline.frame().messages.is_empty() {
        assert!(timeline.step());
    }
    let frame = Rc::new(timeline.frame());
    let address = frame.messages[0].address;
    let (commands, on_command) = heard::<Command>();
    let root = mount(inspector(
        &timeline,
        frame,
        Selection::Message(address),
        on_command,
    ))
    .await;
    button(&root, "Hold").click();
    assert_eq!(commands.borrow()[0].to_string(), format!("hold {address}"));
    root.remove();
}

#[wasm_bindgen_test]
async fn the_event_log_draws_only_what_is_in_sight() {
    let mut timeline = run();
    timeline.run_until(Time(20_000_000), u64::MAX);
    let vocabulary = Vocabulary::of(timeline.setup().protocol);
    let last = timeline.records();
    let records = timeline.window(1, last);
    let rows: Vec<_> = records
        .iter()
        .filter_map(|record| records::row(record, &vocabulary))
        .collect();
    assert!(rows.len() > 100, "{}", rows.len());
    let newest = rows.last().unwrap().clone();
    let (gone, on_go) = heard::<u64>();
    let rows = Rc::new(rows);
    let what = html! {
        <div style="height: 300px"><EventLog {rows} current={last} {on_go} /></div>
    };
    let root = mount(what).await;
    let list: HtmlElement = find(&root, ".log-list");
    let drawn = root.query_selector_all("[role=option]").unwrap().length();
    assert!((1..60).contains(&drawn), "{drawn} rows drawn");
    assert!(
        text(&root).contains(&newest.sentence),
        "it stays at the end"
    );
    find::<HtmlElement>(&root, &format!("#log-row-{}", newest.seq)).click();
    assert_eq!(*gone.borrow(), [newest.seq]);
    // After a person scrolls away, the list stays until they press Follow. (The sentence of the chosen
    // row stays visible below the list, so only the list itself shows which rows are visible.)
    let in_sight = || text(&list).contains(&newest.sentence);
    list.set_scroll_top(0);
    until("it is out of sight", || !in_sight()).await;
    button(&root, "Follow").click();
    until("back at the end", in_sight).await;
    root.remove();
}

#[wasm_bindgen_test]
async fn lights_and_numbers_have_words() {
    let mut timeline = run();
    let frame = timeline.frame();
    let (_, on_go) = heard::<u64>();
    let what = html! {
        <>
            <Verdicts verdicts={frame.verdicts.clone()} {on_go} />
            <Probes probes={frame.probes.clone()} />
        </>
    };
    let root = mount(what).await;
    let said = text(&root);
    for verdict in &frame.verdicts {
        assert!(
            said.contains(verdict.title.trim_end_matches('.')),
            "{}",
            verdict.title
        );
    }
    for probe in &frame.probes {
        assert!(said.contains(probe.title), "{}", probe.title);
    }
    root.remove();
}

#[wasm_bindgen_test]
async fn the_library_finds_and_opens() {
    let (opened, on_open) = heard::<String>();
    let what = html! {
        <Library current="bully/kill-the-leader" hide_answers=false {on_open}
            on_close={Callback::noop()} />
    };
    let root = mount(what).await;
    for protocol in CATALOGUE.0 {
        assert!(text(&root).contains(protocol.title));
    }
    assert!(text(&root).contains("Known bug: "));
    type_into(&find(&root, "input"), CATALOGUE.0[0].scenarios[0].title);
    rendered().await;
    find::<HtmlElement>(&root, ".library-open").click();
    let name = format!("{}/{}", CATALOGUE.0[0].id, CATALOGUE.0[0].scenarios[0].id);
    assert_eq!(*opened.borrow(), [name]);
    root.remove();
}

#[wasm_bindgen_test]
async fn settings_act_restart_or_say_why_not() {
    let timeline = run();
    let (commands, on_command) = heard::<Command>();
    let (restarts, on_restart) = heard::<Recipe>();
    let protocol = ProtocolRef(timeline.setup().protocol);
    let settings = SettingsShown::of(timeline.world().settings());
    let what = html! {
        <SettingsPanel recipe={timeline.recipe()} {protocol} {settings} {on_command}
            {on_restart} />
    };
    let root = mount(what).await;
    change(&find(&root, "#param-nodes"), "many");
    rendered().await;
    assert!(
        text(&root).contains("`many` is not a number for nodes"),
        "{}",
        text(&root)
    );
    assert!(restarts.borrow().is_empty());
    change(&find(&root, "#param-nodes"), "6");
    rendered().await;
    assert_eq!(restarts.borrow()[0].params["nodes"], "6");
    change(&find(&root, "#param-starter"), "9");
    rendered().await;
    assert!(text(&root).contains("names n9"), "{}", text(&root));
    assert_eq!(
        restarts.borrow().len(),
        1,
        "what cannot be does not restart the run"
    );
    let switch: HtmlElement = find(&root, "[role=switch]");
    switch.click();
    button(&root, "New seed").click();
    assert!(commands.borrow()[0].to_string().starts_with("switch "));
    assert_eq!(restarts.borrow()[1].seed, "2");
    root.remove();
}

/// Chooses an option of a list.
fn choose(root: &Element, selector: &str, value: &str) {
    let list: HtmlSelectElement = find(root, selector);
    list.set_value(value);
    fire_at(&list, "Event", "change");
}

#[wasm_bindgen_test]
async fn settings_are_set_for_one_node_and_taken_back() {
    let mut recipe = Recipe::new("raft/kill-the-leader", 1);
    let _ = recipe.params.insert("n2.heartbeat".into(), "90".into());
    let timeline = Timeline::new(CATALOGUE.setup(&recipe).unwrap()).unwrap();
    let (commands, on_command) = heard::<Command>();
    let (restarts, on_restart) = heard::<Recipe>();
    let protocol = ProtocolRef(timeline.setup().protocol);
    let settings = SettingsShown::of(timeline.world().settings());
    let nodes: Vec<NodeId> = (1..=5).map(NodeId).collect();
    let what = html! {
        <SettingsPanel recipe={timeline.recipe()} {protocol} {settings} {nodes} {on_command}
            {on_restart} />
    };
    let root = mount(what).await;
    // For all nodes, the panel lists what single nodes have.
    let listed = text(&find(&root, ".own"));
    assert!(
        listed.contains("Heartbeat every, node 290 ms instead of 60 ms"),
        "{listed}"
    );
    choose(&root, "#settings-for", "3");
    rendered().await;
    assert!(text(&root).contains("Parameters of node 3"));
    assert!(root.query_selector(".own").unwrap().is_none());
    for at_start in ["nodes", "clients", "crashed"] {
        let field = format!("#param-{at_start}, #param-n3-{at_start}");
        assert!(root.query_selector(&field).unwrap().is_none(), "{at_start}");
    }
    let field: HtmlInputElement = find(&root, "#param-n3-timeout");
    let name = field.get_attribute("aria-label").unwrap();
    assert!(name.ends_with(", node 3"), "{name}");
    change(&find(&root, "#param-n3-timeout"), "many");
    rendered().await;
    assert!(text(&root).contains("`many` is not a number for timeout"));
    change(&find(&root, "#param-n3-timeout"), "400");
    find::<HtmlElement>(&root, "[role=switch]").click();
    rendered().await;
    choose(&root, "#settings-for", "2");
    rendered().await;
    button(&root, "Heartbeat every, node 2: back to 60 ms").click();
    button(&root, "Restart run").click();
    let said: Vec<String> = commands.borrow().iter().map(Command::to_string).collect();
    assert_eq!(
        said,
        [
            "set n3.timeout=400",
            "switch n3.vote-once=off",
            "set n2.heartbeat=60"
        ]
    );
    // A run that starts again keeps what single nodes have.
    assert_eq!(restarts.borrow()[0].params["n2.heartbeat"], "90");
    root.remove();
}

#[wasm_bindgen_test]
async fn the_inspector_shows_what_a_node_has_for_itself() {
    let mut recipe = Recipe::new("raft/kill-the-leader", 1);
    let _ = recipe.switches.insert("n3.vote-once".into(), false);
    let mut timeline = Timeline::new(CATALOGUE.setup(&recipe).unwrap()).unwrap();
    let frame = Rc::new(timeline.frame());
    let settings = SettingsShown::of(timeline.world().settings());
    let (commands, on_command) = heard::<Command>();
    let show = |id| {
        html! {
            <Inspector selection={Selection::Node(NodeId(id))} frame={frame.clone()}
                detail={None::<String>} on_command={on_command.clone()} requests={&[][..]}
                settings={settings.clone()} />
        }
    };
    let root = mount(show(2)).await;
    assert!(!text(&root).contains("instead of"), "node 2 is as all are");
    root.remove();
    let root = mount(show(3)).await;
    let said = text(&find(&root, ".own"));
    assert_eq!(said, "A server votes once per termoff instead of on");
    button(&root, "A server votes once per term, node 3: back to on").click();
    change(&find(&root, "#param-n3-timeout"), "400");
    rendered().await;
    let said: Vec<String> = commands.borrow().iter().map(Command::to_string).collect();
    assert_eq!(said, ["switch n3.vote-once=on", "set n3.timeout=400"]);
    root.remove();
}
