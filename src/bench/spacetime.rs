//! The cost of one redraw of the space-time diagram in a long run (`?bench=spacetime&events=100000`):
//! the whole run at once, and narrow windows all along it.

use faultline_diagram::{Stamps, View, content};
use faultline_protocols::HOME;
use faultline_sim::descriptor::Recipe;
use faultline_sim::time::Duration;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::{quantiles, tell};
use crate::browser;
use crate::engine::Engine;
use crate::ui::spacetime::canvas::Painter;

/// Measured redraws, after a warm-up.
const REDRAWS: usize = 120;
const WARM_UP: usize = 20;
const SHEET: &str = "<div class='st-sheet'>\
    <canvas class='st-content'></canvas><canvas class='st-overlay'></canvas></div>";

/// The number of events in the address, if it asks for this benchmark.
pub fn asked_for() -> Option<u64> {
    let asked = browser::query("bench")? == "spacetime";
    let events = browser::query("events").and_then(|text| text.parse().ok());
    asked.then(|| events.unwrap_or(100_000).clamp(1_000, 2_000_000))
}

/// Measures, and stores the figures in `window.__result`.
pub fn run(root: &Element, events: u64) {
    root.set_inner_html(SHEET);
    let host = root.first_element_child();
    let host = host.and_then(|host| host.dyn_into::<HtmlElement>().ok());
    if let Some(host) = &host {
        host.style().set_css_text("position: fixed; inset: 0");
    }
    let opened = Engine::open(&Recipe::new(HOME, 1), None);
    let (Some(mut painter), Ok(mut engine)) = (host.and_then(Painter::new), opened) else {
        return;
    };
    while engine.records_seen() < events {
        engine.run_on(Duration::seconds(10));
    }
    while !engine.read_diagram(50_000, None) {}
    painter.renew();
    let index = engine.diagram();
    let mut view = View {
        width: 1280.0,
        height: 240.0,
        kinds: engine.protocol().kinds,
        stamps: Stamps::Vector,
        ..View::default()
    };
    view.fit(engine.edge().0 as f64);
    let end = view.to;
    let mut redraw = |from: f64, to: f64| {
        (view.from, view.to) = (from, to);
        let began = browser::clock_ms();
        painter.content(&content(index, &view), &view);
        browser::clock_ms() - began
    };
    let mut whole: Vec<f64> = (0..REDRAWS + WARM_UP).map(|_| redraw(0.0, end)).collect();
    let mut narrow: Vec<f64> = (0..REDRAWS + WARM_UP)
        .map(|at| {
            let from = end * at as f64 / (REDRAWS + WARM_UP) as f64;
            redraw(from, from + end / 500.0)
        })
        .collect();
    let (whole, narrow) = (
        quantiles(&mut whole[WARM_UP..]),
        quantiles(&mut narrow[WARM_UP..]),
    );
    tell(&[
        ("script_p50", whole.0),
        ("script_p95", whole.1),
        ("window_p50", narrow.0),
        ("window_p95", narrow.1),
        ("records", index.len() as f64),
    ]);
}
