//! A run that is watched for a goal while commands are applied to it.

use std::sync::Arc;

use super::{Goal, Hit, Playable, Sought};
use crate::command::{Command, Timed};
use crate::descriptor::Setup;
use crate::question::{Settled, Watch};
use crate::time::Time;
use crate::timeline::Run;
use crate::world::{Limits, World};

/// A run that stands still once it has reached a goal.
pub(super) struct Watched {
    run: Run,
    goal: Arc<Goal>,
    watch: Watch,
    reached: Option<Settled>,
}

impl Watched {
    /// A run before anything has happened.
    pub(super) fn begin(setup: &Setup, limits: Limits, goal: &Arc<Goal>) -> Result<Self, String> {
        let run = Run::checked(setup, limits)?;
        let mut watch = goal.watch();
        let decided = watch.look(run.world(), &[]);
        Ok(Self {
            reached: decided.then(|| watch.settled(run.world(), run.moves())),
            goal: Arc::clone(goal),
            run,
            watch,
        })
    }

    pub(super) fn is_over(&self) -> bool {
        self.reached.is_some()
    }

    /// How it reached the goal, if it did.
    pub(super) fn hit(&self) -> Option<Hit> {
        let settled = self.reached.as_ref()?;
        Some(Hit {
            sought: Sought::Goal(Arc::clone(&self.goal)),
            reason: format!("the goal `{}` is reached", self.goal.id),
            recipe: self.run.recipe(),
            seq: settled.seq,
            at: settled.time,
            end: None,
        })
    }

    /// Events and commands so far.
    pub(super) fn moves(&self) -> u64 {
        self.run.moves()
    }

    pub(super) fn into_run(self) -> Run {
        self.run
    }
}

impl Playable for Watched {
    fn play_until(&mut self, to: Time, budget: u64) {
        let most = self.run.moves().saturating_add(budget);
        if !self.is_over() && self.watch.follow(&mut self.run, to, most) {
            let settled = self.watch.settled(self.run.world(), self.run.moves());
            self.reached = Some(settled);
        }
    }

    fn act(&mut self, command: Command) {
        if self.is_over() {
            return;
        }
        let (watch, reached) = (&mut self.watch, &mut self.reached);
        // A command that can never make sense is left out.
        let _ = self.run.apply_seen(command, |world, moves, records| {
            if reached.is_none() && watch.look(world, records) {
                *reached = Some(watch.settled(world, moves));
            }
        });
    }

    fn world(&self) -> &World {
        self.run.world()
    }

    fn setup(&self) -> &Setup {
        self.run.setup()
    }

    fn commands(&self) -> Vec<Timed> {
        self.run.commands()
    }
}
