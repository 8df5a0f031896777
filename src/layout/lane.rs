//! The path of a message: from the sender's edge to the receiver's, clear of their decor, so that a
//! message is visible and pickable from the start.

use std::f64::consts::TAU;

use faultline_sim::process::NodeId;
use faultline_sim::standing::Form;

use super::decor::BOLT;
use super::{Anchor, Point, Scene};

/// The path of messages between two nodes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Lane {
    Straight(Point, Point),
    /// An arc, bent towards a third point.
    Bow {
        from: Point,
        over: Point,
        to: Point,
    },
    /// Through the middle of a wall between two sides.
    Walled(Point, Point, Point),
    /// A message to oneself makes a small loop above its node.
    Loop {
        centre: Point,
        radius: f64,
    },
}

impl Lane {
    /// The place after a share of the path.
    #[must_use]
    pub fn at(&self, part: f64) -> Point {
        match *self {
            Lane::Straight(from, to) => from.towards(to, part),
            Lane::Walled(from, wall, _) if part < 0.5 => from.towards(wall, 2.0 * part),
            Lane::Walled(_, wall, to) => wall.towards(to, 2.0 * part - 1.0),
            Lane::Bow { from, over, to } => {
                let (a, b) = (from.towards(over, part), over.towards(to, part));
                a.towards(b, part)
            }
            Lane::Loop { centre, radius } => {
                let (sin, cos) = libm::sincos(TAU * part);
                Point::new(centre.x - radius * sin, centre.y + radius * cos)
            }
        }
    }
}

impl Lane {
    /// The path from one share to another, as SVG.
    #[must_use]
    pub fn path(&self, begin: f64, end: f64) -> String {
        let steps = if matches!(self, Lane::Straight(..)) {
            1
        } else {
            16
        };
        let mut path = String::new();
        for step in 0..=steps {
            let part = begin + (end - begin) * f64::from(step) / f64::from(steps);
            let at = self.at(part);
            let word = if step == 0 { 'M' } else { 'L' };
            path += &format!("{word}{:.1} {:.1}", at.x, at.y);
        }
        path
    }

    /// The unit vector along it at a share of the path.
    #[must_use]
    pub fn along(&self, part: f64) -> Point {
        let (a, b) = (self.at(part - 0.02), self.at(part + 0.02));
        b.minus(a).times(1.0 / a.distance(b).max(1e-6))
    }
}

/// The width reserved for a word: a short label in the stage's font.
const HALF_WORD: f64 = 42.0;
/// The smallest share of the path that remains, however crowded it is.
const LEAST_WAY: f64 = 0.3;

impl Scene {
    /// The radius of a message's shape.
    #[must_use]
    pub fn message_radius(&self) -> f64 {
        let s = self.scale();
        // Among tiles that are small themselves, messages must not hide them.
        if self.tiles && self.radius < 7.0 * s {
            return (self.radius * 0.6).max(2.0);
        }
        (self.radius * 0.3).clamp(7.0 * s, 13.0 * s)
    }

    /// The path from one node to another. Each direction has its own path, so that messages do not hide
    /// each other.
    #[must_use]
    pub fn lane(&self, from: NodeId, to: NodeId) -> Option<Lane> {
        let (a, b) = (self.at(from)?, self.at(to)?);
        if from == to {
            let radius = self.radius * 0.5;
            let centre = Point::new(a.x, a.y - self.radius - radius - 4.0);
            return Some(Lane::Loop { centre, radius });
        }
        let aside = (self.radius * 0.22).min(7.0 * self.scale());
        if let Some(bow) = self.bow(from, to, aside) {
            return Some(bow);
        }
        if self.past.is_some() {
            // Between heads of lanes, messages go down and up beside them, where the past ends.
            let wide = self.width >= 600.0;
            let beside = if wide { 48.0 * self.scale() } else { 12.0 };
            let x = a.x - self.radius - beside;
            let x = x + if b.y > a.y { aside } else { -aside };
            return Some(Lane::Straight(Point::new(x, a.y), Point::new(x, b.y)));
        }
        let length = a.distance(b).max(1.0);
        let along = b.minus(a).times(1.0 / length);
        let (leave, enter) = (self.clear(from, along), self.clear(to, along.times(-1.0)));
        let most = length * (1.0 - LEAST_WAY);
        let less = (most / (leave.0 + enter.0)).min(1.0);
        // Words give way before bodies and their ⚡ do.
        let firm = |(whole, firm): (f64, f64)| (whole * less).max(firm.min(length * 0.375));
        let (leave, enter) = (firm(leave), firm(enter));
        let over = ((leave + enter) / (length * 0.755)).max(1.0);
        let (leave, enter) = (leave / over, enter / over);
        let aside = Point::new(-along.y * aside, along.x * aside);
        let (from, to) = (a.plus(along.times(leave)), b.minus(along.times(enter)));
        let (from, to) = (from.plus(aside), to.plus(aside));
        let wall = || self.wall_between(from, to);
        Some(match (!self.walls.is_empty()).then(wall).flatten() {
            Some(wall) => Lane::Walled(from, wall, to),
            None => Lane::Straight(from, to),
        })
    }

    /// Where the line between two places meets a wall. With several walls between them, the one in the
    /// middle of the way: what is stopped is stopped there.
    #[inline(never)]
    fn wall_between(&self, from: Point, to: Point) -> Option<Point> {
        let crossing = |(a, b): &(Point, Point)| {
            let upright = (a.x - b.x).abs() < 1e-6;
            let (here, there, wall) = if upright {
                (from.x, to.x, a.x)
            } else {
                (from.y, to.y, a.y)
            };
            let part = (wall - here) / (there - here);
            (part > 0.0 && part < 1.0).then_some(part)
        };
        let parts = self.walls.iter().filter_map(crossing);
        let nearest = parts.min_by(|a, b| (a - 0.5).abs().total_cmp(&(b - 0.5).abs()))?;
        Some(from.towards(to, nearest))
    }

    /// The arc between two nodes of a row: the further apart they are, the higher.
    pub(super) fn bow(&self, a: NodeId, b: NodeId, aside: f64) -> Option<Lane> {
        if self.form == Form::Row && a != b {
            return self.arc(a, b, aside);
        }
        None
    }

    #[inline(never)]
    fn arc(&self, a: NodeId, b: NodeId, aside: f64) -> Option<Lane> {
        let (from, to) = (self.at(a)?, self.at(b)?);
        let s = self.scale();
        let rank = |id: NodeId| self.places.binary_search_by_key(&id, |(id, _)| *id);
        let apart = rank(a).ok()?.abs_diff(rank(b).ok()?) as f64;
        let most = (self.places.len() as f64 - 1.0).max(1.0);
        let top = from.y.min(to.y) - self.radius - 6.0 * s;
        let room = (top - 34.0 * s).max(20.0);
        let least = (room * 0.34).min(90.0 * s);
        let height = least + (room - least) * ((apart - 1.0) / (most - 1.0).max(1.0));
        // Leaves and arrives on the side that faces the other node.
        let lean = self.radius * 0.36 * (to.x - from.x).signum();
        let lift = self.radius * 0.93 + 4.0 * s;
        let (from, to) = (
            Point::new(from.x + lean, from.y - lift),
            Point::new(to.x - lean, to.y - lift),
        );
        let middle = from.towards(to, 0.5);
        // A quadratic curve reaches half the height of its control point.
        let over = middle.y - 2.0 * (height + aside * (to.x - from.x).signum());
        let over = Point::new(middle.x, over.max(-middle.y + 24.0));
        Some(Lane::Bow { from, over, to })
    }

    /// A point on the path from one node to another.
    #[must_use]
    pub fn along(&self, from: NodeId, to: NodeId, part: f64) -> Option<Point> {
        Some(self.lane(from, to)?.at(part))
    }

    /// The distance from the node's centre at which a message is clear of its ring, ⚡ and word; and of
    /// ring and ⚡ alone.
    fn clear(&self, id: NodeId, towards: Point) -> (f64, f64) {
        let (s, m) = (self.scale(), self.message_radius());
        if self.tiles {
            return (self.radius + 1.0, 0.0);
        }
        let mut clear = self.radius + 6.0 * s + m;
        if self.places().len() > super::place::MOST_ON_RING / 2 {
            return (clear, 0.0);
        }
        let decor = self.decor(id);
        if let Some(bolt) = decor.bolt {
            clear = clear.max(beyond_disc(bolt, BOLT * s + 1.0 + m, towards));
        }
        let firm = clear;
        if self.shows_word(false, false) {
            let (word, anchor) = decor.word;
            let middle = match anchor {
                Anchor::Start => word.x + HALF_WORD * s,
                Anchor::Middle => word.x,
                Anchor::End => word.x - HALF_WORD * s,
            };
            let half = Point::new(HALF_WORD * s + m * 0.5, 8.0 * s + m);
            clear = clear.max(beyond_box(Point::new(middle, word.y), half, towards));
        }
        (clear, firm)
    }
}

/// Where a ray from the origin leaves a disc; 0 if it misses it.
fn beyond_disc(centre: Point, radius: f64, ray: Point) -> f64 {
    let ahead = centre.x * ray.x + centre.y * ray.y;
    let aside = centre.x * ray.y - centre.y * ray.x;
    let left = radius * radius - aside * aside;
    if left > 0.0 { ahead + left.sqrt() } else { 0.0 }
}

/// Where a ray from the origin leaves a box; 0 if it misses it.
fn beyond_box(centre: Point, half: Point, ray: Point) -> f64 {
    let span = |centre: f64, half: f64, ray: f64| {
        if ray.abs() < 1e-9 {
            let inside = centre.abs() < half;
            return if inside {
                (f64::MIN, f64::MAX)
            } else {
                (f64::MAX, f64::MIN)
            };
        }
        let (a, b) = ((centre - half) / ray, (centre + half) / ray);
        (a.min(b), a.max(b))
    };
    let (x, y) = (span(centre.x, half.x, ray.x), span(centre.y, half.y, ray.y));
    let (enters, leaves) = (x.0.max(y.0), x.1.min(y.1));
    if enters < leaves && leaves > 0.0 {
        leaves
    } else {
        0.0
    }
}
