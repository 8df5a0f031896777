//! A failure detector by silence: a peer that has not been heard for a while is suspected, then
//! believed to have failed. It is often wrong, and that is the point.
//!
//! ```
//! use faultline_protocols::parts::detector::Detector;
//! use faultline_sim::process::{NodeId, Opinion};
//! use faultline_sim::time::{Duration, LocalTime};
//!
//! let at = |seconds: i64| LocalTime(seconds * 1_000_000);
//! let limits = (Duration::seconds(2), Duration::seconds(5));
//! let mut detector = Detector::default();
//! detector.watch([NodeId(2)], at(0));
//! assert_eq!(detector.judge(at(2), limits), []);
//! assert_eq!(detector.judge(at(3), limits), [(NodeId(2), Opinion::Suspected)]);
//! assert_eq!(detector.judge(at(4), limits), [], "no news");
//! assert_eq!(detector.judge(at(6), limits), [(NodeId(2), Opinion::Failed)]);
//! assert!(detector.hear(NodeId(2), at(6)), "alive again: that is news");
//! ```

use faultline_sim::process::{NodeId, Opinion};
use faultline_sim::sorted::SortedMap;
use faultline_sim::time::{Duration, LocalTime};
use serde::Serialize;

/// When each peer was last heard, and what this node believes about it.
#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct Detector {
    /// On this node's own clock.
    pub heard: SortedMap<NodeId, LocalTime>,
    pub opinions: SortedMap<NodeId, Opinion>,
}

impl Detector {
    /// Watches these peers and no others. The silence of a new one counts from now.
    pub fn watch(&mut self, peers: impl IntoIterator<Item = NodeId>, now: LocalTime) {
        let heard = std::mem::take(&mut self.heard);
        let since = |peer| (peer, heard.get(&peer).copied().unwrap_or(now));
        self.heard = peers.into_iter().map(since).collect();
        self.opinions
            .retain(|peer, _| self.heard.contains_key(peer));
    }

    /// A peer was heard. True if that changes the opinion.
    pub fn hear(&mut self, peer: NodeId, now: LocalTime) -> bool {
        self.heard.insert(peer, now);
        self.opinions.insert(peer, Opinion::Alive) != Some(Opinion::Alive)
    }

    /// Judges all peers by their silence: suspected after the first limit, failed after the second.
    /// Returns the changed opinions, in order of the peers.
    pub fn judge(
        &mut self,
        now: LocalTime,
        (suspect, fail): (Duration, Duration),
    ) -> Vec<(NodeId, Opinion)> {
        let mut news = Vec::new();
        for (peer, heard) in &self.heard {
            let silence = now.since(*heard);
            let opinion = if silence > fail {
                Opinion::Failed
            } else if silence > suspect {
                Opinion::Suspected
            } else {
                continue;
            };
            if self.opinions.insert(*peer, opinion) != Some(opinion) {
                news.push((*peer, opinion));
            }
        }
        news
    }

    pub fn opinion(&self, peer: NodeId) -> Opinion {
        self.opinions.get(&peer).copied().unwrap_or(Opinion::Alive)
    }
}
