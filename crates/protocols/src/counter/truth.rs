//! What was really counted, for those who measure: each request once, heard of or not.

use faultline_sim::event::{Event, Record};
use faultline_sim::process::NodeId;
use faultline_sim::shared::SharedMap;
use faultline_sim::sorted::SortedMap;
use faultline_sim::world::World;

use super::descriptor::DISK;
use super::{Counter, Role, marks};

/// Live nodes that count, with what they know.
pub fn live(world: &World) -> impl Iterator<Item = (NodeId, &Counter)> {
    let nodes = world
        .live()
        .filter_map(|id| Some((id, world.node::<Counter>(id)?)));
    nodes.filter(|(_, node)| node.role == Role::Node)
}

#[derive(Clone, Default, Hash)]
pub struct Truth {
    /// Counted at each node.
    at: SortedMap<NodeId, i64>,
    /// Of it, counted again for a request that had been counted, at each node.
    again: SortedMap<NodeId, i64>,
    requests: SharedMap<String, ()>,
    /// Requests that were counted more than once.
    pub twice: u32,
}

impl Truth {
    /// Whether a record can have changed a total. `Err` names a request that was counted again.
    pub fn on_record(&mut self, record: &Record, world: &World) -> Result<bool, String> {
        let Some(id) = record.node else {
            return Ok(false);
        };
        let (up, down) = (
            record.marked(&marks::INCREMENTS),
            record.marked(&marks::DECREMENTS),
        );
        if let Some(marked) = up.or(down) {
            let by = if up.is_some() { 1 } else { -1 };
            *self.at.entry(id).or_default() += by;
            let request = marked.word(1).unwrap_or_default();
            if !request.is_empty() && self.requests.insert(request.to_owned(), ()).is_some() {
                *self.again.entry(id).or_default() += by;
                self.twice += 1;
                return Err(request.to_owned());
            }
            return Ok(true);
        }
        if matches!(record.event, Event::Recovered)
            && world.settings().switch(&DISK)
            && let Some(node) = world.node::<Counter>(id)
        {
            // What was not yet on disk is gone, and nobody was told that it was counted.
            self.at.insert(id, node.local.value());
        }
        Ok(record.is(&marks::TAKES)
            || matches!(
                record.event,
                Event::Started | Event::Crashed | Event::Recovered | Event::Removed
            ))
    }

    pub fn total(&self) -> i64 {
        self.at.values().sum::<i64>() - self.again.values().sum::<i64>()
    }
}
