//! The protocol period: one ping, and a detour if it has no answer (3.1, 4.3).

use std::rc::Rc;

use faultline_sim::process::{Context, NodeId};
use faultline_sim::time::Duration;
use serde::Serialize;

use super::descriptor::{
    HELPERS, INDIRECT, LIFEGUARD, PERIOD, RECONNECT, ROUND_ROBIN, SUSPICION, TIMEOUT,
};
use super::{Message, Status, Swim, Timer, Update, marks};

/// Lifeguard's bound of its local health: periods and timeouts become at most so many times longer,
/// plus one.
pub const WORST_HEALTH: u32 = 8;

/// The probe of one period.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Probe {
    pub target: NodeId,
    pub acked: bool,
    /// How many others were asked to ping it, and how many of them said that they got no answer.
    pub asked: u32,
    pub nacks: u32,
}

impl Swim {
    /// One period ends, and the next one begins.
    pub(super) fn begin_period(&mut self, cx: &mut Context<Self>) {
        self.period += 1;
        self.end_probe(cx);
        self.end_suspicions(cx);
        if let Some(target) = self.next_target(cx) {
            self.probe = Some(Probe {
                target,
                acked: false,
                asked: 0,
                nacks: 0,
            });
            let me = cx.me();
            self.ping(cx, target, me, self.period);
            cx.set_timer(Timer::Timeout, self.stretched(cx, cx.duration(&TIMEOUT)));
        }
        if cx.switch(&RECONNECT) {
            self.knock(cx);
        }
        cx.set_timer(Timer::Period, self.stretched(cx, cx.duration(&PERIOD)));
    }

    /// Switch `lifeguard`: a member that does badly itself takes more time.
    fn stretched(&self, cx: &Context<Self>, length: Duration) -> Duration {
        match cx.switch(&LIFEGUARD) {
            true => Duration(length.0 * u64::from(1 + self.health)),
            false => length,
        }
    }

    /// Switch `lifeguard`: its own health gets worse by so much (below 0: better).
    pub(super) fn feel(&mut self, worse: i32) {
        self.health = self
            .health
            .saturating_add_signed(worse)
            .clamp(0, WORST_HEALTH);
    }

    fn ping(&mut self, cx: &mut Context<Self>, target: NodeId, asker: NodeId, period: u32) {
        let news = self.piggyback(cx, target);
        cx.send(
            target,
            Message::Ping {
                period,
                asker,
                news,
            },
        );
    }

    /// No answer, direct or indirect, in the whole period.
    fn end_probe(&mut self, cx: &mut Context<Self>) {
        let Some(probe) = self.probe.take().filter(|probe| !probe.acked) else {
            return;
        };
        if cx.switch(&LIFEGUARD) {
            // Others that are there and got no answer either are a sign that it is the target's fault.
            let missing = probe.asked.saturating_sub(probe.nacks);
            self.feel(if probe.asked > 0 { missing as i32 } else { 1 });
        }
        let target = probe.target;
        let Some(known) = self.view(target).filter(|known| known.status.is_member()) else {
            return;
        };
        if !cx.switch(&SUSPICION) {
            return self.declare(cx, target, known.incarnation);
        }
        if known.status == Status::Alive {
            cx.mark(&marks::SUSPECTS, (target, known.incarnation));
            let suspect = Update {
                member: target,
                status: Status::Suspect,
                incarnation: known.incarnation,
            };
            self.learn(cx, suspect, true);
        }
    }

    /// The direct ping has had no answer: others try (3.1).
    pub(super) fn probe_indirectly(&mut self, cx: &mut Context<Self>) {
        let open = self.probe.as_ref().filter(|probe| !probe.acked);
        let Some(target) = open.map(|probe| probe.target) else {
            return;
        };
        if !cx.switch(&INDIRECT) {
            return;
        }
        let count = cx.count(&HELPERS);
        let helpers = self.random_members(cx, count, &[target]);
        if let Some(probe) = &mut self.probe {
            probe.asked = helpers.len() as u32;
        }
        if !helpers.is_empty() {
            cx.mark(&marks::ASKS_OTHERS, (helpers.len(), target));
        }
        for helper in helpers {
            let (period, news) = (self.period, self.piggyback(cx, helper));
            cx.send(
                helper,
                Message::PingReq {
                    period,
                    target,
                    news,
                },
            );
        }
    }

    /// Another member asks for a ping.
    pub(super) fn ping_for(
        &mut self,
        cx: &mut Context<Self>,
        asker: NodeId,
        period: u32,
        target: NodeId,
    ) {
        self.ping(cx, target, asker, period);
        if cx.switch(&LIFEGUARD) {
            let nack = Timer::Nack {
                asker,
                period,
                target,
            };
            cx.set_timer(nack, cx.duration(&TIMEOUT));
        }
    }

    pub(super) fn receive_ack(
        &mut self,
        cx: &mut Context<Self>,
        period: u32,
        asker: NodeId,
        member: NodeId,
    ) {
        if asker != cx.me() {
            let nack = Timer::Nack {
                asker,
                period,
                target: member,
            };
            cx.cancel_timer(&nack);
            let news = self.piggyback(cx, asker);
            let ack = Message::Ack {
                period,
                asker,
                member,
                news,
            };
            return cx.send(asker, ack);
        }
        let of_now = |probe: &&mut Probe| probe.target == member && !probe.acked;
        let probe = self.probe.as_mut().filter(of_now);
        if let Some(probe) = probe.filter(|_| period == self.period) {
            probe.acked = true;
            cx.cancel_timer(&Timer::Timeout);
            if cx.switch(&LIFEGUARD) {
                self.feel(-1);
            }
        }
    }

    pub(super) fn receive_nack(&mut self, _cx: &mut Context<Self>, period: u32, target: NodeId) {
        let probe = self.probe.as_mut().filter(|probe| probe.target == target);
        if let Some(probe) = probe.filter(|_| period == self.period) {
            probe.nacks += 1;
        }
    }

    /// Whom to ping: each once in a round, in an order that is shuffled anew (4.3); or anybody.
    fn next_target(&mut self, cx: &mut Context<Self>) -> Option<NodeId> {
        if !cx.switch(&ROUND_ROBIN) {
            return self.random_members(cx, 1, &[]).pop();
        }
        for _ in 0..2 {
            while let Some(id) = self.order.get(self.next as usize).copied() {
                self.next += 1;
                if id != cx.me() && self.is_member(id) {
                    return Some(id);
                }
            }
            let mut order: Vec<NodeId> = self.members(cx.me()).collect();
            cx.rng().shuffle(&mut order);
            (self.order, self.next) = (Rc::new(order), 0);
        }
        None
    }

    /// Switch `reconnect`: perhaps one of the dead is alive after all, behind a partition that is over.
    fn knock(&mut self, cx: &mut Context<Self>) {
        let dead = self.known.iter();
        let dead = dead.filter(|(_, known)| known.status == Status::Dead);
        let dead: Vec<NodeId> = dead.map(|(id, _)| *id).collect();
        if let Some(target) = cx.rng().pick(&dead).copied() {
            let me = cx.me();
            self.ping(cx, target, me, self.period);
        }
    }

    /// So many different members at random, or fewer if there are not so many.
    pub(super) fn random_members(
        &self,
        cx: &mut Context<Self>,
        count: u32,
        but: &[NodeId],
    ) -> Vec<NodeId> {
        /// Draws that may hit nobody before all members are listed.
        const TRIES: u32 = 16;
        let mut found: Vec<NodeId> = Vec::new();
        let mut tries = TRIES * count;
        while found.len() < count as usize && tries > 0 && self.top > 0 {
            tries -= 1;
            let id = NodeId(cx.rng().between(1, u64::from(self.top)) as u32);
            if id != cx.me() && !but.contains(&id) && !found.contains(&id) && self.is_member(id) {
                found.push(id);
            }
        }
        if found.len() < count as usize && self.size > 1 {
            let free = |id: &NodeId| !but.contains(id) && !found.contains(id);
            let mut rest: Vec<NodeId> = self.members(cx.me()).filter(free).collect();
            cx.rng().shuffle(&mut rest);
            rest.truncate(count as usize - found.len());
            found.append(&mut rest);
        }
        found
    }
}
