//! The coordinator: asks for votes, decides, and tells until all have acknowledged.

use std::rc::Rc;

use faultline_sim::frame::NodeFrame;
use faultline_sim::process::{Context, NodeId, Operation, Start};
use faultline_sim::quorum::{Vote, majority};
use faultline_sim::settings::Settings;
use faultline_sim::sorted::{SortedMap, SortedSet};
use faultline_sim::time::Duration;
use serde::Serialize;

use super::descriptor::{ACKS, ALL_VOTES, EVERY, PRESUMED_ABORT, RETRY, VOTES};
use super::{Decision, Message, Node, Reply, Request, Timer, Tx, figures, marks};
use crate::parts::bank::{any_transfer, changes};
use crate::parts::roles::Role;
use crate::parts::votes::Votes;
use crate::parts::workload::Pace;

/// How often it transfers money on its own.
fn pace(cx: &Context<Node>) -> Pace {
    Pace {
        every: cx.duration(&EVERY),
        least: Duration::millis(250),
    }
}

/// A transaction in the coordinator's log.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Logged {
    pub with: Rc<[NodeId]>,
    /// None: begun and not decided.
    pub decision: Option<Decision>,
    /// Participants that have not acknowledged the decision.
    pub unacknowledged: SortedSet<NodeId>,
}

/// A transaction whose votes are being collected.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Open {
    pub with: Rc<[NodeId]>,
    pub votes: Votes,
    pub operation: Option<Operation>,
}

#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct Coordinator {
    // On disk.
    pub last: u64,
    pub log: SortedMap<Tx, Logged>,
    // Lost in a crash.
    pub open: SortedMap<Tx, Open>,
}

impl Role for Coordinator {
    type Of = Node;

    /// A transaction that was begun and not decided can only be aborted: votes are lost (7.4).
    fn on_start(&mut self, cx: &mut Context<Node>, _start: Start) {
        for (tx, logged) in self.log.clone() {
            match logged.decision {
                Some(decision) => self.tell(cx, tx, decision),
                None => self.decide(cx, tx, Decision::Abort, "the coordinator crashed"),
            }
        }
        let (_, wait) = pace(cx).next();
        cx.set_timer(Timer::NextTransfer, wait);
    }

    fn on_message(&mut self, cx: &mut Context<Node>, from: NodeId, message: Message) {
        match message {
            Message::Vote { tx, yes } => self.receive_vote(cx, from, tx, yes),
            Message::Ack { tx } => self.receive_ack(cx, from, tx),
            Message::Ask { tx } => self.answer(cx, from, tx),
            _ => {}
        }
    }

    fn on_timer(&mut self, cx: &mut Context<Node>, timer: Timer) {
        match timer {
            Timer::Votes { tx } => {
                self.decide(cx, tx, Decision::Abort, "a vote did not come in time")
            }
            Timer::Resend { tx } => {
                if let Some(decision) = self.log.get(&tx).and_then(|logged| logged.decision) {
                    self.tell(cx, tx, decision);
                }
            }
            Timer::NextTransfer => self.transfer_at_random(cx),
            Timer::Uncertain { .. } => {}
        }
    }

    fn on_request(&mut self, cx: &mut Context<Node>, request: Request) {
        let operation = cx.operation();
        self.begin(cx, &request, operation);
    }

    /// It has no times, unless it makes transfers of its own, which it draws.
    fn timeless(&self, settings: &Settings) -> Option<Self> {
        (settings.param(&EVERY) == 0.0).then(|| self.clone())
    }

    fn recover(&self, cx: &mut Context<Node>) -> Self {
        for operation in self.open.values().filter_map(|open| open.operation) {
            let why = "the coordinator crashed before it decided".to_owned();
            cx.reply(operation, Reply::Failed { why });
        }
        Self {
            last: self.last,
            log: self.log.clone(),
            open: SortedMap::new(),
        }
    }

    fn draw(&self, settings: &Settings, to: &mut NodeFrame) {
        figures::draw_coordinator(self, settings, to);
    }
}

impl Coordinator {
    fn transfer_at_random(&mut self, cx: &mut Context<Node>) {
        let (acts, wait) = pace(cx).next();
        cx.set_timer(Timer::NextTransfer, wait);
        if !acts {
            return;
        }
        let Some(request) = any_transfer(cx.peers(), cx.rng()) else {
            return;
        };
        let operation = cx.invoke(request.clone());
        self.begin(cx, &request, Some(operation));
    }

    /// Phase 1: asks every participant for its vote.
    fn begin(&mut self, cx: &mut Context<Node>, request: &Request, operation: Option<Operation>) {
        let changes = match changes(request, cx.peers()) {
            Ok(changes) => changes,
            Err(why) => {
                return operation.map_or((), |op| cx.reply(op, Reply::Failed { why }));
            }
        };
        self.last += 1;
        let tx = Tx(self.last);
        let with: Rc<[NodeId]> = changes.keys().copied().collect();
        cx.mark(&marks::BEGINS, tx);
        if !cx.switch(&PRESUMED_ABORT) {
            cx.write();
            self.log.insert(tx, Logged::begun(&with));
        }
        for (to, change) in changes {
            let with = with.clone();
            cx.send(to, Message::Prepare { tx, change, with });
        }
        let votes = Votes::default();
        let open = Open {
            with,
            votes,
            operation,
        };
        self.open.insert(tx, open);
        cx.set_timer(Timer::Votes { tx }, cx.duration(&VOTES));
    }

    fn receive_vote(&mut self, cx: &mut Context<Node>, from: NodeId, tx: Tx, yes: bool) {
        let Some(open) = self.open.get_mut(&tx).filter(|o| o.with.contains(&from)) else {
            return;
        };
        if yes {
            open.votes.yes(from);
        } else {
            open.votes.no(from);
        }
        let all = open.with.len() as u32;
        let needed = if cx.switch(&ALL_VOTES) {
            all
        } else {
            majority(all)
        };
        match open.votes.at_least(needed, all) {
            Vote::Won => self.decide(cx, tx, Decision::Commit, ""),
            Vote::Lost => self.decide(cx, tx, Decision::Abort, "a participant voted no"),
            Vote::Pending => {}
        }
    }

    /// Phase 2: the decision stands as soon as it is in the log.
    fn decide(&mut self, cx: &mut Context<Node>, tx: Tx, decision: Decision, why: &str) {
        let open = self.open.remove(&tx);
        let begun = self.log.get(&tx).filter(|logged| logged.decision.is_none());
        let begun = begun.map(|logged| logged.with.clone());
        let Some(with) = open.as_ref().map(|open| open.with.clone()).or(begun) else {
            return;
        };
        cx.cancel_timer(&Timer::Votes { tx });
        let reply = match decision {
            Decision::Commit => {
                cx.mark(&marks::DECIDES_COMMIT, tx);
                Reply::Committed { tx }
            }
            Decision::Abort => {
                cx.mark(&marks::DECIDES_ABORT, (tx, why));
                let why = why.to_owned();
                Reply::Aborted { tx, why }
            }
        };
        let mut logged = Logged::begun(&with);
        logged.decision = Some(decision);
        if acknowledged(cx, decision) {
            logged.unacknowledged = with.iter().copied().collect();
        }
        cx.write();
        self.log.insert(tx, logged);
        self.tell(cx, tx, decision);
        if let Some(operation) = open.and_then(|open| open.operation) {
            cx.reply(operation, reply);
        }
    }

    /// Tells all that have not acknowledged; where nobody does, all of them, once.
    fn tell(&mut self, cx: &mut Context<Node>, tx: Tx, decision: Decision) {
        let Some(logged) = self.log.get(&tx) else {
            return;
        };
        if logged.unacknowledged.is_empty() {
            cx.send_all(&logged.with, Message::decided(tx, decision));
            // Nobody will acknowledge. An abort may be forgotten if no news means abort.
            if decision == Decision::Abort && cx.switch(&PRESUMED_ABORT) {
                self.log.remove(&tx);
            }
            return;
        }
        let to: Vec<NodeId> = logged.unacknowledged.iter().copied().collect();
        cx.send_all(&to, Message::decided(tx, decision));
        cx.set_timer(Timer::Resend { tx }, cx.duration(&RETRY));
    }

    /// When all have acknowledged, nobody will ask again, and the transaction is forgotten.
    fn receive_ack(&mut self, cx: &mut Context<Node>, from: NodeId, tx: Tx) {
        let Some(logged) = self
            .log
            .get_mut(&tx)
            .filter(|logged| logged.decision.is_some())
        else {
            return;
        };
        if logged.unacknowledged.remove(&from) && logged.unacknowledged.is_empty() {
            self.log.remove(&tx);
            cx.cancel_timer(&Timer::Resend { tx });
            cx.mark(&marks::FORGETS, tx);
        }
    }

    /// An uncertain participant asks. What was never begun, or is forgotten, was not committed there.
    fn answer(&mut self, cx: &mut Context<Node>, from: NodeId, tx: Tx) {
        let decision = match self.log.get(&tx) {
            Some(logged) => logged.decision,
            None if self.open.contains_key(&tx) => None,
            None => Some(Decision::Abort),
        };
        if let Some(decision) = decision {
            cx.send(from, Message::decided(tx, decision));
        }
    }
}

impl Logged {
    fn begun(with: &Rc<[NodeId]>) -> Self {
        Self {
            with: with.clone(),
            decision: None,
            unacknowledged: SortedSet::new(),
        }
    }
}

/// Whether participants acknowledge such a decision.
pub fn acknowledged(cx: &Context<Node>, decision: Decision) -> bool {
    let presumed = decision == Decision::Abort && cx.switch(&PRESUMED_ABORT);
    cx.switch(&ACKS) && !presumed
}
