use faultline_sim::frame::{NodeFrame, Tone};
use faultline_sim::network::{Latency, Link};
use faultline_sim::node::Typed;
use faultline_sim::process::{Context, NodeId, Process, Start};
use faultline_sim::settings::Settings;
use faultline_sim::time::{Duration, Time};
use faultline_sim::world::{Limits, World};
use serde::{Deserialize, Serialize};

/// Answers every ping, and counts.
#[derive(Clone, Hash, Serialize)]
struct Echo {
    pings: u32,
    pongs: u32,
}

faultline_sim::messages! {
    enum Message {
        Ping => Request "?" "asks for an answer",
        Pong => Ack "!" "answers",
    }
}

faultline_sim::timers! {
    enum Timer {
        Again,
    }
}

#[derive(Clone, Debug, Hash, Serialize, Deserialize)]
struct NoRequest;

impl Process for Echo {
    type Message = Message;
    type Timer = Timer;
    type Request = NoRequest;
    type Reply = ();

    fn new(_me: NodeId, _settings: &Settings) -> Self {
        Echo { pings: 0, pongs: 0 }
    }

    fn on_start(&mut self, cx: &mut Context<Self>, _start: Start) {
        cx.set_timer(Timer::Again, Duration::millis(100));
    }

    fn on_timer(&mut self, cx: &mut Context<Self>, timer: Timer) {
        cx.broadcast(Message::Ping);
        cx.set_timer(timer, Duration::millis(100));
    }

    fn on_message(&mut self, cx: &mut Context<Self>, from: NodeId, message: Message) {
        match message {
            Message::Ping => {
                self.pings += 1;
                cx.send(from, Message::Pong);
            }
            Message::Pong => self.pongs += 1,
        }
    }

    fn recover(&self, _cx: &mut Context<Self>) -> Self {
        Echo { pings: 0, pongs: 0 }
    }

    fn draw(&self, _settings: &Settings, to: &mut NodeFrame) {
        to.set("echo", Tone::Calm);
    }
}

fn main() {
    let fleet = Typed::<Echo>::boxed();
    let settings = Settings::new(&[], &[]);
    let link = Link::new(Latency::Constant(Duration::millis(5)));
    let mut world = World::new(fleet, settings, 7, link, false, Limits::default());
    for _ in 0..3 {
        world.spawn(true);
    }
    world.run_until(Time(1_000_000));
    let first = world.node::<Echo>(NodeId(1)).unwrap();
    // Ten pings to each of two peers; the last two answers are still on their way.
    assert_eq!((first.pings, first.pongs), (18, 18));
}
