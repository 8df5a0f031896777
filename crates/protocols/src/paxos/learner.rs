//! A learner: finds out what is chosen (2.3).

use faultline_sim::frame::NodeFrame;
use faultline_sim::process::{Context, NodeId, Start};
use faultline_sim::settings::Settings;
use faultline_sim::sorted::{SortedMap, SortedSet};
use serde::Serialize;

use super::descriptor::{ASK, CATCH_UP, PROPOSERS};
use super::proposer::distinguished;
use super::{
    Message, Node, Proposal, Reply, Request, Timer, acceptors, figures, learners, marks, quorum,
    reply,
};
use crate::parts::roles::Role;

#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct Learner {
    // On disk.
    pub learned: Option<Proposal>,
    // Lost in a crash.
    /// Which acceptors have accepted what, as far as it has heard.
    pub heard: SortedMap<Proposal, SortedSet<NodeId>>,
    /// How often it has asked: proposers take turns.
    pub asks: u32,
}

impl Role for Learner {
    type Of = Node;

    /// What acceptors said while it was away is lost to it.
    fn on_start(&mut self, cx: &mut Context<Node>, start: Start) {
        let from_the_start = learners(cx.settings()).contains(&cx.me());
        if start == Start::First && from_the_start {
            cx.set_timer(Timer::Ask, cx.duration(&ASK));
        } else {
            self.catch_up(cx);
        }
    }

    fn on_message(&mut self, cx: &mut Context<Node>, from: NodeId, message: Message) {
        let Message::Accepted { proposal } = message else {
            return;
        };
        let by = self.heard.entry(proposal.clone()).or_default();
        by.insert(from);
        let by = by.len() as u32;
        if by < quorum(&cx.settings().at(cx.me())) {
            return;
        }
        // A later ballot chooses the same value again. That is no news.
        let known = self.learned.as_ref().map(|learned| &learned.value);
        if known != Some(&proposal.value) {
            cx.mark(&marks::LEARNS, (proposal.ballot, &*proposal.value));
            cx.cancel_timer(&Timer::Ask);
            self.learned = Some(proposal);
        }
    }

    fn on_timer(&mut self, cx: &mut Context<Node>, _timer: Timer) {
        self.catch_up(cx);
    }

    fn on_request(&mut self, cx: &mut Context<Node>, request: Request) {
        let answer = match (request, &self.learned) {
            (Request::Read, Some(learned)) => Reply::Learned {
                value: learned.value.clone(),
            },
            (Request::Read, None) => Reply::Failed {
                why: "this learner has not learned a value".to_owned(),
            },
            (Request::Propose { .. }, _) => Reply::Failed {
                why: "a learner proposes nothing".to_owned(),
            },
        };
        reply(cx, answer);
    }

    fn recover(&self, _cx: &mut Context<Node>) -> Self {
        Self {
            learned: self.learned.clone(),
            ..Self::default()
        }
    }

    fn draw(&self, settings: &Settings, to: &mut NodeFrame) {
        figures::draw_learner(self, settings, to);
    }

    fn timeless(&self, _settings: &Settings) -> Option<Self> {
        Some(self.clone())
    }
}

impl Learner {
    /// Asks the acceptors what they have accepted. With one of them down that may not be enough to know
    /// what is chosen; then a proposer has to issue a proposal (2.3).
    fn catch_up(&mut self, cx: &mut Context<Node>) {
        if self.learned.is_some() {
            return;
        }
        cx.set_timer(Timer::Ask, cx.duration(&ASK));
        if !cx.switch(&CATCH_UP) {
            return;
        }
        cx.mark(&marks::ASKS, ());
        let mut to = acceptors(cx.settings());
        if self.asks > 0 && !self.heard.is_empty() {
            let turn = NodeId(1 + self.asks % cx.settings().count(&PROPOSERS).max(1));
            to.push(distinguished(cx).unwrap_or(turn));
        }
        cx.send_all(&to, Message::Ask);
        self.asks += 1;
    }
}
