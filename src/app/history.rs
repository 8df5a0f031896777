//! Histories of clients: the one of the run, up to its present instant, and one from a file.

mod board;
mod file;

use faultline_sim::judge::Operations;
use faultline_sim::time::Time;
use yew::prelude::*;

use super::App;
use crate::browser;
use crate::engine::Engine;
use crate::moments::Moment;
use crate::text::history as words;
use crate::ui::act::ViewAct;
use crate::ui::history::{Deed, Fault, History as Panel};
use crate::ui::{Act, Tab};
use board::{Around, Board, STEPS};
use file::File;

/// Steps of the search for an order that one look may cost.
const LOOK: u64 = 20_000;
/// The shortest time between two searches for all promises while the run plays, in milliseconds.
const APART_MS: f64 = 400.0;
/// A search rests for so many times its own length, so that it takes less than a twentieth of all time.
const REST: f64 = 20.0;

/// What is open; made when it is needed.
pub(super) struct Histories {
    run: Board,
    /// When all promises may be searched again.
    climbs_at: f64,
    file: Option<File>,
}

impl Histories {
    fn new(history: &Operations) -> Self {
        Self {
            run: Board::new(history),
            climbs_at: 0.0,
            file: None,
        }
    }
}

/// The faults of a run, for the picture.
fn faults(engine: &mut Engine) -> Vec<(u32, u64, Fault)> {
    let fault = |(place, spot): (u32, crate::moments::Spot)| {
        let fault = Fault {
            word: words::fault(spot.kind, &spot.text),
            breaks: matches!(spot.kind, Moment::Crash | Moment::Partition),
            told: spot.text,
        };
        (place, spot.time.0, fault)
    };
    engine.fault_spots().into_iter().map(fault).collect()
}

impl App {
    /// Whether the run has a history.
    pub(super) fn has_history(&self) -> bool {
        self.pane.engine.borrow().judge().is_some()
    }

    fn history_seen(&self) -> bool {
        let side = self.showing.side || !browser::wide();
        side && self.showing.tab == Tab::History
    }

    /// Brings the tab up to the present instant, if it is visible.
    #[inline(never)]
    pub(super) fn history_refresh(&mut self) {
        if self.history_seen() {
            self.history_look();
        }
    }

    fn history_look(&mut self) {
        let playing = self.motion.playing;
        let mut engine = self.pane.engine.borrow_mut();
        let faults = faults(&mut engine);
        let now: Time = engine.now();
        let Some(judge) = engine.judge() else {
            return;
        };
        let histories = self
            .history
            .get_or_insert_with(|| Box::new(Histories::new(judge.history())));
        let board = &mut histories.run;
        if board.judged.follow(judge.history()) {
            board.steps = STEPS;
        }
        board.judged.advance(&mut LOOK.clone());
        let clock = browser::clock_ms();
        if !board.judged.is_climbed() && (!playing || clock >= histories.climbs_at) {
            board.judged.climb(&mut board.steps.clone());
            let end = browser::clock_ms();
            histories.climbs_at = end + APART_MS.max((end - clock) * REST);
        }
        board.tell(&Around {
            now: now.0,
            faults: &faults,
            judge: Some(judge),
        });
    }

    #[inline(never)]
    pub(super) fn history_deed(&mut self, ctx: &Context<Self>, deed: Deed) {
        if deed == Deed::Open {
            self.act(ctx, Act::View(ViewAct::Tab(Tab::History)));
            browser::focus("#tab-History");
            return;
        }
        if deed == Deed::Slice {
            return self.history_slice(ctx);
        }
        let file = self.history.as_mut().and_then(|own| own.file.as_mut());
        if let Some(file) = file {
            if deed == Deed::Close {
                return self.close_history();
            }
            let said = file.act(ctx, deed);
            if let Some(said) = said {
                self.said.announcer.at_once(said);
            }
            return;
        }
        let Some(histories) = &mut self.history else {
            return;
        };
        let board = &mut histories.run;
        if deed == Deed::GoOn {
            board.steps = board.steps.saturating_mul(10);
            board.judged.advance(&mut board.steps.clone());
            board.judged.climb(&mut board.steps.clone());
            let said = words::strongest(&board.judged.rungs());
            self.said.announcer.at_once(said);
        } else if let Some(said) = board.act(deed) {
            self.said.announcer.at_once(said);
        }
        self.history_look();
    }

    /// The tab's content.
    #[inline(never)]
    pub(super) fn history_panel(&self, on_act: &Callback<Act>) -> Html {
        let Some(histories) = &self.history else {
            return Html::default();
        };
        html! { <Panel shown={histories.run.shown.clone()} on_act={on_act.clone()} /> }
    }
}
