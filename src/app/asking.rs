//! The questions of a scenario: asked when it opens, decided by the run, answered on a card.

mod challenge;
mod counting;
mod hidden;
mod in_lesson;
mod measuring;

pub(super) use challenge::name_of;
use std::rc::Rc;

use faultline_sim::descriptor::Recipe;
use faultline_sim::question::{Again, Answer, Found, Guess, Kind, Question, Settled, read};
use faultline_sim::sorted::SortedMap;
use faultline_sim::time::Time;
use yew::prelude::*;

use super::visits::{PausedReason, Start};
use super::{App, Msg};
use crate::browser;
use crate::engine::Engine;
use crate::text::asking as words;
use crate::ui::act::RunAct;
use crate::ui::asking::{Card, Deed, Stage, pointed};
use crate::ui::{Act, ProtocolRef, Selection};

/// Where all questions lie beside the page, each protocol's under a line with its name.
const FILE: &str = "texts/questions.txt";

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
    sweep: Option<measuring::Measuring>,
    counting: Option<counting::Counting>,
    /// The search for a way to the present goal.
    chase: Option<challenge::Chase>,
    /// The commands of ways that the page has shown: they are not the person's own.
    ways: Vec<Vec<String>>,
    /// A challenge that is to be opened once the questions are here.
    wanted: Option<challenge::Wanted>,
    /// The rules that a preset hides may be seen.
    shows_rules: bool,
    /// Where the present question was answered: kept when the run goes elsewhere.
    settled: Option<Settled>,
    foretold: Option<Found>,
    /// The answer was read: the run goes on.
    read: bool,
    /// The step of the open lesson asks nothing.
    muted: bool,
}

impl Asking {
    fn question(&self) -> Option<&Rc<Question>> {
        self.here.get(self.at).filter(|_| !self.muted)
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
    /// What is asked first about each scenario, and how many questions there are.
    pub(super) fn asked_of(&self) -> (SortedMap<String, String>, SortedMap<String, usize>) {
        let (mut asks, mut counts) = (SortedMap::new(), SortedMap::new());
        for (protocol, questions) in self.asking.bank.iter() {
            for question in questions {
                let name = format!("{protocol}/{}", question.scenario);
                asks.entry(name.clone())
                    .or_insert_with(|| question.ask.clone());
                *counts.entry(name).or_default() += 1;
            }
        }
        (asks, counts)
    }

    /// Fetches the questions, once.
    #[inline(never)]
    pub(super) fn fetch_questions(&mut self, ctx: &Context<Self>) {
        if !std::mem::replace(&mut self.asking.fetched, true) && !self.look.embedded {
            browser::fetch_text(FILE, ctx.link().callback(Msg::Questions));
        }
    }

    /// The questions are here. A run that has only just begun waits for the first one.
    #[inline(never)]
    pub(super) fn take_questions(&mut self, ctx: &Context<Self>, text: Option<String>) {
        let text = text.filter(|text| text.starts_with("protocol "));
        self.asking.bank = text.as_deref().map(bank).unwrap_or_default();
        self.asking.here_now = true;
        if self.finding.is_some() {
            self.take_asked();
        }
        let opens = std::mem::take(&mut self.asking.awaited) && self.pane.fresh;
        self.ask_here(opens);
        if self.asking.wanted.is_some() {
            return self.open_wanted_challenge(ctx);
        }
        if self.in_lesson() {
            return self.ask_for_step();
        }
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
        let by_step = self.ask_as_step_says();
        self.put();
        if by_step {
            // The lesson shows its question itself.
            return;
        }
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
        if self.keeps_count() {
            self.pane.engine.borrow_mut().ask(None);
            return;
        }
        self.keep_chase();
        let asking = &mut self.asking;
        asking.counting = None;
        asking.shows_rules = false;
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
        let of_many = question.as_deref().is_some_and(Question::is_of_many);
        let mut engine = self.pane.engine.borrow_mut();
        engine.ask(question.as_deref().filter(|_| !of_many));
        if self.look.teaching
            && !of_many
            && let Some(question) = &question
        {
            self.asking.foretold = engine.foretold(question);
        }
    }

    /// Whether the run stands where a guess is due. A goal is reached while it goes on.
    pub(super) fn waits_for_guess(&self) -> bool {
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

    /// The person chose what to read: questions that come later do not take its place.
    pub(super) fn looked_elsewhere(&mut self) {
        self.asking.awaited = false;
    }

    fn show_card(&mut self) {
        self.showing.tab = self.card_tab();
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
        let seen = self.showing.side && self.showing.tab == self.card_tab();
        self.asking.is_open() && !seen && self.other.is_none() && self.opening.pauses
    }

    /// Whether the run stands still for a guess: on a phone, the card needs the room of what breaks.
    #[inline(never)]
    pub(super) fn guessing(&self) -> bool {
        let asking = &self.asking;
        let waits = self.motion.waits == Some(PausedReason::ToGuess) && asking.is_open();
        let told = asking.stage == Stage::Told && asking.guess.is_some() && !asking.read;
        self.showing.tab == self.card_tab() && (waits || told && !self.motion.playing)
    }

    /// Whether a node, a message or an event is being pointed at for an answer.
    pub(super) fn is_pointing(&self) -> bool {
        let kind = self.asking.question().map(|question| &question.kind);
        self.asking.is_open()
            && matches!(kind, Some(Kind::Point(_)))
            && self.showing.tab == self.card_tab()
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
        if news && (self.opening.pauses || self.in_lesson()) {
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
        if question.is_goal() && self.is_over(&question) {
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
        self.keep_found(&question, &settled.found);
        self.asking.settled = Some(settled);
        if question.is_goal() {
            self.score(&question);
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
                    .is_some_and(|question| question.is_of_many())
                {
                    self.ask_many_runs(ctx);
                } else {
                    self.just_watch();
                }
            }
            Deed::Again => {
                self.asking.counting = None;
                self.run_act(ctx, RunAct::Restart);
            }
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
            Deed::StopSweep => self.end_many_runs(),
            Deed::Runs(deed) => self.open_counted(ctx, &deed),
            Deed::ShowRules => self.asking.shows_rules = true,
            Deed::Chase(why) => self.chase(ctx, why),
            Deed::StopChase => self.end_chase(None, true),
            Deed::OpenWay(by_hand) => self.open_way(ctx, by_hand),
            Deed::Show => {
                self.show_card();
                self.stand_for_guess();
                self.focus.panel = true;
            }
        }
    }

    /// Another question of the scenario, asked at its beginning.
    fn turn_question(&mut self, ctx: &Context<Self>, by: isize) {
        self.asking.counting = None;
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
        if question.is_of_many() {
            self.ask_many_runs(ctx);
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
        self.asking.counting = None;
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

    /// Where the question on the card was decided, once the card says so.
    pub(super) fn answered_at(&self) -> Option<Time> {
        let told = self.asking.stage == Stage::Told && self.asking.counting.is_none();
        let settled = self.asking.settled.as_ref().filter(|_| told)?;
        Some(settled.time)
    }

    /// The probe that has answered the question: its figure is lit.
    pub(super) fn lit(&self) -> Option<String> {
        let question = self.asking.question()?;
        let told = self.asking.stage == Stage::Told;
        match &question.answer {
            Answer::Probe(name) | Answer::Gained(name) if told => Some(name.clone()),
            _ => None,
        }
    }

    /// The card of the question.
    pub(super) fn question_card(&self, on_act: &Callback<Act>) -> Html {
        let asking = &self.asking;
        let Some(question) = asking.question().cloned() else {
            return Html::default();
        };
        let engine = self.pane.engine.borrow();
        let of_many = question.is_of_many();
        // What a class sees tells nothing before it has guessed.
        let class = self.look.theme == crate::theme::Theme::Projector;
        // A lesson has its own order.
        let (at, of) = if self.lesson_asks() {
            (0, 1)
        } else {
            (asking.at, asking.here.len())
        };
        html! {
            <Card {question} {at} {of} stage={asking.stage} guess={asking.guess.clone()}
                tally={asking.tally.clone()} settled={asking.settled.clone()} asked={of_many || engine.is_asked()}
                challenge={self.challenge(&engine)} nodes={self.pane.frame.nodes.iter().map(|node| node.id).collect::<Vec<_>>()}
                foretold={asking.foretold.clone()} teaching={self.look.teaching && (!class || asking.stage == Stage::Told)}
                {class}
                sweep={asking.sweep.as_ref().map(|sweep| sweep.shown.clone())} count={self.counted()}
                protocol={ProtocolRef(engine.protocol())} playing={self.motion.playing}
                on_act={on_act.clone()} />
        }
    }
}
