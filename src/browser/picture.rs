//! Parts of the page as pictures: a drawing with its paint included, and its pixels.

use js_sys::{Function, Promise, encode_uri_component};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, CanvasRenderingContext2d, Element, HtmlCanvasElement, HtmlImageElement};

use super::{document, style_of};

/// Pixels of a picture per pixel of the page.
const FINE: f64 = 2.0;

/// Attributes that say what an element is, apart from its look.
const SHAPE: [&str; 16] = [
    "id",
    "d",
    "x",
    "y",
    "dx",
    "dy",
    "cx",
    "cy",
    "r",
    "rx",
    "width",
    "height",
    "pathLength",
    "patternUnits",
    "patternTransform",
    "transform",
];

/// Inherited paint properties and their defaults.
const PAINT: [(&str, &str); 12] = [
    ("fill", "rgb(0, 0, 0)"),
    ("stroke", "none"),
    ("stroke-width", "1px"),
    ("stroke-dasharray", "none"),
    ("stroke-linecap", "butt"),
    ("stroke-linejoin", "miter"),
    ("paint-order", "normal"),
    ("font-family", ""),
    ("font-size", ""),
    ("font-weight", "400"),
    ("text-anchor", "start"),
    ("dominant-baseline", "auto"),
];

/// A drawing in the page that will become a file.
pub struct Picture<'a> {
    /// Its description in words.
    pub title: &'a str,
    pub size: (f64, f64),
    /// Elements that only serve the pointer are left out.
    pub without: &'a str,
    /// An extra drawing on top.
    pub over: &'a str,
}

impl Picture<'_> {
    /// The drawing as a self-contained SVG file.
    pub fn svg(&self, drawing: &Element) -> String {
        let (width, height) = self.size;
        let mut out = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" \
             viewBox=\"0 0 {width:.0} {height:.0}\" role=\"img\""
        );
        let usual = PAINT.map(|(_, usual)| usual.to_owned());
        let paint = paint_of(drawing, &usual, &mut out);
        out.push_str("><title>");
        escape(self.title, &mut out);
        out.push_str("</title>");
        let page = document().document_element().and_then(|e| style_of(&e));
        let paper = page.and_then(|style| style.get_property_value("background-color").ok());
        out.push_str("<rect width=\"100%\" height=\"100%\"");
        attribute("fill", &plain(&paper.unwrap_or_default()), &mut out);
        out.push_str(" stroke=\"none\"/>");
        self.children(drawing, &paint, &mut out);
        out.push_str(self.over);
        out.push_str("</svg>\n");
        out
    }

    fn children(&self, parent: &Element, paint: &[String], out: &mut String) {
        let mut next = parent.first_element_child();
        while let Some(element) = next {
            self.element(&element, paint, out);
            next = element.next_element_sibling();
        }
    }

    fn element(&self, element: &Element, around: &[String], out: &mut String) {
        let tag = element.local_name();
        let Some(style) = style_of(element) else {
            return;
        };
        let is = |name: &str| style.get_property_value(name).unwrap_or_default();
        // Definitions are drawn where they are used.
        let defines = matches!(tag.as_str(), "defs" | "pattern");
        let unseen = !defines && (is("display") == "none" || is("opacity") == "0");
        if unseen || tag == "title" || element.matches(self.without).unwrap_or(false) {
            return;
        }
        let mut head = format!("<{tag}");
        for name in SHAPE {
            if let Some(value) = element.get_attribute(name) {
                attribute(name, &value, &mut head);
            }
        }
        let moved = is("transform");
        // The transform of a pattern is a different attribute with the same style.
        let said = defines || element.has_attribute("transform");
        if !said && moved != "none" && !moved.is_empty() {
            attribute("transform", &moved, &mut head);
        }
        let paint = paint_of(element, around, &mut head);
        for (property, name, usual) in [
            ("opacity", "opacity", "1"),
            ("text-decoration-line", "text-decoration", "none"),
        ] {
            let value = is(property);
            if value != usual {
                attribute(name, &value, &mut head);
            }
        }
        let mut inside = String::new();
        let group = defines || tag == "g";
        if group {
            self.children(element, &paint, &mut inside);
        } else {
            escape(&element.text_content().unwrap_or_default(), &mut inside);
        }
        let empty = inside.is_empty() && (group || tag == "text");
        let blank =
            !group && (paint[0] == "none" && paint[1] == "none" || is("visibility") == "hidden");
        let shapeless = tag == "path" && !element.has_attribute("d");
        if empty || blank || shapeless {
            return;
        }
        out.push_str(&head);
        out.push('>');
        out.push_str(&inside);
        out.push_str("</");
        out.push_str(&tag);
        out.push('>');
    }
}

/// Writes an element's paint where it differs from its parent's.
fn paint_of(element: &Element, around: &[String], out: &mut String) -> Vec<String> {
    let style = style_of(element);
    let mut own = Vec::with_capacity(PAINT.len());
    for ((name, usual), around) in PAINT.iter().zip(around) {
        let value = style.as_ref().and_then(|s| s.get_property_value(name).ok());
        let value = plain(value.as_deref().unwrap_or(usual));
        if value != *around {
            attribute(name, &value, out);
        }
        own.push(value);
    }
    own
}

fn attribute(name: &str, value: &str, out: &mut String) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    escape(value, out);
    out.push('"');
}

fn escape(text: &str, out: &mut String) {
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '"' => out.push_str("&quot;"),
            // XML allows no other characters below the space.
            '\0'..' ' if !matches!(letter, '\t' | '\n') => {}
            _ => out.push(letter),
        }
    }
}

/// Paint in a form that every program reads: mixed colours as `rgb`, transparent ones as none.
fn plain(value: &str) -> String {
    if let Some(mixed) = value.strip_prefix("color(srgb ") {
        let parts = mixed.trim_end_matches(')').split([' ', '/']);
        let parts = parts.filter_map(|part| part.parse::<f64>().ok()).take(3);
        let parts: Vec<String> = parts.map(|part| format!("{:.0}", part * 255.0)).collect();
        return format!("rgb({})", parts.join(", "));
    }
    if value == "transparent" || value.starts_with("rgba(") && value.ends_with(", 0)") {
        return "none".into();
    }
    match value.strip_prefix("url(\"") {
        Some(rest) => format!("url({}", rest.replacen('"', "", 1)),
        None => value.to_owned(),
    }
}

/// The text of an SVG file as a data address.
pub fn svg_address(svg: &str) -> String {
    let svg: String = encode_uri_component(svg).into();
    format!("data:image/svg+xml;charset=utf-8,{svg}")
}

/// An SVG file as pixels; none if the browser cannot draw it.
pub async fn pixels(svg: &str) -> Option<HtmlCanvasElement> {
    let image = HtmlImageElement::new().ok()?;
    image.set_src(&svg_address(svg));
    JsFuture::from(image.decode()).await.ok()?;
    let size = |length: u32| f64::from(length) * FINE;
    let (width, height) = (size(image.natural_width()), size(image.natural_height()));
    let canvas = document().create_element("canvas").ok()?;
    let canvas: HtmlCanvasElement = canvas.unchecked_into();
    canvas.set_width(width as u32);
    canvas.set_height(height as u32);
    let paper: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.unchecked_into();
    paper
        .draw_image_with_html_image_element_and_dw_and_dh(&image, 0.0, 0.0, width, height)
        .ok()?;
    Some(canvas)
}

/// Pixels as a PNG file; none if the browser cannot make one.
pub async fn png(canvas: &HtmlCanvasElement) -> Option<Blob> {
    let made = Promise::new(&mut |done: Function, _| drop(canvas.to_blob(&done)));
    JsFuture::from(made).await.ok()?.dyn_into().ok()
}

#[cfg(test)]
mod tests {
    use super::{escape, plain};

    #[test]
    fn paint_is_written_as_every_program_reads_it() {
        assert_eq!(plain("color(srgb 0 0.5 1)"), "rgb(0, 128, 255)");
        assert_eq!(plain("rgba(0, 0, 0, 0)"), "none");
        assert_eq!(plain("rgba(0, 0, 0, 0.5)"), "rgba(0, 0, 0, 0.5)");
        assert_eq!(plain("url(\"#hatch-0\")"), "url(#hatch-0)");
        assert_eq!(plain("rgb(20, 24, 31)"), "rgb(20, 24, 31)");
    }

    #[test]
    fn words_cannot_break_out_of_a_file() {
        let mut out = String::new();
        escape("a<b & \"c\"\u{1}", &mut out);
        assert_eq!(out, "a&lt;b &amp; &quot;c&quot;");
    }
}
