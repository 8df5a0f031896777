//! How the cluster is drawn.

use faultline_sim::frame::{Figure, NodeFrame, Tone, Word};
use faultline_sim::process::Opinion;
use faultline_sim::settings::Settings;
use faultline_sim::text::and_list;
use faultline_sim::time::LocalTime;

use super::{Member, QueryKind, RETRIES, Role};
use crate::words::nodes;

pub(super) fn draw(member: &Member, settings: &Settings, to: &mut NodeFrame) {
    match member.role {
        Role::Server => draw_server(member, to),
        Role::Client => draw_client(member, to),
    }
    if !member.calls.open.is_empty() {
        to.figures.push(open_requests(member, settings));
    }
    if let Some(text) = &member.last_text {
        let texts = member.texts;
        to.fields([
            ("texts received", texts.to_string()),
            ("latest text", text.clone()),
        ]);
    }
}

fn draw_server(member: &Member, to: &mut NodeFrame) {
    let suspects = and_list(member.suspects());
    let tone = if suspects.is_empty() {
        Tone::Calm
    } else {
        Tone::Suspect
    };
    to.set("server", tone);
    to.layer = 1;
    to.colour = member.colour.map(|colour| colour.word());
    to.inside = Some(match member.colour {
        Some(colour) => Word::of(colour.word()),
        None => Word::of(format_args!("count {}", member.counter)),
    });
    let ids: Vec<_> = member.suspects().collect();
    if !ids.is_empty() {
        to.chips.push(match ids.as_slice() {
            [_] | [_, _] => format!("suspects {}", nodes(&ids).to_lowercase()),
            many => format!("suspects {} nodes", many.len()),
        });
    }
    if let Some(text) = &member.last_text {
        to.chips.push(format!("got \u{201c}{text}\u{201d}"));
    }
    if let Some(colour) = member.colour {
        to.fields([("colour", colour.word().to_owned())]);
    }
    let none = || "none".to_owned();
    to.fields([
        ("counter", member.counter.to_string()),
        ("request ids remembered", member.applied.len().to_string()),
        (
            "suspects",
            if suspects.is_empty() {
                none()
            } else {
                suspects
            },
        ),
    ]);
    let rows = member.detector.heard.iter().map(|(peer, at)| {
        let opinion = match member.detector.unheard.contains(peer) {
            true => member.detector.opinions.get(peer).copied(),
            false => Some(member.detector.opinion(*peer)),
        };
        vec![peer.to_string(), word(opinion).to_owned(), clock(*at)]
    });
    to.figures.push(Figure::Table {
        head: ["peer", "believed to be", "last heard (own clock)"]
            .map(str::to_owned)
            .to_vec(),
        rows: rows.collect(),
    });
}

fn draw_client(member: &Member, to: &mut NodeFrame) {
    to.set("client", Tone::Client);
    if let Some(call) = member.calls.open.values().next() {
        to.inside = Some(Word::of(format_args!("asks node {}", call.query.to.0)));
        let tries = format!("try {}", call.tries);
        to.chips.extend((call.tries > 1).then_some(tries));
    }
    to.label = match member.calls.open.len() {
        0 => "client".to_owned(),
        1 => "client, waiting".to_owned(),
        open => format!("client, {open} open"),
    };
    let given_up = format!("{} given up", member.given_up);
    to.chips.extend((member.given_up > 0).then_some(given_up));
    to.fields([
        ("requests sent", (member.calls.next - 1).to_string()),
        ("answers", member.answered.to_string()),
        ("given up", member.given_up.to_string()),
    ]);
}

fn open_requests(member: &Member, settings: &Settings) -> Figure {
    let rows = member.calls.open.iter().map(|(number, open)| {
        let (what, most) = match &open.query.what {
            QueryKind::Text(text) => (format!("text: {text}"), 1),
            QueryKind::Add(add) => (format!("add {add}"), 1 + settings.count(&RETRIES)),
        };
        let tries = format!("{} of {}", open.tries, most.max(open.tries));
        vec![number.to_string(), open.query.to.to_string(), what, tries]
    });
    Figure::Table {
        head: ["request", "to", "what", "try"].map(str::to_owned).to_vec(),
        rows: rows.collect(),
    }
}

fn word(opinion: Option<Opinion>) -> &'static str {
    match opinion {
        None => "not heard from yet",
        Some(Opinion::Alive) => "alive",
        Some(Opinion::Suspected) => "suspected",
        Some(Opinion::Failed) => "failed",
    }
}

/// A node's own clock, in seconds.
fn clock(at: LocalTime) -> String {
    format!("{:.1} s", at.0 as f64 / 1e6)
}
