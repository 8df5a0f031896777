//! Messages in flight, outside the virtual DOM. A frame of the simulation lists them; between frames
//! only their places change, and those follow from the clock.
//!
//! Few messages are SVG shapes from a pool, moved once per animation frame; many are pixels on a
//! canvas.

mod glyphs;
mod marks;
mod swarm;

use faultline_sim::frame::Frame;
use faultline_sim::network::Address;
use web_sys::{Document, Element, HtmlCanvasElement};

use crate::layout::{Lane, Pace, Point, Scene, nearest};

use glyphs::Glyphs;
pub(super) use glyphs::element;
use marks::Marks;
pub use swarm::MOST as MOST_DRAWN;
use swarm::Swarm;

/// At this many messages they become pixels, and shapes again below the lower bound. The gap prevents
/// constant switching.
const MANY: usize = 120;
const FEW: usize = 90;
/// The same for nodes: with this many, each frame is already busy.
const MANY_NODES: usize = 60;
/// Reduced motion: messages do not travel but appear at the receiver's end.
const STILL: f64 = 0.86;

/// The path of a message and its speed.
#[derive(Clone, Copy)]
struct Travel {
    lane: Lane,
    pace: Pace,
}

impl Travel {
    fn at(&self, clock: Clock) -> Point {
        self.lane.at(if clock.still {
            STILL
        } else {
            self.pace.at(clock.now)
        })
    }
}

/// The instant in microseconds, and whether anything moves.
#[derive(Clone, Copy, Default)]
struct Clock {
    now: f64,
    still: bool,
}

/// The layer of messages on the stage.
pub struct Flight {
    glyphs: Glyphs,
    swarm: Swarm,
    marks: Marks,
    /// Whether messages are pixels.
    many: bool,
    clock: Clock,
}

impl Flight {
    /// The layer's elements must be in the page; nothing else may change their children.
    pub fn new(document: Document, layer: Element, canvas: HtmlCanvasElement) -> Self {
        Self {
            glyphs: Glyphs::new(document.clone(), layer.clone()),
            swarm: Swarm::new(canvas),
            marks: Marks::new(document, layer),
            many: false,
            clock: Clock::default(),
        }
    }

    /// Reduced motion: messages do not travel.
    pub fn stand_still(&mut self, still: bool) {
        self.clock.still = still;
    }

    /// The size of the stage has changed.
    pub fn move_marks(&mut self, frame: &Frame, scene: &Scene) {
        self.marks.move_to(&frame.losses, scene);
    }

    /// Takes the messages of a frame. `jumped`: the person went to another instant, so nothing has just
    /// arrived.
    pub fn sync(&mut self, frame: &Frame, scene: &Scene, picked: Option<Address>, jumped: bool) {
        let most = if self.many { FEW } else { MANY };
        self.many = frame.messages.len() > most || frame.nodes.len() > MANY_NODES;
        if jumped {
            self.marks.forget();
        }
        if self.many {
            self.glyphs.park_all();
            self.swarm.sync(&frame.messages, scene, picked);
        } else {
            self.swarm.leave();
            let gone = self.glyphs.sync(&frame.messages, scene, picked);
            if !jumped {
                self.marks.arrivals(&gone, frame, scene);
            }
        }
        self.marks.sync_losses(&frame.losses, scene);
    }

    /// Moves everything to its place at an instant in microseconds; `wall_ms` is the time since the
    /// last call.
    pub fn place(&mut self, now: f64, wall_ms: f64) {
        self.clock.now = now;
        if self.many {
            self.swarm.draw(self.clock);
        } else {
            self.glyphs.place(self.clock);
        }
        self.marks.age(wall_ms);
    }

    /// The pixel messages drawn as shapes; empty if they are shapes already.
    pub fn pixels_as_svg(&self) -> String {
        if self.many {
            self.swarm.svg(self.clock)
        } else {
            String::new()
        }
    }

    /// The nearest message within reach, and its distance.
    pub fn nearest(&self, at: Point, reach: f64) -> Option<(Address, f64)> {
        if self.many {
            nearest(self.swarm.places(self.clock), at, reach)
        } else {
            nearest(self.glyphs.places(self.clock, at), at, reach)
        }
    }

    /// Removes the traces of the last step.
    pub fn settle(&mut self) {
        self.marks.settle();
    }
}

fn translate(at: Point) -> String {
    format!("translate({:.1} {:.1})", at.x, at.y)
}
