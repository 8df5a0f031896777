//! Lamport's clock: a number for each event, larger than the number of every possible cause.
//!
//! **Problem.** The clocks of two machines never agree, so the times they write down cannot say which of
//! two events came first. Still, a cause should have a smaller number than its effect.
//!
//! **Idea.** Each node keeps a counter. It goes up by one with each event of the node (\[L\] IR1). A
//! message carries the number of its sending, and the receiver sets its counter to the larger of its
//! own and the message's, then counts the receiving itself: max + 1 (IR2). So if `a` led to `b`, in
//! one step or in many, then `L(a) < L(b)`. That is the clock condition.
//!
//! **The subtle point.** The converse is false. `L(a) < L(b)` says only that `b` did not lead to `a`:
//! the two may be concurrent. The number cannot tell; a vector clock can.
//!
//! **A total order.** Different nodes give out equal numbers. With the node's own number as the
//! tie-break, `(L, node)` is a total order that contradicts no cause (\[L\] section 3): enough for a
//! queue that all nodes serve in the same order. The order is a convention: of two concurrent events
//! it puts one first, and that means nothing.
//!
//! **Conventions.** In \[L\] sending is an event and ticks (switch `send-ticks`). Without that, a message
//! carries the number of the latest event before it. The condition holds either way, for the events
//! that are counted. Some texts let the receiver take the larger number without adding one; then a
//! receiving can have the number of its sending, and the condition fails between these two.
//!
//! **References.** Lamport, "Time, Clocks, and the Ordering of Events in a Distributed System", CACM
//! 21(7), 1978 (\[L\]). Coulouris et al., "Distributed Systems", 5th edition, figure 14.6.

mod descriptor;
mod figures;
mod invariants;
mod probes;
mod scenarios;
#[cfg(test)]
mod tests;

use faultline_sim::process::{Context, NodeId};
use faultline_sim::settings::{Guard, Settings, Switch};

use crate::clocks::{Clock, Member};

pub use descriptor::PROTOCOL;

pub const LOOK: Switch = Switch::on(
    "look",
    "A receiver raises its clock to the message's number",
)
.guards(&Guard::of("clock-condition").in_scenario("counters-jump"));
pub const TIE_BREAK: Switch =
    Switch::on("tie-break", "Events with equal numbers are ordered by node")
        .guards(&Guard::of("one-order").in_scenario("who-was-first"));

fn member(_id: NodeId, _settings: &Settings) -> Member {
    Member::with(Clock::Number(0))
}

/// IR1: an event.
pub fn tick(time: &mut u64) {
    *time += 1;
}

/// IR2, before the tick for the receipt itself.
pub fn raise_to(time: &mut u64, other: u64) {
    *time = (*time).max(other);
}

/// Without this rule a node counts only its own events.
pub fn looks_at_messages(cx: &Context<Member>) -> bool {
    cx.switch(&LOOK)
}

/// An event's place in the total order.
#[must_use]
pub fn place(settings: &Settings, time: u64, node: NodeId) -> (u64, u32) {
    (
        time,
        if settings.switch(&TIE_BREAK) {
            node.0
        } else {
            0
        },
    )
}
