//! Our own pixels: with thousands of messages, filling one picture and passing it on once per frame is
//! faster than a call for each message.

use faultline_sim::frame::Shape;

use super::shapes::{Corners, corners};
use super::{Point, stroke};

/// Red, green, blue.
pub type Colour = [u8; 3];
/// Red, green, blue and opacity.
type Pixel = [u8; 4];
const CLEAR: Pixel = [0; 4];

/// A small picture of one shape, drawn once and copied often.
#[derive(Clone, Debug, Default)]
pub struct Sprite {
    /// Width and height.
    side: usize,
    pixels: Vec<Pixel>,
    /// The range of columns with pixels, for each row.
    rows: Vec<(usize, usize)>,
}

/// How far a shape's outline extends to either side of its edge. The smallest shapes have no outline
/// and differ by fill.
#[must_use]
pub fn line_width(radius: f64) -> f64 {
    if radius < 4.0 {
        0.0
    } else {
        (radius * 0.14).max(0.75)
    }
}

impl Sprite {
    /// A shape of this radius, with an outline in ink.
    #[must_use]
    pub fn new(shape: Shape, radius: f64, fill: Colour, ink: Colour) -> Self {
        let line = line_width(radius);
        let hollow = shape == Shape::Heartbeat;
        let shape = corners(shape, radius);
        let half = (radius * 1.4 + line).ceil() as usize + 1;
        let side = 2 * half + 1;
        let mut pixels = vec![CLEAR; side * side];
        for (i, pixel) in pixels.iter_mut().enumerate() {
            let at = Point::new(
                (i % side) as f64 - half as f64,
                (i / side) as f64 - half as f64,
            );
            let inside = depth(&shape, at);
            let cover = (inside + line + 0.5).clamp(0.0, 1.0);
            if cover <= 0.0 {
                continue;
            }
            let border = (0.5 + line - inside).clamp(0.0, 1.0);
            let border = if line == 0.0 { 0.0 } else { border };
            let cover = if hollow && line > 0.0 {
                cover * border
            } else {
                cover
            };
            let mix = |channel: usize| {
                let (fill, ink) = (f64::from(fill[channel]), f64::from(ink[channel]));
                (fill + (ink - fill) * border).round() as u8
            };
            let alpha = (cover * 255.0).round() as u8;
            if alpha > 0 {
                *pixel = [mix(0), mix(1), mix(2), alpha];
            }
        }
        let rows = (0..side).map(|y| {
            let row = &pixels[y * side..(y + 1) * side];
            let first = row.iter().position(|p| *p != CLEAR).unwrap_or(0);
            let end = row
                .iter()
                .rposition(|p| *p != CLEAR)
                .map_or(0, |last| last + 1);
            (first, end)
        });
        let rows = rows.collect();
        Self { side, pixels, rows }
    }
}

/// The depth of a point inside a shape; negative outside.
fn depth(shape: &Corners, at: Point) -> f64 {
    match shape {
        Corners::Round(r) => r - at.distance(Point::default()),
        Corners::Polygon(corners) => {
            let n = corners.len();
            let sides = (0..n).map(|i| (corners[i], corners[(i + 1) % n]));
            let far = sides.clone().map(|(a, b)| to_segment(at, a, b));
            let nearest = far.fold(f64::MAX, f64::min);
            let beyond = Point::new(at.x + 1e4, at.y + 0.37);
            let crossed = sides
                .filter(|(a, b)| stroke::cross(at, beyond, *a, *b))
                .count();
            if crossed % 2 == 1 { nearest } else { -nearest }
        }
    }
}

fn to_segment(p: Point, a: Point, b: Point) -> f64 {
    let (along, off) = (b.minus(a), p.minus(a));
    let length = along.x * along.x + along.y * along.y;
    let part = ((off.x * along.x + off.y * along.y) / length.max(1e-9)).clamp(0.0, 1.0);
    p.distance(a.towards(b, part))
}

/// A picture of the whole stage.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    pub width: usize,
    pub height: usize,
    pixels: Vec<Pixel>,
    /// The rows that were drawn on since the last clearing.
    drawn: (usize, usize),
    /// The rows that differ from the last published picture.
    stale: (usize, usize),
}

impl Sheet {
    /// An empty picture.
    #[must_use]
    pub fn new(width: usize, height: usize) -> Self {
        Self {
            width,
            height,
            pixels: vec![CLEAR; width * height],
            drawn: (height, 0),
            stale: (0, height),
        }
    }

    /// Clears what was drawn.
    pub fn clear(&mut self) {
        let (top, bottom) = self.drawn;
        if top < bottom {
            self.pixels[top * self.width..bottom * self.width].fill(CLEAR);
        }
        self.stale = (self.stale.0.min(top), self.stale.1.max(bottom));
        self.drawn = (self.height, 0);
    }

    /// Draws a sprite centred at a place; parts beyond the edge are left out.
    pub fn draw(&mut self, sprite: &Sprite, x: f64, y: f64) {
        let half = (sprite.side / 2) as isize;
        let (left, top) = (
            (x + 0.5).floor() as isize - half,
            (y + 0.5).floor() as isize - half,
        );
        let side = sprite.side as isize;
        if left + side <= 0
            || top + side <= 0
            || left >= self.width as isize
            || top >= self.height as isize
        {
            return;
        }
        let (skip_left, skip_top) = ((-left).max(0) as usize, (-top).max(0) as usize);
        let room = (self.width as isize - left) as usize;
        let last = sprite.side.min((self.height as isize - top) as usize);
        for row in skip_top..last {
            let (first, end) = sprite.rows[row];
            let (first, end) = (first.max(skip_left), end.min(room));
            if first >= end {
                continue;
            }
            let to = (top + row as isize) as usize * self.width + (left + first as isize) as usize;
            let from = &sprite.pixels[row * sprite.side + first..row * sprite.side + end];
            // Rows are a few pixels long, so a loop is faster than a copying call.
            for (pixel, new) in self.pixels[to..to + from.len()].iter_mut().zip(from) {
                *pixel = *new;
            }
        }
        let (top, bottom) = (
            (top + skip_top as isize) as usize,
            (top + last as isize) as usize,
        );
        self.drawn = (self.drawn.0.min(top), self.drawn.1.max(bottom));
    }

    /// The rows to publish, as a half-open range; resets the range.
    pub fn take_stale(&mut self) -> (usize, usize) {
        let rows = (
            self.stale.0.min(self.drawn.0),
            self.stale.1.max(self.drawn.1),
        );
        self.stale = (self.height, 0);
        rows
    }

    /// Some rows: red, green, blue and opacity of each pixel.
    #[must_use]
    pub fn rows(&self, top: usize, bottom: usize) -> &[u8] {
        self.pixels[top * self.width..bottom * self.width].as_flattened()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILL: Colour = [10, 20, 30];
    const INK: Colour = [1, 2, 3];

    fn drawn(sheet: &Sheet) -> usize {
        sheet.pixels.iter().filter(|p| **p != CLEAR).count()
    }

    #[test]
    fn shapes_have_a_fill_and_an_outline() {
        let all = [
            Shape::Request,
            Shape::Data,
            Shape::Election,
            Shape::Ack,
            Shape::Control,
        ];
        for shape in all {
            let sprite = Sprite::new(shape, 6.0, FILL, INK);
            let middle = sprite.pixels[sprite.pixels.len() / 2];
            assert_eq!(middle, [10, 20, 30, 255], "{shape:?}");
            assert_eq!(sprite.pixels[0], CLEAR, "{shape:?}: corners are free");
            let ink = |p: &&Pixel| **p == [1, 2, 3, 255];
            assert!(sprite.pixels.iter().filter(ink).count() > 4, "{shape:?}");
        }
        let ring = Sprite::new(Shape::Heartbeat, 6.0, FILL, INK);
        assert_eq!(ring.pixels[ring.pixels.len() / 2], CLEAR, "hollow");
    }

    #[test]
    fn what_lies_beyond_the_edge_is_left_out() {
        let mut sheet = Sheet::new(40, 30);
        let sprite = Sprite::new(Shape::Request, 5.0, FILL, INK);
        for (x, y) in [
            (0.0, 0.0),
            (39.0, 29.0),
            (-100.0, 5.0),
            (5.0, 300.0),
            (20.0, -3.0),
        ] {
            sheet.draw(&sprite, x, y);
        }
        assert!(drawn(&sheet) > 0);
        sheet.clear();
        assert_eq!(drawn(&sheet), 0);
    }

    #[test]
    fn only_rows_that_changed_are_handed_over() {
        let mut sheet = Sheet::new(40, 100);
        let sprite = Sprite::new(Shape::Request, 3.0, FILL, INK);
        assert_eq!(sheet.take_stale(), (0, 100), "all of a new picture");
        sheet.clear();
        sheet.draw(&sprite, 20.0, 50.0);
        let first = sheet.take_stale();
        assert!(first.0 > 40 && first.1 < 60, "{first:?}");
        sheet.clear();
        sheet.draw(&sprite, 20.0, 70.0);
        let second = sheet.take_stale();
        assert!(
            second.0 == first.0 && second.1 > 70,
            "wiped and drawn: {second:?}"
        );
    }
}
