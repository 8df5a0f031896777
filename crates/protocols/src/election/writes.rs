//! A leader accepts writes and sends them to the others. Two leaders have two histories, and when the
//! partition heals, one of the two is deleted (question 3 of the activity).
//!
//! A leader confirms a write at once, as a program like this one would. With switch `majority` it waits
//! until more than half of the nodes hold it. Elections do not compare histories, as Raft's do: the
//! highest number leads, whatever it holds.

use faultline_sim::probe::{Look, ProbeSpec, self_declared};
use faultline_sim::process::{Context, NodeId, Operation};
use faultline_sim::quorum::majority;
use faultline_sim::sorted::{SortedMap, SortedSet};
use faultline_sim::world::World;
use serde::Serialize;

use super::descriptor::MAJORITY;
use super::marks;
use super::{Election, Message, Reply};
use crate::elections::NODES;

/// One write: the leader that accepted it, how many it had accepted before, and the text.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Write {
    pub by: NodeId,
    pub nth: u32,
    pub text: String,
}

/// Writes that a node holds, and writes that it has confirmed.
#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct Writes {
    /// In its leader's order.
    pub held: Vec<Write>,
    /// Writes that this node has confirmed to clients. They stay here when the write itself is lost.
    pub confirmed: Vec<Write>,
    /// How many it has accepted as a leader.
    taken: u32,
    /// Switch `majority`: pending writes by their place, with the nodes that hold them.
    #[serde(skip)]
    open: SortedMap<u32, (Operation, SortedSet<NodeId>)>,
}

/// Confirmed writes that the highest leader does not hold.
pub const LOST: ProbeSpec = ProbeSpec {
    name: "lost",
    title: "Confirmed writes missing from the highest leader",
    unit: "writes",
    make: || Box::new(Look(lost)),
};

/// How many different histories the leaders have.
pub const HISTORIES: ProbeSpec = ProbeSpec {
    name: "histories",
    title: "Different histories among leaders",
    unit: "histories",
    make: || {
        Box::new(Look(|world| {
            let mut all: Vec<&[Write]> = Vec::new();
            for id in self_declared(world) {
                let held = world.node::<Election>(id)?.writes.held.as_slice();
                if !all.contains(&held) {
                    all.push(held);
                }
            }
            Some(all.len() as f64)
        }))
    },
};

fn lost(world: &World) -> Option<f64> {
    let leader = self_declared(world).last()?;
    let held = &world.node::<Election>(leader)?.writes.held;
    let nodes = world.ids().filter_map(|id| world.node::<Election>(id));
    let confirmed = nodes.flat_map(|node| &node.writes.confirmed);
    Some(confirmed.filter(|write| !held.contains(write)).count() as f64)
}

impl Writes {
    /// What survives a crash.
    pub fn on_disk(&self) -> Self {
        Self {
            open: SortedMap::new(),
            ..self.clone()
        }
    }
}

impl Election {
    pub(super) fn write(&mut self, cx: &mut Context<Self>, operation: Operation, text: String) {
        if !self.leads(cx.me()) {
            return self.refuse(cx, operation);
        }
        let write = Write {
            by: cx.me(),
            nth: self.writes.taken,
            text,
        };
        self.writes.taken += 1;
        self.writes.held.push(write);
        self.tell(cx);
        let place = self.writes.held.len() as u32;
        if cx.switch(&MAJORITY) {
            let holders = [cx.me()].into_iter().collect();
            self.writes.open.insert(place, (operation, holders));
            self.settle(cx);
        } else {
            self.confirm(cx, place, operation);
        }
    }

    fn refuse(&self, cx: &mut Context<Self>, operation: Operation) {
        let why = match self.leader {
            Some(leader) => format!("{leader} leads, ask it instead"),
            None => "there is no leader".to_owned(),
        };
        cx.reply(operation, Reply::Failed { why });
    }

    /// A leader answers from what it holds, and asks nobody whether it still leads.
    pub(super) fn read(&self, cx: &mut Context<Self>, operation: Operation) {
        if !self.leads(cx.me()) {
            return self.refuse(cx, operation);
        }
        let held = self.writes.held.iter();
        let texts = held.map(|write| write.text.clone()).collect();
        cx.reply(operation, Reply::Held { texts });
    }

    /// Sends all writes to all others.
    pub(super) fn tell(&self, cx: &mut Context<Self>) {
        let held = self.writes.held.clone();
        cx.broadcast(Message::Record { held });
    }

    fn confirm(&mut self, cx: &mut Context<Self>, place: u32, operation: Operation) {
        if let Some(write) = self.writes.held.get(place as usize - 1) {
            self.writes.confirmed.push(write.clone());
            let text = write.text.clone();
            cx.reply(operation, Reply::Stored { text });
        }
    }

    pub(super) fn receive_record(
        &mut self,
        cx: &mut Context<Self>,
        from: NodeId,
        held: Vec<Write>,
    ) {
        if self.leader != Some(from) || self.leads(cx.me()) {
            return;
        }
        let mine = self.writes.held.iter();
        let dropped: Vec<&str> = mine
            .filter(|write| !held.contains(write))
            .map(|write| write.text.as_str())
            .collect();
        if !dropped.is_empty() {
            cx.mark(&marks::DROPS, (from, dropped.join(", ")));
        }
        let places = held.len() as u32;
        self.writes.held = held;
        cx.send(from, Message::Kept { places });
    }

    pub(super) fn receive_kept(&mut self, cx: &mut Context<Self>, from: NodeId, places: u32) {
        for (place, (_, holders)) in self.writes.open.iter_mut() {
            if *place <= places {
                holders.insert(from);
            }
        }
        self.settle(cx);
    }

    /// Confirms the writes that more than half of the nodes hold.
    fn settle(&mut self, cx: &mut Context<Self>) {
        let enough = majority(cx.settings().count(&NODES)) as usize;
        let ready = |(place, (_, holders)): (&u32, &(Operation, SortedSet<NodeId>))| {
            (holders.len() >= enough).then_some(*place)
        };
        let ready: Vec<u32> = self.writes.open.iter().filter_map(ready).collect();
        for place in ready {
            if let Some((operation, _)) = self.writes.open.remove(&place) {
                self.confirm(cx, place, operation);
            }
        }
    }

    /// Another node leads now: waiting clients get a failure, and this node fetches the leader's writes.
    pub(super) fn yield_to(&mut self, cx: &mut Context<Self>, leader: NodeId) {
        for (_, (operation, _)) in std::mem::take(&mut self.writes.open) {
            let why = format!("{leader} leads now");
            cx.reply(operation, Reply::Unknown { why });
        }
        if !self.writes.held.is_empty() {
            cx.send(leader, Message::Fetch);
        }
    }

    pub(super) fn receive_fetch(&self, cx: &mut Context<Self>, from: NodeId) {
        if self.leads(cx.me()) {
            let held = self.writes.held.clone();
            cx.send(from, Message::Record { held });
        }
    }
}
