//! The space-time diagram on the page: its window, what is chosen in it, and when it is painted.

mod deeds;
mod paint;
mod shown;
mod subject;

use std::rc::Rc;

use faultline_diagram::{Axis, Cones, Stamps, View};
use yew::prelude::*;

use super::App;
use crate::browser::{self, Listener};
use crate::storage;
use crate::ui::spacetime::canvas::Painter;
use crate::ui::spacetime::{Shown, SpaceTime as Panel};
use crate::ui::{Act, Same, Tab};

/// Seconds of the page's usual speed in a window, and records where the order counts.
const SECONDS: f64 = 8.0;
const RECORDS: f64 = 60.0;

/// The diagram's own state; what is selected is the page's.
pub(super) struct SpaceTime {
    pub(super) open: bool,
    tall: bool,
    table: bool,
    follow: bool,
    view: View,
    /// Where the run stands that is shown.
    of: u32,
    /// The window has been chosen for this run.
    framed: bool,
    /// What the selected event is compared with.
    second: Option<u64>,
    /// The next event that is picked is that one.
    picking: bool,
    /// Where the keyboard is.
    ring: Option<u64>,
    cones: Option<Cones>,
    /// Where the run stood when it was painted last.
    stood: Option<(f64, u64)>,
    shown: Same<Shown>,
    host: NodeRef,
    painter: Option<Painter>,
    hands: Vec<Listener>,
    /// Something has to be painted, and everything has.
    stale: bool,
    whole: bool,
    /// So many records were read when the content was painted.
    painted: u64,
}

impl SpaceTime {
    pub(super) fn new() -> Self {
        Self {
            open: storage::spacetime(),
            tall: false,
            table: false,
            follow: true,
            view: View::default(),
            of: 0,
            framed: false,
            second: None,
            picking: false,
            ring: None,
            cones: None,
            stood: None,
            shown: Same(Rc::default()),
            host: NodeRef::default(),
            painter: None,
            hands: Vec::new(),
            stale: false,
            whole: true,
            painted: 0,
        }
    }
}

impl App {
    /// Whether the diagram has a place of its own below the stage.
    pub(super) fn spacetime_docked(&self) -> bool {
        self.reading.is_none() && self.spacetime.open && browser::wide()
    }

    /// Whether it has a place among the tabs.
    pub(super) fn spacetime_tabbed(&self) -> bool {
        self.reading.is_none() && !browser::wide()
    }

    /// Whether it is anywhere on the page.
    fn spacetime_seen(&self) -> bool {
        if self.reading.is_some() {
            true
        } else if browser::wide() {
            self.spacetime.open
        } else {
            self.tab == Tab::SpaceTime
        }
    }

    /// The window of the run that somebody looks at, if anybody does.
    pub(super) fn spacetime_window(&self) -> Option<&View> {
        let seen = self.reading.is_none() && self.spacetime_seen();
        seen.then_some(&self.spacetime.view)
    }

    #[inline(never)]
    pub(super) fn spacetime_panel(&self, on_act: &Callback<Act>, docked: bool) -> Html {
        html! {
            <Panel shown={self.spacetime.shown.clone()} {docked}
                host={self.spacetime.host.clone()} on_act={on_act.clone()} />
        }
    }

    /// Another run: another window, and nothing chosen.
    pub(super) fn spacetime_reset(&mut self) {
        let space = &mut self.spacetime;
        space.framed = false;
        space.follow = true;
        space.second = None;
        space.picking = false;
        space.ring = None;
        space.cones = None;
        space.view.hidden.clear();
        space.view.silent.clear();
        self.spacetime_stale(true);
    }

    /// The run that is acted on is the one that is shown.
    fn spacetime_look_at(&mut self) {
        if self.reading.is_none() && self.spacetime.of != self.pane.place {
            self.spacetime.of = self.pane.place;
            self.spacetime_reset();
        }
    }

    /// It has to be painted again; `whole`: not only what lies over the content.
    pub(super) fn spacetime_stale(&mut self, whole: bool) {
        if !self.spacetime_seen() {
            return;
        }
        self.spacetime.stale = true;
        self.spacetime.whole |= whole;
        self.ticker.ask();
    }

    /// Another log, or another execution of it.
    pub(super) fn spacetime_read_log(&mut self) {
        self.spacetime_reset();
        if let Some(reading) = &self.reading {
            let space = &mut self.spacetime;
            space.framed = true;
            space.follow = false;
            space.view = View {
                width: space.view.width,
                stamps: Stamps::Vector,
                axis: Axis::Order,
                to: (reading.index.len() as f64 + 1.0).clamp(8.0, RECORDS),
                ..View::default()
            };
            space.view.make_room_for_names(&reading.index);
        }
        self.spacetime_words();
    }

    pub(super) fn spacetime_stamps(&self) -> Stamps {
        self.spacetime.view.stamps
    }

    /// Back to the run, with the stamps that it had.
    pub(super) fn spacetime_leave_log(&mut self, stamps: Stamps) {
        self.spacetime.view = View {
            stamps,
            ..View::default()
        };
        self.spacetime_reset();
        self.spacetime_words();
    }

    /// The window for a run that has just been opened.
    fn spacetime_frame_run(&mut self) {
        if std::mem::replace(&mut self.spacetime.framed, true) {
            return;
        }
        let engine = self.pane.engine.borrow();
        let view = &mut self.spacetime.view;
        view.kinds = engine.protocol().kinds;
        view.axis = if engine.nested() {
            Axis::Order
        } else {
            Axis::Time
        };
        view.from = 0.0;
        view.to = span(view.axis, engine.pace());
    }
}

/// How long a window is at first.
fn span(axis: Axis, pace: f64) -> f64 {
    match axis {
        Axis::Time => (SECONDS * 1e6 * pace).max(1_000.0),
        Axis::Order => RECORDS,
    }
}
