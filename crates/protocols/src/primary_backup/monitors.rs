//! What is measured, and what must hold.

use faultline_sim::event::Record;
use faultline_sim::history::{End, History};
use faultline_sim::invariant::Invariant;
use faultline_sim::probe::Probe;
use faultline_sim::process::NodeId;
use faultline_sim::shared::SharedMap;
use faultline_sim::world::World;
use faultline_sim::{clone_invariant, clone_probe};

use super::server::Server;
use super::service::Service;
use super::{Member, Reply, SERVICE, marks};
use crate::parts::request::RequestId;
use crate::parts::roles::{all, role};

fn live(world: &World) -> impl Iterator<Item = (NodeId, &Server)> {
    all::<Member, Server>(world).filter(|(id, _)| world.is_live(*id))
}

/// The writes that clients were told are done.
#[derive(Clone, Default, Hash)]
struct Confirmed {
    history: History,
    writes: SharedMap<RequestId, ()>,
}

impl Confirmed {
    fn read(&mut self, record: &Record, world: &World) {
        let Some(ended) = self.history.read(record, world, |_| ()) else {
            return;
        };
        let reply = ended.reply.and_then(|reply| reply.get::<Reply>());
        if let (End::Ok, Some(Reply::Written { id })) = (ended.end, reply) {
            self.writes.insert(*id, ());
        }
    }

    /// Those that a server does not know.
    fn missing<'a>(&'a self, server: &'a Server) -> impl Iterator<Item = RequestId> + 'a {
        let known = |id: &&RequestId| !server.state.answers.contains_key(*id);
        self.writes.keys().filter(known).copied()
    }
}

/// Confirmed writes that the primary does not have; while it is down, that nobody has.
#[derive(Clone, Default)]
pub(super) struct Lost(Confirmed);

impl Probe for Lost {
    clone_probe!();

    fn on_record(&mut self, record: &Record, world: &World) {
        self.0.read(record, world);
    }

    fn value(&self, world: &World) -> Option<f64> {
        let service: &Service = role::<Member, _>(world, SERVICE)?;
        let primary = service.view.primary;
        let server = live(world).find(|(id, server)| {
            *id == primary.id && server.start == primary.start && server.is_primary(*id)
        });
        let lost = match server {
            Some((_, server)) => self.0.missing(server).count(),
            None => {
                let nobody = |id: &&RequestId| {
                    live(world).all(|(_, server)| !server.state.answers.contains_key(*id))
                };
                self.0.writes.keys().filter(nobody).count()
            }
        };
        Some(lost as f64)
    }
}

/// A primary that begins to answer has every confirmed write.
#[derive(Clone, Default, Hash)]
pub(super) struct NoLostWrite(Confirmed);

impl Invariant for NoLostWrite {
    clone_invariant!();

    fn judges_answers(&self) -> bool {
        true
    }

    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        self.0.read(record, world);
        let serves = record.marked(&marks::SERVES).is_some();
        let Some(id) = record.node.filter(|_| serves) else {
            return Ok(());
        };
        let server: Option<&Server> = role::<Member, _>(world, id);
        match server.and_then(|server| self.0.missing(server).next()) {
            None => Ok(()),
            Some(request) => Err(format!(
                "{id} answers clients now, but it does not have request {request}, which was confirmed."
            )),
        }
    }
}

/// Clients are answered in the end, if a server that has the state runs.
pub(super) fn served(world: &World) -> Result<(), String> {
    let service: Option<&Service> = role::<Member, _>(world, SERVICE);
    let Some(service) = service.filter(|_| world.is_live(SERVICE)) else {
        return Ok(());
    };
    let has_state = |life: &super::Life| {
        let server: Option<&Server> = role::<Member, _>(world, life.id);
        world.is_live(life.id) && server.is_some_and(|server| server.start == life.start)
    };
    if !service.complete.iter().any(has_state) {
        return Ok(());
    }
    let primary = service.view.primary;
    if live(world).any(|(id, server)| id == primary.id && server.serves(id)) {
        Ok(())
    } else {
        Err("no primary answers".to_owned())
    }
}

/// How many servers think that they are the primary.
pub(super) fn primaries(world: &World) -> Option<f64> {
    Some(
        live(world)
            .filter(|(id, server)| server.is_primary(*id))
            .count() as f64,
    )
}

/// The number of the newest view.
pub(super) fn view(world: &World) -> Option<f64> {
    let service: &Service = role::<Member, _>(world, SERVICE)?;
    Some(service.view.number as f64)
}

/// How long no primary could answer.
pub(super) fn unserved(world: &World) -> bool {
    !live(world).any(|(id, server)| server.serves(id))
}
