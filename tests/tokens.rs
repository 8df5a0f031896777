//! The colours of static/tokens.css: text and outlines have enough contrast in every theme, and the six
//! fills of glyphs differ even for colour-blind people.

#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeMap;

const TOKENS: &str = include_str!("../static/tokens.css");

type Colour = [f64; 3];

/// The tokens of a block that are plain colours, by name.
fn tokens(selector: &str) -> BTreeMap<String, Colour> {
    let begin = TOKENS.find(selector).expect("the block is there") + selector.len();
    let block = TOKENS[begin..].split('}').next().expect("it ends");
    block
        .lines()
        .filter_map(|line| line.trim().strip_prefix("--")?.split_once(": #"))
        .map(|(name, hex)| (name.to_owned(), colour(hex.trim_end_matches(';'))))
        .collect()
}

fn theme(dark: bool) -> BTreeMap<String, Colour> {
    let mut all = tokens(":root {");
    if dark {
        all.extend(tokens(":root[data-theme=\"dark\"] {"));
    }
    all
}

/// Linear light of `rrggbb`.
fn colour(hex: &str) -> Colour {
    [0, 2, 4].map(|at| {
        let byte = u8::from_str_radix(&hex[at..at + 2], 16).expect("six hex digits");
        let c = f64::from(byte) / 255.0;
        if c <= 0.04045 {
            c / 12.92
        } else {
            ((c + 0.055) / 1.055).powf(2.4)
        }
    })
}

fn luminance([r, g, b]: Colour) -> f64 {
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

/// The contrast of WCAG 2.2.
fn contrast(a: Colour, b: Colour) -> f64 {
    let (a, b) = (luminance(a) + 0.05, luminance(b) + 0.05);
    a.max(b) / a.min(b)
}

#[test]
fn text_and_outlines_stand_out_in_light_and_dark() {
    for dark in [false, true] {
        let all = theme(dark);
        let pair = |front: &str, back: &str, least: f64| {
            let found = contrast(all[front], all[back]);
            assert!(found >= least, "{front} on {back}, dark {dark}: {found:.2}");
        };
        for back in ["background", "surface", "raised"] {
            for front in ["ink", "muted", "control", "broken", "warning", "good"] {
                pair(front, back, 4.5);
            }
        }
        pair("on-control", "control", 4.5);
        pair("on-broken", "broken", 4.5);
        // Toasts and the timeline's tooltip have inverted colours.
        pair("background", "ink", 4.5);
    }
    // Every glyph has an outline in ink and a letter inside.
    let all = theme(false);
    for fill in FILLS {
        let found = contrast(all["on-fill"], all[fill]);
        assert!(found >= 3.0, "the letter on {fill}: {found:.2}");
    }
}

const FILLS: [&str; 6] = ["blue", "vermilion", "green", "purple", "orange", "yellow"];

/// Machado, Oliveira and Fernandes 2009, severity 1.0, on linear light.
const SEEN_BY: [(&str, [[f64; 3]; 3]); 4] = [
    (
        "most people",
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
    ),
    (
        "protanopia",
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ],
    ),
    (
        "deuteranopia",
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ],
    ),
    (
        "tritanopia",
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ],
    ),
];

/// CIE L*a*b* under D65.
fn lab(seen: Colour) -> Colour {
    let [r, g, b] = seen.map(|c| c.clamp(0.0, 1.0));
    let f = |t: f64| {
        if t > 216.0 / 24_389.0 {
            t.cbrt()
        } else {
            (24_389.0 / 27.0 * t + 16.0) / 116.0
        }
    };
    let x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047);
    let y = f(0.2126 * r + 0.7152 * g + 0.0722 * b);
    let z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883);
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

#[test]
fn fills_of_glyphs_are_told_apart_by_everybody() {
    let all = theme(false);
    for (who, matrix) in SEEN_BY {
        let look = |name: &str| {
            let c = all[name];
            lab(matrix.map(|row| row.iter().zip(c).map(|(m, c)| m * c).sum()))
        };
        for (i, a) in FILLS.iter().enumerate() {
            for b in &FILLS[i + 1..] {
                let (one, other) = (look(a), look(b));
                let far: f64 = (0..3).map(|k| (one[k] - other[k]).powi(2)).sum();
                let far = far.sqrt();
                assert!(far >= 15.0, "{a} and {b} for {who}: {far:.1}");
            }
        }
    }
}
