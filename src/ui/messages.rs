//! Messages in flight, outside the virtual DOM: a frame of the simulation says which there are;
//! between frames only their places change, and those follow from the clock alone.
//!
//! A few are SVG shapes of a pool, moved once an animation frame; many are pixels on a canvas.

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

/// From so many messages on they are pixels, and shapes again below so many: a run that stays
/// between changes nothing.
const MANY: usize = 120;
const FEW: usize = 90;
/// The same for nodes: with this many, each frame has its share of work already.
const MANY_NODES: usize = 60;
/// Reduced motion: messages do not travel, they stand at the receiver's end.
const STILL: f64 = 0.86;

/// Where a message goes and how fast.
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

/// The instant in microseconds, and whether things move at all.
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
    /// Messages are pixels.
    many: bool,
    clock: Clock,
}

impl Flight {
    /// The layer's elements must stand in the page; nothing else may touch their children.
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

    /// The stage has another size.
    pub fn move_marks(&self, frame: &Frame, scene: &Scene) {
        self.marks.move_to(&frame.losses, scene);
    }

    /// Takes over what a frame shows. `jumped`: the person went elsewhere in time, so that nothing
    /// has just arrived.
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

    /// Puts everything where it is at an instant (in microseconds); `wall_ms` have passed since the
    /// last time.
    pub fn place(&mut self, now: f64, wall_ms: f64) {
        self.clock.now = now;
        if self.many {
            self.swarm.draw(self.clock);
        } else {
            self.glyphs.place(self.clock);
        }
        self.marks.age(wall_ms);
    }

    /// The messages that are pixels, drawn as shapes; nothing if they are shapes already.
    pub fn pixels_as_svg(&self) -> String {
        if self.many {
            self.swarm.svg(self.clock)
        } else {
            String::new()
        }
    }

    /// The message nearest to a place, within reach, and how far it is.
    pub fn nearest(&self, at: Point, reach: f64) -> Option<(Address, f64)> {
        if self.many {
            nearest(self.swarm.places(self.clock), at, reach)
        } else {
            nearest(self.glyphs.places(self.clock), at, reach)
        }
    }

    /// Takes away what the last step left to be seen.
    pub fn settle(&mut self) {
        self.marks.settle();
    }
}

fn translate(at: Point) -> String {
    format!("translate({:.1} {:.1})", at.x, at.y)
}
