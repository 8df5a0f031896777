//! Work that takes seconds: requests and answers as plain data, and the code that answers. It runs in a
//! worker beside the page (static/worker.js), or in the page itself between pictures.

mod hunting;
mod judging;
mod league;
mod task;

use faultline_protocols::CATALOGUE;
use faultline_sim::descriptor::Recipe;
use faultline_sim::explore::{Exploration, Reach, TwoPhase};
use faultline_sim::question::{Answer as Answered, Kind, Part, Question, Tally, Until, probe_when};
use faultline_sim::sweep::{Crashes, Ending as Ended, Span, at_end, ending, recipe_at};
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

use crate::engine::Engine;
use hunting::Searching;

pub use hunting::{
    Clue, Ending, Failure, MOST_STATES, Mark, Progress, Replayed, Search, is_preparation,
};
pub use judging::{Judging, Stand, Wrong};
pub use league::{League, Row, Standing, Values};
pub use task::{News, Task};

/// What the page can ask for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Request {
    /// A probe in many runs.
    Sweep(Box<Sweep>),
    /// Which promises a history keeps.
    Judge(Judging),
    /// A run that breaks a law.
    Search(Box<Search>),
    /// How many states two-phase commit has as it is specified, with so many managers: how fast the
    /// search through all orders of events is on the simplest model.
    Specification(u32),
    /// What is counted for a question.
    Count(Box<Tally>),
    /// Many settings over the same seeds.
    League(Box<League>),
}

/// A part of what was asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Answer {
    /// The next run of a sweep.
    Reading(Reading),
    /// The next run of a sweep over crashes.
    Ended(Result<Ended, String>),
    /// How a history stands on each promise, the strongest first.
    Ladder(Vec<Stand>),
    /// What a search has found or tried.
    Clue(Clue),
    /// How many states there are.
    States(u64),
    /// The next part of a count.
    Part(Result<Part, String>),
    /// The next run of a league table: its row, and what was read.
    Ranked(usize, Values),
}

impl Answer {
    /// What was read in a run.
    #[must_use]
    pub fn reading(self) -> Option<Reading> {
        match self {
            Answer::Reading(reading) => Some(reading),
            Answer::Ended(ended) => Some(ended.map(|ending| ending.value)),
            Answer::Ladder(_)
            | Answer::Clue(_)
            | Answer::Part(_)
            | Answer::Ranked(..)
            | Answer::States(_) => None,
        }
    }
}

/// What a probe reads in one run: a number, nothing yet, or why there is no such run.
pub type Reading = Result<Option<f64>, String>;

/// Many runs that differ in a parameter or in the seed, and what is read in each.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sweep {
    /// The run, up to what differs.
    pub recipe: Recipe,
    pub probe: String,
    /// None: only the seed differs.
    pub span: Option<Span>,
    pub first_seed: u64,
    /// Seeds for each value.
    pub seeds: u64,
    /// Where a question is decided: asked and answered. Without it the run's end counts.
    pub when: Option<(Until, Until)>,
    /// One crash in each run, instead of values and seeds.
    pub crashes: Option<Crashes>,
}

impl Sweep {
    /// The runs of a question's curve; none if it asks for something else.
    #[must_use]
    pub fn of_question(recipe: Recipe, question: &Question) -> Option<Self> {
        let (Kind::Curve { param, .. }, Answered::Sweep { probe, seeds }) =
            (&question.kind, &question.answer)
        else {
            return None;
        };
        let (param, values) = (param.clone(), question.values());
        Some(Self {
            recipe,
            probe: probe.clone(),
            span: Some(Span { param, values }),
            first_seed: 1,
            seeds: *seeds,
            when: Some((question.from.clone(), question.until.clone())),
            crashes: None,
        })
    }

    fn values(&self) -> usize {
        self.span.as_ref().map_or(1, |span| span.values.len())
    }

    /// How many runs there are.
    #[must_use]
    pub fn runs(&self) -> usize {
        match &self.crashes {
            Some(crashes) => crashes.runs(),
            None => self.values().saturating_mul(self.seeds as usize),
        }
    }

    /// The value and the seed of a run. The first seed comes first at all values, so that the whole
    /// curve shows soon.
    #[must_use]
    pub fn place(&self, run: usize) -> (Option<f64>, u64) {
        let value = self
            .span
            .as_ref()
            .map(|span| span.values[run % self.values()]);
        let seed = self.first_seed.wrapping_add((run / self.values()) as u64);
        (value, seed)
    }

    /// A run as anybody can open it.
    #[must_use]
    pub fn recipe_of(&self, run: usize) -> Recipe {
        if let Some(crashes) = &self.crashes {
            return crashes.recipe(&self.recipe, run);
        }
        let (value, seed) = self.place(run);
        let span = self.span.as_ref();
        let value = span
            .zip(value)
            .map(|(span, value)| (span.param.as_str(), value));
        recipe_at(&self.recipe, value, seed)
    }

    fn answer(&self, run: usize) -> Answer {
        if self.crashes.is_none() {
            return Answer::Reading(self.read(run));
        }
        let setup = Engine::setup(&self.recipe_of(run));
        Answer::Ended(setup.and_then(|setup| ending(&setup, setup.until(), &self.probe)))
    }

    fn read(&self, run: usize) -> Reading {
        let setup = Engine::setup(&self.recipe_of(run))?;
        match &self.when {
            None => at_end(&setup, &self.probe),
            Some((from, until)) => probe_when(&setup, (from, until), &self.probe),
        }
    }

    /// The mean of what was read at each value, and how many runs it is of. Runs without a number are
    /// left out.
    #[must_use]
    pub fn means(&self, readings: &[Reading]) -> Vec<(f64, f64)> {
        let values = self.span.as_ref().map_or(&[][..], |span| &span.values);
        let mean = |(at, value): (usize, &f64)| {
            let of_value = readings.iter().skip(at).step_by(values.len());
            let numbers = of_value.filter_map(|reading| *reading.as_ref().ok()?);
            let (sum, count) = numbers.fold((0.0, 0_u32), |(sum, count), number| {
                (sum + number, count + 1)
            });
            (count > 0).then(|| (*value, sum / f64::from(count)))
        };
        values.iter().enumerate().filter_map(mean).collect()
    }
}

/// A request while it is answered, one part after another.
pub struct Job {
    work: Work,
}

enum Work {
    /// And the next run.
    Sweep(Box<Sweep>, usize),
    /// None: it is done.
    Judge(Option<Judging>),
    Search(Box<Searching>),
    /// None: it is done.
    Specification(Option<u32>),
    /// And the next part.
    Count(Box<Tally>, u64),
    /// And the next run.
    League(Box<League>, usize),
}

impl Job {
    #[must_use]
    pub fn new(request: Request) -> Self {
        let work = match request {
            Request::Sweep(sweep) => Work::Sweep(sweep, 0),
            Request::Judge(judging) => Work::Judge(Some(judging)),
            Request::Specification(managers) => Work::Specification(Some(managers)),
            Request::Search(search) => Work::Search(Box::new(Searching::new(*search))),
            Request::Count(tally) => Work::Count(tally, 0),
            Request::League(league) => Work::League(league, 0),
        };
        Self { work }
    }
}

impl Iterator for Job {
    type Item = Answer;

    fn next(&mut self) -> Option<Answer> {
        match &mut self.work {
            Work::Sweep(sweep, next) => {
                let run = *next;
                *next += 1;
                (run < sweep.runs()).then(|| sweep.answer(run))
            }
            Work::Judge(judging) => judging
                .take()
                .map(|judging| Answer::Ladder(judging.stands())),
            Work::Search(searching) => searching.next().map(Answer::Clue),
            Work::Specification(managers) => {
                let managers = managers.take()?.min(8);
                let mut all = Exploration::new(TwoPhase { managers }, Reach::BASE);
                all.finish();
                Some(Answer::States(all.states()))
            }
            Work::League(league, next) => {
                let run = *next;
                *next += 1;
                (run < league.runs()).then(|| {
                    let (row, values) = league.read(run);
                    Answer::Ranked(row, values)
                })
            }
            Work::Count(tally, next) => {
                let part = *next;
                *next += 1;
                (part < tally.parts()).then(|| Answer::Part(tally.part(CATALOGUE, part)))
            }
        }
    }
}

/// A clock for how fast work goes, in microseconds. Tests outside a browser have none.
fn clock_us() -> u64 {
    #[cfg(target_arch = "wasm32")]
    {
        // A worker has no window.
        let clock = js_sys::Reflect::get(&js_sys::global(), &"performance".into());
        let clock = clock.ok().and_then(|clock| clock.dyn_into().ok());
        clock.map_or(0, |clock: web_sys::Performance| (clock.now() * 1e3) as u64)
    }
    #[cfg(not(target_arch = "wasm32"))]
    0
}

/// In the worker: answers a request, and calls `say` with each part as JSON. A run that makes the program
/// panic ends the worker; the page hears that and starts another.
///
/// # Errors
/// A request that cannot be read, or what `say` throws.
#[wasm_bindgen]
pub fn work(request: &str, say: &js_sys::Function) -> Result<(), JsValue> {
    let wrong = |error: serde_json::Error| JsValue::from_str(&error.to_string());
    let request: Request = serde_json::from_str(request).map_err(wrong)?;
    for answer in Job::new(request) {
        let text = serde_json::to_string(&answer).map_err(wrong)?;
        say.call1(&JsValue::NULL, &JsValue::from_str(&text))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use faultline_sim::question::{Found, sweep};

    use super::*;

    fn bully(seeds: u64) -> Sweep {
        let (protocol, _) = CATALOGUE.find("bully").expect("it is there");
        let span = Span::new(protocol, "nodes", (3.0, 6.0), None).expect("a range");
        Sweep {
            recipe: Recipe::new("bully/one-election", 9),
            probe: "messages".to_owned(),
            span: Some(span),
            first_seed: 4,
            seeds,
            when: None,
            crashes: None,
        }
    }

    fn readings(sweep: &Sweep) -> Vec<Reading> {
        let job = Job::new(Request::Sweep(Box::new(sweep.clone())));
        job.filter_map(Answer::reading).collect()
    }

    #[test]
    fn a_request_and_its_answers_survive_the_way_to_the_worker() {
        let request = Request::Sweep(Box::new(bully(2)));
        let text = serde_json::to_string(&request).expect("JSON");
        let back: Request = serde_json::from_str(&text).expect("the same");
        assert_eq!(back, request);
        for answer in Job::new(request).chain([Answer::Reading(Err("no such run".into()))]) {
            let text = serde_json::to_string(&answer).expect("JSON");
            assert_eq!(
                serde_json::from_str::<Answer>(&text).expect("the same"),
                answer
            );
        }
    }

    #[test]
    fn a_crash_of_each_node_at_each_moment_ends_as_the_run_that_opens() {
        let crashes = Crashes::new(vec![faultline_sim::process::NodeId(1)], 4, 9).expect("a grid");
        let sweep = Sweep {
            recipe: Recipe::new("two-phase-commit/all-agree", 1),
            probe: "blocked".to_owned(),
            span: None,
            first_seed: 1,
            seeds: 1,
            when: None,
            crashes: Some(crashes),
        };
        let read = readings(&sweep);
        assert_eq!(read.len(), 7);
        assert_eq!(read[0], Ok(Some(0.0)), "nobody crashes");
        for (run, reading) in read.iter().enumerate() {
            let setup = Engine::setup(&sweep.recipe_of(run)).expect("a run");
            assert_eq!(at_end(&setup, "blocked"), *reading, "run {run}");
        }
        assert!(
            read.iter()
                .flatten()
                .flatten()
                .any(|blocked| *blocked > 5.0)
        );
    }

    #[test]
    fn the_specification_has_as_many_states_as_other_checkers_count() {
        let job = Job::new(Request::Specification(5));
        assert_eq!(job.collect::<Vec<_>>(), [Answer::States(8_832)]);
    }

    #[test]
    fn the_first_seed_of_all_values_comes_first() {
        let sweep = bully(2);
        assert_eq!(sweep.runs(), 8);
        let places: Vec<_> = (0..8).map(|run| sweep.place(run)).collect();
        let wanted = [(3.0, 4), (4.0, 4), (5.0, 4), (6.0, 4), (3.0, 5)];
        assert_eq!(places[..5], wanted.map(|(value, seed)| (Some(value), seed)));
        let recipe = sweep.recipe_of(5);
        assert_eq!(
            (
                recipe.seed.as_str(),
                recipe.params.get("nodes").map(String::as_str)
            ),
            ("5", Some("4"))
        );
    }

    #[test]
    fn a_reading_is_what_the_opened_run_shows_at_its_end() {
        let sweep = bully(1);
        let all = readings(&sweep);
        assert_eq!(all.len(), 4);
        for (run, reading) in all.iter().enumerate() {
            let recipe = sweep.recipe_of(run);
            let until = CATALOGUE.setup(&recipe).expect("a run").until();
            let mut engine = Engine::open(&recipe, Some(until)).expect("a run");
            let frame = engine.frame();
            let probe = frame.probes.iter().find(|probe| probe.name == "messages");
            assert_eq!(*reading, Ok(probe.expect("it is measured").value));
        }
        let means = sweep.means(&all);
        assert_eq!(
            means[0],
            (3.0, all[0].clone().expect("a run").expect("a number"))
        );
        assert_eq!(sweep.means(&all[..2]).len(), 2, "stopped half-way");
    }

    #[test]
    fn a_run_that_cannot_be_is_told_and_the_others_go_on() {
        let mut sweep = bully(1);
        sweep.recipe.params.insert("starter".into(), "5".into());
        let all = readings(&sweep);
        assert!(
            all[0].as_ref().is_err_and(|why| why.contains("n5")),
            "{all:?}"
        );
        assert!(all[2].is_ok() && all[3].is_ok());
        assert_eq!(sweep.means(&all).len(), 2);
    }

    #[test]
    fn seeds_alone_make_a_sweep() {
        let sweep = Sweep {
            span: None,
            ..bully(3)
        };
        assert_eq!(sweep.runs(), 3);
        assert_eq!(sweep.place(2), (None, 6));
        assert_eq!(readings(&sweep).len(), 3);
        assert!(sweep.means(&readings(&sweep)).is_empty());
    }

    /// The page draws the curve of a question as the command line does.
    #[test]
    fn a_question_gets_the_values_of_the_command_line() {
        let mut asked = 0;
        for protocol in CATALOGUE.0 {
            let all = faultline_protocols::questions(protocol).expect("good questions");
            for question in all
                .iter()
                .filter(|question| matches!(question.kind, Kind::Curve { .. }))
            {
                let mut short = question.clone();
                if let Answered::Sweep { seeds, .. } = &mut short.answer {
                    *seeds = (*seeds).min(2);
                }
                let recipe = Recipe::new(&format!("{}/{}", protocol.id, question.scenario), 1);
                let wanted = sweep(CATALOGUE, &recipe, &short).expect("a curve");
                let of_page = Sweep::of_question(recipe, &short).expect("a curve");
                assert_eq!(
                    Found::Curve(of_page.means(&readings(&of_page))),
                    wanted,
                    "{}",
                    question.id
                );
                asked += 1;
            }
        }
        assert!(asked > 0);
    }
}
