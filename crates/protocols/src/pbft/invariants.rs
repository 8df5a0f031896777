//! What must hold as long as at most f replicas lie, of replicas that have never lied (3).

use faultline_sim::event::{Event, Record};
use faultline_sim::hash::StableHasher;
use faultline_sim::invariant;
use faultline_sim::invariant::{Invariant, InvariantSpec};
use faultline_sim::judge::LINEARIZABLE;
use faultline_sim::process::NodeId;
use faultline_sim::shared::SharedMap;
use faultline_sim::world::World;

use super::liars::Liars;
use super::{Client, Message, Node, Replica, is_replica, marks, quorum, window};
use crate::parts::roles;

pub const INVARIANTS: &[InvariantSpec] = &[
    invariant!(always "agreement",
        "While at most f replicas lie, honest ones execute the same requests in the same order",
        new Agreement<true>),
    invariant!(always "validity", "Honest replicas execute only what clients asked for", new Validity),
    invariant!(always "once", "No honest replica executes a request twice", new Once),
    invariant!(always "bounded", "No log is longer than the window between the watermarks", bounded),
    InvariantSpec {
        make: || {
            Box::new(SeenByClients {
                promise: (LINEARIZABLE.make)(),
                liars: Liars::default(),
            })
        },
        ..LINEARIZABLE
    },
    invariant!(always "same-history", "Honest replicas execute the same, however many lie",
        new Agreement<false>)
    .known_to_break_under("more than f liars"),
    invariant!(eventually "answered", "Eventually clients get their answers, if enough replicas work",
        answered),
];

/// What an honest replica does at a number: the node, the number and the request in words.
pub fn done<'r>(record: &'r Record, liars: &Liars) -> Option<(NodeId, u64, &'r str)> {
    let all = [&marks::EXECUTES, &marks::REPEATS];
    let marked = all.into_iter().find_map(|mark| record.marked(mark))?;
    let node = record.node.filter(|node| !liars.has(*node))?;
    Some((node, marked.number(0)?, marked.word(1)?))
}

/// No two honest replicas execute different requests at one number.
#[derive(Clone, Default, Hash)]
struct Agreement<const WITH_FEW_LIARS: bool> {
    liars: Liars,
    /// Who executed at a number first, and what.
    first: SharedMap<u64, (NodeId, String)>,
}

impl<const WITH_FEW_LIARS: bool> Invariant for Agreement<WITH_FEW_LIARS> {
    faultline_sim::clone_invariant!();
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        self.liars.look(record, world);
        let Some((node, n, what)) = done(record, &self.liars) else {
            return Ok(());
        };
        if WITH_FEW_LIARS && !self.liars.few(world) {
            return Ok(());
        }
        let (by, first) = self.first.get_or_insert(n, (node, what.to_owned()));
        match first == what {
            true => Ok(()),
            false => Err(format!(
                "at number {n}, {by} executed {first}, and {node} executes {what}"
            )),
        }
    }
}

/// Only what a client has sent is executed.
#[derive(Clone, Default, Hash)]
struct Validity {
    liars: Liars,
    asked: SharedMap<String, ()>,
}

impl Invariant for Validity {
    faultline_sim::clone_invariant!();
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        self.liars.look(record, world);
        if let Event::Sent {
            address, message, ..
        } = &record.event
            && !is_replica(world.settings(), address.from)
            && let Some(Message::Request { request }) = message.get()
        {
            self.asked.insert(request.to_string(), ());
        }
        match done(record, &self.liars) {
            Some((node, n, what))
                if what != "null" && self.liars.few(world) && !self.asked.contains_key(what) =>
            {
                Err(format!(
                    "{node} executes {what} at number {n}, and no client asked for it"
                ))
            }
            _ => Ok(()),
        }
    }
}

/// A crash takes back what was not on disk. A replica then executes the same request at the same number
/// again, which is no second time.
#[derive(Clone, Default, Hash)]
struct Once {
    liars: Liars,
    numbers: SharedMap<(NodeId, String), u64>,
}

impl Invariant for Once {
    faultline_sim::clone_invariant!();
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        self.liars.look(record, world);
        let (Some(marked), Some(node)) = (record.marked(&marks::EXECUTES), record.node) else {
            return Ok(());
        };
        let id = marked.word(2).unwrap_or_default();
        let n = marked.number(0).unwrap_or_default();
        if id.is_empty() || self.liars.has(node) || !self.liars.few(world) {
            return Ok(());
        }
        match *self.numbers.get_or_insert((node, id.to_owned()), n) {
            first if first == n => Ok(()),
            first => Err(format!(
                "{node} executed request {id} at number {first}, and again at number {n}"
            )),
        }
    }
}

fn bounded(world: &World) -> Result<(), String> {
    let most = window(world.settings());
    let over = |replica: &Replica| {
        let last = replica.log.last_key_value().map_or(0, |(n, _)| *n);
        (last > replica.floor() + most).then_some(last)
    };
    let mut all = roles::all::<Node, Replica>(world);
    match all.find_map(|(id, replica)| Some((id, over(replica)?))) {
        Some((id, last)) => Err(format!(
            "{id} keeps number {last} in its log, more than {most} above its last stable checkpoint"
        )),
        None => Ok(()),
    }
}

/// The judge's verdict on what clients were told. It counts while at most f replicas lie.
struct SeenByClients {
    promise: Box<dyn Invariant>,
    liars: Liars,
}

impl Invariant for SeenByClients {
    fn clone_box(&self) -> Box<dyn Invariant> {
        Box::new(Self {
            promise: self.promise.clone_box(),
            liars: self.liars.clone(),
        })
    }

    fn remember(&self, hasher: &mut StableHasher) {
        self.promise.remember(hasher);
        std::hash::Hash::hash(&self.liars, hasher);
    }

    fn judges_answers(&self) -> bool {
        true
    }

    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        self.liars.look(record, world);
        let found = self.promise.on_record(record, world);
        if self.liars.few(world) { found } else { Ok(()) }
    }
}

/// No client asks a second time without an answer, if a quorum of replicas runs.
fn answered(world: &World) -> Result<(), String> {
    let up = roles::all::<Node, Replica>(world).filter(|(id, _)| world.is_live(*id));
    if (up.count() as u32) < quorum(world.settings()) {
        return Ok(());
    }
    let waits = |(id, client): (NodeId, &Client)| {
        let late = client.calls.open.values().any(|call| call.tries > 1);
        (late && world.is_live(id)).then_some(id)
    };
    match roles::all::<Node, Client>(world).find_map(waits) {
        Some(id) => Err(format!("{id} waits for an answer")),
        None => Ok(()),
    }
}
