//! Regular expressions with the meaning that they have in browsers, with the flags `g` and `m`.

use faultline_sim::shiviz::{Found, Pattern, group_names};
use regex_lite::{Regex, RegexBuilder};

use crate::Outcome;

/// A compiled expression.
pub struct Expression {
    regex: Regex,
    names: Vec<String>,
}

impl Expression {
    /// Compiles an expression; `what` names it in the error message.
    pub fn new(what: &str, text: &str) -> Outcome<Self> {
        let built = RegexBuilder::new(&translated(text))
            .multi_line(true)
            .build();
        let regex = built.map_err(|why| {
            let hint = if text.contains("(?=") || text.contains("(?!") || text.contains("(?<!") {
                "; look-ahead and look-behind are not supported"
            } else {
                ""
            };
            format!("the {what} `{text}` is not a regular expression: {why}{hint}")
        })?;
        Ok(Self {
            regex,
            names: group_names(text),
        })
    }
}

impl Pattern for Expression {
    fn matches(&self, text: &str) -> Vec<Found> {
        let all = self.regex.captures_iter(text).map(|captures| {
            let whole = captures.get(0).expect("a match has a place");
            let group = |name: &String| {
                let found = captures.name(name)?;
                Some((name.clone(), found.as_str().to_owned()))
            };
            Found {
                start: whole.start(),
                end: whole.end(),
                groups: self.names.iter().filter_map(group).collect(),
            }
        });
        all.collect()
    }
}

/// The characters that a dot matches in a browser.
const DOT: &str = r"[^\n\r\u{2028}\u{2029}]";

/// The same expression for this engine: escapes characters that a browser takes literally.
fn translated(text: &str) -> String {
    let mut out = String::new();
    let mut in_class = false;
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let (taken, said) = match letter {
            '\\' => escape(rest),
            '[' if rest.starts_with("[^]") && !in_class => (3, r"[\s\S]".into()),
            '[' if rest.starts_with("[]") && !in_class => (2, r"[^\s\S]".into()),
            '[' if !in_class => {
                in_class = true;
                (1, "[".into())
            }
            '[' | '&' | '~' if in_class => (1, format!("\\{letter}")),
            ']' if in_class => {
                in_class = false;
                (1, "]".into())
            }
            _ if in_class => (letter.len_utf8(), letter.into()),
            '.' => (1, DOT.into()),
            '{' => match counts(rest) {
                Some(len) => (len, rest[..len].into()),
                None => (1, r"\{".into()),
            },
            '}' | ']' => (1, format!("\\{letter}")),
            _ => (letter.len_utf8(), letter.into()),
        };
        out.push_str(&said);
        rest = &rest[taken..];
    }
    out
}

/// A backslash and what it escapes.
fn escape(text: &str) -> (usize, String) {
    let Some(next) = text[1..].chars().next() else {
        return (1, text.into());
    };
    let len = 1 + next.len_utf8();
    let said = match next {
        '0' => r"\x00".into(),
        'd'
        | 'D'
        | 'w'
        | 'W'
        | 's'
        | 'S'
        | 'b'
        | 'B'
        | 'n'
        | 'r'
        | 't'
        | 'f'
        | 'v'
        | 'x'
        | 'u'
        | 'k'
        | '1'..='9' => text[..len].into(),
        next if next.is_ascii_punctuation() && !matches!(next, '<' | '>') => text[..len].into(),
        // Any other character matches itself.
        next => next.into(),
    };
    (len, said)
}

/// The length of a quantifier such as `{1,3}`, if there is one.
fn counts(text: &str) -> Option<usize> {
    let end = text.find('}')?;
    let (least, most) = text[1..end].split_once(',').unwrap_or((&text[1..end], ""));
    let digits = |word: &str| word.chars().all(|c| c.is_ascii_digit());
    (!least.is_empty() && digits(least) && digits(most)).then_some(end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use faultline_sim::shiviz::{DEFAULT_PARSER, GOVECTOR_PARSER, HostLine};

    fn found(expression: &str, text: &str) -> Vec<String> {
        let expression = Expression::new("parser", expression).unwrap();
        let all = expression.matches(text);
        all.iter()
            .map(|f| text[f.start..f.end].to_owned())
            .collect()
    }

    #[test]
    fn expressions_mean_what_they_mean_in_a_browser() {
        assert_eq!(found(r"{.*}", "a {\"x\":1} b"), ["{\"x\":1}"]);
        assert_eq!(
            found(r"^=== (?<trace>.*) ===$", "a\n=== b c ===\nd"),
            ["=== b c ==="]
        );
        assert_eq!(
            found(r"(\d{1,3}\.){3}\d{1,3}", "to 10.0.0.17!"),
            ["10.0.0.17"]
        );
        assert_eq!(found(r"[^ [&]+\/}", "x ab/} [c/}"), ["ab/}", "c/}"]);
        assert_eq!(found(r"a.b", "a\rb a\u{2028}b a-b"), ["a-b"]);
        assert_eq!(found(r"x{,2}", "xx x{,2}"), ["x{,2}"]);
        assert_eq!(found(r"[^]b[]?", "\nb"), ["\nb"]);
        assert_eq!(found(r"\w+", "näher"), ["n", "her"]);
    }

    #[test]
    fn what_is_not_known_here_is_said() {
        let refused = |text: &str| Expression::new("parser", text).err().unwrap();
        assert!(refused("(a").contains("`(a` is not a regular expression"));
        assert!(refused("(?=a)").contains("ahead"));
    }

    #[test]
    fn the_usual_parsers_find_the_same_without_an_engine() {
        let logs = [
            "one\na {\"a\":1}\ntwo\na {\"a\":2, \"b\":{}} tail\nb {\"b\":1}\n\nthree\n c {\"c\":1}\n",
            "a {\"a\":1}\none\n[x] b {\"b\":1} \nno\n  c {\"c\":1}\nthree\rfour\nd {}\nend",
            "{}\n{} {}\n {}\n\u{2028}x\na {1}{2} }\n\n\na  {b}\nc {d}",
        ];
        for (parser, plain) in [
            (DEFAULT_PARSER, HostLine::BelowText),
            (GOVECTOR_PARSER, HostLine::AboveText),
        ] {
            let engine = Expression::new("parser", parser).unwrap();
            for log in logs {
                let sorted = |mut all: Vec<Found>| {
                    all.iter_mut().for_each(|found| found.groups.sort());
                    all
                };
                assert_eq!(
                    sorted(plain.matches(log)),
                    sorted(engine.matches(log)),
                    "{plain:?}: {log:?}"
                );
            }
        }
    }
}
