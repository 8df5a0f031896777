//! How counts get from node to node: told, passed on, sent again, exchanged, asked for.

use std::rc::Rc;

use faultline_sim::process::{Context, NodeId, Start};
use faultline_sim::world::World;

use super::descriptor::{AGAIN, CATCH_UP, EXCHANGE, FORWARD, NODES, OWN, SEND_AGAIN, TOPOLOGY};
use super::{Count, Counter, Message, Reply, Role, Timer, marks, role_of};

/// Whether two nodes are neighbours, by their places in the order of all nodes.
fn adjacent(topology: &str, a: usize, b: usize, all: usize) -> bool {
    let apart = a.abs_diff(b);
    match topology {
        "line" => apart == 1,
        "ring" => apart == 1 || apart + 1 == all,
        "star" => (a == 0) != (b == 0),
        _ => apart != 0,
    }
}

/// The links that there are: between neighbours, and from each client to its node.
pub fn linked(world: &World, a: NodeId, b: NodeId) -> bool {
    let settings = world.settings();
    let clients = [a, b].map(|id| role_of(settings, id) == Role::Client);
    if clients[0] || clients[1] {
        return clients[0] != clients[1];
    }
    let nodes = world
        .ids()
        .filter(|id| role_of(settings, *id) == Role::Node);
    let nodes: Vec<NodeId> = nodes.collect();
    let place = |id| nodes.binary_search(&id).ok();
    let (Some(a), Some(b)) = (place(a), place(b)) else {
        return false;
    };
    adjacent(settings.choice(&TOPOLOGY), a, b, nodes.len())
}

/// The nodes that this one talks to.
fn neighbours(cx: &Context<Counter>) -> Vec<NodeId> {
    let me = cx.me();
    let mut nodes: Vec<NodeId> = cx.peers().chain([me]).collect();
    nodes.retain(|id| role_of(cx.settings(), *id) == Role::Node);
    nodes.sort_unstable();
    let (all, topology) = (nodes.len(), cx.settings().choice(&TOPOLOGY));
    let own = nodes.binary_search(&me).unwrap_or_default();
    let near = nodes
        .iter()
        .enumerate()
        .filter(|(at, _)| adjacent(topology, own, *at, all));
    near.map(|(_, id)| *id).collect()
}

impl Counter {
    /// A node that joins, or comes back, asks its neighbours for all counts.
    pub(super) fn catch_up(&self, cx: &mut Context<Self>, start: Start) {
        let joins = cx.me().0 > cx.settings().count(&NODES);
        if cx.switch(&CATCH_UP) && (joins || start == Start::Recovery) {
            cx.send_all(&neighbours(cx), Message::Ask);
        }
    }

    /// `receiveUpdate`: a node has told its own count, or what it knows of another one.
    pub(super) fn receive_update(
        &mut self,
        cx: &mut Context<Self>,
        from: NodeId,
        of: NodeId,
        count: &Count,
    ) {
        if of == cx.me() && cx.switch(&OWN) {
            return;
        }
        let first = !self.seen.contains_key(&of);
        let known = self.seen.get(&of).copied().unwrap_or_default();
        let next = known.after(count, cx);
        self.seen.insert(of, next);
        if first || !next.equals(&known) {
            cx.mark(&marks::TAKES, (next.value().to_string(), of));
            if next.number < known.number {
                let values = [known, next].map(|count| count.value().to_string());
                let [before, after] = values;
                cx.mark(&marks::GOES_BACK, (before, after, of));
            }
            if cx.switch(&FORWARD) {
                self.pass_on(cx, from, of, next);
            }
        } else if !count.equals(&known) && (from == of || count.number > known.number) {
            let value = count.value().to_string();
            cx.mark(&marks::IGNORES, (value, of, count.number, known.number));
        }
    }

    /// Each change goes on once, to all neighbours but the one it came from.
    fn pass_on(&mut self, cx: &mut Context<Self>, from: NodeId, of: NodeId, count: Count) {
        let passed = self.passed.entry(of).or_default();
        if count.number <= *passed {
            return;
        }
        *passed = count.number;
        let mut to = neighbours(cx);
        to.retain(|id| *id != from);
        cx.send_all(&to, Message::Update { of, count });
    }

    /// Tells one neighbour the count.
    pub(super) fn tell(&mut self, cx: &mut Context<Self>, to: NodeId) -> Reply {
        if !neighbours(cx).contains(&to) {
            let why = format!("{to} is no neighbour of {}", cx.me());
            return Reply::Refused { why };
        }
        self.send_count(cx, &[to]);
        Reply::Done
    }

    /// Tells all neighbours the count.
    pub(super) fn share(&mut self, cx: &mut Context<Self>) {
        self.send_count(cx, &neighbours(cx));
    }

    fn send_count(&mut self, cx: &mut Context<Self>, to: &[NodeId]) {
        let (of, count) = (cx.me(), self.local);
        cx.send_all(to, Message::Update { of, count });
        if cx.switch(&SEND_AGAIN) {
            let number = count.number;
            self.unconfirmed.extend(to.iter().map(|id| (*id, number)));
            cx.set_timer(Timer::Again, cx.duration(&AGAIN));
        }
    }

    /// A count that came from its own node is confirmed to it.
    pub(super) fn confirm(&self, cx: &mut Context<Self>, from: NodeId, of: NodeId, count: &Count) {
        if cx.switch(&SEND_AGAIN) && from == of {
            let number = count.number;
            cx.send(from, Message::Confirm { number });
        }
    }

    pub(super) fn confirmed(&mut self, from: NodeId, number: u32) {
        self.unconfirmed
            .retain(|id, waits| *id != from || *waits > number);
    }

    /// Neighbours that have not confirmed are told again.
    pub(super) fn send_again(&mut self, cx: &mut Context<Self>) {
        let waiting: Vec<NodeId> = self.unconfirmed.keys().copied().collect();
        if !waiting.is_empty() {
            self.send_count(cx, &waiting);
        }
    }

    /// All that a node knows goes to a random neighbour (anti-entropy).
    pub(super) fn exchange(&mut self, cx: &mut Context<Self>) {
        if self.role != Role::Node || !cx.switch(&EXCHANGE) {
            return;
        }
        let near = neighbours(cx);
        if let Some(to) = cx.rng().pick(&near).copied() {
            self.send_counts(cx, to);
        }
    }

    pub(super) fn send_counts(&self, cx: &mut Context<Self>, to: NodeId) {
        let mut counts = self.seen.clone();
        counts.insert(cx.me(), self.local);
        let counts = Rc::new(counts);
        cx.send(to, Message::Counts { counts });
    }
}
