//! SWIM: a group whose members know who is alive, at a cost that does not grow with the group.
//!
//! **Problem.** Many nodes work together, and each wants a list of those that are alive. If everybody
//! sends heartbeats to everybody, the load grows with the square of their number.
//!
//! **Idea.** Once a period (T') each member pings *one* other (3.1). No answer in time, and it asks *k*
//! others to ping it: perhaps only one link is broken. What anybody finds out rides on the pings and acks
//! that are sent anyway (4.1), as in gossip. So each member sends about as many messages in a group of
//! a thousand as in one of five.
//!
//! **The subtle point.** A member that is slow looks like one that is dead. So silence makes it a
//! *suspect* first (4.2). It hears of that, and proves that it is alive with a higher *incarnation*: a
//! number that only the member itself may raise. The higher incarnation wins, and within one, dead beats
//! suspect beats alive.
//!
//! **What is not the paper's.** There, nothing overrides a confirmed death: who was declared dead joins
//! anew under another name. Here a higher incarnation does, as in memberlist. `buddy` and `lifeguard`
//! are Lifeguard's; of its suspicion timeout we only keep that an unhealthy member suspects longer, as its
//! periods are longer. `reconnect` is what Serf does.
//!
//! **Sparse.** A member stores only who is not plainly alive in its first incarnation: a thousand lists
//! of a thousand cost little.
//!
//! **What survives a crash.** The list and the incarnation, which it raises when it comes back.
//!
//! **References.** Das, Gupta and Motivala, "SWIM", DSN 2002 (sections below are its own); Dadgar,
//! Phillips and Currey, "Lifeguard: Local Health Awareness for More Accurate Failure Detection", 2018.

mod descriptor;
mod figures;
mod invariants;
mod list;
mod marks;
mod probes;
mod probing;
mod scenarios;
#[cfg(test)]
mod tests;
mod truth;

use std::rc::Rc;

use faultline_sim::frame::{NodeFrame, Word};
use faultline_sim::process::{Context, NodeId, Process, Start};
use faultline_sim::settings::Settings;
use faultline_sim::shared::SharedMap;
use faultline_sim::time::Duration;
use serde::Serialize;

pub use descriptor::PROTOCOL;
use descriptor::{NODES, PERIOD, PIGGYBACK};
pub use list::{Known, Status, Update};
use probing::Probe;

faultline_sim::messages! {
    /// What members tell each other. `news` rides on them.
    pub enum Message {
        /// Are you alive? The answer is for `asker`, who may be another than the sender.
        Ping { period: u32, asker: NodeId, news: Vec<Update> } as "PING" => Heartbeat "P" "pings",
        /// Please ping `target` for me.
        PingReq { period: u32, target: NodeId, news: Vec<Update> } as "PING-REQ" => Control "R" "asks for an indirect ping",
        /// `member` is alive.
        Ack { period: u32, asker: NodeId, member: NodeId, news: Vec<Update> } as "ACK" => Ack "A" "acknowledges",
        /// Switch `lifeguard`: I am here, but `target` has not answered me.
        Nack { period: u32, target: NodeId } as "NACK" => Nack "N" "has no answer either",
        /// May I join? In this incarnation.
        Join { incarnation: u32 } as "JOIN" => Request "J" "wants to join",
        /// The list: members 1 to `group` are alive unless it says otherwise.
        Members { group: u32, known: SharedMap<NodeId, Known> } as "MEMBERS" => Data "M" "sends the list of members",
        /// News of its own: a leave, or anything with the switch `piggyback` off.
        News { news: Vec<Update> } as "NEWS" => Announce "!" "tells the news",
    }
}

faultline_sim::timers! {
    pub enum Timer {
        /// The next protocol period.
        Period,
        /// The direct ping has had no answer.
        Timeout,
        /// Nobody has answered the wish to join.
        Join,
        /// Switch `lifeguard`: the ping for another member has had no answer.
        Nack { asker: NodeId, period: u32, target: NodeId },
    }
}

/// One member.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Swim {
    /// Its own, which only it raises. On disk.
    pub incarnation: u32,
    /// Members 1 to this number were there from the start; 0 for one that has not joined yet.
    pub group: u32,
    /// The highest number of a member that it has heard of.
    pub top: u32,
    /// Members that are not plainly alive under incarnation 0.
    pub known: SharedMap<NodeId, Known>,
    /// How many it takes for members, suspects and itself included.
    pub size: u32,
    /// How many of them are suspects.
    pub suspects: u32,
    /// What it still tells: how often it has told it, and of whom. The least told comes first.
    #[serde(skip)]
    pub untold: SharedMap<(u32, NodeId), ()>,
    /// Whom it pings next, in the random order of this round (4.3).
    #[serde(skip)]
    order: Rc<Vec<NodeId>>,
    next: u32,
    /// The number of its present protocol period.
    pub period: u32,
    /// Its probe of this period.
    pub probe: Option<Probe>,
    /// Switch `lifeguard`: how badly it does itself, from 0.
    pub health: u32,
}

impl Process for Swim {
    type Message = Message;
    type Timer = Timer;
    type Request = ();
    type Reply = ();

    fn new(me: NodeId, settings: &Settings) -> Self {
        let nodes = settings.count(&NODES);
        let group = if me.0 <= nodes { nodes } else { 0 };
        Self {
            incarnation: 0,
            group,
            top: group,
            known: SharedMap::new(),
            size: group.max(1),
            suspects: 0,
            untold: SharedMap::new(),
            order: Rc::default(),
            next: 0,
            period: 0,
            probe: None,
            health: 0,
        }
    }

    /// Periods of different members begin at different instants.
    fn on_start(&mut self, cx: &mut Context<Self>, start: Start) {
        let period = cx.duration(&PERIOD).0.max(1);
        let first = cx.rng().between(1, period);
        cx.set_timer(Timer::Period, Duration(first));
        if start == Start::Recovery {
            cx.mark(&marks::RAISES, self.incarnation);
            self.believe_again(cx);
            self.tell_of_itself(cx);
        }
        if start == Start::Recovery || self.group == 0 {
            self.join(cx);
        }
    }

    fn on_message(&mut self, cx: &mut Context<Self>, from: NodeId, message: Message) {
        match message {
            Message::Ping {
                period,
                asker,
                news,
            } => {
                self.hear(cx, &news);
                let member = cx.me();
                let news = self.piggyback(cx, from);
                cx.send(
                    from,
                    Message::Ack {
                        period,
                        asker,
                        member,
                        news,
                    },
                );
            }
            Message::PingReq {
                period,
                target,
                news,
            } => {
                self.hear(cx, &news);
                self.ping_for(cx, from, period, target);
            }
            Message::Ack {
                period,
                asker,
                member,
                news,
            } => {
                self.hear(cx, &news);
                self.receive_ack(cx, period, asker, member);
            }
            Message::Nack { period, target } => self.receive_nack(cx, period, target),
            Message::Join { incarnation } => self.receive_join(cx, from, incarnation),
            Message::Members { group, known } => self.receive_members(cx, group, &known),
            Message::News { news } => self.hear(cx, &news),
        }
    }

    fn on_timer(&mut self, cx: &mut Context<Self>, timer: Timer) {
        match timer {
            Timer::Period => self.begin_period(cx),
            Timer::Timeout => self.probe_indirectly(cx),
            Timer::Join => self.join(cx),
            Timer::Nack {
                asker,
                period,
                target,
            } => cx.send(asker, Message::Nack { period, target }),
        }
    }

    /// A few members are told; the news goes on from there.
    fn on_leave(&mut self, cx: &mut Context<Self>) {
        let leaves = Update {
            member: cx.me(),
            status: Status::Left,
            incarnation: self.incarnation,
        };
        let told = if cx.switch(&PIGGYBACK) {
            self.random_members(cx, 3, &[])
        } else {
            self.members(cx.me()).collect()
        };
        cx.send_all(&told, Message::News { news: vec![leaves] });
    }

    fn recover(&self, _cx: &mut Context<Self>) -> Self {
        Self {
            incarnation: self.incarnation + 1,
            untold: SharedMap::new(),
            probe: None,
            health: 0,
            ..self.clone()
        }
    }

    /// As a packet: a few bytes for each piece of news, and for each member of a list.
    fn size(message: &Message) -> u64 {
        const HEAD: u64 = 28;
        const EACH: u64 = 10;
        let items = match message {
            Message::Ping { news, .. }
            | Message::PingReq { news, .. }
            | Message::Ack { news, .. }
            | Message::News { news } => news.len() as u64,
            Message::Members { group, known } => u64::from(*group).max(known.len() as u64),
            Message::Nack { .. } | Message::Join { .. } => 0,
        };
        HEAD + EACH * items
    }

    fn draw(&self, settings: &Settings, to: &mut NodeFrame) {
        figures::draw(self, settings, to);
    }

    fn word(message: &Message) -> Option<Word> {
        figures::word(message)
    }
}
