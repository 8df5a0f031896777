//! Messages under way: lost, stopped by walls, given another arrival.

use super::{Flight, FlightState, LOSSES_KEPT, PARKED, Scheduled, World};
use crate::event::{Event, Loss};
use crate::frame::LossFrame;
use crate::network::PARTITION;
use crate::time::Time;

impl World {
    /// A message is lost, for this reason.
    pub(super) fn lose(&mut self, flight: &Flight, by: Loss) {
        let stamp = self.stamp(None, flight.lamport);
        if matches!(&by, Loss::Blocked(rule) if rule.starts_with(PARTITION)) {
            self.lost_at_split += 1;
        }
        if self.recording {
            let kind = self.fleet.kind(flight.message);
            let way = flight.arrives.since(flight.sent).0.max(1);
            let come = self.now.since(flight.sent).0.min(way);
            self.losses.push_back(LossFrame {
                address: flight.address,
                kind,
                at: self.now,
                progress: come as f64 / way as f64,
                by: by.to_string(),
            });
            if self.losses.len() > LOSSES_KEPT {
                self.losses.pop_front();
            }
            let address = flight.address;
            let lost = || Event::Lost { address, kind, by };
            self.push_record(None, stamp, flight.cause, lost);
        }
        self.fleet.release(flight.message);
    }

    /// Gives walls to messages that will meet one, and takes them from those that no longer will.
    pub(super) fn refresh_walls(&mut self) {
        for slot in 0..self.slots.len() as u32 {
            let Scheduled::Message(flight) = &self.slots[slot as usize].what else {
                continue;
            };
            if flight.state != FlightState::Flying || self.slots[slot as usize].order == PARKED {
                continue;
            }
            let (middle, wall) = (flight.middle(), flight.wall);
            let (from, to) = (flight.address.from, flight.address.to);
            let blocked = middle >= self.now && self.network.wall(from, to).is_some();
            match (blocked, wall) {
                (true, None) => {
                    let wall = self.schedule(middle, Scheduled::Wall(slot));
                    self.flight_mut(slot).wall = Some(wall);
                }
                (false, Some(wall)) => {
                    self.release_slot(wall);
                    self.flight_mut(slot).wall = None;
                }
                _ => {}
            }
        }
    }

    /// Lets a message arrive at another time, from where it is now.
    pub(super) fn retime(&mut self, slot: u32, arrives: Time) {
        let now = self.now;
        let flight = self.flight_mut(slot);
        let left = flight.arrives.since(now).0;
        let new_left = arrives.since(now).0;
        // It keeps its place on the link: what lies behind it is stretched like what lies ahead.
        if let (Some(done), true) = (now.0.checked_sub(flight.sent.0), left > 0) {
            let done = (u128::from(done) * u128::from(new_left) / u128::from(left)) as u64;
            flight.sent = Time(now.0.saturating_sub(done));
        }
        flight.arrives = arrives.max(now);
        let (at, wall) = (flight.arrives, flight.wall.take());
        if let Some(wall) = wall {
            self.release_slot(wall);
        }
        self.enqueue(slot, at);
        self.refresh_walls();
    }

    /// A flight with this address.
    pub(super) fn find_flight(&self, address: crate::network::Address) -> Option<u32> {
        self.flights()
            .find(|(_, flight)| flight.address == address)
            .map(|(slot, _)| slot)
    }

    pub(super) fn touch_all(&mut self) {
        for node in &mut self.nodes {
            node.version += 1;
        }
    }
}
