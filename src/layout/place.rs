//! The places of nodes: round, or in a grid. static/poster.css places the home scenario by the same
//! numbers: change both.

use std::f64::consts::TAU;

use faultline_sim::process::NodeId;
use faultline_sim::standing::Form;

use super::area::{Area, Polygon, Sizes, largest};
use super::cast::Cast;
use super::{Board, Point, Room, Scene, Strip, Wheel, Words, forms, split};

/// The widest ring.
const WIDEST: f64 = 300.0;
const NARROWEST: f64 = 84.0;
/// The same if all decor points outwards.
const SIDE_RADIAL: f64 = 152.0;
const RIM_RADIAL: f64 = 82.0;
const RIM_SMALL: f64 = 26.0;

/// With more nodes than this, the stage is a grid of tiles.
pub(super) const MOST_ON_RING: usize = 60;
/// The same on a phone.
const MOST_ON_RING_NARROW: usize = 9;
/// Up to this many nodes the ring is a circle; beyond, it grows into the room beside it.
pub(super) const MOST_ON_CIRCLE: usize = 9;
/// Smaller and more numerous nodes have no ⚡ of their own, because discs would cover the ring.
/// Keyboard, inspector and palette offer the same.
const BADGE_FROM: f64 = 14.0;
const MOST_BADGES: usize = 26;

/// The whole scene.
pub(super) fn scene(cast: &Cast, room: Room) -> Scene {
    let mut scene = Scene {
        room,
        width: room.width,
        height: room.height,
        radius: 5.0,
        form: Form::Circle,
        tiles: false,
        board: Board::fit(room),
        wheel: Wheel::fit(room),
        strip: None,
        past: None,
        banks: Vec::new(),
        walls: Vec::new(),
        walks: false,
        words: Words::All,
        lines: 0,
        badges: true,
        radial: false,
        centre: Point::default(),
        places: Vec::new(),
        cast: cast.clone(),
    };
    let most = if room.narrow() || scene.wheel.is_some() {
        MOST_ON_RING_NARROW
    } else {
        MOST_ON_RING
    };
    let n = cast.ids.len();
    if n > most || cast.form == Form::Tiles && n > 1 {
        grid(&mut scene, &cast.ids);
    } else if cast.form == Form::Circle && cast.sides.is_empty() && cast.clients.is_empty() {
        rounded(&mut scene, cast);
    } else {
        place_parts(&mut scene, cast);
    }
    scene.places.sort_unstable_by_key(|(id, _)| *id);
    scene
}

/// Whatever needs more than a circle; the home scenario begins without it.
#[inline(never)]
fn place_parts(scene: &mut Scene, cast: &Cast) {
    let own = scene.wheel.is_none() && forms::fits(scene, cast);
    if own && cast.form == Form::Row {
        forms::place(scene, cast);
    } else if split::apart(scene, cast) {
    } else if own {
        forms::place(scene, cast);
    } else {
        if cast.form == Form::Ring {
            scene.form = Form::Ring;
        }
        rounded(scene, cast);
    }
}

fn rounded(scene: &mut Scene, cast: &Cast) {
    if cast.ids.len() > MOST_ON_CIRCLE {
        oval(scene, &cast.ids);
    } else {
        round(scene, cast);
    }
}

/// The place of each node on the ring, and the number of places. A removed node leaves its place empty,
/// so that the others do not move. If too many are empty, the nodes move together.
fn slots(ids: &[NodeId]) -> (Vec<usize>, usize) {
    let highest = ids.last().map_or(0, |id| id.0 as usize);
    let from_one = ids.first().is_some_and(|id| id.0 >= 1);
    if from_one && highest <= ids.len() + ids.len() / 3 {
        (ids.iter().map(|id| id.0 as usize - 1).collect(), highest)
    } else {
        ((0..ids.len()).collect(), ids.len())
    }
}

/// Nodes in the order of their numbers round a circle, with clients beside it where there is room.
fn round(scene: &mut Scene, cast: &Cast) {
    let area = if cast.clients.is_empty() {
        free_area(scene)
    } else {
        forms::beside_clients(scene, cast)
    };
    let members = if scene.places.is_empty() {
        cast.ids.clone()
    } else {
        cast.members()
    };
    circle(scene, &members, area);
}

fn circle(scene: &mut Scene, ids: &[NodeId], area: Area) {
    let s = scene.room.scale;
    let (slots, corners) = slots(ids);
    let mut sizes = Sizes::of(area, scene.room);
    if scene.wheel.is_some() && area.width < 400.0 {
        // Beside a ring of keys, nodes have as little room as on a phone.
        sizes = Sizes {
            radius: 26.0 * s,
            side: 62.0 * s,
            above: 60.0 * s,
            below: 60.0 * s,
            ..sizes
        };
    }
    let widest = WIDEST * s;
    // Neighbours are at least a radius apart; if crown, ⚡ and words would touch, bodies get smaller.
    let share = if corners > 5 { 4.0 } else { 3.0 };
    let fit = |radius: f64| Polygon::fit(area, corners, &sizes.with_radius(radius, s), widest);
    let fits = |radius: f64| fit(radius).gap() >= radius * share;
    let mut radius = largest(5.0, sizes.radius, fits);
    if corners > 1 && fit(radius).gap() < if sizes.narrow { 88.0 } else { 104.0 } * s {
        radius = radius.min(18.0 * s);
    }
    sizes = sizes.with_radius(radius, s);
    let mut polygon = Polygon::fit(area, corners, &sizes, widest);
    if scene.form == Form::Ring {
        // No link crosses a ring, so neighbours may stand farther apart.
        polygon = polygon.stretched(area, &sizes, 1.6);
    }
    let polygon = polygon.centred(area, &sizes, scene.room.width / 2.0);
    let gap = polygon.gap();
    scene.radius = sizes.radius.min(gap / 3.0).max(5.0);
    let narrow = sizes.narrow || scene.room.narrow();
    scene.words = if corners > 1 && (sizes.low || gap < 84.0 * s) {
        Words::Notable
    } else {
        Words::All
    };
    let roomy = scene.radius >= 30.0 * s && (corners == 1 || gap >= forms::FACTS_FROM * s);
    scene.lines = usize::from(scene.words == Words::All && !narrow && roomy);
    scene.centre = polygon.centre;
    let places = slots.into_iter().map(|slot| polygon.at(slot));
    scene.places.extend(ids.iter().copied().zip(places));
}

/// The stage without logs, curve and ring of keys.
pub(super) fn free_area(scene: &Scene) -> Area {
    let (width, height) = free(scene);
    Area {
        left: 0.0,
        top: 0.0,
        width,
        height,
    }
}

/// The room of the stage without logs and ring of keys.
fn free(scene: &Scene) -> (f64, f64) {
    let (mut width, mut height) = (scene.width, scene.height);
    match scene.board {
        Some(board) if board.below => height = board.top,
        Some(board) => width = board.left,
        None => {}
    }
    if let Some(strip) = scene.strip {
        height = height.min(strip.top);
    }
    match scene.wheel {
        Some(wheel) if wheel.below => height = height.min(wheel.edge),
        Some(wheel) => width = width.min(wheel.edge),
        None => {}
    }
    (width, height)
}

/// For more nodes than a circle holds: a ring that is as wide as needed, with equal distances between
/// neighbours.
fn oval(scene: &mut Scene, ids: &[NodeId]) {
    let scale = scene.room.scale;
    let (slots, n) = slots(ids);
    let (free_width, free_height) = free(scene);
    let shape = |side: f64, rim: f64| {
        let (widest, highest) = (
            (free_width / 2.0 - side * scale).max(NARROWEST),
            (free_height / 2.0 - rim * scale).max(NARROWEST),
        );
        let round = widest.min(highest);
        let most = round * (1.0 + 0.15 * (n as f64 - MOST_ON_CIRCLE as f64 + 1.0));
        Oval::new(widest.min(most), highest.min(most))
    };
    let mut oval = shape(SIDE_RADIAL, RIM_RADIAL);
    let mut gap = oval.length / n.max(1) as f64;
    if gap / 3.0 < BADGE_FROM || n > MOST_BADGES {
        // Without badges and with important words only, the ring may come closer to the edge.
        oval = shape(RIM_SMALL + 44.0, RIM_SMALL + 26.0);
        gap = oval.length / n.max(1) as f64;
        scene.badges = false;
        scene.radius = (gap / 3.0).clamp(5.0, 20.0 * scale);
    } else {
        scene.radius = (gap / 3.0).min(30.0 * scale);
    }
    scene.radial = true;
    scene.words = match gap / scale {
        wide if wide >= 100.0 && scene.badges => Words::All,
        wide if wide >= 3.0 * BADGE_FROM && scene.badges => Words::Notable,
        _ => Words::Leader,
    };
    scene.centre = Point::new(free_width / 2.0, free_height / 2.0);
    let centre = scene.centre;
    let place = |slot: usize| centre.plus(oval.at(slot as f64 / n as f64));
    scene.places = ids
        .iter()
        .copied()
        .zip(slots.into_iter().map(place))
        .collect();
}

/// An ellipse around the origin with a walk at constant speed, from its top, clockwise.
struct Oval {
    /// Angles at equal distances along the ellipse.
    angles: Vec<f64>,
    a: f64,
    b: f64,
    length: f64,
}

impl Oval {
    const STEPS: usize = 720;

    fn new(a: f64, b: f64) -> Self {
        let point = |i: usize| {
            let (sin, cos) = libm::sincos(TAU * i as f64 / Self::STEPS as f64);
            Point::new(a * sin, -b * cos)
        };
        let mut along = vec![0.0];
        for i in 0..Self::STEPS {
            along.push(along[i] + point(i).distance(point(i + 1)));
        }
        let length = along[Self::STEPS];
        let mut from = 0;
        let angles = (0..Self::STEPS).map(|k| {
            let wanted = length * k as f64 / Self::STEPS as f64;
            while along[from + 1] < wanted {
                from += 1;
            }
            let step = (wanted - along[from]) / (along[from + 1] - along[from]).max(1e-9);
            TAU * (from as f64 + step) / Self::STEPS as f64
        });
        Self {
            angles: angles.collect(),
            a,
            b,
            length,
        }
    }

    /// The point after a share of the walk.
    fn at(&self, part: f64) -> Point {
        let place = part * Self::STEPS as f64;
        let low = place.floor();
        let angle = |k: usize| self.angles.get(k).copied().unwrap_or(TAU);
        let (from, to) = (angle(low as usize), angle(low as usize + 1));
        let (sin, cos) = libm::sincos(from + (to - from) * (place - low));
        Point::new(self.a * sin, -self.b * cos)
    }
}

/// Under the grid, if that leaves the grid most of the room.
fn strip(room: Room, margin: f64) -> Option<Strip> {
    let narrow = room.narrow();
    let (words, height) = if narrow { (148.0, 56.0) } else { (178.0, 64.0) };
    let (words, height) = (words * room.scale, height * room.scale);
    let label = if narrow { 12.0 } else { margin };
    // Requests lie in the lower right corner of a wide stage.
    let below = if narrow { 10.0 } else { 46.0 * room.scale };
    let fits = room.height > 3.0 * height;
    fits.then_some(Strip {
        left: label + words,
        top: room.height - height - below,
        width: (room.width - 2.0 * label - words).max(1.0),
        height,
        label,
    })
}

fn grid(scene: &mut Scene, ids: &[NodeId]) {
    let margin = 24.0;
    if scene.room.curve {
        scene.strip = strip(scene.room, margin);
    }
    let (width, height) = free(scene);
    let (w, h) = (
        (width - 2.0 * margin).max(1.0),
        (height - 2.0 * margin).max(1.0),
    );
    // The largest square cells that fit.
    let n = ids.len();
    let cell_of = |columns: usize| (w / columns as f64).min(h / n.div_ceil(columns) as f64);
    let columns = (1..=n.max(1))
        .max_by(|a, b| cell_of(*a).total_cmp(&cell_of(*b)).then(b.cmp(a)))
        .unwrap_or(1);
    let rows = n.div_ceil(columns);
    let cell = cell_of(columns);
    let (left, top) = (
        (width - cell * columns as f64) / 2.0,
        (height - cell * rows as f64) / 2.0,
    );
    scene.centre = Point::new(width / 2.0, height / 2.0);
    scene.tiles = true;
    scene.badges = false;
    scene.radius = (cell * 0.38).min(24.0);
    scene.words = Words::None;
    scene.places = ids
        .iter()
        .enumerate()
        .map(|(i, id)| {
            let (column, row) = ((i % columns) as f64, (i / columns) as f64);
            (
                *id,
                Point::new(left + (column + 0.5) * cell, top + (row + 0.5) * cell),
            )
        })
        .collect();
}
