//! W2: a token circulates on a ring forever.

use faultline_sim::frame::{NodeFrame, Tone};
use faultline_sim::node::{Fleet, Typed};
use faultline_sim::process::{Context, NodeId, Process, Start};
use faultline_sim::settings::Settings;
use faultline_sim::world::World;
use serde::Serialize;

use super::TOKEN_NODES;

#[derive(Clone, Default, Hash, Serialize)]
struct Ring {
    hops: u64,
}

faultline_sim::messages! {
    enum Message {
        Token => Data "" "sends",
    }
}

impl Process for Ring {
    type Message = Message;
    type Timer = ();
    type Request = ();
    type Reply = ();

    fn new(_me: NodeId, _settings: &Settings) -> Self {
        Self::default()
    }

    fn on_start(&mut self, cx: &mut Context<Self>, _start: Start) {
        if cx.me() == NodeId(1) {
            cx.send(NodeId(2), Message::Token);
        }
    }

    fn on_message(&mut self, cx: &mut Context<Self>, _: NodeId, token: Message) {
        self.hops += 1;
        cx.send(NodeId(cx.me().0 % TOKEN_NODES + 1), token);
    }

    fn recover(&self, _: &mut Context<Self>) -> Self {
        Self::default()
    }

    fn draw(&self, _: &Settings, to: &mut NodeFrame) {
        to.set("node", Tone::Calm);
    }
}

pub fn fleet() -> Box<dyn Fleet> {
    Typed::<Ring>::boxed()
}

pub fn delivered(world: &World) -> u64 {
    let node = |id| world.node::<Ring>(id).map_or(0, |node| node.hops);
    world.ids().map(node).sum()
}
