//! What the nodes show: votes, phases, balances and locks.

use faultline_sim::frame::{Figure, NodeFrame, Pips, Tone, Word};
use faultline_sim::text::and_list;

use super::Phase;
use super::coordinator::{Coordinator, Open};
use super::participant::{Backup, Participant, Prepared};
use crate::parts::bank::locked;

pub fn draw_coordinator(coordinator: &Coordinator, to: &mut NodeFrame) {
    to.set("coordinator", Tone::Coordinator);
    if let Some((tx, open)) = coordinator.open.last_key_value() {
        to.inside = Some(Word::of(tx));
        draw_open(open, to);
        phases("votes", open.phase, to);
    } else if let Some((tx, decision)) = coordinator.decided.iter().next_back() {
        to.inside = Some(Word::of(tx));
        to.chips.push(decision.chip(*tx));
    }
    let rows = coordinator.open.iter().map(|(tx, open)| {
        let (yes, missing) = (open.votes.count(), open.missing.len());
        let state = match open.phase {
            _ if open.recovered => "asks how it ended".to_owned(),
            Phase::Ready => format!("{yes} of {} yes", open.with.len()),
            Phase::PreCommit => format!("{missing} acknowledgements missing"),
        };
        vec![tx.to_string(), state]
    });
    let rows: Vec<Vec<String>> = rows.collect();
    if !rows.is_empty() {
        let head = ["transaction", "state"].map(str::to_owned).to_vec();
        to.figures.push(Figure::Table { head, rows });
    }
}

/// Votes, then acknowledgements: how many it has of those that it needs.
fn draw_open(open: &Open, to: &mut NodeFrame) {
    if open.recovered {
        to.label = "coordinator: asks how it ended".to_owned();
        to.tone = Tone::Suspect;
        return;
    }
    let of = open.with.len() as u32;
    let (yes, no, what) = match open.phase {
        Phase::Ready => (open.votes.count(), open.votes.no.len() as u32, "yes"),
        Phase::PreCommit => (of - open.missing.len() as u32, 0, "acknowledged"),
    };
    to.label = format!("coordinator: {yes} of {of} {what}");
    let need = of;
    to.pips = Some(Pips { yes, no, need, of });
}

/// The steps of a transaction.
fn phases(first: &str, at: Phase, to: &mut NodeFrame) {
    let steps = [first, "all agree", "commit"].map(str::to_owned).to_vec();
    let at = match at {
        Phase::Ready => 0,
        Phase::PreCommit => 1,
    };
    to.figures.push(Figure::Phases { steps, at });
}

pub fn draw_participant(bank: &Participant, to: &mut NodeFrame) {
    to.set("participant", Tone::Calm);
    to.layer = 1;
    to.inside = Some(Word::of(format_args!("balance {}", bank.balance)));
    match &bank.prepared {
        Some(own) => draw_prepared(bank, own, to),
        None => {
            let last = bank.decided.iter().next_back();
            to.chips
                .extend(last.map(|(tx, decision)| decision.chip(*tx)));
        }
    }
    let held = bank.prepared.as_ref().map(|own| (own.tx, own.since));
    let queue = bank.waiting.iter().map(|waiting| waiting.tx);
    to.figures.push(locked(to.id, held, queue));
    let change = bank.prepared.as_ref().map(|own| own.change);
    to.fields([
        ("balance", bank.balance.to_string()),
        ("state", state(bank).to_owned()),
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

fn draw_prepared(bank: &Participant, own: &Prepared, to: &mut NodeFrame) {
    to.tone = match (&bank.backup, own.phase) {
        (Some(_), _) => Tone::Coordinator,
        _ if bank.stuck || own.recovered => Tone::Suspect,
        (None, Phase::Ready) => Tone::Busy,
        (None, Phase::PreCommit) => Tone::Good,
    };
    to.label = format!("{}, locked by {}", state(bank), own.tx);
    if let Some(Backup::Tells(missing)) = &bank.backup {
        let of = own.with.len() as u32 - 1;
        let (yes, no, need) = (of - missing.len() as u32, 0, of);
        to.pips = Some(Pips { yes, no, need, of });
    }
    to.chips
        .push(format!("{:+} if {} commits", own.change, own.tx));
    phases("voted yes", own.phase, to);
}

/// The state of Skeen's automaton in words, or what a participant does about a silence.
pub fn state(bank: &Participant) -> &'static str {
    let Some(own) = &bank.prepared else {
        return "free";
    };
    match (&bank.backup, own.phase) {
        (Some(Backup::Asks), _) => "takes over",
        (Some(Backup::Tells(_)), _) => "takes over, all agree",
        _ if bank.stuck => "no majority",
        _ if own.recovered => "was down",
        (None, Phase::Ready) => "uncertain",
        (None, Phase::PreCommit) => "all agree",
    }
}
