//! Futures that were left by acting in the past, to go back to.

use std::rc::Rc;

use faultline_sim::timeline::Kept;
use yew::prelude::*;

use crate::text;
use crate::ui::Act;

#[derive(Properties)]
pub struct KeptRunsProps {
    pub runs: Rc<Vec<Kept>>,
    pub on_act: Callback<Act>,
}

impl PartialEq for KeptRunsProps {
    fn eq(&self, other: &Self) -> bool {
        let key = |props: &Self| -> Vec<_> {
            props
                .runs
                .iter()
                .map(|run| (run.name.clone(), run.until))
                .collect()
        };
        key(self) == key(other) && self.on_act == other.on_act
    }
}

#[component]
pub fn KeptRuns(props: &KeptRunsProps) -> Html {
    if props.runs.is_empty() {
        return Html::default();
    }
    let run = |(i, run): (usize, &Kept)| {
        let commands = run.recipe.commands.len();
        let plural = if commands == 1 { "" } else { "s" };
        html! {
            <li>
                <button type="button" onclick={props.on_act.reform(move |_: MouseEvent| Act::Reopen(i))}>
                    { format!("Open run {}", run.name.trim_start_matches("Run ")) }
                </button>
                <span>{ format!("{commands} intervention{plural}, up to {}", text::instant(run.until)) }</span>
            </li>
        }
    };
    html! {
        <section class="kept">
            <h2>{ "Kept futures" }</h2>
            <ul>{ for props.runs.iter().enumerate().map(run) }</ul>
        </section>
    }
}
