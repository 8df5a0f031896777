//! How strong a promise the history keeps: five lights, the strongest first.

use faultline_sim::judge::Kept;
use faultline_sim::timeline::Target;
use yew::prelude::*;

use super::{Deed, Rung, Shown, press};
use crate::text::history as words;
use crate::ui::act::TravelAct;
use crate::ui::panels::{Lamp, lamp};
use crate::ui::{Act, Same};

#[derive(Properties, PartialEq)]
pub struct LadderProps {
    pub shown: Same<Shown>,
    pub on_act: Callback<Act>,
}

#[component]
pub fn Ladder(props: &LadderProps) -> Html {
    let LadderProps { shown, on_act } = props;
    html! {
        <>
            <ol class="lights">{ for shown.rungs.iter().map(|rung| light(rung, on_act)) }</ol>
            if shown.searching {
                <p class="quiet" role="status">{ words::SEARCHING }</p>
            } else if shown.rungs.iter().any(|rung| rung.undecided) {
                <button type="button" class="act" onclick={press(on_act, Deed::GoOn)}>{ words::GO_ON }</button>
            }
        </>
    }
}

fn light(rung: &Rung, on_act: &Callback<Act>) -> Html {
    let (class, word) = rung.light;
    let level = rung.level;
    let lit = match class {
        _ if class == words::light(&Kept::Holds).0 => Lamp::Holds,
        "light-broken" => Lamp::Broken,
        _ => Lamp::Open,
    };
    html! {
        <li class={classes!("light", class)}>
            { lamp(lit) }
            <div>
                <p class="light-title">
                    <strong class="light-word">{ word }</strong>{ ": " }{ words::level(level) }
                </p>
                <p class="quiet">{ words::meaning(level) }</p>
                if let Some(why) = &rung.why { <p>{ why }</p> }
                <div class="hist-ways">
                    if let Some((seq, time)) = rung.broke {
                        <button type="button" class="act" onclick={
                            on_act.reform(move |_: MouseEvent| Act::Travel(TravelAct::Go(Target::Record(seq))))
                        }>{ words::go(time) }</button>
                    }
                    if let Some(shown) = rung.shown {
                        <button type="button" class="act" aria-pressed={shown.to_string()}
                            onclick={press(on_act, Deed::Show(level))}>{ words::SHOW }</button>
                    }
                </div>
            </div>
        </li>
    }
}
