//! Words and numbers of a diagram, as many as fit.

use std::fmt::Write;

use faultline_sim::process::NodeId;

use crate::index::Index;
use crate::shape::{Shape, TextRole};
use crate::view::{Axis, Stamps, View};

/// The average width of a letter in pixels.
const LETTER: f64 = 7.6;
/// The smallest distance of two axis marks in pixels.
const TICK_GAP: f64 = 96.0;
/// The most letters of a command.
pub(crate) const COMMAND: usize = 30;
/// Longer vectors are not written beside events.
const MOST_COMPONENTS: usize = 12;

/// An event with room for a timestamp.
pub(crate) struct Labelled {
    pub seq: u64,
    pub at: (f64, f64),
}

/// The approximate width of a text.
pub(crate) fn width(text: &str, view: &View) -> f64 {
    text.chars().count() as f64 * LETTER * view.scale
}

/// A text shortened to this many letters.
pub(crate) fn shortened(text: &str, letters: usize) -> String {
    if text.chars().count() <= letters {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(letters - 1).collect();
    short.push('…');
    short
}

/// Marks of the axis at round numbers.
pub(crate) fn ticks(view: &View, out: &mut Vec<Shape>) {
    let least = view.per_pixel() * TICK_GAP * view.scale;
    let step = round_above(least);
    let step = if view.axis == Axis::Order {
        step.max(1.0)
    } else {
        step
    };
    // Adding zero makes a zero of minus zero.
    let mut at = (view.from / step).ceil().max(0.0) * step + 0.0;
    while at <= view.to {
        let x = view.x(at);
        if x > view.right() + 0.5 {
            break;
        }
        out.push(Shape::Tick {
            x,
            y: (view.top(), view.bottom()),
        });
        out.push(Shape::Text {
            at: (x, view.height - 7.0 * view.scale),
            text: tick_text(view.axis, at, step),
            role: TextRole::Tick,
            centred: true,
        });
        at += step;
    }
}

/// 1, 2 or 5 times a power of ten.
fn round_above(least: f64) -> f64 {
    let mut power = 1.0;
    while power * 10.0 <= least {
        power *= 10.0;
    }
    while power > least && power > 1e-3 {
        power /= 10.0;
    }
    let by = [1.0, 2.0, 5.0, 10.0].into_iter().map(|by| by * power);
    by.into_iter()
        .find(|step| *step >= least)
        .unwrap_or(power * 10.0)
}

fn tick_text(axis: Axis, at: f64, step: f64) -> String {
    if axis == Axis::Order {
        return format!("#{}", at as u64);
    }
    if step < 1_000.0 {
        return format!("{:.2} ms", at / 1e3);
    }
    let digits = match step {
        s if s >= 1e6 => 0,
        s if s >= 1e5 => 1,
        s if s >= 1e4 => 2,
        _ => 3,
    };
    format!("{:.*} s", digits, at / 1e6)
}

/// Timestamps of events from left to right, where they fit.
pub(crate) fn stamps(
    index: &Index,
    view: &View,
    pitch: f64,
    mut events: Vec<Labelled>,
    out: &mut Vec<Shape>,
) {
    let vectors = matches!(view.stamps, Stamps::Vector | Stamps::Quiet | Stamps::Both);
    let wide = vectors && index.nodes() > MOST_COMPONENTS;
    if view.stamps == Stamps::None || wide || pitch < 24.0 * view.scale {
        return;
    }
    // Columns are finished lane by lane, so they are not in order of time.
    faultline_sim::sorted::sort_by_key(&mut events, |event| event.seq);
    let mut running = None;
    let mut free: Vec<(f64, f64)> = Vec::new();
    for event in events {
        let (x, y) = event.at;
        let row = match free.iter().position(|(own, _)| *own == y) {
            Some(row) => row,
            None => {
                free.push((y, f64::MIN));
                free.len() - 1
            }
        };
        // Above the sign of an event, if it has one and there is room.
        let sign = index
            .entry(event.seq)
            .is_some_and(|entry| !entry.what.letter().is_empty());
        if sign && pitch < 44.0 * view.scale {
            continue;
        }
        let above = if sign { 24.0 } else { 9.0 };
        // Every text is at least one digit wide, so most events of a crowd are skipped without
        // computing theirs.
        if x - LETTER * view.scale < free[row].1 || x > view.right() + 2.0 {
            continue;
        }
        let text = stamp(index, view, event.seq, &mut running);
        let half = width(&text, view) / 2.0;
        let beyond = x - half < 2.0 || x + half > view.width - 2.0;
        if x - half < free[row].1 || beyond {
            continue;
        }
        free[row].1 = x + half + 5.0;
        out.push(Shape::Text {
            at: (x, y - above * view.scale),
            text,
            role: TextRole::Stamp,
            centred: true,
        });
    }
}

/// The timestamp of a record in the chosen form; empty for none.
#[must_use]
pub fn stamp_of(index: &Index, view: &View, seq: u64) -> String {
    let at_node = index.entry(seq).is_some_and(|entry| entry.node > 0);
    if at_node {
        stamp(index, view, seq, &mut None)
    } else {
        String::new()
    }
}

/// A vector as text; `[?]` if it depends on forgotten records.
fn text_of(vector: Option<Vec<u32>>) -> String {
    vector.map_or_else(|| "[?]".to_owned(), |vector| vector_text(&vector))
}

/// Vectors while walking through the records.
type Running = Option<(usize, crate::vectors::Vectors)>;

fn stamp(index: &Index, view: &View, seq: u64, running: &mut Running) -> String {
    let Some(entry) = index.entry(seq) else {
        return String::new();
    };
    let node = NodeId(entry.node);
    match view.stamps {
        Stamps::None => String::new(),
        Stamps::Lamport => entry.lamport.to_string(),
        Stamps::Physical => clock_text(index.clock(node, seq).0),
        Stamps::Vector => text_of(vector(index, seq, running)),
        Stamps::Quiet => {
            let vector = vector(index, seq, running);
            text_of(vector.map(|vector| index.without_sends(&vector)))
        }
        Stamps::Both => {
            let vector = text_of(vector(index, seq, running));
            format!("{} {vector}", entry.lamport)
        }
    }
}

/// The vector of a record, continued from the last one if that is near.
fn vector(index: &Index, seq: u64, running: &mut Running) -> Option<Vec<u32>> {
    let to = seq as usize;
    let near = index.mark_before(to).map_or(0, |mark| mark.len);
    let (at, vectors) = match running {
        Some((at, vectors)) if *at <= to && *at >= near => (at, vectors),
        _ => {
            let (at, vectors) = running.insert((to, index.vectors_after(to)));
            (at, vectors)
        }
    };
    while *at < to {
        index.apply_to(vectors, *at);
        *at += 1;
    }
    let node = index.entries[to - 1].node;
    match vectors.of(NodeId(node)) {
        Some(own) => {
            let mut own = own.to_vec();
            own.resize(index.nodes(), 0);
            Some(own)
        }
        None => index.vector(seq),
    }
}

/// `[2,0,1]`.
#[must_use]
pub(crate) fn vector_text(vector: &[u32]) -> String {
    let mut text = String::from("[");
    for (at, own) in vector.iter().enumerate() {
        let _ = write!(text, "{}{own}", if at > 0 { "," } else { "" });
    }
    text.push(']');
    text
}

/// A node's own clock, in seconds.
fn clock_text(shown: i64) -> String {
    format!("{:.3} s", shown as f64 / 1e6)
}
