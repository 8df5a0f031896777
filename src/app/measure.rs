//! Hooks for measuring what going elsewhere in time costs, state and picture: `window.__seek`.

use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use yew::html::Scope;

use super::{App, Msg};
use crate::browser;
use faultline_sim::time::{Duration, Time};
use faultline_sim::timeline::Target;

/// Where to go.
#[derive(Clone, Copy)]
pub enum Leap {
    /// So many seconds of simulated time further, at once.
    Run(f64),
    /// To this share of the run so far.
    Seek(f64),
}

/// A leap under way: what to call once the picture shows it, and when it began.
pub struct Leaping {
    resolve: Function,
    began: f64,
}

/// Puts `run(seconds)` and `seek(fraction)` into the page; each promises the milliseconds it took.
pub(super) fn install(link: &Scope<App>) {
    let hooks = Object::new();
    let hook = |name: &str, leap: fn(f64) -> Leap| {
        let link = link.clone();
        let function = Closure::<dyn FnMut(f64) -> Promise>::new(move |value: f64| {
            let link = link.clone();
            Promise::new(&mut move |resolve, _| {
                let leaping = Leaping {
                    resolve,
                    began: browser::clock_ms(),
                };
                link.send_message(Msg::Leap(leap(value), leaping));
            })
        });
        let _ = Reflect::set(&hooks, &JsValue::from_str(name), &function.into_js_value());
    };
    hook("run", Leap::Run);
    hook("seek", Leap::Seek);
    let _ = Reflect::set(&browser::window(), &JsValue::from_str("__seek"), &hooks);
}

impl App {
    /// Goes there, with all that going there by hand would do.
    #[inline(never)]
    pub(super) fn leap(&mut self, leap: Leap, leaping: Leaping) {
        self.jump(|engine| match leap {
            Leap::Run(seconds) => engine.run_on(Duration((seconds.max(0.0) * 1e6) as u64)),
            Leap::Seek(part) => {
                let edge = engine.edge().0 as f64;
                engine.go(Target::Time(Time((edge * part.clamp(0.0, 1.0)) as u64)));
            }
        });
        self.leaping.push(leaping);
    }

    /// The picture shows where the leaps have led.
    pub(super) fn landed(&mut self) {
        for leaping in std::mem::take(&mut self.leaping) {
            let took = JsValue::from(browser::clock_ms() - leaping.began);
            let _ = leaping.resolve.call1(&JsValue::NULL, &took);
        }
    }
}
