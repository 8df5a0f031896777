//! A partition whose sides stand apart, with a wall between them.

use faultline_sim::process::NodeId;
use faultline_sim::standing::Form;

use super::area::Area;
use super::cast::Cast;
use super::forms::rings;
use super::place::free_area;
use super::{Point, Scene};

/// The width of the gap that a wall stands in.
const GAP: f64 = 40.0;
/// The height of a side's name.
const HEAD: f64 = 26.0;
/// The results of requests lie over the lower edge.
const FOOT: f64 = 24.0;
/// More nodes stay where they are, with an outline round each side.
const MOST: usize = 16;
/// A side needs at least this much room.
const LEAST_WIDTH: f64 = 150.0;
const LEAST_HEIGHT: f64 = 124.0;

/// Moves the sides apart, if the form and the room allow it.
#[inline(never)]
pub(super) fn apart(scene: &mut Scene, cast: &Cast) -> bool {
    let loose = matches!(cast.form, Form::Circle | Form::Star | Form::Groups);
    if !loose || scene.wheel.is_some() || cast.ids.len() > MOST || !cast.is_parted() {
        return false;
    }
    let s = scene.room.scale;
    let area = free_area(scene);
    let margin = 10.0;
    let area = Area {
        left: area.left + margin,
        top: area.top + margin,
        width: area.width - 2.0 * margin,
        height: area.height - 2.0 * margin,
    };
    let sides: Vec<Vec<NodeId>> = cast
        .sides
        .iter()
        .filter(|s| !s.is_empty())
        .cloned()
        .collect();
    let shares: Vec<f64> = sides.iter().map(|side| side.len() as f64 + 1.0).collect();
    let across = !scene.room.narrow();
    let gap = if across { GAP * s } else { 20.0 };
    let banks = area.slices(&shares, gap, across);
    let small = |bank: &Area| bank.width < LEAST_WIDTH * s || bank.height < LEAST_HEIGHT * s;
    if banks.iter().any(small) {
        return false;
    }
    let (head, foot) = if across {
        (HEAD * s, FOOT * s)
    } else {
        (0.0, 0.0)
    };
    let inner: Vec<Area> = banks
        .iter()
        .map(|bank| Area {
            top: bank.top + head,
            height: bank.height - head - foot,
            ..*bank
        })
        .collect();
    rings(scene, &sides, &inner);
    for pair in banks.windows(2) {
        scene.walls.push(wall(&pair[0], gap, across));
    }
    scene.banks = banks;
    scene.centre = area.centre();
    scene.form = Form::Circle;
    true
}

fn wall(before: &Area, gap: f64, across: bool) -> (Point, Point) {
    if across {
        let x = before.left + before.width + gap / 2.0;
        let bottom = before.top + before.height;
        (Point::new(x, before.top), Point::new(x, bottom))
    } else {
        let y = before.top + before.height + gap / 2.0;
        let right = before.left + before.width;
        (Point::new(before.left, y), Point::new(right, y))
    }
}
