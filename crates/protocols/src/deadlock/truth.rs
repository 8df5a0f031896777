//! Who really waits for whom, at one instant and over all nodes: what no node can see. Laws, measures and
//! sentences look at it; the algorithm does not.

use faultline_sim::mark::Marked;
use faultline_sim::process::NodeId;
use faultline_sim::sorted::SortedSet;
use faultline_sim::world::World;

use super::descriptor::MODEL;
use super::{Claim, Row, Site, Tx};

/// Who waits: the node where it began, and its name.
pub type Who = (NodeId, Tx);

/// The waits of all nodes.
#[derive(Clone, Debug, Default)]
pub struct Graph(pub Vec<(Who, Who)>);

impl Graph {
    /// All waits there are now; `wounded`: also those for a holder that was told to give up.
    #[must_use]
    pub fn of(world: &World, wounded: bool) -> Self {
        let mut waits = Vec::new();
        for id in world.ids() {
            let Some(site) = world.node::<Site>(id) else {
                continue;
            };
            for (row, lock) in &site.locks {
                let counts = (wounded || !lock.wounded) && holds(world, &lock.holder, *row);
                let queue = lock.queue.iter().filter(|_| counts);
                let queue = queue.filter(|claim| wants(world, claim, *row));
                let holder = (lock.holder.home, lock.holder.tx);
                waits.extend(queue.map(|claim| ((claim.home, claim.tx), holder)));
            }
            for (tx, own) in &site.transactions {
                if let Tx::P(_) = tx {
                    let on = own.waits_for.iter().map(|on| (on.home, on.tx));
                    waits.extend(on.map(|on| ((id, *tx), on)));
                }
            }
        }
        Self(waits)
    }

    fn next(&self, who: Who) -> impl Iterator<Item = Who> + '_ {
        let waits = self.0.iter().filter(move |(waiter, _)| *waiter == who);
        waits.map(|(_, on)| *on)
    }

    /// All that can be reached from here by one wait or more.
    #[must_use]
    pub fn reached(&self, from: Who) -> SortedSet<Who> {
        let mut found = SortedSet::new();
        let mut open = vec![from];
        while let Some(who) = open.pop() {
            open.extend(self.next(who).filter(|next| found.insert(*next)));
        }
        found
    }

    /// Whether it waits for itself, over others or not.
    #[must_use]
    pub fn is_in_circle(&self, who: Who) -> bool {
        self.reached(who).contains(&who)
    }

    /// All that wait in a circle.
    #[must_use]
    pub fn in_circles(&self) -> Vec<Who> {
        let waiting: SortedSet<Who> = self.0.iter().map(|(who, _)| *who).collect();
        let all = waiting.iter().copied();
        all.filter(|who| self.is_in_circle(*who)).collect()
    }

    /// Whether it can never go on, in the model of these settings: in a circle where all that it waits for
    /// is needed, or without anybody that goes on within reach where one is enough.
    #[must_use]
    pub fn is_dead(&self, who: Who, world: &World) -> bool {
        if world.settings().choice(&MODEL) != "or" {
            return self.is_in_circle(who);
        }
        let all = self.reached(who);
        !all.is_empty() && all.iter().all(|other| self.next(*other).next().is_some())
    }

    /// The one of this name that waits and began at this node.
    #[must_use]
    pub fn named(&self, name: &str, home: Option<NodeId>) -> Option<Who> {
        let is = |who: &Who| Some(who.0) == home && who.1.to_string() == name;
        let mut waits = self.0.iter().map(|(who, _)| *who);
        waits.find(is)
    }
}

/// The transaction or row that a mark names at a place.
#[must_use]
pub fn subject(marked: &Marked, at: usize) -> &str {
    marked.word(at).unwrap_or_default()
}

/// Whether a claim is the present try of its transaction, and the row is among what it holds.
fn holds(world: &World, claim: &Claim, row: Row) -> bool {
    let site = world.node::<Site>(claim.home);
    let own = site.and_then(|site| site.transactions.get(&claim.tx));
    own.is_some_and(|own| own.attempt == claim.attempt && own.held.contains(&row))
}

/// Whether a claim is the present try of its transaction, and waits for the row.
fn wants(world: &World, claim: &Claim, row: Row) -> bool {
    let site = world.node::<Site>(claim.home);
    let own = site.and_then(|site| site.transactions.get(&claim.tx));
    own.is_some_and(|own| own.attempt == claim.attempt && own.waiting == Some(row))
}
