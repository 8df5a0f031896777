//! The time left of a node's timer: an arc that shrinks, moved outside the virtual DOM.

use faultline_sim::frame::{Frame, Life};
use faultline_sim::time::Time;
use web_sys::{Document, Element};

use crate::layout::Scene;

const SVG: &str = "http://www.w3.org/2000/svg";
/// Smaller nodes have no room for an arc inside their outline.
const LEAST_RADIUS: f64 = 14.0;

/// The dashes of a timer that waits, in hundredths of the circle.
const WAITS: &str = "1 4";

/// One arc and its timer.
struct Arc {
    element: Element,
    set_at: Time,
    due: Time,
    /// The drawn length, in hundredths of the circle.
    shown: Option<u32>,
}

/// The arcs of all nodes.
pub struct Arcs {
    document: Document,
    layer: Element,
    /// The timer shown; none if this protocol has no interesting one.
    pub timer: Option<&'static str>,
    arcs: Vec<Arc>,
}

impl Arcs {
    /// The layer's element must be in the page, and nothing else may change its children.
    pub fn new(document: Document, layer: Element) -> Self {
        Self {
            document,
            layer,
            timer: None,
            arcs: Vec::new(),
        }
    }

    /// Takes the timers of a frame.
    pub fn sync(&mut self, frame: &Frame, scene: &Scene) {
        let roomy = !scene.tiles && scene.radius >= LEAST_RADIUS * scene.scale();
        let timer = self.timer.filter(|_| roomy);
        let mut used = 0;
        for node in &frame.nodes {
            let runs = !matches!(node.life, Life::Down { .. });
            let set = node.timers.iter().find(|set| Some(set.name) == timer);
            let (Some(set), Some(at), true) = (set, scene.at(node.id), runs) else {
                continue;
            };
            if used == self.arcs.len() {
                let Some(element) = self.make() else { return };
                let (set_at, due) = (set.set_at, set.due);
                self.arcs.push(Arc {
                    element,
                    set_at,
                    due,
                    shown: None,
                });
            }
            let arc = &mut self.arcs[used];
            (arc.set_at, arc.due, arc.shown) = (set.set_at, set.due, None);
            if frame.by_hand {
                // It waits for a person: a dotted circle that stands still.
                arc.due = set.set_at;
                let _ = arc.element.set_attribute("stroke-dasharray", WAITS);
            }
            let place = format!("translate({:.1} {:.1}) rotate(-90)", at.x, at.y);
            let _ = arc.element.set_attribute("transform", &place);
            let radius = format!("{:.1}", scene.radius - 5.0 * scene.scale());
            let _ = arc.element.set_attribute("r", &radius);
            let _ = arc.element.remove_attribute("visibility");
            used += 1;
        }
        for arc in &mut self.arcs[used..] {
            let _ = arc.element.set_attribute("visibility", "hidden");
            arc.due = arc.set_at;
        }
    }

    fn make(&self) -> Option<Element> {
        let element = self.document.create_element_ns(Some(SVG), "circle").ok()?;
        let _ = element.set_attribute("class", "arc");
        // The whole circle counts as a hundred, at any radius.
        let _ = element.set_attribute("pathLength", "100");
        self.layer.append_child(&element).ok()?;
        Some(element)
    }

    /// Draws the time left at an instant in microseconds.
    pub fn place(&mut self, now: f64) {
        for arc in &mut self.arcs {
            let whole = arc.due.0.saturating_sub(arc.set_at.0) as f64;
            if whole <= 0.0 {
                continue;
            }
            let left = ((arc.due.0 as f64 - now) / whole).clamp(0.0, 1.0);
            let shown = (left * 100.0) as u32;
            // A hundredth of the circle is less than a pixel or two.
            if arc.shown != Some(shown) {
                arc.shown = Some(shown);
                let dashes = format!("{shown} 100");
                let _ = arc.element.set_attribute("stroke-dasharray", &dashes);
            }
        }
    }
}
