//! The place of a message's menu: next to its path but never over it, so that the person can watch the
//! message.

use crate::layout::{Lane, Point};

/// The free space to the stage's edge, and between the menu and the message's path.
const MARGIN: f64 = 8.0;
const ENOUGH: f64 = 28.0;
/// The menu would cover a node whose edge is nearer than this, or its word.
const WORD: f64 = 18.0;
/// How many points of the path are checked.
const SAMPLES: u32 = 24;

/// The upper left corner for a menu of this size on a stage of this size. The message moves between two
/// nodes and was picked at a point. The menu must not cover `ends`, the sender and the receiver, and
/// should avoid the other nodes too.
#[must_use]
pub fn beside(
    stage: (f64, f64),
    menu: (f64, f64),
    way: Lane,
    picked: Point,
    (ends, nodes): (&[Point], &[Point]),
    radius: f64,
) -> Point {
    let last = |whole: f64, own: f64| (whole - own - MARGIN).max(MARGIN);
    let (right, bottom) = (last(stage.0, menu.0), last(stage.1, menu.1));
    let mut best = (f64::MIN, Point::default());
    for x in [MARGIN, right] {
        for y in [MARGIN, MARGIN.midpoint(bottom), bottom] {
            let corner = Point { x, y };
            let samples = (0..=SAMPLES).map(|i| way.at(f64::from(i) / f64::from(SAMPLES)));
            let clear = samples
                .map(|point| away(corner, menu, point))
                .fold(f64::MAX, f64::min);
            let near = |node: &&Point| away(corner, menu, **node) < radius + WORD;
            let covered = nodes.iter().filter(near).count();
            let over = |end: &&Point| away(corner, menu, **end) < radius;
            let hidden = ends.iter().filter(over).count();
            // Avoids the message's path first with its two ends, then the other nodes; among equal
            // places takes the nearest.
            let score = clear.min(ENOUGH) * 1e4
                - hidden as f64 * 1e5
                - covered as f64 * 1e3
                - away(corner, menu, picked).min(1e3);
            if score > best.0 {
                best = (score, corner);
            }
        }
    }
    best.1
}

/// The distance of a point from a box; 0 inside.
fn away(corner: Point, size: (f64, f64), point: Point) -> f64 {
    let outside = |at: f64, from: f64, length: f64| (from - at).max(at - from - length).max(0.0);
    outside(point.x, corner.x, size.0).hypot(outside(point.y, corner.y, size.1))
}

#[cfg(test)]
mod tests {
    use faultline_sim::process::NodeId;

    use super::*;
    use crate::layout::{Cast, Scene};

    #[test]
    fn the_menu_never_covers_the_way_of_its_message() {
        let menu = super::super::SIZE;
        for stage in [(1280.0, 484.0), (880.0, 484.0), (624.0, 484.0)] {
            for n in [2, 3, 5, 7, 9] {
                let ids: Vec<NodeId> = (1..=n).map(NodeId).collect();
                let scene = Scene::new(
                    &Cast::plain(&ids),
                    crate::layout::Room::new(stage.0, stage.1),
                );
                for from in &ids {
                    for to in ids.iter().filter(|to| *to != from) {
                        let way = scene.link(*from, *to).unwrap();
                        let picked = scene.along(*from, *to, 0.5).unwrap();
                        let ends = [scene.at(*from).unwrap(), scene.at(*to).unwrap()];
                        let corner = beside(stage, menu, way, picked, (&ends, &[]), scene.radius);
                        for i in 0..=50 {
                            let point = scene.along(*from, *to, f64::from(i) / 50.0).unwrap();
                            assert!(
                                away(corner, menu, point) > 0.0,
                                "{from} to {to} of {n} on {stage:?}: {corner:?} covers {point:?}"
                            );
                        }
                        assert!(corner.x >= 0.0 && corner.x + menu.0 <= stage.0);
                        assert!(corner.y >= 0.0 && corner.y + menu.1 <= stage.1);
                    }
                }
            }
        }
    }
}
