//! The snapshot: record the own state, send markers, record each channel until its marker comes.

use faultline_sim::process::{Context, NodeId};
use faultline_sim::sorted::{SortedMap, SortedSet};
use faultline_sim::time::Duration;
use serde::Serialize;

use super::descriptor::{CHANNELS, MARKERS_FIRST};
use super::{Branch, COLLECTOR, Message, Timer, marks, total};

/// How late markers leave without the rule `markers-first`.
const LATE: Duration = Duration::millis(1_000);

/// What a branch has recorded for a snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Part {
    /// Its own state.
    pub balance: u64,
    /// What was on its way to it, by the branch that sent it. All branches that it knows are named.
    pub channels: SortedMap<NodeId, u64>,
}

impl Part {
    /// The money in the state and in the channels.
    pub fn sum(&self) -> u64 {
        self.balance + self.channels.values().sum::<u64>()
    }
}

/// A part that is not complete.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Recording {
    pub part: Part,
    /// Channels on which the marker has not come.
    pub open: SortedSet<NodeId>,
}

/// A snapshot of which every part has been reported.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Complete {
    pub snapshot: u32,
    pub parts: SortedMap<NodeId, Part>,
}

impl Complete {
    pub fn sum(&self) -> u64 {
        self.parts.values().map(Part::sum).sum()
    }
}

impl Branch {
    /// The branch records its state, and then sends a marker on each channel.
    pub(super) fn record(&mut self, cx: &mut Context<Self>, snapshot: u32) {
        cx.mark(&marks::RECORDS, (snapshot, self.now.balance));
        self.last = snapshot;
        self.save(cx, snapshot);
        let part = Part {
            balance: self.now.balance,
            channels: cx.peers().map(|peer| (peer, 0)).collect(),
        };
        let open = cx.peers().collect();
        self.recordings.insert(snapshot, Recording { part, open });
        if cx.switch(&MARKERS_FIRST) {
            self.send_markers(cx, snapshot);
        } else {
            cx.set_timer(Timer::Markers { snapshot }, LATE);
        }
        self.report_if_complete(cx, snapshot);
    }

    pub(super) fn send_markers(&mut self, cx: &mut Context<Self>, snapshot: u32) {
        for peer in cx.peers() {
            let place = self.next_place(peer);
            cx.send(peer, Message::Marker { place, snapshot });
        }
    }

    /// The first marker of a snapshot: record the state. Each one closes the channel that it came on.
    pub(super) fn receive_marker(&mut self, cx: &mut Context<Self>, from: NodeId, snapshot: u32) {
        if snapshot > self.last {
            self.record(cx, snapshot);
        }
        if let Some(recording) = self.recordings.get_mut(&snapshot) {
            recording.open.remove(&from);
        }
        self.report_if_complete(cx, snapshot);
    }

    /// Money that comes after the own state was recorded and before the marker was on its way.
    pub(super) fn record_incoming(&mut self, cx: &Context<Self>, from: NodeId, gain: u64) {
        let open = self.recordings.values_mut();
        for recording in open.filter(|recording| recording.open.contains(&from)) {
            if cx.switch(&CHANNELS) {
                *recording.part.channels.entry(from).or_default() += gain;
            }
        }
    }

    fn report_if_complete(&mut self, cx: &mut Context<Self>, snapshot: u32) {
        let waits = |recording: &Recording| !recording.open.is_empty();
        if self.recordings.get(&snapshot).is_none_or(waits) {
            return;
        }
        let Some(Recording { part, .. }) = self.recordings.remove(&snapshot) else {
            return;
        };
        if cx.me() == COLLECTOR {
            self.gather(cx, COLLECTOR, snapshot, part);
        } else {
            let place = self.next_place(COLLECTOR);
            let report = Message::Report {
                place,
                snapshot,
                part,
            };
            cx.send(COLLECTOR, report);
        }
    }

    /// Node 1 has the snapshot when each branch that is named in a part has reported its own.
    pub(super) fn gather(
        &mut self,
        cx: &mut Context<Self>,
        from: NodeId,
        snapshot: u32,
        part: Part,
    ) {
        let parts = self.reports.entry(snapshot).or_default();
        parts.insert(from, part);
        let misses = |part: &Part| part.channels.keys().any(|id| !parts.contains_key(id));
        if parts.values().any(misses) {
            return;
        }
        let parts = parts.clone();
        self.reports.retain(|number, _| *number > snapshot);
        let complete = Complete { snapshot, parts };
        let all = total(cx.settings());
        cx.mark(&marks::COMPLETES, (snapshot, complete.sum(), all));
        self.complete = Some(complete);
    }
}
