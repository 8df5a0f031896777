//! What is measured.

use faultline_sim::clone_probe;
use faultline_sim::event::{Event, Record};
use faultline_sim::judge::{STALE, VIOLATIONS};
use faultline_sim::mark::Mark;
use faultline_sim::probe;
use faultline_sim::probe::{
    BROKEN, DROPPED, EACH, GAP, LEADERS, LIVE, MEAN, MESSAGES, OK, P95, Probe, ProbeSpec,
    UNANSWERED,
};
use faultline_sim::process::NodeId;
use faultline_sim::quorum::majority;
use faultline_sim::sorted::SortedMap;
use faultline_sim::time::{Duration, Time};
use faultline_sim::world::World;

use super::descriptor::NODES;
use super::{Role, Server, Slot, marks};

pub const PROBES: &[ProbeSpec] = &[
    MESSAGES,
    DROPPED,
    LIVE,
    LEADERS,
    GAP,
    probe!("commit", "Time from proposal to choice (mean)", "ms", new Decided),
    OK,
    P95,
    MEAN,
    UNANSWERED,
    EACH,
    BROKEN,
    VIOLATIONS,
    STALE,
    probe!("spare", "Servers that can still fail before nothing is chosen", "servers", look spare),
    probe!("ballots", "Ballots started", "ballots", marks marks::PREPARES),
    probe!("leader-changes", "Times that a server began to lead", "times", marks marks::LEADS),
    probe!("chosen", "Slots chosen", "slots", new Chosen),
    probe!("executed", "Slots executed by the most advanced server", "slots", look executed),
    probe!("gaps", "Slots missing before a chosen one", "slots", look gaps),
    probe!("no-ops", "No-ops proposed for gaps", "no-ops", marks marks::FILLS),
    probe!("adopted", "Slots taken over from an earlier ballot", "slots", marks marks::ADOPTS),
    probe!("refusals", "Requests of lower ballots refused", "requests", marks marks::REFUSES),
    probe!("per-slot", "Messages of phase 2 for each chosen slot", "messages", new PerSlot),
];

fn servers(world: &World) -> impl Iterator<Item = &Server> {
    let all = world.live().filter_map(|id| world.node::<Server>(id));
    all.filter(|server| server.role != Role::Client)
}

fn spare(world: &World) -> Option<f64> {
    let all = world.settings().count(&NODES);
    let up = (1..=all).filter(|id| world.is_live(NodeId(*id))).count() as f64;
    Some((up - f64::from(majority(all))).max(0.0))
}

fn executed(world: &World) -> Option<f64> {
    let all = servers(world).map(|server| server.learner.executed);
    Some(all.max()? as f64)
}

/// At the server that misses most.
fn gaps(world: &World) -> Option<f64> {
    let all = servers(world).map(|server| server.learner.gaps());
    Some(all.max()? as f64)
}

/// Slots that some leader has found to be chosen.
#[derive(Clone, Default)]
struct Chosen(Slots);

/// Slots by number, without a list: they are chosen nearly in order.
#[derive(Clone, Default)]
struct Slots {
    /// All up to this one.
    all: Slot,
    beyond: SortedMap<Slot, ()>,
}

impl Slots {
    fn add(&mut self, slot: Slot) {
        if slot > self.all {
            self.beyond.insert(slot, ());
        }
        while self.beyond.remove(&(self.all + 1)).is_some() {
            self.all += 1;
        }
    }

    fn count(&self) -> u64 {
        self.all + self.beyond.len() as u64
    }

    fn look(&mut self, record: &Record) {
        let chosen = record.marked(&marks::CHOOSES);
        if let Some(slot) = chosen.and_then(|marked| marked.number(0)) {
            self.add(slot);
        }
    }
}

impl Probe for Chosen {
    clone_probe!();
    fn on_record(&mut self, record: &Record, _world: &World) {
        self.0.look(record);
    }
    fn value(&self, _world: &World) -> Option<f64> {
        Some(self.0.count() as f64)
    }
}

/// Accept and Accepted messages, by slots that are chosen.
#[derive(Clone, Default)]
struct PerSlot {
    sent: u64,
    chosen: Slots,
}

impl Probe for PerSlot {
    clone_probe!();
    fn on_record(&mut self, record: &Record, _world: &World) {
        if let Event::Sent {
            kind: "Accept" | "Accepted",
            ..
        } = record.event
        {
            self.sent += 1;
        }
        self.chosen.look(record);
    }
    fn value(&self, _world: &World) -> Option<f64> {
        let chosen = self.chosen.count();
        (chosen > 0).then(|| self.sent as f64 / chosen as f64)
    }
}

/// When each leader proposed what it has not heard to be chosen.
#[derive(Clone, Default)]
struct Decided {
    open: SortedMap<(NodeId, Slot), Time>,
    total: Duration,
    slots: u64,
}

impl Probe for Decided {
    clone_probe!();
    fn on_record(&mut self, record: &Record, _world: &World) {
        let Some(id) = record.node else { return };
        let slot = |mark: &Mark| record.marked(mark).and_then(|marked| marked.number(0));
        if let Some(slot) = slot(&marks::PROPOSES) {
            self.open.insert((id, slot), record.time);
        } else if let Some(slot) = slot(&marks::CHOOSES) {
            if let Some(proposed) = self.open.remove(&(id, slot)) {
                self.total = self.total + record.time.since(proposed);
                self.slots += 1;
            }
        } else if record.is(&marks::OVERTAKEN) || matches!(record.event, Event::Crashed) {
            self.open.retain(|(by, _), _| *by != id);
        }
    }
    fn value(&self, _world: &World) -> Option<f64> {
        (self.slots > 0).then(|| self.total.0 as f64 / 1e3 / self.slots as f64)
    }
}
