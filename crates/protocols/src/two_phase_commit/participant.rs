//! A participant: a bank with one row, a lock on it, and a log that survives.

use std::rc::Rc;

use faultline_sim::frame::NodeFrame;
use faultline_sim::process::{Context, NodeId, Start};
use faultline_sim::settings::Settings;
use faultline_sim::shared::SharedMap;
use serde::Serialize;

use super::coordinator::acknowledged;
use super::descriptor::{COOPERATIVE, LOG_VOTE, UNCERTAIN, WAIT};
use super::{
    COORDINATOR, Decision, Message, Node, OPENING_BALANCE, Reply, Request, Timer, Tx, figures,
    marks,
};
use crate::parts::bank::{Noted, not_here};
use crate::parts::roles::Role;

/// A change that this participant can make, and the transaction that it belongs to.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Prepared {
    pub tx: Tx,
    pub change: i64,
    pub with: Rc<[NodeId]>,
    /// When it locked the row.
    #[serde(skip)]
    pub since: Noted,
}

#[derive(Clone, Debug, Hash, Serialize)]
pub struct Participant {
    // On disk.
    pub balance: i64,
    /// It has voted yes, and the row is locked until it hears the decision.
    pub prepared: Option<Prepared>,
    pub decided: SharedMap<Tx, Decision>,
    // Lost in a crash.
    /// Prepares that wait for the lock, in order; none of them has been voted on.
    pub waiting: Vec<Prepared>,
    /// It has asked how the transaction ended, and nobody has answered yet.
    pub asking: bool,
}

impl Default for Participant {
    fn default() -> Self {
        Self {
            balance: OPENING_BALANCE,
            prepared: None,
            decided: SharedMap::new(),
            waiting: Vec::new(),
            asking: false,
        }
    }
}

impl Role for Participant {
    type Of = Node;

    /// A participant that voted yes before it crashed is uncertain still (7.4).
    fn on_start(&mut self, cx: &mut Context<Node>, _start: Start) {
        if let Some(tx) = self.voted_yes() {
            self.ask_around(cx, tx);
        }
    }

    fn on_message(&mut self, cx: &mut Context<Node>, from: NodeId, message: Message) {
        match message {
            Message::Prepare { tx, change, with } => {
                let since = Noted::default();
                let asked = Prepared {
                    tx,
                    change,
                    with,
                    since,
                };
                self.receive_prepare(cx, asked);
            }
            Message::Commit { tx } => self.receive_decision(cx, from, tx, Decision::Commit),
            Message::Abort { tx } => self.receive_decision(cx, from, tx, Decision::Abort),
            Message::Ask { tx } => self.help(cx, from, tx),
            Message::Vote { .. } | Message::Ack { .. } => {}
        }
    }

    fn on_timer(&mut self, cx: &mut Context<Node>, timer: Timer) {
        let Timer::Uncertain { tx } = timer else {
            return;
        };
        if self.voted_yes() != Some(tx) {
            return;
        }
        if cx.switch(&WAIT) {
            self.ask_around(cx, tx);
        } else {
            cx.mark(&marks::DECIDES_ALONE, tx);
            self.finish(cx, tx, Decision::Abort);
        }
    }

    fn on_request(&mut self, cx: &mut Context<Node>, _request: Request) {
        if let Some(operation) = cx.operation() {
            cx.reply(operation, Reply::Failed { why: not_here() });
        }
    }

    fn timeless(&self, _settings: &Settings) -> Option<Self> {
        Some(self.clone())
    }

    fn recover(&self, cx: &mut Context<Node>) -> Self {
        Self {
            balance: self.balance,
            prepared: self.prepared.clone().filter(|_| cx.switch(&LOG_VOTE)),
            decided: self.decided.clone(),
            ..Self::default()
        }
    }

    fn draw(&self, _settings: &Settings, to: &mut NodeFrame) {
        figures::draw_participant(self, to);
    }
}

impl Participant {
    /// The transaction that it may not decide alone.
    pub fn voted_yes(&self) -> Option<Tx> {
        self.prepared.as_ref().map(|prepared| prepared.tx)
    }

    fn receive_prepare(&mut self, cx: &mut Context<Node>, asked: Prepared) {
        let tx = asked.tx;
        if let Some(decision) = self.decided.get(&tx) {
            // It has aborted alone, or the abort came first; a commit needs no vote any more.
            if *decision == Decision::Abort {
                cx.send(COORDINATOR, Message::Vote { tx, yes: false });
            }
        } else if self.voted_yes() == Some(tx) {
            cx.send(COORDINATOR, Message::Vote { tx, yes: true });
        } else if let Some(holder) = self.voted_yes() {
            if self.waiting.iter().all(|waiting| waiting.tx != tx) {
                cx.mark(&marks::WAITS, (tx, holder));
                self.waiting.push(asked);
            }
        } else {
            self.vote(cx, asked);
        }
    }

    /// Locks the row and votes yes, or says no if there is not enough money.
    fn vote(&mut self, cx: &mut Context<Node>, asked: Prepared) {
        let tx = asked.tx;
        let yes = self.balance + asked.change >= 0;
        if yes {
            cx.mark(&marks::VOTES_YES, tx);
            if cx.switch(&LOG_VOTE) {
                cx.write();
            }
            let since = Noted(cx.now());
            self.prepared = Some(Prepared { since, ..asked });
            cx.set_timer(Timer::Uncertain { tx }, cx.duration(&UNCERTAIN));
        } else {
            cx.mark(&marks::VOTES_NO, (tx, self.balance.unsigned_abs()));
            cx.write();
            self.decided.insert(tx, Decision::Abort);
        }
        cx.send(COORDINATOR, Message::Vote { tx, yes });
    }

    fn receive_decision(
        &mut self,
        cx: &mut Context<Node>,
        from: NodeId,
        tx: Tx,
        decision: Decision,
    ) {
        if self.decided.get(&tx).is_none() {
            self.finish(cx, tx, decision);
        }
        if from == COORDINATOR && acknowledged(cx, decision) {
            cx.send(from, Message::Ack { tx });
        }
    }

    /// Applies or drops the change, unlocks the row, and lets the next transaction have it.
    fn finish(&mut self, cx: &mut Context<Node>, tx: Tx, decision: Decision) {
        let prepared = self.prepared.take_if(|prepared| prepared.tx == tx);
        self.waiting.retain(|waiting| waiting.tx != tx);
        cx.write();
        self.decided.insert(tx, decision);
        match decision {
            Decision::Commit => {
                self.balance += prepared.as_ref().map_or(0, |prepared| prepared.change);
                cx.mark(&marks::COMMITS, tx);
            }
            Decision::Abort => cx.mark(&marks::ABORTS, tx),
        }
        if prepared.is_some() {
            self.asking = false;
            cx.cancel_timer(&Timer::Uncertain { tx });
        }
        while self.prepared.is_none() && !self.waiting.is_empty() {
            let next = self.waiting.remove(0);
            self.vote(cx, next);
        }
    }

    /// Termination (7.4): asks the coordinator, and with `cooperative` the other participants.
    fn ask_around(&mut self, cx: &mut Context<Node>, tx: Tx) {
        let Some(prepared) = &self.prepared else {
            return;
        };
        cx.mark(&marks::UNCERTAIN, tx);
        let others = prepared.with.iter().filter(|id| **id != cx.me());
        let mut to = vec![COORDINATOR];
        if cx.switch(&COOPERATIVE) {
            to.extend(others);
        }
        cx.send_all(&to, Message::Ask { tx });
        self.asking = true;
        cx.set_timer(Timer::Uncertain { tx }, cx.duration(&UNCERTAIN));
    }

    /// Another participant is uncertain. One that has not voted may abort alone, and so help.
    fn help(&mut self, cx: &mut Context<Node>, from: NodeId, tx: Tx) {
        if self.voted_yes() == Some(tx) {
            return;
        }
        if self.decided.get(&tx).is_none() {
            cx.mark(&marks::NEVER_VOTED, tx);
            self.finish(cx, tx, Decision::Abort);
        }
        if let Some(decision) = self.decided.get(&tx) {
            cx.send(from, Message::decided(tx, *decision));
        }
    }
}
