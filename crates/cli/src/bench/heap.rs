//! The baseline: the pushes and pops of a workload on the standard library's binary heap, with a
//! one-line handler and a xorshift latency. It has no processes, faults or names.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::hint::black_box;

use super::{Done, FAN_OUT, GOSSIP_NODES, HEARTBEAT_NODES, LATENCY, PERIOD, TOKEN_NODES, Workload};

/// Earliest first, then in order of pushing. A node's message to itself is its timer.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    time: u64,
    order: u64,
    to: u32,
    from: u32,
}

struct Queue {
    heap: BinaryHeap<Reverse<Entry>>,
    order: u64,
    random: u64,
}

impl Queue {
    #[inline]
    fn push(&mut self, time: u64, from: u32, to: u32) {
        self.order += 1;
        let order = self.order;
        self.heap.push(Reverse(Entry {
            time,
            order,
            to,
            from,
        }));
    }

    #[inline]
    fn send(&mut self, now: u64, from: u32, to: u32) {
        let (min, max) = LATENCY;
        let latency = min + self.below(max - min + 1);
        self.push(now + latency, from, to);
    }

    #[inline]
    fn below(&mut self, n: u64) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        ((self.random >> 32) * n) >> 32
    }
}

pub fn run(workload: Workload, deliveries: u64) -> Done {
    let mut queue = Queue {
        heap: BinaryHeap::new(),
        order: 0,
        random: 0x9E37_79B9_7F4A_7C15,
    };
    match workload {
        Workload::W1 => heartbeats(&mut queue, deliveries),
        Workload::W2 => token(&mut queue, deliveries),
        Workload::W3 => gossip(&mut queue, deliveries),
    }
}

fn heartbeats(queue: &mut Queue, deliveries: u64) -> Done {
    const NODES: u32 = HEARTBEAT_NODES;
    let mut heard = [[0; NODES as usize]; NODES as usize];
    for node in 0..NODES {
        queue.push(PERIOD.0 * u64::from(node) / u64::from(NODES), node, node);
    }
    let (mut delivered, mut events) = (0, 0);
    while delivered < deliveries
        && let Some(Reverse(entry)) = queue.heap.pop()
    {
        events += 1;
        let (from, to) = (entry.from, entry.to);
        if from == to {
            for other in (0..NODES).filter(|other| *other != to) {
                queue.send(entry.time, to, other);
            }
            queue.push(entry.time + PERIOD.0, to, to);
        } else {
            heard[to as usize][from as usize] = entry.time;
            delivered += 1;
        }
    }
    black_box(heard);
    Done {
        deliveries: delivered,
        events,
    }
}

fn token(queue: &mut Queue, deliveries: u64) -> Done {
    let mut hops = [0_u64; TOKEN_NODES as usize];
    queue.send(0, 0, 1);
    let mut delivered = 0;
    while delivered < deliveries
        && let Some(Reverse(entry)) = queue.heap.pop()
    {
        hops[entry.to as usize] += 1;
        delivered += 1;
        queue.send(entry.time, entry.to, (entry.to + 1) % TOKEN_NODES);
    }
    black_box(hops);
    Done {
        deliveries: delivered,
        events: delivered,
    }
}

fn gossip(queue: &mut Queue, deliveries: u64) -> Done {
    let mut informed = vec![false; GOSSIP_NODES as usize];
    informed[0] = true;
    for node in 0..GOSSIP_NODES {
        queue.push(
            PERIOD.0 * u64::from(node) / u64::from(GOSSIP_NODES),
            node,
            node,
        );
    }
    let (mut delivered, mut events) = (0, 0);
    while delivered < deliveries
        && let Some(Reverse(entry)) = queue.heap.pop()
    {
        events += 1;
        let to = entry.to;
        if entry.from == to {
            if informed[to as usize] {
                for _ in 0..FAN_OUT {
                    let other = queue.below(u64::from(GOSSIP_NODES) - 1) as u32;
                    queue.send(entry.time, to, other + u32::from(other >= to));
                }
            }
            queue.push(entry.time + PERIOD.0, to, to);
        } else {
            informed[to as usize] = true;
            delivered += 1;
        }
    }
    black_box(informed);
    Done {
        deliveries: delivered,
        events,
    }
}
