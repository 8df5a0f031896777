//! The messages of a busy cluster as pixels on a canvas, because an element or a drawing call for each
//! would not fit into a frame.

use faultline_sim::frame::{MessageFrame, Shape};
use faultline_sim::network::Address;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

use super::{Clock, Travel, translate};
use crate::browser;
use crate::layout::{Colour, Pace, Point, Scene, Sheet, Sprite, line_width, outline};

/// The most messages drawn.
pub const MOST: usize = 6_000;
/// Above this many, each message is only a dot.
const DOTS_FROM: usize = 1_500;
const DOT: f64 = 3.0;
const LARGEST: f64 = 7.0;

/// The shapes with the tokens of their fills (static/tokens.css).
const FILLS: [(Shape, &str); 8] = [
    (Shape::Request, "--kind-request"),
    (Shape::Data, "--kind-data"),
    (Shape::Election, "--kind-election"),
    (Shape::Ack, "--kind-ack"),
    (Shape::Nack, "--kind-nack"),
    (Shape::Announce, "--kind-announce"),
    (Shape::Control, "--kind-control"),
    (Shape::Heartbeat, "--kind-heartbeat"),
];

struct Dot {
    address: Address,
    travel: Travel,
    sprite: usize,
}

/// The properties for which the sprites were drawn.
#[derive(Clone, Default, PartialEq)]
struct Print {
    theme: Option<String>,
    radius: f64,
    ratio: f64,
}

/// A shape, its radius in pixels of the page, its fill and its line.
struct Paint(Shape, f64, Colour, Colour);

impl Paint {
    fn sprite(&self, ratio: f64) -> Sprite {
        Sprite::new(self.0, self.1 * ratio, self.2, self.3)
    }

    fn svg(&self, at: Point, out: &mut String) {
        let Paint(shape, radius, fill, line) = self;
        let (shape, radius) = (*shape, *radius);
        // Half of it lies outside.
        let width = 2.0 * line_width(radius);
        // A heartbeat is only a ring, if there is room for one.
        let hollow = shape == Shape::Heartbeat && width > 0.0;
        *out += &format!(
            "<path d=\"{}\" transform=\"{}\" fill=\"{}\" stroke=\"{}\" stroke-width=\"{width:.2}\"/>",
            outline(shape, radius),
            translate(at),
            if hollow { "none".into() } else { rgb(*fill) },
            rgb(*line)
        );
    }
}

fn rgb([red, green, blue]: Colour) -> String {
    format!("rgb({red}, {green}, {blue})")
}

pub(super) struct Swarm {
    canvas: HtmlCanvasElement,
    context: Option<CanvasRenderingContext2d>,
    dots: Vec<Dot>,
    scene: Scene,
    sheet: Sheet,
    sprites: Vec<Sprite>,
    /// Each sprite's outline, fill and line, for a drawing of the same shape.
    paints: Vec<Paint>,
    print: Print,
    /// Anything is drawn on the canvas.
    used: bool,
    picked: Option<Address>,
}

impl Swarm {
    pub(super) fn new(canvas: HtmlCanvasElement) -> Self {
        Self {
            canvas,
            context: None,
            dots: Vec::new(),
            scene: Scene::default(),
            sheet: Sheet::default(),
            sprites: Vec::new(),
            paints: Vec::new(),
            print: Print::default(),
            used: false,
            picked: None,
        }
    }

    /// Takes the present messages. They come in the order of sending, so most keep their index and
    /// their path is known.
    #[inline(never)]
    pub(super) fn sync(
        &mut self,
        messages: &[MessageFrame],
        scene: &Scene,
        picked: Option<Address>,
    ) {
        self.used = true;
        self.picked = picked;
        let old = std::mem::take(&mut self.dots);
        let old = if self.scene == *scene {
            old
        } else {
            Vec::new()
        };
        if old.is_empty() {
            self.scene.clone_from(scene);
        }
        let messages = &messages[..messages.len().min(MOST)];
        let mut known = 0;
        let mut dots = Vec::with_capacity(messages.len());
        for message in messages {
            let found = old[known..]
                .iter()
                .position(|d| d.address == message.address);
            let lane = match found {
                Some(further) => {
                    known += further + 1;
                    Some(old[known - 1].travel.lane)
                }
                None => {
                    // It was sent later than all old ones, and so were those after it.
                    known = old.len();
                    scene.lane(message.address.from, message.address.to)
                }
            };
            let Some(lane) = lane else { continue };
            dots.push(Dot {
                address: message.address,
                travel: Travel {
                    lane,
                    pace: Pace::of(message),
                },
                sprite: FILLS
                    .iter()
                    .position(|(shape, _)| *shape == message.shape)
                    .unwrap_or(0),
            });
        }
        self.dots = dots;
        self.prepare(scene);
    }

    /// Prepares the canvas and the sprites for this scene.
    fn prepare(&mut self, scene: &Scene) {
        let dots = self.dots.len() > DOTS_FROM;
        let ratio = if dots { 1.0 } else { browser::pixel_ratio() };
        let (width, height) = (
            (scene.width * ratio).round().max(1.0) as usize,
            (scene.height * ratio).round().max(1.0) as usize,
        );
        if (self.sheet.width, self.sheet.height) != (width, height) {
            self.canvas.set_width(width as u32);
            self.canvas.set_height(height as u32);
            self.sheet = Sheet::new(width, height);
        }
        let radius = if dots {
            DOT
        } else {
            scene.message_radius().min(LARGEST * scene.scale())
        };
        let print = Print {
            theme: browser::theme(),
            radius,
            ratio,
        };
        if self.print != print || self.sprites.is_empty() {
            self.paints = self.paints(radius);
            self.sprites = self
                .paints
                .iter()
                .map(|paint| paint.sprite(ratio))
                .collect();
            self.print = print;
        }
    }

    /// One for each shape, and one for the picked message's ring.
    fn paints(&self, radius: f64) -> Vec<Paint> {
        let style = browser::style_of(&self.canvas);
        let colour = |name: &str| {
            let value = style.as_ref().and_then(|s| s.get_property_value(name).ok());
            parse(value.unwrap_or_default().trim())
        };
        let ink = colour("color").unwrap_or_default();
        let forced = browser::forced_colours();
        let fill = |name: &str| {
            let own = if forced {
                colour("outline-color")
            } else {
                colour(name)
            };
            own.unwrap_or(ink)
        };
        let mut paints: Vec<Paint> = FILLS
            .iter()
            .map(|(shape, name)| {
                // If there is no room for a ring, a heartbeat is a smaller dot.
                let hollow = *shape == Shape::Heartbeat;
                let size = if hollow { 0.7 } else { 1.0 };
                let line = if hollow { fill(name) } else { ink };
                Paint(*shape, radius * size, fill(name), line)
            })
            .collect();
        let ring = colour("--control").unwrap_or(ink);
        paints.push(Paint(Shape::Heartbeat, radius * 2.2, ring, ring));
        paints
    }

    /// The same as shapes, for a picture of another size.
    #[inline(never)]
    pub(super) fn svg(&self, clock: Clock) -> String {
        let mut out = String::from("<g class=\"flight\">");
        for dot in &self.dots {
            let at = dot.travel.at(clock);
            self.paints[dot.sprite].svg(at, &mut out);
            if self.picked == Some(dot.address) {
                self.paints[FILLS.len()].svg(at, &mut out);
            }
        }
        out + "</g>"
    }

    #[inline(never)]
    pub(super) fn draw(&mut self, clock: Clock) {
        let ratio = self.print.ratio;
        self.sheet.clear();
        for dot in &self.dots {
            let at = dot.travel.at(clock);
            let (x, y) = (at.x * ratio, at.y * ratio);
            self.sheet.draw(&self.sprites[dot.sprite], x, y);
            if self.picked == Some(dot.address) {
                self.sheet.draw(&self.sprites[FILLS.len()], x, y);
            }
        }
        self.hand_over();
    }

    fn hand_over(&mut self) {
        let (top, bottom) = self.sheet.take_stale();
        if top >= bottom {
            return;
        }
        if self.context.is_none() {
            let context = self.canvas.get_context("2d").ok().flatten();
            self.context = context.and_then(|c| c.dyn_into().ok());
        }
        let Some(context) = &self.context else { return };
        let width = self.sheet.width;
        // A view into our own memory: only the browser copies it.
        let rows = Clamped(self.sheet.rows(top, bottom));
        let data = ImageData::new_with_u8_clamped_array(rows, width as u32);
        if let Ok(data) = data {
            let _ = context.put_image_data(&data, 0.0, top as f64);
        }
    }

    pub(super) fn places(&self, clock: Clock) -> impl Iterator<Item = (Address, Point)> {
        self.dots
            .iter()
            .map(move |dot| (dot.address, dot.travel.at(clock)))
    }

    /// Clears the canvas once, when shapes take over.
    pub(super) fn leave(&mut self) {
        if self.used {
            self.wipe();
        }
    }

    #[inline(never)]
    fn wipe(&mut self) {
        self.used = false;
        self.dots.clear();
        self.sheet.clear();
        self.hand_over();
    }
}

/// A colour as style sheets write it: `#rrggbb` or `rgb(r, g, b)`.
fn parse(text: &str) -> Option<Colour> {
    if let Some(hex) = text.strip_prefix('#') {
        let part = |at: usize| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok();
        return Some([part(0)?, part(2)?, part(4)?]);
    }
    let inside = text.split_once('(')?.1.trim_end_matches(')');
    let mut parts = inside
        .split([',', ' ', '/'])
        .filter(|part| !part.is_empty());
    let mut part = || parts.next()?.trim().parse().ok();
    Some([part()?, part()?, part()?])
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn colours_are_read_as_style_sheets_write_them() {
        assert_eq!(parse("#0072b2"), Some([0, 0x72, 0xb2]));
        assert_eq!(parse("rgb(20, 24, 31)"), Some([20, 24, 31]));
        assert_eq!(parse("rgb(20 24 31 / 1)"), Some([20, 24, 31]));
        assert_eq!(parse("CanvasText"), None);
    }
}
