//! The runs that check the laws: every protocol and preset, many seeds, faults of every kind.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::OnceLock;

use faultline_protocols::CATALOGUE;
use faultline_sim::command::{At, Command, Timed};
use faultline_sim::descriptor::{Preset, Protocol, Recipe, Scenario};
use faultline_sim::event::Event;
use faultline_sim::fault::{Fault, VERBS};
use faultline_sim::rng::Rng;
use faultline_sim::search::{Chaos, run_line};
use faultline_sim::time::Time;
use faultline_sim::timeline::Timeline;

/// Runs in total, shared among the protocols: a new protocol makes the suite no slower. In the long
/// version each protocol has as many as all have together otherwise.
const RUNS: u64 = 576;

/// Whether the suite was asked to take its time: `cargo xtask test --long`.
pub fn is_long() -> bool {
    std::env::var_os("FAULTLINE_LONG").is_some()
}

/// Seeds for each protocol; the presets take turns.
fn seeds() -> u64 {
    if is_long() {
        RUNS
    } else {
        (RUNS / CATALOGUE.0.len() as u64).max(12)
    }
}

/// One run under random faults.
pub struct Case {
    pub seed: u64,
    pub recipe: Recipe,
    pub until: Time,
}

impl fmt::Display for Case {
    /// The way to see it oneself.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&run_line(&self.recipe, self.until))
    }
}

impl Case {
    pub fn timeline(&self) -> Timeline {
        timeline(&self.recipe)
    }
}

/// The run of a recipe.
pub fn timeline(recipe: &Recipe) -> Timeline {
    let setup = CATALOGUE
        .setup(recipe)
        .unwrap_or_else(|why| panic!("{}: {why}", run_line(recipe, Time(0))));
    Timeline::new(setup).unwrap_or_else(|why| panic!("{}: {why}", run_line(recipe, Time(0))))
}

/// All cases, the same for every law. They are drawn once, because what is drawn next depends on what
/// is under way by then.
pub fn cases() -> std::slice::Iter<'static, Case> {
    static CASES: OnceLock<Vec<Case>> = OnceLock::new();
    let draw = || {
        let of = |protocol: &'static Protocol| {
            let timers = timer_names(protocol);
            (0..seeds()).map(move |seed| case(protocol, seed, &timers, &mut BTreeMap::new()))
        };
        super::protocols().flat_map(of).collect()
    };
    CASES.get_or_init(draw).iter()
}

/// The timers that a protocol sets under its presets: in its first scenario that sets any.
fn timer_names(protocol: &'static Protocol) -> Vec<&'static str> {
    let scenarios = protocol.scenarios.iter();
    let mut names = scenarios.map(|scenario| timers_of(protocol, scenario));
    names.find(|names| !names.is_empty()).unwrap_or_default()
}

fn timers_of(protocol: &'static Protocol, scenario: &Scenario) -> Vec<&'static str> {
    let mut names = BTreeSet::new();
    for preset in protocol.presets {
        let name = format!("{}/{}", protocol.id, scenario.id);
        let mut recipe = Recipe::new(&name, 1);
        recipe.preset = Some(preset.name.to_owned());
        let mut run = timeline(&recipe);
        run.run_until(Time(10_000_000), 3_000);
        names.extend(
            run.trace()
                .records()
                .filter_map(|record| match &record.event {
                    Event::TimerSet { timer, .. } => Some(*timer),
                    _ => None,
                }),
        );
    }
    names.into_iter().collect()
}

fn case(
    protocol: &'static Protocol,
    seed: u64,
    timers: &[&'static str],
    used: &mut BTreeMap<&'static str, u32>,
) -> Case {
    let mut rng = Rng::stream(seed, "case", 0);
    let preset: &Preset = &protocol.presets[(seed % protocol.presets.len() as u64) as usize];
    let scenario = rng
        .pick(protocol.scenarios)
        .expect("a protocol has scenarios");
    let mut recipe = Recipe::new(&format!("{}/{}", protocol.id, scenario.id), seed);
    recipe.preset = Some(preset.name.to_owned());
    let mut nodes = rng.between(5, 7) as u32;
    if protocol.kit.is_some() {
        // Each box of a scenario is named, so it has as many as it has.
        let setup = CATALOGUE.setup(&recipe).expect("the catalogue is sound");
        nodes = (protocol.nodes)(&setup.settings);
    } else {
        recipe
            .params
            .insert(protocol.sized_by.into(), nodes.to_string());
    }
    let until = Time(12_000_000);
    let chaos = Chaos {
        nodes,
        until,
        commands: 14,
        timers: timers.to_vec(),
        hop: protocol.link.latency.mean(),
        forges: protocol.forges,
        without: Vec::new(),
        wide: false,
    };
    let flying = |before: &[Timed], now: Time| {
        let commands = before.iter().map(Timed::to_string).collect();
        let mut run = timeline(&Recipe {
            commands,
            ..recipe.clone()
        });
        run.run_until(now, super::BUDGET);
        run.world().in_flight()
    };
    let mut schedule = chaos.schedule(seed, used, flying);
    if seed.is_multiple_of(3) {
        play_by_hand(&mut schedule, until, &mut rng);
    }
    recipe.commands = schedule.iter().map(Timed::to_string).collect();
    Case {
        seed,
        recipe,
        until,
    }
}

/// For some time in the middle of the run, nothing comes by itself: some of the commands that follow let
/// messages and timers go on.
fn play_by_hand(schedule: &mut Vec<Timed>, until: Time, rng: &mut Rng) {
    let from = rng.below(until.0 / 2);
    let to = rng.between(from, until.0);
    for (time, on) in [(from, true), (to, false)] {
        schedule.push(Timed {
            at: At::time(Time(time)),
            command: Command::ByHand(on),
        });
    }
    // Of these faults, what they hit goes on: the others would only find that all stands still.
    for timed in &mut *schedule {
        let by_hand = timed
            .at
            .time
            .is_some_and(|time| (from..to).contains(&time.0));
        if let Command::Fault(Fault::Delay(message, _) | Fault::Hold(message)) = &timed.command
            && by_hand
        {
            timed.command = Command::Fault(Fault::Release(*message));
        }
    }
    schedule.sort_by_key(|timed| timed.at);
}

/// The schedules use every fault there is, and say how often.
#[test]
fn every_fault_is_used() {
    for protocol in super::protocols() {
        let timers = timer_names(protocol);
        assert!(!timers.is_empty(), "{} sets no timer", protocol.id);
        let unknown = timers.iter().find(|timer| !protocol.timers.contains(timer));
        assert_eq!(unknown, None, "{} does not name a timer", protocol.id);
        let mut used = BTreeMap::new();
        for seed in 0..64 {
            case(protocol, seed, &timers, &mut used);
        }
        let counts: Vec<String> = used.iter().map(|(verb, n)| format!("{verb} {n}")).collect();
        println!("{}: {}", protocol.id, counts.join(", "));
        for (verb, ..) in VERBS {
            assert!(
                used.contains_key(verb),
                "{}: {verb} was never used",
                protocol.id
            );
        }
    }
}

/// Faults that were drawn also found something to act on, each at least once.
#[test]
fn every_fault_bites() {
    let mut bitten = BTreeSet::new();
    for case in cases() {
        let mut run = case.timeline();
        run.run_until(case.until, super::BUDGET);
        for record in run.window(1, u64::MAX) {
            if let Event::Faulted {
                command,
                missed: None,
            } = &record.event
            {
                let words = command.to_string();
                bitten.insert(words.split(' ').next().unwrap_or_default().to_owned());
            }
        }
    }
    let verbs = VERBS
        .iter()
        .map(|(verb, ..)| verb)
        .chain(["by-hand"].iter());
    for verb in verbs.filter(|_| super::only().is_none()) {
        assert!(
            bitten.contains(*verb),
            "{verb} never found anything to act on"
        );
    }
}
