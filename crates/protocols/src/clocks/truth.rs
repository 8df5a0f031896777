//! Happened-before (Lamport 1978, section 1) between the events of a run, seen from outside and followed
//! along the messages in the records. It uses no stamp, so that it can judge stamps.
//!
//! The past of an event is a count for each node: the node's first events up to that count lie in the
//! past, because the past of an event is part of the past of every later event of its node.

use std::rc::Rc;

use faultline_sim::event::{Event, Record};
use faultline_sim::process::NodeId;
use faultline_sim::sorted::SortedMap;
use faultline_sim::world::World;

use super::{Clock, EventKind, Member, StampedEvent};
use crate::vector::{part, raise_to};

/// All events that happened before an event, itself included.
#[derive(Clone, Debug, Default, Hash)]
pub struct Past {
    /// How many events of each node.
    pub events: Vec<u64>,
    /// How many broadcasts of each node.
    pub broadcasts: Vec<u64>,
    /// The event with the highest number as its stamp: stamp, node, ordinal at that node.
    pub highest: Option<(u64, NodeId, u64)>,
}

impl Past {
    fn add(&mut self, other: &Past) {
        raise_to(&mut self.events, &other.events);
        raise_to(&mut self.broadcasts, &other.broadcasts);
        self.highest = self.highest.max(other.highest);
    }
}

/// A message with its sender's past.
#[derive(Clone, Debug, Hash)]
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
    /// All events that happened before it, itself included.
    pub past: Rc<Past>,
    /// The highest number in its past, itself not included.
    pub highest_before: Option<(u64, NodeId, u64)>,
    /// If it accepted a message: the message's past, and whether it was a broadcast.
    pub message: Option<(Rc<Past>, bool)>,
}

/// Follows a run.
#[derive(Clone, Default, Hash)]
pub struct Truth {
    pasts: SortedMap<NodeId, Rc<Past>>,
    /// The number of each node's latest message.
    sent: SortedMap<NodeId, u64>,
    flying: SortedMap<(NodeId, NodeId, u32), Sent>,
    /// Messages at their receivers: receiver, sender, number.
    arrived: SortedMap<(NodeId, NodeId, u64), Sent>,
    /// Pairs of events of which neither happened before the other.
    pub concurrent: u64,
    events: u64,
}

impl Truth {
    /// The event that the record makes, if any.
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
                // A message that neither waits nor was accepted now has been discarded.
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
