//! A client: asks the shards that its copy of the table names, and asks for a new table when it is refused.

use faultline_sim::process::{Context, NodeId, Operation};
use faultline_sim::settings::Settings;
use serde::Serialize;

use super::descriptor::{EVERY, ORDER, SCAN_EVERY, SHARDS, SPAN, WAIT, WRITES, first_client};
use super::table::{BUCKET, END, Row, Table, WIDTH, row_of, rows_of, today};
use super::{MASTER, Message, Node, Reply, Request, Timer, Try, fail, marks};
use crate::parts::calls::Calls;

/// After so many tries a request fails.
const TRIES: u32 = 6;

/// A request while it waits.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Query {
    /// The rows that it is about.
    pub pieces: Vec<(Row, Row)>,
    /// What a write stores.
    pub value: Option<u64>,
    /// Keys in the answers so far.
    pub keys: u32,
    /// Shards asked in this try.
    pub shards: u32,
    /// A shard refused it.
    pub refused: bool,
}

#[derive(Clone, Debug, Hash, Serialize)]
pub struct Client {
    /// It may be old.
    pub table: Table,
    pub calls: Calls<Query>,
    /// Writes that it began by itself.
    pub written: u32,
}

impl Client {
    pub fn new(settings: &Settings) -> Self {
        Self {
            table: Table::first(settings),
            calls: Calls::default(),
            written: 0,
        }
    }

    pub fn start(&self, cx: &mut Context<Node>) {
        self.set(cx, Timer::Write);
        self.set(cx, Timer::Scan);
    }

    /// Writes end some time, scans go on.
    fn set(&self, cx: &mut Context<Node>, timer: Timer) {
        let (every, goes_on) = match timer {
            Timer::Scan => (cx.duration(&SCAN_EVERY), true),
            _ => (cx.duration(&EVERY), self.written < cx.count(&WRITES)),
        };
        if every.0 > 0 && goes_on {
            cx.set_timer(timer, every);
        }
    }

    pub fn write_next(&mut self, cx: &mut Context<Node>) {
        let total = total(cx);
        let key = match cx.choice(&ORDER) {
            "time" => self.newest(cx),
            _ => cx.rng().below(total) as u32,
        };
        self.written += 1;
        let request = Request::Put { key };
        let operation = cx.invoke(request);
        self.begin(cx, request, operation);
        self.set(cx, Timer::Write);
    }

    /// The time, as a key. Two clients never have the same one.
    fn newest(&self, cx: &Context<Node>) -> u32 {
        let place = cx.me().0.saturating_sub(first_client(cx.settings()));
        today(cx.settings()) + self.written * 10 + place % 10
    }

    /// The latest keys, or neighbours anywhere.
    pub fn scan_next(&mut self, cx: &mut Context<Node>) {
        let span = cx.count(&SPAN);
        let places = total(cx).saturating_sub(span.into()) + 1;
        let from = match cx.choice(&ORDER) {
            "time" => self.newest(cx).saturating_sub(span),
            _ => cx.rng().below(places) as u32,
        };
        let to = from + span;
        let request = Request::Scan { from, to };
        let operation = cx.invoke(request);
        self.begin(cx, request, operation);
        self.set(cx, Timer::Scan);
    }

    pub fn begin(&mut self, cx: &mut Context<Node>, request: Request, operation: Operation) {
        let settings = cx.settings();
        let pieces = match request {
            Request::Put { key } if key < BUCKET => {
                let row = row_of(settings, key);
                vec![(row, row + 1)]
            }
            Request::Scan { from, to } if from < to && to <= BUCKET => rows_of(settings, from, to),
            Request::Find => vec![(0, END)],
            _ => return fail(cx, operation, "there are no such keys"),
        };
        let write = matches!(request, Request::Put { .. });
        let query = Query {
            pieces,
            value: write.then_some(operation.0),
            keys: 0,
            shards: 0,
            refused: false,
        };
        let number = self.calls.begin(query, Some(operation));
        self.ask(cx, number);
    }

    /// Asks every shard that has some of the rows, at once.
    fn ask(&mut self, cx: &mut Context<Node>, number: u64) {
        let Some(call) = self.calls.open.get_mut(&number) else {
            return;
        };
        let asked = self.table.split(&call.query.pieces);
        call.query.keys = 0;
        call.query.shards = asked.len() as u32;
        call.query.refused = false;
        let value = call.query.value;
        let first = cx.duration(&WAIT);
        let shards = asked.keys().copied();
        let Some(wait) = self.calls.next_try(number, shards, cx.rng(), first) else {
            return;
        };
        let Some(of) = self.current(cx.me(), number) else {
            return;
        };
        for (shard, pieces) in asked {
            let message = match value {
                Some(value) => {
                    let row = pieces[0].0;
                    Message::Put { of, row, value }
                }
                None => Message::Scan { of, pieces },
            };
            cx.send(shard, message);
        }
        cx.set_timer(Timer::Retry { request: number }, wait);
    }

    /// The latest try of a request.
    fn current(&self, me: NodeId, number: u64) -> Option<Try> {
        let attempt = self.calls.open.get(&number)?.attempt;
        let id = self.calls.id(me, number);
        Some(Try { id, attempt })
    }

    pub fn receive(&mut self, cx: &mut Context<Node>, from: NodeId, message: Message) {
        match message {
            Message::Stored { of } => self.hear(cx, from, of, 0),
            Message::Rows { of, keys } => self.hear(cx, from, of, keys),
            Message::Refused { of } => self.look_up(cx, from, of),
            Message::NewTable(table) => self.learn(cx, table),
            _ => {}
        }
    }

    /// A shard does not serve the rows, so the table is old.
    fn look_up(&mut self, cx: &mut Context<Node>, shard: NodeId, of: Try) {
        if Some(of) != self.current(cx.me(), of.id.number) {
            return;
        }
        if let Some(call) = self.calls.open.get_mut(&of.id.number) {
            call.query.refused = true;
        }
        cx.mark(&marks::REFUSED, (shard, self.table.epoch));
        cx.send(MASTER, Message::Lookup);
    }

    /// With a new table, what was refused is tried at once. Until there is one, the retry waits.
    fn learn(&mut self, cx: &mut Context<Node>, table: Table) {
        if table.epoch <= self.table.epoch {
            return;
        }
        self.table = table;
        let open = self.calls.open.iter();
        let refused = open.filter(|(_, call)| call.query.refused);
        for number in refused.map(|(number, _)| *number).collect::<Vec<_>>() {
            self.ask(cx, number);
        }
    }

    fn hear(&mut self, cx: &mut Context<Node>, from: NodeId, of: Try, keys: u32) {
        let (me, number) = (cx.me(), of.id.number);
        if Some(of) != self.current(me, number) {
            return;
        }
        let Some(call) = self.calls.answered(of.id, me, from) else {
            return;
        };
        call.query.keys += keys;
        if !call.waits_for.is_empty() {
            return;
        }
        let Some(call) = self.calls.close(number) else {
            return;
        };
        cx.cancel_timer(&Timer::Retry { request: number });
        let (keys, shards) = (call.query.keys, call.query.shards);
        let row = call.query.pieces[0].0;
        let reply = if call.query.value.is_some() {
            cx.mark(&marks::CONFIRMED, (super::table::text(row), row));
            Reply::Stored { row }
        } else {
            cx.mark(&marks::SCANNED, (keys, shards));
            Reply::Rows { keys, shards }
        };
        if let Some(operation) = call.operation {
            cx.reply(operation, reply);
        }
    }

    pub fn retry(&mut self, cx: &mut Context<Node>, number: u64) {
        let Some(call) = self.calls.open.get(&number) else {
            return;
        };
        if call.tries < TRIES {
            cx.send(MASTER, Message::Lookup);
            return self.ask(cx, number);
        }
        if let Some(call) = self.calls.close(number) {
            give_up(cx, call.operation, call.query.value.is_some());
        }
    }

    /// The table and the counters are on disk.
    pub fn recover(&self, cx: &mut Context<Node>) -> Self {
        for call in self.calls.open.values() {
            give_up(cx, call.operation, call.query.value.is_some());
        }
        Self {
            calls: self.calls.recover(),
            ..self.clone()
        }
    }
}

fn give_up(cx: &mut Context<Node>, operation: Option<Operation>, write: bool) {
    let Some(operation) = operation else {
        return;
    };
    let why = "no answer".to_owned();
    let reply = if write {
        Reply::Unknown { why }
    } else {
        Reply::Failed { why }
    };
    cx.reply(operation, reply);
}

/// Keys there are at the beginning, today's included.
fn total(cx: &Context<Node>) -> u64 {
    u64::from(cx.settings().count(&SHARDS) * WIDTH)
}
