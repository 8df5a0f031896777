//! The share sheet and the comparison table, each mounted alone.

use faultline_protocols::CATALOGUE;
use faultline_sim::descriptor::Recipe;
use faultline_sim::frame::Frame;
use faultline_sim::time::Time;
use faultline_sim::timeline::Timeline;
use faultline_web::ui::panels::Compared;
use faultline_web::ui::share::{Share, Shared};
use faultline_web::ui::{Act, Same};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Element, Event, EventInit, HtmlElement, HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

use crate::mounting::{button, find, heard, mount, text};
use crate::rendered;
use faultline_web::ui::act::ShareAct;

fn shared(fragment: &str) -> Shared {
    Shared {
        base: "https://example.org/faultline/".into(),
        fragment: fragment.to_owned().into(),
        title: "Two leaders".into(),
        name: "two-leaders.run".into(),
        windowed: false,
    }
}

fn tick(root: &Element, at: u32) {
    let all = root.query_selector_all(".choice input").unwrap();
    let input: HtmlElement = wasm_bindgen::JsCast::unchecked_into(all.get(at).unwrap());
    input.click();
}

fn value(root: &Element, name: &str) -> String {
    find::<HtmlInputElement>(root, &format!("input[aria-label='{name}']")).value()
}

#[wasm_bindgen_test]
async fn a_link_asks_for_what_is_ticked_and_is_copied_as_it_is_read() {
    let (acts, on_act) = heard::<Act>();
    let shared = shared("bully/two-leaders");
    let wrong = None::<AttrValue>;
    let root = mount(html! { <Share {shared} {wrong} {on_act} /> }).await;
    let link = || value(&root, "Link");
    assert_eq!(link(), "https://example.org/faultline/#bully/two-leaders");
    tick(&root, 0);
    rendered().await;
    assert_eq!(
        link(),
        "https://example.org/faultline/?paused=1#bully/two-leaders"
    );
    tick(&root, 1);
    tick(&root, 2);
    rendered().await;
    assert!(
        link().contains("role=student") && link().contains("view=projector"),
        "{}",
        link()
    );
    let frame = value(&root, "HTML code that embeds this run");
    assert!(
        frame.contains("embed=1") && frame.contains("paused=1"),
        "{frame}"
    );
    button(&root, "Copy link").click();
    button(&root, "Save as .run file").click();
    button(&root, "Close share").click();
    assert_eq!(
        *acts.borrow(),
        [
            Act::Share(ShareAct::Copy(link())),
            Act::Share(ShareAct::SaveFile),
            Act::Share(ShareAct::Share(false))
        ]
    );
    root.remove();
}

#[wasm_bindgen_test]
async fn a_link_that_is_too_long_is_better_sent_as_a_file() {
    let (_, on_act) = heard::<Act>();
    let shared = shared(&format!("v1.{}", "A".repeat(6_000)));
    let wrong = None::<AttrValue>;
    let root = mount(html! { <Share {shared} {wrong} {on_act} /> }).await;
    let length = text(&find::<Element>(&root, ".long-link"));
    assert!(length.contains("save it as a file"), "{length}");
    assert!(
        root.query_selector("svg.code, .code-ink")
            .unwrap()
            .is_none(),
        "no code holds it"
    );
    assert!(
        button(&root, "Save as .run file")
            .class_name()
            .contains("primary")
    );
    root.remove();
}

#[wasm_bindgen_test]
async fn what_is_wrong_with_a_pasted_text_is_said_at_its_field() {
    let (acts, on_act) = heard::<Act>();
    let wrong = Some(AttrValue::from("This link is damaged."));
    let shared = shared("bully/two-leaders");
    let root = mount(html! { <Share {shared} {wrong} {on_act} /> }).await;
    let field: HtmlTextAreaElement = find(&root, "textarea");
    assert_eq!(field.get_attribute("aria-invalid").as_deref(), Some("true"));
    assert_eq!(
        field.get_attribute("aria-describedby").as_deref(),
        Some("open-run-wrong")
    );
    assert_eq!(
        text(&find::<Element>(&root, "#open-run-wrong")),
        "This link is damaged."
    );
    field.set_value("bully/two-leaders");
    let init = EventInit::new();
    init.set_bubbles(true);
    field
        .dispatch_event(&Event::new_with_event_init_dict("input", &init).unwrap())
        .unwrap();
    rendered().await;
    button(&root, "Open").click();
    assert_eq!(
        *acts.borrow(),
        [Act::Share(ShareAct::OpenText(Ok(
            "bully/two-leaders".into()
        )))]
    );
    root.remove();
}

/// The frame of a scenario after some seconds.
fn frame(scenario: &str, seconds: u64) -> Frame {
    let setup = CATALOGUE.setup(&Recipe::new(scenario, 1)).unwrap();
    let mut run = Timeline::new(setup).unwrap();
    run.run_until(Time(seconds * 1_000_000), u64::MAX);
    run.frame()
}

#[wasm_bindgen_test]
async fn two_runs_stand_in_one_table_with_what_differs() {
    let (bully, raft) = (
        frame("bully/kill-the-leader", 3),
        frame("raft/kill-the-leader", 3),
    );
    let show = |left: &Frame, right: &Frame| {
        let (left, right) = (Same(left.clone().into()), Same(right.clone().into()));
        html! { <Compared letters={('A', 'B')} {left} {right} /> }
    };
    let root = mount(show(&bully, &raft)).await;
    let mut names: Vec<&str> = bully
        .probes
        .iter()
        .chain(&raft.probes)
        .map(|probe| probe.name)
        .collect();
    names.sort_unstable();
    names.dedup();
    let rows = root
        .query_selector_all(".compared-probes tbody tr")
        .unwrap();
    assert_eq!(
        rows.length() as usize,
        names.len(),
        "all of both, once each"
    );
    let sent = |frame: &Frame| {
        let mut probes = frame.probes.iter();
        probes
            .find(|probe| probe.title == "Messages sent")
            .and_then(|probe| probe.value)
            .unwrap()
    };
    let (a, b) = (sent(&bully), sent(&raft));
    assert_ne!(a, b, "two protocols that cost the same show no difference");
    let difference = format!("{}{}", if b > a { '+' } else { '−' }, (b - a).abs());
    assert!(
        text(&root).contains(&difference),
        "{difference} in {}",
        text(&root)
    );
    root.remove();

    let root = mount(show(&bully, &bully)).await;
    let cells = root
        .query_selector_all(".compared-probes td:last-child")
        .unwrap();
    for at in 0..cells.length() {
        let said = cells.get(at).unwrap().text_content().unwrap();
        assert!(said == "same" || said == "–", "{said}");
    }
    root.remove();
}
