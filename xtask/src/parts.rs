//! Checks that the division of the page is up to date (docs/decisions/0005).
//!
//! `xtask/split/first.txt` names the early functions. As the page changes, functions are renamed or
//! removed, and the list becomes stale. That costs time but not correctness, so a build continues with
//! a note, and the tests fail. A browser test finds what the list lacks (tests/e2e/parts.test.mjs).

use serde_json::Value as Json;

use crate::Outcome;
use crate::project::{self, Project};

/// The report of xtask/split about a division.
const REPORT: &str = "parts.json";
/// This share of the recorded functions may be missing, in percent: the compiler inlines functions as
/// it likes, and a small change of the page should not require a new recording.
const MOST_GONE: u64 = 10;

/// Fails if the list of early functions is stale for the page that was built last.
pub fn check(project: &Project) -> Outcome {
    let text = project::read(&project.target.join(REPORT))?;
    judge(&text)
}

fn judge(report: &str) -> Outcome {
    let report: Json = serde_json::from_str(report).map_err(|e| format!("{REPORT}: {e}"))?;
    let (recorded, gone) = (report["recorded"].as_u64(), report["gone"].as_u64());
    let (Some(recorded), Some(gone)) = (recorded, gone) else {
        return Err(format!(
            "{REPORT} does not say how many functions were recorded"
        ));
    };
    if gone * 100 > recorded * MOST_GONE {
        return Err(format!(
            "xtask/split/first.txt is stale: {gone} of the {recorded} early functions that it names \
             are no longer in the page. Run `cargo xtask first` and commit the new list"
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::judge;

    #[test]
    fn a_stale_list_names_the_command_to_run() {
        assert_eq!(judge(r#"{"recorded": 2000, "gone": 200}"#), Ok(()));
        let stale = judge(r#"{"recorded": 2000, "gone": 201}"#).unwrap_err();
        assert!(
            stale.contains("201 of the 2000") && stale.contains("`cargo xtask first`"),
            "{stale}"
        );
        assert!(judge("{}").is_err() && judge("").is_err());
    }
}
