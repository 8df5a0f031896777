//! Pure geometry: nodes and a size in, coordinates out. It does not use the browser, so native tests
//! can run it.

mod area;
mod bars;
mod board;
mod cast;
mod decor;
mod forms;
mod hit;
mod hull;
mod lane;
mod pace;
mod parts;
mod place;
mod raster;
mod shapes;
mod split;
mod stroke;
mod wheel;

use faultline_sim::process::NodeId;
use faultline_sim::standing::Form;
use faultline_sim::time::Time;

pub use area::Area;
pub use bars::{Bar, Bars, Mark, Stretch, beside};
pub use board::Board;
pub use cast::{Cast, crowned, followers};
pub use decor::{Anchor, Decor, Words};
pub use forms::Past;
pub use hit::nearest;
pub use lane::Lane;
pub use pace::{Pace, progress};
pub use parts::Part;
pub use raster::{Colour, Sheet, Sprite, line_width};
pub use shapes::{Corners, corners, outline};
pub use stroke::{LEAST_STROKE, parted};
pub use wheel::{Clump, Keys, Side, Trail, Wheel};

/// A place on the stage in CSS pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    pub x: f64,
    pub y: f64,
}

impl Point {
    pub(crate) const fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    /// The place after a share of the way to another one.
    #[must_use]
    pub fn towards(self, other: Point, part: f64) -> Point {
        Point {
            x: self.x + (other.x - self.x) * part,
            y: self.y + (other.y - self.y) * part,
        }
    }

    /// The distance between two places.
    #[must_use]
    pub fn distance(self, other: Point) -> f64 {
        let (x, y) = (self.x - other.x, self.y - other.y);
        (x * x + y * y).sqrt()
    }

    fn plus(self, other: Point) -> Point {
        Point::new(self.x + other.x, self.y + other.y)
    }

    fn minus(self, other: Point) -> Point {
        Point::new(self.x - other.x, self.y - other.y)
    }

    fn times(self, by: f64) -> Point {
        Point::new(self.x * by, self.y * by)
    }
}

/// An arrow key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Left,
    Right,
    Up,
    Down,
}

/// The room of the stage.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Room {
    pub width: f64,
    pub height: f64,
    /// The scale of the drawing: above 1 on a projector.
    pub scale: f64,
    /// The number of log rows; with none, no room is reserved.
    pub logs: usize,
    /// Whether there is a ring of keys.
    pub ring: bool,
    /// Whether a grid of tiles leaves room for a curve under it.
    pub curve: bool,
}

/// The place of a curve under a grid of tiles, and of its words to the left of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Strip {
    pub left: f64,
    pub top: f64,
    pub width: f64,
    pub height: f64,
    /// Where the words begin.
    pub label: f64,
}

impl Room {
    #[must_use]
    pub fn new(width: f64, height: f64) -> Self {
        Self {
            width,
            height,
            scale: 1.0,
            logs: 0,
            ring: false,
            curve: false,
        }
    }

    /// Whether this is a phone or a window as narrow as one.
    fn narrow(&self) -> bool {
        self.width < 600.0
    }
}

/// The places of everything.
#[derive(Clone, Debug, PartialEq)]
pub struct Scene {
    room: Room,
    pub width: f64,
    pub height: f64,
    /// A node's radius.
    pub radius: f64,
    /// The form that they stand in: the one that was asked for if there is room.
    pub form: Form,
    /// Whether nodes are small squares in a grid.
    pub tiles: bool,
    /// The place of the logs, row by row.
    pub board: Option<Board>,
    /// The place of the curve under a grid.
    pub strip: Option<Strip>,
    /// The place of the ring of keys.
    pub wheel: Option<Wheel>,
    /// Where the past of lanes is.
    pub past: Option<Past>,
    /// The places of the sides of a partition that stand apart, in their order, and the walls between
    /// them.
    pub banks: Vec<Area>,
    pub walls: Vec<(Point, Point)>,
    /// Whether nodes walk to their places from those of the scene before, in the same room.
    pub walks: bool,
    /// How many facts have room under a node.
    pub lines: usize,
    /// Whether each node has its ⚡.
    pub badges: bool,
    /// Which words are shown beside nodes.
    pub words: Words,
    /// Whether nodes are so close that their decor must point outwards.
    radial: bool,
    centre: Point,
    places: Vec<(NodeId, Point)>,
    cast: Cast,
}

impl Default for Scene {
    fn default() -> Self {
        Self::new(&Cast::default(), Room::new(1.0, 1.0))
    }
}

impl Scene {
    /// Nodes in the form of their cast, if it has room for them: else round, or in a grid. Adding or
    /// removing a node moves its neighbours a little and keeps the rest.
    #[must_use]
    pub fn new(cast: &Cast, room: Room) -> Self {
        place::scene(cast, room)
    }

    /// Whether this scene fits these nodes and this room.
    #[must_use]
    pub fn suits(&self, cast: &Cast, room: Room) -> bool {
        self.room == room && self.cast == *cast
    }

    /// The same places, to which nodes walk if the room is that of the scene before.
    #[must_use]
    pub fn after(self, before: &Scene) -> Self {
        let walks = self.room == before.room && !before.places.is_empty();
        Self { walks, ..self }
    }

    /// The scale of the drawing.
    #[must_use]
    pub fn scale(&self) -> f64 {
        self.room.scale
    }

    /// The place of a node.
    #[must_use]
    pub fn at(&self, id: NodeId) -> Option<Point> {
        let found = self.places.binary_search_by_key(&id, |(id, _)| *id).ok()?;
        Some(self.places[found].1)
    }

    /// All nodes with their places, by number.
    #[must_use]
    pub fn places(&self) -> &[(NodeId, Point)] {
        &self.places
    }

    /// The line of a link, between the nodes' edges.
    #[must_use]
    pub fn link(&self, a: NodeId, b: NodeId) -> Option<Lane> {
        let (from, to) = (self.at(a)?, self.at(b)?);
        if let Some(bow) = self.bow(a, b, 0.0) {
            return Some(bow);
        }
        let length = from.distance(to).max(1.0);
        let edge = ((self.radius + 4.0) / length).min(0.45);
        Some(Lane::Straight(
            from.towards(to, edge),
            to.towards(from, edge),
        ))
    }

    /// The place of a link's ✂: in the middle, or off it if links cross in one point.
    #[must_use]
    pub fn scissors(&self, a: NodeId, b: NodeId) -> Option<Point> {
        let lane = self.link(a, b)?;
        let n = self.places.len();
        let rank = |id| {
            self.places
                .iter()
                .position(|(other, _)| *other == id)
                .unwrap_or(0)
        };
        let across = n.is_multiple_of(2) && rank(a).abs_diff(rank(b)) * 2 == n;
        if matches!(lane, Lane::Bow { .. }) {
            return Some(self.free_spot(a, b, &lane));
        }
        Some(lane.at(if across { 0.36 } else { 0.5 }))
    }

    /// A place on an arc that no other arc crosses: there a click means this one.
    fn free_spot(&self, a: NodeId, b: NodeId, lane: &Lane) -> Point {
        const SHARES: [f64; 9] = [0.5, 0.44, 0.56, 0.38, 0.62, 0.3, 0.7, 0.22, 0.78];
        let ids: Vec<NodeId> = self.places.iter().map(|(id, _)| *id).collect();
        if ids.len() > 6 {
            return lane.at(0.5);
        }
        let others: Vec<Lane> = ids
            .iter()
            .flat_map(|c| ids.iter().map(move |d| (*c, *d)))
            .filter(|(c, d)| c < d && (*c, *d) != (a.min(b), a.max(b)))
            .filter_map(|(c, d)| self.link(c, d))
            .collect();
        let clear = |share: f64| {
            let at = lane.at(share);
            let near = |other: &Lane| {
                let steps = (0..=24).map(|step| other.at(f64::from(step) / 24.0));
                steps.map(|spot| spot.distance(at)).fold(f64::MAX, f64::min)
            };
            others.iter().map(near).fold(f64::MAX, f64::min)
        };
        let best = SHARES.iter().copied().find(|share| clear(*share) > 16.0);
        let widest = || {
            SHARES
                .into_iter()
                .max_by(|p, q| clear(*p).total_cmp(&clear(*q)))
        };
        lane.at(best.or_else(widest).unwrap_or(0.5))
    }

    /// How many of these nodes are no clients.
    #[must_use]
    pub fn members_among(&self, ids: &[NodeId]) -> usize {
        let clients = &self.cast.clients;
        ids.iter().filter(|id| !clients.contains(id)).count()
    }

    /// Whether the sides of a partition stand apart.
    #[must_use]
    pub fn apart(&self) -> bool {
        !self.walls.is_empty()
    }

    /// The direction away from the centre of the ring, as a unit vector.
    fn outwards(&self, at: Point) -> Point {
        let away = at.distance(self.centre).max(1.0);
        at.minus(self.centre).times(1.0 / away)
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
}

fn middle(points: &[Point]) -> Option<Point> {
    let n = points.len() as f64;
    let sum = points
        .iter()
        .fold((0.0, 0.0), |(x, y), p| (x + p.x, y + p.y));
    (n > 0.0).then(|| Point::new(sum.0 / n, sum.1 / n))
}

/// The length of the timeline for a run that has reached `edge`: a round number of seconds with some
/// room to grow, so that marks stay in place for a while.
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
mod tests;
