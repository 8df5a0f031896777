//! What an observer measured of each peer lately, against what it tolerates: kept only to be drawn as a curve,
//! such as phi against its threshold. It decides nothing, so a state's hash and its JSON leave it out.
//!
//! ```
//! use faultline_protocols::parts::trails::Trails;
//! use faultline_sim::process::NodeId;
//! use faultline_sim::time::LocalTime;
//!
//! let mut trails = Trails::default();
//! for (second, phi) in [(1, 0.5), (2, 3.0), (3, 9.0)] {
//!     trails.note(NodeId(2), LocalTime(second * 1_000_000), (phi, 8.0));
//! }
//! let curve = trails.curve(NodeId(2), "phi of node 2", "threshold").unwrap();
//! assert_eq!(curve.to_table().rows[2], ["3", "9", "8"]);
//! assert_eq!(trails.curve(NodeId(3), "phi of node 3", "threshold"), None);
//! ```

use std::collections::VecDeque;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

use faultline_sim::frame::{Figure, Limit};
use faultline_sim::process::NodeId;
use faultline_sim::sorted::SortedMap;
use faultline_sim::time::LocalTime;

/// Points that are kept of each peer: enough for some ten heartbeats and the checks between them.
const KEPT: usize = 40;

#[derive(Clone, Copy, Debug)]
struct Point {
    at: LocalTime,
    value: f32,
    limit: f32,
}

/// The latest points of each peer, the oldest first. Copies of a node share them until one measures more.
#[derive(Clone, Debug, Default)]
pub struct Trails(SortedMap<NodeId, Rc<VecDeque<Point>>>);

/// What is only shown does not tell two states apart.
impl Hash for Trails {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

impl Trails {
    /// A value and the limit that it is held against.
    pub fn note(&mut self, peer: NodeId, at: LocalTime, (value, limit): (f64, f64)) {
        let points = Rc::make_mut(self.0.entry(peer).or_default());
        if points.len() >= KEPT {
            points.pop_front();
        }
        points.push_back(Point {
            at,
            value: value as f32,
            limit: limit as f32,
        });
    }

    pub fn retain(&mut self, known: impl Fn(NodeId) -> bool) {
        self.0.retain(|peer, _| known(*peer));
    }

    /// Values over seconds of the observer's own clock, under their names.
    pub fn curve(&self, peer: NodeId, name: &str, limit: &str) -> Option<Figure> {
        let points = self.0.get(&peer).filter(|points| points.len() > 1)?;
        let along = |point: &Point| (point.at.0 as f64 / 1e6, f64::from(point.value));
        Some(Figure::Series {
            name: name.to_owned(),
            points: points.iter().map(along).collect(),
            limit: Some(Limit {
                name: limit.to_owned(),
                heights: points.iter().map(|point| f64::from(point.limit)).collect(),
            }),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_latest_points_are_kept() {
        let mut trails = Trails::default();
        for second in 0..100 {
            trails.note(
                NodeId(2),
                LocalTime(second * 1_000_000),
                (second as f64, 8.0),
            );
        }
        let curve = trails.curve(NodeId(2), "phi", "threshold");
        let Some(Figure::Series { points, limit, .. }) = curve else {
            panic!("a curve");
        };
        assert_eq!((points.len(), points[0]), (KEPT, (60.0, 60.0)));
        assert_eq!(limit.map(|limit| limit.heights.len()), Some(KEPT));
        trails.retain(|_| false);
        assert_eq!(trails.curve(NodeId(2), "phi", "threshold"), None);
    }
}
