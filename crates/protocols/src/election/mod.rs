//! The curriculum's second election program (Activity 4), and what its questions add to it.
//!
//! **Problem.** The same as the bully algorithm's: the live node with the highest number should lead.
//!
//! **Idea of the program.** Asking is a call that returns an answer. A node that is asked says yes at
//! once and starts its own election a tenth of a second later. A node that gets no yes leads.
//!
//! **The subtle point.** A call always returns, so this program cannot express a node that never
//! answers, or the wait for it. If a node is down or unreachable in this run, its caller learns that at
//! once, which no network can offer. Sent as messages (preset `over-a-network`), the same lines ask,
//! find no answer yet in the next line, and make every starter a leader.
//!
//! **What the switches add.** Each answers one of the activity's tasks and questions: a guard, waiting
//! for answers and for the announcement, heartbeats, numbered terms, the highest asked first, and the
//! support of a majority, which is the only one that prevents two leaders after a split.
//!
//! **References.** Garcia-Molina 1982 (assertions, timeouts); Gifford 1979 and Ongaro and Ousterhout
//! 2014, §5.2 (majorities; one vote a term, kept on disk).

mod descriptor;
mod figures;
mod invariants;
mod leading;
mod marks;
mod program;
mod scenarios;
#[cfg(test)]
mod tests;
mod writes;

use crate::parts::votes::Votes;
use faultline_sim::frame::{NodeFrame, Word};
use faultline_sim::history::End;
use faultline_sim::judge::{self, Answer, Asked, Call, Model};
use faultline_sim::process::{Belief, Context, NodeId, Process, Start};
use faultline_sim::settings::Settings;
use faultline_sim::sorted::SortedSet;
use faultline_sim::time::{Duration, LocalTime};
use faultline_sim::world::World;
use serde::{Deserialize, Serialize};

use crate::elections::{STARTER, STARTS};
pub use descriptor::PROTOCOL;
use descriptor::{DELAY, DETECT, GUARD, MAJORITY, TERMS, TIMEOUT, TOP_FIRST, WAIT};
use writes::{Write, Writes};

/// One node.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Election {
    /// The node it believes to be the leader (`leaderId`).
    leader: Option<NodeId>,
    /// Elections started here so far.
    elections: u32,
    /// How often it became the leader so far.
    claims: u32,
    /// How often it was asked so far: the name of the latest timer.
    asked: u32,
    /// Its own elections that have not started yet.
    to_come: u32,
    /// When its latest election started.
    began: Option<LocalTime>,
    /// Switch `wait`: it waits for answers or for the announcement.
    waiting: bool,
    /// Switch `ask-highest-first`: who was asked last.
    asking: Option<NodeId>,
    /// Switches `terms` and `majority`: the latest term it knows. Survives a crash.
    term: u64,
    /// The term it leads in, if it leads.
    crowned: u64,
    /// Switch `majority`: the node it supports, and in which term. Survives a crash.
    supports: Option<(u64, NodeId)>,
    /// Nodes that support its own claim.
    supporters: Votes,
    /// What clients have written.
    writes: Writes,
}

/// What a person may ask a node to do.
#[derive(Clone, Debug, Hash, Serialize, Deserialize)]
pub enum Request {
    Start,
    Notice,
    Write(String),
    /// All texts that this leader holds.
    Read,
}

/// What the person is told.
#[derive(Clone, Debug, Hash, Serialize)]
pub enum Reply {
    Started,
    Stored {
        text: String,
    },
    /// Each text once.
    Held {
        texts: SortedSet<String>,
    },
    Failed {
        why: String,
    },
    /// Another node leads now; it may hold the write.
    Unknown {
        why: String,
    },
}

faultline_sim::messages! {
    /// What nodes tell each other. `term` is 0 while nothing is numbered.
    pub enum Message {
        /// `receiveElection`
        Election { term: u64 } as "ELECTION" => Election "E" "asks to take over",
        /// The value that `receiveElection` returns.
        Ok { term: u64 } as "OK" => Ack "OK" "answers with yes",
        /// `receiveLeaderAnnouncement`
        Leader { term: u64 } as "LEADER" => Announce "L" "tells that it is the leader",
        /// Switch `majority`: may I lead?
        Claim { term: u64 } as "CLAIM" => Request "?" "asks for support",
        /// Switch `majority`: grants support, to one node per term.
        Support { term: u64, whom: NodeId } as "SUPPORT" => Ack "S" "promises its support",
        /// Switch `detect`: the leader's heartbeat.
        Heartbeat { term: u64 } as "HEARTBEAT" => Heartbeat "" "sends a heartbeat",
        /// A leader sends all writes.
        Record { held: Vec<Write> } as "RECORD" => Data "W" "sends all writes",
        /// This node holds the first `places` of them.
        Kept { places: u32 } as "KEPT" => Ack "✓" "acknowledges the writes",
        /// A node asks its new leader for all writes.
        Fetch as "FETCH" => Request "?" "asks for all writes",
    }
}

faultline_sim::timers! {
    /// What a node waits for.
    pub enum Timer {
        /// Parameter `starter`: this node begins.
        Begin,
        /// It was asked and starts its own election. As written, one timer per question.
        Own { call: u32 },
        /// Switch `wait`: no answer in time: lead.
        Answer,
        /// Switch `wait`: no announcement in time: ask again.
        Announcement,
        /// Switch `ask-highest-first`: no answer from the one asked: ask the next.
        Ask,
        /// Switch `detect`: the leader's next heartbeat.
        Beat,
        /// Switch `detect`: nothing heard from the leader.
        Suspect,
    }
}

impl Process for Election {
    type Message = Message;
    type Timer = Timer;
    type Request = Request;
    type Reply = Reply;

    fn new(_me: NodeId, _settings: &Settings) -> Self {
        Self {
            leader: None,
            elections: 0,
            claims: 0,
            asked: 0,
            to_come: 0,
            began: None,
            waiting: false,
            asking: None,
            term: 0,
            crowned: 0,
            supports: None,
            supporters: Votes::default(),
            writes: Writes::default(),
        }
    }

    fn on_start(&mut self, cx: &mut Context<Self>, start: Start) {
        let starts = start == Start::First && cx.settings().nodes(&STARTER).contains(&cx.me());
        if starts || start == Start::Recovery && cx.switch(&DETECT) {
            // After all nodes have started, so that no node is called before it exists.
            cx.set_timer(Timer::Begin, Duration(0));
        }
        self.watch_leader(cx);
    }

    fn on_message(&mut self, cx: &mut Context<Self>, from: NodeId, message: Message) {
        match message {
            Message::Election { term } => self.receive_election(cx, from, term),
            Message::Ok { term } => self.receive_ok(cx, term),
            Message::Leader { term } => self.receive_leader(cx, from, term),
            Message::Claim { term } => self.receive_claim(cx, from, term),
            Message::Support { term, whom } => self.receive_support(cx, from, (term, whom)),
            Message::Heartbeat { term } => self.receive_heartbeat(cx, from, term),
            Message::Record { held } => self.receive_record(cx, from, held),
            Message::Kept { places } => self.receive_kept(cx, from, places),
            Message::Fetch => self.receive_fetch(cx, from),
        }
    }

    fn on_timer(&mut self, cx: &mut Context<Self>, timer: Timer) {
        match timer {
            Timer::Begin => self.start_fresh_election(cx),
            Timer::Own { .. } => {
                self.to_come = self.to_come.saturating_sub(1);
                self.start_election(cx);
            }
            Timer::Answer if self.waiting => self.claim(cx),
            Timer::Announcement if self.waiting => {
                cx.mark(&marks::ASKS_AGAIN, ());
                self.start_fresh_election(cx);
            }
            Timer::Ask if self.waiting => self.ask_next(cx),
            Timer::Beat if self.leads(cx.me()) && cx.switch(&DETECT) => self.beat(cx),
            Timer::Suspect if !self.leads(cx.me()) && cx.switch(&DETECT) => {
                if self.waiting {
                    // Its own timer ends this election, and may start the next.
                    self.watch_leader(cx);
                } else {
                    self.notice(cx);
                }
            }
            _ => {}
        }
    }

    fn on_request(&mut self, cx: &mut Context<Self>, request: Request) {
        let Some(operation) = cx.operation() else {
            return;
        };
        match request {
            Request::Start => self.start_fresh_election(cx),
            Request::Notice => self.notice(cx),
            Request::Write(text) => return self.write(cx, operation, text),
            Request::Read => return self.read(cx, operation),
        }
        cx.reply(operation, Reply::Started);
    }

    fn recover(&self, cx: &mut Context<Self>) -> Self {
        Self {
            elections: self.elections,
            claims: self.claims,
            asked: self.asked,
            term: self.term,
            supports: self.supports,
            writes: self.writes.on_disk(),
            ..Self::new(cx.me(), cx.settings())
        }
    }

    fn end(reply: &Reply) -> End {
        match reply {
            Reply::Started | Reply::Stored { .. } | Reply::Held { .. } => End::Ok,
            Reply::Failed { .. } => End::Failed,
            Reply::Unknown { .. } => End::Unknown,
        }
    }

    fn objects(_settings: &Settings) -> Option<Model> {
        Some(Model::Set)
    }

    fn asked(request: &Request, _node: NodeId, _world: &World) -> Option<Asked> {
        Some(Asked::only(match request {
            Request::Write(text) => Call::Insert(judge::Word::from(&**text)),
            Request::Read => Call::Read,
            Request::Start | Request::Notice => return None,
        }))
    }

    fn told(reply: &Reply) -> Option<Answer> {
        match reply {
            Reply::Stored { .. } => Some(Answer::Done),
            Reply::Held { texts } => {
                let texts = texts.iter().map(|text| judge::Word::from(&**text));
                Some(Answer::Members(texts.collect()))
            }
            Reply::Started | Reply::Failed { .. } | Reply::Unknown { .. } => None,
        }
    }

    fn draw(&self, settings: &Settings, to: &mut NodeFrame) {
        figures::draw(self, settings, to);
    }

    fn word(message: &Message) -> Option<Word> {
        figures::word(message)
    }
}

impl Election {
    fn leads(&self, me: NodeId) -> bool {
        self.leader == Some(me)
    }

    /// An election that this node starts unasked: a new term. With `majority` only a claim begins a
    /// term: otherwise every node that times out would void the claim that others support just now.
    fn start_fresh_election(&mut self, cx: &mut Context<Self>) {
        if cx.switch(&TERMS) && !cx.switch(&MAJORITY) {
            self.term += 1;
        }
        self.start_election(cx);
    }

    /// `startElection`
    fn start_election(&mut self, cx: &mut Context<Self>) {
        cx.mark(&STARTS, ());
        self.elections += 1;
        self.began = Some(cx.now());
        self.waiting = cx.switch(&WAIT);
        self.asking = None;
        let higher: Vec<NodeId> = cx.peers().filter(|id| *id > cx.me()).collect();
        if higher.is_empty() {
            return self.claim(cx);
        }
        if cx.switch(&TOP_FIRST) {
            return self.ask_next(cx);
        }
        cx.send_all(&higher, Message::Election { term: self.term });
        if cx.calls_directly() {
            // `receivedResponse`: a call that gets through returns true.
            if !higher.iter().any(|id| cx.reachable(*id)) {
                return self.claim(cx);
            }
            self.await_announcement(cx);
        } else if self.waiting {
            cx.set_timer(Timer::Answer, cx.duration(&TIMEOUT));
        } else {
            // The next line of the program: no answer has come yet.
            self.claim(cx);
        }
    }

    /// Asks the highest node that has not been asked in this election; if none is left, leads.
    fn ask_next(&mut self, cx: &mut Context<Self>) {
        loop {
            let (me, below) = (cx.me(), self.asking);
            let next = cx
                .peers()
                .rfind(|id| *id > me && below.is_none_or(|asked| *id < asked));
            let Some(next) = next else {
                return self.claim(cx);
            };
            self.asking = Some(next);
            cx.send(next, Message::Election { term: self.term });
            if !cx.calls_directly() {
                if !self.waiting {
                    return self.claim(cx);
                }
                return cx.set_timer(Timer::Ask, cx.duration(&TIMEOUT));
            }
            if cx.reachable(next) {
                return self.await_announcement(cx);
            }
        }
    }

    fn await_announcement(&mut self, cx: &mut Context<Self>) {
        if cx.switch(&WAIT) && self.waiting {
            let wait = cx.duration(&TIMEOUT).0 * 2;
            cx.set_timer(Timer::Announcement, Duration(wait));
        }
    }

    /// `receiveElection`
    fn receive_election(&mut self, cx: &mut Context<Self>, from: NodeId, term: u64) {
        self.term = self.term.max(term);
        cx.send(from, Message::Ok { term: self.term });
        if cx.switch(&GUARD) && self.takes_part(cx) {
            return;
        }
        self.asked += 1;
        self.to_come += 1;
        cx.set_timer(Timer::Own { call: self.asked }, cx.duration(&DELAY));
    }

    /// Whether it holds an election, is about to, or held one a moment ago.
    fn takes_part(&self, cx: &Context<Self>) -> bool {
        let lately = |began| cx.now().since(began) < cx.duration(&TIMEOUT);
        self.to_come > 0 || self.waiting || self.began.is_some_and(lately)
    }

    fn receive_ok(&mut self, cx: &mut Context<Self>, term: u64) {
        self.term = self.term.max(term);
        cx.cancel_timer(&Timer::Answer);
        cx.cancel_timer(&Timer::Ask);
        if !cx.calls_directly() {
            self.await_announcement(cx);
        }
    }

    /// Nobody higher has answered.
    fn claim(&mut self, cx: &mut Context<Self>) {
        if cx.switch(&MAJORITY) {
            self.ask_for_support(cx);
        } else {
            self.become_leader(cx);
        }
    }

    fn notice(&mut self, cx: &mut Context<Self>) {
        cx.mark(&marks::MISSES, ());
        self.leader = None;
        cx.believe(Belief::Leader(None));
        self.start_fresh_election(cx);
        self.watch_leader(cx);
    }
}
