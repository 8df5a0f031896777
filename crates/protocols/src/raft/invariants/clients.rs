//! What clients may rely on (section 8).

use faultline_sim::clone_invariant;
use faultline_sim::event::Record;
use faultline_sim::history::History;
use faultline_sim::invariant::Invariant;
use faultline_sim::process::NodeId;
use faultline_sim::shared::SharedMap;
use faultline_sim::sorted::SortedMap;
use faultline_sim::world::World;

use super::super::{Answer, Index, Reply};
use super::touched;
use crate::parts::request::RequestId;

/// The highest index whose write was confirmed, now and when each open read was asked.
#[derive(Clone, Default)]
pub(super) struct FreshReads {
    confirmed: Index,
    history: History<Index>,
}

impl Invariant for FreshReads {
    clone_invariant!();
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        let Some(ended) = self.history.read(record, world, |_| self.confirmed) else {
            return Ok(());
        };
        let asked = ended.begun.note;
        match ended.reply.and_then(|reply| reply.get::<Reply>()) {
            Some(Reply::Written { index }) => self.confirmed = self.confirmed.max(*index),
            Some(Reply::Value { index, .. }) if *index < asked => {
                return Err(format!(
                    "A stale read was answered from entry {index}, but the write of entry {asked} \
                     was confirmed before the read began."
                ));
            }
            _ => {}
        }
        Ok(())
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
