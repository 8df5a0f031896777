//! What a member shows: its incarnation, its probe, and whom it does not take for plainly alive.

use faultline_sim::frame::{Figure, NodeFrame, Pips, Tone, Word};
use faultline_sim::process::NodeId;
use faultline_sim::settings::Settings;
use faultline_sim::text::counted;
use faultline_sim::world::World;

use super::list::{Known, Status, Update};
use super::truth::live;
use super::{Message, Swim};
use crate::words::nodes;

/// Members that a table shows at most.
const SHOWN: usize = 12;

pub fn draw(node: &Swim, _settings: &Settings, to: &mut NodeFrame) {
    let counts = node.counts();
    let count = |status| counts.get(&status).copied().unwrap_or(0);
    let (suspects, dead) = (count(Status::Suspect), count(Status::Dead));
    if node.group == 0 {
        to.set("joining", Tone::Busy);
    } else {
        let tone = if suspects > 0 {
            Tone::Suspect
        } else {
            Tone::Calm
        };
        to.set("member", tone);
    }
    to.inside = Some(Word::of(format_args!("inc {}", node.incarnation)));
    if let Some(probe) = node.probe.as_ref().filter(|probe| !probe.acked) {
        let target = probe.target.0;
        to.label = match probe.asked {
            0 => format!("pings node {target}"),
            asked => format!(
                "asks {} about node {target}",
                counted(asked, "other", "others")
            ),
        };
        to.pips = (probe.asked > 0).then_some(Pips {
            yes: 0,
            no: probe.nacks.min(probe.asked),
            need: 1,
            of: probe.asked,
        });
    }
    if suspects > 0 {
        to.chips.push(counted(suspects, "suspect", "suspects"));
    }
    if dead > 0 {
        to.chips.push(format!("{dead} dead"));
    }
    if node.health > 0 {
        to.chips.push(format!("{} times slower", node.health + 1));
    }
    to.fields([
        ("incarnation", node.incarnation.to_string()),
        ("members", node.size.to_string()),
        ("period", node.period.to_string()),
        ("news to tell", node.untold.len().to_string()),
    ]);
    let others = node.known.iter().filter(|(id, _)| **id != to.id);
    let rows: Vec<Vec<String>> = others
        .take(SHOWN)
        .map(|(id, known)| row(*id, known))
        .collect();
    if !rows.is_empty() {
        let head = ["node", "is", "incarnation", "told"];
        to.figures.push(Figure::Table {
            head: head.map(str::to_owned).to_vec(),
            rows,
        });
    }
}

fn row(id: NodeId, known: &Known) -> Vec<String> {
    vec![
        id.0.to_string(),
        said(known.status).to_owned(),
        known.incarnation.to_string(),
        known.told.to_string(),
    ]
}

fn said(status: Status) -> &'static str {
    match status {
        Status::Alive => "alive",
        Status::Suspect => "suspect",
        Status::Dead => "dead",
        Status::Left => "left",
    }
}

/// What a message is about, or else its first piece of news.
pub fn word(message: &Message) -> Option<Word> {
    let first = |news: &[Update]| {
        let update = news.first()?;
        let (member, is) = (update.member.0, said(update.status));
        Some(match update.incarnation {
            0 => Word::of(format_args!("{member}: {is}")),
            number => Word::of(format_args!("{member}: {is}, {number}")),
        })
    };
    match message {
        Message::PingReq { target, .. } => Some(Word::of(format_args!("node {}?", target.0))),
        Message::Nack { target, .. } => Some(Word::of(format_args!("node {}: no", target.0))),
        Message::Ping { news, .. } | Message::Ack { news, .. } | Message::News { news } => {
            first(news)
        }
        Message::Join { incarnation } => Some(Word::of(format_args!("inc {incarnation}"))),
        Message::Members { group, .. } => Some(Word::of(format_args!("list of {group}"))),
    }
}

/// Lists are compared among up to this many nodes; of more, numbers tell enough.
const COMPARED: usize = 100;

/// One sentence: who knows of the dead, and who is wrongly accused.
pub fn narrate(world: &World) -> Option<String> {
    let all = live(world).count();
    let down: Vec<NodeId> = world.ids().filter(|id| !world.is_live(*id)).collect();
    if all <= COMPARED
        && let Some(told) = accused(world)
    {
        return Some(told);
    }
    let knows = |id: NodeId| live(world).filter(|(_, node)| !node.is_member(id)).count();
    Some(match down.as_slice() {
        [] => format!("All {} are up.", counted(all as u64, "node", "nodes")),
        [one] if knows(*one) == all => {
            format!("All {all} live nodes know that node {} is dead.", one.0)
        }
        [one] => format!(
            "Node {} is down. {} of {all} live nodes have taken it off their lists.",
            one.0,
            knows(*one)
        ),
        many => {
            let gone = |node: &Swim| u64::from(node.top.saturating_sub(node.size));
            let sum: u64 = live(world).map(|(_, node)| gone(node)).sum();
            format!(
                "{} nodes are down. A live node knows of {} on average.",
                many.len(),
                sum / all.max(1) as u64
            )
        }
    })
}

/// A live node that others take for dead, or suspect.
fn accused(world: &World) -> Option<String> {
    let by = |id: NodeId, status: Status| {
        let holds = move |node: &Swim| node.view(id).is_some_and(|known| known.status == status);
        live(world).filter(|(_, node)| holds(node)).count() as u64
    };
    let ids = || live(world).map(|(id, _)| id);
    if let Some((id, count)) = ids()
        .map(|id| (id, by(id, Status::Dead)))
        .find(|(_, count)| *count > 0)
    {
        return Some(format!(
            "{} {} node {} for dead. It is alive.",
            counted(count, "node", "nodes"),
            if count == 1 { "takes" } else { "take" },
            id.0
        ));
    }
    let suspected: Vec<NodeId> = ids().filter(|id| by(*id, Status::Suspect) > 0).collect();
    match suspected.as_slice() {
        [] => None,
        [one] => Some(format!(
            "Node {} is suspected. It can still prove that it is alive.",
            one.0
        )),
        many if many.len() <= 8 => Some(format!(
            "{} are suspected. They can still prove that they are alive.",
            nodes(many)
        )),
        many => Some(format!("{} live nodes are suspected.", many.len())),
    }
}
