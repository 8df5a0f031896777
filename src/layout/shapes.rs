//! Outlines: the hull around a group of points, and the shapes of messages.

use std::f64::consts::TAU;
use std::fmt::Write;

use faultline_sim::frame::Shape;
use faultline_sim::sorted::sort_by;

use super::Point;

/// The convex hull of a set of points (Andrew's monotone chain).
pub(super) fn convex(points: &mut [Point]) -> Vec<Point> {
    sort_by(points, |a, b| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y)));
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

/// A message's shape around the origin.
pub enum Corners {
    Round(f64),
    Polygon(Vec<Point>),
}

/// The shape of a message for a given radius.
#[must_use]
pub fn corners(shape: Shape, r: f64) -> Corners {
    let regular = |n: usize, turn: f64, r: f64| {
        let corner = |i: usize| {
            let (sin, cos) = libm::sincos(TAU * (i as f64 / n as f64 + turn));
            Point::new(r * sin, -r * cos)
        };
        Corners::Polygon((0..n).map(corner).collect())
    };
    match shape {
        Shape::Request | Shape::Heartbeat => Corners::Round(r),
        Shape::Data => regular(4, 0.125, r * 1.2),
        Shape::Election => regular(4, 0.0, r * 1.25),
        Shape::Ack => regular(3, 0.0, r * 1.3),
        Shape::Nack => regular(3, 0.5, r * 1.3),
        Shape::Control => regular(6, 0.0, r * 1.1),
        Shape::Announce => {
            let corner = |i: usize| {
                let reach = r * if i.is_multiple_of(2) { 1.35 } else { 0.62 };
                let (sin, cos) = libm::sincos(TAU * i as f64 / 10.0);
                Point::new(reach * sin, -reach * cos)
            };
            Corners::Polygon((0..10).map(corner).collect())
        }
    }
}

/// The same as an SVG path.
#[must_use]
pub fn outline(shape: Shape, r: f64) -> String {
    let mut path = String::new();
    match corners(shape, r) {
        Corners::Round(r) => {
            let _ = write!(path, "M{r} 0A{r} {r} 0 1 1 -{r} 0A{r} {r} 0 1 1 {r} 0Z");
        }
        Corners::Polygon(corners) => {
            for (i, p) in corners.iter().enumerate() {
                let _ = write!(
                    path,
                    "{}{:.1} {:.1}",
                    if i == 0 { 'M' } else { 'L' },
                    p.x,
                    p.y
                );
            }
            path.push('Z');
        }
    }
    if shape == Shape::Nack {
        // A refusal has a bar.
        let _ = write!(path, "M-{r} -{:.1}H{r}", r * 0.98);
    }
    path
}
