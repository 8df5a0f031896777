//! The words of the program beside a run.

use faultline_sim::process::NodeId;

pub const TITLE: &str = "The same as a program";
pub const COPY: &str = "Copy code";
pub const ABOUT: &str = "It runs in Node as it stands here, with this run's parameters, and prints what \
    the run as written does. ▶ is the line at work; − and + are what rules that are on have taken out \
    and brought in.";
pub const LISTING: &str = "Listing";
pub const ADDED: &str = "brought in: ";
pub const REMOVED: &str = "taken out: ";

pub const BESIDE: &str = "Hold it against";
pub const NO_OTHER: &str = "no other program";
pub const ONLY_HERE: &str = "only here: ";
pub const ONLY_THERE: &str = "only there: ";

/// What of a run the program does not speak of.
#[must_use]
pub fn left_out(what: &[String]) -> String {
    format!("Not in this program: {}.", what.join("; "))
}

/// How far two programs are apart.
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
