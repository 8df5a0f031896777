//! What a handler wishes, as data.

use std::collections::VecDeque;

use super::{Belief, NodeId, Operation, Shared};
use crate::mark::Marked;
use crate::time::Duration;

/// A handle of a message in the fleet's slab.
pub type Handle = u32;

/// What a process wishes. Only the kernel performs it.
#[derive(Clone, Debug)]
pub enum Effect {
    /// A message is to leave.
    Send {
        /// The receiver; the sender itself is allowed.
        to: NodeId,
        /// The effect holds it once.
        message: Handle,
    },
    /// A client operation of the node's own begins.
    Invoke {
        /// Its number, given when it was asked for.
        operation: Operation,
        /// What is asked for.
        request: Shared,
    },
    /// A client operation is answered.
    Reply {
        /// Which one.
        operation: Operation,
        /// The answer.
        reply: Shared,
    },
    /// A timer is to run out.
    SetTimer {
        /// Its number at this node, from 1.
        id: u32,
        /// A length on the node's own clock.
        after: Duration,
    },
    /// A timer will not run out.
    CancelTimer {
        /// The number it was set under.
        id: u32,
    },
    /// What the node believes from here on.
    Believe(Belief),
    /// Something the process says about itself.
    Mark(Marked),
}

/// An effect as it is kept until it is performed. Most are sends and timers: those are plain numbers,
/// and only the rest, which own texts and values, have a place of their own.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step {
    Send {
        to: NodeId,
        message: Handle,
        /// Its number on its link, or 0 as long as it has none.
        k: u32,
    },
    SetTimer {
        id: u32,
        after: Duration,
    },
    CancelTimer {
        id: u32,
    },
    /// The next of the rare ones.
    Rare,
}

/// What a handler has asked for, in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Effects {
    pub(crate) steps: Vec<Step>,
    pub(crate) rare: VecDeque<Effect>,
}

impl Effects {
    #[inline]
    pub(super) fn send(&mut self, to: NodeId, message: Handle) {
        self.steps.push(Step::Send { to, message, k: 0 });
    }

    #[inline]
    pub(super) fn set_timer(&mut self, id: u32, after: Duration) {
        self.steps.push(Step::SetTimer { id, after });
    }

    /// One that this very handler has set was never set.
    pub(super) fn cancel_timer(&mut self, id: u32) {
        let sets = |step: &Step| matches!(step, Step::SetTimer { id: set, .. } if *set == id);
        match self.steps.iter().rposition(sets) {
            Some(at) => drop(self.steps.remove(at)),
            None => self.steps.push(Step::CancelTimer { id }),
        }
    }

    pub(super) fn push(&mut self, rare: Effect) {
        self.rare.push_back(rare);
        self.steps.push(Step::Rare);
    }

    /// All of them as effects; none are left.
    pub(crate) fn take(&mut self) -> VecDeque<Effect> {
        let rare = &mut self.rare;
        let effect = |step| match step {
            Step::Send { to, message, .. } => Some(Effect::Send { to, message }),
            Step::SetTimer { id, after } => Some(Effect::SetTimer { id, after }),
            Step::CancelTimer { id } => Some(Effect::CancelTimer { id }),
            Step::Rare => rare.pop_front(),
        };
        self.steps.drain(..).filter_map(effect).collect()
    }
}
