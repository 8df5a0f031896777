//! The first picture. Whoever waits for the page waits for the stage: it comes alive first, and for a few
//! frames the bars around it are still the poster's (index.html). What cannot be seen at first (closed
//! panels, the stage as elements for those who do not see it) comes with the rest of the page.

use gloo_timers::callback::Timeout;
use web_sys::Element;
use yew::prelude::*;
use yew::virtual_dom::VNode;

use faultline_protocols::HOME;

use super::{App, Msg, measure};
use crate::browser;

/// The poster's parts that stay for these frames.
#[derive(Clone, PartialEq)]
pub struct Poster {
    pub(super) header: Element,
    pub(super) palette: Element,
    pub(super) transport: Element,
}

/// How long the first picture stays. A click on it goes before the rest of the page; nobody sees the
/// difference.
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
}

impl App {
    /// The poster shows the home scenario as it plays; anything else comes whole at once.
    pub(super) fn poster_of(&self, ctx: &Context<Self>) -> Option<Poster> {
        let home = self.pane.engine.borrow().recipe().scenario == HOME;
        let poster = ctx.props().poster.clone();
        poster.filter(|_| home && self.playing && !self.embedded && self.other.is_none())
    }

    /// After the first picture: the rest of the page.
    pub(super) fn grow_up(&self, ctx: &Context<Self>) {
        let link = ctx.link().clone();
        browser::after_paint(ALONE_MS, move || link.send_message(Msg::Grown));
        // A page in the background is not painted, and shall be whole when somebody looks at it.
        let link = ctx.link().clone();
        Timeout::new(UNSEEN_MS, move || link.send_message(Msg::Grown)).forget();
    }

    /// The page is whole and stands in the document: tests and measurements may look at it.
    pub(super) fn publish(&mut self, ctx: &Context<Self>) {
        if !std::mem::replace(&mut self.published, true) {
            self.hooks.publish();
            measure::install(ctx.link());
        }
    }
}
