//! The sentence on what matters now.

use faultline_sim::text::{and_list, counted};
use faultline_sim::world::World;

use super::Site;
use super::truth::Graph;

/// A circle, if there is one; else who waits, and how many work.
pub fn narrate(world: &World) -> Option<String> {
    let graph = Graph::of(world, true);
    let circle = graph.in_circles();
    let names = and_list(circle.iter().map(|(_, tx)| tx));
    Some(match (circle.len(), graph.0.first()) {
        (1, _) => format!("{names} waits for itself."),
        (2..=4, _) => format!("A deadlock: {names} wait for each other."),
        (5.., _) => format!(
            "A deadlock: {} wait in a circle.",
            transactions(circle.len())
        ),
        (0, Some(((_, waiter), (_, holder)))) if graph.0.len() == 1 => {
            format!("{waiter} waits for {holder}, and there is no circle.")
        }
        (0, Some(_)) => format!(
            "{} wait, and there is no circle.",
            transactions(graph.0.len())
        ),
        (0, None) => {
            let sites = world.ids().filter_map(|id| world.node::<Site>(id));
            match sites.map(|site| site.transactions.len()).sum() {
                0 => "No transaction runs.".to_owned(),
                1 => "1 transaction runs, and nobody waits.".to_owned(),
                many => format!("{} run, and nobody waits.", transactions(many)),
            }
        }
    })
}

fn transactions(count: usize) -> String {
    counted(count as u64, "transaction", "transactions")
}
