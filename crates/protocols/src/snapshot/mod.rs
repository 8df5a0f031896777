//! Distributed snapshots: what a system looks like "now", where there is no common now; and checkpoints, to
//! which branches go back after a crash.
//!
//! **Problem.** Branches of a bank send money to each other all the time. Nobody can look at all of them at the
//! same instant. How much money is there? And after a crash: to which state may a branch return, if
//! others have already spent what it sent?
//!
//! **Idea.** A branch that begins a snapshot *records its state* and sends a *marker* on each of its
//! channels, before anything else. A branch that gets its first marker does the same. Then it records what
//! comes in on each other channel until the marker arrives there: that is the channel's state (\[CL\],
//! "Global-State-Detection Algorithm"). States and channels together are a *consistent cut*: no message is
//! received in it that was not sent in it.
//!
//! **The subtle point.** The system may never have been in the recorded state. But it could have been: from the state
//! at the beginning it can be reached, and from it the state at the end. That is enough, since what is
//! true for ever once it is true (a deadlock, the end of a computation, the total) is seen. And channels
//! must keep their order: what overtakes a marker falls out of the cut, or into it.
//!
//! **Recovery.** Each recorded state is a *checkpoint* on disk. A branch that comes back from a crash returns to its
//! latest one and says so. A branch that has received what is now unsent goes back, too, to a checkpoint
//! before that, and says so in turn. The *recovery line* is where this ends. If branches save at moments of
//! their own, it may end at the very beginning: the *domino effect* (\[R\]). A snapshot stops it, because
//! no checkpoint of a consistent cut makes another one fall (\[KT\]).
//!
//! **Conventions.** Amounts are told as totals since the beginning, so a branch can tell what it lacks. Each
//! going back begins a new *era* of the branch; what was sent in an older one is ignored (the
//! incarnation numbers of \[E\]). Node 1 collects what was recorded, and two that begin at once take part in
//! one snapshot.
//!
//! **What survives a crash.** The checkpoints, the era, and the latest eras and snapshot that it has heard of.
//!
//! **References.** \[CL\] Chandy and Lamport, "Distributed Snapshots: Determining Global States of Distributed
//! Systems", ACM TOCS 3(1), 1985. \[KT\] Koo and Toueg, "Checkpointing and Rollback-Recovery for
//! Distributed Systems", IEEE TSE 13(1), 1987. \[R\] Randell, "System Structure for Software Fault
//! Tolerance", IEEE TSE 1(2), 1975. \[E\] Elnozahy, Alvisi, Wang and Johnson, "A Survey of Rollback-Recovery
//! Protocols in Message-Passing Systems", ACM Computing Surveys 34(3), 2002.

mod captions;
mod channel;
mod descriptor;
mod figures;
mod invariants;
mod marks;
mod probes;
mod recording;
mod rollback;
mod scenarios;
#[cfg(test)]
mod tests;

use faultline_sim::frame::{NodeFrame, Word};
use faultline_sim::history::End;
use faultline_sim::process::{Context, NodeId, Process, Start};
use faultline_sim::settings::Settings;
use faultline_sim::shared::SharedList;
use faultline_sim::sorted::SortedMap;
use faultline_sim::time::Duration;
use serde::{Deserialize, Serialize};

use channel::{Channel, Place};
use descriptor::{EVERY, INTERVAL, MODE, NODES};
use recording::{Complete, Part, Recording};

pub use descriptor::PROTOCOL;

/// The branch that collects what was recorded, and that begins the snapshots of coordinated checkpoints.
pub const COLLECTOR: NodeId = NodeId(1);
/// What each branch has at the start.
pub const OPENING_BALANCE: u64 = 100;
/// The largest payment that a branch makes on its own.
const LARGEST: u64 = 10;
/// How often a branch that pays nothing on its own looks whether it should.
const IDLE: Duration = Duration::millis(500);
/// How long a branch pays nothing on its own after somebody has gone back. Else it could pay what it must
/// undo in a moment, and one crash could make branches go back again and again (\[KT\] call it a livelock).
const QUIET: Duration = Duration::millis(1_200);

/// All the money there is.
pub fn total(settings: &Settings) -> u64 {
    OPENING_BALANCE * u64::from(settings.count(&NODES))
}

faultline_sim::messages! {
    pub enum Message {
        /// `total`: what the sender has ever paid to the receiver, with this.
        Money { place: Place, amount: u64, total: u64 } => Data "$" "pays",
        Marker { place: Place, snapshot: u32 } => Control "M" "sends a marker: what came before it is in the snapshot",
        /// To node 1: a branch has recorded its part.
        Report { place: Place, snapshot: u32, part: Part } => Ack "R" "reports what it has recorded",
        /// The sender has gone back and is in a new era. There, it has paid so much to the receiver and got so
        /// much from it; `known`: the receiver's era, as the sender knows it.
        Undo { era: u32, known: u32, paid: u64, got: u64 } => Announce "↺" "has gone back, and says what still counts",
    }
}

faultline_sim::timers! {
    pub enum Timer {
        /// The next payment of the branch's own.
        Pay,
        /// Without the rule `markers-first`: the markers leave at last.
        Markers { snapshot: u32 },
    }
}

/// What a person may ask of a branch.
#[derive(Clone, Debug, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Request {
    /// Begin a snapshot.
    Begin,
    Pay {
        to: NodeId,
        amount: u32,
    },
}

#[derive(Clone, Debug, Hash, Serialize)]
pub enum Reply {
    Done,
    Failed { why: String },
}

/// What a branch saves in a checkpoint: the state of the process.
#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct Account {
    pub balance: u64,
    /// Payments made.
    pub work: u64,
    /// What it has ever paid to each other branch.
    pub paid: SortedMap<NodeId, u64>,
    /// What it has ever got from each other branch.
    pub got: SortedMap<NodeId, u64>,
    /// The snapshot that it was saved for; 0: none.
    pub snapshot: u32,
}

/// A branch of the bank.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Branch {
    // On disk.
    /// Checkpoints, from the state at the start on.
    pub saved: SharedList<Account>,
    /// How often it has gone back.
    pub era: u32,
    /// The latest snapshot that it has taken part in.
    pub last: u32,
    /// At node 1: the latest snapshot of which all has been reported.
    pub complete: Option<Complete>,
    // In memory, but for the eras of the others.
    pub now: Account,
    pub channels: SortedMap<NodeId, Channel>,
    /// Its parts of snapshots that still wait for markers.
    pub recordings: SortedMap<u32, Recording>,
    /// At node 1: parts of snapshots that have been reported.
    pub reports: SortedMap<u32, SortedMap<NodeId, Part>>,
}

impl Process for Branch {
    type Message = Message;
    type Timer = Timer;
    type Request = Request;
    type Reply = Reply;

    /// A branch that opens later brings no money.
    fn new(me: NodeId, settings: &Settings) -> Self {
        let founds = me.0 <= settings.count(&NODES);
        let now = Account {
            balance: if founds { OPENING_BALANCE } else { 0 },
            ..Account::default()
        };
        let mut saved = SharedList::new();
        saved.push(now.clone());
        Self {
            saved,
            era: 0,
            last: 0,
            complete: None,
            now,
            channels: SortedMap::new(),
            recordings: SortedMap::new(),
            reports: SortedMap::new(),
        }
    }

    fn on_start(&mut self, cx: &mut Context<Self>, start: Start) {
        match start {
            // One that opens later learns the eras of the others from their messages.
            Start::First if cx.me().0 <= cx.count(&NODES) => {
                let peers = cx.peers().map(|peer| (peer, Channel::default()));
                self.channels = peers.collect();
            }
            Start::First => {}
            Start::Recovery => {
                self.announce(cx);
                return cx.set_timer(Timer::Pay, QUIET);
            }
        }
        self.schedule(cx);
    }

    fn on_message(&mut self, cx: &mut Context<Self>, from: NodeId, message: Message) {
        self.receive(cx, from, message);
    }

    fn on_timer(&mut self, cx: &mut Context<Self>, timer: Timer) {
        match timer {
            Timer::Pay => {
                self.pay_somebody(cx);
                self.schedule(cx);
            }
            Timer::Markers { snapshot } => self.send_markers(cx, snapshot),
        }
    }

    fn on_request(&mut self, cx: &mut Context<Self>, request: Request) {
        let reply = match request {
            Request::Begin => {
                self.record(cx, self.last + 1);
                Reply::Done
            }
            Request::Pay { to, amount } => match self.refuses(cx, to, amount.into()) {
                Some(why) => Reply::Failed { why: why.into() },
                None => {
                    self.pay(cx, to, amount.into());
                    Reply::Done
                }
            },
        };
        if let Some(operation) = cx.operation() {
            cx.reply(operation, reply);
        }
    }

    /// The memory is lost, and with it what was done since the latest checkpoint.
    fn recover(&self, cx: &mut Context<Self>) -> Self {
        let mut branch = self.clone();
        branch.fall_back(cx, None);
        branch
    }

    fn draw(&self, settings: &Settings, to: &mut NodeFrame) {
        figures::draw(self, settings, to);
    }

    fn end(reply: &Reply) -> End {
        match reply {
            Reply::Done => End::Ok,
            Reply::Failed { .. } => End::Failed,
        }
    }

    fn word(message: &Message) -> Option<Word> {
        Some(match message {
            Message::Money { amount, .. } => Word::of(amount),
            Message::Marker { .. } => Word::of("marker"),
            Message::Report { .. } => Word::of("part"),
            Message::Undo { .. } => Word::of("back"),
        })
    }
}

impl Branch {
    fn schedule(&self, cx: &mut Context<Self>) {
        let wait = match cx.duration(&EVERY).0 {
            0 => IDLE,
            every => Duration(cx.rng().between(every / 2, every + every / 2)),
        };
        cx.set_timer(Timer::Pay, wait);
    }

    fn pay_somebody(&mut self, cx: &mut Context<Self>) {
        if cx.duration(&EVERY).0 == 0 {
            return;
        }
        let amount = cx.rng().between(1, LARGEST);
        if let Some(to) = cx.random_peer()
            && self.now.balance >= amount
        {
            self.pay(cx, to, amount);
        }
    }

    fn refuses(&self, cx: &Context<Self>, to: NodeId, amount: u64) -> Option<&'static str> {
        if !cx.peers().any(|peer| peer == to) {
            Some("there is no such other branch")
        } else if amount == 0 {
            Some("there is nothing to pay")
        } else if amount > self.now.balance {
            Some("the branch has not enough money")
        } else {
            None
        }
    }

    fn pay(&mut self, cx: &mut Context<Self>, to: NodeId, amount: u64) {
        self.now.balance -= amount;
        self.now.work += 1;
        let paid = self.now.paid.entry(to).or_default();
        *paid += amount;
        let total = *paid;
        let place = self.next_place(to);
        let money = Message::Money {
            place,
            amount,
            total,
        };
        cx.send(to, money);
        self.save_in_time(cx);
    }

    /// After every so many payments: a checkpoint of its own, or at node 1 a snapshot of all.
    fn save_in_time(&mut self, cx: &mut Context<Self>) {
        let interval = u64::from(cx.count(&INTERVAL));
        if interval == 0 || !self.now.work.is_multiple_of(interval) {
            return;
        }
        if cx.choice(&MODE) == "independent" {
            cx.mark(&marks::SAVES, (self.saved.len(), self.now.work));
            self.save(cx, 0);
        } else if cx.me() == COLLECTOR && self.recordings.is_empty() {
            self.record(cx, self.last + 1);
        }
    }

    /// Money has come in. Amounts are told as totals, so nothing is counted twice.
    fn take(&mut self, cx: &Context<Self>, from: NodeId, total: u64) {
        let got = self.now.got.entry(from).or_default();
        let gain = total.saturating_sub(*got);
        *got += gain;
        self.now.balance += gain;
        self.record_incoming(cx, from, gain);
    }
}
