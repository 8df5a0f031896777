//! Unfolded instants: in a run of direct calls everything happens at one instant. While it plays, its
//! messages are shown one after another: the clock stands, the cursor goes from one to the next, and
//! the present message travels in display time.

use faultline_sim::frame::{Fate, Frame};
use faultline_sim::time::{Duration, Time};

use super::{Engine, FRAME_BUDGET, MOST_AT_ONCE};

/// Wall milliseconds that a message takes at speed 1x.
const CALL_MS: f64 = 400.0;
/// Wall milliseconds that an instant takes at most.
const INSTANT_MS: f64 = 15_000.0;
/// The way of a message on the display's clock: too short for timers and times to tell.
const WAY: Duration = Duration(100);

/// An instant that is shown message by message.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unfold {
    /// Messages that have arrived or were lost.
    pub done: u64,
    /// All of this instant, as far as they were counted.
    pub total: u64,
    /// There are more.
    pub more: bool,
    /// How far the present one has come, from 0 to 1.
    part: f64,
    /// Wall milliseconds since it began.
    spent: f64,
    /// Where the cursor stands.
    moves: u64,
}

impl Unfold {
    /// Wall milliseconds for each message.
    fn each(&self) -> f64 {
        if self.spent >= INSTANT_MS {
            // There were more than could be counted.
            return 0.0;
        }
        CALL_MS.min(INSTANT_MS / self.total.max(1) as f64)
    }

    /// The part of the instant that has been shown.
    pub fn progress(&self) -> f64 {
        (self.done as f64 + self.part) / self.total.max(1) as f64
    }
}

impl Engine {
    /// Whether a message of a direct call is about to arrive.
    pub(super) fn is_calling(&self) -> bool {
        self.timeline.world().next_call().is_some()
    }

    /// The instant that is shown message by message, if the cursor stands in one.
    pub fn unfolded(&self) -> Option<Unfold> {
        let unfold = self.unfold?;
        (unfold.moves == self.timeline.moves() && self.is_calling()).then_some(unfold)
    }

    /// Lets the calls of this instant pass; returns the wall time that is left after the last one.
    pub(super) fn unfold(&mut self, wall: f64) -> f64 {
        let mut unfold = self.unfolded().unwrap_or_else(|| self.counted());
        let (now, mut left) = (self.timeline.now(), wall);
        for _ in 0..FRAME_BUDGET {
            let need = unfold.each() * (1.0 - unfold.part);
            if left < need {
                unfold.part += left / unfold.each();
                unfold.spent += left;
                left = 0.0;
                break;
            }
            left -= need;
            unfold.spent += need;
            unfold.part = 0.0;
            unfold.done += 1;
            self.run_to_stop(now, 1);
            // Starts and ticks need no time.
            while !self.is_calling() && !self.has_stopped() && self.timeline.next_at() == Some(now)
            {
                self.run_to_stop(now, 1);
            }
            if !self.is_calling() || self.has_stopped() {
                break;
            }
        }
        unfold.total = unfold.total.max(unfold.done + u64::from(self.is_calling()));
        unfold.moves = self.timeline.moves();
        self.rest = 0.0;
        self.unfold = Some(unfold).filter(|_| self.is_calling());
        left
    }

    fn counted(&self) -> Unfold {
        let (done, calls) = (self.timeline.calls_done(), self.timeline.calls_ahead());
        Unfold {
            done,
            total: done + calls.messages,
            more: calls.more,
            moves: self.timeline.moves(),
            ..Unfold::default()
        }
    }

    /// Ends this instant at once; true if there was anything to end.
    pub fn skip(&mut self) -> bool {
        let now = self.timeline.now();
        let before = self.timeline.moves();
        for _ in 0..MOST_AT_ONCE {
            if self.timeline.next_at() != Some(now) || !self.timeline.step() {
                break;
            }
        }
        self.unfold = None;
        self.timeline.moves() != before
    }

    /// Goes to where so many messages of this instant are done.
    pub fn go_to_call(&mut self, done: u64) {
        let now = self.timeline.now();
        self.rest = 0.0;
        while self.timeline.calls_done() > done && self.timeline.step_back() {
            if self.timeline.now() < now {
                self.timeline.step();
                break;
            }
        }
        while self.timeline.calls_done() < done && self.timeline.next_at() == Some(now) {
            self.timeline.step();
        }
        self.unfold = self.is_calling().then(|| self.counted());
    }

    /// The display's clock is this much ahead of the run's.
    #[inline(never)]
    pub(super) fn shown_ahead(&self) -> f64 {
        self.unfolded()
            .map_or(0.0, |unfold| unfold.part * WAY.0 as f64)
    }

    /// Puts the present message on its way on the display's clock.
    #[inline(never)]
    pub(super) fn show_call(&self, frame: &mut Frame) {
        if self.unfolded().is_none() {
            return;
        }
        let Some(call) = self.timeline.world().next_call() else {
            return;
        };
        let end = frame.time + WAY;
        let mut messages = frame.messages.iter_mut();
        if let Some(message) = messages.find(|message| message.address == call.address) {
            (message.sent, message.arrives) = (frame.time, end);
            if call.blocked {
                message.fate = Fate::Blocked { at: end };
            }
        }
        // The message before has arrived.
        frame.time = Time(end.0);
    }
}
