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
use faultline_sim::sorted::{SortedMap, SortedSet};
use faultline_sim::time::{Duration, LocalTime};
use serde::Serialize;

/// When each peer was last heard, and what this node believes about it.
#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct Detector {
    /// On this node's own clock: when it was heard, or when this node began to watch it.
    pub heard: SortedMap<NodeId, LocalTime>,
    /// Watched, and never heard since then.
    pub unheard: SortedSet<NodeId>,
    /// Only of peers that are not taken to be alive: among many nodes, these are few.
    pub opinions: SortedMap<NodeId, Opinion>,
}

impl Detector {
    /// Watches these peers and no others. The silence of a new one counts from now.
    pub fn watch(&mut self, peers: impl IntoIterator<Item = NodeId>, now: LocalTime) {
        let heard = std::mem::take(&mut self.heard);
        let since = |peer| match heard.get(&peer) {
            Some(at) => (peer, *at),
            None => {
                self.unheard.insert(peer);
                (peer, now)
            }
        };
        self.heard = peers.into_iter().map(since).collect();
        self.unheard.retain(|peer| self.heard.contains_key(peer));
        self.opinions
            .retain(|peer, _| self.heard.contains_key(peer));
    }

    /// A peer was heard. True if that is news: it was not taken to be alive, or never heard before.
    pub fn hear(&mut self, peer: NodeId, now: LocalTime) -> bool {
        let unknown = self.heard.insert(peer, now).is_none();
        let first = self.unheard.remove(&peer) || unknown;
        self.opinions.remove(&peer).is_some() || first
    }

    /// Judges all peers by their silence: suspected after the first limit, failed after the second.
    /// Returns the changed opinions, in order of the peers.
    pub fn judge(
        &mut self,
        now: LocalTime,
        (suspect, fail): (Duration, Duration),
    ) -> Vec<(NodeId, Opinion)> {
        self.judge_by(now, |_, silence| {
            if silence > fail {
                Some(Opinion::Failed)
            } else {
                (silence > suspect).then_some(Opinion::Suspected)
            }
        })
    }

    /// Judges all peers by a rule of the protocol's own, from a peer and its silence; none leaves the
    /// opinion as it is. Returns the changed opinions, in order of the peers.
    pub fn judge_by(
        &mut self,
        now: LocalTime,
        mut rule: impl FnMut(NodeId, Duration) -> Option<Opinion>,
    ) -> Vec<(NodeId, Opinion)> {
        let mut news = Vec::new();
        for (peer, heard) in &self.heard {
            let Some(opinion) = rule(*peer, now.since(*heard)) else {
                continue;
            };
            let before = match opinion {
                Opinion::Alive => self.opinions.remove(peer).unwrap_or(Opinion::Alive),
                other => self.opinions.insert(*peer, other).unwrap_or(Opinion::Alive),
            };
            if before != opinion {
                news.push((*peer, opinion));
            }
        }
        news
    }

    pub fn opinion(&self, peer: NodeId) -> Opinion {
        self.opinions.get(&peer).copied().unwrap_or(Opinion::Alive)
    }
}
