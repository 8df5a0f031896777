//! The forms that the home scenario does not need: row, star, layers, groups and lanes.

use faultline_sim::process::NodeId;
use faultline_sim::standing::Form;

use super::area::{Area, Polygon, Sizes, largest};
use super::cast::Cast;
use super::place::free_area;
use super::{Point, Scene, Words};

/// More nodes do not fit into a row, or into lanes.
const MOST_IN_ROW: usize = 12;
const MOST_IN_ROW_NARROW: usize = 6;

/// Facts of nearer neighbours would cover each other.
pub(super) const FACTS_FROM: f64 = 165.0;

/// The past of nodes on lanes: from here to the heads, time runs to the right.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Past {
    pub left: f64,
    /// Where now is.
    pub right: f64,
}

/// Whether a form has room for these nodes; otherwise they stand round.
pub(super) fn fits(scene: &Scene, cast: &Cast) -> bool {
    let n = cast.ids.len();
    let most = if scene.room.narrow() {
        MOST_IN_ROW_NARROW
    } else {
        MOST_IN_ROW
    };
    let area = free_area(scene);
    match cast.form {
        Form::Row => (2..=most).contains(&n),
        Form::Lanes => (2..=most).contains(&n) && area.height / n as f64 > 34.0,
        Form::Star => cast.hub.is_some() && n > 2 && n <= super::place::MOST_ON_CIRCLE + 1,
        Form::Layers | Form::Groups => {
            let columns = cast.columns();
            let longest = columns.iter().map(Vec::len).max().unwrap_or(0);
            let count = columns.len() as f64;
            let beside = longest <= 8 && area.width / count > 110.0;
            let below = cast.form == Form::Layers && area.height / count > LAYER_BELOW;
            columns.len() > 1 && (beside || (below && area.width / longest as f64 > 52.0))
        }
        Form::Circle | Form::Ring | Form::Tiles => false,
    }
}

/// Places the nodes in the form of their cast, which fits.
#[inline(never)]
pub(super) fn place(scene: &mut Scene, cast: &Cast) {
    scene.form = cast.form;
    match cast.form {
        Form::Row => row(scene, cast),
        Form::Lanes => lanes(scene, cast),
        Form::Star => star(scene, cast),
        Form::Layers => layers(scene, cast),
        _ => groups(scene, cast),
    }
}

/// Nodes by number from left to right, a little higher each, with room for arcs above. The sides of a
/// partition stand apart.
fn row(scene: &mut Scene, cast: &Cast) {
    let area = free_area(scene);
    let s = scene.room.scale;
    let sides = if cast.is_parted() {
        let filled = cast.sides.iter().filter(|side| !side.is_empty());
        filled.cloned().collect()
    } else {
        vec![cast.ids.clone()]
    };
    let gaps = cast.ids.len() + sides.len() - 2;
    let margin = if scene.room.narrow() { 40.0 } else { 96.0 } * s;
    let step = ((area.width - 2.0 * margin) / gaps.max(1) as f64).min(210.0 * s);
    let radius = (step * 0.3)
        .min(area.height * 0.11 * s)
        .min(52.0 * s)
        .min(margin - 8.0)
        .max(12.0);
    let rise = (area.height * 0.08).min(30.0 * s);
    let low = area.height < 300.0 * s;
    let bottom = area.top + area.height * if low { 0.72 } else { 0.7 };
    let mut x = area.left + (area.width - step * gaps as f64) / 2.0;
    let begin = x;
    scene.radius = radius;
    scene.lines = if low || radius < 24.0 * s { 0 } else { 3 };
    scene.words = if step < 84.0 * s {
        Words::Notable
    } else {
        Words::All
    };
    for (at, side) in sides.iter().enumerate() {
        if at > 0 {
            // A place stays empty between two sides, and the wall stands there.
            let end = area.top + area.height - 20.0;
            let wall = (Point::new(x, area.top + 20.0), Point::new(x, end));
            scene.walls.push(wall);
            x += step;
        }
        let from = x;
        for id in side {
            let part = (x - begin) / (step * gaps.max(1) as f64);
            scene
                .places
                .push((*id, Point::new(x, bottom - rise * part)));
            x += step;
        }
        if sides.len() > 1 {
            scene.banks.push(Area {
                left: from - step / 2.0 + 4.0,
                top: area.top + 8.0,
                width: x - from - 8.0,
                height: area.height - 16.0,
            });
        }
    }
    scene.centre = Point::new(area.left + area.width / 2.0, area.top + area.height / 2.0);
}

/// One node in the middle, the others round it in the order of their numbers: if another one takes the
/// middle, the two change places and nobody else moves.
fn star(scene: &mut Scene, cast: &Cast) {
    let hub = cast.hub.unwrap_or(NodeId(1));
    let s = scene.room.scale;
    let area = beside_clients(scene, cast);
    let members = if scene.places.is_empty() {
        cast.ids.clone()
    } else {
        cast.members()
    };
    let others: Vec<NodeId> = members.into_iter().filter(|id| *id != hub).collect();
    if area.width > 1.3 * area.height && (3..=8).contains(&others.len()) {
        wings(scene, area, hub, &others);
        return;
    }
    let sizes = Sizes::of(area, scene.room);
    let widest = 300.0 * s;
    // Two beside the middle stand to its left and right.
    let corners = others.len();
    let fits = |radius: f64| {
        let polygon = Polygon::fit(area, corners, &sizes.with_radius(radius, s), widest);
        polygon.ring >= 3.2 * radius && polygon.gap() >= 3.0 * radius
    };
    let radius = largest(10.0, sizes.radius, fits);
    let sizes = sizes.with_radius(radius, s);
    let polygon = Polygon::fit(area, corners, &sizes, widest);
    let polygon = polygon.centred(area, &sizes, scene.room.width / 2.0);
    scene.radius = sizes.radius;
    scene.centre = polygon.centre;
    scene.lines = usize::from(!sizes.low && sizes.radius >= 30.0 * s);
    scene.words = if sizes.low || polygon.gap() < 84.0 * s {
        Words::Notable
    } else {
        Words::All
    };
    scene.places.push((hub, polygon.centre));
    let round = others.into_iter().enumerate();
    scene
        .places
        .extend(round.map(|(at, id)| (id, polygon.at(at))));
}

/// A star on a wide stage: the others stand to the right and to the left of the middle, clockwise, so
/// that nothing is above or below it.
fn wings(scene: &mut Scene, area: Area, hub: NodeId, others: &[NodeId]) {
    let s = scene.room.scale;
    let sizes = Sizes::of(area, scene.room);
    let right = others.len().div_ceil(2);
    let step = |radius: f64| {
        let sizes = sizes.with_radius(radius, s);
        (area.height - sizes.above - sizes.below) / (right - 1) as f64
    };
    let room = if sizes.low { 8.0 } else { 62.0 * s };
    let radius = largest(10.0, sizes.radius, |radius| {
        step(radius) >= 2.0 * radius + room
    });
    let sizes = sizes.with_radius(radius, s);
    let step = step(radius);
    let half = step * (right - 1) as f64 / 2.0;
    let centre = Point::new(area.left + area.width / 2.0, area.top + sizes.above + half);
    let across = (area.width / 2.0 - sizes.side)
        .min(2.1 * half)
        .min(420.0 * s);
    scene.radius = radius;
    scene.centre = centre;
    scene.lines = usize::from(!sizes.low && radius >= 28.0 * s);
    scene.words = if sizes.low {
        Words::Notable
    } else {
        Words::All
    };
    scene.places.push((hub, centre));
    let (first, last) = others.split_at(right);
    let wings = [(first, 1.0), (last, -1.0)];
    for (wing, to) in wings {
        let own = step * (wing.len() - 1) as f64 / 2.0;
        for (at, id) in wing.iter().enumerate() {
            // On an ellipse that is wider than the wing is high.
            let y = to * (step * at as f64 - own);
            let x = across * (1.0 - (y / (1.6 * half)).powi(2)).sqrt();
            scene
                .places
                .push((*id, Point::new(centre.x + to * x, centre.y + y)));
        }
    }
}

/// Clients stand in a column on the left of a wide stage. Returns the area that is left; nobody is
/// placed if it would be too small.
pub(super) fn beside_clients(scene: &mut Scene, cast: &Cast) -> Area {
    let area = free_area(scene);
    let s = scene.room.scale;
    let column = 190.0 * s;
    let clients = &cast.clients;
    let roomy = area.width - column > 480.0 * s && area.height >= 300.0 * s;
    let few = (1..=4).contains(&clients.len()) && cast.ids.len() > clients.len() + 1;
    if !roomy || !few || scene.wheel.is_some() {
        return area;
    }
    let rest = Area {
        left: area.left + column * 0.6,
        width: area.width - column * 0.6,
        ..area
    };
    let step = area.height / clients.len() as f64;
    for (at, id) in clients.iter().enumerate() {
        let y = area.top + (at as f64 + 0.5) * step;
        scene
            .places
            .push((*id, Point::new(area.left + column * 0.55, y)));
    }
    rest
}

/// The least height of a layer where layers lie below each other.
const LAYER_BELOW: f64 = 58.0;

/// Layers from left to right, the nodes of one below each other; where that is too narrow, from top to
/// bottom, the nodes of one beside each other.
fn layers(scene: &mut Scene, cast: &Cast) {
    let s = scene.room.scale;
    let area = free_area(scene);
    // Answers that a node collects stand above it, and latest requests lie in a lower corner.
    let area = Area {
        top: area.top + 14.0 * s,
        height: area.height - 26.0 * s,
        ..area
    };
    let columns = cast.columns();
    let longest = columns.iter().map(Vec::len).max().unwrap_or(1) as f64;
    let tall = area.width / columns.len() as f64 <= 110.0;
    let (along, beside) = if tall {
        (longest, columns.len() as f64)
    } else {
        (columns.len() as f64, longest)
    };
    let (across, down) = (area.width / along, area.height / beside);
    let low = down < 110.0 * s;
    let most = if low {
        down * 0.3
    } else {
        (down - 54.0 * s) / 2.2
    };
    scene.radius = most.min(across * 0.24).min(52.0 * s).max(9.0);
    scene.lines = usize::from(!low);
    scene.words = if low { Words::Notable } else { Words::All };
    scene.centre = area.centre();
    // The middle of a node in its layer, as shares of the room.
    let part = |at: usize, of: usize| (at as f64 + 0.5) / of as f64;
    for (at, column) in columns.iter().enumerate() {
        for (row, id) in column.iter().enumerate() {
            let (layer, place) = (part(at, columns.len()), part(row, column.len()));
            let (x, y) = if tall { (place, layer) } else { (layer, place) };
            let middle = Point::new(
                area.left + area.width * x,
                area.top + area.height * y - 8.0 * s,
            );
            scene.places.push((*id, middle));
        }
    }
}

/// Groups beside each other, each round.
fn groups(scene: &mut Scene, cast: &Cast) {
    let area = free_area(scene);
    let columns = cast.columns();
    let shares: Vec<f64> = columns.iter().map(|ids| ids.len() as f64 + 1.0).collect();
    let areas = area.slices(&shares, 12.0, !scene.room.narrow());
    rings(scene, &columns, &areas);
    scene.centre = area.centre();
}

/// Polygons of nodes in areas, all nodes of one size.
pub(super) fn rings(scene: &mut Scene, parts: &[Vec<NodeId>], areas: &[Area]) {
    let s = scene.room.scale;
    let fit = |radius: f64, ids: &Vec<NodeId>, area: &Area| {
        let sizes = Sizes::of(*area, scene.room);
        let sizes = sizes.with_radius(sizes.radius.min(radius), s);
        let least = Sizes {
            least: 24.0,
            ..sizes
        };
        (sizes, Polygon::fit(*area, ids.len(), &least, 260.0 * s))
    };
    let mut radius = f64::MAX;
    for _ in 0..3 {
        for (ids, area) in parts.iter().zip(areas) {
            let (sizes, polygon) = fit(radius, ids, area);
            let alone = (area.width.min(area.height) * 0.22).max(9.0);
            radius = sizes.radius.min(polygon.gap() / 2.7).min(alone).max(9.0);
        }
    }
    scene.radius = radius;
    let (mut tight, mut roomy) = (false, true);
    for (ids, area) in parts.iter().zip(areas) {
        let (sizes, polygon) = fit(radius, ids, area);
        tight |= sizes.low || polygon.gap() < 96.0 * s;
        roomy &= polygon.gap() >= FACTS_FROM * s;
        let corners = ids.iter().enumerate();
        scene
            .places
            .extend(corners.map(|(at, id)| (*id, polygon.at(at))));
    }
    scene.words = if tight { Words::Notable } else { Words::All };
    scene.lines = usize::from(!tight && roomy && radius >= 30.0 * s);
}

/// Heads of lanes, one below the other, with their past on the left.
fn lanes(scene: &mut Scene, cast: &Cast) {
    let area = free_area(scene);
    let s = scene.room.scale;
    let step = area.height / cast.ids.len() as f64;
    let narrow = scene.room.narrow();
    scene.radius = (step * 0.32).min(36.0 * s).max(9.0);
    let beside = if narrow { 16.0 } else { 176.0 * s };
    let x = area.left + area.width - scene.radius - beside;
    scene.words = if narrow { Words::None } else { Words::All };
    scene.lines = usize::from(step >= 64.0 * s && !narrow);
    scene.centre = Point::new(area.left, area.top + area.height / 2.0);
    scene.past = Some(Past {
        left: area.left + if narrow { 12.0 } else { 32.0 * s },
        right: x - scene.radius - if narrow { 30.0 } else { 84.0 * s },
    });
    let rows = cast.ids.iter().enumerate();
    let at = |row: usize| Point::new(x, area.top + step * (row as f64 + 0.5));
    scene.places.extend(rows.map(|(row, id)| (*id, at(row))));
}
