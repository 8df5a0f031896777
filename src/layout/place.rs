//! The places of nodes: on a ring or in a grid.

use std::f64::consts::TAU;

use faultline_sim::process::NodeId;

use super::{Board, Point, Room, Scene, Strip, Wheel, Words};

/// The margin at the sides (the ⚡ badge), and above and below (crown and words). static/poster.css uses
/// the same numbers: change both.
const SIDE: f64 = 96.0;
const SIDE_NARROW: f64 = 62.0;
const RIM: f64 = 66.0;
const RIM_NARROW: f64 = 60.0;
const RIM_LOW: f64 = 46.0;
const NARROWEST_LOW: f64 = 60.0;
const WIDEST: f64 = 280.0;
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
const MOST_ON_CIRCLE: usize = 9;
/// Smaller and more numerous nodes have no ⚡ of their own, because red discs would cover the ring.
/// Keyboard, inspector and palette offer the same.
const BADGE_FROM: f64 = 14.0;
const MOST_BADGES: usize = 26;

/// The whole scene.
pub(super) fn scene(ids: &[NodeId], room: Room) -> Scene {
    let mut scene = Scene {
        room,
        width: room.width,
        height: room.height,
        radius: 5.0,
        tiles: false,
        board: Board::fit(room),
        wheel: Wheel::fit(room),
        strip: None,
        words: Words::All,
        badges: true,
        radial: false,
        centre: Point::default(),
        places: Vec::new(),
    };
    let most = if room.narrow() || scene.wheel.is_some() {
        MOST_ON_RING_NARROW
    } else {
        MOST_ON_RING
    };
    if ids.len() > most {
        grid(&mut scene, ids);
    } else if ids.len() > MOST_ON_CIRCLE {
        oval(&mut scene, ids);
    } else {
        circle(&mut scene, ids);
    }
    scene
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

fn circle(scene: &mut Scene, ids: &[NodeId]) {
    let Room {
        width,
        height,
        scale,
        ..
    } = scene.room;
    // Beside a ring of keys, nodes have as little room as on a phone.
    let narrow = scene.room.narrow() || scene.wheel.is_some() && free(scene).0 < 400.0;
    let (side, rim) = if narrow {
        (SIDE_NARROW, RIM_NARROW)
    } else {
        (SIDE, RIM)
    };
    let (side, rim) = (side * scale, rim * scale);
    // Above a diagram the stage is low, so only important words keep their room.
    let low = free(scene).1 < 2.0 * (rim + NARROWEST);
    let rim = if low { RIM_LOW * scale.min(1.2) } else { rim };
    let (slots, n) = slots(ids);
    let count = n;
    let n = n.max(1) as f64;
    let (free_width, free_height) = free(scene);
    // The extent of the picture in radii of the ring: a pentagon ends above its circle.
    let across = libm::sin(TAU / n * (n / 4.0).round()).abs().max(0.5);
    let below = -libm::cos(TAU / n * (n / 2.0).floor());
    let room = ((free_width / 2.0 - side) / across)
        .min((free_height - 2.0 * rim) / (1.0 + below.max(0.0)));
    let least = if low { NARROWEST_LOW } else { NARROWEST };
    let ring = room.clamp(least, WIDEST * scale);
    // Neighbours are at least a radius apart.
    let gap = ring * libm::sin(TAU / n / 2.0) * 2.0;
    let air = if count > 1 { gap / 3.0 } else { 32.0 * scale };
    // If crown, ⚡ and words of neighbours would touch, the bodies get smaller.
    let tight = count > 1 && gap < if narrow { 88.0 } else { 104.0 } * scale;
    let largest = match (narrow, tight) {
        (_, true) => 18.0,
        (true, false) => 26.0,
        (false, false) => 32.0,
    };
    scene.radius = air.min(largest * scale).max(5.0);
    scene.words = if count > 1 && (low || gap < 84.0 * scale) {
        Words::Notable
    } else {
        Words::All
    };
    // In the middle of the stage, unless there are logs.
    let reach = across * ring + side;
    let x = (width / 2.0).min((free_width - reach).max(reach));
    let top = (free_height - (1.0 + below) * ring) / 2.0;
    scene.centre = Point::new(x, top.min(height) + ring);
    let centre = scene.centre;
    let place = |slot: usize| {
        let angle = TAU * slot as f64 / n;
        Point::new(
            centre.x + ring * libm::sin(angle),
            centre.y - ring * libm::cos(angle),
        )
    };
    scene.places = ids
        .iter()
        .copied()
        .zip(slots.into_iter().map(place))
        .collect();
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
