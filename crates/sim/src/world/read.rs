//! What there is to read of a world.

use serde_json::Value as Json;

use super::{Flight, FlightState, Pending, Scheduled, State, World};
use crate::descriptor::Protocol;
use crate::event::Outcome;
use crate::frame::{Beliefs, Life, Light, Shape, VerdictFrame};
use crate::history::End;
use crate::invariant::Expectation;
use crate::judge::Judge;
use crate::network::{Address, Network};
use crate::node::Typed;
use crate::probe::ProbeSpec;
use crate::process::{NodeId, Process, Shared};
use crate::settings::Settings;
use crate::sorted::{self, SortedMap};
use crate::time::{LocalTime, Time};
use crate::timeline::Call;

impl World {
    /// The instant the world has reached.
    #[must_use]
    pub fn now(&self) -> Time {
        self.now
    }

    /// What a node's own hardware clock shows now, which may be wrong: for monitors of what it makes of that.
    #[must_use]
    pub fn local_time(&self, id: NodeId) -> LocalTime {
        self.nodes[id.index()].clock.read(self.now)
    }

    /// Events processed so far.
    #[must_use]
    pub fn events(&self) -> u64 {
        self.events
    }

    /// Records made so far.
    #[must_use]
    pub fn records(&self) -> u64 {
        self.records
    }

    /// Why the run was cut, if a limit was reached.
    #[must_use]
    pub fn halted(&self) -> Option<&str> {
        self.halted.as_deref()
    }

    /// Run-wide values.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.common.settings
    }

    /// The network and its rules.
    #[must_use]
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// Whether the node is up or paused (as opposed to crashed or removed).
    #[must_use]
    pub fn is_live(&self, id: NodeId) -> bool {
        let state = self.nodes.get(id.index()).map(|node| node.state);
        matches!(state, Some(State::Up | State::Paused { .. }))
    }

    /// Nodes that are up or paused (a paused node has not crashed).
    pub fn live(&self) -> impl Iterator<Item = NodeId> + '_ {
        self.ids().filter(|id| self.is_live(*id))
    }

    /// All nodes that have not been removed.
    pub fn ids(&self) -> impl ExactSizeIterator<Item = NodeId> + '_ {
        self.known.iter().copied()
    }

    /// How many nodes have ever been added, those that were removed included.
    #[must_use]
    pub fn added(&self) -> u32 {
        self.nodes.len() as u32
    }

    /// What a node believes.
    #[must_use]
    pub fn beliefs(&self, id: NodeId) -> Beliefs {
        let node = &self.nodes[id.index()];
        let peers = node
            .opinions
            .iter()
            .map(|(id, opinion)| (*id, *opinion))
            .collect();
        Beliefs {
            leaders: self.leaders,
            leader: node.leader,
            peers,
        }
    }

    /// Who a node believes to lead.
    #[must_use]
    pub fn believed_leader(&self, id: NodeId) -> Option<NodeId> {
        self.nodes[id.index()].leader
    }

    /// The truth about a node's life; none if it was removed or never was.
    #[must_use]
    pub fn life(&self, id: NodeId) -> Option<Life> {
        match self.nodes.get(id.index())?.state {
            State::Up => Some(Life::Up),
            State::Down { since } => Some(Life::Down { since }),
            State::Paused { since } => Some(Life::Paused { since }),
            State::Removed => None,
        }
    }

    /// Deliveries and timers that wait at a paused node.
    #[must_use]
    pub fn inbox(&self, id: NodeId) -> usize {
        self.nodes[id.index()].inbox.len()
    }

    /// The state of a process, if the world runs processes of this type.
    #[must_use]
    pub fn node<P: Process>(&self, id: NodeId) -> Option<&P> {
        self.known.binary_search(&id).ok()?;
        self.fleet
            .as_any()
            .downcast_ref::<Typed<P>>()
            .map(|fleet| fleet.node(id))
    }

    /// A process's state as JSON.
    #[must_use]
    pub fn state(&self, id: NodeId) -> Json {
        self.fleet.state(id)
    }

    /// Messages sent so far, by kind.
    #[must_use]
    pub fn sent(&self) -> SortedMap<&'static str, u64> {
        self.sent.iter().copied().collect()
    }

    /// Addresses of all messages on their way (also held and waiting ones), in order of sending.
    #[must_use]
    pub fn in_flight(&self) -> Vec<Address> {
        let mut flights: Vec<&Flight> = self.flights().map(|(_, flight)| flight).collect();
        sorted::sort_by_key(&mut flights, |flight| (flight.cause, flight.address));
        flights.iter().map(|flight| flight.address).collect()
    }

    pub(super) fn flights(&self) -> impl Iterator<Item = (u32, &Flight)> {
        self.slots
            .iter()
            .enumerate()
            .filter_map(|(at, slot)| match &slot.what {
                Scheduled::Message(flight) => Some((at as u32, flight)),
                _ => None,
            })
    }

    /// Messages on their way whose sending is a later record than this: the record, when they left, and
    /// when they arrive, meet a wall, or were caught.
    pub(crate) fn trips(&self, after: u64) -> impl Iterator<Item = (u64, Time, Time)> + '_ {
        let flights = self.flights().map(|(_, flight)| flight);
        let fresh = flights.filter(move |flight| flight.cause > after);
        fresh.map(|flight| {
            let to = match (flight.state, flight.wall) {
                (FlightState::Held, _) => flight.held_at,
                (_, Some(_)) => flight.middle(),
                (_, None) => flight.arrives,
            };
            (flight.cause, flight.sent, to)
        })
    }

    /// Whether no call is under way, and no message but heartbeats.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        let tells = |flight: &Flight| {
            let own = self.fleet.glyph_override(flight.message);
            let kind = || self.kind_of(self.fleet.kind(flight.message)).shape;
            own.map_or_else(kind, |(shape, _)| shape) != Shape::Heartbeat
        };
        self.stack.is_empty() && !self.flights().any(|(_, flight)| tells(flight))
    }

    /// What it runs, if it has been described.
    #[must_use]
    pub fn protocol(&self) -> Option<&'static Protocol> {
        self.protocol
    }

    /// Whether messages are direct calls.
    #[must_use]
    pub fn is_nested(&self) -> bool {
        self.nested
    }

    /// The direct call that the next event makes, if it makes one.
    #[must_use]
    pub fn next_call(&self) -> Option<Call> {
        let Some(Pending::Call(slot)) = self.stack.last() else {
            return None;
        };
        let Scheduled::Message(flight) = &self.slots[*slot as usize].what else {
            return None;
        };
        let Address { from, to, .. } = flight.address;
        let up = self.nodes.get(to.index()).map(|node| node.state) == Some(State::Up);
        Some(Call {
            address: flight.address,
            blocked: up && self.network.wall(from, to).is_some(),
        })
    }

    /// How a message of a record is drawn.
    #[must_use]
    pub fn shape_of(&self, kind: &'static str, message: &Shared) -> Shape {
        let own = self.fleet.shape_of(message);
        own.unwrap_or_else(|| self.kind_of(kind).shape)
    }

    /// What the messages under way were made of that were sent after this record, in bytes: a copy of
    /// the world shares it with them.
    pub(crate) fn sent_since(&self, record: u64) -> usize {
        let flights = self.flights();
        let fresh = flights.filter(|(_, flight)| flight.cause > record);
        fresh
            .map(|(_, flight)| self.fleet.weight(flight.message))
            .sum()
    }

    /// The full text of a message on its way.
    #[must_use]
    pub fn message_text(&self, address: Address) -> Option<String> {
        let (_, flight) = self
            .flights()
            .find(|(_, flight)| flight.address == address)?;
        Some(self.fleet.text(flight.message))
    }

    /// Whether sends are direct calls ([`Delivery::Nested`](crate::descriptor::Delivery::Nested)).
    #[must_use]
    pub fn calls_directly(&self) -> bool {
        self.nested
    }

    /// A message on its way, if the world runs processes of this type.
    #[must_use]
    pub fn message<P: Process>(&self, address: Address) -> Option<&P::Message> {
        let mut flights = self.flights();
        let (_, flight) = flights.find(|(_, flight)| flight.address == address)?;
        let fleet = self.fleet.as_any().downcast_ref::<Typed<P>>()?;
        Some(fleet.message(flight.message))
    }

    /// How many bytes a message in flight takes on the network.
    #[must_use]
    pub fn message_size(&self, address: Address) -> Option<u64> {
        let mut flights = self.flights();
        let (_, flight) = flights.find(|(_, flight)| flight.address == address)?;
        Some(self.fleet.size(flight.message))
    }

    /// What clients did and were told so far, and what is wrong with it; none if they share nothing.
    #[must_use]
    pub fn judge(&self) -> Option<&Judge> {
        self.judge.as_ref()
    }

    /// How an operation with this outcome ended.
    #[must_use]
    pub fn end(&self, outcome: &Outcome) -> End {
        match outcome {
            Outcome::Refused(_) => End::Failed,
            Outcome::Replied(reply) => self.protocol.map_or(End::Ok, |of| (of.end)(reply)),
        }
    }

    /// The values of all probes, in order.
    pub fn probes(&self) -> impl Iterator<Item = (&ProbeSpec, Option<f64>)> {
        self.meters
            .iter()
            .map(|meter| (&meter.spec, meter.probe.value(self)))
    }

    /// How many laws that must always hold are broken by now.
    #[must_use]
    pub fn broken_laws(&self) -> usize {
        let broken = |watch: &&super::Watch| watch.broken.is_some();
        self.watches.iter().filter(broken).count()
    }

    /// How the invariants stand; `at_end` judges what must be true by the end.
    #[must_use]
    pub fn verdicts(&self, at_end: bool) -> Vec<VerdictFrame> {
        self.watches
            .iter()
            .map(|watch| {
                let light = match (&watch.broken, watch.spec.kind) {
                    (Some(breach), _) => Light::Broken {
                        reason: breach.reason.clone(),
                        at: breach.at,
                        seq: breach.seq,
                        node: breach.node,
                    },
                    (None, Expectation::Always) => Light::Holds,
                    (None, kind) => match watch.monitor.satisfied(self) {
                        Ok(()) => Light::Holds,
                        Err(reason) if at_end && kind == Expectation::Eventually => Light::Broken {
                            reason,
                            at: self.now,
                            seq: self.records,
                            node: None,
                        },
                        Err(reason) => Light::NotYet(reason),
                    },
                };
                let spec = &watch.spec;
                VerdictFrame {
                    name: spec.name,
                    title: spec.title,
                    kind: spec.kind,
                    breaks_under: spec.breaks_under,
                    light,
                }
            })
            .collect()
    }
}
