//! What must hold of every clock.

use faultline_sim::command::Command;
use faultline_sim::event::{Event, Record};
use faultline_sim::fault::Fault;
use faultline_sim::invariant;
use faultline_sim::invariant::{Invariant, InvariantSpec};
use faultline_sim::process::NodeId;
use faultline_sim::sorted::SortedMap;
use faultline_sim::world::World;

use super::probes::reading;
use super::{SERVER, Timekeeper, figures, is_berkeley};

pub const INVARIANTS: &[InvariantSpec] = &[
    invariant!(always "forwards", "A clock never runs backwards", new Forwards),
    invariant!(always "band", "A clock differs from node 1's by no more than it states", new Band),
    invariant!(eventually "synchronized", "Every live node has synchronized its clock", synchronized),
];

/// What each clock showed when it was looked at last, since its node came up.
#[derive(Clone, Default, Hash)]
struct Forwards {
    shown: SortedMap<NodeId, i64>,
}

impl Invariant for Forwards {
    faultline_sim::clone_invariant!();
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        if let Event::Faulted { command, .. } = &record.event
            && let Command::Fault(Fault::Skew(id, _)) = &**command
        {
            // A person set the hardware clock, not the algorithm.
            self.shown.remove(id);
        }
        let Some(id) = record.node else {
            return Ok(());
        };
        if matches!(record.event, Event::Crashed | Event::Recovered) {
            self.shown.remove(&id);
        }
        let Some(shown) = reading(world, id).filter(|_| world.is_live(id)) else {
            return Ok(());
        };
        match self.shown.insert(id, shown.time) {
            Some(before) if before > shown.time => {
                let back = figures::span((before - shown.time) as f64);
                Err(format!("the clock of {id} shows {back} less than before"))
            }
            _ => Ok(()),
        }
    }
}

/// Clocks read whole microseconds, and halves are rounded.
const ROUNDING: u64 = 5;

/// Compares a clock with what node 1 takes to be the time.
#[derive(Clone, Default, Hash)]
struct Band;

impl Invariant for Band {
    faultline_sim::clone_invariant!();
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        let Some(id) = record.node.filter(|id| *id != SERVER && world.is_live(*id)) else {
            return Ok(());
        };
        match missed(world, id) {
            Some((off, stated)) => {
                let (off, stated) = (figures::span(off as f64), figures::span(stated as f64));
                Err(format!("{id} is off by {off} and states at most {stated}"))
            }
            None => Ok(()),
        }
    }
}

/// How far off a clock is and what it states, in microseconds, if that is less.
fn missed(world: &World, id: NodeId) -> Option<(u64, u64)> {
    let (node, server) = (
        world.node::<Timekeeper>(id)?,
        world.node::<Timekeeper>(SERVER)?,
    );
    // The average that a clock has taken says nothing of one that it has not heard of.
    if is_berkeley(world.settings()) && node.round != server.round {
        return None;
    }
    let shown = reading(world, id)?;
    let right = server.clock.goal(world.local_time(SERVER));
    let (off, stated) = (shown.time.abs_diff(right), shown.doubt?);
    (off > stated.saturating_add(ROUNDING)).then_some((off, stated))
}

fn synchronized(world: &World) -> Result<(), String> {
    let unknown = |id: &NodeId| reading(world, *id).is_some_and(|shown| shown.doubt.is_none());
    match world.live().find(unknown) {
        Some(id) => Err(format!("{id} has not synchronized its clock yet")),
        None => Ok(()),
    }
}
