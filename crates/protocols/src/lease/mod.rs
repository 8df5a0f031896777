//! A leader by lease: a service grants the lead to one node at a time, and for a limited time.
//!
//! **Problem.** The same as an election's: one of many nodes should lead, and another one when it
//! crashes. But the nodes do not agree among themselves.
//!
//! **Idea.** Node 1 is a lock service. The first node to ask gets a lease: it leads until the lease
//! expires, and renews it before that. A leader that crashes does not renew. When its lease expires,
//! the next node to ask leads. No votes: two nodes that both reach the service are enough.
//!
//! **The subtle point.** A lease says when a leader must stop, but cannot make it stop. A paused node
//! (garbage collection, a slow disk) goes on where it was, with orders of an expired lease. So each
//! lease has a number (epoch), orders carry it, and a node that has obeyed a newer one refuses older
//! ones (switch `fencing`).
//!
//! **What it costs.** The service is a single point of failure: while it is down, no new node can
//! lead. In practice it is itself a group that agrees by majority. And a new leader comes only when
//! the old lease expires: half a lease on average, plus the time until a node asks (switch `watch`:
//! the service tells at once).
//!
//! **References.** Gray and Cheriton, "Leases: an efficient fault-tolerant mechanism for distributed
//! file cache consistency", SOSP 1989; Burrows, "The Chubby lock service for loosely-coupled
//! distributed systems", OSDI 2006, §2.4 (sequencers), §2.8 (sessions); Hunt and others, "ZooKeeper",
//! USENIX ATC 2010, §2.4 (ephemeral nodes, watches), which Kafka's controller was chosen by.

mod captions;
mod descriptor;
mod figures;
mod invariants;
mod marks;
mod scenarios;
mod service;
#[cfg(test)]
mod tests;

use faultline_sim::frame::{NodeFrame, Word};
use faultline_sim::history::End;
use faultline_sim::judge::{Answer, Asked, Call, Model};
use faultline_sim::mark::Mark;
use faultline_sim::process::{Belief, Context, NodeId, Operation, Process, Start};
use faultline_sim::settings::Settings;
use faultline_sim::time::{Duration, LocalTime};
use faultline_sim::world::World;
use serde::{Deserialize, Serialize};

use crate::elections::LEADS;
pub use descriptor::PROTOCOL;
use descriptor::{BEAT, FENCING, LEASE, POLL, REMEMBER, WATCH};
use service::Service;

/// The node that grants leases.
pub const SERVICE: NodeId = NodeId(1);

/// One node: the service, or a node that wants to lead.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Lease {
    /// What only the service needs.
    #[serde(skip_serializing_if = "Option::is_none")]
    service: Option<Service>,
    /// How often it has asked; the number of its latest question.
    asked: u64,
    /// When it asked that.
    asked_at: LocalTime,
    /// Its request for a lease that it does not hold, until the service answers.
    #[serde(skip)]
    acquires: Option<Operation>,
    /// The epoch it leads in, if it leads.
    leads: Option<u64>,
    /// When its lease began, by its own clock.
    since: LocalTime,
    /// The newest epoch it has obeyed. On disk.
    obeyed: u64,
    /// It has obeyed an older epoch after a newer one.
    went_back: bool,
    /// The node it believes to be the leader.
    follows: Option<NodeId>,
}

faultline_sim::messages! {
    /// What nodes tell each other.
    pub enum Message {
        /// May I lead, or go on leading?
        Acquire { number: u64 } as "ACQUIRE" => Request "?" "asks for the lease",
        /// You lead in this epoch, for one lease from when you asked.
        Grant { number: u64, epoch: u64 } as "GRANT" => Ack "✓" "grants the lease",
        /// Another node leads.
        Busy { holder: NodeId } as "BUSY" => Nack "✗" "tells that another node holds the lease",
        /// Switch `watch`: the lease has expired.
        Gone as "GONE" => Announce "!" "tells that the lease is free",
        /// An order of the leader.
        Order { epoch: u64 } as "ORDER" => Control "O" "gives an order",
    }
}

faultline_sim::timers! {
    /// What a node waits for.
    pub enum Timer {
        /// Time to ask, or to ask again.
        Ask,
        /// Time to give orders.
        Beat,
        /// Switch `fencing`: its own lease is over.
        Over,
        /// The service's: a lease expires, unless it was renewed.
        Expire { renewals: u64 },
    }
}

/// What clients of the lock do. A person may ask a node to release the lease; the rest nodes do on
/// their own.
#[derive(Clone, Debug, Hash, Serialize, Deserialize)]
pub enum Request {
    /// Release the lease.
    Release,
    /// Get the lease. To renew it is not to get it a second time.
    #[serde(skip_deserializing)]
    Acquire,
}

#[derive(Clone, Debug, Hash, Serialize)]
pub enum Reply {
    Released,
    Granted {
        epoch: u64,
    },
    /// The service says so; the holder may have stopped already.
    Busy {
        holder: NodeId,
    },
    Failed {
        why: String,
    },
}

impl Process for Lease {
    type Message = Message;
    type Timer = Timer;
    type Request = Request;
    type Reply = Reply;

    fn new(me: NodeId, _settings: &Settings) -> Self {
        Self::fresh(me)
    }

    fn on_start(&mut self, cx: &mut Context<Self>, _start: Start) {
        if self.service.is_none() {
            cx.set_timer(Timer::Ask, Duration(0));
        }
    }

    fn on_message(&mut self, cx: &mut Context<Self>, from: NodeId, message: Message) {
        self.check_lease_expiry(cx);
        match message {
            Message::Acquire { number } => self.receive_acquire(cx, from, number),
            Message::Grant { number, epoch } => self.receive_grant(cx, number, epoch),
            Message::Busy { holder } => self.receive_busy(cx, holder),
            Message::Gone => self.ask(cx),
            Message::Order { epoch } => self.receive_order(cx, from, epoch),
        }
    }

    fn on_timer(&mut self, cx: &mut Context<Self>, timer: Timer) {
        self.check_lease_expiry(cx);
        match timer {
            Timer::Ask => self.ask(cx),
            Timer::Beat => self.give_orders(cx),
            // A clock that was set back has not come to the end yet.
            Timer::Over if self.leads.is_some() => self.await_expiry(cx),
            Timer::Over => {}
            Timer::Expire { renewals } => self.expire(cx, renewals),
        }
    }

    fn on_request(&mut self, cx: &mut Context<Self>, request: Request) {
        self.check_lease_expiry(cx);
        let (Some(operation), Request::Release) = (cx.operation(), request) else {
            return;
        };
        if self.leads.is_none() {
            let why = "this node does not lead".to_owned();
            return cx.reply(operation, Reply::Failed { why });
        }
        // The rest of the lease has to pass: the service cannot tell this from a crash.
        // A grant that is still in flight must not make it lead again.
        self.asked += 1;
        self.stop(cx, &marks::GIVES_BACK, operation);
        cx.set_timer(Timer::Ask, Duration(cx.duration(&LEASE).0 * 2));
    }

    fn on_leave(&mut self, cx: &mut Context<Self>) {
        self.end_acquire(cx, |me| Reply::Failed {
            why: format!("{me} left before it was answered"),
        });
        if self.leads.is_some() {
            self.give_up(cx, &marks::GIVES_BACK);
        }
    }

    fn recover(&self, cx: &mut Context<Self>) -> Self {
        self.clone().end_acquire(cx, |me| Reply::Failed {
            why: format!("{me} crashed before it was answered"),
        });
        let mut back = Self::fresh(cx.me());
        back.obeyed = self.obeyed;
        back.asked = self.asked;
        let service = self.service.as_ref().filter(|_| cx.switch(&REMEMBER));
        if let (Some(new), Some(old)) = (&mut back.service, service) {
            new.recover(old);
            // The holder may still use its lease for this long.
            cx.set_timer(
                Timer::Expire {
                    renewals: new.renewals,
                },
                cx.duration(&LEASE),
            );
        }
        back
    }

    fn end(reply: &Reply) -> End {
        match reply {
            Reply::Released | Reply::Granted { .. } => End::Ok,
            Reply::Busy { .. } | Reply::Failed { .. } => End::Failed,
        }
    }

    fn objects(_settings: &Settings) -> Option<Model> {
        Some(Model::Lock)
    }

    fn asked(request: &Request, _node: NodeId, _world: &World) -> Option<Asked> {
        Some(Asked::only(match request {
            Request::Acquire => Call::Acquire,
            Request::Release => Call::Release,
        }))
    }

    fn told(reply: &Reply) -> Option<Answer> {
        match reply {
            Reply::Granted { .. } | Reply::Released => Some(Answer::Done),
            Reply::Busy { .. } | Reply::Failed { .. } => None,
        }
    }

    fn draw(&self, settings: &Settings, to: &mut NodeFrame) {
        figures::draw(self, settings, to);
    }

    fn word(message: &Message) -> Option<Word> {
        Some(match message {
            Message::Acquire { .. } => Word::of("lease?"),
            Message::Grant { epoch, .. } => Word::of(format_args!("lease {epoch}")),
            Message::Busy { holder } => Word::of(format_args!("no: node {}", holder.0)),
            Message::Gone => Word::of("free"),
            Message::Order { epoch } => Word::of(format_args!("order {epoch}")),
        })
    }
}

impl Lease {
    fn fresh(me: NodeId) -> Self {
        Self {
            service: (me == SERVICE).then(Service::default),
            asked: 0,
            asked_at: LocalTime::default(),
            acquires: None,
            leads: None,
            since: LocalTime::default(),
            obeyed: 0,
            went_back: false,
            follows: None,
        }
    }

    /// Asks for the lead, or to keep it.
    fn ask(&mut self, cx: &mut Context<Self>) {
        if self.service.is_some() {
            return;
        }
        self.asked += 1;
        self.asked_at = cx.now();
        if self.leads.is_none() && self.acquires.is_none() {
            self.acquires = Some(cx.invoke(Request::Acquire));
        }
        cx.send(SERVICE, Message::Acquire { number: self.asked });
        // A leader asks three times within a lease, so that one lost message does not cost it the lead.
        let again = match self.leads {
            Some(_) => Duration(cx.duration(&LEASE).0 / 3),
            None => cx.duration(&POLL),
        };
        cx.set_timer(Timer::Ask, again);
    }

    fn receive_grant(&mut self, cx: &mut Context<Self>, number: u64, epoch: u64) {
        let late = cx.now().since(self.asked_at) >= cx.duration(&LEASE);
        if number != self.asked || late {
            return;
        }
        // The lease counts from the question, not from the answer, which may have been slow.
        self.since = self.asked_at;
        self.await_expiry(cx);
        if self.leads == Some(epoch) {
            return;
        }
        if self.leads.is_none() {
            // An answer to an earlier question may have ended the request.
            let open = self.acquires.take();
            let acquires = open.unwrap_or_else(|| cx.invoke(Request::Acquire));
            cx.reply(acquires, Reply::Granted { epoch });
        }
        cx.mark(&LEADS, ());
        self.leads = Some(epoch);
        self.obey(cx, cx.me(), epoch);
        cx.set_timer(Timer::Ask, Duration(cx.duration(&LEASE).0 / 3));
        self.give_orders(cx);
    }

    fn receive_busy(&mut self, cx: &mut Context<Self>, holder: NodeId) {
        self.end_acquire(cx, |_| Reply::Busy { holder });
        if self.leads.is_some() && holder != cx.me() {
            self.give_up(cx, &marks::REPLACED);
        }
        if cx.switch(&WATCH) {
            // The service will tell it; this timer is for the case that it cannot.
            cx.set_timer(Timer::Ask, Duration(cx.duration(&LEASE).0 * 2));
        }
    }

    fn give_orders(&mut self, cx: &mut Context<Self>) {
        let Some(epoch) = self.leads else {
            return;
        };
        let others: Vec<NodeId> = cx.peers().filter(|id| *id != SERVICE).collect();
        cx.send_all(&others, Message::Order { epoch });
        cx.set_timer(Timer::Beat, cx.duration(&BEAT));
    }

    fn receive_order(&mut self, cx: &mut Context<Self>, from: NodeId, epoch: u64) {
        // A leader with a valid lease ignores stale orders.
        if self.leads.is_some_and(|own| own >= epoch) {
            return;
        }
        if cx.switch(&FENCING) && epoch < self.obeyed {
            return cx.mark(&marks::REFUSES, (from, epoch));
        }
        if epoch < self.obeyed {
            self.went_back = true;
        }
        if self.leads.is_some_and(|own| own < epoch) {
            self.give_up(cx, &marks::NEWER);
        }
        self.obey(cx, from, epoch);
    }

    fn obey(&mut self, cx: &mut Context<Self>, leader: NodeId, epoch: u64) {
        self.obeyed = self.obeyed.max(epoch);
        if self.follows != Some(leader) {
            self.follows = Some(leader);
            cx.believe(Belief::Leader(Some(leader)));
        }
    }

    /// A node that resumes late finds that its lease has expired.
    fn check_lease_expiry(&mut self, cx: &mut Context<Self>) {
        let over = cx.now().since(self.since) >= cx.duration(&LEASE);
        if self.leads.is_some() && cx.switch(&FENCING) && over {
            self.give_up(cx, &marks::EXPIRED);
        }
    }

    /// A leader that checks its clock does so when its lease ends.
    fn await_expiry(&self, cx: &mut Context<Self>) {
        let held = cx.now().since(self.since);
        if cx.switch(&FENCING) {
            let rest = cx.duration(&LEASE).0.saturating_sub(held.0);
            cx.set_timer(Timer::Over, Duration(rest));
        }
    }

    /// Ends its request for the lease, if one is open.
    fn end_acquire(&mut self, cx: &mut Context<Self>, reply: impl FnOnce(NodeId) -> Reply) {
        if let Some(acquires) = self.acquires.take() {
            cx.reply(acquires, reply(cx.me()));
        }
    }

    /// It stops leading, and nobody has asked it to.
    fn give_up(&mut self, cx: &mut Context<Self>, why: &'static Mark) {
        let releases = cx.invoke(Request::Release);
        self.stop(cx, why, releases);
    }

    fn stop(&mut self, cx: &mut Context<Self>, why: &'static Mark, releases: Operation) {
        cx.reply(releases, Reply::Released);
        cx.cancel_timer(&Timer::Over);
        cx.mark(why, ());
        self.leads = None;
        self.follows = None;
        cx.believe(Belief::Leader(None));
        cx.cancel_timer(&Timer::Beat);
    }
}
