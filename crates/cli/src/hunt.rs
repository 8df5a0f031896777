//! `faultline hunt`: random faults against a protocol's invariants, and the runs that break them.

mod catches;

use faultline_sim::descriptor::Catalogue;
use faultline_sim::testing::{Broken, Hunt, broken, shrink};
use faultline_sim::timeline::Run;

use crate::arguments::{Given, flag, read, with_value, with_values};
use crate::choice::{instant, invariant, params, switches};
use crate::output::Output;
use crate::progress::Progress;
use crate::verdict::{exit_code, warn_unbroken};
use crate::{BROKEN, Outcome, sweep, workers};
use catches::Catches;

/// The default number of schedules.
const SEEDS: &str = "0..1000";

pub fn run(catalogue: Catalogue, words: &[String], out: &mut Output) -> Outcome<u8> {
    let known = [
        with_value("--preset", "NAME"),
        with_values("--param", "NAME=VALUE"),
        with_values("--switch", "NAME=on|off"),
        with_value("--until", "10s"),
        with_value("--seeds", "A..B"),
        with_value("--threads", "N"),
        with_value("--expect-violation", "INVARIANT"),
        flag("--json"),
    ];
    let given = read(words, &known)?;
    let hunt = hunt(catalogue, &given)?;
    let seeds = sweep::seeds(Some(given.value("--seeds").unwrap_or(SEEDS)))?;
    let threads = workers::threads(given.value("--threads"))?;
    let expected = match given.value("--expect-violation") {
        Some(name) => Some(invariant(hunt.protocol, name)?),
        None => None,
    };
    let mut catches = Catches::default();
    let mut progress = Progress::start(seeds.end - seeds.start);
    let one = |seed| one(&hunt, seed);
    workers::in_order(seeds, threads, one, |found| {
        progress.advance();
        catches.add(found?);
        Ok(true)
    })?;
    progress.end();
    for catch in &mut catches.invariants {
        catch.first = shrink(catalogue, &catch.first)?;
    }
    if given.has("--json") {
        out.line(&catches.json(&hunt).to_string())?;
    } else {
        out.text(&catches.text(&hunt))?;
    }
    if let Some(sentence) = catches.cut_sentence() {
        eprintln!("faultline: {sentence}");
    }
    let invariants = catches.invariants.iter().map(|catch| catch.first.law);
    // A violation counts even if other runs were cut off. Without one, a cut run might have had it.
    let found = expected.map_or(!catches.invariants.is_empty(), |name| {
        invariants.clone().any(|own| own == name)
    });
    let code = exit_code(!found && !catches.cut.is_empty(), invariants, expected);
    if let (Some(expected), BROKEN) = (expected, code) {
        warn_unbroken(expected, "in all these runs");
    }
    Ok(code)
}

/// The arguments of a hunt.
fn hunt(catalogue: Catalogue, given: &Given) -> Outcome<Hunt> {
    given.at_most(1, "hunt takes one protocol or scenario")?;
    let name = given.words.first().ok_or(
        "hunt needs a protocol or a scenario, for example: faultline hunt raft --preset votes-twice",
    )?;
    let (protocol, scenario) = catalogue.find(name)?;
    let preset = given.value("--preset");
    Ok(Hunt {
        scenario: name.contains('/').then_some(scenario),
        preset: preset.map(|name| protocol.preset(name)).transpose()?,
        params: params(given)?,
        switches: switches(given)?,
        until: given.value("--until").map(instant).transpose()?,
        ..Hunt::new(catalogue, protocol)
    })
}

/// The result of one seed.
struct Found {
    seed: u64,
    broken: Vec<Broken>,
    halted: Option<String>,
}

fn one(hunt: &Hunt, seed: u64) -> Outcome<Found> {
    let run: Run = hunt.play(seed)?;
    Ok(Found {
        seed,
        broken: broken(&run),
        halted: run.world().halted().map(str::to_owned),
    })
}
