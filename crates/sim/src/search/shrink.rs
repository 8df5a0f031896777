//! Shrinks a run that breaks a law or reaches a goal: what it does not need is taken away.

use std::cell::RefCell;
use std::sync::Arc;

use super::hunt::hits;
use super::{Budget, Goal, Hit, Playable, Sought, Watched};
use crate::command::Timed;
use crate::descriptor::{Catalogue, Setup};
use crate::event::Event;
use crate::hash::stable_hash;
use crate::sorted::SortedSet;
use crate::time::Time;
use crate::timeline::Run;
use crate::world::Limits;

/// Moves that any run may take on top of four times as many as the counterexample took.
const SPARE: u64 = 20_000;

/// How many runs that have what is sought are shrunk, so that the best can be kept.
pub const CANDIDATES: usize = 5;

/// With more commands than this, no two are taken away together: there are too many pairs.
const PAIRED: usize = 8;

/// Which commands are tried to be left out, and in which order.
#[derive(Clone, Copy)]
enum Order {
    Earliest,
    Latest,
    /// Only faults, the latest first.
    Faults,
}

impl Order {
    /// The places of commands in this order.
    fn places(self, commands: &[Timed]) -> Vec<usize> {
        let places = 0..commands.len();
        match self {
            Order::Earliest => places.collect(),
            Order::Latest => places.rev().collect(),
            Order::Faults => {
                let costs = |at: &usize| Budget::kind(&commands[*at].command).is_some();
                places.rev().filter(costs).collect()
            }
        }
    }
}

/// The same law broken, or the same goal reached, with as few faults, then by as few commands as greedy
/// removal finds, at the first instant at which these do it. Halves, quarters, … single ones are taken away until none
/// can go, in several orders, since each may end somewhere else; at last pairs. The run may take
/// twice as long as the one that was found: without noise some things happen later.
///
/// # Errors
/// One sentence, if the run cannot be set up.
pub fn shrink(catalogue: Catalogue, found: &Hit) -> Result<Hit, String> {
    let mut shrinking = Shrinking::new(catalogue, found)?;
    while shrinking.step() {}
    Ok(shrinking.best)
}

/// Such a run while it is shrunk, one attempt after another: a page has to stay alive meanwhile.
pub struct Shrinking {
    attempts: Attempts,
    whole: Hit,
    best: Hit,
    stage: Stage,
}

enum Stage {
    /// The run itself.
    Whole,
    /// Without any command.
    Bare,
    /// One of the [`WAYS`], and its removal under way.
    Way {
        way: usize,
        pass: usize,
        removal: Removal,
    },
    /// Two commands of the best run.
    Pair(usize, usize),
    /// What is left after a pair has gone.
    AfterPair(Removal),
    Done,
}

/// Removals one after another, by halves or one by one. The fourth is what a person would do by hand.
const WAYS: [&[(Order, bool)]; 5] = [
    &[(Order::Earliest, true)],
    &[(Order::Latest, true)],
    &[(Order::Faults, true), (Order::Latest, true)],
    &[(Order::Earliest, false)],
    &[(Order::Faults, false), (Order::Earliest, false)],
];

impl Shrinking {
    /// Before the first attempt.
    ///
    /// # Errors
    /// One sentence, if the run cannot be set up.
    pub fn new(catalogue: Catalogue, found: &Hit) -> Result<Self, String> {
        let setup = catalogue.setup(&found.recipe)?;
        let attempts = Attempts {
            sought: found.sought.clone(),
            until: latest(found, &setup),
            moves: u64::MAX,
            kept: RefCell::default(),
            setup,
        };
        Ok(Self {
            attempts,
            whole: found.clone(),
            best: found.clone(),
            stage: Stage::Whole,
        })
    }

    /// The shortest run so far.
    #[must_use]
    pub fn best(&self) -> &Hit {
        &self.best
    }

    /// Makes at most one attempt; false if there are no more.
    pub fn step(&mut self) -> bool {
        self.stage = match std::mem::replace(&mut self.stage, Stage::Done) {
            Stage::Whole => self.whole(),
            Stage::Bare => match self.attempts.breaks(&[]) {
                Some((bare, _)) => {
                    self.best = bare;
                    Stage::Done
                }
                None => self.begin_way(0),
            },
            Stage::Way {
                way,
                pass,
                mut removal,
            } => match removal.step(&self.attempts) {
                true => Stage::Way { way, pass, removal },
                false => self.after_pass(way, pass + 1, removal.best),
            },
            Stage::Pair(a, b) => self.pair(a, b),
            Stage::AfterPair(mut removal) => match removal.step(&self.attempts) {
                true => Stage::AfterPair(removal),
                false => {
                    self.best = removal.best;
                    Stage::Pair(0, 1)
                }
            },
            Stage::Done => Stage::Done,
        };
        !matches!(self.stage, Stage::Done)
    }

    fn whole(&mut self) -> Stage {
        let commands = self.attempts.setup.commands.clone();
        let Some((whole, moves)) = self.attempts.breaks(&commands) else {
            // Only a run that was cut can fail to repeat itself.
            return Stage::Done;
        };
        self.attempts.moves = moves.saturating_mul(4).saturating_add(SPARE);
        self.best = whole.clone();
        self.whole = whole;
        Stage::Bare
    }

    fn begin_way(&self, way: usize) -> Stage {
        let Some((order, halves)) = WAYS.get(way).map(|passes| passes[0]) else {
            return Stage::Pair(0, 1);
        };
        let removal = Removal::new(self.whole.clone(), order, halves);
        let pass = 0;
        Stage::Way { way, pass, removal }
    }

    fn after_pass(&mut self, way: usize, pass: usize, end: Hit) -> Stage {
        if let Some((order, halves)) = WAYS[way].get(pass).copied() {
            let removal = Removal::new(end, order, halves);
            return Stage::Way { way, pass, removal };
        }
        if end.rank() < self.best.rank() {
            self.best = end;
        }
        // Without any command the law holds, so nothing is better.
        if self.best.cost() == 0 && self.best.recipe.commands.len() == 1 {
            return Stage::Done;
        }
        self.begin_way(way + 1)
    }

    /// Takes two commands away of which neither can go alone, such as a crash and its recovery.
    fn pair(&self, a: usize, b: usize) -> Stage {
        let commands = self.best.commands();
        if commands.len() > PAIRED || a + 1 >= commands.len() {
            return Stage::Done;
        }
        if b >= commands.len() {
            return Stage::Pair(a + 1, a + 2);
        }
        match self.attempts.without(&commands, &[a, b]) {
            Some(less) => Stage::AfterPair(Removal::new(less, Order::Earliest, true)),
            None => Stage::Pair(a, b + 1),
        }
    }
}

/// The best among runs that have the same thing: the first few of them, each shrunk.
///
/// # Errors
/// One sentence, if a run cannot be set up or there is none.
pub fn shortest(catalogue: Catalogue, found: &[Hit]) -> Result<Hit, String> {
    let first = found.iter().take(CANDIDATES);
    let shrunk: Vec<Hit> = first
        .map(|found| shrink(catalogue, found))
        .collect::<Result<_, _>>()?;
    // Of equals, the first.
    let best = shrunk.into_iter().min_by_key(Hit::rank);
    best.ok_or_else(|| "no run is there to shrink".into())
}

/// Commands that are taken away until no single one can go.
struct Removal {
    best: Hit,
    commands: Vec<Timed>,
    order: Order,
    /// How many go at once.
    chunk: usize,
    at: usize,
    /// Whether any could go since the first place.
    smaller: bool,
}

impl Removal {
    fn new(best: Hit, order: Order, halves: bool) -> Self {
        let commands = best.commands();
        let all = order.places(&commands).len();
        Self {
            chunk: if halves { all.div_ceil(2).max(1) } else { 1 },
            best,
            commands,
            order,
            at: 0,
            smaller: false,
        }
    }

    /// Makes at most one attempt; false if there are no more.
    fn step(&mut self, attempts: &Attempts) -> bool {
        let places = self.order.places(&self.commands);
        if self.at >= places.len() {
            let over = self.chunk == 1 && !self.smaller;
            self.chunk = if self.chunk > 1 {
                self.chunk.div_ceil(2)
            } else {
                1
            };
            (self.at, self.smaller) = (0, false);
            return !over;
        }
        let end = (self.at + self.chunk).min(places.len());
        match attempts.without(&self.commands, &places[self.at..end]) {
            Some(less) => {
                self.commands = less.commands();
                self.best = less;
                self.smaller = true;
            }
            None => self.at = end,
        }
        true
    }
}

struct Attempts {
    setup: Setup,
    sought: Sought,
    until: Time,
    moves: u64,
    /// Commands that do not do it, by their hash: the ways meet the same ones again and again.
    kept: RefCell<SortedSet<u64>>,
}

impl Attempts {
    /// Whether it is done without the commands in these places.
    fn without(&self, commands: &[Timed], places: &[usize]) -> Option<Hit> {
        let kept = commands.iter().enumerate();
        let kept = kept.filter(|(at, _)| !places.contains(at));
        let rest: Vec<Timed> = kept.map(|(_, timed)| timed.clone()).collect();
        let texts: Vec<String> = rest.iter().map(ToString::to_string).collect();
        let hash = stable_hash(&texts);
        if self.kept.borrow().contains(&hash) {
            return None;
        }
        let less = self.breaks(&rest).map(|(less, _)| less);
        if less.is_none() {
            self.kept.borrow_mut().insert(hash);
        }
        less
    }

    /// Whether these commands do it: how, and after how many moves.
    fn breaks(&self, commands: &[Timed]) -> Option<(Hit, u64)> {
        let mut setup = self.setup.clone();
        setup.commands = commands.to_vec();
        match &self.sought {
            Sought::Goal(goal) => self.reaches(&setup, goal),
            Sought::AnyLaw | Sought::Law(_) => self.breaks_law(&setup),
        }
    }

    fn breaks_law(&self, setup: &Setup) -> Option<(Hit, u64)> {
        let mut run = Run::checked(setup, Limits::of_hunt()).ok()?;
        let law = self.sought.law();
        let mut records = Vec::new();
        while run.moves() < self.moves && run.advance(self.until) {
            run.move_records(&mut records);
            let told = records.iter().any(|record| match &record.event {
                Event::Violated { invariant, .. } => law == Some(*invariant),
                _ => false,
            });
            if told {
                let found = hits(&run, |verdict| law == Some(verdict.name));
                let found = found.into_iter().next();
                return found.map(|found| (found, run.moves()));
            }
            records.clear();
        }
        None
    }

    fn reaches(&self, setup: &Setup, goal: &Arc<Goal>) -> Option<(Hit, u64)> {
        let mut run = Watched::begin(setup, Limits::of_hunt(), goal).ok()?;
        run.play_until(self.until, self.moves);
        run.hit().map(|hit| (hit, run.moves()))
    }
}

/// The last instant at which a shorter run may have what was found.
fn latest(found: &Hit, setup: &Setup) -> Time {
    let twice = Time(found.at.0.saturating_mul(2));
    let twice = found.end.map_or(twice, |end| twice.min(end).max(found.at));
    match found.sought {
        // People look at a goal up to the end of its scenario.
        Sought::Goal(_) => twice.min(setup.until()).max(found.at),
        Sought::AnyLaw | Sought::Law(_) => twice,
    }
}
