//! Who thinks what of whom, beside the truth: a row an observer, a column a subject. Large clusters get
//! one tile a subject instead.

use std::rc::Rc;

use faultline_sim::frame::{Frame, Life, NodeFrame, Tone};
use faultline_sim::process::{NodeId, Opinion};
use yew::prelude::*;

use crate::text::beliefs as words;
use crate::ui::{Same, classes};

/// Up to this many nodes can be read one by one.
const MOST: usize = 12;

#[derive(Properties, PartialEq)]
pub struct BeliefsProps {
    pub frame: Same<Frame>,
    pub on_pick: Callback<NodeId>,
}

/// Nothing where nobody has said anything about a peer yet.
#[component]
pub fn Beliefs(props: &BeliefsProps) -> Html {
    let nodes = observers(&props.frame);
    if nodes.iter().all(|node| node.beliefs.peers.is_empty()) {
        return Html::default();
    }
    let wrong = misjudged(&nodes);
    html! {
        <section class="sheet beliefs" aria-labelledby="beliefs-title">
            <h2 id="beliefs-title">{ words::TITLE }</h2>
            <p class="quiet">{ words::summary(wrong.iter().sum()) }</p>
            if nodes.len() <= MOST { { matrix(&nodes, &props.on_pick) } } else { { tiles(&nodes, &wrong, &props.on_pick) } }
        </section>
    }
}

/// Nodes that watch and are watched; clients are neither.
fn observers(frame: &Frame) -> Vec<Rc<NodeFrame>> {
    let mut nodes = frame.nodes.clone();
    nodes.retain(|node| node.tone != Tone::Client);
    nodes
}

/// What a node thinks of another one. It takes for alive whom it has said nothing about.
fn opinion(of: &NodeFrame, about: NodeId) -> Opinion {
    let mut peers = of.beliefs.peers.iter();
    let said = peers.find(|(id, _)| *id == about);
    said.map_or(Opinion::Alive, |(_, opinion)| *opinion)
}

fn is_down(node: &NodeFrame) -> bool {
    matches!(node.life, Life::Down { .. })
}

/// Whether an opinion is not the truth. A paused node is alive, and only slow. A node that is up and out of
/// order on purpose, as a listing's simulated failure is, is neither.
fn is_wrong(opinion: Opinion, subject: &NodeFrame) -> bool {
    subject.tone != Tone::Bad && (opinion == Opinion::Alive) == is_down(subject)
}

/// How many live nodes are wrong about each of these nodes, in their order: one look at each opinion.
fn misjudged(nodes: &[Rc<NodeFrame>]) -> Vec<usize> {
    let live = nodes.iter().filter(|node| !is_down(node)).count();
    // A node that has said nothing takes the others for alive.
    let silent_wrong = |node: &Rc<NodeFrame>| {
        if is_wrong(Opinion::Alive, node) {
            live
        } else {
            0
        }
    };
    let mut wrong: Vec<usize> = nodes.iter().map(silent_wrong).collect();
    for observer in nodes.iter().filter(|node| !is_down(node)) {
        for (about, opinion) in &observer.beliefs.peers {
            let Ok(at) = nodes.binary_search_by_key(about, |node| node.id) else {
                continue;
            };
            let said = is_wrong(*opinion, &nodes[at]);
            match (said, is_wrong(Opinion::Alive, &nodes[at])) {
                (true, false) => wrong[at] += 1,
                (false, true) => wrong[at] -= 1,
                _ => {}
            }
        }
    }
    wrong
}

fn matrix(nodes: &[Rc<NodeFrame>], on_pick: &Callback<NodeId>) -> Html {
    let head = |subject: &Rc<NodeFrame>| {
        let id = subject.id;
        let pick = on_pick.reform(move |_: MouseEvent| id);
        html! {
            <th scope="col" class={classes(&[("truth", true), ("down", is_down(subject))])}>
                <button type="button" onclick={pick} title={words::truth(subject.life, id)}>
                    { id.0 }<span class="for-readers">{ words::life(subject.life) }</span>
                </button>
            </th>
        }
    };
    let cell = |observer: &NodeFrame, subject: &NodeFrame| {
        if observer.id == subject.id {
            return html! { <td class="self"></td> };
        }
        if is_down(observer) {
            return html! { <td class="gone"><span class="for-readers">{ words::SILENT }</span></td> };
        }
        let opinion = opinion(observer, subject.id);
        let wrong = is_wrong(opinion, subject);
        let class = match opinion {
            Opinion::Alive => "alive",
            Opinion::Suspected => "suspected",
            Opinion::Failed => "failed",
        };
        let said = words::opinion(observer.id, opinion, subject.id, wrong);
        html! {
            <td class={classes(&[(class, true), ("wrong", wrong)])} title={said.clone()}>
                <span aria-hidden="true">{ words::sign(opinion) }</span>
                <span class="for-readers">{ said }</span>
            </td>
        }
    };
    html! {
        <div class="scrolls" tabindex="0" role="group" aria-label={words::TITLE}>
            <table class="belief-table">
                <thead><tr>
                    <td><span class="quiet">{ words::CORNER }</span></td>
                    { for nodes.iter().map(head) }
                </tr></thead>
                <tbody>{ for nodes.iter().map(|observer| html! {
                    <tr>
                        <th scope="row">{ observer.id.0 }</th>
                        { for nodes.iter().map(|subject| cell(observer, subject)) }
                    </tr>
                }) }</tbody>
            </table>
        </div>
    }
}

/// One tile a subject: how many live nodes are wrong about it.
fn tiles(nodes: &[Rc<NodeFrame>], wrong: &[usize], on_pick: &Callback<NodeId>) -> Html {
    let live = nodes.iter().filter(|node| !is_down(node)).count().max(1);
    let tile = |(node, &wrong): (&Rc<NodeFrame>, &usize)| {
        let id = node.id;
        let said = words::misjudged(id, node.life, wrong);
        let class = classes(&[("belief-tile", true), ("down", is_down(node))]);
        let share = format!("--wrong: {:.0}%", wrong as f64 / live as f64 * 100.0);
        let pick = on_pick.reform(move |_: MouseEvent| id);
        html! {
            <li><button type="button" {class} ~style={share} title={said.clone()} aria-label={said} onclick={pick}>
                { id.0 }
            </button></li>
        }
    };
    html! { <ol class="belief-tiles">{ for nodes.iter().zip(wrong).map(tile) }</ol> }
}
