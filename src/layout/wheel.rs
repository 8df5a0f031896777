//! The place of a ring of keys, with a bar for each owner beside it: right of the nodes, or under them
//! on a phone. A place on the ring is a share of the way around, from the top, clockwise.

mod plan;
#[cfg(test)]
mod tests;

use std::f64::consts::TAU;

use super::{Point, Room};
pub use plan::{Clump, Keys, Side, Trail};

/// The ring and its bars.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wheel {
    pub centre: Point,
    /// The centre line of the band that shows the owners.
    pub radius: f64,
    /// The width of that band.
    pub band: f64,
    /// Whether it is under the nodes instead of beside them.
    pub below: bool,
    /// The upper left corner of the bars, their longest length, and their height.
    pub bars: Point,
    pub longest: f64,
    pub height: f64,
    pub scale: f64,
    /// The edge towards the nodes: its left or its top.
    pub edge: f64,
}

/// The room that nodes keep beside it and above it.
const LEAST_BESIDE: f64 = 300.0;
const LEAST_ABOVE: f64 = 248.0;
/// Labels outside the band.
const LABELS: f64 = 46.0;
const LABELS_NARROW: f64 = 34.0;
/// Names left of the bars and numbers right of them.
const NAMES: f64 = 66.0;
const NUMBERS: f64 = 40.0;
const SMALLEST: f64 = 46.0;
const LARGEST: f64 = 190.0;
/// The height that page.css adds to the stage of a phone for a ring.
const BELOW: f64 = 232.0;

impl Wheel {
    /// The ring for a room, if there is one and it fits.
    pub(super) fn fit(room: Room) -> Option<Self> {
        if !room.ring {
            return None;
        }
        if room.narrow() {
            Self::under(room)
        } else {
            Self::beside(room)
        }
    }

    fn beside(room: Room) -> Option<Self> {
        let s = room.scale;
        let nodes = LEAST_BESIDE.max(room.width * 0.34);
        let fit = |labels: f64, longest: f64| {
            let bars = (NAMES + NUMBERS + longest) * s;
            let across = room.width - nodes - bars;
            let radius = (across / 2.0 - labels * s).min(room.height / 2.0 - 54.0 * s);
            (radius.min(LARGEST * s), labels * s, bars)
        };
        let mut best = fit(LABELS, 64.0);
        if best.0 < 100.0 * s {
            best = fit(LABELS_NARROW, 30.0);
        }
        let (radius, labels, bars) = best;
        if radius < SMALLEST {
            return None;
        }
        // If the ring cannot grow, the bars do.
        let spare = room.width - nodes - bars - 2.0 * (radius + labels);
        let bars = bars + spare.clamp(0.0, 70.0 * s);
        let left = room.width - bars;
        let middle = room.height / 2.0;
        let height = (2.0 * radius).min(room.height - 60.0);
        Some(Self {
            centre: Point::new(left - radius - labels, middle - 4.0),
            radius,
            band: (radius * 0.13).clamp(9.0, 22.0 * s),
            below: false,
            bars: Point::new(left + NAMES * s, middle - height / 2.0 - 4.0),
            longest: bars - (NAMES + NUMBERS) * s - 8.0,
            height,
            scale: s,
            edge: left - 2.0 * (radius + labels),
        })
    }

    fn under(room: Room) -> Option<Self> {
        if room.height - BELOW < LEAST_ABOVE {
            return None;
        }
        let bars = (room.width * 0.38).clamp(120.0, 190.0);
        let radius = ((room.width - bars) / 2.0 - LABELS_NARROW).min(BELOW / 2.0 - LABELS_NARROW);
        if radius < SMALLEST {
            return None;
        }
        let (middle, left) = (room.height - BELOW / 2.0 + 2.0, room.width - bars);
        Some(Self {
            centre: Point::new((room.width - bars) / 2.0, middle),
            radius,
            band: 11.0,
            below: true,
            bars: Point::new(left + 58.0, middle - radius),
            longest: bars - 58.0 - 34.0,
            height: 2.0 * radius,
            scale: 1.0,
            edge: room.height - BELOW,
        })
    }

    /// A point of the ring at a distance from its centre.
    #[must_use]
    pub fn at(&self, share: f64, radius: f64) -> Point {
        let (sin, cos) = libm::sincos(TAU * share);
        Point::new(self.centre.x + radius * sin, self.centre.y - radius * cos)
    }

    /// The inner and the outer edge of the band.
    #[must_use]
    pub fn edges(&self) -> (f64, f64) {
        (self.radius - self.band / 2.0, self.radius + self.band / 2.0)
    }

    /// The band from one place to another, clockwise.
    #[must_use]
    pub fn sector(&self, from: f64, to: f64) -> String {
        let length = (to - from).rem_euclid(1.0);
        let length = if length == 0.0 { 1.0 } else { length };
        if length > 0.999 {
            // A full circle needs two arcs.
            return self.sector(from, from + 0.5) + &self.sector(from + 0.5, from + 0.999_5);
        }
        let (inner, outer) = self.edges();
        let large = u8::from(length > 0.5);
        let [a, b] = [self.at(from, outer), self.at(to, outer)];
        let [c, d] = [self.at(to, inner), self.at(from, inner)];
        format!(
            "M{:.1} {:.1}A{outer:.1} {outer:.1} 0 {large} 1 {:.1} {:.1}L{:.1} {:.1}A{inner:.1} {inner:.1} 0 {large} 0 {:.1} {:.1}Z",
            a.x, a.y, b.x, b.y, c.x, c.y, d.x, d.y
        )
    }

    /// A line around the centre from one place to another, clockwise.
    #[must_use]
    pub fn arc(&self, from: f64, to: f64, radius: f64) -> String {
        let length = (to - from).rem_euclid(1.0);
        let (a, b) = (self.at(from, radius), self.at(to, radius));
        let large = u8::from(length > 0.5);
        format!(
            "M{:.1} {:.1}A{radius:.1} {radius:.1} 0 {large} 1 {:.1} {:.1}",
            a.x, a.y, b.x, b.y
        )
    }

    /// A line between two places of the ring, bent towards the centre.
    #[must_use]
    pub fn chord(&self, from: f64, to: f64) -> String {
        let inner = self.edges().0 - 2.0;
        let (a, b) = (self.at(from, inner), self.at(to, inner));
        // A straight line between neighbours would be almost invisible.
        let middle = a.towards(b, 0.5).towards(self.centre, 0.72);
        format!(
            "M{:.1} {:.1}Q{:.1} {:.1} {:.1} {:.1}",
            a.x, a.y, middle.x, middle.y, b.x, b.y
        )
    }

    /// The range of labels.
    fn reach(&self) -> (f64, f64) {
        let left = if self.below { 0.0 } else { self.edge };
        (left, self.bars.x - NAMES * self.scale + 8.0)
    }

    /// The length of the band in pixels.
    #[must_use]
    pub fn around(&self) -> f64 {
        TAU * self.radius
    }

    /// The height of a bar's row.
    #[must_use]
    pub fn row(&self, rows: usize) -> f64 {
        (self.height / rows.max(1) as f64).min(34.0 * self.scale)
    }
}
