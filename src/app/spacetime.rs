//! The space-time diagram on the page: its window, its selection, and its repaints.

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

/// The width of a window in seconds at normal speed, or in records on the order axis.
const SECONDS: f64 = 8.0;
const RECORDS: f64 = 60.0;

/// The diagram's own state; the page owns the selection.
pub(super) struct SpaceTime {
    pub(super) open: bool,
    tall: bool,
    table: bool,
    follow: bool,
    view: View,
    /// The present instant of the run.
    of: u32,
    /// The window has been chosen for this run.
    framed: bool,
    /// The event that the selected one is compared with.
    second: Option<u64>,
    /// The next picked event is compared with the selected one.
    picking: bool,
    /// The event with the keyboard focus.
    ring: Option<u64>,
    cones: Option<Cones>,
    /// The instant of the last repaint.
    stood: Option<(f64, u64)>,
    shown: Same<Shown>,
    host: NodeRef,
    painter: Option<Painter>,
    hands: Vec<Listener>,
    /// Something needs a repaint; everything does.
    stale: bool,
    whole: bool,
    /// How many records the painted content includes.
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
    /// Whether the diagram is docked below the stage.
    pub(super) fn spacetime_docked(&self) -> bool {
        self.reading.is_none() && self.spacetime.open && browser::wide()
    }

    /// Whether it is a tab.
    pub(super) fn spacetime_tabbed(&self) -> bool {
        self.reading.is_none() && !browser::wide()
    }

    /// Whether it is visible at all.
    fn spacetime_seen(&self) -> bool {
        if self.reading.is_some() {
            true
        } else if browser::wide() {
            self.spacetime.open
        } else {
            self.showing.tab == Tab::SpaceTime
        }
    }

    /// The visible window of the run, if the diagram is visible.
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

    /// Another run: resets window and selection.
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

    /// Makes the diagram show the active run.
    fn spacetime_look_at(&mut self) {
        if self.reading.is_none() && self.spacetime.of != self.pane.place {
            self.spacetime.of = self.pane.place;
            self.spacetime_reset();
        }
    }

    /// Requests a repaint; `whole`: including the content, not only the overlay.
    pub(super) fn spacetime_stale(&mut self, whole: bool) {
        if !self.spacetime_seen() {
            return;
        }
        self.spacetime.stale = true;
        self.spacetime.whole |= whole;
        self.motion.ticker.ask();
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

    /// Returns to the run and its kind of timestamps.
    pub(super) fn spacetime_leave_log(&mut self, stamps: Stamps) {
        self.spacetime.view = View {
            stamps,
            ..View::default()
        };
        self.spacetime_reset();
        self.spacetime_words();
    }

    /// The window for a run that was just opened.
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

/// The initial length of a window.
fn span(axis: Axis, pace: f64) -> f64 {
    match axis {
        Axis::Time => (SECONDS * 1e6 * pace).max(1_000.0),
        Axis::Order => RECORDS,
    }
}
