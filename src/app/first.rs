//! The first picture. Whoever waits for the page waits for the stage: it comes alive first, and until
//! the second part of the program is there (src/rest.rs) the bars around it are still the poster's
//! (index.html). What cannot be seen at first (closed panels, the stage as elements for those who do not
//! see it) comes with the bars. A click on a bar that does not live yet is done as soon as it does.

use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, MouseEvent};
use yew::prelude::*;
use yew::virtual_dom::VNode;

use faultline_protocols::HOME;

use super::{App, Msg, measure};
use crate::browser::{self, Listener};
use crate::rest;

/// The poster's parts that stay until the page is whole.
#[derive(Clone, PartialEq)]
pub struct Poster {
    pub(super) header: Element,
    pub(super) palette: Element,
    pub(super) transport: Element,
}

/// A click on the poster's bars, in pixels of the window.
#[derive(Clone, Copy)]
pub struct Click {
    x: i32,
    y: i32,
}

/// How long the first picture stays at least. A click on it goes before the rest of the page; nobody
/// sees the difference.
const ALONE_MS: u32 = 60;
/// When the rest comes to a page that nobody sees.
const UNSEEN_MS: u32 = 1_000;

/// A part of the poster as a part of the page.
pub(super) fn part(element: &Element) -> Html {
    VNode::VRef(element.clone().into())
}

impl Poster {
    /// Looks for them in the page.
    pub fn of(root: &Element) -> Option<Self> {
        let part = |class: &str| {
            let found = root.query_selector(&format!(".poster {class}")).ok()??;
            // They do nothing yet, and nobody shall be able to reach them with the keyboard.
            found.set_attribute("inert", "").ok()?;
            Some(found)
        };
        Some(Self {
            header: part(".top")?,
            palette: part(".palette-bar")?,
            transport: part(".transport-bar")?,
        })
    }

    /// Hears clicks on the bars: they are inert, and whatever lies behind gets the event.
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

    /// Clicks what lies there now.
    fn repeat(self) {
        let hit = browser::document().element_from_point(self.x as f32, self.y as f32);
        let button = hit.and_then(|hit| hit.closest("button").ok().flatten());
        if let Some(button) = button.and_then(|button| button.dyn_into::<HtmlElement>().ok()) {
            button.click();
        }
    }
}

impl App {
    /// The poster shows the home scenario as it plays; anything else comes whole at once.
    pub(super) fn poster_of(&self, ctx: &Context<Self>) -> Option<Poster> {
        let home = self.pane.engine.borrow().recipe().scenario == HOME;
        let poster = ctx.props().poster.clone();
        poster.filter(|_| home && self.playing && !self.embedded && self.other.is_none())
    }

    /// After the first picture, when the whole program is there: the rest of the page.
    pub(super) fn grow_up(&mut self, ctx: &Context<Self>) {
        if let Some(poster) = &self.poster {
            self.on_bars = Some(poster.heard(ctx.link().callback(Msg::Reached)));
        }
        let link = ctx.link().clone();
        let grown = move || rest::then(move || link.send_message(Msg::Grown));
        browser::after_paint(ALONE_MS, grown.clone());
        // A page in the background is not painted, and shall be whole when somebody looks at it.
        Timeout::new(UNSEEN_MS, grown).forget();
    }

    /// Somebody has clicked a bar that does not live yet.
    pub(super) fn reach(&mut self, click: Click) {
        if self.poster.is_some() {
            self.reached = Some(click);
            rest::hurry();
        }
    }

    /// The whole program is there, and so is the page: whether it was not before.
    pub(super) fn grow(&mut self) -> bool {
        self.on_bars = None;
        let grows = self.poster.take().is_some();
        if grows {
            self.refresh_panels();
        }
        grows
    }

    /// The page is whole and stands in the document: what was clicked too early is clicked now, and
    /// tests and measurements may look at it.
    pub(super) fn whole(&mut self, ctx: &Context<Self>) {
        if !std::mem::replace(&mut self.published, true) {
            self.hooks.publish();
            measure::install(ctx.link());
            let space = ctx.link().callback(|()| Msg::Space);
            self.begin_visits(ctx);
            let root = browser::document().body();
            self.translation = root.and_then(|root| browser::Translation::watch(&root));
            self.pointer_focus = Some(browser::PointerFocus::new(move || space.emit(())));
        }
        if let Some(click) = self.reached.take() {
            click.repeat();
        }
    }
}
