//! A node on the stage: its body shows the truth, its badges show its beliefs, its ⚡ is beside it.

mod facts;
mod load;

use faultline_sim::frame::{Life, NodeFrame, Tone};
use faultline_sim::process::Opinion;
use yew::prelude::*;

use crate::layout::{Anchor, Decor, Point};
use crate::text;
use crate::ui::act::{BreakAct, PickAct};
use crate::ui::clocks::clock_of;
use crate::ui::icons::Icon;
use crate::ui::{Act, Same, classes};

#[derive(Properties, PartialEq)]
pub struct NodeProps {
    pub node: Same<NodeFrame>,
    pub at: Point,
    pub radius: f64,
    /// Where its parts are.
    pub decor: Decor,
    /// The scale of the drawing.
    pub scale: f64,
    /// The word beside the node; none if there is no room.
    pub under: Option<AttrValue>,
    pub selected: bool,
    /// Whether Tab leads here; only one node at a time has this.
    pub tabbed: bool,
    /// In a mode for ticking nodes: whether this one is ticked.
    pub ticked: Option<bool>,
    /// The letter of its side during a partition.
    pub side: Option<AttrValue>,
    /// The same node has another state in the other run.
    pub differs: bool,
    /// Whether the hint points at it.
    pub hinted: bool,
    /// A broken law concerns it.
    pub concerned: bool,
    /// It thinks it is the leader, and more nodes follow another one.
    pub stale: bool,
    /// A client would get another answer here than the right one.
    pub misled: bool,
    /// How many facts have room under it; none while the page is not complete.
    pub lines: Option<usize>,
    pub on_act: Callback<Act>,
}

/// The crown is a belief too.
pub use crate::layout::crowned;

#[component]
pub fn Node(props: &NodeProps) -> Html {
    let NodeProps {
        node,
        at,
        radius,
        on_act,
        ..
    } = props;
    let (id, r) = (node.id, *radius);
    let down = matches!(node.life, Life::Down { .. });
    let frozen = matches!(node.life, Life::Paused { .. });
    let crown = crowned(node);
    let class = classes(&[
        ("node", true),
        ("down", down),
        ("frozen", frozen),
        ("leads", crown),
        ("lies", node.lie.is_some()),
        ("stale", props.stale),
        ("misled", props.misled && !down),
        ("concerned", props.concerned),
        (tone_class(node.tone), !down && !crown),
        ("selected", props.selected),
        ("ticked", props.ticked == Some(true)),
        ("small", r < 21.0),
    ]);
    let pick = on_act.reform(move |_: MouseEvent| Act::Pick(PickAct::Pick(id)));
    let focus = on_act.reform(move |_: FocusEvent| Act::Pick(PickAct::Focus(id)));
    let ticking = props.ticked.is_some();
    let name = text::node_name(node);
    let name = if props.differs {
        text::compare::differs(&name)
    } else {
        name
    };
    let (scale, decor) = (props.scale, &props.decor);
    // Above the answers that it collects.
    let lift = if node.pips.is_some() {
        12.0 * scale
    } else {
        0.0
    };
    html! {
        <g {class} ~style={format!("transform: translate({:.1}px, {:.1}px)", at.x, at.y)}>
            <g class="body" role={if ticking { "checkbox" } else { "button" }}
                tabindex={if props.tabbed { "0" } else { "-1" }} data-node={id.0.to_string()}
                aria-label={name} onclick={pick} onfocus={focus}
                aria-checked={props.ticked.map(|on| on.to_string())}
                aria-pressed={(!ticking).then(|| props.selected.to_string())}>
                <circle class="focus-ring" r={px(r + 10.0 * scale)} />
                <circle class="hit" r={px(r.max(14.0) + 4.0)} />
                if props.differs { <circle class="differs" r={px(r + 8.0 * scale)} /> }
                if crown { <circle class="outer" r={px(r + 5.0 * scale)} /> }
                if props.misled && !down { <circle class="misleads" r={px(r + 4.5 * scale)} /> }
                if props.concerned { <circle class="concern" r={px(r + 10.0 * scale)} /> }
                { body(node, r) }
                if node.lie.is_some() { <path class="zigzag" d={zigzag(r + 5.0)} /> }
                if down { <path class="cross" d={cross(r * 0.62)} /> }
                { facts::number(node, r, scale) }
            </g>
            { facts::value(node, r, scale) }
            if let Some(load) = load::of(node).filter(|load| load.waiting > 0) {
                { load::queue(load, r, scale) }
            }
            if crown {
                <g class="crown">{ Icon::Crown.within(decor.crown.0.x, decor.crown.0.y - lift, decor.crown.1) }</g>
            }
            { word(props, crown) }
            if props.lines.is_some() && shows_facts(node) { { facts::facts(props) } }
            if has_badges(props) { { badges(props) } }
            { strike(props) }
        </g>
    }
}

/// The class of a tone; static/stage.css maps it to paint.
fn tone_class(tone: Tone) -> &'static str {
    match tone {
        Tone::Calm => "calm",
        Tone::Busy => "busy",
        Tone::Leader => "led",
        Tone::Candidate => "asks",
        Tone::Suspect => "suspects",
        Tone::Client => "client",
        Tone::Coordinator => "coordinates",
        Tone::Good => "good",
        Tone::Bad => "bad",
    }
}

fn shows_facts(node: &NodeFrame) -> bool {
    node.pips.is_some() || !node.chips.is_empty()
}

fn px(value: f64) -> String {
    format!("{value:.1}")
}

/// The shape of the body shows the role: circles are members, a client is a rounded box, a coordinator
/// is a square. Where colours are the subject, it has the node's.
fn body(node: &NodeFrame, r: f64) -> Html {
    let load = load::of(node);
    let paint = node.colour.map_or(AttrValue::Static("shape"), |colour| {
        format!("shape paint-{colour}").into()
    });
    let square = |side: f64, round: f64| {
        html! {
            <rect class={paint.clone()} x={px(-side)} y={px(-side)} width={px(2.0 * side)}
                height={px(2.0 * side)} rx={px(round)} />
        }
    };
    let shape = match node.tone {
        Tone::Client => square(r * 0.92, r * 0.38),
        _ if load.is_some() => load.map(|load| load::body(load, r)).unwrap_or_default(),
        Tone::Coordinator => square(r * 0.9, 2.0),
        _ => html! { <circle class={paint} r={px(r)} /> },
    };
    // Four dashes: the broken outline shows "down" without colour.
    html! { <>{ shape }<circle class="hatch" r={px(r - 1.0)} /></> }
}

fn cross(r: f64) -> String {
    format!("M-{r:.1} -{r:.1}L{r:.1} {r:.1}M{r:.1} -{r:.1}L-{r:.1} {r:.1}")
}

#[inline(never)]
fn zigzag(r: f64) -> String {
    let teeth = 20;
    let corner = |i: usize| {
        let reach = if i.is_multiple_of(2) { r } else { r + 5.0 };
        let (sin, cos) = libm::sincos(std::f64::consts::TAU * i as f64 / f64::from(2 * teeth));
        format!("{:.1} {:.1}", reach * sin, -reach * cos)
    };
    format!(
        "M{}Z",
        (0..2 * teeth as usize)
            .map(corner)
            .collect::<Vec<_>>()
            .join("L")
    )
}

fn word(props: &NodeProps, crown: bool) -> Option<Html> {
    let word = props.under.as_ref()?;
    let (mut at, anchor) = props.decor.word;
    let class = match anchor {
        Anchor::Start => "under start",
        Anchor::Middle => "under",
        Anchor::End => "under end",
    };
    if crown && anchor == Anchor::Middle {
        // Below the second ring.
        at.y += 4.0 * props.scale * at.y.signum();
    }
    if anchor == Anchor::Middle {
        // A long word at the edge moves inwards, to be read whole.
        let half = crate::text::letters(word) as f64 * 4.4 * props.scale;
        let (left, right) = props.decor.edges;
        at.x += (half - left).max(0.0) - (half - right).max(0.0);
    }
    Some(html! { <text {class} x={px(at.x)} y={px(at.y)} dy="0.36em">{ word }</text> })
}

/// Whether there is anything unusual to show beside it.
fn has_badges(props: &NodeProps) -> bool {
    let node = &props.node;
    let doubts = |(_, opinion): &(_, Opinion)| *opinion != Opinion::Alive;
    props.ticked.is_some()
        || props.side.is_some()
        || node.lie.is_some()
        || node.disk.0 > 0
        || shows_clock(node)
        || matches!(node.life, Life::Paused { .. })
        || node.beliefs.peers.iter().any(doubts)
}

/// Small marks with their words and classes: paused, lying, suspecting, slow, a wrong clock.
fn marks(node: &NodeFrame) -> Vec<(Icon, String, &'static str)> {
    let mut marks = Vec::new();
    if matches!(node.life, Life::Paused { .. }) {
        let waiting = if node.inbox > 0 {
            format!("{}", node.inbox)
        } else {
            String::new()
        };
        marks.push((Icon::Snow, waiting, "frozen"));
    }
    if node.lie.is_some() {
        marks.push((Icon::Mask, String::new(), "mask"));
    }
    let doubted: Vec<String> = node
        .beliefs
        .peers
        .iter()
        .filter(|(_, opinion)| *opinion != Opinion::Alive)
        .map(|(id, opinion)| {
            let failed = if *opinion == Opinion::Failed {
                "✕"
            } else {
                ""
            };
            format!("{}{failed}", id.0)
        })
        .collect();
    if !doubted.is_empty() && !matches!(node.life, Life::Down { .. }) {
        marks.push((Icon::Eye, doubted.join(" "), "doubt"));
    }
    if node.disk.0 > 0 {
        marks.push((Icon::Snail, text::length(node.disk), "slow"));
    }
    if shows_clock(node) {
        let off = text::clocks::off(node.clock_error_us);
        marks.push((Icon::Clock, off, "clock"));
    }
    marks
}

/// A wrong clock. Where clocks are the subject, the table of clocks shows what the node makes of it.
fn shows_clock(node: &NodeFrame) -> bool {
    node.clock_error_us.abs() >= 1_000 && clock_of(node).is_none()
}

/// A node's marks, its side, and the box to tick.
#[inline(never)]
fn badges(props: &NodeProps) -> Html {
    let NodeProps {
        node, decor, scale, ..
    } = props;
    let marks = marks(node);
    let ticked = props.ticked.map(|on| {
        html! {
            <g class="tick-box" transform={moved(decor.chip)}>
                <rect x="-9" y="-9" width="18" height="18" rx="4" />
                if on { { Icon::Tick.within(0.0, 0.0, 14.0) } }
            </g>
        }
    });
    let side = props.side.clone().filter(|_| props.ticked.is_none());
    let side = side.map(|letter| {
        html! {
            <g class="side-chip" transform={moved(decor.chip)}>
                <circle r="9" /><text dy="0.36em">{ letter }</text>
            </g>
        }
    });
    // Facts and marks share the lines under a node; marks come first, and begin where no fact is.
    let facts = facts::shown(props).min(node.chips.len());
    let column = decor.badges.map(|first| Point {
        y: first.y + 20.0 * scale * facts as f64,
        ..first
    });
    // Without room for words, only the first mark is shown.
    let shown = if column.is_some() { marks.len() } else { 1 };
    let rows = marks.into_iter().take(shown).enumerate();
    let rows = rows.map(|(i, (icon, words, class))| match column {
        Some(first) => {
            let y = first.y + 18.0 * scale * i as f64;
            badge(icon, &words, class, Point { y, ..first }, *scale)
        }
        None => badge(icon, "", class, decor.mark, *scale),
    });
    html! { <g aria-hidden="true">{ for rows }{ for ticked }{ for side }</g> }
}

fn moved(at: Point) -> String {
    format!("translate({:.1} {:.1})", at.x, at.y)
}

fn badge(icon: Icon, words: &str, class: &str, at: Point, scale: f64) -> Html {
    let half = words.chars().count() as f64 * 4.4 * scale;
    let beside = if words.is_empty() {
        0.0
    } else {
        -half - 5.0 * scale
    };
    html! {
        <g class={format!("badge {class}")} transform={moved(at)}>
            { icon.within(beside, 0.0, 15.0 * scale) }
            if !words.is_empty() { <text x={px(7.0 * scale)} dy="0.36em">{ words }</text> }
        </g>
    }
}

/// The ⚡ badge: one click crashes the node, the next restarts it.
fn strike(props: &NodeProps) -> Html {
    let NodeProps {
        node,
        on_act,
        scale,
        ..
    } = props;
    let Some(place) = props.decor.bolt else {
        return Html::default();
    };
    let id = node.id;
    let act = on_act.reform(move |event: MouseEvent| {
        event.stop_propagation();
        Act::Break(BreakAct::ToggleCrash(id))
    });
    let icon = if matches!(node.life, Life::Down { .. }) {
        Icon::Revive
    } else {
        Icon::Bolt
    };
    html! {
        <g class={classes(&[("strike", true), ("hinted", props.hinted)])} role="button"
            tabindex="-1" data-strike={id.0.to_string()} aria-label={text::crash_label(node)} onclick={act}
            transform={format!("{} scale({scale})", moved(place))}>
            <title>{ text::crash_label(node) }</title>
            <circle class="hit" r="13" />
            <circle class="halo" r="15" />
            // Quiet until somebody comes near.
            <g class="tool"><circle class="disc" r="12" />{ icon.within(0.0, 0.0, 15.0) }</g>
        </g>
    }
}
