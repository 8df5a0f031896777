//! Words for the program beside a run.

use faultline_sim::process::NodeId;

pub const TITLE: &str = "Code";
pub const COPY: &str = "Copy code";
pub const ABOUT: &str = "This program runs in Node.js with this run's parameters and behaves like the run. \
    ▶ marks the current line. − and + mark lines that a rule removes or adds.";
pub const LISTING: &str = "Listing";
pub const ADDED: &str = "added: ";
pub const REMOVED: &str = "removed: ";

pub const BESIDE: &str = "Compare with";
pub const NO_OTHER: &str = "no other program";
pub const ONLY_HERE: &str = "only here: ";
pub const ONLY_THERE: &str = "only there: ";

pub const PASTED: &str = "Pasted from the source of a web page";
pub const PASTED_ASK: &str = "In the source of a page, the sign < is written &lt;. Some texts show programs \
    like that. Will this program run if you paste it so?";
pub const RUNS: &str = "It runs";
pub const RUNS_NOT: &str = "It does not run";
pub const PASTED_WHY: &str = "JavaScript reads & as an operator and lt as a name, and the ; ends the statement \
    too early. \"Copy code\" copies the real signs.";

/// What becomes of a program with `&lt;` in place of <; `line`: the first one with it.
#[must_use]
pub fn pasted(guess: bool, line: Option<usize>) -> String {
    let said = if guess { RUNS } else { RUNS_NOT };
    match line {
        Some(line) => {
            format!("You said: {said}. It does not run: line {line} is no JavaScript any more.")
        }
        None => format!("You said: {said}. It runs: no line has the sign <."),
    }
}

/// Parts of the run that the program leaves out.
#[must_use]
pub fn left_out(what: &[String]) -> String {
    format!("Not in this program: {}.", what.join("; "))
}

/// How many lines of two programs differ.
#[must_use]
pub fn lines_differ(lines: usize, other: &str) -> String {
    let s = if lines == 1 { "" } else { "s" };
    let verb = if lines == 1 { "differs" } else { "differ" };
    format!(
        "{lines} line{s} {verb} from \u{201c}{other}\u{201d}: + only here, \u{2212} only there."
    )
}

/// Whose variables are shown.
#[must_use]
pub fn values_at(node: NodeId) -> String {
    format!("At node {}", node.0)
}
