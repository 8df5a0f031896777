//! A point of a run that can move forward: a world and what of the plan has been done.

use std::rc::Rc;

use crate::command::Timed;
use crate::descriptor::Setup;
use crate::sorted;
use crate::time::Time;
use crate::world::World;

/// A command of the plan.
#[derive(Clone, Debug)]
struct Planned {
    id: u32,
    timed: Timed,
    /// Part of the scenario rather than done by the person.
    script: bool,
}

/// All commands of a run, the scenario's and the person's, in the order they were given.
#[derive(Clone, Debug, Default)]
pub(super) struct Plan {
    commands: Vec<Planned>,
    next: u32,
}

impl Plan {
    /// The commands of a run that begins: the scenario's script, then the person's.
    pub(super) fn of(setup: &Setup) -> Self {
        let mut plan = Self::default();
        for timed in &setup.script {
            plan.add(timed.clone(), true);
        }
        for timed in &setup.commands {
            plan.add(timed.clone(), false);
        }
        plan
    }

    pub(super) fn add(&mut self, timed: Timed, script: bool) {
        self.next += 1;
        self.commands.push(Planned {
            id: self.next,
            timed,
            script,
        });
    }

    pub(super) fn person(&self) -> impl Iterator<Item = &Timed> {
        self.commands.iter().filter(|c| !c.script).map(|c| &c.timed)
    }

    /// The person's commands that are not among these.
    pub(super) fn person_without(&self, done: &[u32]) -> impl Iterator<Item = &Timed> {
        let open = self
            .commands
            .iter()
            .filter(|c| !c.script && !done.contains(&c.id));
        open.map(|c| &c.timed)
    }

    pub(super) fn last_person(&self) -> Option<(u32, Timed)> {
        let last = self.commands.iter().rfind(|c| !c.script)?;
        Some((last.id, last.timed.clone()))
    }

    pub(super) fn remove(&mut self, id: u32) {
        self.commands.retain(|c| c.id != id);
    }

    /// Leaves out the person's commands that are not among these.
    pub(super) fn keep_done(&mut self, done: &[u32]) {
        self.commands.retain(|c| c.script || done.contains(&c.id));
    }

    /// Commands lie in the order of their numbers, because they are only ever added at the end.
    fn get(&self, id: u32) -> Option<&Planned> {
        let at = self.commands.binary_search_by(|c| c.id.cmp(&id)).ok()?;
        Some(&self.commands[at])
    }
}

/// A world on its way through a plan.
#[derive(Clone)]
pub(super) struct Cursor {
    pub(super) world: World,
    /// Events and commands so far.
    pub(super) moves: u64,
    /// When the last of them was done.
    pub(super) last: Time,
    /// Commands applied so far.
    pub(super) done: Rc<Vec<u32>>,
    /// Commands not applied yet, in the order they would be asked.
    pending: Rc<Vec<u32>>,
}

impl Cursor {
    pub(super) fn new(world: World, plan: &Plan) -> Self {
        let mut cursor = Self {
            world,
            moves: 0,
            last: Time(0),
            done: Rc::default(),
            pending: Rc::default(),
        };
        cursor.renew(plan);
        cursor
    }

    /// Works out what is still to be done. At equal keys the scenario comes first, then the order of
    /// the list.
    pub(super) fn renew(&mut self, plan: &Plan) {
        let mut pending: Vec<&Planned> = plan
            .commands
            .iter()
            .filter(|c| !self.done.contains(&c.id))
            .collect();
        sorted::sort_by_key(&mut pending, |c| {
            (c.timed.at.time, c.timed.at.after, !c.script, c.id)
        });
        self.pending = Rc::new(pending.into_iter().map(|c| c.id).collect());
    }

    /// The first command that comes before the next event. In the order of keys, those that only
    /// count events come first; where the first of either kind is not due, none of its kind is. So a
    /// run with thousands of commands to come costs no more than one with two.
    fn due<'p>(&self, plan: &'p Plan, next: Option<Time>, limit: Time) -> Option<&'p Planned> {
        if self.pending.is_empty() {
            return None;
        }
        let events = self.world.events();
        let is_due = |c: &&Planned| {
            c.timed.at.precedes(events, next) && c.timed.at.time.is_none_or(|time| time <= limit)
        };
        let first = plan.get(self.pending[0]).filter(is_due);
        first.or_else(|| {
            let counts = |id: &u32| plan.get(*id).is_some_and(|c| c.timed.at.time.is_none());
            let timed = self.pending.partition_point(counts);
            plan.get(*self.pending.get(timed)?).filter(is_due)
        })
    }

    /// Whether an event or a command comes before an instant.
    pub(super) fn is_due_before(&mut self, plan: &Plan, to: Time) -> bool {
        let Some(limit) = to.0.checked_sub(1).map(Time) else {
            return false;
        };
        let next = self.world.next_time();
        next.is_some_and(|time| time <= limit) || self.due(plan, next, limit).is_some()
    }

    /// When the next command or event comes.
    pub(super) fn next_at(&mut self, plan: &Plan) -> Option<Time> {
        let next = self.world.next_time();
        match self.due(plan, next, crate::time::MAX_TIME) {
            Some(planned) => {
                let now = self.world.now();
                Some(planned.timed.at.time.map_or(now, |time| time.max(now)))
            }
            None => next,
        }
    }

    /// Why the command found nothing to act on, if it did not.
    fn apply(&mut self, planned: &Planned) -> Option<String> {
        if let Some(time) = planned.timed.at.time {
            self.world.advance_to(time);
        }
        // By hand, the person is the one who decides what comes next.
        let left_out = planned.script && self.world.is_by_hand();
        let missed = match left_out {
            true => Some("the run is played by hand".to_owned()),
            // What cannot make sense was refused when it was planned.
            false => self.world.apply(&planned.timed.command).ok().flatten(),
        };
        Rc::make_mut(&mut self.done).push(planned.id);
        Rc::make_mut(&mut self.pending).retain(|id| *id != planned.id);
        self.moved();
        missed
    }

    fn moved(&mut self) {
        self.moves += 1;
        self.last = self.world.now();
    }

    /// One command or event, if one lies at or before `limit`.
    pub(super) fn advance(&mut self, plan: &Plan, limit: Time) -> bool {
        if self.world.halted().is_some() {
            return false;
        }
        let next = self.world.next_time();
        if let Some(planned) = self.due(plan, next, limit) {
            self.apply(planned);
            return true;
        }
        if next.is_some_and(|time| time <= limit) && self.world.step() {
            self.moved();
            return true;
        }
        false
    }

    /// One command, if one is due before time goes on, and why it found nothing to act on.
    pub(super) fn advance_commands(&mut self, plan: &Plan) -> Option<Option<String>> {
        let next = self.world.next_time();
        let now = self.world.now();
        let planned = self.due(plan, next, now)?;
        Some(self.apply(planned))
    }
}
