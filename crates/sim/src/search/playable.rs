//! What a hunt asks of a run. One that keeps its past can be looked at afterwards, one without is
//! bounded in memory.

use crate::command::{Command, Timed};
use crate::descriptor::Setup;
use crate::time::Time;
use crate::timeline::{Budget, Run, Timeline};
use crate::world::{Limits, World};

/// A run that goes forward while commands are applied to it.
pub trait Playable {
    /// Lets the run go to `to`, by at most `budget` events and commands.
    fn play_until(&mut self, to: Time, budget: u64);
    /// Applies a command where the run stands; one that can never make sense is left out.
    fn act(&mut self, command: Command);
    /// The world where the run stands.
    fn world(&self) -> &World;
    /// What the run was set up from.
    fn setup(&self) -> &Setup;
    /// The commands that were applied.
    fn commands(&self) -> Vec<Timed>;
}

/// A run that needs nothing but its setup to begin.
pub trait Beginning: Playable + Sized {
    /// A run before anything has happened.
    ///
    /// # Errors
    /// One sentence, if one of its commands can never make sense.
    fn begin(setup: Setup, limits: Limits) -> Result<Self, String>;
}

/// Both kinds of runs have these methods, each with a `begin` and a way forward of its own.
macro_rules! playable {
    ($run:ty, $begin:expr, $forward:ident) => {
        impl Beginning for $run {
            fn begin(setup: Setup, limits: Limits) -> Result<Self, String> {
                $begin(setup, limits)
            }
        }

        impl Playable for $run {
            fn play_until(&mut self, to: Time, budget: u64) {
                self.$forward(to, budget);
            }
            fn act(&mut self, command: Command) {
                let _ = self.apply(command);
            }
            fn world(&self) -> &World {
                self.world()
            }
            fn setup(&self) -> &Setup {
                self.setup()
            }
            fn commands(&self) -> Vec<Timed> {
                self.commands()
            }
        }
    };
}

playable!(
    Timeline,
    |setup, limits| Timeline::with(setup, limits, Budget::default()),
    run_until
);
playable!(
    Run,
    |setup, limits| Run::checked(&setup, limits),
    run_within
);
