//! The published page has two parts: the code of the first picture, and the rest a moment later
//! (docs/decisions/0005-page-in-two-parts.md). static/rest.js fetches the second part and links it to
//! the exports of the first; xtask/split divides the page.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::{Closure, wasm_bindgen};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = faultlineRest, js_name = offer)]
    fn offer(exports: &JsValue, go_on: &JsValue);
    // The stubs of the first part call this by name (xtask/split/src/divide/plan.rs).
    #[wasm_bindgen(js_namespace = faultlineRest, js_name = restNow)]
    fn rest_now();
    #[wasm_bindgen(js_namespace = faultlineRest, js_name = whenHere)]
    fn when_here(done: &JsValue);
    #[wasm_bindgen(js_namespace = faultlineRest, js_name = hurry)]
    fn ask_for_rest();
    // The tests in a browser load the program without static/rest.js.
    #[wasm_bindgen(catch, js_namespace = faultlineRest, js_name = parts)]
    fn compiled() -> Result<JsValue, JsValue>;
}

/// Gives the page the exports for the second part and continues: at once if the first part is enough
/// for the first picture, else after the second part has loaded. If it does not load, the next call
/// into it tries again, and the person sees an error.
pub fn beside(go_on: impl FnOnce() + 'static) {
    offer(&wasm_bindgen::exports(), &Closure::once_into_js(go_on));
}

/// Waits until the second part has loaded, if there is one.
#[wasm_bindgen(js_name = faultlineRestNow)]
pub fn wait() {
    rest_now();
}

/// Calls back when the whole program has loaded; at once if it has.
pub fn then(done: impl FnOnce() + 'static) {
    when_here(&Closure::once_into_js(done));
}

/// The script around the program and its compiled parts, for a worker; none if they were not kept.
pub fn parts() -> Option<JsValue> {
    let parts = compiled().ok()?;
    let first = js_sys::Reflect::get(&parts, &JsValue::from_str("first")).ok()?;
    first.is_object().then_some(parts)
}

/// The person waits for the whole program: requests it now and shows an error if it does not load.
pub fn hurry() {
    ask_for_rest();
}
