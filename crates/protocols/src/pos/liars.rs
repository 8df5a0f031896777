//! Who has lied so far. A validator that has lied once counts as a liar for ever: nobody knows what it has signed.

use faultline_sim::command::Command;
use faultline_sim::event::{Event, Record};
use faultline_sim::fault::Fault;
use faultline_sim::process::NodeId;
use faultline_sim::sorted::SortedSet;
use faultline_sim::world::World;

use super::stakes::{deposit, total, validators};

#[derive(Clone, Default, Hash)]
pub struct Liars(SortedSet<NodeId>);

impl Liars {
    /// Learns from a record whether somebody begins to lie.
    pub fn look(&mut self, record: &Record) {
        if let Event::Faulted {
            command,
            missed: None,
        } = &record.event
            && let Command::Fault(Fault::Lie(id, Some(_))) = **command
        {
            self.0.insert(id);
        }
    }

    pub fn has(&self, id: NodeId) -> bool {
        self.0.contains(&id)
    }

    /// Whether less than a third of the stake has lied, as the algorithm assumes.
    pub fn few(&self, world: &World) -> bool {
        let settings = world.settings();
        let lying = validators(settings).filter(|id| self.has(*id));
        let sum: u64 = lying.map(|id| deposit(settings, id)).sum();
        sum * 3 < total(settings)
    }
}
