//! Nodes that differ in nothing but their numbers: states that differ only in which of them is which are
//! one state (Ip and Dill, "Better Verification Through Symmetry", 1996).
//!
//! Each state is hashed under the numbers that put the equal nodes in the order of hashes in which no
//! node has a number; where such hashes are equal, under all orders of these nodes, and the least counts.

use serde_json::Value as Json;

use crate::descriptor::Setup;
use crate::hash::StableHasher;
use crate::process::NodeId;
use crate::sorted::sort_by_key;
use crate::world::World;

/// Orders that are tried for one state. Beyond, it is told apart from some of its equals.
const ORDERS: usize = 24;

/// The nodes that are alike; none: every node is another.
#[derive(Clone, Debug, Default)]
pub(super) struct Alike {
    nodes: Vec<NodeId>,
}

impl Alike {
    /// Those that the protocol names, unless a setting is their own or names them, or a request that is
    /// still to come goes to them or may name them.
    pub(super) fn of(
        setup: &Setup,
        world: &World,
        requests: impl Iterator<Item = (Option<NodeId>, Json)>,
    ) -> Self {
        let mut nodes = (setup.protocol.alike)(&setup.settings);
        let mut named: Vec<u32> = setup.settings.own().map(|(id, ..)| id.0).collect();
        for (param, _) in setup.settings.params() {
            named.extend(setup.settings.nodes(param).iter().map(|id| id.0));
        }
        for (node, json) in requests {
            named.extend(node.map(|id| id.0));
            numbers(&json, &mut named);
        }
        let there: Vec<NodeId> = world.ids().collect();
        nodes.retain(|id| there.contains(id) && !named.contains(&id.0));
        if nodes.len() < 2 || !world.network().is_uniform() {
            nodes.clear();
        }
        Self { nodes }
    }

    pub(super) fn is_trivial(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The least hash of a world under the orders of its equal nodes that have to be tried.
    pub(super) fn least(
        &self,
        world: &World,
        whole: fn(&World, &StableHasher, &[NodeId]) -> u64,
    ) -> u64 {
        let all: Vec<NodeId> = world.ids().collect();
        let blind = self.nodes.iter().map(|id| self.blind(world, &all, *id));
        let mut sorted: Vec<(u64, NodeId)> = blind.collect();
        sort_by_key(&mut sorted, |(hash, _)| *hash);
        let mut least = u64::MAX;
        for order in orders(&sorted) {
            // The first place among the equal nodes goes to the first of the order, and so on.
            let mut names: Vec<u32> = all.iter().map(|id| id.0).collect();
            let mut places = all.clone();
            for (place, id) in self.nodes.iter().zip(&order) {
                names[id.index()] = place.0;
                places[place.index()] = *id;
            }
            least = least.min(whole(world, &StableHasher::renaming(&names), &places));
        }
        least
    }

    /// A node's hash where it is 1 and its equals are 0.
    fn blind(&self, world: &World, all: &[NodeId], id: NodeId) -> (u64, NodeId) {
        let name = |other: &NodeId| match other {
            other if *other == id => 1,
            other if self.nodes.contains(other) => 0,
            other => other.0 + 1,
        };
        let names: Vec<u32> = all.iter().map(name).collect();
        (world.timeless_node(id, &StableHasher::renaming(&names)), id)
    }
}

/// All whole numbers in a request: each may be a node.
fn numbers(json: &Json, into: &mut Vec<u32>) {
    match json {
        Json::Number(number) => {
            into.extend(number.as_u64().map(|n| n.min(u64::from(u32::MAX)) as u32))
        }
        Json::Array(all) => all.iter().for_each(|json| numbers(json, into)),
        Json::Object(all) => all.iter().for_each(|(_, json)| numbers(json, into)),
        _ => {}
    }
}

/// The orders of nodes that keep their hashes sorted: one, if no two are equal.
fn orders(sorted: &[(u64, NodeId)]) -> Vec<Vec<NodeId>> {
    let mut found: Vec<Vec<NodeId>> = vec![Vec::new()];
    let mut rest = sorted;
    while let Some((hash, _)) = rest.first() {
        let count = rest.iter().take_while(|(other, _)| other == hash).count();
        let (equal, others) = rest.split_at(count);
        let equal: Vec<NodeId> = equal.iter().map(|(_, id)| *id).collect();
        let permuted = permutations(&equal);
        if found.len() * permuted.len() > ORDERS {
            found.iter_mut().for_each(|order| order.extend(&equal));
        } else {
            let longer = found.iter().flat_map(|order| {
                permuted
                    .iter()
                    .map(|more| [order.as_slice(), more].concat())
            });
            found = longer.collect();
        }
        rest = others;
    }
    found
}

/// All orders of a few nodes; only the given one if there are too many.
fn permutations(nodes: &[NodeId]) -> Vec<Vec<NodeId>> {
    if nodes.len() < 2 || nodes.len() > 4 {
        return vec![nodes.to_vec()];
    }
    let mut found = Vec::new();
    for at in 0..nodes.len() {
        let mut rest = nodes.to_vec();
        let first = rest.remove(at);
        for mut order in permutations(&rest) {
            order.insert(0, first);
            found.push(order);
        }
    }
    found
}
