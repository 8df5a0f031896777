//! One sentence on what the numbers say now, and a second one that says why.

use faultline_sim::process::NodeId;
use faultline_sim::text::counted;
use faultline_sim::world::World;

use super::{LOOK, TIE_BREAK};
use crate::clocks::figures::under_way;
use crate::clocks::{Clock, EventKind, Member};
use crate::words::nodes;

pub(super) fn narrate(world: &World) -> Option<String> {
    let members = || {
        world
            .ids()
            .filter_map(|id| Some((id, world.node::<Member>(id)?)))
    };
    if members().all(|(_, member)| member.events == 0) {
        return Some("No events yet: ask a node for one.".to_owned());
    }
    if let Some(told) = carried(world) {
        return Some(told);
    }
    let clock = |(id, member): (NodeId, &Member)| Some((number(&member.clock)?, id));
    let clocks: Vec<(u64, NodeId)> = members().filter_map(clock).collect();
    let (most, _) = *clocks.iter().max()?;
    let highest = clocks.iter().filter(|(time, _)| *time == most);
    let first: Vec<NodeId> = highest.map(|(_, id)| *id).collect();
    if let [one, _, ..] = first[..] {
        let which = if world.settings().switch(&TIE_BREAK) {
            format!("The tie-break puts node {} first.", one.0)
        } else {
            "Nothing says which event comes first.".to_owned()
        };
        let names = nodes(&first);
        return Some(format!("{names} have the same number, {most}. {which}"));
    }
    let [highest] = first[..] else { return None };
    let why = misleading(world);
    let last = jump(world.node::<Member>(highest)?, highest);
    Some(last.unwrap_or_else(|| format!("Node {} has counted to {most}.", highest.0)) + &why)
}

fn number(clock: &Clock) -> Option<u64> {
    match clock {
        Clock::Number(time) => Some(*time),
        Clock::Vector(_) => None,
    }
}

/// What is under way, and what it will do.
fn carried(world: &World) -> Option<String> {
    let (to, letter) = under_way(world)?;
    let own = number(&world.node::<Member>(to)?.clock)?;
    let carried = number(&letter.stamp)?;
    let to = to.0;
    let then = if world.settings().switch(&LOOK) {
        "The larger of the two, plus one, comes next."
    } else {
        "Node {to} will ignore that number."
    };
    let then = then.replace("{to}", &to.to_string());
    Some(format!(
        "A message carries {carried} to node {to}, whose clock is {own}. {then}"
    ))
}

/// How the highest clock got its value, if a message did that.
fn jump(member: &Member, id: NodeId) -> Option<String> {
    let EventKind::Takes { .. } = member.latest.last()?.what else {
        return None;
    };
    let merge = member.merge.as_ref()?;
    let (own, message) = (number(&merge.own)?, number(&merge.message)?);
    let after = number(&merge.after)?;
    Some(format!(
        "Node {} went from {own} to {after}: the message carried {message}.",
        id.0
    ))
}

/// How often a smaller number would be taken for a cause, wrongly.
fn misleading(world: &World) -> String {
    let lower = world.probes().find(|(spec, _)| spec.name == "lower");
    match lower.and_then(|(_, value)| value) {
        Some(pairs) if pairs > 0.0 => {
            let pairs = counted(pairs as u64, "pair of events looks", "pairs of events look");
            let verb = if pairs.starts_with("1 ") { "is" } else { "are" };
            format!(" {pairs} ordered but {verb} concurrent.")
        }
        _ => String::new(),
    }
}
