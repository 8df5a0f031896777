//! Figures in a panel: common ones as drawings, all others as tables.

use faultline_sim::frame::{EntryState, Figure, Half, Halves, LogCell, Table, log_rows};
use yew::prelude::*;

use super::series::Series;
use crate::text::records::spelled;

/// One figure; for a log, with the indexes that contradict other logs.
pub fn figure(figure: &Figure, conflicts: &[u64]) -> Html {
    match figure {
        Figure::Fields(rows) => html! { <dl class="facts">{ for rows.iter().map(fact) }</dl> },
        Figure::Log { commit, .. } => log(figure, conflicts, *commit),
        Figure::Vector { parts, own } => vector(parts, *own),
        Figure::Halves(shown) => halves(shown),
        Figure::Gauge {
            name,
            value,
            max,
            mark,
        } => gauge(name, *value, *max, *mark),
        Figure::Series {
            name,
            points,
            limit,
        } => html! {
            <Series name={name.clone()} points={points.clone()} limit={limit.clone()} />
        },
        Figure::Phases { steps, at } => phases(steps, *at),
        Figure::Text(text) => html! { <p class="detail">{ text }</p> },
        other => table(&other.to_table()),
    }
}

fn fact((name, value): &(String, String)) -> Html {
    html! { <><dt>{ name }</dt><dd>{ spelled(value) }</dd></> }
}

/// Rows and columns.
fn table(table: &Table) -> Html {
    html! {
        <div class="scrolls" tabindex="0" role="group" aria-label="Table">
            <table class="figure-table">
                <thead><tr>{ for table.head.iter().map(|h| html! { <th scope="col">{ h }</th> }) }
                </tr></thead>
                <tbody>{ for table.rows.iter().map(|row| html! {
                    <tr>{ for row.iter().map(|cell| html! { <td>{ cell }</td> }) }</tr>
                }) }</tbody>
            </table>
        </div>
    }
}

/// A replicated log: cells with term and entry. Committed cells have a thick lower edge, others have a
/// hatch, and conflicting or truncated ones are struck through. Each also has its state in words.
fn log(figure: &Figure, conflicts: &[u64], commit: u64) -> Html {
    let rows = log_rows(figure, conflicts);
    if rows.is_empty() {
        return html! { <p class="quiet">{ "The log is empty." }</p> };
    }
    let cell = |(index, cell, state): &(u64, &LogCell, EntryState)| {
        let class = match state {
            EntryState::Applied => "log-committed log-applied",
            EntryState::Committed => "log-committed",
            EntryState::Uncommitted => "log-open",
            EntryState::Conflicting => "log-conflicting",
            EntryState::Truncated => "log-truncated",
        };
        html! {
            <li class={format!("log-cell {class}")}
                title={format!("Entry {index}, term {}, {}: {}", cell.term, state.word(), cell.text)}>
                <span class="log-term">{ cell.term }</span>
                <span class="log-text">{ &cell.text }</span>
                <span class="for-readers">{ format!(" {}", state.word()) }</span>
            </li>
        }
    };
    html! {
        <>
            <ol class="log" aria-label="Log: each entry with its term">
                { for rows.iter().map(cell) }
            </ol>
            <p class="quiet">{ format!("Committed up to entry {commit}.") }</p>
        </>
    }
}

fn vector(parts: &[u64], own: usize) -> Html {
    let part = |(i, count): (usize, &u64)| {
        html! {
            <li class={classes!("vector-part", (i == own).then_some("vector-own"))}>
                <span class="vector-node">{ format!("n{}", i + 1) }</span>
                <span class="vector-count">{ count }</span>
                if i == own { <span class="for-readers">{ " (own)" }</span> }
            </li>
        }
    };
    html! {
        <ol class="vector" aria-label="Vector clock">
            { for parts.iter().enumerate().map(part) }
        </ol>
    }
}

/// A tree of hashes: equal halves are done, others are halved again, and the rest was not looked at.
fn halves(shown: &Halves) -> Html {
    let cell = |(from, count, half): (u32, u32, Option<Half>)| {
        let (class, sign) = match half {
            Some(Half::Equal) => ("half equal", "="),
            Some(Half::Differs) => ("half differs", "\u{2260}"),
            None => ("half", ""),
        };
        let place = format!("grid-column: {} / span {count}", from + 1);
        let title = Halves::said(from, count, half);
        html! {
            <li {class} ~style={place} title={title.clone()}>
                <span aria-hidden="true">{ sign }</span>
                if half.is_some() { <span class="for-readers">{ title }</span> }
            </li>
        }
    };
    let key = |(at, keys): (usize, &String)| {
        html! { <li class="half-keys" ~style={format!("grid-column: {}", at + 1)}>{ keys }</li> }
    };
    let columns = format!(
        "grid-template-columns: repeat({}, minmax(0, 1fr))",
        shown.keys.len()
    );
    html! {
        <ol class="halves" ~style={columns} aria-label="Hashes compared, from the whole to its parts">
            { for shown.cells().into_iter().map(cell) }
            { for shown.keys.iter().enumerate().map(key) }
        </ol>
    }
}

fn gauge(name: &str, value: f64, max: f64, mark: Option<f64>) -> Html {
    let share = |x: f64| {
        if max > 0.0 {
            (x / max * 100.0).clamp(0.0, 100.0)
        } else {
            0.0
        }
    };
    let goal = mark.map_or_else(String::new, |mark| format!(", {mark} needed"));
    html! {
        <div class="gauge">
            <span class="gauge-name">{ format!("{name}: {value} of {max}{goal}") }</span>
            <span class="gauge-bar" aria-hidden="true">
                <span class="gauge-fill" ~style={format!("width: {}%", share(value))}></span>
                if let Some(mark) = mark {
                    <span class="gauge-mark" ~style={format!("left: {}%", share(mark))}></span>
                }
            </span>
        </div>
    }
}

fn phases(steps: &[String], at: usize) -> Html {
    let step = |(i, step): (usize, &String)| {
        let class = match i.cmp(&at) {
            std::cmp::Ordering::Less => "phase-done",
            std::cmp::Ordering::Equal => "phase-now",
            std::cmp::Ordering::Greater => "phase-later",
        };
        html! { <li {class} aria-current={(i == at).then_some("step")}>{ step }</li> }
    };
    html! { <ol class="phases">{ for steps.iter().enumerate().map(step) }</ol> }
}
