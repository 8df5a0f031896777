//! The page: the only package that knows the browser.

use wasm_bindgen::prelude::wasm_bindgen;
use yew::prelude::*;

/// The whole page.
#[component]
pub fn App() -> Html {
    html! { <main><h1>{ "Faultline" }</h1></main> }
}

/// Runs when the browser has loaded the module.
#[wasm_bindgen(start)]
pub fn start() {
    // The wasm tests load the same module into a page that is not ours; they mount what they need.
    let root = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.get_element_by_id("faultline"));
    if let Some(root) = root {
        yew::Renderer::<App>::with_root(root).render();
    }
}
