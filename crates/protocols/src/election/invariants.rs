//! The laws of terms: one leader in each, and none goes on in an older one.

use faultline_sim::event::{Event, Record};
use faultline_sim::invariant;
use faultline_sim::invariant::{Invariant, InvariantSpec};
use faultline_sim::process::Belief;
use faultline_sim::world::World;

use super::Election;

/// A split must not leave two leaders in one term.
pub const ONE_CROWN: InvariantSpec =
    invariant!(always "one-crown", "No two nodes lead in the same term at once", one_crown);

/// An announcement that arrives late must not bring an old leader back.
pub const NO_OLD_LEADER: InvariantSpec = invariant!(
    always "no-old-leader",
    "No node that knows a newer term follows the leader of an older one",
    new NoOldLeader
);

fn one_crown(world: &World) -> Result<(), String> {
    let crowned = |id| {
        let node = world.node::<Election>(id)?;
        node.leads(id).then_some((id, node.crowned))
    };
    let crowns: Vec<_> = world.live().filter_map(crowned).collect();
    for (at, (one, term)) in crowns.iter().enumerate() {
        if let Some((other, _)) = crowns[..at].iter().find(|(_, other)| other == term) {
            return Err(format!("{other} and {one} both lead in term {term}"));
        }
    }
    Ok(())
}

/// Looks at a node when it comes to follow another one. What it learns later is another matter: a
/// newer term may begin while it still follows.
#[derive(Clone, Default, Hash)]
struct NoOldLeader;

impl Invariant for NoOldLeader {
    faultline_sim::clone_invariant!();
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        let (Some(id), Event::Believed(Belief::Leader(Some(leader)))) =
            (record.node, &record.event)
        else {
            return Ok(());
        };
        let of = |id| world.node::<Election>(id);
        let (Some(node), Some(other)) = (of(id), of(*leader)) else {
            return Ok(());
        };
        // A leader that has crashed since it announced itself no longer tells its term.
        if !other.leads(*leader) || other.crowned >= node.term {
            return Ok(());
        }
        Err(format!(
            "{id} knows of term {} and follows {leader}, the leader of term {}",
            node.term, other.crowned
        ))
    }
}
