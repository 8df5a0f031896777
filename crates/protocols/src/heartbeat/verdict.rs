//! From opinions to a verdict: alone or by majority, and what happens to a failed node's work.

use std::rc::Rc;

use faultline_sim::process::{Belief, Context, NodeId, Opinion};
use faultline_sim::quorum::majority;
use faultline_sim::sorted::SortedSet;
use faultline_sim::time::Duration;

use super::descriptor::{EVICT, QUORUM, WORK};
use super::{CENTRE, Timer, Watcher, central, marks, watched};

impl Watcher {
    /// Peers that left the cluster are forgotten; the silence of new ones counts from now.
    pub(super) fn forget_others(&mut self, cx: &Context<Self>) {
        let watched = watched(cx);
        self.detector.watch(watched.iter().copied(), cx.now());
        let known = |peer: &NodeId| watched.binary_search(peer).is_ok();
        self.arrivals.retain(|peer, _| known(peer));
        self.smoothed.retain(|peer, _| known(peer));
        self.reports.retain(|peer, _| known(peer));
        self.trails.retain(|peer| known(&peer));
        self.moved.retain(|peer, _| known(peer));
    }

    /// Whom this node suspects, for its next heartbeat.
    pub(super) fn report(&self, cx: &Context<Self>) -> Vec<NodeId> {
        if !cx.switch(&QUORUM) {
            return Vec::new();
        }
        self.detector.opinions.keys().copied().collect()
    }

    pub(super) fn take_report(&mut self, from: NodeId, suspects: Rc<Vec<NodeId>>) {
        if suspects.is_empty() {
            self.reports.remove(&from);
        } else {
            self.reports.insert(from, suspects);
        }
    }

    /// With `quorum`, an opinion of its own is worth a word: others will hear it.
    pub(super) fn tell_suspicions(&self, cx: &mut Context<Self>, news: &[(NodeId, Opinion)]) {
        if !cx.switch(&QUORUM) {
            return;
        }
        for (peer, _) in news {
            cx.mark(&marks::SUSPECTS, (*peer, self.level_text(*peer)));
        }
    }

    /// The level at the latest check, with one decimal.
    pub(super) fn level_text(&self, peer: NodeId) -> String {
        let level = self.levels.get(&peer).map_or(0.0, |level| level.0);
        format!("{level:.1}")
    }

    /// How many nodes suspect a peer, as far as this one knows. The word of an observer that is suspected
    /// itself may be old: it does not count.
    pub(super) fn votes(&self, peer: NodeId) -> u32 {
        let own = u32::from(self.detector.opinion(peer) != Opinion::Alive);
        let counts = |(observer, suspects): &(&NodeId, &Rc<Vec<NodeId>>)| {
            self.detector.opinion(**observer) == Opinion::Alive && suspects.contains(&peer)
        };
        own + self.reports.iter().filter(counts).count() as u32
    }

    /// What this node believes of a peer now.
    fn judged(&self, cx: &Context<Self>, peer: NodeId) -> Opinion {
        let own = self.detector.opinion(peer);
        let alone = !cx.switch(&QUORUM) || central(cx.settings());
        let failed = if alone {
            own != Opinion::Alive
        } else {
            self.votes(peer) >= majority(cx.peers().count() as u32 + 1)
        };
        if failed { Opinion::Failed } else { own }
    }

    /// Brings beliefs up to date and says what has changed.
    pub(super) fn decide(&mut self, cx: &mut Context<Self>) {
        let mut accused: SortedSet<NodeId> = self.detector.opinions.keys().copied().collect();
        let reported = self.reports.values().flat_map(|suspects| suspects.iter());
        for peer in reported.chain(self.beliefs.keys()) {
            accused.insert(*peer);
        }
        let me = cx.me();
        for peer in accused.iter().copied().filter(|peer| *peer != me) {
            let known = self.detector.heard.contains_key(&peer);
            let after = match known {
                true => self.judged(cx, peer),
                false => Opinion::Alive,
            };
            let before = match after {
                Opinion::Alive => self.beliefs.remove(&peer),
                other => self.beliefs.insert(peer, other),
            };
            let before = before.unwrap_or(Opinion::Alive);
            if before != after && known {
                self.tell(cx, peer, before, after);
            }
        }
    }

    fn tell(&mut self, cx: &mut Context<Self>, peer: NodeId, before: Opinion, after: Opinion) {
        let (node, opinion) = (peer, after);
        cx.believe(Belief::Peer { node, opinion });
        match (before, after) {
            (_, Opinion::Failed) => {
                cx.mark(&marks::DECLARES, (peer, self.votes(peer).max(1)));
                self.plan_eviction(cx, peer);
            }
            (_, Opinion::Alive) => cx.mark(&marks::REVIVES, peer),
            (Opinion::Failed, _) => cx.mark(&marks::WITHDRAWS, peer),
            _ => {}
        }
        if before == Opinion::Failed {
            cx.cancel_timer(&Timer::Evict { node: peer });
            self.moved.remove(&peer);
        }
    }

    fn plan_eviction(&self, cx: &mut Context<Self>, node: NodeId) {
        if cx.choice(&WORK) != "none" && cx.me() == CENTRE {
            cx.set_timer(Timer::Evict { node }, cx.duration(&EVICT).max(Duration(1)));
        }
    }

    /// The failed node's pod starts elsewhere, or its ephemeral node is gone.
    pub(super) fn evict(&mut self, cx: &mut Context<Self>, node: NodeId) {
        if cx.choice(&WORK) == "ephemeral node" {
            self.moved.insert(node, None);
            return cx.mark(&marks::DELETES, node);
        }
        let free = |peer: &NodeId| *peer != node && !self.beliefs.contains_key(peer);
        let to = watched(cx).into_iter().find(free);
        if let Some(to) = to {
            self.moved.insert(node, Some(to));
            cx.mark(&marks::MOVES, (node, to));
        }
    }
}
