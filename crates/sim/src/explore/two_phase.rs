//! Two-phase commit as a bare specification, after Gray and Lamport, "Consensus on Transaction Commit"
//! (ACM TODS 31(1), 2006), section 3 and its `TwoPhase` module: resource managers prepare, commit and
//! abort, a transaction manager decides, and messages are a set: none is lost, each may arrive again.
//!
//! Other checkers have counted its states, so this one can be held against them: 288 with 3 managers,
//! 8,832 with 5, 296,448 with 7.

use super::Model;
use crate::rng::mix;

/// The specification for so many resource managers, at most 8.
#[derive(Clone, Copy, Debug)]
pub struct TwoPhase {
    /// How many resource managers there are.
    pub managers: u32,
}

/// What the transaction manager has done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
enum Manager {
    #[default]
    Waits,
    Committed,
    Aborted,
}

/// Sets of resource managers, a bit for each, and what else there is to know. Who has said `Prepared` has
/// done so for ever: messages are never taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct State {
    prepared: u8,
    committed: u8,
    aborted: u8,
    /// `Prepared` messages that were sent.
    said: u8,
    /// Those that the transaction manager has heard.
    heard: u8,
    manager: Manager,
}

/// A step of the specification, under its names there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// `TMCommit`
    Commit,
    /// `TMAbort`
    Abort,
    /// `TMRcvPrepared`
    HearPrepared(u32),
    /// `RMPrepare`
    Prepare(u32),
    /// `RMChooseToAbort`
    ChooseToAbort(u32),
    /// `RMRcvCommitMsg`
    HearCommit(u32),
    /// `RMRcvAbortMsg`
    HearAbort(u32),
}

impl Model for TwoPhase {
    type State = State;
    type Action = Action;

    fn first(&self) -> State {
        State::default()
    }

    fn actions(&self, state: &State, into: &mut Vec<Action>) {
        let waits = state.manager == Manager::Waits;
        let all = (1_u32 << self.managers) - 1;
        if waits {
            if u32::from(state.heard) == all {
                into.push(Action::Commit);
            }
            into.push(Action::Abort);
        }
        let busy = state.prepared | state.committed | state.aborted;
        for manager in 0..self.managers {
            let bit = 1 << manager;
            if waits && state.said & bit != 0 {
                into.push(Action::HearPrepared(manager));
            }
            if busy & bit == 0 {
                into.push(Action::Prepare(manager));
                into.push(Action::ChooseToAbort(manager));
            }
            match state.manager {
                Manager::Waits => {}
                Manager::Committed => into.push(Action::HearCommit(manager)),
                Manager::Aborted => into.push(Action::HearAbort(manager)),
            }
        }
    }

    #[inline]
    fn next(&self, state: &State, action: &Action) -> Option<State> {
        let mut next = *state;
        match *action {
            Action::Commit => next.manager = Manager::Committed,
            Action::Abort => next.manager = Manager::Aborted,
            Action::HearPrepared(manager) => next.heard |= 1 << manager,
            Action::Prepare(manager) => {
                next.prepared |= 1 << manager;
                next.said |= 1 << manager;
            }
            Action::ChooseToAbort(manager) => next.aborted |= 1 << manager,
            Action::HearCommit(manager) => {
                next.clear(manager);
                next.committed |= 1 << manager;
            }
            Action::HearAbort(manager) => {
                next.clear(manager);
                next.aborted |= 1 << manager;
            }
        }
        Some(next)
    }

    #[inline]
    fn fingerprint(&self, state: &State) -> u64 {
        let sets = [
            state.prepared,
            state.committed,
            state.aborted,
            state.said,
            state.heard,
            state.manager as u8,
            0,
            0,
        ];
        mix(u64::from_le_bytes(sets))
    }

    /// `TCConsistent`: none has committed while another has aborted.
    fn broken(&self, state: &State) -> Option<&'static str> {
        (state.committed != 0 && state.aborted != 0).then_some("consistent")
    }
}

impl State {
    /// A prepared manager does not know that it is, any more.
    #[cfg(test)]
    pub(super) fn forgetting(mut self, manager: u32) -> Option<Self> {
        let was = self.prepared;
        self.prepared &= !(1 << manager);
        (self.prepared != was).then_some(self)
    }

    /// A manager is in none of its states.
    fn clear(&mut self, manager: u32) {
        self.prepared &= !(1 << manager);
        self.committed &= !(1 << manager);
        self.aborted &= !(1 << manager);
    }
}
