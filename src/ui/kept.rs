//! The list of kept runs: open, compare, rename or delete one.

use faultline_sim::time::Time;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::text::{self, capital, compare as words};
use crate::ui::Act;
use crate::ui::act::{CompareAct, RunAct};
use crate::ui::icons::Icon;

/// A run in the list.
#[derive(Clone, PartialEq)]
pub struct KeptRun {
    pub letter: char,
    /// The person's own name for it.
    pub name: Option<AttrValue>,
    pub commands: usize,
    pub until: Time,
    pub looked_at: bool,
}

#[derive(Properties, PartialEq)]
pub struct KeptRunsProps {
    pub runs: Vec<KeptRun>,
    /// The run that the latest one replaced.
    pub replaced: Option<char>,
    pub on_act: Callback<Act>,
}

#[component]
pub fn KeptRuns(props: &KeptRunsProps) -> Html {
    if props.runs.len() < 2 && props.replaced.is_none() {
        return Html::default();
    }
    let bring = props
        .on_act
        .reform(|_: MouseEvent| Act::Run(RunAct::BringBack));
    html! {
        <section class="kept">
            <h2>{ words::KEPT }</h2>
            if let Some(letter) = props.replaced {
                <p class="replaced">
                    { words::replaced(letter) }
                    <button type="button" onclick={bring}>{ words::BRING_BACK }</button>
                </p>
            }
            <ul>{ for props.runs.iter().map(|run| row(run, &props.on_act)) }</ul>
        </section>
    }
}

fn row(run: &KeptRun, on_act: &Callback<Act>) -> Html {
    let letter = run.letter;
    let act = |act: Act| on_act.reform(move |_: MouseEvent| act.clone());
    let rename = on_act.reform(move |event: Event| {
        let input = event
            .target()
            .and_then(|t| t.dyn_into::<HtmlInputElement>().ok());
        Act::Run(RunAct::Rename(
            letter,
            input.map(|input| input.value()).unwrap_or_default(),
        ))
    });
    let plain = words::run(letter, None);
    html! {
        <li key={letter.to_string()}>
            <span class="letter" aria-hidden="true">{ letter }</span>
            <input type="text" maxlength="24" aria-label={format!("Name of {plain}")}
                placeholder={capital(&plain)} value={run.name.clone()} onchange={rename} />
            if run.looked_at {
                <span class="quiet">{ "on the stage" }</span>
            } else {
                <button type="button" onclick={act(Act::Run(RunAct::LookAt(letter, None)))}>
                    { format!("Open {plain}") }
                </button>
                <button type="button" onclick={act(Act::Compare(CompareAct::CompareRun(letter)))}
                    aria-label={format!("Compare with {plain}")}>{ words::COMPARE }</button>
                <button type="button" class="close" aria-label={format!("Delete {plain}")}
                    onclick={act(Act::Run(RunAct::DeleteRun(letter)))}>{ Icon::Close.inline() }</button>
            }
            <span class="kept-about">
                { format!("{}, up to {}", text::counted(run.commands, "command", "commands"), text::instant(run.until)) }
            </span>
        </li>
    }
}
