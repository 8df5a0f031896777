//! What the nodes show: their keys, and whether they have the news.

use std::collections::BTreeSet;

use faultline_sim::frame::{Figure, NodeFrame, Tone, Word, colour};
use faultline_sim::settings::Settings;
use faultline_sim::sorted::SortedMap;
use faultline_sim::text::counted;
use faultline_sim::world::World;

use super::data::{Data, Written};
use super::descriptor::VECTORS;
use super::probes::live;
use super::{Gossip, Message};

/// Keys that a table shows at most.
const SHOWN: usize = 12;

pub fn draw(node: &Gossip, _settings: &Settings, to: &mut NodeFrame) {
    let torn = node.data.0.values().any(|writes| writes.len() > 1);
    let tone = match (node.data.is_empty(), torn) {
        (true, _) => Tone::Calm,
        (false, true) => Tone::Busy,
        (false, false) => Tone::Good,
    };
    to.set(if node.stopped { "stopped" } else { "gossiping" }, tone);
    body(&node.data, to);
    if node.stopped {
        to.chips.push("stopped".to_owned());
    }
    let keys = node.data.0.iter();
    let shown = keys.clone().take(SHOWN).map(|(key, writes)| {
        let values: Vec<&str> = writes
            .iter()
            .map(|write| write.value.as_deref().unwrap_or("(deleted)"))
            .collect();
        let versions: Vec<String> = writes
            .iter()
            .map(|w| w.version.number().to_string())
            .collect();
        [key.clone(), values.join(" or "), versions.join(" and ")]
    });
    let rows: Vec<Vec<String>> = shown.map(Vec::from).collect();
    to.label = match rows.as_slice() {
        [] => "Nothing yet".to_owned(),
        [one] => format!("{} = {}", one[0], one[1]),
        many if many.len() == node.data.0.len() => format!("{} keys", many.len()),
        _ => format!("{} keys", node.data.0.len()),
    };
    if !rows.is_empty() {
        to.figures.push(Figure::Table {
            head: ["key", "value", "version"].map(str::to_owned).to_vec(),
            rows,
        });
    }
}

/// One sentence: how far the news is.
pub fn narrate(world: &World) -> Option<String> {
    let all = live(world).count();
    let first = live(world).find(|(_, node)| !node.data.is_empty());
    let Some((_, first)) = first else {
        return Some("No node has any data yet.".to_owned());
    };
    let keys: BTreeSet<&String> = live(world)
        .flat_map(|(_, node)| node.data.0.keys())
        .collect();
    let with_all = live(world).filter(|(_, node)| node.data.0.len() == keys.len());
    let agree = live(world).all(|(_, node)| node.data == first.data);
    Some(if agree {
        format!("All {all} live nodes have the same data.")
    } else if let Some(told) = disagree(world, &keys) {
        told
    } else if keys.len() == 1 {
        format!("{} of {all} live nodes have the key.", with_all.count())
    } else {
        format!(
            "{} of {all} live nodes have all {} keys.",
            with_all.count(),
            keys.len()
        )
    })
}

/// The one value inside the body, or how many there are; and the colour, where a key names one.
fn body(data: &Data, to: &mut NodeFrame) {
    if let Some([one]) = data.0.get("color").map(Vec::as_slice) {
        to.colour = colour(value(one));
    }
    let mut keys = data.0.values();
    match (keys.next().map(Vec::as_slice), keys.next()) {
        (None, _) => {}
        (Some([one]), None) => {
            to.inside = Some(Word::of(value(one)));
            let version = one.version.number();
            if version > 1 {
                to.chips.push(format!("version {version}"));
            }
        }
        (Some(many), None) => {
            to.inside = Some(Word::of(counted(many.len() as u64, "value", "values")));
            to.chips.push("keeps both".to_owned());
        }
        (Some(_), Some(_)) => {
            let keys = counted(data.0.len() as u64, "key", "keys");
            to.inside = Some(Word::of(keys));
        }
    }
}

fn value(write: &Written) -> &str {
    write.value.as_deref().unwrap_or("(deleted)")
}

/// What a message says.
pub fn word(message: &Message) -> Word {
    match message {
        Message::Gossip { data, .. } | Message::Delta { data } => {
            let mut keys = data.0.iter();
            match (keys.next(), keys.next()) {
                (None, _) => Word::of("nothing"),
                (Some((key, writes)), None) => match writes.as_slice() {
                    [one] => Word::of(format_args!("{key}={}", value(one))),
                    many => Word::of(counted(many.len() as u64, "value", "values")),
                },
                _ => Word::of(counted(data.0.len() as u64, "key", "keys")),
            }
        }
        Message::Ask => Word::of("what is new?"),
        Message::Digest { has, .. } => Word::of(format_args!(
            "has {}",
            counted(has.len() as u64, "key", "keys")
        )),
    }
}

/// Values are compared among up to this many nodes: of more, the picture tells enough.
const COMPARED: usize = 100;

/// A key of which the live nodes have different values.
fn disagree(world: &World, keys: &BTreeSet<&String>) -> Option<String> {
    if live(world).count() > COMPARED {
        return None;
    }
    keys.iter().find_map(|key| camps_of(world, key))
}

fn camps_of(world: &World, key: &str) -> Option<String> {
    let mut camps: SortedMap<Vec<&str>, u32> = SortedMap::new();
    let mut versions = BTreeSet::new();
    for (_, node) in live(world) {
        if let Some(writes) = node.data.0.get(key) {
            *camps.entry(writes.iter().map(value).collect()).or_default() += 1;
            versions.extend(writes.iter().map(|write| write.version.number()));
        }
    }
    let camp = |(values, count): (&Vec<&str>, &u32)| {
        let have = if *count == 1 { "has" } else { "have" };
        format!("{count} {have} {}", values.join(" and "))
    };
    let told: Vec<String> = camps.iter().map(camp).collect();
    let why = match versions.first() {
        Some(version) if versions.len() == 1 && !world.settings().switch(&VECTORS) => {
            format!(" All are version {version}, so none replaces another.")
        }
        _ => String::new(),
    };
    match told.as_slice() {
        [] | [_] => None,
        [_, _] => Some(format!(
            "Nodes disagree on {key}: {}.{why}",
            told.join(", ")
        )),
        many => Some(format!(
            "Nodes disagree on {key}: they have {} different values.{why}",
            many.len()
        )),
    }
}
