//! Tests that need a browser. Run with `cargo xtask test` or `wasm-pack test --headless --chrome`.
#![cfg(target_arch = "wasm32")]

use wasm_bindgen_test::wasm_bindgen_test_configure;

#[path = "web/api.rs"]
mod api;
#[path = "web/mounting.rs"]
mod mounting;
#[path = "web/page.rs"]
mod page;
#[path = "web/panels.rs"]
mod panels;
#[path = "web/sheets.rs"]
mod sheets;

wasm_bindgen_test_configure!(run_in_browser);

/// Our own element for mounting: mounting on `<body>` would delete the output of the test harness.
fn own_element() -> web_sys::Element {
    let document = web_sys::window().unwrap().document().unwrap();
    let root = document.create_element("div").unwrap();
    document.body().unwrap().append_child(&root).unwrap();
    root
}

/// Lets the scheduler render.
async fn rendered() {
    gloo_timers::future::TimeoutFuture::new(50).await;
}

/// Waits frame by frame until a condition holds.
async fn until(what: &str, is_so: impl Fn() -> bool) {
    for _ in 0..100 {
        if is_so() {
            return;
        }
        rendered().await;
    }
    panic!("never: {what}");
}
