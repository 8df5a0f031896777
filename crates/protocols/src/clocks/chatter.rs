//! Parameter `chatter`: random events at every node.

use faultline_sim::process::Context;
use faultline_sim::time::Duration;

use super::common::CHATTER;
use super::{Clock, Member, Timer};

impl Member {
    /// The next event comes after half to one and a half times the mean.
    pub(super) fn schedule_next_act(&self, cx: &mut Context<Self>) {
        let every = cx.duration(&CHATTER).0;
        if every > 0 {
            let next = cx.rng().between(every / 2, every + every / 2);
            cx.set_timer(Timer::Act, Duration(next));
        }
    }

    /// Of six events, three are messages to one node. With vector clocks, one is a broadcast.
    pub(super) fn act(&mut self, cx: &mut Context<Self>) {
        let choice = cx.rng().below(6);
        match cx.random_peer() {
            Some(_) if choice == 0 && matches!(self.clock, Clock::Vector(_)) => {
                self.broadcast(cx, String::new());
            }
            Some(to) if (1..4).contains(&choice) => self.send(cx, to),
            _ => self.local_event(cx),
        }
    }
}
