//! Visits: each opened run is an entry of the tab's history. Reloading the page opens the run where it
//! was, with its commands; Back goes to the previous run.
//!
//! The browser's history holds the number of an entry, the tab's session storage holds its run. Other
//! tabs change neither.

use std::cell::RefCell;
use std::rc::Rc;

use faultline_sim::descriptor::Recipe;
use faultline_sim::link::Link;
use faultline_sim::sorted::SortedMap;
use yew::Context;

use super::sharing::partner;
use super::{App, Msg};
use crate::browser::{self, Listener};
use crate::engine::{Engine, OpenedText};
use crate::storage::{self, Visit};
use crate::text;

/// How time continues when a run opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Start {
    /// As the scenario says.
    Own,
    /// As before, if the previous run was one that plays.
    AsItWas,
    /// Paused.
    Paused,
    /// As it was when the person left the run.
    Left { playing: bool },
}

/// Why a run is paused after it opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PausedReason {
    /// The run is made for stepping, or the system prefers reduced motion: the caption says what to do.
    ForSteps,
    /// A link, an address or an earlier visit asked for it.
    ForPlay,
    /// The scenario wants to be looked at.
    ToLook,
    /// A question is asked.
    ToGuess,
}

/// The word in a link that opens paused. Existing links use it, so it must never change.
const PAUSED: &str = "paused";

/// The visible run, for when the page closes.
struct Here {
    engine: Rc<RefCell<Engine>>,
    beside: Option<Rc<RefCell<Engine>>>,
    mirror: bool,
    look: SortedMap<String, String>,
    playing: bool,
    id: u32,
}

impl Here {
    fn keep(&self) {
        // The engine is borrowed during a frame; uses the copy from the frame before.
        let Ok(engine) = self.engine.try_borrow() else {
            return;
        };
        let beside = self
            .beside
            .as_ref()
            .and_then(|other| other.try_borrow().ok());
        let link = Link {
            partner: beside.map(|other| partner(&other, self.mirror)),
            ..engine.link(self.look.clone())
        };
        let visit = Visit {
            link: link.encode(),
            playing: self.playing,
        };
        storage::save_visit(self.id, &visit);
    }
}

/// The visits of the tab.
#[derive(Default)]
pub(super) struct Visits {
    here: Rc<RefCell<Option<Here>>>,
    id: u32,
    listeners: Vec<Listener>,
}

/// Whether a link asks to open paused.
pub(super) fn asks_for_pause(look: &SortedMap<String, String>) -> bool {
    look.contains_key(PAUSED)
}

/// The view of a link that opens paused.
pub(super) fn paused(mut look: SortedMap<String, String>) -> SortedMap<String, String> {
    look.insert(PAUSED.into(), "yes".into());
    look
}

impl App {
    /// The page is complete: from now on its runs are visits.
    #[inline(never)]
    pub(super) fn begin_visits(&mut self, ctx: &Context<Self>) {
        self.opening.visits.id = browser::visit().unwrap_or_else(storage::next_visit);
        browser::name_visit(self.opening.visits.id);
        let here = self.opening.visits.here.clone();
        let keep = move |_| {
            if let Some(here) = here.borrow().as_ref() {
                here.keep();
            }
        };
        let travel = ctx.link().callback(|()| Msg::Revisit);
        self.opening.visits.listeners = vec![
            Listener::new(&browser::window(), "pagehide", keep.clone()),
            Listener::new(&browser::document(), "visibilitychange", keep),
            Listener::new(&browser::window(), "popstate", move |_| travel.emit(())),
        ];
        self.note_visit();
    }

    /// Stores the view of the run, after a render.
    #[inline(never)]
    pub(super) fn note_visit(&mut self) {
        if self.opening.visits.listeners.is_empty() {
            return;
        }
        self.opening.visits.here.replace(Some(Here {
            engine: self.pane.engine.clone(),
            beside: self.other.as_deref().map(|other| other.engine.clone()),
            mirror: self.mirror,
            look: self.view_words(),
            playing: self.motion.playing,
            id: self.opening.visits.id,
        }));
    }

    /// Stores the run at its present instant, because another one will open.
    pub(super) fn keep_visit(&mut self) {
        self.note_visit();
        if let Some(here) = self.opening.visits.here.borrow().as_ref() {
            here.keep();
        }
    }

    /// Opens another run as a new visit, if it can be opened.
    #[inline(never)]
    pub(super) fn visit(&mut self, open: impl FnOnce(&mut Self) -> bool) {
        self.keep_visit();
        if open(self) {
            self.opening.visits.id = storage::next_visit();
            browser::push_visit(self.opening.visits.id, &self.named());
            self.note_visit();
        }
    }

    /// The run's address: its scenario's name, if the person has changed nothing.
    fn named(&self) -> String {
        let engine = self.pane.engine.borrow();
        let recipe = engine.recipe();
        if self.other.is_none() && recipe == Recipe::new(&recipe.scenario, 1) {
            return recipe.scenario;
        }
        drop(engine);
        self.fragment()
    }

    /// Handles Back and Forward.
    #[inline(never)]
    pub(super) fn revisit(&mut self, ctx: &Context<Self>) -> bool {
        let Some(id) = browser::visit().filter(|id| *id != self.opening.visits.id) else {
            return false;
        };
        self.keep_visit();
        self.opening.visits.id = id;
        match storage::visit(id) {
            Some(visit) => {
                let playing = visit.playing;
                let arrival = Engine::open_text(&visit.link).and_then(OpenedText::run);
                self.arrive(ctx, arrival, Some(Start::Left { playing }));
            }
            None => self.open_address(ctx),
        }
        self.note_visit();
        true
    }

    /// The fragment has changed: the person typed it, or a link set it.
    #[inline(never)]
    pub(super) fn open_fragment(&mut self, ctx: &Context<Self>) -> bool {
        if browser::visit() == Some(self.opening.visits.id) && self.opening.visits.id != 0 {
            // Back or Forward: already handled.
            return false;
        }
        if browser::fragment().is_empty() {
            return false;
        }
        self.keep_visit();
        self.open_address(ctx);
        self.opening.visits.id = storage::next_visit();
        browser::name_visit(self.opening.visits.id);
        self.note_visit();
        true
    }

    fn open_address(&mut self, ctx: &Context<Self>) {
        let fragment = browser::fragment();
        let arrival = if fragment.is_empty() {
            Ok(super::shown(Engine::home(), None))
        } else {
            Engine::open_text(&fragment).and_then(OpenedText::run)
        };
        self.arrive(ctx, arrival, None);
    }

    /// Starts the opened run, or pauses it and shows how to continue.
    pub(super) fn start(&mut self, start: Start) {
        let steps = self.pane.engine.borrow().nested();
        let own = !steps && !self.motion.still && !browser::asks_for_pause();
        let waited = self.motion.waits == Some(PausedReason::ForSteps) && !self.motion.still;
        let on = match start {
            Start::Own => own,
            Start::AsItWas => !steps && (self.motion.playing || waited && own),
            Start::Paused => false,
            Start::Left { playing } => !steps && playing,
        };
        self.play(on);
        if !on {
            self.wait();
        }
    }

    /// Pauses the opened run; the page shows how to continue.
    #[inline(never)]
    pub(super) fn wait(&mut self) {
        let steps = self.pane.engine.borrow().nested() || self.motion.still;
        self.motion.waits = Some(if steps {
            PausedReason::ForSteps
        } else {
            PausedReason::ForPlay
        });
    }
}

/// What the tab showed before a reload or a return.
pub(super) fn left() -> Option<Visit> {
    storage::visit(browser::visit()?)
}

/// The message about a visit that cannot be opened.
pub(super) fn lost(why: &str) -> String {
    let why = text::capital(why.trim_end_matches(['.', '?']));
    format!("{why}. {}", text::HOME_AGAIN)
}
