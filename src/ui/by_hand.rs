//! A line above the palette while a run is played by hand: what waits, and the way back.

use faultline_sim::command::Command;
use yew::prelude::*;

use crate::text::breaking as words;
use crate::ui::Act;
use crate::ui::act::BreakAct;

#[derive(Properties, PartialEq)]
pub struct ByHandProps {
    pub on_act: Callback<Act>,
}

#[component]
pub fn ByHand(props: &ByHandProps) -> Html {
    let run = props
        .on_act
        .reform(|_: MouseEvent| Act::Break(BreakAct::Apply(Command::ByHand(false))));
    html! {
        <div class="by-hand" role="group" aria-label={words::BY_HAND}>
            <p><strong>{ words::BY_HAND }{ ": " }</strong>{ words::BY_HAND_ABOUT }</p>
            <button type="button" onclick={run}>{ words::LET_IT_RUN }</button>
        </div>
    }
}
