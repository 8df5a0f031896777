//! The palette while a person ticks nodes or chooses the other end of a link: the buttons of that mode
//! replace the usual ones.

use faultline_sim::command::Command;
use faultline_sim::fault::Fault;
use faultline_sim::process::NodeId;
use yew::prelude::*;

use super::{Verb, verb};
use crate::text::breaking as text;
use crate::ui::act::{BreakAct, PickAct};
use crate::ui::icons::Icon;
use crate::ui::{Act, Mode, Selection};

/// The buttons of a mode.
pub fn verbs(mode: &Mode, focus: NodeId, cut: bool, on_act: &Callback<Act>) -> Html {
    let leave = Verb {
        label: text::CANCEL.into(),
        long: text::CANCEL.into(),
        short: text::CANCEL.into(),
        ..Verb::new(Icon::Close, Act::Pick(PickAct::Mode(Mode::Normal)))
    };
    let body = match mode {
        Mode::Ticking(ids) => ticking(ids, on_act),
        Mode::Cutting(first) | Mode::Muting(first) => {
            cutting(*first, Some(focus).filter(|id| id != first), cut, on_act)
        }
        Mode::Joining(first) => html! {
            <span class="palette-words">{ crate::text::boards::joining(*first) }</span>
        },
        Mode::Normal => Html::default(),
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
            { one(Icon::Split, text::ISOLATE, Act::Break(BreakAct::Isolate)) }
            { one(Icon::Deaf, text::HEAR_NOTHING, Act::Break(BreakAct::Deafen)) }
            { one(Icon::Mute, text::SAY_NOTHING, Act::Break(BreakAct::Silence)) }
        </>
    }
}

fn cutting(first: NodeId, second: Option<NodeId>, cut: bool, on_act: &Callback<Act>) -> Html {
    let words = html! { <span class="palette-words">{ text::link_chosen(first, second) }</span> };
    let Some(second) = second else {
        return words;
    };
    let (a, b) = (first.min(second), first.max(second));
    let one = |icon, label: String, long: String, short: String, act| {
        let made = Verb {
            label,
            long,
            short,
            leaves: true,
            ..Verb::new(icon, act)
        };
        verb(made, on_act)
    };
    let named = |icon, label: &str, short: &str, act| {
        one(icon, label.into(), label.into(), short.into(), act)
    };
    let way = |icon, from: NodeId, to: NodeId| {
        let mute = Act::Break(BreakAct::Apply(Command::Fault(Fault::OneWay(
            vec![from],
            vec![to],
        ))));
        let (arrow, long) = (text::arrow(from, to), text::deaf_to(from, to));
        one(icon, format!("{arrow}: {long}"), long, arrow, mute)
    };
    html! {
        <>
            { words }
            if cut {
                { named(Icon::Joined, text::JOIN_LINK, text::JOIN, Act::Break(BreakAct::ToggleCut(a, b))) }
            } else {
                { named(Icon::Scissors, text::CUT_BOTH, text::CUT_SHORT, Act::Break(BreakAct::ToggleCut(a, b))) }
            }
            { way(Icon::Mute, first, second) }
            { way(Icon::Deaf, second, first) }
            { named(Icon::Eye, text::INSPECT_LINK, text::INSPECT,
                Act::Pick(PickAct::Inspect(Selection::Link(a, b)))) }
        </>
    }
}
