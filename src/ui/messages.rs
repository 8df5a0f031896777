//! Messages in flight: a pool of SVG groups moved once per animation frame, outside the virtual DOM.
//!
//! A frame of the simulation says which messages there are; between frames only their places
//! change, and those follow from the clock alone.

use faultline_sim::sorted::{SortedMap, SortedSet};

use faultline_sim::frame::{Fate, Frame, LossFrame, MessageFrame, Shape};
use faultline_sim::network::Address;
use faultline_sim::time::Time;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, Document, Element, HtmlCanvasElement};

use crate::layout::{self, Point, Scene};
use crate::ui::swarm;

const SVG: &str = "http://www.w3.org/2000/svg";
/// How long a lost message's ✕ stays, in wall milliseconds.
const LOSS_HOLD: f64 = 800.0;
/// How long the ring of an arrival stays.
const ARRIVAL_HOLD: f64 = 160.0;

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

struct Glyph {
    group: Element,
    outline: Element,
    letter: Element,
    /// What is drawn, to touch the DOM only on a change.
    drawn: Option<(&'static str, Shape, Fate, bool)>,
}

struct Lost {
    group: Element,
    age: f64,
}

struct Arrival {
    ring: Element,
    at: Point,
    age: f64,
}

/// The layer of messages on the stage.
pub struct Flight {
    document: Document,
    layer: Element,
    canvas: HtmlCanvasElement,
    pool: Vec<Glyph>,
    flying: SortedMap<Address, (MessageFrame, Glyph)>,
    lost: SortedMap<(Address, Time), Lost>,
    arrivals: Vec<Arrival>,
    scene: Scene,
    /// Messages of a big cluster, drawn on the canvas.
    swarm: Vec<MessageFrame>,
    /// Reduced motion: messages do not travel, they stand at the receiver's end.
    pub still: bool,
    picked: Option<Address>,
}

impl Flight {
    /// The layer's elements must stand in the page; nothing else may touch their children.
    pub fn new(document: Document, layer: Element, canvas: HtmlCanvasElement) -> Self {
        Self {
            document,
            layer,
            canvas,
            pool: Vec::new(),
            flying: SortedMap::new(),
            lost: SortedMap::new(),
            arrivals: Vec::new(),
            scene: Scene::default(),
            swarm: Vec::new(),
            still: false,
            picked: None,
        }
    }

    /// Takes over what a frame shows. `jumped`: the person went elsewhere in time, so that nothing
    /// has just arrived.
    pub fn sync(&mut self, frame: &Frame, scene: &Scene, picked: Option<Address>, jumped: bool) {
        self.scene.clone_from(scene);
        self.picked = picked;
        if jumped {
            self.forget_marks();
        }
        if scene.tiles {
            self.park_all();
            self.swarm.clone_from(&frame.messages);
            return;
        }
        if !self.swarm.is_empty() {
            self.swarm.clear();
            self.draw_swarm(0.0);
        }
        let here: SortedSet<Address> = frame.messages.iter().map(|m| m.address).collect();
        let gone: Vec<Address> = self
            .flying
            .keys()
            .filter(|a| !here.contains(a))
            .copied()
            .collect();
        for address in gone {
            let Some((message, glyph)) = self.flying.remove(&address) else {
                continue;
            };
            let _ = glyph.group.set_attribute("visibility", "hidden");
            self.pool.push(glyph);
            let lost = frame.losses.iter().any(|loss| loss.address == address);
            let arrived = message.arrives <= frame.time && message.shape != Shape::Heartbeat;
            if arrived && !lost && !jumped {
                self.arrive(message);
            }
        }
        for message in &frame.messages {
            let mut glyph = match self.flying.remove(&message.address) {
                Some((_, glyph)) => glyph,
                None => self.pool.pop().unwrap_or_else(|| self.make()),
            };
            self.draw(&mut glyph, message);
            self.flying.insert(message.address, (*message, glyph));
        }
        self.sync_losses(frame);
    }

    fn element(&self, tag: &str, class: &str) -> Element {
        // Creating an SVG element of a fixed, valid name cannot fail.
        let element = self
            .document
            .create_element_ns(Some(SVG), tag)
            .expect("an SVG element");
        let _ = element.set_attribute("class", class);
        element
    }

    fn make(&self) -> Glyph {
        let group = self.element("g", "message");
        let hit = self.element("circle", "hit");
        let _ = hit.set_attribute("r", "16");
        let outline = self.element("path", "outline");
        let letter = self.element("text", "letter");
        for child in [&hit, &outline, &letter] {
            let _ = group.append_child(child);
        }
        let _ = self.layer.append_child(&group);
        Glyph {
            group,
            outline,
            letter,
            drawn: None,
        }
    }

    fn draw(&self, glyph: &mut Glyph, message: &MessageFrame) {
        let picked = self.picked == Some(message.address);
        let look = (message.letter, message.shape, message.fate, picked);
        if glyph.drawn != Some(look) {
            let radius = if message.shape == Shape::Heartbeat {
                4.0
            } else {
                self.size()
            };
            let _ = glyph
                .outline
                .set_attribute("d", &layout::outline(message.shape, radius));
            glyph.letter.set_text_content(Some(message.letter));
            let mut class = format!("message {}", shape_class(message.shape));
            match message.fate {
                Fate::Held => class.push_str(" held"),
                Fate::Blocked { .. } => class.push_str(" blocked"),
                Fate::Waiting => class.push_str(" waiting"),
                Fate::Flying => {}
            }
            if message.delayed {
                class.push_str(" delayed");
            }
            if picked {
                class.push_str(" picked");
            }
            let _ = glyph.group.set_attribute("class", &class);
            glyph.drawn = Some(look);
        }
        let _ = glyph
            .group
            .set_attribute("data-message", &message.address.to_string());
        let _ = glyph.group.remove_attribute("visibility");
    }

    fn size(&self) -> f64 {
        (self.scene.radius * 0.36).clamp(5.0, 11.0)
    }

    fn sync_losses(&mut self, frame: &Frame) {
        let named: SortedSet<(Address, Time)> = frame
            .losses
            .iter()
            .map(|loss| (loss.address, loss.at))
            .collect();
        self.lost.retain(|key, lost| {
            let stays = named.contains(key) || lost.age < LOSS_HOLD;
            if !stays {
                lost.group.remove();
            }
            stays
        });
        for loss in &frame.losses {
            if !self.lost.contains_key(&(loss.address, loss.at))
                && let Some(group) = self.cross(loss)
            {
                self.lost
                    .insert((loss.address, loss.at), Lost { group, age: 0.0 });
            }
        }
    }

    /// ✕ where the message was lost; inside a circle (⊘) if a wall stopped it.
    fn cross(&self, loss: &LossFrame) -> Option<Element> {
        let (from, to) = (loss.address.from, loss.address.to);
        let at = self.scene.along(from, to, loss.progress.clamp(0.0, 1.0))?;
        let wall = ["partition", "oneway", "cut"]
            .iter()
            .any(|word| loss.by.starts_with(word));
        let group = self.element("g", if wall { "lost wall-met" } else { "lost" });
        let path = self.element("path", "cross");
        let d = if wall {
            "M9 0A9 9 0 1 1 -9 0A9 9 0 1 1 9 0ZM-6 -6L6 6"
        } else {
            "M-7 -7L7 7M7 -7L-7 7"
        };
        let _ = path.set_attribute("d", d);
        let _ = group.append_child(&path);
        let _ = group.set_attribute("transform", &translate(at));
        let _ = self.layer.append_child(&group);
        Some(group)
    }

    fn arrive(&mut self, message: MessageFrame) {
        let Some(at) = self.scene.at(message.address.to) else {
            return;
        };
        let ring = self.element("circle", "arrival");
        let _ = ring.set_attribute("transform", &translate(at));
        let _ = self.layer.append_child(&ring);
        self.arrivals.push(Arrival { ring, at, age: 0.0 });
    }

    fn forget_marks(&mut self) {
        self.lost.values().for_each(|lost| lost.group.remove());
        self.lost.clear();
        self.arrivals
            .drain(..)
            .for_each(|arrival| arrival.ring.remove());
    }

    /// Takes away what the last step left to be seen.
    pub fn settle(&mut self) {
        self.arrivals
            .drain(..)
            .for_each(|arrival| arrival.ring.remove());
    }

    fn park_all(&mut self) {
        for (_, glyph) in std::mem::take(&mut self.flying).into_values() {
            let _ = glyph.group.set_attribute("visibility", "hidden");
            self.pool.push(glyph);
        }
        self.forget_marks();
    }

    /// Puts everything where it is at an instant (in microseconds); `wall_ms` have passed since the
    /// last time.
    pub fn place(&mut self, now: f64, wall_ms: f64) {
        if !self.swarm.is_empty() {
            self.draw_swarm(now);
            return;
        }
        for (message, glyph) in self.flying.values() {
            let part = if self.still {
                0.86
            } else {
                layout::progress(message, now)
            };
            if let Some(at) = self
                .scene
                .along(message.address.from, message.address.to, part)
            {
                let _ = glyph.group.set_attribute("transform", &translate(at));
            }
        }
        for lost in self.lost.values_mut() {
            lost.age += wall_ms;
            if lost.age >= LOSS_HOLD {
                let _ = lost.group.set_attribute("visibility", "hidden");
            }
        }
        let grown = self.scene.radius;
        self.arrivals.retain_mut(|arrival| {
            arrival.age += wall_ms;
            let part = arrival.age / ARRIVAL_HOLD;
            if part >= 1.0 {
                arrival.ring.remove();
                return false;
            }
            let _ = arrival
                .ring
                .set_attribute("r", &format!("{:.1}", grown + 4.0 + 8.0 * part));
            let _ = arrival
                .ring
                .set_attribute("transform", &translate(arrival.at));
            true
        });
    }

    fn draw_swarm(&self, now: f64) {
        let context = self.canvas.get_context("2d").ok().flatten();
        let context = context.and_then(|c| c.dyn_into::<CanvasRenderingContext2d>().ok());
        if let Some(context) = context {
            swarm::draw(&self.canvas, &context, &self.scene, &self.swarm, now);
        }
    }
}

fn translate(at: Point) -> String {
    format!("translate({:.1} {:.1})", at.x, at.y)
}
