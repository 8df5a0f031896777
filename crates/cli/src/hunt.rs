//! `faultline hunt`: random faults against a protocol's laws, and the runs that break them.

use faultline_sim::descriptor::Catalogue;
use faultline_sim::testing::{Broken, broken, hunt};
use serde_json::json;

use crate::arguments::{flag, read, with_value};
use crate::output::Output;
use crate::progress::Progress;
use crate::verdict::{exit_code, say_unbroken};
use crate::{BROKEN, Outcome, sweep};

/// How many schedules are tried where nobody says.
const SEEDS: &str = "0..1000";

/// What a hunt has found of one law.
struct Catch {
    first: Broken,
    runs: u64,
}

pub fn run(catalogue: Catalogue, words: &[String], out: &mut Output) -> Outcome<u8> {
    let known = [
        with_value("--preset", "NAME"),
        with_value("--seeds", "A..B"),
        with_value("--expect-violation", "INVARIANT"),
        flag("--json"),
    ];
    let given = read(words, &known)?;
    given.at_most(1, "hunt takes one protocol")?;
    let name = given
        .words
        .first()
        .ok_or("hunt needs a protocol, for example: faultline hunt raft --preset votes-twice")?;
    let (protocol, _) = catalogue.find(name)?;
    let preset = match given.value("--preset") {
        Some(name) => protocol.preset(name)?,
        None => &protocol.presets[0],
    };
    let seeds = sweep::seeds(Some(given.value("--seeds").unwrap_or(SEEDS)))?;
    let runs = seeds.end - seeds.start;
    let mut caught: Vec<Catch> = Vec::new();
    let mut progress = Progress::start(runs);
    for seed in seeds {
        for found in broken(&hunt(catalogue, protocol, preset, seed)?) {
            match caught.iter_mut().find(|c| c.first.law == found.law) {
                Some(catch) => catch.runs += 1,
                None => caught.push(Catch {
                    first: found,
                    runs: 1,
                }),
            }
        }
        progress.advance();
    }
    progress.end();
    if given.has("--json") {
        let found = caught.iter().map(|catch| {
            let Broken {
                law,
                reason,
                recipe,
                at,
                ..
            } = &catch.first;
            json!({
                "invariant": law,
                "runs": catch.runs,
                "seed": recipe.seed,
                "reason": reason,
                "at_us": at.0,
                "command": catch.first.to_string(),
            })
        });
        let found: Vec<_> = found.collect();
        let summary = json!({
            "protocol": protocol.id,
            "preset": preset.name,
            "runs": runs,
            "violations": found,
        });
        out.line(&summary.to_string())?;
    } else {
        let title = format!(
            "{} ({}): {runs} runs under random faults",
            protocol.id, preset.title
        );
        out.line(&title)?;
        if caught.is_empty() {
            out.line("nothing broken")?;
        }
        for Catch { first, runs } in &caught {
            let Broken {
                law,
                reason,
                recipe,
                ..
            } = first;
            out.line(&format!(
                "\n{law}: broken in {runs}, first with seed {}\n  {reason}\n  {first}",
                recipe.seed
            ))?;
        }
    }
    let laws: Vec<&str> = caught.iter().map(|catch| catch.first.law).collect();
    let expected = given.value("--expect-violation");
    let code = exit_code(laws, expected);
    if let (Some(expected), BROKEN) = (expected, code) {
        say_unbroken(expected, "in all these runs");
    }
    Ok(code)
}
