//! A search through every order of events: all states that a model can come to, the nearest first.
//!
//! A [`Model`] says what can happen in a state and where it leads; time is no part of it. [`Exploration`]
//! goes through its states by the number of steps they need, in which a fault counts as [`FAULT`] more,
//! so the first state that breaks a law is reached by as few steps and faults as any.
//! docs/decisions/0014 says what is left out, and why nothing is lost by it.

mod alike;
mod orders;
mod seen;
mod two_phase;
mod worlds;

use std::collections::VecDeque;

pub use orders::{Bounds, Orders, Tried, grouped};
pub use seen::Seen;
pub use two_phase::TwoPhase;
pub use worlds::{Allowed, Happening, Place, Worlds};

/// States, what can happen in them, and what then is.
pub trait Model {
    /// All that matters for what can happen next.
    type State;
    /// One thing that happens.
    type Action;

    /// Where everything begins.
    fn first(&self) -> Self::State;
    /// Adds what can happen in a state: the same list in the same order, whenever it is asked for.
    fn actions(&self, state: &Self::State, into: &mut Vec<Self::Action>);
    /// The state after an action; none if it leads nowhere that the other actions do not lead.
    fn next(&self, state: &Self::State, action: &Self::Action) -> Option<Self::State>;
    /// A number that tells states apart: equal for states that have the same future.
    fn fingerprint(&self, state: &Self::State) -> u64;
    /// How many faults an action is.
    fn cost(&self, _action: &Self::Action) -> u32 {
        0
    }
    /// The law that a state breaks. Nothing that comes after it is looked at.
    fn broken(&self, _state: &Self::State) -> Option<&'static str> {
        None
    }
    /// What a state takes in memory, in bytes.
    fn weight(&self, _state: &Self::State) -> usize {
        size_of::<Self::State>()
    }
}

/// How many steps a fault is worth: a run with one fault fewer may be so much longer.
pub const FAULT: u32 = 2;

/// How far an exploration goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reach {
    /// Steps from the beginning.
    pub depth: u32,
    /// Different states; then it ends unfinished.
    pub states: u64,
    /// Bytes for states that wait. Those beyond are made again from their steps.
    pub memory: usize,
    /// Which of how many parts is explored, from 0. Parts begin to differ where many states wait.
    pub part: (u32, u32),
}

impl Reach {
    /// Any depth, 256 MB.
    pub const BASE: Self = Self {
        depth: u32::MAX,
        states: 100_000_000,
        memory: 256 << 20,
        part: (0, 1),
    };
}

/// In the place of a law: none counts, and a state is only what nodes and messages are.
pub const NO_LAW: &str = "";

/// So many steps before the greatest depth, parts begin to go on from different states. Most states can be
/// reached in many ways: were it earlier, each part would come to most of them; later, each would do most
/// of the work before. Sixteen parts are some three times as fast as one.
const PARTS_FOR: u32 = 2;
/// The same from the beginning, where no depth is given.
const PARTS_FROM: u32 = 5;

/// How an exploration stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stand {
    /// There is more to explore.
    Open,
    /// A state breaks this law; [`Exploration::path`] leads to it.
    Broken(&'static str),
    /// All states within reach are known. `deeper`: some of them lie at the greatest depth and might
    /// lead on.
    Done {
        /// Whether there may be states beyond the greatest depth.
        deeper: bool,
    },
    /// There were more states than allowed.
    Full,
}

/// How a state was first reached.
#[derive(Clone, Copy)]
struct Origin {
    before: u32,
    /// The place of the action among those of the state before.
    action: u32,
}

/// A state that waits to be gone on from.
struct Waiting<S> {
    id: u32,
    /// The faults and the steps that lead to it.
    at: (u32, u32),
    /// None: it has to be made again.
    state: Option<S>,
}

/// An exploration under way.
pub struct Exploration<M: Model> {
    model: M,
    reach: Reach,
    seen: Seen,
    origins: Vec<Origin>,
    /// By the steps that they need, faults counted in. Only the layers from `layer` on hold any.
    waiting: Vec<VecDeque<Waiting<M::State>>>,
    layer: usize,
    /// Faults and steps of the state that is gone on from now.
    at: (u32, u32),
    /// Bytes of the states that wait.
    held: usize,
    steps: u64,
    deeper: bool,
    stand: Stand,
    /// The last step of the path to the state that breaks a law.
    last: Option<Origin>,
    actions: Vec<M::Action>,
}

impl<M: Model> Exploration<M> {
    /// Begins with the model's first state.
    #[must_use]
    pub fn new(model: M, reach: Reach) -> Self {
        let first = model.first();
        let mut own = Self {
            seen: Seen::default(),
            origins: Vec::new(),
            waiting: Vec::new(),
            layer: 0,
            at: (0, 0),
            held: 0,
            steps: 0,
            deeper: false,
            stand: Stand::Open,
            last: None,
            actions: Vec::new(),
            model,
            reach,
        };
        own.seen.insert(own.model.fingerprint(&first));
        match own.model.broken(&first) {
            Some(law) => own.stand = Stand::Broken(law),
            None => own.keep(
                Origin {
                    before: 0,
                    action: 0,
                },
                (0, 0),
                first,
            ),
        }
        own
    }

    /// How it stands.
    #[must_use]
    pub fn stand(&self) -> Stand {
        self.stand
    }

    /// The model that is explored.
    #[must_use]
    pub fn model(&self) -> &M {
        &self.model
    }

    /// Different states so far.
    #[must_use]
    pub fn states(&self) -> u64 {
        self.seen.len() as u64
    }

    /// Actions tried so far.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// How many faults and steps lead to the state that was gone on from last.
    #[must_use]
    pub fn at(&self) -> (u32, u32) {
        self.at
    }

    /// The fingerprints of all states so far, the smallest first.
    #[must_use]
    pub fn fingerprints(&self) -> Vec<u64> {
        self.seen.sorted()
    }

    /// Goes on from states until at least `steps` more actions have been tried, or it has ended.
    pub fn advance(&mut self, steps: u64) -> Stand {
        let end = self.steps.saturating_add(steps);
        while self.stand == Stand::Open && self.steps < end {
            match self.take() {
                Some(waiting) => self.go_on(waiting),
                None => {
                    self.stand = Stand::Done {
                        deeper: self.deeper,
                    }
                }
            }
        }
        self.stand
    }

    /// Goes on to the end.
    pub fn finish(&mut self) -> Stand {
        self.advance(u64::MAX)
    }

    /// What leads to the state that breaks a law: the place of each action among those of its state.
    #[must_use]
    pub fn path(&self) -> Option<Vec<u32>> {
        let Stand::Broken(_) = self.stand else {
            return None;
        };
        let mut path = self.last.map_or_else(Vec::new, |last| {
            let mut path = self.path_to(last.before);
            path.push(last.action);
            path
        });
        path.shrink_to_fit();
        Some(path)
    }

    /// The states along a path, and the actions between them.
    #[must_use]
    pub fn walk(&self, path: &[u32]) -> (Vec<M::Action>, M::State) {
        let mut state = self.model.first();
        let mut walked = Vec::new();
        for action in path {
            let mut actions = Vec::new();
            self.model.actions(&state, &mut actions);
            let action = actions.swap_remove(*action as usize);
            state = self
                .model
                .next(&state, &action)
                .expect("it was taken before");
            walked.push(action);
        }
        (walked, state)
    }

    fn path_to(&self, mut id: u32) -> Vec<u32> {
        let mut path = Vec::new();
        while id > 0 {
            let origin = self.origins[id as usize];
            path.push(origin.action);
            id = origin.before;
        }
        path.reverse();
        path
    }

    /// The next state to go on from: as few steps and faults as possible.
    fn take(&mut self) -> Option<Waiting<M::State>> {
        loop {
            let layer = self.waiting.get_mut(self.layer)?;
            if let Some(waiting) = layer.pop_front() {
                let weight = waiting.state.as_ref().map(|s| self.model.weight(s));
                self.held -= weight.unwrap_or(0);
                self.at = waiting.at;
                return Some(waiting);
            }
            *layer = VecDeque::new();
            self.layer += 1;
        }
    }

    fn go_on(&mut self, waiting: Waiting<M::State>) {
        let (cost, depth) = self.at;
        if depth >= self.reach.depth {
            self.deeper = true;
            return;
        }
        let state = waiting
            .state
            .unwrap_or_else(|| self.walk(&self.path_to(waiting.id)).1);
        let mut actions = std::mem::take(&mut self.actions);
        actions.clear();
        self.model.actions(&state, &mut actions);
        for (place, action) in actions.iter().enumerate() {
            self.steps += 1;
            let Some(next) = self.model.next(&state, action) else {
                continue;
            };
            let print = self.model.fingerprint(&next);
            if !self.seen.insert(print) {
                continue;
            }
            let origin = Origin {
                before: waiting.id,
                action: place as u32,
            };
            if let Some(law) = self.model.broken(&next) {
                self.stand = Stand::Broken(law);
                self.last = Some(origin);
                break;
            }
            if self.states() > self.reach.states {
                self.stand = Stand::Full;
                break;
            }
            let at = (cost + self.model.cost(action), depth + 1);
            if self.is_own(at.1, print) {
                self.keep(origin, at, next);
            }
        }
        self.actions = actions;
    }

    /// Whether this part goes on from a state that it has found.
    fn is_own(&self, depth: u32, print: u64) -> bool {
        let (part, parts) = self.reach.part;
        let from = match self.reach.depth {
            u32::MAX => PARTS_FROM,
            depth => depth.saturating_sub(PARTS_FOR),
        };
        depth != from || print % u64::from(parts.max(1)) == u64::from(part)
    }

    fn keep(&mut self, origin: Origin, (cost, depth): (u32, u32), state: M::State) {
        let id = self.origins.len() as u32;
        self.origins.push(origin);
        let weight = self.model.weight(&state);
        let fits = self.held + weight <= self.reach.memory;
        if fits {
            self.held += weight;
        }
        let layer = (depth + FAULT * cost) as usize;
        if self.waiting.len() <= layer {
            self.waiting.resize_with(layer + 1, VecDeque::new);
        }
        self.waiting[layer].push_back(Waiting {
            id,
            at: (cost, depth),
            state: fits.then_some(state),
        });
    }
}

#[cfg(test)]
mod tests;
