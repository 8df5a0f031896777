//! The subject of the diagram: the active run, or an open log.

use std::cell::Ref;

use faultline_diagram::{Axis, Flight, Index, View};

use crate::app::pane::Pane;
use crate::app::reading::Reading;
use crate::engine::{Engine, Reading as Progress};
use crate::layout;
use crate::ui::Selection;

pub(super) enum Subject<'a> {
    Run(Ref<'a, Engine>, &'a Pane),
    Log(&'a Reading),
}

/// Borrows only what it needs, so that the rest of the page can change meanwhile.
pub(super) fn subject<'a>(pane: &'a Pane, log: &'a Option<Reading>) -> Subject<'a> {
    match log {
        Some(log) => Subject::Log(log),
        None => Subject::Run(pane.engine.borrow(), pane),
    }
}

impl Subject<'_> {
    pub(super) fn index(&self) -> &Index {
        match self {
            Self::Run(engine, _) => engine.diagram(),
            Self::Log(log) => &log.index,
        }
    }

    pub(super) fn selection(&self) -> Selection {
        match self {
            Self::Run(_, pane) => pane.selection,
            Self::Log(log) => log.selection,
        }
    }

    /// The selected event.
    pub(super) fn selected(&self) -> Option<u64> {
        match self.selection() {
            Selection::Record(seq) => Some(seq),
            _ => None,
        }
    }

    /// The present instant and record; a log has none.
    pub(super) fn now(&self) -> (f64, u64) {
        match self {
            Self::Run(engine, _) => (engine.clock(), engine.records()),
            Self::Log(_) => (f64::MAX, u64::MAX),
        }
    }

    pub(super) fn in_past(&self) -> bool {
        match self {
            Self::Run(engine, _) => engine.in_past(),
            Self::Log(_) => false,
        }
    }

    /// The number of all records, read or not.
    pub(super) fn records(&self) -> u64 {
        match self {
            Self::Run(engine, _) => engine.records_seen(),
            Self::Log(log) => log.index.len(),
        }
    }

    /// How much of a window the index has read.
    pub(super) fn reading(&self, view: &View) -> Progress {
        match self {
            Self::Run(engine, _) => engine.diagram_reading(view),
            Self::Log(_) => Progress::Whole,
        }
    }

    /// The end of the axis.
    pub(super) fn end(&self, axis: Axis) -> f64 {
        match (self, axis) {
            (Self::Run(engine, _), Axis::Time) => engine.edge().0 as f64,
            _ => self.records() as f64,
        }
    }

    /// Simulator time per second at normal speed.
    pub(super) fn pace(&self) -> f64 {
        match self {
            Self::Run(engine, _) => engine.pace(),
            Self::Log(_) => 1.0,
        }
    }

    /// Messages in flight.
    pub(super) fn flights(&self) -> Vec<Flight> {
        let Self::Run(engine, pane) = self else {
            return Vec::new();
        };
        let flights = pane.frame.messages.iter().map(|message| Flight {
            address: message.address,
            progress: layout::progress(message, engine.clock()),
        });
        flights.collect()
    }
}
