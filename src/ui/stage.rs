//! The stage: sides, links, messages and nodes in one SVG drawing in CSS pixels.

use faultline_sim::frame::{Answers, Frame, Life, LinkFrame, NodeFrame, Tone};
use faultline_sim::process::{NodeId, Opinion};
use faultline_sim::time::Time;
use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

use crate::browser;
use crate::layout::{Lane, Scene, Words, followers};
use crate::news::Course;
use crate::text;
use crate::ui::act::PickAct;
use crate::ui::chain::{Chain, chain_of};
use crate::ui::clocks::{Clocks, clock_of};
use crate::ui::curve::Curve;
use crate::ui::link::Link;
use crate::ui::logs::Logs;
use crate::ui::messages::MOST_DRAWN;
use crate::ui::node::{Node, crowned};
use crate::ui::sides::{patterns, side_of, sides};
use crate::ui::tiles::Tiles;
use crate::ui::waits::{WaitsBoard, waits_of};
use crate::ui::wheel::{weaves, wheel};
use crate::ui::{Act, Mode, Same, Selection, classes};

/// Up to this many nodes, the ✂ of each link is always visible.
pub const OPEN_SCISSORS: usize = 6;
/// With more links, only cut ones are drawn: hulls show a partition, and words show a slow network.
const MOST_LINKS: usize = 66;

#[derive(Properties, PartialEq)]
pub struct StageProps {
    /// Its name for screen readers.
    #[prop_or(AttrValue::Static("Stage"))]
    pub label: AttrValue,
    /// Nodes with another state in the other run.
    #[prop_or_default]
    pub differing: Vec<NodeId>,
    pub frame: Same<Frame>,
    pub scene: Same<Scene>,
    pub selection: Selection,
    pub mode: Mode,
    /// The node in the Tab order.
    pub focus: NodeId,
    /// The node whose ⚡ the hint points at.
    pub hint: Option<NodeId>,
    /// The layer of messages, outside the virtual DOM.
    pub flight: NodeRef,
    pub canvas: NodeRef,
    /// The layer of drawn lines, outside the virtual DOM.
    pub drawing: NodeRef,
    /// What a side without a majority cannot do.
    #[prop_or_default]
    pub minority: Option<&'static str>,
    /// Nodes that a broken law concerns.
    #[prop_or_default]
    pub concerned: Vec<NodeId>,
    /// Facts wait until the page is complete.
    #[prop_or(true)]
    pub facts: bool,
    /// How news has spread.
    #[prop_or_default]
    pub news: Option<NewsShown>,
    pub on_act: Callback<Act>,
}

/// What the curve under a grid shows.
#[derive(Clone, PartialEq)]
pub struct NewsShown {
    pub title: &'static str,
    pub points: Same<Vec<Course>>,
    /// How far the run has come, and the end of the time axis.
    pub edge: Time,
    pub span: Time,
}

#[component]
pub fn Stage(props: &StageProps) -> Html {
    let StageProps {
        frame,
        scene,
        on_act,
        ..
    } = props;
    let size = format!("0 0 {:.2} {:.2}", scene.width, scene.height);
    let class = classes(&[
        ("scene", true),
        ("splitting", matches!(props.mode, Mode::Ticking(_))),
        ("walks", scene.walks),
        ("crowded", scene.words != Words::All),
        ("meshed", frame.nodes.len() > 9),
    ]);
    let style = format!("--scale: {}", scene.scale());
    // Messages are picked by distance, not by what is on top.
    let beside = point_at(on_act, Selection::None);
    let on_message = beside.clone();
    let all = frame.messages.len();
    html! {
        <>
            <svg {class} ~style={style} viewBox={size} role="group" aria-label={&props.label}>
                { patterns() }
                if scene.wheel.is_some() { { weaves() } }
                <rect class="floor" width="100%" height="100%" onclick={beside} />
                if !frame.sides.is_empty() { { sides(frame, scene, props.minority) } }
                if scene.tiles {
                    <Tiles frame={frame.clone()} scene={scene.clone()} selection={props.selection}
                        mode={props.mode.clone()} focus={props.focus} on_act={on_act.clone()} />
                } else {
                    <g class="links">
                        { for frame.links.iter().filter_map(|l| link(props, l)) }
                    </g>
                    { doubts(props) }
                }
                <g class="flight" aria-hidden="true" ref={props.flight.clone()} onclick={on_message}></g>
                if !scene.tiles {
                    <g class="nodes">{ for frame.nodes.iter().filter_map(|n| node(props, n)) }</g>
                }
                <g class="arcs" aria-hidden="true"></g>
                <Logs frame={frame.clone()} scene={scene.clone()} selection={props.selection}
                    on_act={on_act.clone()} />
                { boards(props) }
                if scene.wheel.is_some() { { wheel(frame, scene, props.selection, on_act) } }
                if let Some(shown) = props.news.clone() {
                    <Curve {shown} now={frame.time} scene={scene.clone()} />
                }
                <g class="drawing" ref={props.drawing.clone()} aria-hidden="true"></g>
            </svg>
            <canvas class="swarm" ref={props.canvas.clone()} aria-hidden="true"></canvas>
            if all > MOST_DRAWN { <p class="not-all">{ text::not_all_drawn(MOST_DRAWN, all) }</p> }
        </>
    }
}

/// What is drawn beside the nodes instead of logs.
fn boards(props: &StageProps) -> Html {
    let StageProps {
        frame,
        scene,
        on_act,
        ..
    } = props;
    if scene.board.is_none() {
        return Html::default();
    }
    let any = |has: fn(&NodeFrame) -> bool| frame.nodes.iter().any(|node| has(node));
    html! {
        <>
            if any(|node| chain_of(node).is_some()) {
                <Chain frame={frame.clone()} scene={scene.clone()} on_act={on_act.clone()} />
            }
            if any(|node| clock_of(node).is_some()) {
                <Clocks frame={frame.clone()} scene={scene.clone()} on_act={on_act.clone()} />
            }
            if any(|node| waits_of(node).is_some()) {
                <WaitsBoard frame={frame.clone()} scene={scene.clone()} on_act={on_act.clone()} />
            }
        </>
    }
}

/// A click on the stage, and what is there if no message is near.
pub fn point_at(on_act: &Callback<Act>, beside: Selection) -> Callback<MouseEvent> {
    let on_act = on_act.clone();
    Callback::from(move |event: MouseEvent| {
        let target = event.target().and_then(|t| t.dyn_into::<Element>().ok());
        let stage = target.and_then(|t| t.closest(".scene").ok().flatten());
        if let Some(stage) = stage {
            on_act.emit(Act::Pick(PickAct::Point(
                browser::within(&stage, &event),
                beside,
            )));
        }
    })
}

fn link(props: &StageProps, link: &LinkFrame) -> Option<Html> {
    let scene = &props.scene;
    if props.frame.links.len() > MOST_LINKS && !link.cut {
        return None;
    }
    let here = Selection::Link(link.a, link.b);
    let selected = props.selection == here;
    if !(selected || is_drawn(props, link)) {
        return None;
    }
    let lane = scene.link(link.a, link.b)?;
    let scissors = scene.scissors(link.a, link.b)?;
    let open = props.frame.nodes.len() <= OPEN_SCISSORS;
    // A property that all links share is shown once, next to the palette's dials.
    let links = &props.frame.links;
    let alike = links.len() > 1 && links.iter().all(|other| other.loss == link.loss);
    Some(html! {
        <Link key={format!("{}-{}", link.a, link.b)} link={link.clone()} {lane} {scissors} {open}
            scale={scene.scale()} {selected} {alike} on_act={props.on_act.clone()} />
    })
}

/// Whether a link has a place in the picture: one that the protocol has, or that a message uses, or that
/// a fault has changed. Where the sides of a partition stand apart, a wall stands for all links between
/// them.
fn is_drawn(props: &StageProps, link: &LinkFrame) -> bool {
    let apart = props.scene.apart() && link.blocked.is_some() && link.blocked_back.is_some();
    let (a, b) = (link.a, link.b);
    let unusual = link.cut || link.slow.is_some() || link.slow_back.is_some();
    let lonely = props.scene.past.is_some();
    if apart && !link.cut || lonely && !unusual {
        return false;
    }
    let uses = |from, to| (from, to) == (a, b) || (from, to) == (b, a);
    let one_way = link.blocked.is_some() != link.blocked_back.is_some();
    let used = || {
        let mut messages = props.frame.messages.iter();
        messages.any(|m| uses(m.address.from, m.address.to))
    };
    let lost = || {
        props
            .frame
            .losses
            .iter()
            .any(|l| uses(l.address.from, l.address.to))
    };
    link.present || unusual || one_way || used() || lost()
}

/// Whether another node also thinks it is the leader, and more nodes follow that one.
fn is_stale(frame: &Frame, id: NodeId) -> bool {
    let mut others = frame
        .nodes
        .iter()
        .filter(|node| node.id != id && crowned(node));
    let own = followers(frame, id);
    others.any(|other| followers(frame, other.id) > own)
}

/// Whether two nodes have the same visible state; timers and clocks always differ.
#[must_use]
pub fn same_state(one: &NodeFrame, other: &NodeFrame) -> bool {
    let down = |node: &NodeFrame| matches!(node.life, Life::Down { .. });
    let frozen = |node: &NodeFrame| matches!(node.life, Life::Paused { .. });
    down(one) == down(other)
        && frozen(one) == frozen(other)
        && (one.tone, &one.label, one.lie) == (other.tone, &other.label, other.lie)
        && one.beliefs == other.beliefs
        && (one.inside, one.pips, &one.chips) == (other.inside, other.pips, &other.chips)
        && one.figures == other.figures
}

fn node(props: &StageProps, node: &std::rc::Rc<NodeFrame>) -> Option<Html> {
    let at = props.scene.at(node.id)?;
    let ticked = match &props.mode {
        Mode::Ticking(ticked) => Some(ticked.contains(&node.id)),
        Mode::Cutting(first) | Mode::Muting(first) | Mode::Joining(first) => {
            Some(*first == node.id)
        }
        Mode::Normal => None,
    };
    let crown = crowned(node);
    let misleads = |answers: &std::rc::Rc<Answers>| answers.misleads(node.id);
    let misled = props.frame.answers.as_ref().is_some_and(misleads);
    let stale = crown && is_stale(&props.frame, node.id);
    let telling =
        crown || !matches!(node.life, Life::Up) || matches!(node.tone, Tone::Candidate | Tone::Bad);
    let shown = props.scene.shows_word(telling, crown);
    let under = shown.then(|| AttrValue::from(text::state_label(node, props.frame.time)));
    Some(html! {
        <Node key={node.id.0} node={Same(node.clone())} {at} radius={props.scene.radius}
            decor={props.scene.decor(node.id)} scale={props.scene.scale()} {under}
            selected={props.selection == Selection::Node(node.id)}
            tabbed={props.focus == node.id} {ticked} side={side_of(&props.frame.sides, node.id).filter(|_| !props.scene.apart())}
            concerned={props.concerned.contains(&node.id)} {stale} {misled} lines={props.facts.then_some(props.scene.lines)}
            differs={props.differing.contains(&node.id)} hinted={props.hint == Some(node.id)} on_act={props.on_act.clone()} />
    })
}

/// Dotted lines from an observer to the nodes it suspects. A suspicion is a belief, so the lines do not
/// touch the bodies.
fn doubts(props: &StageProps) -> Html {
    let lines = props.frame.nodes.iter().flat_map(|node| {
        let doubted = node
            .beliefs
            .peers
            .iter()
            .filter(|(_, opinion)| *opinion != Opinion::Alive);
        doubted.filter_map(|(peer, _)| props.scene.link(node.id, *peer))
    });
    let line = |lane: Lane| {
        html! { <path class="doubt-line" d={lane.path(0.0, 1.0)} /> }
    };
    // With many nodes, every node suspects a dead one, and lines would cover the stage.
    if props.frame.nodes.len() > 9 {
        return Html::default();
    }
    html! { <g aria-hidden="true">{ for lines.map(line) }</g> }
}
