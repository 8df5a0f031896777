//! One event: what happened, what it changed at its node, its cause and its effects.

use yew::prelude::*;

use super::clock;
use crate::text::event as words;
use crate::text::records::LogRow;
use crate::views::{Change, EventDetail};

/// The panel's body.
pub fn event(detail: &EventDetail, on_go: &Callback<u64>) -> Html {
    let change = |change: &Change| {
        html! {
            <tr>
                <th scope="row">{ &change.name }</th>
                <td>{ &change.before }</td>
                <td class="became">{ &change.after }</td>
            </tr>
        }
    };
    let table = |changes: &[Change]| {
        html! {
            <table class="changes">
                <thead><tr>
                    <td></td>
                    <th scope="col">{ words::BEFORE }</th><th scope="col">{ words::AFTER }</th>
                </tr></thead>
                <tbody>{ for changes.iter().map(change) }</tbody>
            </table>
        }
    };
    html! {
        <>
            <p class="detail">{ &detail.row.sentence }</p>
            <dl class="facts"><dt>{ words::WHEN }</dt><dd>{ clock(detail.row.time) }</dd></dl>
            if let Some(changes) = &detail.changes {
                <h3>{ words::CHANGED }</h3>
                if changes.is_empty() {
                    <p class="quiet">{ words::UNCHANGED }</p>
                } else {
                    { table(changes) }
                }
            }
            if let Some(cause) = &detail.cause {
                <h3>{ words::CAUSE }</h3>
                { links(std::slice::from_ref(cause), on_go) }
            }
            if !detail.effects.is_empty() {
                <h3>{ words::EFFECTS }</h3>
                { links(&detail.effects, on_go) }
            }
        </>
    }
}

/// A list of events to go to.
pub fn links(rows: &[LogRow], on_go: &Callback<u64>) -> Html {
    let link = |row: &LogRow| {
        let seq = row.seq;
        let go = on_go.reform(move |_: MouseEvent| seq);
        html! {
            <li key={seq.to_string()}>
                <button type="button" class="event-link" onclick={go}>
                    <span class="log-time" translate="no">{ clock(row.time) }</span>
                    <span>{ &row.sentence }</span>
                </button>
            </li>
        }
    };
    html! { <ul class="event-links">{ for rows.iter().map(link) }</ul> }
}
