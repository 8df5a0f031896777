//! The browser's own objects: animation frames, listeners, focus, the address, test hooks.

mod expression;
mod files;
mod meaning;
mod picture;
mod pointer_focus;
mod translation;

use std::cell::RefCell;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use js_sys::{Object, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{
    Document, Element, EventTarget, HtmlElement, KeyboardEvent, MediaQueryList, MouseEvent, Window,
};

use faultline_sim::process::NodeId;

use crate::engine::Engine;
use crate::keys::Place;
use crate::layout::Point;
use crate::theme::Theme;

pub use expression::Expression;
pub use files::{Read, base, copy, fetch_text, on_drag_over, on_drop, read_file, save, save_blob};
pub use meaning::Meanings;
pub use picture::{Picture, pixels, png, svg_address};
pub use pointer_focus::{PointerFocus, give_focus};
pub use translation::Translation;

/// The window; the page cannot be without one.
pub fn window() -> Window {
    web_sys::window().expect("a page has a window")
}

/// The document.
pub fn document() -> Document {
    window().document().expect("a window has a document")
}

/// Calls once, this many milliseconds after the present picture was painted.
pub fn after_paint(ms: u32, callback: impl FnOnce() + 'static) {
    // The next frame paints after its callbacks; a task from a callback runs after that.
    let painted = Closure::once_into_js(move || Timeout::new(ms, callback).forget());
    let _ = window().request_animation_frame(painted.unchecked_ref());
}

/// Repeated requests for an animation frame. At most one is pending.
pub struct Ticker {
    callback: Closure<dyn FnMut(f64)>,
    under_way: Option<i32>,
}

impl Ticker {
    /// Calls back with the wall time in milliseconds.
    pub fn new(callback: impl FnMut(f64) + 'static) -> Self {
        Self {
            callback: Closure::new(callback),
            under_way: None,
        }
    }

    /// Asks for the next animation frame.
    pub fn ask(&mut self) {
        if self.under_way.is_none() {
            let function = self.callback.as_ref().unchecked_ref();
            self.under_way = window().request_animation_frame(function).ok();
        }
    }

    /// A frame has come.
    pub fn came(&mut self) {
        self.under_way = None;
    }

    /// Cancels the request: a paused page requests no frames.
    pub fn stop(&mut self) {
        if let Some(id) = self.under_way.take() {
            let _ = window().cancel_animation_frame(id);
        }
    }
}

/// A listener that lives as long as this value.
pub struct Listener {
    target: EventTarget,
    name: &'static str,
    early: bool,
    callback: Closure<dyn FnMut(web_sys::Event)>,
}

impl Listener {
    pub fn new(
        target: &EventTarget,
        name: &'static str,
        callback: impl FnMut(web_sys::Event) + 'static,
    ) -> Self {
        Self::listening(target, name, false, callback)
    }

    /// Hears an event before all listeners deeper in the page.
    pub fn early(
        target: &EventTarget,
        name: &'static str,
        callback: impl FnMut(web_sys::Event) + 'static,
    ) -> Self {
        Self::listening(target, name, true, callback)
    }

    fn listening(
        target: &EventTarget,
        name: &'static str,
        early: bool,
        callback: impl FnMut(web_sys::Event) + 'static,
    ) -> Self {
        let callback = Closure::<dyn FnMut(web_sys::Event)>::new(callback);
        let function = callback.as_ref().unchecked_ref();
        let _ = target.add_event_listener_with_callback_and_bool(name, function, early);
        Self {
            target: target.clone(),
            name,
            early,
            callback,
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let function = self.callback.as_ref().unchecked_ref();
        let _ = self
            .target
            .remove_event_listener_with_callback_and_bool(self.name, function, self.early);
    }
}

/// The size of an element in CSS pixels.
pub fn size_of(element: &Element) -> (f64, f64) {
    let area = element.get_bounding_client_rect();
    (area.width(), area.height())
}

/// The place of a pointer within an element, in CSS pixels.
pub fn within(element: &Element, event: &web_sys::MouseEvent) -> Point {
    let area = element.get_bounding_client_rect();
    Point {
        x: f64::from(event.client_x()) - area.left(),
        y: f64::from(event.client_y()) - area.top(),
    }
}

/// Device pixels per CSS pixel, as far as people can see them.
pub fn pixel_ratio() -> f64 {
    window().device_pixel_ratio().clamp(1.0, 2.0)
}

/// The present theme of the page.
pub fn theme() -> Option<String> {
    document().document_element()?.get_attribute("data-theme")
}

/// The computed style of an element.
pub fn style_of(element: &Element) -> Option<web_sys::CssStyleDeclaration> {
    window().get_computed_style(element).ok().flatten()
}

/// Whether the system replaces our colours.
pub fn forced_colours() -> bool {
    let query = window()
        .match_media("(forced-colors: active)")
        .ok()
        .flatten();
    query.is_some_and(|query| query.matches())
}

/// Wall time in milliseconds, for measuring the cost of the page.
pub fn clock_ms() -> f64 {
    window().performance().map_or(0.0, |clock| clock.now())
}

/// Whether the system prefers reduced motion.
pub fn reduced_motion() -> bool {
    let query = window()
        .match_media("(prefers-reduced-motion: reduce)")
        .ok()
        .flatten();
    query.is_some_and(|query| query.matches())
}

/// Whether the panels have a column of their own.
pub fn wide() -> bool {
    thread_local! {
        // Called several times per picture: one kept query is cheaper than many new ones.
        static WIDE: Option<MediaQueryList> =
            window().match_media("(min-width: 1024px)").ok().flatten();
    }
    WIDE.with(|query| query.as_ref().is_some_and(MediaQueryList::matches))
}

/// The text behind `#` in the address, decoded.
pub fn fragment() -> String {
    let hash = window().location().hash().unwrap_or_default();
    let text = hash.trim_start_matches('#');
    js_sys::decode_uri_component(text).map_or_else(|_| text.to_owned(), String::from)
}

/// The value of `?name=` in the address.
pub fn query(name: &str) -> Option<String> {
    let search = window().location().search().unwrap_or_default();
    let parts = search.trim_start_matches('?').split('&');
    let mut pairs = parts.filter_map(|part| part.split_once('='));
    pairs
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.to_owned())
}

/// A value of the address as it was before it was encoded.
pub fn decoded(text: &str) -> String {
    js_sys::decode_uri_component(text).map_or_else(|_| text.to_owned(), String::from)
}

/// Whether the address asks for a page that starts paused.
pub fn asks_for_pause() -> bool {
    query("paused").as_deref() == Some("1")
}

/// Puts a run into the address without leaving the page.
pub fn put_link(fragment: &str) {
    if let Ok(history) = window().history() {
        let state = history.state().unwrap_or_default();
        let _ = history.replace_state_with_url(&state, "", Some(&format!("#{fragment}")));
    }
}

/// The number of the present history entry, if any.
pub fn visit() -> Option<u32> {
    let state = window().history().ok()?.state().ok()?;
    state.as_f64().map(|number| number as u32)
}

/// Sets the number of the present history entry.
pub fn name_visit(number: u32) {
    if let Ok(history) = window().history() {
        let _ = history.replace_state_with_url(&number.into(), "", None);
    }
}

/// A new entry of the tab's history.
pub fn push_visit(number: u32, fragment: &str) {
    if let Ok(history) = window().history() {
        let address = format!("#{fragment}");
        let _ = history.push_state_with_url(&number.into(), "", Some(&address));
    }
}

/// Puts a run into the address and the whole address into the clipboard; false if there is no
/// clipboard.
pub fn copy_link(fragment: &str) -> bool {
    put_link(fragment);
    copy(&window().location().href().unwrap_or_default())
}

/// Sets the page's theme.
pub fn set_theme(theme: Theme) {
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("data-theme", theme.word());
    }
}

/// The theme that the address asks for, if any: `?view=projector`.
pub fn asked_theme() -> Option<Theme> {
    Theme::of(&query("view")?)
}

/// Moves the halo to the pointer, if there is one.
pub fn move_halo(event: &web_sys::Event) {
    let halo = document().query_selector(".pointer-halo").ok().flatten();
    let (Some(halo), Some(event)) = (halo, event.dyn_ref::<MouseEvent>()) else {
        return;
    };
    let place = format!("translate({}px, {}px)", event.client_x(), event.client_y());
    let style = halo.unchecked_ref::<HtmlElement>().style();
    let _ = style.set_property("transform", &place);
}

/// The place of the keyboard focus, for the key map.
pub fn place(event: &KeyboardEvent) -> Place {
    let Some(target) = event.target().and_then(|t| t.dyn_into::<Element>().ok()) else {
        return Place::Page;
    };
    if let Some(id) = target
        .get_attribute("data-node")
        .and_then(|id| id.parse().ok())
    {
        return Place::Node(NodeId(id));
    }
    let kind = target.get_attribute("type").unwrap_or_default();
    let role = target.get_attribute("role").unwrap_or_default();
    match (
        target.tag_name().to_ascii_lowercase().as_str(),
        kind.as_str(),
        role.as_str(),
    ) {
        ("input", "range", _) | (_, _, "slider" | "tab") => Place::Slider,
        ("input", "checkbox" | "radio" | "button" | "submit", _) => Place::Control,
        ("input" | "textarea" | "select", ..) => Place::Field,
        ("button" | "a" | "summary", ..) | (_, _, "button" | "checkbox" | "option") => {
            Place::Control
        }
        _ => Place::Page,
    }
}

/// The focused node, wherever the event came from.
pub fn focus_node(id: NodeId) {
    focus(&format!(".acting [data-node='{}']", id.0));
}

/// Moves the focus to the first element that a selector finds.
pub fn focus(selector: &str) {
    let found = document().query_selector(selector).ok().flatten();
    if let Some(element) = found {
        give_focus(&element);
    }
}

/// Scrolls an element into sight and gives it the focus.
pub fn show(selector: &str) {
    if let Some(element) = document().query_selector(selector).ok().flatten() {
        element.scroll_into_view();
        give_focus(&element);
    }
}

/// Scrolls what a selector finds to its top.
pub fn to_top(selector: &str) {
    if let Some(element) = document().query_selector(selector).ok().flatten() {
        element.set_scroll_top(0);
    }
}

/// Scrolls what a selector finds by a page; false if it is at its end.
pub fn turn_page(selector: &str, forward: bool) -> bool {
    let Some(element) = document().query_selector(selector).ok().flatten() else {
        return false;
    };
    let (before, page) = (element.scroll_top(), element.client_height() * 4 / 5);
    element.set_scroll_top(if forward {
        before + page
    } else {
        before - page
    });
    element.scroll_top() != before
}

/// Opens the browser's dialog for printing.
pub fn print() {
    let _ = window().print();
}

/// Whether no element has the focus because the focused one is gone.
pub fn focus_is_lost() -> bool {
    document()
        .active_element()
        .is_none_or(|element| element.tag_name() == "BODY")
}

/// The focused element and its place: if it disappears, the focus goes to an element around it instead
/// of being lost.
pub struct Focused {
    element: Element,
    around: Vec<Element>,
}

impl Focused {
    /// The focused element after a render. If the old one is gone or disabled, its nearest neighbour
    /// gets the focus.
    pub fn follow(was: Option<Self>) -> Option<Self> {
        let here = document().active_element();
        if let Some(was) = was {
            let gone = !was.element.is_connected() || was.element.has_attribute("disabled");
            let same = here.as_ref() == Some(&was.element);
            if same && !gone {
                return Some(was);
            }
            if gone && (same || focus_is_lost()) {
                was.pass_on();
            }
        }
        let element = document()
            .active_element()
            .filter(|element| element.tag_name() != "BODY")?;
        let outwards = |inner: &Element| inner.parent_element();
        let around = std::iter::successors(outwards(&element), outwards).collect();
        Some(Self { element, around })
    }

    fn pass_on(&self) {
        let left = self.around.iter().filter(|around| around.is_connected());
        for around in left {
            if let Some(next) = around.query_selector(REACHABLE).ok().flatten() {
                give_focus(&next);
                return;
            }
        }
    }
}

/// Whether the focus is inside an element that a selector finds.
pub fn focus_is_in(selector: &str) -> bool {
    let active = document().active_element();
    active.is_some_and(|element| element.closest(selector).ok().flatten().is_some())
}

/// Whether the focus is on an item of the list of messages.
pub fn focus_is_on_message() -> bool {
    let active = document().active_element();
    active.is_some_and(|element| element.has_attribute("data-message-item"))
}

/// The first control of a region that Tab would reach.
const REACHABLE: &str =
    "button:not([disabled]):not([tabindex='-1']), [tabindex='0'], input, select";

/// Moves the focus to the next region of the page, or the one before.
pub fn next_region(forward: bool) {
    let Ok(found) = document().query_selector_all("[data-region]") else {
        return;
    };
    let regions: Vec<Element> = (0..found.length())
        .filter_map(|i| found.get(i)?.dyn_into().ok())
        .collect();
    let active = document().active_element();
    let here = regions
        .iter()
        .position(|region| region.contains(active.as_deref()));
    let n = regions.len();
    for step in 1..=n {
        let at = match (here, forward) {
            (Some(here), true) => (here + step) % n,
            (Some(here), false) => (here + n - step) % n,
            (None, true) => step - 1,
            (None, false) => n - step,
        };
        if let Some(first) = regions[at].query_selector(REACHABLE).ok().flatten() {
            give_focus(&first);
            // A closed panel takes no focus, so tries the next region.
            if regions[at].contains(document().active_element().as_deref()) {
                return;
            }
        }
    }
}

/// The runs that tests may read, the active one first.
type Looked = Rc<RefCell<Vec<Rc<RefCell<Engine>>>>>;

/// Read-only access to the runs for end-to-end tests: `window.__faultline`, and
/// `window.__faultline.beside` for the other one.
pub struct Hooks(Looked);

impl Hooks {
    pub fn of(engine: &Rc<RefCell<Engine>>) -> Self {
        Self(Rc::new(RefCell::new(vec![engine.clone()])))
    }

    /// Defines them on the page; from then on the page is complete.
    pub fn publish(&self) {
        let hooks = hooks_of(&self.0, 0);
        let _ = Reflect::set(&hooks, &"beside".into(), &hooks_of(&self.0, 1));
        let _ = Reflect::set(&window(), &JsValue::from_str("__faultline"), &hooks);
    }

    /// Makes these the visible runs.
    pub fn look_at(&self, acting: &Rc<RefCell<Engine>>, beside: Option<&Rc<RefCell<Engine>>>) {
        let engines = std::iter::once(acting).chain(beside);
        *self.0.borrow_mut() = engines.cloned().collect();
    }
}

fn hooks_of(looked: &Looked, which: usize) -> Object {
    let hooks = Object::new();
    let hook = |name: &str, look: fn(&mut Engine) -> JsValue| {
        let looked = looked.clone();
        let function = Closure::<dyn FnMut() -> JsValue>::new(move || {
            let engine = looked.borrow().get(which).cloned();
            let engine = engine.as_ref().map(|engine| engine.try_borrow_mut());
            match engine {
                Some(Ok(mut engine)) => look(&mut engine),
                _ => JsValue::NULL,
            }
        });
        let _ = Reflect::set(&hooks, &JsValue::from_str(name), &function.into_js_value());
    };
    hook("stateHash", |engine| JsValue::from(engine.state_hash()));
    hook("traceHash", |engine| JsValue::from(engine.trace_hash()));
    hook("now", |engine| JsValue::from(engine.now().0 as f64));
    hook("events", |engine| {
        JsValue::from(engine.frame().events as f64)
    });
    hook("frameJson", |engine| {
        JsValue::from(
            serde_json::to_value(&*engine.frame())
                .unwrap_or_default()
                .to_string(),
        )
    });
    hooks
}

/// Tells the page's guard (static/guard.js) that the program has stopped.
pub fn tell_guard(message: &str) {
    let guard = Reflect::get(&window(), &JsValue::from_str("faultlineGuard"));
    let show = guard.and_then(|guard| Reflect::get(&guard, &JsValue::from_str("show")));
    if let Ok(show) = show.and_then(|show| show.dyn_into::<js_sys::Function>()) {
        let _ = show.call1(&JsValue::NULL, &JsValue::from_str(message));
    }
}
