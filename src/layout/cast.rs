//! Who stands on the stage: all that the places of nodes depend on, besides the room.

use faultline_sim::frame::{Frame, Life, NodeFrame, Tone};
use faultline_sim::process::NodeId;
use faultline_sim::standing::Form;

/// The nodes and their parts in a form.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cast {
    /// All nodes, by number.
    pub ids: Vec<NodeId>,
    pub form: Form,
    /// Nodes that ask from outside, by number.
    pub clients: Vec<NodeId>,
    /// Who stands in the middle of a star.
    pub hub: Option<NodeId>,
    /// Each node's layer or group; empty if the form has none.
    pub layers: Vec<u8>,
    /// The sides of a partition.
    pub sides: Vec<Vec<NodeId>>,
}

impl Cast {
    /// Nodes without parts, in a circle.
    #[must_use]
    pub fn plain(ids: &[NodeId]) -> Self {
        Self {
            ids: ids.to_vec(),
            ..Self::default()
        }
    }

    /// The nodes of a frame, in a form.
    #[must_use]
    pub fn of(frame: &Frame, form: Form) -> Self {
        let layered = matches!(form, Form::Layers | Form::Groups);
        let nodes = || frame.nodes.iter();
        let ids = |of: &dyn Fn(&NodeFrame) -> bool| -> Vec<NodeId> {
            nodes()
                .filter(|node| of(node))
                .map(|node| node.id)
                .collect()
        };
        Self {
            ids: ids(&|_| true),
            form,
            clients: ids(&|node| node.tone == Tone::Client),
            hub: (form == Form::Star).then(|| hub(frame)).flatten(),
            layers: if layered {
                nodes().map(|node| node.layer).collect()
            } else {
                Vec::new()
            },
            sides: frame.sides.clone(),
        }
    }

    /// The nodes that are no clients.
    pub(super) fn members(&self) -> Vec<NodeId> {
        let member = |id: &NodeId| !self.clients.contains(id);
        self.ids.iter().copied().filter(member).collect()
    }

    /// The nodes of each layer that has any, from the first layer on.
    pub(super) fn columns(&self) -> Vec<Vec<NodeId>> {
        let last = self.layers.iter().copied().max().unwrap_or(0);
        let of = |layer: u8| -> Vec<NodeId> {
            let pairs = self.ids.iter().zip(&self.layers);
            let here = pairs.filter(|(_, own)| **own == layer);
            here.map(|(id, _)| *id).collect()
        };
        let columns = (0..=last).map(of);
        columns.filter(|column| !column.is_empty()).collect()
    }

    /// Whether each node is on exactly one of two or more sides.
    pub(super) fn is_parted(&self) -> bool {
        let all: usize = self.sides.iter().map(Vec::len).sum();
        let on_one = |id: &NodeId| self.sides.iter().any(|side| side.contains(id));
        let filled = self.sides.iter().filter(|side| !side.is_empty()).count();
        filled >= 2 && all == self.ids.len() && self.ids.iter().all(on_one)
    }
}

/// A coordinator, or else who leads: the one that most nodes take for their leader.
fn hub(frame: &Frame) -> Option<NodeId> {
    let mut nodes = frame.nodes.iter();
    if let Some(node) = nodes.find(|node| node.tone == Tone::Coordinator) {
        return Some(node.id);
    }
    let crowned = frame.nodes.iter().filter(|node| crowned(node));
    crowned
        .max_by_key(|node| (followers(frame, node.id), std::cmp::Reverse(node.id)))
        .map(|node| node.id)
}

/// Whether it thinks it is the leader.
#[must_use]
pub fn crowned(node: &NodeFrame) -> bool {
    node.beliefs.leader == Some(node.id) && !matches!(node.life, Life::Down { .. })
}

/// How many nodes take this one for their leader.
#[must_use]
pub fn followers(frame: &Frame, leader: NodeId) -> usize {
    let nodes = frame.nodes.iter();
    nodes
        .filter(|node| node.beliefs.leader == Some(leader))
        .count()
}
