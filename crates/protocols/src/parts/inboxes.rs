//! The longest queue of a paused node, as a probe. Arrivals at a paused node make no record, so queues are
//! looked at with every other record, and when the value is read.
//!
//! ```
//! use faultline_protocols::parts::inboxes::Inboxes;
//! use faultline_sim::probe::ProbeSpec;
//!
//! const INBOX: ProbeSpec =
//!     faultline_sim::probe!("inbox", "Longest queue of a paused node", "messages", new Inboxes);
//! assert_eq!(INBOX.unit, "messages");
//! ```

use faultline_sim::clone_probe;
use faultline_sim::event::{Event, Record};
use faultline_sim::probe::Probe;
use faultline_sim::process::NodeId;
use faultline_sim::sorted::SortedSet;
use faultline_sim::world::World;

#[derive(Clone, Default)]
pub struct Inboxes {
    paused: SortedSet<NodeId>,
    longest: usize,
}

impl Inboxes {
    fn longest_now(&self, world: &World) -> usize {
        let inboxes = self.paused.iter().map(|id| world.inbox(*id));
        inboxes.max().unwrap_or(0).max(self.longest)
    }
}

impl Probe for Inboxes {
    clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        match (&record.event, record.node) {
            (Event::Paused, Some(node)) => {
                self.paused.insert(node);
            }
            (Event::Resumed | Event::Crashed | Event::Removed, Some(node)) => {
                self.paused.remove(&node);
            }
            _ => {}
        }
        self.longest = self.longest_now(world);
    }
    fn value(&self, world: &World) -> Option<f64> {
        Some(self.longest_now(world) as f64)
    }
}
