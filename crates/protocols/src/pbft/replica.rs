//! A replica in the normal case (4.2): request, pre-prepare, prepare, commit, reply.

use std::rc::Rc;

use faultline_sim::frame::NodeFrame;
use faultline_sim::process::{Belief, Context, NodeId, Start};
use faultline_sim::settings::Settings;
use faultline_sim::sorted::SortedMap;
use faultline_sim::time::Duration;
use serde::Serialize;

use super::descriptor::{
    DIGEST, INTERVAL, NODES, NUMBER_ONCE, ONCE, PATIENCE, SIGNATURE, WATERMARKS,
};
use super::log::{Accepted, Slot, State, Vote, count_vote};
use super::message::{digest_of, in_words};
use super::{
    Digest, Message, NewView, Node, Prepared, Proposal, Reply, Request, Timer, ViewChange, figures,
    is_replica, marks, primary, quorum, replicas, window,
};
use crate::parts::kv::Op;
use crate::parts::request::RequestId;
use crate::parts::roles::Role;

/// How often the patience doubles at most, one view change after another.
const DOUBLINGS: u32 = 5;

/// How many pre-prepares it keeps for views that have not begun here.
const EARLY: usize = 64;

/// A pre-prepare that came before its view began here.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Early {
    pub view: u64,
    pub n: u64,
    pub digest: Digest,
    pub request: Proposal,
}

/// A replica's state, all of it on disk.
#[derive(Clone, Hash, Serialize)]
pub struct Replica {
    /// |R|.
    pub of: u32,
    /// v.
    pub view: u64,
    /// It takes part in its view; false while it waits for the new-view message.
    pub active: bool,
    /// As the primary: the last number that it gave.
    pub next: u64,
    /// By sequence number, above the low watermark.
    pub log: SortedMap<u64, Slot>,
    pub executed: u64,
    pub state: Rc<State>,
    /// The request that it executed last, and the one before.
    pub latest: Proposal,
    pub earlier: Proposal,
    /// Requests that it knows of and has not executed.
    pub waiting: SortedMap<RequestId, Rc<Request>>,
    /// Its timer is set.
    #[serde(skip)]
    pub timing: bool,
    /// View changes since the last request was executed.
    pub changes: u32,
    /// h, the number of the last stable checkpoint, and its digest.
    pub low: u64,
    pub stable: Digest,
    /// Its states at checkpoints from h on.
    #[serde(skip)]
    pub snapshots: SortedMap<u64, Rc<State>>,
    /// Digests that replicas have told, by number.
    pub checkpoints: SortedMap<u64, SortedMap<NodeId, Digest>>,
    /// The state that it lacks.
    pub wanted: Option<(u64, Digest)>,
    pub view_changes: SortedMap<u64, SortedMap<NodeId, Rc<ViewChange>>>,
    pub new_view: Option<Rc<NewView>>,
    #[serde(skip)]
    pub early: Vec<Early>,
}

impl Replica {
    pub fn new(settings: &Settings) -> Self {
        let state = Rc::new(State::default());
        Self {
            of: settings.count(&NODES),
            view: 0,
            active: true,
            next: 0,
            log: SortedMap::new(),
            executed: 0,
            latest: None,
            earlier: None,
            waiting: SortedMap::new(),
            timing: false,
            changes: 0,
            low: 0,
            stable: Digest::of(&*state),
            snapshots: [(0, Rc::clone(&state))].into(),
            state,
            checkpoints: SortedMap::new(),
            wanted: None,
            view_changes: SortedMap::new(),
            new_view: None,
            early: Vec::new(),
        }
    }

    pub fn is_primary(&self, me: NodeId) -> bool {
        u64::from(me.0 - 1) == self.view % u64::from(self.of.max(1))
    }

    /// Sends to all other replicas.
    pub(super) fn multicast(cx: &mut Context<Node>, message: Message) {
        let me = cx.me();
        let mut others = replicas(cx.settings());
        others.retain(|id| *id != me);
        cx.send_all(&others, message);
    }

    /// Whether its client's latest executed request is this one or a later one (4.1).
    fn repeated(&self, cx: &Context<Node>, id: RequestId) -> bool {
        let last = self.state.last.get(&id.from);
        last.is_some_and(|(number, _)| *number >= id.number) && cx.switch(&ONCE)
    }

    fn is_genuine(cx: &mut Context<Node>, request: &Request) -> bool {
        let genuine = request.is_signed() || !cx.switch(&SIGNATURE);
        if !genuine {
            cx.mark(&marks::REFUSES, request.to_string());
        }
        genuine
    }

    /// Whether a number lies between the watermarks (4.2), or is at least above the lower one.
    fn in_window(&self, cx: &Context<Node>, n: u64) -> bool {
        let low = self.floor();
        n > low && (n <= low + window(cx.settings()) || !cx.switch(&WATERMARKS))
    }

    /// The low watermark, or the number of the state that it is about to fetch.
    pub fn floor(&self) -> u64 {
        self.wanted.map_or(self.low, |(n, _)| n.max(self.low))
    }

    /// A request from its client, or passed on by another replica.
    fn receive_request(&mut self, cx: &mut Context<Node>, from: NodeId, request: Rc<Request>) {
        let id = request.id;
        if is_replica(cx.settings(), id.from) || !Self::is_genuine(cx, &request) {
            return;
        }
        if self.repeated(cx, id) {
            return self.answer_again(cx, id);
        }
        let new = self.waiting.insert(id, Rc::clone(&request)).is_none();
        if !self.active {
            return;
        }
        if self.is_primary(cx.me()) {
            if new {
                self.assign(cx, request);
            }
            return;
        }
        // "If the replica is not the primary, it relays the request to the primary" (4.1).
        if from == id.from {
            let to = primary(self.view, cx.settings());
            cx.mark(&marks::FORWARDS, (request.to_string(), to));
            cx.send(to, Message::Request { request });
        }
        self.start_timer(cx);
    }

    fn answer_again(&self, cx: &mut Context<Node>, id: RequestId) {
        if let Some((number, answer)) = self.state.last.get(&id.from)
            && *number == id.number
        {
            let (view, answer) = (self.view, answer.clone());
            cx.send(id.from, Message::Reply { view, id, answer });
        }
    }

    /// The primary gives all requests a number that have none in this view.
    pub(super) fn assign_waiting(&mut self, cx: &mut Context<Node>) {
        if !self.active || !self.is_primary(cx.me()) {
            return;
        }
        let waiting: Vec<Rc<Request>> = self.waiting.values().cloned().collect();
        for request in waiting {
            self.assign(cx, request);
        }
    }

    fn has_number(&self, id: RequestId) -> bool {
        let open = self.log.iter().filter(|(n, _)| **n > self.executed);
        let mut accepted = open.filter_map(|(_, slot)| slot.accepted.as_ref());
        accepted.any(|accepted| {
            let request = accepted.request.as_ref();
            accepted.view == self.view && request.is_some_and(|request| request.id == id)
        })
    }

    fn assign(&mut self, cx: &mut Context<Node>, request: Rc<Request>) {
        if self.has_number(request.id) {
            return;
        }
        let n = match self.one_each(cx) {
            true => self.next + 1,
            false => self.executed + 1,
        };
        if !self.in_window(cx, n) {
            cx.mark(&marks::FULL, (request.to_string(), n));
            return;
        }
        self.next = n;
        let (view, request) = (self.view, Some(request));
        let digest = digest_of(&request);
        cx.mark(&marks::ASSIGNS, (n, in_words(&request)));
        let message = Message::PrePrepare {
            view,
            n,
            digest,
            request: request.clone(),
        };
        Self::multicast(cx, message);
        self.accept(cx, n, request);
    }

    /// A number is given once, and a replica takes one request and one vote of each other for it.
    fn one_each(&self, cx: &Context<Node>) -> bool {
        cx.switch(&NUMBER_ONCE)
    }

    fn receive_pre_prepare(&mut self, cx: &mut Context<Node>, from: NodeId, early: Early) {
        if from != primary(early.view, cx.settings()) {
            return;
        }
        if early.view > self.view || (early.view == self.view && !self.active) {
            if self.early.len() < EARLY {
                self.early.push(early);
            }
            return;
        }
        self.take_pre_prepare(cx, early);
    }

    /// "A backup accepts a pre-prepare message provided …" (4.2).
    pub(super) fn take_pre_prepare(&mut self, cx: &mut Context<Node>, early: Early) {
        let Early {
            view,
            n,
            digest,
            request,
        } = early;
        let Some(asked) = &request else { return };
        if view != self.view || self.is_primary(cx.me()) || !self.in_window(cx, n) {
            return;
        }
        if !Self::is_genuine(cx, asked) || digest != digest_of(&request) {
            return;
        }
        let accepted = self.log.get(&n).and_then(|slot| slot.accepted.as_ref());
        if let Some(other) = accepted.filter(|accepted| accepted.view == view) {
            if other.digest == digest {
                return;
            }
            if self.one_each(cx) {
                cx.mark(&marks::SECOND, (n, in_words(&request)));
                return;
            }
        }
        self.accept(cx, n, request);
    }

    /// It takes this request for the number in its view, and a backup says so to all.
    pub(super) fn accept(&mut self, cx: &mut Context<Node>, n: u64, request: Proposal) {
        let (view, me) = (self.view, cx.me());
        let digest = digest_of(&request);
        if let Some(asked) = &request
            && !self.repeated(cx, asked.id)
            && n > self.executed
        {
            self.waiting.insert(asked.id, Rc::clone(asked));
            self.start_timer(cx);
        }
        let once = self.one_each(cx);
        let slot = self.log.entry(n).or_default();
        let before = slot.accepted.as_ref().map(|accepted| accepted.digest);
        slot.committed &= before == Some(digest);
        slot.accepted = Some(Accepted {
            view,
            digest,
            request,
        });
        if !self.is_primary(me) {
            let slot = self.log.entry(n).or_default();
            count_vote(&mut slot.prepares, me, Vote { view, digest }, once);
            Self::multicast(cx, Message::Prepare { view, n, digest });
        }
        self.advance(cx, n);
    }

    /// A prepare or a commit of another replica. Votes for a later view may come before that view begins.
    fn receive_vote(
        &mut self,
        cx: &mut Context<Node>,
        from: NodeId,
        (n, vote, commits): (u64, Vote, bool),
    ) {
        if vote.view < self.view || !self.in_window(cx, n) || !is_replica(cx.settings(), from) {
            return;
        }
        // The primary has sent a pre-prepare: it sends no prepare.
        if !commits && from == primary(vote.view, cx.settings()) {
            return;
        }
        let once = self.one_each(cx);
        let slot = self.log.entry(n).or_default();
        let votes = match commits {
            true => &mut slot.commits,
            false => &mut slot.prepares,
        };
        count_vote(votes, from, vote, once);
        self.advance(cx, n);
    }

    /// prepared(m, v, n, i) and committed-local(m, v, n, i) of 4.2.
    fn advance(&mut self, cx: &mut Context<Node>, n: u64) {
        let (me, view) = (cx.me(), self.view);
        let need = quorum(&cx.settings().at(me)) as usize;
        let (any, once) = (!cx.switch(&DIGEST), self.one_each(cx));
        let active = self.active;
        let Some(slot) = self.log.get_mut(&n) else {
            return;
        };
        let Some(accepted) = slot.accepted.clone() else {
            return;
        };
        if !active || accepted.view != view {
            return;
        }
        let digest = accepted.digest;
        let by = slot.matching(&slot.prepares, any);
        if !slot.is_prepared() && by.len() + 1 >= need {
            slot.prepared = Some(Prepared {
                n,
                view,
                digest,
                request: accepted.request.clone(),
                by,
            });
            count_vote(&mut slot.commits, me, Vote { view, digest }, once);
            cx.mark(&marks::PREPARED, (n, in_words(&accepted.request)));
            Self::multicast(cx, Message::Commit { view, n, digest });
        }
        let commits = slot.matching(&slot.commits, any).len();
        if slot.is_prepared() && !slot.committed && commits >= need {
            slot.committed = true;
            cx.mark(&marks::COMMITTED, (n, in_words(&accepted.request)));
        }
        self.execute(cx);
    }

    /// "Each replica executes requests … after all requests with lower sequence numbers" (4.2).
    pub(super) fn execute(&mut self, cx: &mut Context<Node>) {
        let before = self.executed;
        while let Some(slot) = self.log.get(&(self.executed + 1)).filter(|s| s.committed) {
            let request = slot.accepted.as_ref().and_then(|a| a.request.clone());
            self.executed += 1;
            self.apply(cx, self.executed, request);
            if self
                .executed
                .is_multiple_of(u64::from(cx.settings().count(&INTERVAL)))
            {
                self.take_checkpoint(cx);
            }
        }
        if self.executed > before {
            self.changes = 0;
            self.restart_timer(cx);
        }
    }

    fn apply(&mut self, cx: &mut Context<Node>, n: u64, request: Proposal) {
        let words = in_words(&request);
        let Some(asked) = request else {
            return cx.mark(&marks::EXECUTES, (n, words, ""));
        };
        let id = asked.id;
        if self.repeated(cx, id) {
            self.waiting.remove(&id);
            return cx.mark(&marks::REPEATS, (n, words));
        }
        let state = Rc::make_mut(&mut self.state);
        let answer = state.machine.apply(&asked.op);
        state.last.insert(id.from, (id.number, answer.clone()));
        self.earlier = self.latest.replace(asked);
        self.forget_executed();
        cx.mark(&marks::EXECUTES, (n, words, id.to_string()));
        let view = self.view;
        cx.send(id.from, Message::Reply { view, id, answer });
    }

    /// Clients have one request at a time, so earlier ones of theirs wait no longer.
    pub(super) fn forget_executed(&mut self) {
        let last = &self.state.last;
        self.waiting.retain(|id, _| {
            let done = last.get(&id.from);
            done.is_none_or(|(number, _)| *number < id.number)
        });
    }

    /// How long it waits: twice as long after each view change in which nothing was executed.
    pub(super) fn patience(&self, cx: &Context<Node>) -> Duration {
        Duration(cx.duration(&PATIENCE).0 << self.changes.min(DOUBLINGS))
    }

    /// "A backup starts a timer when it receives a request and the timer is not already running" (4.4).
    pub(super) fn start_timer(&mut self, cx: &mut Context<Node>) {
        if self.active && !self.timing && !self.is_primary(cx.me()) {
            self.timing = true;
            let wait = self.patience(cx);
            cx.set_timer(Timer::Patience, wait);
        }
    }

    /// Something was executed: it waits anew for the rest, if there is any.
    pub(super) fn restart_timer(&mut self, cx: &mut Context<Node>) {
        if !self.active {
            return;
        }
        self.timing = false;
        cx.cancel_timer(&Timer::Patience);
        if !self.waiting.is_empty() {
            self.start_timer(cx);
        }
    }
}

impl Role for Replica {
    type Of = Node;

    fn on_start(&mut self, cx: &mut Context<Node>, _start: Start) {
        let leader = primary(self.view, cx.settings());
        cx.believe(Belief::Leader(self.active.then_some(leader)));
        if !self.active {
            self.wait_for_view(cx);
        } else if !self.waiting.is_empty() {
            self.start_timer(cx);
        }
    }

    fn on_message(&mut self, cx: &mut Context<Node>, from: NodeId, message: Message) {
        match message {
            Message::Request { request } => self.receive_request(cx, from, request),
            Message::PrePrepare {
                view,
                n,
                digest,
                request,
            } => {
                let early = Early {
                    view,
                    n,
                    digest,
                    request,
                };
                self.receive_pre_prepare(cx, from, early);
            }
            Message::Prepare { view, n, digest } => {
                self.receive_vote(cx, from, (n, Vote { view, digest }, false));
            }
            Message::Commit { view, n, digest } => {
                self.receive_vote(cx, from, (n, Vote { view, digest }, true));
            }
            Message::Checkpoint { n, digest } => self.receive_checkpoint(cx, from, n, digest),
            Message::ViewChange(change) => self.receive_view_change(cx, from, change),
            Message::NewView(new) => self.receive_new_view(cx, from, new),
            Message::Fetch { n } => self.send_state(cx, from, n),
            Message::State { n, state } => self.receive_state(cx, n, state),
            Message::Reply { .. } => {}
        }
    }

    fn on_timer(&mut self, cx: &mut Context<Node>, timer: Timer) {
        if timer == Timer::Patience {
            self.lose_patience(cx);
        }
    }

    fn on_request(&mut self, cx: &mut Context<Node>, _request: Op) {
        if let Some(operation) = cx.operation() {
            let why = "only clients ask".to_owned();
            cx.reply(operation, Reply::Failed { why });
        }
    }

    fn recover(&self, _cx: &mut Context<Node>) -> Self {
        Self {
            timing: false,
            ..self.clone()
        }
    }

    fn draw(&self, settings: &Settings, to: &mut NodeFrame) {
        figures::draw_replica(self, settings, to);
    }
}
