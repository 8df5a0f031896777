//! How a server that was away catches up: how long it takes, and what it is sent for that.

use faultline_sim::clone_probe;
use faultline_sim::event::{Event, Record};
use faultline_sim::probe::{Probe, ProbeSpec};
use faultline_sim::process::{NodeId, Process};
use faultline_sim::time::{Duration, Time};
use faultline_sim::world::World;

use super::{Index, Message, Role, Server};

pub(super) const TOOK: ProbeSpec = ProbeSpec {
    name: "caught-up",
    title: "Time until the server that restarted last has what it missed",
    unit: "ms",
    make: || Box::new(CatchUp::default()),
};

pub(super) const BYTES: ProbeSpec = ProbeSpec {
    name: "caught-up-bytes",
    title: "Bytes sent to the server that restarted last until it has what it missed",
    unit: "bytes",
    make: || {
        Box::new(CatchUp {
            bytes_wanted: true,
            ..CatchUp::default()
        })
    },
};

/// The latest restart.
#[derive(Clone, Default)]
struct CatchUp {
    bytes_wanted: bool,
    back: Option<Back>,
    took: Option<Duration>,
    bytes: u64,
}

#[derive(Clone, Copy)]
struct Back {
    id: NodeId,
    at: Time,
    /// What was committed by then.
    goal: Index,
}

impl Probe for CatchUp {
    clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        let server = |id| {
            let server = world.node::<Server>(id)?;
            (server.role != Role::Client).then_some(server)
        };
        if let (Event::Recovered, Some(id)) = (&record.event, record.node)
            && server(id).is_some()
        {
            let known = world.live().filter_map(server).map(|one| one.commit_index);
            *self = Self {
                bytes_wanted: self.bytes_wanted,
                back: known.max().map(|goal| Back {
                    id,
                    at: record.time,
                    goal,
                }),
                ..Self::default()
            };
        }
        let Some(back) = self.back.filter(|_| self.took.is_none()) else {
            return;
        };
        if let Event::Sent {
            address, message, ..
        } = &record.event
            && address.to == back.id
        {
            let size = message.get::<Message>().map(Server::size);
            self.bytes += size.unwrap_or(0);
        }
        if server(back.id).is_some_and(|one| one.commit_index >= back.goal) {
            self.took = Some(record.time.since(back.at));
        }
    }
    fn value(&self, _world: &World) -> Option<f64> {
        let took = self.took?;
        let read = if self.bytes_wanted {
            self.bytes as f64
        } else {
            took.0 as f64 / 1e3
        };
        Some(read)
    }
}
