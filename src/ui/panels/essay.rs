//! A protocol's essay, fetched when a person opens it, and its subset of Markdown: headings,
//! paragraphs, lists, code, emphasis.

use yew::prelude::*;

use super::super::ProtocolRef;
use crate::browser::fetch_text;
use crate::text;

/// A block of an essay.
#[derive(Debug, PartialEq)]
enum Block<'a> {
    /// Its level from 1 and its text.
    Heading(usize, &'a str),
    Paragraph(String),
    List {
        ordered: bool,
        items: Vec<String>,
    },
    Code(Vec<&'a str>),
}

/// The state of loading.
#[derive(PartialEq)]
enum Reading {
    Closed,
    UnderWay,
    Here(String),
    Failed,
}

#[derive(Properties, PartialEq)]
pub struct EssayProps {
    pub protocol: ProtocolRef,
}

/// An essay that unfolds. Its text is a separate file (xtask/split/src/texts.rs), so that essays do not
/// add to the size of the page.
#[component]
pub fn Essay(props: &EssayProps) -> Html {
    let protocol = props.protocol.0;
    let reading = use_state_eq(|| Reading::Closed);
    let fetch = {
        let reading = reading.clone();
        Callback::from(move |_: MouseEvent| {
            if matches!(*reading, Reading::Here(_) | Reading::UnderWay) {
                return;
            }
            reading.set(Reading::UnderWay);
            let reading = reading.clone();
            let came = Callback::from(move |text: Option<String>| {
                reading.set(text.map_or(Reading::Failed, Reading::Here));
            });
            fetch_text(&format!("texts/{}.md", protocol.id), came);
        })
    };
    // A screen reader announces the status instead of a whole essay.
    let status = match &*reading {
        Reading::Closed | Reading::Here(_) => Html::default(),
        Reading::UnderWay => html! { <p class="quiet">{ text::LOADING }</p> },
        Reading::Failed => html! {
            <p>
                { text::ESSAY_MISSING }{ " " }
                <button type="button" onclick={fetch.clone()}>{ text::TRY_AGAIN }</button>
            </p>
        },
    };
    html! {
        <details class="fold">
            <summary onclick={fetch}>{ format!("Read about {}", protocol.title) }</summary>
            <div role="status">{ status }</div>
            if let Reading::Here(text) = &*reading {
                <div class="essay">{ for blocks(text).iter().map(block) }</div>
            }
            <p class="quiet">{ protocol.reference }</p>
        </details>
    }
}

fn block(block: &Block) -> Html {
    match block {
        Block::Heading(1, _) => Html::default(), // The protocol's title stands above already.
        Block::Heading(_, text) => html! { <h4>{ inline(text) }</h4> },
        Block::Paragraph(text) => html! { <p>{ inline(text) }</p> },
        Block::List { ordered, items } => {
            let items = items.iter().map(|item| html! { <li>{ inline(item) }</li> });
            if *ordered {
                html! { <ol>{ for items }</ol> }
            } else {
                html! { <ul>{ for items }</ul> }
            }
        }
        Block::Code(lines) => html! {
            <pre tabindex="0" role="group" aria-label="Listing"><code>{ lines.join("\n") }</code></pre>
        },
    }
}

/// Splits a text into blocks.
fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut out: Vec<Block> = Vec::new();
    let mut fresh = true;
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let trimmed = line.trim();
        if trimmed.starts_with("```") {
            let code = lines
                .by_ref()
                .take_while(|line| !line.trim().starts_with("```"));
            out.push(Block::Code(code.collect()));
            fresh = true;
        } else if trimmed.is_empty() {
            fresh = true;
        } else if let Some(heading) = heading(trimmed) {
            out.push(heading);
            fresh = true;
        } else if let Some((ordered, item)) = item(trimmed) {
            match out.last_mut() {
                Some(Block::List {
                    ordered: same,
                    items,
                }) if *same == ordered => {
                    items.push(item.to_owned());
                }
                _ => out.push(Block::List {
                    ordered,
                    items: vec![item.to_owned()],
                }),
            }
            fresh = false;
        } else {
            match out.last_mut() {
                Some(Block::Paragraph(before)) if !fresh => {
                    before.push(' ');
                    before.push_str(trimmed);
                }
                // An indented or plain line after an item continues it.
                Some(Block::List { items, .. }) if !fresh => {
                    if let Some(last) = items.last_mut() {
                        last.push(' ');
                        last.push_str(trimmed);
                    }
                }
                _ => out.push(Block::Paragraph(trimmed.to_owned())),
            }
            fresh = false;
        }
    }
    out
}

fn heading(line: &str) -> Option<Block<'_>> {
    let level = line.bytes().take_while(|b| *b == b'#').count();
    let text = line[level..].strip_prefix(' ')?;
    (1..=6)
        .contains(&level)
        .then_some(Block::Heading(level, text.trim()))
}

fn item(line: &str) -> Option<(bool, &str)> {
    if let Some(text) = line.strip_prefix("- ").or(line.strip_prefix("* ")) {
        return Some((false, text));
    }
    let (number, text) = line.split_once(". ")?;
    (!number.is_empty() && number.bytes().all(|b| b.is_ascii_digit())).then_some((true, text))
}

/// A run of text within a line.
#[derive(Debug, PartialEq)]
enum Span<'a> {
    Plain(&'a str),
    Code(&'a str),
    Strong(&'a str),
    Emphasis(&'a str),
    Link(&'a str, &'a str),
}

fn inline(text: &str) -> Html {
    spans(text)
        .into_iter()
        .map(|span| match span {
            Span::Plain(text) => html! { { text } },
            Span::Code(text) => html! { <code>{ text }</code> },
            Span::Strong(text) => html! { <strong>{ text }</strong> },
            Span::Emphasis(text) => html! { <em>{ text }</em> },
            Span::Link(text, to) if to.starts_with("https://") => {
                html! { <a href={to.to_owned()} rel="noopener" target="_blank">{ text }</a> }
            }
            // Links into the source's documentation have no target on the page.
            Span::Link(text, _) => html! { { text.trim_matches('`') } },
        })
        .collect()
}

fn spans(text: &str) -> Vec<Span<'_>> {
    let mut out = Vec::new();
    let mut plain = 0;
    let mut at = 0;
    while at < text.len() {
        let Some((span, len)) = span(&text[at..]) else {
            at += text[at..].chars().next().map_or(1, char::len_utf8);
            continue;
        };
        if plain < at {
            out.push(Span::Plain(&text[plain..at]));
        }
        out.push(span);
        at += len;
        plain = at;
    }
    if plain < text.len() {
        out.push(Span::Plain(&text[plain..]));
    }
    out
}

/// The marked span that starts here, and its length with its marks.
fn span(text: &str) -> Option<(Span<'_>, usize)> {
    let between = |mark: &str| {
        let rest = text.strip_prefix(mark)?;
        let end = rest.find(mark).filter(|end| *end > 0)?;
        let inside = &rest[..end];
        let tight = !inside.starts_with(' ') && !inside.ends_with(' ');
        tight.then_some((inside, end + 2 * mark.len()))
    };
    if let Some((inside, len)) = between("`") {
        return Some((Span::Code(inside), len));
    }
    if let Some((inside, len)) = between("**") {
        return Some((Span::Strong(inside), len));
    }
    if let Some((inside, len)) = between("*") {
        return Some((Span::Emphasis(inside), len));
    }
    let rest = text.strip_prefix('[')?;
    let (name, rest) = rest.split_once(']')?;
    match rest.strip_prefix('(').and_then(|rest| rest.split_once(')')) {
        Some((to, _)) => Some((Span::Link(name, to), name.len() + to.len() + 4)),
        None if name.starts_with('`') => Some((Span::Link(name, ""), name.len() + 2)),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_told_apart() {
        let text = "# Title\n\nOne\ntwo.\n\n- a\n  more\n- b\n\n1. x\n\n```\nlet y;\n```\nend";
        let expected = vec![
            Block::Heading(1, "Title"),
            Block::Paragraph("One two.".into()),
            Block::List {
                ordered: false,
                items: vec!["a more".into(), "b".into()],
            },
            Block::List {
                ordered: true,
                items: vec!["x".into()],
            },
            Block::Code(vec!["let y;"]),
            Block::Paragraph("end".into()),
        ];
        assert_eq!(blocks(text), expected);
    }

    #[test]
    fn marks_within_a_line() {
        let expected = vec![
            Span::Plain("a "),
            Span::Code("b"),
            Span::Plain(", "),
            Span::Strong("c"),
            Span::Plain(" "),
            Span::Emphasis("d"),
            Span::Plain(" 2 * 3 * 4 "),
            Span::Link("e", "https://x.y"),
        ];
        assert_eq!(
            spans("a `b`, **c** *d* 2 * 3 * 4 [e](https://x.y)"),
            expected
        );
    }
}
