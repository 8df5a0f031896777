//! Words for keeping and comparing runs.

use faultline_sim::descriptor::Preset;
use faultline_sim::fairness::Fairness;
use faultline_sim::frame::{Frame, ProbeFrame};
use faultline_sim::time::Time;
use faultline_sim::timeline::Difference;

use super::{broken, capital, counted, instant, node};

pub const COMPARE: &str = "Compare";
/// A click that opens a scenario and its pair beside each other.
pub const BESIDE: &str = "Side by side";
pub const STOP: &str = "Close comparison";
pub const CLOSED: &str = "Comparison closed. The other run is kept.";
pub const MIRROR: &str = "Mirror faults";
pub const MIRROR_SHORT: &str = "Mirror";
pub const MIRROR_ABOUT: &str = "Repeats your actions in the other run at the same instant (M)";
pub const MAKE_FAIR: &str = "Make fair";
pub const NO_DIFFERENCE: &str = "No difference so far";
pub const NO_DIFFERENCE_SHORT: &str = "Same so far";
pub const NO_VERDICT: &str = "No measure differs yet";
pub const RUNS: &str = "Runs";
pub const KEPT: &str = "Kept runs";
pub const BRING_BACK: &str = "Undo";
pub const OTHER: &str = "Change";
pub const WITH: &str = "Compare with";
pub const RULES: &str = "Change one rule";
pub const PRESETS: &str = "Another preset";
pub const SEED: &str = "Another seed";
pub const SEED_ABOUT: &str = "Everything is the same except the random numbers";
pub const LIBRARY: &str = "Another scenario";
pub const KEPT_RUNS: &str = "A kept run";
pub const SYSTEM: &str = "System and scenario";
pub const SIDE_BY_SIDE: &str = "Compare";
pub const SAME: &str = "same";

/// A run by its letter: "run A", or with the person's own name "run A (no guard)".
#[must_use]
pub fn run(letter: char, name: Option<&str>) -> String {
    match name {
        Some(name) => format!("run {letter} ({name})"),
        None => format!("run {letter}"),
    }
}

/// The protocol and preset of a run: "Bully election: Textbook, over a network".
#[must_use]
pub fn about(protocol: &str, preset: &Preset) -> String {
    format!("{protocol}: {}", preset.title)
}

/// The same, after the rules that differ from the other run: a narrow stage cuts off the end.
#[must_use]
pub fn ruled(about: String, rules: &[(&str, bool)]) -> String {
    let word = |on: bool| if on { "On" } else { "Off" };
    let rules = rules
        .iter()
        .map(|(title, on)| format!("{}: {title}", word(*on)));
    rules.chain([about]).collect::<Vec<_>>().join(" · ")
}

/// How many rules a run keeps or breaks: "2 rules broken".
#[must_use]
pub fn rules(n: usize, state: &str) -> String {
    format!("{} {state}", counted(n, "rule", "rules"))
}

/// A sentence about one of two runs.
#[must_use]
pub fn of_run(letter: char, sentence: &str) -> String {
    format!("Run {letter}: {sentence}")
}

/// The announcement after an action in the past.
#[must_use]
pub fn forked(at: Time, from: char, to: char) -> String {
    let at = instant(at);
    format!("Forked at {at}. Run {from} is kept; this is run {to}.")
}

#[must_use]
pub fn deleted(name: &str) -> String {
    format!("Deleted {name}.")
}

/// A fifth run replaces the oldest one.
#[must_use]
pub fn replaced(letter: char) -> String {
    format!("Run {letter} was replaced (only four are kept).")
}

#[must_use]
pub fn brought_back(name: &str) -> String {
    format!("The old {name} is back.")
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
        "Faults are mirrored: your actions apply to both runs."
    } else {
        "Faults are not mirrored: your actions apply to one run only."
    }
}

/// A mirrored fault has no counterpart.
#[must_use]
pub fn unmatched(name: &str, why: &str) -> String {
    format!("Not repeated in {name}: {}.", why.trim_end_matches('.'))
}

/// A mirrored fault for a message that is not in flight in the other run.
#[must_use]
pub fn waits_for_message(name: &str, address: &str) -> String {
    format!(
        "{} has no message {address} yet. The fault waits for it.",
        capital(name)
    )
}

/// What "Make fair" had to leave out.
#[must_use]
pub fn left_out(commands: &[String]) -> Option<String> {
    let all = commands.join(", ");
    (!commands.is_empty())
        .then(|| format!("Left out, because the other run has nothing to match: {all}."))
}

#[must_use]
pub fn made_fair(still: bool) -> &'static str {
    if still {
        "Matched as far as possible. The rest comes from the scenarios."
    } else {
        "This is now a fair test: same seed, same load, same faults."
    }
}

/// Where two runs first differ: "First difference at 4.20 s, node 5".
#[must_use]
pub fn difference(found: &Difference) -> String {
    let at = instant(found.time);
    match found.node() {
        Some(id) => format!("First difference at {at}, {}", node(id)),
        None => format!("First difference at {at}"),
    }
}

/// Why two runs are not a fair test; none if they are.
#[must_use]
pub fn unfair(fairness: &Fairness) -> Option<String> {
    if !fairness.is_unfair() {
        return None;
    }
    Some(format!("Not a fair test: {}", things(fairness)))
}

/// What is the same in a pair of runs of which only the rules differ.
pub const FAIR: &str = "Same network, same faults, same seed";

/// Whether a pair is a fair test in every respect, in words.
#[must_use]
pub fn fair(fairness: &Fairness) -> Option<&'static str> {
    let alike = !fairness.is_unfair() && things(fairness).is_empty();
    (alike && fairness.rules).then_some(FAIR)
}

/// The button that opens the pair of this scenario, after "Compare": " with Raft".
#[must_use]
pub fn with(algorithm: &str) -> String {
    // Not "(Activity 4)".
    format!(
        " with {}",
        algorithm.split(" (").next().unwrap_or(algorithm)
    )
}

/// What that button opens.
#[must_use]
pub fn pair_about(title: &str) -> String {
    format!("Opens “{title}” beside this scenario, both from the start.")
}

/// The one measure in which two runs differ most tellingly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// "Leaders at once".
    pub title: String,
    /// Of the left run and of the right one.
    pub values: (String, String),
}

/// Probes that tell most, in order, where two runs differ in them.
const TELLING: [&str; 12] = [
    "leaders",
    "lost",
    "applied-twice",
    "stale",
    "conflicts",
    "histories",
    "blocked",
    "disagree",
    "committed",
    "ok",
    "gap",
    "moved",
];

/// How two runs compare in one line, measured at the present instant: by a probe that both have and that
/// tells most, else by broken rules, else by the probe that differs most. None while nothing differs.
#[must_use]
pub fn verdict(left: &Frame, right: &Frame) -> Option<Verdict> {
    let pairs: Vec<(&ProbeFrame, &ProbeFrame)> = (left.probes.iter())
        .filter_map(|one| {
            let twin = right.probes.iter().find(|twin| twin.name == one.name)?;
            (one.value.is_some() && one.value != twin.value).then_some((one, twin))
        })
        .collect();
    let telling = TELLING
        .iter()
        .find_map(|name| pairs.iter().find(|(one, _)| one.name == *name));
    if let Some((one, twin)) = telling {
        return Some(by_probe(one, twin));
    }
    let broken = |frame: &Frame| broken::broken(&frame.verdicts).len();
    let (mine, theirs) = (broken(left), broken(right));
    if mine != theirs {
        return Some(Verdict {
            title: "Rules broken".into(),
            values: (mine.to_string(), theirs.to_string()),
        });
    }
    let apart = |(one, twin): &&(&ProbeFrame, &ProbeFrame)| {
        let (a, b) = (one.value.unwrap_or(0.0), twin.value.unwrap_or(0.0));
        (a - b).abs() / a.abs().max(b.abs())
    };
    let most = pairs
        .iter()
        .max_by(|one, other| apart(one).total_cmp(&apart(other)))?;
    Some(by_probe(most.0, most.1))
}

fn by_probe(one: &ProbeFrame, twin: &ProbeFrame) -> Verdict {
    // "Leaders at once (most)": what is in brackets is for the table of measures.
    let title = one.title.split(" (").next().unwrap_or(one.title);
    let value = |probe: &ProbeFrame| match (probe.value, probe.unit) {
        (None, _) => "–".to_owned(),
        (Some(value), "%" | "s" | "ms") => format!("{} {}", short(value), probe.unit),
        (Some(value), _) => short(value),
    };
    Verdict {
        title: title.to_owned(),
        values: (value(one), value(twin)),
    }
}

/// The only thing that differs besides the rules, where that is the point of the comparison.
#[must_use]
pub fn one_thing(fairness: &Fairness) -> Option<String> {
    let things = things(fairness);
    (!fairness.is_unfair() && !things.is_empty())
        .then(|| format!("Only {}", things.replacen("faults", "the faults", 1)))
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

/// A number with at most one digit after the point.
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
    apart(value(first), value(second))
}

/// "+4", "−4", "same", or a dash where there is nothing to compare.
#[must_use]
pub fn apart(first: Option<f64>, second: Option<f64>) -> String {
    match (first, second) {
        (Some(a), Some(b)) if short(a) == short(b) => SAME.into(),
        (Some(a), Some(b)) if b > a => format!("+{}", short(b - a)),
        (Some(a), Some(b)) => format!("−{}", short(a - b)),
        _ => "–".into(),
    }
}

/// The name of a node that differs from the same node in the other run.
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
        assert_eq!(one_thing(&fairness).unwrap(), "Only the faults differ");
        fairness.rules = true;
        assert_eq!(unfair(&fairness).unwrap(), "Not a fair test: faults differ");
    }

    fn frame(probes: &[(&'static str, Option<f64>)]) -> Frame {
        let mut engine = crate::engine::Engine::home();
        let mut frame = Frame::clone(&engine.frame());
        frame.probes = probes
            .iter()
            .map(|(name, value)| ProbeFrame {
                name,
                title: if *name == "leaders" {
                    "Leaders at once (most)"
                } else {
                    name
                },
                unit: if *name == "gap" { "s" } else { "" },
                value: *value,
            })
            .collect();
        frame
    }

    fn said(left: &Frame, right: &Frame) -> Option<String> {
        let found = verdict(left, right)?;
        Some(format!(
            "{}: {} | {}",
            found.title, found.values.0, found.values.1
        ))
    }

    #[test]
    fn the_most_telling_measure_is_the_verdict() {
        let left = frame(&[
            ("messages", Some(900.0)),
            ("gap", Some(1.25)),
            ("leaders", Some(2.0)),
        ]);
        let right = frame(&[
            ("leaders", Some(1.0)),
            ("gap", None),
            ("messages", Some(10.0)),
        ]);
        assert_eq!(said(&left, &right).unwrap(), "Leaders at once: 2 | 1");
        let right = frame(&[("leaders", Some(2.0)), ("gap", None)]);
        assert_eq!(said(&left, &right).unwrap(), "gap: 1.2 s | –");
        assert_eq!(said(&left, &left), None, "nothing differs");
        assert_eq!(said(&left, &frame(&[])), None, "nothing in common");
        let fewer = frame(&[("messages", Some(800.0)), ("elections", Some(2.0))]);
        let more = frame(&[("messages", Some(900.0)), ("elections", Some(4.0))]);
        assert_eq!(said(&fewer, &more).unwrap(), "elections: 2 | 4");
    }

    #[test]
    fn broken_rules_count_more_than_any_other_measure() {
        let mut broken = frame(&[("messages", Some(1.0))]);
        let kept = frame(&[("messages", Some(100.0))]);
        broken.verdicts[0].light = faultline_sim::frame::Light::Broken {
            reason: String::new(),
            at: Time::ZERO,
            seq: 1,
            node: None,
        };
        assert_eq!(said(&broken, &kept).unwrap(), "Rules broken: 1 | 0");
    }

    #[test]
    fn a_fair_pair_is_called_fair() {
        let mut fairness = Fairness {
            rules: true,
            ..Fairness::default()
        };
        assert_eq!(fair(&fairness), Some(FAIR));
        fairness.seed = true;
        assert_eq!(fair(&fairness), None);
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
