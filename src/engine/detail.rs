//! The details of one event, and the event that sent a message.

use faultline_sim::event::Event;
use faultline_sim::network::Address;
use faultline_sim::process::NodeId;

use super::Engine;
use crate::text::records::{LogRow, row};
use crate::views::{EventDetail, changes};

/// Records searched for the effects of an event.
const EFFECTS_WITHIN: usize = 6_000;
/// Effects shown.
const EFFECTS: usize = 8;
/// Records searched for the event that sent a message.
const SENT_WITHIN: usize = 20_000;
/// How many of a node's latest events are shown.
const LATEST: usize = 6;

impl Engine {
    fn row(&mut self, seq: u64) -> Option<LogRow> {
        let vocabulary = self.vocabulary();
        let record = self.timeline.window(seq, seq).pop()?;
        row(&record, &vocabulary)
    }

    /// The details of the present event. A step back and forth finds what it changed.
    pub fn event_detail(&mut self, seq: u64) -> Option<EventDetail> {
        let record = self.timeline.window(seq, seq).pop()?;
        let row = row(&record, &self.vocabulary())?;
        let changes = record.node.map(|id| {
            let after = self.timeline.frame();
            let moved = self.timeline.step_back();
            let before = self.timeline.frame();
            if moved {
                self.timeline.step();
            }
            let of = |nodes: &[std::rc::Rc<faultline_sim::frame::NodeFrame>]| {
                nodes.iter().find(|node| node.id == id).cloned()
            };
            changes(of(&before.nodes).as_deref(), of(&after.nodes).as_deref())
        });
        let effects: Vec<u64> = self
            .timeline
            .trace()
            .from(seq + 1)
            .take(EFFECTS_WITHIN)
            .filter(|later| later.caused_by == seq)
            .map(|later| later.seq)
            .collect();
        let effects = effects.into_iter().filter_map(|seq| self.row(seq));
        let effects = effects.take(EFFECTS).collect();
        let cause = (record.caused_by > 0).then_some(record.caused_by);
        Some(EventDetail {
            row,
            changes,
            cause: cause.and_then(|seq| self.row(seq)),
            effects,
        })
    }

    /// The event that sent a message.
    pub fn sending(&mut self, address: Address) -> Option<LogRow> {
        let sent = |event: &Event| matches!(event, Event::Sent { address: own, .. } if own.from == address.from && own.to == address.to && own.k == address.k);
        let records = self.timeline.trace().records().rev().take(SENT_WITHIN);
        let seq = records
            .filter(|record| sent(&record.event))
            .map(|record| record.seq)
            .next()?;
        self.row(seq)
    }

    /// The latest events of a node, newest first.
    pub fn latest_of(&mut self, id: NodeId) -> Vec<LogRow> {
        let here = self.timeline.records();
        let rows = self.log();
        let own = |row: &&LogRow| row.node == Some(id) && row.seq <= here;
        rows.iter()
            .rev()
            .filter(own)
            .take(LATEST)
            .cloned()
            .collect()
    }
}
