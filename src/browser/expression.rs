//! Regular expressions for logs of other systems, run by the browser.

use faultline_sim::shiviz::{Found, Pattern};
use js_sys::{Array, Function, JsString, Object, Reflect, RegExp};
use wasm_bindgen::prelude::*;

/// A compiled expression with the flags `g` and `m`.
pub struct Expression(RegExp);

impl Expression {
    /// Compiles an expression; `what` names it in the error message.
    ///
    /// # Errors
    /// The browser's own message.
    pub fn new(what: &str, text: &str) -> Result<Self, String> {
        let wrong = |error: JsValue| {
            let why = Reflect::get(&error, &"message".into()).ok();
            let why = why.and_then(|why| why.as_string()).unwrap_or_default();
            format!("the {what} is not a regular expression: {why}")
        };
        // The constructor throws; only this call can catch the error.
        let maker = Reflect::get(&js_sys::global(), &"RegExp".into()).map_err(wrong)?;
        let built = Reflect::construct(
            maker.unchecked_ref::<Function>(),
            &Array::of2(&text.into(), &"gm".into()),
        );
        built
            .map(|regex| Self(regex.unchecked_into()))
            .map_err(wrong)
    }
}

impl Pattern for Expression {
    fn matches(&self, text: &str) -> Vec<Found> {
        let all = JsString::from(text).match_all(&self.0);
        let mut places = Places::new(text);
        let mut found = Vec::new();
        for one in all {
            let Ok(one) = one else { break };
            let whole = Reflect::get_u32(&one, 0)
                .ok()
                .and_then(|w| w.dyn_into::<JsString>().ok());
            let index = Reflect::get(&one, &"index".into())
                .ok()
                .and_then(|at| at.as_f64());
            let (Some(whole), Some(index)) = (whole, index) else {
                break;
            };
            let start = places.byte(index as u32);
            let end = places.byte(index as u32 + whole.length());
            found.push(Found {
                start,
                end,
                groups: groups(&one),
            });
        }
        found
    }
}

/// The named groups that took part in a match.
fn groups(found: &JsValue) -> Vec<(String, String)> {
    let groups = Reflect::get(found, &"groups".into()).unwrap_or_default();
    if !groups.is_object() {
        return Vec::new();
    }
    // It has no prototype, so it is not an instance of any class.
    let groups: Object = groups.unchecked_into();
    let entries = Object::entries(&groups).into_iter().filter_map(|entry| {
        let entry: Array = entry.unchecked_into();
        Some((entry.get(0).as_string()?, entry.get(1).as_string()?))
    });
    entries.collect()
}

/// Converts the browser's positions to byte positions, going forward.
struct Places<'t> {
    letters: std::str::Chars<'t>,
    length: usize,
    units: u32,
}

impl<'t> Places<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            letters: text.chars(),
            length: text.len(),
            units: 0,
        }
    }

    fn byte(&mut self, unit: u32) -> usize {
        while self.units < unit {
            let Some(letter) = self.letters.next() else {
                break;
            };
            self.units += letter.len_utf16() as u32;
        }
        self.length - self.letters.as_str().len()
    }
}
