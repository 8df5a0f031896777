//! Merges the lines of a hunt: what several machines found becomes what one would have found.

use super::{Part, Parts, Texts};
use crate::arguments::Given;
use crate::hunt::{Catches, Line, Origin};
use crate::output::Output;
use crate::verdict::warn_unbroken;
use crate::{BROKEN, Outcome};

/// The command that writes these lines.
pub const COMMAND: &str = Line::COMMAND;

impl Part for Line {
    type Origin = Origin;
    const COMMAND: &str = "hunt";

    fn parse(text: &str) -> Outcome<(Self, Origin)> {
        let line = Self::parse(text)?;
        let origin = line.origin.clone();
        Ok((line, origin))
    }

    fn number(&self) -> u64 {
        self.seed
    }

    fn difference((first, before): (&Origin, &str), (other, place): (&Origin, &str)) -> String {
        let name = |origin: &Origin| match &origin.scenario {
            Some(scenario) => format!("{}/{scenario}", origin.protocol),
            None => origin.protocol.clone(),
        };
        if name(first) == name(other) {
            return format!(
                "{place} comes from another hunt than {before}: settings, invariant, budget, end or \
                 version differ"
            );
        }
        let (first, other) = (name(first), name(other));
        format!("{place} is of a hunt on {other}, but {before} is of one on {first}")
    }
}

/// Prints what `faultline hunt --json` prints for all seeds of these lines.
///
/// # Errors
/// One sentence that says which lines do not fit together.
pub fn merge(texts: &Texts, given: &Given, out: &mut Output) -> Outcome<u8> {
    let (origin, lines) = Parts::<Line>::of(texts, given)?;
    let mut catches = Catches::default();
    for line in lines {
        catches.add(line);
    }
    // Each part of a hunt shows the first runs that broke an invariant, so these lines were taken out.
    if let Some(invariant) = catches.unshown() {
        return Err(format!(
            "no line shows how `{invariant}` breaks: the first seeds that broke it are missing; add \
             their lines"
        ));
    }
    out.line(&catches.json(&origin).to_string())?;
    if let Some(sentence) = catches.cut_sentence() {
        eprintln!("faultline: {sentence}");
    }
    let expected = given.value("--expect-violation");
    let code = catches.code(expected);
    if let (Some(expected), BROKEN) = (expected, code) {
        warn_unbroken(expected, "in all these runs");
    }
    Ok(code)
}
