//! A browser's translator replaces the page's texts: it puts a `<font>` with its own text in the place of
//! each text node. Yew still holds the old node: what it writes there is never seen, and inserting before
//! it fails, because the node is no longer in the document.
//!
//! So this module puts each of our nodes back, empty, beside the translator's element. When we write into
//! it again, the translation is out of date: its element is removed, our text is seen, and the translator
//! translates that. Figures that change all the time carry `translate="no"`: translators leave them alone.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, WeakMap};
use wasm_bindgen::prelude::*;
use web_sys::{
    Element, HtmlCollection, MutationObserver, MutationObserverInit, MutationRecord, Node,
    NodeList, Text,
};

use super::document;

/// How often a translator may take a text that is empty. One that never tires would keep the page busy for
/// ever.
const PATIENCE: f64 = 3.0;

/// Watches over the texts of an element while it lives.
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
    /// Begins to watch; none where the browser cannot.
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
            // What was just done here is no news.
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

/// Our texts, and what translators have put in their places.
struct Texts {
    /// All elements of translators in the page: mostly none, and nothing is to be done.
    fonts: HtmlCollection,
    seen_any: bool,
    /// From our text to the element that stands for it, and back.
    theirs: WeakMap,
    ours: WeakMap,
    /// What an emptied text said.
    words: WeakMap,
    /// How often in a row an empty text was taken.
    again: WeakMap,
    /// Texts that were taken just now, and whether they stood in the translator's element.
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
        // Elements that have all gone at once are still to be followed.
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

    /// We have written into a text of ours: what stands for it is out of date.
    fn written(&mut self, text: &Text) {
        let Some(font) = self.font_of(text) else {
            return;
        };
        match self.fresh.iter().find(|(fresh, _)| fresh == text) {
            // The translator has written into what was then its own.
            Some((_, true)) => return,
            // We have, between its being taken and its being put back.
            Some((_, false)) => text.set_data(&self.words_of(text)),
            None => {}
        }
        self.release(text, &font);
    }

    /// A text has left its place: a translator took it, or we did.
    fn removed(&mut self, text: &Text, parent: &Node, record: &MutationRecord) {
        let known = self.font_of(text);
        match (self.taker(text, parent, record), known) {
            (Some(font), None) => self.take(text, &font),
            (Some(font), Some(known)) => {
                // An empty text was taken once more.
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
            // Moved, and there again.
            (None, Some(_)) if text.parent_node().as_ref() == Some(parent) => {}
            (None, Some(known)) => self.release(text, &known),
            (None, None) => {}
        }
    }

    /// The translator has taken its element away, as where the original is to be shown: our text is there
    /// for it.
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

    /// The translator's element that has taken a text's place, if one has.
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

    /// Puts a text back to where it stood, empty, before the element that stands for it now.
    fn take(&mut self, text: &Text, font: &Element) {
        let Some(place) = font.parent_node() else {
            return;
        };
        let words = text.data();
        let inside = font.contains(Some(text));
        if inside {
            // The translator has put our own node into its element, and writes into it there.
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

    /// A text shows itself again, or has gone: nothing stands for it any more.
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
