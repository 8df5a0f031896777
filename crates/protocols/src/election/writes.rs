//! What a leader is for: it takes writes and tells the others. Two leaders have two histories, and
//! when they meet, one of the two is thrown away (question 3 of the activity).
//!
//! As a program like this one would, a leader confirms a write at once. With switch `majority` it waits
//! until more than half of the nodes hold it. It does not compare histories before it elects, as Raft
//! does: the highest number leads, whatever it holds.

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

/// One write: the leader that took it, how many it had taken before, and what was written.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Write {
    pub by: NodeId,
    pub nth: u32,
    pub text: String,
}

/// What a node holds, and what it has promised.
#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct Writes {
    /// In the order of the leader that it follows.
    pub held: Vec<Write>,
    /// Those that this node has confirmed to clients: promises do not go away with what was promised.
    pub confirmed: Vec<Write>,
    /// How many it has taken as a leader.
    taken: u32,
    /// Switch `majority`: writes that wait, by their place, with those who hold them.
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

/// How many histories are told by those who lead.
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
            let why = match self.leader {
                Some(leader) => format!("{leader} leads, ask it instead"),
                None => "there is no leader".to_owned(),
            };
            return cx.reply(operation, Reply::Failed { why });
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

    /// Tells all others what there is.
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

    /// Confirms what more than half hold.
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

    /// Somebody else leads now: whoever waits is told, and what this node holds is compared.
    pub(super) fn yield_to(&mut self, cx: &mut Context<Self>, leader: NodeId) {
        for (_, (operation, _)) in std::mem::take(&mut self.writes.open) {
            let why = format!("{leader} leads now");
            cx.reply(operation, Reply::Failed { why });
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
