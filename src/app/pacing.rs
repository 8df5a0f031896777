//! The gait of what is shown: quiet time fast, messages slowly, the calls of one instant one by one.

use super::App;
use super::visits::PausedReason;
use crate::engine::{Gait, Unfold};
use crate::storage;
use crate::text::time as words;

/// The gait in words, and how much of an instant is shown.
#[derive(Default)]
pub(super) struct GaitShown {
    pub words: String,
    pub unfold: Option<Unfold>,
}

impl App {
    /// Lets wall time pass for the visible runs at the gait; true if anything happened.
    #[inline(never)]
    pub(super) fn advance_paced(&mut self, wall_ms: f64) -> bool {
        let speed = self.motion.speed;
        let pacer = &mut self.motion.pacer;
        let Some(other) = self.other.as_deref() else {
            return pacer.advance(&mut self.pane.engine.borrow_mut(), None, wall_ms, speed);
        };
        let (left, right) = self.pane.and(other);
        let mut right = right.engine.borrow_mut();
        pacer.advance(
            &mut left.engine.borrow_mut(),
            Some(&mut right),
            wall_ms,
            speed,
        )
    }

    /// The instant that is shown message by message, of the active run if it has one.
    pub(super) fn unfolded(&self) -> Option<Unfold> {
        let panes = std::iter::once(&self.pane).chain(self.other.as_deref());
        let mut unfolded = panes.filter_map(|pane| pane.engine.borrow().unfolded());
        unfolded.next()
    }

    /// The gait for the bar of time.
    pub(super) fn gait_shown(&self) -> GaitShown {
        let unfold = self.unfolded();
        let gait = if self.motion.real {
            None
        } else if unfold.is_some() {
            Some(Gait::Calls)
        } else {
            self.motion.playing.then(|| self.motion.pacer.gait())
        };
        GaitShown {
            words: match (gait, self.motion.real) {
                (_, true) => words::REAL_SHORT.into(),
                (Some(gait), _) => words::gait(gait),
                (None, _) => String::new(),
            },
            unfold,
        }
    }

    /// Turns constant speed on or off.
    pub(super) fn set_real(&mut self, on: bool) {
        self.motion.real = on;
        self.motion.pacer = crate::engine::Pacer::default();
        storage::set_real_time(on);
        self.said.announcer.at_once(words::real_said(on).into());
    }

    /// Turns the first stops of scenarios on or off.
    pub(super) fn set_pauses(&mut self, on: bool) {
        self.opening.pauses = on;
        storage::set_pauses(on);
        if !on {
            self.panes()
                .for_each(|pane| pane.engine.borrow_mut().stop_first(None));
        }
    }

    /// Ends the instant that is shown message by message; time goes on as it was.
    pub(super) fn skip_instant(&mut self) {
        let mut skipped = false;
        self.panes().for_each(|pane| {
            let mut engine = pane.engine.borrow_mut();
            if engine.unfolded().is_some() {
                skipped |= engine.skip();
            }
        });
        if skipped {
            self.look_at_all(true);
            self.said.announcer.at_once(words::SKIPPED.into());
        }
    }

    /// Goes to where so many messages of this instant are done, then pauses.
    pub(super) fn go_to_call(&mut self, done: u64) {
        self.jump(|engine| engine.go_to_call(done));
    }

    /// Time stopped where the scenario says.
    #[inline(never)]
    pub(super) fn stand_first(&mut self) {
        self.play(false);
        self.motion.waits = Some(PausedReason::ToLook);
        // The caption has a button that says it; a toast would cover nodes.
        self.said.announcer.at_once(words::TO_LOOK.into());
    }
}
