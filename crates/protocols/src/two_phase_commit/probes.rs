//! What is measured.

use faultline_sim::probe;
use faultline_sim::probe::{
    BROKEN, BYTES, DROPPED, EACH, LIVE, MEAN, MESSAGES, OK, P95, ProbeSpec, UNANSWERED,
};
use faultline_sim::world::World;

use super::invariants::banks;
use super::{COORDINATOR, marks};
use crate::parts::bank::LeftWaiting;

pub const PROBES: &[ProbeSpec] = &[
    MESSAGES,
    BYTES,
    probe!("committed", "Transactions committed", "transactions", marks marks::DECIDES_COMMIT),
    probe!("aborted", "Transactions aborted", "transactions", marks marks::DECIDES_ABORT),
    probe!("blocked", "Time that rows stay locked because the coordinator is down", "s", during is_blocked),
    probe!("locked", "Time that any row is locked", "s", during is_locked),
    ProbeSpec {
        name: "left-waiting",
        title: LeftWaiting::TITLE,
        unit: "times",
        make: || LeftWaiting::boxed(is_locked),
    },
    probe!(
        "total",
        "Money in all banks together",
        "units",
        look | world | { Some(banks(world).map(|(_, bank)| bank.balance).sum::<i64>() as f64) }
    ),
    OK,
    P95,
    MEAN,
    UNANSWERED,
    EACH,
    BROKEN,
    DROPPED,
    LIVE,
];

fn is_locked(world: &World) -> bool {
    banks(world).any(|(_, bank)| bank.prepared.is_some())
}

/// A participant that is up has voted yes, and the only node that may decide is down.
pub fn is_blocked(world: &World) -> bool {
    let waits = |id| world.is_live(id);
    !world.is_live(COORDINATOR)
        && banks(world).any(|(id, bank)| waits(id) && bank.prepared.is_some())
}
