//! Channels that keep their order: messages are numbered, and what overtakes waits.

use faultline_sim::process::{Context, NodeId};
use faultline_sim::sorted::SortedMap;
use serde::Serialize;

use super::descriptor::FIFO;
use super::{Branch, Message, marks};

/// Where a message stands on its channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Place {
    /// The era of the sender.
    pub era: u32,
    /// The era of the receiver, as the sender knows it.
    pub known: u32,
    /// From 1, while neither of the two goes back.
    pub number: u32,
}

/// What a branch knows of its two channels with another branch.
#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct Channel {
    /// The era of the other branch. Kept on disk.
    pub era: u32,
    /// How many messages were sent in these eras.
    pub sent: u32,
    /// How many messages were handled in these eras.
    pub handled: u32,
    /// What came too early, by era and number.
    pub early: SortedMap<(u32, u32), Message>,
}

impl Message {
    /// None: it opens an era, and needs no place.
    fn place(&self) -> Option<Place> {
        match self {
            Message::Money { place, .. }
            | Message::Marker { place, .. }
            | Message::Report { place, .. } => Some(*place),
            Message::Undo { .. } => None,
        }
    }
}

impl Branch {
    pub(super) fn next_place(&mut self, to: NodeId) -> Place {
        let channel = self.channels.entry(to).or_default();
        channel.sent += 1;
        Place {
            era: self.era,
            known: channel.era,
            number: channel.sent,
        }
    }

    pub(super) fn receive(&mut self, cx: &mut Context<Self>, from: NodeId, message: Message) {
        let Some(place) = message.place() else {
            return self.handle(cx, from, message);
        };
        let opened = || Channel {
            era: place.era,
            ..Channel::default()
        };
        let channel = self.channels.entry(from).or_insert_with(opened);
        // What was undone on either side is as if it had never been sent.
        if place.known != self.era || place.era < channel.era {
            return;
        }
        let in_order = !cx.switch(&FIFO) || place.number == channel.handled + 1;
        if place.era == channel.era {
            if cx.switch(&FIFO) && place.number <= channel.handled {
                return;
            }
            if !in_order {
                cx.mark(&marks::HOLDS, (from, channel.handled + 1));
            }
        }
        channel.early.insert((place.era, place.number), message);
        self.handle_waiting(cx, from);
    }

    /// Handles what has waited and may be handled now.
    pub(super) fn handle_waiting(&mut self, cx: &mut Context<Self>, from: NodeId) {
        loop {
            let Some(channel) = self.channels.get_mut(&from) else {
                return;
            };
            let (era, next) = (channel.era, channel.handled + 1);
            let fifo = cx.switch(&FIFO);
            let fits = |key: &&(u32, u32)| key.0 == era && (key.1 == next || !fifo);
            let Some(key) = channel.early.keys().find(fits).copied() else {
                return;
            };
            let Some(message) = channel.early.remove(&key) else {
                return;
            };
            channel.handled = channel.handled.max(key.1);
            self.handle(cx, from, message);
        }
    }

    fn handle(&mut self, cx: &mut Context<Self>, from: NodeId, message: Message) {
        match message {
            Message::Money { total, .. } => self.take(cx, from, total),
            Message::Marker { snapshot, .. } => self.receive_marker(cx, from, snapshot),
            Message::Report { snapshot, part, .. } => self.gather(cx, from, snapshot, part),
            Message::Undo {
                era,
                known,
                paid,
                got,
            } => self.receive_undo(cx, from, (era, known), (paid, got)),
        }
    }
}
