//! Runs written down elsewhere, played on real nodes: for tests of both clocks.

use faultline_sim::command::Timed;
use faultline_sim::descriptor::Recipe;
use faultline_sim::event::{Event as Happened, Record};
use faultline_sim::process::NodeId;
use faultline_sim::sorted::SortedMap;
use faultline_sim::time::{Duration, Time};
use faultline_sim::timeline::Timeline;
use faultline_sim::world::World;

use super::{Clock, Member};
use crate::CATALOGUE;

/// Random runs with the stamps that their events must get.
const TRACES: &str = include_str!("traces.txt");
/// Between two events: longer than any hop.
const STEP: Duration = Duration::seconds(1);

/// One run that was written down.
pub struct Run {
    pub processes: u32,
    pub happened_before: u64,
    pub concurrent: u64,
    pub events: Vec<Event>,
}

pub struct Event {
    pub node: NodeId,
    pub act: Act,
    pub number: u64,
    pub vector: Vec<u64>,
}

pub enum Act {
    Local,
    Send { message: u32, to: NodeId },
    Take { message: u32 },
}

/// All runs of the file.
pub fn runs() -> Vec<Run> {
    TRACES
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(run)
        .collect()
}

fn run(line: &str) -> Run {
    let parts: Vec<&str> = line.split("; ").collect();
    let count = |at: usize| parts[at].parse().unwrap();
    Run {
        processes: count(0) as u32,
        happened_before: count(1),
        concurrent: count(2),
        events: parts[3].split(' ').map(event).collect(),
    }
}

fn process(digits: &str) -> NodeId {
    NodeId(digits.parse::<u32>().unwrap() + 1)
}

fn event(word: &str) -> Event {
    let (act, stamp) = word.split_once('=').unwrap();
    let (number, vector) = stamp.split_once('/').unwrap();
    let at = act.find(['l', 's', 'r']).unwrap();
    let rest = &act[at + 1..];
    Event {
        node: process(&act[..at]),
        act: match (&act[at..=at], rest.split_once('>')) {
            ("s", Some((message, to))) => Act::Send {
                message: message.parse().unwrap(),
                to: process(to),
            },
            ("r", _) => Act::Take {
                message: rest.parse().unwrap(),
            },
            _ => Act::Local,
        },
        number: number.parse().unwrap(),
        vector: vector
            .split(',')
            .map(|part| part.parse().unwrap())
            .collect(),
    }
}

/// A run that was played.
pub struct Played {
    /// Of each event.
    pub stamps: Vec<Clock>,
    /// The number of the first record that each event made.
    pub records: Vec<u64>,
    pub timeline: Timeline,
}

/// Plays a run: every message is held when it leaves, and let go when it is to be received.
pub fn play(protocol: &str, run: &Run) -> Played {
    let mut links: SortedMap<(NodeId, NodeId), u32> = SortedMap::new();
    let mut addresses: SortedMap<u32, String> = SortedMap::new();
    let mut commands = Vec::new();
    for (i, event) in run.events.iter().enumerate() {
        let at = Time((i as u64 + 1) * STEP.0);
        let node = event.node;
        match &event.act {
            Act::Local => commands.push(format!("{at} request {node} \"local\"")),
            Act::Send { message, to } => {
                let k = links.entry((node, *to)).or_default();
                *k += 1;
                let address = format!("{node}->{to}#{k}");
                commands.push(format!("0s hold {address}"));
                commands.push(format!(
                    "{at} request {node} {{\"send\":{{\"to\":{}}}}}",
                    to.0
                ));
                addresses.insert(*message, address);
            }
            Act::Take { message } => commands.push(format!("{at} release {}", addresses[message])),
        }
    }
    let mut recipe = Recipe::new(&format!("{protocol}/everybody-talks"), 1);
    recipe.preset = Some("textbook".into());
    recipe
        .params
        .insert("nodes".into(), run.processes.to_string());
    recipe.params.insert("chatter".into(), "0".into());
    recipe.commands = vec!["0s latency constant 500ms".into()];
    recipe.commands.extend(
        commands
            .iter()
            .map(|text| Timed::parse(text).unwrap().to_string()),
    );
    recipe
        .commands
        .sort_by_key(|text| Timed::parse(text).unwrap().at);
    let mut timeline = Timeline::new(CATALOGUE.setup(&recipe).unwrap()).unwrap();
    let (mut stamps, mut firsts) = (Vec::new(), Vec::new());
    for (i, event) in run.events.iter().enumerate() {
        let before = timeline.records();
        timeline.run_until(Time((i as u64 + 2) * STEP.0 - 1), u64::MAX);
        stamps.push(latest(timeline.world(), event.node));
        let own = |record: &&Record| {
            let handled = matches!(
                record.event,
                Happened::Delivered { .. } | Happened::Marked(_)
            );
            record.node == Some(event.node) && handled
        };
        let first = timeline.trace().from(before + 1).find(own);
        firsts.push(first.unwrap().seq);
    }
    Played {
        stamps,
        records: firsts,
        timeline,
    }
}

/// The stamp of a node's latest event.
pub fn latest(world: &World, id: NodeId) -> Clock {
    world
        .node::<Member>(id)
        .unwrap()
        .latest
        .last()
        .unwrap()
        .stamp
        .clone()
}

/// A scenario's world at an instant, with other switches or further commands.
pub fn scenario(name: &str, changes: &[(&str, bool)], commands: &[&str], end: Time) -> Timeline {
    seeded(name, 1, changes, commands, end)
}

pub fn seeded(
    name: &str,
    seed: u64,
    changes: &[(&str, bool)],
    commands: &[&str],
    end: Time,
) -> Timeline {
    let mut recipe = Recipe::new(name, seed);
    recipe.switches = changes
        .iter()
        .map(|(name, on)| ((*name).to_owned(), *on))
        .collect();
    recipe.commands = commands
        .iter()
        .map(|c| Timed::parse(c).unwrap().to_string())
        .collect();
    let mut run = Timeline::new(CATALOGUE.setup(&recipe).unwrap()).unwrap();
    assert!(run.run_until(end, u64::MAX), "{:?}", run.world().halted());
    run
}

pub fn member(run: &Timeline, id: u32) -> &Member {
    run.world().node(NodeId(id)).unwrap()
}

pub fn parts(run: &Timeline, id: u32) -> &[u64] {
    member(run, id).clock.parts()
}

pub fn probe(run: &Timeline, name: &str) -> f64 {
    run.world()
        .probes()
        .find(|(spec, _)| spec.name == name)
        .unwrap()
        .1
        .unwrap()
}

/// The invariants that a run has broken, with the reason.
pub fn broken(run: &Timeline) -> Vec<(&'static str, String)> {
    let found = faultline_sim::search::broken(run).into_iter();
    let law = |hit: &faultline_sim::search::Hit| hit.sought.law().unwrap_or_default();
    found.map(|hit| (law(&hit), hit.reason)).collect()
}
