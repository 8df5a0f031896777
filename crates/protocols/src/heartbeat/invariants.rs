//! Completeness and accuracy, as laws.

use faultline_sim::event::{Event, Record};
use faultline_sim::frame::Life;
use faultline_sim::invariant;
use faultline_sim::invariant::{Invariant, InvariantSpec};
use faultline_sim::process::{NodeId, Opinion};
use faultline_sim::quorum::majority;
use faultline_sim::sorted::{SortedMap, SortedSet};
use faultline_sim::time::Time;
use faultline_sim::world::World;

use super::descriptor::{CHECK, QUORUM};
use super::judge::Judge;
use super::truth::{observers, says_failed, works};
use super::{Watcher, central, marks};

pub const INVARIANTS: &[InvariantSpec] = &[
    invariant!(always "majority", "No live node is declared failed unless a majority has suspected it", new Majority),
    invariant!(always "complete", "A node that is silent for too long is suspected at the next check", new Complete),
    invariant!(eventually "all-know", "Eventually every crashed node is believed to have failed by all who watch", all_know),
    invariant!(eventually "accurate", "Eventually no live node is believed to have failed", accurate),
];

/// Who has ever suspected whom. A node that decides alone suspects whom it declares.
#[derive(Clone, Default, Hash)]
struct Majority(SortedMap<NodeId, SortedSet<NodeId>>);

impl Invariant for Majority {
    faultline_sim::clone_invariant!();
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        let Some(observer) = record.node else {
            return Ok(());
        };
        let peer = |mark| record.marked(mark).and_then(|marked| marked.node(0));
        if let Some(peer) = peer(&marks::SUSPECTS) {
            self.0.entry(peer).or_default().insert(observer);
        }
        let Some(peer) = peer(&marks::DECLARES) else {
            return Ok(());
        };
        let settings = world.settings().at(observer);
        if central(&settings) {
            return Ok(());
        }
        let all = self.0.entry(peer).or_default();
        if !settings.switch(&QUORUM) {
            all.insert(observer);
        }
        let (have, nodes) = (all.len() as u32, world.ids().len() as u32);
        if works(world, peer) && have < majority(nodes) {
            return Err(format!(
                "{observer} declares {peer} failed, which is alive; {have} of {nodes} nodes have ever suspected it"
            ));
        }
        Ok(())
    }
}

/// When each observer last got anything of each peer, and when it came up.
#[derive(Clone, Default, Hash)]
struct Complete {
    heard: SortedMap<(NodeId, NodeId), Time>,
    since: SortedMap<NodeId, Time>,
}

impl Invariant for Complete {
    faultline_sim::clone_invariant!();
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        let Some(id) = record.node else { return Ok(()) };
        match &record.event {
            Event::Delivered { address, .. } => {
                self.heard.insert((id, address.from), record.time);
            }
            Event::Started | Event::Recovered => {
                self.since.insert(id, record.time);
            }
            Event::TimerFired { timer: "Check", .. } => return self.check(record, world, id),
            _ => {}
        }
        Ok(())
    }
}

impl Complete {
    fn check(&self, record: &Record, world: &World, id: NodeId) -> Result<(), String> {
        let (Some(node), Some(up)) = (world.node::<Watcher>(id), self.since.get(&id)) else {
            return Ok(());
        };
        if central(world.settings()) && id != super::CENTRE {
            return Ok(());
        }
        let settings = world.settings().at(id);
        // A node that joined late is watched from the next check on.
        let slack = Judge::new(&settings).at_most() + settings.duration(&CHECK);
        for peer in world.ids().filter(|peer| *peer != id) {
            let Some(Life::Down { since }) = world.life(peer) else {
                continue;
            };
            let heard = self.heard.get(&(id, peer)).copied().unwrap_or_default();
            let silence = record.time.since(heard.max(*up).max(since));
            if silence > slack && node.detector.opinion(peer) == Opinion::Alive {
                return Err(format!(
                    "{peer} is down, {id} has heard nothing of it for {:.1} s, and does not suspect it",
                    silence.as_seconds()
                ));
            }
        }
        Ok(())
    }
}

fn all_know(world: &World) -> Result<(), String> {
    for (id, node) in observers(world) {
        let down = |peer: &NodeId| !world.is_live(*peer);
        let missing = node.detector.heard.keys().copied().filter(down);
        for peer in missing {
            if !says_failed(node, peer) {
                return Err(format!(
                    "{id} does not declare {peer} failed, which is down"
                ));
            }
        }
    }
    Ok(())
}

fn accurate(world: &World) -> Result<(), String> {
    for (id, node) in observers(world) {
        let mut wrong = node.beliefs.keys().filter(|peer| works(world, **peer));
        if let Some(peer) = wrong.next() {
            return Err(format!("{id} suspects {peer}, which is alive"));
        }
    }
    Ok(())
}
