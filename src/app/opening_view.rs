//! The view that a scenario opens with: which panel, the diagram, the speed, and where it stops first.

use faultline_sim::standing::Panel;

use super::App;
use crate::browser;
use crate::ui::Tab;

impl App {
    /// Shows a scenario that a person has just opened as it says, and lets it stop where it says, once.
    /// A link that brings an instant or a view is left alone.
    #[inline(never)]
    pub(super) fn show_view(&mut self) {
        let (view, name) = {
            let engine = self.pane.engine.borrow();
            (engine.scenario().view, engine.recipe().scenario)
        };
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
