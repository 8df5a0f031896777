//! `faultline sweep`: one scenario under many seeds, or along a parameter, on all cores.

mod crashes;
mod line;
mod one;
mod vary;

use std::ops::Range;

use faultline_sim::descriptor::Catalogue;
use faultline_sim::hash::{hex, stable_hash};

use crate::arguments::{flag, read, with_value, with_values};
use crate::choice::{self, Choice, FLAGS};
use crate::output::Output;
use crate::progress::Progress;
use crate::summary::Summary;
use crate::verdict::{exit_code, warn_unbroken};
use crate::{BROKEN, Outcome, workers};

pub use line::{Line, Origin};

pub fn run(catalogue: Catalogue, words: &[String], out: &mut Output) -> Outcome<u8> {
    let own = [
        with_value("--seeds", "A..B"),
        with_values("--probe", "NAME"),
        with_value("--vary", "NAME=FROM..TO[:STEP]"),
        with_value("--crashes", "FROM..TO"),
        with_value("--threads", "N"),
        flag("--jsonl"),
    ];
    let given = read(words, &[&own[..], &FLAGS].concat())?;
    let choice = Choice::read(catalogue, "sweep", &given)?;
    let probes = choice.probes(given.all("--probe"))?;
    let threads = workers::threads(given.value("--threads"))?;
    let each = given.has("--jsonl");
    if each && given.has("--json") {
        return Err("`--json` and `--jsonl` exclude each other; choose one".into());
    }
    if let Some(range) = given.value("--crashes") {
        if given.value("--vary").is_some() {
            return Err("`--crashes` and `--vary` exclude each other; choose one".into());
        }
        return crashes::run(catalogue, &choice, &probes, range, &given, threads, out);
    }
    if let Some(text) = given.value("--vary") {
        let sweep = vary::Sweep::read(catalogue, choice, probes, text, given.value("--seeds"))?;
        return sweep.run(threads, vary::Shape::of(&given), out);
    }
    let seeds = seeds(given.value("--seeds"))?;
    let origin = Origin {
        probes: probes.iter().map(|probe| (*probe).to_owned()).collect(),
        sweep: digest(&choice),
    };
    let mut lines = Vec::new();
    let mut progress = Progress::start(seeds.end - seeds.start);
    let one = |seed| one::one(&choice, &probes, seed);
    workers::in_order(seeds, threads, one, |line| {
        progress.advance();
        if each {
            out.line(&line.json(&origin).to_string())?;
        }
        lines.push(line);
        Ok(!out.is_closed())
    })?;
    progress.end();
    let summary = Summary::new(&origin.probes, &lines);
    if given.has("--json") {
        out.line(&summary.json().to_string())?;
    } else if !each {
        out.text(&summary.text())?;
    }
    for sentence in summary.remarks() {
        eprintln!("faultline: {sentence}");
    }
    // Only a whole sweep can tell that something happens in no run.
    let broken = summary.broken(!each);
    let code = exit_code(summary.is_cut(), broken, choice.expected);
    if let (Some(expected), BROKEN) = (choice.expected, code) {
        warn_unbroken(expected, "in all these runs");
    }
    Ok(code)
}

/// Identifies a sweep by everything except the seed, so that lines of two sweeps are not mixed.
fn digest(choice: &Choice) -> String {
    let setup = &choice.setup;
    let commands: Vec<String> = setup.commands.iter().map(ToString::to_string).collect();
    let run = (
        setup.name(),
        setup.preset.name,
        &setup.settings,
        commands,
        choice.until,
    );
    hex(stable_hash(&run))
}

/// Reads `A..B`; the end is left out.
pub fn seeds(text: Option<&str>) -> Outcome<Range<u64>> {
    let text = text.ok_or("sweep needs --seeds A..B, for example --seeds 0..1000")?;
    let (from, to) = text.split_once("..").ok_or_else(|| {
        format!("`{text}` is not a range of seeds; write A..B, for example 0..1000")
    })?;
    let (from, to) = (choice::seed(from)?, choice::seed(to)?);
    if to <= from {
        return Err(format!(
            "`{text}` holds no seed: A..B goes from A to B-1, so B must be larger"
        ));
    }
    Ok(from..to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_leaves_its_end_out() {
        assert_eq!(seeds(Some("3..5")).unwrap(), 3..5);
        for (text, word) in [
            ("5..5", "`5..5`"),
            ("5..3", "`5..3`"),
            ("7", "`7`"),
            ("a..3", "`a`"),
        ] {
            assert!(seeds(Some(text)).unwrap_err().contains(word), "{text}");
        }
        assert!(seeds(None).unwrap_err().contains("--seeds A..B"));
    }
}
