//! The page as a whole.

use faultline_web::{App, AppProps};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{own_element, rendered};

#[wasm_bindgen_test]
async fn the_page_opens_with_one_heading_and_a_stage() {
    let root = own_element();
    let props = AppProps {
        stage: (800.0, 400.0),
        poster: None,
    };
    let handle = yew::Renderer::<App>::with_root_and_props(root.clone(), props).render();
    rendered().await;
    assert_eq!(root.query_selector_all("h1").unwrap().length(), 1);
    assert!(root.query_selector("svg.scene").unwrap().is_some());
    handle.destroy();
    root.remove();
}
