//! The stage of a big cluster: one small square per node, with fill, mark and outline for its state.

use faultline_sim::frame::{Frame, Life, NodeFrame, Tone};
use faultline_sim::process::NodeId;
use yew::prelude::*;

use crate::layout::Scene;
use crate::text;
use crate::ui::act::PickAct;
use crate::ui::node::crowned;
use crate::ui::{Act, Mode, Same, Selection, classes};

/// How many tiles are compared and drawn together: an unchanged tile costs one comparison of pointers.
const TOGETHER: usize = 8;

#[derive(Properties, PartialEq)]
pub struct TilesProps {
    pub frame: Same<Frame>,
    pub scene: Same<Scene>,
    pub selection: Selection,
    pub mode: Mode,
    pub focus: NodeId,
    pub on_act: Callback<Act>,
}

#[component]
pub fn Tiles(props: &TilesProps) -> Html {
    let selected = match props.selection {
        Selection::Node(id) => Some(id),
        _ => None,
    };
    let some = |nodes: &[std::rc::Rc<NodeFrame>]| {
        let has = |id: &NodeId| nodes.iter().any(|node| node.id == *id);
        let ticked = match &props.mode {
            Mode::Ticking(ids) => Some(ids.iter().copied().filter(has).collect::<Vec<_>>()),
            _ => None,
        };
        html! {
            <Together key={nodes[0].id.0} nodes={nodes.iter().cloned().map(Look).collect::<Vec<_>>()}
                scene={props.scene.clone()} selected={selected.filter(has)} {ticked}
                focus={Some(props.focus).filter(has)} on_act={props.on_act.clone()} />
        }
    };
    html! { <g class="nodes">{ for props.frame.nodes.chunks(TOGETHER).map(some) }</g> }
}

/// A node with the same look is not drawn again, even if other state has changed.
#[derive(Clone)]
struct Look(std::rc::Rc<NodeFrame>);

impl PartialEq for Look {
    fn eq(&self, other: &Self) -> bool {
        let (a, b) = (&*self.0, &*other.0);
        std::ptr::eq(a, b)
            || (a.id, a.life, a.tone, a.lie, a.inbox) == (b.id, b.life, b.tone, b.lie, b.inbox)
                && a.beliefs == b.beliefs
                && a.label == b.label
    }
}

#[derive(Properties, PartialEq)]
struct TogetherProps {
    nodes: Vec<Look>,
    scene: Same<Scene>,
    selected: Option<NodeId>,
    ticked: Option<Vec<NodeId>>,
    focus: Option<NodeId>,
    on_act: Callback<Act>,
}

#[component]
fn Together(props: &TogetherProps) -> Html {
    html! { <>{ for props.nodes.iter().filter_map(|node| tile(props, &node.0)) }</> }
}

fn tile(props: &TogetherProps, node: &NodeFrame) -> Option<Html> {
    let r = props.scene.radius;
    let at = props.scene.at(node.id)?;
    let id = node.id;
    let ticked = props.ticked.as_ref().map(|ids| ids.contains(&id));
    let crown = crowned(node);
    let class = classes(&[
        ("tile", true),
        ("down", matches!(node.life, Life::Down { .. })),
        ("frozen", matches!(node.life, Life::Paused { .. })),
        ("leads", crown),
        ("good", node.tone == Tone::Good),
        ("asks", node.tone == Tone::Candidate),
        ("busy", node.tone == Tone::Busy),
        ("selected", props.selected == Some(id)),
        ("ticked", ticked == Some(true)),
    ]);
    let px = |value: f64| format!("{value:.1}");
    Some(html! {
        <g key={id.0} {class} transform={format!("translate({:.1} {:.1})", at.x, at.y)}
            role={if ticked.is_some() { "checkbox" } else { "button" }}
            aria-checked={ticked.map(|on| on.to_string())}
            tabindex={if props.focus == Some(id) { "0" } else { "-1" }} data-node={id.0.to_string()}
            aria-label={text::node_name(node)}
            onclick={props.on_act.reform(move |_: MouseEvent| Act::Pick(PickAct::Pick(id)))}
            onfocus={props.on_act.reform(move |_: FocusEvent| Act::Pick(PickAct::Focus(id)))}>
            <rect class="shape" x={px(-r)} y={px(-r)} width={px(2.0 * r)} height={px(2.0 * r)} rx="2" />
            if r >= 9.0 { <text class="number" translate="no" dy="0.36em">{ id.0 }</text> }
            if crown && r >= 14.0 { <g class="crown">{ crate::ui::icons::Icon::Crown.within(0.0, -r, 16.0) }</g> }
        </g>
    })
}
