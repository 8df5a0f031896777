//! The outline of a partition's side, and the place of its letter.

use std::f64::consts::TAU;

use faultline_sim::process::NodeId;

use super::shapes::convex;
use super::{Point, Scene, middle};

impl Scene {
    /// The outline of a group of nodes: the convex hull of circles around them, as an SVG path.
    #[must_use]
    pub fn hull(&self, ids: &[NodeId]) -> String {
        const CORNERS: usize = 24;
        let room = self.radius
            + match (self.tiles, self.badges) {
                (true, _) => 3.0,
                (false, false) => 12.0 * self.scale(),
                (false, true) => 22.0 * self.scale(),
            };
        let centres = ids.iter().filter_map(|id| self.at(*id));
        let mut points: Vec<Point> = centres
            .flat_map(|c| {
                (0..CORNERS).map(move |i| {
                    let (sin, cos) = libm::sincos(TAU * i as f64 / CORNERS as f64);
                    c.plus(Point::new(room * cos, room * sin))
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

    /// The place of a group's letter: outside its hull, between two neighbours of the group if there
    /// are any, because no words are there.
    #[must_use]
    pub fn hull_letter(&self, ids: &[NodeId]) -> Option<Point> {
        if let Some(at) = self.edge_letter(ids) {
            return Some(at);
        }
        let all: Vec<Point> = self.places().iter().map(|(_, p)| *p).collect();
        let (n, centre) = (self.places().len(), self.centre);
        let inside = |at: usize| ids.contains(&self.places()[at].0);
        let gaps = (0..n).filter(|at| n > 2 && inside(*at) && inside((at + 1) % n));
        let gaps = gaps.map(|at| middle(&[all[at], all[(at + 1) % n]]));
        // Prefers a sideways place: above and below, the stage has little room.
        let aside = |p: &Point| (p.x - centre.x).abs() - (p.y - centre.y).max(0.0) * 0.2;
        let gap = gaps.flatten().max_by(|a, b| aside(a).total_cmp(&aside(b)));
        let s = self.scale();
        let at = match gap {
            Some(from) => {
                let away = from
                    .minus(centre)
                    .times(1.0 / from.distance(centre).max(1.0));
                // Words are wider than high, so they need more room sideways.
                from.plus(away.times(self.radius + (36.0 + 26.0 * away.x.abs()) * s))
            }
            None => {
                // Beside a lone node, because its crown and word are above and below.
                let from = ids.iter().find_map(|id| self.at(*id))?;
                let side = if from.x > centre.x + 1.0 { 1.0 } else { -1.0 };
                from.plus(Point::new(
                    side * (self.radius + 58.0 * s),
                    self.radius * 0.3,
                ))
            }
        };
        let right = self.board.filter(|board| !board.below);
        let right = right.map_or(self.width, |board| board.left) - 34.0 * s;
        let lowest = self.board.filter(|board| board.below);
        let lowest = lowest.map_or(self.height, |board| board.top) - 14.0 * s;
        Some(Point::new(
            at.x.clamp(34.0 * s, right.max(34.0 * s)),
            at.y.clamp(14.0 * s, lowest.max(14.0 * s)),
        ))
    }

    /// In a grid of tiles, which fills the stage from side to side: above a group that has the first row, below one
    /// that has the last.
    fn edge_letter(&self, ids: &[NodeId]) -> Option<Point> {
        let rows = |places: &mut dyn Iterator<Item = Point>| {
            let ends = |(top, bottom): (f64, f64), p: Point| (top.min(p.y), bottom.max(p.y));
            places.fold((f64::MAX, f64::MIN), ends)
        };
        let (first, last) = rows(&mut self.places().iter().map(|(_, p)| *p));
        let (top, bottom) = rows(&mut ids.iter().filter_map(|id| self.at(*id)));
        let room = self.radius + 15.0 * self.scale();
        let y = match (top <= first, bottom >= last) {
            _ if !self.tiles => return None,
            (true, _) => first - room,
            (false, true) => last + room,
            (false, false) => return None,
        };
        Some(Point::new(54.0 * self.scale(), y))
    }
}
