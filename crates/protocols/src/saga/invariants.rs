//! What must hold of every trip and of every service (Garcia-Molina and Salem, section 1).

use faultline_sim::event::{Event, Record};
use faultline_sim::invariant;
use faultline_sim::invariant::{Invariant, InvariantSpec};
use faultline_sim::process::NodeId;
use faultline_sim::world::World;

use super::descriptor::stock;
use super::orchestrator::{Ended, Outcome};
use super::service::Place;
use super::{Node, ORCHESTRATOR, Orchestrator, Service, Trip, marks};
use crate::parts::roles;

pub const INVARIANTS: &[InvariantSpec] = &[
    invariant!(always "whole",
        "A trip that has ended holds a place at every service, or at none", new Whole),
    invariant!(always "adds-up",
        "At every service, the places that are left, held and sold are those of the beginning", new AddsUp),
    invariant!(always "known",
        "Whatever trip holds a place, the orchestrator knows of it", new Known),
    invariant!(eventually "ends", "Every trip ends", ends),
];

/// All services, those that are down included.
pub fn services(world: &World) -> impl Iterator<Item = (NodeId, &Service)> {
    roles::all::<Node, Service>(world)
}

pub fn orchestrator(world: &World) -> Option<&Orchestrator> {
    roles::role::<Node, Orchestrator>(world, ORCHESTRATOR)
}

fn service(world: &World, id: NodeId) -> Option<&Service> {
    roles::role::<Node, Service>(world, id)
}

/// Looks at all services of a trip when it ends, and at each that changes its part afterwards.
#[derive(Clone, Default, Hash)]
struct Whole;

impl Invariant for Whole {
    faultline_sim::clone_invariant!();
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        let trip_of = |mark| marks::trip_of(record, mark);
        let changed = marks::undone(record)
            .or(trip_of(&marks::BOOKS))
            .or(trip_of(&marks::ALL_DONE))
            .or(trip_of(&marks::ALL_UNDONE));
        let known = changed.and_then(|trip| Some((trip, orchestrator(world)?.ended.get(&trip)?)));
        let Some((trip, Ended { along, outcome })) = known else {
            return Ok(());
        };
        let booked = *outcome == Outcome::Booked;
        let differs =
            |id: &&NodeId| service(world, **id).is_some_and(|own| own.holds(trip) != booked);
        match along.iter().find(differs) {
            None => Ok(()),
            Some(id) if booked => Err(format!("{trip} is booked, and {id} holds no place for it")),
            Some(id) => Err(format!("{trip} is undone, and {id} holds a place for it")),
        }
    }
}

/// Counts the places of a service that has changed them, or has come back from a crash.
#[derive(Clone, Default, Hash)]
struct AddsUp;

impl Invariant for AddsUp {
    faultline_sim::clone_invariant!();
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        let changed = matches!(record.event, Event::Marked(_) | Event::Recovered);
        let Some((id, own)) = record
            .node
            .filter(|_| changed)
            .and_then(|id| Some((id, service(world, id)?)))
        else {
            return Ok(());
        };
        let held = own.trips.values().filter(|place| **place == Place::Held);
        let (left, held) = (own.left, held.count() as u32);
        let began_with = stock(id, world.settings());
        if left + held + own.sold == began_with {
            return Ok(());
        }
        Err(format!(
            "{id} has {left} places left, {held} held and {} sold, and began with {began_with}",
            own.sold
        ))
    }
}

/// Looks when a place is taken, and when the orchestrator has come back.
#[derive(Clone, Default, Hash)]
struct Known;

impl Invariant for Known {
    faultline_sim::clone_invariant!();
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        let Some(orchestrator) = orchestrator(world) else {
            return Ok(());
        };
        let forgotten = |trip: &Trip| {
            !orchestrator.open.contains_key(trip) && !orchestrator.ended.contains_key(trip)
        };
        let back = record.node == Some(ORCHESTRATOR) && matches!(record.event, Event::Recovered);
        let found = match marks::trip_of(record, &marks::BOOKS) {
            Some(trip) => record
                .node
                .map(|id| (id, trip))
                .filter(|(_, trip)| forgotten(trip)),
            None if back => services(world).find_map(|(id, own)| {
                let mut held = own.trips.iter().filter(|(_, place)| **place == Place::Held);
                held.find_map(|(trip, _)| forgotten(trip).then_some((id, *trip)))
            }),
            None => None,
        };
        match found {
            None => Ok(()),
            Some((id, trip)) => Err(format!(
                "{id} holds a place for {trip}, and the orchestrator knows nothing of it"
            )),
        }
    }
}

fn ends(world: &World) -> Result<(), String> {
    let open = orchestrator(world).and_then(|own| own.open.keys().next());
    match open {
        Some(trip) => Err(format!("{trip} has not ended")),
        None => Ok(()),
    }
}
