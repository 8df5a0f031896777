//! The coordinator: asks for votes, tells all that all agreed, then tells them to commit.

use std::rc::Rc;

use faultline_sim::frame::NodeFrame;
use faultline_sim::process::{Context, NodeId, Operation, Start};
use faultline_sim::quorum::{Vote, majority};
use faultline_sim::settings::Settings;
use faultline_sim::shared::SharedMap;
use faultline_sim::sorted::{SortedMap, SortedSet};
use faultline_sim::time::Duration;
use serde::Serialize;

use super::descriptor::{ANSWERS, EVERY, FINAL_ACKS, PRE_COMMIT, QUORUM, RETRY};
use super::outbox::Outbox;
use super::termination::Heard;
use super::{Decision, Message, Node, Phase, Reply, Request, Timer, Tx, figures, marks, wait};
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

/// A transaction that is not decided.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Open {
    // On disk.
    pub with: Rc<[NodeId]>,
    pub phase: Phase,
    /// It may not decide any more, since the others may have gone on without it: it asks them.
    pub recovered: bool,
    // Lost in a crash.
    pub votes: Votes,
    /// Participants that have not acknowledged the pre-commit.
    pub missing: SortedSet<NodeId>,
    /// What others have told since it may only ask.
    pub heard: Heard,
    pub operation: Option<Operation>,
}

#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct Coordinator {
    // On disk.
    pub last: u64,
    pub open: SortedMap<Tx, Open>,
    pub decided: SharedMap<Tx, Decision>,
    /// With `final-acks`: who has not said yet that it has committed.
    pub uncommitted: SortedMap<Tx, SortedSet<NodeId>>,
    // Lost in a crash.
    outbox: Outbox,
}

impl Role for Coordinator {
    type Of = Node;

    /// While it waited for votes, nobody could commit, so it aborts. Later, the others may have gone on.
    fn on_start(&mut self, cx: &mut Context<Node>, _start: Start) {
        let open: Vec<(Tx, bool)> = self.open.iter().map(|(tx, o)| (*tx, o.recovered)).collect();
        for (tx, recovered) in open {
            if recovered {
                self.ask(cx, tx);
            } else {
                self.decide(cx, tx, Decision::Abort, "the coordinator crashed");
            }
        }
        let (_, wait) = pace(cx).next();
        cx.set_timer(Timer::NextTransfer, wait);
    }

    fn on_message(&mut self, cx: &mut Context<Node>, from: NodeId, message: Message) {
        match message {
            Message::Vote { tx, yes } => self.receive_vote(cx, from, tx, yes),
            Message::Ack { tx } => self.receive_ack(cx, from, tx),
            Message::HaveCommitted { tx } => self.receive_have_committed(cx, from, tx),
            Message::Ask { tx } => self.answer(cx, from, tx),
            Message::State {
                tx,
                phase,
                recovered,
            } => self.receive_state(cx, from, tx, (phase, recovered)),
            Message::DoCommit { tx } => self.learn(cx, tx, Decision::Commit),
            Message::Abort { tx } => self.learn(cx, tx, Decision::Abort),
            _ => {}
        }
    }

    fn on_timer(&mut self, cx: &mut Context<Node>, timer: Timer) {
        match timer {
            Timer::Send { tx } => self.outbox.send_next(cx, tx),
            Timer::Answers { tx } => self.waited_for_answers(cx, tx),
            Timer::Silence { tx } => self.ask(cx, tx),
            Timer::NextTransfer => self.transfer_at_random(cx),
        }
    }

    fn on_request(&mut self, cx: &mut Context<Node>, request: Request) {
        let operation = cx.operation();
        self.begin(cx, &request, operation);
    }

    fn recover(&self, cx: &mut Context<Node>) -> Self {
        let mut kept = self.clone();
        kept.outbox = Outbox::default();
        for (tx, open) in kept.open.iter_mut() {
            open.recovered = open.phase == Phase::PreCommit;
            open.votes.clear();
            open.missing.clear();
            open.heard = Heard::default();
            if let Some(operation) = open.operation.take() {
                let why = "the coordinator crashed before it decided".to_owned();
                let reply = match open.recovered {
                    true => Reply::Unknown { tx: *tx },
                    false => Reply::Failed { why },
                };
                cx.reply(operation, reply);
            }
        }
        kept
    }

    fn draw(&self, _settings: &Settings, to: &mut NodeFrame) {
        figures::draw_coordinator(self, to);
    }
}

impl Coordinator {
    fn transfer_at_random(&mut self, cx: &mut Context<Node>) {
        let (acts, wait) = pace(cx).next();
        cx.set_timer(Timer::NextTransfer, wait);
        if !acts {
            return;
        }
        if let Some(request) = any_transfer(cx.peers(), cx.rng()) {
            let operation = cx.invoke(request.clone());
            self.begin(cx, &request, Some(operation));
        }
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
        cx.write();
        let ask = |(to, change): (&NodeId, &i64)| {
            let (change, with) = (*change, with.clone());
            (*to, Message::CanCommit { tx, change, with })
        };
        self.outbox.put(cx, tx, changes.iter().map(ask).collect());
        cx.set_timer(
            Timer::Answers { tx },
            wait(cx, cx.duration(&ANSWERS), 1, &with),
        );
        let open = Open {
            with,
            phase: Phase::Ready,
            recovered: false,
            votes: Votes::default(),
            missing: SortedSet::new(),
            heard: Heard::default(),
            operation,
        };
        self.open.insert(tx, open);
    }

    fn receive_vote(&mut self, cx: &mut Context<Node>, from: NodeId, tx: Tx, yes: bool) {
        let open = self.open.get_mut(&tx);
        let Some(open) = open.filter(|o| o.phase == Phase::Ready && o.with.contains(&from)) else {
            return;
        };
        if yes {
            open.votes.yes(from);
        } else {
            open.votes.no(from);
        }
        match open.votes.all_of(open.with.len() as u32) {
            Vote::Won if cx.switch(&PRE_COMMIT) => self.pre_commit(cx, tx),
            Vote::Won => self.decide(cx, tx, Decision::Commit, ""),
            Vote::Lost => self.decide(cx, tx, Decision::Abort, "a participant voted no"),
            Vote::Pending => {}
        }
    }

    /// Phase 2: nobody may commit while one that runs does not know that all have agreed.
    fn pre_commit(&mut self, cx: &mut Context<Node>, tx: Tx) {
        let Some(open) = self.open.get_mut(&tx) else {
            return;
        };
        cx.mark(&marks::PRE_COMMITS, tx);
        cx.write();
        open.phase = Phase::PreCommit;
        open.missing = open.with.iter().copied().collect();
        self.outbox
            .tell(cx, tx, &open.with, &Message::PreCommit { tx });
        cx.set_timer(
            Timer::Answers { tx },
            wait(cx, cx.duration(&ANSWERS), 1, &open.with),
        );
    }

    fn receive_ack(&mut self, cx: &mut Context<Node>, from: NodeId, tx: Tx) {
        let open = self.open.get_mut(&tx).filter(|open| !open.recovered);
        if open.is_some_and(|open| open.missing.remove(&from) && open.missing.is_empty()) {
            self.decide(cx, tx, Decision::Commit, "");
        }
    }

    /// A vote that is missing is a no. An acknowledgement that is missing is a crash, so it goes on.
    fn waited_for_answers(&mut self, cx: &mut Context<Node>, tx: Tx) {
        let Some(open) = self.open.get_mut(&tx).filter(|open| !open.recovered) else {
            return;
        };
        if open.phase == Phase::Ready {
            return self.decide(cx, tx, Decision::Abort, "a vote did not come in time");
        }
        let all = open.with.len() as u32;
        let there = all - open.missing.len() as u32;
        if cx.switch(&QUORUM) && there < majority(all) {
            cx.mark(&marks::STUCK, (tx, there, all));
            open.recovered = true;
            return self.ask(cx, tx);
        }
        self.decide(cx, tx, Decision::Commit, "");
    }

    /// Phase 3: the decision stands as soon as it is on disk.
    fn decide(&mut self, cx: &mut Context<Node>, tx: Tx, decision: Decision, why: &str) {
        let Some(open) = self.open.remove(&tx) else {
            return;
        };
        cx.cancel_timer(&Timer::Answers { tx });
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
        cx.write();
        self.decided.insert(tx, decision);
        if decision == Decision::Commit && cx.switch(&FINAL_ACKS) {
            let all = open.with.iter().copied().collect();
            self.uncommitted.insert(tx, all);
        }
        self.outbox
            .tell(cx, tx, &open.with, &Message::decided(tx, decision));
        if let Some(operation) = open.operation {
            cx.reply(operation, reply);
        }
    }

    /// When all have committed, nobody will ask again.
    fn receive_have_committed(&mut self, cx: &mut Context<Node>, from: NodeId, tx: Tx) {
        let Some(left) = self.uncommitted.get_mut(&tx) else {
            return;
        };
        if left.remove(&from) && left.is_empty() {
            self.uncommitted.remove(&tx);
            self.decided.remove(&tx);
            cx.mark(&marks::FORGETS, tx);
        }
    }

    /// One that was down asks. While a transaction goes on, it will be told like all.
    fn answer(&mut self, cx: &mut Context<Node>, from: NodeId, tx: Tx) {
        if let Some(decision) = self.decided.get(&tx) {
            cx.send(from, Message::decided(tx, *decision));
        } else if let Some(open) = self.open.get(&tx).filter(|open| open.recovered) {
            let phase = open.phase;
            let recovered = true;
            cx.send(
                from,
                Message::State {
                    tx,
                    phase,
                    recovered,
                },
            );
        }
    }

    /// It was down, or on the side without a majority: it asks how the transaction ended.
    fn ask(&mut self, cx: &mut Context<Node>, tx: Tx) {
        if let Some(open) = self.open.get(&tx).filter(|open| open.recovered) {
            cx.mark(&marks::ASKS, tx);
            cx.send_all(&open.with, Message::Ask { tx });
            cx.set_timer(Timer::Silence { tx }, cx.duration(&RETRY));
        }
    }

    fn receive_state(&mut self, cx: &mut Context<Node>, from: NodeId, tx: Tx, told: (Phase, bool)) {
        let Some(open) = self.open.get_mut(&tx).filter(|open| open.recovered) else {
            return;
        };
        open.heard.insert(from, told);
        if let Some(decision) = open.heard.when_all_were_down(open.with.len(), open.phase) {
            self.learn(cx, tx, decision);
        }
    }

    /// The others have gone on without it.
    fn learn(&mut self, cx: &mut Context<Node>, tx: Tx, decision: Decision) {
        if self.open.get(&tx).is_some_and(|open| open.recovered) {
            cx.write();
            self.open.remove(&tx);
            self.decided.insert(tx, decision);
            cx.cancel_timer(&Timer::Silence { tx });
            cx.mark(&marks::LEARNS, (tx, decision.verb()));
        }
    }
}
