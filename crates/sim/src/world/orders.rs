//! What a search through all orders of events sees of a world that is played by hand: what can happen
//! next, and a hash of all that matters for it but time.

use std::hash::{Hash, Hasher};

use super::{FlightState, Scheduled, State, World};
use crate::command::Command;
use crate::hash::StableHasher;
use crate::invariant::Expectation;
use crate::judge;
use crate::network::Address;
use crate::process::NodeId;
use crate::sorted::sort_by_key;

/// Events that one step of an exploration may have. A run of direct calls has many.
const EVENTS: u32 = 10_000;

impl World {
    /// Leaves out what an exploration does not need: probes, and all laws but this one.
    pub(crate) fn keep_for_exploring(&mut self, law: Option<&str>) {
        self.meters.clear();
        self.watches.retain(|watch| {
            let hunted = watch.spec.breaks_under.is_none();
            let always = watch.spec.kind == Expectation::Always;
            always && law.map_or(hunted, |law| watch.spec.name == law)
        });
        let asks = |watch: &super::Watch| {
            watch.monitor.judges_answers() || judge::asks_for_judge(&[watch.spec], &[])
        };
        let asked = self.watches.iter().any(asks);
        if !asked {
            self.judge = None;
        }
    }

    /// How many laws are left, and whether one of them looks at losses.
    pub(crate) fn explored_laws(&self) -> (usize, bool) {
        let losses = self
            .watches
            .iter()
            .any(|watch| watch.monitor.judges_losses());
        (self.watches.len(), losses)
    }

    /// Applies a command and lets happen what comes of it at once. False if the run was cut off.
    pub(crate) fn take_step(&mut self, command: &Command) -> bool {
        let _ = self.apply(command);
        self.drop_records();
        for _ in 0..EVENTS {
            if self.next_time().is_none() {
                break;
            }
            self.step();
            self.drop_records();
        }
        self.halted.is_none() && self.next_time().is_none()
    }

    /// The law that is broken first, if one is.
    pub(crate) fn broken_law(&self) -> Option<&'static str> {
        let broken = self.watches.iter().filter_map(|watch| {
            let breach = watch.broken.as_ref()?;
            Some((breach.seq, watch.spec.name))
        });
        broken.min().map(|(_, law)| law)
    }

    /// Messages that wait, each with a hash of all but its number, in the order of their addresses.
    pub(crate) fn waiting_messages(&self) -> Vec<(Address, u64)> {
        let mut held = self.waiting_under(&StableHasher::default());
        sort_by_key(&mut held, |(address, _)| *address);
        held
    }

    /// The same in no order, with the names of a hasher.
    pub(crate) fn waiting_under(&self, names: &StableHasher) -> Vec<(Address, u64)> {
        let held = self
            .flights()
            .filter(|(_, flight)| flight.state == FlightState::Held);
        held.map(|(_, flight)| {
            let mut hasher = names.fresh();
            (flight.address.from, flight.address.to).hash(&mut hasher);
            self.fleet.hash_message(flight.message, &mut hasher);
            (flight.address, hasher.finish())
        })
        .collect()
    }

    /// The timers that may run out: node, name, and its number among the node's timers of that name.
    pub(crate) fn waiting_timers(&self) -> Vec<(NodeId, &'static str, u32)> {
        let mut found: Vec<(NodeId, &'static str, u32)> = Vec::new();
        for id in self.live() {
            let meta = &self.nodes[id.index()];
            if !matches!(meta.state, State::Up) {
                continue;
            }
            for (timer, _) in &meta.timers {
                let name = self.fleet.timer_kind(id, *timer);
                let before = found
                    .iter()
                    .filter(|(node, known, _)| (*node, *known) == (id, name));
                found.push((id, name, before.count() as u32 + 1));
            }
        }
        found
    }

    /// Grows whenever something at this node may have changed.
    pub(crate) fn node_version(&self, id: NodeId) -> u32 {
        self.nodes[id.index()].version
    }

    /// A hash of all that matters at one node, with the names of a hasher.
    pub(crate) fn timeless_node(&self, id: NodeId, names: &StableHasher) -> u64 {
        let mut hasher = names.fresh();
        let meta = &self.nodes[id.index()];
        std::mem::discriminant(&meta.state).hash(&mut hasher);
        (meta.lie, meta.flaky).hash(&mut hasher);
        if !self
            .fleet
            .hash_timeless(id, &self.common.settings, &mut hasher)
        {
            self.common.rngs[id.index()].hash(&mut hasher);
        }
        if meta.disk.is_slow() {
            meta.disk.hash(&mut hasher);
        }
        for (to, message) in &meta.last_true {
            to.hash(&mut hasher);
            self.fleet.hash_message(*message, &mut hasher);
        }
        for slot in &meta.inbox {
            self.hash_waiting(*slot, &mut hasher);
        }
        hasher.finish()
    }

    /// Something in the inbox of a paused node.
    fn hash_waiting(&self, slot: u32, hasher: &mut StableHasher) {
        match &self.slots[slot as usize].what {
            Scheduled::Message(flight) => {
                flight.address.from.hash(hasher);
                self.fleet.hash_message(flight.message, hasher);
            }
            Scheduled::Timer { node, id, .. } => self.fleet.timer_text(*node, *id).hash(hasher),
            Scheduled::Request { operation, .. } => operation.hash(hasher),
            _ => {}
        }
    }

    /// A hash of what belongs to no single node: numbers of operations, what laws and the judge remember.
    pub(crate) fn timeless_rest(&self, names: &StableHasher) -> u64 {
        let mut hasher = names.fresh();
        self.common.next_operation.hash(&mut hasher);
        for watch in &self.watches {
            watch.monitor.remember(&mut hasher);
        }
        if let Some(judge) = &self.judge {
            judge.remember(&mut hasher);
        }
        hasher.finish()
    }

    /// About how many bytes a copy takes.
    pub(crate) fn rough_weight(&self) -> usize {
        4_000 + self.nodes.len() * 500 + self.slots.len() * (size_of::<super::Slot>() + 100)
    }

    /// Whether every process leaves out its times ([`Process::timeless`](crate::process::Process::timeless)).
    pub(crate) fn is_timeless(&self) -> bool {
        let mut hasher = StableHasher::default();
        let settings = &self.common.settings;
        self.ids()
            .all(|id| self.fleet.hash_timeless(id, settings, &mut hasher))
    }

    /// How many messages were sent so far.
    pub(crate) fn sent_in_all(&self) -> u64 {
        self.sent.iter().map(|(_, count)| count).sum()
    }

    /// The role that a node shows.
    pub(crate) fn role_of(&self, id: NodeId) -> String {
        self.node_frame(id).role
    }

    /// Whether a node lies.
    pub(crate) fn lies(&self, id: NodeId) -> bool {
        self.nodes[id.index()].lie.is_some()
    }
}
