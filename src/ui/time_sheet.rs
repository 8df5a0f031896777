//! The rarer controls of time: go to an instant, choose stops, start again.

use faultline_sim::time::{Duration, Time};
use faultline_sim::timeline::Target;
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, SubmitEvent};
use yew::prelude::*;

use crate::moments::{Moment, STOPS};
use crate::text::time as words;
use crate::ui::Act;
use crate::ui::act::{PickAct, RunAct, TravelAct};
use crate::ui::icons::Icon;
use crate::ui::number_box::{self, Kind};
use crate::ui::palette::Over;

/// Parses "4.2", "4,2", "4.2 s", "350 ms", "#57" or "@57".
#[must_use]
pub fn target(text: &str) -> Option<Target> {
    let text = text.trim();
    if let Some(number) = text.strip_prefix(['#', '@']) {
        let number = number_box::read(number, Kind::Whole).ok()?;
        return number.parse().ok().map(Target::Events);
    }
    let (number, unit) = number_box::with_unit(text).ok()?;
    let unit = if unit.is_empty() { "s" } else { unit };
    let length = Duration::parse(&format!("{number}{unit}")).ok()?;
    Some(Target::Time(Time(length.0)))
}

#[derive(Properties, PartialEq)]
pub struct TimeSheetProps {
    pub stops: Vec<Moment>,
    /// Events so far.
    pub events: u64,
    /// Constant speed.
    #[prop_or_default]
    pub real: bool,
    /// Scenarios pause where there is something to look at.
    #[prop_or_default]
    pub pauses: bool,
    pub on_act: Callback<Act>,
}

#[component]
pub fn TimeSheet(props: &TimeSheetProps) -> Html {
    let TimeSheetProps { stops, on_act, .. } = props;
    let wrong = use_state(|| false);
    let field = use_node_ref();
    let close = on_act.reform(|_: MouseEvent| Act::Pick(PickAct::Sheet(None)));
    let onsubmit = {
        let (wrong, field, on_act) = (wrong.clone(), field.clone(), on_act.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let Some(field) = field.cast::<HtmlInputElement>() else {
                return;
            };
            let target = target(&field.value());
            wrong.set(target.is_none());
            if let Some(target) = target {
                on_act.emit(Act::Travel(TravelAct::Go(target)));
            }
        })
    };
    let button = |label: &'static str, act: Act| {
        let click = on_act.reform(move |_: MouseEvent| act.clone());
        html! { <button type="button" onclick={click}>{ label }</button> }
    };
    let stop = |(kind, word): &(Moment, &'static str)| {
        let kind = *kind;
        let onchange = on_act.reform(move |event: Event| {
            let input: Option<HtmlInputElement> = event.target().and_then(|t| t.dyn_into().ok());
            Act::Travel(TravelAct::StopAt(
                kind,
                input.is_some_and(|input| input.checked()),
            ))
        });
        html! {
            <label class="choice" key={*word}>
                <input type="checkbox" checked={stops.contains(&kind)} {onchange} />{ *word }
            </label>
        }
    };
    html! {
        <Over id="time-sheet">
            <div class="over-head">
                <h2>{ words::TITLE }</h2>
                <button type="button" class="close" aria-label={words::CLOSE} onclick={close}>
                    { Icon::Close.inline() }
                </button>
            </div>
            <form class="go-to" {onsubmit} novalidate=true>
                <label for="go-to">{ words::GO_TO }</label>
                <span>
                    <input id="go-to" ref={field} type="text" autocomplete="off" spellcheck="false"
                        placeholder={words::example(props.events)}
                        aria-invalid={wrong.then_some("true")} aria-describedby="go-to-hint" />
                    <button type="submit">{ words::GO }</button>
                </span>
                <p id="go-to-hint" class={if *wrong { "complaint" } else { "quiet" }}
                    role={wrong.then_some("alert")}>{ words::hint(props.events) }</p>
            </form>
            <fieldset class="stops">
                <legend>{ words::STOP_AT }</legend>
                { for STOPS.iter().map(stop) }
            </fieldset>
            <PaceChoice real={props.real} pauses={props.pauses} on_act={on_act.clone()} />
            <div class="begin" role="group" aria-label={words::BEGIN}>
                { button(words::RESTART, Act::Run(RunAct::Restart)) }
                { button(words::RESET, Act::Run(RunAct::Reset)) }
                { button(words::NEW_SEED, Act::Run(RunAct::NewSeed)) }
            </div>
        </Over>
    }
}

#[derive(Properties, PartialEq)]
pub struct PaceChoiceProps {
    pub real: bool,
    pub pauses: bool,
    pub on_act: Callback<Act>,
}

/// How time goes: constant, or so that people can follow.
#[component]
pub fn PaceChoice(props: &PaceChoiceProps) -> Html {
    let choice = |checked: bool, word: &'static str, act: fn(bool) -> TravelAct| {
        let onchange = props.on_act.reform(move |event: Event| {
            let input: Option<HtmlInputElement> = event.target().and_then(|t| t.dyn_into().ok());
            Act::Travel(act(input.is_some_and(|input| input.checked())))
        });
        html! {
            <label class="choice"><input type="checkbox" {checked} {onchange} />{ word }</label>
        }
    };
    html! {
        <fieldset class="stops pace">
            <legend>{ words::GAIT }</legend>
            { choice(props.real, words::REAL, TravelAct::Real) }
            { choice(props.pauses, words::PAUSES, TravelAct::Pauses) }
        </fieldset>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_event_numbers_are_read_as_people_write_them() {
        let at = |us| Some(Target::Time(Time(us)));
        assert_eq!(target("4.2"), at(4_200_000));
        assert_eq!(target(" 4.2 s "), at(4_200_000));
        assert_eq!(target("4,2"), at(4_200_000));
        assert_eq!(target("0,35 s"), at(350_000));
        assert_eq!(target("350ms"), at(350_000));
        assert_eq!(target("#57"), Some(Target::Events(57)));
        assert_eq!(target("@0"), Some(Target::Events(0)));
        for wrong in ["", "soon", "#", "-3", "4,", "s", "1,000", "4 2"] {
            assert_eq!(target(wrong), None, "{wrong}");
        }
    }
}
