//! The clock condition, and the total order made from it.

use faultline_sim::clone_invariant;
use faultline_sim::event::Record;
use faultline_sim::invariant::{Expectation, Invariant, InvariantSpec};
use faultline_sim::process::NodeId;
use faultline_sim::shared::SharedMap;
use faultline_sim::world::World;

use super::place;
use crate::clocks::Clock;
use crate::clocks::truth::{NewEvent, Truth};

pub const CLOCK_CONDITION: InvariantSpec = InvariantSpec {
    name: "clock-condition",
    title: "A cause has a smaller number than its effect",
    kind: Expectation::Always,
    breaks_under: None,
    make: || Box::new(ClockCondition::default()),
};

pub const ONE_ORDER: InvariantSpec = InvariantSpec {
    name: "one-order",
    title: "No two events share a place in the total order",
    kind: Expectation::Always,
    breaks_under: None,
    make: || Box::new(OneOrder::default()),
};

#[derive(Clone, Default, Hash)]
struct ClockCondition(Truth);

impl Invariant for ClockCondition {
    clone_invariant!();

    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        let Some(NewEvent {
            node,
            happening,
            highest_before: Some((cause, of, number)),
            ..
        }) = self.0.see(record, world)
        else {
            return Ok(());
        };
        match happening.stamp {
            Clock::Number(time) if time <= cause => Err(format!(
                "Event {} of {node} has number {time}, but event {number} of {of}, which happened \
                 before it, has {cause}",
                happening.number
            )),
            _ => Ok(()),
        }
    }
}

#[derive(Clone, Default, Hash)]
struct OneOrder {
    truth: Truth,
    /// Who has each place.
    places: SharedMap<(u64, u32), NodeId>,
}

impl Invariant for OneOrder {
    clone_invariant!();

    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        let Some(NewEvent {
            node, happening, ..
        }) = self.truth.see(record, world)
        else {
            return Ok(());
        };
        let Clock::Number(time) = happening.stamp else {
            return Ok(());
        };
        match self
            .places
            .insert(place(world.settings(), time, node), node)
        {
            None => Ok(()),
            Some(other) => Err(format!(
                "An event of {other} and one of {node} both have number {time}, and nothing says \
                 which comes first"
            )),
        }
    }
}
