//! What must hold of a snapshot, and of a system that has gone back.

use faultline_sim::event::{Event, Record};
use faultline_sim::invariant;
use faultline_sim::invariant::{Invariant, InvariantSpec};
use faultline_sim::kit::Total;
use faultline_sim::process::NodeId;
use faultline_sim::world::World;

use super::probes::{branches, complete};
use super::{Account, Branch, marks, total};

pub const INVARIANTS: &[InvariantSpec] = &[
    invariant!(always "adds-up", "A snapshot holds all the money there is", new AddsUp),
    invariant!(always "consistent-cut", "Nothing is received in a snapshot that is not sent in it", new ConsistentCut),
    invariant!(always "no-orphan", "No branch keeps money that was never sent", new NoOrphan),
    invariant!(eventually "completes", "Every snapshot is completed", completes),
];

/// What the latest complete snapshot holds, against all there is.
pub fn in_snapshot(world: &World) -> Option<Total> {
    let complete = complete(world).filter(|_| is_whole(world))?;
    Some(Total {
        title: "Money in the snapshot",
        now: complete.sum() as i64,
        should: total(world.settings()) as i64,
    })
}

/// What a removed branch held is gone.
fn is_whole(world: &World) -> bool {
    world.ids().count() as u32 == world.added()
}

#[derive(Clone, Default, Hash)]
struct AddsUp;

impl Invariant for AddsUp {
    faultline_sim::clone_invariant!();
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        let Some(complete) = record.marked(&marks::COMPLETES) else {
            return Ok(());
        };
        let (Some(snapshot), Some(sum), Some(all)) =
            (complete.number(0), complete.number(1), complete.number(2))
        else {
            return Ok(());
        };
        if sum == all || !is_whole(world) {
            return Ok(());
        }
        Err(format!(
            "snapshot {snapshot} holds {sum}, and there are {all}"
        ))
    }
}

/// Compares what branches had paid and got when they recorded, pair by pair.
#[derive(Clone, Default, Hash)]
struct ConsistentCut;

impl Invariant for ConsistentCut {
    faultline_sim::clone_invariant!();
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        let complete = record.marked(&marks::COMPLETES);
        let Some(snapshot) = complete.and_then(|complete| complete.number(0)) else {
            return Ok(());
        };
        let cut: Vec<(NodeId, &Account)> = branches(world)
            .filter_map(|(id, branch)| {
                let mut saved = branch.saved.iter().rev();
                let account = saved.find(|account| u64::from(account.snapshot) == snapshot)?;
                Some((id, account))
            })
            .collect();
        for (from, payer) in &cut {
            for (to, payee) in &cut {
                let (paid, got) = (payer.paid_to(*to), payee.got_from(*from));
                if got > paid {
                    return Err(format!(
                        "in snapshot {snapshot}, {to} has got {got} from {from}, which has sent {paid}"
                    ));
                }
            }
        }
        Ok(())
    }
}

/// Once a branch knows that another one has gone back, it may hold nothing that was undone there. What a
/// branch has paid shrinks only in a new era, so it is enough to look at the branch that acts.
#[derive(Clone, Default, Hash)]
struct NoOrphan;

impl Invariant for NoOrphan {
    faultline_sim::clone_invariant!();
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        let looks = matches!(record.event, Event::Delivered { .. } | Event::Recovered);
        let Some((id, branch)) = record
            .node
            .filter(|_| looks)
            .and_then(|id| Some((id, world.node::<Branch>(id)?)))
        else {
            return Ok(());
        };
        for (from, payer) in branches(world) {
            let known = branch.channels.get(&from).map(|channel| channel.era);
            let (paid, got) = (payer.now.paid_to(id), branch.now.got_from(from));
            if known == Some(payer.era) && got > paid && world.is_live(id) {
                return Err(format!(
                    "{id} keeps {got} from {from}, which has sent {paid}"
                ));
            }
        }
        Ok(())
    }
}

fn completes(world: &World) -> Result<(), String> {
    let mut live = branches(world).filter(|(id, _)| world.is_live(*id));
    match live.find_map(|(id, branch)| Some((id, *branch.recordings.keys().next()?))) {
        Some((id, snapshot)) => Err(format!(
            "{id} still waits for a marker of snapshot {snapshot}"
        )),
        None => Ok(()),
    }
}
