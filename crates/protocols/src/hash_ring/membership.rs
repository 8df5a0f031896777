//! Membership: which nodes are on the ring, as each node believes.
//!
//! Each node has a number of changes: even, it is on the ring; odd, it is not. The larger number is
//! newer, so tables merge in any order. Only the node itself makes an odd number even again, when it
//! learns that others believe it has left.

use faultline_sim::process::{Context, NodeId};
use faultline_sim::sorted::SortedMap;
use serde::{Serialize, Serializer};

use super::descriptor::{DETECT, SUSPECT};
use super::key::ranges;
use super::marks;
use super::{HashRing, Message};

/// The ring's members, as a node knows them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Seats(pub SortedMap<NodeId, u32>);

impl Seats {
    pub fn of(ids: impl Iterator<Item = NodeId>) -> Self {
        Self(ids.map(|id| (id, 0)).collect())
    }

    pub fn members(&self) -> impl Iterator<Item = NodeId> + Clone + '_ {
        let on = self.0.iter().filter(|(_, changes)| **changes % 2 == 0);
        on.map(|(id, _)| *id)
    }

    pub fn is_member(&self, id: NodeId) -> bool {
        self.0.get(&id).is_some_and(|changes| changes % 2 == 0)
    }

    /// Removes a node from the ring.
    pub fn strike(&mut self, id: NodeId) {
        *self.0.entry(id).or_default() |= 1;
    }

    /// Adopts newer entries.
    fn merge(&mut self, other: &Seats) {
        for (id, changes) in other.0.iter() {
            let own = self.0.entry(*id).or_insert(*changes);
            *own = (*own).max(*changes);
        }
    }

    /// Whether this table has something newer than another.
    fn knows_more_than(&self, other: &Seats) -> bool {
        let newer = |(id, changes): (&NodeId, &u32)| other.0.get(id).is_none_or(|o| o < changes);
        self.0.iter().any(newer)
    }
}

impl Serialize for Seats {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let on = ranges(self.members().map(|id| id.0)).join(",");
        let off = self.0.keys().filter(|id| !self.is_member(**id));
        let off = ranges(off.map(|id| id.0)).join(",");
        let text = if off.is_empty() {
            on
        } else {
            format!("{on} without {off}")
        };
        serializer.serialize_str(&text)
    }
}

impl HashRing {
    /// A new or restarted node announces itself.
    pub(super) fn join(&mut self, cx: &mut Context<Self>) {
        cx.broadcast(Message::Join {
            seats: self.seats.clone(),
        });
    }

    /// A node sends its table.
    pub(super) fn hear(&mut self, cx: &mut Context<Self>, from: NodeId, seats: &Seats) {
        if self.watched == Some(from) {
            self.heard = cx.now();
        }
        self.seats.merge(seats);
        if !self.seats.is_member(cx.me()) {
            cx.mark(&marks::STILL_HERE, ());
            *self.seats.0.entry(cx.me()).or_default() += 1;
            let seats = self.seats.clone();
            cx.broadcast(Message::News { seats });
        } else if self.seats.knows_more_than(seats) && cx.peers().any(|peer| peer == from) {
            let seats = self.seats.clone();
            cx.send(from, Message::News { seats });
        }
        self.adopt(cx);
    }

    /// Periodically: sends a heartbeat to the next node, and suspects the previous one if it is silent.
    pub(super) fn watch(&mut self, cx: &mut Context<Self>) {
        let me = cx.me();
        let gone: Vec<NodeId> = self
            .seats
            .members()
            .filter(|id| *id != me && !cx.peers().any(|peer| peer == *id))
            .collect();
        for id in gone {
            self.seats.strike(id);
        }
        let before = self.neighbour(false, me);
        if before != self.watched {
            self.watched = before;
            self.heard = cx.now();
        } else if let Some(silent) = before
            && cx.now().since(self.heard) > cx.duration(&SUSPECT)
        {
            let name = self.ring.rules.name(silent);
            cx.mark(&marks::REMOVES, name);
            self.seats.strike(silent);
            let seats = self.seats.clone();
            cx.broadcast(Message::News { seats });
            self.watched = None;
        }
        let seats = self.seats.clone();
        if let Some(next) = self.neighbour(true, me) {
            let seats = seats.clone();
            cx.send(next, Message::Ping { seats });
        }
        // A node believed gone may have restarted, or its partition may have healed.
        let strays = cx.peers().filter(|id| !self.seats.is_member(*id));
        let next = strays.clone().find(|id| Some(*id) > self.stray);
        self.stray = next.or_else(|| strays.clone().next());
        if let Some(stray) = self.stray {
            cx.send(stray, Message::Ping { seats });
        }
        self.adopt(cx);
    }

    /// The next member by number, or the one before, if this node is not alone.
    fn neighbour(&self, next: bool, me: NodeId) -> Option<NodeId> {
        let others = || self.seats.members().filter(|id| *id != me);
        if next {
            others().find(|id| *id > me).or_else(|| others().next())
        } else {
            others()
                .filter(|id| *id < me)
                .last()
                .or_else(|| others().last())
        }
    }

    /// Whether a silent neighbour is removed.
    pub(super) fn detects(cx: &Context<Self>) -> bool {
        cx.switch(&DETECT)
    }
}
