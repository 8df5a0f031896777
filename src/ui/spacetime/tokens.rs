//! The colours of the style sheet for a canvas.

use faultline_sim::frame::Shape;
use web_sys::{CssStyleDeclaration, Element};

use crate::browser;

/// The colours of a theme.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tokens {
    /// The theme and style for which they were read.
    theme: Option<String>,
    forced: bool,
    pub background: String,
    pub ink: String,
    pub muted: String,
    pub line: String,
    pub control: String,
    pub broken: String,
    pub warning: String,
    pub past: String,
    /// For each shape, the colour of its line and the fill of its sign.
    kinds: Vec<(String, String)>,
}

const KINDS: [(Shape, &str); 8] = [
    (Shape::Request, "--blue"),
    (Shape::Data, "--purple"),
    (Shape::Election, "--vermilion"),
    (Shape::Ack, "--green"),
    (Shape::Nack, "--ink"),
    (Shape::Announce, "--yellow"),
    (Shape::Control, "--orange"),
    (Shape::Heartbeat, "--muted"),
];

/// The share of ink in a line: pale fills alone would be invisible on white.
const INK: f64 = 0.4;

impl Tokens {
    /// Reads them if the theme has changed.
    pub fn renew(&mut self, host: &Element) {
        let (theme, forced) = (browser::theme(), browser::forced_colours());
        if self.theme == theme && self.forced == forced && !self.ink.is_empty() {
            return;
        }
        let Some(style) = browser::style_of(host) else {
            return;
        };
        let of = |name: &str, system: &str| {
            if forced {
                system.to_owned()
            } else {
                read(&style, name)
            }
        };
        let ink = of("--ink", "CanvasText");
        let kinds = KINDS.iter().map(|(shape, name)| {
            let fill = of(name, "Canvas");
            let line = if forced {
                ink.clone()
            } else {
                mixed(&fill, &ink, INK)
            };
            let hollow = *shape == Shape::Heartbeat;
            let fill = if hollow {
                of("--background", "Canvas")
            } else {
                fill
            };
            (line, fill)
        });
        *self = Self {
            kinds: kinds.collect(),
            background: of("--background", "Canvas"),
            muted: of("--muted", "CanvasText"),
            line: of("--line", "GrayText"),
            control: of("--control", "Highlight"),
            broken: of("--broken", "CanvasText"),
            warning: of("--warning", "CanvasText"),
            past: of("--past", "Canvas"),
            ink,
            theme,
            forced,
        };
    }

    fn kind(&self, shape: Shape) -> (&str, &str) {
        let at = KINDS.iter().position(|(own, _)| *own == shape);
        let kind = at.and_then(|at| self.kinds.get(at));
        kind.map_or((&self.ink, &self.background), |(line, fill)| (line, fill))
    }

    /// The colour of a message's line.
    pub fn line_of(&self, shape: Shape) -> &str {
        self.kind(shape).0
    }

    /// The fill of a message's shape.
    pub fn fill_of(&self, shape: Shape) -> &str {
        self.kind(shape).1
    }

    /// The colour of the letter inside.
    pub fn letter_on(&self, shape: Shape) -> &str {
        match shape {
            _ if self.forced => &self.ink,
            Shape::Request => "#ffffff",
            Shape::Nack => &self.background,
            Shape::Heartbeat => &self.ink,
            _ => "#14181f",
        }
    }

    /// Whether the system's own colours apply.
    pub fn forced(&self) -> bool {
        self.forced
    }
}

fn read(style: &CssStyleDeclaration, name: &str) -> String {
    let value = style.get_property_value(name).unwrap_or_default();
    value.trim().to_owned()
}

/// Two colours as `#rrggbb`, mixed.
fn mixed(a: &str, b: &str, share: f64) -> String {
    let parts = |text: &str| {
        let hex = text.strip_prefix('#')?;
        let part = |at: usize| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok();
        Some([part(0)?, part(2)?, part(4)?])
    };
    let (Some(one), Some(two)) = (parts(a), parts(b)) else {
        return a.to_owned();
    };
    let mut out = String::from("#");
    for (one, two) in one.into_iter().zip(two) {
        let both = f64::from(one) * (1.0 - share) + f64::from(two) * share;
        out.push_str(&format!("{:02x}", both as u8));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::mixed;

    #[test]
    fn colours_are_mixed_part_by_part() {
        assert_eq!(mixed("#000000", "#ffffff", 0.5), "#7f7f7f");
        assert_eq!(mixed("Canvas", "#ffffff", 0.5), "Canvas");
    }
}
