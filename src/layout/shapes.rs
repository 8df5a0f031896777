//! Outlines: the hull around a group of points, and the shapes of messages.

use std::f64::consts::TAU;

use faultline_sim::frame::Shape;
use faultline_sim::sorted;

use super::Point;

/// The convex hull of a set of points (Andrew's monotone chain).
pub(super) fn convex(points: &mut [Point]) -> Vec<Point> {
    sorted::sort_by(points, |a, b| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y)));
    let turn = |o: Point, a: Point, b: Point| (a.x - o.x) * (b.y - o.y) - (a.y - o.y) * (b.x - o.x);
    let half = |order: &mut dyn Iterator<Item = Point>| {
        let mut chain: Vec<Point> = Vec::new();
        for p in order {
            while chain.len() >= 2 && turn(chain[chain.len() - 2], chain[chain.len() - 1], p) <= 0.0
            {
                chain.pop();
            }
            chain.push(p);
        }
        chain.pop();
        chain
    };
    let mut hull = half(&mut points.iter().copied());
    hull.extend(half(&mut points.iter().rev().copied()));
    hull
}

/// The outline of a message's shape around zero, for a given radius.
#[must_use]
pub fn outline(shape: Shape, r: f64) -> String {
    let corners = |n: usize, turn: f64, r: f64| {
        let corner = |i: usize| {
            let (sin, cos) = libm::sincos(TAU * (i as f64 / n as f64 + turn));
            format!("{:.1} {:.1}", r * sin, -r * cos)
        };
        format!("M{}Z", (0..n).map(corner).collect::<Vec<_>>().join("L"))
    };
    match shape {
        Shape::Request | Shape::Heartbeat => {
            format!("M{r} 0A{r} {r} 0 1 1 -{r} 0A{r} {r} 0 1 1 {r} 0Z")
        }
        Shape::Data => corners(4, 0.125, r * 1.2),
        Shape::Election => corners(4, 0.0, r * 1.25),
        Shape::Ack => corners(3, 0.0, r * 1.3),
        Shape::Nack => corners(3, 0.5, r * 1.3) + &format!("M-{r} -{0}H{r}", r * 0.98),
        Shape::Control => corners(6, 0.0, r * 1.1),
        Shape::Announce => {
            let corner = |i: usize| {
                let reach = if i.is_multiple_of(2) {
                    r * 1.35
                } else {
                    r * 0.62
                };
                let (sin, cos) = libm::sincos(TAU * i as f64 / 10.0);
                format!("{:.1} {:.1}", reach * sin, -reach * cos)
            };
            format!("M{}Z", (0..10).map(corner).collect::<Vec<_>>().join("L"))
        }
    }
}
