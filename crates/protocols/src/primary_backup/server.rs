//! A server: primary, backup, or neither.

use std::rc::Rc;

use faultline_sim::frame::NodeFrame;
use faultline_sim::process::{Belief, Context, NodeId, Start};
use faultline_sim::settings::Settings;
use faultline_sim::shared::{SharedList, SharedMap};
use faultline_sim::sorted::SortedMap;
use serde::Serialize;

use super::descriptor::{APPLY_ONCE, CHECK_VIEW, CONFIRM_READS, PING, TRANSFER, WAIT};
use super::{Life, Member, Message, SERVICE, Timer, View, figures, marks};
use crate::parts::kv::{KvAnswer, KvMachine, Op};
use crate::parts::request::RequestId;
use crate::parts::roles::Role;

/// A request that the primary took, and in which view.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Entry {
    pub view: u64,
    pub id: RequestId,
    #[serde(serialize_with = "crate::parts::kv::in_short")]
    pub op: Op,
}

/// What is copied: the requests so far, and what came of them.
#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct State {
    pub log: SharedList<Entry>,
    #[serde(skip)]
    pub machine: KvMachine,
    #[serde(skip)]
    pub answers: SharedMap<RequestId, KvAnswer>,
}

impl State {
    pub fn entries(&self) -> u64 {
        self.log.len() as u64
    }

    /// Executes a request.
    fn apply(&mut self, entry: Entry) {
        let answer = self.machine.apply(&entry.op);
        self.answers.insert(entry.id, answer);
        self.log.push(entry);
    }
}

/// A server's state. On disk is the number of its start, and nothing else.
#[derive(Clone, Hash, Serialize)]
pub struct Server {
    pub start: u32,
    /// The newest view it knows.
    pub view: Rc<View>,
    /// The state is the one of this view; 0: it has none.
    pub ready: u64,
    pub state: State,
    /// Primary: how many entries each backup has, once it has the state of this view.
    pub held: SortedMap<NodeId, u64>,
    /// Primary: who waits for an answer, by the number of entries that all backups must have.
    pub waits: SortedMap<u64, RequestId>,
    /// Primary: how many entries, and in which view, there were at the last ping.
    due: (u64, u64),
}

impl Server {
    pub fn new(me: NodeId, settings: &Settings) -> Self {
        let view = View::first(settings);
        // The first view needs no state: nothing has been written.
        let leads = view.primary.id == me;
        let backups = view.backups.iter().filter(|_| leads);
        Self {
            start: 1,
            held: backups.map(|life| (life.id, 0)).collect(),
            view: Rc::new(view),
            ready: 1,
            state: State::default(),
            waits: SortedMap::new(),
            due: (0, 0),
        }
    }

    fn life(&self, me: NodeId) -> Life {
        Life {
            id: me,
            start: self.start,
        }
    }

    pub fn is_primary(&self, me: NodeId) -> bool {
        self.view.primary == self.life(me)
    }

    pub fn is_backup(&self, me: NodeId) -> bool {
        self.view.backups.contains(&self.life(me))
    }

    /// Whether it answers clients: all its backups have had the state of this view.
    pub fn serves(&self, me: NodeId) -> bool {
        self.is_primary(me) && self.ready == self.view.number
    }

    /// How many entries all backups have.
    pub fn confirmed(&self) -> u64 {
        let backups = self.view.backups.iter();
        let held = backups.map(|life| self.held.get(&life.id).copied().unwrap_or(0));
        held.min().unwrap_or(self.state.entries())
    }

    /// The view service has spoken.
    fn learn(&mut self, cx: &mut Context<Member>, view: Rc<View>) {
        if view.number <= self.view.number {
            return;
        }
        let led = self.is_primary(cx.me());
        self.view = view;
        self.held.clear();
        if self.is_primary(cx.me()) {
            return self.begin(cx);
        }
        // Its clients ask the new primary.
        self.waits.clear();
        if led {
            cx.mark(&marks::STEPS_DOWN, self.view.number);
        }
        cx.believe(Belief::Leader(Some(self.view.primary.id)));
    }

    /// It is the primary of a new view.
    fn begin(&mut self, cx: &mut Context<Member>) {
        cx.mark(&marks::TAKES_OVER, self.view.number);
        cx.believe(Belief::Leader(Some(cx.me())));
        self.due = (self.state.entries(), 0);
        for life in self.view.clone().backups.iter() {
            if cx.switch(&TRANSFER) {
                self.send_state(cx, life.id);
            } else {
                self.held.insert(life.id, self.state.entries());
            }
        }
        self.check_all(cx);
    }

    fn send_state(&self, cx: &mut Context<Member>, to: NodeId) {
        let state = Rc::new(self.state.clone());
        let view = self.view.number;
        cx.send(to, Message::State { view, state });
    }

    fn forward(&self, cx: &mut Context<Member>, to: NodeId, at: u64) {
        let entries: Vec<Entry> = self.state.log.iter_from(at as usize).cloned().collect();
        if !entries.is_empty() {
            let view = self.view.number;
            let entries = entries.into();
            cx.send(to, Message::Forward { view, at, entries });
        }
    }

    /// A client asks.
    fn receive_ask(&mut self, cx: &mut Context<Member>, id: RequestId, attempt: u32, op: Op) {
        if !self.is_primary(cx.me()) {
            return cx.send(id.from, Message::NotPrimary { id, attempt });
        }
        if let Some(answer) = self.state.answers.get(&id).cloned()
            && cx.switch(&APPLY_ONCE)
        {
            // It still waits for the backups, or its answer was lost.
            if !self.waits.values().any(|waits| *waits == id) {
                cx.send(id.from, Message::Answer { id, answer });
            }
            return;
        }
        if op.is_read() && !cx.switch(&CONFIRM_READS) {
            let answer = self.state.machine.clone().apply(&op);
            return cx.send(id.from, Message::Answer { id, answer });
        }
        let at = self.state.entries();
        let view = self.view.number;
        self.state.apply(Entry { view, id, op });
        self.waits.insert(at + 1, id);
        for life in self.view.clone().backups.iter() {
            // Who has not got the state of this view yet gets the entry after it.
            if self.held.contains_key(&life.id) {
                self.forward(cx, life.id, at);
            }
        }
        self.check_all(cx);
    }

    /// Answers the requests that have waited long enough.
    fn check_all(&mut self, cx: &mut Context<Member>) {
        let mut backups = self.view.backups.iter();
        if !backups.all(|life| self.held.contains_key(&life.id)) {
            return;
        }
        if self.ready != self.view.number {
            self.ready = self.view.number;
            cx.mark(&marks::SERVES, self.view.number);
            self.ping(cx);
        }
        let enough = if cx.switch(&WAIT) {
            self.confirmed()
        } else {
            self.state.entries()
        };
        while let Some((at, id)) = self.waits.iter().next().map(|(at, id)| (*at, *id)) {
            if at > enough {
                break;
            }
            self.waits.remove(&at);
            if let Some(answer) = self.state.answers.get(&id).cloned() {
                cx.send(id.from, Message::Answer { id, answer });
            }
        }
    }

    /// Whether a message of the primary of this view counts here.
    fn takes(&self, cx: &mut Context<Member>, from: NodeId, view: u64) -> bool {
        if !cx.switch(&CHECK_VIEW) {
            return true;
        }
        if view < self.view.number {
            cx.mark(&marks::REFUSES, (from, view));
        }
        view == self.view.number && self.is_backup(cx.me())
    }

    fn receive_forward(
        &mut self,
        cx: &mut Context<Member>,
        from: NodeId,
        (view, at): (u64, u64),
        entries: &[Entry],
    ) {
        if !self.takes(cx, from, view) {
            return;
        }
        let whole = cx.switch(&TRANSFER);
        if whole && (self.ready != view && cx.switch(&CHECK_VIEW) || at > self.state.entries()) {
            // Something is missing: it comes again.
            return;
        }
        for (place, entry) in (at..).zip(entries) {
            let known = if whole {
                place < self.state.entries()
            } else {
                self.state.answers.contains_key(&entry.id)
            };
            if !known {
                self.state.apply(entry.clone());
            }
        }
        let entries = at + entries.len() as u64;
        cx.send(from, Message::Held { view, entries });
    }

    fn receive_state(&mut self, cx: &mut Context<Member>, from: NodeId, view: u64, state: &State) {
        if !self.takes(cx, from, view) {
            return;
        }
        // A late copy takes nothing back.
        if self.ready != view {
            self.ready = view;
            self.state = state.clone();
            cx.mark(&marks::GETS_STATE, (state.entries(), from));
        }
        let entries = self.state.entries();
        cx.send(from, Message::Held { view, entries });
    }

    fn receive_held(&mut self, cx: &mut Context<Member>, from: NodeId, view: u64, entries: u64) {
        if view != self.view.number || !self.is_primary(cx.me()) {
            return;
        }
        let before = self.held.get(&from).copied();
        self.held.insert(from, entries.max(before.unwrap_or(0)));
        if before.is_none() {
            self.forward(cx, from, entries);
        }
        self.check_all(cx);
    }

    fn ping(&self, cx: &mut Context<Member>) {
        let (start, ready) = (self.start, self.ready);
        cx.send(SERVICE, Message::Ping { start, ready });
    }

    /// What a backup should have had by now is sent again.
    fn send_again(&mut self, cx: &mut Context<Member>) {
        if !self.is_primary(cx.me()) {
            return;
        }
        let (entries, view) = self.due;
        for life in self.view.clone().backups.iter() {
            match self.held.get(&life.id) {
                Some(held) if *held < entries => self.forward(cx, life.id, *held),
                None if view == self.view.number => self.send_state(cx, life.id),
                _ => {}
            }
        }
        self.due = (self.state.entries(), self.view.number);
    }
}

impl Role for Server {
    type Of = Member;

    fn on_start(&mut self, cx: &mut Context<Member>, start: Start) {
        if start == Start::First && self.is_primary(cx.me()) {
            cx.believe(Belief::Leader(Some(cx.me())));
        }
        self.ping(cx);
        cx.set_timer(Timer::Ping, cx.duration(&PING));
    }

    fn on_message(&mut self, cx: &mut Context<Member>, from: NodeId, message: Message) {
        match message {
            Message::View { view } => self.learn(cx, view),
            Message::Ask { id, attempt, op } => self.receive_ask(cx, id, attempt, op),
            Message::Forward { view, at, entries } => {
                self.receive_forward(cx, from, (view, at), &entries);
            }
            Message::State { view, state } => self.receive_state(cx, from, view, &state),
            Message::Held { view, entries } => self.receive_held(cx, from, view, entries),
            _ => {}
        }
    }

    fn on_timer(&mut self, cx: &mut Context<Member>, timer: Timer) {
        if matches!(timer, Timer::Ping) {
            self.ping(cx);
            self.send_again(cx);
            cx.set_timer(Timer::Ping, cx.duration(&PING));
        }
    }

    fn on_request(&mut self, cx: &mut Context<Member>, request: Op) {
        figures::refuse(cx, &request);
    }

    fn recover(&self, cx: &mut Context<Member>) -> Self {
        Self {
            start: self.start + 1,
            ready: 0,
            held: SortedMap::new(),
            ..Self::new(cx.me(), cx.settings())
        }
    }

    fn draw(&self, _settings: &Settings, to: &mut NodeFrame) {
        figures::draw_server(self, to);
    }
}
