//! A server: it gives transactions their timestamps, and answers when these have passed.

use faultline_sim::frame::NodeFrame;
use faultline_sim::process::{Context, NodeId, Start};
use faultline_sim::settings::Settings;
use faultline_sim::shared::SharedMap;
use faultline_sim::sorted::SortedMap;
use faultline_sim::time::{Duration, LocalTime};
use serde::Serialize;

use super::descriptor::{COMMIT_WAIT, ONCE};
use super::time::{Clock, is_hybrid, learn, ms, stamp};
use super::{Change, Message, Node, Request, Stamp, Timer, figures, marks, turn_away};
use crate::parts::request::RequestId;
use crate::parts::roles::Role;
use crate::parts::versions::hybrid;

/// What ends when its timestamp has passed.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Waiting {
    pub from: NodeId,
    /// None: a read.
    pub change: Option<Change>,
    pub since: LocalTime,
}

/// A server's state: all of it is on disk but what waits.
#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct Server {
    pub clock: Clock,
    /// The largest timestamp that it has given or, with a hybrid clock, seen.
    pub last: Stamp,
    /// Transactions in commit wait, and reads whose timestamp has not passed.
    #[serde(skip)]
    pub waiting: SortedMap<(Stamp, RequestId), Waiting>,
    /// Its value after each transaction, by timestamp.
    #[serde(skip)]
    pub versions: SharedMap<Stamp, u64>,
    pub value: u64,
    /// Which transactions it has applied, and their timestamps.
    #[serde(skip)]
    applied: SharedMap<RequestId, Stamp>,
    /// How often it has added one.
    pub counted: u64,
}

impl Server {
    fn receive_commit(
        &mut self,
        cx: &mut Context<Node>,
        from: NodeId,
        id: RequestId,
        change: Change,
        clock: Option<Stamp>,
    ) {
        if cx.switch(&ONCE) {
            if let Some(s) = self.applied.get(&id).copied() {
                cx.mark(&marks::AGAIN, id.number);
                return cx.send(from, Message::Committed { id, s });
            }
            if self.waiting.keys().any(|(_, waits)| *waits == id) {
                return;
            }
        }
        if let Some(seen) = clock.filter(|_| is_hybrid(cx.settings())) {
            let wall = self.clock.wall(cx);
            if !learn(cx, &mut self.last, from, seen, wall) {
                return cx.send(from, Message::Refused { id });
            }
        }
        self.start(cx, from, id, change);
    }

    /// Start (4.1.2): the timestamp is no less than `TT.now().latest`, and more than any before.
    fn start(&mut self, cx: &mut Context<Node>, from: NodeId, id: RequestId, change: Change) {
        let since = cx.now();
        let is_hybrid = is_hybrid(cx.settings());
        let now = self.clock.now(cx);
        self.last = if is_hybrid {
            hybrid(self.last, self.clock.wall(cx))
        } else {
            let latest = u64::try_from(now.latest).unwrap_or(0);
            (latest.max(self.last.0 + 1), 0)
        };
        let epsilon = now.latest.abs_diff(now.earliest) / 2;
        cx.mark(&marks::PICKS, (id.number, stamp(self.last), epsilon));
        let change = Some(change);
        let waiting = Waiting {
            from,
            change,
            since,
        };
        if is_hybrid || !cx.switch(&COMMIT_WAIT) {
            return self.end(cx, self.last, id, &waiting);
        }
        self.waiting.insert((self.last, id), waiting);
        self.finish(cx);
    }

    /// A snapshot read: what commits later gets a later timestamp, so the value at this one stays as it is
    /// once the timestamp has passed (4.1.3).
    fn receive_read(&mut self, cx: &mut Context<Node>, from: NodeId, id: RequestId, at: Stamp) {
        let since = cx.now();
        let change = None;
        let waiting = Waiting {
            from,
            change,
            since,
        };
        if !is_hybrid(cx.settings()) {
            self.waiting.insert((at, id), waiting);
            return self.finish(cx);
        }
        let wall = self.clock.wall(cx);
        if learn(cx, &mut self.last, from, at, wall) {
            // Whatever is written from here on gets a larger stamp than the read, seen or not.
            self.last = self.last.max(at);
            self.end(cx, at, id, &waiting);
        } else {
            cx.send(from, Message::Refused { id });
        }
    }

    /// Commit wait (4.1.2): what waits ends when `TT.after` its timestamp.
    fn finish(&mut self, cx: &mut Context<Node>) {
        while let Some((s, id)) = self.waiting.first_key_value().map(|(key, _)| *key) {
            if !self.clock.now(cx).after(s.0) {
                let wait = self.clock.until_after(cx, s.0);
                return cx.set_timer(Timer::CommitWait, wait);
            }
            if let Some(waiting) = self.waiting.remove(&(s, id)) {
                self.end(cx, s, id, &waiting);
            }
        }
        cx.cancel_timer(&Timer::CommitWait);
    }

    fn end(&mut self, cx: &mut Context<Node>, s: Stamp, id: RequestId, waiting: &Waiting) {
        let Some(change) = waiting.change else {
            cx.mark(&marks::READS, stamp(s));
            let latest = self.versions.iter().rev().find(|(at, _)| **at <= s);
            let (version, value) = latest.map_or(((0, 0), 0), |(at, value)| (*at, *value));
            return cx.send(waiting.from, Message::Value { id, value, version });
        };
        if self.applied.contains_key(&id) {
            cx.mark(&marks::TWICE, id.number);
        }
        match change {
            Change::Write(value) => self.value = value,
            Change::Increment => {
                self.value += 1;
                self.counted += 1;
            }
        }
        self.versions.insert(s, self.value);
        self.applied.insert(id, s);
        cx.write();
        let waited = cx.now().since(waiting.since).0;
        let ahead = s.0.saturating_sub(self.clock.wall(cx));
        cx.mark(&marks::COMMITS, (id.number, stamp(s), waited, ahead));
        cx.send(waiting.from, Message::Committed { id, s });
    }
}

impl Role for Server {
    type Of = Node;

    fn on_start(&mut self, cx: &mut Context<Node>, start: Start) {
        if start == Start::First {
            self.clock.since = cx.now();
        }
        // Servers do not ask in step.
        let first = cx.rng().between(0, Duration::millis(10).0);
        cx.set_timer(Timer::Sync, Duration(first));
    }

    fn on_message(&mut self, cx: &mut Context<Node>, from: NodeId, message: Message) {
        match message {
            Message::Commit { id, change, clock } => {
                self.receive_commit(cx, from, id, change, clock);
            }
            Message::Read { id, at } => self.receive_read(cx, from, id, at),
            Message::Time { asked, shows } => {
                self.clock.receive_time(cx, asked, shows);
                self.finish(cx);
            }
            _ => {}
        }
    }

    fn on_timer(&mut self, cx: &mut Context<Node>, timer: Timer) {
        match timer {
            Timer::Sync => self.clock.poll(cx),
            Timer::CommitWait => self.finish(cx),
            Timer::Next | Timer::Retry { .. } => {}
        }
    }

    fn on_request(&mut self, cx: &mut Context<Node>, _request: Request) {
        turn_away(cx);
    }

    /// What waited was not applied, and nobody was told of it: the client asks again.
    fn recover(&self, _cx: &mut Context<Node>) -> Self {
        Self {
            waiting: SortedMap::new(),
            ..self.clone()
        }
    }

    fn draw(&self, settings: &Settings, to: &mut NodeFrame) {
        figures::draw_server(self, settings, to);
    }
}

/// The first of a server's waiting things, for its picture.
pub fn waits_for(server: &Server) -> Option<(RequestId, String, bool)> {
    let ((s, id), waiting) = server.waiting.first_key_value()?;
    Some((*id, ms(s.0), waiting.change.is_some()))
}
