//! What finds events in a log. The kernel brings the usual forms of lines; an engine for regular
//! expressions is the caller's: the page has the browser's own, the command line a small library.

/// ShiViz's own parser: the text, and below it the host with its clock.
pub const DEFAULT_PARSER: &str = r"(?<event>.*)\n(?<host>\S*) (?<clock>{.*})";
/// The usual order of libraries that write such logs: the host with its clock, then the text.
pub const GOVECTOR_PARSER: &str = r"(?<host>\S*) (?<clock>{.*})\n(?<event>.*)";

/// One match.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Where it begins, in bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// Named groups that took part, with their texts.
    pub groups: Vec<(String, String)>,
}

impl Found {
    /// The text of a group; empty if it took no part.
    #[must_use]
    pub fn group(&self, name: &str) -> &str {
        let found = self.groups.iter().find(|(group, _)| group == name);
        found.map_or("", |(_, text)| text)
    }
}

/// Finds the matches of a regular expression.
pub trait Pattern {
    /// All matches in order, none overlapping, with the flags `g` and `m` of JavaScript.
    fn matches(&self, text: &str) -> Vec<Found>;
}

/// Whether a regular expression finds all that an event needs.
///
/// # Errors
/// One sentence naming the group that is missing.
pub fn check_parser(regex: &str) -> Result<(), String> {
    let names = group_names(regex);
    let missing = ["host", "clock", "event"]
        .into_iter()
        .find(|group| !names.iter().any(|name| name == group));
    missing.map_or(Ok(()), |group| {
        Err(format!(
            "the parser has no group `{group}`; it needs (?<host>…), (?<clock>…) and (?<event>…)"
        ))
    })
}

/// The names of the groups of a regular expression, in order.
#[must_use]
pub fn group_names(regex: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut rest = regex;
    while let Some(at) = rest.find("(?<") {
        let escaped = rest[..at].chars().rev().take_while(|c| *c == '\\').count() % 2 == 1;
        rest = &rest[at + 3..];
        let Some(end) = rest.find('>').filter(|_| !escaped) else {
            continue;
        };
        let name = &rest[..end];
        if !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_') {
            names.push(name.to_owned());
        }
    }
    names
}

/// The two parsers above without an engine: a host line and the text above or below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostLine {
    /// [`DEFAULT_PARSER`].
    BelowText,
    /// [`GOVECTOR_PARSER`].
    AboveText,
}

impl Pattern for HostLine {
    fn matches(&self, text: &str) -> Vec<Found> {
        let mut all = Vec::new();
        let mut at = 0;
        while let Some(end) = line_end(text, at) {
            let found = match self {
                HostLine::BelowText => {
                    let next = &text[end + 1..];
                    host_line(next).map(|(host, clock, len)| {
                        let start = at + visible(&text[at..end]);
                        (start, end + 1 + len, host, clock, &text[start..end])
                    })
                }
                HostLine::AboveText => clock_line(&text[at..end]).map(|(start, host, clock)| {
                    let below = text[end + 1..].split(ends_a_line).next().unwrap_or("");
                    (at + start, end + 1 + below.len(), host, clock, below)
                }),
            };
            let Some((start, stop, host, clock, event)) = found else {
                at = end + 1;
                continue;
            };
            let group = |name: &str, text: &str| (name.to_owned(), text.to_owned());
            all.push(Found {
                start,
                end: stop,
                groups: vec![
                    group("event", event),
                    group("host", host),
                    group("clock", clock),
                ],
            });
            at = stop;
        }
        all
    }
}

fn ends_a_line(letter: char) -> bool {
    matches!(letter, '\n' | '\r' | '\u{2028}' | '\u{2029}')
}

fn line_end(text: &str, from: usize) -> Option<usize> {
    text.get(from..)?.find('\n').map(|at| from + at)
}

/// Where the last stretch begins that a dot can match: no line ends inside.
fn visible(line: &str) -> usize {
    let last = line.char_indices().rfind(|(_, c)| ends_a_line(*c));
    last.map_or(0, |(at, letter)| at + letter.len_utf8())
}

/// A line that begins with a host, one blank and a clock: both, and where the clock ends.
fn host_line(text: &str) -> Option<(&str, &str, usize)> {
    let line = text.split(ends_a_line).next()?;
    let blank = line.find(char::is_whitespace)?;
    let clock = line[blank..].strip_prefix(" {")?;
    let end = blank + 2 + clock.rfind('}')? + 1;
    Some((&line[..blank], &line[blank + 1..end], end))
}

/// A line that ends with a host, one blank and a clock: where they begin, and both.
fn clock_line(line: &str) -> Option<(usize, &str, &str)> {
    let blank = visible(line) + line[visible(line)..].find(" {")?;
    let start = line[..blank].rfind(char::is_whitespace);
    let start = start.map_or(0, |at| {
        at + line[at..].chars().next().map_or(0, char::len_utf8)
    });
    let clock = &line[blank + 1..];
    clock
        .ends_with('}')
        .then_some((start, &line[start..blank], clock))
}
