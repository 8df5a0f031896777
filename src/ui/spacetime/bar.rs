//! The diagram's controls: a button for everything that a pointer can do in the drawing.

use faultline_diagram::{Axis, Stamps};
use yew::prelude::*;

use super::filter::Filter;
use super::{Deed, Shown};
use crate::text::spacetime as words;
use crate::ui::icons::Icon;
use crate::ui::panels::value_of;
use crate::ui::{Act, Same};

#[derive(Properties, PartialEq)]
pub struct BarProps {
    pub shown: Same<Shown>,
    pub docked: bool,
    pub on_act: Callback<Act>,
}

#[component]
pub fn Bar(props: &BarProps) -> Html {
    let BarProps {
        shown,
        docked,
        on_act,
    } = props;
    let button = |icon: Icon, label: &'static str, deed: Deed| {
        let onclick = press(on_act, deed);
        html! {
            <button type="button" class="st-icon" aria-label={label} title={label} {onclick}>
                { icon.inline() }
            </button>
        }
    };
    let switch = |label: &'static str, on: bool, deed: Deed| {
        let onclick = press(on_act, deed);
        html! {
            <button type="button" class="st-switch" aria-pressed={on.to_string()} {onclick}>
                { label }
            </button>
        }
    };
    let stamps = on_act.reform(|event: Event| {
        let stamps = Stamps::of(&value_of(&event)).unwrap_or_default();
        Act::SpaceTime(Deed::Stamps(stamps))
    });
    let axis = on_act.reform(|event: Event| {
        let order = value_of(&event) == "order";
        let axis = if order { Axis::Order } else { Axis::Time };
        Act::SpaceTime(Deed::Axis(axis))
    });
    // A log has no timers, kinds or clocks of its own to show.
    let given = shown.given;
    let offered = move |(stamps, _): &&(Stamps, &str)| {
        !given || !matches!(stamps, Stamps::Quiet | Stamps::Physical)
    };
    html! {
        <div class="st-bar">
            <h2>{ words::TITLE }</h2>
            <div class="st-group" role="group" aria-label={words::WINDOW}>
                { button(Icon::Plus, words::ZOOM_IN, Deed::Zoom(0.5, None)) }
                { button(Icon::Minus, words::ZOOM_OUT, Deed::Zoom(2.0, None)) }
                { button(Icon::Fit, words::FIT, Deed::Fit) }
                { button(Icon::Before, words::EARLIER, Deed::Pan(-0.5)) }
                { button(Icon::After, words::LATER, Deed::Pan(0.5)) }
                if !shown.given {
                    { switch(words::FOLLOW, shown.follow, Deed::Follow(!shown.follow)) }
                }
            </div>
            <select aria-label={words::STAMPS} onchange={stamps}>
                { for Stamps::ALL.iter().filter(offered).map(|(stamps, word)| html! {
                    <option value={*word} selected={shown.stamps == *stamps}>
                        { words::stamps(*stamps) }
                    </option>
                }) }
            </select>
            if !shown.given {
                <select aria-label={words::AXIS} onchange={axis}>
                    { for [(Axis::Time, "time"), (Axis::Order, "order")].into_iter().map(|(axis, word)| html! {
                        <option value={word} selected={shown.axis == axis}>{ words::axis(axis) }</option>
                    }) }
                </select>
                { switch(words::TIMERS, shown.timers, Deed::Timers(!shown.timers)) }
            }
            <Filter shown={shown.clone()} on_act={on_act.clone()} />
            { switch(words::COMPARE, shown.picking, Deed::Picking(!shown.picking)) }
            { switch(words::TABLE, shown.table, Deed::Table(!shown.table)) }
            <span class="gap"></span>
            if *docked {
                <button type="button" class="st-icon" aria-label={words::TALLER} title={words::TALLER}
                    aria-pressed={shown.tall.to_string()}
                    onclick={press(on_act, Deed::Tall(!shown.tall))}>{ Icon::Taller.inline() }</button>
                { button(Icon::Close, words::CLOSE, Deed::Open(false)) }
            }
        </div>
    }
}

pub(super) fn press(on_act: &Callback<Act>, deed: Deed) -> Callback<MouseEvent> {
    on_act.reform(move |_: MouseEvent| Act::SpaceTime(deed.clone()))
}
