//! What must hold of ranges and rows. What is judged is what shards have on disk, down or up.

use faultline_sim::event::{Event, Record};
use faultline_sim::invariant;
use faultline_sim::invariant::{Invariant, InvariantSpec};
use faultline_sim::process::NodeId;
use faultline_sim::shared::SharedMap;
use faultline_sim::sorted::sort_by_key;
use faultline_sim::world::World;

use super::shard::Shard;
use super::table::{END, Row, text};
use super::{Node, marks};

pub const INVARIANTS: &[InvariantSpec] = &[
    invariant!(always "one-owner", "At most one shard serves a row", new OneOwner),
    invariant!(always "kept", "A confirmed write is at the shard that serves its row, or on its way there", new Kept),
    invariant!(eventually "served", "Each row has a shard that serves it", served),
];

pub fn shards(world: &World) -> impl Iterator<Item = (NodeId, &Shard)> {
    let nodes = world.ids().map(|id| (id, world.node::<Node>(id)));
    nodes.filter_map(|(id, node)| match node {
        Some(Node::Shard(own)) => Some((id, own)),
        _ => None,
    })
}

/// All ranges that are served, in the order of their first rows.
fn ranges(world: &World) -> Vec<(Row, Row, NodeId)> {
    let of = |(id, own): (NodeId, &Shard)| {
        let ranges = own.ranges.iter();
        ranges
            .map(|(from, to)| (*from, *to, id))
            .collect::<Vec<_>>()
    };
    let mut all: Vec<_> = shards(world).flat_map(of).collect();
    sort_by_key(&mut all, |range| *range);
    all
}

#[derive(Clone, Default, Hash)]
struct OneOwner;

impl Invariant for OneOwner {
    faultline_sim::clone_invariant!();
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        // Only then is there another range than before.
        if !record.is(&marks::SERVES) {
            return Ok(());
        }
        let all = ranges(world);
        let mut pairs = all.windows(2);
        match pairs.find(|pair| pair[0].1 > pair[1].0) {
            Some(pair) => Err(format!(
                "{} and {} both serve row {}",
                pair[0].2,
                pair[1].2,
                text(pair[1].0)
            )),
            None => Ok(()),
        }
    }
}

/// Remembers the rows whose writes were confirmed.
#[derive(Clone, Default)]
struct Kept {
    confirmed: SharedMap<Row, ()>,
    /// A node was removed for good, and its rows with it.
    removed: bool,
}

impl std::hash::Hash for Kept {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.removed.hash(state);
        for row in self.confirmed.keys() {
            row.hash(state);
        }
    }
}

impl Invariant for Kept {
    faultline_sim::clone_invariant!();
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        self.removed |= matches!(record.event, Event::Removed);
        let number = |marked: &faultline_sim::mark::Marked, at| marked.number(at).unwrap_or(0);
        if let Some(marked) = record.marked(&marks::CONFIRMED) {
            let row = number(marked, 1) as Row;
            self.confirmed.insert(row, ());
            if !self.removed && !is_kept(world, row) {
                return Err(format!(
                    "row {} is not at a shard that serves it",
                    text(row)
                ));
            }
        } else if let Some(marked) = record.marked(&marks::SERVES) {
            let range = number(marked, 2) as Row..number(marked, 3) as Row;
            let mut rows = self.confirmed.keys().filter(|row| range.contains(*row));
            let lost = rows.find(|row| !is_kept(world, **row));
            if let Some(row) = lost.filter(|_| !self.removed) {
                return Err(format!("row {} was confirmed, and is lost", text(*row)));
            }
        }
        Ok(())
    }
}

fn is_kept(world: &World, row: Row) -> bool {
    shards(world).any(|(_, own)| {
        let leaves = own.leaving.iter().any(|own| own.rows.contains_key(&row));
        leaves || own.serves(row, row + 1) && own.rows.contains_key(&row)
    })
}

fn served(world: &World) -> Result<(), String> {
    let mut next = 0;
    for (from, to, _) in ranges(world) {
        if from > next {
            break;
        }
        next = next.max(to);
    }
    match next {
        END => Ok(()),
        _ => Err(format!("nobody serves row {}", text(next))),
    }
}
