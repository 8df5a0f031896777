//! A QR code as a drawing: dark squares on white with the quiet border that cameras need, in every
//! theme.

use std::fmt::Write;

use qrcodegen::{QrCode, QrCodeEcc};
use yew::prelude::*;

use crate::text::share as words;

/// The longest link with a QR code: with more characters, the squares are too small for a camera.
pub const MOST: usize = 1_200;
/// The squares of the border that the standard requires.
const QUIET: i32 = 4;

#[derive(Properties, PartialEq)]
pub struct CodeProps {
    pub address: AttrValue,
}

#[component]
pub fn Code(props: &CodeProps) -> Html {
    let drawn = use_memo(props.address.clone(), |address| drawing(address));
    let Some((size, path)) = &*drawn else {
        return html! { <p class="quiet">{ words::no_code(MOST) }</p> };
    };
    html! {
        <svg class="code" role="img" aria-label={words::CODE_NAME} shape-rendering="crispEdges"
            viewBox={format!("0 0 {size} {size}")}>
            <path class="code-paper" d={format!("M0 0h{size}v{size}H0z")} />
            <path class="code-ink" d={path.clone()} />
        </svg>
    }
}

/// The side length and the dark squares, row by row; none if the text is too long.
fn drawing(address: &str) -> Option<(i32, String)> {
    if address.len() > MOST {
        return None;
    }
    let code = QrCode::encode_text(address, QrCodeEcc::Low).ok()?;
    let size = code.size();
    let mut path = String::new();
    for y in 0..size {
        let mut x = 0;
        while x < size {
            let from = x;
            while code.get_module(x, y) {
                x += 1;
            }
            if x > from {
                let (left, top, long) = (from + QUIET, y + QUIET, x - from);
                let _ = write!(path, "M{left} {top}h{long}v1h-{long}z");
            }
            x += 1;
        }
    }
    Some((size + 2 * QUIET, path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_finders_and_a_border() {
        let (size, path) = drawing("https://example.org/#v1.abc").unwrap();
        assert_eq!((size - 8 - 17) % 4, 0, "a size of the standard");
        assert!(
            path.starts_with("M4 4h7v1h-7z"),
            "the first finder's edge: {path}"
        );
        assert!(drawing(&"x".repeat(MOST)).is_some());
        assert!(drawing(&"x".repeat(MOST + 1)).is_none());
    }
}
