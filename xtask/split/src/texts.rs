//! Essays and questions: each protocol's `lesson.md` becomes `texts/<id>.html` next to the page, which loads
//! it when a person opens it; all `questions.txt` become one file, loaded once the page is complete. `cargo xtask serve` uses this too.

use std::fs;
use std::io;
use std::path::Path;

use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

/// A listing, which a keyboard can scroll.
const LISTING: &str = r#"<pre tabindex="0" role="group" aria-label="Listing"><code>"#;

/// Makes the essays of all protocols of this checkout in a page's folder. A protocol's id is its
/// folder's name with dashes.
pub fn make(root: &Path, page: &Path) -> io::Result<()> {
    let to = page.join("texts");
    fs::create_dir_all(&to)?;
    let folders = fs::read_dir(root.join("crates/protocols/src"))?;
    let mut folders = folders.collect::<io::Result<Vec<_>>>()?;
    folders.sort_by_key(fs::DirEntry::file_name);
    let mut questions = String::new();
    for protocol in folders {
        let asked = protocol.path().join("questions.txt");
        if asked.exists() {
            let id = protocol.file_name().to_string_lossy().replace('_', "-");
            let text = fs::read_to_string(asked)?;
            questions.push_str(&format!("protocol {id}\n{}\n", text.trim()));
        }
        let essay = protocol.path().join("lesson.md");
        if essay.exists() {
            let id = protocol.file_name().to_string_lossy().replace('_', "-");
            fs::write(
                to.join(format!("{id}.html")),
                essay_html(&fs::read_to_string(essay)?),
            )?;
        }
    }
    fs::write(to.join("questions.txt"), questions)?;
    crate::course::make(root, &to)
}

/// An essay as it stands under the protocol's title on the page.
fn essay_html(markdown: &str) -> String {
    // Names of code in brackets are links for rustdoc only.
    let of_code = |_| Some((CowStr::from(""), CowStr::from("")));
    let parser = Parser::new_with_broken_link_callback(markdown, Options::empty(), Some(of_code));
    let (mut in_title, mut links) = (false, Vec::new());
    let events = parser.filter_map(|event| {
        let event = match event {
            // The title stands above already.
            Event::Start(Tag::Heading {
                level: HeadingLevel::H1,
                ..
            }) => {
                in_title = true;
                return None;
            }
            Event::End(TagEnd::Heading(HeadingLevel::H1)) => {
                in_title = false;
                return None;
            }
            _ if in_title => return None,
            Event::Start(Tag::Heading { .. }) => Event::Html("<h4>".into()),
            Event::End(TagEnd::Heading(_)) => Event::Html("</h4>\n".into()),
            Event::Start(Tag::CodeBlock(_)) => Event::Html(LISTING.into()),
            Event::End(TagEnd::CodeBlock) => Event::Html("</code></pre>\n".into()),
            Event::Start(Tag::Link { dest_url, .. }) => {
                let out = dest_url.starts_with("https://");
                links.push(out);
                if !out {
                    return None;
                }
                let to = dest_url.replace('&', "&amp;").replace('"', "&quot;");
                Event::Html(format!(r#"<a href="{to}" rel="noopener" target="_blank">"#).into())
            }
            Event::End(TagEnd::Link) => {
                if !links.pop()? {
                    return None;
                }
                Event::Html("</a>".into())
            }
            Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
            event => event,
        };
        Some(event)
    });
    let mut out = String::new();
    html::push_html(&mut out, events);
    out
}

#[cfg(test)]
mod tests {
    use super::essay_html;

    #[test]
    fn an_essay_is_a_part_of_the_page() {
        let text = "# Title\n\nOne *e*,\n**s** and `a < b`.\n\n## How\n\n- a\n  more\n- b\n\n1. x\n\n```\nlet y < 1;\n```\n";
        let expected = "<p>One <em>e</em>,\n<strong>s</strong> and <code>a &lt; b</code>.</p>\n<h4>How</h4>\n\
                        <ul>\n<li>a\nmore</li>\n<li>b</li>\n</ul>\n<ol>\n<li>x</li>\n</ol>\n\
                        <pre tabindex=\"0\" role=\"group\" aria-label=\"Listing\"><code>let y &lt; 1;\n</code></pre>\n";
        assert_eq!(essay_html(text), expected);
    }

    #[test]
    fn links_lead_out_and_nothing_else_is_code() {
        let text = "[a](https://x.y/?p&q) and [b](other.md), [`Calls`]; <script>alert(1)</script>";
        let expected = "<p><a href=\"https://x.y/?p&amp;q\" rel=\"noopener\" target=\"_blank\">a</a> and b, \
                        <code>Calls</code>; &lt;script&gt;alert(1)&lt;/script&gt;</p>\n";
        assert_eq!(essay_html(text), expected);
    }
}
