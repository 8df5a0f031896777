//! The ring of a stage, combined from the nodes' knowledge.

use std::rc::Rc;

use faultline_sim::frame::{Figure, Frame, NodeFrame, Ring, RingItem};
use faultline_sim::process::NodeId;

use crate::ui::Selection;

/// The ring of a stage: the selected node's view, or the first node's that has one.
#[must_use]
pub fn ring_of(frame: &Frame, selection: Selection) -> Option<(NodeId, &Rc<Ring>)> {
    let rings = frame.nodes.iter();
    let rings = rings.filter_map(|node| Some((node.id, of_node(node)?)));
    let mut rings = rings.filter(|(_, ring)| !ring.partial);
    let chosen = |(id, _): &(NodeId, _)| selection == Selection::Node(*id);
    let selected = rings.clone().find(chosen);
    selected.or_else(|| rings.next())
}

fn of_node(node: &NodeFrame) -> Option<&Rc<Ring>> {
    node.figures.iter().find_map(|figure| match figure {
        Figure::Ring(ring) => Some(ring),
        _ => None,
    })
}

/// How many of its own items a node says it stores.
fn holds(frame: &Frame, id: NodeId) -> Option<u32> {
    let node = frame.nodes.iter().find(|node| node.id == id)?;
    let mut owners = of_node(node)?.owners.iter();
    owners.find(|owner| owner.node == id)?.holds
}

/// Each node knows what it stores, nodes with copies know typed keys, and the asked node knows a
/// search. The stage combines them.
pub fn gathered(frame: &Frame, ring: &Rc<Ring>) -> Rc<Ring> {
    let others = frame.nodes.iter().filter_map(|node| of_node(node));
    let others: Vec<&Rc<Ring>> = others.filter(|other| !Rc::ptr_eq(other, ring)).collect();
    let owner_here = |other: &Ring, owner: Option<u32>| {
        let node = other.owners.get(owner? as usize)?.node;
        let found = ring.owners.iter().position(|owner| owner.node == node);
        found.map(|at| at as u32)
    };
    let mut more: Vec<RingItem> = Vec::new();
    for other in &others {
        for item in other.items.iter().filter(|item| item.typed) {
            let known = |have: &RingItem| have.label == item.label;
            if !ring.items.iter().chain(&more).any(known) {
                more.push(RingItem {
                    owner: owner_here(other, item.owner),
                    ..item.clone()
                });
            }
        }
    }
    // Prefers a running search over a finished one, and this ring's own over another's.
    let searching = |ring: &Ring| ring.search.as_ref().map(|search| search.found.is_none());
    let under_way = others.iter().find(|other| searching(other) == Some(true));
    let searching = match searching(ring) {
        Some(true) => None,
        Some(false) => under_way,
        None => under_way.or_else(|| others.iter().find(|other| other.search.is_some())),
    };
    let holds: Vec<Option<u32>> = ring.owners.iter().map(|o| holds(frame, o.node)).collect();
    let loads = ring.loads();
    let mut counts = holds.iter().zip(&loads);
    let as_owned = counts.all(|(holds, load)| holds.is_none_or(|holds| holds == *load));
    if more.is_empty() && searching.is_none() && as_owned {
        return Rc::clone(ring);
    }
    let mut all = Ring::clone(ring);
    all.items.extend(more);
    for (owner, holds) in all.owners.iter_mut().zip(holds) {
        owner.holds = holds.or(owner.holds);
    }
    if let Some(other) = searching {
        (all.search, all.walk) = (other.search.clone(), other.walk.clone());
    }
    Rc::new(all)
}

#[cfg(test)]
mod tests {
    use faultline_sim::frame::RingOwner;

    use super::*;
    use crate::{synthetic, text};

    /// Two nodes that agree on four keys each and report what they store.
    fn frame(holds: [u32; 2]) -> Frame {
        let ids = [NodeId(1), NodeId(2)];
        let ring = |me: NodeId| Ring {
            owners: ids
                .iter()
                .map(|id| RingOwner {
                    name: id.to_string(),
                    node: *id,
                    member: true,
                    holds: (*id == me).then(|| holds[id.index()]),
                })
                .collect(),
            items: (0..8)
                .map(|key| RingItem {
                    at: f64::from(key) / 8.0,
                    label: format!("key{key}"),
                    owner: Some(key % 2),
                    typed: false,
                })
                .collect(),
            ..Ring::default()
        };
        let node = |id: &NodeId| NodeFrame {
            figures: vec![Figure::Ring(Rc::new(ring(*id)))],
            ..synthetic::node(id.0)
        };
        Frame {
            nodes: ids.iter().map(node).map(Rc::new).collect(),
            ..synthetic::frame()
        }
    }

    #[test]
    fn each_node_tells_what_it_stores() {
        for (holds, words) in [
            ([4, 4], "8 keys"),
            ([4, 1], "5 of 8 keys"),
            ([0, 3], "3 of 8 keys"),
        ] {
            let frame = frame(holds);
            for selection in [Selection::None, Selection::Node(NodeId(2))] {
                let (_, ring) = ring_of(&frame, selection).expect("a ring is drawn");
                let all = gathered(&frame, ring);
                assert_eq!(all.loads(), holds);
                assert_eq!(text::ring::words(&all)[0], words);
            }
        }
    }

    #[test]
    fn a_ring_that_says_all_is_shared() {
        let frame = frame([4, 4]);
        let (_, ring) = ring_of(&frame, Selection::None).expect("a ring is drawn");
        assert!(Rc::ptr_eq(ring, &gathered(&frame, ring)));
    }
}
