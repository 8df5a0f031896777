//! Arithmetic of partitions: who can hear whom after nodes were isolated. Pure, so that native tests
//! can run it.

use faultline_sim::process::NodeId;
use faultline_sim::sorted::sort_by_key;

/// The sides after `ticked` left their sides and became one of their own; none if that changes nothing
/// or leaves no node on another side.
///
/// The other sides keep their order, and so their letters. Without sides, all nodes are on one. A node
/// without a side (it joined after the partition) stays without one and hears all nodes.
pub fn isolate(
    sides: &[Vec<NodeId>],
    all: &[NodeId],
    ticked: &[NodeId],
) -> Option<Vec<Vec<NodeId>>> {
    if ticked.is_empty() || sides.iter().any(|side| same(side, ticked)) {
        return None;
    }
    let before = if sides.is_empty() {
        vec![all.to_vec()]
    } else {
        sides.to_vec()
    };
    let mut after: Vec<Vec<NodeId>> = before
        .into_iter()
        .map(|side| without(&side, ticked))
        .filter(|side| !side.is_empty())
        .collect();
    let mut own = ticked.to_vec();
    sort_by_key(&mut own, |id| *id);
    after.push(own);
    (after.len() > 1).then_some(after)
}

/// The elements of the first list that are not in the second.
pub fn without(nodes: &[NodeId], others: &[NodeId]) -> Vec<NodeId> {
    let keep = |id: &NodeId| !others.contains(id);
    nodes.iter().copied().filter(keep).collect()
}

fn same(a: &[NodeId], b: &[NodeId]) -> bool {
    a.len() == b.len() && a.iter().all(|id| b.contains(id))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(numbers: &[u32]) -> Vec<NodeId> {
        numbers.iter().copied().map(NodeId).collect()
    }

    fn sides(numbers: &[&[u32]]) -> Vec<Vec<NodeId>> {
        numbers.iter().map(|side| ids(side)).collect()
    }

    fn isolated(before: &[&[u32]], ticked: &[u32]) -> Option<Vec<Vec<NodeId>>> {
        isolate(&sides(before), &ids(&[1, 2, 3, 4, 5]), &ids(ticked))
    }

    #[test]
    fn twice_gives_three_sides() {
        let two = isolated(&[], &[5, 4]).unwrap();
        assert_eq!(two, sides(&[&[1, 2, 3], &[4, 5]]));
        let three = isolated(&[&[1, 2, 3], &[4, 5]], &[1]).unwrap();
        assert_eq!(three, sides(&[&[2, 3], &[4, 5], &[1]]));
    }

    #[test]
    fn nodes_leave_the_sides_they_were_on() {
        let across = isolated(&[&[1, 2, 3], &[4, 5]], &[3, 4]).unwrap();
        assert_eq!(across, sides(&[&[1, 2], &[5], &[3, 4]]));
        let emptied = isolated(&[&[1, 2, 3], &[4, 5]], &[3, 4, 5]).unwrap();
        assert_eq!(emptied, sides(&[&[1, 2], &[3, 4, 5]]));
    }

    #[test]
    fn every_node_can_stand_alone() {
        let mut now = Vec::new();
        for n in 1..5 {
            now = isolate(&now, &ids(&[1, 2, 3, 4, 5]), &ids(&[n])).unwrap();
        }
        assert_eq!(now, sides(&[&[5], &[1], &[2], &[3], &[4]]));
    }

    #[test]
    fn a_newcomer_stays_on_no_side_until_it_is_ticked() {
        let all = ids(&[1, 2, 3, 4, 5, 6]);
        let split = sides(&[&[1, 2], &[3, 4, 5]]);
        let one = isolate(&split, &all, &ids(&[3])).unwrap();
        assert_eq!(one, sides(&[&[1, 2], &[4, 5], &[3]]));
        let newcomer = isolate(&split, &all, &ids(&[6])).unwrap();
        assert_eq!(newcomer, sides(&[&[1, 2], &[3, 4, 5], &[6]]));
    }

    #[test]
    fn what_changes_nothing_is_told_apart() {
        assert_eq!(isolated(&[], &[]), None);
        assert_eq!(isolated(&[], &[1, 2, 3, 4, 5]), None, "nobody is left");
        assert_eq!(isolated(&[&[1, 2, 3], &[4, 5]], &[5, 4]), None, "as it is");
    }
}
