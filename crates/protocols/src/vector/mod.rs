//! Vector clocks: stamps that tell whether one event can have caused another.
//!
//! **Problem.** Which of two events came first? Without a common clock the question has an answer only
//! where something led from one to the other: along a node's own events, and along messages. That is
//! happened-before, `e -> f` (\[L\] section 1). Where nothing leads either way, `e` and `f` are
//! concurrent. A single number can be made to grow along `->`, but it also orders events that have
//! nothing to do with each other.
//!
//! **Idea.** Each node counts the events of every node that it has heard of. Its own part goes up by
//! one with each event of its own. A message carries the sender's whole vector, and the receiver takes
//! the larger number part by part, then adds one to its own part for the receiving itself. So the
//! stamp of an event says how many events of each node lie in its past, and `V(e) < V(f)` (no part
//! larger, and not equal) holds exactly when `e -> f` (\[M\] theorem 10, \[F\]).
//!
//! **The subtle point.** "Exactly" needs that each event has a stamp of its own and that a message
//! carries the stamp of its sending. A program that puts its own array into the message, not a copy,
//! sends a vector that goes on counting while the message is in flight: the receiver then claims to
//! know events that it never heard of. Switch `copy` off to see it.
//!
//! **Two conventions.** In \[M\] and \[F\] sending is an event and ticks (switch `send-ticks`). The
//! curriculum's program ticks for local events and for receiving only: a sending is no event there,
//! and a message carries the stamp of the latest event before it. Both are right about the events that
//! they count. The numbers differ, so one must say which is meant.
//!
//! **Causal delivery.** The same comparison, over broadcasts only, can hold a message back until its
//! causes have arrived: see [`causal`].
//!
//! **References.** Lamport, "Time, Clocks, and the Ordering of Events in a Distributed System", CACM
//! 21(7), 1978 (\[L\]). Mattern, "Virtual Time and Global States of Distributed Systems", 1989
//! (\[M\]). Fidge, "Timestamps in Message-Passing Systems That Preserve the Partial Ordering", 1988
//! (\[F\]). Birman, Schiper and Stephenson, "Lightweight Causal and Atomic Group Multicast", ACM TOCS
//! 9(3), 1991 (\[BSS\]). Coulouris et al., "Distributed Systems", 5th edition, figure 14.7.

pub mod causal;
mod descriptor;
mod figures;
mod invariants;
mod scenarios;
#[cfg(test)]
mod tests;

use faultline_sim::process::{Context, NodeId};
use faultline_sim::settings::{Guard, Settings, Switch};
use faultline_sim::stamps::Order;

use crate::clocks::{Clock, Member, Message, common};

pub use descriptor::PROTOCOL;

pub const COPY: Switch = Switch::on(
    "copy",
    "A message carries a copy of the vector, not the sender's own array",
)
.guards(&Guard::of("stamps").in_scenario("demo"));

/// A node before its first event: a zero for each node of the start.
fn member(id: NodeId, settings: &Settings) -> Member {
    let nodes = settings.count(&common::NODES).max(id.0);
    Member::with(Clock::Vector(vec![0; nodes as usize]))
}

/// A node's part. A vector grows when a node comes in that it has no part for.
pub fn part(parts: &mut Vec<u64>, id: NodeId) -> &mut u64 {
    if parts.len() <= id.index() {
        parts.resize(id.index() + 1, 0);
    }
    &mut parts[id.index()]
}

/// An event: the node's own part goes up by one.
pub fn tick(parts: &mut Vec<u64>, me: NodeId) {
    *part(parts, me) += 1;
}

/// The larger of both, part by part.
pub fn raise_to(parts: &mut Vec<u64>, others: &[u64]) {
    if parts.len() < others.len() {
        parts.resize(others.len(), 0);
    }
    for (own, other) in parts.iter_mut().zip(others) {
        *own = (*own).max(*other);
    }
}

/// Compares two stamps. Missing parts count as zero.
#[must_use]
pub fn compare(a: &[u64], b: &[u64]) -> Order {
    let at = |parts: &[u64], i: usize| parts.get(i).copied().unwrap_or(0);
    let both = 0..a.len().max(b.len());
    let less = both.clone().any(|i| at(a, i) < at(b, i));
    let greater = both.into_iter().any(|i| at(a, i) > at(b, i));
    match (less, greater) {
        (true, false) => Order::Before,
        (false, true) => Order::After,
        (false, false) => Order::Same,
        (true, true) => Order::Concurrent,
    }
}

/// Without copies, a node's messages in flight show its current clock, because they hold its array.
pub fn show_in_flight(cx: &mut Context<Member>, clock: &Clock) {
    if cx.switch(&COPY) {
        return;
    }
    let me = cx.me();
    cx.alter_in_flight(|message| {
        let (Message::Data(letter) | Message::Broadcast(letter)) = message;
        let changes = letter.from == me && letter.stamp != *clock;
        if changes {
            let shown = std::mem::replace(&mut letter.stamp, clock.clone());
            letter.sent_as.get_or_insert(shown);
        }
        changes
    });
}
