//! The root component: owns the runs, the frame clock and everything that is open on the page.

mod acts;
mod asking;
mod breaking;
mod broken;
mod building;
mod clock;
mod compare;
mod costing;
mod course;
mod exporting;
mod finding;
mod first;
mod history;
mod hunting;
mod keyboard;
mod lanes;
mod league;
mod measure;
mod opening;
mod opening_view;
mod pacing;
mod pane;
mod picking;
mod reading;
mod runs;
mod sharing;
mod shell;
mod sides;
mod spacetime;
mod stages;
mod state;
mod sweeps;
mod travel;
mod views;
mod visits;

use faultline_sim::runs::Runs;
use faultline_sim::sorted::SortedMap;
use faultline_sim::time::Time;
use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;
use yew::prelude::*;

use crate::browser::{self, Focused, Listener, Ticker};
use crate::engine::{Arrival, Engine, OpenedText};
use crate::storage::{self, Visit};
use crate::ui::Act;
use crate::ui::act::TravelAct;
use crate::worker::News;
use compare::Comparison;
use pane::Pane;
use state::{Focus, Look, Motion, Opening, Said, Sharing, Showing};
use visits::Start;

pub use first::Poster;

/// How long a toast stays.
const TOAST_MS: u32 = 6_000;

/// Messages to the page.
pub enum Msg {
    /// An animation frame, at this wall time in milliseconds.
    Tick(f64),
    Act(Act),
    /// An act on the stage with this place.
    ActIn(u32, Act),
    Key(KeyboardEvent),
    /// Space, where the pointer was last.
    Space,
    /// The size of a stage has changed.
    Resized,
    /// The fragment of the address has changed.
    Fragment,
    /// The person went back or forward in the tab's history.
    Revisit,
    ToastOver(u32),
    ActionOver(u32),
    /// A seek that measures its cost.
    SeekTest(measure::SeekTest, measure::PendingSeek),
    /// A dropped or chosen text, or the reason why it cannot be read.
    Text(browser::Read),
    /// A slow task is done: what to announce.
    Done(String),
    /// The first picture is painted and the whole program has loaded.
    FullyLoaded,
    /// The questions of all protocols, if they could be loaded.
    Questions(Option<String>),
    /// A text of the course, if it could be loaded.
    Fetched(course::Fetched, Option<String>),
    /// The next picture of the library.
    Sketch,
    /// News of work beside the page.
    Work(WorkOf, News),
    /// A click on a bar of the poster, before the real bars exist.
    EarlyClick(first::Click),
}

/// What work beside the page is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WorkOf {
    /// The curve of a question.
    Question,
    /// A curve that the person asks for.
    Curve,
    /// The promises that a history from a file keeps.
    History,
    /// A run that breaks a rule.
    Hunt,
    /// A way to a goal.
    Challenge,
    /// The league table.
    League,
}

/// The stage's size before the first render, so that nothing jumps when the page replaces the poster.
#[derive(Clone, PartialEq, Properties)]
pub struct AppProps {
    #[prop_or((1280.0, 552.0))]
    pub stage: (f64, f64),
    /// The parts of the poster that stay during the first picture.
    #[prop_or_default]
    pub poster: Option<Poster>,
}

/// A short message that disappears by itself.
struct Toast {
    said: String,
    /// It is about another run, so the toast offers what to do with that run.
    fork: bool,
}

pub struct App {
    /// The active run: acts apply to it.
    pane: Pane,
    /// The other run of a comparison.
    other: Option<Box<Pane>>,
    comparison: Comparison,
    /// Acts in one run are repeated in the other.
    mirror: bool,
    /// All runs of the session, and the drawings of those that are not visible.
    runs: Runs,
    kept: Vec<runs::Kept>,
    /// The log of another system, shown instead of the run.
    reading: Option<reading::Reading>,
    spacetime: spacetime::SpaceTime,
    asking: asking::Asking,
    /// Histories of clients, once one is shown.
    history: Option<Box<history::Histories>>,
    /// The course, once it is needed.
    course: Option<Box<course::Course>>,
    /// The search and the library, once they are needed.
    finding: Option<Box<finding::Finding>>,
    sweeps: sweeps::Sweeps,
    league: league::Table,
    /// The search for a run that breaks a rule, once it is opened.
    hunting: Option<Box<hunting::Hunting>>,
    motion: Motion,
    showing: Showing,
    sharing: Sharing,
    look: Look,
    said: Said,
    focus: Focus,
    opening: Opening,
    /// Seeks whose picture is not painted yet.
    pending_seeks: Vec<measure::PendingSeek>,
    _listeners: Vec<Listener>,
    translation: Option<browser::Translation>,
}

/// Opens what the address or the panic card asks for, else the home scenario. The result carries a
/// remark for the person.
fn open_first() -> (Arrival, Start) {
    let saved = storage::take_reopen();
    let visit = browser::visit();
    let fragment = browser::fragment();
    if saved.is_none() && visit.is_none() && fragment.is_empty() {
        return (shown(Engine::home(), None), Start::Own);
    }
    open_asked(saved, &fragment)
}

#[inline(never)]
fn open_asked(saved: Option<storage::Saved>, fragment: &str) -> (Arrival, Start) {
    if let Some(saved) = saved {
        let arrival = match Engine::open(&saved.recipe, Some(Time(saved.cursor))) {
            Ok(engine) => shown(engine, None),
            Err(why) => shown(Engine::home(), Some(why)),
        };
        return (arrival, Start::Own);
    }
    let left = visits::left();
    let text = left.as_ref().map_or(fragment, |visit| &visit.link);
    if text.is_empty() {
        return (shown(Engine::home(), None), Start::Own);
    }
    match Engine::open_text(text).and_then(OpenedText::run) {
        Ok(arrival) => {
            let start = match left {
                Some(Visit { playing, .. }) => Start::Left { playing },
                None if visits::asks_for_pause(&arrival.look) => Start::Paused,
                None => Start::Own,
            };
            (arrival, start)
        }
        Err(why) => (shown(Engine::home(), Some(visits::lost(&why))), Start::Own),
    }
}

fn shown(engine: Engine, remark: Option<String>) -> Arrival {
    Arrival {
        engine,
        remark,
        partner: None,
        look: SortedMap::new(),
    }
}

/// What the page hears from the document and the window.
fn listeners(ctx: &Context<App>) -> Vec<Listener> {
    let key = ctx.link().callback(Msg::Key);
    let fragment = ctx.link().callback(|()| Msg::Fragment);
    let on_key = move |event: web_sys::Event| {
        if let Ok(event) = event.dyn_into() {
            key.emit(event);
        }
    };
    vec![
        Listener::new(&browser::document(), "keydown", on_key),
        Listener::new(&browser::document(), "pointermove", |event| {
            browser::move_halo(&event)
        }),
        Listener::new(&browser::window(), "hashchange", move |_| fragment.emit(())),
        browser::on_drag_over(),
        browser::on_drop(ctx.link().callback(Msg::Text)),
    ]
}

impl Component for App {
    type Message = Msg;
    type Properties = AppProps;

    fn create(ctx: &Context<Self>) -> Self {
        let (arrival, start) = open_first();
        let (engine, alert) = (arrival.engine, arrival.remark);
        let size = ctx.props().stage;
        let look = Look::asked();
        browser::set_theme(look.theme);
        let still = browser::reduced_motion();
        let playing = !engine.nested()
            && match start {
                Start::Left { playing } => playing,
                start => start == Start::Own && !browser::asks_for_pause() && !still,
            };
        let fresh = start == Start::Own && arrival.look.is_empty() && engine.is_fresh();
        let runs = Runs::new(engine.recipe());
        let pane = Pane::new(ctx, (0, 'A'), engine, size, look.theme.scale());
        let tick = ctx.link().callback(Msg::Tick);
        let hooks = browser::Hooks::of(&pane.engine);
        let mut app = Self {
            pane,
            other: None,
            comparison: Comparison::default(),
            mirror: true,
            runs,
            kept: Vec::new(),
            reading: None,
            spacetime: spacetime::SpaceTime::new(),
            asking: asking::Asking::default(),
            history: None,
            course: None,
            finding: None,
            sweeps: sweeps::Sweeps::default(),
            league: league::Table::default(),
            hunting: None,
            motion: Motion::new(playing, still, Ticker::new(move |now| tick.emit(now))),
            showing: Showing::default(),
            sharing: Sharing::default(),
            look,
            said: Said {
                alert,
                ..Said::default()
            },
            focus: Focus::default(),
            opening: Opening::new(hooks),
            pending_seeks: Vec::new(),
            _listeners: listeners(ctx),
            translation: None,
        };
        if !arrival.look.is_empty() {
            app.restore(&arrival.look);
        }
        app.opening.fresh = fresh;
        app.join(ctx, arrival.partner);
        app.set_title();
        if !playing {
            app.wait();
        }
        app.opening.poster = app.poster_of(ctx);
        if app.opening.poster.is_none() {
            app.begin_pace();
        }
        app.refresh_panels();
        app
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        match msg {
            Msg::Tick(now) => self.tick(ctx, now),
            Msg::Act(act) => {
                self.act(ctx, act);
                self.repeat_action(ctx);
                true
            }
            Msg::ActIn(place, act) => {
                self.act_in(place);
                self.act(ctx, act);
                self.repeat_action(ctx);
                true
            }
            Msg::Key(event) => {
                let granted = self.key(ctx, &event);
                self.repeat_action(ctx);
                granted
            }
            Msg::Space => {
                self.act(ctx, Act::Travel(TravelAct::Play(!self.motion.playing)));
                true
            }
            Msg::Resized => self.measure(),
            Msg::SeekTest(goal, pending) => {
                self.seek_test(goal, pending);
                true
            }
            Msg::Fragment => self.open_fragment(ctx),
            Msg::Revisit => self.revisit(ctx),
            Msg::Text(text) => {
                self.take_text(ctx, text);
                true
            }
            Msg::Questions(text) => {
                self.take_questions(ctx, text);
                true
            }
            Msg::Fetched(what, text) => {
                self.take_fetched(ctx, what, text);
                true
            }
            Msg::Sketch => self.sketch_next(ctx),
            Msg::Work(of, news) => self.hear_work(of, news),
            Msg::FullyLoaded => self.on_fully_loaded(),
            Msg::EarlyClick(click) => {
                self.on_early_click(click);
                false
            }
            Msg::Done(said) => {
                self.remark(ctx, &said);
                self.repeat_action(ctx);
                true
            }
            Msg::ActionOver(number) => {
                let over = self.said.action.0 == number;
                if over {
                    self.said.action.1 = None;
                }
                over
            }
            Msg::ToastOver(number) => {
                let over = self.said.toast.0 == number;
                if over {
                    self.said.toast.1 = None;
                }
                over
            }
        }
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        self.shell(ctx)
    }

    fn rendered(&mut self, ctx: &Context<Self>, first: bool) {
        match self.opening.poster {
            Some(_) if first => self.after_first_picture(ctx),
            Some(_) => {}
            None => self.whole(ctx),
        }
        self.attach_stages(ctx, first);
        self.place_playhead();
        self.spacetime_rendered(ctx);
        self.paint_lanes();
        if std::mem::take(&mut self.focus.panel) {
            browser::focus("#panel");
        }
        if std::mem::take(&mut self.focus.chooser) {
            browser::focus(".chooser button, .chooser select");
        }
        self.panes().for_each(|pane| pane.watch_for_lines());
        self.landed();
        if self.focus.on_message && browser::focus_is_lost() {
            // The focused message has arrived: keep the focus in its list.
            browser::focus(".acting .mirror-messages");
        }
        self.focus.on_message = browser::focus_is_on_message();
        if std::mem::take(&mut self.focus.menu) {
            browser::focus(".message-menu .menu-choices button:not([disabled])");
        }
        if self.course.is_some() {
            self.take_picture();
        }
        self.focus.focused = Focused::follow(self.focus.focused.take());
        if self.opening.poster.is_none() {
            self.note_visit();
        }
    }
}
