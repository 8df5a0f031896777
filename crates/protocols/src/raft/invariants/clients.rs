//! What clients may rely on (section 8).

use faultline_sim::clone_invariant;
use faultline_sim::event::Record;
use faultline_sim::invariant::Invariant;
use faultline_sim::process::NodeId;
use faultline_sim::shared::SharedMap;
use faultline_sim::sorted::SortedMap;
use faultline_sim::world::World;

use super::super::{Answer, Index};
use super::{restarted, touched};
use crate::parts::request::RequestId;

/// At which index each request was executed first, and by which server.
#[derive(Clone, Default, Hash)]
pub(super) struct AtMostOnce {
    executed: SharedMap<RequestId, (Index, NodeId)>,
    last_applied: SortedMap<NodeId, Index>,
}

impl Invariant for AtMostOnce {
    clone_invariant!();
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        let Some((id, server)) = touched(record, world) else {
            return Ok(());
        };
        if let Some((id, server)) = restarted(record, world) {
            let lost = |(request, (index, by)): &(&RequestId, &(Index, NodeId))| {
                let entry = server.entry(*index);
                let gone = *index <= server.base();
                *by == id && !gone && entry.and_then(|entry| entry.id) != Some(**request)
            };
            let known = self.executed.iter();
            let lost: Vec<RequestId> = known.filter(lost).map(|(request, _)| *request).collect();
            for request in lost {
                self.executed.remove(&request);
            }
        }
        // After a crash the state machine is built anew, from the first entry on.
        let before = self.last_applied.insert(id, server.last_applied);
        let before = before.filter(|before| *before <= server.last_applied);
        for index in before.unwrap_or(0) + 1..=server.last_applied {
            let entry = server.entry(index);
            let Some(request) = entry.and_then(|entry| entry.id) else {
                continue;
            };
            // A repeated request that is not executed again keeps its first answer.
            let answer = server.machine.executed.get(&request);
            let Some(Answer::Written { index } | Answer::Differs { index, .. }) = answer else {
                continue;
            };
            let (first, _) = *self.executed.get_or_insert(request, (*index, id));
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
