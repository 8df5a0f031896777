//! The past of nodes that stand on lanes: the space-time diagram, painted behind their heads, with now
//! where the heads are.

use faultline_diagram::{Axis, Shape, View, content};

use super::App;
use super::pane::Pane;
use crate::layout::Past;
use crate::ui::spacetime::canvas::Painter;

/// Records read per frame.
const READ_AT_ONCE: u64 = 4_000;
/// How much of the past is seen: seconds of wall time at speed 1x, or records of a run in which
/// everything happens at one instant.
const SECONDS: f64 = 7.0;
const RECORDS: f64 = 26.0;

impl App {
    /// After the picture has changed: paints what is behind the heads.
    pub(super) fn paint_lanes(&mut self) {
        let scale = self.look.theme.scale();
        for pane in self.panes() {
            match pane.scene.past {
                Some(past) => paint(pane, past, scale),
                None => pane.lanes = None,
            }
        }
    }
}

#[inline(never)]
fn paint(pane: &mut Pane, past: Past, scale: f64) {
    let Some(stage) = pane.stage_ref.cast::<web_sys::Element>() else {
        return;
    };
    let host = stage.query_selector(".lanes-past").ok().flatten();
    let host = host.and_then(|host| wasm_bindgen::JsCast::dyn_into(host).ok());
    let Some(host) = host else { return };
    let same = |painter: &Painter| painter.host == host;
    if !pane.lanes.as_ref().is_some_and(same) {
        pane.lanes = Painter::new(host.clone());
    }
    let Some(painter) = &mut pane.lanes else {
        return;
    };
    let mut engine = pane.engine.borrow_mut();
    let view = view(&engine, past, pane.scene.height, scale);
    let style = host.style();
    let _ = style.set_property("left", &format!("{:.1}px", past.left - view.left()));
    let _ = style.set_property("top", &format!("{:.1}px", -view.top()));
    let _ = style.set_property("width", &format!("{:.1}px", view.width));
    let _ = style.set_property("height", &format!("{:.1}px", view.height));
    engine.read_diagram(READ_AT_ONCE, Some(&view));
    painter.renew();
    let mut shapes = content(engine.diagram(), &view);
    shapes.retain(is_of_past);
    painter.content(&shapes, &view);
}

/// The window that ends now, on a sheet whose lanes are where the heads are.
fn view(engine: &crate::engine::Engine, past: Past, height: f64, scale: f64) -> View {
    let axis = if engine.nested() {
        Axis::Order
    } else {
        Axis::Time
    };
    let protocol = engine.protocol();
    let mut view = View {
        axis,
        gutter: 0.0,
        scale: scale.min(1.25),
        kinds: protocol.kinds,
        now: (engine.clock(), engine.records()),
        ..View::default()
    };
    let rims = View::default();
    let (top, bottom) = (rims.top(), rims.height - rims.bottom());
    view.height = height + (top + bottom) * view.scale;
    view.width = past.right - past.left + (rims.width - rims.right());
    let here = view.here();
    let span = match axis {
        Axis::Time => SECONDS * engine.scenario().pace * 1e6,
        Axis::Order => RECORDS,
    };
    (view.from, view.to) = (here - span, here);
    view
}

/// Heads name the lanes, the timeline has the axis and the palette says what was done.
fn is_of_past(shape: &Shape) -> bool {
    !matches!(
        shape,
        Shape::Tick { .. } | Shape::Text { .. } | Shape::Flag { .. } | Shape::Side { .. }
    )
}
