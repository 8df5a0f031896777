//! The view that a scenario opens with: which panel, the diagram, the speed, and where it stops first.

use faultline_sim::standing::{Panel, View};

use super::App;
use crate::browser;
use crate::ui::Tab;

impl App {
    /// The panel that a scenario opens with.
    fn show_tab(&mut self, view: &View) {
        if self.in_lesson() {
            // The lesson stays in sight.
            return;
        }
        let tab = view.panel.and_then(|panel| match panel {
            Panel::Inspect => Some(Tab::Inspect),
            Panel::Log => Some(Tab::Log),
            Panel::Measures => Some(Tab::Measures),
            Panel::Settings => Some(Tab::Settings),
            Panel::Code => Some(Tab::Code),
            // They have their own place.
            Panel::Requests => None,
        });
        if let Some(tab) = tab {
            self.showing.tab = tab;
            self.showing.side = true;
        }
    }

    /// A person does not want to guess: the scenario shows itself, as it would without a question.
    pub(super) fn just_watch(&mut self) {
        let view = self.pane.engine.borrow().scenario().view;
        self.show_tab(&view);
        let stop = view.stop.filter(|_| !self.in_lesson());
        self.pane.engine.borrow_mut().stop_first(stop);
        self.play(true);
    }

    /// Shows a scenario that a person has just opened as it says, and lets it stop where it says, once.
    /// A link that brings an instant or a view is left alone.
    #[inline(never)]
    pub(super) fn show_view(&mut self) {
        let (view, name) = {
            let engine = self.pane.engine.borrow();
            (engine.scenario().view, engine.recipe().scenario)
        };
        self.show_tab(&view);
        if view.diagram {
            self.spacetime.open = true;
        }
        // What another scenario asked for ends with it.
        let plain = (view.speed - 1.0).abs() < f64::EPSILON;
        if !plain || self.opening.speed_of_view {
            self.motion.speed = view.speed;
            self.opening.speed_of_view = !plain;
        }
        let first = self.opening.seen.insert(name);
        if first && self.opening.pauses && !browser::asks_for_pause() {
            self.pane.engine.borrow_mut().stop_first(view.stop);
        }
        self.ask_here(true);
        self.spacetime_stale(true);
        self.refresh_panels();
    }
}
