//! After a click or touch, the keyboard focus returns to the stage, so that Space plays and pauses
//! again. If a person uses the keyboard, the focus stays where they moved it.
//!
//! A control that needs the focus (a text field, a choice, a slider, a row of a list, a node) keeps it.
//! The page remembers that a pointer put it there, and Space skips such a control.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, FocusOptions, HtmlElement, KeyboardEvent, MouseEvent, PointerEvent};

use super::{Listener, document, focus_is_lost};

/// Controls that give the focus back after a click.
const GIVES_BACK: &str = "button, a, summary, input[type='checkbox'], input[type='radio'], \
    input[type='button'], input[type='submit'], [role='button'], [role='checkbox'], [role='tab'], \
    .timeline";
/// Where the focus stays: in a dialog, and on a node, which is part of the stage.
const KEEPS: &str = "[role='dialog'], [role='alertdialog'], [data-node]";
/// Where Space types a space.
const TEXT: &str = "textarea, [contenteditable], input:not([type]), input[type='text'], \
    input[type='search'], input[type='number']";
/// Dialogs that block the page's keys.
const CLOSED: &str = ".help, .guard";

thread_local! {
    /// The page itself moves the focus to an element.
    static GIVING: Cell<bool> = const { Cell::new(false) };
}

/// Moves the focus to an element, on behalf of the pointer or keyboard that acted last.
pub fn give_focus(element: &Element) {
    GIVING.set(true);
    // An SVG element has the same `focus` as an HTML one.
    let _ = element.unchecked_ref::<HtmlElement>().focus();
    GIVING.set(false);
}

/// The state of pointer and keyboard.
#[derive(Default)]
struct Hand {
    /// A pointer is down, or was a moment ago: an element that gets the focus now gets it from the
    /// pointer.
    pressing: Cell<bool>,
    /// A pointer acted last, so a focus that the page moves counts as moved by the pointer.
    pointing: Cell<bool>,
    /// The element that got the focus from a pointer.
    pointed: RefCell<Option<Element>>,
    /// The end of a press.
    over: RefCell<Option<Timeout>>,
}

impl Hand {
    /// Whether the focus is where a pointer put it, or nowhere.
    fn has_pointed(&self) -> bool {
        focus_is_lost() || active().is_some() && active() == *self.pointed.borrow()
    }

    fn presses(&self) {
        self.over.replace(None);
        self.pressing.set(true);
        self.pointing.set(true);
    }

    /// The pointer is up: the press ends after the browser has handled it.
    fn rests(self: &Rc<Self>) {
        let hand = self.clone();
        let over = Timeout::new(0, move || hand.pressing.set(false));
        self.over.replace(Some(over));
    }

    fn keys(&self) {
        self.over.replace(None);
        self.pressing.set(false);
        self.pointing.set(false);
    }

    fn gives(&self) -> bool {
        self.pressing.get() || self.pointing.get() && GIVING.get()
    }
}

/// Listens to the page; the rule holds as long as this value lives.
pub struct PointerFocus {
    _listeners: Vec<Listener>,
}

impl PointerFocus {
    /// `on_space` is called for Space where the pointer was last.
    pub fn new(on_space: impl Fn() + 'static) -> Self {
        let hand = Rc::new(Hand::default());
        let listen = |name: &'static str, heard: fn(&Rc<Hand>, &Event)| {
            let hand = hand.clone();
            Listener::early(&document(), name, move |event| heard(&hand, &event))
        };
        let of_keys = hand.clone();
        let keys = Listener::early(&document(), "keydown", move |event| {
            if let Some(event) = event.dyn_ref::<KeyboardEvent>() {
                key(&of_keys, event, &on_space);
            }
        });
        Self {
            _listeners: vec![
                listen("pointerdown", |hand, _| hand.presses()),
                listen("pointerup", |hand, _| hand.rests()),
                listen("pointercancel", |hand, _| hand.rests()),
                listen("click", click),
                listen("focusin", |hand, event| {
                    let target = event.target().and_then(|target| target.dyn_into().ok());
                    hand.pointed.replace(target.filter(|_| hand.gives()));
                }),
                keys,
            ],
        }
    }
}

/// Runs before the click's own effect, which may move the focus.
fn click(hand: &Rc<Hand>, event: &Event) {
    if !by_pointer(event) {
        return;
    }
    hand.presses();
    let clicked = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    if let (Some(clicked), Some(focused)) = (clicked, active())
        && (focused.contains(Some(&clicked)) || labels(&clicked, &focused))
        && focused.tag_name() != "BODY"
    {
        if matches(&focused, GIVES_BACK) && !inside(&focused, KEEPS) {
            focus_stage(&clicked);
        } else {
            // A finger moves the focus only after it leaves the glass.
            hand.pointed.replace(Some(focused));
        }
    }
    hand.rests();
}

/// Whether a click on one element presses the other: a label and its control.
fn labels(clicked: &Element, focused: &Element) -> bool {
    let label = clicked.closest("label").ok().flatten();
    label.is_some_and(|label| label.contains(Some(focused)))
}

/// Enter or Space on a control also causes a click, but without a pointer.
fn by_pointer(event: &Event) -> bool {
    let pointer = event.dyn_ref::<PointerEvent>();
    let known = pointer.is_some_and(|event| !event.pointer_type().is_empty());
    known
        || event
            .dyn_ref::<MouseEvent>()
            .is_some_and(|event| event.detail() > 0)
}

fn key(hand: &Rc<Hand>, event: &KeyboardEvent, on_space: &impl Fn()) {
    let pointed = hand.has_pointed();
    match event.key().as_str() {
        " " => {
            let plain = !(event.ctrl_key() || event.alt_key() || event.meta_key());
            let here = active();
            let closed = document().query_selector(CLOSED).ok().flatten().is_some();
            let own = closed || here.is_some_and(|here| matches(&here, TEXT));
            if pointed && plain && !own && !event.is_composing() {
                // No other listener may hear it, because it is not meant for the focused control.
                event.prevent_default();
                event.stop_propagation();
                if !event.repeat() {
                    on_space();
                }
            }
        }
        // Whatever closes now gives the focus back on behalf of the one who opened it.
        "Escape" => hand.pointing.set(pointed),
        "Shift" | "Control" | "Alt" | "Meta" => {}
        _ => hand.keys(),
    }
}

/// Focuses the stage as a whole without scrolling the page: in a comparison, the stage that was
/// clicked.
fn focus_stage(clicked: &Element) {
    let pane = clicked.closest(".stage-pane").ok().flatten();
    let pane = pane.or_else(|| {
        document()
            .query_selector(".stage-pane.acting")
            .ok()
            .flatten()
    });
    let stage = pane.and_then(|pane| pane.query_selector(".scene-box").ok().flatten());
    if let Some(stage) = stage.and_then(|stage| stage.dyn_into::<HtmlElement>().ok()) {
        let still = FocusOptions::new();
        still.set_prevent_scroll(true);
        let _ = stage.focus_with_options(&still);
    }
}

fn active() -> Option<Element> {
    document().active_element()
}

fn matches(element: &Element, selector: &str) -> bool {
    element.matches(selector).unwrap_or(false)
}

fn inside(element: &Element, selector: &str) -> bool {
    element.closest(selector).ok().flatten().is_some()
}
