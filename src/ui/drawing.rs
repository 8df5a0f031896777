//! A line drawn over the stage with the pointer: letting go splits the network along it. Like messages,
//! it is outside the virtual DOM.

use std::cell::RefCell;
use std::rc::Rc;

use faultline_sim::process::NodeId;
use wasm_bindgen::JsCast;
use web_sys::{Document, Element, Event, KeyboardEvent, PointerEvent, SvgElement};
use yew::Callback;

use super::messages::element;
use crate::browser::{self, Listener};
use crate::layout::{LEAST_STROKE, Point, Scene, parted};
use crate::text;

/// Points closer than this to the last one are ignored.
const STEP: f64 = 4.0;
/// The most points that a line keeps.
const MOST_POINTS: usize = 48;
/// With more nodes, the effect of a line is computed only at its end.
const PREVIEW_UP_TO: usize = 60;

/// The nodes and links that a line can separate.
#[derive(Default)]
struct Ground {
    scene: Rc<Scene>,
    sides: Vec<Vec<NodeId>>,
    /// A finger draws too: the person chose that mode, so the page does not scroll.
    touch: bool,
}

/// Handles a pointer event; returns the sides that it led to, if any.
type Handler = fn(&mut Pen, &PointerEvent) -> Option<Vec<Vec<NodeId>>>;

struct Stroke {
    pointer: i32,
    line: Vec<Point>,
    /// Whether it is long enough to be intended.
    meant: bool,
}

struct Pen {
    stage: Element,
    path: Element,
    words: Element,
    ground: Ground,
    stroke: Option<Stroke>,
    on_parted: Callback<Vec<Vec<NodeId>>>,
}

/// Listens for lines on the stage.
pub struct Drawing {
    pen: Rc<RefCell<Pen>>,
    _listeners: Vec<Listener>,
}

impl Drawing {
    /// `layer` is part of the stage's drawing; nothing else may change its children.
    pub fn new(
        document: &Document,
        layer: &Element,
        on_parted: Callback<Vec<Vec<NodeId>>>,
    ) -> Option<Self> {
        let stage: Element = layer.dyn_ref::<SvgElement>()?.owner_svg_element()?.into();
        let path = element(document, "path", "stroke");
        let words = element(document, "text", "stroke-words");
        for child in [&path, &words] {
            let _ = layer.append_child(child);
        }
        let pen = Rc::new(RefCell::new(Pen {
            stage: stage.clone(),
            path,
            words,
            ground: Ground::default(),
            stroke: None,
            on_parted,
        }));
        let listen = |name: &'static str, act: Handler| {
            let pen = pen.clone();
            Listener::new(&stage, name, move |event: Event| {
                let Some(event) = event.dyn_ref::<PointerEvent>() else {
                    return;
                };
                let sides = act(&mut pen.borrow_mut(), event);
                if let Some(sides) = sides {
                    let on_parted = pen.borrow().on_parted.clone();
                    on_parted.emit(sides);
                }
            })
        };
        let mut listeners = vec![
            listen("pointerdown", Pen::down),
            listen("pointermove", Pen::moved),
            listen("pointerup", Pen::up),
            listen("pointercancel", Pen::cancelled),
        ];
        let pen_of_keys = pen.clone();
        // Runs before the page's own keys: Esc cancels the line first.
        listeners.push(Listener::early(
            &browser::window(),
            "keydown",
            move |event| {
                let escape = event
                    .dyn_ref::<KeyboardEvent>()
                    .is_some_and(|e| e.key() == "Escape");
                let mut pen = pen_of_keys.borrow_mut();
                if escape && pen.stroke.as_ref().is_some_and(|stroke| stroke.meant) {
                    pen.stroke = None;
                    pen.show();
                    event.prevent_default();
                    event.stop_propagation();
                }
            },
        ));
        Some(Self {
            pen,
            _listeners: listeners,
        })
    }

    /// The present content of the stage.
    pub fn sync(&self, scene: &Rc<Scene>, sides: &[Vec<NodeId>], touch: bool) {
        // While a person draws, the listener borrows the pen and keeps the old content.
        if let Ok(mut pen) = self.pen.try_borrow_mut() {
            pen.ground.scene = scene.clone();
            pen.ground.sides = sides.to_vec();
            pen.ground.touch = touch;
        }
    }
}

impl Pen {
    fn at(&self, event: &PointerEvent) -> Point {
        browser::within(&self.stage, event)
    }

    fn down(&mut self, event: &PointerEvent) -> Option<Vec<Vec<NodeId>>> {
        let target = event.target()?.dyn_into::<Element>().ok()?;
        // Nodes, badges and messages are for clicking, so a line starts beside them.
        let free = target.closest(".floor, .grip, .hull").ok()?.is_some();
        let finger = event.pointer_type() == "touch";
        if event.button() == 0 && event.is_primary() && free && (!finger || self.ground.touch) {
            self.stroke = Some(Stroke {
                pointer: event.pointer_id(),
                line: vec![self.at(event)],
                meant: false,
            });
        }
        None
    }

    fn moved(&mut self, event: &PointerEvent) -> Option<Vec<Vec<NodeId>>> {
        let at = self.at(event);
        let stroke = self.stroke.as_mut()?;
        let (first, last) = (*stroke.line.first()?, *stroke.line.last()?);
        if stroke.pointer != event.pointer_id() || last.distance(at) < STEP {
            return None;
        }
        stroke.line.push(at);
        if !stroke.meant && first.distance(at) >= LEAST_STROKE {
            stroke.meant = true;
            // From here on it is a line and no longer a click.
            let _ = self.stage.set_pointer_capture(event.pointer_id());
        }
        self.show();
        None
    }

    fn up(&mut self, event: &PointerEvent) -> Option<Vec<Vec<NodeId>>> {
        if self.stroke.as_ref()?.pointer != event.pointer_id() {
            return None;
        }
        let stroke = self.stroke.take()?;
        self.show();
        if stroke.meant {
            self.parted(&stroke.line)
        } else {
            None
        }
    }

    fn cancelled(&mut self, _: &PointerEvent) -> Option<Vec<Vec<NodeId>>> {
        self.stroke = None;
        self.show();
        None
    }

    fn parted(&self, line: &[Point]) -> Option<Vec<Vec<NodeId>>> {
        parted(&self.ground.scene, &self.ground.sides, &thinned(line))
    }

    /// Draws the line and a preview of its effect.
    fn show(&self) {
        let line = self.stroke.as_ref().filter(|stroke| stroke.meant);
        let Some(Stroke { line, .. }) = line else {
            let _ = self.path.remove_attribute("d");
            self.words.set_text_content(None);
            return;
        };
        let mut d = String::new();
        for (i, p) in line.iter().enumerate() {
            d += &format!("{}{:.1} {:.1}", if i == 0 { 'M' } else { 'L' }, p.x, p.y);
        }
        let _ = self.path.set_attribute("d", &d);
        let scene = &self.ground.scene;
        if scene.places().len() > PREVIEW_UP_TO {
            return;
        }
        let end = line.last().copied().unwrap_or_default();
        let words = text::partition_preview(self.parted(line).as_deref());
        let half = words.chars().count() as f64 * 4.5 * scene.scale();
        let x = end.x.clamp(
            half.min(scene.width / 2.0),
            (scene.width - half).max(scene.width / 2.0),
        );
        let y = if end.y > 40.0 {
            end.y - 16.0
        } else {
            end.y + 28.0
        };
        let _ = self.words.set_attribute("x", &format!("{x:.1}"));
        let _ = self.words.set_attribute("y", &format!("{y:.1}"));
        self.words.set_text_content(Some(&words));
    }
}

/// Keeps as many points as its shape needs.
fn thinned(line: &[Point]) -> Vec<Point> {
    let every = line.len().div_ceil(MOST_POINTS).max(1);
    let mut thin: Vec<Point> = line.iter().step_by(every).copied().collect();
    if let Some(last) = line.last() {
        thin.push(*last);
    }
    thin
}
