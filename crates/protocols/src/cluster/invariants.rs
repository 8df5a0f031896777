//! The cluster's invariants.
//!
//! Both hold under every fault, lying nodes (silent, selective, replay, swap) included: a lie
//! of these kinds repeats or misplaces true messages, and every message carries its request's id.

use faultline_sim::shared::SharedMap;
use faultline_sim::sorted::{SortedMap, SortedSet};

use faultline_sim::clone_invariant;
use faultline_sim::event::{Event, Outcome, Record};
use faultline_sim::frame::Life;
use faultline_sim::history::History;
use faultline_sim::invariant::{Expectation, Invariant, InvariantSpec};
use faultline_sim::process::{NodeId, Operation, Shared};
use faultline_sim::time::Duration;
use faultline_sim::world::World;

use super::{Member, Message, RETRIES, Reply, RequestId, TIMEOUT};

pub(super) const INVARIANTS: &[InvariantSpec] = &[
    InvariantSpec {
        name: "at-most-once",
        title: "No server applies a request twice",
        kind: Expectation::Always,
        breaks_under: None,
        make: || Box::new(AtMostOnce::default()),
    },
    InvariantSpec {
        name: "answered",
        title: "Every request ends with an answer, or fails after its last timeout",
        kind: Expectation::Eventually,
        breaks_under: None,
        make: || Box::new(Answered::default()),
    },
];

/// Watches the counters of servers from outside: a delivery of `ASK` that moves the counter was
/// applied.
#[derive(Clone, Default, Hash)]
pub(super) struct Applications {
    counters: SortedMap<NodeId, u64>,
    /// What the counter was after each request was applied first.
    applied: SharedMap<(NodeId, RequestId), u64>,
}

impl Applications {
    /// The server and the request id, if this record applied a request that had been applied
    /// before.
    pub(super) fn repeated(
        &mut self,
        record: &Record,
        world: &World,
    ) -> Option<(NodeId, RequestId)> {
        let server = record.node?;
        let member = world.node::<Member>(server)?;
        if matches!(record.event, Event::Recovered) {
            self.forget_unwritten(server, member);
        }
        let Event::Delivered { message, .. } = &record.event else {
            return None;
        };
        let Some(Message::Ask { id, .. }) = message.get::<Message>() else {
            return None;
        };
        let counter = member.counter;
        if self.counters.insert(server, counter).unwrap_or(0) == counter {
            return None;
        }
        let again = self.applied.contains_key(&(server, *id));
        self.applied.get_or_insert((server, *id), counter);
        again.then_some((server, *id))
    }

    /// What a server should answer to a request that it has applied.
    fn right_answer(&self, server: NodeId, id: RequestId) -> Option<u64> {
        self.applied.get(&(server, id)).copied()
    }

    /// A request that a server applied but had not written when it crashed was never applied.
    fn forget_unwritten(&mut self, server: NodeId, member: &Member) {
        self.counters.insert(server, member.counter);
        let known = self.applied.keys();
        let unwritten: Vec<_> = known
            .filter(|(of, id)| *of == server && member.applied.get(id).is_none())
            .copied()
            .collect();
        for key in unwritten {
            self.applied.remove(&key);
        }
    }
}

#[derive(Clone, Default, Hash)]
struct AtMostOnce {
    applications: Applications,
    /// The open operations, each with its request's id.
    asked: SortedMap<Operation, RequestId>,
    /// Requests that were applied more than once.
    twice: SortedSet<(NodeId, RequestId)>,
}

impl AtMostOnce {
    /// A client sends a request: from now on it is known which operation it belongs to.
    fn sent(&mut self, client: NodeId, message: &Shared, world: &World) {
        let Some(Message::Ask { id, .. }) = message.get::<Message>() else {
            return;
        };
        let member = world.node::<Member>(client).filter(|_| id.from == client);
        let call = member.and_then(|member| member.calls.open.get(&id.number));
        if let Some(operation) = call.and_then(|call| call.operation) {
            self.asked.insert(operation, *id);
        }
    }

    /// An answer that counts a request twice is wrong.
    fn judge(&mut self, operation: Operation, outcome: &Outcome) -> Result<(), String> {
        let Some(id) = self.asked.remove(&operation) else {
            return Ok(());
        };
        let Outcome::Replied(reply) = outcome else {
            return Ok(());
        };
        let Some(Reply::Answered { by, value, .. }) = reply.get::<Reply>() else {
            return Ok(());
        };
        if !self.twice.contains(&(*by, id)) {
            return Ok(());
        }
        match self.applications.right_answer(*by, id) {
            Some(right) if right != *value => Err(format!(
                "{by} answered {value} instead of {right}: it applied the request twice."
            )),
            _ => Ok(()),
        }
    }
}

impl Invariant for AtMostOnce {
    clone_invariant!();

    fn judges_answers(&self) -> bool {
        true
    }

    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        match (&record.event, record.node) {
            (Event::Sent { message, .. }, Some(client)) => self.sent(client, message, world),
            (Event::Completed { operation, outcome }, _) => return self.judge(*operation, outcome),
            _ => {}
        }
        match self.applications.repeated(record, world) {
            None => Ok(()),
            Some((server, id)) => {
                self.twice.insert((server, id));
                Err(format!(
                    "{server} applied request {id} twice: it took a retry for a new request."
                ))
            }
        }
    }
}

#[derive(Clone, Default, Hash)]
struct Answered(History);

impl Invariant for Answered {
    clone_invariant!();

    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        self.0.read(record, world, |_| ());
        Ok(())
    }

    fn satisfied(&self, world: &World) -> Result<(), String> {
        let settings = world.settings();
        let longest = settings.duration(&TIMEOUT).0 * u64::from(settings.count(&RETRIES) + 1);
        for (operation, begun) in self.0.open() {
            let age = world.now().since(begun.invoked);
            if age > Duration(longest) && !may_still_end(world, begun.node, operation) {
                return Err(format!(
                    "Operation {} at {} is {:.1} s old and has neither an answer nor a timer.",
                    operation.0,
                    begun.node,
                    age.as_seconds()
                ));
            }
        }
        Ok(())
    }
}

/// A node that is down or paused cannot end anything now. A running node must have a timer set, even
/// if its clock is slow or the timer was postponed, or its answer must wait for the disk.
fn may_still_end(world: &World, node: NodeId, operation: Operation) -> bool {
    if world.life(node) != Some(Life::Up) || world.writes_answer(operation) {
        return true;
    }
    let Some(member) = world.node::<Member>(node) else {
        return true;
    };
    let request = member
        .calls
        .open
        .iter()
        .find(|(_, open)| open.operation == Some(operation));
    let Some((number, _)) = request else {
        return false;
    };
    let timer = format!("Timeout {{request {number}}}");
    world
        .node_frame(node)
        .timers
        .iter()
        .any(|set| set.text == timer)
}
