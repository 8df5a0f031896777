//! Partitioning and causality: any node takes a client's request and sends it to the owners of the key,
//! and each copy tells by its vector what a write knew.

use std::rc::Rc;

use faultline_sim::mark::Mark;
use faultline_sim::process::{Context, NodeId, Operation};
use faultline_sim::quorum::majority;
use faultline_sim::settings::Settings;
use faultline_sim::sorted::SortedSet;

use super::descriptor::{TIMEOUT, VECTORS};
use super::{Message, Museum, Reply, Request, Timer, marks};
use crate::parts::request::RequestId;
use crate::parts::versions::{Dot, Entry, Merged, Resolution, Rules, Versions, Write};

/// A client's request at the node that took it.
#[derive(Clone, Debug, Hash)]
pub struct Ask {
    request: Request,
    /// The owners of the key, by this node's view when it began.
    owners: Vec<NodeId>,
    /// The owner that a write was sent to; this node, if it made the write itself.
    at: Option<NodeId>,
    /// The owners that it has not been sent to.
    next: Vec<NodeId>,
    answered: SortedSet<NodeId>,
    /// What the owners that answered have.
    found: Entry,
}

/// How copies are compared. Without vectors, whatever arrives replaces what is there.
pub fn rules(settings: &Settings) -> Rules {
    let (versions, resolution) = if settings.switch(&VECTORS) {
        (Versions::Vector, Resolution::Siblings)
    } else {
        (Versions::None, Resolution::Arrival)
    };
    Rules {
        versions,
        resolution,
    }
}

/// The values of a copy, each once.
pub fn values(settings: &Settings, entry: &Entry) -> Vec<String> {
    let values: SortedSet<String> = rules(settings).values(entry).into_iter().collect();
    values.iter().cloned().collect()
}

impl Museum {
    /// A write goes to one owner, which makes it; this node itself, if it owns the key. A read goes to
    /// all owners.
    pub(super) fn route(
        &mut self,
        cx: &mut Context<Self>,
        request: Request,
        operation: Option<Operation>,
    ) {
        let (Request::Put { key, .. } | Request::Get { key }) = &request;
        let owners = self.owners(key);
        let ask = Ask {
            request: request.clone(),
            owners: owners.clone(),
            at: None,
            next: owners.clone(),
            answered: SortedSet::new(),
            found: Entry::default(),
        };
        let number = self.calls.begin(ask, operation);
        let id = self.calls.id(cx.me(), number);
        match request {
            Request::Put { .. } => self.send_write(cx, number),
            Request::Get { key } => {
                cx.set_timer(Timer::Timeout { request: number }, cx.duration(&TIMEOUT));
                let me = cx.me();
                let others: Vec<NodeId> = owners.iter().copied().filter(|to| *to != me).collect();
                let key_of = key.clone();
                cx.send_all(&others, Message::Get { id, key: key_of });
                if owners.contains(&me) {
                    let entry = self.copy(&key);
                    self.receive_answer(cx, id, me, Some(&entry));
                }
            }
        }
    }

    /// Sends a write to the next owner: itself if it is one, else the first on the ring.
    fn send_write(&mut self, cx: &mut Context<Self>, number: u64) {
        let me = cx.me();
        let id = self.calls.id(me, number);
        let Some(call) = self.calls.open.get_mut(&number) else {
            return;
        };
        let ask = &mut call.query;
        let Request::Put { key, value } = ask.request.clone() else {
            return;
        };
        let own = ask.next.iter().position(|to| *to == me);
        if ask.next.is_empty() || ask.at == Some(me) {
            return self.fail(cx, number);
        }
        let to = ask.next.remove(own.unwrap_or(0));
        if let Some(silent) = ask.at.replace(to) {
            cx.mark(&marks::RETRIES, (key.as_str(), silent, to));
        }
        cx.set_timer(Timer::Timeout { request: number }, cx.duration(&TIMEOUT));
        if to == me {
            self.write(cx, id, &key, value);
        } else {
            cx.send(to, Message::Put { id, key, value });
        }
    }

    /// Makes a write here: it knows all that this copy has seen. The other owners get it, by this node's
    /// view.
    pub(super) fn write(
        &mut self,
        cx: &mut Context<Self>,
        id: RequestId,
        key: &str,
        value: String,
    ) {
        let mut entry = (*self.copy(key)).clone();
        cx.mark(&marks::WRITES, (key, value.as_str()));
        let write = Write {
            value,
            past: entry.seen.clone(),
            stamp: (0, 0),
            after: Vec::new(),
            above: 0,
        };
        let (_, merged) = rules(cx.settings()).write(&mut entry, cx.me(), write);
        self.keep(cx, key, entry, &merged);
        let me = cx.me();
        let others: Vec<NodeId> = self
            .owners(key)
            .into_iter()
            .filter(|to| *to != me)
            .collect();
        let (key, entry) = (key.to_owned(), self.copy(key));
        cx.send_all(&others, Message::Store { id, key, entry });
        self.confirm(cx, id);
    }

    /// Tells the node that took the request that this one has stored the write.
    pub(super) fn confirm(&mut self, cx: &mut Context<Self>, id: RequestId) {
        let me = cx.me();
        if id.from == me {
            self.receive_answer(cx, id, me, None);
        } else {
            cx.send(id.from, Message::Stored { id });
        }
    }

    /// A majority of the owners is enough: two majorities share a node.
    pub(super) fn receive_answer(
        &mut self,
        cx: &mut Context<Self>,
        id: RequestId,
        from: NodeId,
        entry: Option<&Entry>,
    ) {
        let call = self.calls.open.get_mut(&id.number);
        let Some(call) = call.filter(|_| id.from == cx.me()) else {
            return;
        };
        let ask = &mut call.query;
        if let Some(entry) = entry {
            rules(cx.settings()).merge(&mut ask.found, entry);
        }
        ask.answered.insert(from);
        if (ask.answered.len() as u32) < majority(ask.owners.len() as u32) {
            return;
        }
        let reply = match &ask.request {
            Request::Put { .. } => Reply::Done,
            Request::Get { .. } => match values(cx.settings(), &ask.found) {
                none if none.is_empty() => Reply::Missing,
                values => Reply::Found { values },
            },
        };
        self.finish(cx, id.number, reply);
    }

    pub(super) fn time_out(&mut self, cx: &mut Context<Self>, number: u64) {
        match self.calls.open.get(&number).map(|call| &call.query.request) {
            Some(Request::Put { .. }) => self.send_write(cx, number),
            Some(Request::Get { .. }) => self.fail(cx, number),
            None => {}
        }
    }

    fn fail(&mut self, cx: &mut Context<Self>, number: u64) {
        if let Some(call) = self.calls.open.get(&number) {
            let reply = failed(&call.query, "no majority of the owners answered");
            self.finish(cx, number, reply);
        }
    }

    fn finish(&mut self, cx: &mut Context<Self>, number: u64, reply: Reply) {
        cx.cancel_timer(&Timer::Timeout { request: number });
        if let Some(operation) = self.calls.close(number).and_then(|call| call.operation) {
            cx.reply(operation, reply);
        }
    }

    /// A crash ends all open requests.
    pub(super) fn end_all(&self, cx: &mut Context<Self>) {
        for call in self.calls.open.values() {
            if let Some(operation) = call.operation {
                let reply = failed(&call.query, "the node crashed while it waited");
                cx.reply(operation, reply);
            }
        }
    }

    /// Brings a copy from another node together with the own one; `mark` says how it came.
    pub(super) fn take_copy(
        &mut self,
        cx: &mut Context<Self>,
        from: NodeId,
        (key, other): (&str, &Entry),
        mark: &'static Mark,
    ) {
        let old = self.copy(key);
        let mut entry = (*old).clone();
        let merged = rules(cx.settings()).merge(&mut entry, other);
        if merged.changed || entry.seen != old.seen {
            let shown = values(cx.settings(), &entry).join(" and ");
            cx.mark(mark, (key, shown, from));
            self.keep(cx, key, entry, &merged);
        }
    }

    fn keep(&mut self, cx: &mut Context<Self>, key: &str, entry: Entry, merged: &Merged) {
        let name = |(node, number): Dot| format!("write {number} of node {}", node.0);
        for (one, other) in &merged.conflicts {
            cx.mark(&marks::CONFLICTS, (key, name(*one), name(*other)));
        }
        self.store.insert(key.to_owned(), Rc::new(entry));
    }
}

/// A write that was sent to an owner may take effect, or may have.
fn failed(ask: &Ask, why: &str) -> Reply {
    let why = why.to_owned();
    match ask.request {
        Request::Put { .. } => Reply::Unknown { why },
        Request::Get { .. } => Reply::Failed { why },
    }
}
