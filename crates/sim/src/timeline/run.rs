//! A run that only goes forward and keeps no past: however long it is, it needs no more memory than
//! its present state.

use super::cursor::{Cursor, Plan};
use crate::command::{At, Command, Timed};
use crate::descriptor::{Recipe, Setup};
use crate::event::Record;
use crate::time::Time;
use crate::world::{Limits, World};

/// A run without a past: for sweeps, hunts and long runs on the command line.
pub struct Run {
    setup: Setup,
    plan: Plan,
    cursor: Cursor,
}

impl Run {
    /// A run before anything has happened.
    #[must_use]
    pub fn new(setup: &Setup) -> Self {
        Self::within(setup, Limits::default())
    }

    fn within(setup: &Setup, limits: Limits) -> Self {
        let plan = Plan::of(setup);
        Self {
            cursor: Cursor::new(setup.world_with(limits), &plan),
            setup: setup.clone(),
            plan,
        }
    }

    /// The same within limits, unless one of its commands can never make sense.
    ///
    /// # Errors
    /// One sentence naming the command.
    pub fn checked(setup: &Setup, limits: Limits) -> Result<Self, String> {
        let run = Self::within(setup, limits);
        for timed in setup.script.iter().chain(&setup.commands) {
            let checked = run.world().check(&timed.command);
            checked.map_err(|why| format!("`{timed}`: {why}"))?;
        }
        Ok(run)
    }

    /// The world where the run stands.
    #[must_use]
    pub fn world(&self) -> &World {
        &self.cursor.world
    }

    /// Events and commands so far.
    #[must_use]
    pub fn moves(&self) -> u64 {
        self.cursor.moves
    }

    /// What the run was set up from.
    #[must_use]
    pub fn setup(&self) -> &Setup {
        &self.setup
    }

    /// The person's commands.
    #[must_use]
    pub fn commands(&self) -> Vec<Timed> {
        self.plan.person().cloned().collect()
    }

    /// The person's commands that the run has not come to.
    #[must_use]
    pub fn pending(&self) -> Vec<Timed> {
        let open = self.plan.person_without(&self.cursor.done);
        open.cloned().collect()
    }

    /// The run as data.
    #[must_use]
    pub fn recipe(&self) -> Recipe {
        self.setup.recipe_with(&self.commands())
    }

    /// One event or command, if one lies at or before `limit`. Its records wait for
    /// [`Run::move_records`] or [`Run::drop_records`].
    pub fn advance(&mut self, limit: Time) -> bool {
        self.cursor.advance(&self.plan, limit)
    }

    /// Puts the records made since the last call behind what `into` holds.
    pub fn move_records(&mut self, into: &mut Vec<Record>) {
        self.cursor.world.move_records(into);
    }

    /// Forgets the records made since the last call.
    pub fn drop_records(&mut self) {
        self.cursor.world.drop_records();
    }

    /// Lets time pass to `to`; the caller has made all moves before it. A run that was cut stays
    /// where it is.
    pub fn advance_to(&mut self, to: Time) {
        if self.cursor.world.halted().is_none() {
            self.cursor.world.advance_to(to);
        }
    }

    /// Lets time pass to `to` if nothing is due before it.
    pub fn advance_if_free(&mut self, to: Time) {
        if !self.cursor.is_due_before(&self.plan, to) {
            self.advance_to(to);
        }
    }

    /// Lets the run go to `to`; records are shown to the monitors and then forgotten.
    pub fn run_until(&mut self, to: Time) {
        self.run_within(to, u64::MAX);
    }

    /// The same by at most `budget` moves. False if the budget was used up first or the run was cut.
    pub fn run_within(&mut self, to: Time, budget: u64) -> bool {
        for _ in 0..budget {
            if !self.advance(to) {
                self.advance_to(to);
                return self.world().halted().is_none();
            }
            self.drop_records();
        }
        false
    }

    /// Applies a command where the run stands.
    ///
    /// # Errors
    /// One sentence, if the command can never make sense; nothing has changed then.
    pub fn apply(&mut self, command: Command) -> Result<(), String> {
        self.apply_seen(command, |_, _, _| {})
    }

    /// The same, and shows each command that is done with it: the world afterwards, the moves so far and
    /// the command's records.
    ///
    /// # Errors
    /// One sentence, if the command can never make sense; nothing has changed then.
    pub fn apply_seen(
        &mut self,
        command: Command,
        mut seen: impl FnMut(&World, u64, &[Record]),
    ) -> Result<(), String> {
        self.world().check(&command)?;
        // What is due at this very instant comes first, as it would in a fresh run.
        self.do_commands(&mut seen);
        let at = At {
            time: Some(self.world().now()),
            after: Some(self.world().events()),
        };
        self.plan.add(Timed { at, command }, false);
        self.cursor.renew(&self.plan);
        self.do_commands(&mut seen);
        self.drop_records();
        Ok(())
    }

    fn do_commands(&mut self, seen: &mut impl FnMut(&World, u64, &[Record])) {
        let mut records = Vec::new();
        while self.cursor.advance_commands(&self.plan).is_some() {
            records.clear();
            self.move_records(&mut records);
            seen(self.world(), self.moves(), &records);
        }
    }
}
