//! Timers that a handler sets, replaces and cancels.

use faultline_sim::event::Event;
use faultline_sim::frame::NodeFrame;
use faultline_sim::network::{Latency, Link};
use faultline_sim::node::Typed;
use faultline_sim::process::{Context, NodeId, Process, Start};
use faultline_sim::settings::Settings;
use faultline_sim::time::{Duration, Time};
use faultline_sim::world::{Limits, World};
use serde::Serialize;

/// Sets one timer twice and another one not at all, in one handler.
#[derive(Clone, Hash, Serialize)]
struct Undecided {
    fired: u32,
}

faultline_sim::messages! {
    enum Message {
        Nothing => Data "" "sends",
    }
}

faultline_sim::timers! {
    enum Timer {
        Twice,
        Never,
    }
}

impl Process for Undecided {
    type Message = Message;
    type Timer = Timer;
    type Request = ();
    type Reply = ();

    fn new(_me: NodeId, _settings: &Settings) -> Self {
        Self { fired: 0 }
    }

    fn on_start(&mut self, cx: &mut Context<Self>, _start: Start) {
        cx.set_timer(Timer::Twice, Duration::millis(10));
        cx.set_timer(Timer::Never, Duration::millis(15));
        cx.set_timer(Timer::Twice, Duration::millis(20));
        cx.cancel_timer(&Timer::Never);
    }

    fn on_message(&mut self, _cx: &mut Context<Self>, _from: NodeId, _message: Message) {}

    fn on_timer(&mut self, _cx: &mut Context<Self>, timer: Timer) {
        assert!(matches!(timer, Timer::Twice));
        self.fired += 1;
    }

    fn recover(&self, _cx: &mut Context<Self>) -> Self {
        Self { fired: 0 }
    }

    fn draw(&self, _settings: &Settings, _frame: &mut NodeFrame) {}
}

#[test]
fn what_a_handler_takes_back_leaves_no_record() {
    let link = Link::new(Latency::Constant(Duration::millis(1)));
    let settings = Settings::new(&[], &[]);
    let fleet = Typed::<Undecided>::boxed();
    let mut world = World::new(fleet, settings, 1, link, false, Limits::default());
    world.spawn(true);
    world.run_until(Time(100_000));
    let set = world
        .take_records()
        .into_iter()
        .filter_map(|record| match record.event {
            Event::TimerSet { timer, due, .. } => Some((timer, due)),
            _ => None,
        });
    assert_eq!(set.collect::<Vec<_>>(), [("Twice", Time(20_000))]);
    assert_eq!(world.node::<Undecided>(NodeId(1)).unwrap().fired, 1);
}
