//! What the nodes show: votes and decisions, balances and locks.

use faultline_sim::frame::{Figure, NodeFrame, Pips, Tone, Word};
use faultline_sim::quorum::majority;
use faultline_sim::settings::Settings;
use faultline_sim::text::and_list;

use super::coordinator::{Coordinator, Logged, Open};
use super::descriptor::ALL_VOTES;
use super::{Decision, Participant, Tx};
use crate::parts::bank::locked;

/// Transactions that the coordinator's table shows at most: the latest.
const SHOWN: usize = 8;

pub fn draw_coordinator(coordinator: &Coordinator, settings: &Settings, to: &mut NodeFrame) {
    to.set("coordinator", Tone::Coordinator);
    if let Some((tx, open)) = coordinator.open.last_key_value() {
        to.inside = Some(Word::of(tx));
        draw_votes(open, settings, to);
    } else if let Some((tx, logged)) = coordinator.log.last_key_value() {
        to.inside = Some(Word::of(tx));
        to.chips = told(*tx, logged);
    }
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

/// How many of its participants a transaction needs.
pub fn needed(settings: &Settings, of: u32) -> u32 {
    if settings.switch(&ALL_VOTES) {
        of
    } else {
        majority(of)
    }
}

/// The votes on a transaction, and how many it needs.
fn draw_votes(open: &Open, settings: &Settings, to: &mut NodeFrame) {
    let of = open.with.len() as u32;
    let need = needed(settings, of);
    let (yes, no) = (open.votes.count(), open.votes.no.len() as u32);
    to.label = format!("coordinator: {yes} of {need} yes");
    to.pips = Some(Pips { yes, no, need, of });
}

/// What was decided, and who has acknowledged it.
fn told(tx: Tx, logged: &Logged) -> Vec<String> {
    let Some(decision) = logged.decision else {
        return Vec::new();
    };
    let mut chips = vec![decision.chip(tx)];
    let (all, left) = (logged.with.len(), logged.unacknowledged.len());
    if left > 0 {
        chips.push(format!("{} of {all} acknowledged", all - left));
    }
    chips
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
    to.layer = 1;
    to.inside = Some(Word::of(format_args!("balance {}", bank.balance)));
    match &bank.prepared {
        Some(prepared) => {
            to.label = match bank.asking {
                true => format!("uncertain, locked by {}", prepared.tx),
                false => format!("voted yes, locked by {}", prepared.tx),
            };
            let (change, tx) = (prepared.change, prepared.tx);
            to.chips.push(format!("{change:+} if {tx} commits"));
        }
        None => {
            let last = bank.decided.iter().next_back();
            to.chips
                .extend(last.map(|(tx, decision)| decision.chip(*tx)));
        }
    }
    let waiting = bank.waiting.iter();
    to.chips
        .extend(waiting.map(|waiting| format!("{} waits for the lock", waiting.tx)));
    to.chips.truncate(2);
    let held = bank.prepared.as_ref();
    let held = held.map(|prepared| (prepared.tx, prepared.since.0));
    let queue = bank.waiting.iter().map(|waiting| waiting.tx);
    to.figures.push(locked(to.id, held, queue));
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
