//! Time that runs both ways: a run with its commands, checkpoints, trace, and kept futures.

mod ahead;
mod checkpoints;
mod cursor;
mod differ;
mod misses;
mod pass;
mod run;

use std::rc::Rc;

use crate::command::{At, Command, Timed};
use crate::descriptor::{Recipe, Setup};
use crate::event::{Record, Trace};
use crate::frame::Frame;
use crate::hash::hex;
use crate::network::Address;
use crate::time::Time;
use crate::world::{FrameCache, Limits, World};

pub use ahead::{Ahead, Call, Calls, Thing};
pub use checkpoints::Budget;
use checkpoints::Checkpoints;
use cursor::{Cursor, Plan};
pub use differ::{Differ, Difference};
pub use misses::{Miss, Misses};
pub use pass::Pass;
pub use run::Run;

/// A future that was left by acting in the past, or by opening another run.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// The run it belongs to, with the commands it had.
    pub recipe: Recipe,
    /// How far it had gone.
    pub until: Time,
}

/// What became of a command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// Why it found nothing to act on.
    pub missed: Option<String>,
    /// It was done in the past: [`Timeline::take_left`] has the old future.
    pub forked: bool,
}

/// A place of a run to go to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Target {
    /// An instant: everything up to and including it has happened.
    Time(Time),
    /// Just after the event or command that made this record.
    Record(u64),
    /// So many events have been processed.
    Events(u64),
    /// So many moves have been made: events and commands.
    Moves(u64),
}

impl Target {
    /// Whether the place can be reached from a point by going forward.
    fn lies_behind(self, at: &Cursor) -> bool {
        match self {
            Target::Time(time) => at.world.now() <= time,
            Target::Record(seq) => at.world.records() < seq,
            Target::Events(events) => at.world.events() <= events,
            Target::Moves(moves) => at.moves <= moves,
        }
    }
}

/// A run with its past, and the future it left last.
pub struct Timeline {
    setup: Setup,
    plan: Plan,
    cursor: Cursor,
    checkpoints: Checkpoints,
    trace: Trace,
    /// The furthest point this run has reached: moves and time.
    edge: (u64, Time),
    left: Option<Kept>,
    /// How often records were taken back: what was read of them holds no longer.
    cuts: u32,
    undone: Vec<Timed>,
    cache: FrameCache,
    /// Memory for records on their way to the trace.
    fresh: Vec<Record>,
}

impl Timeline {
    /// A run before anything has happened.
    ///
    /// # Errors
    /// One sentence, if a command of the recipe can never make sense.
    pub fn new(setup: Setup) -> Result<Self, String> {
        Self::with(setup, Limits::default(), Budget::default())
    }

    /// The same with limits and a memory budget of one's own.
    ///
    /// # Errors
    /// As [`Timeline::new`].
    pub fn with(setup: Setup, limits: Limits, budget: Budget) -> Result<Self, String> {
        let world = setup.world_with(limits);
        let mut plan = Plan::default();
        for (timed, script) in setup
            .script
            .iter()
            .map(|t| (t, true))
            .chain(setup.commands.iter().map(|t| (t, false)))
        {
            world
                .check(&timed.command)
                .map_err(|why| format!("`{timed}`: {why}"))?;
            plan.add(timed.clone(), script);
        }
        let cursor = Cursor::new(world, &plan);
        // Records made before the first move stand in the trace: a replay from here makes none of them again.
        let mut beginning = cursor.clone();
        beginning.world.take_records();
        let mut timeline = Self {
            setup,
            plan,
            checkpoints: Checkpoints::new(beginning, budget.checkpoints()),
            cursor,
            trace: Trace::with_budget(budget.trace()),
            edge: (0, Time::ZERO),
            left: None,
            cuts: 0,
            undone: Vec::new(),
            cache: FrameCache::default(),
            fresh: Vec::new(),
        };
        timeline.absorb();
        Ok(timeline)
    }

    /// What the run was set up from.
    #[must_use]
    pub fn setup(&self) -> &Setup {
        &self.setup
    }

    /// The world at the cursor.
    #[must_use]
    pub fn world(&self) -> &World {
        &self.cursor.world
    }

    /// The instant at the cursor.
    #[must_use]
    pub fn now(&self) -> Time {
        self.cursor.world.now()
    }

    /// The furthest instant this run has reached.
    #[must_use]
    pub fn edge(&self) -> Time {
        self.edge.1
    }

    /// Whether the cursor lies before what has already been seen.
    #[must_use]
    pub fn in_past(&self) -> bool {
        self.cursor.moves < self.edge.0 || self.now() < self.edge.1
    }

    /// Events and commands up to the cursor.
    #[must_use]
    pub fn moves(&self) -> u64 {
        self.cursor.moves
    }

    /// Records up to the cursor.
    #[must_use]
    pub fn records(&self) -> u64 {
        self.cursor.world.records()
    }

    /// Everything that has happened, up to the edge.
    #[must_use]
    pub fn trace(&self) -> &Trace {
        &self.trace
    }

    /// The future that the last fork has left, once.
    pub fn take_left(&mut self) -> Option<Kept> {
        self.left.take()
    }

    /// The run as it is, to be kept while another takes its place.
    #[must_use]
    pub fn keep(&self) -> Kept {
        Kept {
            recipe: self.recipe(),
            until: self.edge.1,
        }
    }

    /// The person's commands in force.
    #[must_use]
    pub fn commands(&self) -> Vec<Timed> {
        self.plan.person().cloned().collect()
    }

    /// The run as data.
    #[must_use]
    pub fn recipe(&self) -> Recipe {
        self.setup.recipe_with(&self.commands())
    }

    /// The hash of the trace up to the cursor, 16 hex digits.
    #[must_use]
    pub fn trace_hash(&self) -> String {
        if let Some(hash) = self.trace.hash_at(self.records()) {
            return hex(hash);
        }
        // The segment was dropped: make it again.
        let mut again = Trace::with_budget(0);
        let mut cursor = self.checkpoint(0);
        for record in self.trace_start() {
            again.push(record);
        }
        while cursor.moves < self.cursor.moves && cursor.advance(&self.plan, crate::time::MAX_TIME)
        {
            cursor
                .world
                .take_records()
                .into_iter()
                .for_each(|record| again.push(record));
        }
        hex(again.hash())
    }

    /// The first half of the trace's hash: enough for a link to tell whether the run is the same.
    #[must_use]
    pub fn digest(&self) -> u32 {
        let digits = self.trace_hash();
        u32::from_str_radix(&digits[..8], 16).unwrap_or_default()
    }

    /// Records made before the first move.
    fn trace_start(&self) -> Vec<Record> {
        let mut world = self.setup.world();
        world.take_records()
    }

    /// The hash of the world at the cursor, 16 hex digits.
    #[must_use]
    pub fn state_hash(&self) -> String {
        self.cursor.world.state_hash()
    }

    /// What there is to see at the cursor.
    pub fn frame(&mut self) -> Frame {
        self.cache.future = self.cuts;
        self.cursor
            .world
            .frame(&mut self.cache, self.setup.scenario.pace)
    }

    /// The full text of a message on its way.
    #[must_use]
    pub fn message_text(&self, address: Address) -> Option<String> {
        self.cursor.world.message_text(address)
    }

    // Moving ------------------------------------------------------------------------------------

    /// Lets the run go on to `to`, by at most `budget` moves. False if the budget was used up first
    /// or the run was cut.
    pub fn run_until(&mut self, to: Time, budget: u64) -> bool {
        for _ in 0..budget {
            if !self.move_on(to) {
                if self.cursor.world.halted().is_some() {
                    return false;
                }
                self.cursor.world.advance_to(to);
                self.note_edge();
                return true;
            }
        }
        false
    }

    /// Lets the run go on until so many moves have been made, by at most `budget` more, and then to
    /// `to` if nothing is due before; no move is made later than `to`. False if the budget was used
    /// up first.
    pub fn run_to_move(&mut self, moves: u64, to: Time, budget: u64) -> bool {
        let most = self.cursor.moves.saturating_add(budget);
        while self.cursor.moves < moves {
            if self.cursor.moves >= most {
                return false;
            }
            if !self.move_on(to) {
                break;
            }
        }
        let halted = self.cursor.world.halted().is_some();
        if !halted && !self.cursor.is_due_before(&self.plan, to) {
            self.cursor.world.advance_to(to);
        }
        self.note_edge();
        true
    }

    /// One event or one command forward. False if nothing is to come.
    pub fn step(&mut self) -> bool {
        self.move_on(crate::time::MAX_TIME)
    }

    /// When the next event or command comes, if one will.
    pub fn next_at(&mut self) -> Option<Time> {
        self.cursor.next_at(&self.plan)
    }

    /// When the last event or command before the cursor happened, whether it left a record or not (a
    /// message that joins the queue of a paused node leaves none).
    #[must_use]
    pub fn last_at(&self) -> Time {
        self.cursor.last
    }

    /// Stands at an instant between what was done last and what comes next, so that two runs can
    /// show the same instant while only one of them takes a step.
    pub fn stand_at(&mut self, to: Time) {
        if to < self.now() {
            let moves = self.cursor.moves;
            self.restore(self.checkpoints.last_where(|c| c.moves <= moves));
            while self.cursor.moves < moves && self.step() {}
        }
        let free = self.next_at().is_none_or(|next| to <= next);
        if free && self.cursor.world.halted().is_none() {
            self.cursor.world.advance_to(to);
            self.note_edge();
        }
    }

    /// One event or one command back. False at the beginning.
    pub fn step_back(&mut self) -> bool {
        let before = self.cursor.moves.checked_sub(1);
        before
            .inspect(|moves| self.go(Target::Moves(*moves)))
            .is_some()
    }

    /// Goes to a place of the run, forward or back. Beyond the run's end there is nothing to go to but
    /// an instant.
    pub fn go(&mut self, to: Target) {
        let nearest = self.checkpoints.last_where(|at| to.lies_behind(at));
        let ahead = self.checkpoints.at(nearest).moves > self.cursor.moves;
        if ahead || !to.lies_behind(&self.cursor) {
            self.restore(nearest);
        }
        match to {
            Target::Time(time) => {
                while self.move_on(time) {}
                if self.cursor.world.halted().is_none() {
                    self.cursor.world.advance_to(time);
                }
                self.note_edge();
            }
            Target::Record(seq) => while self.records() < seq && self.step() {},
            Target::Events(events) => while self.cursor.world.events() < events && self.step() {},
            Target::Moves(moves) => while self.cursor.moves < moves && self.step() {},
        }
    }

    /// Goes back to a checkpoint. Commands may have been planned since it was made.
    fn restore(&mut self, at: usize) {
        self.cursor = self.checkpoint(at);
    }

    fn checkpoint(&self, at: usize) -> Cursor {
        let mut cursor = self.checkpoints.at(at).clone();
        cursor.renew(&self.plan);
        cursor
    }

    fn move_on(&mut self, limit: Time) -> bool {
        if !self.cursor.advance(&self.plan, limit) {
            return false;
        }
        self.absorb();
        true
    }

    /// Takes what the last move made into the trace, and a checkpoint if one is due.
    fn absorb(&mut self) {
        let mut fresh = std::mem::take(&mut self.fresh);
        self.cursor.world.move_records(&mut fresh);
        // What the trace has already was made again by replay.
        let known = self.trace.len();
        fresh.retain(|record| record.seq > known);
        self.trace.append(&mut fresh);
        self.fresh = fresh;
        self.checkpoints.pass(&self.cursor);
        self.note_edge();
    }

    /// What checkpoints and trace hold in memory, in bytes; of the checkpoints only where an allocator
    /// counts.
    #[must_use]
    pub fn history_bytes(&self) -> usize {
        self.checkpoints.bytes() + self.trace.bytes()
    }

    fn note_edge(&mut self) {
        self.edge = (
            self.edge.0.max(self.cursor.moves),
            self.edge.1.max(self.now()),
        );
    }

    // Acting ------------------------------------------------------------------------------------

    /// Applies a command at the cursor. In the past this makes a fork: the commands that came later
    /// are left out (the scenario's own script stays), and the old future is kept.
    ///
    /// # Errors
    /// One sentence, if the command can never make sense; nothing has changed then.
    pub fn apply(&mut self, command: Command) -> Result<Applied, String> {
        self.cursor.world.check(&command)?;
        let forked = self.in_past();
        // What the person did from here on belongs to the future that is left, even at this instant.
        if forked {
            self.left = Some(self.keep());
            self.cut_future();
        }
        // What is due at this very instant comes first, as it would in a fresh run.
        while self.cursor.advance_commands(&self.plan).is_some() {
            self.absorb();
        }
        let world = &self.cursor.world;
        let at = At {
            time: Some(world.now()),
            after: Some(world.events()),
        };
        self.plan.add(Timed { at, command }, false);
        self.cursor.renew(&self.plan);
        let mut missed = None;
        while let Some(why) = self.cursor.advance_commands(&self.plan) {
            missed = why;
            self.absorb();
        }
        self.undone.clear();
        Ok(Applied { missed, forked })
    }

    /// Begins a new future at the cursor without doing anything: the old one is left as it was.
    pub fn fork_here(&mut self) {
        self.left = Some(self.keep());
        if self.in_past() {
            self.cut_future();
        }
    }

    /// Plans a command for later. A key that lies before the cursor is an error.
    ///
    /// # Errors
    /// One sentence.
    pub fn schedule(&mut self, timed: Timed) -> Result<(), String> {
        self.cursor.world.check(&timed.command)?;
        let passed = timed.at.time.is_some_and(|time| time < self.now())
            || timed
                .at
                .after
                .is_some_and(|after| after < self.cursor.world.events());
        if passed {
            return Err(format!(
                "`{timed}` lies in the past; go back there and do it, or choose a later time"
            ));
        }
        if self.in_past() {
            self.left = Some(self.keep());
            self.cut_future();
        }
        self.plan.add(timed, false);
        self.cursor.renew(&self.plan);
        self.undone.clear();
        Ok(())
    }

    /// Takes the last command back and returns to just before it. Answers what it was.
    pub fn undo(&mut self) -> Option<Timed> {
        let (id, timed) = self.plan.last_person()?;
        let applied = self.cursor_before(id);
        self.plan.remove(id);
        if let Some(moves) = applied {
            self.go(Target::Moves(moves));
            if let Some(time) = timed.at.time {
                self.cursor.world.advance_to(time);
            }
            self.cut_future();
        }
        self.cursor.renew(&self.plan);
        self.undone.push(timed.clone());
        Some(timed)
    }

    /// Does again what was last undone.
    pub fn redo(&mut self) -> Option<Timed> {
        let timed = self.undone.pop()?;
        let rest = std::mem::take(&mut self.undone);
        let done = match timed.at.time {
            Some(time) if time > self.now() => {
                self.go(Target::Time(time));
                self.apply(timed.command.clone()).is_ok()
            }
            _ => self.apply(timed.command.clone()).is_ok(),
        };
        self.undone = rest;
        done.then_some(timed)
    }

    /// The number of moves made before a command was applied, if it was.
    fn cursor_before(&mut self, id: u32) -> Option<u64> {
        let at = self.checkpoints.last_where(|c| !c.done.contains(&id));
        let mut cursor = self.checkpoint(at);
        while cursor.moves < self.edge.0 {
            let before = cursor.moves;
            if !cursor.advance(&self.plan, crate::time::MAX_TIME) {
                return None;
            }
            cursor.world.drop_records();
            if cursor.done.contains(&id) {
                return Some(before);
            }
        }
        None
    }

    /// Forgets everything behind the cursor, commands included.
    fn cut_future(&mut self) {
        self.cuts += 1;
        let done = Rc::clone(&self.cursor.done);
        self.plan.keep_done(&done);
        let moves = self.cursor.moves;
        self.checkpoints.cut(moves);
        let records = self.records();
        if !self.trace.truncate(records) {
            self.refill();
        }
        self.edge = (moves, self.now());
        self.cursor.renew(&self.plan);
    }

    /// Makes the records between the trace's end and the cursor again.
    fn refill(&mut self) {
        let from = self.trace.len();
        for record in self.replayed(from + 1, self.records()) {
            self.trace.push(record);
        }
    }

    /// Records from one number to another, both included, made again by replay where they were
    /// dropped.
    pub fn window(&mut self, from: u64, to: u64) -> Vec<Record> {
        let to = to.min(self.trace.len());
        let from = from.max(1);
        if from >= self.trace.first_kept() {
            return (from..=to)
                .filter_map(|seq| self.trace.get(seq))
                .cloned()
                .collect();
        }
        self.replayed(from, to)
    }

    fn replayed(&self, from: u64, to: u64) -> Vec<Record> {
        let at = self.checkpoints.last_where(|c| c.world.records() < from);
        let mut cursor = self.checkpoint(at);
        let mut out = Vec::new();
        let wanted = |record: &Record| (from..=to).contains(&record.seq);
        if cursor.moves == 0 {
            out.extend(self.trace_start().into_iter().filter(wanted));
        }
        while cursor.world.records() < to && cursor.advance(&self.plan, crate::time::MAX_TIME) {
            out.extend(cursor.world.take_records().into_iter().filter(wanted));
        }
        out
    }
}
