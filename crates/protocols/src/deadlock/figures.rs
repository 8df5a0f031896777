//! What a node shows: its locks with who waits for them, and the transactions that began here.

use faultline_sim::frame::{self, Figure, NodeFrame, Tone, Wait, Waits, Word};
use faultline_sim::text::and_list;

use super::transaction::Transaction;
use super::{Site, Tx};

/// Transactions of a node that are shown at most.
const SHOWN: usize = 8;

pub fn draw(site: &Site, to: &mut NodeFrame) {
    let waits = |own: &Transaction| own.waiting.is_some() || !own.waits_for.is_empty();
    let tone = match site.transactions.values().any(waits) {
        true => Tone::Suspect,
        false if site.transactions.is_empty() => Tone::Calm,
        false => Tone::Busy,
    };
    to.set("node", tone);
    to.label = match site.transactions.len() {
        0 => "no transaction".to_owned(),
        1..=3 => and_list(site.transactions.keys()),
        many => format!("{many} transactions"),
    };
    let mut locks = site.locks.iter();
    to.inside = locks
        .next()
        .map(|(row, lock)| Word::of(format_args!("{row}: {}", lock.holder.tx)));
    let states = site.transactions.iter();
    let states = states.map(|(tx, own)| format!("{tx} {}", state(own)));
    to.chips = states.take(2).collect();
    to.figures.push(Figure::Waits(waits_of(site)));
    draw_transactions(site, to);
}

/// Locks and queues of the own rows, and waits that were drawn by hand.
fn waits_of(site: &Site) -> Waits {
    let name = |tx: Tx| tx.to_string();
    let mut shown = Waits::default();
    for (row, lock) in &site.locks {
        let holder = name(lock.holder.tx);
        for claim in &lock.queue {
            shown.waits.push(Wait {
                waiter: name(claim.tx),
                holder: holder.clone(),
                on: row.to_string(),
            });
        }
        shown.locks.push(frame::Lock {
            on: row.to_string(),
            holder,
            since: lock.since,
            queue: lock.queue.iter().map(|claim| name(claim.tx)).collect(),
        });
    }
    for (tx, own) in &site.transactions {
        let by_hand = own.waits_for.iter().filter(|_| matches!(tx, Tx::P(_)));
        shown.waits.extend(by_hand.map(|on| Wait {
            waiter: name(*tx),
            holder: name(on.tx),
            on: String::new(),
        }));
    }
    shown
}

/// What follows its name.
fn state(own: &Transaction) -> String {
    match own.waiting {
        Some(row) => format!("waits for {row}"),
        None if !own.waits_for.is_empty() => "waits".to_owned(),
        None if own.plan.is_empty() => "does not wait".to_owned(),
        None if own.held.is_empty() => "will begin anew".to_owned(),
        None => "works".to_owned(),
    }
}

fn draw_transactions(site: &Site, to: &mut NodeFrame) {
    let rows = site.transactions.iter().take(SHOWN).map(|(tx, own)| {
        let rest = own.plan.iter().skip(own.next as usize);
        vec![
            tx.to_string(),
            state(own),
            and_list(&own.held),
            and_list(rest),
            own.attempt.to_string(),
        ]
    });
    let rows: Vec<Vec<String>> = rows.collect();
    if !rows.is_empty() {
        let head = ["transaction", "state", "holds", "still needs", "aborted"];
        to.figures.push(Figure::Table {
            head: head.map(str::to_owned).to_vec(),
            rows,
        });
    }
}
