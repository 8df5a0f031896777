//! The questions of a scenario: asked when it opens, decided by the run, answered on a card.

use std::rc::Rc;

use faultline_sim::descriptor::Recipe;
use faultline_sim::question::{Again, Answer, Found, Guess, Kind, Question, Settled, point, read};
use faultline_sim::sorted::SortedMap;
use gloo_timers::callback::Timeout;
use yew::prelude::*;

use super::visits::{PausedReason, Start};
use super::{App, Msg};
use crate::browser;
use crate::engine::Engine;
use crate::text::asking as words;
use crate::ui::act::RunAct;
use crate::ui::asking::{Card, Deed, Stage, Sweep, pointed};
use crate::ui::{Act, Selection, Tab};

/// Where all questions lie beside the page, each protocol's under a line with its name.
const FILE: &str = "texts/questions.txt";
/// Runs of a curve are measured for so long, in milliseconds, before the page draws again.
const SLICE_MS: f64 = 12.0;

/// The questions of the page, and the one that is asked.
#[derive(Default)]
pub(super) struct Asking {
    /// By protocol, once they are here.
    bank: SortedMap<String, Vec<Rc<Question>>>,
    fetched: bool,
    /// They were loaded, or cannot be.
    here_now: bool,
    /// A person opened the scenario before they were here.
    awaited: bool,
    /// Those of the scenario.
    here: Vec<Rc<Question>>,
    at: usize,
    stage: Stage,
    guess: Option<Guess>,
    tally: Vec<u32>,
    sweep: Option<Measuring>,
    /// Where the present question was answered: kept when the run goes elsewhere.
    settled: Option<Settled>,
    foretold: Option<Found>,
    /// The answer was read: the run goes on.
    read: bool,
}

/// A curve while it is measured.
struct Measuring {
    shown: Sweep,
    values: Vec<f64>,
    seeds: u64,
    sum: (f64, u32),
    next: Option<Timeout>,
}

impl Asking {
    fn question(&self) -> Option<&Rc<Question>> {
        self.here.get(self.at)
    }

    /// Whether a guess can be made.
    fn is_open(&self) -> bool {
        self.question().is_some() && self.stage == Stage::Open
    }
}

/// The questions of a file of all protocols.
fn bank(text: &str) -> SortedMap<String, Vec<Rc<Question>>> {
    let parts = text
        .split("\nprotocol ")
        .map(|part| part.strip_prefix("protocol ").unwrap_or(part));
    let parts = parts.filter_map(|part| part.split_once('\n'));
    let read = |(id, text): (&str, &str)| {
        let found = read(text).ok()?;
        Some((
            id.trim().to_owned(),
            found.into_iter().map(Rc::new).collect(),
        ))
    };
    parts.filter_map(read).collect()
}

impl App {
    /// Fetches the questions, once.
    #[inline(never)]
    pub(super) fn fetch_questions(&mut self, ctx: &Context<Self>) {
        if !std::mem::replace(&mut self.asking.fetched, true) && !self.look.embedded {
            browser::fetch_text(FILE, ctx.link().callback(Msg::Questions));
        }
    }

    /// The questions are here. A run that has only just begun waits for the first one.
    #[inline(never)]
    pub(super) fn take_questions(&mut self, text: Option<String>) {
        let text = text.filter(|text| text.starts_with("protocol "));
        self.asking.bank = text.as_deref().map(bank).unwrap_or_default();
        self.asking.here_now = true;
        let opens = std::mem::take(&mut self.asking.awaited) && self.pane.fresh;
        self.ask_here(opens);
        let moved = !self.pane.engine.borrow().is_fresh();
        if opens && moved && self.motion.waits == Some(PausedReason::ToGuess) {
            // The run had begun: a question is asked before it shows.
            let recipe = self.pane.engine.borrow().fresh_recipe();
            self.open(Engine::open(&recipe, None), Start::Paused);
            self.stand_for_guess();
        }
    }

    /// Asks what is asked about the scenario of the active run. `opens`: a person has just opened it.
    #[inline(never)]
    pub(super) fn ask_here(&mut self, opens: bool) {
        self.asking.awaited |= opens && !self.asking.here_now;
        let (id, scenario) = {
            let engine = self.pane.engine.borrow();
            (engine.protocol().id, engine.scenario().id)
        };
        let all = self.asking.bank.get(id);
        let here: Vec<Rc<Question>> = all
            .into_iter()
            .flatten()
            .filter(|question| question.scenario == scenario)
            .cloned()
            .collect();
        if opens || here != self.asking.here {
            self.asking.at = 0;
        }
        self.asking.here = here;
        self.put();
        let asks = self.opening.pauses && self.asking.is_open() && self.other.is_none();
        if !opens || !asks || self.pane.engine.borrow().settled().is_some() {
            return;
        }
        let home = self.hinted();
        if !home {
            self.show_card();
            self.stand_for_guess();
        }
    }

    /// Puts the present question to the active run.
    fn put(&mut self) {
        let asking = &mut self.asking;
        asking.stage = Stage::Open;
        asking.guess = None;
        asking.sweep = None;
        asking.settled = None;
        asking.foretold = None;
        asking.read = false;
        let question = asking.question().cloned();
        asking.tally = match question.as_deref().map(|question| &question.kind) {
            Some(Kind::Choice(options)) => vec![0; options.len()],
            Some(_) => vec![0; self.pane.frame.nodes.len()],
            None => Vec::new(),
        };
        if let Some(Kind::Order(cards)) = question.as_deref().map(|question| &question.kind) {
            // The order of the file would give the answer away.
            asking.guess = Some(Guess::Order((0..cards.len()).rev().collect()));
        }
        let curve = question
            .as_deref()
            .is_some_and(|question| matches!(question.answer, Answer::Sweep { .. }));
        let mut engine = self.pane.engine.borrow_mut();
        engine.ask(question.as_deref().filter(|_| !curve));
        if self.look.teaching
            && let Some(question) = &question
        {
            self.asking.foretold = engine.foretold(question);
        }
    }

    /// Whether the run stands where a guess is due. A goal is reached while it goes on.
    fn waits_for_guess(&self) -> bool {
        let goal = self
            .asking
            .question()
            .is_some_and(|question| question.is_goal());
        self.asking.is_open() && !goal && self.pane.engine.borrow().is_asked()
    }

    /// Time stands still for a guess, and goes on for a goal.
    fn stand_for_guess(&mut self) {
        if self.waits_for_guess() {
            self.play(false);
            self.motion.waits = Some(PausedReason::ToGuess);
            // The question stops the run where there is something to look at.
            self.pane.engine.borrow_mut().stop_first(None);
        } else if self.motion.waits == Some(PausedReason::ToGuess) {
            self.play(!self.motion.still);
        }
    }

    fn show_card(&mut self) {
        self.showing.tab = Tab::Question;
        self.showing.side = true;
    }

    /// Whether there is a question about the scenario.
    pub(super) fn has_question(&self) -> bool {
        self.asking.question().is_some()
    }

    /// Whether anything is asked about the scenario.
    pub(super) fn is_asking(&self) -> bool {
        !self.asking.here.is_empty()
    }

    /// Whether the caption offers to guess: the card is not in sight.
    #[inline(never)]
    pub(super) fn offers_guess(&self) -> bool {
        let seen = self.showing.side && self.showing.tab == Tab::Question;
        self.asking.is_open() && !seen && self.other.is_none() && self.opening.pauses
    }

    /// Whether the run stands still for a guess: on a phone, the card needs the room of what breaks.
    #[inline(never)]
    pub(super) fn guessing(&self) -> bool {
        let asking = &self.asking;
        let waits = self.motion.waits == Some(PausedReason::ToGuess) && asking.is_open();
        let told = asking.stage == Stage::Told && asking.guess.is_some() && !asking.read;
        self.showing.tab == Tab::Question && (waits || told && !self.motion.playing)
    }

    /// Whether a node, a message or an event is being pointed at for an answer.
    pub(super) fn is_pointing(&self) -> bool {
        let kind = self.asking.question().map(|question| &question.kind);
        self.asking.is_open()
            && matches!(kind, Some(Kind::Point(_)))
            && self.showing.tab == Tab::Question
    }

    /// The person has picked something: that may be the guess.
    pub(super) fn point_guess(&mut self, selection: Selection) {
        if !self.asking.is_open() {
            return;
        }
        let question = self.asking.question();
        if let Some(guess) = question.and_then(|question| pointed(question, selection)) {
            self.asking.guess = Some(guess);
        }
    }

    /// The run has been asked or has answered: time stops, and the card says so.
    pub(super) fn hear_answer(&mut self) -> bool {
        self.is_asking() && self.hear_run()
    }

    #[inline(never)]
    fn hear_run(&mut self) -> bool {
        let news = self.pane.engine.borrow_mut().take_asked();
        if news && self.opening.pauses {
            let told = self.pane.engine.borrow().settled().is_some();
            if !told {
                self.play(false);
                self.motion.waits = Some(PausedReason::ToGuess);
                self.show_card();
            }
        }
        self.tell() || news
    }

    /// Shows what the run has said, if it has; true if that is new.
    pub(super) fn tell(&mut self) -> bool {
        self.asking.stage != Stage::Told && self.is_asking() && self.tell_answer()
    }

    #[inline(never)]
    fn tell_answer(&mut self) -> bool {
        let settled = self.pane.engine.borrow().settled().cloned();
        let (Some(settled), Some(question)) = (settled, self.asking.question().cloned()) else {
            self.asking.settled = None;
            return false;
        };
        let over = question
            .budget
            .is_some_and(|budget| self.pane.engine.borrow().faults() > budget as usize);
        if question.is_goal() && over {
            self.asking.settled = Some(settled);
            return false;
        }
        let guessed = self.asking.stage == Stage::Locked;
        self.asking.stage = Stage::Told;
        if !guessed {
            // What was not locked in was not said.
            self.asking.guess = None;
        }
        let (mine, theirs) = words::told(&question, self.asking.guess.as_ref(), &settled.found);
        self.asking.settled = Some(settled);
        if question.is_goal() {
            self.said.announcer.at_once(words::MET.into());
        } else if guessed {
            self.play(false);
            self.show_card();
            self.said.announcer.at_once(format!("{mine} {theirs}"));
        }
        true
    }

    #[inline(never)]
    pub(super) fn ask_act(&mut self, ctx: &Context<Self>, deed: Deed) {
        match deed {
            Deed::Guess(guess) => {
                if self.asking.stage == Stage::Open {
                    self.asking.guess = Some(guess);
                }
            }
            Deed::Lock => self.lock(ctx),
            Deed::Skip => {
                self.asking.guess = None;
                self.asking.stage = Stage::Locked;
                if self
                    .asking
                    .question()
                    .is_some_and(|question| matches!(question.answer, Answer::Sweep { .. }))
                {
                    self.measure_curve(ctx);
                } else {
                    self.just_watch();
                }
            }
            Deed::Again => self.run_act(ctx, RunAct::Restart),
            Deed::Turn(by) => self.turn_question(ctx, by),
            Deed::Tally(at, by) => {
                if let Some(hands) = self.asking.tally.get_mut(at) {
                    *hands = hands.saturating_add_signed(by);
                }
            }
            Deed::Rerun(again) => {
                let recipe = self.rerun_of(&again);
                self.reopen(ctx, &recipe);
            }
            Deed::Scenario(name) => self.run_act(ctx, RunAct::Open(name)),
            Deed::Compare(name) => self.set_beside(ctx, &name),
            Deed::ShowWay => self.show_way(ctx),
            Deed::GoOn => {
                self.asking.read = true;
                self.play(true);
            }
            Deed::StopSweep => self.end_sweep(),
            Deed::Show => {
                self.show_card();
                self.stand_for_guess();
                self.focus.panel = true;
            }
        }
    }

    /// Another question of the scenario, asked at its beginning.
    fn turn_question(&mut self, ctx: &Context<Self>, by: isize) {
        let last = self.asking.here.len().saturating_sub(1);
        self.asking.at = self.asking.at.saturating_add_signed(by).min(last);
        let fresh = self.pane.engine.borrow().is_fresh();
        if fresh {
            self.put();
            self.stand_for_guess();
        } else {
            let recipe = self.pane.engine.borrow().fresh_recipe();
            self.reopen(ctx, &recipe);
        }
    }

    fn lock(&mut self, ctx: &Context<Self>) {
        let Some(question) = self.asking.question().cloned() else {
            return;
        };
        if self.asking.stage != Stage::Open || self.asking.guess.is_none() {
            return;
        }
        self.asking.stage = Stage::Locked;
        if matches!(question.answer, Answer::Sweep { .. }) {
            self.measure_curve(ctx);
            return;
        }
        // What a person has to do is theirs to do.
        if !self.tell() {
            self.play(true);
        }
    }

    /// A new run of the scenario, with the present question.
    fn reopen(&mut self, ctx: &Context<Self>, recipe: &Recipe) {
        let at = self.asking.at;
        self.run_act(ctx, RunAct::Run(Box::new(recipe.clone())));
        self.asking.at = at;
        self.put();
        self.show_card();
        if self.waits_for_guess() {
            self.stand_for_guess();
        } else {
            self.play(!self.motion.still);
        }
        self.focus.panel = true;
    }

    /// The recipe of this run with what another run changes.
    fn rerun_of(&self, again: &Again) -> Recipe {
        let engine = self.pane.engine.borrow();
        let protocol = engine.protocol();
        let mut recipe = if again.seed {
            engine.next_seed()
        } else {
            engine.restarted()
        };
        for (name, value) in &again.settings {
            let switch = protocol.switches.iter().any(|switch| switch.name == name);
            if name == "preset" {
                recipe.preset = Some(value.clone());
            } else if switch {
                recipe.switches.insert(name.clone(), value == "on");
            } else {
                recipe.params.insert(name.clone(), value.clone());
            }
        }
        recipe
    }

    /// One way to a goal, in a new run.
    fn show_way(&mut self, ctx: &Context<Self>) {
        let Some(question) = self.asking.question().cloned() else {
            return;
        };
        let mut recipe = self.pane.engine.borrow().restarted();
        recipe.commands = question.does.clone();
        self.reopen(ctx, &recipe);
        self.play(true);
    }

    /// Measures a curve run by run, between pictures.
    fn measure_curve(&mut self, ctx: &Context<Self>) {
        let Some(question) = self.asking.question() else {
            return;
        };
        let Answer::Sweep { seeds, .. } = question.answer else {
            return;
        };
        let values = question.values();
        self.asking.sweep = Some(Measuring {
            shown: Sweep {
                points: Vec::new(),
                done: 0,
                all: values.len() * seeds as usize,
            },
            values,
            seeds,
            sum: (0.0, 0),
            next: None,
        });
        self.measure_soon(ctx);
    }

    fn measure_soon(&mut self, ctx: &Context<Self>) {
        let link = ctx.link().clone();
        if let Some(sweep) = &mut self.asking.sweep {
            sweep.next = Some(Timeout::new(0, move || link.send_message(Msg::Measure)));
        }
    }

    /// Some more runs of the curve.
    #[inline(never)]
    pub(super) fn measure_more(&mut self, ctx: &Context<Self>) {
        let Some(question) = self.asking.question().cloned() else {
            return;
        };
        let began = browser::clock_ms();
        let recipe = self.pane.engine.borrow().restarted();
        while let Some(sweep) = &mut self.asking.sweep {
            if sweep.shown.done >= sweep.shown.all {
                self.end_sweep();
                return;
            }
            if browser::clock_ms() - began > SLICE_MS {
                break;
            }
            let (at, seed) = (
                sweep.shown.done / sweep.seeds as usize,
                sweep.shown.done as u64 % sweep.seeds,
            );
            let x = sweep.values[at];
            if let Some(value) = measured(&question, recipe.clone(), x, seed + 1) {
                sweep.sum = (sweep.sum.0 + value, sweep.sum.1 + 1);
            }
            sweep.shown.done += 1;
            if seed + 1 == sweep.seeds {
                let (sum, count) = std::mem::take(&mut sweep.sum);
                if count > 0 {
                    sweep.shown.points.push((x, sum / f64::from(count)));
                }
            }
        }
        self.measure_soon(ctx);
    }

    /// The curve is done, or the person has seen enough.
    fn end_sweep(&mut self) {
        if let Some(sweep) = &mut self.asking.sweep {
            sweep.next = None;
            self.asking.stage = Stage::Told;
            let said = words::measured(sweep.shown.done, sweep.shown.all);
            self.said.announcer.at_once(said);
        }
    }

    /// The card of the question.
    pub(super) fn question_card(&self, on_act: &Callback<Act>) -> Html {
        let asking = &self.asking;
        let Some(question) = asking.question().cloned() else {
            return Html::default();
        };
        let engine = self.pane.engine.borrow();
        let curve = matches!(question.answer, Answer::Sweep { .. });
        html! {
            <Card {question} at={asking.at} of={asking.here.len()} stage={asking.stage} guess={asking.guess.clone()}
                tally={asking.tally.clone()} settled={asking.settled.clone()} asked={curve || engine.is_asked()}
                faults={engine.faults()} nodes={self.pane.frame.nodes.iter().map(|node| node.id).collect::<Vec<_>>()}
                foretold={asking.foretold.clone()} teaching={self.look.teaching}
                class={self.look.theme == crate::theme::Theme::Projector}
                sweep={asking.sweep.as_ref().map(|sweep| sweep.shown.clone())} playing={self.motion.playing}
                on_act={on_act.clone()} />
        }
    }
}

/// One run of a curve.
fn measured(question: &Question, mut recipe: Recipe, x: f64, seed: u64) -> Option<f64> {
    let Kind::Curve { param, .. } = &question.kind else {
        return None;
    };
    recipe.params.insert(param.clone(), x.to_string());
    recipe.seed = seed.to_string();
    point(&Engine::setup(&recipe).ok()?, question).ok()?
}
