//! What can be done to one message on its way.

use faultline_sim::command::Command;
use faultline_sim::fault::Fault;
use faultline_sim::frame::{Fate, MessageFrame};
use faultline_sim::time::Duration;
use yew::prelude::*;

use crate::layout::Point;
use crate::text;
use crate::ui::Act;
use crate::ui::icons::Icon;

#[derive(Properties, PartialEq)]
pub struct MessageMenuProps {
    pub message: MessageFrame,
    /// Whether it is still on its way.
    pub flying: bool,
    /// Where it was picked, in the stage's pixels.
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
    // As long as the hop itself, in round numbers.
    let hop = message.arrives.since(message.sent).0;
    let hop = Duration(hop.div_ceil(10_000) * 10_000);
    let held = message.fate == Fate::Held;
    let hold = if held {
        Fault::Release(address)
    } else {
        Fault::Hold(address)
    };
    let choice = |icon: Icon, label: String, fault: Fault| {
        let act = on_act.reform(move |_: MouseEvent| Act::Do(Command::Fault(fault.clone())));
        html! {
            <button type="button" disabled={!props.flying} onclick={act}>
                { icon.inline() }{ label }
            </button>
        }
    };
    let close = on_act.reform(|_: MouseEvent| Act::Escape);
    let back = on_act.reform(move |_: MouseEvent| Act::BackToMessage);
    html! {
        <div class="message-menu" role="group" aria-label={text::message_name(message)}
            style={format!("--x: {:.0}px; --y: {:.0}px", props.at.x, props.at.y)}>
            <div class="menu-head">
                <strong>{ text::message_name(message) }</strong>
                <button type="button" class="close" aria-label="Close" onclick={close}>
                    { Icon::Close.inline() }
                </button>
            </div>
            if let Some(body) = &props.text { <code>{ body }</code> }
            <div class="menu-choices">
                { choice(Icon::Drop, "Drop".into(), Fault::Drop(address)) }
                { choice(Icon::Clock, format!("Delay {}", text::length(hop)), Fault::Delay(address, hop)) }
                { choice(Icon::Copy, "Duplicate".into(), Fault::Duplicate(address)) }
                { choice(Icon::Hand, if held { "Release" } else { "Hold" }.into(), hold) }
            </div>
            if !props.flying {
                <p>{ "It is no longer on its way." }</p>
                <button type="button" onclick={back}>{ Icon::Undo.inline() }{ "Go back to it" }</button>
            }
        </div>
    }
}
