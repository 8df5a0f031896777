//! The menu of one message in flight.

mod spot;

use faultline_sim::command::Command;
use faultline_sim::fault::Fault;
use faultline_sim::frame::{Fate, MessageFrame};
use faultline_sim::network::Address;
use faultline_sim::process::NodeId;
use faultline_sim::sorted::sort_by_key;
use faultline_sim::time::Duration;
use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::layout::{Point, Scene};
use crate::text;
use crate::text::breaking as words;
use crate::ui::act::{BreakAct, PickAct, ViewAct};
use crate::ui::icons::Icon;
use crate::ui::number_box::{NumberBox, short};
use crate::ui::{Act, Same, Selection};

/// The size of the menu over the stage, in CSS pixels: see static/palette.css.
const SIZE: (f64, f64) = (288.0, 232.0);
/// The same in the projector theme: see static/projector.css.
const LARGE: (f64, f64) = (352.0, 284.0);
/// The most messages offered for a swap.
const MOST_SWAPS: usize = 30;

#[derive(Properties, PartialEq)]
pub struct MessageMenuProps {
    pub message: MessageFrame,
    /// Whether it is still in flight.
    pub flying: bool,
    /// Messages are direct calls, so they cannot be delayed or held.
    pub direct: bool,
    /// Other messages in flight.
    pub others: Vec<MessageFrame>,
    pub scene: Same<Scene>,
    pub nodes: Vec<NodeId>,
    /// Where the person picked it, in stage pixels.
    pub at: Point,
    /// Its full text.
    pub text: Option<AttrValue>,
    pub on_act: Callback<Act>,
}

#[component]
pub fn MessageMenu(props: &MessageMenuProps) -> Html {
    let MessageMenuProps {
        message, on_act, ..
    } = props;
    let address = message.address;
    // As long as the hop, rounded.
    let hop = message.arrives.since(message.sent).0;
    let hop = Duration(hop.div_ceil(10_000) * 10_000);
    let held = message.fate == Fate::Held;
    let moves = props.flying && !props.direct && message.fate != Fate::Waiting;
    let (hold, hold_word) = if held {
        (Fault::Release(address), words::RELEASE)
    } else {
        (Fault::Hold(address), words::HOLD)
    };
    let choice = |icon: Icon, label: String, fault: Fault, able: bool| {
        let act = on_act.reform(move |_: MouseEvent| {
            Act::Break(BreakAct::Apply(Command::Fault(fault.clone())))
        });
        html! {
            <button type="button" disabled={!able} onclick={act}>{ icon.inline() }{ label }</button>
        }
    };
    let close = on_act.reform(|_: MouseEvent| Act::View(ViewAct::Escape));
    let back = on_act.reform(|_: MouseEvent| Act::Pick(PickAct::BackToMessage));
    let inspect = on_act
        .reform(move |_: MouseEvent| Act::Pick(PickAct::Inspect(Selection::Message(address))));
    html! {
        <div class="message-menu" role="group" aria-label={text::message_name(message)}
            ~style={place(props)}>
            <div class="menu-head">
                <strong>{ text::message_name(message) }</strong>
                <button type="button" class="close" aria-label={words::INSPECT}
                    title={words::INSPECT} onclick={inspect}>{ Icon::Eye.inline() }</button>
                <button type="button" class="close" aria-label={words::CLOSE} onclick={close}>
                    { Icon::Close.inline() }
                </button>
            </div>
            if let Some(body) = &props.text { <code title={body.clone()}>{ body }</code> }
            <div class="menu-choices">
                { choice(Icon::Drop, words::DROP.into(), Fault::Drop(address), props.flying) }
                { choice(Icon::Clock, words::delay(hop), Fault::Delay(address, hop), moves) }
                { choice(Icon::Copy, words::DUPLICATE.into(), Fault::Duplicate(address),
                    props.flying) }
                { choice(Icon::Hand, hold_word.into(), hold, moves) }
            </div>
            if moves {
                <Later key={address.to_string()} {address} {hop} on_act={on_act.clone()} />
                { swap(props) }
            }
            if !props.flying {
                <p>{ words::NO_LONGER_IN_FLIGHT }</p>
                <div class="menu-choices">
                    <button type="button" onclick={back}>
                        { Icon::Undo.inline() }{ words::GO_BACK }
                    </button>
                </div>
            }
        </div>
    }
}

/// Next to the message's path; measured from the stage's lower left corner, because the height above
/// the stage varies with its texts.
fn place(props: &MessageMenuProps) -> Option<String> {
    let (scene, address) = (&props.scene, props.message.address);
    let way = scene.link(address.from, address.to)?;
    let nodes: Vec<Point> = props.nodes.iter().filter_map(|id| scene.at(*id)).collect();
    let stage = (scene.width, scene.height);
    let size = if scene.scale() > 1.0 { LARGE } else { SIZE };
    let ends: Vec<Point> = [address.from, address.to]
        .iter()
        .filter_map(|id| scene.at(*id))
        .collect();
    let corner = spot::beside(stage, size, way, props.at, (&ends, &nodes), scene.radius);
    let bottom = (scene.height - corner.y - size.1).max(0.0);
    Some(format!("--x: {:.0}px; --up: {bottom:.0}px", corner.x))
}

#[derive(Properties, PartialEq)]
struct LaterProps {
    address: Address,
    hop: Duration,
    on_act: Callback<Act>,
}

/// A delay of a chosen length.
#[component]
fn Later(props: &LaterProps) -> Html {
    // None while the typed text is not a number.
    let usual = short(props.hop.0 as f64 / 500.0);
    let ms = use_state(|| Some(usual.clone()));
    let set = use_state(|| AttrValue::from(usual));
    let on_typed = {
        let ms = ms.clone();
        Callback::from(move |typed: Option<String>| ms.set(typed))
    };
    let on_set = {
        let (ms, set) = (ms.clone(), set.clone());
        Callback::from(move |number: String| {
            set.set(number.clone().into());
            ms.set(Some(number));
            None
        })
    };
    let address = props.address;
    let wanted = ms.as_deref().and_then(|ms| ms.parse::<f64>().ok());
    let wanted = Duration((wanted.unwrap_or_default() * 1e3).max(0.0) as u64);
    let onsubmit = props.on_act.reform(move |event: SubmitEvent| {
        event.prevent_default();
        Act::Break(BreakAct::Apply(Command::Fault(Fault::Delay(
            address, wanted,
        ))))
    });
    html! {
        <form class="menu-row" {onsubmit}>
            <NumberBox label={words::DELAY_BY} value={(*set).clone()} min=0.0 step={Some(10.0)}
                {on_typed} {on_set} />
            <span class="unit">{ "ms" }</span>
            <button type="submit" disabled={wanted == Duration(0)}>{ words::DELAY }</button>
        </form>
    }
}

/// The choice of another message to swap with; those of the same link come first.
fn swap(props: &MessageMenuProps) -> Html {
    let address = props.message.address;
    let flying = |other: &&MessageFrame| {
        other.address != address && matches!(other.fate, Fate::Flying | Fate::Blocked { .. })
    };
    let mut others: Vec<&MessageFrame> = props.others.iter().filter(flying).collect();
    let mine = props.message.fate;
    if others.is_empty() || !matches!(mine, Fate::Flying | Fate::Blocked { .. }) {
        return Html::default();
    }
    let same_link =
        |other: &MessageFrame| (other.address.from, other.address.to) == (address.from, address.to);
    sort_by_key(&mut others, |other| !same_link(other));
    let on_act = props.on_act.clone();
    let onchange = Callback::from(move |event: Event| {
        let select: Option<HtmlSelectElement> =
            event.target().and_then(|target| target.dyn_into().ok());
        let chosen = select.map(|select| select.value()).unwrap_or_default();
        if let Ok(other) = Address::parse(&chosen) {
            on_act.emit(Act::Break(BreakAct::Apply(Command::Fault(Fault::Reorder(
                address, other,
            )))));
        }
    });
    html! {
        <label class="menu-row">{ words::SWAP_WITH }
            <select {onchange}>
                <option value="" selected=true>{ words::CHOOSE_MESSAGE }</option>
                { for others.into_iter().take(MOST_SWAPS).map(|other| {
                    let value = other.address.to_string();
                    html! { <option {value}>{ text::message_name(other) }</option> }
                }) }
            </select>
        </label>
    }
}
