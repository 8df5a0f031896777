//! Challenges: the score of a goal, the search that is its measure, and the person's best.

use faultline_protocols::CATALOGUE;
use faultline_sim::command::Timed;
use faultline_sim::descriptor::Recipe;
use faultline_sim::question::{Foul, Question, Used};
use faultline_sim::search::Goal;
use yew::Context;

use super::App;
use super::counting::settings;
use crate::app::hunting::Under;
use crate::app::{Msg, WorkOf};
use crate::engine::Engine;
use crate::progress::{Best, MOST_STARS};
use crate::text;
use crate::text::asking as words;
use crate::text::challenge as said;
use crate::ui::asking::{Challenge, Chased, Stage, Why};
use crate::ui::course::Deed as CourseDeed;
use crate::ui::hunting::{ByHand, Deed as HuntDeed};
use crate::worker::{News, Request, Search, Task};

/// A search for a way to a goal.
pub(super) struct Chase {
    question: String,
    /// The run with its settings, which it is about.
    recipe: Recipe,
    why: Why,
    /// The faults of the way that stands beside the goal.
    known: Option<u32>,
    under: Under,
}

impl Chase {
    fn chased(&self) -> Chased {
        Chased {
            why: self.why,
            shown: self.under.shown.clone(),
            known: self.known,
        }
    }

    fn is_about(&self, question: &Question, recipe: Recipe) -> bool {
        self.question == question.id && self.recipe == settings(recipe)
    }
}

/// A challenge that the address or the person names.
pub(super) struct Wanted {
    name: String,
    /// The run is there already; only its card comes back.
    resumes: bool,
}

/// The name of a challenge: `raft/two-at-once`.
#[must_use]
pub(in crate::app) fn name_of(protocol: &str, question: &Question) -> String {
    format!("{protocol}/{}", question.id)
}

/// Faults of the way that stands beside a goal, in this run.
fn known(question: &Question, recipe: &Recipe) -> Option<u32> {
    let deeds = question.deeds(CATALOGUE, recipe).ok()?;
    if deeds.is_empty() {
        return None;
    }
    let deeds: Vec<Timed> = deeds
        .iter()
        .filter_map(|text| Timed::parse(text).ok())
        .collect();
    let setup = CATALOGUE.setup(recipe).ok()?;
    Some(Used::of(CATALOGUE, &setup, &deeds).ok()?.faults)
}

impl App {
    /// How the person stands with the present goal.
    #[inline(never)]
    pub(super) fn challenge(&self, engine: &Engine) -> Challenge {
        let Some(question) = self.asking.question().filter(|question| question.is_goal()) else {
            return Challenge::default();
        };
        let used = engine.used();
        let name = name_of(engine.protocol().id, question);
        let chase = self.asking.chase.as_ref();
        Challenge {
            used,
            foul: question.foul(&used),
            is_shown: self.is_shown(engine),
            best: self.best(&name),
            chased: chase.map(|chase| Box::new(chase.chased())),
        }
    }

    /// Whether the run holds a way that the page has shown.
    fn is_shown(&self, engine: &Engine) -> bool {
        let here = engine.recipe().commands;
        let holds = |way: &Vec<String>| way.iter().all(|command| here.contains(command));
        self.asking.ways.iter().any(holds)
    }

    /// A way that the page shows.
    fn remember_way(&mut self, commands: &[String]) {
        let ways = &mut self.asking.ways;
        if !commands.is_empty() && ways.iter().all(|way| way != commands) {
            ways.push(commands.to_vec());
        }
    }

    /// Whether more was used than the goal allows, so that it is not reached.
    pub(super) fn is_over(&self, question: &Question) -> bool {
        let used = self.pane.engine.borrow().used();
        matches!(question.foul(&used), Some(Foul::Faults(_) | Foul::Requests))
    }

    /// A goal was reached.
    #[inline(never)]
    pub(super) fn score(&mut self, question: &Question) {
        let (used, name, recipe, shown) = {
            let engine = self.pane.engine.borrow();
            let name = name_of(engine.protocol().id, question);
            let shown = self.is_shown(&engine);
            (engine.used(), name, engine.restarted(), shown)
        };
        let foul = question.foul(&used);
        let mut sentences = vec![words::MET.to_owned()];
        if let Some(foul) = foul {
            sentences = vec![said::foul(foul)];
        } else if shown {
            sentences.push(said::SHOWN.into());
        } else {
            let stars = match (used.faults, known(question, &recipe)) {
                (0, _) => MOST_STARS,
                (faults, Some(known)) if faults <= known => 2,
                _ => 1,
            };
            self.keep_best(
                &name,
                Best {
                    faults: Some(used.faults),
                    stars,
                    ..Best::default()
                },
            );
            sentences.push(said::needed(used.faults, question.budget));
        }
        self.said.announcer.at_once(sentences.join(" "));
    }

    /// Begins a search.
    #[inline(never)]
    pub(super) fn chase(&mut self, ctx: &Context<Self>, why: Why) {
        let Some(question) = self.asking.question().cloned() else {
            return;
        };
        let Some(mut goal) = Goal::of(&question) else {
            return;
        };
        if let Why::Fewer(mine) = why {
            goal.budget = Some(mine.saturating_sub(1));
        }
        let recipe = self.pane.engine.borrow().restarted();
        // The old one ends first, so that its worker is not in the way.
        self.asking.chase = None;
        let search = match Search::of_goal(recipe.clone(), goal) {
            Ok(search) => search,
            Err(why) => {
                self.said.alert = Some(text::capital(&why));
                return;
            }
        };
        let tell = ctx
            .link()
            .callback(|news| Msg::Work(WorkOf::Challenge, news));
        let mut under = Under::new(search.clone(), search.bounds.unwrap_or_default());
        under.task = Some(Task::begin(Request::Search(Box::new(search)), tell));
        self.asking.chase = Some(Chase {
            known: known(&question, &recipe),
            question: question.id.clone(),
            recipe: settings(recipe),
            why,
            under,
        });
        // The button that was pressed is gone.
        self.focus.panel = true;
    }

    /// News of the search.
    #[inline(never)]
    pub(in crate::app) fn hear_chase(&mut self, news: News) {
        let chase = self.asking.chase.as_mut();
        let Some(chase) = chase.filter(|chase| chase.under.task.is_some()) else {
            return;
        };
        match news {
            News::Answers(answers) => chase.under.hear(answers),
            News::InPage => chase.under.shown.in_page = true,
            News::Done => self.end_chase(None, false),
            News::Failed(why) => self.end_chase(Some(why), false),
        }
    }

    /// The search is done, or the person has seen enough, or the worker has failed.
    #[inline(never)]
    pub(super) fn end_chase(&mut self, failed: Option<String>, stopped: bool) {
        let Some(question) = self.asking.question().cloned() else {
            return;
        };
        let Some(chase) = self.asking.chase.as_mut() else {
            return;
        };
        chase.under.task = None;
        let shown = &mut chase.under.shown;
        (shown.under_way, shown.shrinking) = (false, false);
        (shown.stopped, shown.failed) = (stopped, failed);
        let chased = chase.chased();
        let name = name_of(self.pane.engine.borrow().protocol().id, &question);
        let mine = self.best(&name).and_then(|best| best.faults);
        if let Some(best) = outcome(&question, &chased, mine) {
            self.keep_best(&name, best);
        }
        let mut sentences = chased.sentences(&question);
        if let Some(why) = question.never.clone().filter(|_| chased.tells_why()) {
            sentences.push(why);
        }
        self.said.announcer.at_once(sentences.join(" "));
        if stopped {
            self.focus.panel = true;
        }
    }

    /// Another question, or other settings: the search was about something else.
    pub(super) fn keep_chase(&mut self) {
        let recipe = self.pane.engine.borrow().restarted();
        let question = self.asking.question().cloned();
        let about = |chase: &Chase| {
            let question = question.as_deref();
            question.is_some_and(|question| chase.is_about(question, recipe.clone()))
        };
        if !self.asking.chase.as_ref().is_some_and(about) {
            self.asking.chase = None;
        }
    }

    /// Opens the way that was found.
    #[inline(never)]
    pub(super) fn open_way(&mut self, ctx: &Context<Self>, by_hand: ByHand) {
        let Some(shown) = self
            .asking
            .chase
            .as_ref()
            .map(|chase| chase.under.shown.clone())
        else {
            return;
        };
        if let Some(failure) = shown.failure(by_hand) {
            self.remember_way(&failure.recipe.commands);
        }
        let at = self.asking.at;
        self.open_of_hunt(ctx, &shown, &HuntDeed::Stage(by_hand));
        self.return_to_card(at);
    }

    /// One way to a goal, in a new run.
    pub(super) fn show_way(&mut self, ctx: &Context<Self>) {
        let Some(question) = self.asking.question().cloned() else {
            return;
        };
        let mut recipe = self.pane.engine.borrow().restarted();
        recipe.commands = question.deeds(CATALOGUE, &recipe).unwrap_or_default();
        self.remember_way(&recipe.commands);
        self.reopen(ctx, &recipe);
        self.play(true);
    }

    /// The card of a question of the scenario that was opened again.
    fn return_to_card(&mut self, at: usize) {
        if self.asking.at != at && at < self.asking.here.len() {
            self.asking.at = at;
            self.put();
        }
    }

    /// All goals of the page, by protocol.
    pub(in crate::app) fn goals(&self) -> Vec<(String, std::rc::Rc<Question>)> {
        let all = self.asking.bank.iter().flat_map(|(protocol, questions)| {
            let goals = questions.iter().filter(|question| question.is_goal());
            goals.map(move |goal| (protocol.clone(), goal.clone()))
        });
        all.collect()
    }

    /// Whether the questions were looked for.
    pub(in crate::app) fn are_questions_here(&self) -> bool {
        self.asking.here_now
    }

    /// Opens a challenge, as soon as the questions are here. `resumes`: its run is there already.
    #[inline(never)]
    pub(in crate::app) fn want_challenge(
        &mut self,
        ctx: &Context<Self>,
        name: String,
        resumes: bool,
    ) {
        self.asking.wanted = Some(Wanted { name, resumes });
        self.fetch_questions(ctx);
        self.open_wanted_challenge(ctx);
    }

    /// The challenge that is waited for, if the questions are here.
    #[inline(never)]
    pub(in crate::app) fn open_wanted_challenge(&mut self, ctx: &Context<Self>) {
        if !self.asking.here_now {
            return;
        }
        let Some(Wanted { name, resumes }) = self.asking.wanted.take() else {
            return;
        };
        let mut goals = self.goals().into_iter();
        let found = goals.find(|(protocol, goal)| name_of(protocol, goal) == name);
        let Some((protocol, goal)) = found else {
            if !resumes {
                self.said.alert = Some(said::no_challenge(&name));
                self.learn_act(ctx, CourseDeed::Challenges(true));
            }
            return;
        };
        let scenario = format!("{protocol}/{}", goal.scenario);
        let here = self.pane.engine.borrow().recipe().scenario;
        if resumes && here == scenario {
            let at = self.asking.here.iter().position(|other| *other == goal);
            return self.return_to_card(at.unwrap_or_default());
        }
        if resumes {
            return;
        }
        self.leave_for_challenge(ctx);
        self.reopen_at(ctx, &Recipe::new(&scenario, 1), &goal);
    }

    /// Opens a scenario with the card of one of its questions.
    fn reopen_at(&mut self, ctx: &Context<Self>, recipe: &Recipe, question: &Question) {
        self.reopen(ctx, recipe);
        let at = self
            .asking
            .here
            .iter()
            .position(|other| **other == *question);
        self.asking.at = at.unwrap_or_default();
        self.put();
        self.asking.stage = Stage::Open;
        self.tell();
        self.play(!self.motion.still);
    }
}

/// What a search says about the person's score. `best`: the fewest faults that they needed so far.
fn outcome(question: &Question, chased: &Chased, best: Option<u32>) -> Option<Best> {
    if let Some(way) = chased.way() {
        return Some(Best {
            search: Some(way.used().total()),
            ..Best::default()
        });
    }
    let whole = Best {
        stars: MOST_STARS,
        ..Best::default()
    };
    match chased.why {
        _ if !chased.found_nothing() => None,
        Why::Fewer(mine) => {
            let as_few = chased.known.is_none_or(|known| mine <= known);
            (as_few && best == Some(mine)).then_some(whole)
        }
        Why::Claimed => question.never.is_some().then_some(Best {
            impossible: true,
            ..whole
        }),
        Why::GaveUp => None,
    }
}
