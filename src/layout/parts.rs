//! The place of one part of each kind on the stage: a node, a message, a belief, a fault.

use faultline_sim::frame::{Frame, Life, NodeFrame};
use faultline_sim::process::Opinion;
use faultline_sim::sorted::sort_by;

use super::{Point, Scene, progress};

/// The kinds of parts on the stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// A running process.
    Node,
    /// A message from one node to another.
    Message,
    /// What a node thinks is true: a crown, an eye.
    Belief,
    /// What a fault has broken.
    Fault,
}

impl Part {
    /// In the order of the choice.
    pub const ALL: [Part; 4] = [Part::Node, Part::Message, Part::Belief, Part::Fault];
}

impl Scene {
    /// One present part of each kind (at an instant in microseconds), from left to right.
    #[must_use]
    pub fn parts(&self, frame: &Frame, now: f64) -> Vec<(Part, Point)> {
        let mut found: Vec<(Part, Point)> = Part::ALL
            .into_iter()
            .filter_map(|part| Some((part, self.part(part, frame, now)?)))
            .collect();
        sort_by(&mut found, |(_, a), (_, b)| {
            a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y))
        });
        found
    }

    fn part(&self, part: Part, frame: &Frame, now: f64) -> Option<Point> {
        let down = |node: &NodeFrame| matches!(node.life, Life::Down { .. });
        let mut nodes = frame.nodes.iter();
        match part {
            // A plain node, neither broken nor a leader.
            Part::Node => {
                let node = nodes.find(|node| !down(node) && node.beliefs.leader != Some(node.id));
                self.at(node?.id)
            }
            Part::Message => {
                let message = frame.messages.first()?;
                let (from, to) = (message.address.from, message.address.to);
                self.along(from, to, progress(message, now))
            }
            Part::Belief => {
                let beside = |node: &NodeFrame, place: Point| Some(self.at(node.id)?.plus(place));
                let crowned = |node: &&_| !down(node) && believes_to_lead(node);
                if let Some(node) = frame.nodes.iter().map(AsRef::as_ref).find(crowned) {
                    return beside(node, self.decor(node.id).crown.0);
                }
                let doubts = |node: &&NodeFrame| !down(node) && doubts(node);
                let node = frame.nodes.iter().map(AsRef::as_ref).find(doubts)?;
                let decor = self.decor(node.id);
                beside(node, decor.badges.unwrap_or(decor.mark))
            }
            Part::Fault => {
                if let Some(node) = nodes.find(|node| down(node)) {
                    return self.at(node.id);
                }
                let walled = frame.links.iter().find(|link| link.blocked.is_some())?;
                self.scissors(walled.a, walled.b)
            }
        }
    }
}

fn believes_to_lead(node: &NodeFrame) -> bool {
    node.beliefs.leader == Some(node.id)
}

fn doubts(node: &NodeFrame) -> bool {
    node.beliefs
        .peers
        .iter()
        .any(|(_, opinion)| *opinion != Opinion::Alive)
}
