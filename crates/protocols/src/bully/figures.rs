//! How a node of the bully algorithm is drawn.

use faultline_sim::frame::{NodeFrame, Tone};
use faultline_sim::settings::Settings;
use faultline_sim::world::World;

use super::Bully;
use super::descriptor::TERMS;
use crate::elections::{self, follows, leader_word};
use crate::words;

/// Role, label and fields.
pub fn draw(node: &Bully, settings: &Settings, to: &mut NodeFrame) {
    let waits = to.timers.iter().any(|timer| timer.name == "Wait");
    let (role, tone) = match (node.is_leader, node.election_in_progress) {
        (true, _) => ("leader", Tone::Leader),
        (false, true) if waits => ("waiting", Tone::Busy),
        (false, true) => ("asking", Tone::Candidate),
        (false, false) if node.leader.is_none() => ("no leader", Tone::Calm),
        (false, false) => ("follower", Tone::Calm),
    };
    to.set(role, tone);
    to.label = words::label(role);
    if role == "follower" {
        to.label = follows(node.leader);
    }
    if node.is_leader {
        to.label = "Leader".into();
    }
    if settings.switch(&TERMS) && node.term > 0 {
        to.label = format!("{}, term {}", to.label, node.term);
    }
    let in_progress = if node.election_in_progress {
        "yes"
    } else {
        "no"
    };
    to.fields([
        ("leader", leader_word(node.leader)),
        ("election in progress", in_progress.to_owned()),
        ("elections started here", node.elections.to_string()),
    ]);
    if settings.switch(&TERMS) {
        to.fields([("term", node.term.to_string())]);
    }
}

/// One sentence on what is going on.
pub fn narrate(world: &World) -> Option<String> {
    elections::narrate(world, |id| {
        world
            .node::<Bully>(id)
            .is_some_and(|node| node.election_in_progress)
    })
}
