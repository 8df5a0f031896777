//! The page: the only package that knows the browser.
//!
//! `engine` is the interface to the simulation, `app` the root component, `ui` the components, `layout`
//! and `keys` pure functions, `text` all sentences.

mod address;
pub mod api;
mod app;
mod bench;
mod browser;
mod engine;
mod finding;
pub mod judged;
pub mod keys;
pub mod layout;
pub mod moments;
pub mod news;
pub mod progress;
mod rest;
mod storage;
mod synthetic;
pub mod text;
pub mod theme;
pub mod ui;
pub mod views;
pub mod worker;

use wasm_bindgen::prelude::wasm_bindgen;

pub use app::{App, AppProps, Poster};

// A run's past stays within its memory budget, and a run that grows without end is cut off.
#[cfg(target_arch = "wasm32")]
faultline_sim::counting_allocator!();

/// Runs after the browser has loaded the module.
#[wasm_bindgen(start)]
pub fn start() {
    // The wasm tests load the same module into a page of their own and mount only what they need.
    // A worker has no document.
    let document = web_sys::window().and_then(|window| window.document());
    let Some(root) = document.and_then(|document| document.get_element_by_id("faultline")) else {
        return;
    };
    // Yew would replace a hook that `std::panic::set_hook` sets.
    yew::set_custom_panic_hook(Box::new(|panic| {
        web_sys::console::error_1(&panic.to_string().into());
        browser::tell_guard(&panic.to_string());
    }));
    rest::beside(move || mount(root));
}

/// Replaces the poster with the page.
fn mount(root: web_sys::Element) {
    if let Some(load) = bench::Load::asked_for() {
        let props = bench::BenchProps { load };
        yew::Renderer::<bench::Bench>::with_root_and_props(root, props).render();
        return;
    }
    if let Some(events) = bench::spacetime::asked_for() {
        bench::spacetime::run(&root, events);
        return;
    }
    // The poster's stage has the size that ours will have, so measures it before it goes.
    let scene = root.query_selector(".scene-box").ok().flatten();
    let stage = scene.map(|scene| browser::size_of(&scene));
    let stage = stage.filter(|(width, height)| *width > 0.0 && *height > 0.0);
    let stage = stage.unwrap_or((1280.0, 490.0));
    let poster = Poster::of(&root);
    yew::Renderer::<App>::with_root_and_props(root, AppProps { stage, poster }).render();
}
