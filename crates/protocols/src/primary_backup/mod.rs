//! Primary and backups: one server works, others hold a copy, and a view service says who is who.
//!
//! **Problem.** A server crashes, and with it everything that it has in memory. Another one should go on
//! in its place, with every write that a client was told is done.
//!
//! **Idea.** All requests go to the primary. It sends each one to its backups, waits until they have it,
//! and then answers (\[AD\]). A third party, the view service, hears pings from all servers and says who is
//! primary and who is backup. Each such decision is a view, with a number. When the primary falls silent,
//! the next view makes a backup the primary.
//!
//! **The subtle point.** Silence is no proof: the old primary may be alive, only cut off, and it still
//! thinks that it is the primary. It cannot answer alone, because its backups must have each request, and a
//! backup that knows a newer view refuses (`check-view`). So there may be two primaries for a while, but
//! only one of them can answer.
//!
//! **Details that matter.** A new backup counts only when it has the whole state (`transfer`). Only a
//! server that has it may become the primary (`complete`): the view service knows from the primary when
//! all members of a view have it, and of the members that later views lose, none may lead. Reads go to the
//! backups as well, or a primary that was replaced answers with old values (`confirm-reads`). A request
//! that a client sends again is not executed again (`apply-once`). Who does not wait for the backups
//! (`wait`) answers sooner, and may lose what it has confirmed.
//!
//! **What survives a crash.** Nothing but the number of its start: a server that comes back is a new one,
//! and gets the state like one. The view service keeps its view on disk. It is a single point of failure:
//! while it is down, the servers of the last view go on, and nobody takes over. If the last server that
//! has the state crashes, all is lost, and the service waits for ever.
//!
//! **References.** Alsberg and Day, "A principle for resilient sharing of distributed resources", ICSE 1976
//! (\[AD\]); Budhiraja, Marzullo, Schneider and Toueg, "The primary-backup approach", in Mullender,
//! Distributed Systems, 1993; Oki and Liskov, "Viewstamped replication", PODC 1988 (views); van Renesse
//! and Schneider, "Chain replication", OSDI 2004, section 2 (the service that watches over the servers).

mod client;
mod descriptor;
mod figures;
mod marks;
mod monitors;
mod scenarios;
mod server;
mod service;
#[cfg(test)]
mod tests;

use std::rc::Rc;

use faultline_sim::frame::{NodeFrame, Word};
use faultline_sim::history::End;
use faultline_sim::judge::{self, Asked, Model};
use faultline_sim::process::{Context, NodeId, Start};
use faultline_sim::settings::Settings;
use faultline_sim::world::World;
use serde::Serialize;

use crate::parts::kv::{self, KvAnswer, Op};
use crate::parts::request::RequestId;
pub use client::Client;
pub use descriptor::PROTOCOL;
use descriptor::{BACKUPS, NODES};
pub use server::{Entry, Server, State};
pub use service::Service;

/// The node that says who is primary.
pub const SERVICE: NodeId = NodeId(1);

/// A server since one of its starts: one that comes back has nothing, so it is another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Life {
    pub id: NodeId,
    /// The number of its start, from 1.
    pub start: u32,
}

/// Who is primary and who is backup.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct View {
    /// From 1; a later view has a larger one.
    pub number: u64,
    pub primary: Life,
    pub backups: Vec<Life>,
}

impl View {
    /// What the service begins with: the first servers, all without a write.
    fn first(settings: &Settings) -> Self {
        let servers = settings.count(&NODES);
        let life = |number: u32| Life {
            id: NodeId(SERVICE.0 + number),
            start: 1,
        };
        let backups = settings.count(&BACKUPS).min(servers - 1);
        Self {
            number: 1,
            primary: life(1),
            backups: (2..=1 + backups).map(life).collect(),
        }
    }

    /// Everybody in it, the primary first.
    pub fn members(&self) -> impl Iterator<Item = Life> + '_ {
        std::iter::once(self.primary).chain(self.backups.iter().copied())
    }
}

faultline_sim::messages! {
    pub enum Message {
        /// I am alive. `ready`: the newest view in which all members have the state, as far as I know.
        Ping { start: u32, ready: u64 } as "PING" => Control "P" "says that it is alive",
        View { view: Rc<View> } as "VIEW" => Announce "V" "says who is primary",
        /// A client: who is the primary?
        Who as "WHO" => Request "?" "asks who is primary",
        /// Requests, from this place in the log on.
        Forward { view: u64, at: u64, entries: Rc<[Entry]> } as "FORWARD" => Data "F" "forwards requests",
        /// A new view begins with this.
        State { view: u64, state: Rc<State> } as "STATE" => Data "S" "sends the whole state",
        /// The backup has so many entries.
        Held { view: u64, entries: u64 } as "HELD" => Ack "✓" "has it",
        Ask {
            id: RequestId,
            attempt: u32,
            #[serde(serialize_with = "kv::in_short")]
            op: Op,
        } as "ASK" => Request "W" "asks for a write or a read",
        Answer { id: RequestId, answer: KvAnswer } as "ANSWER" => Announce "★" "answers",
        NotPrimary { id: RequestId, attempt: u32 } as "NOT PRIMARY" => Nack "✗" "is not the primary",
    }
}

faultline_sim::timers! {
    pub enum Timer {
        /// A server: the next ping.
        Ping,
        /// The view service: look who is alive.
        Look,
        /// A client: the current try of this request times out.
        Retry { request: u64 },
        /// A client: the next request of its own.
        NextRequest,
    }
}

/// How a request ended.
#[derive(Clone, Debug, Hash, Serialize)]
pub enum Reply {
    Written {
        id: RequestId,
    },
    Value {
        value: Option<String>,
    },
    /// The value was not what a compare-and-set expected.
    ValueIs {
        value: Option<String>,
    },
    /// It had no effect.
    Failed {
        why: String,
    },
    /// A write without an answer: it may have taken effect, or still may.
    Unknown {
        why: String,
    },
}

crate::roles! {
    pub enum Member by member {
        Service,
        Server,
        Client,
    }
    type Message = Message;
    type Timer = Timer;
    type Request = Op;
    type Reply = Reply;
    end end;
    judged objects, asked, told;
    word word;
}

/// Node 1 is the view service, the next ones are servers; the others, and who is added later, are clients.
fn member(me: NodeId, settings: &Settings) -> Member {
    let servers = settings.count(&NODES);
    match me.0 - SERVICE.0 {
        0 => Member::Service(Service::new(settings)),
        number if number <= servers => Member::Server(Server::new(me, settings)),
        _ => Member::Client(Client::default()),
    }
}

/// Whether a node talks only to the servers and the view service.
fn is_client(settings: &Settings, id: NodeId) -> bool {
    id.0 > SERVICE.0 + settings.count(&NODES)
}

fn end(reply: &Reply) -> End {
    match reply {
        Reply::Written { .. } | Reply::Value { .. } | Reply::ValueIs { .. } => End::Ok,
        Reply::Failed { .. } => End::Failed,
        Reply::Unknown { .. } => End::Unknown,
    }
}

fn objects(_settings: &Settings) -> Option<Model> {
    Some(Model::STORE)
}

fn asked(request: &Op, _node: NodeId, _world: &World) -> Option<Asked> {
    Some(request.asked())
}

fn told(reply: &Reply) -> Option<judge::Answer> {
    let word = |value: &Option<String>| value.as_deref().map(judge::Word::from);
    Some(match reply {
        Reply::Written { .. } => judge::Answer::Done,
        Reply::Value { value } => judge::Answer::Value(word(value)),
        Reply::ValueIs { value } => judge::Answer::Refused(Some(word(value))),
        Reply::Failed { .. } | Reply::Unknown { .. } => return None,
    })
}

fn word(message: &Message) -> Option<Word> {
    Some(match message {
        Message::Ping { .. } => Word::of("ping"),
        Message::View { view } => Word::of(format_args!("view {}", view.number)),
        Message::Who => Word::of("who?"),
        Message::Forward { entries, .. } => match &**entries {
            [entry] => Word::of(&entry.op),
            several => Word::of(format_args!("{} requests", several.len())),
        },
        Message::State { .. } => Word::of("all"),
        Message::Held { .. } => Word::of("ok"),
        Message::Ask { op, .. } => figures::query(op),
        Message::Answer { answer, .. } => match answer {
            KvAnswer::Done => Word::of("done"),
            KvAnswer::Value(Some(value)) => Word::of(value),
            KvAnswer::Value(None) => Word::of("none"),
            KvAnswer::Differs(_) => Word::of("differs"),
        },
        Message::NotPrimary { .. } => Word::of("not me"),
    })
}
