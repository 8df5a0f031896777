//! The search for a run that breaks a rule: random runs and all orders of events in a worker, what they
//! find on the stage and as a link.

use std::rc::Rc;

use faultline_sim::command::Timed;
use faultline_sim::descriptor::Recipe;
use faultline_sim::explore::Bounds;
use faultline_sim::sorted::SortedMap;
use faultline_sim::time::Time;
use faultline_sim::timeline::Target;
use yew::prelude::*;

use super::visits::{self, Start};
use super::{App, Msg, WorkOf};
use crate::browser;
use crate::engine::Engine;
use crate::text;
use crate::text::hunting as words;
use crate::ui::act::ViewAct;
use crate::ui::hunting::{Deed, HuntPanel, Shown, Wanted};
use crate::ui::{Act, ProtocolRef, Same, Tab};
use crate::worker::{
    Answer, Clue, Failure, MOST_STATES, News, Request, Search, Task, is_preparation,
};

/// A run opens so long before it breaks a rule, in seconds of wall time at speed 1x: enough to see it
/// coming.
const LEAD_S: f64 = 1.5;
/// A run opens so long before the first command of a person.
const BEFORE_COMMAND_US: u64 = 200_000;

/// The form that is open, and the last search.
#[derive(Default)]
pub(super) struct Hunting {
    /// The rule that the form was opened for.
    law: Option<&'static str>,
    under: Option<Under>,
}

/// A search, under way or over.
pub(super) struct Under {
    pub shown: Shown,
    /// The bounds for all orders of events, if they are asked for later.
    bounds: Bounds,
    /// None: it is over.
    pub task: Option<Task>,
}

impl Under {
    pub fn new(search: Search, bounds: Bounds) -> Self {
        let shown = Shown {
            search: Same(Rc::new(search)),
            marks: Same::default(),
            took: 0,
            under_way: true,
            shrinking: false,
            stopped: false,
            found: None,
            by_hand: None,
            orders: None,
            refused: None,
            in_page: false,
            failed: None,
        };
        Self {
            shown,
            bounds,
            task: None,
        }
    }

    pub fn hear(&mut self, answers: Vec<Answer>) {
        let shown = &mut self.shown;
        let mut marks = Vec::new();
        for answer in answers {
            let Answer::Clue(clue) = answer else {
                continue;
            };
            match clue {
                Clue::Run(mark) => {
                    shown.took += mark.took;
                    marks.push(mark);
                }
                Clue::Shorter(failure) => {
                    let of = match failure.by_hand {
                        Some(_) => &mut shown.by_hand,
                        None => &mut shown.found,
                    };
                    *of = Some(Same(Rc::new(*failure)));
                }
                Clue::Shrinking => shown.shrinking = true,
                Clue::Orders(progress) => {
                    shown.shrinking = false;
                    shown.orders = Some(progress);
                }
                Clue::Refused(why) => shown.refused = Some(text::capital(&why)),
            }
        }
        if !marks.is_empty() {
            Rc::make_mut(&mut shown.marks.0).extend(marks);
        }
    }
}

impl App {
    #[inline(never)]
    pub(super) fn hunt_act(&mut self, ctx: &Context<Self>, deed: Deed) {
        match deed {
            Deed::Open(law) => {
                self.hunting.get_or_insert_with(Box::default).law = law;
                self.showing.sheet = None;
                self.act(ctx, Act::View(ViewAct::Tab(Tab::Measures)));
            }
            Deed::Close => {
                self.hunting = None;
                self.focus.panel = true;
            }
            Deed::Search(wanted) => self.begin_hunt(ctx, &wanted),
            Deed::Orders => self.begin_orders(ctx),
            Deed::Stop => self.end_hunt(None, true),
            Deed::Run(_) | Deed::Stage(_) | Deed::CopyLink(_) => {
                let under = self.hunting.as_ref().and_then(|own| own.under.as_ref());
                if let Some(shown) = under.map(|under| under.shown.clone()) {
                    self.open_of_hunt(ctx, &shown, &deed);
                }
            }
        }
    }

    fn begin_hunt(&mut self, ctx: &Context<Self>, wanted: &Wanted) {
        let bounds = Bounds {
            budget: wanted.budget,
            depth: wanted.depth,
            states: MOST_STATES,
            ..Bounds::default()
        };
        let search = Search {
            // The settings and rules that the person sees.
            recipe: self.pane.engine.borrow().restarted(),
            law: wanted.law.map(str::to_owned),
            goal: None,
            budget: wanted.budget,
            first_seed: wanted.first_seed,
            runs: wanted.runs,
            bounds: wanted.orders.then_some(bounds),
        };
        let hunting = self.hunting.get_or_insert_with(Box::default);
        hunting.law = wanted.law;
        // The old one ends first, so that its worker is not in the way.
        hunting.under = None;
        let mut under = Under::new(search.clone(), bounds);
        under.task = Some(begin(ctx, search));
        hunting.under = Some(under);
        show_progress();
    }

    /// All orders of events with the faults and settings of the last search.
    fn begin_orders(&mut self, ctx: &Context<Self>) {
        let Some(under) = self.hunting.as_mut().and_then(|own| own.under.as_mut()) else {
            return;
        };
        let search = Search {
            runs: 0,
            bounds: Some(under.bounds),
            ..(*under.shown.search).clone()
        };
        under.shown.under_way = true;
        under.shown.stopped = false;
        under.shown.failed = None;
        under.task = Some(begin(ctx, search));
        show_progress();
    }

    /// News of the search.
    pub(super) fn hear_hunt(&mut self, news: News) {
        let here = self.is_hunt_here();
        let Some(hunting) = &mut self.hunting else {
            return;
        };
        if !here {
            // The person has gone to another scenario.
            hunting.under = None;
            return;
        }
        let Some(under) = hunting.under.as_mut().filter(|under| under.task.is_some()) else {
            return;
        };
        match news {
            News::Answers(answers) => under.hear(answers),
            News::InPage => under.shown.in_page = true,
            News::Done => self.end_hunt(None, false),
            News::Failed(why) => self.end_hunt(Some(why), false),
        }
    }

    /// The search is done, or the person has seen enough, or the worker has failed.
    fn end_hunt(&mut self, failed: Option<String>, stopped: bool) {
        let Some(under) = self.hunting.as_mut().and_then(|own| own.under.as_mut()) else {
            return;
        };
        under.task = None;
        let shown = &mut under.shown;
        (shown.under_way, shown.shrinking) = (false, false);
        shown.stopped = stopped;
        shown.failed = failed;
        let mut said = shown.sentences();
        let found = shown.found.iter().chain(&shown.by_hand);
        said.extend(found.map(|failure| words::shortest(failure, false)));
        self.said.announcer.at_once(said.join(" "));
    }

    /// Whether the search is about the present scenario.
    fn is_hunt_here(&self) -> bool {
        let here = self.pane.engine.borrow().recipe().scenario;
        let under = self.hunting.as_ref().and_then(|own| own.under.as_ref());
        under.is_some_and(|under| under.shown.search.recipe.scenario == here)
    }

    /// Opens one of the runs of a search, or copies a link to it.
    pub(super) fn open_of_hunt(&mut self, ctx: &Context<Self>, shown: &Shown, deed: &Deed) {
        match deed {
            Deed::Run(run) => self.open_mark(ctx, &shown.search, *run),
            // Where its first command is near.
            Deed::Stage(by_hand) => {
                if let Some(failure) = shown.failure(*by_hand) {
                    self.open_broken(ctx, on_stage(failure));
                }
            }
            Deed::CopyLink(by_hand) => {
                if let Some(failure) = shown.failure(*by_hand) {
                    self.copy_failure(ctx, failure);
                }
            }
            _ => {}
        }
    }

    /// Opens a random run shortly before it breaks a rule, or from its beginning.
    fn open_mark(&mut self, ctx: &Context<Self>, search: &Search, run: u64) {
        match search.replay(run) {
            Err(why) => self.said.alert = Some(text::capital(&why)),
            Ok(replayed) => match replayed.at {
                Some(at) => self.open_broken(ctx, opened(&replayed.recipe, at, |e| before(e, at))),
                None => self.open_broken(ctx, Engine::open(&replayed.recipe, None)),
            },
        }
    }

    fn open_broken(&mut self, ctx: &Context<Self>, opened: Result<Engine, String>) {
        self.visit(|app| {
            let replaced = app.replace(opened);
            app.opened_again(replaced, Start::Paused)
        });
        self.tell_replaced(ctx);
    }

    /// A link to the shortest run, as it opens on the stage.
    fn copy_failure(&mut self, ctx: &Context<Self>, failure: &Failure) {
        let said = match on_stage(failure) {
            Err(why) => text::capital(&why),
            Ok(engine) => {
                let link = engine.link(visits::paused(SortedMap::new()));
                let address = format!("{}#{}", browser::base(), link.encode());
                let copied = browser::copy(&address);
                let said = match copied {
                    true => words::LINK_COPIED,
                    false => words::LINK_NOT_COPIED,
                };
                said.to_owned()
            }
        };
        self.remark(ctx, &said);
    }

    /// The form and what was found, in the tab of measures.
    #[inline(never)]
    pub(super) fn hunt_panel(&self, on_act: &Callback<Act>) -> Html {
        let Some(hunting) = &self.hunting else {
            return Html::default();
        };
        let engine = self.pane.engine.borrow();
        let under = hunting.under.as_ref().filter(|_| self.is_hunt_here());
        html! {
            <HuntPanel protocol={ProtocolRef(engine.protocol())} preset={engine.preset().title}
                law={hunting.law} shown={under.map(|under| under.shown.clone())} on_act={on_act.clone()} />
        }
    }
}

/// The button that stops the search gets the focus, with all that comes in below it.
fn show_progress() {
    browser::show(".hunt-form button[type=submit]");
}

fn begin(ctx: &Context<App>, search: Search) -> Task {
    let tell = ctx.link().callback(|news| Msg::Work(WorkOf::Hunt, news));
    Task::begin(Request::Search(Box::new(search)), tell)
}

/// A run that is known up to where it breaks a rule, so that the timeline shows where that is.
fn opened(recipe: &Recipe, at: Time, from: impl Fn(&Engine) -> Time) -> Result<Engine, String> {
    let mut engine = Engine::open(recipe, Some(Time(at.0 + 1)))?;
    let from = from(&engine);
    engine.go(Target::Time(from));
    Ok(engine)
}

fn on_stage(failure: &Failure) -> Result<Engine, String> {
    let commands = failure.commands();
    let first = |timed: &&Timed| !is_preparation(&timed.command);
    let first = commands.iter().find(first).and_then(|timed| timed.at.time);
    opened(&failure.recipe, failure.at, |engine| match first {
        Some(time) => Time(time.0.saturating_sub(BEFORE_COMMAND_US)),
        None => before(engine, failure.at),
    })
}

/// Shortly before an instant.
fn before(engine: &Engine, at: Time) -> Time {
    let lead = LEAD_S * 1e6 * engine.scenario().pace;
    Time(at.0.saturating_sub(lead as u64))
}
