//! The form of a log: as the person says, else as its first two lines say, else the usual one.

use super::pattern::{DEFAULT_PARSER, GOVECTOR_PARSER, HostLine, Pattern};
use super::read::{Refusal, read, split_head};
use super::{Execution, check_parser};

/// Makes a pattern of what it is (`parser` or `delimiter`) and its regular expression, or says why it
/// is none.
pub type Compile<'e> = dyn Fn(&str, &str) -> Result<Box<dyn Pattern>, String> + 'e;

/// What a person says about the form of a log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Form<'t> {
    /// The parser; what the log says, if none.
    pub parser: Option<&'t str>,
    /// The delimiter, empty for no delimiter; what the log says, if none.
    pub delimiter: Option<&'t str>,
}

/// Whether a text can be a log: some line has a clock, and it is not the only line.
#[must_use]
pub fn looks_like_log(text: &str) -> bool {
    let text = text.trim();
    let clock = |line: &str| {
        let open = line.find('{');
        open.is_some_and(|open| line[open..].contains('}'))
    };
    text.contains('\n') && text.lines().any(clock)
}

/// The usual parser that finds more events in a text: where texts stand below their hosts, ShiViz's
/// own one misses the first event, and the other way round.
#[must_use]
pub fn usual_parser(text: &str) -> &'static str {
    let below = HostLine::BelowText.matches(text).len();
    if HostLine::AboveText.matches(text).len() > below {
        GOVECTOR_PARSER
    } else {
        DEFAULT_PARSER
    }
}

/// Reads a log of this form. Only other expressions than the usual parsers have to be compiled.
///
/// # Errors
/// The first line that breaks a rule, and how.
pub fn read_as(
    text: &str,
    form: Form<'_>,
    compile: &Compile<'_>,
) -> Result<Vec<Execution>, Refusal> {
    let head = split_head(text);
    let log = head.as_ref().map_or(text, |head| head.log.as_str());
    let (parser, own) = match (form.parser, &head) {
        (Some(parser), _) => (parser, ""),
        (None, Some(head)) => (head.parser, head.delimiter),
        (None, None) => (usual_parser(text), ""),
    };
    // What the person wrote is on no line of the log.
    let of_log = form.parser.is_none() && head.is_some();
    let line = |of_head| if of_log { of_head } else { 0 };
    let refuse = |line| move |reason| Refusal { line, reason };
    check_parser(parser).map_err(refuse(line(1)))?;
    let pattern: Box<dyn Pattern> = match parser {
        DEFAULT_PARSER => Box::new(HostLine::BelowText),
        GOVECTOR_PARSER => Box::new(HostLine::AboveText),
        other => compile("parser", other).map_err(refuse(line(1)))?,
    };
    let delimiter = match form.delimiter.unwrap_or(own) {
        "" => None,
        other => {
            let line = if form.delimiter.is_some() { 0 } else { line(2) };
            Some(compile("delimiter", other).map_err(refuse(line))?)
        }
    };
    read(log, pattern.as_ref(), delimiter.as_deref())
}
