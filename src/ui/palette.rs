//! The fault palette: one click each, and a form for all the rest.

use faultline_sim::command::OTHER_VERBS;
use faultline_sim::fault::VERBS;
use faultline_sim::process::NodeId;
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use crate::text;
use crate::ui::icons::Icon;
use crate::ui::{Act, Mode};

/// What the palette's buttons mean at this moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Offers {
    /// The leader to crash.
    pub leader: Option<NodeId>,
    /// A node that is down, to recover.
    pub down: Option<NodeId>,
    pub nodes: usize,
    pub split: bool,
    /// Anything that Heal takes away.
    pub walls: bool,
    pub slowed: bool,
    /// The next message will be lost.
    pub armed: bool,
    pub undo: bool,
    pub redo: bool,
}

#[derive(Properties, PartialEq)]
pub struct PaletteProps {
    pub offers: Offers,
    pub mode: Mode,
    /// What was wrong with the command typed last.
    pub wrong: Option<AttrValue>,
    pub on_act: Callback<Act>,
}

#[component]
pub fn Palette(props: &PaletteProps) -> Html {
    let PaletteProps { offers, on_act, .. } = props;
    let more = use_state(|| false);
    let toggle = {
        let more = more.clone();
        Callback::from(move |_: MouseEvent| more.set(!*more))
    };
    let button = |icon: Icon,
                  label: String,
                  short: &'static str,
                  act: Act,
                  on: bool,
                  class: &'static str| {
        let click = on_act.reform(move |_: MouseEvent| act.clone());
        html! {
            <button type="button" class={classes!("verb", class)} disabled={!on} onclick={click}
                aria-label={label.clone()}>
                { icon.inline() }<span class="long">{ label }</span>
                <span class="short" aria-hidden="true">{ short }</span>
            </button>
        }
    };
    let crash = match (offers.leader, offers.down) {
        (None, Some(id)) => {
            let label = format!("Recover node {}", id.0);
            button(Icon::Revive, label, "Recover", Act::Strike(id), true, "")
        }
        (leader, _) => button(
            Icon::Bolt,
            "Crash leader".into(),
            "Crash",
            Act::CrashLeader,
            leader.is_some(),
            "breaks",
        ),
    };
    let split = if offers.split {
        button(
            Icon::Joined,
            "Heal split".into(),
            "Heal",
            Act::Split,
            true,
            "",
        )
    } else {
        let label = text::split_label(offers.nodes);
        button(
            Icon::Split,
            label,
            "Split",
            Act::Split,
            offers.nodes > 1,
            "",
        )
    };
    let slow = if offers.slowed {
        button(
            Icon::Snail,
            "Usual speed".into(),
            "Usual",
            Act::SlowNetwork,
            true,
            "on",
        )
    } else {
        button(
            Icon::Snail,
            "Slow network".into(),
            "Slow",
            Act::SlowNetwork,
            true,
            "",
        )
    };
    // It lies over nodes that are about to be ticked; the caption offers to isolate them.
    let on_more = {
        let (more, on_act) = (more.clone(), on_act.clone());
        Callback::from(move |act: Act| {
            if matches!(act, Act::Mode(Mode::Ticking(_))) {
                more.set(false);
            }
            on_act.emit(act);
        })
    };
    let lose = if offers.armed { "on" } else { "" };
    html! {
        <div class="palette" role="group" aria-label="Break it">
            <span class="palette-title" aria-hidden="true">{ text::BREAK_IT }</span>
            { crash }
            { split }
            { slow }
            { button(Icon::Drop, "Lose next message".into(), "Lose", Act::LoseNext, true, lose) }
            { button(Icon::Heal, "Heal all".into(), "Heal all", Act::Heal, offers.walls, "wide-only") }
            { button(Icon::Plus, "Add node".into(), "Add", Act::Do(faultline_sim::command::Command::AddNode), true, "wide-only") }
            <button type="button" class="verb" aria-label="More faults" aria-expanded={more.to_string()}
                aria-controls="more-faults" onclick={toggle}>
                { Icon::More.inline() }<span class="long">{ "More faults" }</span>
                <span class="short" aria-hidden="true">{ "More" }</span>
            </button>
            <span class="gap"></span>
            { button(Icon::Undo, "Undo".into(), "Undo", Act::Undo, offers.undo, "icon-narrow") }
            { button(Icon::Redo, "Redo".into(), "Redo", Act::Redo, offers.redo, "icon-narrow icon-only") }
            if *more {
                <More offers={offers.clone()} mode={props.mode.clone()} wrong={props.wrong.clone()}
                    on_act={on_more} />
            }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct MoreProps {
    offers: Offers,
    mode: Mode,
    wrong: Option<AttrValue>,
    on_act: Callback<Act>,
}

/// Any command in words, with its form shown, and the tick mode.
#[component]
fn More(props: &MoreProps) -> Html {
    let all: Vec<_> = VERBS.iter().chain(&OTHER_VERBS).collect();
    let chosen = use_state(|| 0_usize);
    let words = use_state(|| VERBS[0].2.to_owned());
    let choose = {
        let (chosen, words) = (chosen.clone(), words.clone());
        let examples: Vec<&str> = all.iter().map(|(.., example)| *example).collect();
        Callback::from(move |event: Event| {
            let select: Option<HtmlSelectElement> = event.target().and_then(|t| t.dyn_into().ok());
            if let Some(at) = select.and_then(|s| usize::try_from(s.selected_index()).ok()) {
                chosen.set(at);
                words.set(examples[at].to_owned());
            }
        })
    };
    let typed = {
        let words = words.clone();
        Callback::from(move |event: InputEvent| {
            let input: Option<HtmlInputElement> = event.target().and_then(|t| t.dyn_into().ok());
            words.set(input.map(|i| i.value()).unwrap_or_default());
        })
    };
    let submit = {
        let (words, on_act) = (words.clone(), props.on_act.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            on_act.emit(Act::Words((*words).clone()));
        })
    };
    let ticking = matches!(props.mode, Mode::Ticking(_));
    let tick = props.on_act.reform(move |_: MouseEvent| {
        Act::Mode(if ticking {
            Mode::Normal
        } else {
            Mode::Ticking(Vec::new())
        })
    });
    let isolate = props.on_act.reform(|_: MouseEvent| Act::Isolate);
    let some = matches!(&props.mode, Mode::Ticking(ids) if !ids.is_empty());
    let act = |label: &'static str, act: Act, on: bool| {
        let click = props.on_act.reform(move |_: MouseEvent| act.clone());
        html! { <button type="button" disabled={!on} onclick={click}>{ label }</button> }
    };
    html! {
        <div class="more-faults" id="more-faults">
            <div class="more-faults-row">
                { act("Heal all", Act::Heal, props.offers.walls) }
                { act("Add node", Act::Do(faultline_sim::command::Command::AddNode), true) }
                <button type="button" aria-pressed={ticking.to_string()} onclick={tick}>
                    { "Tick nodes" }
                </button>
                <button type="button" disabled={!some} onclick={isolate}>
                    { "Isolate ticked nodes" }
                </button>
            </div>
            <form class="more-faults-row" onsubmit={submit}>
                <label>{ "Fault " }
                    <select onchange={choose}>
                        { for all.iter().enumerate().map(|(i, (verb, ..))| html! {
                            <option value={*verb} selected={i == *chosen}>{ *verb }</option>
                        }) }
                    </select>
                </label>
                <label class="grow">
                    <span class="form-of">{ format!("Written: {}", all[*chosen].1) }</span>
                    <input type="text" value={(*words).clone()} oninput={typed} spellcheck="false"
                        autocomplete="off" aria-invalid={props.wrong.is_some().to_string()}
                        aria-describedby="more-wrong" />
                </label>
                <button type="submit" class="primary">{ "Do it" }</button>
            </form>
            <p class="wrong" id="more-wrong" role="status">{ props.wrong.clone() }</p>
        </div>
    }
}
