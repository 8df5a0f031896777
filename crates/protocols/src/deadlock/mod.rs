//! Distributed deadlocks: transactions at several nodes wait for each other's locks in a circle, and no node
//! sees more than its own part of it.
//!
//! **Problem.** A transaction locks rows one after another and keeps them to its end (strict two-phase
//! locking). T1 holds x and wants y, T2 holds y and wants x: both wait for ever. The rows lie at different
//! nodes, and each node knows only who waits at its own rows.
//!
//! **Idea.** Edge chasing (\[CMH\]): a transaction that has waited for a while sends a *probe* along the wait
//! to the node of the transaction it waits for. If that one waits as well, its node passes the probe on. A
//! probe that comes home has gone round a circle. A transaction is then aborted, releases its locks and begins
//! anew.
//!
//! **The subtle point.** A probe tells of waits one after another, not of all at one instant. It is right
//! because a transaction that waits does not move: each wait that the probe has passed is still there, as
//! long as nobody is aborted and each node checks that the wait which the probe came along is no old one
//! (switch `still-waits`; in \[CMH\] the receiver must be blocked, and must not have replied to the sender). If two transactions of one circle are both aborted, the second
//! deadlock was none: a *phantom*.
//!
//! **Prevention** (\[RSL\]) needs no probes: the time of the first begin is a transaction's *age*, and waits may only go one way.
//! *Wait-die*: the older one waits, the younger one is aborted. *Wound-wait*: the older one aborts the holder, the younger one
//! waits. Both keep their age when they begin anew, so each is the oldest one day. The next holder of a row must
//! fit as well: the queue goes by age (switch `age-order`).
//!
//! **The models.** In the AND model one needs all that one waits for, and a circle is a deadlock. In the OR
//! model (communication, \[CMH\]) any one is enough; then a *query* goes to all, and there is a deadlock if all that can be
//! reached answer that they wait, too. Requests `wait` and `detect` draw such graphs by hand.
//!
//! **Ours.** The paper's controllers know both ends of a wait. Here the row's node tells the waiting transaction's node
//! who holds the row (`Blocked`), again for each new holder. A probe between two transactions of one node is a step and no
//! message. While a transaction waits on, its node starts a new probe (of a new *round*) after each `patience`.
//!
//! **What survives a crash.** Locks, and which rows each transaction has asked for. Transactions of a node that crashed
//! end when it is back, and release their rows. Messages must arrive, and in order (the paper's assumption); a lost
//! release leaves its row locked.
//!
//! **References.** Chandy, Misra and Haas, "Distributed Deadlock Detection", ACM TOCS 1(2), 1983 (\[CMH\]); Rosenkrantz, Stearns
//! and Lewis, "System Level Concurrency Control for Distributed Database Systems", ACM TODS 3(2), 1978 (\[RSL\]).

mod any_of;
mod captions;
mod chase;
mod claim;
mod clients;
mod descriptor;
mod figures;
mod invariants;
mod locks;
mod marks;
mod probes;
mod scenarios;
#[cfg(test)]
mod tests;
mod transaction;
mod truth;

use faultline_sim::frame::{NodeFrame, Word};
use faultline_sim::history::End;
use faultline_sim::process::{Context, NodeId, Process, Start};
use faultline_sim::settings::Settings;
use faultline_sim::sorted::SortedMap;
use serde::{Deserialize, Serialize};

pub use chase::Probe;
pub use claim::{Claim, Tx};
use descriptor::NODES;
pub use descriptor::PROTOCOL;
use locks::Lock;
use transaction::Transaction;

/// A row's name, one letter: x lies at node 1, y at node 2, z at the next one, and so on round the nodes.
pub type Row = char;

faultline_sim::messages! {
    pub enum Message {
        Lock { claim: Claim, row: Row } => Request "L" "asks for a lock",
        Grant { tx: Tx, attempt: u32, row: Row } => Ack "✓" "gives the lock",
        /// Somebody else holds it.
        Blocked { tx: Tx, attempt: u32, row: Row, holder: Claim } => Control "…" "says who holds the row",
        Release { tx: Tx, attempt: u32, row: Row } => Data "R" "releases a lock",
        /// Begin anew: there is a deadlock, or somebody else has more right.
        Abort { tx: Tx, attempt: u32 } => Nack "A" "aborts a transaction",
        Probe(Probe) => Election "P" "sends a probe",
        Query(Probe) => Election "Q" "sends a query",
        Reply { initiator: Tx, round: u64, sender: Tx, receiver: Tx } => Announce "R" "answers a query",
    }
}

faultline_sim::timers! {
    pub enum Timer {
        /// The work on a row is done.
        Work { tx: Tx },
        /// It has waited for long.
        Patience { tx: Tx },
        /// It was chosen to be aborted.
        Abort { tx: Tx, attempt: u32 },
        /// It begins anew.
        Restart { tx: Tx },
        /// A client begins its next transaction.
        Think { client: u32 },
    }
}

/// What a person may ask of a node.
#[derive(Clone, Debug, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Request {
    /// A transaction that locks these rows, one after another.
    Begin { rows: Vec<Row> },
    /// A process of this node waits for one at another node, for ever.
    Wait { process: u64, on: u64, at: NodeId },
    /// A process of this node starts a probe (AND model) or queries (OR model).
    Detect { process: u64 },
}

#[derive(Clone, Debug, Hash, Serialize)]
pub enum Reply {
    Committed {
        tx: Tx,
        aborted: u32,
    },
    Failed {
        why: String,
    },
    /// The graph is drawn, or the search has begun.
    Done,
}

/// One node: its rows with their locks, and the transactions that began here.
#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct Site {
    pub locks: SortedMap<Row, Lock>,
    pub transactions: SortedMap<Tx, Transaction>,
    /// Searches for deadlocks that began here.
    pub rounds: u64,
}

impl Process for Site {
    type Message = Message;
    type Timer = Timer;
    type Request = Request;
    type Reply = Reply;

    fn new(_me: NodeId, _settings: &Settings) -> Self {
        Self::default()
    }

    fn on_start(&mut self, cx: &mut Context<Self>, start: Start) {
        if start == Start::Recovery {
            self.end_all(cx);
        }
        clients::start(cx);
    }

    fn on_message(&mut self, cx: &mut Context<Self>, from: NodeId, message: Message) {
        match message {
            Message::Lock { claim, row } => self.lock(cx, claim, row),
            Message::Grant { tx, attempt, row } => self.hold(cx, from, tx, attempt, row),
            Message::Blocked {
                tx,
                attempt,
                row,
                holder,
            } => self.wait_for(tx, attempt, row, holder),
            Message::Release { tx, attempt, row } => self.release(cx, tx, attempt, row),
            Message::Abort { tx, attempt } => self.abort(cx, tx, attempt),
            Message::Probe(probe) => self.receive_probe(cx, probe),
            Message::Query(query) => self.receive_query(cx, from, query),
            Message::Reply {
                initiator,
                round,
                sender,
                receiver,
            } => self.receive_reply(cx, (initiator, round), sender, receiver),
        }
    }

    fn on_timer(&mut self, cx: &mut Context<Self>, timer: Timer) {
        match timer {
            Timer::Work { tx } => self.finish_row(cx, tx),
            Timer::Patience { tx } => self.lose_patience(cx, tx),
            Timer::Abort { tx, attempt } => self.abort(cx, tx, attempt),
            Timer::Restart { tx } => self.ask_next(cx, tx),
            Timer::Think { client } => self.begin_for(cx, client),
        }
    }

    fn on_request(&mut self, cx: &mut Context<Self>, request: Request) {
        let Some(operation) = cx.operation() else {
            return;
        };
        match request {
            Request::Begin { rows } => self.begin(cx, operation, rows, None),
            Request::Wait { process, on, at } => {
                self.draw_wait(cx.me(), Tx::P(process), Tx::P(on), at);
                cx.reply(operation, Reply::Done);
            }
            Request::Detect { process } => {
                self.detect(cx, Tx::P(process));
                cx.reply(operation, Reply::Done);
            }
        }
    }

    fn recover(&self, cx: &mut Context<Self>) -> Self {
        let mut kept = self.clone();
        for transaction in kept.transactions.values_mut() {
            if let Some(operation) = transaction.operation.take() {
                let why = "the node of the transaction crashed".to_owned();
                cx.reply(operation, Reply::Failed { why });
            }
        }
        kept
    }

    fn draw(&self, _settings: &Settings, to: &mut NodeFrame) {
        figures::draw(self, to);
    }

    fn end(reply: &Reply) -> End {
        match reply {
            Reply::Committed { .. } | Reply::Done => End::Ok,
            Reply::Failed { .. } => End::Failed,
        }
    }

    fn word(message: &Message) -> Option<Word> {
        Some(match message {
            Message::Lock { row, .. } => Word::of(format_args!("{row}?")),
            Message::Grant { row, .. } => Word::of(format_args!("{row}")),
            Message::Blocked { holder, row, .. } => {
                Word::of(format_args!("{} has {row}", holder.tx))
            }
            Message::Release { row, .. } => Word::of(format_args!("{row} is free")),
            Message::Abort { tx, .. } => Word::of(format_args!("abort {tx}")),
            Message::Probe(probe) | Message::Query(probe) => {
                let (i, j, k) = (probe.initiator, probe.sender, probe.receiver);
                Word::of(format_args!("{i} {j} {k}"))
            }
            Message::Reply { initiator, .. } => Word::of(format_args!("{initiator} waits")),
        })
    }
}

impl Site {
    /// Gives a message to a node: over the network, or at once if it is this one.
    fn route(&mut self, cx: &mut Context<Self>, to: NodeId, message: Message) {
        if to == cx.me() {
            self.on_message(cx, to, message);
        } else {
            cx.send(to, message);
        }
    }
}

/// Where a row lies. All nodes agree on it, as long as they agree on how many there are.
#[must_use]
pub fn site_of(settings: &Settings, row: Row) -> NodeId {
    let place = (u32::from(row) + 26 - u32::from('x')) % 26;
    NodeId(1 + place % settings.count(&NODES).max(1))
}

/// The rows that load and hunts use: x, y, z, a, b, …
#[must_use]
pub fn row_at(place: u32) -> Row {
    let letter = (u32::from(b'x' - b'a') + place) % 26;
    char::from(b'a' + letter as u8)
}
