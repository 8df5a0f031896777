//! A client's request at the node it was sent to: found a way, answered or given up.

use faultline_sim::process::{Context, NodeId, Operation};
use faultline_sim::sorted::SortedSet;

use super::descriptor::TIMEOUT;
use super::handover::Wishes;
use super::key::{Item, Key};
use super::marks;
use super::{HashRing, Message, Reply, Task, Timer};
use crate::request::RequestId;

/// A request that waits for answers. Nobody is asked twice, so it costs at most one question for each
/// owner of its key, or for each member if all are asked.
#[derive(Clone, Debug, Hash)]
pub struct Errand {
    operation: Operation,
    task: Task,
    /// Those who have not answered yet.
    waits_for: SortedSet<NodeId>,
    /// Those who are asked if these do not answer, in order.
    next: Vec<NodeId>,
    /// How many were asked so far.
    tries: u32,
    /// Somebody was asked and did not answer in time: it may have done what was asked.
    unanswered: bool,
    /// Keys counted so far, and by how many nodes.
    counted: (u32, u32),
}

impl Errand {
    /// How it ended without a result. Only a write that somebody may have got can still take effect.
    fn failed(&self, why: String) -> Reply {
        let why = match self.task {
            Task::Put { .. } if self.unanswered => {
                format!("{why}; the write may still take effect")
            }
            _ => why,
        };
        Reply::Failed { why }
    }
}

impl HashRing {
    /// Takes one key's request to its owner, or to those with copies if the owner is silent.
    pub(super) fn route(&mut self, cx: &mut Context<Self>, operation: Operation, task: Task) {
        let (Task::Put { key, .. } | Task::Get { key }) = &task else {
            return;
        };
        let owners = self.owners(key);
        if owners.is_empty() {
            let key = key.to_string();
            return cx.reply(operation, Reply::Nobody { key });
        }
        let request = self.next_request;
        self.next_request += 1;
        self.asked = 0;
        let errand = Errand {
            operation,
            task,
            waits_for: SortedSet::new(),
            next: owners,
            tries: 0,
            unanswered: false,
            counted: (0, 0),
        };
        self.open.insert(request, errand);
        self.ask_next(cx, request, "the ring has no other owner");
    }

    /// Asks the next owner of those that are left; `why` there may be none.
    fn ask_next(&mut self, cx: &mut Context<Self>, request: u64, why: &str) {
        let Some(errand) = self.open.get_mut(&request) else {
            return;
        };
        if errand.next.is_empty() {
            let (operation, reply) = (errand.operation, errand.failed(why.to_owned()));
            self.open.remove(&request);
            cx.cancel_timer(&Timer::Timeout { request });
            return cx.reply(operation, reply);
        }
        let to = errand.next.remove(0);
        errand.tries += 1;
        errand.waits_for.clear();
        errand.waits_for.insert(to);
        let task = errand.task.clone();
        self.asked += 1;
        self.ask(cx, request, to, task);
    }

    fn ask(&mut self, cx: &mut Context<Self>, request: u64, to: NodeId, task: Task) {
        let from = cx.me();
        let number = request;
        let id = RequestId { from, number };
        if to == from {
            let result = self.serve(cx, &task);
            return self.receive_answer(cx, id, from, result);
        }
        // Before the message: a direct call is answered before it returns.
        cx.set_timer(Timer::Timeout { request }, cx.duration(&TIMEOUT));
        cx.send(to, Message::Ask { id, task });
    }

    /// A request that no key names: every member is asked.
    pub(super) fn scatter(&mut self, cx: &mut Context<Self>, operation: Operation, prefix: String) {
        let members: Vec<NodeId> = self.seats.members().collect();
        let request = self.next_request;
        self.next_request += 1;
        self.asked = members.len() as u32;
        let task = Task::Count { prefix };
        let errand = Errand {
            operation,
            task: task.clone(),
            waits_for: members.iter().copied().collect(),
            next: Vec::new(),
            tries: 1,
            unanswered: false,
            counted: (0, 0),
        };
        self.open.insert(request, errand);
        for to in members {
            self.ask(cx, request, to, task.clone());
        }
    }

    /// Does what was asked, as one who keeps keys.
    pub(super) fn serve(&mut self, cx: &mut Context<Self>, task: &Task) -> Reply {
        let at = self.ring.rules.name(cx.me());
        match task {
            Task::Put { key, .. } | Task::Get { key } if !self.owners(key).contains(&cx.me()) => {
                Reply::NotMine
            }
            Task::Put { key, value } => {
                let version = self.store.get(key).map_or(0, |item| item.version) + 1;
                let text = value.clone();
                self.keep(key.clone(), Item { version, text });
                self.count_own(cx.me());
                let mut wishes = Wishes::new();
                for to in self.owners(key).iter().filter(|to| **to != cx.me()) {
                    wishes.entry(*to).or_default().insert(key.clone());
                }
                self.give(cx, &wishes);
                Reply::Stored { at }
            }
            Task::Get { key } => match self.store.get(key) {
                Some(item) => Reply::Found {
                    value: item.text.clone(),
                    at,
                },
                None => Reply::Missing { at },
            },
            Task::Count { prefix } => {
                let me = cx.me();
                let counts = |key: &&Key| {
                    key.to_string().starts_with(prefix.as_str())
                        && self.ring.owner(self.hash_of(key)) == Some(me)
                };
                let keys = self.store.keys().filter(counts).count() as u32;
                Reply::Counted { keys, nodes: 1 }
            }
        }
    }

    pub(super) fn receive_answer(
        &mut self,
        cx: &mut Context<Self>,
        id: RequestId,
        from: NodeId,
        result: Reply,
    ) {
        let request = id.number;
        let Some(errand) = self.open.get_mut(&request).filter(|_| id.from == cx.me()) else {
            return;
        };
        if !errand.waits_for.remove(&from) {
            return;
        }
        let result = match result {
            Reply::NotMine => {
                return self.ask_next(cx, request, "the nodes do not agree who owns the key");
            }
            Reply::Counted { keys, nodes } => {
                errand.counted.0 += keys;
                errand.counted.1 += nodes;
                let (keys, nodes) = errand.counted;
                if !errand.waits_for.is_empty() {
                    return;
                }
                Reply::Counted { keys, nodes }
            }
            other => other,
        };
        let operation = errand.operation;
        self.open.remove(&request);
        cx.cancel_timer(&Timer::Timeout { request });
        cx.reply(operation, result);
    }

    pub(super) fn time_out(&mut self, cx: &mut Context<Self>, request: u64) {
        let Some(errand) = self.open.get_mut(&request) else {
            return;
        };
        errand.unanswered = true;
        let rules = &self.ring.rules;
        let silent = errand.waits_for.iter().map(|id| rules.name(*id));
        let silent = faultline_sim::text::and_list(silent);
        let why = format!("no answer from {silent}");
        cx.mark(&marks::NO_ANSWER, silent);
        self.ask_next(cx, request, &why);
    }

    /// After a crash nobody waits any more.
    pub(super) fn end_all(&mut self, cx: &mut Context<Self>) {
        let why = format!("{} crashed while it waited for the answer", cx.me());
        for (_, mut errand) in std::mem::take(&mut self.open) {
            errand.unanswered = true;
            cx.reply(errand.operation, errand.failed(why.clone()));
        }
        let searching = self.search.as_ref().and_then(|search| search.operation);
        if let Some(operation) = searching {
            cx.reply(operation, Reply::Failed { why });
        }
    }
}
