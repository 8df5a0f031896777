//! Words of a curve over many runs.

use faultline_sim::process::NodeId;

use super::measured::{amount, short};
use super::{capital, counted, node};

/// The button beside a probe.
pub const CURVE: &str = "Curve";
pub const ALONG: &str = "Along";
pub const SEEDS: &str = "Seeds";
pub const CRASHES: &str = "One crash: who and when";
pub const FROM_EVENT: &str = "From event";
pub const TO_EVENT: &str = "To event";
pub const AFTER_EVENT: &str = "crash after event";
pub const WHOLE_EVENTS: &str = "Write events as whole numbers, the larger one last.";
pub const BROKEN: &str = "✕";
pub const FROM: &str = "From";
pub const TO: &str = "To";
pub const STEP: &str = "Step";
pub const EACH: &str = "Seeds each";
pub const WITH_FAULTS: &str = "With my faults";
pub const MEASURE: &str = "Measure";
pub const STOP: &str = "Stop";
pub const CLOSE: &str = "Close";
pub const OPEN: &str = "Open this run";
pub const SEED: &str = "Seed";
pub const MEAN: &str = "Mean";
pub const LOWEST: &str = "Lowest";
pub const HIGHEST: &str = "Highest";
pub const TABLE: &str = "Table";
/// The name of the drawing, which is moved in with the arrow keys.
pub const RUNS: &str = "Measured runs. Arrow keys choose one, Enter opens it";
pub const IN_PAGE: &str = "This browser cannot start a worker. The page measures between pictures.";
pub const WHOLE_SEEDS: &str = "Write seeds as whole numbers, the larger one last.";
pub const AT_LEAST_ONE: &str = "Use at least 1 seed for each value.";
pub const NO_VALUE: &str = "no value";

/// What the button beside a probe opens.
#[must_use]
pub fn curve_of(title: &str) -> String {
    format!("{CURVE}: {title}")
}

/// The heading of the form.
#[must_use]
pub fn heading(title: &str) -> String {
    format!("{title} in many runs")
}

/// How long each run is.
#[must_use]
pub fn lasts(length: &str) -> String {
    format!("Each run lasts {length} of simulated time.")
}

/// A value of a parameter: "Nodes 5", "Timeout 500 ms".
#[must_use]
pub fn value_of(title: &str, unit: &str, value: f64) -> String {
    let same = title.eq_ignore_ascii_case(unit);
    let unit = if same { "" } else { unit };
    format!("{title} {}", amount(value, unit))
}

/// One run and what was read: "Nodes 5, seed 3: 62 messages".
#[must_use]
pub fn run(value: Option<&str>, seed: u64, read: Option<f64>, unit: &str) -> String {
    let read = read.map_or_else(|| NO_VALUE.to_owned(), |read| amount(read, unit));
    match value {
        Some(value) => format!("{value}, seed {seed}: {read}"),
        None => format!("{SEED} {seed}: {read}"),
    }
}

/// The run in which nobody crashes.
#[must_use]
pub fn without_crash(read: Option<f64>, unit: &str) -> String {
    format!("Without a crash: {}.", reading(read, unit))
}

/// "Node 2 crashes after event 7: 1 node"
#[must_use]
pub fn crash(
    id: NodeId,
    after: u64,
    read: Option<f64>,
    unit: &str,
    broken: Option<&str>,
) -> String {
    let broken = broken.map_or_else(String::new, |why| format!(". {}", capital(why)));
    let read = reading(read, unit);
    format!(
        "{} crashes after event {after}: {read}{broken}",
        capital(&node(id))
    )
}

/// As in the cell, with its unit.
fn reading(read: Option<f64>, unit: &str) -> String {
    if let Some(read) = read.filter(|read| read.fract() != 0.0) {
        return format!("{} {unit}", short(read));
    }
    read.map_or_else(|| NO_VALUE.to_owned(), |read| amount(read, unit))
}

/// More runs than the page measures.
#[must_use]
pub fn too_many(runs: usize, most: usize) -> String {
    format!(
        "That is {runs} runs; the page measures at most {most}. Use a larger step or fewer seeds."
    )
}

/// Runs that have nothing to show.
#[must_use]
pub fn without_value(runs: usize) -> String {
    let verb = if runs == 1 { "has" } else { "have" };
    format!(
        "{} {verb} no value at the end.",
        counted(runs as u64, "run", "runs")
    )
}

/// Runs that could not be made or were cut off, and why the first was.
#[must_use]
pub fn refused(runs: usize, why: &str) -> String {
    let count = counted(runs as u64, "run is", "runs are");
    let why = capital(why.trim_end_matches('.'));
    format!("{count} missing. {why}.")
}

/// The work ended early.
#[must_use]
pub fn failed(why: &str) -> String {
    match why {
        "" => "The measurement stopped. Measure again.".to_owned(),
        why => format!("The measurement stopped: {why}. Measure again."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_named_by_its_value_and_seed() {
        assert_eq!(
            run(
                Some(&value_of("Nodes", "nodes", 5.0)),
                3,
                Some(62.0),
                "messages"
            ),
            "Nodes 5, seed 3: 62 messages"
        );
        assert_eq!(value_of("Timeout", "ms", 500.0), "Timeout 500 ms");
        assert_eq!(run(None, 3, None, "ms"), "Seed 3: no value");
        let crash = |read| crash(NodeId(1), 7, read, "s", None);
        assert_eq!(crash(Some(8.5)), "Node 1 crashes after event 7: 8.5 s");
        assert_eq!(crash(None), "Node 1 crashes after event 7: no value");
        assert_eq!(without_value(1), "1 run has no value at the end.");
        assert_eq!(
            refused(2, "there is no n5"),
            "2 runs are missing. There is no n5."
        );
    }
}
