//! The ring of keys beside the nodes: each owner's stretches, points, keys, the latest moves, the
//! search for an owner, and a bar for each owner. The inspector has the same as a table for screen
//! readers.

mod bars;
mod gathered;
mod searching;
mod weave;

use std::rc::Rc;

use faultline_sim::frame::{Frame, Ring};
use faultline_sim::process::NodeId;
use yew::prelude::*;

use crate::layout::{Keys, Point, Scene, Side, Trail, Wheel};
use crate::text;
use crate::ui::act::PickAct;
use crate::ui::sides::letter;
use crate::ui::{Act, Selection, classes};
use bars::Bars;
use gathered::gathered;
pub use gathered::ring_of;
use searching::searching;
use weave::weave_of;
pub use weave::weaves;

/// An owner's letter: a node keeps it for its whole life.
#[must_use]
pub fn letter_of(node: NodeId) -> String {
    letter((node.0.max(1) - 1) as usize)
}

/// A ring is drawn again only if it has changed.
#[derive(Clone, Debug)]
pub struct Shown(Rc<Ring>);

impl PartialEq for Shown {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0) || self.0 == other.0
    }
}

#[derive(Properties, PartialEq)]
pub struct HashWheelProps {
    pub ring: Shown,
    pub wheel: Wheel,
    /// The node whose view it is.
    pub knower: NodeId,
    pub selected: Option<NodeId>,
    pub on_act: Callback<Act>,
}

/// The ring of a frame, if there is one and there is room for it.
pub fn wheel(frame: &Frame, scene: &Scene, selection: Selection, on_act: &Callback<Act>) -> Html {
    let (Some(wheel), Some((knower, ring))) = (scene.wheel, ring_of(frame, selection)) else {
        return Html::default();
    };
    let selected = match selection {
        Selection::Node(id) => Some(id),
        _ => None,
    };
    html! {
        <HashWheel ring={Shown(gathered(frame, ring))} {wheel} {knower} {selected} on_act={on_act.clone()} />
    }
}

#[component]
pub fn HashWheel(props: &HashWheelProps) -> Html {
    let HashWheelProps {
        ring: Shown(ring),
        wheel,
        ..
    } = props;
    let centre = wheel.centre;
    let (inner, _) = wheel.edges();
    let zero = (
        wheel.at(0.0, inner - 1.0),
        wheel.at(0.0, inner + wheel.band + 2.0),
    );
    let step = 17.0 * wheel.scale;
    let lines = text::ring::words(ring);
    let first = centre.y - step * (lines.len() as f64 - 1.0) / 2.0;
    let word = |(i, line): (usize, &String)| {
        let y = px(first + step * i as f64);
        html! { <text class={if i == 0 { "ring-sum" } else { "ring-part" }} x={px(centre.x)} {y} dy="0.36em">{ line }</text> }
    };
    html! {
        <g class="key-ring" aria-hidden="true">
            <title>{ text::ring::title(props.knower) }</title>
            <circle class="ring-band" cx={px(centre.x)} cy={px(centre.y)} r={px(wheel.radius)}
                stroke-width={px(wheel.band)} />
            { stretches(props) }
            <path class="ring-ticks" d={wheel.ticks(ring)} />
            if !ring.points.is_empty() {
                <path class="ring-zero" d={format!("M{:.1} {:.1}L{:.1} {:.1}", zero.0.x, zero.0.y, zero.1.x, zero.1.y)} />
                <text class="ring-part" x={px(zero.0.x)} y={px(zero.1.y - 8.0 * wheel.scale)} dy="0.36em">{ "0" }</text>
            }
            { keys(wheel, ring) }
            { trails(wheel, ring) }
            { labels(wheel, ring) }
            { searching(wheel, ring) }
            <g class="ring-words">{ for lines.iter().enumerate().map(word) }</g>
            <Bars ring={props.ring.clone()} wheel={*wheel} selected={props.selected} on_act={props.on_act.clone()} />
        </g>
    }
}

/// The band: one path per owner, in its pattern.
fn stretches(props: &HashWheelProps) -> Html {
    let (ring, wheel) = (&props.ring.0, &props.wheel);
    let chosen = |node| props.selected == Some(node);
    let someone = ring.owners.iter().any(|owner| chosen(owner.node));
    let all = wheel.stretches(ring);
    let stretch = |(owner, parts): (usize, &Vec<(f64, f64)>)| {
        let node = ring.owners[owner].node;
        let d: String = parts
            .iter()
            .map(|(from, to)| wheel.sector(*from, *to))
            .collect();
        let class = classes(&[
            ("stretch", true),
            ("chosen", chosen(node)),
            ("beside", someone && !chosen(node)),
        ]);
        let pick = props
            .on_act
            .reform(move |_: MouseEvent| Act::Pick(PickAct::Pick(node)));
        html! {
            <path {class} {d} fill={weave_of(node)} onclick={pick} data-owner={ring.owners[owner].name.clone()}>
                <title>{ &ring.owners[owner].name }</title>
            </path>
        }
    };
    let owned = all
        .iter()
        .enumerate()
        .filter(|(_, parts)| !parts.is_empty());
    // Outlines would hide stretches that are a pixel wide.
    let class = if wheel.ticks(ring).is_empty() {
        "stretches fine"
    } else {
        "stretches"
    };
    html! { <g {class}>{ for owned.map(stretch) }</g> }
}

/// Letters outside the band, with numbers of places if those have a meaning.
fn labels(wheel: &Wheel, ring: &Ring) -> Html {
    let label = |clump: crate::layout::Clump| {
        let class = match clump.side {
            Side::Left => "ring-label end",
            Side::Middle => "ring-label",
            Side::Right => "ring-label start",
        };
        let places = |at: f64| (at * ring.places).round();
        html! {
            <text {class} x={px(clump.at.x)} y={px(clump.at.y)} dy="0.36em">
                { letter_of(ring.owners[clump.owner as usize].node) }
                if clump.roomy {
                    <tspan class="ring-place">
                        { format!(" {}", text::ring::places(places(clump.from), places(clump.to))) }
                    </tspan>
                }
            </text>
        }
    };
    html! { <g class="ring-labels">{ for wheel.labels(ring).into_iter().map(label) }</g> }
}

/// All keys, one path per owner; typed keys have their names.
fn keys(wheel: &Wheel, ring: &Ring) -> Html {
    // One more path for keys without an owner.
    let slot = |owner: Option<u32>| owner.map_or(ring.owners.len(), |at| at as usize);
    let mut paths = vec![String::new(); ring.owners.len() + 1];
    let strokes = match wheel.keys(ring) {
        Keys::Dots(dots) => {
            let r = wheel.dot();
            for (owner, at) in dots {
                paths[slot(owner)] += &format!(
                    "M{:.1} {:.1}a{r:.1} {r:.1} 0 1 0 {:.1} 0a{r:.1} {r:.1} 0 1 0 {:.1} 0",
                    at.x - r,
                    at.y,
                    2.0 * r,
                    -2.0 * r
                );
            }
            false
        }
        Keys::Strokes(strokes) => {
            for (owner, from, to) in strokes {
                paths[slot(owner)] +=
                    &format!("M{:.1} {:.1}L{:.1} {:.1}", from.x, from.y, to.x, to.y);
            }
            true
        }
    };
    let path = |(at, d): (usize, &String)| {
        let owner = ring.owners.get(at);
        let colour = owner.map_or("nobody".to_owned(), |owner| {
            format!("colour-{}", weave::number(owner.node))
        });
        let class = if strokes { "ring-strokes" } else { "ring-keys" };
        html! { <path class={format!("{class} {colour}")} d={d.clone()} /> }
    };
    let mut words: Vec<Point> = Vec::new();
    let typed = ring
        .items
        .iter()
        .filter(|item| item.typed)
        .take(12)
        .map(|item| {
            let at = wheel.place(ring, item);
            // Words of neighbours stand one behind the other.
            let free = |word: &Point| {
                let near = |other: &Point| {
                    let (x, y) = ((word.x - other.x).abs(), (word.y - other.y).abs());
                    x < 52.0 * wheel.scale && y < 15.0 * wheel.scale
                };
                !words.iter().any(near)
            };
            let steps = [0.14, 0.25, 0.36, 0.47].map(|part| at.towards(wheel.centre, part));
            let word = steps.into_iter().find(free).unwrap_or(steps[0]);
            words.push(word);
            let s = 4.5 * wheel.scale;
            let d = format!(
                "M{:.1} {:.1}l{s:.1} {s:.1}l-{s:.1} {s:.1}l-{s:.1} -{s:.1}Z",
                at.x,
                at.y - s
            );
            html! {
                <g class="ring-typed">
                    <path {d} />
                    <text x={px(word.x)} y={px(word.y)} dy="0.36em">{ &item.label }</text>
                </g>
            }
        });
    let drawn = paths.iter().enumerate().filter(|(_, d)| !d.is_empty());
    html! { <>{ for drawn.map(path) }{ for typed }</> }
}

/// One line per pair of old and new owner: thicker with more keys, and with a number if there is room.
fn trails(wheel: &Wheel, ring: &Ring) -> Html {
    let all = wheel.trails(ring);
    let few = all.len() <= 6;
    let class = if all.len() > 40 {
        "ring-trails many"
    } else {
        "ring-trails"
    };
    let path = |trail: &Trail| {
        let d = match (trail.from, trail.to) {
            (Some(from), Some(to)) => wheel.chord(from, to),
            (None, Some(at)) | (Some(at), None) => {
                let at = wheel.at(at, wheel.edges().0 - 2.0);
                format!(
                    "M{:.1} {:.1}L{:.1} {:.1}",
                    wheel.centre.x, wheel.centre.y, at.x, at.y
                )
            }
            (None, None) => return Html::default(),
        };
        let owner = trail.owner.and_then(|at| ring.owners.get(at as usize));
        let colour = owner.map_or("nobody".to_owned(), |owner| {
            format!("colour-{}", weave::number(owner.node))
        });
        let width = (f64::from(trail.keys).sqrt() * 1.4).clamp(1.2, 12.0) * wheel.scale;
        let end = trail.to.map(|to| wheel.at(to, wheel.edges().0 - 2.0));
        html! {
            <g class={format!("ring-trail {colour}")}>
                <path class="trail-edge" d={d.clone()} stroke-width={px(width + 2.0)} />
                <path class="trail-line" {d} stroke-width={px(width)} />
                if let Some(end) = end {
                    <circle class="trail-end" cx={px(end.x)} cy={px(end.y)} r={px((width / 2.0 + 2.0).max(3.0))} />
                }
            </g>
        }
    };
    let number = |trail: &Trail| {
        let (from, to) = trail.from.zip(trail.to)?;
        let inner = wheel.edges().0;
        let [a, b] = [wheel.at(from, inner), wheel.at(to, inner)];
        let at = a.towards(b, 0.5).towards(wheel.centre, 0.42);
        Some(html! {
            <text class="trail-keys" x={px(at.x)} y={px(at.y)} dy="0.36em">{ trail.keys }</text>
        })
    };
    // Each change fades in again.
    let key = ring.moved.first().map_or(0, |moved| moved.item) as usize * 31 + ring.moved.len();
    html! {
        <g {class} key={key.to_string()}>
            { for all.iter().map(path) }
            if few { { for all.iter().filter_map(number) } }
        </g>
    }
}

fn px(value: f64) -> String {
    format!("{value:.1}")
}
