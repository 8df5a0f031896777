//! The board: a system put together from boxes, each a real process, under load.
//!
//! **Problem.** A service of several machines has queues, caches and retries in it, and nobody can tell from
//! a drawing what happens to them under load, or when one of them stops.
//!
//! **Idea.** Each box does one thing that real components do, and knows no more than they know: whom it
//! calls. A *crowd* asks; a *balancer* and a *breaker* pass calls on; a *service* has a queue, workers and
//! a time of service, and may call others while its worker waits; a *cache* keeps answers; a *database*
//! counts writes; an *event queue* takes work and hands it on later; an *autoscaler* tells a balancer how
//! many servers to use. What a box is, whom it calls and its numbers are parameters of its own, so a
//! person changes the system while it runs.
//!
//! **The subtle point.** Whoever calls decides what silence means. A caller that gives up does not stop the
//! work it asked for, so each retry is more work. When callers at several tiers retry, their numbers
//! multiply; and a queue that is longer than the callers' patience is full of work that nobody waits for.
//!
//! **What survives a crash.** What a database has written, what an event queue has accepted (\[AMQP\]), and
//! which requests a box has already done. Queues of services, caches and open calls are lost.
//!
//! **References.** Little, "A proof for the queuing formula L = λW", 1961; Kleinrock, "Queueing Systems",
//! 1975; Azar, Broder, Karlin and Upfal, "Balanced allocations", STOC 1994, and Mitzenmacher 2001 for two
//! choices; Nygard, "Release It!", 2007, 5.2 and 5.3 for breaker and bulkhead; Dean and Barroso, "The tail
//! at scale", CACM 2013, for hedged calls; Bronson and others, "Metastable failures in distributed
//! systems", HotOS 2021; smooth weighted round robin after nginx; AMQP 0-9-1 (\[AMQP\]).

mod balancer;
mod breaker;
mod cache;
mod caller;
mod captions;
mod choose;
mod crowd;
mod database;
mod descriptor;
mod events;
mod evict;
mod figures;
mod invariants;
mod kinds;
mod marks;
mod meter;
mod params;
mod probes;
mod scaler;
mod scenarios;
mod seen;
mod server;
#[cfg(test)]
mod tests;

use faultline_sim::frame::{NodeFrame, Word};
use faultline_sim::history::End;
use faultline_sim::process::{Context, NodeId, Process, Start};
use faultline_sim::settings::Settings;
use faultline_sim::time::{Duration, LocalTime};
use serde::{Deserialize, Serialize};

pub use descriptor::PROTOCOL;
pub use kinds::Kind;

use balancer::Balancer;
use cache::Cache;
use caller::Caller;
use crowd::Crowd;
use database::Database;
use events::Events;
use meter::Meter;
use params::{IDEMPOTENT, KEEP_EVENTS, KIND};
use scaler::Scaler;
use seen::Seen;
use server::Server;

/// How often a box looks at itself: how busy it was, and whether it has something to begin.
const LOOK: Duration = Duration::millis(500);
/// That is so often in a second.
const LOOKS: u32 = 2;

/// A request of a crowd, on its way through the boxes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Job {
    /// The crowd.
    pub from: NodeId,
    /// Its number there, from 1.
    pub number: u64,
    /// What it is about.
    pub key: u32,
    /// Whether it changes something.
    pub write: bool,
}

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Outcome {
    /// With the version of what was asked for: how often it had been written.
    Done {
        version: u64,
    },
    Failed(Why),
}

/// Why a call failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Why {
    /// The queue was full, or too many calls were open.
    Refused,
    /// No answer came in time.
    TimedOut,
    /// The breaker did not let it through.
    Open,
    /// The box that was asked is faulty.
    Faulty,
    /// The box calls nobody.
    Nowhere,
    /// The crowd itself stopped.
    Stopped,
}

impl Why {
    /// In words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Why::Refused => "it was refused",
            Why::TimedOut => "no answer came in time",
            Why::Open => "the breaker was open",
            Why::Faulty => "a box answered with an error",
            Why::Nowhere => "there was no box to ask",
            Why::Stopped => "the crowd stopped",
        }
    }
}

faultline_sim::messages! {
    pub enum Message {
        /// Do this; the caller waits so long (0: for ever).
        Call { call: u64, job: Job, patience: Duration }
            => Request "C" "asks",
        /// How busy the box is, in per cent, comes with each answer.
        Answer { call: u64, outcome: Outcome, load: u32 }
            => Ack "A" "answers",
        /// An autoscaler asks a balancer.
        Measure => Heartbeat "?" "asks how busy the servers are",
        /// How busy they are, in per cent of those in use, and how many there are.
        Measured { load: u32, used: u32, of: u32 } => Ack "M" "tells how busy the servers are",
        /// Use so many servers.
        Use { servers: u32 } => Control "U" "says how many servers to use",
    }
}

faultline_sim::timers! {
    pub enum Timer {
        /// Looks at itself.
        Look,
        /// A crowd's next request.
        Arrive,
        /// One of a crowd's users has thought.
        Think { user: u32 },
        /// A worker is done.
        Work { slot: u64 },
        /// No answer has come to this try.
        TimeOut { call: u64, tries: u32 },
        /// The wait before another try is over.
        Again { call: u64 },
        /// No answer yet: another box is asked, too.
        Hedge { call: u64 },
        /// A cache writes what it has gathered.
        Flush,
        /// An event is not acknowledged.
        Redeliver { number: u64 },
        /// An autoscaler measures.
        Scale,
        /// New servers have booted.
        Booted { servers: u32 },
    }
}

/// What a person may ask of a crowd.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Request {
    Read { key: u32 },
    Write { key: u32 },
}

/// How a request ended.
#[derive(Clone, Debug, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reply {
    Done { key: u32, version: u64 },
    Failed { why: &'static str },
}

/// A box. What its kind does not need stays empty.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Node {
    pub kind: Kind,
    /// Calls that it has open.
    pub caller: Caller,
    /// Queue and workers.
    pub server: Server,
    /// Which writes had an effect here, on disk.
    pub seen: Seen,
    pub crowd: Crowd,
    pub balancer: Balancer,
    pub cache: Cache,
    pub database: Database,
    pub events: Events,
    pub scaler: Scaler,
    /// How long it took lately.
    pub meter: Meter,
}

/// For whom a call was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Ticket {
    /// A crowd's own request.
    Mine,
    /// Another box waits for the answer.
    For { from: NodeId, call: u64 },
    /// A worker waits for it.
    Worker { slot: u64 },
    /// A cache fills a place.
    Fill,
    /// Nobody waits: a write that was answered already, or a copy of one.
    Later,
}

impl Process for Node {
    type Message = Message;
    type Timer = Timer;
    type Request = Request;
    type Reply = Reply;

    fn new(me: NodeId, settings: &Settings) -> Self {
        Self::of_kind(Kind::named(settings.of_node(me).choice(&KIND)))
    }

    fn on_start(&mut self, cx: &mut Context<Self>, _start: Start) {
        self.begin(cx);
    }

    fn on_message(&mut self, cx: &mut Context<Self>, from: NodeId, message: Message) {
        self.follow_kind(cx);
        match message {
            Message::Call {
                call,
                job,
                patience,
            } => self.receive_call(cx, from, call, job, patience),
            Message::Answer {
                call,
                outcome,
                load,
            } => {
                self.balancer.hear(from, load);
                if self.kind == Kind::Queue {
                    return self.acknowledged(cx, call, outcome);
                }
                if let Some((called, outcome)) = self.answered(cx, from, call, outcome) {
                    self.ended(cx, called.ticket, called.job, outcome);
                }
            }
            Message::Measure => self.report_load(cx, from),
            Message::Measured { load, used, of } => self.measured(cx, load, used, of),
            Message::Use { servers } => self.balancer.limit = servers,
        }
    }

    fn on_timer(&mut self, cx: &mut Context<Self>, timer: Timer) {
        self.follow_kind(cx);
        match timer {
            Timer::Look => self.look(cx),
            Timer::Arrive => self.arrive(cx),
            Timer::Think { user } => self.ask_as(cx, user),
            Timer::Work { slot } => self.worked(cx, slot),
            Timer::TimeOut { call, tries } => {
                let ended = self.timed_out(cx, call, tries);
                self.ended_maybe(cx, ended);
            }
            Timer::Again { call } => {
                let ended = self.attempt(cx, call);
                self.ended_maybe(cx, ended);
            }
            Timer::Hedge { call } => self.hedge(cx, call),
            Timer::Flush => self.flush(cx),
            Timer::Redeliver { number } => self.give_back(cx, number),
            Timer::Scale => self.measure(cx),
            Timer::Booted { servers } => self.booted(cx, servers),
        }
    }

    fn on_request(&mut self, cx: &mut Context<Self>, request: Request) {
        self.follow_kind(cx);
        let operation = cx.operation();
        if self.kind == Kind::Crowd {
            self.ask(cx, request, operation, None);
        } else if let Some(operation) = operation {
            let why = "only a crowd asks";
            cx.reply(operation, Reply::Failed { why });
        }
    }

    fn recover(&self, cx: &mut Context<Self>) -> Self {
        self.crowd.stop(cx);
        Self {
            seen: self.seen.clone(),
            crowd: self.crowd.recover(),
            caller: self.caller.recover(),
            database: self.database.clone(),
            events: self.events.recover(cx.switch(&KEEP_EVENTS)),
            balancer: self.balancer.recover(),
            scaler: self.scaler.clone(),
            meter: self.meter.recover(),
            ..Self::of_kind(self.kind)
        }
    }

    fn end(reply: &Reply) -> End {
        match reply {
            Reply::Done { .. } => End::Ok,
            Reply::Failed { .. } => End::Unknown,
        }
    }

    /// As few bytes as a real header has, whatever the numbers in it.
    fn size(message: &Message) -> u64 {
        match message {
            Message::Call { .. } | Message::Answer { .. } => 1_000,
            _ => 100,
        }
    }

    fn draw(&self, settings: &Settings, to: &mut NodeFrame) {
        figures::draw(self, settings, to);
    }

    fn word(message: &Message) -> Option<Word> {
        Some(match message {
            Message::Call { job, .. } if job.write => Word::of(format_args!("write {}", job.key)),
            Message::Call { job, .. } => Word::of(format_args!("read {}", job.key)),
            Message::Answer {
                outcome: Outcome::Done { .. },
                ..
            } => Word::of("ok"),
            Message::Answer { .. } => Word::of("failed"),
            Message::Measure => Word::of("busy?"),
            Message::Measured { load, .. } => Word::of(format_args!("{load} %")),
            Message::Use { servers } => Word::of(format_args!("use {servers}")),
        })
    }

    /// A failure looks like a refusal.
    fn glyph_override(message: &Message) -> Option<(faultline_sim::frame::Shape, &'static str)> {
        let failed = matches!(
            message,
            Message::Answer {
                outcome: Outcome::Failed(_),
                ..
            }
        );
        failed.then_some((faultline_sim::frame::Shape::Nack, "✗"))
    }
}

impl Node {
    fn of_kind(kind: Kind) -> Self {
        Self {
            kind,
            caller: Caller::default(),
            server: Server::default(),
            seen: Seen::default(),
            crowd: Crowd::default(),
            balancer: Balancer::default(),
            cache: Cache::default(),
            database: Database::default(),
            events: Events::default(),
            scaler: Scaler::default(),
            meter: Meter::default(),
        }
    }

    /// A box that a person has turned into another one begins anew.
    fn follow_kind(&mut self, cx: &mut Context<Self>) {
        let kind = Kind::named(cx.choice(&KIND));
        if kind != self.kind {
            self.crowd.stop(cx);
            *self = Self::of_kind(kind);
            self.begin(cx);
        }
    }

    fn begin(&mut self, cx: &mut Context<Self>) {
        self.server.looked = cx.now();
        cx.set_timer(Timer::Look, LOOK);
        match self.kind {
            Kind::Crowd => self.gather(cx),
            Kind::Autoscaler => self.begin_scaling(cx),
            Kind::Queue => self.hand_on(cx),
            _ => {}
        }
    }

    /// Twice a second: how busy it was, and what it can begin now.
    fn look(&mut self, cx: &mut Context<Self>) {
        cx.set_timer(Timer::Look, LOOK);
        self.server.look(cx.now(), cx.count(&params::SERVERS));
        self.caller.chooser.look(LOOKS);
        if self.kind == Kind::Crowd {
            self.meter.look();
        }
        if self.kind == Kind::Balancer {
            self.balancer.used = self.targets(cx).len() as u32;
            self.balancer.look(LOOK);
        }
        match self.kind {
            Kind::Crowd => self.gather(cx),
            Kind::Queue => self.hand_on(cx),
            Kind::Cache => self.flush_in_time(cx),
            _ => {}
        }
    }

    fn receive_call(
        &mut self,
        cx: &mut Context<Self>,
        from: NodeId,
        call: u64,
        job: Job,
        patience: Duration,
    ) {
        match self.kind {
            Kind::Crowd | Kind::Autoscaler => {
                self.answer(cx, from, call, Outcome::Failed(Why::Nowhere));
            }
            Kind::Balancer | Kind::Breaker => {
                let ticket = Ticket::For { from, call };
                self.call(cx, job, ticket);
            }
            Kind::Service | Kind::Database => self.take_in(cx, from, call, job, patience),
            Kind::Cache => self.look_up(cx, from, call, job),
            Kind::Queue => self.accept(cx, from, call, job),
        }
    }

    /// Calls another box, and goes on when the call ends.
    fn call(&mut self, cx: &mut Context<Self>, job: Job, ticket: Ticket) {
        let ended = self.open_call(cx, job, ticket);
        self.ended_maybe(cx, ended);
    }

    fn ended_maybe(&mut self, cx: &mut Context<Self>, ended: Option<(caller::Called, Outcome)>) {
        if let Some((called, outcome)) = ended {
            self.ended(cx, called.ticket, called.job, outcome);
        }
    }

    /// A call has ended: who waits for it hears of it.
    fn ended(&mut self, cx: &mut Context<Self>, ticket: Ticket, job: Job, outcome: Outcome) {
        match ticket {
            Ticket::Mine => self.told(cx, job, outcome),
            Ticket::For { from, call } => {
                if self.kind == Kind::Cache {
                    self.wrote(cx, job, outcome);
                }
                self.answer(cx, from, call, outcome);
            }
            Ticket::Worker { slot } => self.helped(cx, slot, outcome),
            Ticket::Fill => self.filled(cx, job, outcome),
            Ticket::Later => {}
        }
    }

    fn answer(&mut self, cx: &mut Context<Self>, to: NodeId, call: u64, outcome: Outcome) {
        let load = self.load(cx);
        let answer = Message::Answer {
            call,
            outcome,
            load,
        };
        cx.send(to, answer);
    }

    /// How busy this box is, in per cent: its own workers, or those of the boxes behind it.
    fn load(&self, cx: &Context<Self>) -> u32 {
        match self.kind {
            Kind::Balancer | Kind::Breaker => self.balancer.load(cx),
            _ => self.server.busy,
        }
    }

    /// A write has an effect where no other box is called for it. Done twice, it has two. Only a database
    /// has something to read.
    fn take_effect(&mut self, cx: &mut Context<Self>, job: Job) -> u64 {
        let again = self.seen.has(job);
        if !job.write || (again && cx.switch(&IDEMPOTENT)) {
            return self.database.version(job.key);
        }
        if again {
            cx.mark(&marks::TWICE, (job.from, job.number));
        }
        cx.write();
        self.seen.add(job);
        if self.kind == Kind::Database {
            self.database.write(job.key)
        } else {
            0
        }
    }
}

/// Microseconds between two readings of a box's own clock; none if it was set back.
fn between(from: LocalTime, to: LocalTime) -> Duration {
    Duration(to.0.saturating_sub(from.0).max(0) as u64)
}
