//! Words of the glossary in the texts of the page: marked here, explained by `browser::Meanings`.

use std::cell::RefCell;
use std::rc::Rc;

use faultline_sim::glossary::{Glossary, Mark};
use faultline_sim::sorted::SortedMap;
use yew::prelude::*;

/// Texts whose words are known by heart: the same few are drawn again and again.
const MOST_KNOWN: usize = 400;

thread_local! {
    static GLOSSARY: RefCell<Rc<Glossary>> = RefCell::default();
    static KNOWN: RefCell<SortedMap<String, Rc<Vec<Mark>>>> = RefCell::default();
}

fn marks(text: &str) -> Rc<Vec<Mark>> {
    KNOWN.with(|known| {
        let mut known = known.borrow_mut();
        if let Some(marks) = known.get(text) {
            return marks.clone();
        }
        if known.len() >= MOST_KNOWN {
            known.clear();
        }
        let marks = Rc::new(glossary().marks(text));
        known.insert(text.to_owned(), marks.clone());
        marks
    })
}

/// The glossary is here: texts that are drawn from now on are marked.
pub fn learn(glossary: Glossary) {
    GLOSSARY.with(|own| own.replace(Rc::new(glossary)));
    KNOWN.with(|known| known.borrow_mut().clear());
}

/// The glossary; empty until it has loaded.
#[must_use]
pub fn glossary() -> Rc<Glossary> {
    GLOSSARY.with(|own| own.borrow().clone())
}

/// A term and its meaning, by its place in the list.
#[must_use]
pub fn meaning(at: usize) -> Option<(String, String)> {
    let glossary = glossary();
    let term = glossary.terms.get(at)?;
    Some((crate::text::capital(&term.term), term.means.clone()))
}

/// The same for a part of a page, as the build makes it from Markdown: each word once, and none in
/// headings, links and code.
#[must_use]
pub fn marked_page(page: &str) -> String {
    let glossary = glossary();
    let mut known = Vec::new();
    let (mut out, mut rest, mut closed) = (String::with_capacity(page.len()), page, "");
    while !rest.is_empty() {
        let at = rest.find('<').unwrap_or(rest.len());
        let (text, tagged) = rest.split_at(at);
        if closed.is_empty() {
            out += &with_marks(&glossary, text, &mut known);
        } else {
            out += text;
        }
        let end = tagged.find('>').map_or(tagged.len(), |end| end + 1);
        let (tag, behind) = tagged.split_at(end);
        let name = tag.trim_start_matches(['<', '/']).split([' ', '>']).next();
        let name = name.unwrap_or_default();
        if tag.starts_with("</") && name == closed {
            closed = "";
        } else if closed.is_empty() && matches!(name, "h4" | "a" | "code") && !tag.starts_with("</")
        {
            closed = name;
        }
        out += tag;
        rest = behind;
    }
    out
}

fn with_marks(glossary: &Glossary, text: &str, known: &mut Vec<usize>) -> String {
    let (mut out, mut at) = (String::new(), 0);
    for mark in glossary.marks(text) {
        if known.contains(&mark.term) {
            continue;
        }
        known.push(mark.term);
        out += &text[at..mark.range.start];
        out += &format!(
            "<span class=\"term\" role=\"button\" tabindex=\"0\" data-term=\"{}\">{}</span>",
            mark.term,
            &text[mark.range.clone()]
        );
        at = mark.range.end;
    }
    out + &text[at..]
}

/// A text in which each word of the glossary can be asked for its meaning, once.
pub fn marked(text: &str) -> Html {
    let marks = marks(text);
    let mut at = 0;
    let mut parts: Vec<Html> = Vec::new();
    for mark in marks.iter() {
        let word = text[mark.range.clone()].to_owned();
        parts.push(html! { { text[at..mark.range.start].to_owned() } });
        parts.push(html! {
            // Not a button: that would not break with the line and its punctuation.
            <span class="term" role="button" tabindex="0" data-term={mark.term.to_string()}>{ word }</span>
        });
        at = mark.range.end;
    }
    parts.push(html! { { text[at..].to_owned() } });
    html! { <>{ for parts }</> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_marked_outside_of_links_headings_and_code() {
        learn(Glossary::read("term leader\nmeans One node.\n").unwrap());
        let page = "<h4>The leader</h4><p><a href=\"x\">leader</a> a leader, a leader, <code>leader</code></p>";
        let marked = marked_page(page);
        assert_eq!(marked.matches("class=\"term\"").count(), 1);
        assert!(marked.contains("</a> a <span class=\"term\" role=\"button\" tabindex=\"0\" data-term=\"0\">leader</span>, a leader"));
        learn(Glossary::default());
        assert_eq!(marked_page(page), page);
    }
}
