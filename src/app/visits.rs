//! Visits: each run that was opened is an entry of the tab's own history. Loading the page again opens
//! the run where it stood, with its commands; Back goes to the run before.
//!
//! An entry's number stands in the browser's history, its run in the tab's own storage: what another
//! tab does changes neither.

use std::cell::RefCell;
use std::rc::Rc;

use faultline_sim::descriptor::Recipe;
use faultline_sim::link::Link;
use faultline_sim::sorted::SortedMap;
use yew::Context;

use super::sharing::partner;
use super::{App, Msg};
use crate::browser::{self, Listener};
use crate::engine::{Came, Engine};
use crate::storage::{self, Visit};
use crate::text;

/// How time goes on where a run is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Start {
    /// As the scenario's own data says.
    Own,
    /// As before, if the run that was left was one that plays.
    AsItWas,
    /// Time stands still.
    Paused,
    /// As it did when the run was left.
    Left { playing: bool },
}

/// Why time stands still in a run that has just been opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Waits {
    /// The run is stepped through, or the person wants no motion: the caption says how.
    ForSteps,
    /// A link, an address or an earlier visit has asked for it.
    ForPlay,
}

/// A link that asks for it opens paused. The word is for ever: links hold it.
const PAUSED: &str = "paused";

/// The run that is looked at, for the moment when the page goes.
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
        // In the middle of a frame the run cannot be asked; the frame before has been kept.
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

/// The tab's visits.
#[derive(Default)]
pub(super) struct Visits {
    here: Rc<RefCell<Option<Here>>>,
    id: u32,
    listeners: Vec<Listener>,
}

/// Whether a link asks for time to stand still.
pub(super) fn asks_for_pause(look: &SortedMap<String, String>) -> bool {
    look.contains_key(PAUSED)
}

/// The look of a link that opens paused.
pub(super) fn paused(mut look: SortedMap<String, String>) -> SortedMap<String, String> {
    look.insert(PAUSED.into(), "yes".into());
    look
}

impl App {
    /// The page is whole: from now on its runs are visits.
    #[inline(never)]
    pub(super) fn begin_visits(&mut self, ctx: &Context<Self>) {
        self.visits.id = browser::visit().unwrap_or_else(storage::next_visit);
        browser::name_visit(self.visits.id);
        let here = self.visits.here.clone();
        let keep = move |_| {
            if let Some(here) = here.borrow().as_ref() {
                here.keep();
            }
        };
        let travel = ctx.link().callback(|()| Msg::Travel);
        self.visits.listeners = vec![
            Listener::new(&browser::window(), "pagehide", keep.clone()),
            Listener::new(&browser::document(), "visibilitychange", keep),
            Listener::new(&browser::window(), "popstate", move |_| travel.emit(())),
        ];
        self.note_visit();
    }

    /// Notes how the run is looked at, after a render.
    #[inline(never)]
    pub(super) fn note_visit(&mut self) {
        if self.visits.listeners.is_empty() {
            return;
        }
        self.visits.here.replace(Some(Here {
            engine: self.pane.engine.clone(),
            beside: self.other.as_deref().map(|other| other.engine.clone()),
            mirror: self.mirror,
            look: self.view_words(),
            playing: self.playing,
            id: self.visits.id,
        }));
    }

    /// Keeps the run where it stands: another one is about to be opened.
    pub(super) fn keep_visit(&mut self) {
        self.note_visit();
        if let Some(here) = self.visits.here.borrow().as_ref() {
            here.keep();
        }
    }

    /// Opens another run as a visit of its own, if it can be opened.
    #[inline(never)]
    pub(super) fn visit(&mut self, open: impl FnOnce(&mut Self) -> bool) {
        self.keep_visit();
        if open(self) {
            self.visits.id = storage::next_visit();
            browser::push_visit(self.visits.id, &self.named());
            self.note_visit();
        }
    }

    /// The run's address: its scenario's name, if nothing has been changed.
    fn named(&self) -> String {
        let engine = self.pane.engine.borrow();
        let recipe = engine.recipe();
        if self.other.is_none() && recipe == Recipe::new(&recipe.scenario, 1) {
            return recipe.scenario;
        }
        drop(engine);
        self.fragment()
    }

    /// The person goes back or forward among the visits.
    #[inline(never)]
    pub(super) fn travel(&mut self, ctx: &Context<Self>) -> bool {
        let Some(id) = browser::visit().filter(|id| *id != self.visits.id) else {
            return false;
        };
        self.keep_visit();
        self.visits.id = id;
        match storage::visit(id) {
            Some(visit) => {
                let playing = visit.playing;
                let arrival = Engine::open_text(&visit.link).and_then(Came::run);
                self.arrive(ctx, arrival, Some(Start::Left { playing }));
            }
            None => self.open_address(ctx),
        }
        self.note_visit();
        true
    }

    /// The address has another fragment: by hand, or by a link in the page around.
    #[inline(never)]
    pub(super) fn open_fragment(&mut self, ctx: &Context<Self>) -> bool {
        if browser::visit() == Some(self.visits.id) && self.visits.id != 0 {
            // Back or forward: that has been done.
            return false;
        }
        if browser::fragment().is_empty() {
            return false;
        }
        self.keep_visit();
        self.open_address(ctx);
        self.visits.id = storage::next_visit();
        browser::name_visit(self.visits.id);
        self.note_visit();
        true
    }

    fn open_address(&mut self, ctx: &Context<Self>) {
        let fragment = browser::fragment();
        let arrival = if fragment.is_empty() {
            Ok(super::shown(Engine::home(), None))
        } else {
            Engine::open_text(&fragment).and_then(Came::run)
        };
        self.arrive(ctx, arrival, None);
    }

    /// Time goes on in the run that has been opened, or stands still and says how to go on.
    pub(super) fn start(&mut self, start: Start) {
        let steps = self.pane.engine.borrow().nested();
        let own = !steps && !self.still && !browser::asks_for_pause();
        let waited = self.waits == Some(Waits::ForSteps) && !self.still;
        let on = match start {
            Start::Own => own,
            Start::AsItWas => !steps && (self.playing || waited && own),
            Start::Paused => false,
            Start::Left { playing } => !steps && playing,
        };
        self.play(on);
        if !on {
            self.wait();
        }
    }

    /// Time stands still in the run that was opened; the page says how to go on.
    #[inline(never)]
    pub(super) fn wait(&mut self) {
        let steps = self.pane.engine.borrow().nested() || self.still;
        self.waits = Some(if steps {
            Waits::ForSteps
        } else {
            Waits::ForPlay
        });
    }
}

/// What the tab had open when the page was loaded again, or was left and come back to.
pub(super) fn left() -> Option<Visit> {
    storage::visit(browser::visit()?)
}

/// The words for a visit that cannot be opened any more.
pub(super) fn lost(why: &str) -> String {
    let why = text::capital(why.trim_end_matches(['.', '?']));
    format!("{why}. {}", text::HOME_AGAIN)
}
