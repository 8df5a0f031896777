//! What may be drawn: a small closed vocabulary. The page sees only this, never a protocol's types.

mod answers;
mod chain;
mod clock;
mod halves;
mod load;
mod log;
mod ring;
mod waits;
mod word;

use std::fmt::Write;
use std::rc::Rc;

use serde::Serialize;

use crate::history::End;
use crate::network::Address;
use crate::process::{NodeId, Opinion, Shared};
use crate::time::{Duration, Time};

pub use answers::{Answers, at_nodes};
pub use chain::{Block, BlockState};
pub use clock::{ClockFace, Reading};
pub use halves::{Half, Halves};
pub use load::Load;
pub use log::{EntryState, LogCell, log_rows};
pub use ring::{Ring, RingItem, RingMove, RingOwner, RingSearch};
pub use waits::{Lock, Wait, Waits};
pub use word::Word;

/// What a node's look means; only the page maps it to paint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// Nothing special.
    #[default]
    Calm,
    /// Working on something.
    Busy,
    /// Believes itself in charge.
    Leader,
    /// Wants to be in charge.
    Candidate,
    /// Believes something is wrong.
    Suspect,
    /// Asks on behalf of a user.
    Client,
    /// Leads one transaction or round.
    Coordinator,
    /// Has what it wants.
    Good,
    /// In trouble.
    Bad,
}

/// Colours that a page can give to a node.
const COLOURS: [&str; 6] = ["red", "blue", "green", "yellow", "orange", "purple"];

/// The colour that a value names, if it is one that a page knows.
#[must_use]
pub fn colour(value: &str) -> Option<&'static str> {
    COLOURS.into_iter().find(|colour| *colour == value)
}

/// The truth about a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Life {
    /// It runs.
    Up,
    /// It has crashed.
    Down {
        /// When.
        since: Time,
    },
    /// It stands still and will go on where it was.
    Paused {
        /// When it stopped.
        since: Time,
    },
}

/// What one node believes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Beliefs {
    /// Whether there are leaders among these nodes at all.
    pub leaders: bool,
    /// Who leads.
    pub leader: Option<NodeId>,
    /// What it thinks of its peers, where it said so, by number.
    pub peers: Vec<(NodeId, Opinion)>,
}

/// A timer that is set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TimerFrame {
    /// Name of the variant.
    pub name: &'static str,
    /// Short text, with its values.
    pub text: String,
    /// When it was set, in simulator time.
    pub set_at: Time,
    /// When it runs out, in simulator time; already past where it waits at a paused node.
    pub due: Time,
}

/// A node as the stage, the inspector and the parallel DOM show it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NodeFrame {
    /// Its number.
    pub id: NodeId,
    /// Truth.
    pub life: Life,
    /// Lies, with the style's word.
    pub lie: Option<&'static str>,
    /// Every write takes this long.
    pub disk: Duration,
    /// How far the node's clock is from the truth now, in microseconds.
    pub clock_error_us: i64,
    /// How much too fast the node's clock runs, in parts per million (negative: too slow).
    pub drift_ppm: i32,
    /// What it was asked for to flap: down and up lengths.
    pub flaky: Option<(Duration, Duration)>,
    /// Deliveries and timers that wait while the node is paused.
    pub inbox: u32,
    /// Lamport's clock at the node's latest record.
    pub lamport: u64,
    /// Beliefs.
    pub beliefs: Beliefs,
    /// Timers that are set, also those that wait while the node is paused.
    pub timers: Vec<TimerFrame>,
    // From here on the protocol draws.
    /// One word: "follower", "client".
    pub role: String,
    /// The word under the node, often the role with a number: "LEADER t3".
    pub label: String,
    /// What the node's look means.
    pub tone: Tone,
    /// The one value that matters most, inside the body: "t2", "x = 1".
    pub inside: Option<Word>,
    /// Facts beside the body, the most important first: "voted for 4".
    pub chips: Vec<String>,
    /// Answers that it collects.
    pub pips: Option<Pips>,
    /// The colour that its state is, where the subject is colours.
    pub colour: Option<&'static str>,
    /// Which layer or group it belongs to, from 0.
    pub layer: u8,
    /// Its state in pictures, in the order they are shown.
    pub figures: Vec<Figure>,
}

/// How many of the answers that a node needs have come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Pips {
    /// Answers for it, its own included where it counts.
    pub yes: u32,
    /// Answers against it.
    pub no: u32,
    /// How many it needs.
    pub need: u32,
    /// How many can answer.
    pub of: u32,
}

impl NodeFrame {
    /// Sets what every protocol sets.
    pub fn set(&mut self, role: impl Into<String>, tone: Tone) {
        self.role = role.into();
        self.label.clone_from(&self.role);
        self.tone = tone;
    }

    /// Adds named values.
    pub fn fields<const N: usize>(&mut self, rows: [(&str, String); N]) {
        let rows = rows
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect();
        self.figures.push(Figure::Fields(rows));
    }
}

/// The shape of a message: one for each meaning, the same in all protocols.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// Circle: a client's operation.
    Request,
    /// Square: data, replication.
    Data,
    /// Diamond: asks for power.
    Election,
    /// Triangle up: consent.
    Ack,
    /// Triangle down with a bar: refusal.
    Nack,
    /// Star: an outcome is told.
    Announce,
    /// Hexagon: coordination.
    Control,
    /// Hollow ring: a heartbeat.
    Heartbeat,
}

/// What a kind of message means.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Kind {
    /// Name of the enum variant.
    pub name: &'static str,
    /// What it means, whatever the protocol.
    pub shape: Shape,
    /// One or two letters inside the shape.
    pub letter: &'static str,
    /// What the sender says, as a phrase: "asks for votes".
    pub says: &'static str,
}

/// Where a message is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// Will arrive when its time has come.
    Flying,
    /// A person holds it.
    Held,
    /// Arrived at a paused node, waits in its queue.
    Waiting,
    /// Will be lost at a wall in the middle of the link if the wall still stands at that time.
    Blocked {
        /// When it reaches the middle.
        at: Time,
    },
}

/// A message on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct MessageFrame {
    /// Which message or copy.
    pub address: Address,
    /// Name of the variant.
    pub kind: &'static str,
    /// As its [`Kind`] has it.
    pub shape: Shape,
    /// As its [`Kind`] has it.
    pub letter: &'static str,
    /// When it left; later than now while a disk still writes. Where a fault held or retimed it,
    /// this is moved so that it stands at the same share of its way.
    pub sent: Time,
    /// When it arrives if nothing more happens to it.
    pub arrives: Time,
    /// What it is doing.
    pub fate: Fate,
    /// Delayed or slowed down by a fault.
    pub delayed: bool,
    /// Its sender lies: its program said something else, or said it to another node. Only who looks on knows.
    pub lie: bool,
    /// What it says in a word; none where so many are under way that nobody could read it.
    pub word: Option<Word>,
}

/// A message that was lost a moment ago.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LossFrame {
    /// Which message or copy.
    pub address: Address,
    /// Name of the variant.
    pub kind: &'static str,
    /// When it was lost.
    pub at: Time,
    /// How far it had come, 0 to 1.
    pub progress: f64,
    /// The cause in words.
    pub by: String,
}

/// A link that is not as usual, or any link of a small cluster.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LinkFrame {
    /// The end with the lower number.
    pub a: NodeId,
    /// The end with the higher number.
    pub b: NodeId,
    /// The wall from `a` to `b`, in words.
    pub blocked: Option<String>,
    /// The wall from `b` to `a`, in words.
    pub blocked_back: Option<String>,
    /// Extra latency from `a` to `b`.
    pub slow: Option<Duration>,
    /// Extra latency from `b` to `a`.
    pub slow_back: Option<Duration>,
    /// Loss probability where it is not zero (the larger direction).
    pub loss: f64,
    /// Whether a person cut exactly this link.
    pub cut: bool,
    /// Whether the protocol has this link. A message may still use another one.
    pub present: bool,
}

/// How an invariant stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Light {
    /// Unbroken so far; for laws that need not always hold, true now.
    Holds,
    /// Not yet true, or not decided; why.
    NotYet(String),
    /// An `Always` law stays broken; an `Eventually` law is judged at the end of the run only.
    Broken {
        /// The sentence that says how.
        reason: String,
        /// When it broke.
        at: Time,
        /// The record that broke it.
        seq: u64,
        /// Whose record that is.
        node: Option<NodeId>,
    },
}

/// An invariant's light.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VerdictFrame {
    /// The law's word.
    pub name: &'static str,
    /// The law as a sentence.
    pub title: &'static str,
    /// When it must be true.
    pub kind: crate::invariant::Expectation,
    /// What it is known not to bear: "a partition".
    pub breaks_under: Option<&'static str>,
    /// How it stands now.
    pub light: Light,
}

/// A probe's value.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ProbeFrame {
    /// The probe's word.
    pub name: &'static str,
    /// One phrase for people.
    pub title: &'static str,
    /// What the value counts.
    pub unit: &'static str,
    /// None: nothing to measure yet.
    pub value: Option<f64>,
}

/// A client operation.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OperationFrame {
    /// Its number, from 1.
    pub id: u64,
    /// The node it is asked of.
    pub node: NodeId,
    /// What was asked for, as short text.
    pub request: String,
    /// The request itself.
    #[serde(skip)]
    pub asked: Shared,
    /// When it began.
    pub invoked: Time,
    /// When it ended; none while it is open.
    pub completed: Option<Time>,
    /// The reply, or why it was refused.
    pub outcome: Option<String>,
    /// The reply itself.
    #[serde(skip)]
    pub reply: Option<Shared>,
    /// Whether it ended well; none while it is open.
    pub ok: Option<bool>,
    /// How it ended, as the protocol judges; none while it is open.
    pub end: Option<End>,
    /// The law that its answer broke, in words: a stale read, with what it should have been.
    pub wrong: Option<Rc<str>>,
}

/// Everything there is to see at one instant.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Frame {
    /// The instant.
    pub time: Time,
    /// Events processed so far.
    pub events: u64,
    /// Records made so far.
    pub records: u64,
    /// Why the run was cut, if a limit was reached.
    pub halted: Option<String>,
    /// Nested mode: calls are under way that take no time. A page shows them one by one.
    pub calling: bool,
    /// Messages and timers wait until a person lets them go on.
    pub by_hand: bool,
    /// Nodes by number, without removed ones. Unchanged nodes keep their pointer.
    pub nodes: Vec<Rc<NodeFrame>>,
    /// In order of sending.
    pub messages: Vec<MessageFrame>,
    /// Messages lost within the last moments.
    pub losses: Vec<LossFrame>,
    /// All links of a cluster of up to twelve; beyond, only links that are not as usual.
    pub links: Vec<LinkFrame>,
    /// The sides of each partition in force.
    pub sides: Vec<Vec<NodeId>>,
    /// Messages lost at the present partition so far.
    pub lost_at_split: u64,
    /// How the laws stand, in the protocol's order.
    pub verdicts: Vec<VerdictFrame>,
    /// What is measured, in the protocol's order.
    pub probes: Vec<ProbeFrame>,
    /// Messages sent so far by kind.
    pub sent: Vec<(&'static str, u64)>,
    /// The latest client operations, oldest first.
    pub operations: Vec<OperationFrame>,
    /// One sentence on what is going on.
    pub narration: Option<String>,
    /// What clients would be told now, where that is the subject and nothing else is to be said.
    pub answers: Option<Rc<Answers>>,
}

/// A picture of a piece of state. The set is closed; each variant has a table form.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Figure {
    /// Names and values.
    Fields(Vec<(String, String)>),
    /// A replicated log, or the end of a long one.
    Log {
        /// Index of the first entry shown; 1 unless earlier ones are left out.
        first: u64,
        /// From that index on.
        entries: Vec<LogCell>,
        /// The last index this node knows to be committed.
        commit: u64,
        /// The last index applied to the state machine; never beyond `commit`.
        applied: u64,
        /// Entries that the latest conflict with a leader deleted, each with its index.
        removed: Vec<(u64, LogCell)>,
    },
    /// A ring with points that own the arc before them, and what lies on it.
    Ring(Rc<Ring>),
    /// A log whose places are decided one by one, in any order, or the end of a long one: there may be gaps.
    Slots {
        /// All slots up to this one are decided and applied to the state machine.
        executed: u64,
        /// What stands in a slot and how it stands there, by slot; a slot with nothing is left out.
        cells: Vec<(u64, LogCell, EntryState)>,
    },
    /// A vector clock: one number a node; `own` is underlined.
    Vector {
        /// By node, from the first.
        parts: Vec<u64>,
        /// Which part is the owner's, from 0.
        own: usize,
    },
    /// Rows under one head.
    Table {
        /// One text a column.
        head: Vec<String>,
        /// As many texts each as the head has.
        rows: Vec<Vec<String>>,
    },
    /// A tree of hashes over leaves, halved where two copies differ.
    Halves(Halves),
    /// Labelled points and arrows between them.
    Graph {
        /// Their labels.
        points: Vec<String>,
        /// From and to, as positions in the list of points from 0, and the label.
        arrows: Vec<(usize, usize, String)>,
    },
    /// A chain or tree of blocks, or the latest part of one, parents first.
    Chain {
        /// What this node has seen.
        blocks: Vec<Block>,
        /// The id of the block that this node builds on.
        tip: u64,
    },
    /// What the node takes to be the time.
    Clock(ClockFace),
    /// Locks, and who waits for whom.
    Waits(Waits),
    /// A box under load.
    Load(Load),
    /// A value between bounds, with a mark to reach.
    Gauge {
        /// What is gauged.
        name: String,
        /// What it is now; bounds are 0 and `max`.
        value: f64,
        /// The upper bound.
        max: f64,
        /// Where to get to, if anywhere.
        mark: Option<f64>,
    },
    /// A curve.
    Series {
        /// What is drawn upwards.
        name: String,
        /// Along and up, in the order they are joined.
        points: Vec<(f64, f64)>,
        /// What they are held against.
        limit: Option<Limit>,
    },
    /// Steps of a protocol and which is under way.
    Phases {
        /// In order.
        steps: Vec<String>,
        /// Which is under way, from 0; beyond the last, all are done.
        at: usize,
    },
    /// Words.
    Text(String),
}

/// What a curve is held against: a threshold, or a timeout that moves.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Limit {
    /// What it is called.
    pub name: String,
    /// Its height at each point of the curve.
    pub heights: Vec<f64>,
}

/// A table: what the parallel DOM, the table view and the command line show of a figure.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Table {
    /// One text a column.
    pub head: Vec<String>,
    /// As many texts each as the head has.
    pub rows: Vec<Vec<String>>,
}

fn table<const N: usize>(head: [&str; N], rows: impl Iterator<Item = [String; N]>) -> Table {
    Table {
        head: head.map(str::to_owned).to_vec(),
        rows: rows.map(|row| row.to_vec()).collect(),
    }
}

impl Figure {
    /// How many entries of a long log are shown: frames are built at every event.
    pub const LOG_SHOWN: usize = 64;

    /// The same content as rows and columns.
    #[must_use]
    pub fn to_table(&self) -> Table {
        match self {
            Figure::Fields(rows) => table(
                ["field", "value"],
                rows.iter().map(|(k, v)| [k.clone(), v.clone()]),
            ),
            Figure::Log { .. } => {
                let rows = log_rows(self, &[]).into_iter().map(|(index, cell, state)| {
                    [
                        index.to_string(),
                        cell.term.to_string(),
                        cell.text.clone(),
                        state.word().to_owned(),
                    ]
                });
                table(["index", "term", "entry", "state"], rows)
            }
            Figure::Slots { cells, .. } => {
                let rows = cells.iter().map(|(slot, cell, state)| {
                    let (round, text) = (cell.term.to_string(), cell.text.clone());
                    [slot.to_string(), round, text, state.slot_word().to_owned()]
                });
                table(["slot", "round", "value", "state"], rows)
            }
            Figure::Ring(ring) => ring.to_table(),
            Figure::Vector { parts, own } => {
                let rows = parts.iter().enumerate().map(|(i, part)| {
                    let whose = if i == *own { " (own)" } else { "" };
                    [format!("{}{whose}", i + 1), part.to_string()]
                });
                table(["node", "count"], rows)
            }
            Figure::Table { head, rows } => Table {
                head: head.clone(),
                rows: rows.clone(),
            },
            Figure::Halves(halves) => halves.to_table(),
            Figure::Graph { points, arrows } => {
                let name = |i: usize| points.get(i).cloned().unwrap_or_default();
                table(
                    ["from", "to", "label"],
                    arrows
                        .iter()
                        .map(|(a, b, label)| [name(*a), name(*b), label.clone()]),
                )
            }
            Figure::Chain { blocks, .. } => chain::to_table(blocks),
            Figure::Clock(face) => clock::to_table(face),
            Figure::Waits(waits) => waits.to_table(),
            Figure::Load(load) => load.to_table(),
            Figure::Gauge {
                name,
                value,
                max,
                mark,
            } => {
                let mark = mark.map_or_else(String::new, |m| m.to_string());
                let row = [name.clone(), value.to_string(), max.to_string(), mark];
                table(["gauge", "value", "of", "mark"], std::iter::once(row))
            }
            Figure::Series {
                name,
                points,
                limit,
            } => {
                let row = |(at, (x, y)): (usize, &(f64, f64))| {
                    let limit = limit.as_ref().and_then(|limit| limit.heights.get(at));
                    let limit = limit.map_or_else(String::new, f64::to_string);
                    [x.to_string(), y.to_string(), limit]
                };
                let against = limit.as_ref().map_or("", |limit| &limit.name);
                table(["x", name, against], points.iter().enumerate().map(row))
            }
            Figure::Phases { steps, at } => {
                let rows = steps.iter().enumerate().map(|(i, step)| {
                    let state = match i.cmp(at) {
                        std::cmp::Ordering::Less => "done",
                        std::cmp::Ordering::Equal => "now",
                        std::cmp::Ordering::Greater => "to come",
                    };
                    [step.clone(), state.to_owned()]
                });
                table(["step", "state"], rows)
            }
            Figure::Text(text) => table(["text"], std::iter::once([text.clone()])),
        }
    }
}

impl Table {
    /// Plain text, one row a line.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut out = self.head.join(" | ");
        for row in &self.rows {
            let _ = write!(out, "\n{}", row.join(" | "));
        }
        out
    }
}
