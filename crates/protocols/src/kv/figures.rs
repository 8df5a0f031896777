//! What the nodes show: their values with versions, and what the nodes together would answer now.

use faultline_sim::frame::{Answers, Figure, Halves, NodeFrame, Pips, Tone, Word, colour};
use faultline_sim::settings::Settings;
use faultline_sim::sorted::SortedMap;
use faultline_sim::text::{and_list, counted};
use faultline_sim::world::World;

use super::probes::{self, live};
use super::quorum::What;
use super::{Message, Store, rules, shown};
use crate::parts::confirmed::last_confirmed;
use crate::parts::merkle::{LEAVES, leaf};
use crate::parts::versions::{Entry, Resolution};

/// Keys that a table shows at most, and chips beside the body.
const SHOWN: usize = 12;
const CHIPS: usize = 4;

pub fn draw(node: &Store, settings: &Settings, to: &mut NodeFrame) {
    if node.client {
        return client(node, to);
    }
    let torn = node
        .data
        .values()
        .any(|entry| rules(settings).shown(entry).len() > 1);
    let tone = match (node.data.is_empty(), torn || !node.held.is_empty()) {
        (true, _) => Tone::Calm,
        (false, true) => Tone::Busy,
        (false, false) => Tone::Good,
    };
    to.set("replica", tone);
    body(node, settings, to);
    for held in &node.held {
        to.chips.push(format!("⛓ holds {} back", held.key));
    }
    for hint in &node.hints {
        to.chips.push(format!("keeps {} for {}", hint.key, hint.to));
    }
    if let Some(call) = node.jobs.open.values().next_back() {
        let yes = match &call.query.what {
            What::Write { stored, .. } => *stored,
            What::Read { copies } => copies.len() as u32,
            What::Hint(..) => 0,
        };
        let of = yes + call.waits_for.len() as u32;
        to.pips = (yes > 0).then_some(Pips {
            yes,
            no: 0,
            need: of,
            of,
        });
    }
    if !node.compared.is_empty() {
        let compared = node.compared.iter();
        to.figures.push(Figure::Halves(Halves {
            compared: compared
                .map(|(span, equal)| (span.from, span.count, *equal))
                .collect(),
            keys: (0..LEAVES).map(|at| keys_of_leaf(node, at)).collect(),
        }));
    }
}

/// What lies in a leaf of the tree.
fn keys_of_leaf(node: &Store, at: u32) -> String {
    let own = node.data.keys().filter(|key| leaf(key) == at);
    own.map(String::as_str).collect::<Vec<_>>().join(", ")
}

/// A key's values with their versions: `red v2 or blue v2`.
fn words(settings: &Settings, entry: &Entry) -> (String, String) {
    let versions = rules(settings).shown(entry).iter().map(|written| {
        let tag = written.tag.to_string();
        if tag.is_empty() {
            "none".to_owned()
        } else {
            tag
        }
    });
    (
        shown(settings, entry),
        versions.collect::<Vec<_>>().join(" and "),
    )
}

fn body(node: &Store, settings: &Settings, to: &mut NodeFrame) {
    let count = node.data.len();
    to.label = match node.data.iter().next() {
        None => "Nothing yet".to_owned(),
        Some((key, entry)) if count == 1 => format!("{key} = {}", shown(settings, entry)),
        Some(_) => counted(count as u64, "key", "keys"),
    };
    to.inside = match node.data.values().next() {
        None => None,
        Some(entry) if count == 1 => match rules(settings).values(entry).as_slice() {
            [one] => Some(Word::of(one)),
            many => Some(Word::of(counted(many.len() as u64, "value", "values"))),
        },
        Some(_) => Some(Word::of(counted(count as u64, "key", "keys"))),
    };
    let first = node.data.get("color").or(node.data.values().next());
    let values = first
        .map(|entry| rules(settings).values(entry))
        .unwrap_or_default();
    if let [one] = &values[..] {
        to.colour = colour(one);
    }
    let mut rows = Vec::new();
    for (key, entry) in node.data.iter().take(SHOWN) {
        let (values, versions) = words(settings, entry);
        if rows.len() < CHIPS {
            let siblings = rules(settings).shown(entry).len();
            let version = match versions.as_str() {
                "none" => String::new(),
                _ if siblings > 1 && rules(settings).resolution == Resolution::Merge => {
                    " (merged)".to_owned()
                }
                _ if siblings > 1 => " (siblings)".to_owned(),
                one => format!(" ({one})"),
            };
            to.chips.push(format!("{key} = {values}{version}"));
        }
        rows.push(vec![key.clone(), values, versions]);
    }
    if !rows.is_empty() {
        to.figures.push(Figure::Table {
            head: ["key", "value", "version"].map(str::to_owned).to_vec(),
            rows,
        });
    }
}

fn client(node: &Store, to: &mut NodeFrame) {
    to.set("client", Tone::Client);
    to.label = format!("Client of {}", node.session.home);
    let known = |map: &SortedMap<String, crate::parts::versions::Vector>| {
        let each = map.iter().map(|(key, seen)| format!("{key}: {seen}"));
        each.collect::<Vec<_>>().join(", ")
    };
    if let Some(call) = node.asks.open.values().next() {
        to.chips
            .push(format!("waits for {}", and_list(call.waits_for.iter())));
    }
    to.fields([
        ("talks to", node.session.home.to_string()),
        ("has written", known(&node.session.wrote)),
        ("has read", known(&node.session.read)),
    ]);
}

/// What a message carries.
pub fn word(message: &Message) -> Option<Word> {
    let entry = |key: &str, entry: &Entry| {
        let values: Vec<&str> = entry.values.iter().map(|written| &*written.value).collect();
        Some(match values.as_slice() {
            [] => Word::of(format_args!("{key}: none")),
            [one] => Word::of(format_args!("{key} = {one}")),
            many => Word::of(format_args!("{key}: {} values", many.len())),
        })
    };
    match message {
        Message::Replicate {
            key, entry: copy, ..
        }
        | Message::StandIn {
            key, entry: copy, ..
        } => entry(key, copy),
        Message::Copy { entry: copy, .. } | Message::Found { entry: copy, .. } => {
            let values: Vec<&str> = copy.values.iter().map(|written| &*written.value).collect();
            Some(Word::of(if values.is_empty() {
                "none".to_owned()
            } else {
                values.join("|")
            }))
        }
        Message::Set(set) => Some(Word::of(format_args!("{} = {}", set.key, set.value))),
        Message::Fetch { key, .. } | Message::Get { key, .. } => {
            Some(Word::of(format_args!("{key}?")))
        }
        Message::All { data } => Some(Word::of(counted(data.len() as u64, "key", "keys"))),
        Message::Tree { spans } => Some(Word::of(counted(spans.len() as u64, "hash", "hashes"))),
        Message::Leaf { span, .. } => Some(Word::of(format_args!("leaf {span}"))),
        Message::Stored { .. } | Message::Done { .. } => Some(Word::of("ok")),
        Message::Behind { .. } => Some(Word::of("behind")),
        Message::Failed { .. } | Message::Join { .. } => None,
    }
}

/// What each replica would answer now for the key on which they differ most, beside the last confirmed
/// write.
pub fn answers(world: &World) -> Option<Answers> {
    let first = || live(world).find_map(|(_, node)| node.data.keys().next().cloned());
    let key = probes::most_different(world).or_else(first)?;
    let by = live(world).map(|(id, node)| {
        let entry = node.data.get(&key);
        let told = entry.map(|entry| shown(world.settings(), entry));
        (id, Some(told.unwrap_or_else(|| "nothing".to_owned())))
    });
    Answers::of(&key, last_confirmed(world, &key), by)
}

/// Before there is anything to read.
pub fn narrate(world: &World) -> Option<String> {
    let empty = live(world).all(|(_, node)| node.data.is_empty());
    empty.then(|| "No replica has any data yet.".to_owned())
}
