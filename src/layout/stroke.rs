//! A line drawn over the stage splits the network: it cuts the links that it crosses, and nodes that no
//! path of links connects any more are on different sides.

use faultline_sim::process::NodeId;
use faultline_sim::sorted::sort_by_key;

use super::{Point, Scene};

/// A shorter stroke is not intended.
pub const LEAST_STROKE: f64 = 24.0;
/// People rarely draw exactly past the last link, so both ends extend by this much.
const OVERSHOOT: f64 = 36.0;

/// The sides after a line was drawn, where `sides` are the sides before (none: all nodes together).
/// None if the line separates no nodes. A side that the line does not split stays as it is, and nodes
/// without a side stay without one unless the line separates them.
#[must_use]
pub fn parted(scene: &Scene, sides: &[Vec<NodeId>], line: &[Point]) -> Option<Vec<Vec<NodeId>>> {
    let line = lengthened(line)?;
    let free: Vec<NodeId> = scene
        .places()
        .iter()
        .map(|(id, _)| *id)
        .filter(|id| !sides.iter().any(|side| side.contains(id)))
        .collect();
    let mut after = Vec::new();
    let mut changed = false;
    for side in sides {
        let parts = parts(scene, side, &line);
        changed |= parts.len() > 1;
        after.extend(parts);
    }
    let parts = parts(scene, &free, &line);
    if parts.len() > 1 {
        changed = true;
        after.extend(parts);
    }
    changed.then_some(after)
}

/// The line with both ends extended; none if it is too short.
fn lengthened(line: &[Point]) -> Option<Vec<Point>> {
    let far = |from: Point| line.iter().map(|p| p.distance(from)).fold(0.0, f64::max);
    let (first, last) = (*line.first()?, *line.last()?);
    if far(first) < LEAST_STROKE {
        return None;
    }
    // The direction at an end follows its last stretch, not its last pixel.
    let beyond = |end: Point, inwards: &mut dyn Iterator<Item = &Point>| {
        let mut off = inwards.filter(|p| p.distance(end) >= LEAST_STROKE / 2.0);
        let inner = off.next().copied().unwrap_or(end);
        let length = end.distance(inner).max(1e-9);
        end.plus(end.minus(inner).times(OVERSHOOT / length))
    };
    let before = beyond(first, &mut line.iter());
    let after = beyond(last, &mut line.iter().rev());
    Some([&[before], line, &[after]].concat())
}

/// The groups that are still connected, in the order of their lowest nodes.
fn parts(scene: &Scene, side: &[NodeId], line: &[Point]) -> Vec<Vec<NodeId>> {
    let places: Vec<(NodeId, Point)> = side
        .iter()
        .filter_map(|id| Some((*id, scene.at(*id)?)))
        .collect();
    let joined = |a: Point, b: Point| !line.windows(2).any(|step| cross(a, b, step[0], step[1]));
    let mut left = places;
    let mut groups: Vec<Vec<NodeId>> = Vec::new();
    while let Some(first) = left.first().copied() {
        left.remove(0);
        let mut group = vec![first];
        let mut reached = 0;
        while reached < group.len() {
            let (_, from) = group[reached];
            let (near, far): (Vec<_>, Vec<_>) = left.iter().partition(|(_, to)| joined(from, *to));
            group.extend(near);
            left = far;
            reached += 1;
        }
        let mut group: Vec<NodeId> = group.into_iter().map(|(id, _)| id).collect();
        sort_by_key(&mut group, |id| *id);
        groups.push(group);
    }
    groups
}

/// Whether two segments cross.
pub(super) fn cross(a: Point, b: Point, c: Point, d: Point) -> bool {
    let turn = |o: Point, p: Point, q: Point| (p.x - o.x) * (q.y - o.y) - (p.y - o.y) * (q.x - o.x);
    let apart = |x: f64, y: f64| (x > 0.0) != (y > 0.0);
    apart(turn(a, b, c), turn(a, b, d)) && apart(turn(c, d, a), turn(c, d, b))
}

#[cfg(test)]
mod tests {
    use super::super::Room;
    use super::*;
    use crate::layout::Cast;

    fn ids(all: &[u32]) -> Vec<NodeId> {
        all.iter().copied().map(NodeId).collect()
    }

    fn five() -> Scene {
        Scene::new(
            &Cast::plain(&ids(&[1, 2, 3, 4, 5])),
            Room::new(1280.0, 484.0),
        )
    }

    /// A line that passes between two pairs of neighbours, from outside to outside.
    fn between(scene: &Scene, one: (u32, u32), other: (u32, u32)) -> Vec<Point> {
        let gap = |(a, b): (u32, u32)| {
            let (a, b) = (scene.at(NodeId(a)).unwrap(), scene.at(NodeId(b)).unwrap());
            a.towards(b, 0.5)
        };
        let (p, q) = (gap(one), gap(other));
        (-2..=12)
            .map(|i| p.towards(q, f64::from(i) / 10.0))
            .collect()
    }

    #[test]
    fn two_lines_make_three_sides() {
        let scene = five();
        let line = between(&scene, (5, 1), (2, 3));
        let two = parted(&scene, &[], &line).unwrap();
        assert_eq!(two, [ids(&[1, 2]), ids(&[3, 4, 5])]);
        let line = between(&scene, (3, 4), (2, 3));
        let three = parted(&scene, &two, &line).unwrap();
        assert_eq!(three, [ids(&[1, 2]), ids(&[3]), ids(&[4, 5])]);
    }

    #[test]
    fn a_loop_around_a_node_cuts_it_off() {
        let scene = five();
        let at = scene.at(NodeId(3)).unwrap();
        let ring = |i: i32| {
            let (sin, cos) = libm::sincos(f64::from(i) / 20.0 * std::f64::consts::TAU);
            at.plus(Point::new(60.0 * sin, 60.0 * cos))
        };
        let line: Vec<Point> = (0..=20).map(ring).collect();
        let sides = parted(&scene, &[], &line).unwrap();
        assert_eq!(sides, [ids(&[1, 2, 4, 5]), ids(&[3])]);
    }

    #[test]
    fn a_line_that_separates_nobody_changes_nothing() {
        let scene = five();
        let middle = scene
            .at(NodeId(1))
            .unwrap()
            .towards(scene.at(NodeId(3)).unwrap(), 0.5);
        let short = [middle, middle.plus(Point::new(20.0, 0.0))];
        assert_eq!(parted(&scene, &[], &short), None, "a trembling hand");
        let inside = [middle, middle.plus(Point::new(60.0, 0.0))];
        assert_eq!(
            parted(&scene, &[], &inside),
            None,
            "everybody is still joined"
        );
        let outside = [Point::new(5.0, 5.0), Point::new(5.0, 400.0)];
        assert_eq!(parted(&scene, &[], &outside), None);
        let line = between(&scene, (5, 1), (2, 3));
        let sides = parted(&scene, &[], &line).unwrap();
        assert_eq!(parted(&scene, &sides, &line), None, "the same line again");
    }

    #[test]
    fn nodes_on_no_side_stay_on_none() {
        let scene = five();
        let sides = [ids(&[1, 2]), ids(&[3, 4])];
        let line = between(&scene, (5, 1), (1, 2));
        let after = parted(&scene, &sides, &line).unwrap();
        assert_eq!(after, [ids(&[1]), ids(&[2]), ids(&[3, 4])]);
    }
}
