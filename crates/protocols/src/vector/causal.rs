//! Causal delivery: a message waits at its receiver until the receiver has accepted the broadcasts
//! that may have caused it (Birman, Schiper and Stephenson 1991, section 5.1; \[BSS\]).
//!
//! It takes a second vector that counts broadcasts only. A node adds one to its own part when it
//! broadcasts, and sends the vector along as `after`. Node `q` accepts a broadcast `m` of node `p` once
//!
//! - `after(m)[p] = taken(q)[p] + 1`: it is the next broadcast of `p`, and
//! - `after(m)[k] <= taken(q)[k]` for every other `k`: `q` has accepted all that `p` had accepted.
//!
//! A message to one node is no broadcast and adds nothing, but it carries the vector too and waits
//! for the second condition, with `p` among the `k`: otherwise it could overtake a cause. Messages to
//! one node are not ordered among themselves; that takes a matrix of counts.
//!
//! \[BSS\] assumes that the group is fixed and that broadcasts eventually arrive. If one is lost for
//! good, messages that it may have caused wait forever, and so does a node that was added later.

use faultline_sim::process::{Context, NodeId};
use faultline_sim::search::Budget;
use faultline_sim::settings::{Guard, Switch};

use crate::clocks::{Letter, Member};

pub const CAUSAL: Switch = Switch::off(
    "causal",
    "A message waits for the broadcasts that may have caused it",
)
.guards(&Guard::of("causes-first").in_scenario("demo").within(
    Budget {
        delays: 1,
        ..Budget::NONE
    },
    40,
));

pub fn waits(cx: &Context<Member>) -> bool {
    cx.switch(&CAUSAL)
}

/// Whether a receiver can accept a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Ready,
    /// It is a duplicate of an accepted broadcast.
    Known,
    /// It lacks this node's broadcast of this number.
    Lacks(NodeId, u64),
}

/// Judges a message by the broadcasts that node `me` has accepted.
pub fn standing(letter: &Letter, taken: &[u64], me: NodeId) -> Standing {
    for (i, after) in letter.after.iter().enumerate() {
        let of = NodeId(i as u32 + 1);
        let have = taken.get(i).copied().unwrap_or(0);
        let itself = letter.broadcast && of == letter.from;
        if itself && *after <= have && of != me {
            return Standing::Known;
        }
        let needed = if itself { after - 1 } else { *after };
        if needed > have {
            return Standing::Lacks(of, have + 1);
        }
    }
    Standing::Ready
}
