//! One reader for everything that a person may paste, drop or pick.

use crate::shiviz::looks_like_log;

use super::{Link, damaged, file, is_version, plain, too_much};

/// Bytes of a file. An exported run holds every record, so that it may be long.
const MOST_FILE: usize = 16 << 20;
/// Letters of `protocol/scenario`.
const LONGEST_NAME: usize = 80;

/// What was found in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opened {
    /// A run.
    Run(Box<Link>),
    /// A text that can be the log of another system: [`crate::shiviz::read_as`] reads it.
    Log(String),
}

/// The name in `/protocol/scenario`, as other pages write what stands behind `#`; none if the text is no such
/// route. Capitals and slashes too many are forgiven: people type these.
fn route(fragment: &str) -> Option<Result<String, String>> {
    let fragment = fragment.trim();
    if !fragment.starts_with('/') || fragment.contains('\n') || fragment.len() > LONGEST_NAME {
        return None;
    }
    let route = fragment.trim_matches('/').to_ascii_lowercase();
    let named = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '/';
    Some(if !route.is_empty() && route.chars().all(named) {
        Ok(route)
    } else {
        Err(format!(
            "There is no scenario `{fragment}`. Write `#/protocol/scenario` with the names from the \
             Library, or choose one there."
        ))
    })
}

/// Whether a text is what is left of a saved run: nobody would know what to do about a log's error.
fn torn(text: &str) -> bool {
    let words = [
        "\"faultline\":",
        "\"recipe\":",
        "\"scenario\":",
        "\"cursor\":",
    ];
    words.iter().filter(|word| text.contains(**word)).count() >= 2
}

/// Reads a link, the whole address of a page, the name of a scenario, the text of a `.run` file or an
/// exported run; and tells the log of another system apart from them.
///
/// # Errors
/// A sentence that says what is wrong and what to do.
pub fn opened(text: &str) -> Result<Opened, String> {
    read(text).map_err(plain)
}

fn read(text: &str) -> Result<Opened, String> {
    let text = text.trim_start_matches('\u{feff}').trim();
    let run = |link: Link| Ok(Opened::Run(Box::new(link)));
    if text.is_empty() {
        return Err(
            "There is nothing here: paste a link, the text of a .run file or a log.".into(),
        );
    }
    if text.len() > MOST_FILE {
        let long = text.len() >> 20;
        let most = MOST_FILE >> 20;
        return Err(format!(
            "This file has {long} MB, and {most} MB are read: save the run as a .run file."
        ));
    }
    if text.starts_with('{') || torn(text) {
        let link = file::from_text(text).map_err(|why| {
            format!(
                "This file is not a saved run: {}.",
                why.trim_end_matches('.')
            )
        })?;
        link.check().map_err(|why| too_much(&why))?;
        return run(link);
    }
    let behind = match text.split_once('#') {
        Some((address, fragment)) if !address.contains(char::is_whitespace) => fragment,
        _ => text,
    };
    if let Some(route) = route(behind) {
        return run(Link::named(&route?));
    }
    // A link that a letter has broken into lines is still a link; any other words can be a log's.
    let words = text.contains(char::is_whitespace);
    if looks_like_log(text) {
        return Ok(Opened::Log(text.into()));
    }
    let fragment = match text.split_once('#') {
        Some((_, fragment)) => fragment,
        None if text.contains("://") && !words => {
            return Err(
                "This address holds no run: the run stands behind `#`. Copy the whole address."
                    .into(),
            );
        }
        None => text,
    };
    let version = fragment.split_once('.').is_some_and(|(v, _)| is_version(v));
    let named = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '/';
    if version {
        run(Link::decode(fragment)?)
    } else if fragment.len() <= LONGEST_NAME && !fragment.is_empty() && fragment.chars().all(named)
    {
        run(Link::named(fragment))
    } else if words {
        Ok(Opened::Log(text.into()))
    } else {
        Err(damaged("it does not begin with v1."))
    }
}
