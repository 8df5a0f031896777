//! What the nodes show: votes and decisions, balances and locks.

use faultline_sim::frame::{Figure, NodeFrame, Tone};
use faultline_sim::process::NodeId;
use faultline_sim::text::and_list;
use faultline_sim::world::World;

use super::coordinator::Coordinator;
use super::invariants::banks;
use super::probes::is_blocked;
use super::{COORDINATOR, Decision, Node, Participant};
use crate::parts::roles;

/// Transactions that the coordinator's table shows at most: the latest.
const SHOWN: usize = 8;

pub fn draw_coordinator(coordinator: &Coordinator, to: &mut NodeFrame) {
    to.set("coordinator", Tone::Coordinator);
    let open = coordinator.open.iter().map(|(tx, open)| {
        let votes = format!("{} of {} yes", open.votes.count(), open.with.len());
        [tx.to_string(), votes, "collecting votes".into()]
    });
    let decided = coordinator.log.iter().filter_map(|(tx, logged)| {
        let decision = match logged.decision? {
            Decision::Commit => "commit",
            Decision::Abort => "abort",
        };
        let left = logged.unacknowledged.len();
        let rest = match left {
            0 => String::new(),
            1 => "1 acknowledgement missing".into(),
            _ => format!("{left} acknowledgements missing"),
        };
        Some([tx.to_string(), decision.into(), rest])
    });
    let mut rows: Vec<Vec<String>> = open.chain(decided).map(Vec::from).collect();
    rows.sort();
    if let Some(latest) = rows.last() {
        to.label = format!("{} {}", latest[0], latest[1]);
    }
    rows.drain(..rows.len().saturating_sub(SHOWN));
    if !rows.is_empty() {
        to.figures.push(Figure::Table {
            head: ["transaction", "state", "missing"]
                .map(str::to_owned)
                .to_vec(),
            rows,
        });
    }
}

pub fn draw_participant(bank: &Participant, to: &mut NodeFrame) {
    let tone = match &bank.prepared {
        Some(_) if bank.asking => Tone::Suspect,
        Some(_) => Tone::Busy,
        None => Tone::Calm,
    };
    to.set("participant", tone);
    let row = match &bank.prepared {
        Some(prepared) => format!("locked by {}", prepared.tx),
        None => "free".to_owned(),
    };
    to.label = match &bank.prepared {
        Some(prepared) => format!("{} locked by {}", bank.balance, prepared.tx),
        None => bank.balance.to_string(),
    };
    let change = bank.prepared.as_ref().map(|prepared| prepared.change);
    to.fields([
        ("balance", bank.balance.to_string()),
        ("row", row),
        (
            "change if committed",
            change.map_or("none".into(), |change| format!("{change:+}")),
        ),
        (
            "waiting for the lock",
            and_list(bank.waiting.iter().map(|waiting| waiting.tx)),
        ),
    ]);
}

/// One sentence: what blocks, or how far the latest transaction is.
pub fn narrate(world: &World) -> Option<String> {
    let locked: Vec<NodeId> = banks(world)
        .filter(|(_, bank)| bank.prepared.is_some())
        .map(|(id, _)| id)
        .collect();
    let names = |ids: &[NodeId]| {
        let word = if ids.len() == 1 { "Node" } else { "Nodes" };
        format!("{word} {}", and_list(ids.iter().map(|id| id.0)))
    };
    if is_blocked(world) {
        return Some(format!(
            "The coordinator is down. {} voted yes and must wait.",
            names(&locked)
        ));
    }
    let coordinator = roles::role::<Node, Coordinator>(world, COORDINATOR)?;
    if let Some((tx, open)) = coordinator.open.last_key_value() {
        let (yes, all) = (open.votes.count(), open.with.len());
        return Some(format!("{tx}: {yes} of {all} participants voted yes."));
    }
    if !locked.is_empty() {
        return Some(format!(
            "Waiting for the decision after a yes: {}.",
            and_list(locked.iter().map(|id| format!("node {}", id.0)))
        ));
    }
    Some("Every row is free.".to_owned())
}
