//! The sheet that adds boxes to a board and connects them.

use faultline_sim::kit::{BoxKind, Kit};
use faultline_sim::process::NodeId;
use yew::prelude::*;

use super::{chosen, head};
use crate::text::boards as text;
use crate::ui::act::{BreakAct, PickAct};
use crate::ui::icons::Icon;
use crate::ui::{Act, Mode, Sheet};

#[derive(Properties)]
pub struct BoxesProps {
    pub kit: &'static Kit,
    /// The boxes that stand, with what they are.
    pub roster: Vec<(NodeId, String)>,
    /// The box that had the keyboard focus: the new one is called by it.
    pub focus: NodeId,
    pub on_act: Callback<Act>,
}

impl PartialEq for BoxesProps {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.kit, other.kit)
            && (&self.roster, self.focus) == (&other.roster, other.focus)
            && self.on_act == other.on_act
    }
}

/// Two choices, and a button for each kind of box.
#[component]
pub fn Boxes(props: &BoxesProps) -> Html {
    let ends = use_state(|| [Some(props.focus), None]);
    let known = |id: &NodeId| props.roster.iter().any(|(other, _)| other == id);
    let [from, to] = (*ends).map(|end| end.filter(known));
    let pick = |which: usize| {
        let ends = ends.clone();
        Callback::from(move |event: Event| {
            let mut all = *ends;
            all[which] = Some(chosen(&event)).filter(|id| id.0 > 0);
            ends.set(all);
        })
    };
    let add = |kind: &'static BoxKind| {
        let word = kind.word;
        let click = props
            .on_act
            .reform(move |_: MouseEvent| Act::Break(BreakAct::AddBox(word, from, to)));
        html! {
            <button type="button" key={word} class="box-kind" onclick={click} aria-label={text::kind(kind)}>
                { Icon::Plus.inline() }<strong>{ kind.title }</strong>
                <span class="quiet">{ kind.says }</span>
            </button>
        }
    };
    let first = from.unwrap_or(props.focus);
    let connect = props
        .on_act
        .reform(move |_: MouseEvent| Act::Pick(PickAct::Mode(Mode::Joining(first))));
    html! {
        <>
            { head(Sheet::Boxes, text::TITLE, &props.on_act) }
            <div class="row box-ends">
                { end(props, text::CALLED_BY, from, pick(0)) }
                { end(props, text::CALLS, to, pick(1)) }
                <button type="button" onclick={connect}>{ text::CONNECT }</button>
            </div>
            <div class="box-kinds">{ for props.kit.kinds.iter().map(add) }</div>
            <p class="quiet">{ text::ABOUT }</p>
        </>
    }
}

/// A choice of a box, or of none.
fn end(
    props: &BoxesProps,
    label: &'static str,
    picked: Option<NodeId>,
    onchange: Callback<Event>,
) -> Html {
    html! {
        <label><span>{ label }</span>{ " " }
            <select {onchange}>
                <option value="0" selected={picked.is_none()}>{ text::NOBODY }</option>
                { for props.roster.iter().map(|(id, role)| html! {
                    <option value={id.0.to_string()} selected={picked == Some(*id)}>
                        { text::option(*id, role) }
                    </option>
                }) }
            </select>
        </label>
    }
}
