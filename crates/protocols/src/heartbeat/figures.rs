//! What the nodes show: how silent each peer is, and what is believed of it.

use faultline_sim::frame::{Figure, NodeFrame, Pips, Tone, Word};
use faultline_sim::process::{NodeId, Opinion};
use faultline_sim::quorum::majority;
use faultline_sim::settings::Settings;
use faultline_sim::text::and_list;
use faultline_sim::world::World;

use super::descriptor::{QUORUM, WORK};
use super::judge::{Judge, Measure, Past};
use super::truth::{observers, says_failed, works};
use super::{CENTRE, Message, Watcher, central};
use crate::words::nodes;

/// More nodes than this are counted, not named.
const NAMED: usize = 3;

/// As many curves stand in a panel at most.
const CURVES: usize = 4;

pub fn draw(node: &Watcher, settings: &Settings, to: &mut NodeFrame) {
    let own = settings.at(to.id);
    let settings: &Settings = &own;
    let watches = !central(settings) || to.id == CENTRE;
    let of = |wanted: Opinion| -> Vec<NodeId> {
        let beliefs = node.beliefs.iter();
        let fits = beliefs.filter(|(_, opinion)| **opinion == wanted);
        fits.map(|(peer, _)| *peer).collect()
    };
    let (suspected, failed) = (of(Opinion::Suspected), of(Opinion::Failed));
    let tone = match (node.sending, node.beliefs.is_empty()) {
        (false, _) => Tone::Bad,
        (true, false) => Tone::Suspect,
        (true, true) => Tone::Calm,
    };
    let role = match (central(settings), watches) {
        (true, true) => "watcher",
        (true, false) => "member",
        (false, _) => "node",
    };
    to.set(role, tone);
    to.label = label(node, watches, &suspected, &failed);
    if watches && !node.beliefs.is_empty() {
        let all = node.detector.heard.len();
        let heard = all.saturating_sub(node.beliefs.len());
        to.inside = Some(Word::of(format_args!("hears {heard} of {all}")));
    }
    to.chips.extend(work(node, settings));
    if watches {
        votes(node, settings, to);
        figures(node, settings, to);
    }
}

fn label(node: &Watcher, watches: bool, suspected: &[NodeId], failed: &[NodeId]) -> String {
    let named = |verb: &str, ids: &[NodeId]| match ids {
        [] => None,
        few if few.len() <= NAMED => Some(format!("{verb} {}", nodes(few).to_lowercase())),
        many => Some(format!("{verb} {} nodes", many.len())),
    };
    let told = named("Declares failed:", failed).or(named("Suspects", suspected));
    told.unwrap_or_else(|| {
        let words = match (node.sending, watches) {
            (false, _) => "Silent",
            (true, true) => "Hears all peers",
            (true, false) => "Sends heartbeats",
        };
        words.to_owned()
    })
}

/// Where the work of failed nodes is.
fn work(node: &Watcher, settings: &Settings) -> Vec<String> {
    let told = |(from, to): (&NodeId, &Option<NodeId>)| match to {
        Some(to) => format!("pod of node {} now at node {}", from.0, to.0),
        None => format!("{} of node {} deleted", settings.choice(&WORK), from.0),
    };
    node.moved.iter().map(told).collect()
}

/// The votes about the peer that most suspect.
fn votes(node: &Watcher, settings: &Settings, to: &mut NodeFrame) {
    if !settings.switch(&QUORUM) || central(settings) {
        return;
    }
    let peers = node.detector.heard.keys();
    let most = peers.map(|peer| node.votes(*peer)).max().unwrap_or(0);
    let of = node.detector.heard.len() as u32 + 1;
    if most > 0 {
        to.pips = Some(Pips {
            yes: most.min(of),
            no: 0,
            need: majority(of),
            of,
        });
    }
}

fn figures(node: &Watcher, settings: &Settings, to: &mut NodeFrame) {
    let judge = Judge::new(settings);
    let limit = judge.level(Default::default(), Past::default()).limit;
    let highest = node
        .levels
        .iter()
        .reduce(|a, b| if b.1.0 > a.1.0 { b } else { a });
    if let Some((peer, level)) = highest {
        to.figures.push(Figure::Gauge {
            name: format!("{} of node {}", unit(&judge), peer.0),
            value: level.0,
            max: limit.max(level.0) * 1.25,
            mark: Some(limit),
        });
    }
    to.figures.extend(curves(node, &judge));
    to.fields([
        ("suspects", list(node, |_, own, _| own != Opinion::Alive)),
        ("declared failed", list(node, |_, _, failed| failed)),
    ]);
    let shown = !matches!(judge.measure, Measure::Phi(_) | Measure::Missed);
    let rows = node.detector.heard.iter().map(|(peer, at)| {
        let past = Past {
            arrivals: node.arrivals.get(peer),
            smoothed: node.smoothed.get(peer),
        };
        let wait = match shown {
            true => format!("{:.2} s", judge.wait(past).as_seconds()),
            false => format!("level {limit}"),
        };
        let level = match node.levels.get(peer) {
            Some(level) => format!("{:.1}", level.0),
            None => "low".to_owned(),
        };
        let heard = match node.detector.unheard.contains(peer) {
            true => "never".to_owned(),
            false => format!("{:.1} s", at.0 as f64 / 1e6),
        };
        let votes = node.votes(*peer).to_string();
        vec![
            format!("node {}", peer.0),
            heard,
            wait,
            level,
            votes,
            belief(node, *peer).to_owned(),
        ]
    });
    let head = [
        "peer",
        "last heard",
        "suspected after",
        unit(&judge),
        "suspect it",
        "believed",
    ];
    to.figures.push(Figure::Table {
        head: head.map(str::to_owned).to_vec(),
        rows: rows.collect(),
    });
}

/// How silent peers were lately, against what this node tolerates: of all peers if they are few, else of
/// those that it misses.
fn curves(node: &Watcher, judge: &Judge) -> Vec<Figure> {
    let all = node.detector.heard.keys();
    let few = all.len() <= CURVES;
    let shown = all.filter(|peer| few || node.beliefs.contains_key(*peer));
    let (name, limit) = match judge.measure {
        Measure::Missed => ("Missed heartbeats", "limit"),
        Measure::Phi(_) => ("Phi", "threshold"),
        _ => ("Seconds of silence", "timeout"),
    };
    let curve = |peer: &NodeId| {
        let name = format!("{name} of node {}", peer.0);
        node.trails.curve(*peer, &name, limit)
    };
    shown.filter_map(curve).take(CURVES).collect()
}

/// What a level counts.
fn unit(judge: &Judge) -> &'static str {
    match judge.measure {
        Measure::Missed => "missed heartbeats",
        Measure::Phi(_) => "phi",
        _ => "share of the timeout",
    }
}

fn belief(node: &Watcher, peer: NodeId) -> &'static str {
    match node.beliefs.get(&peer) {
        None | Some(Opinion::Alive) => "alive",
        Some(Opinion::Suspected) => "suspected",
        Some(Opinion::Failed) => "failed",
    }
}

/// `n2 and n3`, or `none`: what questions read.
fn list(node: &Watcher, is: impl Fn(NodeId, Opinion, bool) -> bool) -> String {
    let peers = node.detector.heard.keys().copied();
    let fits = |peer: &NodeId| {
        is(
            *peer,
            node.detector.opinion(*peer),
            says_failed(node, *peer),
        )
    };
    let all = and_list(peers.filter(fits));
    if all.is_empty() {
        "none".to_owned()
    } else {
        all
    }
}

/// What a heartbeat says besides that its sender is alive.
pub fn word(message: &Message) -> Option<Word> {
    let Message::Heartbeat { suspects } = message;
    match suspects.as_slice() {
        [] => None,
        [one] => Some(Word::of(format_args!("suspects {}", one.0))),
        many => Some(Word::of(format_args!("suspects {}", many.len()))),
    }
}

/// One sentence: who is silent, and who has noticed; first what is wrong.
pub fn narrate(world: &World) -> Option<String> {
    mistaken(world).or_else(|| silent(world)).or_else(|| {
        let all = world.ids().len();
        Some(match central(world.settings()) {
            true => format!("Node 1 watches {} other nodes and hears them all.", all - 1),
            false => format!("{all} nodes send each other heartbeats."),
        })
    })
}

fn mistaken(world: &World) -> Option<String> {
    let wrong = |failed: bool| {
        observers(world).find_map(|(id, node)| {
            let mut peers = node.beliefs.keys().filter(|peer| works(world, **peer));
            let peer = peers.find(|peer| says_failed(node, **peer) == failed)?;
            Some((id, *peer))
        })
    };
    let (verb, (id, peer)) = match (wrong(true), wrong(false)) {
        (Some(pair), _) => ("declares", pair),
        (None, Some(pair)) => ("suspects", pair),
        (None, None) => return None,
    };
    let failed = if verb == "declares" { " failed" } else { "" };
    Some(format!(
        "Node {} {verb} node {}{failed}, although it is alive.",
        id.0, peer.0
    ))
}

fn silent(world: &World) -> Option<String> {
    let silent: Vec<NodeId> = world.ids().filter(|id| !works(world, *id)).collect();
    let who = match silent.as_slice() {
        [] => return None,
        few if few.len() <= NAMED => nodes(few),
        many => format!("{} nodes", many.len()),
    };
    let are = if silent.len() == 1 { "is" } else { "are" };
    let all: Vec<_> = observers(world)
        .filter(|(id, _)| !silent.contains(id))
        .collect();
    let count = |of: &dyn Fn(&Watcher, NodeId) -> bool| {
        let agrees = |(_, node): &&(NodeId, &Watcher)| silent.iter().all(|peer| of(node, *peer));
        all.iter().filter(agrees).count()
    };
    let it = if silent.len() == 1 { "it" } else { "them" };
    let told = match (count(&says_failed), count(&suspects), all.len()) {
        (_, _, 0) => return Some(format!("{who} {are} down, and nobody watches.")),
        (0, 0, _) => format!("No other node suspects {it} yet."),
        (0, some, all) => format!(
            "{some} of {all} other nodes {} {it}.",
            verb(some, "suspect")
        ),
        (some, _, all) => {
            let declare = verb(some, "declare");
            format!("{some} of {all} other nodes {declare} {it} failed.")
        }
    };
    Some(format!("{who} {are} silent. {told}"))
}

fn suspects(node: &Watcher, peer: NodeId) -> bool {
    node.beliefs.contains_key(&peer)
}

/// "1 of 4 other nodes suspects", "2 of 4 other nodes suspect".
fn verb(count: usize, plural: &str) -> String {
    let end = if count == 1 { "s" } else { "" };
    format!("{plural}{end}")
}
