//! Two runs under one clock: both show the same instant.

use faultline_protocols::CATALOGUE;
use faultline_sim::fairness::{Fairness, make_fair};
use faultline_sim::time::{MAX_TIME, Time};
use faultline_sim::timeline::{Differ, Difference};

use super::{Engine, FRAME_BUDGET, MOST_AT_ONCE};
use faultline_sim::descriptor::Recipe;
use faultline_sim::timeline::Target;

/// The probes that describe a run best, in order; without any of them, a protocol's first one.
const PREFERRED_PROBES: [&str; 4] = ["lost", "ok", "gap", "dropped"];
/// Records compared per call.
const COMPARED: u64 = 20_000;

impl Engine {
    /// Lets wall time pass for two runs. The pace of the first one counts, and a stop of either stops
    /// both. True if anything happened.
    pub fn advance_both(&mut self, other: &mut Self, wall_ms: f64, speed: f64) -> bool {
        let before = (self.timeline.records(), other.timeline.records());
        // Waits for a run that is behind.
        if other.timeline.now() >= self.timeline.now() {
            if self.is_watched() || other.is_watched() {
                let to = self.due(wall_ms, speed);
                self.run_both_to_stop(other, to, false);
            } else {
                self.advance(wall_ms, speed);
            }
        }
        if !self.has_stopped() && !other.has_stopped() {
            let to = self.timeline.now();
            other.timeline.run_until(to, FRAME_BUDGET);
        }
        other.rest = self.rest;
        (self.timeline.records(), other.timeline.records()) != before
    }

    /// Runs to an instant, and the run beside it, too. Both stand where either stops, or where a direct
    /// call is about to be seen.
    pub(super) fn run_in_step(&mut self, other: Option<&mut Self>, to: Time) {
        let eyed = |run: &Self| run.nested() || run.is_watched();
        match other {
            Some(other) if eyed(self) || eyed(other) => self.run_both_to_stop(other, to, true),
            Some(other) => {
                self.timeline.run_until(to, FRAME_BUDGET);
                other.timeline.run_until(self.timeline.now(), FRAME_BUDGET);
            }
            None if eyed(self) => {
                for _ in 0..FRAME_BUDGET {
                    if self.is_calling() || self.run_to_stop(to, 1) || self.has_stopped() {
                        return;
                    }
                }
            }
            None => {
                self.timeline.run_until(to, FRAME_BUDGET);
            }
        }
    }

    /// Runs event by event, in whichever run has the next one, up to a stop; `calls`: also to a direct
    /// call.
    fn run_both_to_stop(&mut self, other: &mut Self, to: Time, calls: bool) {
        if calls && (self.is_calling() || other.is_calling()) {
            return;
        }
        for _ in 0..FRAME_BUDGET {
            let next = |run: &mut Self| run.timeline.next_at().filter(|at| *at <= to);
            let (mine, theirs) = (next(self), next(other));
            let (run, still, at) = match (mine, theirs) {
                (None, None) => break,
                (Some(a), Some(b)) if b < a => (&mut *other, &mut *self, b),
                (Some(a), _) => (&mut *self, &mut *other, a),
                (None, Some(b)) => (&mut *other, &mut *self, b),
            };
            run.run_to_stop(at, 1);
            if run.has_stopped() || calls && run.is_calling() {
                still.timeline.stand_at(at);
                self.rest = 0.0;
                return;
            }
        }
        for run in [self, other] {
            if run.timeline.next_at().is_none_or(|next| next > to) {
                run.timeline.run_until(to, 1);
            }
        }
    }

    /// Steps one event forward in the run whose next event is earlier, or back in the one whose last
    /// event is later. The other run moves to the same instant. False if neither moved.
    pub fn step_both(&mut self, other: &mut Self, forward: bool) -> bool {
        self.rest = 0.0;
        other.rest = 0.0;
        if forward {
            let theirs_first = match (self.timeline.next_at(), other.timeline.next_at()) {
                (Some(mine), Some(theirs)) => theirs < mine,
                (mine, _) => mine.is_none(),
            };
            let (run, still) = if theirs_first {
                (other, self)
            } else {
                (self, other)
            };
            let moved = run.timeline.step();
            still.timeline.stand_at(run.timeline.now());
            return moved;
        }
        let (mine, theirs) = (self.timeline.last_at(), other.timeline.last_at());
        let (run, still) = if theirs >= mine && other.timeline.records() > 0 {
            (other, self)
        } else {
            (self, other)
        };
        let moved = run.timeline.step_back();
        let to = run.timeline.last_at().max(still.timeline.last_at());
        run.timeline.stand_at(to);
        still.timeline.stand_at(to);
        moved
    }

    /// The first record in which two runs differ, as far as both have run.
    pub fn difference(&mut self, other: &mut Self, differ: &mut Differ) -> Option<Difference> {
        let (mine, theirs) = (&mut self.timeline, &mut other.timeline);
        differ.look(mine, theirs, COMPARED).cloned()
    }

    /// The differences between two runs apart from the compared rules.
    pub fn fairness(&self, other: &Self) -> Option<Fairness> {
        let mine = CATALOGUE.setup(&self.recipe()).ok()?;
        let theirs = CATALOGUE.setup(&other.recipe()).ok()?;
        Some(Fairness::of(&mine, &theirs, MAX_TIME))
    }

    /// The other run's recipe with this one's seed, load and faults, and the commands without a
    /// counterpart there.
    ///
    /// # Errors
    /// A sentence, if that is impossible.
    pub fn fair_for(&self, other: &Self) -> Result<(Recipe, Vec<String>), String> {
        let mine = CATALOGUE.setup(&self.recipe())?;
        let theirs = CATALOGUE.setup(&other.recipe())?;
        make_fair(CATALOGUE, &mine, &theirs)
    }

    /// The titles of a protocol and its scenario, by their name in the catalogue.
    #[inline(never)]
    pub fn titles_of(name: &str) -> Option<(&'static str, &'static str)> {
        let (protocol, scenario) = CATALOGUE.find(name).ok()?;
        Some((protocol.title, scenario.title))
    }

    /// The scenario that this one names to compare with.
    pub fn beside(&self) -> Option<&'static str> {
        self.scenario().beside
    }

    /// This run's scenario as it was written, and another one; both with this run's seed.
    pub fn pair(&self, beside: &str) -> (Recipe, Recipe) {
        let seed = self.recipe().seed;
        let seeded = |recipe: Recipe| Recipe {
            seed: seed.clone(),
            ..recipe
        };
        let beside = Recipe::new(beside, 1);
        (seeded(self.fresh_recipe()), seeded(beside))
    }

    /// Takes over the stops of the other run.
    pub fn take_stops(&mut self, other: &Self) {
        self.stops.clone_from(&other.stops);
    }

    /// One number that describes the run, with the protocol's own word: "lost 3".
    pub fn score(&self) -> Option<String> {
        let specs = self.protocol().probes;
        let (_, values) = self.history.last()?;
        let telling = PREFERRED_PROBES
            .iter()
            .find_map(|name| specs.iter().position(|p| p.name == *name));
        let at = telling.unwrap_or(0);
        let (spec, value) = (specs.get(at)?, (*values.get(at)?)?);
        let unit = if matches!(spec.unit, "%" | "s" | "ms") {
            spec.unit
        } else {
            ""
        };
        Some(crate::text::compare::score(spec.name, value, unit))
    }

    /// Seeks to the instant of the other run, if it is not there yet.
    pub fn follow(&mut self, other: &Self) {
        self.rest = other.rest;
        let to = other.timeline.now();
        if to == self.timeline.now() {
            return;
        }
        if to > self.timeline.now() {
            self.timeline.run_until(to, MOST_AT_ONCE);
        } else {
            self.timeline.go(Target::Time(to));
        }
    }
}
