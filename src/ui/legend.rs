//! The legend on the stage's edge: the kinds of messages in use so far, each with its shape, letter,
//! colour and name; and how many of each were sent, where that number is the lesson.

use faultline_sim::frame::{Kind, Shape};
use yew::prelude::*;

use crate::layout;
use crate::text;

/// Up to this many messages of a kind are drawn one by one.
const ONE_BY_ONE: u64 = 12;
/// Half the size of a glyph, in the units of its drawing.
const RADIUS: f64 = 10.0;

#[derive(Properties, PartialEq)]
pub struct LegendProps {
    pub protocol: crate::ui::ProtocolRef,
    /// Messages sent so far by kind.
    pub sent: Vec<(&'static str, u64)>,
    /// A crowded stage needs the corner, so the legend begins folded.
    pub folded: bool,
}

/// Empty until the first message is sent, except where messages are counted.
#[component]
pub fn Legend(props: &LegendProps) -> Html {
    let rows = rows(props.protocol.kinds, props.protocol.counted, &props.sent);
    let counts = !props.protocol.counted.is_empty();
    if rows.is_empty() && !counts {
        return Html::default();
    }
    let all: u64 = rows.iter().filter_map(|row| row.count).sum();
    let (label, head) = if counts {
        let all = format!("{all} {}", text::messages(all));
        (text::SENT_SO_FAR, all)
    } else {
        (text::LEGEND, text::LEGEND.to_owned())
    };
    html! {
        <details class={classes!("legend", counts.then_some("counted"))} open={!props.folded}>
            <summary>{ head.clone() }</summary>
            <ul class="tally" aria-label={label}>
                if counts { <li class="tally-all">{ head }</li> }
                { for rows.iter().map(line) }
            </ul>
        </details>
    }
}

/// A kind in use.
struct Row {
    kind: &'static Kind,
    /// How many were sent, where that is the lesson.
    count: Option<u64>,
}

/// The kinds in use so far, in the protocol's order. A kind that is counted is there from the first
/// message of any kind that is.
fn rows(
    kinds: &'static [Kind],
    counted: &'static [&'static str],
    sent: &[(&'static str, u64)],
) -> Vec<Row> {
    let row = |kind: &'static Kind| {
        let (_, count) = sent.iter().find(|(name, _)| *name == kind.name)?;
        (*count > 0).then(|| Row {
            kind,
            count: counted.contains(&kind.name).then_some(*count),
        })
    };
    kinds.iter().filter_map(row).collect()
}

fn line(row: &Row) -> Html {
    let Kind {
        name,
        shape,
        letter,
        says,
    } = *row.kind;
    let squares = row.count.filter(|count| *count <= ONE_BY_ONE).unwrap_or(0);
    html! {
        <li class={kind_class(shape)} title={says}>
            // The style sheet writes the letter, so that it is no part of the row's text.
            <span class="legend-glyph" data-letter={letter} aria-hidden="true">
                <svg viewBox="-12 -12 24 24"><path d={layout::outline(shape, RADIUS)} /></svg>
            </span>
            if let Some(count) = row.count {
                <strong translate="no">{ count }</strong>{ " " }
            }
            <span class="legend-name" translate="no">{ name }</span>
            if squares > 0 {
                <span class="legend-squares" aria-hidden="true">{ for (0..squares).map(|_| html! { <i /> }) }</span>
            }
        </li>
    }
}

/// The class that gives a kind's colour.
fn kind_class(shape: Shape) -> &'static str {
    match shape {
        Shape::Request => "k-request",
        Shape::Data => "k-data",
        Shape::Election => "k-election",
        Shape::Ack => "k-ack",
        Shape::Nack => "k-nack",
        Shape::Announce => "k-announce",
        Shape::Control => "k-control",
        Shape::Heartbeat => "k-heartbeat",
    }
}

#[cfg(test)]
mod tests {
    use faultline_protocols::CATALOGUE;

    use super::*;

    #[test]
    fn only_kinds_in_use_have_a_row_and_only_counted_ones_a_number() {
        let bully = CATALOGUE.find("bully").unwrap().0;
        let sent = [("OK", 3), ("ELECTION", 40), ("LEADER", 0), ("Alive", 2)];
        let rows = rows(bully.kinds, bully.counted, &sent);
        let told: Vec<(&str, Option<u64>)> =
            rows.iter().map(|row| (row.kind.name, row.count)).collect();
        assert!(told.contains(&("ELECTION", Some(40))) && told.contains(&("OK", Some(3))));
        assert!(told.iter().all(|(name, _)| *name != "LEADER"));
        for (name, count) in told {
            assert_eq!(count.is_some(), bully.counted.contains(&name), "{name}");
        }
    }
}
