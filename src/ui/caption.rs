//! The caption: one sentence about what is happening, and on the home page a hint.

use faultline_sim::process::NodeId;
use yew::prelude::*;

use crate::text::capital;
use crate::text::records::spelled;
use crate::ui::act::{RunAct, TravelAct};
use crate::ui::icons::Icon;
use crate::ui::{Act, Mode};

#[derive(Properties, PartialEq)]
pub struct CaptionProps {
    /// The leader to crash, while the page shows the hint.
    pub hint: Option<NodeId>,
    /// The protocol's own sentence.
    pub narration: Option<AttrValue>,
    pub mode: Mode,
    /// Why the run was cut, if a limit was reached.
    pub halted: Option<AttrValue>,
    /// Reduced motion: the page does not move on its own.
    pub stepping: bool,
    /// The run has been paused since it opened: says so and offers to play.
    #[prop_or_default]
    pub waits: bool,
    /// Offers to go back to just before the first fault.
    pub rewind: bool,
    pub on_act: Callback<Act>,
}

#[component]
pub fn Caption(props: &CaptionProps) -> Html {
    let sentence = match (&props.halted, &props.mode, props.hint) {
        (Some(why), ..) => html! { why },
        (None, Mode::Ticking(_), _) => html! { crate::text::TICK_FIRST },
        (None, Mode::Cutting(_), _) => html! { crate::text::CUT_SECOND },
        (None, Mode::Muting(_), _) => html! { crate::text::breaking::MUTE_SECOND },
        (None, Mode::Normal, Some(leader)) => html! {
            <>
                <strong>{ format!("Node {}", leader.0) }</strong>{ " leads. Click its " }
                <span class="mini-strike">{ Icon::Bolt.inline() }</span>
                <span class="for-readers">{ "lightning badge" }</span>{ " to crash it." }
            </>
        },
        (None, Mode::Normal, None) => {
            let words = props.narration.as_deref().unwrap_or_default();
            // A node may also start the second sentence.
            html! { capital(&spelled(words)).replace(". node ", ". Node ") }
        }
    };
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
                { sentence }
                if props.stepping { { " Press Step (→) to let time pass." } }
            </p>
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
