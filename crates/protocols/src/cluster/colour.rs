//! Agreeing on a colour, with and without a server that decides.

use faultline_sim::process::{Context, NodeId};
use serde::Serialize;

use super::marks;
use super::{DECIDER, Member, Message, PAINT, Timer, servers};

/// A server's colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Colour {
    Red,
    Blue,
    Green,
    Orange,
    Purple,
}

impl Colour {
    const ALL: [Colour; 5] = [
        Colour::Red,
        Colour::Blue,
        Colour::Green,
        Colour::Orange,
        Colour::Purple,
    ];

    /// Each server starts with its favourite; with more than five servers, some share one.
    fn favourite(id: NodeId) -> Self {
        Self::ALL[id.index() % Self::ALL.len()]
    }

    pub(super) fn word(self) -> &'static str {
        match self {
            Colour::Red => "red",
            Colour::Blue => "blue",
            Colour::Green => "green",
            Colour::Orange => "orange",
            Colour::Purple => "purple",
        }
    }
}

impl Member {
    /// Servers do not tell their colours in step: each starts at a random point of the first period.
    pub(super) fn start_painting(&mut self, cx: &mut Context<Self>) {
        let mut first = cx.duration(&PAINT);
        if first.0 == 0 {
            return;
        }
        self.colour = Some(Colour::favourite(cx.me()));
        first.0 = cx.rng().between(0, first.0);
        cx.set_timer(Timer::Paint, first);
    }

    pub(super) fn send_colour(&mut self, cx: &mut Context<Self>) {
        let colour = if cx.switch(&DECIDER) {
            self.colour.filter(|_| self.decider(cx) == cx.me())
        } else {
            Some(Colour::favourite(cx.me()))
        };
        if let Some(colour) = colour {
            self.colour = Some(colour);
            cx.send_all(&servers(cx), Message::Colour { colour });
        }
        cx.set_timer(Timer::Paint, cx.duration(&PAINT));
    }

    pub(super) fn receive_colour(&mut self, cx: &mut Context<Self>, from: NodeId, colour: Colour) {
        let believed = !cx.switch(&DECIDER) || self.decider(cx) == from;
        if believed && self.colour.is_some_and(|own| own != colour) {
            self.colour = Some(colour);
            cx.mark(&marks::PAINTED, colour.word());
        }
    }

    /// The lowest-numbered server that this one does not suspect.
    fn decider(&self, cx: &Context<Self>) -> NodeId {
        let suspected = |id: &NodeId| self.suspects().any(|peer| peer == *id);
        let lowest = servers(cx).into_iter().find(|id| !suspected(id));
        lowest.map_or(cx.me(), |id| id.min(cx.me()))
    }
}
