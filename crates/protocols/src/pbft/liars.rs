//! Who has lied so far. A replica that has lied once counts as a liar for ever: nobody knows what it has told.

use faultline_sim::command::Command;
use faultline_sim::event::{Event, Record};
use faultline_sim::fault::Fault;
use faultline_sim::process::NodeId;
use faultline_sim::sorted::SortedSet;
use faultline_sim::world::World;

use super::{faulty, is_replica};

#[derive(Clone, Default, Hash)]
pub struct Liars(SortedSet<NodeId>);

impl Liars {
    /// Learns from a record whether somebody begins to lie.
    pub fn look(&mut self, record: &Record, world: &World) {
        if let Event::Faulted {
            command,
            missed: None,
        } = &record.event
            && let Command::Fault(Fault::Lie(id, Some(_))) = **command
            && is_replica(world.settings(), id)
        {
            self.0.insert(id);
        }
    }

    pub fn has(&self, id: NodeId) -> bool {
        self.0.contains(&id)
    }

    pub fn count(&self) -> u32 {
        self.0.len() as u32
    }

    /// Whether they are at most f, as the algorithm assumes.
    pub fn few(&self, world: &World) -> bool {
        self.count() <= faulty(world.settings())
    }
}
