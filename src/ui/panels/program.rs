//! The program beside the run: the current line, the values of its variables, and the lines that rules
//! have changed. It knows nothing of the program's language.

use faultline_protocols::CATALOGUE;
use faultline_sim::descriptor::Protocol;
use faultline_sim::program::{Change, Line, Side, code, differ};
use faultline_sim::settings::Settings;
use web_sys::HtmlElement;
use yew::prelude::*;

use super::controls::value_of;
use super::pasted::Pasted;

use crate::text::program as words;
use crate::ui::act::ShareAct;
use crate::ui::{Act, ProtocolRef, classes};
use crate::views::ProgramView;

#[derive(Properties, PartialEq)]
pub struct ProgramPanelProps {
    pub program: ProgramView,
    /// The protocol of the program.
    pub protocol: ProtocolRef,
    pub on_act: Callback<Act>,
}

#[component]
pub fn ProgramPanel(props: &ProgramPanelProps) -> Html {
    let ProgramView {
        lines,
        at,
        values,
        of,
        left_out,
    } = &props.program;
    let listing = use_node_ref();
    // The line to which the listing last scrolled.
    let shown_at = use_mut_ref(|| 0);
    let current = at.map(|(line, _)| line);
    {
        // Scrolls only if another line is current or a rule has changed lines, so that a person can
        // read elsewhere.
        let (listing, shown_at) = (listing.clone(), shown_at.clone());
        let changed = lines.iter().filter(|line| line.change != Change::None);
        use_effect_with((current, changed.count()), move |_| {
            show_current(&listing, &mut shown_at.borrow_mut());
        });
    }
    let copy = {
        let lines = lines.clone();
        props
            .on_act
            .reform(move |_: MouseEvent| Act::Share(ShareAct::Copy(code(&lines))))
    };
    // The program to compare with.
    let other = use_state(|| None::<&'static str>);
    let others: Vec<&'static Protocol> = (CATALOGUE.0.iter().copied())
        .filter(|one| one.program.is_some() && one.id != props.protocol.0.id)
        .collect();
    let beside = others.iter().find(|one| Some(one.id) == *other);
    let theirs = beside.map(|one| as_written(one));
    let rows = match &theirs {
        None => lines
            .iter()
            .enumerate()
            .map(|(i, line)| Row::of(line, i))
            .collect(),
        Some(theirs) => compared(lines, theirs),
    };
    let differing = rows.iter().filter(|row| row.change != Change::None).count();
    let mut number = 0;
    let shown = rows.iter().map(|row| {
        number += u32::from(row.at.is_some());
        html_of(
            row,
            number,
            current.is_some() && row.at == current,
            theirs.is_some(),
        )
    });
    let choose = {
        let (other, others) = (other.clone(), others.clone());
        Callback::from(move |event: Event| {
            let wanted = value_of(&event);
            other.set(others.iter().find(|one| one.id == wanted).map(|one| one.id));
        })
    };
    html! {
        <section class="sheet program" aria-labelledby="program-title">
            <div class="sheet-head">
                <h2 id="program-title">{ words::TITLE }</h2>
                <button type="button" class="act" onclick={copy}>{ words::COPY }</button>
            </div>
            if let Some(node) = of {
                <h3>{ words::values_at(*node) }</h3>
                <dl class="facts code-values">
                    { for values.iter().map(|(name, value)| html! {
                        <><dt><code>{ *name }</code></dt><dd><code>{ value }</code></dd></>
                    }) }
                </dl>
            }
            <div class="listing" ref={listing} tabindex="0" role="group" aria-label={words::LISTING}>
                <ol class="code">{ for shown }</ol>
            </div>
            if !left_out.is_empty() {
                <p class="left-out">{ words::left_out(left_out) }</p>
            }
            <label class="beside-code">
                <span>{ words::BESIDE }</span>
                <select onchange={choose}>
                    <option value="" selected={beside.is_none()}>{ words::NO_OTHER }</option>
                    { for others.iter().map(|one| html! {
                        <option value={one.id} selected={*other == Some(one.id)}>{ one.title }</option>
                    }) }
                </select>
            </label>
            if let Some(one) = beside {
                <p role="status" data-differing={differing.to_string()}>
                    { words::lines_differ(differing, one.title) }
                </p>
            }
            <Pasted lines={lines.clone()} />
            <p class="quiet">{ words::ABOUT }</p>
        </section>
    }
}

/// A line of the listing.
struct Row<'a> {
    text: &'a str,
    change: Change,
    /// Its position in this program, if it is part of it.
    at: Option<usize>,
}

impl<'a> Row<'a> {
    fn of(line: &'a Line, at: usize) -> Self {
        Self {
            text: &line.text,
            change: line.change,
            at: (line.change != Change::Removed).then_some(at),
        }
    }
}

/// Another protocol's program with all rules at their defaults.
fn as_written(protocol: &Protocol) -> Vec<Line> {
    let settings = Settings::new(protocol.params, protocol.switches);
    let program = protocol.program.map(|program| program.lines(&settings));
    program.unwrap_or_default()
}

/// Both programs in one list: lines only in this one count as added, lines only in the other as
/// removed.
fn compared<'a>(mine: &'a [Line], theirs: &'a [Line]) -> Vec<Row<'a>> {
    let row = |side: Side| match side {
        Side::Both(at) => (mine[at].text.as_str(), Change::None, Some(at)),
        Side::Mine(at) => (mine[at].text.as_str(), Change::Added, Some(at)),
        Side::Theirs(at) => (theirs[at].text.as_str(), Change::Removed, None),
    };
    let rows = differ(mine, theirs).into_iter().map(row);
    rows.map(|(text, change, at)| Row { text, change, at })
        .collect()
}

/// A line with its number; a line of the other program has none.
fn html_of(row: &Row, number: u32, current: bool, comparing: bool) -> Html {
    let (sign, told) = match (row.change, comparing) {
        (Change::None, _) => ("", None),
        (Change::Added, false) => ("+", Some(words::ADDED)),
        (Change::Removed, false) => ("\u{2212}", Some(words::REMOVED)),
        (Change::Added, true) => ("+", Some(words::ONLY_HERE)),
        (Change::Removed, true) => ("\u{2212}", Some(words::ONLY_THERE)),
    };
    let class = classes(&[
        ("at-work", current),
        ("added", row.change == Change::Added),
        ("removed", row.change == Change::Removed),
    ]);
    let number = row.at.map(|_| number.to_string());
    html! {
        <li {class} aria-current={current.then_some("step")}>
            <span class="code-number" aria-hidden="true">{ for number }</span>
            <span class="code-sign" aria-hidden="true">{ if current { "\u{25b6}" } else { sign } }</span>
            if let Some(told) = told { <span class="for-readers">{ told }</span> }
            <code>{ row.text }</code>
        </li>
    }
}

/// Scrolls the listing, never the page, until the current line is visible; without one, to the changes
/// of a rule. If the person has scrolled away, it stays until the current line is visible again.
fn show_current(listing: &NodeRef, shown_at: &mut i32) {
    let Some(listing) = listing.cast::<HtmlElement>() else {
        return;
    };
    let first = |of: &str| listing.query_selector(of).ok().flatten();
    let Some(line) = first(".at-work").or_else(|| first(".removed, .added")) else {
        return;
    };
    let (outer, inner) = (
        listing.get_bounding_client_rect(),
        line.get_bounding_client_rect(),
    );
    let here = listing.scroll_top();
    let seen = inner.top() >= outer.top() && inner.bottom() <= outer.bottom();
    if seen {
        *shown_at = here;
    } else if here == *shown_at {
        let middle = inner.top() - outer.top() - outer.height() / 2.0;
        listing.set_scroll_top(here + middle as i32);
        *shown_at = listing.scroll_top();
    }
}
