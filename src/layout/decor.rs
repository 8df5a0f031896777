//! The decor of a node and its places: ⚡, word, crown, badges.

use faultline_sim::process::NodeId;

use super::{Point, Scene};

/// Which end of a word is at its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

/// Which words are shown beside nodes: the fuller the ring, the fewer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Words {
    All,
    /// Only if something is unusual.
    Notable,
    /// Only the leader's.
    Leader,
    None,
}

/// The places of a node's decor, relative to its centre.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Decor {
    /// The ⚡; small nodes have none, because keyboard, inspector and palette offer the same.
    pub bolt: Option<Point>,
    /// The place and width of the crown.
    pub crown: (Point, f64),
    /// The place of the word's middle line.
    pub word: (Point, Anchor),
    /// The first mark of a column; none if only one small mark fits.
    pub badges: Option<Point>,
    /// The one small mark.
    pub mark: Point,
    /// The letter of a side, or the box to tick.
    pub chip: Point,
    /// How far the left and the right edge of the stage are.
    pub edges: (f64, f64),
}

/// Half the height of a word's line.
const LINE: f64 = 9.0;
/// The radius of the ⚡.
pub(super) const BOLT: f64 = 12.0;

impl Scene {
    /// The places of a node's decor.
    #[must_use]
    pub fn decor(&self, id: NodeId) -> Decor {
        let (r, s) = (self.radius, self.scale());
        let tight = !self.radial && r < 22.0 * s;
        if self.radial {
            return self.decor_outwards(self.at(id).unwrap_or_default());
        }
        if self.past.is_some() {
            return self.decor_beside();
        }
        let rim = r.max(22.0 * s);
        let crown = if tight {
            (Point::new(-r, -r - 2.0 * s), 20.0 * s)
        } else {
            (Point::new(0.0, -r - 16.0 * s), 24.0 * s)
        };
        let chip = if tight {
            Point::new(-r, r * 0.6)
        } else {
            Point::new(r * -0.8, r * -0.8)
        };
        Decor {
            bolt: self.badges.then(|| Point::new(rim * 0.98, rim * -0.82)),
            crown,
            word: (Point::new(0.0, r + 15.0 * s), Anchor::Middle),
            badges: Some(Point::new(0.0, r + 36.0 * s)),
            mark: Point::new(r * -0.9, r * 0.8),
            chip,
            edges: self.edges(id),
        }
    }

    fn edges(&self, id: NodeId) -> (f64, f64) {
        let x = self.at(id).unwrap_or_default().x;
        (x, self.width - x)
    }

    /// On lanes, words stand on the right of their heads.
    fn decor_beside(&self) -> Decor {
        let (r, s) = (self.radius, self.scale());
        Decor {
            bolt: self.badges.then(|| Point::new(r * 0.98, r * -0.82)),
            crown: (Point::new(0.0, -r - 12.0 * s), 20.0 * s),
            word: (Point::new(r + 12.0 * s, 4.0 * s), Anchor::Start),
            badges: None,
            mark: Point::new(r * -0.9, r * 0.8),
            chip: Point::new(r * -0.8, r * -0.8),
            edges: (f64::MAX, f64::MAX),
        }
    }

    fn decor_outwards(&self, at: Point) -> Decor {
        let (r, s) = (self.radius, self.scale());
        let away = self.outwards(at);
        let badge = self.badges;
        // The word is beyond the ⚡ and reads outwards; above and below, it is centred.
        let anchor = match away.x {
            x if x > 0.3 => Anchor::Start,
            x if x < -0.3 => Anchor::End,
            _ => Anchor::Middle,
        };
        let beyond = if badge {
            r + 14.0 * s + BOLT * s
        } else {
            r + 2.0
        };
        let lift = if anchor == Anchor::Middle {
            LINE * s + 1.0
        } else {
            7.0 * s
        };
        let mut word = away.times(beyond + lift);
        if anchor != Anchor::Middle {
            // A line beside a slanted ⚡ stays clear of it above or below.
            word.y += away.y * LINE * s * 0.6;
        }
        Decor {
            bolt: badge.then(|| away.times(r + 14.0 * s)),
            crown: (
                away.times(-(r + 18.0 * s)),
                if badge { 22.0 } else { 16.0 } * s,
            ),
            word: (word, anchor),
            badges: None,
            mark: Point::new(r * -0.9, r * 0.8),
            // On a small body it would hide the number.
            chip: away.times(if badge { -r } else { -(r + 10.0 * s) }),
            edges: (f64::MAX, f64::MAX),
        }
    }

    /// Whether a node's word is shown. `telling`: something is unusual.
    #[must_use]
    pub fn shows_word(&self, telling: bool, leads: bool) -> bool {
        match self.words {
            Words::All => true,
            Words::Notable => telling || leads,
            Words::Leader => leads,
            Words::None => false,
        }
    }
}
