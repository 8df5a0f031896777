//! A part of the stage, and a regular polygon of nodes inside it.

use std::f64::consts::TAU;

use super::{Point, Room};

/// A rectangle in CSS pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Area {
    pub left: f64,
    pub top: f64,
    pub width: f64,
    pub height: f64,
}

impl Area {
    pub(super) fn centre(&self) -> Point {
        Point::new(self.left + self.width / 2.0, self.top + self.height / 2.0)
    }

    /// Slices from left to right, or from top to bottom, with gaps between them.
    pub(super) fn slices(&self, shares: &[f64], gap: f64, across: bool) -> Vec<Area> {
        let all: f64 = shares.iter().sum();
        let gaps = gap * (shares.len().max(1) - 1) as f64;
        let whole = if across { self.width } else { self.height } - gaps;
        let mut from = if across { self.left } else { self.top };
        let slice = |share: &f64| {
            let length = whole * share / all.max(1e-9);
            let area = if across {
                Area {
                    left: from,
                    width: length,
                    ..*self
                }
            } else {
                Area {
                    top: from,
                    height: length,
                    ..*self
                }
            };
            from += length + gap;
            area
        };
        shares.iter().map(slice).collect()
    }
}

/// How large nodes are in an area, and what room their decor needs around them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Sizes {
    pub radius: f64,
    /// From a node's centre to the sides, upwards and downwards.
    pub side: f64,
    pub above: f64,
    pub below: f64,
    /// The smallest ring.
    pub least: f64,
    /// Only important words have room.
    pub low: bool,
    pub narrow: bool,
}

/// On a phone, and in a narrow part of the stage.
const NARROW: f64 = 400.0;

impl Sizes {
    /// For an area of a room. static/poster.css uses the same numbers: change both.
    pub fn of(area: Area, room: Room) -> Self {
        let s = room.scale;
        if room.narrow() {
            return Self {
                radius: 26.0 * s,
                side: 62.0 * s,
                above: 60.0 * s,
                below: 60.0 * s,
                least: 60.0,
                low: area.height < 288.0,
                narrow: true,
            };
        }
        let narrow = area.width < NARROW;
        if area.height < 300.0 * s {
            let rim = 46.0 * s.min(1.2);
            return Self {
                radius: 32.0 * s,
                side: if narrow { 62.0 } else { 96.0 } * s,
                above: rim,
                below: rim,
                least: 60.0,
                low: true,
                narrow,
            };
        }
        let radius = (area.height * 0.1 * s).clamp(32.0 * s, 56.0 * s);
        Self::roomy(radius, narrow, s)
    }

    fn roomy(radius: f64, narrow: bool, s: f64) -> Self {
        Self {
            radius,
            side: radius + if narrow { 34.0 } else { 64.0 } * s,
            above: radius + 34.0 * s,
            below: radius + 48.0 * s,
            least: 84.0,
            low: false,
            narrow,
        }
    }

    /// The same for smaller nodes.
    pub fn with_radius(self, radius: f64, s: f64) -> Self {
        if self.low || self.side == 62.0 * s {
            return Self { radius, ..self };
        }
        Self::roomy(radius, self.narrow, s)
    }
}

/// The largest radius up to `most` that passes; at least `least`, whatever it says.
pub(super) fn largest(least: f64, most: f64, passes: impl Fn(f64) -> bool) -> f64 {
    if passes(most) {
        return most;
    }
    let (mut low, mut high) = (least.min(most), most);
    for _ in 0..12 {
        let middle = low.midpoint(high);
        if passes(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

/// A regular polygon that begins at the top.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Polygon {
    pub centre: Point,
    pub ring: f64,
    pub corners: usize,
    /// Where the first corner is, as a share of the turn from the top.
    turn: f64,
    /// How much wider than high it stands.
    pub stretch: f64,
}

impl Polygon {
    /// The largest one with room around its corners.
    pub fn fit(area: Area, corners: usize, sizes: &Sizes, widest: f64) -> Self {
        let n = corners.max(1) as f64;
        if corners <= 1 {
            return Self {
                centre: area.centre(),
                ring: 0.0,
                corners: 1,
                turn: 0.0,
                stretch: 1.0,
            };
        }
        // Two nodes stand beside each other where that is the longer way.
        let flat = corners == 2 && area.width > area.height;
        // The extent in radii of the ring: a pentagon ends above its circle.
        let across = if flat {
            1.0
        } else {
            libm::sin(TAU / n * (n / 4.0).round()).abs().max(0.5)
        };
        let (up, down) = if flat {
            (0.0, 0.0)
        } else {
            (1.0, -libm::cos(TAU / n * (n / 2.0).floor()))
        };
        let high = area.height - sizes.above - sizes.below;
        let by_height = if flat { f64::MAX } else { high / (up + down) };
        let room = ((area.width / 2.0 - sizes.side) / across).min(by_height);
        let ring = room.clamp(sizes.least.min(widest), widest);
        // In the middle of what is left, unless it is too small.
        let free = (high - (up + down) * ring) / 2.0;
        let middle = area.top + sizes.above + free + up * ring;
        Self {
            centre: Point::new(area.left + area.width / 2.0, middle),
            ring,
            corners,
            turn: if flat { 0.75 } else { 0.0 },
            stretch: 1.0,
        }
    }

    /// The same up to so much wider, as its area allows.
    pub fn stretched(mut self, area: Area, sizes: &Sizes, most: f64) -> Self {
        let room = (area.width / 2.0 - sizes.side) / self.across().max(1.0);
        self.stretch = room.clamp(1.0, most);
        self
    }

    /// From its centre to its outermost corner.
    fn across(&self) -> f64 {
        let n = self.corners.max(1) as f64;
        if self.turn > 0.0 {
            self.ring
        } else {
            self.ring * libm::sin(TAU / n * (n / 4.0).round()).abs()
        }
    }

    /// Moves it sideways, as near as its area allows to the middle of the whole stage.
    pub fn centred(mut self, area: Area, sizes: &Sizes, middle: f64) -> Self {
        let reach = self.across() * self.stretch + sizes.side;
        let right = (area.left + area.width - reach).max(area.left + reach);
        self.centre.x = middle.clamp((area.left + reach).min(right), right);
        self
    }

    /// The distance between neighbours.
    pub fn gap(&self) -> f64 {
        match self.corners {
            0 | 1 => f64::MAX,
            n => self.ring * libm::sin(TAU / n as f64 / 2.0) * 2.0,
        }
    }

    pub fn at(&self, corner: usize) -> Point {
        let turn = corner as f64 / self.corners as f64 + self.turn;
        let (sin, cos) = libm::sincos(TAU * turn);
        Point::new(
            self.centre.x + self.ring * self.stretch * sin,
            self.centre.y - self.ring * cos,
        )
    }
}
