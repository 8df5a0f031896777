//! What only a browser can show. Run with `cargo xtask test` or `wasm-pack test --headless --chrome`.
#![cfg(target_arch = "wasm32")]

use faultline_web::App;
use gloo_timers::future::TimeoutFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// Mounts the app in its own element: mounting on `<body>` would wipe the test harness's output.
fn mount() -> web_sys::Element {
    let document = web_sys::window().unwrap().document().unwrap();
    let root = document.create_element("div").unwrap();
    document.body().unwrap().append_child(&root).unwrap();
    yew::Renderer::<App>::with_root(root.clone()).render();
    root
}

#[wasm_bindgen_test]
async fn the_page_has_one_heading() {
    let root = mount();
    TimeoutFuture::new(50).await;
    let heading = root.query_selector("h1").unwrap().expect("a heading");
    assert_eq!(heading.text_content().as_deref(), Some("Faultline"));
}
