//! The meaning of a word of the glossary, beside the word while the pointer is on it, after a tap, or while
//! it has the focus. One element for the whole page: texts only mark their words.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, KeyboardEvent};

use super::{Listener, document, window};

/// A word of the glossary in a text. Its `data-term` is the place in the list.
const WORD: &str = ".term";
/// The element's id, which the word refers to while it is shown.
const ID: &str = "meaning";
/// Room between the word and its meaning, and at the edge of the window, in pixels.
const GAP: f64 = 8.0;

/// Shows meanings as long as it lives.
pub struct Meanings {
    _listeners: Vec<Listener>,
}

struct Shown {
    /// A term and its meaning by place in the list.
    tell: Box<dyn Fn(usize) -> Option<(String, String)>>,
    word: Option<Element>,
    /// A tap or the keyboard opened it: it stays when the pointer leaves.
    stays: bool,
}

impl Meanings {
    pub fn new(tell: impl Fn(usize) -> Option<(String, String)> + 'static) -> Self {
        let shown = Rc::new(RefCell::new(Shown {
            tell: Box::new(tell),
            word: None,
            stays: false,
        }));
        let on = |name, act: fn(&mut Shown, &Event)| {
            let shown = shown.clone();
            Listener::early(&document(), name, move |event| {
                act(&mut shown.borrow_mut(), &event);
            })
        };
        let enter = |shown: &mut Shown, event: &Event| match word_of(event) {
            Some(word) if !shown.is_at(&word) => shown.show(&word, false),
            None if !shown.stays => shown.hide(),
            _ => {}
        };
        let reach = |shown: &mut Shown, event: &Event| match word_of(event) {
            Some(word) => shown.show(&word, true),
            None => shown.hide(),
        };
        let press = |shown: &mut Shown, event: &Event| {
            let key = event.dyn_ref::<KeyboardEvent>().map(KeyboardEvent::key);
            if key.as_deref() == Some("Escape") && shown.word.is_some() {
                shown.hide();
                event.stop_propagation();
            }
        };
        let _listeners = vec![
            on("pointerover", enter),
            on("click", reach),
            on("focusin", |shown, event| {
                if let Some(word) = word_of(event) {
                    shown.show(&word, true);
                }
            }),
            on("focusout", |shown, event| {
                if word_of(event).is_some_and(|word| !word.matches(":hover").unwrap_or(false)) {
                    shown.hide();
                }
            }),
            on("keydown", press),
            on("scroll", |shown, _| shown.hide()),
        ];
        Self { _listeners }
    }
}

fn word_of(event: &Event) -> Option<Element> {
    let element: Element = event.target()?.dyn_into().ok()?;
    element.closest(WORD).ok()?
}

/// The element, made when it is first needed.
fn bubble() -> Option<HtmlElement> {
    let page = document();
    if let Some(there) = page.get_element_by_id(ID) {
        return there.dyn_into().ok();
    }
    let made = page.create_element("div").ok()?;
    made.set_id(ID);
    made.set_class_name("meaning");
    made.set_attribute("role", "tooltip").ok()?;
    page.body()?.append_child(&made).ok()?;
    made.dyn_into().ok()
}

impl Shown {
    fn is_at(&self, word: &Element) -> bool {
        self.word.as_ref() == Some(word)
    }

    fn show(&mut self, word: &Element, stays: bool) {
        if self.is_at(word) {
            self.stays |= stays;
            return;
        }
        self.hide();
        let at = word.get_attribute("data-term");
        let told = at.and_then(|at| (self.tell)(at.parse().ok()?));
        let (Some((term, meaning)), Some(bubble)) = (told, bubble()) else {
            return;
        };
        bubble.set_text_content(None);
        for (tag, text) in [("strong", term), ("span", meaning)] {
            if let Ok(part) = document().create_element(tag) {
                part.set_text_content(Some(&text));
                let _ = bubble.append_child(&part);
            }
        }
        let _ = bubble.remove_attribute("hidden");
        place(&bubble, word);
        let _ = word.set_attribute("aria-describedby", ID);
        self.word = Some(word.clone());
        self.stays = stays;
    }

    fn hide(&mut self) {
        if let Some(word) = self.word.take() {
            let _ = word.remove_attribute("aria-describedby");
            if let Some(bubble) = bubble() {
                let _ = bubble.set_attribute("hidden", "");
            }
        }
    }
}

/// Below the word, or above it where there is no room below.
fn place(bubble: &HtmlElement, word: &Element) {
    let (word, own) = (
        word.get_bounding_client_rect(),
        bubble.get_bounding_client_rect(),
    );
    let size = |value: Result<wasm_bindgen::JsValue, _>| {
        let value = value.ok().and_then(|value| value.as_f64());
        value.unwrap_or_default()
    };
    let (width, height) = (size(window().inner_width()), size(window().inner_height()));
    let left = word.left().min(width - own.width() - GAP).max(GAP);
    let below = word.bottom() + GAP;
    let top = if below + own.height() > height {
        (word.top() - own.height() - GAP).max(GAP)
    } else {
        below
    };
    let style = bubble.style();
    let _ = style.set_property("left", &format!("{left:.0}px"));
    let _ = style.set_property("top", &format!("{top:.0}px"));
}
