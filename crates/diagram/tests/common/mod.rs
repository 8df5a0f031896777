//! The tested runs: the whole catalogue, several seeds, faults of every kind.
#![allow(dead_code, reason = "each test program uses a part of it")]

use faultline_diagram::Index;
use faultline_protocols::CATALOGUE;
use faultline_sim::descriptor::{Protocol, Recipe};
use faultline_sim::event::{Event, Record};
use faultline_sim::network::Address;
use faultline_sim::process::{NodeId, Shared};
use faultline_sim::rng::Rng;
use faultline_sim::search::{Chaos, Swarm};
use faultline_sim::time::Time;
use faultline_sim::timeline::Timeline;

/// A run of a scenario with commands.
pub fn run(scenario: &str, seed: u64, commands: &[&str], until: u64) -> Timeline {
    let mut recipe = Recipe::new(scenario, seed);
    recipe.commands = commands.iter().map(|text| (*text).to_owned()).collect();
    let setup = CATALOGUE.setup(&recipe).expect("the recipe is sound");
    let mut run = Timeline::new(setup).expect("its commands make sense");
    run.run_until(Time(until), 200_000);
    run
}

/// Every scenario of the catalogue under random faults, with the seed.
pub fn faulty_runs(seeds: u64) -> impl Iterator<Item = (String, Timeline)> {
    CATALOGUE.0.iter().flat_map(move |protocol: &&Protocol| {
        (0..seeds).map(move |seed| {
            let at = seed as usize % protocol.scenarios.len();
            let name = format!("{}/{}", protocol.id, protocol.scenarios[at].id);
            let mut run = run(&name, seed, &[], 0);
            let swarm = Swarm {
                chaos: Chaos {
                    nodes: run.world().ids().count() as u32,
                    until: Time(6_000_000),
                    commands: 16,
                    timers: Vec::new(),
                    hop: protocol.link.latency.mean(),
                    forges: protocol.forges,
                    without: vec!["fire", "align", "spread"],
                    wide: false,
                },
                requests: &[],
                script: Vec::new(),
                actors: Vec::new(),
                moments: Vec::new(),
            };
            swarm.play(seed, &mut run, 600);
            (format!("{name} seed {seed}"), run)
        })
    })
}

/// The first records of a run, and their index.
pub fn indexed(run: &mut Timeline, most: u64) -> (Vec<Record>, Index) {
    let records = run.window(1, most);
    let mut index = Index::new();
    index.reserve_lanes(run.world().ids().count());
    records.iter().for_each(|record| index.push(record));
    (records, index)
}

/// A busy artificial run: every node sends to the next ones in turn.
pub fn busy(count: u64, nodes: u32) -> Vec<Record> {
    made_up(count, |seq| {
        let from = (seq as u32 * 7 + seq as u32 / 3) % nodes;
        (from, (from + 1 + seq as u32 % (nodes - 1)) % nodes)
    })
}

/// The same, but all nodes send to all nodes.
pub fn scattered(count: u64, nodes: u32) -> Vec<Record> {
    let mut rng = Rng::stream(7, "scattered", 0);
    made_up(count, |_| {
        let from = rng.below(nodes.into()) as u32;
        let ahead = 1 + rng.below(u64::from(nodes) - 1) as u32;
        (from, (from + ahead) % nodes)
    })
}

/// A run in which every other record is a delivery and the others are sendings along these links.
fn made_up(count: u64, mut way: impl FnMut(u64) -> (u32, u32)) -> Vec<Record> {
    let mut records = Vec::new();
    let mut under_way = std::collections::VecDeque::new();
    let mut ks = std::collections::BTreeMap::new();
    let text = Shared(std::rc::Rc::new(String::from("m")));
    for seq in 1..=count {
        let deliver = under_way.len() > 40 && seq % 2 == 0;
        let (node, event, caused_by) = if deliver {
            let (address, sent): (Address, u64) = under_way.pop_front().expect("not empty");
            let message = text.clone();
            let event = Event::Delivered {
                address,
                kind: "M",
                message,
            };
            (address.to, event, sent)
        } else {
            let (from, to) = way(seq);
            let (from, to) = (NodeId(1 + from), NodeId(1 + to));
            let k = ks.entry((from, to)).or_insert(0);
            *k += 1;
            let address = Address {
                from,
                to,
                k: *k,
                copy: 0,
            };
            under_way.push_back((address, seq));
            let message = text.clone();
            let event = Event::Sent {
                address,
                kind: "M",
                message,
            };
            (from, event, 0)
        };
        records.push(Record {
            seq,
            time: Time(seq * 10),
            node: Some(node),
            event,
            caused_by,
            lamport: seq,
            wrote: false,
        });
    }
    records
}

/// For each record, the earlier ones that may have caused it, from recorded causes and the order at
/// each node. It does not use vectors, so it can judge them.
pub fn pasts(records: &[Record]) -> Vec<Vec<bool>> {
    let mut pasts: Vec<Vec<bool>> = Vec::new();
    for (at, record) in records.iter().enumerate() {
        let mut past = vec![false; records.len()];
        let own = |r: &&Record| r.node.is_some() && r.node == record.node;
        let before = records[..at]
            .iter()
            .rev()
            .find(own)
            .map(|r| r.seq as usize - 1);
        let cause = record.caused_by.checked_sub(1).map(|seq| seq as usize);
        for from in before.into_iter().chain(cause) {
            past[from] = true;
            for (own, theirs) in past.iter_mut().zip(&pasts[from]) {
                *own |= *theirs;
            }
        }
        pasts.push(past);
    }
    pasts
}
