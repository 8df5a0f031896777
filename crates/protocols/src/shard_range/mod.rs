//! Sharding by range: each shard serves a piece of the sorted keys, and full pieces are split and moved.
//!
//! **Problem.** The rows of a store no longer fit on one machine, and people ask for neighbours: all orders of a day,
//! all names that begin with B. A hash would tear neighbours apart.
//!
//! **Idea.** The rows are sorted and cut into *ranges*, and each *shard* serves some of them (\[BT\]: tablets and tablet
//! servers; \[DG\] calls it range partitioning). A *master* keeps the table of ranges. Clients keep a copy of it and ask
//! shards directly, so the master is not in the way of reads and writes.
//!
//! **Split and move.** A range with too many keys is cut in the middle. Its upper half goes to the shard with the fewest
//! keys, as far as the master knows, while clients go on writing.
//!
//! **The subtle points.** The old shard stops serving the half *before* it sends it (rule `release-first`): otherwise
//! both serve it for a while, and what the old one still takes is lost. It keeps its copy until the new one has it
//! (rule `keep-copy`). A client's table may be old, so a shard refuses rows that it does not serve (rule `check-range`),
//! and the client asks the master for a new table. Moves have numbers, and the master makes one at a time, so a
//! late copy of an old move changes nothing.
//!
//! **Hot spots.** Keys in the order of time all belong to the last range. Splitting it moves the writes to another shard, and does
//! not divide them. *Salt* does: a hash in front of the key spreads neighbours over all shards (rule `salt`). The price is paid
//! by reads of neighbours, which must ask every shard and wait for the slowest (*scatter and gather*).
//!
//! **What survives a crash.** All of a shard and of the master, and a client's table and counters. While a shard is down,
//! nobody serves its ranges. A client's open requests end.
//!
//! **Ours.** \[BT\] keeps rows in a file system of their own and moves only the right to serve them; here the rows travel. There,
//! a shard splits a range by itself, and the master moves whole ranges; here both are one step.
//!
//! **References.** Chang et al., "Bigtable: A Distributed Storage System for Structured Data", OSDI 2006 (\[BT\]); DeWitt
//! and Gray, "Parallel database systems: the future of high performance database systems", CACM 35(6), 1992 (\[DG\]).

mod captions;
mod client;
mod descriptor;
mod figures;
mod invariants;
mod marks;
mod master;
mod probes;
mod scenarios;
mod shard;
mod table;
#[cfg(test)]
mod tests;

use faultline_sim::frame::{NodeFrame, Word};
use faultline_sim::history::End;
use faultline_sim::process::{Context, NodeId, Operation, Process, Start};
use faultline_sim::settings::Settings;
use serde::{Deserialize, Serialize};

use crate::parts::request::RequestId;
use client::Client;
pub use descriptor::PROTOCOL;
use descriptor::SHARDS;
use master::Master;
use shard::Shard;
use table::{Row, Table};

/// Node 1 keeps the table.
pub const MASTER: NodeId = NodeId(1);

/// The upper part of a range on its way to another shard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Move {
    /// Larger for later moves.
    pub number: u64,
    pub from: Row,
    /// The row behind the last.
    pub to: Row,
    pub target: NodeId,
}

/// One try of a client's request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Try {
    pub id: RequestId,
    pub attempt: u32,
}

faultline_sim::messages! {
    pub enum Message {
        Put { of: Try, row: Row, value: u64 } => Data "W" "writes a row",
        Stored { of: Try } => Ack "✓" "has stored the row",
        Scan { of: Try, pieces: Vec<(Row, Row)> } => Request "?" "asks for rows",
        Rows { of: Try, keys: u32 } => Ack "A" "answers with rows",
        /// It does not serve them.
        Refused { of: Try } => Nack "✗" "does not serve these rows",
        Lookup => Request "T" "asks for the table",
        NewTable(Table) => Control "T" "sends the table",
        /// A range has too many keys.
        Full { from: Row, to: Row, middle: Row, keys: u32 } => Control "F" "has a full range",
        Give(Move) => Control "M" "orders a move",
        Load { moved: Move, rows: Vec<(Row, u64)> } => Data "R" "sends the rows of a range",
        Loaded { number: u64 } => Ack "✓" "has the rows",
        Serves { number: u64, keys: u32 } => Announce "S" "serves the range now",
    }
}

faultline_sim::timers! {
    pub enum Timer {
        /// A client's next write.
        Write,
        /// A client's next scan.
        Scan,
        /// A client tries again.
        Retry { request: u64 },
        /// The master or the old shard says again what has not been confirmed.
        Move,
    }
}

/// What a person may ask of a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Request {
    Put {
        key: u32,
    },
    /// All keys from `from` on and below `to`.
    Scan {
        from: u32,
        to: u32,
    },
    /// By something else than the key: any shard may have it.
    Find,
}

#[derive(Clone, Debug, Hash, Serialize)]
pub enum Reply {
    Stored {
        row: Row,
    },
    Rows {
        keys: u32,
        shards: u32,
    },
    Failed {
        why: String,
    },
    /// A write without an answer: nobody knows what came of it.
    Unknown {
        why: String,
    },
}

#[derive(Clone, Debug, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Node {
    Master(Master),
    Shard(Shard),
    Client(Client),
}

impl Process for Node {
    type Message = Message;
    type Timer = Timer;
    type Request = Request;
    type Reply = Reply;

    fn new(me: NodeId, settings: &Settings) -> Self {
        if me == MASTER {
            Node::Master(Master::new(settings))
        } else if is_shard(settings, me) {
            Node::Shard(Shard::new(me, settings))
        } else {
            Node::Client(Client::new(settings))
        }
    }

    fn on_start(&mut self, cx: &mut Context<Self>, _start: Start) {
        match self {
            Node::Master(own) => own.order(cx),
            Node::Shard(own) => own.send_leaving(cx),
            Node::Client(own) => own.start(cx),
        }
    }

    fn on_message(&mut self, cx: &mut Context<Self>, from: NodeId, message: Message) {
        match self {
            Node::Master(own) => own.receive(cx, from, message),
            Node::Shard(own) => own.receive(cx, from, message),
            Node::Client(own) => own.receive(cx, from, message),
        }
    }

    fn on_timer(&mut self, cx: &mut Context<Self>, timer: Timer) {
        match (self, timer) {
            (Node::Master(own), Timer::Move) => own.order(cx),
            (Node::Shard(own), Timer::Move) => own.send_leaving(cx),
            (Node::Client(own), Timer::Write) => own.write_next(cx),
            (Node::Client(own), Timer::Scan) => own.scan_next(cx),
            (Node::Client(own), Timer::Retry { request }) => own.retry(cx, request),
            _ => {}
        }
    }

    fn on_request(&mut self, cx: &mut Context<Self>, request: Request) {
        let Some(operation) = cx.operation() else {
            return;
        };
        match self {
            Node::Client(own) => own.begin(cx, request, operation),
            _ => fail(cx, operation, "only clients ask"),
        }
    }

    fn recover(&self, cx: &mut Context<Self>) -> Self {
        if let Node::Client(own) = self {
            return Node::Client(own.recover(cx));
        }
        self.clone()
    }

    fn draw(&self, settings: &Settings, to: &mut NodeFrame) {
        figures::draw(self, settings, to);
    }

    fn end(reply: &Reply) -> End {
        match reply {
            Reply::Stored { .. } | Reply::Rows { .. } => End::Ok,
            Reply::Failed { .. } => End::Failed,
            Reply::Unknown { .. } => End::Unknown,
        }
    }

    fn word(message: &Message) -> Option<Word> {
        Some(match message {
            Message::Put { row, .. } => Word::of(table::text(*row)),
            Message::Rows { keys, .. } => Word::of(format_args!("{keys} keys")),
            Message::Load { rows, .. } => Word::of(format_args!("{} keys", rows.len())),
            Message::Give(moved) => Word::of(format_args!("to {}", moved.target)),
            Message::NewTable(table) => Word::of(format_args!("epoch {}", table.epoch)),
            _ => return None,
        })
    }
}

/// The nodes behind the master are the shards, then come the clients. Nodes added later are clients.
pub fn is_shard(settings: &Settings, id: NodeId) -> bool {
    (2..=1 + settings.count(&SHARDS)).contains(&id.0)
}

fn fail(cx: &mut Context<Node>, operation: Operation, why: &str) {
    let why = why.to_owned();
    cx.reply(operation, Reply::Failed { why });
}
