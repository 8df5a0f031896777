//! The filter: nodes, kinds of messages, and the window.

use faultline_diagram::Axis;
use yew::prelude::*;

use super::{Deed, Shown};
use crate::text::spacetime as words;
use crate::ui::number_box::NumberBox;
use crate::ui::{Act, Same};

/// With more nodes, the filter would have too many boxes.
const MOST_NODES: usize = 60;

#[derive(Properties, PartialEq)]
pub struct FilterProps {
    pub shown: Same<Shown>,
    pub on_act: Callback<Act>,
}

#[component]
pub fn Filter(props: &FilterProps) -> Html {
    let FilterProps { shown, on_act } = props;
    let open = use_state(|| false);
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    let escape = {
        let open = open.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" && *open {
                event.prevent_default();
                event.stop_propagation();
                open.set(false);
                crate::browser::focus(".st-filter > button");
            }
        })
    };
    let filtered = shown.nodes.iter().any(|(.., on)| !on) || shown.kinds.iter().any(|(_, on)| !on);
    let edge = |label: &'static str, at: f64, deed: fn(f64) -> Deed| {
        let (step, value) = if shown.axis == Axis::Time {
            (0.001, format!("{at:.3}"))
        } else {
            (1.0, format!("{at:.0}"))
        };
        let on_act = on_act.clone();
        let on_set = Callback::from(move |number: String| {
            if let Ok(number) = number.parse() {
                on_act.emit(Act::SpaceTime(deed(number)));
            }
            None
        });
        html! {
            <NumberBox {label} {value} min=0.0 {step} moving=true {on_set} />
        }
    };
    html! {
        <div class="st-filter" onkeydown={escape}>
            <button type="button" class={classes!("st-switch", filtered.then_some("on"))}
                aria-expanded={open.to_string()} aria-controls="st-filter" onclick={toggle}>
                { words::FILTER }
            </button>
            if *open {
                <div class="st-sheet-of-filter" id="st-filter">
                    <fieldset>
                        <legend>{ words::NODES }</legend>
                        { for shown.nodes.iter().take(MOST_NODES).map(|(id, name, on)| {
                            box_of(on_act, name, *on, Deed::Node(*id, !on))
                        }) }
                    </fieldset>
                    if !shown.given {
                        <fieldset>
                            <legend>{ words::KINDS }</legend>
                            { for shown.kinds.iter().map(|(kind, on)| {
                                box_of(on_act, kind, *on, Deed::Kind(kind, !on))
                            }) }
                            if shown.kinds.is_empty() { <span>{ words::NO_KINDS }</span> }
                        </fieldset>
                    }
                    <fieldset>
                        <legend>{ words::WINDOW }</legend>
                        { edge(words::FROM, shown.window.0, Deed::From) }
                        { edge(words::TO, shown.window.1, Deed::To) }
                    </fieldset>
                </div>
            }
        </div>
    }
}

fn box_of(on_act: &Callback<Act>, word: &str, checked: bool, deed: Deed) -> Html {
    let onchange = on_act.reform(move |_: Event| Act::SpaceTime(deed.clone()));
    html! {
        <label class="choice">
            <input type="checkbox" {checked} {onchange} />
            { word.to_owned() }
        </label>
    }
}
