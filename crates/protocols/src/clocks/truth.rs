//! What led to what, seen from outside: happened-before (Lamport 1978, section 1) between the events
//! of a run, followed along the messages that records tell of. No stamp is looked at, so that stamps
//! can be judged by it.
//!
//! The past of an event is a number for each node: its events up to there lie in the past, since what
//! led to an event led to all that its node did afterwards.

use std::rc::Rc;

use faultline_sim::event::{Event, Record};
use faultline_sim::process::NodeId;
use faultline_sim::sorted::SortedMap;
use faultline_sim::world::World;

use super::{Clock, EventKind, Member, StampedEvent};
use crate::vector::{part, raise_to};

/// All that led to an event, itself included.
#[derive(Clone, Debug, Default)]
pub struct Past {
    /// How many events of each node.
    pub events: Vec<u64>,
    /// How many broadcasts of each node.
    pub broadcasts: Vec<u64>,
    /// The event with the highest number for a stamp: stamp, node, the how-manieth there.
    pub highest: Option<(u64, NodeId, u64)>,
}

impl Past {
    fn add(&mut self, other: &Past) {
        raise_to(&mut self.events, &other.events);
        raise_to(&mut self.broadcasts, &other.broadcasts);
        self.highest = self.highest.max(other.highest);
    }
}

/// A message with what its sender had in its past.
#[derive(Clone, Debug)]
struct Sent {
    number: u64,
    broadcast: bool,
    /// On their way.
    copies: u32,
    past: Rc<Past>,
}

/// An event that has just happened.
pub struct NewEvent<'w> {
    pub node: NodeId,
    pub happening: &'w StampedEvent,
    /// All that led to it, itself included.
    pub past: Rc<Past>,
    /// The highest number that led to it, itself not included.
    pub highest_before: Option<(u64, NodeId, u64)>,
    /// Where a message was taken: its past, and whether it was a broadcast.
    pub message: Option<(Rc<Past>, bool)>,
}

/// Follows a run.
#[derive(Clone, Default)]
pub struct Truth {
    pasts: SortedMap<NodeId, Rc<Past>>,
    /// The number of each node's latest message.
    sent: SortedMap<NodeId, u64>,
    flying: SortedMap<(NodeId, NodeId, u32), Sent>,
    /// Messages at their receivers: receiver, sender, number.
    arrived: SortedMap<(NodeId, NodeId, u64), Sent>,
    /// Pairs of events of which neither led to the other.
    pub concurrent: u64,
    events: u64,
}

impl Truth {
    /// What the record tells of: at most one event.
    pub fn see<'w>(&mut self, record: &Record, world: &'w World) -> Option<NewEvent<'w>> {
        match &record.event {
            Event::Duplicated { address, .. } => {
                if let Some(sent) = self.flying.get_mut(&(address.from, address.to, address.k)) {
                    sent.copies += 1;
                }
            }
            Event::Lost { address, .. } => {
                self.less((address.from, address.to, address.k));
            }
            Event::Delivered { address, .. } => {
                if let Some(sent) = self.less((address.from, address.to, address.k)) {
                    self.arrived
                        .insert((address.to, address.from, sent.number), sent);
                }
            }
            _ => {}
        }
        let node = record.node?;
        let member = world.node::<Member>(node)?;
        let new = self.happened(node, member);
        match &record.event {
            Event::Delivered { address, .. } => {
                // What neither waits nor was taken just now has been put away.
                let from = address.from;
                let waits = |number: u64| {
                    member
                        .held
                        .iter()
                        .any(|held| (held.from, held.number) == (from, number))
                };
                self.arrived
                    .retain(|(to, by, number), _| *to != node || *by != from || waits(*number));
            }
            Event::Sent { address, kind, .. } => {
                let broadcast = *kind == "BROADCAST";
                let first = self.sent.insert(node, member.sent) != Some(member.sent);
                let past = self.pasts.entry(node).or_default();
                if broadcast && first {
                    *part(&mut Rc::make_mut(past).broadcasts, node) += 1;
                }
                let sent = Sent {
                    number: member.sent,
                    broadcast,
                    copies: 1,
                    past: past.clone(),
                };
                self.flying
                    .insert((address.from, address.to, address.k), sent);
            }
            _ => {}
        }
        new
    }

    /// One copy fewer is on its way.
    fn less(&mut self, address: (NodeId, NodeId, u32)) -> Option<Sent> {
        let sent = self.flying.get_mut(&address)?;
        sent.copies -= 1;
        if sent.copies == 0 {
            return self.flying.remove(&address);
        }
        Some(sent.clone())
    }

    fn happened<'w>(&mut self, node: NodeId, member: &'w Member) -> Option<NewEvent<'w>> {
        let known = self.pasts.entry(node).or_default();
        let past = Rc::make_mut(known);
        let own = *part(&mut past.events, node);
        if member.events == own {
            return None;
        }
        let happening = member.latest.last()?;
        let mut message = None;
        if let EventKind::Takes { from, number } = happening.what
            && let Some(sent) = self.arrived.get(&(node, from, number))
        {
            past.add(&sent.past);
            message = Some((sent.past.clone(), sent.broadcast));
        }
        *part(&mut past.events, node) = member.events;
        let highest_before = past.highest;
        if let Clock::Number(time) = happening.stamp {
            past.highest = past.highest.max(Some((time, node, member.events)));
        }
        let before: u64 = past.events.iter().sum::<u64>() - 1;
        self.concurrent += self.events - before;
        self.events += 1;
        let past = known.clone();
        Some(NewEvent {
            node,
            happening,
            past,
            highest_before,
            message,
        })
    }
}
