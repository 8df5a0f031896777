//! The world: all processes, the network between them, and the queue of what is to come.
//!
//! A world is a value. Cloning it makes a checkpoint; running a clone gives the same future.

mod act;
mod build_frame;
mod by_hand;
mod check;
mod command;
mod disk;
mod flights;
mod hashing;
mod limits;
mod lives;
mod monkey;
mod orders;
mod queue;
mod read;
mod slots;
mod step;

use crate::sorted::SortedMap;
use std::collections::VecDeque;
use std::ops::{Deref, DerefMut};
use std::rc::Rc;

use serde_json::Value as Json;

use crate::command::Monkey;
use crate::descriptor::Protocol;
use crate::event::{Event, Outcome, Record};
use crate::fault::{Fault, Lie};
use crate::frame::LossFrame;
use crate::invariant::{Invariant, InvariantSpec};
use crate::judge::{self, Judge};
use crate::network::{Address, Link, Network};
use crate::node::Fleet;
use crate::probe::{LEADERS, Probe, ProbeSpec};
use crate::process::{Common, Effect, Effects, Handle, NodeId, Operation, Opinion, Shared};
use crate::rng::Rng;
use crate::settings::Settings;
use crate::shared::SharedMap;
use crate::time::{Duration, LocalClock, Time};

pub use build_frame::FrameCache;
pub use disk::WRITE_FIRST;
use disk::{Disk, LateAnswer};
pub use limits::Limits;
use queue::Queue;

/// A slot that is in use but in no queue: held by a person, waiting at a paused node, or being called.
const PARKED: u64 = u64::MAX;
/// A slot that is free.
const FREE: u64 = 0;

/// Something to come. A queue entry is valid only while its order is the slot's: so an entry is
/// cancelled or moved by giving the slot another order.
#[derive(Clone, Copy)]
struct Slot {
    order: u64,
    what: Scheduled,
}

#[derive(Clone, Copy)]
enum Scheduled {
    Nothing,
    Start(NodeId),
    Message(Flight),
    Timer {
        node: NodeId,
        id: u32,
        /// Record that set it.
        cause: u64,
        set_at: Time,
        due: Time,
    },
    /// The message in this slot reaches the middle of its link.
    Wall(u32),
    /// A flaky node changes.
    Flap(NodeId),
    Request {
        node: NodeId,
        /// Its words are among the asked ones.
        operation: Operation,
        cause: u64,
    },
    /// The write that an answer rests on is done.
    Answer(Operation),
    /// The monkey crashes a node.
    Monkey,
    /// A node that the monkey has crashed comes back.
    Rescue(NodeId),
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum FlightState {
    Flying,
    Held,
    Waiting,
}

/// A message on its way.
#[derive(Clone, Copy)]
struct Flight {
    address: Address,
    message: Handle,
    sent: Time,
    arrives: Time,
    /// Record of the sending.
    cause: u64,
    lamport: u64,
    state: FlightState,
    delayed: bool,
    /// Not what the sender's process said, or not to whom.
    lie: bool,
    /// Since when a person holds it.
    held_at: Time,
    /// Slot of the wall it will meet.
    wall: Option<u32>,
}

impl Flight {
    fn middle(&self) -> Time {
        Time(self.sent.0 + self.arrives.since(self.sent).0 / 2)
    }
}

/// The truth about a node's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum State {
    Up,
    Down { since: Time },
    Paused { since: Time },
    Removed,
}

/// What the world knows of a node besides its process. What every event needs is one line of a
/// processor's cache, because a large run is bound by memory; the rest is elsewhere.
#[derive(Clone)]
#[repr(align(64))]
struct NodeMeta {
    state: State,
    clock: LocalClock,
    lamport: u64,
    rest: Box<ColdState>,
    /// Grows whenever something that is drawn may have changed.
    version: u32,
    /// It lies or has a slow disk: what it sends needs a closer look.
    needs_slow_path: bool,
}

const _: () = assert!(size_of::<NodeMeta>() == 64);

/// What only some events need.
#[derive(Clone)]
struct ColdState {
    /// Timers set: id and slot.
    timers: Vec<(u32, u32)>,
    leader: Option<NodeId>,
    opinions: SharedMap<NodeId, Opinion>,
    inbox: VecDeque<u32>,
    lie: Option<Lie>,
    /// Under `lie replay`: the latest true message to each peer.
    last_true: SortedMap<NodeId, Handle>,
    disk: Disk,
    flaky: Option<(Duration, Duration)>,
    flap: Option<u32>,
}

impl Deref for NodeMeta {
    type Target = ColdState;
    #[inline]
    fn deref(&self) -> &ColdState {
        &self.rest
    }
}

impl DerefMut for NodeMeta {
    #[inline]
    fn deref_mut(&mut self) -> &mut ColdState {
        &mut self.rest
    }
}

/// Work of the nested mode that is not done yet.
#[derive(Clone)]
enum Pending {
    Effects {
        node: NodeId,
        cause: u64,
        effects: VecDeque<Effect>,
    },
    /// A message that is being called through.
    Call(u32),
}

/// A client operation.
#[derive(Clone)]
struct OperationState {
    id: Operation,
    node: NodeId,
    request: Shared,
    invoked: Time,
    completed: Option<(Time, Outcome)>,
    /// The law that its answer broke, in words.
    wrong: Option<Rc<str>>,
}

/// Operations that the frame may show.
const OPERATIONS_KEPT: usize = 64;
/// Losses that the frame may show.
const LOSSES_KEPT: usize = 32;
/// So many messages may have copies before those are forgotten that are not under way any more.
const COPIES_REMEMBERED: usize = 512;

/// An invariant at work.
struct Watch {
    spec: InvariantSpec,
    monitor: Box<dyn Invariant>,
    broken: Option<Breach>,
}

/// How an `Always` law was broken.
#[derive(Clone)]
struct Breach {
    reason: String,
    at: Time,
    /// The record that broke it, and whose it is.
    seq: u64,
    node: Option<NodeId>,
}

impl Clone for Watch {
    fn clone(&self) -> Self {
        Self {
            spec: self.spec,
            monitor: self.monitor.clone_box(),
            broken: self.broken.clone(),
        }
    }
}

/// A probe at work.
struct Meter {
    spec: ProbeSpec,
    probe: Box<dyn Probe>,
}

impl Clone for Meter {
    fn clone(&self) -> Self {
        Self {
            spec: self.spec,
            probe: self.probe.clone_box(),
        }
    }
}

impl Clone for Box<dyn Fleet> {
    fn clone(&self) -> Self {
        self.clone_box()
    }
}

/// Everything that exists at one instant of a run.
#[derive(Clone)]
pub struct World {
    protocol: Option<&'static Protocol>,
    /// Whether its nodes follow leaders.
    leaders: bool,
    seed: u64,
    limits: Limits,
    nested: bool,
    /// Messages and timers wait for a person.
    by_hand: bool,
    /// The monkey that is loose, with the slot of its next crash.
    monkey: Option<(Monkey, u32)>,

    now: Time,
    events: u64,
    /// Events at this very instant.
    instant: u64,
    records: u64,
    order: u64,
    halted: Option<String>,

    queue: Queue,
    slots: Vec<Slot>,
    free: Vec<u32>,

    fleet: Box<dyn Fleet>,
    nodes: Vec<NodeMeta>,
    /// What handlers may use.
    common: Common,
    known: Rc<Vec<NodeId>>,
    network: Network,
    /// Faults for messages that have not been sent yet.
    armed: SortedMap<(NodeId, NodeId, u32), Vec<Fault>>,
    stack: Vec<Pending>,
    /// What is sent now is a lie.
    lying: bool,

    recording: bool,
    out: Vec<Record>,
    /// How many of `out` the monitors have seen.
    judged: usize,
    /// Messages sent by kind, in the order of their first.
    sent: Vec<(&'static str, u64)>,
    watches: Vec<Watch>,
    meters: Vec<Meter>,
    /// The history of clients, if they share something.
    judge: Option<Judge>,
    operations: VecDeque<OperationState>,
    /// Requests on their way to a node.
    asked: SortedMap<Operation, Rc<Json>>,
    /// Answers that wait for a disk.
    late_answers: SortedMap<Operation, LateAnswer>,
    /// Copies made of messages that are still on their way.
    copies: SortedMap<(NodeId, NodeId, u32), u32>,
    /// How many of them were still under way when the others were last forgotten.
    copies_left: usize,
    losses: VecDeque<LossFrame>,
    /// Messages lost at the present partition.
    lost_at_split: u64,
}

impl World {
    /// A world without nodes. Add them with [`World::spawn`].
    #[must_use]
    pub fn new(
        fleet: Box<dyn Fleet>,
        settings: Settings,
        seed: u64,
        link: Link,
        nested: bool,
        limits: Limits,
    ) -> Self {
        Self {
            protocol: None,
            leaders: false,
            seed,
            limits,
            nested,
            by_hand: false,
            monkey: None,
            now: Time::ZERO,
            events: 0,
            instant: 0,
            records: 0,
            order: 0,
            halted: None,
            queue: Queue::default(),
            slots: Vec::new(),
            free: Vec::new(),
            fleet,
            nodes: Vec::new(),
            common: Common {
                settings,
                rngs: Vec::new(),
                effects: Effects::default(),
                next_operation: 0,
                held: 0,
                wrote: false,
            },
            known: Rc::new(Vec::new()),
            network: Network::new(seed, link),
            armed: SortedMap::new(),
            stack: Vec::new(),
            lying: false,
            recording: true,
            out: Vec::new(),
            judged: 0,
            sent: Vec::new(),
            watches: Vec::new(),
            meters: Vec::new(),
            judge: None,
            operations: VecDeque::new(),
            asked: SortedMap::new(),
            late_answers: SortedMap::new(),
            copies: SortedMap::new(),
            copies_left: 0,
            losses: VecDeque::new(),
            lost_at_split: 0,
        }
    }

    /// Installs a protocol's invariants and probes, and lets frames use its words.
    pub fn describe(&mut self, protocol: &'static Protocol) {
        self.protocol = Some(protocol);
        let counts_leaders = |probe: &ProbeSpec| probe.name == LEADERS.name;
        self.leaders = protocol.probes.iter().any(counts_leaders);
        let watch = |spec: &InvariantSpec| Watch {
            spec: *spec,
            monitor: (spec.make)(),
            broken: None,
        };
        let live = judge::asks_for_judge(protocol.invariants, protocol.probes);
        self.judge = (protocol.objects)(&self.common.settings).map(|model| Judge::new(model, live));
        self.watches = protocol.invariants.iter().map(watch).collect();
        let meter = |spec: &ProbeSpec| Meter {
            spec: *spec,
            probe: (spec.make)(),
        };
        self.meters = protocol.probes.iter().map(meter).collect();
    }

    /// Switches records, and with them invariants and probes, on or off. Nothing else changes: the
    /// same events happen, with the same numbers.
    pub fn set_recording(&mut self, on: bool) {
        self.recording = on;
    }

    /// Adds a node, which starts at once, or begins its life crashed.
    pub fn spawn(&mut self, up: bool) -> NodeId {
        let id = NodeId(self.nodes.len() as u32 + 1);
        let state = if up {
            State::Up
        } else {
            State::Down { since: self.now }
        };
        self.nodes.push(NodeMeta {
            state,
            clock: LocalClock::default(),
            lamport: 0,
            version: 0,
            needs_slow_path: false,
            rest: Box::new(ColdState {
                timers: Vec::new(),
                leader: None,
                opinions: SharedMap::new(),
                inbox: VecDeque::new(),
                lie: None,
                last_true: SortedMap::new(),
                disk: Disk::default(),
                flaky: None,
                flap: None,
            }),
        });
        self.common
            .rngs
            .push(Rng::stream(self.seed, "node", u64::from(id.0)));
        Rc::make_mut(&mut self.known).push(id);
        self.fleet.add(id, &self.common.settings);
        if up {
            self.schedule(self.now, Scheduled::Start(id));
        } else {
            self.record(Some(id), 0, 0, Event::Crashed);
        }
        self.touch_all();
        id
    }

    /// Shows what was made so far to the monitors, after the first nodes were added.
    pub fn settle(&mut self) {
        self.end_event();
    }

    /// The records made since this was last asked.
    pub fn take_records(&mut self) -> Vec<Record> {
        self.judged = 0;
        std::mem::take(&mut self.out)
    }

    /// The same, put behind what `into` holds; an empty one is handed back filled and its memory is
    /// used again.
    #[inline]
    pub fn move_records(&mut self, into: &mut Vec<Record>) {
        self.judged = 0;
        if into.is_empty() {
            std::mem::swap(into, &mut self.out);
        } else {
            into.append(&mut self.out);
        }
    }

    /// Forgets the records made since they were last taken.
    pub fn drop_records(&mut self) {
        self.judged = 0;
        self.out.clear();
    }

    /// Lets time pass to `to` without events; the caller has made sure that there are none.
    pub fn advance_to(&mut self, to: Time) {
        if to > self.now {
            self.now = to;
            self.instant = 0;
        }
    }

    /// Processes all events up to and including `to`.
    pub fn run_until(&mut self, to: Time) {
        while self.next_time().is_some_and(|next| next <= to) && self.step() {}
        if self.halted.is_none() {
            self.advance_to(to);
        }
    }
}
