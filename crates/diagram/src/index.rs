//! The data of a trace that a diagram needs: compact, in order, fast to search.

mod back;

use std::rc::Rc;

use faultline_sim::command::Command;
use faultline_sim::event::{Event, Record};
use faultline_sim::fault::Fault;
use faultline_sim::mark::OnLane;
use faultline_sim::network::Address;
use faultline_sim::process::NodeId;
use faultline_sim::time::{LocalClock, LocalTime, Time};

use crate::event_kind::EventKind;
use crate::lane::Lane;
use crate::message::{Fate, Message};
use crate::messages::Messages;
use crate::spans::{Lasting, Span, SpanKind, Split, read_sides};
use crate::tail::Tail;
use crate::vectors::Vectors;

/// Records between two places at which reading a window can start.
pub(crate) const STRIDE: usize = 1024;
/// No message, or no timer name.
pub(crate) const NONE: u32 = u32::MAX;

/// One record, without its content.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// Simulator time.
    pub time: Time,
    /// Its node; 0 for the network and the person.
    pub node: u32,
    /// Its number among the records of its node, from 1: the node's own component of its vector.
    pub own: u32,
    /// How many of those are sendings, including itself.
    pub sends: u32,
    /// The record that caused it; 0 for none.
    pub cause: u64,
    /// Lamport's clock.
    pub lamport: u64,
    /// What happened.
    pub what: EventKind,
    /// The message of the event, or the name of its timer.
    pub(crate) link: u32,
}

/// A place at which drawing a window can start.
#[derive(Clone, Debug)]
pub(crate) struct Mark {
    /// How many records are before it.
    pub len: usize,
    /// Messages in flight at that place.
    pub open: Rc<[u32]>,
    pub vectors: Option<Vectors>,
}

impl Mark {
    /// Its memory.
    pub fn bytes(&self) -> usize {
        self.open.len() * 4 + self.vectors.as_ref().map_or(0, Vectors::bytes)
    }
}

/// The effect of a command on a message in flight.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Touch {
    pub seq: u64,
    pub message: u32,
    pub late: u64,
}

/// A command that waits for its message.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Armed {
    pub seq: u64,
    pub address: Address,
    pub late: u64,
    pub held: bool,
}

/// The extra latency of one direction.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slow {
    pub seq: u64,
    pub from: NodeId,
    pub to: NodeId,
    pub extra: u64,
}

/// The message with the highest number that has arrived from a sender.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arrived {
    pub from: NodeId,
    pub k: u32,
    pub message: u32,
}

/// The index of a trace. Records, messages and the records of a node are numbered from the first one
/// ever, even if that is forgotten.
#[derive(Clone, Debug, Default)]
pub struct Index {
    pub(crate) entries: Tail<Entry>,
    pub(crate) messages: Messages,
    /// For each node, its records in order.
    pub(crate) lanes: Vec<Lane>,
    pub(crate) marks: Vec<Mark>,
    names: Vec<String>,
    /// Vectors from a log, by record; empty if they follow from the records.
    pub(crate) given: Vec<Rc<[u32]>>,
    /// Messages in flight, in order.
    pub(crate) open: Vec<u32>,
    pub(crate) lasting: Lasting,
    /// Clocks that commands have set: node, record, and the new clock.
    pub(crate) clocks: Vec<(NodeId, u64, LocalClock)>,
    /// Texts of commands and broken rules, by record.
    pub(crate) texts: Vec<(u64, String)>,
    /// Points of cuts, in order: record, and the number of the cut.
    pub(crate) cuts: Vec<(u64, u64)>,
    timers: Vec<&'static str>,
    /// Kinds of messages in order of appearance, each with its first message.
    kinds: Vec<(&'static str, u32)>,
    pub(crate) touched: Vec<Touch>,
    pub(crate) armed: Vec<Armed>,
    pub(crate) slow: Vec<Slow>,
    /// For each receiver and sender, the message with the highest number that has arrived.
    pub(crate) latest: Vec<Vec<Arrived>>,
    /// The smallest number of lanes.
    reserved: usize,
    pub(crate) vectors: Vectors,
    /// Its memory limit; none if it is unlimited.
    pub(crate) bound: Option<usize>,
}

impl Index {
    /// An empty index.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Lanes exist from the start, even for nodes without events.
    pub fn reserve_lanes(&mut self, nodes: usize) {
        self.reserved = self.reserved.max(nodes);
        self.need_lanes(nodes);
    }

    fn need_lanes(&mut self, nodes: usize) {
        if self.lanes.len() < nodes {
            self.lanes.resize_with(nodes, Lane::default);
        }
    }

    /// Lanes with names, in order; a lane without one has its number as a name.
    pub fn name_lanes(&mut self, names: Vec<String>) {
        self.reserve_lanes(names.len());
        self.names = names;
    }

    /// The name of a lane.
    #[must_use]
    pub fn name(&self, node: NodeId) -> String {
        let named = self.names.get(node.index());
        named.cloned().unwrap_or_else(|| node.0.to_string())
    }

    /// The number of records read, including forgotten ones.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.entries.len() as u64
    }

    /// Whether nothing has been read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The oldest kept record.
    #[must_use]
    pub fn first(&self) -> u64 {
        self.entries.first() as u64 + 1
    }

    /// The number of lanes.
    #[must_use]
    pub fn nodes(&self) -> usize {
        self.lanes.len()
    }

    /// A record by its number; none if it is forgotten or unread.
    #[must_use]
    pub fn entry(&self, seq: u64) -> Option<&Entry> {
        self.entries.get(usize::try_from(seq).ok()?.checked_sub(1)?)
    }

    /// The number of a node's records.
    #[must_use]
    pub fn records_of(&self, node: NodeId) -> u64 {
        self.lanes.get(node.index()).map_or(0, Lane::len).into()
    }

    /// A node's record by its own number, from 1; none if it is forgotten or unread.
    #[must_use]
    pub fn of_lane(&self, node: NodeId, own: u32) -> Option<u64> {
        let place = self.lanes.get(node.index())?.place(own)?;
        Some(place as u64 + 1)
    }

    /// The message of a record.
    #[must_use]
    pub fn message_of(&self, seq: u64) -> Option<&Message> {
        self.message(self.message_id(seq)?)
    }

    pub(crate) fn message_id(&self, seq: u64) -> Option<u32> {
        let entry = self.entry(seq)?;
        (!entry.what.is_timer() && entry.link != NONE).then_some(entry.link)
    }

    /// A message by its number, from 0; none if it is forgotten or unread.
    #[must_use]
    pub fn message(&self, id: u32) -> Option<&Message> {
        self.messages.get(id)
    }

    /// The timer of a record.
    #[must_use]
    pub fn timer_of(&self, seq: u64) -> Option<&'static str> {
        let entry = self.entry(seq)?;
        let timer = entry
            .what
            .is_timer()
            .then(|| self.timers.get(entry.link as usize));
        timer.flatten().copied()
    }

    /// The text of a record's command or broken rule.
    #[must_use]
    pub fn text_of(&self, seq: u64) -> Option<&str> {
        let at = self.texts.partition_point(|(own, _)| *own < seq);
        let (own, text) = self.texts.get(at)?;
        (*own == seq).then_some(text)
    }

    /// Commands and broken rules between two records, both included.
    pub(crate) fn texts(&self, from: u64, to: u64) -> impl Iterator<Item = (u64, &str)> {
        let first = self.texts.partition_point(|(own, _)| *own < from);
        let texts = self.texts[first..].iter();
        texts
            .take_while(move |(seq, _)| *seq <= to)
            .map(|(seq, text)| (*seq, text.as_str()))
    }

    /// Cuts that have a point between two records, both included: each with its number and all its points so far.
    pub(crate) fn cuts(&self, from: u64, to: u64) -> Vec<(u64, Vec<u64>)> {
        let mut found: Vec<(u64, Vec<u64>)> = Vec::new();
        let first = self.cuts.partition_point(|(seq, _)| *seq < from);
        let seen = self.cuts[first..].iter().take_while(|(seq, _)| *seq <= to);
        for (_, number) in seen {
            if found.iter().all(|(known, _)| known != number) {
                let points = self.cuts.iter().filter(|(_, own)| own == number);
                found.push((*number, points.map(|(seq, _)| *seq).collect()));
            }
        }
        found
    }

    /// A message by its address.
    #[must_use]
    pub fn find(&self, address: Address) -> Option<&Message> {
        let mut all = self.messages.iter().rev();
        all.find_map(|(_, m)| (m.address == address).then_some(m))
    }

    /// The kept messages and copies, in order of their start.
    pub fn messages(&self) -> impl Iterator<Item = &Message> {
        self.messages.iter().map(|(_, message)| message)
    }

    /// The number of messages and copies, including forgotten ones.
    #[must_use]
    pub fn message_count(&self) -> u64 {
        self.messages.len().into()
    }

    /// Crashes, pauses and departures.
    #[must_use]
    pub fn spans(&self) -> &[Span] {
        &self.lasting.spans
    }

    /// Partitions.
    #[must_use]
    pub fn splits(&self) -> &[Split] {
        &self.lasting.splits
    }

    /// The node's own clock at a record.
    #[must_use]
    pub fn clock(&self, node: NodeId, seq: u64) -> LocalTime {
        let time = self.entry(seq).map_or(Time::ZERO, |entry| entry.time);
        self.clock_before(node, seq).read(time)
    }

    fn clock_before(&self, node: NodeId, seq: u64) -> LocalClock {
        let set = self.clocks.iter().rev();
        let mut set = set.filter(|(own, from, _)| *own == node && *from <= seq);
        set.next().map(|(.., clock)| *clock).unwrap_or_default()
    }

    /// The names of the kinds of messages, in order of appearance.
    #[must_use]
    pub fn kinds(&self) -> Vec<&'static str> {
        self.kinds.iter().map(|(kind, _)| *kind).collect()
    }

    /// The place at which reading a window starts if it begins after `len` records: the last one up to
    /// there. The place after the forgotten records is always one.
    pub(crate) fn mark_before(&self, len: usize) -> Option<&Mark> {
        let at = self.marks.partition_point(|mark| mark.len <= len);
        self.marks.get(at.checked_sub(1)?)
    }

    // Reading -----------------------------------------------------------------------------------

    /// Reads the next record; ignores one that was read already.
    pub fn push(&mut self, record: &Record) {
        if record.seq != self.len() + 1 {
            return;
        }
        let len = self.entries.len();
        // A truncation may have left the mark of this place.
        if len.is_multiple_of(STRIDE) && self.marks.last().is_none_or(|mark| mark.len < len) {
            self.keep_within_bound();
            self.marks.push(Mark {
                len,
                open: self.open.as_slice().into(),
                vectors: self.vectors.kept(),
            });
        }
        let link = self.read(record);
        let mut entry = Entry {
            time: record.time,
            node: 0,
            own: 0,
            sends: 0,
            cause: record.caused_by,
            lamport: record.lamport,
            what: EventKind::of(&record.event, record.node),
            link,
        };
        if let Some(node) = record.node {
            self.need_lanes(node.0 as usize);
            let lane = &mut self.lanes[node.index()];
            let before = lane
                .places
                .last()
                .map(|at| self.entries[*at as usize].sends);
            entry.node = node.0;
            entry.own = lane.len() + 1;
            entry.sends = before.unwrap_or(lane.sends) + u32::from(entry.what == EventKind::Sent);
            lane.places.push(self.entries.len() as u32);
        }
        self.vectors.apply(&entry, link, &self.messages);
        self.entries.push(entry);
    }

    fn read(&mut self, record: &Record) -> u32 {
        let at = (record.seq, record.time);
        match &record.event {
            Event::Sent { address, kind, .. } => return self.begin(*address, kind, record.seq, at),
            Event::Duplicated { address, kind } => {
                return self.begin(*address, kind, record.caused_by, at);
            }
            Event::Delivered { address, .. } => return self.end(*address, Fate::Delivered, at),
            Event::Lost { address, by, .. } => {
                return self.end(*address, Fate::Lost(by.clone()), at);
            }
            Event::TimerSet { timer, .. } | Event::TimerFired { timer, .. } => {
                return self.timer(timer);
            }
            Event::Marked(marked) if marked.mark.on_lane == Some(OnLane::Cut) => {
                self.cuts.push((record.seq, marked.number(0).unwrap_or(0)));
            }
            Event::Violated { reason, .. } => self.texts.push((record.seq, reason.clone())),
            Event::Partitioned { sides } => self.lasting.split(read_sides(sides), at),
            Event::Healed => self.lasting.heal(at),
            Event::Faulted { command, missed } => {
                self.texts.push((record.seq, command.to_string()));
                if missed.is_none() {
                    self.command(command, record);
                }
            }
            event => self.lives(event, record, at),
        }
        NONE
    }

    fn lives(&mut self, event: &Event, record: &Record, at: (u64, Time)) {
        let Some(node) = record.node else { return };
        match event {
            Event::Crashed => self.lasting.begin(node, SpanKind::Down, at),
            Event::Paused => self.lasting.begin(node, SpanKind::Paused, at),
            Event::Removed => self.lasting.begin(node, SpanKind::Gone, at),
            Event::Recovered | Event::Resumed => self.lasting.end(node, at),
            _ => {}
        }
    }

    fn timer(&mut self, timer: &'static str) -> u32 {
        let found = self.timers.iter().position(|known| *known == timer);
        let at = found.unwrap_or_else(|| {
            self.timers.push(timer);
            self.timers.len() - 1
        });
        at as u32
    }

    fn begin(&mut self, address: Address, kind: &'static str, sent: u64, at: (u64, Time)) -> u32 {
        self.need_lanes(address.to.0.max(address.from.0) as usize);
        let way = |slow: &&Slow| (slow.from, slow.to) == (address.from, address.to);
        let slow = self.slow.iter().rev().find(way);
        let (sent_at, sent_own) = if sent == at.0 {
            (at.1, self.lanes[address.from.index()].len() + 1)
        } else {
            self.sending(sent).unwrap_or((at.1, 0))
        };
        let mut message = Message {
            address,
            kind,
            sent,
            sent_at,
            sent_own,
            from: at.0,
            end: 0,
            ended_at: Time::ZERO,
            fate: Fate::Flying,
            late: slow.map_or(0, |slow| slow.extra),
            held: false,
            overtaken_by: None,
        };
        for armed in self.armed.iter().filter(|armed| armed.address == address) {
            message.late += armed.late;
            message.held |= armed.held;
        }
        let id = self.add(message);
        self.open.push(id);
        id
    }

    pub(crate) fn add(&mut self, message: Message) -> u32 {
        let kind = message.kind;
        let id = self.messages.push(message);
        if !self.kinds.iter().any(|(known, _)| *known == kind) {
            self.kinds.push((kind, id));
        }
        id
    }

    /// The time of a message's sending and its number at its node. A copied message is in flight, so
    /// this is known even if its sending is forgotten.
    fn sending(&self, sent: u64) -> Option<(Time, u32)> {
        if let Some(entry) = self.entry(sent) {
            return Some((entry.time, entry.own));
        }
        let mut open = self.open.iter().map(|id| &self.messages[*id]);
        let original = open.find(|message| message.sent == sent)?;
        Some((original.sent_at, original.sent_own))
    }

    fn end(&mut self, address: Address, fate: Fate, at: (u64, Time)) -> u32 {
        let of = |id: &u32| self.messages[*id].address == address;
        let Some(place) = self.open.iter().position(of) else {
            return NONE;
        };
        let id = self.open.remove(place);
        if fate == Fate::Delivered {
            self.arrive(id);
        }
        if let Some(message) = self.messages.get_mut(id) {
            message.end = at.0;
            message.ended_at = at.1;
            message.fate = fate;
        }
        id
    }

    /// A message arrives: checks whether it was overtaken.
    fn arrive(&mut self, id: u32) {
        let Address { from, to, k, .. } = self.messages[id].address;
        let arrived = Arrived {
            from,
            k,
            message: id,
        };
        if self.latest.len() <= to.index() {
            self.latest.resize(to.index() + 1, Vec::new());
        }
        let all = &mut self.latest[to.index()];
        match all.iter_mut().find(|known| known.from == from) {
            None => all.push(arrived),
            Some(known) if known.k > k => {
                if let Some(message) = self.messages.get_mut(id) {
                    message.overtaken_by = Some(known.message);
                }
            }
            Some(known) => *known = arrived,
        }
    }

    /// The effect of a command on clocks, links and messages.
    fn command(&mut self, command: &Command, record: &Record) {
        let Command::Fault(fault) = command else {
            return;
        };
        let seq = record.seq;
        match fault.clone() {
            Fault::Skew(node, offset) => {
                let mut clock = self.clock_before(node, seq);
                clock.set_skew(record.time, offset);
                self.clocks.push((node, seq, clock));
            }
            Fault::Drift(node, ppm) => {
                let mut clock = self.clock_before(node, seq);
                clock.set_drift(record.time, ppm);
                self.clocks.push((node, seq, clock));
            }
            Fault::Slow(from, to, extra) => self.slow.push(Slow {
                seq,
                from,
                to,
                extra: extra.0,
            }),
            Fault::Delay(address, by) => self.touch(seq, address, by.0, false),
            Fault::Hold(address) => self.touch(seq, address, 0, true),
            _ => {}
        }
    }

    fn touch(&mut self, seq: u64, address: Address, late: u64, held: bool) {
        let mut open = self.open.iter().rev().copied();
        let found = open.find(|id| self.messages[*id].address == address);
        match found.and_then(|id| Some((id, self.messages.get_mut(id)?))) {
            Some((id, message)) => {
                message.late += late;
                message.held |= held;
                self.touched.push(Touch {
                    seq,
                    message: id,
                    late,
                });
            }
            None => self.armed.push(Armed {
                seq,
                address,
                late,
                held,
            }),
        }
    }
}
