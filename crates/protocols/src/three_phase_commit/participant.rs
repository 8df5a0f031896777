//! A participant: a bank with one row and a lock on it. When it hears nothing any more, it or a lower one
//! takes over.

use std::rc::Rc;

use faultline_sim::frame::NodeFrame;
use faultline_sim::process::{Context, NodeId, Start};
use faultline_sim::quorum::majority;
use faultline_sim::settings::Settings;
use faultline_sim::shared::SharedMap;
use faultline_sim::sorted::SortedSet;
use faultline_sim::time::LocalTime;
use serde::Serialize;

use super::descriptor::{ANSWERS, ASK_STATES, FINAL_ACKS, QUORUM, REMEMBER, RETRY, SILENCE};
use super::outbox::Outbox;
use super::termination::Heard;
use super::{
    COORDINATOR, Decision, Message, Node, OPENING_BALANCE, Phase, Reply, Request, Timer, Tx,
    figures, marks, wait,
};
use crate::parts::bank::not_here;
use crate::parts::roles::Role;

/// A change that this participant can make, and the transaction that it belongs to.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Prepared {
    pub tx: Tx,
    pub change: i64,
    pub with: Rc<[NodeId]>,
    pub phase: Phase,
    /// It has crashed since its vote: it may only ask.
    pub recovered: bool,
    /// When it locked the row.
    pub since: LocalTime,
}

/// What a participant does that has taken over.
#[derive(Clone, Debug, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Backup {
    /// It asks the others for their states.
    Asks,
    /// It has told them that all agreed; these have not acknowledged that.
    Tells(SortedSet<NodeId>),
}

#[derive(Clone, Debug, Hash, Serialize)]
pub struct Participant {
    // On disk.
    pub balance: i64,
    /// It has voted yes, and the row is locked until it knows the decision.
    pub prepared: Option<Prepared>,
    pub decided: SharedMap<Tx, Decision>,
    // Lost in a crash.
    /// Questions that wait for the lock, in order; none of them has been voted on.
    pub waiting: Vec<Prepared>,
    /// Up to this one, nobody can take over.
    pub tried: NodeId,
    pub backup: Option<Backup>,
    pub heard: Heard,
    /// Fewer than a majority are on its side.
    pub stuck: bool,
    outbox: Outbox,
}

impl Default for Participant {
    fn default() -> Self {
        Self {
            balance: OPENING_BALANCE,
            prepared: None,
            decided: SharedMap::new(),
            waiting: Vec::new(),
            tried: COORDINATOR,
            backup: None,
            heard: Heard::default(),
            stuck: false,
            outbox: Outbox::default(),
        }
    }
}

impl Role for Participant {
    type Of = Node;

    /// The others may have gone on while it was down.
    fn on_start(&mut self, cx: &mut Context<Node>, _start: Start) {
        if let Some(tx) = self.voted_yes() {
            self.hears_nothing(cx, tx);
        }
    }

    fn on_message(&mut self, cx: &mut Context<Node>, from: NodeId, message: Message) {
        match message {
            Message::CanCommit { tx, change, with } => {
                let asked = Prepared {
                    tx,
                    change,
                    with,
                    phase: Phase::Ready,
                    recovered: false,
                    since: cx.now(),
                };
                self.receive_can_commit(cx, asked);
            }
            Message::PreCommit { tx } => self.receive_pre_commit(cx, from, tx),
            Message::DoCommit { tx } => self.receive_decision(cx, from, tx, Decision::Commit),
            Message::Abort { tx } => self.receive_decision(cx, from, tx, Decision::Abort),
            Message::TakeOver { tx } => self.take_over(cx, from, tx),
            Message::StateReq { tx } => {
                self.report(cx, from, tx);
                self.hears(cx, from, tx);
            }
            Message::Ask { tx } => self.report(cx, from, tx),
            Message::State {
                tx,
                phase,
                recovered,
            } => self.receive_state(cx, from, tx, (phase, recovered)),
            Message::Ack { tx } => self.receive_ack(cx, from, tx),
            Message::Vote { .. } | Message::HaveCommitted { .. } => {}
        }
    }

    fn on_timer(&mut self, cx: &mut Context<Node>, timer: Timer) {
        match timer {
            Timer::Send { tx } => self.outbox.send_next(cx, tx),
            Timer::Silence { tx } => self.hears_nothing(cx, tx),
            Timer::Answers { tx } => match self.backup {
                Some(Backup::Asks) => self.conclude(cx, tx),
                Some(Backup::Tells(_)) => self.settle(cx, tx, Decision::Commit),
                None => {}
            },
            Timer::NextTransfer => {}
        }
    }

    /// A transaction of one bank needs no other one: it is done in one step, if the row is free.
    fn on_request(&mut self, cx: &mut Context<Node>, request: Request) {
        let reply = match (request, self.voted_yes()) {
            (Request::Deposit { amount }, None) => {
                cx.mark(&marks::PAYS_IN, amount);
                cx.write();
                self.balance += i64::from(amount);
                let balance = self.balance;
                Reply::PaidIn { balance }
            }
            (Request::Deposit { .. }, Some(tx)) => Reply::Failed {
                why: format!("{tx} has locked the row"),
            },
            _ => Reply::Failed { why: not_here() },
        };
        if let Some(operation) = cx.operation() {
            cx.reply(operation, reply);
        }
    }

    fn recover(&self, cx: &mut Context<Node>) -> Self {
        let mut prepared = self.prepared.clone().filter(|_| cx.switch(&REMEMBER));
        if let Some(prepared) = &mut prepared {
            prepared.recovered = true;
        }
        Self {
            balance: self.balance,
            prepared,
            decided: self.decided.clone(),
            ..Self::default()
        }
    }

    fn draw(&self, _settings: &Settings, to: &mut NodeFrame) {
        figures::draw_participant(self, to);
    }
}

impl Participant {
    /// The transaction that it has not decided.
    pub fn voted_yes(&self) -> Option<Tx> {
        self.prepared.as_ref().map(|prepared| prepared.tx)
    }

    fn undecided(&self, tx: Tx) -> Option<&Prepared> {
        self.prepared.as_ref().filter(|own| own.tx == tx)
    }

    fn receive_can_commit(&mut self, cx: &mut Context<Node>, asked: Prepared) {
        let tx = asked.tx;
        if let Some(decision) = self.decided.get(&tx) {
            // It has aborted alone, or the abort came first; a commit needs no vote any more.
            if *decision == Decision::Abort {
                cx.send(COORDINATOR, Message::Vote { tx, yes: false });
            }
        } else if let Some(holder) = self.voted_yes() {
            if holder != tx && self.waiting.iter().all(|waiting| waiting.tx != tx) {
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
        cx.write();
        if yes {
            cx.mark(&marks::VOTES_YES, tx);
            let since = cx.now();
            self.prepared = Some(Prepared { since, ..asked });
            self.wait_on(cx, tx);
        } else {
            cx.mark(&marks::VOTES_NO, (tx, self.balance.unsigned_abs()));
            self.decided.insert(tx, Decision::Abort);
        }
        cx.send(COORDINATOR, Message::Vote { tx, yes });
    }

    /// All have agreed. One that was down may have missed how the transaction ended, so it leaves it.
    fn receive_pre_commit(&mut self, cx: &mut Context<Node>, from: NodeId, tx: Tx) {
        let own = self.prepared.as_mut().filter(|own| own.tx == tx);
        if let Some(own) = own.filter(|own| !own.recovered) {
            if own.phase == Phase::Ready {
                cx.mark(&marks::PREPARES, tx);
                cx.write();
                own.phase = Phase::PreCommit;
            }
            cx.send(from, Message::Ack { tx });
            self.hears(cx, from, tx);
        }
    }

    fn receive_decision(&mut self, cx: &mut Context<Node>, from: NodeId, tx: Tx, told: Decision) {
        if !self.decided.contains_key(&tx) {
            if self.backup.is_some() && self.undecided(tx).is_some() {
                self.pass_on(cx, tx, told);
            } else {
                self.finish(cx, tx, told);
            }
        }
        if from == COORDINATOR && told == Decision::Commit && cx.switch(&FINAL_ACKS) {
            cx.send(from, Message::HaveCommitted { tx });
        }
    }

    /// Applies or drops the change, unlocks the row, and lets the next transaction have it.
    fn finish(&mut self, cx: &mut Context<Node>, tx: Tx, decision: Decision) {
        let prepared = self.prepared.take_if(|own| own.tx == tx);
        self.waiting.retain(|waiting| waiting.tx != tx);
        cx.write();
        self.decided.insert(tx, decision);
        match (decision, &prepared) {
            (Decision::Commit, Some(own)) => {
                self.balance += own.change;
                cx.mark(&marks::COMMITS, tx);
            }
            (Decision::Commit, None) => cx.mark(&marks::FORGOT, tx),
            (Decision::Abort, _) => cx.mark(&marks::ABORTS, tx),
        }
        if prepared.is_some() {
            cx.cancel_timer(&Timer::Silence { tx });
            cx.cancel_timer(&Timer::Answers { tx });
            (self.backup, self.tried, self.stuck) = (None, COORDINATOR, false);
            self.heard = Heard::default();
        }
        while self.prepared.is_none() && !self.waiting.is_empty() {
            let next = self.waiting.remove(0);
            self.vote(cx, next);
        }
    }

    /// One that knows of a transaction waits for the node that leads it: its votes or acknowledgements, and what it
    /// sends before and after them.
    fn wait_on(&self, cx: &mut Context<Node>, tx: Tx) {
        if let Some(own) = self.undecided(tx) {
            let wait = wait(cx, cx.duration(&SILENCE), 2, &own.with);
            cx.set_timer(Timer::Silence { tx }, wait);
        }
    }

    /// Somebody leads the transaction. If it is a participant, no lower one runs.
    fn hears(&mut self, cx: &mut Context<Node>, from: NodeId, tx: Tx) {
        if self.undecided(tx).is_some_and(|own| !own.recovered) {
            self.tried = self.tried.max(from);
            self.wait_on(cx, tx);
        }
    }

    /// Termination: the lowest participant that runs takes over. One that was down only asks.
    fn hears_nothing(&mut self, cx: &mut Context<Node>, tx: Tx) {
        let Some(own) = self.undecided(tx) else {
            return;
        };
        if !cx.switch(&ASK_STATES) {
            let decision = Heard::default().verdict(own.phase);
            cx.mark(&marks::DECIDES_ALONE, (tx, decision.verb()));
            return self.finish(cx, tx, decision);
        }
        if own.recovered {
            return self.ask_all(cx, tx);
        }
        let next = own.with.iter().copied().find(|id| *id > self.tried);
        // When nobody is left, it begins with the lowest again.
        self.tried = next.unwrap_or(COORDINATOR);
        match next {
            Some(id) if id == cx.me() => return self.lead(cx, tx),
            Some(id) => {
                cx.mark(&marks::UNCERTAIN, (tx, id));
                cx.send(id, Message::TakeOver { tx });
            }
            None => {}
        }
        self.wait_on(cx, tx);
    }

    fn ask_all(&mut self, cx: &mut Context<Node>, tx: Tx) {
        cx.mark(&marks::ASKS, tx);
        let mut to = self.others(cx);
        to.push(COORDINATOR);
        cx.send_all(&to, Message::Ask { tx });
        cx.set_timer(Timer::Silence { tx }, cx.duration(&RETRY));
    }

    /// The other participants of the transaction that has locked the row.
    fn others(&self, cx: &Context<Node>) -> Vec<NodeId> {
        let with = self.prepared.iter().flat_map(|own| own.with.iter());
        with.copied().filter(|id| *id != cx.me()).collect()
    }

    /// The node that asks has waited long enough, and nobody lower runs.
    fn take_over(&mut self, cx: &mut Context<Node>, from: NodeId, tx: Tx) {
        match self.undecided(tx) {
            Some(own) if own.recovered || self.backup.is_some() => {}
            Some(_) => self.lead(cx, tx),
            None => self.report(cx, from, tx),
        }
    }

    fn lead(&mut self, cx: &mut Context<Node>, tx: Tx) {
        cx.mark(&marks::LEADS, tx);
        cx.cancel_timer(&Timer::Silence { tx });
        self.tried = cx.me();
        self.backup = Some(Backup::Asks);
        self.heard = Heard::default();
        let others = self.others(cx);
        self.outbox.tell(cx, tx, &others, &Message::StateReq { tx });
        self.wait_for_answers(cx, tx);
        if others.is_empty() {
            self.conclude(cx, tx);
        }
    }

    fn wait_for_answers(&self, cx: &mut Context<Node>, tx: Tx) {
        if let Some(own) = self.undecided(tx) {
            let wait = wait(cx, cx.duration(&ANSWERS), 1, &own.with);
            cx.set_timer(Timer::Answers { tx }, wait);
        }
    }

    /// Tells its state or how it ended. One that has not voted aborts, since nobody can have committed.
    fn report(&mut self, cx: &mut Context<Node>, to: NodeId, tx: Tx) {
        if let Some(own) = self.undecided(tx) {
            let (phase, recovered) = (own.phase, own.recovered);
            let state = Message::State {
                tx,
                phase,
                recovered,
            };
            return cx.send(to, state);
        }
        if !self.decided.contains_key(&tx) {
            cx.mark(&marks::NEVER_VOTED, tx);
            self.finish(cx, tx, Decision::Abort);
        }
        if let Some(decision) = self.decided.get(&tx) {
            cx.send(to, Message::decided(tx, *decision));
        }
    }

    fn receive_state(&mut self, cx: &mut Context<Node>, from: NodeId, tx: Tx, told: (Phase, bool)) {
        let Some((recovered, phase, all)) = self
            .undecided(tx)
            .map(|own| (own.recovered, own.phase, own.with.len()))
        else {
            return;
        };
        self.heard.insert(from, told);
        if recovered {
            // The others are the coordinator and all participants but this one.
            if let Some(decision) = self.heard.when_all_were_down(all, phase) {
                cx.mark(&marks::LEARNS, (tx, decision.verb()));
                self.finish(cx, tx, decision);
            }
        } else if matches!(self.backup, Some(Backup::Asks)) && self.heard.len() + 1 == all {
            self.conclude(cx, tx);
        }
    }

    /// The backup has heard from all that answer.
    fn conclude(&mut self, cx: &mut Context<Node>, tx: Tx) {
        let Some(own) = self.prepared.as_mut().filter(|own| own.tx == tx) else {
            return;
        };
        let running: Vec<NodeId> = self.heard.running().map(|(id, _)| id).collect();
        let (all, there) = (own.with.len() as u32, running.len() as u32 + 1);
        self.stuck = cx.switch(&QUORUM) && there < majority(all);
        if self.stuck {
            cx.mark(&marks::STUCK, (tx, there, all));
            (self.backup, self.tried) = (None, COORDINATOR);
            cx.cancel_timer(&Timer::Answers { tx });
            return self.wait_on(cx, tx);
        }
        if self.heard.verdict(own.phase) == Decision::Abort {
            return self.settle(cx, tx, Decision::Abort);
        }
        cx.write();
        own.phase = Phase::PreCommit;
        if running.is_empty() {
            return self.settle(cx, tx, Decision::Commit);
        }
        self.outbox
            .tell(cx, tx, &running, &Message::PreCommit { tx });
        self.backup = Some(Backup::Tells(running.into_iter().collect()));
        self.wait_for_answers(cx, tx);
    }

    fn receive_ack(&mut self, cx: &mut Context<Node>, from: NodeId, tx: Tx) {
        if self.undecided(tx).is_none() {
            return;
        }
        if let Some(Backup::Tells(missing)) = &mut self.backup
            && missing.remove(&from)
            && missing.is_empty()
        {
            self.settle(cx, tx, Decision::Commit);
        }
    }

    /// The backup decides.
    fn settle(&mut self, cx: &mut Context<Node>, tx: Tx, decision: Decision) {
        match decision {
            Decision::Commit => cx.mark(&marks::DECIDES_COMMIT, tx),
            Decision::Abort => cx.mark(&marks::DECIDES_ABORT, (tx, "all that run are uncertain")),
        }
        self.pass_on(cx, tx, decision);
    }

    /// The backup knows the decision and tells the others.
    fn pass_on(&mut self, cx: &mut Context<Node>, tx: Tx, decision: Decision) {
        let others = self.others(cx);
        self.finish(cx, tx, decision);
        let decision = Message::decided(tx, decision);
        self.outbox.tell(cx, tx, &others, &decision);
    }
}
