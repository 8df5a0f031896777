//! Dissemination: who is alive, by gossip about heartbeat counts (\[R\] 2).

use std::rc::Rc;

use faultline_sim::process::{Belief, Context, NodeId, Opinion};
use faultline_sim::sorted::SortedMap;
use faultline_sim::time::Duration;
use serde::Serialize;

use super::descriptor::{EVERY, FAIL, LARGER_COUNT};
use super::{Message, Museum, Timer, marks};
use crate::hash_ring::placement::Ring;

/// The latest heartbeat count of each node, as far as somebody knows.
pub type Counts = SortedMap<NodeId, u64>;

/// What a node knows of another.
#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct Member {
    pub count: u64,
    /// How long the count has not grown, in rounds of this node.
    #[serde(skip)]
    pub silent: Duration,
    /// It has not grown for T_fail.
    pub failed: bool,
}

impl Museum {
    /// Every T_gossip: raises the own count and sends all counts to one random member of the view.
    pub(super) fn begin_round(&mut self, cx: &mut Context<Self>) {
        let every = cx.duration(&EVERY);
        cx.set_timer(Timer::Gossip, every);
        self.count += 1;
        let counts = self.counts(cx.me());
        for to in self.gossip_to(cx) {
            let counts = counts.clone();
            cx.send(to, Message::Gossip { counts });
        }
        self.find_failed(cx, every);
        self.watch_leader(cx, every);
        self.watch_members(cx, every);
    }

    /// A member of the view; and now and then one that seems to have failed, more often the more there are:
    /// it may be on the other side of a partition that has healed.
    fn gossip_to(&self, cx: &mut Context<Self>) -> Vec<NodeId> {
        let (live, failed): (Vec<NodeId>, Vec<NodeId>) =
            cx.peers().partition(|id| self.view().contains(id));
        let pick = |cx: &mut Context<Self>, among: &[NodeId], of: usize| {
            let at = cx.rng().below(of.max(1) as u64) as usize;
            among.get(at).copied()
        };
        let first = pick(cx, &live, live.len());
        let other = pick(cx, &failed, failed.len().max(live.len() + 1));
        first.into_iter().chain(other).collect()
    }

    pub(super) fn counts(&self, me: NodeId) -> Rc<Counts> {
        let others = self.members.iter();
        let mut counts: Counts = others.map(|(id, member)| (*id, member.count)).collect();
        counts.insert(me, self.count);
        Rc::new(counts)
    }

    /// Takes over what is newer. A count that grows shows that its node lives.
    pub(super) fn merge(&mut self, cx: &mut Context<Self>, counts: &Counts) {
        let before = self.view().to_vec();
        for (id, count) in counts {
            if *id == cx.me() {
                // A node whose disk has lost its latest heartbeats must not count them again.
                self.count = self.count.max(*count);
                continue;
            }
            let known = self.members.get(id);
            let grows = match known {
                Some(member) if cx.switch(&LARGER_COUNT) => *count > member.count,
                Some(member) => *count != member.count,
                None => true,
            };
            if !grows {
                continue;
            }
            if known.is_none_or(|member| member.failed) {
                cx.mark(&marks::LIVES, *id);
                let opinion = Opinion::Alive;
                cx.believe(Belief::Peer { node: *id, opinion });
            }
            let member = Member {
                count: *count,
                ..Member::default()
            };
            self.members.insert(*id, member);
        }
        self.new_ring(cx.me());
        self.greet(cx, &before);
    }

    /// T_fail: a member whose count has not grown for so long has failed.
    fn find_failed(&mut self, cx: &mut Context<Self>, every: Duration) {
        let limit = cx.duration(&FAIL);
        for (id, member) in self.members.iter_mut() {
            member.silent = Duration(member.silent.0.saturating_add(every.0));
            if !member.failed && member.silent >= limit {
                member.failed = true;
                cx.mark(&marks::FAILS, *id);
                let opinion = Opinion::Failed;
                cx.believe(Belief::Peer { node: *id, opinion });
            }
        }
        self.new_ring(cx.me());
    }

    /// Partitioning: the ring is that of the view.
    pub(super) fn new_ring(&mut self, me: NodeId) {
        let live = self.members.iter().filter(|(_, member)| !member.failed);
        let mut view: Vec<NodeId> = live.map(|(id, _)| *id).collect();
        view.insert(view.partition_point(|id| *id < me), me);
        if view != self.ring.members {
            self.ring = Rc::new(Ring::new(self.ring.rules.clone(), view));
        }
    }
}
