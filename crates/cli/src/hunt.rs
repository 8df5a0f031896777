//! `faultline hunt`: random faults against a protocol's invariants, and the runs that break them.

mod catches;
mod goal;
mod line;
pub mod orders;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use faultline_sim::descriptor::Catalogue;
use faultline_sim::search::{
    Budget, BudgetKind, CANDIDATES, Hit, Hunt, Sought, hunted_law, shrink,
};

use crate::arguments::{Given, flag, read, with_value, with_values};
use crate::choice::{instant, invariant, params, switches};
use crate::output::Output;
use crate::progress::Progress;
use crate::verdict::warn_unbroken;
use crate::{BROKEN, Outcome, sweep, workers};
pub use catches::Catches;
pub use line::{Line, Origin};
use line::{Shrunk, Violation};

/// The default number of schedules.
const SEEDS: &str = "0..1000";

/// The flags of a budget.
const BUDGET: [(BudgetKind, &str); 6] = [
    (BudgetKind::Crash, "--crashes"),
    (BudgetKind::Drop, "--drops"),
    (BudgetKind::Delay, "--delays"),
    (BudgetKind::Duplicate, "--duplicates"),
    (BudgetKind::Partition, "--partitions"),
    (BudgetKind::Liar, "--liars"),
];

pub fn run(catalogue: Catalogue, words: &[String], out: &mut Output) -> Outcome<u8> {
    let known = [
        with_value("--preset", "NAME"),
        with_values("--param", "NAME=VALUE"),
        with_values("--switch", "NAME=on|off"),
        with_value("--invariant", "NAME"),
        with_value("--goal", "NAME"),
        with_value("--until", "10s"),
        with_value("--seeds", "A..B"),
        with_value("--threads", "N"),
        with_value("--expect-violation", "INVARIANT"),
        flag("--json"),
        flag("--jsonl"),
    ];
    let budget = BUDGET.map(|(_, name)| with_value(name, "N"));
    let given = read(words, &[&known[..], &budget, &orders::FLAGS].concat())?;
    if given.has("--goal") {
        return goal::run(catalogue, &given, out);
    }
    let hunt = hunt(catalogue, &given)?;
    let expected = expected(&hunt, &given)?;
    let each = given.has("--jsonl");
    if each && given.has("--json") {
        return Err("`--json` and `--jsonl` exclude each other; choose one".into());
    }
    if given.has("--exhaustive") {
        return orders::run(catalogue, (&hunt, expected), &given, out);
    }
    orders::refuse(&given)?;
    let seeds = sweep::seeds(Some(given.value("--seeds").unwrap_or(SEEDS)))?;
    let threads = workers::threads(given.value("--threads"))?;
    let origin = Origin::of(&hunt);
    let mut catches = Catches::default();
    let mut progress = Progress::start(seeds.end - seeds.start);
    let firsts = Firsts::default();
    let one = |seed| one(&hunt, &firsts, &origin, seed);
    workers::in_order(seeds, threads, one, |line| {
        progress.advance();
        let line = catches.without_more(line?);
        if each {
            out.line(&line.text())?;
        }
        catches.add(line);
        Ok(!out.is_closed())
    })?;
    progress.end();
    if given.has("--json") {
        out.line(&catches.json(&origin).to_string())?;
    } else if !each {
        out.text(&catches.text(&hunt))?;
    }
    if let Some(sentence) = catches.cut_sentence() {
        eprintln!("faultline: {sentence}");
    }
    let code = catches.code(expected);
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
    let law = given.value("--invariant");
    let law = law.map(|name| hunted_law(protocol, name)).transpose()?;
    Ok(Hunt {
        scenario: name.contains('/').then_some(scenario),
        preset: preset.map(|name| protocol.preset(name)).transpose()?,
        params: params(given)?,
        switches: switches(given)?,
        budget: budget(given)?,
        sought: Sought::law_or_any(law),
        until: given.value("--until").map(instant).transpose()?,
        ..Hunt::new(catalogue, protocol)
    })
}

/// The budget, if one of its flags is given: of the other kinds there is nothing then.
fn budget(given: &Given) -> Outcome<Option<Budget>> {
    let mut budget = None;
    for (kind, name) in BUDGET {
        let Some(text) = given.value(name) else {
            continue;
        };
        let count = text.parse().map_err(|_| {
            format!(
                "`{text}` is not a number of {}; write {name} 2",
                kind.plural()
            )
        })?;
        *budget.get_or_insert(Budget::NONE).of_mut(kind) = count;
    }
    Ok(budget)
}

fn expected(hunt: &Hunt, given: &Given) -> Outcome<Option<&'static str>> {
    let Some(name) = given.value("--expect-violation") else {
        return Ok(None);
    };
    let expected = invariant(hunt.protocol, name)?;
    match hunt.sought.law() {
        Some(law) if law != expected => Err(format!(
            "this hunt is only after `{law}`, so it cannot find `{expected}`; leave out --invariant"
        )),
        _ => Ok(Some(expected)),
    }
}

/// The smallest seeds that broke each invariant so far. Their runs are shrunk, which takes as long as
/// hundreds of runs, so the worker that found one does it.
#[derive(Default)]
struct Firsts(Mutex<BTreeMap<String, BTreeSet<u64>>>);

impl Firsts {
    /// Whether a run may be among the first few that broke an invariant. Runs of smaller seeds may
    /// still be on their way, so more than that can be.
    fn holds(&self, invariant: &str, seed: u64) -> bool {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let seeds = all.entry(invariant.to_owned()).or_default();
        seeds.insert(seed);
        if seeds.len() > CANDIDATES {
            seeds.pop_last();
        }
        seeds.contains(&seed)
    }
}

/// What one seed finds.
fn one(hunt: &Hunt, firsts: &Firsts, origin: &Origin, seed: u64) -> Outcome<Line> {
    let seen = hunt.seek(seed)?;
    let shown = |found: &Hit| {
        let shrunk = shrink(hunt.catalogue, found)?;
        Shrunk::new(hunt.catalogue, &shrunk, found.recipe.commands.len())
    };
    let violation = |found: &Hit| {
        let first = firsts.holds(found.name(), seed).then(|| shown(found));
        Ok(Violation {
            invariant: found.name().to_owned(),
            run: first.transpose()?,
        })
    };
    Ok(Line {
        seed,
        violations: seen.hits.iter().map(violation).collect::<Outcome<_>>()?,
        halted: seen.run.world().halted().map(str::to_owned),
        origin: origin.clone(),
    })
}
