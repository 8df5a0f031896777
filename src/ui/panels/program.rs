//! The program beside the run: the line at work, what its variables hold, and what the rules that are
//! on have changed. It knows nothing of the program's language.

use faultline_sim::process::NodeId;
use faultline_sim::program::{Change, Line};
use web_sys::HtmlElement;
use yew::prelude::*;

use crate::text::program as words;
use crate::ui::{Act, classes};

/// What there is to show of a program.
#[derive(Clone, Debug, PartialEq)]
pub struct ProgramView {
    pub lines: Vec<Line>,
    /// The line at work, by its place in the list, and at which node.
    pub at: Option<(usize, NodeId)>,
    /// What the variables of that node hold; of the selected one where no line is at work.
    pub values: Vec<(&'static str, String)>,
    /// Whose they are.
    pub of: Option<NodeId>,
    /// To be copied and run.
    pub code: String,
}

#[derive(Properties, PartialEq)]
pub struct ProgramPanelProps {
    pub program: ProgramView,
    pub on_act: Callback<Act>,
}

#[component]
pub fn ProgramPanel(props: &ProgramPanelProps) -> Html {
    let ProgramView {
        lines,
        at,
        values,
        of,
        code,
    } = &props.program;
    let listing = use_node_ref();
    let current = at.map(|(line, _)| line);
    {
        // Only when another line is at work, or a rule has changed some: whoever reads elsewhere
        // meanwhile is left alone.
        let listing = listing.clone();
        let changed = lines.iter().filter(|line| line.change != Change::None);
        use_effect_with((current, changed.count()), move |_| show_current(&listing));
    }
    let copy = {
        let code = code.clone();
        props
            .on_act
            .reform(move |_: MouseEvent| Act::Copy(code.clone()))
    };
    let mut number = 0;
    let shown = lines.iter().enumerate().map(|(i, line)| {
        number += u32::from(line.change != Change::Removed);
        row(line, number, current == Some(i))
    });
    html! {
        <section class="sheet program" aria-labelledby="program-title">
            <div class="sheet-head">
                <h2 id="program-title">{ words::TITLE }</h2>
                <button type="button" class="act" onclick={copy}>{ words::COPY }</button>
            </div>
            if let Some(node) = of {
                <h3>{ words::values_at(*node) }</h3>
                <dl class="facts numbers code-values">
                    { for values.iter().map(|(name, value)| html! {
                        <><dt><code>{ *name }</code></dt><dd><code>{ value }</code></dd></>
                    }) }
                </dl>
            }
            <div class="listing" ref={listing} tabindex="0" role="group" aria-label={words::LISTING}>
                <ol class="code">{ for shown }</ol>
            </div>
            <p class="quiet">{ words::ABOUT }</p>
        </section>
    }
}

/// A line with its number; one that a rule has taken out has none.
fn row(line: &Line, number: u32, current: bool) -> Html {
    let (sign, told) = match line.change {
        Change::None => ("", None),
        Change::Added => ("+", Some(words::ADDED)),
        Change::Removed => ("\u{2212}", Some(words::REMOVED)),
    };
    let class = classes(&[
        ("at-work", current),
        ("added", line.change == Change::Added),
        ("removed", line.change == Change::Removed),
    ]);
    let number = (line.change != Change::Removed).then(|| number.to_string());
    html! {
        <li {class} aria-current={current.then_some("step")}>
            <span class="code-number" aria-hidden="true">{ for number }</span>
            <span class="code-sign" aria-hidden="true">{ if current { "\u{25b6}" } else { sign } }</span>
            if let Some(told) = told { <span class="for-readers">{ told }</span> }
            <code>{ &line.text }</code>
        </li>
    }
}

/// Scrolls within the listing, and never the page, until the line at work can be seen; where none is,
/// what a rule has changed.
fn show_current(listing: &NodeRef) {
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
    if inner.top() < outer.top() || inner.bottom() > outer.bottom() {
        let middle = inner.top() - outer.top() - outer.height() / 2.0;
        listing.set_scroll_top(listing.scroll_top() + middle as i32);
    }
}
