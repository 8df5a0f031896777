//! What the nodes show: their values in colour, and what each waits for.

use faultline_sim::frame::{Figure, NodeFrame, Pips, Tone, Word, colour};
use faultline_sim::quorum::majority;
use faultline_sim::settings::Settings;
use faultline_sim::world::World;

use super::descriptor::{ASK_FIRST, NODES, THROUGH_ONE};
use super::{DECIDER, Message, Node};
use crate::parts::kv::KvAnswer;

/// Chips beside the body, and rows of the table.
const CHIPS: usize = 3;
const ROWS: usize = 12;

pub fn draw(node: &Node, settings: &Settings, to: &mut NodeFrame) {
    let decides = settings.switch(&THROUGH_ONE) && to.id == DECIDER;
    let tone = match (decides, node.store.is_empty()) {
        (true, _) => Tone::Leader,
        (false, true) => Tone::Calm,
        (false, false) => Tone::Good,
    };
    to.set(if decides { "decider" } else { "node" }, tone);
    let first = node
        .store
        .get("x")
        .or_else(|| node.store.iter().next().map(|(_, told)| told));
    if let Some(told) = first {
        to.inside = Some(Word::of(&told.value));
        to.colour = colour(&told.value);
    }
    for (key, told) in node.store.iter().take(CHIPS) {
        to.chips
            .push(format!("{key} = {} ({})", told.value, told.stamp));
    }
    if let Some(waiting) = node.waiting.values().next_back() {
        to.label = format!("waits: {}", waiting.op);
        if settings.switch(&ASK_FIRST) && !settings.switch(&THROUGH_ONE) {
            let all = settings.count(&NODES);
            to.pips = Some(Pips {
                yes: waiting.have.len() as u32,
                no: 0,
                need: majority(all),
                of: all,
            });
        }
    } else if decides {
        "decides".clone_into(&mut to.label);
    }
    let row = |(key, told): (&String, &super::Told)| {
        vec![key.clone(), told.value.clone(), told.stamp.to_string()]
    };
    let rows: Vec<Vec<String>> = node.store.iter().take(ROWS).map(row).collect();
    if !rows.is_empty() {
        to.figures.push(Figure::Table {
            head: ["key", "value", "stamp"].map(str::to_owned).to_vec(),
            rows,
        });
    }
}

pub fn word(message: &Message) -> Option<Word> {
    Some(match message {
        Message::Tell { key, told, .. } => Word::of(format_args!("{key} = {}", told.value)),
        Message::Have { .. } => Word::of("ok"),
        Message::Ask { op, .. } => Word::of(op),
        Message::Answer { answer, .. } => match answer {
            KvAnswer::Done => Word::of("done"),
            KvAnswer::Value(Some(value)) => Word::of(value),
            KvAnswer::Value(None) => Word::of("none"),
            KvAnswer::Differs(_) => Word::of("differs"),
        },
    })
}

pub fn narrate(world: &World) -> Option<String> {
    if world.settings().switch(&THROUGH_ONE) && !world.live().any(|id| id == DECIDER) {
        return Some("Node 1 is down, so nobody decides.".to_owned());
    }
    let mut values: Vec<&str> = Vec::new();
    for node in world.live().filter_map(|id| world.node::<Node>(id)) {
        let value = node.value("x");
        values.extend(value.filter(|value| !values.contains(value)));
    }
    match &values[..] {
        [] => Some("Nobody has written x yet.".to_owned()),
        [one] => Some(format!("All nodes that know x have the same value: {one}.")),
        several => Some(format!(
            "Live nodes have different values of x: {}.",
            several.join(", ")
        )),
    }
}
