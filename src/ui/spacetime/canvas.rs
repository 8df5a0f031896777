//! Painting shapes on two canvases: the content, and an overlay with the selection and the playhead, so
//! that a moving playhead repaints only a line.

use std::cell::RefCell;

use faultline_diagram::{
    EventKind, Fate, Line, Shape, SpanKind, TextRole, View, Way, bundle_height,
};
use faultline_sim::event::Loss;
use faultline_sim::frame;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, HtmlElement};

use super::names::CutNames;
use super::tokens::Tokens;
use crate::browser;
use crate::layout::{Corners, corners};

/// The canvases of one panel.
pub struct Painter {
    pub host: HtmlElement,
    content: Layer,
    overlay: Layer,
    tokens: Tokens,
    /// The names that are drawn shortened.
    pub names: CutNames,
}

struct Layer {
    canvas: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
}

impl Layer {
    fn of(host: &HtmlElement, selector: &str) -> Option<Self> {
        let canvas = host.query_selector(selector).ok().flatten()?;
        let canvas: HtmlCanvasElement = canvas.dyn_into().ok()?;
        let context = canvas.get_context("2d").ok().flatten()?.dyn_into().ok()?;
        Some(Self { canvas, context })
    }

    /// An empty sheet of this many CSS pixels.
    fn begin(&self, width: f64, height: f64) -> &CanvasRenderingContext2d {
        let ratio = browser::pixel_ratio();
        let (w, h) = ((width * ratio) as u32, (height * ratio) as u32);
        if self.canvas.width() != w || self.canvas.height() != h {
            self.canvas.set_width(w);
            self.canvas.set_height(h);
        }
        let _ = self.context.set_transform(ratio, 0.0, 0.0, ratio, 0.0, 0.0);
        self.context.clear_rect(0.0, 0.0, width, height);
        &self.context
    }
}

impl Painter {
    /// Takes the canvases of an element.
    pub fn new(host: HtmlElement) -> Option<Self> {
        Some(Self {
            content: Layer::of(&host, ".st-content")?,
            overlay: Layer::of(&host, ".st-overlay")?,
            tokens: Tokens::default(),
            names: CutNames::default(),
            host,
        })
    }

    /// Checks the theme; true if it has changed.
    pub fn renew(&mut self) -> bool {
        let before = self.tokens.clone();
        self.tokens.renew(&self.host);
        self.tokens != before
    }

    /// Paints the content.
    pub fn content(&self, shapes: &[Shape], view: &View) {
        let pen = Pen {
            set: RefCell::default(),
            to: self.content.begin(view.width, view.height),
            tokens: &self.tokens,
            view,
        };
        let _ = pen.all(shapes);
        self.names.painted(shapes, view);
    }

    /// Paints the overlay.
    pub fn overlay(&self, shapes: &[Shape], view: &View) {
        let pen = Pen {
            set: RefCell::default(),
            to: self.overlay.begin(view.width, view.height),
            tokens: &self.tokens,
            view,
        };
        let _ = pen.all(shapes);
    }
}

struct Pen<'a> {
    /// The present stroke of the canvas: setting it again would cost more than a line.
    set: RefCell<(String, f64)>,
    to: &'a CanvasRenderingContext2d,
    tokens: &'a Tokens,
    view: &'a View,
}

/// A canvas refuses only values that are not finite, and then it paints nothing.
type Done = Result<(), JsValue>;

const FULL: f64 = std::f64::consts::TAU;

impl Pen<'_> {
    fn all(&self, shapes: &[Shape]) -> Done {
        self.to.set_line_cap("round");
        self.to.set_line_join("round");
        for shape in shapes {
            self.one(shape)?;
        }
        self.words(shapes)
    }

    fn one(&self, shape: &Shape) -> Done {
        let (to, tokens, unit) = (self.to, self.tokens, self.view.scale);
        match shape {
            Shape::Tick { x, y } => self.stroke(&tokens.line, 1.0, (*x, y.0), (*x, y.1)),
            Shape::Lane { y, x, .. } => self.stroke(&tokens.muted, 1.25, (x.0, *y), (x.1, *y)),
            Shape::Span { kind, y, x } => self.span(*kind, *y, *x)?,
            Shape::Side { side, y, x } => self.side(*side, *y, *x)?,
            Shape::Flag { x, y, broken, .. } => {
                self.dashes(&[2.0, 4.0])?;
                let colour = if *broken {
                    &tokens.broken
                } else {
                    &tokens.warning
                };
                self.stroke(colour, 1.25, (*x, y.0), (*x, y.1));
                self.dashes(&[])?;
            }
            Shape::Message(line) => self.message(line)?,
            Shape::Cut { points } => self.cut(points)?,
            Shape::Crossing { at, .. } => self.word("⇄", *at, &tokens.ink, true)?,
            Shape::Event {
                at, what, small, ..
            } => self.event(*at, *what, *small)?,
            Shape::Bundle { at, count, .. } => {
                let half = bundle_height(*count).min(14.0) * unit;
                to.set_fill_style_str(&tokens.ink);
                to.fill_rect(at.0 - 1.5 * unit, at.1 - half, 3.0 * unit, half * 2.0);
            }
            Shape::Cone { way, x, y } => self.cone(*way, *x, *y)?,
            Shape::Ring { at, second } => {
                self.ring(*at, 11.0 * unit, &tokens.background, 6.0 * unit)?;
                self.ring(*at, 11.0 * unit, &tokens.control, 3.0 * unit)?;
                let letter = if *second { "B" } else { "A" };
                self.halo(
                    letter,
                    (at.0 + 15.0 * unit, at.1 - 9.0 * unit),
                    &tokens.control,
                )?;
            }
            Shape::Focus { at } => {
                let r = 9.0 * unit;
                let (x, y) = ((at.0 - r, at.0 + r), (at.1 - r, at.1 + r));
                self.frame(&tokens.background, 5.0, x, y);
                self.frame(&tokens.control, 2.0, x, y);
            }
            Shape::Picked { from, to } => {
                self.stroke(&tokens.background, 7.0, *from, *to);
                self.stroke(&tokens.control, 3.5, *from, *to);
            }
            Shape::Chosen { y, half } => {
                to.set_fill_style_str(&tokens.control);
                to.fill_rect(0.0, y - half, 4.0 * unit, half * 2.0);
            }
            Shape::Ahead { x, y } => {
                if !tokens.forced() {
                    to.set_global_alpha(0.45);
                    to.set_fill_style_str(&tokens.past);
                    to.fill_rect(x.0, y.0, x.1 - x.0, y.1 - y.0);
                    to.set_global_alpha(1.0);
                }
            }
            Shape::Playhead { x, y } => {
                self.stroke(&tokens.background, 6.0, (*x, y.0), (*x, y.1));
                self.stroke(&tokens.ink, 2.0, (*x, y.0 - 4.0), (*x, y.1));
            }
            Shape::Text { .. } => {}
        }
        Ok(())
    }

    fn stroke(&self, colour: &str, width: f64, from: (f64, f64), end: (f64, f64)) {
        self.set(colour, width);
        self.to.begin_path();
        self.to.move_to(from.0, from.1);
        self.to.line_to(end.0, end.1);
        self.to.stroke();
    }

    fn set(&self, colour: &str, width: f64) {
        let mut set = self.set.borrow_mut();
        if set.0 != colour {
            self.to.set_stroke_style_str(colour);
            set.0.clear();
            set.0.push_str(colour);
        }
        if set.1 != width {
            self.to.set_line_width(width);
            set.1 = width;
        }
    }

    fn ring(&self, at: (f64, f64), radius: f64, colour: &str, width: f64) -> Done {
        self.to.begin_path();
        self.to.arc(at.0, at.1, radius, 0.0, FULL)?;
        self.set(colour, width);
        self.to.stroke();
        Ok(())
    }

    fn dashes(&self, lengths: &[f64]) -> Done {
        let list: js_sys::Array = lengths.iter().map(|n| JsValue::from_f64(*n)).collect();
        self.to.set_line_dash(&list)
    }

    /// A line from lane to lane.
    fn cut(&self, points: &[(f64, f64)]) -> Done {
        let unit = self.view.scale;
        self.dashes(&[8.0 * unit, 4.0 * unit])?;
        for pair in points.windows(2) {
            self.stroke(&self.tokens.control, 2.5 * unit, pair[0], pair[1]);
        }
        self.dashes(&[])
    }

    /// A stretch of a lane in an unusual state.
    fn span(&self, kind: SpanKind, y: f64, x: (f64, f64)) -> Done {
        let (to, tokens, unit) = (self.to, self.tokens, self.view.scale);
        let half = 5.0 * unit;
        to.set_fill_style_str(&tokens.background);
        to.fill_rect(x.0, y - half, x.1 - x.0, half * 2.0);
        match kind {
            SpanKind::Down => {
                self.hatch(&tokens.ink, 1.0, true, x, (y - half, y + half))?;
                self.frame(&tokens.broken, 1.5, x, (y - half, y + half));
            }
            SpanKind::Paused => {
                self.dashes(&[3.0, 3.0])?;
                self.frame(&tokens.muted, 1.5, x, (y - half, y + half));
                self.dashes(&[])?;
            }
            SpanKind::Gone => {}
        }
        Ok(())
    }

    fn frame(&self, colour: &str, width: f64, x: (f64, f64), y: (f64, f64)) {
        self.set(colour, width);
        self.to.stroke_rect(x.0, y.0, x.1 - x.0, y.1 - y.0);
    }

    /// A strip under the lane: the node's side of the partition.
    fn side(&self, side: usize, y: f64, x: (f64, f64)) -> Done {
        let unit = self.view.scale;
        let strip = (y + 7.0 * unit, y + 12.0 * unit);
        self.to.set_fill_style_str(&self.tokens.past);
        self.to
            .fill_rect(x.0, strip.0, x.1 - x.0, strip.1 - strip.0);
        self.hatch(&self.tokens.ink, 1.0, side.is_multiple_of(2), x, strip)?;
        if x.1 - x.0 > 24.0 * unit {
            let letter = char::from(b'A' + (side % 26) as u8).to_string();
            self.halo(
                &letter,
                (x.0 + 9.0 * unit, y + 10.0 * unit),
                &self.tokens.ink,
            )?;
        }
        Ok(())
    }

    /// Lines across a box: `/` or `\`.
    fn hatch(&self, colour: &str, width: f64, rising: bool, x: (f64, f64), y: (f64, f64)) -> Done {
        let (to, gap) = (self.to, 7.0 * self.view.scale);
        let high = y.1 - y.0;
        to.save();
        to.begin_path();
        to.rect(x.0, y.0, x.1 - x.0, high);
        to.clip();
        to.begin_path();
        // The lines of two boxes meet because they start at multiples of the gap.
        let mut at = ((x.0 - high) / gap).floor() * gap;
        while at < x.1 {
            let (left, right) = if rising { (y.1, y.0) } else { (y.0, y.1) };
            to.move_to(at, left);
            to.line_to(at + high, right);
            at += gap;
        }
        self.set(colour, width);
        to.stroke();
        to.restore();
        // Forgets the old settings of the canvas.
        *self.set.borrow_mut() = Default::default();
        Ok(())
    }

    fn cone(&self, way: Way, x: (f64, f64), y: (f64, f64)) -> Done {
        self.to.set_global_alpha(0.4);
        let colour = &self.tokens.control;
        self.hatch(colour, 1.25, way == Way::Past, x, y)?;
        self.to.set_global_alpha(1.0);
        Ok(())
    }

    // Messages ----------------------------------------------------------------------------------

    fn message(&self, line: &Line) -> Done {
        let colour = self.tokens.line_of(line.look);
        if line.plain && !line.late && line.fate == Fate::Delivered {
            self.stroke(colour, 0.75, line.from, line.to);
            return Ok(());
        }
        let width = if line.sign.is_some() { 1.5 } else { 1.0 };
        if line.late {
            self.dashes(&[8.0, 4.0])?;
        }
        self.stroke(colour, width, line.from, line.to);
        if line.late {
            self.dashes(&[])?;
        }
        match &line.fate {
            Fate::Delivered => self.arrow(line, colour),
            Fate::Lost(by) => self.lost(line.to, by)?,
            Fate::Flying => {}
        }
        if let Some(at) = line.sign {
            self.sign(at, line)?;
        }
        Ok(())
    }

    fn arrow(&self, line: &Line, colour: &str) {
        let (dx, dy) = (line.to.0 - line.from.0, line.to.1 - line.from.1);
        let long = libm::sqrt(dx * dx + dy * dy).max(1.0);
        let (ux, uy) = (dx / long, dy / long);
        let size = if line.sign.is_some() { 8.0 } else { 6.0 } * self.view.scale;
        let (x, y) = (line.to.0 - ux * 4.0, line.to.1 - uy * 4.0);
        let (bx, by) = (x - ux * size, y - uy * size);
        let to = self.to;
        to.begin_path();
        to.move_to(x, y);
        to.line_to(bx - uy * size * 0.42, by + ux * size * 0.42);
        to.line_to(bx + uy * size * 0.42, by - ux * size * 0.42);
        to.close_path();
        to.set_fill_style_str(colour);
        to.fill();
    }

    /// ✕, or ⊘ for a blocked message.
    fn lost(&self, at: (f64, f64), by: &Loss) -> Done {
        let r = 5.0 * self.view.scale;
        let colour = &self.tokens.broken;
        if matches!(by, Loss::Blocked(_)) {
            self.ring(at, r, &self.tokens.background, 4.0)?;
            self.ring(at, r, colour, 2.0)?;
        } else {
            let (a, b) = ((at.0 - r, at.1 - r), (at.0 + r, at.1 + r));
            self.stroke(colour, 2.0, a, b);
        }
        let part = if matches!(by, Loss::Blocked(_)) {
            0.7
        } else {
            1.0
        };
        let (a, b) = (
            (at.0 - r * part, at.1 + r * part),
            (at.0 + r * part, at.1 - r * part),
        );
        self.stroke(colour, 2.0, a, b);
        Ok(())
    }

    /// The kind's shape and letter at the middle.
    fn sign(&self, at: (f64, f64), line: &Line) -> Done {
        let (to, unit) = (self.to, self.view.scale);
        let small = line.look == frame::Shape::Heartbeat;
        let r = if small { 4.0 } else { 8.0 } * unit;
        to.begin_path();
        match corners(line.look, r) {
            Corners::Round(r) => to.arc(at.0, at.1, r, 0.0, FULL)?,
            Corners::Polygon(points) => {
                for (i, point) in points.iter().enumerate() {
                    let (x, y) = (at.0 + point.x, at.1 + point.y);
                    if i == 0 {
                        to.move_to(x, y);
                    } else {
                        to.line_to(x, y);
                    }
                }
                to.close_path();
            }
        }
        to.set_fill_style_str(self.tokens.fill_of(line.look));
        to.fill();
        self.set(&self.tokens.ink, 1.5);
        to.stroke();
        if !small {
            to.set_text_align("center");
            to.set_font(&format!("600 {:.0}px system-ui, sans-serif", 10.0 * unit));
            to.set_fill_style_str(self.tokens.letter_on(line.look));
            to.fill_text(line.letter, at.0, at.1 + 3.5 * unit)?;
        }
        Ok(())
    }

    // Events ------------------------------------------------------------------------------------

    fn event(&self, at: (f64, f64), what: EventKind, small: bool) -> Done {
        let (to, tokens, unit) = (self.to, self.tokens, self.view.scale);
        let r = match what {
            _ if small => 1.5,
            EventKind::Sent | EventKind::Delivered | EventKind::Started => 3.5,
            EventKind::TimerSet | EventKind::TimerFired => 3.0,
            _ => 4.0,
        } * unit;
        if matches!(what, EventKind::Crashed | EventKind::Removed) && !small {
            let r = 6.0 * unit;
            self.stroke(
                &tokens.background,
                6.0,
                (at.0 - r, at.1 - r),
                (at.0 + r, at.1 + r),
            );
            self.stroke(
                &tokens.background,
                6.0,
                (at.0 - r, at.1 + r),
                (at.0 + r, at.1 - r),
            );
            self.stroke(
                &tokens.broken,
                2.5,
                (at.0 - r, at.1 - r),
                (at.0 + r, at.1 + r),
            );
            self.stroke(
                &tokens.broken,
                2.5,
                (at.0 - r, at.1 + r),
                (at.0 + r, at.1 - r),
            );
            return Ok(());
        }
        // Events that a node starts are hollow; events that a message starts are filled.
        let hollow = !matches!(what, EventKind::Sent | EventKind::Delivered) && !small;
        to.begin_path();
        to.arc(at.0, at.1, r, 0.0, FULL)?;
        to.set_fill_style_str(if hollow {
            &tokens.background
        } else {
            &tokens.ink
        });
        to.fill();
        if hollow {
            self.set(&tokens.ink, 1.5);
            to.stroke();
        }
        let letter = what.letter();
        if !letter.is_empty() && !small {
            let colour = if what == EventKind::Violated {
                &tokens.broken
            } else {
                &tokens.ink
            };
            self.halo(letter, (at.0, at.1 - 12.0 * unit), colour)?;
        }
        Ok(())
    }

    // Words -------------------------------------------------------------------------------------

    /// Words are on top of everything else.
    fn words(&self, shapes: &[Shape]) -> Done {
        for shape in shapes {
            match shape {
                Shape::Text {
                    at,
                    text,
                    role,
                    centred,
                } => {
                    let colour = match role {
                        TextRole::Stamp | TextRole::Late => &self.tokens.ink,
                        TextRole::Why | TextRole::State => &self.tokens.broken,
                        TextRole::Tick => &self.tokens.muted,
                        TextRole::Flag => &self.tokens.warning,
                    };
                    self.word(text, *at, colour, *centred)?;
                }
                Shape::Lane { name, y, named, .. } if *named => {
                    let to = self.to;
                    let size = 16.0 * self.view.scale;
                    to.set_text_align("right");
                    to.set_font(&format!("600 {size:.0}px system-ui, sans-serif"));
                    to.set_fill_style_str(&self.tokens.ink);
                    let x = self.view.names_end();
                    // Wide letters are squeezed, so that a name stays inside the sheet.
                    to.fill_text_with_max_width(name, x, y + size * 0.36, x - 2.0)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// A word centred here.
    fn halo(&self, text: &str, at: (f64, f64), colour: &str) -> Done {
        let down = 5.0 * self.view.scale;
        self.word(text, (at.0, at.1 + down), colour, true)
    }

    fn word(&self, text: &str, at: (f64, f64), colour: &str, centred: bool) -> Done {
        let to = self.to;
        to.set_font(&format!(
            "{:.0}px system-ui, sans-serif",
            14.0 * self.view.scale
        ));
        to.set_text_align(if centred { "center" } else { "left" });
        self.set(&self.tokens.background, 4.0);
        to.stroke_text(text, at.0, at.1)?;
        to.set_fill_style_str(colour);
        to.fill_text(text, at.0, at.1)
    }
}
