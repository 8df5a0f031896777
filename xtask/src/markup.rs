//! Parses the elements of `index.html` with `data-trunk`.
//!
//! Trunk builds the published page from them. `serve` reads the same elements, so the page has one
//! description. An unknown element is an error instead of a silent difference.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::Outcome;

/// One element with `data-trunk`.
#[derive(Debug)]
pub struct Asset {
    /// The place of the element in the page.
    pub span: Range<usize>,
    /// `link` or `script`.
    pub element: String,
    attributes: BTreeMap<String, String>,
}

impl Asset {
    /// The kind of asset of a link.
    pub fn rel(&self) -> &str {
        self.get("rel")
    }

    /// An attribute's value; empty if it is missing.
    pub fn get(&self, name: &str) -> &str {
        self.attributes.get(name).map_or("", String::as_str)
    }

    /// The element's attributes for the browser, as text.
    pub fn visible(&self, without: &[&str]) -> String {
        let keep = |name: &str| !name.starts_with("data-") && !without.contains(&name);
        let kept = self.attributes.iter().filter(|(name, _)| keep(name));
        kept.map(|(name, value)| format!(" {name}=\"{value}\""))
            .collect()
    }
}

/// Every element with `data-trunk`, in the order of the page.
pub fn assets(page: &str) -> Outcome<Vec<Asset>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = page[from..].find('<').map(|offset| from + offset) {
        if page[start..].starts_with("<!--") {
            from = page[start..]
                .find("-->")
                .map_or(page.len(), |end| start + end + 3);
            continue;
        }
        let ((element, attributes), mut end) = tag(page, start)?;
        let opens = !page[start..].starts_with("</");
        if attributes.contains_key("data-trunk") {
            let close = format!("</{element}>");
            if element == "script" && page[end..].trim_start().starts_with(&close) {
                end = page[end..]
                    .find(&close)
                    .map_or(end, |offset| end + offset + close.len());
            }
            found.push(Asset {
                span: start..end,
                element,
                attributes,
            });
        } else if opens && (element == "script" || element == "style") {
            // The content of these is not markup.
            let close = format!("</{element}");
            end = page[end..]
                .find(&close)
                .map_or(page.len(), |offset| end + offset);
        }
        from = end;
    }
    Ok(found)
}

/// The page after `replace` has replaced each asset.
pub fn rewrite(page: &str, mut replace: impl FnMut(&Asset) -> Outcome<String>) -> Outcome<String> {
    let mut result = String::new();
    let mut from = 0;
    for asset in assets(page)? {
        result.push_str(&page[from..asset.span.start]);
        result.push_str(&replace(&asset)?);
        from = asset.span.end;
    }
    result.push_str(&page[from..]);
    Ok(result)
}

type Tag = (String, BTreeMap<String, String>);

/// The tag that starts at `start`: its name, its attributes and its end.
fn tag(page: &str, start: usize) -> Outcome<(Tag, usize)> {
    let broken = || format!("index.html: the tag at byte {start} does not end");
    let name_end = |from: usize| {
        page[from..]
            .find(|c: char| c.is_whitespace() || "=/>".contains(c))
            .map(|n| from + n)
    };
    // A closing tag or a doctype: skips its first character and reads it like any other.
    let first = start + 1 + usize::from(page[start + 1..].starts_with(['/', '!']));
    let mut at = name_end(first).ok_or_else(broken)?;
    let element = page[first..at].to_ascii_lowercase();
    let mut attributes = BTreeMap::new();
    loop {
        at += page[at..]
            .find(|c: char| !c.is_whitespace() && c != '/')
            .ok_or_else(broken)?;
        if page[at..].starts_with('>') {
            return Ok(((element, attributes), at + 1));
        }
        let end = name_end(at).filter(|end| *end > at).ok_or_else(broken)?;
        let name = page[at..end].to_ascii_lowercase();
        at = end;
        let mut value = String::new();
        if let Some(rest) = page[at..].strip_prefix('=') {
            let quote = rest.chars().next().filter(|c| "\"'".contains(*c));
            let (begin, end) = match quote {
                Some(quote) => (at + 2, rest[1..].find(quote).map(|n| at + 2 + n)),
                None => (at + 1, rest.find([' ', '>', '\n']).map(|n| at + 1 + n)),
            };
            let end = end.ok_or_else(broken)?;
            value = page[begin..end].to_string();
            at = end + usize::from(quote.is_some());
        }
        attributes.insert(name, value);
    }
}

#[cfg(test)]
mod tests {
    use super::{assets, rewrite};

    const PAGE: &str = "<!doctype html>\n<!-- <link data-trunk rel=no> -->\
        <script>if (1 < 2) document.write('<link data-trunk>')</script>\
        <link data-trunk rel=\"css\" href='a.css' media=\"print\" /><br/>\
        <script data-trunk src=\"b.js\" defer></script><a href=c>x</a>";

    #[test]
    fn only_marked_elements_are_assets() {
        let found = assets(PAGE).unwrap();
        assert_eq!(found.len(), 2, "{found:?}");
        assert_eq!((found[0].rel(), found[0].get("href")), ("css", "a.css"));
        assert_eq!(found[0].visible(&["href", "rel"]), " media=\"print\"");
        assert_eq!(
            (found[1].element.as_str(), found[1].get("src")),
            ("script", "b.js")
        );
    }

    #[test]
    fn a_rewritten_page_keeps_the_rest() {
        let page = rewrite(PAGE, |asset| Ok(format!("[{}]", asset.element))).unwrap();
        assert!(
            page.contains("-->") && page.contains("[link]<br/>[script]<a href=c>x</a>"),
            "{page}"
        );
    }

    #[test]
    fn a_tag_without_an_end_is_an_error() {
        assert!(assets("<p><link data-trunk rel=\"css").is_err());
    }
}
