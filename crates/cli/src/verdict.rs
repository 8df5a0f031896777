//! The state of a run's invariants at its end, and the exit code.

use faultline_sim::frame::Light;
use faultline_sim::invariant::Expectation;
use faultline_sim::world::World;
use serde_json::{Value as Json, json};

use crate::{BROKEN, CUT, FINE};

/// An invariant at the end of a run.
pub struct Verdict {
    pub name: &'static str,
    pub title: &'static str,
    pub kind: Expectation,
    pub light: Light,
}

/// Judges a finished run. It decides what must be true by the end. What must be true in some run of
/// many is either seen or open.
pub fn judge(world: &World) -> Vec<Verdict> {
    let verdicts = world.verdicts(true).into_iter();
    verdicts
        .map(|verdict| Verdict {
            name: verdict.name,
            title: verdict.title,
            kind: verdict.kind,
            light: verdict.light,
        })
        .collect()
}

impl Verdict {
    /// Why it is broken.
    pub fn broken(&self) -> Option<&str> {
        match &self.light {
            Light::Broken { reason, .. } => Some(reason),
            _ => None,
        }
    }

    /// Why it is neither kept nor broken. Only a `Sometimes` invariant can be open.
    pub fn open(&self) -> Option<&str> {
        match &self.light {
            Light::NotYet(reason) => Some(reason),
            _ => None,
        }
    }

    /// `holds` is false exactly if the invariant is broken; an open one holds, but has a reason.
    pub fn json(&self) -> Json {
        let at = match &self.light {
            Light::Broken { at, .. } => Some(at.0),
            _ => None,
        };
        json!({
            "name": self.name,
            "kind": self.kind,
            "holds": self.broken().is_none(),
            "reason": self.broken().or(self.open()),
            "at_us": at,
        })
    }
}

/// The exit code, from whether a run was cut off, the broken invariants and the expected one. A run
/// that was cut off has no verdict: its end is not known, and what holds so far might break later.
pub fn exit_code<'n>(
    cut: bool,
    broken: impl IntoIterator<Item = &'n str>,
    expected: Option<&str>,
) -> u8 {
    let mut broken = broken.into_iter();
    let fine = match expected {
        _ if cut => return CUT,
        None => broken.next().is_none(),
        Some(expected) => broken.any(|name| name == expected),
    };
    if fine { FINE } else { BROKEN }
}

/// Warns on standard error that the expected invariant did not break.
pub fn warn_unbroken(expected: &str, where_: &str) {
    eprintln!("faultline: `{expected}` was expected to break, but holds {where_}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expected_violation_turns_the_code_round() {
        assert_eq!(exit_code(false, [], None), FINE);
        assert_eq!(exit_code(false, ["a"], None), BROKEN);
        assert_eq!(exit_code(false, ["a", "b"], Some("b")), FINE);
        assert_eq!(exit_code(false, ["a"], Some("b")), BROKEN);
        assert_eq!(exit_code(false, [], Some("b")), BROKEN);
    }

    #[test]
    fn a_cut_run_has_a_code_of_its_own() {
        for (broken, expected) in [(&[][..], None), (&["a"], None), (&["a"], Some("a"))] {
            assert_eq!(exit_code(true, broken.iter().copied(), expected), CUT);
        }
    }
}
