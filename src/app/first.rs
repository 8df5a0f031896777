//! The first picture. A person who opens the page waits for the stage, so it starts first. Until the
//! second part of the program has loaded (src/rest.rs), the bars around it are the poster's
//! (index.html). Things that are hidden at first (closed panels, the stage as elements for screen
//! readers) come with the real bars. A click on a bar of the poster takes effect when the real bar
//! exists.

use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, MouseEvent};
use yew::prelude::*;
use yew::virtual_dom::VNode;

use faultline_protocols::HOME;

use super::{App, Msg, measure};
use crate::browser::{self, Listener};
use crate::{rest, storage};

/// The parts of the poster that stay until the page is complete.
#[derive(Clone, PartialEq)]
pub struct Poster {
    pub(super) header: Element,
    pub(super) palette: Element,
    pub(super) transport: Element,
}

/// A click on the poster's bars, in window pixels.
#[derive(Clone, Copy)]
pub struct Click {
    x: i32,
    y: i32,
}

/// The shortest time that the first picture stays. A click on it is more urgent than the rest of the
/// page.
const ALONE_MS: u32 = 60;
/// When the rest loads on a page in the background.
const UNSEEN_MS: u32 = 1_000;

/// A part of the poster as part of the page.
pub(super) fn part(element: &Element) -> Html {
    VNode::VRef(element.clone().into())
}

impl Poster {
    /// Finds them in the page.
    pub fn of(root: &Element) -> Option<Self> {
        let part = |class: &str| {
            let found = root.query_selector(&format!(".poster {class}")).ok()??;
            // They do nothing yet, so the keyboard must not reach them.
            found.set_attribute("inert", "").ok()?;
            Some(found)
        };
        Some(Self {
            header: part(".top")?,
            palette: part(".palette-bar")?,
            transport: part(".transport-bar")?,
        })
    }

    /// Hears clicks on the bars. They are inert, so the element behind them gets the event.
    pub(super) fn heard(&self, on_click: Callback<Click>) -> Listener {
        let bars = [&self.header, &self.palette, &self.transport].map(Element::clone);
        Listener::new(&browser::document(), "click", move |event| {
            let Ok(event) = event.dyn_into::<MouseEvent>() else {
                return;
            };
            let click = Click {
                x: event.client_x(),
                y: event.client_y(),
            };
            if bars.iter().any(|bar| click.is_on(bar)) {
                on_click.emit(click);
            }
        })
    }
}

impl Click {
    fn is_on(self, element: &Element) -> bool {
        let (x, y) = (f64::from(self.x), f64::from(self.y));
        let area = element.get_bounding_client_rect();
        (area.left()..=area.right()).contains(&x) && (area.top()..=area.bottom()).contains(&y)
    }

    /// Clicks the element that is there now.
    fn repeat(self) {
        let hit = browser::document().element_from_point(self.x as f32, self.y as f32);
        let button = hit.and_then(|hit| hit.closest("button").ok().flatten());
        if let Some(button) = button.and_then(|button| button.dyn_into::<HtmlElement>().ok()) {
            button.click();
        }
    }
}

impl App {
    /// The poster shows the home scenario while it plays; any other page is complete at once.
    pub(super) fn poster_of(&self, ctx: &Context<Self>) -> Option<Poster> {
        let home = self.pane.engine.borrow().recipe().scenario == HOME;
        let poster = ctx.props().poster.clone();
        poster
            .filter(|_| home && self.motion.playing && !self.look.embedded && self.other.is_none())
    }

    /// After the first picture, loads the rest of the page.
    pub(super) fn after_first_picture(&mut self, ctx: &Context<Self>) {
        if let Some(poster) = &self.opening.poster {
            self.opening.on_bars = Some(poster.heard(ctx.link().callback(Msg::EarlyClick)));
        }
        let link = ctx.link().clone();
        let grown = move || rest::then(move || link.send_message(Msg::FullyLoaded));
        browser::after_paint(ALONE_MS, grown.clone());
        // A page in the background is not painted, but must be complete when the person returns.
        Timeout::new(UNSEEN_MS, grown).forget();
    }

    /// The person clicked a bar of the poster.
    pub(super) fn on_early_click(&mut self, click: Click) {
        if self.opening.poster.is_some() {
            self.opening.reached = Some(click);
            rest::hurry();
        }
    }

    /// The whole program has loaded, so the page is complete; true if it was not before.
    pub(super) fn on_fully_loaded(&mut self) -> bool {
        self.opening.on_bars = None;
        let grows = self.opening.poster.take().is_some();
        if grows {
            self.begin_pace();
            self.refresh_panels();
        }
        grows
    }

    /// The page is complete: from now on the scenario's view and the person's own pace count.
    #[inline(never)]
    pub(super) fn begin_pace(&mut self) {
        self.motion.real = storage::real_time();
        self.opening.pauses = storage::pauses();
        if std::mem::take(&mut self.opening.fresh) {
            self.show_view();
        }
    }

    /// The page is complete and in the document: repeats an early click and lets tests and measurements
    /// read the page.
    pub(super) fn whole(&mut self, ctx: &Context<Self>) {
        if !std::mem::replace(&mut self.opening.published, true) {
            self.opening.hooks.publish();
            measure::install(ctx.link());
            let space = ctx.link().callback(|()| Msg::Space);
            self.begin_course(ctx);
            self.begin_visits(ctx);
            self.fetch_questions(ctx);
            let root = browser::document().body();
            self.translation = root.and_then(|root| browser::Translation::watch(&root));
            self.focus.pointer_focus = Some(browser::PointerFocus::new(move || space.emit(())));
        }
        if let Some(click) = self.opening.reached.take() {
            click.repeat();
        }
    }
}
