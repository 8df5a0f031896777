//! Invariants of stamps and of causal delivery. The truth comes from [`Truth`], which follows
//! messages and uses no stamp.

use faultline_sim::event::Record;
use faultline_sim::invariant::{Expectation, Invariant, InvariantSpec};
use faultline_sim::probe::{Look, Probe, ProbeSpec};
use faultline_sim::process::NodeId;
use faultline_sim::sorted::{SortedMap, SortedSet};
use faultline_sim::world::World;
use faultline_sim::{clone_invariant, clone_probe};

use crate::clocks::truth::{NewEvent, Truth};
use crate::clocks::{Clock, EventKind, Member};

/// Equivalent to "V(e) < V(f) exactly when e -> f": an event's past holds the first events of each
/// node up to a count, and the stamp must name these counts.
pub const STAMPS: InvariantSpec = InvariantSpec {
    name: "stamps",
    title: "Stamps order events exactly as causality does",
    kind: Expectation::Always,
    breaks_under: None,
    make: || Box::new(Stamps::default()),
};

pub const CAUSES_FIRST: InvariantSpec = InvariantSpec {
    name: "causes-first",
    title: "No node accepts a message before a broadcast that may have caused it",
    kind: Expectation::Always,
    breaks_under: None,
    make: || Box::new(CausesFirst::default()),
};

pub const TOO_EARLY: ProbeSpec = ProbeSpec {
    name: "too-early",
    title: "Messages accepted before their cause",
    unit: "messages",
    make: || Box::new(TooEarly::default()),
};

pub const WAITING: ProbeSpec = ProbeSpec {
    name: "waiting",
    title: "Messages waiting for a cause",
    unit: "messages",
    make: || Box::new(Look(waiting)),
};

fn waiting(world: &World) -> Option<f64> {
    let members = world.ids().filter_map(|id| world.node::<Member>(id));
    Some(members.map(|member| member.held.len()).sum::<usize>() as f64)
}

#[derive(Clone, Default, Hash)]
struct Stamps(Truth);

impl Invariant for Stamps {
    clone_invariant!();

    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        let Some(NewEvent {
            node,
            happening,
            past,
            ..
        }) = self.0.see(record, world)
        else {
            return Ok(());
        };
        let Clock::Vector(parts) = &happening.stamp else {
            return Ok(());
        };
        let event = happening.number;
        for i in 0..parts.len().max(past.events.len()) {
            let at = |list: &[u64]| list.get(i).copied().unwrap_or(0);
            let (says, truly) = (at(parts), at(&past.events));
            let of = NodeId(i as u32 + 1);
            if says > truly {
                return Err(format!(
                    "The stamp of event {event} of {node} says that event {says} of {of} came \
                     before it, but nothing led from there to here"
                ));
            }
            if says < truly {
                return Err(format!(
                    "The stamp of event {event} of {node} does not say that event {truly} of {of} \
                     came before it"
                ));
            }
        }
        Ok(())
    }
}

/// Which broadcasts each node has accepted, by receiver and sender.
#[derive(Clone, Default, Hash)]
struct Deliveries {
    truth: Truth,
    /// How many from the first on, without a gap.
    whole: SortedMap<(NodeId, NodeId), u64>,
    /// Single ones after a gap.
    beyond: SortedSet<(NodeId, NodeId, u64)>,
}

impl Deliveries {
    /// If a message is accepted before a cause: the receiver, the sender, and the missing broadcast.
    fn see(&mut self, record: &Record, world: &World) -> Option<(NodeId, NodeId, (NodeId, u64))> {
        let NewEvent {
            node,
            happening,
            message,
            ..
        } = self.truth.see(record, world)?;
        let ((past, broadcast), EventKind::Takes { from, .. }) = (message?, &happening.what) else {
            return None;
        };
        let from = *from;
        let mut missing = None;
        for (i, count) in past.broadcasts.iter().enumerate() {
            let of = NodeId(i as u32 + 1);
            let itself = broadcast && of == from;
            let causes = if itself { count - 1 } else { *count };
            let next = self.whole.get(&(node, of)).copied().unwrap_or(0) + 1;
            if of != node && next <= causes {
                missing = missing.or(Some((of, next)));
            }
            if itself {
                self.takes(node, from, *count);
            }
        }
        Some((node, from, missing?))
    }

    fn takes(&mut self, node: NodeId, from: NodeId, number: u64) {
        let whole = self.whole.entry((node, from)).or_default();
        if number <= *whole {
            return;
        }
        self.beyond.insert((node, from, number));
        while self.beyond.remove(&(node, from, *whole + 1)) {
            *whole += 1;
        }
    }
}

#[derive(Clone, Default, Hash)]
struct CausesFirst(Deliveries);

impl Invariant for CausesFirst {
    clone_invariant!();

    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        match self.0.see(record, world) {
            None => Ok(()),
            Some((node, from, (of, number))) => Err(format!(
                "{node} accepted a message from {from} before broadcast {number} from {of}, which \
                 may have caused it"
            )),
        }
    }
}

#[derive(Clone, Default)]
struct TooEarly {
    deliveries: Deliveries,
    found: u64,
}

impl Probe for TooEarly {
    clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        self.found += u64::from(self.deliveries.see(record, world).is_some());
    }
    fn value(&self, _world: &World) -> Option<f64> {
        Some(self.found as f64)
    }
}
