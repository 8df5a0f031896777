//! A proposer: asks for promises, then proposes the value that they allow (2.2).

use faultline_sim::frame::NodeFrame;
use faultline_sim::process::{Context, NodeId, Start};
use faultline_sim::settings::Settings;
use faultline_sim::sorted::SortedMap;
use faultline_sim::time::Duration;
use serde::Serialize;

use super::descriptor::{
    ADOPT, BACKOFF, CLIENT_VALUE, DISTINGUISHED, FIRST_WAIT, HIGHEST, PATIENCE, READY, UNIQUE,
};
use super::{
    Ballot, Message, Node, Proposal, Reply, Request, Timer, Value, acceptors, figures, marks,
    quorum, reply,
};
use crate::parts::backoff;
use crate::parts::roles::Role;

/// The distinguished proposer, the only one to try, if there is one (2.4). How it is chosen is another
/// algorithm's business: here it is node 1, also while that is down.
pub fn distinguished(cx: &Context<Node>) -> Option<NodeId> {
    cx.switch(&DISTINGUISHED).then_some(NodeId(1))
}

/// What nobody asked for, where the rule against it is off.
const MADE_UP: &str = "nothing";

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    #[default]
    Idle,
    /// Phase 1: it collects promises.
    Preparing,
    /// It has them, and its value is not ready yet.
    Promised,
    /// Phase 2: it has asked the acceptors to accept.
    Proposing,
    /// It was overtaken and waits.
    Waiting,
}

#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct Proposer {
    // On disk (2.5).
    /// The highest round that it has used or heard of.
    pub round: u32,
    /// What its client asked for.
    pub value: Option<Value>,
    // Lost in a crash.
    pub phase: Phase,
    pub ballot: Ballot,
    /// Acceptors that have promised, with what each has reported.
    pub promises: SortedMap<NodeId, Option<Proposal>>,
    /// The reported proposal whose value it must take.
    pub reported: Option<Proposal>,
    pub proposed: Option<Value>,
    /// How often it was overtaken.
    pub overtaken: u32,
}

impl Role for Proposer {
    type Of = Node;

    /// After a crash it cannot know whether its value is chosen, so it tries again.
    fn on_start(&mut self, cx: &mut Context<Node>, _start: Start) {
        if self.value.is_some() {
            self.prepare(cx);
        }
    }

    fn on_message(&mut self, cx: &mut Context<Node>, from: NodeId, message: Message) {
        match message {
            Message::Promise { ballot, accepted } => {
                self.receive_promise(cx, from, ballot, accepted);
            }
            Message::Nack { ballot, promised } => self.receive_nack(cx, ballot, promised),
            // A learner cannot tell what is chosen: a new proposal will show it (2.3).
            Message::Ask if matches!(self.phase, Phase::Idle | Phase::Proposing) => {
                self.prepare(cx);
            }
            Message::Forward { value } => drop(self.take(cx, value)),
            _ => {}
        }
    }

    fn on_timer(&mut self, cx: &mut Context<Node>, timer: Timer) {
        match timer {
            Timer::Patience { ballot }
                if ballot == self.ballot && self.phase == Phase::Preparing =>
            {
                cx.mark(&marks::TOO_FEW, ballot);
                self.prepare(cx);
            }
            Timer::Ready { ballot } if ballot == self.ballot && self.phase == Phase::Promised => {
                self.propose(cx);
            }
            Timer::Retry if self.phase == Phase::Waiting => self.prepare(cx),
            _ => {}
        }
    }

    fn on_request(&mut self, cx: &mut Context<Node>, request: Request) {
        let answer = match request {
            Request::Propose { value } => {
                let value = Value::from(value);
                match distinguished(cx).filter(|one| *one != cx.me()) {
                    Some(to) => {
                        cx.send(to, Message::Forward { value });
                        Reply::PassedOn { to }
                    }
                    None => self.take(cx, value),
                }
            }
            Request::Read => {
                let why = "only a learner knows what is chosen".to_owned();
                Reply::Failed { why }
            }
        };
        reply(cx, answer);
    }

    fn recover(&self, _cx: &mut Context<Node>) -> Self {
        Self {
            round: self.round,
            value: self.value.clone(),
            ..Self::default()
        }
    }

    fn draw(&self, settings: &Settings, to: &mut NodeFrame) {
        figures::draw_proposer(self, settings, to);
    }

    /// How often it was overtaken decides only how long it waits.
    fn timeless(&self, _settings: &Settings) -> Option<Self> {
        Some(Self {
            overtaken: 0,
            ..self.clone()
        })
    }
}

impl Proposer {
    /// A client's value. It keeps to the first one.
    fn take(&mut self, cx: &mut Context<Node>, value: Value) -> Reply {
        if let Some(own) = &self.value {
            let why = format!("this proposer wants {own} already");
            return Reply::Failed { why };
        }
        cx.write();
        self.value = Some(value);
        if matches!(self.phase, Phase::Idle | Phase::Proposing) {
            self.prepare(cx);
        }
        let ballot = self.ballot;
        Reply::Proposes { ballot }
    }

    /// Phase 1a: a ballot above all that it knows, to all acceptors.
    fn prepare(&mut self, cx: &mut Context<Node>) {
        cx.write();
        self.round = self.round.saturating_add(1);
        self.ballot = Ballot {
            round: self.round,
            proposer: if cx.switch(&UNIQUE) { cx.me().0 } else { 0 },
        };
        self.phase = Phase::Preparing;
        self.promises.clear();
        self.reported = None;
        self.proposed = None;
        let ballot = self.ballot;
        cx.mark(&marks::PREPARES, ballot);
        cx.send_all(&acceptors(cx.settings()), Message::Prepare { ballot });
        cx.set_timer(Timer::Patience { ballot }, cx.duration(&PATIENCE));
    }

    fn receive_promise(
        &mut self,
        cx: &mut Context<Node>,
        from: NodeId,
        ballot: Ballot,
        accepted: Option<Proposal>,
    ) {
        let counts = ballot == self.ballot && self.phase == Phase::Preparing;
        if !counts || self.promises.contains_key(&from) {
            return;
        }
        self.promises.insert(from, accepted.clone());
        if let Some(accepted) = accepted {
            let replaces = match &self.reported {
                Some(known) => cx.switch(&HIGHEST) && accepted.ballot > known.ballot,
                None => true,
            };
            if replaces {
                self.reported = Some(accepted);
            }
        }
        if self.promises.len() as u32 >= quorum(&cx.settings().at(cx.me())) {
            cx.cancel_timer(&Timer::Patience { ballot });
            self.phase = Phase::Promised;
            match cx.duration(&READY) {
                Duration(0) => self.propose(cx),
                wait => cx.set_timer(Timer::Ready { ballot }, wait),
            }
        }
    }

    /// Phase 2a, by P2c: the value of the highest proposal that the promises report, and a value of its
    /// own only if they report none.
    fn propose(&mut self, cx: &mut Context<Node>) {
        let ballot = self.ballot;
        let reported = self.reported.clone().filter(|_| cx.switch(&ADOPT));
        if let Some(reported) = &reported {
            let value = &*reported.value;
            cx.mark(&marks::ADOPTS, (value, ballot, reported.ballot));
        }
        let allowed = reported.map(|reported| reported.value);
        let own = allowed.or_else(|| self.value.clone());
        let made_up = || (!cx.switch(&CLIENT_VALUE)).then(|| Value::from(MADE_UP));
        let Some(value) = own.or_else(made_up) else {
            self.phase = Phase::Idle;
            return cx.mark(&marks::NOTHING, ballot);
        };
        self.phase = Phase::Proposing;
        self.proposed = Some(value.clone());
        cx.mark(&marks::PROPOSES, (ballot, &*value));
        let proposal = Proposal { ballot, value };
        cx.send_all(&acceptors(cx.settings()), Message::Accept { proposal });
    }

    /// A higher ballot has begun: this one is abandoned (2.2), and the next one will be higher still.
    fn receive_nack(&mut self, cx: &mut Context<Node>, ballot: Ballot, promised: Ballot) {
        self.round = self.round.max(promised.round);
        let under_way = matches!(
            self.phase,
            Phase::Preparing | Phase::Promised | Phase::Proposing
        );
        if ballot != self.ballot || !under_way {
            return;
        }
        cx.mark(&marks::OVERTAKEN, (ballot, promised));
        cx.cancel_timer(&Timer::Patience { ballot });
        cx.cancel_timer(&Timer::Ready { ballot });
        self.phase = Phase::Waiting;
        self.overtaken = self.overtaken.saturating_add(1);
        if cx.switch(&BACKOFF) {
            let first = cx.duration(&FIRST_WAIT);
            // One more than its tries, so that even the first wait is random.
            let wait = backoff::wait(cx.rng(), first, self.overtaken.saturating_add(1));
            cx.set_timer(Timer::Retry, wait);
        } else {
            self.prepare(cx);
        }
    }
}
