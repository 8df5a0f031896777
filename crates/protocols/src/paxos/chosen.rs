//! What is chosen (2.1): a value that a majority of all acceptors has accepted in one ballot, whatever
//! the nodes take for a majority.

use faultline_sim::command::Command;
use faultline_sim::event::{Event, Record};
use faultline_sim::fault::Fault;
use faultline_sim::process::NodeId;
use faultline_sim::quorum::majority;
use faultline_sim::sorted::{SortedMap, SortedSet};
use faultline_sim::world::World;

use super::descriptor::ACCEPTORS;
use super::{Message, Proposal, Value};

/// Keeps count of who has accepted what.
#[derive(Clone, Default, Hash)]
pub struct Chosen {
    accepted: SortedMap<Proposal, SortedSet<NodeId>>,
    /// A crash of these may take back what was accepted and not written. What they have told is written.
    slow: SortedSet<NodeId>,
    /// The values that were chosen, the first one first. There should be one.
    pub values: Vec<Value>,
}

impl Chosen {
    /// The proposal by which this record chooses a value that was not chosen before.
    pub fn look(&mut self, record: &Record, world: &World) -> Option<Proposal> {
        let (from, message) = match &record.event {
            Event::Sent {
                address, message, ..
            } if !self.slow.contains(&address.from) => (address.from, message),
            Event::Delivered {
                address, message, ..
            } => (address.from, message),
            Event::Faulted { command, .. } => {
                if let Command::Fault(Fault::Disk(node, _)) = **command {
                    self.slow.insert(node);
                }
                return None;
            }
            _ => return None,
        };
        let Message::Accepted { proposal } = message.get()? else {
            return None;
        };
        if self.values.contains(&proposal.value) {
            return None;
        }
        let by = self.accepted.entry(proposal.clone()).or_default();
        by.insert(from);
        let enough = majority(world.settings().count(&ACCEPTORS));
        (by.len() as u32 >= enough).then(|| {
            self.values.push(proposal.value.clone());
            proposal.clone()
        })
    }
}
