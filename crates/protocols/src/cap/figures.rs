//! What the nodes show: how they choose, their values with versions, and what each would answer now.

use std::rc::Rc;

use faultline_sim::frame::{Answers, Figure, NodeFrame, Pips, Tone, Word, colour};
use faultline_sim::settings::Settings;
use faultline_sim::text::counted;
use faultline_sim::world::World;

use super::descriptor::{ANSWER, NODES};
use super::jobs::Step;
use super::probes::{keys, most_different};
use super::truth::{live, would_answer};
use super::{Message, Node, is_member, rules, told};
use crate::parts::confirmed::last_confirmed;
use crate::parts::versions::Entry;

/// Keys that a table shows at most, and chips beside the body.
const SHOWN: usize = 12;
const CHIPS: usize = 3;

pub fn draw(node: &Node, settings: &Settings, to: &mut NodeFrame) {
    if !is_member(settings, to.id) {
        to.set("spectator", Tone::Calm);
        to.label = "Keeps no copies".to_owned();
        return;
    }
    let own = settings.at(to.id);
    let settings: &Settings = &own;
    let refuses = !settings.switch(&ANSWER);
    let torn = node
        .data
        .values()
        .any(|entry| rules(settings).shown(entry).len() > 1);
    let tone = match (node.partitioned, torn) {
        (true, _) => Tone::Suspect,
        (_, true) => Tone::Busy,
        _ if node.data.is_empty() => Tone::Calm,
        _ => Tone::Good,
    };
    to.set(if refuses { "CP node" } else { "AP node" }, tone);
    to.label = match (refuses, node.partitioned) {
        (true, false) => "CP: refuses".to_owned(),
        (false, false) => "AP: answers".to_owned(),
        (true, true) => "CP, cut off".to_owned(),
        (false, true) => "AP, cut off".to_owned(),
    };
    body(node, settings, to);
    if node.rests.is_some_and(|_| refuses) {
        to.chips.push("refuses at once".to_owned());
    }
    if let Some(call) = node.jobs.open.values().next_back() {
        let yes = match &call.query.step {
            Step::Ask { copies, .. } => copies.len() as u32,
            Step::Store { stored, .. } => *stored,
        };
        to.pips = Some(Pips {
            yes,
            no: 0,
            need: settings.count(&NODES) / 2 + 1,
            of: yes + call.waits_for.len() as u32,
        });
    }
    if !node.compared.is_empty() {
        let rows = node.compared.iter().take(SHOWN).map(|(key, equal)| {
            let word = if *equal { "equal" } else { "differs" };
            vec![key.clone(), word.to_owned()]
        });
        to.figures.push(Figure::Table {
            head: ["key compared", "copies"].map(str::to_owned).to_vec(),
            rows: rows.collect(),
        });
    }
}

/// A key's values and their versions: `red or blue`, `v2 and v2`.
fn words(settings: &Settings, entry: &Entry) -> (String, String) {
    let versions = rules(settings).shown(entry).iter();
    let versions: Vec<String> = versions.map(|written| written.tag.to_string()).collect();
    (told(&rules(settings).values(entry)), versions.join(" and "))
}

fn body(node: &Node, settings: &Settings, to: &mut NodeFrame) {
    let there = || {
        let all = node.data.iter();
        all.filter(|(_, entry)| !entry.values.is_empty())
    };
    let count = there().count();
    let several = |(_, entry): &(&String, &Rc<Entry>)| rules(settings).values(entry).len() > 1;
    to.inside = match (there().find(several), there().next()) {
        (Some((_, entry)), _) => {
            let count = rules(settings).values(entry).len() as u64;
            Some(Word::of(counted(count, "value", "values")))
        }
        (None, Some((_, entry))) if count == 1 => {
            let values = rules(settings).values(entry);
            values.first().map(Word::of)
        }
        (None, Some(_)) => Some(Word::of(counted(count as u64, "key", "keys"))),
        (None, None) => None,
    };
    let first = node.data.get("color").or(node.data.values().next());
    let values = first.map(|entry| rules(settings).values(entry));
    if let Some([one]) = values.as_deref() {
        to.colour = colour(one);
    }
    let mut rows = Vec::new();
    for (key, entry) in there().take(SHOWN) {
        let (values, versions) = words(settings, entry);
        if rows.len() < CHIPS {
            to.chips.push(format!("{key} = {values}"));
        }
        rows.push(vec![key.clone(), values, versions]);
    }
    // A version without a value is the trace of a write that failed.
    let raised = node.version.iter();
    let raised = raised.filter(|(key, number)| **number > node.copy(key).number());
    for (key, number) in raised.take(SHOWN) {
        to.chips
            .push(format!("{key}: version {number} without its value"));
    }
    if !rows.is_empty() {
        to.figures.push(Figure::Table {
            head: ["key", "value", "version"].map(str::to_owned).to_vec(),
            rows,
        });
    }
}

/// What a message carries.
pub fn word(message: &Message) -> Option<Word> {
    let values = |entry: &Entry| {
        let values: Vec<&str> = entry.values.iter().map(|written| &*written.value).collect();
        match values.is_empty() {
            true => "none".to_owned(),
            false => values.join("|"),
        }
    };
    Some(match message {
        Message::Replicate { key, entry, .. } => {
            Word::of(format_args!("{key} = {}", values(entry)))
        }
        Message::Stored { .. } => Word::of("ok"),
        Message::CutOff { .. } => Word::of("cut off"),
        Message::Fetch { key, .. } => Word::of(format_args!("{key}?")),
        Message::Copy { entry, .. } => Word::of(values(entry)),
        Message::Digest { hashes } => Word::of(counted(hashes.len() as u64, "hash", "hashes")),
        Message::Differ { data, .. } => Word::of(counted(data.len() as u64, "key", "keys")),
    })
}

/// What each node would answer now for the key on which they differ most, beside the last confirmed write.
pub fn answers(world: &World) -> Option<Answers> {
    let first = || keys(world).iter().next().map(|key| (*key).clone());
    let key = most_different(world).or_else(first)?;
    let by = live(world).map(|(id, node)| (id, would_answer(world, id, node, &key)));
    Answers::of(&key, last_confirmed(world, &key), by)
}

/// Before there is anything to read.
pub fn narrate(world: &World) -> Option<String> {
    let empty = live(world).all(|(_, node)| node.data.is_empty());
    empty.then(|| "No node has any data yet.".to_owned())
}
