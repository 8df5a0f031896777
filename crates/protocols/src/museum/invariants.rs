//! What must hold of every copy and every count.

use faultline_sim::event::{Event, Record};
use faultline_sim::invariant;
use faultline_sim::invariant::{Invariant, InvariantSpec};
use faultline_sim::process::NodeId;
use faultline_sim::sorted::SortedMap;
use faultline_sim::world::World;

use super::Museum;
use super::membership::Counts;
use super::probes::{changed, live, true_view, without_copies};
use crate::elections::AGREEMENT;
use crate::parts::kept::Kept;

pub const INVARIANTS: &[InvariantSpec] = &[
    invariant!(always "nothing-lost", "No copy drops a write for one that did not know of it", new NothingLost),
    invariant!(always "counts-grow", "No node goes back to an older heartbeat count", new CountsGrow),
    AGREEMENT,
    invariant!(eventually "one-view", "Eventually each live node knows which nodes are alive", one_view),
    invariant!(eventually "copies-in-place", "Eventually each key is stored on all its owners", copies_in_place),
];

#[derive(Clone, Default, Hash)]
struct NothingLost(Kept);

impl Invariant for NothingLost {
    faultline_sim::clone_invariant!();
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        let looks = matches!(record.event, Event::Recovered) || changed(record).is_some();
        match record.node.filter(|_| looks) {
            Some(id) => world.node::<Museum>(id).map_or(Ok(()), |node| {
                self.0.look(id, &node.store, changed(record), [])
            }),
            None => Ok(()),
        }
    }
}

/// The counts that each node knew, since it came up.
#[derive(Clone, Default, Hash)]
struct CountsGrow(SortedMap<NodeId, Counts>);

impl Invariant for CountsGrow {
    faultline_sim::clone_invariant!();
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        let Some(id) = record.node else {
            return Ok(());
        };
        match &record.event {
            Event::Crashed | Event::Removed => drop(self.0.remove(&id)),
            Event::Delivered {
                kind: "GOSSIP" | "COORDINATOR",
                ..
            } => {
                let Some(node) = world.node::<Museum>(id) else {
                    return Ok(());
                };
                let members = node.members.iter();
                let counts: Counts = members.map(|(id, member)| (*id, member.count)).collect();
                let known = |of: &NodeId| counts.get(of).copied().unwrap_or(0);
                let before = self.0.get(&id).into_iter().flat_map(Counts::iter);
                let mut older = before.filter(|(of, count)| known(of) < **count);
                let wrong = older.next().map(|(of, count)| {
                    let now = known(of);
                    format!("{id} goes back from count {count} of {of} to {now}")
                });
                self.0.insert(id, counts);
                return wrong.map_or(Ok(()), Err);
            }
            _ => {}
        }
        Ok(())
    }
}

fn one_view(world: &World) -> Result<(), String> {
    let truth = true_view(world);
    let other = live(world).find(|(_, node)| node.view() != truth);
    other.map_or(Ok(()), |(id, _)| {
        Err(format!("{id} does not know which nodes are alive"))
    })
}

fn copies_in_place(world: &World) -> Result<(), String> {
    match without_copies(world).first() {
        Some((key, has)) => Err(format!("{key} is stored on {has} of its owners")),
        None => Ok(()),
    }
}
