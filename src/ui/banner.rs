//! The banner over a stage when a rule of its run is broken: what happened, which rule, and a way to
//! the moment.

use faultline_sim::timeline::Target;
use yew::prelude::*;

use crate::text::broken as words;
use crate::ui::act::{PickAct, TravelAct, ViewAct};
use crate::ui::icons::Icon;
use crate::ui::{Act, Tab};

#[derive(Properties, PartialEq)]
pub struct BannerProps {
    /// How the newest broken law broke, as a sentence.
    pub sentence: AttrValue,
    /// Which rule it is.
    pub rule: AttrValue,
    /// How many other laws are broken.
    pub others: usize,
    /// The record that broke it.
    pub seq: u64,
    pub on_act: Callback<Act>,
}

#[component]
pub fn Banner(props: &BannerProps) -> Html {
    let (seq, on_act) = (props.seq, props.on_act.clone());
    let show = Callback::from(move |_: MouseEvent| {
        on_act.emit(Act::View(ViewAct::Tab(Tab::Log)));
        on_act.emit(Act::Travel(TravelAct::Go(Target::Record(seq))));
    });
    let hide = props
        .on_act
        .reform(|_: MouseEvent| Act::Pick(PickAct::HideBroken));
    html! {
        // The assertive live region reads the sentence out, once.
        <div class="banner" role="group" aria-label="Broken rule">
            { sign() }
            <div class="banner-words">
                <p class="banner-sentence">{ &props.sentence }</p>
                <p class="banner-rule">
                    { &props.rule }
                    if let Some(more) = words::and_more(props.others) { { format!(" {more}") } }
                </p>
            </div>
            <button type="button" class="banner-show" onclick={show}>{ words::SHOW }</button>
            <button type="button" class="close" aria-label={words::DISMISS} title={words::DISMISS}
                onclick={hide}>{ Icon::Close.inline() }</button>
        </div>
    }
}

/// An octagon with a cross, as in Measures.
fn sign() -> Html {
    html! {
        <svg class="banner-sign" viewBox="0 0 24 24" aria-hidden="true">
            <path class="banner-outline" d="M8 2h8l6 6v8l-6 6H8l-6-6V8z" />
            <path class="banner-cross" d="M8 8l8 8M16 8l-8 8" />
        </svg>
    }
}
