//! A question about many runs: they are made in a worker, and what came of them stays on the card while
//! the person looks at single runs.

use faultline_sim::descriptor::Recipe;
use faultline_sim::question::{Found, Part, Question, Settled, Tally};
use faultline_sim::time::Time;
use std::rc::Rc;
use yew::Context;

use super::App;
use crate::app::hunting::Under;
use crate::app::visits::Start;
use crate::app::{Msg, WorkOf};
use crate::engine::Engine;
use crate::text::asking as words;
use crate::ui::asking::{Counted, Parts, Stage};
use crate::ui::hunting::Deed;
use crate::worker::{Answer, News, Request, Search, Task};

/// What is counted for a question.
pub(super) struct Counting {
    question: String,
    /// The run with its settings: what is counted is about these.
    recipe: Recipe,
    what: What,
}

enum What {
    Runs(Box<Under>),
    Parts {
        tally: Box<Tally>,
        shown: Parts,
        /// None: it is over.
        task: Option<Task>,
    },
}

/// The part of a recipe that a count is about.
pub(super) fn settings(mut recipe: Recipe) -> Recipe {
    recipe.commands.clear();
    recipe.seed = String::new();
    recipe
}

impl Counting {
    fn begin(recipe: Recipe, question: &Question, ctx: &Context<App>) -> Option<Self> {
        let tell = ctx
            .link()
            .callback(|news| Msg::Work(WorkOf::Question, news));
        let what = match Search::of_question(recipe.clone(), question) {
            Some(search) => {
                let mut under = Under::new(search.clone(), Default::default());
                under.task = Some(Task::begin(Request::Search(Box::new(search)), tell));
                What::Runs(Box::new(under))
            }
            None => {
                let tally = Box::new(Tally::of(&recipe, question)?);
                let task = Task::begin(Request::Count(tally.clone()), tell);
                let shown = Parts {
                    all: tally.parts(),
                    under_way: true,
                    ..Parts::default()
                };
                let task = Some(task);
                What::Parts { tally, shown, task }
            }
        };
        Some(Self {
            question: question.id.clone(),
            recipe: settings(recipe),
            what,
        })
    }

    /// Whether it is about this question and this run, whatever its seed and its commands are.
    pub fn is_about(&self, question: &Question, recipe: Recipe) -> bool {
        self.question == question.id && self.recipe == settings(recipe)
    }

    pub fn shown(&self) -> Counted {
        match &self.what {
            What::Runs(under) => Counted::Runs(Box::new(under.shown.clone())),
            What::Parts { shown, .. } => Counted::Parts(shown.clone()),
        }
    }

    fn is_under_way(&self) -> bool {
        match &self.what {
            What::Runs(under) => under.task.is_some(),
            What::Parts { task, .. } => task.is_some(),
        }
    }

    fn hear(&mut self, answers: Vec<Answer>) {
        match &mut self.what {
            What::Runs(under) => under.hear(answers),
            What::Parts { shown, .. } => {
                let parts = Rc::make_mut(&mut shown.parts.0);
                for answer in answers {
                    match answer {
                        Answer::Part(Ok(part)) => parts.push(part),
                        Answer::Part(Err(why)) => shown.failed = Some(why),
                        _ => {}
                    }
                }
            }
        }
    }

    /// It is over, and why, if it is too early.
    fn end(&mut self, failed: Option<String>) {
        match &mut self.what {
            What::Runs(under) => {
                under.task = None;
                let shown = &mut under.shown;
                (shown.under_way, shown.shrinking) = (false, false);
                shown.stopped = (shown.marks.len() as u64) < shown.search.runs;
                shown.failed = failed.or(shown.failed.take());
            }
            What::Parts { shown, task, .. } => {
                *task = None;
                shown.under_way = false;
                shown.failed = failed.or(shown.failed.take());
            }
        }
    }

    /// What so many runs say.
    fn found(&self) -> Found {
        match &self.what {
            What::Runs(under) => {
                let broken = under.shown.marks.iter().filter(|mark| mark.is_broken());
                Found::Number(broken.count() as f64)
            }
            What::Parts { tally, shown, .. } => {
                let parts: &[Part] = &shown.parts;
                tally.found(parts)
            }
        }
    }
}

impl App {
    /// Begins to count what the present question asks for.
    pub(super) fn count(&mut self, ctx: &Context<Self>) {
        let Some(question) = self.asking.question().cloned() else {
            return;
        };
        let recipe = self.pane.engine.borrow().restarted();
        // The old one ends first, so that its worker is not in the way.
        self.asking.counting = None;
        self.asking.counting = Counting::begin(recipe, &question, ctx);
    }

    /// Some more runs, or there are no more.
    pub(super) fn hear_count(&mut self, news: News) {
        let counting = self.asking.counting.as_mut();
        let Some(counting) = counting.filter(|counting| counting.is_under_way()) else {
            return;
        };
        match news {
            News::Answers(answers) => {
                counting.hear(answers);
                // What was found is still made shorter meanwhile.
                if counting.shown().is_whole() {
                    self.tell_count();
                }
            }
            News::InPage => {}
            News::Done => self.end_count(None),
            News::Failed(why) => self.end_count(Some(why)),
        }
    }

    /// Nothing more is counted: that was all, or the person has seen enough, or it cannot go on.
    pub(super) fn end_count(&mut self, failed: Option<String>) {
        if let Some(counting) = &mut self.asking.counting {
            counting.end(failed);
            self.tell_count();
        }
    }

    /// Says what was counted, once.
    fn tell_count(&mut self) {
        let (Some(counting), Some(question)) = (&self.asking.counting, self.asking.question())
        else {
            return;
        };
        if self.asking.stage == Stage::Told {
            return;
        }
        let (found, question) = (counting.found(), question.clone());
        if counting.shown().is_whole() {
            let (mine, theirs) = words::told(&question, self.asking.guess.as_ref(), &found);
            self.keep_found(&question, &found);
            self.said.announcer.at_once(format!("{mine} {theirs}"));
        }
        self.asking.stage = Stage::Told;
        self.asking.settled = Some(Settled {
            time: Time::ZERO,
            seq: 0,
            moves: 0,
            found,
        });
    }

    /// Opens one of the runs on the card.
    #[inline(never)]
    pub(super) fn open_counted(&mut self, ctx: &Context<Self>, deed: &Deed) {
        let Some(counting) = &self.asking.counting else {
            return;
        };
        match &counting.what {
            What::Runs(under) => {
                let shown = under.shown.clone();
                self.open_of_hunt(ctx, &shown, deed);
            }
            What::Parts { tally, .. } => {
                if let Deed::Run(seed) = deed {
                    let recipe = tally.run_of(*seed);
                    let end = Engine::setup(&recipe).map(|setup| setup.until());
                    let opened = end.and_then(|end| Engine::open(&recipe, Some(end)));
                    self.visit(|app| {
                        let replaced = app.replace(opened);
                        app.opened_again(replaced, Start::Paused)
                    });
                }
            }
        }
    }

    /// Whether what was counted is about the run that was opened: then it stays on the card.
    pub(super) fn keeps_count(&self) -> bool {
        let counting = self.asking.counting.as_ref();
        let question = self.asking.question();
        counting.zip(question).is_some_and(|(counting, question)| {
            counting.is_about(question, self.pane.engine.borrow().restarted())
        })
    }

    pub(super) fn counted(&self) -> Option<Counted> {
        self.asking.counting.as_ref().map(Counting::shown)
    }
}
