//! A counter that lives at several nodes: each counts for itself, and tells the others its count.
//!
//! **Problem.** People press "like" at many servers. Each server should count at once, without asking
//! anybody, and all should come to the same total.
//!
//! **Idea.** A node adds only to its own count, and remembers the latest count that it has seen of each
//! other node. The total is the sum. An update carries a count, not "plus one": the same update twice
//! changes nothing.
//!
//! **The subtle point.** Updates overtake each other. The listing keeps whatever arrives last, so an older
//! count replaces a newer one, and the total falls. Keeping the larger count is enough as long as nobody
//! counts down: the larger of two counts does not depend on order or repetition (\[SPBZ\] 3.1, G-Counter).
//! Counting down breaks that; two counters, one for ups and one for downs, mend it (PN-Counter).
//!
//! **Details that matter.** News that is passed on may come back to its own node, which must not add its own
//! count twice. A sequence number tells an older update from a newer one as well as the maximum does, and
//! bears one number that goes both ways. A time stamp does so only while its node's clock never goes back.
//! A node that joins, or comes back, knows nothing until somebody tells it. A limit (a stock, a rate) cannot
//! be kept by looking at the total, because the total is old; it can be kept by giving each node a share of
//! it (\[ON\], \[BGYZSF\]).
//!
//! **Clients.** A client asks its node to count and asks again when no answer comes. "Add one" is not
//! idempotent: without ids, a lost answer counts twice. Between nodes nothing can go wrong that way.
//!
//! **What a judge says.** With every rule on, a total is right eventually and old until then: the history
//! is not linearizable.
//!
//! **What survives a crash.** With `disk`, the counts and the ids of requests. Which neighbours still have
//! to confirm an update is lost, and comes right by exchange.
//!
//! **References.** Shapiro, Preguiça, Baquero and Zawirski, "A Comprehensive Study of Convergent and
//! Commutative Replicated Data Types", INRIA RR-7506, 2011 (\[SPBZ\]), sections 3.1.1 to 3.1.3; O'Neil, "The
//! Escrow Transactional Method", ACM TODS 11(4), 1986 (\[ON\]); Balegas and others, "Extending Eventually
//! Consistent Cloud Databases for Enforcing Numeric Invariants", SRDS 2015 (\[BGYZSF\]).

mod client;
mod count;
mod descriptor;
mod figures;
mod invariants;
mod marks;
mod probes;
mod program;
mod scenarios;
mod sharing;
#[cfg(test)]
mod tests;
mod truth;

use std::rc::Rc;

use faultline_sim::frame::{NodeFrame, Word};
use faultline_sim::history::End;
use faultline_sim::judge::{Answer, Asked, Call, Model};
use faultline_sim::process::{Context, NodeId, Process, Start};
use faultline_sim::settings::Settings;
use faultline_sim::shared::SharedMap;
use faultline_sim::sorted::SortedMap;
use faultline_sim::time::Duration;
use faultline_sim::world::World;
use serde::{Deserialize, Serialize};

use crate::parts::calls::Calls;
use crate::parts::request::RequestId;
use crate::parts::workload::Pace;
pub use count::Count;
pub use descriptor::PROTOCOL;
use descriptor::{
    CLICKS, CLIENTS, DISK, DOWNS, EVERY, EXCHANGE, IDS, LIMIT, NODES, SHARES, TELL, TWO_COUNTERS,
};

/// Counts by node.
pub type Counts = SortedMap<NodeId, Count>;

/// A node's role. The first nodes count, the next are clients; nodes added later count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Node,
    Client,
}

/// One node, or one client.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Counter {
    pub role: Role,
    // On disk, if there is one.
    /// `localCount`
    pub local: Count,
    /// `lastSeen`
    pub seen: Counts,
    /// Clients' requests that were counted.
    pub applied: SharedMap<RequestId, ()>,
    /// A client's requests: what it asks to add.
    pub calls: Calls<i64>,
    // Lost in a crash.
    /// The latest change of each node that was passed on.
    pub passed: SortedMap<NodeId, u32>,
    /// The change that each neighbour has still to confirm.
    pub unconfirmed: SortedMap<NodeId, u32>,
    /// Somebody stands at the button.
    pub clicking: bool,
}

faultline_sim::messages! {
    pub enum Message {
        /// `receiveUpdate`: what a node has counted.
        Update { of: NodeId, count: Count } as "UPDATE" => Data "U" "sends a count",
        /// Switch `send-again`: this change of yours is here.
        Confirm { number: u32 } as "CONFIRM" => Ack "✓" "confirms the count",
        /// Switch `catch-up`.
        Ask as "ASK" => Control "?" "asks for all counts",
        /// All counts that a node knows, its own among them.
        Counts { counts: Rc<Counts> } as "COUNTS" => Data "C" "sends all counts it knows",
        /// A client's request; 0 only reads.
        Add { id: RequestId, by: i64 } as "ADD" => Request "+" "asks to count",
        /// None: it was refused.
        Total { id: RequestId, total: Option<i64> } as "TOTAL" => Ack "T" "answers with its total",
    }
}

faultline_sim::timers! {
    pub enum Timer {
        /// Once in a while: the next exchange, and whether somebody has come to the button.
        Exchange,
        /// Switch `send-again`: look who has not confirmed.
        Again,
        /// Somebody presses the button.
        Click,
        /// The client's current try times out.
        Timeout { request: u64 },
    }
}

/// What a person may ask of a node; a client passes it on.
#[derive(Clone, Debug, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Request {
    /// `increment`
    Increment,
    Decrement,
    /// `getTotalCount`
    Total,
    /// Tells one neighbour the count.
    Tell {
        to: NodeId,
    },
    /// Tells all neighbours.
    Share,
}

impl Request {
    /// What it adds; none if it is no matter of counting.
    fn adds(&self) -> Option<i64> {
        match self {
            Request::Increment => Some(1),
            Request::Decrement => Some(-1),
            Request::Total => Some(0),
            Request::Tell { .. } | Request::Share => None,
        }
    }
}

#[derive(Clone, Debug, Hash, Serialize)]
pub enum Reply {
    /// It was counted.
    Counted,
    Total {
        total: i64,
    },
    Done,
    Refused {
        why: String,
    },
    /// No answer came: it may have been counted.
    Unknown {
        why: String,
    },
}

impl Process for Counter {
    type Message = Message;
    type Timer = Timer;
    type Request = Request;
    type Reply = Reply;

    fn new(me: NodeId, settings: &Settings) -> Self {
        Self::fresh(role_of(settings, me))
    }

    fn on_start(&mut self, cx: &mut Context<Self>, start: Start) {
        // The program as written does nothing on its own.
        if !cx.calls_directly() || cx.switch(&EXCHANGE) {
            let every = cx.duration(&EVERY).0;
            let first = Duration(cx.rng().between(1, every));
            cx.set_timer(Timer::Exchange, first);
            self.look_at_clicks(cx);
        }
        if self.role == Role::Node {
            self.catch_up(cx, start);
        }
    }

    fn on_message(&mut self, cx: &mut Context<Self>, from: NodeId, message: Message) {
        match (self.role, message) {
            (Role::Client, Message::Total { id, total }) => self.end(cx, from, id, total),
            (Role::Client, _) => {}
            (Role::Node, Message::Update { of, count }) => {
                self.receive_update(cx, from, of, &count);
                self.confirm(cx, from, of, &count);
            }
            (Role::Node, Message::Confirm { number }) => self.confirmed(from, number),
            (Role::Node, Message::Ask) => self.send_counts(cx, from),
            (Role::Node, Message::Counts { counts }) => {
                for (of, count) in counts.iter() {
                    self.receive_update(cx, from, *of, count);
                }
            }
            (Role::Node, Message::Add { id, by }) => self.serve(cx, from, id, by),
            (Role::Node, Message::Total { .. }) => {}
        }
    }

    fn on_timer(&mut self, cx: &mut Context<Self>, timer: Timer) {
        match timer {
            Timer::Exchange => {
                cx.set_timer(Timer::Exchange, cx.duration(&EVERY));
                self.look_at_clicks(cx);
                self.exchange(cx);
            }
            Timer::Again => self.send_again(cx),
            Timer::Click => self.click(cx),
            Timer::Timeout { request } => self.time_out(cx, request),
        }
    }

    fn on_request(&mut self, cx: &mut Context<Self>, request: Request) {
        let Some(operation) = cx.operation() else {
            return;
        };
        match (self.role, request.adds()) {
            (Role::Client, Some(by)) => self.ask(cx, by, operation),
            (Role::Client, None) => {
                let why = "a client has no count of its own".to_owned();
                cx.reply(operation, Reply::Refused { why });
            }
            (Role::Node, _) => {
                let reply = self.answer(cx, &request);
                cx.reply(operation, reply);
            }
        }
    }

    fn recover(&self, cx: &mut Context<Self>) -> Self {
        self.end_all(cx);
        let fresh = Self::fresh(self.role);
        if !cx.switch(&DISK) {
            // A number that is used twice would look like a retry.
            let calls = self.calls.recover();
            return Self { calls, ..fresh };
        }
        Self {
            local: self.local,
            seen: self.seen.clone(),
            applied: self.applied.clone(),
            calls: self.calls.recover(),
            ..fresh
        }
    }

    fn end(reply: &Reply) -> End {
        match reply {
            Reply::Counted | Reply::Total { .. } | Reply::Done => End::Ok,
            Reply::Refused { .. } => End::Failed,
            Reply::Unknown { .. } => End::Unknown,
        }
    }

    /// All nodes count for one counter.
    fn objects(_settings: &Settings) -> Option<Model> {
        Some(Model::Counter { initial: 0 })
    }

    fn asked(request: &Request, _node: NodeId, _world: &World) -> Option<Asked> {
        Some(Asked::only(match request.adds()? {
            0 => Call::Read,
            by => Call::Add(by),
        }))
    }

    fn told(reply: &Reply) -> Option<Answer> {
        match reply {
            Reply::Counted => Some(Answer::Done),
            Reply::Total { total } => Some(Answer::Count(*total)),
            Reply::Done | Reply::Refused { .. } | Reply::Unknown { .. } => None,
        }
    }

    fn draw(&self, settings: &Settings, to: &mut NodeFrame) {
        figures::draw(self, settings, to);
    }

    fn word(message: &Message) -> Option<Word> {
        figures::word(message)
    }
}

impl Counter {
    fn fresh(role: Role) -> Self {
        Self {
            role,
            local: Count::default(),
            seen: Counts::new(),
            applied: SharedMap::new(),
            calls: Calls::default(),
            passed: SortedMap::new(),
            unconfirmed: SortedMap::new(),
            clicking: false,
        }
    }

    fn answer(&mut self, cx: &mut Context<Self>, request: &Request) -> Reply {
        match request {
            Request::Increment | Request::Decrement => {
                let by = request.adds().unwrap_or_default();
                match self.count(cx, by, String::new()) {
                    Ok(()) => Reply::Counted,
                    Err(why) => Reply::Refused { why },
                }
            }
            Request::Total => {
                let total = self.total_count();
                cx.mark(&marks::TOTALS, total.to_string());
                Reply::Total { total }
            }
            Request::Tell { to } => self.tell(cx, *to),
            Request::Share => {
                self.share(cx);
                Reply::Done
            }
        }
    }

    /// `increment`, and the same downwards. `id` names a client's request.
    fn count(&mut self, cx: &mut Context<Self>, by: i64, id: String) -> Result<(), String> {
        self.within_limit(cx, by)?;
        if by < 0 && cx.switch(&TWO_COUNTERS) {
            self.local.down -= by;
        } else {
            self.local.up += by;
        }
        self.local.number += 1;
        self.local.stamp = cx.now().0;
        let mark = match by {
            0.. => &marks::INCREMENTS,
            _ => &marks::DECREMENTS,
        };
        cx.mark(mark, (self.local.value().to_string(), id));
        if cx.switch(&TELL) {
            self.share(cx);
        }
        Ok(())
    }

    /// Whether this node may count further, by its share of the limit or by the total it knows.
    fn within_limit(&self, cx: &mut Context<Self>, by: i64) -> Result<(), String> {
        let limit = i64::from(cx.settings().count(&LIMIT));
        if limit == 0 || by <= 0 {
            return Ok(());
        }
        let (counted, most) = if cx.switch(&SHARES) {
            (self.local.value(), share_of(cx.settings(), cx.me()))
        } else {
            (self.total_count(), limit)
        };
        if counted < most {
            return Ok(());
        }
        cx.mark(&marks::REFUSES, most as u64);
        Err(format!("{most} is the most that may be counted here"))
    }

    /// `getTotalCount`
    pub fn total_count(&self) -> i64 {
        self.local.value() + self.seen.values().map(Count::value).sum::<i64>()
    }

    /// A client asks. A request that was counted before only gets its answer again.
    fn serve(&mut self, cx: &mut Context<Self>, from: NodeId, id: RequestId, by: i64) {
        let known = self.applied.contains_key(&id);
        let counted = if by == 0 || known && cx.switch(&IDS) {
            if known {
                cx.mark(&marks::REPEATS, id.to_string());
            }
            Ok(())
        } else {
            self.count(cx, by, id.to_string())
        };
        if counted.is_ok() && by != 0 {
            self.applied.insert(id, ());
        }
        let total = counted.is_ok().then(|| self.total_count());
        cx.send(from, Message::Total { id, total });
    }

    /// Buttons are at clients if there are any, else at nodes. Nobody waits at one that is off.
    fn look_at_clicks(&mut self, cx: &mut Context<Self>) {
        let at = match cx.settings().count(&CLIENTS) {
            0 => Role::Node,
            _ => Role::Client,
        };
        if !self.clicking && self.role == at && pace(cx).next().0 {
            self.clicking = true;
            let first = pace(cx).first(cx.rng());
            cx.set_timer(Timer::Click, first);
        }
    }

    /// Somebody presses the button.
    fn click(&mut self, cx: &mut Context<Self>) {
        let (acts, wait) = pace(cx).next();
        self.clicking = acts;
        if !acts {
            return;
        }
        cx.set_timer(Timer::Click, wait);
        let down = cx.rng().below(100) < u64::from(cx.count(&DOWNS));
        let request = if down {
            Request::Decrement
        } else {
            Request::Increment
        };
        let operation = cx.invoke(request.clone());
        if self.role == Role::Client {
            self.ask(cx, request.adds().unwrap_or_default(), operation);
        } else {
            let reply = self.answer(cx, &request);
            cx.reply(operation, reply);
        }
    }
}

fn pace(cx: &Context<Counter>) -> Pace {
    Pace {
        every: cx.duration(&CLICKS),
        least: Duration::millis(50),
    }
}

fn role_of(settings: &Settings, id: NodeId) -> Role {
    let nodes = settings.count(&NODES);
    if id.0 > nodes && id.0 <= nodes + settings.count(&CLIENTS) {
        Role::Client
    } else {
        Role::Node
    }
}

/// How far a node may count alone. All shares together are the limit; a node that joined has none.
fn share_of(settings: &Settings, id: NodeId) -> i64 {
    let (limit, nodes) = (settings.count(&LIMIT), settings.count(&NODES).max(1));
    if id.0 > nodes {
        return 0;
    }
    i64::from(limit / nodes + u32::from(id.0 <= limit % nodes))
}
