//! Whether two runs make a fair test, and how to make one of two.
//!
//! A fair test changes one thing. Another protocol, preset or rule is what a comparison is for, so it
//! is never unfair; and where it is the only thing that differs, one parameter, one fault script or
//! one list of requests is what is compared. Another seed is only other luck: never fair.

use crate::command::{Command, Timed};
use crate::descriptor::{Catalogue, Recipe, Setup};
use crate::process::NodeId;
use crate::settings::Param;
use crate::time::Time;

/// Parameters that say how much a run is asked for, whatever the protocol.
const LOAD: [&str; 4] = ["nodes", "clients", "every", "crashed"];

/// What differs between two runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fairness {
    /// Protocol, preset or rules: what is compared.
    pub rules: bool,
    /// Where chance comes from.
    pub seed: bool,
    /// Titles of parameters that were set differently.
    pub settings: Vec<&'static str>,
    /// What clients were asked from outside.
    pub requests: bool,
    /// What was broken and mended.
    pub faults: bool,
    /// How links behave.
    pub network: bool,
}

impl Fairness {
    /// What differs between two runs up to an instant.
    #[must_use]
    pub fn of(a: &Setup, b: &Setup, until: Time) -> Self {
        let rules = rules_of(a) != rules_of(b);
        let pick = |setup, wanted| done(setup, until, wanted);
        Self {
            rules,
            seed: a.seed != b.seed,
            settings: settings(a, b, until),
            requests: pick(a, is_request as Wanted) != pick(b, is_request),
            faults: pick(a, is_fault as Wanted) != pick(b, is_fault),
            // Programs of direct calls use no links.
            network: a.preset.delivery == b.preset.delivery && a.link() != b.link(),
        }
    }

    /// Whether more differs than the one thing that is compared.
    #[must_use]
    pub fn is_unfair(&self) -> bool {
        let others = [self.requests, self.faults, self.network];
        let things = usize::from(self.rules) + self.settings.len();
        self.seed || things + others.iter().filter(|differs| **differs).count() > 1
    }
}

type Wanted = fn(&Command) -> bool;
/// Commands with their times.
type Done = Vec<(Option<Time>, String)>;
/// Values that single nodes have for themselves.
type Own = Vec<(NodeId, &'static str, String)>;
/// Protocol, preset, positions of switches, of all nodes and of single ones, switches turned on the way.
type Rules = (&'static str, &'static str, Vec<bool>, Own, Done);

fn is_request(command: &Command) -> bool {
    matches!(command, Command::Request(..))
}

/// Nodes that come and go count as faults: somebody made them.
fn is_fault(command: &Command) -> bool {
    matches!(
        command,
        Command::Fault(_) | Command::AddNode(_) | Command::RemoveNode(_)
    )
}

fn is_setting(command: &Command) -> bool {
    matches!(command, Command::SetParam(..))
}

fn is_rule(command: &Command) -> bool {
    matches!(command, Command::SetSwitch(..))
}

/// Commands of a kind that act up to an instant, with their times. Numbers of events are left out:
/// they are each run's own.
fn done(setup: &Setup, until: Time, wanted: Wanted) -> Done {
    let all = setup.script.iter().chain(&setup.commands);
    let all = all.filter(|timed| timed.at.time.is_none_or(|time| time <= until));
    let all = all.filter(|timed| wanted(&timed.command));
    let mut done: Done = all
        .map(|timed| (timed.at.time, timed.command.to_string()))
        .collect();
    crate::sorted::sort_by_key(&mut done, |key| key.clone());
    done
}

fn rules_of(setup: &Setup) -> Rules {
    let positions = setup.settings.switches().map(|(_, on)| on).collect();
    let later = done(setup, crate::time::MAX_TIME, is_rule);
    let own = own(setup, |name| {
        let mut switches = setup.settings.switches();
        switches.any(|(switch, _)| switch.name == name)
    });
    (setup.protocol.id, setup.preset.name, positions, own, later)
}

fn own(setup: &Setup, wanted: impl Fn(&str) -> bool) -> Own {
    let own = setup.settings.own();
    own.filter(|(_, name, _)| wanted(name)).collect()
}

/// Titles of parameters that differ. Between protocols only the load can be told apart; what a preset
/// sets belongs to the preset.
fn settings(a: &Setup, b: &Setup, until: Time) -> Vec<&'static str> {
    let alike = a.protocol.id == b.protocol.id;
    let part_of = |setup: &Setup, param: &Param| {
        let mut own = setup.preset.params.iter();
        a.preset.name != b.preset.name && own.any(|(name, _)| *name == param.name)
    };
    let differs = |param: &'static Param| {
        let other = b.settings.params().find(|(p, _)| p.name == param.name)?;
        let mine = a.settings.params().find(|(p, _)| p.name == param.name)?;
        let comparable = alike || LOAD.contains(&param.name);
        let preset = part_of(a, param) || part_of(b, param);
        let own_of = |setup| own(setup, |name| name == param.name);
        let values = mine.1 != other.1 || alike && own_of(a) != own_of(b);
        (comparable && !preset && values).then_some(param.title)
    };
    let params = a.settings.params().map(|(param, _)| param);
    let mut found: Vec<_> = params.filter_map(differs).collect();
    if found.is_empty() && done(a, until, is_setting) != done(b, until, is_setting) {
        found.push("settings changed on the way");
    }
    found
}

/// The recipe of the second run with the first one's seed, load, requests and faults, and the
/// commands that have no counterpart there.
///
/// # Errors
/// A sentence, if the second run cannot be set up at all.
pub fn make_fair(
    catalogue: Catalogue,
    a: &Setup,
    b: &Setup,
) -> Result<(Recipe, Vec<String>), String> {
    let mut recipe = b.recipe.clone();
    recipe.seed = a.recipe.seed.clone();
    let alike = a.protocol.id == b.protocol.id;
    if alike {
        // The same script comes with the same scenario; rules of the run stay its own.
        for (switch, on) in b.settings.switches() {
            let _ = recipe.switches.insert(switch.name.to_owned(), on);
        }
        for (id, name, on) in rules_of(b).3 {
            let _ = recipe.switches.insert(format!("{id}.{name}"), on == "on");
        }
        recipe.preset = Some(b.preset.name.to_owned());
        recipe.scenario = a.name();
    } else if !b.script.is_empty() {
        let bare = b.protocol.scenarios.iter().find(|s| s.script.is_empty());
        if let Some(scenario) = bare {
            recipe.scenario = format!("{}/{}", b.protocol.id, scenario.id);
            recipe.preset = Some(b.preset.name.to_owned());
        }
    }
    if alike {
        // Single nodes have the first run's values, too.
        recipe.params.retain(|name, _| !name.contains('.'));
    }
    let theirs = a.settings.params();
    for (param, value) in theirs {
        let known = b.protocol.params.iter().any(|p| p.name == param.name);
        let preset = |setup: &Setup| setup.preset.params.iter().any(|(n, _)| *n == param.name);
        let ruled = a.preset.name != b.preset.name && (preset(a) || preset(b));
        if known && !ruled && (alike || LOAD.contains(&param.name)) {
            let _ = recipe
                .params
                .insert(param.name.to_owned(), value.to_string());
        }
        for (id, name, value) in own(a, |name| alike && name == param.name) {
            let _ = recipe.params.insert(format!("{id}.{name}"), value);
        }
    }
    let script = if alike { &[][..] } else { &a.script[..] };
    let wanted = |timed: &&Timed| {
        let command = &timed.command;
        is_request(command) || is_fault(command) || alike && is_setting(command)
    };
    let mirrored = script.iter().chain(&a.commands).filter(wanted);
    let ruled = b.commands.iter().filter(|timed| is_rule(&timed.command));
    recipe.commands.clear();
    let bare = catalogue.setup(&recipe)?;
    let world = bare.world();
    let nodes = (bare.protocol.nodes)(&bare.settings);
    let mut left_out = Vec::new();
    for timed in mirrored.chain(ruled) {
        let mut timed = timed.clone();
        // Numbers of events are another run's.
        if timed.at.time.is_some() && !alike {
            timed.at.after = None;
        }
        let known = named(&timed.command) <= nodes;
        if known && world.check(&timed.command).is_ok() {
            recipe.commands.push(timed.to_string());
        } else {
            left_out.push(timed.command.to_string());
        }
    }
    Ok((recipe, left_out))
}

/// The highest node that a command names; 0 if it names none.
fn named(command: &Command) -> u32 {
    if let Command::Request(id, _) = command {
        return id.0;
    }
    let text = command.to_string();
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    let numbers = words.filter_map(|word| word.strip_prefix('n')?.parse().ok());
    numbers.max().unwrap_or(0)
}
