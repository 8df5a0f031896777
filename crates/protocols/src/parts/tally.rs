//! How many live nodes have which data, kept up to date with each record: a look at a thousand nodes
//! after every event would take most of the time.
//!
//! What a node has is a hash, or nothing if it takes no part. Data may only change with a mark:
//!
//! ```
//! use faultline_protocols::parts::tally::Tally;
//!
//! assert!(Tally::default().agree(), "among nobody, all agree");
//! ```

use faultline_sim::event::{Event, Record};
use faultline_sim::process::NodeId;
use faultline_sim::shared::SharedMap;
use faultline_sim::sorted::SortedMap;
use faultline_sim::world::World;

#[derive(Clone, Default, Hash)]
pub struct Tally {
    /// What each live node has, as a hash, and how many have it.
    has: SharedMap<NodeId, u64>,
    counts: SortedMap<u64, u32>,
}

impl Tally {
    /// Whether a record can have changed what a live node has; `has` says what that is.
    pub fn on_record(
        &mut self,
        record: &Record,
        world: &World,
        has: impl Fn(&World, NodeId) -> Option<u64>,
    ) -> bool {
        let changes = matches!(
            record.event,
            Event::Started | Event::Crashed | Event::Recovered | Event::Removed | Event::Marked(_)
        );
        let Some(id) = record.node.filter(|_| changes) else {
            return false;
        };
        let live = world.is_live(id);
        self.note(id, has(world, id).filter(|_| live));
        true
    }

    /// Whether all live nodes have the same.
    pub fn agree(&self) -> bool {
        self.counts.len() <= 1
    }

    fn note(&mut self, id: NodeId, hash: Option<u64>) {
        let before = match hash {
            Some(hash) => self.has.insert(id, hash),
            None => self.has.remove(&id),
        };
        if let Some(before) = before
            && let Some(count) = self.counts.get_mut(&before)
        {
            *count -= 1;
            if *count == 0 {
                self.counts.remove(&before);
            }
        }
        if let Some(hash) = hash {
            *self.counts.entry(hash).or_default() += 1;
        }
    }
}
