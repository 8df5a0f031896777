//! What is so, whatever nodes believe: who works, and who has failed since when.

use faultline_sim::event::{Event, Record};
use faultline_sim::frame::Life;
use faultline_sim::process::{NodeId, Opinion};
use faultline_sim::sorted::SortedMap;
use faultline_sim::time::Time;
use faultline_sim::world::World;

use super::{Watcher, marks};

/// Whether a node has not crashed and means to send heartbeats. A paused one is alive, too.
pub fn works(world: &World, id: NodeId) -> bool {
    world.is_live(id) && world.node::<Watcher>(id).is_some_and(|node| node.sending)
}

/// Nodes that are up or paused, with their state.
pub fn live(world: &World) -> impl Iterator<Item = (NodeId, &Watcher)> {
    world
        .live()
        .filter_map(|id| Some((id, world.node::<Watcher>(id)?)))
}

/// Live nodes that check their peers: those that ought to notice.
pub fn observers(world: &World) -> impl Iterator<Item = (NodeId, &Watcher)> {
    let watches = |(_, node): &(NodeId, &Watcher)| node.checking && !node.detector.heard.is_empty();
    live(world).filter(watches)
}

/// Whether an observer believes this peer to have failed.
pub fn says_failed(node: &Watcher, peer: NodeId) -> bool {
    node.beliefs.get(&peer) == Some(&Opinion::Failed)
}

/// Since when nodes that only stopped sending have been silent.
#[derive(Clone, Debug, Default, Hash)]
pub struct Failures(SortedMap<NodeId, Time>);

impl Failures {
    pub fn on_record(&mut self, record: &Record) {
        let Some(id) = record.node else { return };
        if record.is(&marks::STOPS) {
            self.0.insert(id, record.time);
        } else if record.is(&marks::RESUMES)
            || matches!(
                record.event,
                Event::Crashed | Event::Recovered | Event::Removed
            )
        {
            self.0.remove(&id);
        }
    }

    /// When this node failed; none if it works.
    pub fn since(&self, world: &World, id: NodeId) -> Option<Time> {
        match world.life(id)? {
            Life::Down { since } => Some(since),
            Life::Up | Life::Paused { .. } => self.0.get(&id).copied(),
        }
    }
}
