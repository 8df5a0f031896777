//! Leaves out of the published texts what only their authors need: comments, indentation, and in style
//! sheets also line breaks. No code is changed, so that an error in the page
//! still names the line's own words.

/// A style sheet without comments and unneeded spaces.
pub fn style(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        if let Some(comment) = rest.strip_prefix("/*") {
            rest = comment.split_once("*/").map_or("", |(_, behind)| behind);
        } else if next == '"' || next == '\'' {
            let end = rest[1..].find(next).map_or(rest.len(), |end| end + 2);
            out += &rest[..end];
            rest = &rest[end..];
        } else if next.is_whitespace() {
            rest = rest.trim_start();
            let touches = |one: Option<char>| one.is_none_or(|one| "{};,>".contains(one));
            let last = out.chars().last();
            if !touches(last) && last != Some(':') && !touches(rest.chars().next()) {
                out.push(' ');
            }
        } else {
            if "{};,>".contains(next) && out.ends_with(' ') {
                out.pop();
            }
            if next == '}' && out.ends_with(';') {
                out.pop();
            }
            out.push(next);
            rest = &rest[next.len_utf8()..];
        }
    }
    out
}

/// A script without indentation and without the comments that stand on lines of their own. A script
/// with a text in backticks over more than one line stays as it is: its indentation has a meaning.
pub fn script(text: &str) -> String {
    let (mut out, mut commented) = (String::with_capacity(text.len()), false);
    for line in text.lines().map(str::trim) {
        let opens = line.starts_with("/*") && (line.ends_with("*/") || !line.contains("*/"));
        if commented || opens {
            commented = !line.ends_with("*/");
        } else if !line.is_empty() && !line.starts_with("//") {
            if line.matches('`').count() % 2 == 1 {
                return text.into();
            }
            out += line;
            out.push('\n');
        }
    }
    out
}

/// A page with its scripts and style sheets squeezed, and without comments and indentation.
pub fn page(text: &str) -> String {
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(at) = rest.find('<') {
        out += &unindented(&rest[..at]);
        rest = &rest[at..];
        if rest.starts_with("<!--") {
            rest = rest.split_once("-->").map_or("", |(_, behind)| behind);
            continue;
        }
        let end = rest.find('>').map_or(rest.len(), |end| end + 1);
        let (tag, behind) = rest.split_at(end);
        out += tag;
        rest = behind;
        for (name, closing, squeeze) in [
            ("<script", "</script>", script as fn(&str) -> String),
            ("<style", "</style>", style),
        ] {
            if tag.starts_with(name) {
                let inner = rest.find(closing).unwrap_or(rest.len());
                out += squeeze(&rest[..inner]).trim();
                rest = &rest[inner..];
            }
        }
    }
    out + rest
}

/// Text between elements: a line break with the spaces around it becomes one line break.
fn unindented(text: &str) -> String {
    let mut lines = text.split('\n');
    let first = lines.next().unwrap_or_default();
    let mut out = first.to_owned();
    for line in lines {
        out.truncate(out.trim_end().len());
        out.push('\n');
        out += line.trim_start();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_style_sheet_keeps_what_a_browser_reads() {
        let sheet = "/* why */\n.a > .b,\n.c :hover {\n  color: red;\n  width: calc(1px + 2px);\n}\n\
            @media (width > 60px) and (height: 3px) {\n  .d::after { content: \"a { b : /* c\"; }\n}\n";
        assert_eq!(
            style(sheet),
            ".a>.b,.c :hover{color:red;width:calc(1px + 2px)}\
             @media (width>60px) and (height:3px){.d::after{content:\"a { b : /* c\"}}"
        );
        assert_eq!(style(""), "");
        assert_eq!(style("a{} /* no end"), "a{}");
    }

    #[test]
    fn a_script_keeps_its_lines_of_code() {
        let text = "/**\n * why\n */\nlet a = 1; // here\n\n    // how\n    f(`it ${a}`)\n/* one */\n/* a */ g()\n";
        assert_eq!(
            script(text),
            "let a = 1; // here\nf(`it ${a}`)\n/* a */ g()\n"
        );
        let over_lines = "f(`one\n    two`)\n";
        assert_eq!(script(over_lines), over_lines);
    }

    #[test]
    fn a_page_keeps_its_elements_and_their_words() {
        let text = "<!doctype html>\n<head>\n  <style type=\"a\">\n    a { b: c; }\n  </style>\n  \
            <!-- why -->\n  <script>\n    // how\n    f(\"<b>\")\n  </script>\n</head>\n<p>one <b>two</b>\n  \
            three</p>";
        assert_eq!(
            page(text),
            "<!doctype html>\n<head>\n<style type=\"a\">a{b:c}</style>\n\n<script>f(\"<b>\")</script>\n\
             </head>\n<p>one <b>two</b>\nthree</p>"
        );
    }
}
