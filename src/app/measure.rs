//! Hooks that measure the cost of seeking, for state and picture: `window.__seek`.

use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use yew::html::Scope;

use super::{App, Msg};
use crate::browser;
use faultline_sim::time::{Duration, Time};
use faultline_sim::timeline::Target;

/// The goal of a measured seek.
#[derive(Clone, Copy)]
pub enum SeekTest {
    /// This many seconds of simulated time further, at once.
    Run(f64),
    /// This share of the run so far.
    Seek(f64),
}

/// A seek in progress: the callback for when it is painted, and its start.
pub struct PendingSeek {
    resolve: Function,
    began: f64,
}

/// Defines `run(seconds)` and `seek(fraction)` on the page; each promises the milliseconds it took.
pub(super) fn install(link: &Scope<App>) {
    let hooks = Object::new();
    let hook = |name: &str, leap: fn(f64) -> SeekTest| {
        let link = link.clone();
        let function = Closure::<dyn FnMut(f64) -> Promise>::new(move |value: f64| {
            let link = link.clone();
            Promise::new(&mut move |resolve, _| {
                let pending = PendingSeek {
                    resolve,
                    began: browser::clock_ms(),
                };
                link.send_message(Msg::SeekTest(leap(value), pending));
            })
        });
        let _ = Reflect::set(&hooks, &JsValue::from_str(name), &function.into_js_value());
    };
    hook("run", SeekTest::Run);
    hook("seek", SeekTest::Seek);
    let _ = Reflect::set(&browser::window(), &JsValue::from_str("__seek"), &hooks);
}

impl App {
    /// Seeks in the same way as the person would.
    #[inline(never)]
    pub(super) fn seek_test(&mut self, goal: SeekTest, pending: PendingSeek) {
        self.jump(|engine| match goal {
            SeekTest::Run(seconds) => engine.run_on(Duration((seconds.max(0.0) * 1e6) as u64)),
            SeekTest::Seek(part) => {
                let edge = engine.edge().0 as f64;
                engine.go(Target::Time(Time((edge * part.clamp(0.0, 1.0)) as u64)));
            }
        });
        self.pending_seeks.push(pending);
    }

    /// The result of the seeks is painted.
    pub(super) fn landed(&mut self) {
        for pending in std::mem::take(&mut self.pending_seeks) {
            let took = JsValue::from(browser::clock_ms() - pending.began);
            let _ = pending.resolve.call1(&JsValue::NULL, &took);
        }
    }
}
