//! What the nodes show: their clocks, and what the latest exchange said.

use faultline_sim::frame::{Figure, NodeFrame, Tone, Word};
use faultline_sim::settings::Settings;

use super::client::is_ntp;
use super::{Message, SERVER, Timekeeper, is_berkeley};

pub fn draw(node: &Timekeeper, settings: &Settings, to: &mut NodeFrame) {
    if to.id == SERVER {
        to.set(first(settings), Tone::Coordinator);
    } else {
        draw_client(node, to);
    }
    let face = node.clock.0;
    if face.remaining != 0 {
        to.chips.push(format!("was {}", off(face.remaining)));
    }
    if let Some(measured) = node.measured {
        to.chips
            .push(format!("work took {}", span(measured as f64)));
    }
    to.figures.push(Figure::Clock(face));
    draw_exchange(node, is_ntp(settings), to);
    let curve = node
        .trails
        .curve(SERVER, "to be added, as measured (ms)", "give or take (ms)");
    to.figures.extend(curve);
}

/// What node 1 is called.
pub fn first(settings: &Settings) -> &'static str {
    if is_berkeley(settings) {
        "master"
    } else {
        "server"
    }
}

fn draw_client(node: &Timekeeper, to: &mut NodeFrame) {
    to.layer = 1;
    let stated = node.clock.0.doubt.map(|doubt| span(doubt as f64));
    let tone = match &stated {
        _ if node.asked.is_some() || node.answered.is_some() => Tone::Busy,
        Some(_) => Tone::Good,
        None => Tone::Calm,
    };
    to.set("client", tone);
    match stated {
        Some(stated) => to.inside = Some(Word::of(format_args!("±{stated}"))),
        None => to.label = "client, not synchronized".to_owned(),
    }
}

/// What a message says.
pub fn word(message: &Message) -> Word {
    match message {
        Message::Ask { .. } | Message::Poll { .. } => Word::of("time?"),
        Message::Tell { t3: time, .. } | Message::Show { time, .. } => Word::of(span(*time as f64)),
        Message::Adjust { by, .. } => Word::of(off(*by)),
    }
}

/// The timestamps, and what follows from them.
fn draw_exchange(node: &Timekeeper, all_four: bool, to: &mut NodeFrame) {
    let Some((times, said)) = node.latest else {
        return;
    };
    let row = |name: &str, micros: i64| (name.to_owned(), span(micros as f64));
    let mut rows = vec![row("T1: asked", times.t1)];
    if all_four {
        rows.push(row("T2: the server was asked", times.t2));
    }
    rows.extend([
        row("T3: the server answered", times.t3),
        row("T4: heard", times.t4),
        row("to be added (offset)", said.offset),
        row("round trip (delay)", said.delay as i64),
    ]);
    to.figures.push(Figure::Fields(rows));
}

/// Where a clock is to which so many microseconds must be added: `12.5 ms behind`.
pub fn off(missing: i64) -> String {
    let way = if missing < 0 { "ahead" } else { "behind" };
    format!("{} {way}", span(missing.unsigned_abs() as f64))
}

/// A length of so many microseconds as people write it: `12.5 ms`, `25 min`.
pub fn span(micros: f64) -> String {
    let (scale, unit) = match micros.abs() {
        size if size >= 6e7 => (6e7, "min"),
        size if size >= 1e7 => (1e6, "s"),
        _ => (1e3, "ms"),
    };
    let number = (micros / scale * 100.0).round() / 100.0;
    format!("{number} {unit}")
}
