//! The overlay of a diagram: the chosen event with its cones, and the playhead.

use faultline_sim::network::Address;
use faultline_sim::process::NodeId;

use crate::causes::Cones;
use crate::content::ends;
use crate::index::Index;
use crate::shape::{Shape, Way};
use crate::view::View;

/// The person's choice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Chosen {
    /// Nothing.
    #[default]
    None,
    /// A record.
    Record(u64),
    /// A node.
    Node(NodeId),
    /// A message.
    Message(Address),
}

/// The overlay of a window. `edge` is the end of the run on the axis; `second` is compared with the
/// chosen event.
#[must_use]
pub fn overlay(
    index: &Index,
    view: &View,
    chosen: Chosen,
    cones: Option<&Cones>,
    second: Option<u64>,
    edge: f64,
) -> Vec<Shape> {
    let mut out = Vec::new();
    let lanes = view.lanes(index);
    let half = view.pitch(lanes.len()) / 2.0;
    if let Some(cones) = cones {
        hatch(index, view, &lanes, cones, &mut out);
    }
    let (left, right) = (view.left(), view.right());
    let y = (view.top(), view.bottom());
    let (here, edge) = (view.x(view.here()), view.x(edge));
    if edge > here + 0.5 && edge > left && here < right {
        let x = (here.max(left), edge.min(right));
        out.push(Shape::Ahead { x, y });
    }
    if here >= left - 1.0 && here <= right + 1.0 {
        out.push(Shape::Playhead { x: here, y });
    }
    match chosen {
        Chosen::None => {}
        Chosen::Node(node) => {
            if let Some(y) = view.y(&lanes, node) {
                let half = half.min(16.0 * view.scale);
                out.push(Shape::Chosen { y, half });
            }
        }
        Chosen::Message(address) => pick(index, view, &lanes, index.find(address), &mut out),
        Chosen::Record(seq) => {
            let message = index.message_of(seq);
            pick(index, view, &lanes, message, &mut out);
            ring(index, view, &lanes, seq, false, &mut out);
        }
    }
    if let Some(seq) = second {
        ring(index, view, &lanes, seq, true, &mut out);
    }
    out
}

fn pick(
    index: &Index,
    view: &View,
    lanes: &[NodeId],
    message: Option<&crate::message::Message>,
    out: &mut Vec<Shape>,
) {
    let ends = message.and_then(|message| ends(index, view, lanes, message));
    if let Some((from, to)) = ends {
        out.push(Shape::Picked { from, to });
    }
}

/// The place of a record: on its lane, or at the end of its message.
pub(crate) fn place_of(
    index: &Index,
    view: &View,
    lanes: &[NodeId],
    seq: u64,
) -> Option<(f64, f64)> {
    let entry = index.entry(seq)?;
    if entry.node > 0 {
        let y = view.y(lanes, NodeId(entry.node))?;
        return Some((view.x(view.place(seq, entry.time)), y));
    }
    match index.message_of(seq) {
        Some(message) => ends(index, view, lanes, message)
            .map(|(from, to)| if message.end == seq { to } else { from }),
        None => Some((view.x(view.place(seq, entry.time)), view.top() - 4.0)),
    }
}

fn ring(
    index: &Index,
    view: &View,
    lanes: &[NodeId],
    seq: u64,
    second: bool,
    out: &mut Vec<Shape>,
) {
    let place = place_of(index, view, lanes, seq);
    let seen = |at: &(f64, f64)| at.0 >= view.left() - 6.0 && at.0 <= view.right() + 6.0;
    if let Some(at) = place.filter(seen) {
        out.push(Shape::Ring { at, second });
    }
}

/// For each lane: from the left edge to the last record of the past, and from the first record of the
/// future to the right edge.
fn hatch(index: &Index, view: &View, lanes: &[NodeId], cones: &Cones, out: &mut Vec<Shape>) {
    let pitch = view.pitch(lanes.len());
    let half = (pitch / 2.0 - 1.0).clamp(1.0, 15.0 * view.scale);
    // Forgotten records are left of the window.
    let place = |node: NodeId, own: u32| {
        if index.lanes.get(node.index())?.has_forgotten(own) {
            return Some(f64::MIN);
        }
        let seq = index.of_lane(node, own)?;
        let entry = index.entry(seq)?;
        Some(view.x(view.place(seq, entry.time)))
    };
    let end = index.entry(index.len());
    let end = end.map_or(view.right(), |entry| {
        view.x(view.place(index.len(), entry.time)) + 6.0
    });
    let mut cone = |way: Way, from: f64, to: f64, y: f64| {
        let x = (from.max(view.left()), to.min(view.right()));
        if x.1 > x.0 {
            let y = (y - half, y + half);
            out.push(Shape::Cone { way, x, y });
        }
    };
    for node in lanes {
        let Some(y) = view.y(lanes, *node) else {
            continue;
        };
        let past = cones.past.get(node.index()).copied().unwrap_or_default();
        // The record itself bounds its own lane on both sides.
        if let Some(x) = place(*node, past).filter(|_| past > 0) {
            let first = place(*node, 1).unwrap_or(f64::MIN);
            cone(Way::Past, first, x + 0.5, y);
        }
        let future = cones.future.get(node.index()).copied().unwrap_or_default();
        if let Some(x) = place(*node, future).filter(|_| future > 0) {
            let x = if cones.node == Some(*node) {
                place(*node, past).unwrap_or(x)
            } else {
                x
            };
            cone(Way::Future, x - 0.5, end, y);
        }
    }
}
