//! A look ahead: when something happens that a person should see. It runs a copy of the world at the
//! cursor a little way on, so it changes nothing and tells nothing of what happens.

use super::Timeline;
use super::cursor::Cursor;
use crate::event::{Event, Record};
use crate::frame::Shape;
use crate::moment::Moment;
use crate::network::Address;
use crate::process::{Belief, Shared};
use crate::sorted::{SortedMap, SortedSet, sort_by_key};
use crate::time::{Duration, MAX_TIME, Time};

/// How far it looks.
const HORIZON: Duration = Duration(60_000_000);
/// The most events and commands of one look.
const MOST_MOVES: u32 = 1_500;
/// A look that has found so many things is long enough.
const MOST_THINGS: usize = 160;
/// The most events of one instant that are counted.
const MOST_CALLS: u32 = 5_000;
/// How many records a cause lies back at most, to be recognized as a client's.
const ANCESTORS: u32 = 40;

/// Something worth seeing: a message on its way, or a single instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thing {
    /// When it begins.
    pub from: Time,
    /// When it ends; as `from` for what takes no time.
    pub to: Time,
}

/// What is worth seeing soon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ahead {
    /// By their beginning.
    pub things: Vec<Thing>,
    /// The instant from which it looked.
    pub from: Time,
    /// Everything up to here is known.
    pub until: Time,
}

impl Ahead {
    /// When the next thing begins, later than an instant.
    #[must_use]
    pub fn next_after(&self, now: Time) -> Option<Time> {
        let behind = self.things.partition_point(|thing| thing.from <= now);
        self.things.get(behind).map(|thing| thing.from)
    }

    /// When the next thing begins or ends, later than an instant.
    #[must_use]
    pub fn change_after(&self, now: Time) -> Option<Time> {
        let behind = self.things.partition_point(|thing| thing.from <= now);
        let ends = self.things[..behind].iter().map(|thing| thing.to);
        let next = self.things.get(behind).map(|thing| thing.from);
        ends.filter(|end| *end > now).chain(next).min()
    }

    /// The shortest way of the messages that are under way at an instant.
    #[must_use]
    pub fn hop_at(&self, now: Time) -> Option<Duration> {
        let begun = self.things.partition_point(|thing| thing.from <= now);
        let under_way = self.things[..begun].iter().filter(|thing| thing.to > now);
        under_way.map(|thing| thing.to.since(thing.from)).min()
    }

    /// When what is under way at an instant has ended, and how many things that are.
    #[must_use]
    pub fn over_at(&self, now: Time) -> Option<(Time, usize)> {
        let (mut end, mut count) = (now, 0);
        for thing in &self.things {
            if thing.from > end || thing.from > now && end == now {
                break;
            }
            if thing.to > now {
                end = end.max(thing.to);
                count += 1;
            }
        }
        (end > now).then_some((end, count))
    }
}

/// The calls of one instant that are still to come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Calls {
    /// How many messages.
    pub messages: u64,
    /// There are more.
    pub more: bool,
}

impl Timeline {
    /// What is worth seeing soon. Heartbeats and their answers and timers are not; what clients do on
    /// their own is, if `load` says so.
    #[must_use]
    pub fn ahead(&self, load: bool) -> Ahead {
        let mut look = Look {
            timeline: self,
            load,
            first: self.records() + 1,
            things: Vec::new(),
            beats: SortedSet::new(),
            loads: SortedSet::new(),
            known: SortedMap::new(),
        };
        look.under_way();
        let until = look.run();
        let mut things = look.things;
        sort_by_key(&mut things, |thing| (thing.from, thing.to));
        Ahead {
            things,
            from: self.now(),
            until,
        }
    }

    /// How many messages of this very instant are still to come.
    #[must_use]
    pub fn calls_ahead(&self) -> Calls {
        let mut cursor = self.cursor.clone();
        let now = self.now();
        let mut calls = Calls::default();
        for _ in 0..MOST_CALLS {
            if cursor.next_at(&self.plan) != Some(now) || !cursor.advance(&self.plan, now) {
                return calls;
            }
            let records = cursor.world.take_records();
            calls.messages += records.iter().filter(|record| is_call(record)).count() as u64;
        }
        calls.more = true;
        calls
    }

    /// How many messages of this very instant have arrived or were lost.
    #[must_use]
    pub fn calls_done(&self) -> u64 {
        let (now, here) = (self.now(), self.records());
        let mut seq = here;
        let mut done = 0;
        while let Some(record) = self.trace.get(seq) {
            if record.time != now {
                break;
            }
            done += u64::from(is_call(record));
            seq -= 1;
        }
        done
    }
}

/// Whether a message ended here.
fn is_call(record: &Record) -> bool {
    matches!(record.event, Event::Delivered { .. } | Event::Lost { .. })
}

/// One look ahead.
struct Look<'a> {
    timeline: &'a Timeline,
    load: bool,
    /// The first record that lies ahead.
    first: u64,
    things: Vec<Thing>,
    /// Records ahead by which a heartbeat was delivered.
    beats: SortedSet<u64>,
    /// Records ahead that clients caused on their own.
    loads: SortedSet<u64>,
    /// The same for records of the past, as far as they were asked for.
    known: SortedMap<u64, bool>,
}

impl Look<'_> {
    /// What is on its way at the cursor.
    fn under_way(&mut self) {
        let (now, world) = (self.timeline.now(), &self.timeline.cursor.world);
        let trips: Vec<_> = world.trips(0).collect();
        for (cause, from, to) in trips {
            let quiet = match self.timeline.trace.get(cause) {
                Some(record) => self.is_quiet(record),
                None => true,
            };
            if !quiet && to > now {
                self.things.push(Thing { from, to });
            }
        }
    }

    /// Runs on; returns up to which instant everything is known.
    fn run(&mut self) -> Time {
        let now = self.timeline.now();
        let limit = now + HORIZON;
        let plan = &self.timeline.plan;
        let mut cursor: Cursor = self.timeline.cursor.clone();
        cursor.world.drop_records();
        for _ in 0..MOST_MOVES {
            if self.things.len() >= MOST_THINGS {
                break;
            }
            if !cursor.advance(plan, limit) {
                return if cursor.next_at(plan).is_none() {
                    MAX_TIME
                } else {
                    limit
                };
            }
            self.read(&mut cursor);
        }
        // More may happen at the instant it has reached.
        Time(cursor.world.now().0.saturating_sub(1)).max(now)
    }

    /// Reads what one move made.
    fn read(&mut self, cursor: &mut Cursor) {
        let records = cursor.world.take_records();
        let nested = cursor.world.is_nested();
        let mut sent = SortedSet::new();
        for record in &records {
            if let Event::Invoked { .. } = record.event
                && !self.is_loaded(record.caused_by)
                && !self.is_asked(&records, record.caused_by)
            {
                // What the same handler sends belongs to it.
                self.loads.insert(record.caused_by);
            }
        }
        for record in &records {
            let loaded = self.is_loaded(record.caused_by);
            if loaded {
                self.loads.insert(record.seq);
            }
            match &record.event {
                Event::Delivered { kind, message, .. } => {
                    if self.shape(kind, message) == Shape::Heartbeat {
                        self.beats.insert(record.seq);
                    }
                    if nested {
                        self.point(record.time);
                    }
                }
                // Direct calls are seen when they arrive.
                Event::Sent { .. } if nested || self.is_quiet(record) => {}
                Event::Sent { .. } => drop(sent.insert(record.seq)),
                _ if self.is_notable(record, loaded) => self.point(record.time),
                _ => {}
            }
        }
        if let Some(first) = sent.iter().next().copied() {
            for (cause, from, to) in cursor.world.trips(first - 1) {
                if sent.contains(&cause) {
                    self.things.push(Thing { from, to });
                }
            }
        }
    }

    fn point(&mut self, at: Time) {
        let thing = Thing { from: at, to: at };
        if self.things.last() != Some(&thing) {
            self.things.push(thing);
        }
    }

    /// Whether a sending needs no attention.
    fn is_quiet(&mut self, record: &Record) -> bool {
        let Event::Sent { kind, message, .. } = &record.event else {
            return true;
        };
        let shape = self.shape(kind, message);
        let answers = || matches!(shape, Shape::Ack | Shape::Heartbeat);
        shape == Shape::Heartbeat
            || answers() && self.is_beat(record.caused_by)
            || self.is_loaded(record.caused_by)
    }

    /// Whether anything else needs attention.
    fn is_notable(&mut self, record: &Record, loaded: bool) -> bool {
        match &record.event {
            Event::Crashed
            | Event::Recovered
            | Event::Removed
            | Event::Paused
            | Event::Resumed
            | Event::Violated { .. }
            | Event::Faulted { .. }
            | Event::Believed(Belief::Leader(_)) => true,
            Event::Marked(marked) => match marked.mark.moment {
                Some(Moment::Commit | Moment::Request) => !loaded,
                moment => moment.is_some(),
            },
            Event::Believed(_) | Event::Completed { .. } => !loaded,
            Event::Lost { .. } => {
                let sending = self.record(record.caused_by);
                !loaded && sending.is_some_and(|sending| !self.is_quiet(&sending))
            }
            _ => false,
        }
    }

    fn record(&self, seq: u64) -> Option<Record> {
        self.timeline
            .trace
            .get(seq)
            .filter(|_| seq < self.first)
            .cloned()
    }

    fn shape(&self, kind: &'static str, message: &Shared) -> Shape {
        self.timeline.cursor.world.shape_of(kind, message)
    }

    /// Whether a heartbeat was delivered by this record.
    fn is_beat(&self, seq: u64) -> bool {
        if seq >= self.first {
            return self.beats.contains(&seq);
        }
        let record = self.timeline.trace.get(seq).map(|record| &record.event);
        matches!(record, Some(Event::Delivered { kind, message, .. })
            if self.shape(kind, message) == Shape::Heartbeat)
    }

    /// Whether a person or a script asked for what this record began.
    fn is_asked(&self, records: &[Record], seq: u64) -> bool {
        let ahead = records.iter().find(|record| record.seq == seq);
        let record = ahead.or_else(|| self.timeline.trace.get(seq));
        record.is_some_and(|record| matches!(record.event, Event::Faulted { .. }))
    }

    /// Whether clients caused this record on their own, and that is not what the run is about.
    fn is_loaded(&mut self, seq: u64) -> bool {
        if self.load || seq == 0 {
            return false;
        }
        if seq >= self.first {
            return self.loads.contains(&seq);
        }
        if let Some(known) = self.known.get(&seq) {
            return *known;
        }
        let found = self.began_by_client(seq);
        self.known.insert(seq, found);
        found
    }

    /// Follows causes through the past to a handler that began an operation of its own.
    fn began_by_client(&self, seq: u64) -> bool {
        let trace = &self.timeline.trace;
        let mut at = seq;
        for _ in 0..ANCESTORS {
            let Some(record) = trace.get(at) else {
                return false;
            };
            if matches!(record.event, Event::Faulted { .. }) {
                return false;
            }
            let siblings = (at + 1..=at + 6).filter_map(|seq| trace.get(seq));
            let mut siblings = siblings.filter(|sibling| sibling.caused_by == at);
            if siblings.any(|sibling| matches!(sibling.event, Event::Invoked { .. })) {
                return true;
            }
            at = record.caused_by;
        }
        false
    }
}

/// The message that a direct call is about to hand over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Call {
    /// Which message.
    pub address: Address,
    /// It meets a wall half way.
    pub blocked: bool,
}
