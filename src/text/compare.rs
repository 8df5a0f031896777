//! The words of runs kept and compared.

use faultline_sim::descriptor::Preset;
use faultline_sim::fairness::Fairness;
use faultline_sim::frame::ProbeFrame;
use faultline_sim::time::Time;
use faultline_sim::timeline::Difference;

use super::{instant, node};

pub const COMPARE: &str = "Compare";
pub const STOP: &str = "One run";
pub const CLOSED: &str = "One run again. The other one is kept.";
pub const MIRROR: &str = "Mirror faults";
pub const MIRROR_SHORT: &str = "Mirror";
pub const MIRROR_ABOUT: &str =
    "What you do in one run is done in the other at the same instant (M)";
pub const MAKE_FAIR: &str = "Make fair";
pub const NO_DIFFERENCE: &str = "No difference so far";
pub const NO_DIFFERENCE_SHORT: &str = "Same so far";
pub const RUNS: &str = "Runs";
pub const KEPT: &str = "Kept futures";
pub const BRING_BACK: &str = "Take that back";
pub const OTHER: &str = "Change";
pub const WITH: &str = "Compare with";
pub const RULES: &str = "One rule changed";
pub const PRESETS: &str = "Another preset";
pub const SEED: &str = "Another seed";
pub const SEED_ABOUT: &str = "The same in all but chance";
pub const LIBRARY: &str = "Another system";
pub const KEPT_RUNS: &str = "A kept run";
pub const SYSTEM: &str = "System and scenario";
pub const SIDE_BY_SIDE: &str = "Set beside";
pub const SAME: &str = "same";

/// A run by its letter: "run A", or with the person's name "run A (no guard)".
#[must_use]
pub fn run(letter: char, name: Option<&str>) -> String {
    match name {
        Some(name) => format!("run {letter} ({name})"),
        None => format!("run {letter}"),
    }
}

/// What a run runs: "Bully election: Textbook, over a network".
#[must_use]
pub fn about(protocol: &str, preset: &Preset) -> String {
    format!("{protocol}: {}", preset.title)
}

/// The same with the rules that stand otherwise than in the run beside it first: on a narrow stage
/// the end is cut.
#[must_use]
pub fn ruled(about: String, rules: &[(&str, bool)]) -> String {
    let word = |on: bool| if on { "on" } else { "off" };
    let rules = rules
        .iter()
        .map(|(name, on)| format!("{name} {}", word(*on)));
    let rules: Vec<String> = rules.collect();
    if rules.is_empty() {
        about
    } else {
        format!("{} · {about}", rules.join(", "))
    }
}

/// A sentence about one of two runs.
#[must_use]
pub fn of_run(letter: char, sentence: &str) -> String {
    format!("Run {letter}: {sentence}")
}

/// After an act in the past.
#[must_use]
pub fn forked(at: Time, from: char, to: char) -> String {
    let at = instant(at);
    format!("Forked at {at}. Run {from} is kept; this is run {to}.")
}

#[must_use]
pub fn deleted(name: &str) -> String {
    format!("Deleted {name}.")
}

/// There is room for four.
#[must_use]
pub fn replaced(letter: char) -> String {
    format!("The old run {letter} made room: there is room for four.")
}

#[must_use]
pub fn brought_back(name: &str) -> String {
    format!("The old {name} is there again.")
}

#[must_use]
pub fn opened(here: &str, beside: &str) -> String {
    format!("Comparing {here} with {beside}, at the same instant.")
}

#[must_use]
pub fn shown(name: &str) -> String {
    format!("Showing {name}, at the same instant.")
}

#[must_use]
pub fn mirrors(on: bool) -> &'static str {
    if on {
        "Faults are mirrored: what you do in one run is done in both."
    } else {
        "Faults are not mirrored: each run is acted on alone."
    }
}

/// A mirrored fault has no counterpart.
#[must_use]
pub fn unmatched(name: &str, why: &str) -> String {
    format!("Not repeated in {name}: {}.", why.trim_end_matches('.'))
}

/// A mirrored fault for a message that is not on its way in the other run.
#[must_use]
pub fn lies_in_wait(name: &str, address: &str) -> String {
    format!("In {name} there is no message {address} now: the fault waits for it.")
}

/// What making a fair test had to leave out.
#[must_use]
pub fn left_out(commands: &[String]) -> Option<String> {
    let all = commands.join(", ");
    (!commands.is_empty()).then(|| format!("Without counterpart there, so left out: {all}."))
}

#[must_use]
pub fn made_fair(still: bool) -> &'static str {
    if still {
        "As alike as can be: what still differs belongs to the scenarios."
    } else {
        "A fair test now: seed, load and faults are the same."
    }
}

/// Where two runs part: "First difference at 4.20 s, node 5".
#[must_use]
pub fn difference(found: &Difference) -> String {
    let at = instant(found.time);
    match found.node() {
        Some(id) => format!("First difference at {at}, {}", node(id)),
        None => format!("First difference at {at}"),
    }
}

/// Why two runs are no fair test; none if they are one.
#[must_use]
pub fn unfair(fairness: &Fairness) -> Option<String> {
    if !fairness.is_unfair() {
        return None;
    }
    Some(format!("Not a fair test: {}", things(fairness)))
}

/// The one thing that differs beside the rules, where it is what is compared.
#[must_use]
pub fn one_thing(fairness: &Fairness) -> Option<String> {
    let things = things(fairness);
    (!fairness.is_unfair() && !things.is_empty()).then(|| format!("All the same but: {things}"))
}

fn things(fairness: &Fairness) -> String {
    let parts = [
        (fairness.seed, "seeds"),
        (fairness.requests, "requests"),
        (fairness.faults, "faults"),
        (fairness.network, "links"),
    ];
    let mut words: Vec<String> = parts
        .iter()
        .filter(|(differs, _)| *differs)
        .map(|(_, word)| (*word).to_owned())
        .collect();
    words.extend(fairness.settings.iter().map(|title| format!("“{title}”")));
    match words.as_slice() {
        [] => String::new(),
        [one] => format!("{one} differ"),
        [most @ .., last] => format!("{} and {last} differ", most.join(", ")),
    }
}

/// A run in one number: "lost 3".
#[must_use]
pub fn score(name: &str, value: f64, unit: &str) -> String {
    let value = short(value);
    let gap = if unit.is_empty() { "" } else { " " };
    format!("{name} {value}{gap}{unit}")
}

/// A number with as many digits as help.
#[must_use]
pub fn short(value: f64) -> String {
    if value.fract() == 0.0 {
        format!("{value:.0}")
    } else {
        format!("{value:.1}")
    }
}

/// How much more the second run has: "+3", "−1.5", "same".
#[must_use]
pub fn delta(first: Option<&ProbeFrame>, second: Option<&ProbeFrame>) -> String {
    let value = |probe: Option<&ProbeFrame>| probe.and_then(|probe| probe.value);
    match (value(first), value(second)) {
        (Some(a), Some(b)) if a == b => SAME.into(),
        (Some(a), Some(b)) if b > a => format!("+{}", short(b - a)),
        (Some(a), Some(b)) => format!("−{}", short(a - b)),
        _ => "–".into(),
    }
}

/// A node's name with what is known of its twin.
#[must_use]
pub fn differs(name: &str) -> String {
    format!("{name}, differs from the other run")
}

/// What a letter's button does.
#[must_use]
pub fn go_to(name: &str) -> String {
    format!("Go to {name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_unfair_is_named() {
        let mut fairness = Fairness {
            seed: true,
            faults: true,
            ..Fairness::default()
        };
        let said = unfair(&fairness).unwrap();
        assert_eq!(said, "Not a fair test: seeds and faults differ");
        fairness.seed = false;
        assert_eq!(unfair(&fairness), None, "the faults are what is compared");
        assert_eq!(
            one_thing(&fairness).unwrap(),
            "All the same but: faults differ"
        );
        fairness.rules = true;
        assert_eq!(unfair(&fairness).unwrap(), "Not a fair test: faults differ");
    }

    #[test]
    fn differences_carry_a_sign() {
        let probe = |value| ProbeFrame {
            name: "",
            title: "",
            unit: "",
            value,
        };
        let delta = |a, b| delta(Some(&probe(a)), Some(&probe(b)));
        assert_eq!(delta(Some(1.0), Some(4.0)), "+3");
        assert_eq!(delta(Some(4.0), Some(2.5)), "−1.5");
        assert_eq!(delta(Some(2.0), Some(2.0)), "same");
        assert_eq!(delta(None, Some(2.0)), "–");
    }
}
