//! How a node of the activity's program is drawn.

use faultline_sim::frame::{NodeFrame, Tone};
use faultline_sim::settings::Settings;
use faultline_sim::world::World;

use super::Election;
use super::descriptor::{MAJORITY, TERMS};
use crate::elections::{self, follows, leader_word};
use crate::words;

/// Role, label and fields.
pub(super) fn draw(node: &Election, settings: &Settings, to: &mut NodeFrame) {
    let leads = node.leads(to.id);
    let holds = node.waiting || node.to_come > 0;
    let (role, tone) = match (leads, holds) {
        (true, _) => ("leader", Tone::Leader),
        (false, true) => ("candidate", Tone::Candidate),
        (false, false) if node.leader.is_none() => ("no leader", Tone::Calm),
        (false, false) => ("follower", Tone::Calm),
    };
    to.set(role, tone);
    to.label = words::label(role);
    if role == "follower" {
        to.label = follows(node.leader);
    }
    let numbered = settings.switch(&TERMS) || settings.switch(&MAJORITY);
    if leads {
        to.label = "Leader".into();
        if numbered {
            to.label = format!("Leader, term {}", node.crowned);
        }
    }
    let held: Vec<&str> = node.writes.held.iter().map(|w| w.text.as_str()).collect();
    if !held.is_empty() {
        let word = if to.label.is_empty() { role } else { &to.label };
        // A label is short: one write is shown as its text, several as their number.
        let what = match held[..] {
            [one] if one.chars().count() <= 8 => one.to_owned(),
            [_] => "1 write".to_owned(),
            _ => format!("{} writes", held.len()),
        };
        to.label = format!("{word} · {what}");
        to.fields([("writes", held.join(", "))]);
    }
    to.fields([
        ("leader", leader_word(node.leader)),
        ("elections started here", node.elections.to_string()),
        ("elections pending", node.to_come.to_string()),
    ]);
    if numbered {
        to.fields([("term", node.term.to_string())]);
    }
    if settings.switch(&MAJORITY) {
        let supports = node
            .supports
            .map(|(term, whom)| format!("{whom} in term {term}"));
        to.fields([
            ("supports", supports.unwrap_or_else(|| "none".to_owned())),
            ("supported by", node.supporters.count().to_string()),
        ]);
    }
}

/// One sentence on what is going on.
pub(super) fn narrate(world: &World) -> Option<String> {
    elections::narrate(world, |id| {
        world
            .node::<Election>(id)
            .is_some_and(|node| node.waiting || node.to_come > 0)
    })
}
