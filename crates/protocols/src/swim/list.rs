//! The list of members: who is alive, suspected, dead (4.2), and how the news of it spreads (4.1).

use std::rc::Rc;

use faultline_sim::process::{Belief, Context, NodeId, Opinion};
use faultline_sim::settings::Param;
use faultline_sim::shared::SharedMap;
use faultline_sim::sorted::SortedMap;
use serde::Serialize;

use super::descriptor::{
    BUDDY, LIFEGUARD, MOST, OWNER, PERIOD, PIGGYBACK, PRECEDENCE, REFUTE, SUSPECT, TELL,
};
use super::probing::Probe;
use super::{Message, Swim, Timer, marks};

/// How a member is. Within one incarnation, the later one here beats the earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Alive,
    Suspect,
    /// The paper's Confirm.
    Dead,
    Left,
}

impl Status {
    /// Whether it is still pinged and counted.
    #[must_use]
    pub fn is_member(self) -> bool {
        matches!(self, Status::Alive | Status::Suspect)
    }

    fn opinion(self) -> Opinion {
        match self {
            Status::Alive => Opinion::Alive,
            Status::Suspect => Opinion::Suspected,
            Status::Dead | Status::Left => Opinion::Failed,
        }
    }
}

/// What one member knows of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Known {
    pub status: Status,
    pub incarnation: u32,
    /// How often it has told this.
    pub told: u32,
    /// Its own period in which it heard this.
    pub since: u32,
}

/// A piece of news.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Update {
    pub member: NodeId,
    pub status: Status,
    pub incarnation: u32,
}

/// The logarithm that times are measured in: how often a group of this size can be halved.
#[must_use]
pub fn log2(size: u32) -> u32 {
    u32::BITS - size.leading_zeros()
}

impl Swim {
    /// What it knows of a member; none of one it has never heard of.
    #[must_use]
    pub fn view(&self, member: NodeId) -> Option<Known> {
        let first = || Known {
            status: Status::Alive,
            incarnation: 0,
            told: 0,
            since: 0,
        };
        let known = self.known.get(&member).copied();
        known.or_else(|| (member.0 <= self.group).then(first))
    }

    #[must_use]
    pub fn is_member(&self, member: NodeId) -> bool {
        self.view(member)
            .is_some_and(|known| known.status.is_member())
    }

    /// The other members.
    pub fn members(&self, me: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let all = (1..=self.top).map(NodeId);
        all.filter(move |id| *id != me && self.is_member(*id))
    }

    /// What came with a message.
    pub(super) fn hear(&mut self, cx: &mut Context<Self>, news: &[Update]) {
        for update in news {
            self.learn(cx, *update, false);
        }
    }

    /// Believes news if it is newer than what it knows, and tells it on. `own`: it found out itself.
    pub(super) fn learn(&mut self, cx: &mut Context<Self>, news: Update, own: bool) {
        if news.member == cx.me() {
            return self.hear_of_itself(cx, news);
        }
        let before = self.view(news.member);
        let rank = |status: Status, incarnation: u32| (incarnation, status);
        let old = before.map(|known| rank(known.status, known.incarnation));
        let new = rank(news.status, news.incarnation);
        if old == Some(new) {
            return;
        }
        if old.is_some_and(|old| new < old) {
            if cx.switch(&PRECEDENCE) {
                return;
            }
            cx.mark(&marks::GOES_BACK, news.member);
        }
        self.set(cx, news, own);
        self.tell(cx, news, own);
        if news.status == Status::Suspect {
            self.vouch(cx, news);
        }
    }

    /// It hears of itself: that it is suspected or dead, perhaps (4.2).
    fn hear_of_itself(&mut self, cx: &mut Context<Self>, news: Update) {
        if news.status == Status::Alive {
            // Its disk forgot what it had said, or another member raised it.
            self.incarnation = self.incarnation.max(news.incarnation);
            return;
        }
        if news.incarnation < self.incarnation || !cx.switch(&REFUTE) {
            return;
        }
        self.incarnation = news.incarnation + 1;
        cx.mark(&marks::REFUTES, self.incarnation);
        cx.mark(&marks::RAISES, self.incarnation);
        if cx.switch(&LIFEGUARD) {
            self.feel(1);
        }
        self.tell_of_itself(cx);
    }

    /// Tells that it is alive, in its present incarnation.
    pub(super) fn tell_of_itself(&mut self, cx: &mut Context<Self>) {
        let alive = Update {
            member: cx.me(),
            status: Status::Alive,
            incarnation: self.incarnation,
        };
        self.write(cx.me(), alive);
        self.tell(cx, alive, true);
    }

    fn write(&mut self, member: NodeId, news: Update) {
        let known = Known {
            status: news.status,
            incarnation: news.incarnation,
            told: 0,
            since: self.period,
        };
        if let Some(old) = self.known.insert(member, known) {
            self.untold.remove(&(old.told, member));
        }
        self.top = self.top.max(member.0);
    }

    /// Changes the list.
    fn set(&mut self, cx: &mut Context<Self>, news: Update, own: bool) {
        let member = news.member;
        let before = self.view(member).map(|known| known.status);
        let (was, is) = (
            before.is_some_and(Status::is_member),
            news.status.is_member(),
        );
        self.write(member, news);
        self.size = self.size + u32::from(is) - u32::from(was);
        self.suspects = self.suspects + u32::from(news.status == Status::Suspect)
            - u32::from(before == Some(Status::Suspect));
        if is && !was {
            cx.mark(&marks::MEETS, (member, news.incarnation));
            self.insert_at_random(cx, member);
        }
        if was && !is && !own {
            cx.mark(&marks::DROPS, member);
        }
        let opinion = news.status.opinion();
        if before.map_or(Opinion::Alive, Status::opinion) != opinion {
            cx.believe(Belief::Peer {
                node: member,
                opinion,
            });
        }
    }

    /// A new member comes into the round at a random place (4.3).
    fn insert_at_random(&mut self, cx: &mut Context<Self>, member: NodeId) {
        if self.order.contains(&member) {
            return;
        }
        let at = cx.rng().between(0, self.order.len() as u64);
        Rc::make_mut(&mut self.order).insert(at as usize, member);
        if at < u64::from(self.next) {
            self.next += 1;
        }
    }

    /// Spreads the news: on the messages that are sent anyway, or in messages of its own to all.
    fn tell(&mut self, cx: &mut Context<Self>, news: Update, own: bool) {
        if cx.switch(&PIGGYBACK) {
            self.untold.insert((0, news.member), ());
        } else if own {
            let all: Vec<NodeId> = self.members(cx.me()).collect();
            cx.send_all(&all, Message::News { news: vec![news] });
        }
    }

    /// A number that grows with the logarithm of the group, rounded up.
    fn times_log2(&self, cx: &Context<Self>, factor: &Param) -> u32 {
        (cx.param(factor) * f64::from(log2(self.size))).ceil() as u32
    }

    /// The news that the next message carries (4.1): the least told first, each piece so many times.
    pub(super) fn piggyback(&mut self, cx: &Context<Self>, to: NodeId) -> Vec<Update> {
        if !cx.switch(&PIGGYBACK) {
            return Vec::new();
        }
        let most = cx.count(&MOST) as usize;
        let limit = self.times_log2(cx, &TELL);
        let mut news = Vec::new();
        let of_receiver = self.known.get(&to).filter(|_| cx.switch(&BUDDY));
        if let Some(known) = of_receiver.filter(|known| known.status != Status::Alive) {
            news.push(update(to, known));
        }
        let next: Vec<(u32, NodeId)> = self.untold.keys().take(most).copied().collect();
        for (told, member) in next {
            if news.len() >= most {
                break;
            }
            let Some(known) = self.known.get(&member).copied() else {
                continue;
            };
            self.untold.remove(&(told, member));
            let told = told + 1;
            self.known.insert(member, Known { told, ..known });
            if told < limit {
                self.untold.insert((told, member), ());
            }
            if news.iter().all(|said: &Update| said.member != member) {
                news.push(update(member, &known));
            }
        }
        news
    }

    /// Suspects that have not proved in time that they are alive are declared dead (4.2).
    pub(super) fn end_suspicions(&mut self, cx: &mut Context<Self>) {
        if self.suspects == 0 {
            return;
        }
        let lasts = self.times_log2(cx, &SUSPECT);
        let over = |known: &Known| {
            known.status == Status::Suspect && self.period.saturating_sub(known.since) >= lasts
        };
        let dead = self.known.iter().filter(|(_, known)| over(known));
        let dead: Vec<(NodeId, u32)> = dead.map(|(id, known)| (*id, known.incarnation)).collect();
        for (member, incarnation) in dead {
            self.declare(cx, member, incarnation);
        }
    }

    pub(super) fn declare(&mut self, cx: &mut Context<Self>, member: NodeId, incarnation: u32) {
        cx.mark(&marks::DECLARES, (member, incarnation));
        let dead = Update {
            member,
            status: Status::Dead,
            incarnation,
        };
        self.learn(cx, dead, true);
    }

    /// Switch `owner` off: a member that has just had an ack of a suspect raises its incarnation for it.
    fn vouch(&mut self, cx: &mut Context<Self>, suspected: Update) {
        let member = suspected.member;
        let answers = |probe: &Probe| probe.acked && probe.target == member;
        if !cx.switch(&OWNER) && self.probe.as_ref().is_some_and(answers) {
            let alive = Update {
                status: Status::Alive,
                incarnation: suspected.incarnation + 1,
                ..suspected
            };
            self.learn(cx, alive, true);
        }
    }

    /// Asks a member for the list, and again until one answers. The first one asked is node 1.
    pub(super) fn join(&mut self, cx: &mut Context<Self>) {
        let known = self.random_members(cx, 1, &[]).pop();
        let first = NodeId(1);
        let anybody = if self.period == 0 && first != cx.me() {
            Some(first)
        } else {
            cx.random_peer()
        };
        let incarnation = self.incarnation;
        if let Some(contact) = known.or(anybody) {
            cx.mark(&marks::ASKS_TO_JOIN, contact);
            cx.send(contact, Message::Join { incarnation });
        }
        cx.set_timer(Timer::Join, cx.duration(&PERIOD));
    }

    pub(super) fn receive_join(&mut self, cx: &mut Context<Self>, from: NodeId, incarnation: u32) {
        if self.group == 0 {
            // It has no list itself yet.
            return;
        }
        let alive = Update {
            member: from,
            status: Status::Alive,
            incarnation,
        };
        self.learn(cx, alive, false);
        let mut known = self.known.clone();
        // Its own incarnation is the newest there is.
        if self.incarnation > 0 || cx.me().0 > self.group {
            known.insert(
                cx.me(),
                Known {
                    status: Status::Alive,
                    incarnation: self.incarnation,
                    told: 0,
                    since: 0,
                },
            );
        }
        let group = self.group;
        cx.send(from, Message::Members { group, known });
    }

    /// The list of its contact, once. It is no news to anybody, so it is not told on.
    pub(super) fn receive_members(
        &mut self,
        cx: &mut Context<Self>,
        group: u32,
        known: &SharedMap<NodeId, Known>,
    ) {
        cx.cancel_timer(&Timer::Join);
        let joins = self.group == 0;
        if joins {
            self.group = group;
            self.top = self.top.max(group);
            let me = u32::from(cx.me().0 > group);
            let gone = self.known.iter();
            let gone = gone.filter(|(id, known)| id.0 <= group && !known.status.is_member());
            let more = self.known.iter();
            let more = more.filter(|(id, known)| id.0 > group && known.status.is_member());
            self.size = group + more.count() as u32 + me - gone.count() as u32;
            cx.mark(&marks::JOINS, self.size);
        }
        for (member, known) in known.iter() {
            if *member == cx.me() {
                self.hear_of_itself(cx, update(*member, known));
                continue;
            }
            let before = self.view(*member);
            let rank = |known: &Known| (known.incarnation, known.status);
            if before.is_none_or(|before| rank(&before) < rank(known)) {
                self.set(cx, update(*member, known), false);
            }
        }
        if joins {
            self.tell_of_itself(cx);
        }
    }

    /// A crash has cleared what the stage shows of its beliefs.
    pub(super) fn believe_again(&self, cx: &mut Context<Self>) {
        for (member, known) in self.known.iter() {
            let opinion = known.status.opinion();
            if opinion != Opinion::Alive && *member != cx.me() {
                cx.believe(Belief::Peer {
                    node: *member,
                    opinion,
                });
            }
        }
    }

    /// How many members there are with each status, itself among the living.
    #[must_use]
    pub fn counts(&self) -> SortedMap<Status, u32> {
        let mut counts = SortedMap::new();
        for known in self.known.values() {
            *counts.entry(known.status).or_default() += 1;
        }
        counts
    }
}

fn update(member: NodeId, known: &Known) -> Update {
    Update {
        member,
        status: known.status,
        incarnation: known.incarnation,
    }
}
