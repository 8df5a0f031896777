//! Locks as padlocks with their age, and who waits for whom as one graph over all nodes. No node sees this graph
//! whole; a circle in it is a deadlock.

mod graph;

use faultline_sim::frame::{Frame, Life, Lock};
use faultline_sim::process::NodeId;
use faultline_sim::time::Duration;
use yew::prelude::*;

use crate::layout::{Board, Point, Scene};
use crate::text::waits as words;
use crate::ui::act::PickAct;
use crate::ui::{Act, Same, classes};
pub use graph::waits_of;
use graph::{Edge, Graph};

/// How many rows of a board it asks for.
pub const ROWS: usize = 7;

#[derive(Properties, PartialEq)]
pub struct WaitsProps {
    pub frame: Same<Frame>,
    pub scene: Same<Scene>,
    pub on_act: Callback<Act>,
}

/// A lock, and for how long it has been held.
struct Held<'a> {
    at: NodeId,
    up: bool,
    lock: &'a Lock,
    age: Duration,
}

fn held(frame: &Frame) -> impl Iterator<Item = Held<'_>> {
    let now = i64::try_from(frame.time.0).unwrap_or(i64::MAX);
    frame.nodes.iter().flat_map(move |node| {
        let locks = waits_of(node).map_or(&[][..], |waits| &waits.locks);
        let local = now.saturating_add(node.clock_error_us);
        let up = !matches!(node.life, Life::Down { .. });
        locks.iter().map(move |lock| Held {
            at: node.id,
            up,
            lock,
            age: Duration(u64::try_from(local.saturating_sub(lock.since.0)).unwrap_or(0)),
        })
    })
}

/// A part of the board.
#[derive(Clone, Copy)]
struct Area {
    left: f64,
    top: f64,
    width: f64,
    height: f64,
}

/// The list of locks and the graph: one above the other beside the nodes, side by side below them.
fn areas(board: &Board, scale: f64, locks: usize, graph: bool) -> (Area, Area) {
    let whole = Area {
        left: board.left,
        top: board.top + board.head,
        width: board.width,
        height: board.row * ROWS as f64,
    };
    if !graph {
        return (
            whole,
            Area {
                height: 0.0,
                ..whole
            },
        );
    }
    if board.below {
        let half = whole.width / 2.0;
        let list = Area {
            width: half - 6.0,
            ..whole
        };
        let right = Area {
            left: whole.left + half,
            width: half,
            ..whole
        };
        return if locks == 0 {
            (list, whole)
        } else {
            (list, right)
        };
    }
    let wished = locks as f64 * 20.0 * scale;
    let list_height = wished.min(whole.height * 0.4);
    let top = whole.top + whole.height - list_height;
    let list = Area {
        top,
        height: list_height,
        ..whole
    };
    (
        list,
        Area {
            height: whole.height - list_height,
            ..whole
        },
    )
}

#[component]
pub fn WaitsBoard(props: &WaitsProps) -> Html {
    let Some(board) = props.scene.board else {
        return Html::default();
    };
    let scale = props.scene.scale();
    let frame = &props.frame;
    let graph = Graph::of(frame);
    let locks: Vec<Held> = held(frame).collect();
    let (list, drawn) = areas(&board, scale, locks.len(), !graph.edges.is_empty());
    let row = if board.below { 17.0 } else { 20.0 * scale };
    let fit = (list.height / row).floor().max(0.0) as usize;
    let more = locks.len().saturating_sub(fit);
    let title = words::title(&graph.in_circle(), locks.len(), graph.edges.len(), more);
    let class = classes(&[("waits", true), ("circle", !graph.circle.is_empty())]);
    let padlock = |(at, held): (usize, &Held)| {
        let y = list.top + (at as f64 + 0.5) * row;
        lock(held, list, y, row, &props.on_act)
    };
    html! {
        <g {class} aria-hidden="true">
            <text class="log-title" x={px(board.left)} y={px(board.top + board.head * 0.5)} dy="0.36em">{ title }</text>
            { for locks.iter().take(fit).enumerate().map(padlock) }
            { picture(&graph, drawn, scale, &props.on_act) }
        </g>
    }
}

fn lock(held: &Held, area: Area, y: f64, row: f64, on_act: &Callback<Act>) -> Html {
    let id = held.at;
    let pick = on_act.reform(move |_: MouseEvent| Act::Pick(PickAct::Pick(id)));
    let class = classes(&[
        ("padlock", true),
        ("down", !held.up),
        ("wanted", !held.lock.queue.is_empty()),
    ]);
    let s = row * 0.25;
    let x = area.left + s;
    // A body, and a bow above it.
    let shape = format!(
        "M{:.1} {:.1}h{:.1}v{:.1}h-{:.1}zM{:.1} {:.1}v-{s:.1}a{:.1} {:.1} 0 0 1 {:.1} 0v{s:.1}",
        x - s,
        y - s * 0.1,
        2.0 * s,
        s * 1.5,
        2.0 * s,
        x - s * 0.6,
        y - s * 0.1,
        s * 0.6,
        s * 0.6,
        s * 1.2
    );
    html! {
        <g {class} data-lock={held.lock.on.clone()} onclick={pick}>
            <title>{ words::lock(id, held.lock, held.age) }</title>
            <path d={shape} />
            <text class="what" x={px(x + s * 2.0)} y={px(y)} dy="0.36em">
                { format!("{} {}", held.lock.on, words::holder(held.lock)) }
            </text>
            <text class="age" x={px(area.left + area.width)} y={px(y)} dy="0.36em">{ words::age(held.age) }</text>
        </g>
    }
}

/// The graph: everybody on an ellipse, and an arrow to each one that is waited for.
fn picture(graph: &Graph, area: Area, scale: f64, on_act: &Callback<Act>) -> Html {
    if graph.points.is_empty() || area.height <= 0.0 {
        return Html::default();
    }
    let radius = (13.0 * scale).min(area.height / 7.0).max(8.0);
    let middle = Point::new(area.left + area.width / 2.0, area.top + area.height / 2.0);
    let (rx, ry) = (
        (area.width / 2.0 - radius - 8.0).min(area.height * 0.75),
        area.height / 2.0 - radius - 2.0,
    );
    let all = graph.points.len() as f64;
    let place = |at: usize| {
        // The first one is at the upper left, so that two stand beside each other.
        let turn = std::f64::consts::TAU * (at as f64 / all) - std::f64::consts::PI;
        Point::new(middle.x + rx * turn.cos(), middle.y + ry * turn.sin())
    };
    let arrow = |edge: &Edge| {
        let back = graph
            .edges
            .iter()
            .any(|other| (other.from, other.to) == (edge.to, edge.from));
        let names = (
            graph.points[edge.from].as_str(),
            graph.points[edge.to].as_str(),
        );
        arrow(
            edge,
            names,
            (place(edge.from), place(edge.to)),
            radius,
            back,
            on_act,
        )
    };
    let point = |(at, name): (usize, &String)| {
        let Point { x, y } = place(at);
        let class = classes(&[("waiter", true), ("on", graph.circle.contains(&at))]);
        html! {
            <g {class} data-waiter={name.clone()}>
                <circle cx={px(x)} cy={px(y)} r={px(radius)} />
                <text x={px(x)} y={px(y)} dy="0.36em">{ name }</text>
            </g>
        }
    };
    html! {
        <>
            { for graph.edges.iter().map(arrow) }
            { for graph.points.iter().enumerate().map(point) }
        </>
    }
}

fn arrow(
    edge: &Edge,
    (waiter, holder): (&str, &str),
    (from, to): (Point, Point),
    radius: f64,
    back: bool,
    on_act: &Callback<Act>,
) -> Html {
    let class = classes(&[("wait", true), ("on", edge.circle)]);
    let length = from.distance(to).max(1.0);
    let (ux, uy) = ((to.x - from.x) / length, (to.y - from.y) / length);
    // Two that wait for each other have an arrow on each side.
    let bend = if back { radius * 0.9 } else { 0.0 };
    let (nx, ny) = (-uy * bend, ux * bend);
    let (ax, ay) = (
        from.x + ux * radius + nx * 0.4,
        from.y + uy * radius + ny * 0.4,
    );
    let (bx, by) = (
        to.x - ux * (radius + 2.0) + nx * 0.4,
        to.y - uy * (radius + 2.0) + ny * 0.4,
    );
    let (mx, my) = (f64::midpoint(ax, bx) + nx, f64::midpoint(ay, by) + ny);
    let tip = radius * 0.5;
    // The head looks along the end of the curve.
    let (hx, hy) = (bx - mx, by - my);
    let h = hx.hypot(hy).max(1.0);
    let (hx, hy) = (hx / h * tip, hy / h * tip);
    let head = format!(
        "M{:.1} {:.1}L{bx:.1} {by:.1}L{:.1} {:.1}",
        bx - hx - hy * 0.6,
        by - hy + hx * 0.6,
        bx - hx + hy * 0.6,
        by - hy - hx * 0.6
    );
    let d = format!("M{ax:.1} {ay:.1}Q{mx:.1} {my:.1} {bx:.1} {by:.1}{head}");
    let (tx, ty) = (mx + nx * 0.2, my + ny * 0.2);
    let onclick = edge
        .at
        .first()
        .copied()
        .map(|id| on_act.reform(move |_: MouseEvent| Act::Pick(PickAct::Pick(id))));
    html! {
        <g {class} {onclick}>
            <title>{ words::wait(waiter, holder, &edge.on, &edge.at) }</title>
            <path {d} />
            if !edge.on.is_empty() { <text x={px(tx)} y={px(ty)} dy="0.36em">{ &edge.on }</text> }
        </g>
    }
}

/// Locks and waits of all nodes, a sentence each, for the lists.
#[must_use]
pub fn in_words(frame: &Frame) -> Vec<String> {
    let locks = held(frame).map(|held| words::lock(held.at, held.lock, held.age));
    let graph = Graph::of(frame);
    let name = |at: usize| graph.points[at].as_str();
    let waits = graph
        .edges
        .iter()
        .map(|edge| words::wait(name(edge.from), name(edge.to), &edge.on, &edge.at));
    let circle = words::circle(&graph.in_circle());
    locks.chain(waits).chain(circle).collect()
}

fn px(value: f64) -> String {
    format!("{value:.1}")
}
