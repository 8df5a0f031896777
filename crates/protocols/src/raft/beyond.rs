//! What Raft has beyond the algorithm of Figure 2: snapshots, changes of the voters, transfers of the lead,
//! batches and leases. All of it is off unless somebody turns it on.

mod batch;
mod change;
mod config;
mod draw;
mod lease;
mod narrate;
mod snapshot;
mod transfer;

use std::hash::{Hash, Hasher};
use std::rc::Rc;

use faultline_sim::process::NodeId;
use faultline_sim::settings::Settings;
use faultline_sim::sorted::{SortedMap, SortedSet};
use faultline_sim::time::LocalTime;
use serde::Serialize;

use super::{Index, Server, Term};

pub use batch::{BATCH, MOST};
pub use change::{CHANGE_AFTER_COMMIT, MEMBERSHIP, VOTERS};
pub use config::Config;
pub use lease::LEASE_READS;
pub use snapshot::{COMPACT, Snapshot};
pub use transfer::{PREFER, Transfer};

pub(super) use change::changes;
pub(super) use config::contacts;
pub(super) use draw::draw;
pub(super) use narrate::narrate;

/// What these rules need to know. Empty while they are off.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Beyond {
    /// Index and term of the latest entry that is no longer in the log; 0 if all are there.
    pub base: (Index, Term),
    /// What stands for the entries that are gone (section 7). Persistent, as the log is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snapshot: Option<Rc<Snapshot>>,
    /// Followers that were sent a snapshot since the last heartbeat.
    #[serde(skip_serializing_if = "SortedSet::is_empty")]
    pub sent: SortedSet<NodeId>,
    /// The latest configuration in the log, committed or not, and its index; none: the first servers vote.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub config: Option<(Index, Config)>,
    /// To whom this leader hands over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transfer: Option<Transfer>,
    /// To whom this leader has tried to hand over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tried: Option<NodeId>,
    /// Whether this leader gathers requests, to send them together.
    pub gathers: bool,
    /// When this leader began its latest rounds of heartbeats, on its own clock.
    #[serde(skip_serializing_if = "SortedMap::is_empty")]
    pub rounds: SortedMap<u64, LocalTime>,
}

/// Nothing while all is off, so that runs without these rules keep the hashes that links know.
impl Hash for Beyond {
    fn hash<H: Hasher>(&self, state: &mut H) {
        if !self.is_empty() {
            (self.base, &self.snapshot, &self.sent, &self.config).hash(state);
            (&self.transfer, self.tried, self.gathers, &self.rounds).hash(state);
        }
    }
}

impl Beyond {
    pub(super) fn is_empty(&self) -> bool {
        self.base.0 == 0
            && self.config.is_none()
            && !self.gathers
            && self.tried.is_none()
            && self.rounds.is_empty()
    }

    /// What only a leader knows is forgotten with each election.
    pub(super) fn end_lead(&mut self) {
        (self.transfer, self.tried, self.gathers) = (None, None, false);
        self.sent = SortedSet::new();
        self.rounds = SortedMap::new();
    }
}

/// Whether any of these rules decides by the time since something happened.
pub(super) fn is_timed(settings: &Settings) -> bool {
    settings.switch(&LEASE_READS) || settings.count(&PREFER) > 0
}

/// Whether all servers are treated alike.
pub(super) fn is_fair(settings: &Settings) -> bool {
    settings.count(&PREFER) == 0 && !changes(settings)
}

impl Server {
    /// The index of the latest entry that only a snapshot stands for; 0 if the log is whole.
    pub(crate) fn base(&self) -> Index {
        self.beyond.base.0
    }
}
