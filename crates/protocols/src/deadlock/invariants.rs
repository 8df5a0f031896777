//! What must hold of locks, of declared deadlocks and of waits.

use faultline_sim::event::{Event, Record};
use faultline_sim::invariant;
use faultline_sim::invariant::{Invariant, InvariantSpec};
use faultline_sim::sorted::SortedSet;
use faultline_sim::world::World;

use super::descriptor::POLICY;
use super::truth::{Graph, subject};
use super::{Site, Tx, marks};

pub const INVARIANTS: &[InvariantSpec] = &[
    invariant!(always "exclusive", "At most one transaction holds a row", new Exclusive),
    invariant!(always "released", "A transaction that was aborted holds no row", new Released),
    invariant!(always "real", "If nobody is aborted during a search, the deadlock that it declares is there", new Real),
    invariant!(always "prevented", "With wait-die or wound-wait, no circle of waits closes", new Prevented),
    invariant!(eventually "resolved", "No deadlock stays", resolved),
];

#[derive(Clone, Default, Hash)]
struct Exclusive;

impl Invariant for Exclusive {
    faultline_sim::clone_invariant!();
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        let Some(row) = record.marked(&marks::HOLDS).map(|own| subject(own, 1)) else {
            return Ok(());
        };
        let sites = world.ids().filter_map(|id| world.node::<Site>(id));
        let all = sites.flat_map(|site| site.transactions.iter());
        let has = |held: &char| row.starts_with(*held);
        let mut holders = all.filter(|(_, own)| own.held.iter().any(has));
        match (holders.next(), holders.next()) {
            (Some((one, _)), Some((other, _))) => {
                Err(format!("{one} and {other} both hold row {row}"))
            }
            _ => Ok(()),
        }
    }
}

#[derive(Clone, Default, Hash)]
struct Released;

impl Invariant for Released {
    faultline_sim::clone_invariant!();
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        let (Some(marked), Some(id)) = (record.marked(&marks::ABORTS), record.node) else {
            return Ok(());
        };
        let name = subject(marked, 0);
        let mut all = world
            .node::<Site>(id)
            .into_iter()
            .flat_map(|site| &site.transactions);
        match all.find(|(tx, own)| !own.held.is_empty() && tx.to_string() == name) {
            Some((tx, own)) => Err(format!("{tx} was aborted and still holds {}", own.held[0])),
            None => Ok(()),
        }
    }
}

/// Remembers the searches that began after the latest abort.
#[derive(Clone, Default, Hash)]
struct Real {
    began: SortedSet<String>,
    /// A node was removed, and with it what it knew of waits for its rows: nobody can tell any more.
    removed: bool,
}

impl Invariant for Real {
    faultline_sim::clone_invariant!();
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        let lost = matches!(record.event, Event::Crashed | Event::Removed);
        self.removed |= matches!(record.event, Event::Removed);
        if let Some(marked) = record.marked(&marks::COMMITS) {
            self.began.remove(subject(marked, 0));
        } else if lost || record.is(&marks::ABORTS) {
            self.began.clear();
        } else if let Some(marked) = record.marked(&marks::LOOKS) {
            self.began.insert(subject(marked, 0).to_owned());
        } else if let (Some(marked), Some(id)) = (record.marked(&marks::DECLARES), record.node) {
            let name = subject(marked, 0);
            let judged = self.began.remove(name) && !self.removed;
            let graph = Graph::of(world, true);
            let dead = graph
                .named(name, Some(id))
                .is_some_and(|who| graph.is_dead(who, world));
            if judged && !dead {
                return Err(format!(
                    "{id} declares a deadlock of {name}, and there is none"
                ));
            }
        }
        Ok(())
    }
}

#[derive(Clone, Default, Hash)]
struct Prevented;

impl Invariant for Prevented {
    faultline_sim::clone_invariant!();
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        let may_close = record.is(&marks::WAITS) || record.is(&marks::HOLDS);
        let policy = world.settings().choice(&POLICY);
        if !may_close || !matches!(policy, "wait-die" | "wound-wait") {
            return Ok(());
        }
        match circle(&Graph::of(world, false)) {
            Some(names) => Err(format!("{names} wait in a circle")),
            None => Ok(()),
        }
    }
}

/// The names of all transactions in circles.
pub fn circle(graph: &Graph) -> Option<String> {
    let all = graph.in_circles();
    // What is drawn by hand is no transaction.
    let all = all.into_iter().filter(|(_, tx)| matches!(tx, Tx::T(_)));
    let names: Vec<String> = all.map(|(_, tx)| tx.to_string()).collect();
    (!names.is_empty()).then(|| faultline_sim::text::and_list(names))
}

fn resolved(world: &World) -> Result<(), String> {
    match circle(&Graph::of(world, true)) {
        Some(names) => Err(format!("{names} still wait in a circle")),
        None => Ok(()),
    }
}
