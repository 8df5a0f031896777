//! The lists of all members against the truth, kept up to date with each record: a look at a thousand lists
//! after every event would take most of the time.

use std::cell::Cell;

use faultline_sim::event::{Event, Record};
use faultline_sim::process::NodeId;
use faultline_sim::world::World;

use super::{Swim, marks};

/// The live nodes.
pub fn live(world: &World) -> impl Iterator<Item = (NodeId, &Swim)> {
    world
        .live()
        .filter_map(|id| Some((id, world.node::<Swim>(id)?)))
}

/// How many entries of the lists of live nodes are wrong: dead and on a list, or live and on none.
#[derive(Clone, Default)]
pub struct Wrong {
    count: Cell<u64>,
    /// Something happened that a mark does not tell.
    stale: Cell<bool>,
}

impl Wrong {
    /// Whether a record can have changed it.
    pub fn on_record(&self, record: &Record, world: &World) -> bool {
        let Event::Marked(marked) = &record.event else {
            let changes = matches!(
                record.event,
                Event::Started | Event::Crashed | Event::Recovered | Event::Removed
            );
            self.stale.set(self.stale.get() || changes);
            return changes;
        };
        let on = marked.is(&marks::MEETS);
        if marked.is(&marks::JOINS) {
            self.stale.set(true);
            return true;
        }
        if !on && !marked.is(&marks::DROPS) && !marked.is(&marks::DECLARES) {
            return false;
        }
        let Some(member) = marked.node(0).filter(|_| !self.stale.get()) else {
            return true;
        };
        // Records of one event come with the world behind it, in which this node may be down.
        if record.node.is_some_and(|id| world.is_live(id)) {
            let count = self.count.get();
            self.count.set(match world.is_live(member) == on {
                true => count.saturating_sub(1),
                false => count + 1,
            });
        }
        true
    }

    pub fn count(&self, world: &World) -> u64 {
        if self.stale.take() {
            self.count.set(look(world));
        }
        self.count.get()
    }
}

/// The same by a look at everything.
pub fn look(world: &World) -> u64 {
    let down = (1..=world.added()).filter(|id| !world.is_live(NodeId(*id)));
    let down = down.count() as u64;
    live(world)
        .map(|(me, node)| of(world, node, me, down))
        .sum()
}

/// How many entries of one list are wrong. It differs from the first list in what it stores only.
fn of(world: &World, node: &Swim, me: NodeId, down: u64) -> u64 {
    let is_live = |id: NodeId| world.is_live(id);
    // As if all of the group were on the list, and nobody else.
    let joined = (node.group + 1..=world.added()).map(NodeId);
    let missing = joined.filter(|id| *id != me && is_live(*id)).count() as u64;
    let down_of_group = down
        - (node.group + 1..=world.added())
            .filter(|id| !is_live(NodeId(*id)))
            .count() as u64;
    let mut wrong = missing + down_of_group;
    for (id, known) in node.known.iter().filter(|(id, _)| **id != me) {
        let usual = id.0 <= node.group;
        let on = known.status.is_member();
        if usual == on || id.0 > world.added() {
            continue;
        }
        if on == is_live(*id) {
            wrong -= 1;
        } else {
            wrong += 1;
        }
    }
    wrong
}
