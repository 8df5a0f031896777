//! The texts over and on two stages: which run is which, whether the test is fair, where the runs
//! differ.

use std::rc::Rc;

use faultline_sim::frame::{Answers, Light, VerdictFrame};
use yew::prelude::*;

use crate::text::compare::{self as words, Verdict};
use crate::ui::Act;
use crate::ui::act::CompareAct;
use crate::ui::answers::{answers, right};
use crate::ui::icons::Icon;

#[derive(Properties, PartialEq)]
pub struct CompareBarProps {
    pub mirror: bool,
    /// Where the runs first differ, in words.
    pub difference: Option<AttrValue>,
    /// Why it is not a fair test.
    pub unfair: Option<AttrValue>,
    /// The only thing that differs, if that is the point of the comparison.
    pub one_thing: Option<AttrValue>,
    /// Everything but the rules is the same.
    pub fair: Option<&'static str>,
    /// How the runs compare, with their letters.
    pub verdict: Option<Verdict>,
    pub letters: (char, char),
    /// What could not be repeated.
    pub unmatched: Option<AttrValue>,
    /// The other run, for switching on a phone.
    pub beside: AttrValue,
    pub on_act: Callback<Act>,
}

/// The bar over the two stages.
#[component]
pub fn CompareBar(props: &CompareBarProps) -> Html {
    let act = |act: Act| props.on_act.reform(move |_: MouseEvent| act.clone());
    let mirror = props.mirror;
    html! {
        <div class="compare-bar" role="group" aria-label={words::COMPARE}>
            <button type="button" class="mirror-switch" aria-pressed={mirror.to_string()}
                title={words::MIRROR_ABOUT} onclick={act(Act::Compare(CompareAct::Mirror(!mirror)))}>
                if mirror { { Icon::Tick.inline() } } else { { Icon::Close.inline() } }
                <span class="long">{ words::MIRROR }</span>
                <span class="short" aria-hidden="true">{ words::MIRROR_SHORT }</span>
            </button>
            <button type="button" class="flip" onclick={act(Act::Compare(CompareAct::Flip))}>
                { format!("Show {}", props.beside) }
            </button>
            if let Some(difference) = &props.difference {
                <button type="button" class="difference" onclick={act(Act::Compare(CompareAct::ToDifference))}>
                    <svg class="parting-sign" viewBox="-6 -6 12 12" aria-hidden="true">
                        <path d="M-5 -3H5M-5 3H5M3 -6-3 6" />
                    </svg>
                    { difference }
                </button>
            } else {
                <span class="chip-note">{ words::NO_DIFFERENCE }</span>
            }
            if let Some(unfair) = &props.unfair {
                <span class="chip unfair">
                    <span>{ unfair }</span>
                    <button type="button" onclick={act(Act::Compare(CompareAct::MakeFair))}>{ words::MAKE_FAIR }</button>
                </span>
            } else if let Some(one) = &props.one_thing {
                <span class="chip-note">{ one }</span>
            } else if let Some(fair) = props.fair {
                <span class="chip-note">{ fair }</span>
            }
            if let Some(unmatched) = &props.unmatched {
                <span class="chip unmatched">
                    <span>{ unmatched }</span>
                    <button type="button" class="close" aria-label="Dismiss this note"
                        onclick={act(Act::Compare(CompareAct::Unmatched))}>{ Icon::Close.inline() }</button>
                </span>
            }
            <span class="gap"></span>
            <button type="button" onclick={act(Act::Compare(CompareAct::Choose(true)))}>{ words::OTHER }</button>
            <button type="button" onclick={act(Act::Compare(CompareAct::Compare))}>{ words::STOP }</button>
            // Its room is there before there is anything to tell, so that the stages keep their size.
            if let Some(found) = &props.verdict {
                { verdict(found, props.letters) }
            } else {
                <p class="compare-verdict quiet">{ words::NO_VERDICT }</p>
            }
        </div>
    }
}

/// "Leaders at once: A 2 | B 1".
fn verdict(found: &Verdict, letters: (char, char)) -> Html {
    let value = |letter: char, value: &str| {
        html! {
            <span class="verdict-value">
                <span class="letter" aria-hidden="true">{ letter }</span>
                <span class="for-readers">{ format!(" Run {letter}: ") }</span>
                <strong translate="no">{ value.to_owned() }</strong>
            </span>
        }
    };
    html! {
        <p class="compare-verdict">
            <span class="verdict-title">{ format!("{}:", found.title) }</span>
            { value(letters.0, &found.values.0) }
            <span class="verdict-wall" aria-hidden="true"></span>
            { value(letters.1, &found.values.1) }
        </p>
    }
}

#[derive(Properties, PartialEq)]
pub struct RunHeadProps {
    pub letter: char,
    /// "Bully election: Textbook", or the person's own name.
    pub about: AttrValue,
    pub narration: AttrValue,
    /// What clients would be told now; then the narration says the same in words.
    pub answers: Option<Rc<Answers>>,
    pub verdicts: Vec<VerdictFrame>,
    pub acting: bool,
}

/// The head of a stage in a comparison.
#[component]
pub fn RunHead(props: &RunHeadProps) -> Html {
    let broken = |verdict: &&VerdictFrame| matches!(verdict.light, Light::Broken { .. });
    let broken: Vec<&str> = props
        .verdicts
        .iter()
        .filter(broken)
        .map(|v| v.title)
        .collect();
    let (class, word) = if broken.is_empty() {
        ("keeps", words::rules(props.verdicts.len(), "kept"))
    } else {
        ("breaks", words::rules(broken.len(), "broken"))
    };
    let titles = (!broken.is_empty()).then(|| broken.join("; "));
    html! {
        <header class="run-head">
            <h2 class="run-name" tabindex="-1">
                <span class="letter" aria-hidden="true">{ props.letter }</span>
                <span class="for-readers">{ format!("Run {}: ", props.letter) }</span>
                <span class="run-about">{ &props.about }</span>
                if props.acting { <span class="for-readers">{ ", your actions apply here" }</span> }
            </h2>
            if !props.verdicts.is_empty() {
                <span class={classes!("run-verdict", class)} title={titles}>
                    if broken.is_empty() { { Icon::Tick.inline() } } else { { Icon::Close.inline() } }
                    { word }
                </span>
            }
            <p class="run-story">
                if let Some(shown) = &props.answers {
                    { answers(shown) }
                    if let Some(right) = right(shown) { <span class="why">{ right }</span> }
                } else {
                    { &props.narration }
                }
            </p>
        </header>
    }
}
