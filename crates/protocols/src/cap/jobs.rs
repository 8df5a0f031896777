//! What a node does before it answers: it asks the others for their copies, sends them a value, and counts.

use std::rc::Rc;

use faultline_sim::process::{Context, NodeId, Operation};
use faultline_sim::time::LocalTime;
use serde::Serialize;

use super::descriptor::{
    KEEP, NO_DIRTY_READS, NODES, PUT_BACK, QUORUM, REST, TIMEOUT, VERSION_BACK,
};
use super::{Message, Node, Reply, Timer, bring, is_member, marks, refuses, rules, told};
use crate::parts::calls::Call;
use crate::parts::request::RequestId;
use crate::parts::versions::{Dot, Entry};

/// A request that waits for other nodes.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Job {
    pub key: String,
    pub step: Step,
}

#[derive(Clone, Debug, Hash, Serialize)]
pub enum Step {
    /// Copies that have come, the own one among them, and what is to be written then; none for a read.
    Ask {
        copies: Vec<(NodeId, Rc<Entry>)>,
        write: Option<String>,
    },
    /// How many nodes have it, this one among them. What a read found, or a write.
    Store {
        stored: u32,
        entry: Rc<Entry>,
        write: Option<Began>,
    },
}

/// A write that was begun, and what was there before.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Began {
    dot: Dot,
    before: Rc<Entry>,
    number: u32,
}

impl Job {
    fn had(&self) -> u32 {
        match &self.step {
            Step::Ask { copies, .. } => copies.len() as u32,
            Step::Store { stored, .. } => *stored,
        }
    }
}

/// How many nodes must have a value, or send theirs.
pub fn needed(cx: &Context<Node>) -> u32 {
    let nodes = cx.settings().count(&NODES);
    match cx.count(&QUORUM) {
        0 => nodes / 2 + 1,
        count => count.min(nodes),
    }
}

/// All others that keep copies. A direct call knows at once whether it gets through.
pub fn others(cx: &Context<Node>) -> Vec<NodeId> {
    let peers = cx.peers().filter(|id| is_member(cx.settings(), *id));
    peers.filter(|id| cx.reachable(*id)).collect()
}

impl Node {
    /// Asks the others for their copies first.
    pub(super) fn ask(
        &mut self,
        cx: &mut Context<Self>,
        key: String,
        write: Option<String>,
        operation: Operation,
    ) {
        let copies = vec![(cx.me(), self.copy(&key))];
        let step = Step::Ask { copies, write };
        let job = Job {
            key: key.clone(),
            step,
        };
        let job = self.jobs.begin(job, Some(operation));
        let id = self.jobs.id(cx.me(), job);
        self.call(cx, job, others(cx), Message::Fetch { id, key });
    }

    /// A write that asks nobody first.
    pub(super) fn begin(&mut self, key: String, operation: Option<Operation>) -> u64 {
        let step = Step::Ask {
            copies: Vec::new(),
            write: None,
        };
        self.jobs.begin(Job { key, step }, operation)
    }

    /// `set`: stores a value here, and sends it to the others.
    pub(super) fn set(&mut self, cx: &mut Context<Self>, job: u64, value: String) {
        let Some(key) = self.jobs.open.get(&job).map(|call| call.query.key.clone()) else {
            return;
        };
        let (before, number) = (self.copy(&key), self.number(&key));
        let dot = self.write(cx, &key, value.clone());
        let entry = self.copy(&key);
        let write = Some(Began {
            dot,
            before,
            number,
        });
        let at_once = !refuses(cx);
        let Some(call) = self.jobs.open.get_mut(&job) else {
            return;
        };
        call.query.step = Step::Store {
            stored: 1,
            entry: entry.clone(),
            write,
        };
        let operation = if at_once { call.operation.take() } else { None };
        let id = self.jobs.id(cx.me(), job);
        let message = Message::Replicate {
            id,
            key: key.clone(),
            entry,
        };
        self.call(cx, job, others(cx), message);
        if let Some(operation) = operation {
            cx.mark(&marks::CONFIRMS, (key.as_str(), value));
            cx.reply(operation, Reply::Done { write: (key, dot) });
        }
    }

    /// One step of a job, at these nodes. A node that is cut off asks nobody.
    fn call(&mut self, cx: &mut Context<Self>, job: u64, mut to: Vec<NodeId>, message: Message) {
        if self.partitioned {
            to.clear();
        }
        // Before the calls, which may end it at once.
        cx.set_timer(Timer::Timeout { job }, cx.duration(&TIMEOUT));
        self.jobs.ask(job, to.iter().copied());
        cx.send_all(&to, message);
        self.progress(cx, job);
    }

    pub(super) fn stored(&mut self, cx: &mut Context<Self>, from: NodeId, id: RequestId) {
        let step = self.jobs.open.get(&id.number).map(|call| &call.query.step);
        // A late copy of the step before must not count.
        if !matches!(step, Some(Step::Store { .. })) {
            return;
        }
        if let Some(call) = self.jobs.answered(id, cx.me(), from)
            && let Step::Store { stored, .. } = &mut call.query.step
        {
            *stored += 1;
            self.progress(cx, id.number);
        }
    }

    pub(super) fn fetched(
        &mut self,
        cx: &mut Context<Self>,
        from: NodeId,
        id: RequestId,
        entry: Rc<Entry>,
    ) {
        let step = self.jobs.open.get(&id.number).map(|call| &call.query.step);
        if !matches!(step, Some(Step::Ask { .. })) {
            return;
        }
        if let Some(call) = self.jobs.answered(id, cx.me(), from)
            && let Step::Ask { copies, .. } = &mut call.query.step
        {
            copies.push((from, entry));
            self.progress(cx, id.number);
        }
    }

    pub(super) fn cut_off(&mut self, cx: &mut Context<Self>, from: NodeId, id: RequestId) {
        if self.jobs.answered(id, cx.me(), from).is_some() {
            self.progress(cx, id.number);
        }
    }

    /// Goes on when enough have answered, and gives up when all have and that is not enough.
    fn progress(&mut self, cx: &mut Context<Self>, job: u64) {
        let Some(call) = self.jobs.open.get(&job) else {
            return;
        };
        let all_in = call.waits_for.is_empty();
        let enough = call.query.had() >= needed(cx);
        // Direct calls return one after the other, and only then is counted.
        if enough && call.operation.is_some() && (all_in || !cx.calls_directly()) {
            self.rests = None;
            return self.go_on(cx, job);
        }
        if all_in {
            self.time_out(cx, job);
        }
    }

    fn go_on(&mut self, cx: &mut Context<Self>, job: u64) {
        let Some(Call { query, .. }) = self.jobs.open.get(&job) else {
            return;
        };
        let key = query.key.clone();
        match query.step.clone() {
            Step::Ask { copies, write } => {
                let newest = newest(cx, &copies);
                match write {
                    Some(value) => {
                        for (from, copy) in &copies {
                            self.replicate(cx, *from, &key, copy);
                        }
                        self.set(cx, job, value);
                    }
                    None => self.show(cx, job, &key, newest, &copies),
                }
            }
            Step::Store { write, entry, .. } => self.confirm(cx, job, &key, write, entry),
        }
    }

    /// A read has its copies. Switch `no-dirty-reads`: a majority must have what is shown.
    fn show(
        &mut self,
        cx: &mut Context<Self>,
        job: u64,
        key: &str,
        newest: Rc<Entry>,
        copies: &[(NodeId, Rc<Entry>)],
    ) {
        let has = |(_, copy): &&(NodeId, Rc<Entry>)| copy.values == newest.values;
        let stored = copies.iter().filter(has).count() as u32;
        if !cx.switch(&NO_DIRTY_READS) || stored >= needed(cx) {
            return self.end_read(cx, job, key, newest);
        }
        let first = copies.iter().find(has).map_or(cx.me(), |(id, _)| *id);
        self.replicate(cx, first, key, &newest);
        let own = u32::from(!copies.iter().filter(has).any(|(id, _)| *id == cx.me()));
        let stored = stored + own;
        let mut lack = others(cx);
        lack.retain(|id| !copies.iter().filter(has).any(|(has, _)| has == id));
        let id = self.jobs.id(cx.me(), job);
        let Some(call) = self.jobs.open.get_mut(&job) else {
            return;
        };
        call.query.step = Step::Store {
            stored,
            entry: newest.clone(),
            write: None,
        };
        let (key, entry) = (key.to_owned(), newest);
        self.call(cx, job, lack, Message::Replicate { id, key, entry });
    }

    fn end_read(&mut self, cx: &mut Context<Self>, job: u64, key: &str, entry: Rc<Entry>) {
        if let Some(operation) = self.close(cx, job).and_then(|call| call.operation) {
            Self::answer(cx, key, entry, operation);
        }
    }

    fn confirm(
        &mut self,
        cx: &mut Context<Self>,
        job: u64,
        key: &str,
        write: Option<Began>,
        entry: Rc<Entry>,
    ) {
        let Some(Began { dot, .. }) = write else {
            return self.end_read(cx, job, key, entry);
        };
        if let Some(operation) = self.close(cx, job).and_then(|call| call.operation) {
            let mut values = entry.values.iter().filter(|value| value.dot == dot);
            let value = values.next().map(|value| value.value.clone());
            cx.mark(&marks::CONFIRMS, (key, value.unwrap_or_default()));
            let write = (key.to_owned(), dot);
            cx.reply(operation, Reply::Done { write });
        }
    }

    fn close(&mut self, cx: &mut Context<Self>, job: u64) -> Option<Call<Job>> {
        cx.cancel_timer(&Timer::Timeout { job });
        self.jobs.close(job)
    }

    /// Too few have answered.
    pub(super) fn time_out(&mut self, cx: &mut Context<Self>, job: u64) {
        let Some(call) = self.close(cx, job) else {
            return;
        };
        let (had, key) = (call.query.had(), call.query.key);
        let Some(operation) = call.operation else {
            // It was answered long ago.
            if had < needed(cx) {
                cx.mark(&marks::ALONE, (key, had));
            }
            return;
        };
        let rest = cx.duration(&REST);
        if rest.0 > 0 {
            self.rests = Some(LocalTime(cx.now().0.saturating_add_unsigned(rest.0)));
        }
        match call.query.step {
            Step::Store {
                write: Some(began), ..
            } => self.fail(cx, &key, began, had, operation),
            _ => self.refuse(cx, &key, had, operation),
        }
    }

    /// Nothing was stored.
    pub(super) fn refuse(&self, cx: &mut Context<Self>, key: &str, had: u32, operation: Operation) {
        cx.mark(&marks::REFUSES, (key, had, needed(cx)));
        let why = too_few(cx, had);
        cx.reply(operation, Reply::Failed { why, write: None });
    }

    /// A write was begun, and too few have it.
    fn fail(
        &mut self,
        cx: &mut Context<Self>,
        key: &str,
        began: Began,
        had: u32,
        operation: Operation,
    ) {
        let why = too_few(cx, had);
        if cx.switch(&KEEP) {
            cx.mark(&marks::UNSURE, (key, had));
            return cx.reply(operation, Reply::Unknown { why });
        }
        let dot = began.dot;
        self.take_back(cx, key, began);
        cx.mark(&marks::FAILS, (key, had));
        let write = Some((key.to_owned(), dot));
        cx.reply(operation, Reply::Failed { why, write });
    }

    /// As written, it deletes the key, whatever is there by now.
    fn take_back(&mut self, cx: &mut Context<Self>, key: &str, began: Began) {
        let mut entry = (*self.copy(key)).clone();
        if !cx.switch(&PUT_BACK) {
            entry.values.clear();
            let before = rules(cx.settings()).values(&began.before).join(" or ");
            cx.mark(&marks::DELETES, (key, before));
        } else if entry.values.iter().any(|value| value.dot == began.dot) {
            entry.values.clone_from(&began.before.values);
            let shown = told(&rules(cx.settings()).values(&entry));
            cx.mark(&marks::PUTS_BACK, (key, shown));
        }
        if cx.switch(&VERSION_BACK) {
            self.version
                .insert(key.to_owned(), began.number.max(entry.number()));
        }
        self.put(key, entry);
    }

    /// A crash ends all open requests, and nobody knows how far they got.
    pub(super) fn end_all(&self, cx: &mut Context<Self>) {
        for call in self.jobs.open.values() {
            if let Some(operation) = call.operation {
                let why = format!("{} crashed before the answer", cx.me());
                cx.reply(operation, Reply::Unknown { why });
            }
        }
    }
}

/// All copies brought together.
fn newest(cx: &Context<Node>, copies: &[(NodeId, Rc<Entry>)]) -> Rc<Entry> {
    let mut all = Entry::default();
    for (_, copy) in copies {
        bring(cx, &mut all, copy);
    }
    Rc::new(all)
}

fn too_few(cx: &Context<Node>, had: u32) -> String {
    format!("{had} of {} nodes that it needs", needed(cx))
}
