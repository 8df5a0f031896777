//! A diagram as an SVG file with its own colours, one element per shape.

use std::fmt::Write;

use faultline_sim::frame;

use crate::content::{content, counts};
use crate::event_kind::EventKind;
use crate::index::Index;
use crate::message::Fate;
use crate::shape::{Line, Shape, TextRole, Way};
use crate::spans::SpanKind;
use crate::view::View;

const STYLE: &str = "text{font:12px system-ui,sans-serif;fill:#14181f}\
.lane{stroke:#4a5565;stroke-width:1.25}.tick{stroke:#e3e9f1}.tick-word,.flag-word{fill:#4a5565}\
.event{fill:#14181f;stroke:#fff}.bundle{fill:#4a5565}.broken{stroke:#b3261e}.word-broken{fill:#b3261e}\
.message{fill:none;stroke-width:1.5}.late{stroke-dasharray:7 4}.flying{stroke-dasharray:2 3}\
.flag{stroke:#8a4b00;stroke-dasharray:3 4}.down{fill:url(#down);stroke:#b3261e}\
.paused{fill:#fff;stroke:#4a5565;stroke-dasharray:3 3}.gone{fill:#e3e9f1}\
.cut{fill:none;stroke:#0b5cad;stroke-width:2.5;stroke-dasharray:8 4}\
.sign{stroke:#14181f;stroke-dasharray:none}.stamp{font-size:11px;fill:#4a5565}";

/// The window as an SVG file.
#[must_use]
pub fn svg(index: &Index, view: &View) -> String {
    shapes_svg(&content(index, view), view, &summary(index, view))
}

/// The content of the picture in a sentence for screen readers.
fn summary(index: &Index, view: &View) -> String {
    let records = view.records(index).map_or(0, |(from, to)| to - from + 1);
    format!(
        "Space-time diagram: {} nodes, {records} records, {} messages",
        view.lanes(index).len(),
        counts(index, view).messages
    )
}

fn shapes_svg(shapes: &[Shape], view: &View, summary: &str) -> String {
    let (w, h) = (view.width, view.height);
    let mut out = String::new();
    let _ = write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{w:.0}\" height=\"{h:.0}\" \
         viewBox=\"0 0 {w:.0} {h:.0}\" role=\"img\"><title>{}</title><style>{STYLE}</style><defs>",
        escaped(summary)
    );
    pattern(&mut out, "down", "M0 6L6 0", "#14181f");
    pattern(&mut out, "side-a", "M0 6L6 0", "#4a5565");
    pattern(&mut out, "side-b", "M0 0L6 6", "#4a5565");
    out.push_str("</defs><rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>");
    for shape in shapes {
        one(&mut out, shape, view);
    }
    out.push_str("</svg>\n");
    out
}

fn pattern(out: &mut String, name: &str, path: &str, stroke: &str) {
    let _ = write!(
        out,
        "<pattern id=\"{name}\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">\
         <path d=\"{path}\" stroke=\"{stroke}\"/></pattern>"
    );
}

fn one(out: &mut String, shape: &Shape, view: &View) {
    // Writing to a `String` never fails.
    let _ = match shape {
        Shape::Lane {
            name,
            whole,
            y,
            x,
            named,
        } => {
            let word = if *named {
                let title = match name == whole {
                    true => String::new(),
                    false => format!("<title>{}</title>", escaped(whole)),
                };
                format!(
                    "{title}<text class=\"name\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\"{}>{}</text>",
                    view.names_end(),
                    y + 4.0,
                    squeezed(name, view.names_end() - 2.0),
                    escaped(name)
                )
            } else {
                String::new()
            };
            write!(
                out,
                "<g class=\"lane-of\">{word}<path class=\"lane\" d=\"M{:.1} {y:.1}H{:.1}\"/></g>",
                x.0, x.1
            )
        }
        Shape::Span { kind, y, x } => {
            let (class, half) = match kind {
                SpanKind::Down => ("down", 5.0),
                SpanKind::Paused => ("paused", 4.0),
                SpanKind::Gone => ("gone", 5.0),
            };
            rect(out, &format!("span {class}"), *x, (y - half, y + half), "")
        }
        Shape::Side { side, y, x } => {
            let fill = if side % 2 == 0 { "side-a" } else { "side-b" };
            let letter = char::from(b'A' + (*side % 26) as u8);
            let _ = write!(out, "<g class=\"side\">");
            let _ = rect(out, "", *x, (y + 8.0, y + 14.0), &format!("url(#{fill})"));
            write!(
                out,
                "<text x=\"{:.1}\" y=\"{:.1}\">{letter}</text></g>",
                x.0 + 2.0,
                y + 24.0
            )
        }
        Shape::Message(line) => return message(out, line),
        Shape::Cut { points } => {
            let mut d = String::new();
            for (at, (x, y)) in points.iter().enumerate() {
                let _ = write!(d, "{}{x:.1} {y:.1}", if at == 0 { 'M' } else { 'L' });
            }
            write!(out, "<path class=\"cut\" d=\"{d}\"/>")
        }
        Shape::Crossing { at, .. } => write!(
            out,
            "<text class=\"crossing\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">⇄</text>",
            at.0,
            at.1 + 4.0
        ),
        Shape::Event {
            at, what, small, ..
        } => return event(out, *at, *what, *small),
        Shape::Bundle { at, count, .. } => {
            let half = bundle_height(*count);
            rect(
                out,
                "bundle",
                (at.0 - 1.5, at.0 + 1.5),
                (at.1 - half, at.1 + half),
                "",
            )
        }
        Shape::Flag { x, y, broken, .. } => {
            let class = if *broken { "flag broken" } else { "flag" };
            line_of(out, class, (*x, y.0), (*x, y.1))
        }
        Shape::Tick { x, y } => line_of(out, "tick", (*x, y.0), (*x, y.1)),
        Shape::Text {
            at,
            text,
            role,
            centred,
        } => {
            let class = match role {
                TextRole::Stamp => "stamp",
                TextRole::Why | TextRole::State => "word-broken",
                TextRole::Late => "late-word",
                TextRole::Tick => "tick-word",
                TextRole::Flag => "flag-word",
            };
            let anchor = if *centred { "middle" } else { "start" };
            write!(
                out,
                "<text class=\"{class}\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"{anchor}\">{}</text>",
                at.0,
                at.1,
                escaped(text)
            )
        }
        Shape::Cone { way, x, y } => {
            let fill = if *way == Way::Past {
                "side-a"
            } else {
                "side-b"
            };
            rect(out, "cone", *x, *y, &format!("url(#{fill})"))
        }
        Shape::Ring { at, .. } => write!(
            out,
            "<circle class=\"ring\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"9\" fill=\"none\" \
             stroke=\"#0b5cad\" stroke-width=\"3\"/>",
            at.0, at.1
        ),
        Shape::Focus { at } => rect(
            out,
            "focus",
            (at.0 - 9.0, at.0 + 9.0),
            (at.1 - 9.0, at.1 + 9.0),
            "none",
        ),
        Shape::Picked { from, to } => line_of(out, "picked", *from, *to),
        Shape::Chosen { y, half } => rect(out, "chosen", (0.0, 8.0), (y - half, y + half), ""),
        Shape::Ahead { x, y } => rect(out, "ahead", *x, *y, "#e3e9f1"),
        Shape::Playhead { x, y } => line_of(out, "playhead", (*x, y.0), (*x, y.1)),
    };
}

/// Squeezes a name with wide letters into its room; most names need no change.
fn squeezed(name: &str, room: f64) -> String {
    // The upper bound, at the font size of the style above.
    let wide = |c: char| matches!(c, 'M' | 'W' | 'm' | 'w' | '@' | '%') || c > '\u{2e7f}';
    let width: f64 = name.chars().map(|c| if wide(c) { 12.0 } else { 8.0 }).sum();
    match width > room {
        true => format!(" textLength=\"{room:.1}\" lengthAdjust=\"spacingAndGlyphs\""),
        false => String::new(),
    }
}

fn rect(
    out: &mut String,
    class: &str,
    x: (f64, f64),
    y: (f64, f64),
    fill: &str,
) -> std::fmt::Result {
    let fill = if fill.is_empty() {
        String::new()
    } else {
        format!(" fill=\"{fill}\"")
    };
    write!(
        out,
        "<rect class=\"{class}\" x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\"{fill}/>",
        x.0,
        y.0,
        x.1 - x.0,
        y.1 - y.0
    )
}

fn line_of(out: &mut String, class: &str, a: (f64, f64), b: (f64, f64)) -> std::fmt::Result {
    write!(
        out,
        "<path class=\"{class}\" d=\"M{:.1} {:.1}L{:.1} {:.1}\"/>",
        a.0, a.1, b.0, b.1
    )
}

/// The extent of a bundle above and below its lane, which grows with its events.
#[must_use]
pub fn bundle_height(count: u32) -> f64 {
    4.0 + f64::from(32 - count.leading_zeros())
}

fn message(out: &mut String, line: &Line) {
    let (colour, _) = paint(line.look);
    let mut class = String::from("message");
    if line.late {
        class.push_str(" late");
    }
    if line.fate == Fate::Flying {
        class.push_str(" flying");
    }
    let _ = write!(
        out,
        "<g class=\"{class}\"><path d=\"M{:.1} {:.1}L{:.1} {:.1}\" stroke=\"{colour}\"/>",
        line.from.0, line.from.1, line.to.0, line.to.1
    );
    match &line.fate {
        Fate::Delivered => arrow(out, line),
        Fate::Lost(_) => {
            let (x, y) = line.to;
            let _ = write!(
                out,
                "<path class=\"broken\" stroke-width=\"2\" d=\"M{:.1} {:.1}l8 8m0 -8l-8 8\"/>",
                x - 4.0,
                y - 4.0
            );
        }
        Fate::Flying => {}
    }
    if let Some(at) = line.sign {
        sign(out, at, line.look, line.letter);
    }
    out.push_str("</g>");
}

fn arrow(out: &mut String, line: &Line) {
    let (dx, dy) = (line.to.0 - line.from.0, line.to.1 - line.from.1);
    let long = (dx * dx + dy * dy).sqrt().max(1.0);
    let (ux, uy) = (dx / long, dy / long);
    let (x, y) = (line.to.0 - ux * 3.0, line.to.1 - uy * 3.0);
    let _ = write!(
        out,
        "<path class=\"arrow\" fill=\"{}\" d=\"M{x:.1} {y:.1}L{:.1} {:.1}L{:.1} {:.1}Z\"/>",
        paint(line.look).0,
        x - ux * 7.0 - uy * 3.0,
        y - uy * 7.0 + ux * 3.0,
        x - ux * 7.0 + uy * 3.0,
        y - uy * 7.0 - ux * 3.0,
    );
}

/// The fill of a kind of message, and the path of its sign around the origin.
fn paint(look: frame::Shape) -> (&'static str, &'static str) {
    match look {
        frame::Shape::Request => ("#0072b2", "M7 0A7 7 0 1 1 -7 0A7 7 0 1 1 7 0Z"),
        frame::Shape::Data => ("#a6558a", "M-6 -6H6V6H-6Z"),
        frame::Shape::Election => ("#d55e00", "M0 -8L8 0L0 8L-8 0Z"),
        frame::Shape::Ack => ("#009e73", "M0 -8L8 6H-8Z"),
        frame::Shape::Nack => ("#14181f", "M0 8L8 -6H-8Z"),
        frame::Shape::Announce => (
            "#b08c00",
            "M0 -8L2 -3L8 -2L4 2L5 8L0 5L-5 8L-4 2L-8 -2L-2 -3Z",
        ),
        frame::Shape::Control => ("#b97b00", "M0 -7L6 -4V4L0 7L-6 4V-4Z"),
        frame::Shape::Heartbeat => ("#4a5565", "M4 0A4 4 0 1 1 -4 0A4 4 0 1 1 4 0Z"),
    }
}

fn sign(out: &mut String, at: (f64, f64), look: frame::Shape, letter: &str) {
    let (_, path) = paint(look);
    let _ = write!(
        out,
        "<g class=\"sign\" transform=\"translate({:.1} {:.1})\"><path d=\"{path}\" fill=\"#fff\"/>\
         <text stroke=\"none\" y=\"4\" text-anchor=\"middle\" style=\"font-size:10px\">{}</text></g>",
        at.0,
        at.1,
        escaped(letter)
    );
}

fn event(out: &mut String, at: (f64, f64), what: EventKind, small: bool) {
    let radius = if small { 2.0 } else { 4.0 };
    let letter = what.letter();
    let word = if letter.is_empty() || small {
        String::new()
    } else {
        format!(
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{letter}</text>",
            at.0,
            at.1 - 7.0
        )
    };
    let _ = write!(
        out,
        "<g class=\"event-of {}\"><circle class=\"event\" cx=\"{:.1}\" cy=\"{:.1}\" \
         r=\"{radius}\"/>{word}</g>",
        what.word().replace(' ', "-"),
        at.0,
        at.1
    );
}

/// Text content, escaped.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            // Characters that XML does not allow.
            c if c < ' ' && !matches!(c, '\t' | '\n' | '\r') => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
