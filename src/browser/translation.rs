//! A browser's translator replaces the page's texts: it puts a `<font>` with its own text in place of
//! each text node. Yew still holds the old node, so writing to it has no visible effect, and inserting
//! before it fails because the node is no longer in the document.
//!
//! So this module puts each of our nodes back, empty, beside the translator's element. When we write to
//! it again, the translation is out of date: the translator's element is removed, our text is visible,
//! and the translator translates that. Figures that change all the time have `translate="no"`, so
//! translators ignore them.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, WeakMap};
use wasm_bindgen::prelude::*;
use web_sys::{
    Element, HtmlCollection, MutationObserver, MutationObserverInit, MutationRecord, Node,
    NodeList, Text,
};

use super::document;

/// How often a translator may take an empty text. Without a limit, a persistent one would keep the page
/// busy forever.
const PATIENCE: f64 = 3.0;

/// Watches the texts of an element as long as this value lives.
pub struct Translation {
    observer: MutationObserver,
    _seen: Closure<dyn FnMut(Array)>,
}

impl Drop for Translation {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

impl Translation {
    /// Starts watching; none if the browser cannot.
    pub fn watch(root: &Element) -> Option<Self> {
        let mut texts = Texts::new();
        let observer = Rc::new(RefCell::new(None::<MutationObserver>));
        let own = observer.clone();
        let seen = Closure::<dyn FnMut(Array)>::new(move |records: Array| {
            if !texts.are_translated() {
                return;
            }
            let records = records.iter().map(JsCast::unchecked_into);
            texts.follow(records.collect());
            // Ignores our own changes.
            if let Some(observer) = own.borrow().as_ref() {
                observer.take_records();
            }
        });
        let made = MutationObserver::new(seen.as_ref().unchecked_ref()).ok()?;
        let what = MutationObserverInit::new();
        what.set_child_list(true);
        what.set_character_data(true);
        what.set_subtree(true);
        made.observe_with_options(root, &what).ok()?;
        observer.replace(Some(made.clone()));
        Some(Self {
            observer: made,
            _seen: seen,
        })
    }
}

/// Our texts and their replacements.
struct Texts {
    /// All translator elements in the page: usually none, and then nothing needs doing.
    fonts: HtmlCollection,
    seen_any: bool,
    /// From our text to its replacement, and back.
    theirs: WeakMap,
    ours: WeakMap,
    /// The content of an emptied text.
    words: WeakMap,
    /// How often in a row an empty text was taken.
    again: WeakMap,
    /// Texts that were just taken, and whether they were in the translator's element.
    fresh: Vec<(Text, bool)>,
}

impl Texts {
    fn new() -> Self {
        Self {
            fonts: document().get_elements_by_tag_name("font"),
            seen_any: false,
            theirs: WeakMap::new(),
            ours: WeakMap::new(),
            words: WeakMap::new(),
            again: WeakMap::new(),
            fresh: Vec::new(),
        }
    }

    fn are_translated(&mut self) -> bool {
        // Elements that disappear together must still be handled.
        self.seen_any |= self.fonts.length() > 0;
        self.seen_any
    }

    fn follow(&mut self, records: Vec<MutationRecord>) {
        self.fresh.clear();
        for record in records {
            let Some(target) = record.target() else {
                continue;
            };
            if let Some(text) = target.dyn_ref::<Text>() {
                self.written(text);
                continue;
            }
            for removed in nodes(&record.removed_nodes()) {
                if let Some(text) = removed.dyn_ref::<Text>() {
                    self.removed(text, &target, &record);
                } else if is_font(&removed) && self.ours.has(&removed) {
                    self.given_back(&removed, &record);
                }
            }
        }
    }

    /// We have written to one of our texts, so its replacement is out of date.
    fn written(&mut self, text: &Text) {
        let Some(font) = self.font_of(text) else {
            return;
        };
        match self.fresh.iter().find(|(fresh, _)| fresh == text) {
            // The translator has written to its own text.
            Some((_, true)) => return,
            // We wrote to it between the taking and the putting back.
            Some((_, false)) => text.set_data(&self.words_of(text)),
            None => {}
        }
        self.release(text, &font);
    }

    /// A text has left its place: a translator or our code removed it.
    fn removed(&mut self, text: &Text, parent: &Node, record: &MutationRecord) {
        let known = self.font_of(text);
        match (self.taker(text, parent, record), known) {
            (Some(font), None) => self.take(text, &font),
            (Some(font), Some(known)) => {
                // An empty text was taken again.
                let times = self.again.get(text).as_f64().unwrap_or_default() + 1.0;
                self.again.set(text, &times.into());
                if times <= PATIENCE
                    && let Some(place) = known.parent_node()
                {
                    let _ = place.insert_before(text, Some(&known));
                    text.set_data("");
                    font.remove();
                }
            }
            // It was moved and is back.
            (None, Some(_)) if text.parent_node().as_ref() == Some(parent) => {}
            (None, Some(known)) => self.release(text, &known),
            (None, None) => {}
        }
    }

    /// The translator has removed its element, for example to show the original, so our text returns.
    fn given_back(&mut self, font: &Node, record: &MutationRecord) {
        let Ok(text) = self.ours.get(font).dyn_into::<Text>() else {
            return;
        };
        let words = self.words_of(&text);
        if font.is_connected() || !text.is_connected() {
            return;
        }
        for added in nodes(&record.added_nodes()) {
            if let Some(copy) = added.dyn_ref::<Text>()
                && *copy != text
            {
                copy.remove();
            }
        }
        if text.data().is_empty() {
            text.set_data(&words);
        }
        self.release(&text, font.unchecked_ref());
    }

    /// The translator's element in place of a text, if there is one.
    fn taker(&self, text: &Text, parent: &Node, record: &MutationRecord) -> Option<Element> {
        let new = |node: &Node| {
            let font = is_font(node) && !self.ours.has(node);
            font.then(|| node.clone().unchecked_into::<Element>())
        };
        let outwards = |inner: &Node| inner.parent_node();
        let around = std::iter::successors(outwards(text), outwards);
        let within = around
            .filter(is_font)
            .filter(|font| font.parent_node().as_ref() == Some(parent));
        let within = within.last().and_then(|font| new(&font));
        let added = nodes(&record.added_nodes());
        within
            .or_else(|| added.iter().find_map(new))
            .or_else(|| record.previous_sibling().as_ref().and_then(new))
            .or_else(|| record.next_sibling().as_ref().and_then(new))
    }

    /// Puts a text back in its place, empty, before its replacement.
    fn take(&mut self, text: &Text, font: &Element) {
        let Some(place) = font.parent_node() else {
            return;
        };
        let words = text.data();
        let inside = font.contains(Some(text));
        if inside {
            // The translator has moved our own node into its element and writes there.
            let copy = document().create_text_node(&words);
            if let Some(inside) = text.parent_node() {
                let _ = inside.replace_child(&copy, text);
            }
        }
        if place.insert_before(text, Some(font)).is_err() {
            return;
        }
        text.set_data("");
        self.theirs.set(text, font);
        self.ours.set(font, text);
        self.words.set(text, &words.into());
        self.fresh.push((text.clone(), inside));
    }

    /// A text is visible again or gone, so it has no replacement any more.
    fn release(&mut self, text: &Text, font: &Element) {
        font.remove();
        self.theirs.delete(text);
        self.ours.delete(font);
        self.words.delete(text);
        self.again.delete(text);
    }

    fn font_of(&self, text: &Text) -> Option<Element> {
        self.theirs.get(text).dyn_into().ok()
    }

    fn words_of(&self, text: &Text) -> String {
        self.words.get(text).as_string().unwrap_or_default()
    }
}

fn nodes(list: &NodeList) -> Vec<Node> {
    (0..list.length()).filter_map(|i| list.get(i)).collect()
}

fn is_font(node: &Node) -> bool {
    node.node_name().eq_ignore_ascii_case("font")
}
