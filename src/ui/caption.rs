//! The caption: one sentence about what matters now with a smaller line under it, and on the home page a
//! hint.

use std::rc::Rc;

use faultline_sim::frame::Answers;
use faultline_sim::process::NodeId;
use yew::prelude::*;

use crate::text::{caption as words, compare};
use crate::ui::act::{CompareAct, RunAct, TravelAct};
use crate::ui::answers::{answers, right};
use crate::ui::icons::Icon;
use crate::ui::{Act, Mode, asking};

#[derive(Properties, PartialEq)]
pub struct CaptionProps {
    /// The leader to crash, while the page shows the hint.
    pub hint: Option<NodeId>,
    /// The protocol's own sentence.
    pub narration: Option<AttrValue>,
    /// What clients would be told now; then the narration says the same in words.
    #[prop_or_default]
    pub answers: Option<Rc<Answers>>,
    pub mode: Mode,
    /// Why the run was cut, if a limit was reached.
    pub halted: Option<AttrValue>,
    /// While paused: what to do next.
    pub next: Option<&'static str>,
    /// Nothing moves on its own, so what to do next is told whatever else there is to say.
    pub at_rest: bool,
    /// The run has been paused since it opened: says so and offers to play.
    #[prop_or_default]
    pub waits: bool,
    /// Offers to go back to just before the first fault.
    pub rewind: bool,
    /// Offers the question of the scenario.
    #[prop_or_default]
    pub guess: bool,
    /// Another scenario to compare with: its algorithm, and what is seen there.
    #[prop_or_default]
    pub beside: Option<(&'static str, &'static str)>,
    pub on_act: Callback<Act>,
}

#[component]
pub fn Caption(props: &CaptionProps) -> Html {
    let mut why = String::new();
    let sentence = match (&props.halted, &props.mode, props.hint) {
        (Some(why), ..) => html! { why },
        (None, Mode::Ticking(_), _) => html! { crate::text::TICK_FIRST },
        (None, Mode::Cutting(_), _) => html! { crate::text::CUT_SECOND },
        (None, Mode::Muting(_), _) => html! { crate::text::breaking::MUTE_SECOND },
        (None, Mode::Joining(_), _) => html! { crate::text::boards::PICK_SECOND },
        (None, Mode::Normal, Some(leader)) => html! {
            <>
                <strong>{ format!("Node {}", leader.0) }</strong>{ " leads. Click its " }
                <span class="mini-strike">{ Icon::Bolt.inline() }</span>
                <span class="for-readers">{ "lightning badge" }</span>{ " to crash it." }
            </>
        },
        (None, Mode::Normal, None) if props.answers.is_some() => {
            let shown = props.answers.as_deref();
            why = shown.and_then(right).unwrap_or_default();
            shown.map(answers).unwrap_or_default()
        }
        (None, Mode::Normal, None) => {
            let (first, rest) = words::parts(props.narration.as_deref().unwrap_or_default());
            why = rest;
            html! { first }
        }
    };
    let asked = props.halted.is_none() && props.mode == Mode::Normal;
    // The hint and a reason come first, unless nothing would move on its own.
    let silent = why.is_empty() && props.hint.is_none();
    let next = props.next.filter(|_| asked && (silent || props.at_rest));
    let again = props.on_act.reform(|_: MouseEvent| Act::Run(RunAct::Reset));
    let rewind = props
        .on_act
        .reform(|_: MouseEvent| Act::Travel(TravelAct::Rewind));
    let go_on = props
        .on_act
        .reform(|_: MouseEvent| Act::Travel(TravelAct::Play(true)));
    html! {
        <div class="caption">
            <p>
                <span class="what">{ sentence }</span>
                if !why.is_empty() { <span class="why">{ " " }{ why }</span> }
                if let Some(next) = next { <span class="why next">{ " " }{ next }</span> }
            </p>
            if props.guess { { guess(&props.on_act) } }
            if let Some((algorithm, title)) = props.beside {
                { beside(algorithm, title, &props.on_act) }
            }
            if props.waits && props.halted.is_none() && props.mode == Mode::Normal {
                <button type="button" class="quiet-button waits" onclick={go_on}>
                    { Icon::Play.inline() }<span>{ crate::text::PAUSED }</span>
                </button>
            }
            if props.rewind && !props.waits && props.mode == Mode::Normal {
                <button type="button" class="quiet-button" onclick={again}>
                    { Icon::Restart.inline() }{ crate::text::AGAIN }
                </button>
                <button type="button" class="quiet-button" onclick={rewind}>
                    { Icon::Undo.inline() }
                    <span>{ "Rewind" }<span class="rest">{ " and do it differently" }</span></span>
                </button>
            }
        </div>
    }
}

/// One click to the question.
#[inline(never)]
fn guess(on_act: &Callback<Act>) -> Html {
    let show = on_act.reform(|_: MouseEvent| Act::Ask(asking::Deed::Show));
    html! {
        <button type="button" class="quiet-button" onclick={show}>
            { Icon::Ask.inline() }<span>{ crate::text::asking::GUESS_FIRST }</span>
        </button>
    }
}

/// One click to the same story under another algorithm.
#[inline(never)]
fn beside(algorithm: &str, title: &str, on_act: &Callback<Act>) -> Html {
    let compare = on_act.reform(|_: MouseEvent| Act::Compare(CompareAct::Beside));
    html! {
        <button type="button" class="quiet-button beside" title={compare::pair_about(title)}
            aria-label={format!("{}{}", compare::BESIDE, compare::with(algorithm))} onclick={compare}>
            { Icon::Compare.inline() }
            <span>{ compare::BESIDE }<span class="rest">{ compare::with(algorithm) }</span></span>
        </button>
    }
}
