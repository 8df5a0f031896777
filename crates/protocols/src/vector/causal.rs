//! Causal delivery: a message waits at its receiver until the broadcasts that may have caused it have
//! been taken there (Birman, Schiper and Stephenson 1991, section 5.1; \[BSS\]).
//!
//! It takes a second vector that counts broadcasts only. A node adds one to its own part when it
//! broadcasts, and sends the vector along as `after`. Node `q` takes a broadcast `m` of node `p` once
//!
//! - `after(m)[p] = taken(q)[p] + 1`: it is the next broadcast of `p`, and
//! - `after(m)[k] <= taken(q)[k]` for every other `k`: all that `p` had taken, `q` has taken too.
//!
//! A message to one node is no broadcast and adds nothing, but carries the vector as well and waits
//! for the second condition, with `p` among the `k`: else a cause could be overtaken by that road.
//! Messages to one node are not put in order among themselves; that takes a matrix of counts.
//!
//! The group is fixed and broadcasts arrive in the end, says \[BSS\]. Where one is lost for good, what
//! it may have caused waits for ever; so does a node that was added later.

use faultline_sim::process::{Context, NodeId};
use faultline_sim::settings::Switch;

use crate::clocks::{Letter, Member};

pub const CAUSAL: Switch = Switch {
    name: "causal",
    title: "A message waits for the broadcasts that may have caused it",
    default: false,
};

pub fn waits(cx: &Context<Member>) -> bool {
    cx.switch(&CAUSAL)
}

/// How a message stands at its receiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Ready,
    /// It is a copy of a broadcast that was taken before.
    Known,
    /// It lacks this node's broadcast of this number.
    Lacks(NodeId, u64),
}

/// Judges a message by the broadcasts that node `me` has taken.
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
