//! The coordinator: hands out parts, gathers results, and redoes what was lost.

use faultline_sim::process::{Belief, Context, NodeId, Operation, Opinion};
use faultline_sim::settings::Settings;
use faultline_sim::sorted::{SortedMap, SortedSet};
use faultline_sim::time::{Duration, LocalTime};
use serde::{Serialize, Serializer};

use super::descriptor::{
    BACKUP, EVERY, HANDLE, MOST, ONCE, PARTS, PATIENCE, PING, REASSIGN, SERIAL, WORKERS, nodes,
};
use super::worker::at_speed;
use super::{Machine, Message, Part, Reply, Request, Timer, fail, marks};

/// What it does now. It does one thing at a time.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// What cannot be divided.
    Prepare,
    HandOut {
        part: u32,
        worker: NodeId,
    },
    Gather(Answer),
}

/// A result that has come.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Answer {
    pub worker: NodeId,
    pub part: u32,
    pub primes: u32,
    /// Since the part was handed out; zero if it had been taken away meanwhile.
    pub took: Duration,
}

/// A part at a worker.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Given {
    pub since: LocalTime,
    /// When the worker last said that it computes this part.
    pub heard: LocalTime,
}

#[derive(Clone, Debug, Hash, Serialize)]
pub struct Job {
    pub operation: Operation,
    pub below: u32,
    pub parts: u32,
    /// Parts that wait for a worker.
    pub waiting: SortedSet<u32>,
    #[serde(serialize_with = "as_list")]
    pub given: SortedMap<(u32, NodeId), Given>,
    /// Results that have come and are not yet counted, in their order.
    pub answers: Vec<Answer>,
    pub step: Option<Step>,
    /// Parts whose results are counted.
    pub counted: SortedSet<u32>,
    pub total: u32,
    /// Time that workers had the counted parts.
    pub spent: Duration,
}

#[derive(Clone, Debug, Hash, Serialize)]
pub struct Coordinator {
    /// On disk: how many jobs there were.
    pub jobs: u64,
    pub job: Option<Job>,
    pub workers: SortedSet<NodeId>,
    /// Those without a part, as far as it knows.
    pub idle: SortedSet<NodeId>,
    /// The result of the latest job.
    pub found: Option<u32>,
}

/// In JSON only texts name the entries of an object, so this is a list of pairs.
fn as_list<S: Serializer>(
    given: &SortedMap<(u32, NodeId), Given>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(given.iter())
}

impl Job {
    fn part(&self, number: u32) -> Part {
        let bound = |n: u32| (u64::from(self.below) * u64::from(n) / u64::from(self.parts)) as u32;
        let (from, to) = (bound(number - 1), bound(number));
        Part { number, from, to }
    }

    fn copies(&self, part: u32) -> usize {
        let same = self.given.keys().filter(|(given, _)| *given == part);
        same.count()
    }

    fn has_part(&self, worker: NodeId) -> bool {
        let next = matches!(&self.step, Some(Step::HandOut { worker: to, .. }) if *to == worker);
        next || self.given.keys().any(|(_, given)| *given == worker)
    }

    /// The part that has been out for the longest time, if it is overdue and nobody else has it.
    fn overdue(&self, now: LocalTime) -> Option<u32> {
        let mean = self.spent.0 / (self.counted.len() as u64).max(1);
        let alone = self.given.iter().filter(|((part, _), _)| {
            let come = self.answers.iter().any(|answer| answer.part == *part);
            self.copies(*part) == 1 && !come && !self.counted.contains(part)
        });
        let out = alone.map(|((part, _), given)| (now.since(given.since), *part));
        let (longest, part) = out.max_by_key(|(out, part)| (*out, u32::MAX - part))?;
        let late = !self.counted.is_empty() && longest.0 > mean + mean / 2;
        late.then_some(part)
    }
}

impl Coordinator {
    pub fn new(jobs: u64, settings: &Settings) -> Self {
        let workers: SortedSet<NodeId> = (2..=nodes(settings)).map(NodeId).collect();
        Self {
            jobs,
            job: None,
            idle: workers.clone(),
            workers,
            found: None,
        }
    }

    pub fn begin_by_itself(&mut self, cx: &mut Context<Machine>) {
        if self.job.is_none() {
            let below = MOST / 2;
            let operation = cx.invoke(Request::Primes { below });
            self.begin(cx, below, operation);
        }
        wait_for_next(cx);
    }

    pub fn begin(&mut self, cx: &mut Context<Machine>, below: u32, operation: Operation) {
        if self.job.is_some() {
            return fail(cx, operation, "another job is under way");
        }
        if !(1..=MOST).contains(&below) {
            return fail(cx, operation, "the number is too small or too large");
        }
        self.jobs += 1;
        cx.write();
        let parts = (cx.settings().count(&WORKERS) * cx.settings().count(&PARTS)).max(1);
        cx.mark(&marks::BEGINS, (below, parts));
        self.job = Some(Job {
            operation,
            below,
            parts,
            waiting: (1..=parts).collect(),
            given: SortedMap::new(),
            answers: Vec::new(),
            step: Some(Step::Prepare),
            counted: SortedSet::new(),
            total: 0,
            spent: Duration(0),
        });
        let serial = cx.settings().param(&SERIAL) / 100.0;
        let takes = at_speed(cx, serial);
        cx.set_timer(Timer::Step, takes);
        cx.set_timer(Timer::Ping, takes + cx.duration(&PING));
    }

    /// Handing out comes first: workers that compute are worth more than results that wait.
    fn next_step(&mut self, cx: &mut Context<Machine>) {
        let Some(job) = self.job.as_mut().filter(|job| job.step.is_none()) else {
            return;
        };
        let idle = self.idle.first().copied();
        let backup = || {
            let wanted = cx.switch(&BACKUP) && job.answers.is_empty();
            wanted.then(|| job.overdue(cx.now())).flatten()
        };
        let part = job.waiting.first().copied();
        let part = idle.and_then(|worker| Some((part.or_else(backup)?, worker)));
        job.step = Some(match part {
            Some((part, worker)) => {
                job.waiting.remove(&part);
                self.idle.remove(&worker);
                Step::HandOut { part, worker }
            }
            None if job.answers.is_empty() => return,
            None => Step::Gather(job.answers.remove(0)),
        });
        cx.set_timer(Timer::Step, cx.duration(&HANDLE));
    }

    pub fn end_step(&mut self, cx: &mut Context<Machine>) {
        let Some(job) = &mut self.job else {
            return;
        };
        match job.step.take() {
            Some(Step::HandOut { part, worker }) => {
                let copy = job.copies(part) > 0;
                let mark = if copy { &marks::COPIES } else { &marks::GIVES };
                cx.mark(mark, (part, worker));
                let now = cx.now();
                let given = Given {
                    since: now,
                    heard: now,
                };
                job.given.insert((part, worker), given);
                let (below, part) = (job.below, job.part(part));
                let job = self.jobs;
                cx.send(worker, Message::Task { job, below, part });
            }
            Some(Step::Gather(answer)) => job.count(cx, &answer),
            Some(Step::Prepare) | None => {}
        }
        if job_is_done(&self.job) {
            self.finish(cx);
        }
        self.next_step(cx);
    }

    fn finish(&mut self, cx: &mut Context<Machine>) {
        let Some(job) = self.job.take() else {
            return;
        };
        cx.mark(&marks::FINISHES, (job.total, job.below));
        cx.reply(job.operation, Reply::Primes(job.total));
        cx.cancel_timer(&Timer::Ping);
        self.found = Some(job.total);
        // Who still computes an old part drops it for a new one.
        self.idle = self.workers.clone();
    }

    pub fn receive(&mut self, cx: &mut Context<Machine>, from: NodeId, message: Message) {
        self.workers.insert(from);
        believe(cx, from, Opinion::Alive);
        match message {
            Message::Done { job, part, primes } if job == self.jobs => {
                if let Some(own) = &mut self.job {
                    let given = own.given.remove(&(part, from));
                    let now = cx.now();
                    let took = given.map_or(Duration(0), |given| now.since(given.since));
                    own.answers.push(Answer {
                        worker: from,
                        part,
                        primes,
                        took,
                    });
                }
                self.note_idle(from);
            }
            Message::Pong { job, part } if job == self.jobs && part.is_some() => {
                let given = self.job.as_mut().zip(part);
                let given = given.and_then(|(own, part)| own.given.get_mut(&(part, from)));
                if let Some(given) = given {
                    given.heard = cx.now();
                }
            }
            Message::Done { .. } | Message::Pong { .. } => self.note_idle(from),
            Message::Ready => {
                let job = self.job.iter();
                let given = job.flat_map(|job| job.given.keys().filter(|given| given.1 == from));
                for (part, worker) in given.copied().collect::<Vec<_>>() {
                    self.take_away(cx, part, worker);
                }
                self.note_idle(from);
            }
            Message::Task { .. } | Message::Ping => {}
        }
        self.next_step(cx);
    }

    fn note_idle(&mut self, worker: NodeId) {
        if !self.job.as_ref().is_some_and(|job| job.has_part(worker)) {
            self.idle.insert(worker);
        }
    }

    /// Asks those that should compute, and gives up those that have been silent for too long.
    pub fn ping(&mut self, cx: &mut Context<Machine>) {
        let Some(job) = &self.job else {
            return;
        };
        let (now, patience) = (cx.now(), cx.duration(&PATIENCE));
        let silent = job.given.iter();
        let silent = silent.filter(|(_, given)| now.since(given.heard) > patience);
        for (part, worker) in silent.map(|(given, _)| *given).collect::<Vec<_>>() {
            believe(cx, worker, Opinion::Failed);
            self.take_away(cx, part, worker);
        }
        for worker in &self.workers {
            if !self.idle.contains(worker) {
                cx.send(*worker, Message::Ping);
            }
        }
        cx.set_timer(Timer::Ping, cx.duration(&PING));
        self.next_step(cx);
    }

    /// A worker does not compute its part any more.
    fn take_away(&mut self, cx: &mut Context<Machine>, part: u32, worker: NodeId) {
        let Some(job) = self.job.as_mut().filter(|_| cx.switch(&REASSIGN)) else {
            return;
        };
        job.given.remove(&(part, worker));
        if job.copies(part) == 0 && !job.counted.contains(&part) {
            job.waiting.insert(part);
            cx.mark(&marks::TAKES_AWAY, (part, worker));
        }
    }
}

impl Job {
    fn count(&mut self, cx: &mut Context<Machine>, answer: &Answer) {
        let part = answer.part;
        if self.counted.contains(&part) {
            if cx.switch(&ONCE) {
                return cx.mark(&marks::DROPS, (part, answer.worker));
            }
            cx.mark(&marks::COUNTS_AGAIN, (part, answer.worker));
        } else {
            cx.mark(&marks::COUNTS, (part, answer.primes));
        }
        self.total += answer.primes;
        self.counted.insert(part);
        self.waiting.remove(&part);
        self.spent = self.spent + answer.took;
    }
}

fn job_is_done(job: &Option<Job>) -> bool {
    job.as_ref()
        .is_some_and(|job| job.counted.len() as u32 == job.parts)
}

fn believe(cx: &mut Context<Machine>, node: NodeId, opinion: Opinion) {
    cx.believe(Belief::Peer { node, opinion });
}

/// Jobs that begin by themselves, if the settings say so.
pub fn wait_for_next(cx: &mut Context<Machine>) {
    let every = cx.duration(&EVERY);
    if every.0 > 0 {
        cx.set_timer(Timer::Next, every);
    }
}
