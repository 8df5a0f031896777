//! The OR model (\[CMH\], communication model): any one answer is enough to go on. Queries go along all waits, and each that
//! waits answers when all behind it have answered. One that goes on does not answer.

use faultline_sim::process::{Context, NodeId};
use faultline_sim::sorted::SortedSet;
use serde::Serialize;

use super::chase::Probe;
use super::{Message, Site, Tx};

/// What one that waits remembers of a search.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Seen {
    /// The latest one of that initiator.
    pub round: u64,
    /// Who sent the first query, at which node; none at the initiator, and of a probe.
    pub engager: Option<(Tx, NodeId)>,
    /// Those that have not answered.
    pub missing: SortedSet<Tx>,
}

impl Seen {
    /// A probe has passed.
    pub(super) fn passed(round: u64) -> Self {
        Self {
            round,
            engager: None,
            missing: SortedSet::new(),
        }
    }
}

impl Site {
    /// The first query of a search has come to one that waits, or the search begins there.
    pub(super) fn engage(
        &mut self,
        cx: &mut Context<Self>,
        query: Probe,
        engager: Option<(Tx, NodeId)>,
    ) {
        let queries = self.along(&query);
        let missing = queries.iter().map(|(_, next)| next.receiver).collect();
        if let Some(own) = self.transactions.get_mut(&query.receiver) {
            let seen = Seen {
                round: query.round,
                engager,
                missing,
            };
            own.seen.insert(query.initiator, seen);
        }
        for (to, next) in queries {
            self.route(cx, to, Message::Query(next));
        }
    }

    pub(super) fn receive_query(&mut self, cx: &mut Context<Self>, from: NodeId, query: Probe) {
        let Some(own) = self.transactions.get(&query.receiver) else {
            return;
        };
        if own.waits_for.is_empty() || own.attempt != query.attempt {
            return;
        }
        let seen = own.seen.get(&query.initiator).map_or(0, |seen| seen.round);
        if seen < query.round {
            let engager = Some((query.sender, from));
            self.engage(cx, query, engager);
        } else if seen == query.round {
            // It has waited ever since the first query.
            let answer = answer(&query, query.receiver, query.sender);
            self.route(cx, from, answer);
        }
    }

    pub(super) fn receive_reply(
        &mut self,
        cx: &mut Context<Self>,
        (initiator, round): (Tx, u64),
        sender: Tx,
        receiver: Tx,
    ) {
        let me = cx.me();
        let Some(own) = self.transactions.get_mut(&receiver) else {
            return;
        };
        let claim = own.claim(receiver, me);
        let found = own.seen.get_mut(&initiator);
        let Some(seen) = found.filter(|seen| seen.round == round) else {
            return;
        };
        if !seen.missing.remove(&sender) || !seen.missing.is_empty() {
            return;
        }
        match seen.engager {
            None => self.declare(cx, receiver, claim),
            Some((engager, node)) => {
                let answer = Message::Reply {
                    initiator,
                    round,
                    sender: receiver,
                    receiver: engager,
                };
                self.route(cx, node, answer);
            }
        }
    }
}

fn answer(query: &Probe, sender: Tx, receiver: Tx) -> Message {
    Message::Reply {
        initiator: query.initiator,
        round: query.round,
        sender,
        receiver,
    }
}
