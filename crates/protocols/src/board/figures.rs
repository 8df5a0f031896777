//! How a box is drawn.

use faultline_sim::frame::{Figure, Load, NodeFrame, Pips, Tone, Word};
use faultline_sim::process::NodeId;
use faultline_sim::settings::Settings;
use faultline_sim::sorted::SortedMap;
use faultline_sim::time::Duration;

use super::breaker::Breaker;
use super::params::{BREAKER, RATE, SERVERS, TO, USERS};
use super::{Kind, LOOKS, Node};

/// More workers than this are a share, not dots.
const DOTS: u32 = 10;

pub fn draw(node: &Node, settings: &Settings, to: &mut NodeFrame) {
    to.set(node.kind.word(), tone(node));
    to.layer = layer(settings, to.id);
    let own = settings.of_node(to.id);
    to.inside = inside(node, &own);
    let workers = own.count(&SERVERS);
    if matches!(node.kind, Kind::Service | Kind::Database) && workers <= DOTS {
        to.pips = Some(Pips {
            yes: node.server.working.len() as u32,
            no: 0,
            need: workers,
            of: workers,
        });
    }
    chips(node, own.switch(&BREAKER), to);
    rows(node, to);
    curves(node, to);
    to.figures.push(Figure::Load(load(node, own.nodes(&TO))));
}

/// What a crowd got in the last minute.
fn curves(node: &Node, to: &mut NodeFrame) {
    let looks = &node.meter.looks;
    if looks.len() < 2 {
        return;
    }
    let curve = |name: &str, of: fn(&(u64, u64)) -> f64| {
        let ago = |at: usize| (at as f64 - looks.len() as f64 + 1.0) / f64::from(LOOKS);
        Figure::Series {
            name: name.to_owned(),
            points: looks
                .iter()
                .enumerate()
                .map(|(at, look)| (ago(at), of(look)))
                .collect(),
            limit: None,
        }
    };
    to.figures.push(curve("answers a second", |(done, _)| {
        *done as f64 * f64::from(LOOKS)
    }));
    to.figures
        .push(curve("95 of 100 within, in ms", |(_, p95)| {
            *p95 as f64 / 1_000.0
        }));
}

fn load(node: &Node, calls: &[NodeId]) -> Load {
    let chooser = &node.caller.chooser;
    let of = |map: &SortedMap<NodeId, u32>, id: &NodeId| map.get(id).copied().unwrap_or(0);
    let call = |id: &NodeId| (*id, of(&chooser.rates, id), of(&chooser.open, id));
    let works = matches!(node.kind, Kind::Service | Kind::Database);
    Load {
        busy: works.then_some(node.server.busy),
        waiting: match node.kind {
            Kind::Queue => node.events.len() as u32,
            _ => node.server.waiting.len() as u32,
        },
        calls: calls.iter().map(call).collect(),
    }
}

fn tone(node: &Node) -> Tone {
    let waiting = node.server.waiting.len();
    match node.kind {
        Kind::Crowd => Tone::Client,
        Kind::Breaker if node.caller.breaker.since.is_some() => Tone::Suspect,
        _ if waiting > 20 => Tone::Bad,
        _ if waiting > 0 || node.server.busy > 80 => Tone::Busy,
        _ => Tone::Calm,
    }
}

/// How many boxes stand before it on the longest way from a crowd.
fn layer(settings: &Settings, id: NodeId) -> u8 {
    let last = settings.last_with_own().map_or(0, |id| id.0);
    let count = last.max(id.0) as usize;
    let mut layers = vec![0_u8; count + 1];
    // The longest way has no more steps than there are boxes; a circle ends, too.
    for _ in 0..count.min(12) {
        for from in 1..=count {
            let next = layers[from] + 1;
            for to in settings.of_node(NodeId(from as u32)).nodes(&TO) {
                if let Some(layer) = layers.get_mut(to.index() + 1)
                    && next <= 12
                {
                    *layer = next.max(*layer);
                }
            }
        }
    }
    layers[id.index() + 1]
}

fn inside(node: &Node, own: &faultline_sim::settings::OfNode<'_>) -> Option<Word> {
    Some(match node.kind {
        Kind::Crowd if own.count(&USERS) > 0 => {
            Word::of(format_args!("{} users", own.count(&USERS)))
        }
        Kind::Crowd => Word::of(format_args!("{}/s", own.param(&RATE))),
        Kind::Service | Kind::Database => Word::of(format_args!("{} %", node.server.busy)),
        Kind::Cache => {
            let all = node.cache.hits + node.cache.misses;
            let share = (node.cache.hits * 100).checked_div(all)?;
            Word::of(format_args!("{share} % hits"))
        }
        Kind::Queue => Word::of(format_args!("{} wait", node.events.len())),
        Kind::Breaker => Word::of(state(&node.caller.breaker)),
        Kind::Balancer => Word::of(format_args!("{} open", node.caller.open.len())),
        Kind::Autoscaler => Word::of(format_args!("wants {}", node.scaler.wanted)),
    })
}

/// A breaker's state without its clock: it is half-open when a call tries.
fn state(breaker: &Breaker) -> &'static str {
    match (breaker.since, breaker.trial) {
        (None, _) => "closed",
        (Some(_), true) => "half-open",
        (Some(_), false) => "open",
    }
}

fn millis(length: Duration) -> String {
    format!("{} ms", length.0.div_ceil(1_000))
}

fn chips(node: &Node, breaker: bool, to: &mut NodeFrame) {
    let waiting = node.server.waiting.len();
    let chips = [
        (waiting > 0).then(|| format!("{waiting} wait")),
        (breaker && node.caller.breaker.since.is_some())
            .then(|| format!("breaker {}", state(&node.caller.breaker))),
        (node.server.stuck() > 0).then(|| format!("{} stuck", node.server.stuck())),
        node.meter
            .percentiles([95])
            .filter(|_| node.kind == Kind::Crowd)
            .map(|[p95]| format!("95 %: {}", millis(p95))),
        (node.meter.failed > 0 && node.kind == Kind::Crowd)
            .then(|| format!("{} failed", node.meter.failed)),
        (node.events.aside > 0).then(|| format!("{} aside", node.events.aside)),
    ];
    to.chips.extend(chips.into_iter().flatten());
}

fn rows(node: &Node, to: &mut NodeFrame) {
    let mut rows: Vec<(&str, String)> = Vec::new();
    if let Some([half, most, worst]) = node.meter.percentiles([50, 95, 99]) {
        rows.push(("half of the latest within", millis(half)));
        rows.push(("95 of 100 within", millis(most)));
        rows.push(("99 of 100 within", millis(worst)));
    }
    rows.push(("done", node.meter.done.to_string()));
    rows.push(("failed", node.meter.failed.to_string()));
    rows.push(("calls open", node.caller.open.len().to_string()));
    match node.kind {
        Kind::Service | Kind::Database => {
            rows.push(("wait", node.server.waiting.len().to_string()));
            rows.push(("refused", node.server.refused.to_string()));
            rows.push(("left out late", node.server.dropped.to_string()));
        }
        Kind::Cache => {
            rows.push(("kept", node.cache.places.kept.len().to_string()));
            rows.push(("hits", node.cache.hits.to_string()));
            rows.push(("misses", node.cache.misses.to_string()));
            rows.push(("not written yet", node.cache.unwritten.len().to_string()));
        }
        Kind::Queue => {
            rows.push(("accepted", node.events.accepted.to_string()));
            rows.push(("handed on", node.events.handed.len().to_string()));
            rows.push(("put aside", node.events.aside.to_string()));
        }
        _ => {}
    }
    let named = rows
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value));
    to.figures.push(Figure::Fields(named.collect()));
}
