//! Which node suspects which, from what nodes say they believe: for probes and laws about failure detectors.
//! A suspicion that turns into "failed" is the same suspicion; a crash forgets what was believed.
//!
//! ```
//! use faultline_protocols::parts::suspicions::Suspicions;
//!
//! let suspicions = Suspicions::default();
//! assert_eq!(suspicions.iter().count(), 0, "nobody suspects anybody at first");
//! ```

use faultline_sim::event::{Event, Record};
use faultline_sim::process::{Belief, NodeId, Opinion};
use faultline_sim::sorted::SortedSet;

/// Observer and subject of each suspicion.
#[derive(Clone, Debug, Default, Hash)]
pub struct Suspicions(SortedSet<(NodeId, NodeId)>);

/// What a record did to a suspicion: observer, then subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    Begins(NodeId, NodeId),
    Ends(NodeId, NodeId),
}

impl Suspicions {
    /// What a record changes.
    pub fn on_record(&mut self, record: &Record) -> Option<Change> {
        let observer = record.node?;
        match &record.event {
            Event::Believed(Belief::Peer {
                node,
                opinion: Opinion::Alive,
            }) => {
                let ended = self.0.remove(&(observer, *node));
                ended.then_some(Change::Ends(observer, *node))
            }
            Event::Believed(Belief::Peer { node, .. }) => {
                let begun = self.0.insert((observer, *node));
                begun.then_some(Change::Begins(observer, *node))
            }
            Event::Crashed | Event::Removed => {
                self.0.retain(|(who, _)| *who != observer);
                None
            }
            _ => None,
        }
    }

    /// Observer and subject of a suspicion that begins with this record.
    pub fn begins(&mut self, record: &Record) -> Option<(NodeId, NodeId)> {
        match self.on_record(record)? {
            Change::Begins(observer, subject) => Some((observer, subject)),
            Change::Ends(..) => None,
        }
    }

    /// All of them, by observer.
    pub fn iter(&self) -> impl Iterator<Item = (NodeId, NodeId)> + '_ {
        self.0.iter().copied()
    }

    pub fn contains(&self, observer: NodeId, subject: NodeId) -> bool {
        self.0.contains(&(observer, subject))
    }
}
