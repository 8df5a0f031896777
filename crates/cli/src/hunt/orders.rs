//! `faultline hunt --exhaustive`: every order of events within bounds, and what several machines found of it.

mod part;

use faultline_sim::descriptor::{Catalogue, Recipe};
use faultline_sim::explore::{Bounds, Orders, Stand, grouped};
use faultline_sim::search::Hunt;
use faultline_sim::text::counted;
use faultline_sim::time::Time;

use crate::arguments::{Flag, Given, flag, with_value};
use crate::choice::{instant, seed};
use crate::output::Output;
use crate::progress::Ticker;
use crate::verdict::{exit_code, warn_unbroken};
use crate::{BROKEN, Outcome};
pub use part::{Found, Origin, Part, summary};

use super::line::Shrunk;

/// Flags that only an exhaustive hunt has.
pub const FLAGS: [Flag; 8] = [
    flag("--exhaustive"),
    with_value("--depth", "12"),
    with_value("--timers", "N"),
    with_value("--requests", "N"),
    with_value("--states", "N"),
    with_value("--from", "5s"),
    with_value("--seed", "N"),
    with_value("--part", "1/4"),
];

/// Steps between two looks at the clock.
const STEPS: u64 = 5_000;
/// What states that wait may take in memory, in bytes.
const MEMORY: usize = 2 << 30;

/// Flags of random hunts that mean nothing here.
const RANDOM: [&str; 4] = ["--seeds", "--threads", "--until", "--delays"];

/// What is asked for.
struct Wanted {
    recipe: Recipe,
    from: Time,
    bounds: Bounds,
    /// Which part of how many, from 0.
    part: (u32, u32),
}

/// Refuses the flags of an exhaustive hunt in a random one.
///
/// # Errors
/// A sentence that names the flag.
pub fn refuse(given: &Given) -> Outcome {
    match FLAGS.iter().find(|flag| given.has(flag.name)) {
        Some(flag) => Err(format!("`{}` needs --exhaustive", flag.name)),
        None => Ok(()),
    }
}

fn wanted(hunt: &Hunt, given: &Given) -> Outcome<Wanted> {
    for name in RANDOM {
        if given.value(name).is_some() {
            return Err(match name {
                "--delays" => {
                    "every message may be as late as can be in an exhaustive hunt; leave out --delays"
                        .into()
                }
                "--seeds" => "an exhaustive hunt tries all orders of one run; use --seed".into(),
                name => format!("`{name}` is for random runs; leave it or --exhaustive out"),
            });
        }
    }
    let number = |name: &str| -> Outcome<Option<u64>> {
        let Some(text) = given.value(name) else {
            return Ok(None);
        };
        let number = text
            .parse()
            .map_err(|_| format!("`{text}` is not a number; write {name} 12"))?;
        Ok(Some(number))
    };
    let small = |name: &str| -> Outcome<Option<u32>> {
        let large = |_| format!("{name} is too large");
        number(name)?
            .map(|n| u32::try_from(n).map_err(large))
            .transpose()
    };
    let usual = Bounds::default();
    let bounds = Bounds {
        budget: hunt.budget.unwrap_or_default(),
        timers: small("--timers")?,
        requests: small("--requests")?,
        depth: small("--depth")?.unwrap_or(usual.depth),
        states: number("--states")?.unwrap_or(usual.states),
    };
    let scenario = hunt.scenario.unwrap_or(&hunt.protocol.scenarios[0]);
    let mut recipe = Recipe::new(&format!("{}/{}", hunt.protocol.id, scenario.id), 1);
    if let Some(text) = given.value("--seed") {
        recipe.seed = seed(text)?.to_string();
    }
    recipe.preset = hunt.preset.map(|preset| preset.name.to_owned());
    recipe.params = hunt.params.clone();
    recipe.switches = hunt.switches.clone();
    let from = given.value("--from").map(instant).transpose()?;
    Ok(Wanted {
        recipe,
        from: from.unwrap_or(Time::ZERO),
        bounds,
        part: part_of(given.value("--part"))?,
    })
}

/// `1/4` is the first of four.
fn part_of(text: Option<&str>) -> Outcome<(u32, u32)> {
    let Some(text) = text else {
        return Ok((0, 1));
    };
    let numbers = text.split_once('/');
    let numbers = numbers.and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?)));
    match numbers {
        Some((number, all)) if (1..=all).contains(&number) && all <= 10_000 => {
            Ok((number - 1, all))
        }
        _ => Err(format!(
            "`{text}` is not a part; write 1/4 for the first of four"
        )),
    }
}

/// The hunt itself.
///
/// # Errors
/// One sentence, if the run cannot be explored or the output cannot be written.
pub fn run(
    catalogue: Catalogue,
    (hunt, expected): (&Hunt, Option<&str>),
    given: &Given,
    out: &mut Output,
) -> Outcome<u8> {
    let wanted = wanted(hunt, given)?;
    let (law, reach) = ((wanted.from, hunt.sought.law()), (MEMORY, wanted.part));
    let mut orders = Orders::new(catalogue, &wanted.recipe, law, wanted.bounds, reach)?;
    let mut ticker = Ticker::start();
    while orders.advance(STEPS) == Stand::Open && !out.is_closed() {
        ticker.tick(|rate| {
            let tried = orders.tried();
            let (faults, depth) = tried.at;
            format!(
                "{} states, {} a second; {}, {}",
                grouped(tried.states),
                grouped(rate(tried.states) as u64),
                counted(faults, "fault", "faults"),
                counted(depth, "step", "steps")
            )
        });
    }
    let rate = ticker.end(orders.tried().states);
    let origin = Origin::of(hunt, &wanted.recipe, (wanted.from, wanted.part.1), &orders);
    let found = orders.found()?;
    let shown = found
        .as_ref()
        .map(|found| Shrunk::new(catalogue, found, found.recipe.commands.len()));
    let found = match (&found, shown.transpose()?) {
        (Some(found), Some(run)) => Some(Found::new(found.name(), run, &orders)),
        _ => None,
    };
    let part = Part::new(origin, wanted.part.0, found, &orders);
    if given.has("--jsonl") {
        out.line(&part.text())?;
    } else if given.has("--json") {
        out.line(&summary(std::slice::from_ref(&part)).to_string())?;
    } else {
        out.text(&text(hunt, &orders, &part, rate))?;
    }
    let broken = part.found.iter().map(|found| found.invariant.as_str());
    let code = exit_code(part.found.is_none() && !part.is_whole(), broken, expected);
    if let (Some(expected), BROKEN) = (expected, code) {
        warn_unbroken(expected, "within these bounds");
    }
    Ok(code)
}

/// The report for a person.
fn text(hunt: &Hunt, orders: &Orders, part: &Part, rate: f64) -> String {
    let preset = hunt.chosen_preset().title;
    let scenario = hunt.scenario.unwrap_or(&hunt.protocol.scenarios[0]).id;
    let mut text = format!(
        "{}/{scenario} ({preset}): every order of events\n{}\n{} states a second\n",
        hunt.protocol.id,
        orders.tried().sentence(orders.bounds()),
        grouped(rate as u64),
    );
    if let Some(sentence) = hunt.left_out() {
        text += &format!("{sentence}\n");
    }
    if let Some(found) = &part.found {
        let run = &found.run;
        text += &format!(
            "\n{}: broken by {} and {}, played by hand\n  {}\n  {}\n",
            found.invariant,
            counted(run.faults, "fault", "faults"),
            counted(found.steps(), "step", "steps"),
            run.reason,
            run.command
        );
    }
    text
}
