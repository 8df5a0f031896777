//! The stage: sides, links, messages and nodes, one SVG drawing in CSS pixels.

use faultline_sim::frame::{Frame, LinkFrame, NodeFrame};
use faultline_sim::network::Address;
use faultline_sim::process::{NodeId, Opinion};
use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

use crate::layout::Scene;
use crate::text;
use crate::ui::link::Link;
use crate::ui::node::Node;
use crate::ui::sides::{hulls, patterns, side_of};
use crate::ui::tiles::Tiles;
use crate::ui::{Act, Mode, Same, Selection};

/// Up to this many nodes, each link shows its ✂ all the time.
const OPEN_SCISSORS: usize = 6;

#[derive(Properties, PartialEq)]
pub struct StageProps {
    pub frame: Same<Frame>,
    pub scene: Same<Scene>,
    pub selection: Selection,
    pub mode: Mode,
    /// The node that Tab leads to.
    pub focus: NodeId,
    /// The node whose ⚡ is worth a click.
    pub hint: Option<NodeId>,
    /// The layer that messages are moved in, outside the virtual DOM.
    pub flight: NodeRef,
    pub canvas: NodeRef,
    pub on_act: Callback<Act>,
}

#[component]
pub fn Stage(props: &StageProps) -> Html {
    let StageProps {
        frame,
        scene,
        on_act,
        ..
    } = props;
    let size = format!("0 0 {:.0} {:.0}", scene.width, scene.height);
    let pick = on_act.clone();
    let on_message = Callback::from(move |event: MouseEvent| {
        if let Some(address) = message_at(&event) {
            pick.emit(Act::Select(Selection::Message(address)));
        }
    });
    let nothing = on_act.reform(|_: MouseEvent| Act::Select(Selection::None));
    html! {
        <>
            <canvas class="swarm" ref={props.canvas.clone()} aria-hidden="true"></canvas>
            <svg class="scene" viewBox={size} role="group" aria-label="Stage">
                { patterns() }
                <rect class="floor" width="100%" height="100%" onclick={nothing} />
                if scene.tiles {
                    <Tiles frame={frame.clone()} scene={scene.clone()} selection={props.selection}
                        focus={props.focus} on_act={on_act.clone()} />
                } else {
                    { hulls(&frame.sides, scene) }
                    <g class="links">
                        { for frame.links.iter().filter_map(|l| link(props, l)) }
                    </g>
                    { doubts(props) }
                }
                <g class="flight" ref={props.flight.clone()} onclick={on_message}></g>
                if !scene.tiles {
                    <g class="nodes">{ for frame.nodes.iter().filter_map(|n| node(props, n)) }</g>
                }
            </svg>
        </>
    }
}

/// The message under the pointer.
fn message_at(event: &MouseEvent) -> Option<Address> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    let group = target.closest("[data-message]").ok()??;
    Address::parse(&group.get_attribute("data-message")?).ok()
}

fn link(props: &StageProps, link: &LinkFrame) -> Option<Html> {
    let scene = &props.scene;
    let (from, to) = scene.link(link.a, link.b)?;
    let scissors = scene.scissors(link.a, link.b)?;
    let open = props.frame.nodes.len() <= OPEN_SCISSORS;
    let selected = props.selection == Selection::Link(link.a, link.b);
    Some(html! {
        <Link key={format!("{}-{}", link.a, link.b)} link={link.clone()} {from} {to} {scissors} {open}
            {selected} on_act={props.on_act.clone()} />
    })
}

fn node(props: &StageProps, node: &std::rc::Rc<NodeFrame>) -> Option<Html> {
    let at = props.scene.at(node.id)?;
    let ticked = match &props.mode {
        Mode::Ticking(ticked) => Some(ticked.contains(&node.id)),
        Mode::Cutting(first) | Mode::Muting(first) => Some(*first == node.id),
        Mode::Normal => None,
    };
    Some(html! {
        <Node key={node.id.0} node={Same(node.clone())} {at} radius={props.scene.radius}
            under={text::under(node, props.frame.time)}
            selected={props.selection == Selection::Node(node.id)}
            tabbed={props.focus == node.id} {ticked} side={side_of(&props.frame.sides, node.id)}
            outwards={props.scene.outwards(node.id)} hinted={props.hint == Some(node.id)} on_act={props.on_act.clone()} />
    })
}

/// Dotted lines from an observer to the nodes it doubts: a belief, so it never touches their bodies.
fn doubts(props: &StageProps) -> Html {
    let lines = props.frame.nodes.iter().flat_map(|node| {
        let doubted = node
            .beliefs
            .peers
            .iter()
            .filter(|(_, opinion)| *opinion != Opinion::Alive);
        doubted.filter_map(|(peer, _)| props.scene.link(node.id, *peer))
    });
    let line = |(from, to): (crate::layout::Point, crate::layout::Point)| {
        let d = format!("M{:.1} {:.1}L{:.1} {:.1}", from.x, from.y, to.x, to.y);
        html! { <path class="doubt-line" {d} /> }
    };
    // With many nodes every node doubts a dead one: lines would cover the stage.
    if props.frame.nodes.len() > 9 {
        return Html::default();
    }
    html! { <g aria-hidden="true">{ for lines.map(line) }</g> }
}
