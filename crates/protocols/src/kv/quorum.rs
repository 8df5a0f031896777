//! The coordinator's side: W of N copies confirm a write, R of them answer a read (\[D\] 4.5), and other
//! nodes stand in for replicas that do not answer (\[D\] 4.6).

use std::rc::Rc;

use faultline_sim::process::{Context, NodeId};
use faultline_sim::text::counted;
use serde::Serialize;

use super::descriptor::{HINTS, R, READ_REPAIR, SLOPPY, TIMEOUT, W};
use super::message::{Message, Reply, Set, Ticket, Timer};
use super::repair::Hint;
use super::{Store, holders, marks, replicas, rules, shown};
use crate::parts::request::RequestId;
use crate::parts::versions::{Dot, Entry, Stamp, Vector, Write};

/// What a coordinator waits for.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Job {
    pub key: String,
    pub what: What,
    /// Whom to answer; none once that has been done.
    pub ticket: Option<Ticket>,
}

#[derive(Clone, Debug, Hash, Serialize)]
pub enum What {
    /// Copies of a write that are confirmed, the own one included.
    Write {
        dot: Dot,
        stamp: Stamp,
        stored: u32,
        stand_ins: bool,
    },
    /// Copies of a key that have come, the own one included.
    Read { copies: Vec<(NodeId, Rc<Entry>)> },
    /// A hint that is handed over.
    Hint(NodeId, Rc<Entry>),
}

/// How many of the holders must answer.
fn needed(count: u32, holders: usize) -> u32 {
    count.min(holders as u32).max(1)
}

impl Store {
    /// A client's write, unless this replica lacks what the client has seen.
    pub(super) fn serve_set(&mut self, cx: &mut Context<Self>, set: Set) {
        let Set {
            id,
            key,
            value,
            past,
            after,
            stamp,
        } = set;
        if let Some(dot) = self.applied.get(&id).copied() {
            return cx.send(id.from, Message::Done { id, dot, stamp });
        }
        if self.client || !holders(cx, &key).contains(&cx.me()) {
            let (why, unknown) = (format!("{} does not keep {key}", cx.me()), false);
            return cx.send(id.from, Message::Failed { id, why, unknown });
        }
        if let Some(missing) = self.lacks(cx, &after) {
            return Self::send_on(cx, id, &missing);
        }
        let write = Write {
            value,
            past,
            stamp,
            after,
            above: 0,
        };
        self.set(cx, key, write, Ticket::Client(id, Vector::default()));
    }

    /// Sends the new copy to the other holders. The client is answered at once, or when W have it.
    pub(super) fn send_copies(
        &mut self,
        cx: &mut Context<Self>,
        key: String,
        dot: Dot,
        stamp: Stamp,
        ticket: Ticket,
    ) {
        let me = cx.me();
        let all = holders(cx, &key);
        let others: Vec<NodeId> = all.iter().copied().filter(|id| *id != me).collect();
        let entry = self.copy(&key);
        let waits = needed(cx.count(&W), all.len()) > 1 || cx.switch(&HINTS) || cx.switch(&SLOPPY);
        if !waits || others.is_empty() {
            cx.send_all(
                &others,
                Message::Replicate {
                    key: key.clone(),
                    entry,
                    id: None,
                },
            );
            return Self::confirm(cx, ticket, key, dot, stamp);
        }
        let what = What::Write {
            dot,
            stamp,
            stored: 1,
            stand_ins: false,
        };
        let job = Job {
            key: key.clone(),
            what,
            ticket: Some(ticket),
        };
        let job = self.jobs.begin(job, None);
        self.jobs.ask(job, others.iter().copied());
        let id = Some(self.jobs.id(me, job));
        cx.send_all(&others, Message::Replicate { key, entry, id });
        cx.set_timer(Timer::Timeout { job }, cx.duration(&TIMEOUT));
        self.progress(cx, job);
    }

    fn confirm(cx: &mut Context<Self>, ticket: Ticket, key: String, dot: Dot, stamp: Stamp) {
        match ticket {
            Ticket::Operation(operation) => cx.reply(operation, Reply::Done { write: (key, dot) }),
            Ticket::Client(id, _) => cx.send(id.from, Message::Done { id, dot, stamp }),
        }
    }

    /// A copy or a hint is confirmed.
    pub(super) fn stored(&mut self, cx: &mut Context<Self>, from: NodeId, id: RequestId) {
        let Some(call) = self.jobs.answered(id, cx.me(), from) else {
            return;
        };
        match &mut call.query.what {
            What::Write { stored, .. } => *stored += 1,
            What::Hint(to, entry) => {
                let (to, entry, key) = (*to, entry.clone(), call.query.key.clone());
                self.jobs.close(id.number);
                cx.cancel_timer(&Timer::Timeout { job: id.number });
                return self.handed_over(cx, to, &key, &entry);
            }
            What::Read { .. } => return,
        }
        self.progress(cx, id.number);
    }

    /// `get`: the own copy, or the newest of R copies.
    pub(super) fn get(&mut self, cx: &mut Context<Self>, key: String, ticket: Ticket) {
        let me = cx.me();
        let all = holders(cx, &key);
        let others: Vec<NodeId> = all.iter().copied().filter(|id| *id != me).collect();
        let entry = self.copy(&key);
        if all.len() == others.len() {
            return Self::refuse(cx, ticket, format!("{me} does not keep {key}"), false);
        }
        let asks = needed(cx.count(&R), all.len()) > 1 || cx.switch(&READ_REPAIR);
        if !asks || others.is_empty() {
            return Self::answer(cx, ticket, &key, &entry);
        }
        let what = What::Read {
            copies: vec![(me, entry)],
        };
        let job = Job {
            key: key.clone(),
            what,
            ticket: Some(ticket),
        };
        let job = self.jobs.begin(job, None);
        self.jobs.ask(job, others.iter().copied());
        let id = self.jobs.id(me, job);
        cx.send_all(&others, Message::Fetch { id, key });
        cx.set_timer(Timer::Timeout { job }, cx.duration(&TIMEOUT));
        self.progress(cx, job);
    }

    pub(super) fn fetched(
        &mut self,
        cx: &mut Context<Self>,
        from: NodeId,
        id: RequestId,
        entry: Rc<Entry>,
    ) {
        let Some(call) = self.jobs.answered(id, cx.me(), from) else {
            return;
        };
        if let What::Read { copies } = &mut call.query.what {
            copies.push((from, entry));
        }
        self.progress(cx, id.number);
    }

    /// Answers when enough have answered, and ends the job when all have.
    fn progress(&mut self, cx: &mut Context<Self>, job: u64) {
        let Some(call) = self.jobs.open.get_mut(&job) else {
            return;
        };
        let (key, all_in) = (call.query.key.clone(), call.waits_for.is_empty());
        let all = holders(cx, &key).len();
        match call.query.what.clone() {
            What::Write {
                dot, stamp, stored, ..
            } => {
                if stored >= needed(cx.count(&W), all)
                    && let Some(ticket) = call.query.ticket.take()
                {
                    Self::confirm(cx, ticket, key, dot, stamp);
                }
            }
            What::Read { copies } => {
                if copies.len() as u32 >= needed(cx.count(&R), all)
                    && let Some(ticket) = call.query.ticket.take()
                {
                    Self::answer(cx, ticket, &key, &newest(cx, &copies));
                }
            }
            What::Hint(..) => {}
        }
        if all_in {
            self.end_job(cx, job);
        }
    }

    /// Some do not answer.
    pub(super) fn time_out(&mut self, cx: &mut Context<Self>, job: u64) {
        if self.asks_stand_ins(cx, job) {
            return cx.set_timer(Timer::Timeout { job }, cx.duration(&TIMEOUT));
        }
        let Some(call) = self.jobs.open.get_mut(&job) else {
            return;
        };
        let all = holders(cx, &call.query.key).len();
        if let Some(ticket) = call.query.ticket.take() {
            let (had, needed, unknown) = match &call.query.what {
                What::Write { stored, .. } => (*stored, needed(cx.count(&W), all), true),
                What::Read { copies } => (copies.len() as u32, needed(cx.count(&R), all), false),
                What::Hint(..) => (0, 0, false),
            };
            let why = format!(
                "only {} of {needed} answered",
                counted(had, "copy", "copies")
            );
            Self::refuse(cx, ticket, why, unknown);
        }
        self.end_job(cx, job);
    }

    /// Switch `sloppy`: nodes that do not keep the key stand in, once, for those that do not answer.
    fn asks_stand_ins(&mut self, cx: &mut Context<Self>, job: u64) -> bool {
        let me = cx.me();
        let Some(call) = self.jobs.open.get_mut(&job).filter(|_| cx.switch(&SLOPPY)) else {
            return false;
        };
        let key = call.query.key.clone();
        let all = holders(cx, &key);
        let mut spare = replicas(cx).into_iter().filter(|id| !all.contains(id));
        let What::Write { stand_ins, .. } = &mut call.query.what else {
            return false;
        };
        if std::mem::replace(stand_ins, true) || call.query.ticket.is_none() {
            return false;
        }
        let missing: Vec<NodeId> = call.waits_for.iter().copied().collect();
        let pairs: Vec<(NodeId, NodeId)> = missing.into_iter().zip(spare.by_ref()).collect();
        for (missing, stand_in) in &pairs {
            call.waits_for.remove(missing);
            call.waits_for.insert(*stand_in);
        }
        let (id, entry) = (self.jobs.id(me, job), self.copy(&key));
        for (to, stand_in) in &pairs {
            let (key, entry) = (key.clone(), entry.clone());
            cx.send(
                *stand_in,
                Message::StandIn {
                    to: *to,
                    key,
                    entry,
                    id,
                },
            );
        }
        !pairs.is_empty()
    }

    /// Nobody waits for this job any more: what is missing becomes a hint, what was old is repaired.
    fn end_job(&mut self, cx: &mut Context<Self>, job: u64) {
        cx.cancel_timer(&Timer::Timeout { job });
        let Some(call) = self.jobs.close(job) else {
            return;
        };
        match call.query.what {
            What::Write { .. } if cx.switch(&HINTS) => {
                let entry = self.copy(&call.query.key);
                for to in &call.waits_for {
                    let (to, key, entry) = (*to, call.query.key.clone(), entry.clone());
                    self.hint(cx, Hint { to, key, entry });
                }
            }
            What::Read { copies } if cx.switch(&READ_REPAIR) => {
                self.repair(cx, &call.query.key, &copies)
            }
            What::Write { .. } | What::Read { .. } | What::Hint(..) => {}
        }
    }

    /// Read repair (\[D\] 5): all that were asked get the newest copy.
    fn repair(&mut self, cx: &mut Context<Self>, key: &str, copies: &[(NodeId, Rc<Entry>)]) {
        let newest = Rc::new(newest(cx, copies));
        for (node, _) in copies.iter().filter(|(_, copy)| **copy != *newest) {
            if *node == cx.me() {
                self.replicate(
                    cx,
                    copies[copies.len() - 1].0,
                    key.to_owned(),
                    newest.clone(),
                    None,
                );
            } else {
                cx.mark(&marks::REPAIRS, (key, *node));
                let (key, entry) = (key.to_owned(), newest.clone());
                cx.send(
                    *node,
                    Message::Replicate {
                        key,
                        entry,
                        id: None,
                    },
                );
            }
        }
    }

    /// Answers a read, if the copy has what the client has seen.
    fn answer(cx: &mut Context<Self>, ticket: Ticket, key: &str, entry: &Entry) {
        match ticket {
            Ticket::Operation(operation) => {
                cx.mark(&marks::READS, (key, answered(cx, entry)));
                cx.reply(operation, reply(cx, entry));
            }
            Ticket::Client(id, least) if !entry.seen.covers(&least) => {
                Self::send_on(cx, id, key);
            }
            Ticket::Client(id, _) => {
                cx.mark(&marks::READS, (key, answered(cx, entry)));
                let entry = Rc::new(entry.clone());
                cx.send(id.from, Message::Found { id, entry });
            }
        }
    }

    /// The client knows more of a key than this replica.
    pub(super) fn send_on(cx: &mut Context<Self>, id: RequestId, key: &str) {
        cx.mark(&marks::BEHIND, key);
        cx.send(id.from, Message::Behind { id });
    }

    pub(super) fn refuse(cx: &mut Context<Self>, ticket: Ticket, why: String, unknown: bool) {
        match ticket {
            Ticket::Operation(operation) if unknown => cx.reply(operation, Reply::Unknown { why }),
            Ticket::Operation(operation) => cx.reply(operation, Reply::Failed { why }),
            Ticket::Client(id, _) => cx.send(id.from, Message::Failed { id, why, unknown }),
        }
    }
}

/// What a reader of this copy is answered.
pub fn reply(cx: &Context<Store>, entry: &Entry) -> Reply {
    let rules = rules(cx.settings());
    let values = rules.values(entry);
    let merged = values.len() < rules.shown(entry).len();
    if values.is_empty() {
        Reply::Missing
    } else {
        let seen = entry.seen.clone();
        Reply::Found {
            values,
            merged,
            seen,
        }
    }
}

/// The same in words.
fn answered(cx: &Context<Store>, entry: &Entry) -> String {
    let told = shown(cx.settings(), entry);
    if told.is_empty() {
        "nothing".to_owned()
    } else {
        told
    }
}

/// All copies brought together.
fn newest(cx: &Context<Store>, copies: &[(NodeId, Rc<Entry>)]) -> Entry {
    let mut all = Entry::default();
    for (_, copy) in copies {
        rules(cx.settings()).merge(&mut all, copy);
    }
    all
}
