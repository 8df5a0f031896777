//! A client's request at the node that got it: forwarded, answered or given up.

use faultline_sim::process::{Context, NodeId, Operation};

use super::descriptor::TIMEOUT;
use super::handover::Outgoing;
use super::key::{Item, Key};
use super::marks;
use super::{HashRing, Message, Reply, Task, Timer};
use crate::parts::request::RequestId;

/// A request and its progress. No node is asked twice, so it costs at most one question for each owner
/// of its key, or for each member if all are asked.
#[derive(Clone, Debug, Hash)]
pub struct PendingCall {
    task: Task,
    /// The nodes to ask next if there is no answer, in order.
    next: Vec<NodeId>,
    /// A node was asked and did not answer in time: it may have done the work.
    unanswered: bool,
    /// Keys counted so far, and by how many nodes.
    counted: (u32, u32),
}

impl PendingCall {
    fn new(task: Task, next: Vec<NodeId>) -> Self {
        Self {
            task,
            next,
            unanswered: false,
            counted: (0, 0),
        }
    }

    /// The failure. Only a write that may have reached a node can still take effect.
    fn failed(&self, why: String) -> Reply {
        match self.task {
            Task::Put { .. } if self.unanswered => Reply::Unknown { why },
            _ => Reply::Failed { why },
        }
    }
}

impl HashRing {
    /// Forwards a request for one key to its owner, or to nodes with copies if the owner is silent.
    pub(super) fn route(&mut self, cx: &mut Context<Self>, operation: Operation, task: Task) {
        let (Task::Put { key, .. } | Task::Get { key }) = &task else {
            return;
        };
        let owners = self.owners(key);
        if owners.is_empty() {
            let key = key.to_string();
            return cx.reply(operation, Reply::Nobody { key });
        }
        self.asked = 0;
        let call = PendingCall::new(task, owners);
        let request = self.calls.begin(call, Some(operation));
        self.ask_next(cx, request, "there is no other owner to ask");
    }

    /// Asks the next remaining owner; `why` explains the failure if there is none.
    fn ask_next(&mut self, cx: &mut Context<Self>, request: u64, why: &str) {
        let Some(call) = self.calls.open.get_mut(&request) else {
            return;
        };
        if call.query.next.is_empty() {
            let reply = call.query.failed(why.to_owned());
            return self.end(cx, request, reply);
        }
        let to = call.query.next.remove(0);
        let task = call.query.task.clone();
        self.calls.ask(request, [to]);
        self.asked += 1;
        self.ask(cx, request, to, task);
    }

    fn ask(&mut self, cx: &mut Context<Self>, request: u64, to: NodeId, task: Task) {
        let id = self.calls.id(cx.me(), request);
        if to == cx.me() {
            let result = self.serve(cx, &task);
            return self.receive_answer(cx, id, to, result);
        }
        // Before the message: a direct call is answered before it returns.
        cx.set_timer(Timer::Timeout { request }, cx.duration(&TIMEOUT));
        cx.send(to, Message::Ask { id, task });
    }

    /// A request about all keys: every member is asked.
    pub(super) fn scatter(&mut self, cx: &mut Context<Self>, operation: Operation, prefix: String) {
        let members: Vec<NodeId> = self.seats.members().collect();
        self.asked = members.len() as u32;
        let task = Task::Count { prefix };
        let call = PendingCall::new(task.clone(), Vec::new());
        let request = self.calls.begin(call, Some(operation));
        self.calls.ask(request, members.clone());
        for to in members {
            self.ask(cx, request, to, task.clone());
        }
    }

    fn end(&mut self, cx: &mut Context<Self>, request: u64, reply: Reply) {
        cx.cancel_timer(&Timer::Timeout { request });
        if let Some(operation) = self.calls.close(request).and_then(|call| call.operation) {
            cx.reply(operation, reply);
        }
    }

    /// Executes a request on the keys stored here.
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
                let mut outgoing = Outgoing::new();
                for to in self.owners(key).iter().filter(|to| **to != cx.me()) {
                    outgoing.entry(*to).or_default().insert(key.clone());
                }
                self.give(cx, &outgoing);
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
        let Some(call) = self.calls.answered(id, cx.me(), from) else {
            return;
        };
        let result = match result {
            Reply::NotMine => {
                return self.ask_next(cx, request, "the nodes disagree on who owns the key");
            }
            Reply::Counted { keys, nodes } => {
                let counted = &mut call.query.counted;
                *counted = (counted.0 + keys, counted.1 + nodes);
                let (keys, nodes) = *counted;
                if !call.waits_for.is_empty() {
                    return;
                }
                Reply::Counted { keys, nodes }
            }
            other => other,
        };
        self.end(cx, request, result);
    }

    pub(super) fn time_out(&mut self, cx: &mut Context<Self>, request: u64) {
        let Some(call) = self.calls.open.get_mut(&request) else {
            return;
        };
        call.query.unanswered = true;
        let rules = &self.ring.rules;
        let silent = call.waits_for.iter().map(|id| rules.name(*id));
        let silent = faultline_sim::text::and_list(silent);
        let why = format!("no answer from {silent}");
        cx.mark(&marks::NO_ANSWER, silent);
        self.ask_next(cx, request, &why);
    }

    /// A crash ends all open requests.
    pub(super) fn end_all(&mut self, cx: &mut Context<Self>) {
        let why = format!("{} crashed while it waited for the answer", cx.me());
        let calls = self.calls.recover();
        for (_, mut call) in std::mem::replace(&mut self.calls, calls).open {
            call.query.unanswered = true;
            if let Some(operation) = call.operation {
                cx.reply(operation, call.query.failed(why.clone()));
            }
        }
        let searching = self.search.as_ref().and_then(|search| search.operation);
        if let Some(operation) = searching {
            cx.reply(operation, Reply::Failed { why });
        }
    }
}
