//! A job that is divided among machines: scatter the parts, gather the results.
//!
//! **Problem.** One machine takes too long for a job. Several machines should share it, each does a part, and the
//! results are put together. Here the job is to count the primes below a number.
//!
//! **Idea.** A *coordinator* cuts the job into parts and hands them to *workers*. A worker that has answered gets the
//! next part (\[DG\], there the master of a MapReduce).
//!
//! **How fast it can get.** A share *s* of the job cannot be divided; the coordinator does it first. With *n* workers the
//! job takes *s* + (1 − *s*)/*n* of its time on one machine, and never less than *s*, however many workers there are
//! (\[A\]). That counts no coordination: each part that is handed out and each result that is gathered takes the
//! coordinator some time (parameter `handle`), and every message is on its way for a while. More workers mean more of
//! that, so from some number on more workers make the job slower (\[G\]).
//!
//! **Slow and crashed workers.** The coordinator pings workers. From one that has been silent for too long it takes the
//! part away and hands it to another one (rule `reassign`). A slow worker still answers pings, and at the end all wait for
//! it. Near the end, free workers therefore get a *backup copy* of a part that has taken much longer than the others, and
//! the first result counts (\[DG\] 3.6, rule `backup`).
//!
//! **The subtle point.** After both, two workers may answer with the same part. Results name their part, and the
//! coordinator counts each part once (rule `once`).
//!
//! **What survives a crash.** Nothing of a worker's. Of the coordinator the number of jobs, so that late results of an old
//! job are recognised; the job itself is lost, and its client hears so.
//!
//! **Ours.** \[DG\] does not say how late is late: here a part is overdue when it has taken half as long again as the mean
//! of the finished ones. Results travel in messages, not in files.
//!
//! **References.** Amdahl, "Validity of the single processor approach to achieving large scale computing capabilities",
//! AFIPS 1967 (\[A\]); Dean and Ghemawat, "MapReduce: Simplified Data Processing on Large Clusters", OSDI 2004 (\[DG\]);
//! Gunther, "A Simple Capacity Model of Massively Parallel Transaction Systems", CMG 1993 (\[G\]).

mod captions;
mod coordinator;
mod descriptor;
mod figures;
mod invariants;
mod marks;
mod primes;
mod probes;
mod scenarios;
#[cfg(test)]
mod tests;
mod worker;

use faultline_sim::frame::{NodeFrame, Word};
use faultline_sim::history::End;
use faultline_sim::process::{Context, NodeId, Process, Start};
use faultline_sim::settings::Settings;
use serde::{Deserialize, Serialize};

use coordinator::Coordinator;
pub use descriptor::PROTOCOL;
use worker::Worker;

/// Node 1 coordinates; all others compute.
pub const COORDINATOR: NodeId = NodeId(1);

/// A part of a job: the numbers from `from` on and below `to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Part {
    /// From 1 on.
    pub number: u32,
    pub from: u32,
    pub to: u32,
}

faultline_sim::messages! {
    pub enum Message {
        Task { job: u64, below: u32, part: Part } => Data "T" "hands out a part",
        Done { job: u64, part: u32, primes: u32 } => Ack "✓" "answers with the result of a part",
        Ping => Heartbeat "?" "asks whether the worker still computes",
        /// The part that it computes.
        Pong { job: u64, part: Option<u32> } => Heartbeat "A" "is alive",
        /// After a crash, or newly added: it has no part.
        Ready => Control "R" "has no part",
    }
}

faultline_sim::timers! {
    pub enum Timer {
        /// The coordinator has handed out a part, has taken a result, or has done what cannot be divided.
        Step,
        /// The coordinator asks who is there.
        Ping,
        /// A worker is done with a part.
        Compute { job: u64, part: u32 },
        /// The next job begins by itself.
        Next,
    }
}

/// What a person may ask of the coordinator.
#[derive(Clone, Copy, Debug, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Request {
    /// How many primes are there below this number?
    Primes { below: u32 },
}

#[derive(Clone, Debug, Hash, Serialize)]
pub enum Reply {
    Primes(u32),
    Failed { why: String },
}

#[derive(Clone, Debug, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Machine {
    Coordinator(Coordinator),
    Worker(Worker),
}

impl Process for Machine {
    type Message = Message;
    type Timer = Timer;
    type Request = Request;
    type Reply = Reply;

    fn new(me: NodeId, settings: &Settings) -> Self {
        if me == COORDINATOR {
            Machine::Coordinator(Coordinator::new(0, settings))
        } else {
            Machine::Worker(Worker::default())
        }
    }

    fn on_start(&mut self, cx: &mut Context<Self>, start: Start) {
        match self {
            Machine::Coordinator(_) => coordinator::wait_for_next(cx),
            Machine::Worker(_) => {
                let known = cx.me().0 <= descriptor::nodes(cx.settings());
                if start == Start::Recovery || !known {
                    cx.send(COORDINATOR, Message::Ready);
                }
            }
        }
    }

    fn on_message(&mut self, cx: &mut Context<Self>, from: NodeId, message: Message) {
        match self {
            Machine::Coordinator(own) => own.receive(cx, from, message),
            Machine::Worker(own) => own.receive(cx, from, message),
        }
    }

    fn on_timer(&mut self, cx: &mut Context<Self>, timer: Timer) {
        match (self, timer) {
            (Machine::Coordinator(own), Timer::Step) => own.end_step(cx),
            (Machine::Coordinator(own), Timer::Ping) => own.ping(cx),
            (Machine::Coordinator(own), Timer::Next) => own.begin_by_itself(cx),
            (Machine::Worker(own), Timer::Compute { job, part }) => own.finish(cx, job, part),
            _ => {}
        }
    }

    fn on_request(&mut self, cx: &mut Context<Self>, request: Request) {
        let Some(operation) = cx.operation() else {
            return;
        };
        let Request::Primes { below } = request;
        match self {
            Machine::Coordinator(own) => own.begin(cx, below, operation),
            Machine::Worker(_) => fail(cx, operation, "a worker takes no jobs"),
        }
    }

    fn recover(&self, cx: &mut Context<Self>) -> Self {
        match self {
            Machine::Coordinator(own) => {
                if let Some(job) = &own.job {
                    fail(cx, job.operation, "the coordinator crashed");
                }
                Machine::Coordinator(Coordinator::new(own.jobs, cx.settings()))
            }
            Machine::Worker(_) => Machine::Worker(Worker::default()),
        }
    }

    fn draw(&self, settings: &Settings, to: &mut NodeFrame) {
        figures::draw(self, settings, to);
    }

    fn end(reply: &Reply) -> End {
        match reply {
            Reply::Primes(_) => End::Ok,
            Reply::Failed { .. } => End::Failed,
        }
    }

    fn word(message: &Message) -> Option<Word> {
        match message {
            Message::Task { part, .. } => Some(Word::of(format_args!("part {}", part.number))),
            Message::Done { primes, .. } => Some(Word::of(primes)),
            _ => None,
        }
    }
}

fn fail(cx: &mut Context<Machine>, operation: faultline_sim::process::Operation, why: &str) {
    let why = why.to_owned();
    cx.reply(operation, Reply::Failed { why });
}
