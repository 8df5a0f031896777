//! What clients would be told now: each answer once, with the nodes that would give it.

use faultline_sim::frame::{Answers, at_nodes};
use faultline_sim::process::NodeId;
use yew::prelude::*;

use crate::text::caption as words;
use crate::ui::classes;

/// Nodes of one answer that are drawn one by one; more are counted.
const MOST: usize = 6;

/// The answers in one line. Another answer than the right one has a broken outline and a ≠.
#[inline(never)]
pub fn answers(shown: &Answers) -> Html {
    let chip = |(answer, ids): &(Option<String>, Vec<NodeId>)| {
        let wrong = shown.is_wrong(answer.as_deref());
        let class = classes(&[
            ("answer-now", true),
            ("other", wrong),
            ("refused", answer.is_none()),
        ]);
        html! {
            <span {class}>
                if wrong { <span class="for-readers">{ words::WRONG }</span> }
                <b>{ answer.as_deref().unwrap_or(words::REFUSAL) }</b>
                if ids.len() > MOST {
                    <span class="by">{ at_nodes(ids) }</span>
                } else {
                    <span class="for-readers">{ at_nodes(ids) }</span>
                    <span class="by" aria-hidden="true">
                        { for ids.iter().map(|id| html! { <i>{ id.0 }</i> }) }
                    </span>
                }
            </span>
        }
    };
    html! { <>{ words::reader(&shown.of) }{ for shown.given.iter().map(chip) }</> }
}

/// What the answer should be.
pub fn right(shown: &Answers) -> Option<String> {
    let (label, value) = shown.right.as_ref()?;
    Some(format!("{label}: {value}"))
}
