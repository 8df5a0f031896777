//! How copies that missed something catch up: a node that joins, hints that are handed over (\[D\] 4.6),
//! hash trees (\[D\] 4.7), and copies that wait for what they depend on (\[L\]).

use std::rc::Rc;

use faultline_sim::process::{Context, NodeId};
use faultline_sim::time::Duration;
use serde::Serialize;

use super::descriptor::{COMPARE, JOINING, MERKLE, TIMEOUT};
use super::message::{Copies, Digest, Message, Timer};
use super::quorum::{Job, What};
use super::{Store, holders, is_causal, marks, replicas};
use crate::parts::merkle::Span;
use crate::parts::request::RequestId;
use crate::parts::versions::{Entry, Vector};

/// A copy that is kept for a node that does not answer.
#[derive(Clone, Debug, PartialEq, Hash, Serialize)]
pub struct Hint {
    pub to: NodeId,
    pub key: String,
    pub entry: Rc<Entry>,
}

/// A copy that waits for others.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Held {
    pub from: NodeId,
    pub key: String,
    pub entry: Rc<Entry>,
    /// Whom to confirm it.
    #[serde(skip)]
    pub id: Option<RequestId>,
}

impl Store {
    // Switch `causal` ---------------------------------------------------------------------------

    /// The first key that a copy depends on and that is not here yet.
    pub(super) fn waits_for(&self, cx: &Context<Self>, entry: &Entry) -> Option<String> {
        let mut after = entry.values.iter().map(|value| &value.after);
        after.find_map(|after| self.lacks(cx, after))
    }

    /// The first of these keys of which this replica has not seen all these writes.
    pub(super) fn lacks(&self, cx: &Context<Self>, after: &[(String, Vector)]) -> Option<String> {
        if !is_causal(cx) {
            return None;
        }
        let lacks = |(key, seen): &&(String, Vector)| {
            holders(cx, key).contains(&cx.me()) && !self.copy(key).seen.covers(seen)
        };
        after.iter().find(lacks).map(|(key, _)| key.clone())
    }

    /// Shows what has waited for a copy that has come.
    pub(super) fn release(&mut self, cx: &mut Context<Self>) {
        while let Some(at) = (0..self.held.len()).find(|at| {
            let entry = &self.held[*at].entry;
            self.waits_for(cx, entry).is_none()
        }) {
            let Held {
                from,
                key,
                entry,
                id,
            } = self.held.remove(at);
            cx.mark(&marks::CATCHES_UP, key.as_str());
            self.store(cx, from, &key, &entry);
            if let Some(id) = id {
                cx.send(from, Message::Stored { id });
            }
        }
    }

    // Joining -----------------------------------------------------------------------------------

    /// A new node, or one that comes back, asks another one for the data.
    pub(super) fn join(&mut self, cx: &mut Context<Self>) {
        let mut others = replicas(cx);
        others.retain(|id| *id != cx.me());
        let how = cx.choice(&JOINING);
        if how == "nothing" || others.is_empty() {
            return;
        }
        let from = others[cx.rng().below(others.len() as u64) as usize];
        let digest = || {
            let seen = self
                .data
                .iter()
                .map(|(key, entry)| (key.clone(), entry.seen.clone()));
            Rc::new(seen.collect::<Digest>())
        };
        let has = (how == "digest").then(digest);
        cx.mark(&marks::JOINS, from);
        cx.send(from, Message::Join { has });
        cx.set_timer(Timer::Join, cx.duration(&TIMEOUT));
    }

    /// Sends all, or what the other node lacks.
    pub(super) fn welcome(&self, cx: &mut Context<Self>, to: NodeId, has: Option<&Digest>) {
        let lacks = |key: &str, entry: &Entry| {
            let theirs = has.and_then(|has| has.get(key));
            theirs.is_none_or(|theirs| !theirs.covers(&entry.seen))
        };
        let part = self.data.iter().filter(|(key, entry)| lacks(key, entry));
        let part: Copies = part
            .map(|(key, entry)| (key.clone(), entry.clone()))
            .collect();
        cx.send(
            to,
            Message::All {
                data: Rc::new(part),
            },
        );
    }

    pub(super) fn joined(&mut self, cx: &mut Context<Self>, from: NodeId, data: &Copies) {
        cx.cancel_timer(&Timer::Join);
        cx.mark(&marks::JOINED, (data.len(), from));
        self.take_all(cx, from, data);
    }

    fn take_all(&mut self, cx: &mut Context<Self>, from: NodeId, data: &Copies) {
        for (key, entry) in data {
            if holders(cx, key).contains(&cx.me()) {
                self.replicate(cx, from, key.clone(), entry.clone(), None);
            }
        }
    }

    // Hints -------------------------------------------------------------------------------------

    /// Keeps a copy for a node that does not answer; the latest one of each key.
    pub(super) fn hint(&mut self, cx: &mut Context<Self>, hint: Hint) {
        cx.mark(&marks::HINTS, (hint.key.as_str(), hint.to));
        self.hints
            .retain(|old| (old.to, &old.key) != (hint.to, &hint.key));
        self.hints.push(hint);
        self.hand_over_later(cx);
    }

    /// Another node asks this one to keep a hint.
    pub(super) fn stand_in(
        &mut self,
        cx: &mut Context<Self>,
        from: NodeId,
        hint: Hint,
        id: RequestId,
    ) {
        self.hint(cx, hint);
        cx.send(from, Message::Stored { id });
    }

    pub(super) fn hand_over_later(&self, cx: &mut Context<Self>) {
        if !self.hints.is_empty() {
            cx.set_timer(Timer::HandOver, cx.duration(&COMPARE));
        }
    }

    /// Tries the first hint for each node. One that answers gets all others, one after another.
    pub(super) fn hand_over(&mut self, cx: &mut Context<Self>) {
        let mut to: Vec<NodeId> = self.hints.iter().map(|hint| hint.to).collect();
        to.sort_unstable();
        to.dedup();
        for to in to {
            self.hand_over_to(cx, to);
        }
        self.hand_over_later(cx);
    }

    fn hand_over_to(&mut self, cx: &mut Context<Self>, to: NodeId) {
        let Some(hint) = self.hints.iter().find(|hint| hint.to == to) else {
            return;
        };
        let Hint { key, entry, .. } = hint.clone();
        let what = What::Hint(to, entry.clone());
        let ticket = None;
        let job = self.jobs.begin(
            Job {
                key: key.clone(),
                what,
                ticket,
            },
            None,
        );
        self.jobs.ask(job, [to]);
        let id = Some(self.jobs.id(cx.me(), job));
        cx.send(to, Message::Replicate { key, entry, id });
        cx.set_timer(Timer::Timeout { job }, cx.duration(&TIMEOUT));
    }

    /// The node has its copy. A hint that was renewed meanwhile is handed over again: what the node
    /// has seen by then changes nothing there.
    pub(super) fn handed_over(
        &mut self,
        cx: &mut Context<Self>,
        to: NodeId,
        key: &str,
        sent: &Entry,
    ) {
        let same = |hint: &Hint| hint.to == to && hint.key == key && *hint.entry == *sent;
        if self.hints.iter().any(same) {
            cx.mark(&marks::HANDS_OVER, (key, to));
            self.hints.retain(|hint| !same(hint));
        }
        self.hand_over_to(cx, to);
    }

    // Switch `merkle` ---------------------------------------------------------------------------

    /// Sets the timer of comparisons, where the rule is on.
    pub(super) fn watch(&mut self, cx: &mut Context<Self>) {
        if !self.client && !self.watching && cx.switch(&MERKLE) {
            self.watching = true;
            let every = cx.duration(&COMPARE);
            let first = Duration(cx.rng().between(1, every.0));
            cx.set_timer(Timer::Compare, first);
        }
    }

    /// Sends the hash of all data to a random replica.
    pub(super) fn start_comparing(&mut self, cx: &mut Context<Self>) {
        self.watching = cx.switch(&MERKLE);
        if !self.watching {
            return;
        }
        cx.set_timer(Timer::Compare, cx.duration(&COMPARE));
        self.compared.clear();
        let mut others = replicas(cx);
        others.retain(|id| *id != cx.me());
        if !others.is_empty() {
            let to = others[cx.rng().below(others.len() as u64) as usize];
            let spans = vec![self.hashed(cx, to, Span::ALL)];
            cx.send(to, Message::Tree { spans });
        }
    }

    /// The hash of a span, of the keys that both nodes keep.
    fn hashed(&self, cx: &Context<Self>, other: NodeId, span: Span) -> (Span, u64) {
        let both = |key: &String| {
            let all = holders(cx, key);
            all.contains(&other) && all.contains(&cx.me())
        };
        (
            span,
            span.hash(self.data.iter().filter(|(key, _)| both(key))),
        )
    }

    /// Equal spans are done. Of others both halves are compared, and leaves are exchanged.
    pub(super) fn compare(&mut self, cx: &mut Context<Self>, from: NodeId, spans: &[(Span, u64)]) {
        let equal = |(span, hash): &(Span, u64)| (*span, self.hashed(cx, from, *span).1 == *hash);
        let compared: Vec<(Span, bool)> = spans.iter().map(equal).collect();
        let words = compared
            .iter()
            .map(|(span, equal)| format!("{span} {}", if *equal { "equal" } else { "differs" }));
        let words = words.collect::<Vec<_>>().join(", ");
        cx.mark(&marks::COMPARES, (compared.len(), from, words));
        if compared.first().is_some_and(|(span, _)| *span == Span::ALL) {
            self.compared.clear();
        }
        let mut halves = Vec::new();
        for (span, _) in compared.iter().filter(|(_, equal)| !equal) {
            match span.halves() {
                Some(both) => halves.extend(both.map(|half| self.hashed(cx, from, half))),
                None => {
                    let (span, back) = (*span, true);
                    let data = Rc::new(self.part(span));
                    cx.send(from, Message::Leaf { span, data, back });
                }
            }
        }
        self.compared.extend(compared);
        if !halves.is_empty() {
            cx.send(from, Message::Tree { spans: halves });
        }
    }

    fn part(&self, span: Span) -> Copies {
        let part = self.data.iter().filter(|(key, _)| span.has(key));
        part.map(|(key, entry)| (key.clone(), entry.clone()))
            .collect()
    }

    pub(super) fn exchange(
        &mut self,
        cx: &mut Context<Self>,
        from: NodeId,
        span: Span,
        data: &Copies,
        back: bool,
    ) {
        if back {
            let (data, back) = (Rc::new(self.part(span)), false);
            cx.send(from, Message::Leaf { span, data, back });
        }
        self.take_all(cx, from, data);
    }
}
