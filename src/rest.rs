//! The published page comes in two parts: what the first picture needs, and the rest a moment later
//! (docs/decisions/0005-page-in-two-parts.md). static/rest.js fetches the second part and holds it
//! against what the first part exports; xtask/split divides the page.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::{Closure, wasm_bindgen};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = faultlineRest, js_name = offer)]
    fn offer(exports: &JsValue, go_on: &JsValue);
    // Called by name from the stubs of the first part (xtask/split/src/divide/plan.rs).
    #[wasm_bindgen(js_namespace = faultlineRest, js_name = restNow)]
    fn rest_now();
    #[wasm_bindgen(js_namespace = faultlineRest, js_name = whenHere)]
    fn when_here(done: &JsValue);
    #[wasm_bindgen(js_namespace = faultlineRest, js_name = hurry)]
    fn ask_for_rest();
}

/// Tells the page what the second part may use, and goes on: at once where the first part is enough for
/// the first picture, else when the second is there. If it does not come, whoever calls into it will
/// ask for it again, and the person will be told.
pub fn beside(go_on: impl FnOnce() + 'static) {
    offer(&wasm_bindgen::exports(), &Closure::once_into_js(go_on));
}

/// Waits for the second part, if there is one and it is not there yet.
#[wasm_bindgen(js_name = faultlineRestNow)]
pub fn wait() {
    rest_now();
}

/// Calls back when the whole program is there; at once if it is.
pub fn then(done: impl FnOnce() + 'static) {
    when_here(&Closure::once_into_js(done));
}

/// Somebody waits for the whole program: it is asked for now, and if it does not come the person is told.
pub fn hurry() {
    ask_for_rest();
}
