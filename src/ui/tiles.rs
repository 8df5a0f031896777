//! The stage of a big cluster: one small square a node, its look carried by fill, mark and outline.

use faultline_sim::frame::{Frame, Life, Tone};
use faultline_sim::process::NodeId;
use yew::prelude::*;

use crate::layout::Scene;
use crate::text;
use crate::ui::node::crowned;
use crate::ui::{Act, Same, Selection, classes};

#[derive(Properties, PartialEq)]
pub struct TilesProps {
    pub frame: Same<Frame>,
    pub scene: Same<Scene>,
    pub selection: Selection,
    pub focus: NodeId,
    pub on_act: Callback<Act>,
}

#[component]
pub fn Tiles(props: &TilesProps) -> Html {
    let r = props.scene.radius;
    let tile = |node: &std::rc::Rc<faultline_sim::frame::NodeFrame>| {
        let at = props.scene.at(node.id)?;
        let id = node.id;
        let class = classes(&[
            ("tile", true),
            ("down", matches!(node.life, Life::Down { .. })),
            ("frozen", matches!(node.life, Life::Paused { .. })),
            ("leads", crowned(node)),
            ("good", node.tone == Tone::Good),
            ("asks", node.tone == Tone::Candidate),
            ("busy", node.tone == Tone::Busy),
            ("selected", props.selection == Selection::Node(id)),
        ]);
        Some(html! {
            <g key={id.0} {class} transform={format!("translate({:.1} {:.1})", at.x, at.y)} role="button"
                tabindex={if props.focus == id { "0" } else { "-1" }} data-node={id.0.to_string()}
                aria-label={text::node_name(node)}
                onclick={props.on_act.reform(move |_: MouseEvent| Act::Pick(id))}
                onfocus={props.on_act.reform(move |_: FocusEvent| Act::Focus(id))}>
                <rect class="shape" x={format!("{:.1}", -r)} y={format!("{:.1}", -r)}
                    width={format!("{:.1}", 2.0 * r)} height={format!("{:.1}", 2.0 * r)} rx="2" />
                if r >= 9.0 { <text class="number" dy="0.36em">{ id.0 }</text> }
            </g>
        })
    };
    html! { <g class="nodes">{ for props.frame.nodes.iter().filter_map(tile) }</g> }
}
