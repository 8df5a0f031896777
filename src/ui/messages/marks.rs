//! Short-lived marks: ✕ where a message was lost, a ring where one arrived.

use faultline_sim::frame::{Frame, LossFrame, MessageFrame, Shape};
use faultline_sim::network::Address;
use faultline_sim::sorted::{SortedMap, SortedSet};
use faultline_sim::time::Time;
use web_sys::{Document, Element};

use super::glyphs::element;
use super::translate;
use crate::layout::{Point, Scene};
use crate::text;

/// How long a lost message's ✕ stays, in wall milliseconds.
const LOSS_HOLD: f64 = 800.0;
/// How long the ring of an arrival stays.
const ARRIVAL_HOLD: f64 = 160.0;
/// With more losses than this at once, their causes would cover each other.
const MOST_WHYS: usize = 6;
const MOST_WHYS_NARROW: usize = 1;
/// Eight rays.
const BURST: &str =
    "M13 0H20M-13 0H-20M0 13V20M0-13V-20M9 9L14 14M-9 9L-14 14M9-9L14-14M-9-9L-14-14";
/// More crosses than this add no information.
const MOST_LOSSES: usize = 60;

struct Lost {
    group: Element,
    age: f64,
}

struct Arrival {
    ring: Element,
    age: f64,
    radius: f64,
}

pub(super) struct Marks {
    document: Document,
    layer: Element,
    lost: SortedMap<(Address, Time), Lost>,
    arrivals: Vec<Arrival>,
}

impl Marks {
    pub(super) fn new(document: Document, layer: Element) -> Self {
        Self {
            document,
            layer,
            lost: SortedMap::new(),
            arrivals: Vec::new(),
        }
    }

    /// Rings around the receivers of messages that have arrived.
    pub(super) fn arrivals(&mut self, gone: &[MessageFrame], frame: &Frame, scene: &Scene) {
        for message in gone {
            let lost = frame
                .losses
                .iter()
                .any(|loss| loss.address == message.address);
            let arrived = message.arrives <= frame.time && message.shape != Shape::Heartbeat;
            if arrived
                && !lost
                && let Some(at) = scene.at(message.address.to)
            {
                self.arrive(at, scene.radius);
            }
        }
    }

    fn arrive(&mut self, at: Point, radius: f64) {
        let ring = element(&self.document, "circle", "arrival");
        let _ = ring.set_attribute("transform", &translate(at));
        let _ = self.layer.append_child(&ring);
        self.arrivals.push(Arrival {
            ring,
            age: 0.0,
            radius,
        });
    }

    pub(super) fn sync_losses(&mut self, losses: &[LossFrame], scene: &Scene) {
        if losses.is_empty() && self.lost.is_empty() {
            return;
        }
        let losses = &losses[losses.len().saturating_sub(MOST_LOSSES)..];
        let named: SortedSet<(Address, Time)> =
            losses.iter().map(|loss| (loss.address, loss.at)).collect();
        self.lost.retain(|key, lost| {
            let stays = named.contains(key) || lost.age < LOSS_HOLD;
            if !stays {
                lost.group.remove();
            }
            stays
        });
        let most = if scene.width < 600.0 {
            MOST_WHYS_NARROW
        } else {
            MOST_WHYS
        };
        let few = losses.len() <= most && !scene.tiles;
        for loss in losses {
            if !self.lost.contains_key(&(loss.address, loss.at))
                && let Some(group) = self.cross(loss, scene, few)
            {
                self.lost
                    .insert((loss.address, loss.at), Lost { group, age: 0.0 });
            }
        }
    }

    /// The size of the stage has changed: moves crosses to the new places of their links. The rings of
    /// arrivals are over in a moment.
    pub(super) fn move_to(&mut self, losses: &[LossFrame], scene: &Scene) {
        self.settle();
        for loss in losses {
            if let Some(lost) = self.lost.get(&(loss.address, loss.at))
                && let Some(at) = place(loss, scene)
            {
                let _ = lost.group.set_attribute("transform", &translate(at));
            }
        }
    }

    /// ✕ on the link where the message was lost; inside a circle (⊘) if a partition or cut blocked it.
    fn cross(&self, loss: &LossFrame, scene: &Scene, why: bool) -> Option<Element> {
        let at = place(loss, scene)?;
        let wall = ["partition", "oneway", "cut"]
            .iter()
            .any(|word| loss.by.starts_with(word));
        let class = if wall { "lost wall-met" } else { "lost" };
        let group = element(&self.document, "g", class);
        let path = element(&self.document, "path", "cross");
        let d = if wall {
            "M9 0A9 9 0 1 1 -9 0A9 9 0 1 1 9 0ZM-6 -6L6 6"
        } else {
            "M-7 -7L7 7M7 -7L-7 7"
        };
        let _ = path.set_attribute("d", d);
        let burst = element(&self.document, "path", "burst");
        let _ = burst.set_attribute("d", BURST);
        let _ = group.append_child(&burst);
        let _ = group.append_child(&path);
        // That a node is down is seen at the node, and a wall where the sides stand apart.
        let seen = loss.by == "down" || wall && scene.apart();
        if why && !seen {
            let word = element(&self.document, "text", "why");
            let _ = word.set_attribute("y", &format!("{:.0}", 26.0 * scene.scale()));
            word.set_text_content(Some(&text::lost_by(&loss.by)));
            let _ = group.append_child(&word);
        }
        let _ = group.set_attribute("transform", &translate(at));
        let _ = self.layer.append_child(&group);
        Some(group)
    }

    pub(super) fn age(&mut self, wall_ms: f64) {
        for lost in self.lost.values_mut() {
            let before = lost.age < LOSS_HOLD;
            lost.age += wall_ms;
            if before && lost.age >= LOSS_HOLD {
                let _ = lost.group.set_attribute("visibility", "hidden");
            }
        }
        self.arrivals.retain_mut(|arrival| {
            arrival.age += wall_ms;
            let part = arrival.age / ARRIVAL_HOLD;
            if part >= 1.0 {
                arrival.ring.remove();
                return false;
            }
            let grown = arrival.radius + 4.0 + 8.0 * part;
            let _ = arrival.ring.set_attribute("r", &format!("{grown:.1}"));
            true
        });
    }

    pub(super) fn settle(&mut self) {
        self.arrivals
            .drain(..)
            .for_each(|arrival| arrival.ring.remove());
    }

    pub(super) fn forget(&mut self) {
        self.lost.values().for_each(|lost| lost.group.remove());
        self.lost.clear();
        self.settle();
    }
}

/// Where on its link a message was lost.
fn place(loss: &LossFrame, scene: &Scene) -> Option<Point> {
    let (from, to) = (loss.address.from, loss.address.to);
    scene.along(from, to, loss.progress.clamp(0.0, 1.0))
}
