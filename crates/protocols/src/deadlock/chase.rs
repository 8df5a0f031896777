//! Edge chasing in the AND model (\[CMH\], resource model): a probe follows the waits, and a deadlock is declared when it comes
//! home.

use faultline_sim::process::{Context, NodeId};
use faultline_sim::time::Duration;
use serde::Serialize;

use super::any_of::Seen;
use super::descriptor::{MODEL, STILL_WAITS, VICTIM};
use super::{Claim, Message, Row, Site, Timer, Tx, marks};

/// probe(i, j, k): for the initiator i, the sender j waits for the receiver k.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Probe {
    pub initiator: Tx,
    pub sender: Tx,
    pub receiver: Tx,
    /// The node of the initiator.
    pub origin: NodeId,
    /// Which search of that node it belongs to.
    pub round: u64,
    /// The try of the receiver that the sender waits for.
    pub attempt: u32,
    /// The row that the sender waits for; none in graphs that are drawn by hand.
    pub row: Option<Row>,
    /// The youngest transaction on the way so far.
    pub youngest: Claim,
}

impl Site {
    /// Begins a search for a transaction that waits.
    pub(super) fn detect(&mut self, cx: &mut Context<Self>, tx: Tx) {
        let me = cx.me();
        let found = self.transactions.get_mut(&tx);
        let Some(own) = found.filter(|own| !own.waits_for.is_empty()) else {
            return;
        };
        self.rounds += 1;
        // No other node has the same number, should two processes ever be given one name.
        let round = self.rounds * 1_000 + u64::from(me.0);
        own.round = round;
        cx.mark(&marks::LOOKS, tx);
        let own_claim = own.claim(tx, me);
        let first = Probe {
            initiator: tx,
            sender: tx,
            receiver: tx,
            origin: me,
            round,
            attempt: own.attempt,
            row: None,
            youngest: own_claim,
        };
        if cx.settings().choice(&MODEL) == "or" {
            self.engage(cx, first, None);
        } else {
            self.pass_on(cx, first);
        }
    }

    /// A probe has come to the node of its receiver.
    pub(super) fn receive_probe(&mut self, cx: &mut Context<Self>, mut probe: Probe) {
        let me = cx.me();
        let Some(own) = self.transactions.get_mut(&probe.receiver) else {
            return;
        };
        // It waits, and it still holds what the sender waits for (has "not replied" to it).
        let holds = probe.row.is_none_or(|row| own.held.contains(&row));
        let still = holds && own.attempt == probe.attempt;
        if own.waits_for.is_empty() || !still && cx.switch(&STILL_WAITS) {
            return cx.mark(&marks::ENDS, (probe.initiator, probe.receiver));
        }
        if (probe.receiver, me) == (probe.initiator, probe.origin) {
            // One that was sent for an earlier wait says nothing of this one.
            if own.round == probe.round || !cx.switch(&STILL_WAITS) {
                self.declare(cx, probe.receiver, probe.youngest);
            }
            return;
        }
        // Each search passes once: it is "dependent" from then on.
        let seen = own.seen.get(&probe.initiator);
        if seen.is_some_and(|seen| seen.round >= probe.round) {
            return;
        }
        let claim = own.claim(probe.receiver, me);
        own.seen.insert(probe.initiator, Seen::passed(probe.round));
        if probe.youngest.is_older(&claim) {
            probe.youngest = claim;
        }
        self.pass_on(cx, probe);
    }

    /// Sends a probe that has come to a waiting transaction along all its waits.
    fn pass_on(&mut self, cx: &mut Context<Self>, probe: Probe) {
        for (to, next) in self.along(&probe) {
            self.route(cx, to, Message::Probe(next));
        }
    }

    /// The same probe for all that its receiver waits for, with their nodes.
    pub(super) fn along(&self, probe: &Probe) -> Vec<(NodeId, Probe)> {
        let Some(own) = self.transactions.get(&probe.receiver) else {
            return Vec::new();
        };
        let next = |other: &Claim| Probe {
            sender: probe.receiver,
            receiver: other.tx,
            attempt: other.attempt,
            row: own.waiting,
            ..probe.clone()
        };
        let waits = own.waits_for.iter();
        waits.map(|other| (other.home, next(other))).collect()
    }

    /// The search has come home: there is a deadlock. The victim is aborted a moment later, so that all can
    /// see the circle.
    pub(super) fn declare(&mut self, cx: &mut Context<Self>, tx: Tx, youngest: Claim) {
        let me = cx.me();
        let Some(own) = self.transactions.get_mut(&tx) else {
            return;
        };
        own.round = 0;
        cx.mark(&marks::DECLARES, tx);
        let victim = match cx.settings().choice(&VICTIM) {
            "youngest" => youngest,
            _ => own.claim(tx, me),
        };
        let (tx, attempt) = (victim.tx, victim.attempt);
        if let Tx::P(_) = tx {
            return;
        }
        if victim.home == me {
            cx.set_timer(Timer::Abort { tx, attempt }, Duration(0));
        } else {
            cx.send(victim.home, Message::Abort { tx, attempt });
        }
    }
}
