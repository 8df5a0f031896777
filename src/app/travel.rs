//! Moving the run in time: play, step, jump.

use std::rc::Rc;

use faultline_sim::time::Time;
use faultline_sim::timeline::Target;

use super::App;
use crate::engine::Engine;
use crate::text;
use crate::ui::Selection;
use crate::ui::act::TravelAct;
use crate::ui::transport::{self, FASTEST, SLOWEST};

impl App {
    pub(super) fn travel_act(&mut self, act: TravelAct) {
        match act {
            TravelAct::Play(on) => self.play(on),
            TravelAct::Step(events) => self.step(events),
            TravelAct::Go(Target::Record(seq)) => {
                self.jump(|engine| engine.go(Target::Record(seq)));
                let detail = self.pane.engine.borrow_mut().event_detail(seq);
                self.pane.event = detail.map(Rc::new);
                self.pane.selection = Selection::Record(seq);
                self.pane.picked = None;
                self.spacetime_stale(false);
            }
            TravelAct::Go(target) => self.jump(|engine| engine.go(target)),
            TravelAct::Skip => self.skip_instant(),
            // While an instant is shown message by message, its end comes first.
            TravelAct::Live if self.unfolded().is_some() && !self.past() => self.skip_instant(),
            TravelAct::Live => self.live(),
            TravelAct::Call(done) => self.go_to_call(done),
            TravelAct::Real(on) => self.set_real(on),
            TravelAct::Pauses(on) => self.set_pauses(on),
            TravelAct::Moment(forward) => self.go_to_moment(forward),
            TravelAct::StopAt(kind, on) => {
                self.panes()
                    .for_each(|pane| pane.engine.borrow_mut().stop_at(kind, on));
            }
            TravelAct::Speed(factor) => self.motion.speed = factor,
            TravelAct::ChangeSpeed(by) => {
                let notch = (transport::notch(self.motion.speed) + by).clamp(SLOWEST, FASTEST);
                self.motion.speed = transport::factor(notch);
                let spoken = text::speed_spoken(self.motion.speed);
                self.said.announcer.at_once(spoken);
            }
            TravelAct::Rewind => self.rewind(),
        }
    }

    pub(super) fn play(&mut self, on: bool) {
        self.motion.playing = on;
        self.motion.waits = None;
        self.motion.last_tick = None;
        if on {
            self.motion.ticker.ask();
        } else {
            self.motion.ticker.stop();
            self.look_at_all(false);
        }
    }

    /// Goes some events forward or back, then pauses.
    fn step(&mut self, events: i32) {
        self.motion.playing = false;
        self.motion.waits = None;
        self.motion.ticker.stop();
        let moved = self.step_runs(events);
        let flights = self.panes().filter_map(|pane| pane.flight.as_mut());
        flights.for_each(|flight| flight.settle());
        self.look_at_all(events != 1);
        self.pane.heard = self.pane.engine.borrow().records();
        let told = self.pane.engine.borrow_mut().sentence(self.pane.heard);
        let at = text::instant(self.pane.frame.time);
        self.said.announcer.at_once(match (moved, told) {
            (false, _) => text::no_step(events > 0),
            (true, Some(sentence)) => format!("{at}: {sentence}"),
            (true, None) => at,
        });
    }

    /// Goes to another instant, then pauses so that the person can read it.
    pub(super) fn jump(&mut self, go: impl FnOnce(&mut Engine)) {
        self.motion.playing = false;
        self.motion.waits = None;
        self.motion.ticker.stop();
        go(&mut self.pane.engine.borrow_mut());
        self.follow();
        self.pane.heard = self.pane.engine.borrow().records();
        self.look_at_all(true);
        self.said
            .announcer
            .at_once(text::instant(self.pane.frame.time));
    }

    /// Goes to the next or previous moment, then pauses.
    fn go_to_moment(&mut self, forward: bool) {
        let mut found = None;
        self.jump(|engine| {
            found = if forward {
                engine.next_moment()
            } else {
                engine.previous_moment()
            };
        });
        let said = match found {
            Some(spot) => text::moment(&spot),
            None => text::no_moment(forward, self.pane.frame.time),
        };
        self.said.announcer.at_once(said);
    }

    fn live(&mut self) {
        let edges = self.panes().map(|pane| pane.engine.borrow().edge());
        let edge = edges.max().unwrap_or_default();
        self.pane.engine.borrow_mut().go(Target::Time(edge));
        self.follow();
        self.pane.heard = self.pane.engine.borrow().records();
        self.look_at_all(true);
        self.said.announcer.at_once(text::LIVE_NOW.into());
    }

    /// Goes to just before the person's first command.
    fn rewind(&mut self) {
        let first = self
            .pane
            .engine
            .borrow()
            .commands()
            .first()
            .and_then(|timed| timed.at.time);
        if let Some(time) = first {
            self.jump(|engine| engine.go(Target::Time(Time(time.0.saturating_sub(200_000)))));
        }
    }
}
