//! Clients (section 8): find the leader, ask again under the same id, take the first answer. A
//! client is a node of its own, or runs beside a server on the same machine.

use faultline_sim::sorted::SortedMap;

use faultline_sim::process::{Context, NodeId, Operation};
use faultline_sim::time::Duration;
use serde::Serialize;

use super::{
    APPLY_ONCE, Answer, Command, EVERY, Index, Message, RETRY, Reply, Request, Role, Server, TRIES,
    Timer, voters,
};
use crate::request::RequestId;

/// The shortest time between two writes of a client's own.
const SHORTEST: Duration = Duration::millis(5);
/// How often a client that does not write on its own looks whether it should.
const IDLE: Duration = Duration::millis(100);

/// What a client remembers. The count of requests is on disk: an id used twice would be taken for a
/// retry.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Client {
    pub next_request: u64,
    pub open: SortedMap<u64, Open>,
    /// Who led when it last heard.
    pub leader: Option<NodeId>,
}

/// A request that waits for its answer.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Open {
    pub command: Command,
    /// How often it was sent because no answer came.
    pub tries: u32,
    pub operation: Option<Operation>,
}

impl Default for Client {
    fn default() -> Self {
        Self {
            next_request: 1,
            open: SortedMap::new(),
            leader: None,
        }
    }
}

impl Client {
    /// After a crash nobody waits any more.
    pub(super) fn recover(&self, cx: &mut Context<Server>) -> Self {
        for open in self.open.values() {
            if let Some(operation) = open.operation {
                let why = "the client crashed while it waited".to_owned();
                cx.reply(operation, Reply::Failed { why });
            }
        }
        Self {
            next_request: self.next_request,
            ..Self::default()
        }
    }
}

impl Server {
    /// Clients do not write in step: each begins somewhere within the first period.
    pub(super) fn start_asking(&mut self, cx: &mut Context<Self>) {
        let mut first = cx.duration(&EVERY).max(SHORTEST);
        first.0 = cx.rng().between(0, first.0);
        cx.set_timer(Timer::NextWrite, first);
    }

    pub(super) fn write_next(&mut self, cx: &mut Context<Self>) {
        let every = cx.duration(&EVERY);
        if every.0 == 0 {
            return cx.set_timer(Timer::NextWrite, IDLE);
        }
        cx.set_timer(Timer::NextWrite, every.max(SHORTEST));
        let (key, value) = ("x".to_owned(), self.client.next_request.to_string());
        let operation = cx.invoke(Request::Write {
            key: key.clone(),
            value: value.clone(),
        });
        self.begin(cx, Command::Set { key, value }, Some(operation));
    }

    pub(super) fn begin(
        &mut self,
        cx: &mut Context<Self>,
        command: Command,
        operation: Option<Operation>,
    ) {
        let request = self.client.next_request;
        self.client.next_request += 1;
        let open = Open {
            command,
            tries: 1,
            operation,
        };
        self.client.open.insert(request, open);
        let to = if self.is_server() {
            self.leader
        } else {
            self.client.leader
        };
        self.ask(cx, request, to);
    }

    /// Sends a request to the leader, or to anybody if none is known: "when a client first starts
    /// up, it connects to a randomly chosen server".
    fn ask(&mut self, cx: &mut Context<Self>, request: u64, to: Option<NodeId>) {
        cx.set_timer(Timer::Retry { request }, cx.duration(&RETRY));
        let known = voters(cx);
        let to = to.filter(|id| *id == cx.me() || known.contains(id));
        let Some(to) = to.or_else(|| cx.rng().pick(&known).copied()) else {
            return;
        };
        let Some(open) = self.client.open.get(&request) else {
            return;
        };
        let (from, command) = (cx.me(), open.command.clone());
        let id = RequestId {
            from,
            number: request,
        };
        if to == from {
            self.handle_client(cx, id, command);
        } else {
            cx.send(to, Message::ClientRequest { id, command });
        }
    }

    /// "If the leader crashes, client requests will time out; clients then try again with
    /// randomly-chosen servers."
    pub(super) fn time_out(&mut self, cx: &mut Context<Self>, request: u64) {
        let most = cx.settings().count(&TRIES);
        let Some(open) = self.client.open.get_mut(&request) else {
            return;
        };
        self.client.leader = None;
        if open.tries < most {
            open.tries += 1;
            let next = open.tries;
            cx.note(format!("gets no answer: asks again, try {next} of {most}"));
            let to = self.leader.filter(|id| *id == cx.me());
            return self.ask(cx, request, to);
        }
        if let Some(operation) = self.client.open.remove(&request).and_then(|o| o.operation) {
            let times = if most == 1 { "try" } else { "tries" };
            let why = format!("no answer after {most} {times}; it may still take effect");
            cx.reply(operation, Reply::Failed { why });
        }
    }

    /// "The leader handles all client requests. If a client contacts a follower, the follower
    /// redirects it" (5.1).
    pub(super) fn handle_client(
        &mut self,
        cx: &mut Context<Self>,
        id: RequestId,
        command: Command,
    ) {
        if self.role != Role::Leader {
            let leader = self.leader;
            return self.reply_to(cx, id, Answer::NotLeader { leader });
        }
        let done = self.machine.executed.get(&id).cloned();
        match (command, done.filter(|_| cx.switch(&APPLY_ONCE))) {
            (Command::Get { key }, _) => self.read(cx, id, key),
            (_, Some(answer)) => {
                cx.note(format!("has executed {id} before: repeats the answer"));
                self.reply_to(cx, id, answer);
            }
            // It waits for a majority already, and is answered when it is applied.
            (_, None) if self.waits(id) && cx.switch(&APPLY_ONCE) => {}
            (command, None) => self.append(cx, id, command),
        }
    }

    fn waits(&self, id: RequestId) -> bool {
        let mut open = self.log.iter_from(self.last_applied as usize);
        open.any(|entry| entry.id == Some(id))
    }

    pub(super) fn reply_to(&mut self, cx: &mut Context<Self>, id: RequestId, answer: Answer) {
        if id.from == cx.me() {
            self.receive_reply(cx, id, answer);
        } else {
            cx.send(id.from, Message::ClientReply { id, answer });
        }
    }

    /// Executes a committed entry; the leader tells the client.
    pub(super) fn apply(&mut self, cx: &mut Context<Self>, index: Index) {
        let Some(entry) = self.log.get(index as usize - 1).cloned() else {
            return;
        };
        let answer = self.machine.execute(index, &entry, cx.switch(&APPLY_ONCE));
        if let Command::Set { .. } = entry.command.as_ref() {
            cx.output(format!("{index}: {}", entry.command));
        }
        if let (Role::Leader, Some(id), Some(answer)) = (self.role, entry.id, answer) {
            self.reply_to(cx, id, answer);
        }
    }

    pub(super) fn receive_reply(&mut self, cx: &mut Context<Self>, id: RequestId, answer: Answer) {
        let request = id.number;
        if id.from != cx.me() || !self.client.open.contains_key(&request) {
            return;
        }
        let reply = match answer {
            Answer::NotLeader { leader } => {
                self.client.leader = leader;
                if leader.is_some_and(|leader| leader != cx.me()) {
                    self.ask(cx, request, leader);
                }
                // Else the timeout asks somebody again.
                return;
            }
            Answer::Written { index } => Reply::Written { index },
            Answer::Value { value, index } => Reply::Value { value, index },
        };
        cx.cancel_timer(&Timer::Retry { request });
        if let Some(operation) = self.client.open.remove(&request).and_then(|o| o.operation) {
            cx.reply(operation, reply);
        }
    }
}
