//! What is measured, and what must hold.

use faultline_sim::event::{Event, Record};
use faultline_sim::history::{End, History};
use faultline_sim::invariant::Invariant;
use faultline_sim::network::Address;
use faultline_sim::probe::Probe;
use faultline_sim::process::NodeId;
use faultline_sim::sorted::{SortedMap, SortedSet};
use faultline_sim::time::Duration;
use faultline_sim::world::World;
use faultline_sim::{clone_invariant, clone_probe};

use super::{Member, Message, Query, Reply, RequestId};
use crate::parts::calls::Call;

/// A request that has waited longer than this counts as not answered, until it is.
const PATIENCE: Duration = Duration::seconds(5);

fn sum(world: &World, of: impl Fn(&Member) -> u64) -> Option<f64> {
    let members = world.ids().filter_map(|id| world.node::<Member>(id));
    Some(members.map(of).sum::<u64>() as f64)
}

pub(super) fn answers(world: &World) -> Option<f64> {
    sum(world, |member| member.answered)
}

pub(super) fn failed(world: &World) -> Option<f64> {
    sum(world, |member| member.failed)
}

pub(super) fn waiting(world: &World) -> Option<f64> {
    sum(world, |member| member.calls.open.len() as u64)
}

/// The share of requests that were answered, of all that ended or have waited long.
#[derive(Clone, Default)]
pub(super) struct Share {
    history: History,
    answered: u64,
    failed: u64,
}

impl Probe for Share {
    clone_probe!();

    fn on_record(&mut self, record: &Record, world: &World) {
        match self.history.read(record, world, |_| ()) {
            Some(ended) if ended.end == End::Ok => self.answered += 1,
            Some(_) => self.failed += 1,
            None => {}
        }
    }

    fn value(&self, world: &World) -> Option<f64> {
        let late = self.history.open();
        let late = late.filter(|(_, begun)| world.now().since(begun.invoked) > PATIENCE);
        let all = self.answered + self.failed + late.count() as u64;
        (all > 0).then(|| 100.0 * self.answered as f64 / all as f64)
    }
}

/// Reads that return less than what was confirmed before they began.
#[derive(Clone, Default, Hash)]
struct Reads {
    /// The open requests, each with the last confirmed write when it began.
    history: History<u64>,
    confirmed: SortedMap<NodeId, u64>,
}

impl Reads {
    /// The client, what it read, and what it should have read at least.
    fn stale(&mut self, record: &Record, world: &World) -> Option<(NodeId, u64, u64)> {
        let known = |id| self.confirmed.get(&id).copied().unwrap_or(0);
        let before = record.node.map_or(0, known);
        let ended = self.history.read(record, world, |_| before)?;
        let client = ended.begun.node;
        match *ended.reply?.get::<Reply>()? {
            Reply::Written { value, .. } => {
                let confirmed = self.confirmed.entry(client).or_insert(0);
                *confirmed = value.max(*confirmed);
                None
            }
            Reply::Read { value, .. } if value < ended.begun.note => {
                Some((client, value, ended.begun.note))
            }
            _ => None,
        }
    }
}

#[derive(Clone, Default)]
pub(super) struct StaleReads {
    reads: Reads,
    found: u64,
}

impl Probe for StaleReads {
    clone_probe!();

    fn on_record(&mut self, record: &Record, world: &World) {
        self.found += u64::from(self.reads.stale(record, world).is_some());
    }

    fn value(&self, _world: &World) -> Option<f64> {
        Some(self.found as f64)
    }
}

#[derive(Clone, Default, Hash)]
pub(super) struct NoLostWrite(Reads);

impl Invariant for NoLostWrite {
    clone_invariant!();

    fn judges_answers(&self) -> bool {
        true
    }

    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        match self.0.stale(record, world) {
            None => Ok(()),
            Some((client, read, confirmed)) => Err(format!(
                "{client} reads x = {read}, although x = {confirmed} was confirmed before."
            )),
        }
    }
}

/// Follows each message of a request. A client that waits without a timeout waits for ever once so
/// many of them are lost that the rest cannot bring enough answers.
#[derive(Clone, Default, Hash)]
pub(super) struct NoEndlessWait {
    in_flight: SortedMap<Address, RequestId>,
    /// Requests, each with a server that will not answer it.
    lost: SortedSet<(RequestId, NodeId)>,
}

/// The server at the other end of a request's message.
fn server(id: RequestId, address: Address) -> NodeId {
    if address.from == id.from {
        address.to
    } else {
        address.from
    }
}

fn open(world: &World, id: RequestId) -> Option<&Call<Query>> {
    world.node::<Member>(id.from)?.calls.open.get(&id.number)
}

impl NoEndlessWait {
    /// A message is lost. The request that now waits for ever, if one does.
    fn lose(&mut self, address: Address, world: &World) -> Option<RequestId> {
        let id = self.in_flight.remove(&address)?;
        let to = server(id, address);
        let mut others = self.in_flight.iter();
        if others.any(|(address, other)| *other == id && server(id, *address) == to) {
            return None;
        }
        self.lost.retain(|(id, _)| open(world, *id).is_some());
        self.lost.insert((id, to));
        let call = open(world, id).filter(|call| !call.query.timed)?;
        let hope = |server: &&NodeId| !self.lost.contains(&(id, **server));
        let hope = call.waits_for.iter().filter(hope).count();
        let most = call.query.heard.len() + hope;
        ((most as u32) < call.query.need).then_some(id)
    }
}

impl Invariant for NoEndlessWait {
    clone_invariant!();

    fn judges_losses(&self) -> bool {
        true
    }

    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        match &record.event {
            Event::Sent {
                address, message, ..
            } => {
                let Some(message) = message.get::<Message>() else {
                    return Ok(());
                };
                let (Message::Write { id, .. }
                | Message::Read { id }
                | Message::Stored { id }
                | Message::Value { id, .. }) = message;
                self.lost.remove(&(*id, server(*id, *address)));
                self.in_flight.insert(*address, *id);
            }
            Event::Duplicated { address, .. } => {
                let original = Address {
                    copy: 0,
                    ..*address
                };
                if let Some(id) = self.in_flight.get(&original).copied() {
                    self.in_flight.insert(*address, id);
                }
            }
            Event::Delivered { address, .. } => {
                self.in_flight.remove(address);
            }
            Event::Lost { address, .. } => {
                if let Some(id) = self.lose(*address, world) {
                    let (client, number) = (id.from, id.number);
                    return Err(format!(
                        "{client} waits for an answer to its request {number}, and none can come."
                    ));
                }
            }
            _ => {}
        }
        Ok(())
    }
}
