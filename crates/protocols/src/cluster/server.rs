//! The server's side: heartbeats, the failure detector, and requests applied at most once.

use faultline_sim::process::{Belief, Context, NodeId, Opinion};

use super::marks;
use super::{
    CHECK, FAIL, HEARTBEAT, Member, Message, REMEMBER, RequestId, Role, SUSPECT, Timer, role_of,
    servers,
};

impl Member {
    /// Servers do not send heartbeats in step: each starts at a random point of the first period.
    pub(super) fn start_serving(&mut self, cx: &mut Context<Self>) {
        self.detector.watch(servers(cx), cx.now());
        let mut first = cx.duration(&HEARTBEAT);
        first.0 = cx.rng().between(0, first.0);
        cx.set_timer(Timer::Heartbeat, first);
        cx.set_timer(Timer::Check, cx.duration(&CHECK));
        self.start_painting(cx);
    }

    pub(super) fn beat(cx: &mut Context<Self>) {
        cx.send_all(&servers(cx), Message::Heartbeat);
        cx.set_timer(Timer::Heartbeat, cx.duration(&HEARTBEAT));
    }

    /// Any message shows that its sender was alive when it sent it.
    pub(super) fn hear(&mut self, cx: &mut Context<Self>, from: NodeId) {
        let watched = from != cx.me() && role_of(cx.settings(), from) == Role::Server;
        if self.role == Role::Server && watched && self.detector.hear(from, cx.now()) {
            let (node, opinion) = (from, Opinion::Alive);
            cx.believe(Belief::Peer { node, opinion });
        }
    }

    /// Removed nodes are no longer watched; the silence of new ones counts from now.
    pub(super) fn check_peers(&mut self, cx: &mut Context<Self>) {
        let limits = (cx.duration(&SUSPECT), cx.duration(&FAIL));
        self.detector.watch(servers(cx), cx.now());
        for (node, opinion) in self.detector.judge(cx.now(), limits) {
            cx.believe(Belief::Peer { node, opinion });
        }
        cx.set_timer(Timer::Check, cx.duration(&CHECK));
    }

    pub(super) fn receive_text(
        &mut self,
        cx: &mut Context<Self>,
        from: NodeId,
        id: RequestId,
        text: String,
    ) {
        cx.send(from, Message::Ack { id });
        cx.mark(&marks::READS, (from, text.as_str()));
        self.texts += 1;
        self.last_text = Some(text);
    }

    /// Applies a request, or finds that it was applied before and repeats the answer ([BN] 3.2,
    /// [C] 5.2 "history").
    pub(super) fn serve(&mut self, cx: &mut Context<Self>, from: NodeId, id: RequestId, add: u32) {
        if self.role == Role::Client {
            return;
        }
        if let Some(value) = self.applied.get(&id).filter(|_| cx.switch(&REMEMBER)) {
            cx.mark(&marks::REPEATS, id.to_string());
            cx.send(from, Message::Answer { id, value: *value });
            return;
        }
        self.counter += u64::from(add);
        self.applied.insert(id, self.counter);
        let value = self.counter;
        cx.send(from, Message::Answer { id, value });
    }

    /// The peers that this node thinks are down.
    pub(super) fn suspects(&self) -> impl Iterator<Item = NodeId> + '_ {
        self.detector.opinions.keys().copied()
    }
}
