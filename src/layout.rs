//! Geometry, pure: nodes and a size in, coordinates out. No browser here, so it is tested natively.

mod shapes;

use std::f64::consts::TAU;

use faultline_sim::frame::{Fate, MessageFrame};
use faultline_sim::process::NodeId;
use faultline_sim::time::Time;

use shapes::convex;
pub use shapes::outline;

/// A place on the stage in CSS pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    pub x: f64,
    pub y: f64,
}

impl Point {
    fn towards(self, other: Point, part: f64) -> Point {
        Point {
            x: self.x + (other.x - self.x) * part,
            y: self.y + (other.y - self.y) * part,
        }
    }

    /// How far apart two points are.
    pub fn distance(self, other: Point) -> f64 {
        let (x, y) = (self.x - other.x, self.y - other.y);
        (x * x + y * y).sqrt()
    }
}

/// Room kept free at the sides (the ⚡ badge), and above and below (crown and words). The poster in
/// static/poster.css uses the same numbers: change both.
const SIDE: f64 = 96.0;
const SIDE_NARROW: f64 = 62.0;
const RIM: f64 = 66.0;
const RIM_NARROW: f64 = 60.0;
const WIDEST: f64 = 280.0;
const NARROWEST: f64 = 84.0;

/// Above this many nodes the stage is a grid of tiles.
pub const MOST_ON_CIRCLE: usize = 60;

/// An arrow key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Left,
    Right,
    Up,
    Down,
}

/// Where everything stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scene {
    pub width: f64,
    pub height: f64,
    /// A node's radius.
    pub radius: f64,
    /// Nodes are small squares in a grid.
    pub tiles: bool,
    places: Vec<(NodeId, Point)>,
}

impl Scene {
    /// Nodes in the order of their numbers, on a circle that begins at the top; in a grid where a
    /// circle would be too full. One node coming or going moves its neighbours a little and keeps
    /// the rest of the picture.
    #[must_use]
    pub fn new(ids: &[NodeId], width: f64, height: f64) -> Self {
        if ids.len() > MOST_ON_CIRCLE {
            return Self::grid(ids, width, height);
        }
        let narrow = width < 600.0;
        let (side, rim) = if narrow {
            (SIDE_NARROW, RIM_NARROW)
        } else {
            (SIDE, RIM)
        };
        let n = ids.len().max(1) as f64;
        // How far the picture reaches, in radii of the ring: a pentagon ends above its circle.
        let (sin, cos) = (
            libm::sin(TAU / n * (n / 4.0).round()).abs(),
            TAU / n * (n / 2.0).floor(),
        );
        let (across, below) = (sin.max(0.5), -libm::cos(cos));
        let room =
            ((width / 2.0 - side) / across).min((height - 2.0 * rim) / (1.0 + below.max(0.0)));
        let ring = room.clamp(NARROWEST, WIDEST);
        // Neighbours keep at least a radius of air between them.
        let air = if ids.len() > 1 {
            ring * libm::sin(TAU / n / 2.0) * 2.0 / 3.0
        } else {
            32.0
        };
        let radius = air.min(if narrow { 26.0 } else { 32.0 }).max(5.0);
        let top = (height - (1.0 + below) * ring) / 2.0;
        let centre = Point {
            x: width / 2.0,
            y: top + ring,
        };
        let place = |i: usize| {
            let angle = TAU * i as f64 / n;
            Point {
                x: centre.x + ring * libm::sin(angle),
                y: centre.y - ring * libm::cos(angle),
            }
        };
        let places = ids
            .iter()
            .enumerate()
            .map(|(i, id)| (*id, place(i)))
            .collect();
        Self {
            width,
            height,
            radius,
            tiles: false,
            places,
        }
    }

    fn grid(ids: &[NodeId], width: f64, height: f64) -> Self {
        let margin = 24.0;
        let (w, h) = (
            (width - 2.0 * margin).max(1.0),
            (height - 2.0 * margin).max(1.0),
        );
        let columns = (ids.len() as f64 * w / h).sqrt().ceil().max(1.0);
        let rows = (ids.len() as f64 / columns).ceil().max(1.0);
        let cell = (w / columns).min(h / rows);
        let (left, top) = ((width - cell * columns) / 2.0, (height - cell * rows) / 2.0);
        let place = |i: usize| {
            let (column, row) = (i as f64 % columns, (i as f64 / columns).floor());
            Point {
                x: left + (column + 0.5) * cell,
                y: top + (row + 0.5) * cell,
            }
        };
        let places = ids
            .iter()
            .enumerate()
            .map(|(i, id)| (*id, place(i)))
            .collect();
        Self {
            width,
            height,
            radius: (cell * 0.38).min(20.0),
            tiles: true,
            places,
        }
    }

    /// Where a node stands.
    #[must_use]
    pub fn at(&self, id: NodeId) -> Option<Point> {
        let found = self.places.binary_search_by_key(&id, |(id, _)| *id).ok()?;
        Some(self.places[found].1)
    }

    /// The ends of a link, at the nodes' edges.
    #[must_use]
    pub fn link(&self, a: NodeId, b: NodeId) -> Option<(Point, Point)> {
        let (from, to) = (self.at(a)?, self.at(b)?);
        let length = from.distance(to).max(1.0);
        let edge = ((self.radius + 4.0) / length).min(0.45);
        Some((from.towards(to, edge), to.towards(from, edge)))
    }

    /// A point between two nodes: 0 at the sender's edge, 1 at the receiver's. Each direction has
    /// its own lane, so that messages there and back do not hide each other.
    #[must_use]
    pub fn along(&self, from: NodeId, to: NodeId, part: f64) -> Option<Point> {
        if from == to {
            // A message to oneself makes a small loop above the node.
            let at = self.at(from)?;
            let (sin, cos) = libm::sincos(TAU * part);
            let r = self.radius;
            return Some(Point {
                x: at.x - r * 0.5 * sin,
                y: at.y - r - r * 0.5 * (1.0 - cos),
            });
        }
        let (a, b) = self.link(from, to)?;
        let length = a.distance(b).max(1.0);
        let lane = (self.radius * 0.22).min(7.0);
        let at = a.towards(b, part);
        Some(Point {
            x: at.x - (b.y - a.y) / length * lane,
            y: at.y + (b.x - a.x) / length * lane,
        })
    }

    /// Where a link's ✂ sits: in the middle, or off it where links cross in one point.
    #[must_use]
    pub fn scissors(&self, a: NodeId, b: NodeId) -> Option<Point> {
        let (from, to) = self.link(a, b)?;
        let n = self.places.len();
        let rank = |id| {
            self.places
                .iter()
                .position(|(other, _)| *other == id)
                .unwrap_or(0)
        };
        let across = n.is_multiple_of(2) && rank(a).abs_diff(rank(b)) * 2 == n;
        Some(from.towards(to, if across { 0.36 } else { 0.5 }))
    }

    /// The direction away from the middle of the circle, as a unit vector, where nodes stand so close
    /// that their badges must point outwards.
    #[must_use]
    pub fn outwards(&self, id: NodeId) -> Option<Point> {
        const ROOMY: usize = 9;
        if self.places.len() <= ROOMY {
            return None;
        }
        let all: Vec<Point> = self.places.iter().map(|(_, p)| *p).collect();
        let (at, centre) = (self.at(id)?, middle(&all)?);
        let away = at.distance(centre).max(1.0);
        Some(Point {
            x: (at.x - centre.x) / away,
            y: (at.y - centre.y) / away,
        })
    }

    /// The nearest node in the direction of an arrow key.
    #[must_use]
    pub fn neighbour(&self, from: NodeId, direction: Direction) -> Option<NodeId> {
        let at = self.at(from)?;
        let ahead = |p: Point| match direction {
            Direction::Left => (at.x - p.x, (at.y - p.y).abs()),
            Direction::Right => (p.x - at.x, (at.y - p.y).abs()),
            Direction::Up => (at.y - p.y, (at.x - p.x).abs()),
            Direction::Down => (p.y - at.y, (at.x - p.x).abs()),
        };
        // Sideways distance counts double, so that "left" means left.
        let cost = |p: Point| {
            let (forward, sideways) = ahead(p);
            (forward > 1.0).then_some(forward + 2.0 * sideways)
        };
        let reachable = self
            .places
            .iter()
            .filter_map(|(id, p)| Some((cost(*p)?, *id)));
        reachable
            .min_by(|a, b| a.0.total_cmp(&b.0))
            .map(|(_, id)| id)
    }

    /// The outline of a group of nodes: the convex hull of circles around them, as an SVG path.
    #[must_use]
    pub fn hull(&self, ids: &[NodeId]) -> String {
        const CORNERS: usize = 24;
        let room = self.radius + 22.0;
        let centres = ids.iter().filter_map(|id| self.at(*id));
        let mut points: Vec<Point> = centres
            .flat_map(|c| {
                (0..CORNERS).map(move |i| {
                    let (sin, cos) = libm::sincos(TAU * i as f64 / CORNERS as f64);
                    Point {
                        x: c.x + room * cos,
                        y: c.y + room * sin,
                    }
                })
            })
            .collect();
        let outline = convex(&mut points);
        let words = outline
            .iter()
            .enumerate()
            .map(|(i, p)| format!("{}{:.1} {:.1}", if i == 0 { 'M' } else { 'L' }, p.x, p.y));
        words.collect::<Vec<_>>().concat() + "Z"
    }

    /// Where the letter of a group stands: outside its hull, between two neighbours of the group
    /// where there are any, because that is where no words are.
    #[must_use]
    pub fn hull_letter(&self, ids: &[NodeId]) -> Option<Point> {
        let all: Vec<Point> = self.places.iter().map(|(_, p)| *p).collect();
        let centre = middle(&all)?;
        let n = self.places.len();
        let inside = |at: usize| ids.contains(&self.places[at].0);
        let gaps = (0..n).filter(|at| n > 2 && inside(*at) && inside((at + 1) % n));
        let gaps = gaps.map(|at| middle(&[all[at], all[(at + 1) % n]]));
        // The most sideways one: above and below, the stage has little room.
        let aside = |p: &Point| (p.x - centre.x).abs() - (p.y - centre.y).max(0.0) * 0.2;
        let gap = gaps.flatten().max_by(|a, b| aside(a).total_cmp(&aside(b)));
        let own: Vec<Point> = ids.iter().filter_map(|id| self.at(*id)).collect();
        let from = gap.or_else(|| own.first().copied())?;
        let away = from.distance(centre).max(1.0);
        let (x, y) = ((from.x - centre.x) / away, (from.y - centre.y) / away);
        // Words are wider than high: sideways they need more room.
        let out = self.radius + 36.0 + 26.0 * x.abs();
        Some(Point {
            x: (from.x + x * out).clamp(34.0, (self.width - 34.0).max(34.0)),
            y: (from.y + y * out).clamp(14.0, (self.height - 14.0).max(14.0)),
        })
    }
}

fn middle(points: &[Point]) -> Option<Point> {
    let n = points.len() as f64;
    let sum = points
        .iter()
        .fold((0.0, 0.0), |(x, y), p| (x + p.x, y + p.y));
    (n > 0.0).then(|| Point {
        x: sum.0 / n,
        y: sum.1 / n,
    })
}

/// How far a message has come at an instant, from 0 to 1. A message that will meet a wall gets as far
/// as the wall's middle.
#[must_use]
pub fn progress(message: &MessageFrame, now: f64) -> f64 {
    let part = |until: Time| {
        let (sent, until) = (message.sent.0 as f64, until.0 as f64);
        // A direct call takes no time: it is seen half way, where its shape hides no node.
        if until > sent {
            ((now - sent) / (until - sent)).clamp(0.0, 1.0)
        } else {
            0.5
        }
    };
    match message.fate {
        Fate::Flying => part(message.arrives),
        // A held message stays half way, where it can be seen and picked.
        Fate::Held => part(message.arrives).min(0.5),
        Fate::Waiting => 1.0,
        Fate::Blocked { at } => 0.5 * part(at),
    }
}

/// The length of the timeline for a run that has reached `edge`: a round number of seconds, with
/// some room to grow, so that marks stay where they are for a while.
#[must_use]
pub fn timeline_span(edge: Time, least: Time) -> Time {
    let needed = (edge.0 as f64 * 1.05).max(least.0 as f64).max(1_000.0);
    let mut power = 1_000.0;
    while power * 10.0 <= needed {
        power *= 10.0;
    }
    let steps = [1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0];
    let round = steps.iter().map(|s| s * power).find(|s| *s >= needed - 0.5);
    Time(round.unwrap_or(needed) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(n: u32) -> Vec<NodeId> {
        (1..=n).map(NodeId).collect()
    }

    #[test]
    fn everything_stays_on_the_stage() {
        for n in [1, 2, 3, 5, 6, 9, 17, 60, 61, 1000] {
            for (w, h) in [(1280.0, 490.0), (768.0, 400.0), (390.0, 290.0)] {
                let scene = Scene::new(&ids(n), w, h);
                for id in ids(n) {
                    let p = scene.at(id).unwrap();
                    let r = scene.radius;
                    assert!(p.x - r >= 0.0 && p.x + r <= w, "{n} nodes, {w} wide: {p:?}");
                    assert!(p.y - r >= 0.0 && p.y + r <= h, "{n} nodes, {h} high: {p:?}");
                }
            }
        }
    }

    #[test]
    fn neighbours_keep_their_distance() {
        for n in 2..=60 {
            let scene = Scene::new(&ids(n), 1280.0, 552.0);
            let (a, b) = (scene.at(NodeId(1)).unwrap(), scene.at(NodeId(2)).unwrap());
            assert!(a.distance(b) > 2.0 * scene.radius, "{n} nodes");
        }
    }

    #[test]
    fn arrow_keys_go_where_they_point() {
        let scene = Scene::new(&ids(5), 1280.0, 552.0);
        assert_eq!(scene.neighbour(NodeId(2), Direction::Down), Some(NodeId(3)));
        assert_eq!(
            scene.neighbour(NodeId(5), Direction::Right),
            Some(NodeId(2))
        );
        assert_eq!(scene.neighbour(NodeId(3), Direction::Left), Some(NodeId(4)));
        assert_eq!(scene.neighbour(NodeId(1), Direction::Up), None);
    }

    #[test]
    fn lanes_keep_both_directions_apart() {
        let scene = Scene::new(&ids(5), 1280.0, 552.0);
        let there = scene.along(NodeId(1), NodeId(2), 0.5).unwrap();
        let back = scene.along(NodeId(2), NodeId(1), 0.5).unwrap();
        assert!(there.distance(back) > 10.0);
    }

    #[test]
    fn scissors_of_six_nodes_can_be_told_apart() {
        let scene = Scene::new(&ids(6), 1280.0, 552.0);
        let mut spots = Vec::new();
        for a in ids(6) {
            spots.extend(
                ids(6)
                    .into_iter()
                    .filter(|b| a < *b)
                    .filter_map(|b| scene.scissors(a, b)),
            );
        }
        for (i, a) in spots.iter().enumerate() {
            for b in &spots[i + 1..] {
                assert!(a.distance(*b) >= 20.0, "{a:?} {b:?}");
            }
        }
    }

    #[test]
    fn the_timeline_grows_in_round_steps() {
        let s = |n: f64| Time((n * 1e6) as u64);
        assert_eq!(timeline_span(s(3.0), s(20.0)), s(20.0));
        assert_eq!(timeline_span(s(19.5), s(20.0)), s(30.0));
        assert_eq!(timeline_span(s(100.0), s(20.0)), s(150.0));
    }
}
