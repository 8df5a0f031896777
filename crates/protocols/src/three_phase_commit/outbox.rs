//! Messages that a node still has to send. They leave one after another, so a crash may come between two.

use faultline_sim::process::{Context, NodeId};
use faultline_sim::sorted::SortedMap;
use serde::Serialize;

use super::descriptor::GAP;
use super::{Message, Node, Timer, Tx};

/// For each transaction, whom to tell what, in order. Lost in a crash.
#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct Outbox(SortedMap<Tx, Vec<(NodeId, Message)>>);

impl Outbox {
    /// Sends these, in place of what is still to be sent about this transaction.
    pub fn put(&mut self, cx: &mut Context<Node>, tx: Tx, messages: Vec<(NodeId, Message)>) {
        self.0.insert(tx, messages);
        cx.set_timer(Timer::Send { tx }, cx.duration(&GAP));
    }

    /// Sends the same to each of these.
    pub fn tell(&mut self, cx: &mut Context<Node>, tx: Tx, to: &[NodeId], message: &Message) {
        let messages = to.iter().map(|id| (*id, message.clone())).collect();
        self.put(cx, tx, messages);
    }

    /// The next one's time has come.
    pub fn send_next(&mut self, cx: &mut Context<Node>, tx: Tx) {
        let Some(left) = self.0.get_mut(&tx) else {
            return;
        };
        if !left.is_empty() {
            let (to, message) = left.remove(0);
            cx.send(to, message);
        }
        if left.is_empty() {
            self.0.remove(&tx);
        } else {
            cx.set_timer(Timer::Send { tx }, cx.duration(&GAP));
        }
    }
}
