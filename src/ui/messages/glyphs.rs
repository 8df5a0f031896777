//! Messages as SVG shapes: a pool of groups, each changed only if needed.

use faultline_sim::frame::{Fate, MessageFrame, Shape, Word};
use faultline_sim::network::Address;
use faultline_sim::sorted::{SortedMap, SortedSet};
use wasm_bindgen::JsCast;
use web_sys::{Document, Element, SvgGraphicsElement, SvgTransform};

use super::{Clock, Travel};
use crate::layout::{self, Lane, Pace, Point, Scene};

const SVG: &str = "http://www.w3.org/2000/svg";

/// The class of a shape; static/stage.css maps it to paint.
fn shape_class(shape: Shape) -> &'static str {
    match shape {
        Shape::Request => "m-request",
        Shape::Data => "m-data",
        Shape::Election => "m-election",
        Shape::Ack => "m-ack",
        Shape::Nack => "m-nack",
        Shape::Announce => "m-announce",
        Shape::Control => "m-control",
        Shape::Heartbeat => "m-heartbeat",
    }
}

/// Everything that determines a message's look, so that the DOM is touched only on a change.
#[derive(Clone, Copy, PartialEq)]
struct Look {
    letter: &'static str,
    shape: Shape,
    fate: Fate,
    delayed: bool,
    /// It is drawn split.
    lie: bool,
    picked: bool,
    radius: f64,
    /// What it says, where there is room for words.
    word: Option<Word>,
    /// The scale of the drawing.
    scale: f64,
    /// Where it comes from, as a direction and a length: its trail.
    trail: Option<Point>,
}

impl Look {
    /// Half the height of its box.
    fn high(&self) -> f64 {
        (self.radius * 1.35).max(11.0 * self.scale)
    }

    /// Half the width of its box; of its shape, if it has no word.
    fn half_box(&self) -> f64 {
        let letters = self
            .word
            .map_or(0, |word| crate::text::letters(word.as_str()));
        if letters == 0 {
            return self.radius;
        }
        let text = letters as f64 * LETTER * self.scale;
        (self.radius * 3.8 + text) / 2.0
    }
}

/// With more messages than this under way, words would cover each other.
const MOST_WORDS: usize = 9;
const MOST_WORDS_NARROW: usize = 2;
/// The width of a word's letter, in pixels at normal scale.
const LETTER: f64 = 8.2;
/// The length of a trail, in radii of its message.
const TRAIL: f64 = 4.5;

struct Glyph {
    group: Element,
    /// The box behind a word, and the word; made when first needed.
    pill: Option<(Element, Element)>,
    /// The crack through a lie; made when first needed.
    crack: Option<Element>,
    trail: Element,
    outline: Element,
    letter: Element,
    /// The transform of the group: setting it creates no text.
    place: Option<SvgTransform>,
    drawn: Option<Look>,
    /// Its word would cover another.
    mute: bool,
}

struct Flying {
    message: MessageFrame,
    travel: Travel,
    glyph: Glyph,
}

pub(super) struct Glyphs {
    document: Document,
    layer: Element,
    pool: Vec<Glyph>,
    flying: SortedMap<Address, Flying>,
}

impl Glyphs {
    pub(super) fn new(document: Document, layer: Element) -> Self {
        Self {
            document,
            layer,
            pool: Vec::new(),
            flying: SortedMap::new(),
        }
    }

    /// Takes the present messages; returns those that are gone.
    pub(super) fn sync(
        &mut self,
        messages: &[MessageFrame],
        scene: &Scene,
        picked: Option<Address>,
    ) -> Vec<MessageFrame> {
        let here: SortedSet<Address> = messages.iter().map(|m| m.address).collect();
        let gone: Vec<Address> = self
            .flying
            .keys()
            .filter(|a| !here.contains(a))
            .copied()
            .collect();
        let gone = gone
            .into_iter()
            .filter_map(|address| self.flying.remove(&address));
        let gone: Vec<MessageFrame> = gone
            .map(|flying| {
                park(&mut self.pool, flying.glyph);
                flying.message
            })
            .collect();
        let telling = messages.iter().filter(|m| m.shape != Shape::Heartbeat);
        let most = if scene.width < 600.0 {
            MOST_WORDS_NARROW
        } else {
            MOST_WORDS
        };
        let words = !scene.tiles && telling.count() <= most;
        for message in messages {
            let (from, to) = (message.address.from, message.address.to);
            let Some(lane) = scene.lane(from, to) else {
                continue;
            };
            let mut glyph = match self.flying.remove(&message.address) {
                Some(flying) => flying.glyph,
                None => self.take(message.address),
            };
            let small = message.shape == Shape::Heartbeat;
            let look = Look {
                letter: message.letter,
                shape: message.shape,
                fate: message.fate,
                delayed: message.delayed,
                lie: message.lie,
                picked: picked == Some(message.address),
                radius: if small {
                    4.0 * scene.scale()
                } else {
                    scene.message_radius()
                },
                word: message.word.filter(|_| words && !small),
                scale: scene.scale(),
                trail: trail(&lane, small || message.fate != Fate::Flying),
            };
            self.dress(&mut glyph, look);
            let flying = Flying {
                message: *message,
                travel: Travel {
                    lane,
                    pace: Pace::of(message),
                },
                glyph,
            };
            self.flying.insert(message.address, flying);
        }
        gone
    }

    /// A group from the pool, or a new one, for this message.
    fn take(&mut self, address: Address) -> Glyph {
        let glyph = self.pool.pop().unwrap_or_else(|| self.make());
        let _ = glyph
            .group
            .set_attribute("data-message", &address.to_string());
        let _ = glyph.group.remove_attribute("visibility");
        glyph
    }

    fn make(&self) -> Glyph {
        let group = element(&self.document, "g", "message");
        let hit = element(&self.document, "circle", "hit");
        let _ = hit.set_attribute("r", "16");
        let outline = element(&self.document, "path", "outline");
        let letter = element(&self.document, "text", "letter");
        let trail = element(&self.document, "path", "trail");
        for child in [&trail, &hit, &outline, &letter] {
            let _ = group.append_child(child);
        }
        let _ = group.set_attribute("transform", "translate(0 0)");
        let _ = self.layer.append_child(&group);
        let graphics = group.dyn_ref::<SvgGraphicsElement>();
        let place = graphics.and_then(|g| g.transform().base_val().get_item(0).ok());
        Glyph {
            group,
            pill: None,
            crack: None,
            trail,
            outline,
            letter,
            place,
            drawn: None,
            mute: false,
        }
    }

    /// Gives a glyph its look, with the parts that only some have.
    fn dress(&self, glyph: &mut Glyph, look: Look) {
        if look.word.is_some() && glyph.pill.is_none() {
            glyph.pill = Some(self.make_pill(&glyph.group));
        }
        if look.lie && glyph.crack.is_none() {
            glyph.crack = Some(self.make_crack(&glyph.group));
        }
        glyph.decor(look);
    }

    /// The parts of a message that says something, before its shape.
    #[inline(never)]
    fn make_pill(&self, group: &Element) -> (Element, Element) {
        let pill = element(&self.document, "rect", "pill");
        let word = element(&self.document, "text", "word");
        let before = group.children().item(1);
        let _ = group.insert_before(&pill, before.as_deref());
        let _ = group.append_child(&word);
        (pill, word)
    }

    #[inline(never)]
    fn make_crack(&self, group: &Element) -> Element {
        let crack = element(&self.document, "path", "crack");
        let _ = group.append_child(&crack);
        crack
    }

    pub(super) fn place(&mut self, clock: Clock) {
        for flying in self.flying.values() {
            let at = flying.travel.at(clock);
            if let Some(place) = &flying.glyph.place {
                let _ = place.set_translate(at.x as f32, at.y as f32);
            }
        }
        self.part_words(clock);
    }

    /// Where boxes would cover each other, the word of the later message is left out until they part.
    fn part_words(&mut self, clock: Clock) {
        let mut boxes: Vec<(Point, f64)> = Vec::new();
        for flying in self.flying.values_mut() {
            let Some(look) = flying.glyph.drawn.filter(|look| look.word.is_some()) else {
                continue;
            };
            let (at, half) = (flying.travel.at(clock), look.half_box());
            let high = 2.0 * look.high();
            let covered = boxes.iter().any(|(other, wide)| {
                (at.x - other.x).abs() < half + wide && (at.y - other.y).abs() < high
            });
            if !covered {
                boxes.push((at, half));
            }
            if flying.glyph.mute != covered {
                flying.glyph.mute = covered;
                let group = &flying.glyph.group;
                let _ = if covered {
                    group.set_attribute("data-mute", "")
                } else {
                    group.remove_attribute("data-mute")
                };
            }
        }
    }

    /// The nearest place of each message to a point: one with a word is as long as its box.
    pub(super) fn places(&self, clock: Clock, to: Point) -> impl Iterator<Item = (Address, Point)> {
        self.flying.iter().map(move |(address, flying)| {
            let at = flying.travel.at(clock);
            let aside = flying
                .glyph
                .drawn
                .map_or(0.0, |look| look.half_box() - look.radius);
            let x = to.x.clamp(at.x - aside.max(0.0), at.x + aside.max(0.0));
            (*address, Point { x, ..at })
        })
    }

    pub(super) fn park_all(&mut self) {
        for flying in std::mem::take(&mut self.flying).into_values() {
            park(&mut self.pool, flying.glyph);
        }
    }
}

/// The direction a message comes from; none for one that stands still.
fn trail(lane: &Lane, none: bool) -> Option<Point> {
    let long = lane.at(0.0).distance(lane.at(1.0)) > 60.0;
    (!none && long).then(|| {
        let along = lane.along(0.5);
        Point {
            x: -along.x,
            y: -along.y,
        }
    })
}

fn park(pool: &mut Vec<Glyph>, glyph: Glyph) {
    let _ = glyph.group.set_attribute("visibility", "hidden");
    pool.push(glyph);
}

impl Glyph {
    /// The word beside the shape, in a box round both, and the trail behind.
    fn stretch(&self, look: Look) {
        let r = look.radius;
        let trail = look.trail.map_or_else(String::new, |back| {
            let (x, y) = (back.x * r * TRAIL, back.y * r * TRAIL);
            let (u, v) = (-back.y * r * 0.7, back.x * r * 0.7);
            format!("M{u:.1} {v:.1}L{x:.1} {y:.1}L{:.1} {:.1}Z", -u, -v)
        });
        let _ = self.trail.set_attribute("d", &trail);
        // The shape stands at the left end of its box, and the box is centred on the message.
        let letters = look
            .word
            .map_or(0, |word| crate::text::letters(word.as_str()));
        let (pad, gap) = (r * 1.5, r * 0.5);
        let half = look.half_box();
        for part in [&self.outline, &self.letter] {
            let _ = if letters > 0 {
                part.set_attribute("transform", &format!("translate({:.1} 0)", pad - half))
            } else {
                part.remove_attribute("transform")
            };
        }
        let Some((pill, text)) = &self.pill else {
            return;
        };
        let high = look.high();
        for (name, value) in [
            ("x", -half),
            ("y", -high),
            ("width", 2.0 * half),
            ("height", 2.0 * high),
            ("rx", high),
        ] {
            let _ = pill.set_attribute(name, &format!("{value:.1}"));
        }
        let shown = if letters > 0 { "inline" } else { "none" };
        for part in [pill, text] {
            let _ = part.set_attribute("display", shown);
        }
        let _ = text.set_attribute("x", &format!("{:.1}", pad + r + gap - half));
        text.set_text_content(look.word.as_ref().map(Word::as_str));
    }

    fn decor(&mut self, look: Look) {
        if self.drawn == Some(look) {
            return;
        }
        let Look {
            shape,
            radius,
            letter,
            ..
        } = look;
        if self
            .drawn
            .is_none_or(|d| (d.shape, d.radius) != (shape, radius))
        {
            let _ = self
                .outline
                .set_attribute("d", &layout::outline(shape, radius));
        }
        self.letter.set_text_content(Some(letter));
        self.stretch(look);
        let mut class = format!("message {}", shape_class(shape));
        match look.fate {
            Fate::Held => class.push_str(" held"),
            Fate::Blocked { .. } => class.push_str(" blocked"),
            Fate::Waiting => class.push_str(" waiting"),
            Fate::Flying => {}
        }
        if look.delayed {
            class.push_str(" delayed");
        }
        if let Some(crack) = &self.crack {
            split(crack, look, &self.outline);
        }
        if look.picked {
            class.push_str(" picked");
        }
        let _ = self.group.set_attribute("class", &class);
        self.drawn = Some(look);
    }
}

/// Says what one node is told and others are not: a crack through the shape.
#[inline(never)]
fn split(crack: &Element, look: Look, outline: &Element) {
    let r = look.radius;
    let d = if look.lie {
        format!(
            "M{:.1} {:.1}L{:.1} {:.1}L{:.1} {:.1}L{:.1} {:.1}",
            r * 0.25,
            r * -1.35,
            r * -0.3,
            r * -0.3,
            r * 0.3,
            r * 0.3,
            r * -0.25,
            r * 1.35
        )
    } else {
        String::new()
    };
    let _ = crack.set_attribute("d", &d);
    let _ = match outline.get_attribute("transform") {
        Some(moved) => crack.set_attribute("transform", &moved),
        None => crack.remove_attribute("transform"),
    };
}

/// A new SVG element.
pub(in crate::ui) fn element(document: &Document, tag: &str, class: &str) -> Element {
    // Creating an SVG element of a fixed, valid name cannot fail.
    let element = document
        .create_element_ns(Some(SVG), tag)
        .expect("an SVG element");
    let _ = element.set_attribute("class", class);
    element
}
