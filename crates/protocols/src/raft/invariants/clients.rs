//! What clients may rely on (section 8).

use faultline_sim::clone_invariant;
use faultline_sim::event::Record;
use faultline_sim::history::History;
use faultline_sim::invariant::Invariant;
use faultline_sim::process::{NodeId, Shared};
use faultline_sim::shared::SharedMap;
use faultline_sim::sorted::SortedMap;
use faultline_sim::world::World;

use super::super::{Answer, Index, Reply};
use super::touched;
use crate::parts::kv::Op;
use crate::parts::request::RequestId;

/// What was confirmed to clients so far.
#[derive(Clone, Default)]
pub(super) struct FreshReads {
    /// The highest index of a confirmed write.
    index: Index,
    /// By key: the index of the latest confirmed write, its value, and the node that asked for it.
    values: SortedMap<String, (Index, String, NodeId)>,
    history: History<Asked>,
}

/// An operation, and what was confirmed when it was asked for.
#[derive(Clone)]
struct Asked {
    op: Option<Op>,
    confirmed: Index,
    /// The latest value of the key that it is about.
    latest: Option<(Index, String, NodeId)>,
}

impl Invariant for FreshReads {
    clone_invariant!();
    fn judges_answers(&self) -> bool {
        true
    }
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        let (values, confirmed) = (&self.values, self.index);
        let note = |request: &Shared| {
            let op = request.get::<Op>().cloned();
            let latest = op.as_ref().and_then(|op| values.get(key_of(op))).cloned();
            Asked {
                op,
                confirmed,
                latest,
            }
        };
        let Some(ended) = self.history.read(record, world, note) else {
            return Ok(());
        };
        let (node, asked) = (ended.begun.node, ended.begun.note);
        match ended.reply.and_then(|reply| reply.get::<Reply>()) {
            Some(Reply::Written { index }) => {
                self.confirm(node, *index, asked.op);
                Ok(())
            }
            Some(Reply::Value { value, index }) if *index < asked.confirmed => {
                Err(stale(node, value.as_deref(), *index, &asked))
            }
            _ => Ok(()),
        }
    }
}

impl FreshReads {
    fn confirm(&mut self, node: NodeId, index: Index, op: Option<Op>) {
        self.index = self.index.max(index);
        let (Some(Op::Write { key, value })
        | Some(Op::CompareAndSet {
            key, new: value, ..
        })) = op
        else {
            return;
        };
        let newer = self
            .values
            .get(&key)
            .is_none_or(|(known, ..)| *known < index);
        if newer {
            self.values.insert(key, (index, value, node));
        }
    }
}

fn key_of(op: &Op) -> &String {
    let (Op::Read { key } | Op::Write { key, .. } | Op::CompareAndSet { key, .. }) = op;
    key
}

/// What was read, and what the answer should have been.
fn stale(node: NodeId, value: Option<&str>, index: Index, asked: &Asked) -> String {
    let (Some(op), Some((_, new, by))) = (&asked.op, &asked.latest) else {
        let confirmed = asked.confirmed;
        return format!(
            "{node} got an answer from entry {index}, but entry {confirmed} was confirmed before."
        );
    };
    let key = key_of(op);
    match value {
        Some(old) if old == new => {
            format!("{node} read {key} = {old} from a log that lacks confirmed entries.")
        }
        Some(old) => {
            format!("{node} read {key} = {old}, which {by} had already replaced by {key} = {new}.")
        }
        None => {
            format!("{node} read no value of {key}, but {by} had already written {key} = {new}.")
        }
    }
}

/// At which index each request was executed first, by any server.
#[derive(Clone, Default)]
pub(super) struct AtMostOnce {
    executed: SharedMap<RequestId, Index>,
    last_applied: SortedMap<NodeId, Index>,
}

impl Invariant for AtMostOnce {
    clone_invariant!();
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        let Some((id, server)) = touched(record, world) else {
            return Ok(());
        };
        // After a crash the state machine is built anew, from the first entry on.
        let before = self.last_applied.insert(id, server.last_applied);
        let before = before.filter(|before| *before <= server.last_applied);
        for index in before.unwrap_or(0) + 1..=server.last_applied {
            let entry = server.log.get(index as usize - 1);
            let Some(request) = entry.and_then(|entry| entry.id) else {
                continue;
            };
            // A repeated request that is not executed again keeps its first answer.
            let answer = server.machine.executed.get(&request);
            let Some(Answer::Written { index } | Answer::Differs { index, .. }) = answer else {
                continue;
            };
            let first = *self.executed.get_or_insert(request, *index);
            if first != *index {
                return Err(format!(
                    "{id} executed request {request} at entry {index}, but it was already \
                     executed at entry {first}."
                ));
            }
        }
        Ok(())
    }
}
