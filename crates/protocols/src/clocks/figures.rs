//! How a node's clock, its latest events and its latest receipt are drawn.

use faultline_sim::frame::{Figure, NodeFrame, Tone, Word};
use faultline_sim::process::NodeId;
use faultline_sim::text::counted;
use faultline_sim::world::World;

use super::{Clock, EventKind, Letter, Member, Merge, Message, StampedEvent};
use crate::vector::causal::{Standing, standing};

/// Receipts of vectors of up to this many parts are shown in full.
const FULL: usize = 6;

pub fn draw(member: &Member, to: &mut NodeFrame) {
    let waits = !member.held.is_empty();
    to.set("node", if waits { Tone::Busy } else { Tone::Calm });
    let own = to.id.index();
    to.inside = Some(short(&member.clock, to.id));
    let latest = member.latest.last();
    to.label = latest.map_or_else(|| "No event yet".to_owned(), |event| label(&event.what));
    if waits {
        let count = counted(member.held.len() as u64, "message", "messages");
        to.chips.push(format!("holds back {count}"));
    }
    if let (Some(merge), Some(EventKind::Takes { .. })) = (&member.merge, latest.map(|e| &e.what)) {
        to.chips.extend(rule(merge));
    }
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

/// The latest event, as a label.
fn label(what: &EventKind) -> String {
    match what {
        EventKind::Local => "Local event".to_owned(),
        EventKind::Sends { to } => format!("Sent to node {}", to.0),
        EventKind::Broadcasts => "Sent to all".to_owned(),
        EventKind::Takes { from, .. } => format!("Got from node {}", from.0),
    }
}

/// A clock where there is little room: of a long vector, only the part of its owner.
fn short(clock: &Clock, owner: NodeId) -> Word {
    let text = clock.to_string();
    match clock {
        Clock::Vector(parts) if text.len() > Word::MOST => {
            let own = parts.get(owner.index()).copied().unwrap_or(0);
            Word::of(format_args!("n{} {own}", owner.0))
        }
        _ => Word::of(text),
    }
}

/// What a message says: its text if it has one, else the stamp that it carries.
pub fn word(message: &Message) -> Word {
    let (Message::Data(letter) | Message::Broadcast(letter)) = message;
    match letter.text.as_str() {
        "" => short(&letter.stamp, letter.from),
        text => Word::of(text),
    }
}

/// How the clock's new value came about, if there is room to say it.
fn rule(merge: &Merge) -> Option<String> {
    match (&merge.own, &merge.message) {
        (Clock::Number(own), Clock::Number(message))
            if merge.larger == merge.own && message > own =>
        {
            Some(format!("{own} + 1, not {message} + 1"))
        }
        (Clock::Number(own), Clock::Number(message)) => Some(format!("max({own}, {message}) + 1")),
        (_, message) => {
            let text = message.to_string();
            (text.len() <= Word::MOST).then(|| format!("got {text}"))
        }
    }
}

/// The latest message under way: its receiver, and itself.
pub fn under_way(world: &World) -> Option<(NodeId, &Letter)> {
    let address = world.in_flight().pop()?;
    let message = world.message::<Member>(address)?;
    let (Message::Data(letter) | Message::Broadcast(letter)) = message;
    Some((address.to, letter))
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
