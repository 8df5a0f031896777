//! The stage as lists: links, messages in flight and sides, for people who do not see the drawing or do
//! not use a pointer. Hidden until the keyboard focus enters, then visible beside the stage.

use faultline_sim::frame::{Frame, LinkFrame, MessageFrame, NodeFrame};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use crate::text;
use crate::ui::act::{BreakAct, PickAct};
use crate::ui::chain::chain_of;
use crate::ui::clocks::{Shown, shown};
use crate::ui::sides::letter;
use crate::ui::waits::in_words;
use crate::ui::{Act, Same, Selection};

/// Links and messages of a big cluster are too many to read one by one.
const MOST_ROWS: usize = 60;

#[derive(Properties, PartialEq)]
pub struct MirrorProps {
    pub frame: Same<Frame>,
    /// The place of its stage, because two stages have separate lists.
    pub place: u32,
    /// Its run, if there are two.
    pub run: Option<AttrValue>,
    pub on_act: Callback<Act>,
}

#[component]
pub fn Mirror(props: &MirrorProps) -> Html {
    let frame = &props.frame;
    let link = |(i, link): (usize, &LinkFrame)| {
        let (a, b) = (link.a, link.b);
        let snip = props
            .on_act
            .reform(move |_: MouseEvent| Act::Break(BreakAct::ToggleCut(a, b)));
        html! {
            <li key={format!("{a}-{b}")}>
                <button type="button" tabindex={first(i)} onclick={snip}>{ text::cut_label(link) }</button>
                <span class="state">{ text::link_state(link) }</span>
            </li>
        }
    };
    let message = |(i, message): (usize, &MessageFrame)| {
        let address = message.address;
        let pick = props
            .on_act
            .reform(move |_: MouseEvent| Act::Pick(PickAct::Select(Selection::Message(address))));
        html! {
            <li key={address.to_string()}>
                <button type="button" tabindex={first(i)} onclick={pick}
                    data-message-item={address.to_string()}>{ text::message_name(message) }</button>
            </li>
        }
    };
    let side = |(i, ids): (usize, &Vec<_>)| html! { <li>{ text::side(&letter(i), ids) }</li> };
    let shown = frame.messages.len().min(MOST_ROWS);
    let id = |list: &str| format!("mirror-{list}-{}", props.place);
    let title = match &props.run {
        Some(run) => format!("The stage of {run} as lists"),
        None => "The stage as lists".into(),
    };
    let onkeydown = Callback::from(|event: KeyboardEvent| walk(&event));
    html! {
        <div class="mirror" {onkeydown}>
            <h2>{ title }</h2>
            <h3 id={id("links")}>{ format!("Links ({})", frame.links.len()) }</h3>
            <ul aria-labelledby={id("links")}>
                { for frame.links.iter().take(MOST_ROWS).enumerate().map(link) }
            </ul>
            { logs(frame, &id("logs")) }
            { chains(frame, &id("blocks")) }
            { sentences("Clocks", clocks(frame), &id("clocks")) }
            { sentences("Locks and waits", in_words(frame), &id("waits")) }
            <h3 id={id("messages")} class="mirror-messages" tabindex="-1">
                { format!("Messages in flight ({})", frame.messages.len()) }
            </h3>
            <ul aria-labelledby={id("messages")}>
                { for frame.messages.iter().take(shown).enumerate().map(message) }
            </ul>
            if !frame.sides.is_empty() {
                <h3 id={id("sides")}>{ "Sides" }</h3>
                <ul aria-labelledby={id("sides")}>
                    { for frame.sides.iter().enumerate().map(side) }
                </ul>
            }
        </div>
    }
}

/// The clock of each node, one sentence each.
fn clocks(frame: &Frame) -> Vec<String> {
    let words = |clock: Shown| text::clocks::of_node(clock.id, clock.off, clock.doubt);
    shown(frame).take(MOST_ROWS).map(words).collect()
}

fn sentences(title: &str, all: Vec<String>, id: &str) -> Html {
    if all.is_empty() {
        return Html::default();
    }
    html! {
        <>
            <h3 id={id.to_owned()}>{ format!("{title} ({})", all.len()) }</h3>
            <ul aria-labelledby={id.to_owned()}>
                { for all.into_iter().map(|words| html! { <li>{ words }</li> }) }
            </ul>
        </>
    }
}

/// The chain of each node, one sentence each.
fn chains(frame: &Frame, id: &str) -> Html {
    let row = |node: &std::rc::Rc<NodeFrame>| {
        let (blocks, tip) = chain_of(node)?;
        let words = text::chain::of_node(node.id, blocks, tip)?;
        Some(html! { <li key={node.id.0}>{ words }</li> })
    };
    let rows: Vec<Html> = frame.nodes.iter().filter_map(row).collect();
    if rows.is_empty() {
        return Html::default();
    }
    html! {
        <>
            <h3 id={id.to_owned()}>{ format!("Chains ({})", rows.len()) }</h3>
            <ul aria-labelledby={id.to_owned()}>{ rows }</ul>
        </>
    }
}

/// The log of each node, one sentence each.
fn logs(frame: &Frame, id: &str) -> Html {
    let conflicts = frame.log_conflicts();
    let row = |node: &std::rc::Rc<NodeFrame>| {
        let own = conflicts.iter().find(|(id, _)| *id == node.id);
        let own = own.map_or(&[][..], |(_, indexes)| indexes);
        let words = node.figures.iter().find_map(|f| text::log_words(f, own))?;
        let node_text = text::capital(&text::node(node.id));
        Some(html! { <li key={node.id.0}>{ format!("{node_text}: {words}") }</li> })
    };
    let rows: Vec<Html> = frame.nodes.iter().filter_map(row).collect();
    if rows.is_empty() {
        return Html::default();
    }
    html! {
        <>
            <h3 id={id.to_owned()}>{ format!("Logs ({})", rows.len()) }</h3>
            <ul aria-labelledby={id.to_owned()}>{ rows }</ul>
        </>
    }
}

/// One button of a list is in the Tab order; arrow keys reach the others.
fn first(i: usize) -> &'static str {
    if i == 0 { "0" } else { "-1" }
}

/// Up and Down move through a list.
fn walk(event: &KeyboardEvent) {
    let step = match event.key().as_str() {
        "ArrowDown" => true,
        "ArrowUp" => false,
        _ => return,
    };
    let Some(target) = event.target().and_then(|t| t.dyn_into::<Element>().ok()) else {
        return;
    };
    let Some(row) = target.closest("li").ok().flatten() else {
        return;
    };
    let next = if step {
        row.next_element_sibling()
    } else {
        row.previous_element_sibling()
    };
    let button = next.and_then(|row| row.query_selector("button").ok().flatten());
    if let Some(button) = button.and_then(|b| b.dyn_into::<HtmlElement>().ok()) {
        crate::browser::give_focus(&button);
        event.prevent_default();
        event.stop_propagation();
    }
}
