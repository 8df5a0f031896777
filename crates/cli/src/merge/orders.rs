//! Merges the parts of an exhaustive hunt: what several machines found becomes what one would have found.

use super::{Part as Mergeable, Parts, Texts};
use crate::arguments::Given;
use crate::hunt::orders::{Origin, Part, summary};
use crate::output::Output;
use crate::verdict::{exit_code, warn_unbroken};
use crate::{BROKEN, Outcome};

/// The command that writes these lines.
pub const COMMAND: &str = Part::COMMAND;

impl Mergeable for Part {
    type Origin = Origin;
    const COMMAND: &str = "orders";
    const NUMBER: &str = "part";

    fn parse(text: &str) -> Outcome<(Self, Origin)> {
        let part = Self::parse(text)?;
        let origin = part.origin.clone();
        Ok((part, origin))
    }

    fn number(&self) -> u64 {
        u64::from(self.part)
    }

    fn difference((first, before): (&Origin, &str), (other, place): (&Origin, &str)) -> String {
        let what = match (first.parts == other.parts, first.scenario == other.scenario) {
            (_, false) => "another scenario",
            (false, _) => "another number of parts",
            _ => "other settings, bounds, invariant or version",
        };
        format!("{place} comes from a hunt with {what} than {before}")
    }
}

/// Prints what `faultline hunt --exhaustive --json` prints without `--part`.
///
/// # Errors
/// One sentence that says which parts do not fit together, or are missing.
pub fn merge(texts: &Texts, given: &Given, out: &mut Output) -> Outcome<u8> {
    let (origin, parts) = Parts::<Part>::of(texts, given)?;
    let there = |number: &u32| parts.iter().any(|part| part.part == *number);
    let missing: Vec<String> = (1..=origin.parts)
        .filter(|number| !there(number))
        .map(|number| number.to_string())
        .collect();
    if !missing.is_empty() {
        return Err(format!(
            "of {} parts these are missing: {}; without them nothing is known",
            origin.parts,
            missing.join(", ")
        ));
    }
    out.line(&summary(&parts).to_string())?;
    let found = parts.iter().filter_map(|part| part.found.as_ref());
    let broken: Vec<&str> = found.map(|found| found.invariant.as_str()).collect();
    let whole = parts.iter().all(Part::is_whole);
    let expected = given.value("--expect-violation");
    let code = exit_code(broken.is_empty() && !whole, broken, expected);
    if let (Some(expected), BROKEN) = (expected, code) {
        warn_unbroken(expected, "within these bounds");
    }
    Ok(code)
}
