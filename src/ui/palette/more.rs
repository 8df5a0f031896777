//! All other faults: rarer buttons in rows, and a form for any command.

use faultline_sim::command::{Command, Monkey, OTHER_VERBS};
use faultline_sim::fault::{Fault, VERBS};
use faultline_sim::process::NodeId;
use faultline_sim::time::Duration;
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::{choice, chosen, head};
use crate::text::{breaking as text, hunting};
use crate::ui::act::{BreakAct, PickAct};
use crate::ui::hunting::Deed;
use crate::ui::{Act, Mode, Sheet};

/// What the buttons do to a clock: large enough to see. The inspector's dials set any other amount.
const SKEW_US: i64 = 100_000;
const DRIFT_PPM: i32 = 20_000;

#[derive(Properties, PartialEq)]
pub struct MoreProps {
    pub roster: Vec<NodeId>,
    /// The node that had the keyboard focus.
    pub focus: NodeId,
    /// Whether there is anything to heal.
    pub walls: bool,
    /// Whether any node is down.
    pub down: bool,
    /// The timer that can be aligned.
    pub aligns: Option<&'static str>,
    /// What a single node can lose: the switch, what breaks, what is mended.
    pub parts: Vec<(&'static str, &'static str, &'static str)>,
    /// The run is played by hand.
    pub by_hand: bool,
    /// A monkey is loose.
    pub monkey: bool,
    /// What was wrong with the command typed last.
    pub wrong: Option<AttrValue>,
    pub on_act: Callback<Act>,
}

/// About one crash in four seconds, and three seconds down: most nodes are up most of the time.
const MONKEY: Monkey = Monkey {
    every: Duration::seconds(4),
    down: Duration::seconds(3),
};

/// The button that lets a monkey loose, or calls it back.
fn monkey(loose: bool, on_act: &Callback<Act>) -> Html {
    let next = (!loose).then_some(MONKEY);
    let click =
        on_act.reform(move |_: MouseEvent| Act::Break(BreakAct::Apply(Command::Monkey(next))));
    let label = if loose {
        text::MONKEY_OFF
    } else {
        text::MONKEY_ON
    };
    html! {
        <>
            <span class="row-name">{ text::ROW_MONKEY }</span>
            <span class="row"><button type="button" onclick={click}>{ label }</button></span>
        </>
    }
}

#[component]
pub fn More(props: &MoreProps) -> Html {
    let MoreProps { on_act, roster, .. } = props;
    let known = |id: NodeId| roster.contains(&id).then_some(id);
    let picked = use_state(|| [props.focus, NodeId(0), NodeId(0)]);
    let first = known(picked[0])
        .or(roster.first().copied())
        .unwrap_or(NodeId(0));
    let from = known(picked[1]).unwrap_or(first);
    let to = known(picked[2]).filter(|to| *to != from);
    let to = to.or_else(|| roster.iter().copied().find(|id| *id != from));
    let pick = |which: usize| {
        let picked = picked.clone();
        Callback::from(move |event: Event| {
            let mut all = *picked;
            all[which] = chosen(&event);
            picked.set(all);
        })
    };
    let button = |label: String, act: Act, on: bool| {
        let click = on_act.reform(move |_: MouseEvent| act.clone());
        html! { <button type="button" disabled={!on} onclick={click}>{ label }</button> }
    };
    let fault = |fault: Fault| Act::Break(BreakAct::Apply(Command::Fault(fault)));
    let mute = fault(Fault::OneWay(vec![from], vec![to.unwrap_or(from)]));
    html! {
        <>
            { head(Sheet::More, text::MORE_TITLE, on_act) }
            <div class="rows">
                <span class="row-name">{ text::ROW_SIDES }</span>
                <span class="row">
                    { button(text::TICK_NODES.into(), Act::Pick(PickAct::Mode(Mode::Ticking(Vec::new()))), true) }
                    { button(text::HEAL_ALL.into(), Act::Break(BreakAct::Heal), props.walls) }
                </span>
                <span class="row-name">{ text::ROW_ONE_WAY }</span>
                <span class="row">
                    { choice(roster, Some(from), text::SENDER, pick(1)) }
                    <span aria-hidden="true">{ "→" }</span>
                    { choice(roster, to, text::RECEIVER, pick(2)) }
                    { button(text::deaf_to(from, to.unwrap_or(from)), mute, to.is_some()) }
                </span>
                <span class="row-name">{ text::ROW_NODES }</span>
                <span class="row">
                    { button(text::ADD_NODE.into(), Act::Break(BreakAct::Apply(Command::AddNode(Vec::new()))), true) }
                    { choice(roster, Some(first), text::WHICH_NODE, pick(0)) }
                    { button(text::remove(first), Act::Break(BreakAct::Apply(Command::RemoveNode(first))),
                        !roster.is_empty()) }
                </span>
                { clocks(roster, first, pick(0), on_act) }
                { parts(&props.parts, first, on_act) }
                <span class="row-name">{ text::ROW_MANY }</span>
                <span class="row">
                    { button(text::CRASH_SHARE.into(), fault(Fault::CrashShare(0.3)), true) }
                    { button(text::RESTART_ALL.into(), fault(Fault::RecoverAll), props.down) }
                </span>
                { monkey(props.monkey, on_act) }
                if let Some(timer) = props.aligns {
                    <span class="row-name">{ text::ROW_TIMERS }</span>
                    <span class="row">
                        { button(text::ALIGN.0.into(), fault(Fault::Align(timer.into())), true) }
                        { button(text::SPREAD.0.into(), fault(Fault::Spread(timer.into())), true) }
                    </span>
                }
                <span class="row-name">{ text::ROW_ORDER }</span>
                <span class="row">
                    { hand(props.by_hand, on_act) }
                </span>
                <span class="row-name">{ text::ROW_SEARCH }</span>
                <span class="row">
                    { button(hunting::TITLE.into(), Act::Hunt(Deed::Open(None)), true) }
                </span>
            </div>
            <Words wrong={props.wrong.clone()} on_act={on_act.clone()} />
        </>
    }
}

/// Clocks that are wrong, or run wrong.
fn clocks(roster: &[NodeId], whose: NodeId, pick: Callback<Event>, on_act: &Callback<Act>) -> Html {
    let button = |label: &'static str, fault: Fault| {
        let act = Act::Break(BreakAct::Apply(Command::Fault(fault)));
        let click = on_act.reform(move |_: MouseEvent| act.clone());
        html! { <button type="button" onclick={click}>{ label }</button> }
    };
    html! {
        <>
            <span class="row-name">{ text::ROW_CLOCKS }</span>
            <span class="row">
                { choice(roster, Some(whose), text::WHOSE_CLOCK, pick) }
                { button(text::CLOCK_AHEAD, Fault::Skew(whose, SKEW_US)) }
                { button(text::CLOCK_BEHIND, Fault::Skew(whose, -SKEW_US)) }
                { button(text::CLOCK_FAST, Fault::Drift(whose, DRIFT_PPM)) }
                { button(text::CLOCK_RIGHT, Fault::Skew(whose, 0)) }
            </span>
        </>
    }
}

/// What the node that was chosen can lose in this protocol, and get back.
fn parts(
    all: &[(&'static str, &'static str, &'static str)],
    whose: NodeId,
    on_act: &Callback<Act>,
) -> Html {
    if all.is_empty() {
        return Html::default();
    }
    let button = |name: &str, on: bool, label: &'static str| {
        let name = format!("{whose}.{name}");
        let act = Act::Break(BreakAct::Apply(Command::SetSwitch(name, on)));
        let click = on_act.reform(move |_: MouseEvent| act.clone());
        html! { <button type="button" onclick={click}>{ label }</button> }
    };
    let of = |(name, lost, back): &(&'static str, &'static str, &'static str)| {
        html! { <>{ button(name, false, lost) }{ button(name, true, back) }</> }
    };
    html! {
        <>
            <span class="row-name">{ crate::text::capital(&crate::text::node(whose)) }</span>
            <span class="row">{ for all.iter().map(of) }</span>
        </>
    }
}

/// A switch: messages and timers wait for the person.
fn hand(on: bool, on_act: &Callback<Act>) -> Html {
    let onclick =
        on_act.reform(move |_: MouseEvent| Act::Break(BreakAct::Apply(Command::ByHand(!on))));
    html! {
        <button type="button" aria-pressed={on.to_string()} {onclick}>{ text::PLAY_BY_HAND }</button>
    }
}

#[derive(Properties, PartialEq)]
struct WordsProps {
    wrong: Option<AttrValue>,
    on_act: Callback<Act>,
}

/// Any command as text, with its syntax.
#[component]
fn Words(props: &WordsProps) -> Html {
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
            on_act.emit(Act::Break(BreakAct::Typed((*words).clone())));
        })
    };
    html! {
        <>
            <form class="any-command" onsubmit={submit}>
                <label>{ text::ANY_FAULT }
                    <select onchange={choose}>
                        { for all.iter().enumerate().map(|(i, (verb, ..))| html! {
                            <option value={*verb} selected={i == *chosen}>{ *verb }</option>
                        }) }
                    </select>
                </label>
                <label class="grow">
                    <span class="form-of">{ text::syntax(all[*chosen].1) }</span>
                    <input type="text" value={(*words).clone()} oninput={typed} spellcheck="false"
                        autocomplete="off" aria-invalid={props.wrong.is_some().to_string()}
                        aria-describedby="more-wrong" />
                </label>
                <button type="submit" class="primary">{ text::DO_IT }</button>
            </form>
            <p class="wrong" id="more-wrong" role="status">{ props.wrong.clone() }</p>
        </>
    }
}
