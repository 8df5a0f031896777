//! The server's side: signs of life, the failure detector, and requests applied at most once.

use faultline_sim::process::{Belief, Context, NodeId, Opinion};

use super::marks;
use super::{
    CHECK, FAIL, HEARTBEAT, Member, Message, REMEMBER, RequestId, Role, SUSPECT, Timer, role_of,
    servers,
};

impl Member {
    /// Servers do not beat in step: each begins somewhere within the first period.
    pub(super) fn start_serving(&mut self, cx: &mut Context<Self>) {
        let now = cx.now();
        self.heard = servers(cx).into_iter().map(|peer| (peer, now)).collect();
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

    /// Whatever a peer says, it shows that the peer was alive when it said so.
    pub(super) fn hear(&mut self, cx: &mut Context<Self>, from: NodeId) {
        let watched = from != cx.me() && role_of(cx.settings(), from) == Role::Server;
        if self.role == Role::Server && watched {
            self.heard.insert(from, cx.now());
            self.think(cx, from, Opinion::Alive);
        }
    }

    pub(super) fn check_peers(&mut self, cx: &mut Context<Self>) {
        let (suspect, fail) = (cx.duration(&SUSPECT), cx.duration(&FAIL));
        let peers = servers(cx);
        // Nodes that were removed are no longer watched.
        self.heard.retain(|peer, _| peers.contains(peer));
        self.opinions.retain(|peer, _| peers.contains(peer));
        let now = cx.now();
        for peer in peers {
            // A node that joined later is measured from when it was first known.
            let silence = now.since(*self.heard.entry(peer).or_insert(now));
            if silence > fail {
                self.think(cx, peer, Opinion::Failed);
            } else if silence > suspect {
                self.think(cx, peer, Opinion::Suspected);
            }
        }
        cx.set_timer(Timer::Check, cx.duration(&CHECK));
    }

    fn think(&mut self, cx: &mut Context<Self>, node: NodeId, opinion: Opinion) {
        if self.opinions.insert(node, opinion) != Some(opinion) {
            cx.believe(Belief::Peer { node, opinion });
        }
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

    /// The peers that this node takes for dead.
    pub(super) fn suspects(&self) -> impl Iterator<Item = NodeId> + '_ {
        self.opinions
            .iter()
            .filter(|(_, opinion)| **opinion != Opinion::Alive)
            .map(|(peer, _)| *peer)
    }
}
