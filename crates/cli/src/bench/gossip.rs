//! W3: a node that knows a rumour repeatedly pushes it to a few others.

use faultline_sim::frame::{NodeFrame, Tone};
use faultline_sim::node::{Fleet, Typed};
use faultline_sim::process::{Context, NodeId, Process, Start};
use faultline_sim::settings::Settings;
use faultline_sim::time::Duration;
use faultline_sim::world::World;
use serde::Serialize;

use super::{FAN_OUT, GOSSIP_NODES, PERIOD};

#[derive(Clone, Default, Hash, Serialize)]
struct Gossip {
    informed: bool,
    heard: u64,
}

faultline_sim::messages! {
    enum Message {
        Rumour => Data "" "sends",
    }
}

faultline_sim::timers! {
    enum Timer {
        Push,
    }
}

impl Process for Gossip {
    type Message = Message;
    type Timer = Timer;
    type Request = ();
    type Reply = ();

    fn new(_me: NodeId, _settings: &Settings) -> Self {
        Self::default()
    }

    fn on_start(&mut self, cx: &mut Context<Self>, _start: Start) {
        self.informed = cx.me() == NodeId(1);
        let turn = u64::from(cx.me().0 - 1);
        cx.set_timer(
            Timer::Push,
            Duration(PERIOD.0 * turn / u64::from(GOSSIP_NODES)),
        );
    }

    fn on_timer(&mut self, cx: &mut Context<Self>, timer: Timer) {
        if self.informed {
            for _ in 0..FAN_OUT {
                let other = cx.rng().below(u64::from(GOSSIP_NODES) - 1) as u32 + 1;
                let other = other + u32::from(other >= cx.me().0);
                cx.send(NodeId(other), Message::Rumour);
            }
        }
        cx.set_timer(timer, PERIOD);
    }

    fn on_message(&mut self, _: &mut Context<Self>, _: NodeId, _: Message) {
        self.informed = true;
        self.heard += 1;
    }

    fn recover(&self, _: &mut Context<Self>) -> Self {
        Self::default()
    }

    fn draw(&self, _: &Settings, to: &mut NodeFrame) {
        to.set("node", Tone::Calm);
    }
}

pub fn fleet() -> Box<dyn Fleet> {
    Typed::<Gossip>::boxed()
}

pub fn delivered(world: &World) -> u64 {
    let node = |id| world.node::<Gossip>(id).map_or(0, |node| node.heard);
    world.ids().map(node).sum()
}
