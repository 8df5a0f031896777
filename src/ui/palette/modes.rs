//! The palette while nodes are ticked or the other end of a link is looked for: what can be done with
//! them, in the place of the other verbs.

use faultline_sim::command::Command;
use faultline_sim::fault::Fault;
use faultline_sim::process::NodeId;
use yew::prelude::*;

use super::{Verb, verb};
use crate::text::breaking as text;
use crate::ui::icons::Icon;
use crate::ui::{Act, Mode, Selection};

/// The verbs of a mode.
pub fn verbs(mode: &Mode, focus: NodeId, cut: bool, on_act: &Callback<Act>) -> Html {
    let leave = Verb {
        label: text::LEAVE.into(),
        long: text::LEAVE.into(),
        short: text::LEAVE.into(),
        ..Verb::new(Icon::Close, Act::Mode(Mode::Normal))
    };
    let body = match mode {
        Mode::Ticking(ids) => ticking(ids, on_act),
        Mode::Cutting(first) | Mode::Muting(first) => {
            cutting(*first, Some(focus).filter(|id| id != first), cut, on_act)
        }
        _ => Html::default(),
    };
    html! { <>{ body }<span class="gap"></span>{ verb(leave, on_act) }</> }
}

fn ticking(ids: &[NodeId], on_act: &Callback<Act>) -> Html {
    let some = !ids.is_empty();
    let one = |icon, (label, short): (&'static str, &'static str), act| {
        let made = Verb {
            label: label.into(),
            long: label.into(),
            short: short.into(),
            able: some,
            class: "breaks",
            ..Verb::new(icon, act)
        };
        verb(made, on_act)
    };
    html! {
        <>
            <span class="palette-words">{ text::ticked(ids) }</span>
            { one(Icon::Split, text::ISOLATE, Act::Isolate) }
            { one(Icon::Deaf, text::HEAR_NOTHING, Act::Deafen) }
            { one(Icon::Mute, text::SAY_NOTHING, Act::Silence) }
        </>
    }
}

fn cutting(first: NodeId, second: Option<NodeId>, cut: bool, on_act: &Callback<Act>) -> Html {
    let (a, b) = second.map_or((first, first), |id| (first.min(id), first.max(id)));
    let other = second.unwrap_or(first);
    let mute =
        |from: NodeId, to: NodeId| Act::Do(Command::Fault(Fault::OneWay(vec![from], vec![to])));
    let one = |icon, label: String, short: String, act| {
        let made = Verb {
            long: label.clone(),
            label,
            short,
            able: second.is_some(),
            leaves: true,
            ..Verb::new(icon, act)
        };
        verb(made, on_act)
    };
    html! {
        <>
            <span class="palette-words">{ text::link_chosen(first, second) }</span>
            if cut {
                { one(Icon::Joined, text::JOIN_LINK.into(), text::JOIN.into(), Act::Snip(a, b)) }
            } else {
                { one(Icon::Scissors, text::CUT_BOTH.into(), text::CUT_SHORT.into(),
                    Act::Snip(a, b)) }
            }
            { one(Icon::Mute, text::deaf_to(first, other), text::arrow(first, other),
                mute(first, other)) }
            { one(Icon::Deaf, text::deaf_to(other, first), text::arrow(other, first),
                mute(other, first)) }
            { one(Icon::Eye, text::INSPECT_LINK.into(), text::INSPECT.into(),
                Act::Inspect(Selection::Link(a, b))) }
        </>
    }
}
