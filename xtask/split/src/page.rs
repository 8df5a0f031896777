//! index.html for two parts: it tells static/rest.js the address of the second part, and leaves out the
//! style sheets that the first picture does not need.

use wasm_encoder::{CustomSection, Section};

use crate::error::Outcome;

/// The element with the address of the second part, up to that address. It must come before the script.
const HEAD: &str = "<head>";
const MARK: &str = "<meta name=\"rest\" content=\"";
/// The marks around the style sheets of the second part, which takes this place when it loads.
const LATER: (&str, &str) = ("<!-- later -->", "<!-- /later -->");
const PLACE: &str = "<style id=\"rest-style\"></style>";
/// The name of the section with the style sheets in the second part.
const STYLE: &str = "style";

/// The page's text for a second part of this name, and the style sheets that it leaves out.
pub fn divide(text: &str, rest: &str) -> Outcome<(String, String)> {
    let missing = |what: &str| format!("index.html has no {what}");
    let (before, behind) = text.split_once(LATER.0).ok_or_else(|| missing(LATER.0))?;
    let (later, behind) = behind.split_once(LATER.1).ok_or_else(|| missing(LATER.1))?;
    let mut style = String::new();
    for sheet in later.split("<style").skip(1) {
        let inner = sheet
            .split_once('>')
            .and_then(|(_, inner)| inner.split_once("</style>"));
        style += inner.ok_or_else(|| missing("end of a style sheet"))?.0;
    }
    let text = format!("{before}{PLACE}{behind}");
    let (before, behind) = text.split_once(HEAD).ok_or_else(|| missing(HEAD))?;
    Ok((format!("{before}{HEAD}{MARK}./{rest}\">{behind}"), style))
}

/// The second part with the style sheets inside.
pub fn with_style(mut part: Vec<u8>, style: &str) -> Vec<u8> {
    let section = CustomSection {
        name: STYLE.into(),
        data: style.as_bytes().into(),
    };
    section.append_to(&mut part);
    part
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn style_sheets_of_the_second_part_leave_an_empty_one_in_their_place() {
        let page = "<head><style>a{}</style><!-- later --><style type=\"text/css\">b>c{}</style>
            <style>d{}</style><!-- /later --><style>e{}</style></head>";
        let (text, style) = divide(page, "it_rest.wasm").unwrap();
        assert_eq!(style, "b>c{}d{}");
        assert_eq!(
            text,
            "<head><meta name=\"rest\" content=\"./it_rest.wasm\"><style>a{}</style>\
             <style id=\"rest-style\"></style><style>e{}</style></head>"
        );
        assert!(divide("<head></head>", "it").is_err());
    }

    #[test]
    fn the_second_part_is_still_a_module() {
        let empty = wasm_encoder::Module::new().finish();
        let part = with_style(empty, "b{}");
        assert!(wasmparser::validate(&part).is_ok());
        assert!(part.ends_with(b"styleb{}"));
    }
}
