//! How a node's clock, its latest events and its latest receipt are drawn.

use faultline_sim::frame::{Figure, NodeFrame, Tone};
use faultline_sim::process::NodeId;
use faultline_sim::world::World;

use super::{Clock, EventKind, Letter, Member, Merge, StampedEvent};
use crate::vector::causal::{Standing, standing};

/// Vectors of up to this many parts are the node's label, and are compared in full.
const FULL: usize = 6;

pub fn draw(member: &Member, to: &mut NodeFrame) {
    let waits = !member.held.is_empty();
    to.set("node", if waits { Tone::Busy } else { Tone::Calm });
    let own = to.id.index();
    to.label = match &member.clock {
        Clock::Vector(parts) if parts.len() > FULL => {
            format!("Own part {}", parts.get(own).copied().unwrap_or(0))
        }
        Clock::Vector(_) => member.clock.to_string(),
        Clock::Number(time) => format!("Clock {time}"),
    };
    match &member.clock {
        Clock::Number(time) => to.fields([("clock", time.to_string())]),
        Clock::Vector(parts) => to.figures.push(Figure::Vector {
            parts: parts.clone(),
            own,
        }),
    }
    to.fields([
        ("events", member.events.to_string()),
        ("messages sent", member.sent.to_string()),
    ]);
    if waits {
        let id = to.id;
        let rows = member.held.iter().map(|letter| held(letter, member, id));
        to.figures.push(table(["waiting message", "missing"], rows));
    }
    if let Some(merge) = &member.merge {
        to.figures.push(steps(merge, own));
    }
    if !member.latest.is_empty() {
        let rows = member.latest.iter().rev().map(event);
        to.figures
            .push(table(["event", "what happened", "stamp"], rows));
    }
}

fn table<const N: usize>(head: [&str; N], rows: impl Iterator<Item = [String; N]>) -> Figure {
    Figure::Table {
        head: head.map(str::to_owned).to_vec(),
        rows: rows.map(|row| row.to_vec()).collect(),
    }
}

/// The rule for receiving, one row a part: of a long vector, only the parts that it changed.
fn steps(merge: &Merge, own: usize) -> Figure {
    let column = |clock: &Clock, i: usize| clock.parts().get(i).copied().unwrap_or(0);
    let (before, after) = (&merge.own, &merge.after);
    let all = after.parts().len();
    let shown = |i: &usize| all <= FULL || column(before, *i) != column(after, *i);
    let rows = (0..all).filter(shown).map(|i| {
        let name = match before {
            Clock::Number(_) => "clock".to_owned(),
            Clock::Vector(_) if i == own => format!("n{} (own)", i + 1),
            Clock::Vector(_) => format!("n{}", i + 1),
        };
        let at = |clock| column(clock, i).to_string();
        [
            name,
            at(before),
            at(&merge.message),
            at(&merge.larger),
            at(after),
        ]
    });
    table(["part", "own", "message", "larger", "plus one"], rows)
}

fn event(happening: &StampedEvent) -> [String; 3] {
    let text = match happening.text.as_str() {
        "" => String::new(),
        text => format!(": {text}"),
    };
    let what = match happening.what {
        EventKind::Local => "local event".to_owned(),
        EventKind::Sends { to } => format!("sends to {to}"),
        EventKind::Broadcasts => format!("broadcasts{text}"),
        EventKind::Takes { from, .. } => format!("accepts from {from}{text}"),
    };
    [
        happening.number.to_string(),
        what,
        happening.stamp.to_string(),
    ]
}

fn held(letter: &Letter, member: &Member, me: NodeId) -> [String; 2] {
    let what = match letter.text.as_str() {
        "" => format!("message {} from {}", letter.number, letter.from),
        text => format!("{text} (from {})", letter.from),
    };
    let cause = match standing(letter, &member.taken, me) {
        Standing::Lacks(of, number) => format!("broadcast {number} from {of}"),
        _ => "its turn".to_owned(),
    };
    [what, cause]
}

/// How many events there are, and how many of their pairs are concurrent.
pub fn counts(world: &World) -> Option<String> {
    let events = super::common::events(world);
    let concurrent = world.probes().find(|(spec, _)| spec.name == "conc")?.1?;
    let pairs = events * events.saturating_sub(1) / 2;
    Some(match events {
        0 => "No events yet: ask a node for one.".to_owned(),
        1 => "1 event so far.".to_owned(),
        _ => format!("{events} events. {concurrent} of their {pairs} pairs are concurrent."),
    })
}
