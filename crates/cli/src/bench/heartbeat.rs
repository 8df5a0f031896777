//! W1: every node repeatedly sends a heartbeat to every other node.

use faultline_sim::frame::{NodeFrame, Tone};
use faultline_sim::node::{Fleet, Typed};
use faultline_sim::process::{Context, NodeId, Process, Start};
use faultline_sim::settings::Settings;
use faultline_sim::time::{Duration, LocalTime};
use faultline_sim::world::World;
use serde::Serialize;

use super::{HEARTBEAT_NODES, PERIOD};

#[derive(Clone, Default, Hash, Serialize)]
struct Heartbeat {
    /// When this node last heard from each other node.
    heard: [LocalTime; HEARTBEAT_NODES as usize],
    beats: u64,
}

faultline_sim::messages! {
    enum Message {
        Beat => Data "" "sends",
    }
}

faultline_sim::timers! {
    enum Timer {
        Beat,
    }
}

impl Process for Heartbeat {
    type Message = Message;
    type Timer = Timer;
    type Request = ();
    type Reply = ();

    fn new(_me: NodeId, _settings: &Settings) -> Self {
        Self::default()
    }

    fn on_start(&mut self, cx: &mut Context<Self>, _start: Start) {
        let turn = u64::from(cx.me().0 - 1);
        cx.set_timer(
            Timer::Beat,
            Duration(PERIOD.0 * turn / u64::from(HEARTBEAT_NODES)),
        );
    }

    fn on_timer(&mut self, cx: &mut Context<Self>, timer: Timer) {
        cx.broadcast(Message::Beat);
        cx.set_timer(timer, PERIOD);
    }

    fn on_message(&mut self, cx: &mut Context<Self>, from: NodeId, _: Message) {
        self.heard[from.index()] = cx.now();
        self.beats += 1;
    }

    fn recover(&self, _: &mut Context<Self>) -> Self {
        Self::default()
    }

    fn draw(&self, _: &Settings, to: &mut NodeFrame) {
        to.set("node", Tone::Calm);
    }
}

pub fn fleet() -> Box<dyn Fleet> {
    Typed::<Heartbeat>::boxed()
}

pub fn delivered(world: &World) -> u64 {
    let node = |id| world.node::<Heartbeat>(id).map_or(0, |node| node.beats);
    world.ids().map(node).sum()
}
