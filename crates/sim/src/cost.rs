//! What a run costs, counted from its records: messages and bytes by kind, and for each kind of request
//! what it took until its answer.
//!
//! A message belongs to the request that caused it. Causes are followed forwards: from a request to what
//! its node sends, from a delivery to what the receiver sends, also when the answer is out already: the
//! slowest of all acknowledgements counts, too. A timer passes a request on only at the node that took it,
//! and only before the answer. So a message sent again counts, and neither heartbeats nor an election that
//! begins elsewhere do.
//!
//! *Message delays* are the messages one after another on the way from the request to its answer: those
//! that a client would wait for if only the network took time (Lamport, "Lower Bounds for Asynchronous
//! Consensus", 2006, counts them so). Two of them are a round trip.

use serde::Serialize;

use crate::event::{Event, Record};
use crate::history::End;
use crate::process::{NodeId, Operation, Shared};
use crate::settings::Settings;
use crate::sorted::SortedMap;
use crate::time::Time;
use crate::timeline::Timeline;
use crate::world::World;

/// How many records may wait for their consequences. What a forgotten one causes belongs to nobody.
const MOST_LINKS: usize = 20_000;
/// How many answered requests are remembered for messages that they still cause.
const MOST_ANSWERED: usize = 500;

/// What a textbook says that a request costs, to be set beside what is measured.
#[derive(Clone, Copy, Debug)]
pub struct Formula {
    /// The request, as in its JSON: `write`.
    pub request: &'static str,
    /// What is counted.
    pub of: Of,
    /// In letters: `2(n − 1)`.
    pub letters: &'static str,
    /// The convention, as a sentence: which nodes there are, which messages count.
    pub convention: &'static str,
    /// The number with these settings; none where the formula does not hold.
    pub value: fn(&Settings) -> Option<f64>,
}

/// What is counted of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Of {
    /// Messages that it caused.
    Messages,
    /// Messages one after another before its answer.
    Delays,
    /// Handlers that wrote to their node's disk for it.
    Writes,
}

/// Messages of one kind, or of all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Sent {
    /// How many were sent.
    pub messages: u64,
    /// What they take on the network.
    pub bytes: u64,
}

impl Sent {
    fn add(&mut self, other: Self) {
        self.messages += other.messages;
        self.bytes += other.bytes;
    }
}

/// What the answered requests of one kind have cost together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Answered {
    /// How many were answered well.
    pub requests: u64,
    /// What they caused.
    pub sent: Sent,
    /// From the request to its answer, in seconds.
    pub seconds: f64,
    /// Requests whose answer was the end of a chain of messages that they began.
    pub chained: u64,
    /// Message delays of those.
    pub delays: u64,
    /// Writes to a disk that they caused: of one node, what one handler writes is one write.
    pub writes: u64,
}

impl Answered {
    /// Messages of a request.
    #[must_use]
    pub fn messages(&self) -> Option<f64> {
        mean(self.sent.messages as f64, self.requests)
    }

    /// Bytes of a request.
    #[must_use]
    pub fn bytes(&self) -> Option<f64> {
        mean(self.sent.bytes as f64, self.requests)
    }

    /// Seconds of a request.
    #[must_use]
    pub fn time(&self) -> Option<f64> {
        mean(self.seconds, self.requests)
    }

    /// Message delays of a request.
    #[must_use]
    pub fn delays(&self) -> Option<f64> {
        mean(self.delays as f64, self.chained)
    }

    /// Disk writes of a request.
    #[must_use]
    pub fn writes(&self) -> Option<f64> {
        mean(self.writes as f64, self.requests)
    }

    /// What a formula speaks of.
    #[must_use]
    pub fn measured(&self, of: Of) -> Option<f64> {
        match of {
            Of::Messages => self.messages(),
            Of::Delays => self.delays(),
            Of::Writes => self.writes(),
        }
    }
}

fn mean(total: f64, count: u64) -> Option<f64> {
    (count > 0).then(|| total / count as f64)
}

/// A request under way.
#[derive(Clone, Debug)]
struct Open {
    node: NodeId,
    word: &'static str,
    since: Time,
    sent: Sent,
    writes: u64,
}

/// A record that a request has led to.
#[derive(Clone, Copy, Debug)]
struct Link {
    seq: u64,
    operation: Operation,
    delays: u64,
}

/// The meter. It reads each record of a run once, in their order.
#[derive(Clone, Default)]
pub struct Costs {
    read_up_to: u64,
    kinds: SortedMap<&'static str, Sent>,
    open: SortedMap<Operation, Open>,
    /// In the order of their records.
    links: Vec<Link>,
    /// The latest requests that were answered, with their words.
    closed: SortedMap<Operation, &'static str>,
    /// A handler that wrote before it began a request.
    wrote: u64,
    /// All writes of the run.
    writes: u64,
    answered: SortedMap<&'static str, Answered>,
}

impl Costs {
    /// The latest record read.
    #[must_use]
    pub fn read_up_to(&self) -> u64 {
        self.read_up_to
    }

    /// What was sent, by kind.
    pub fn kinds(&self) -> impl Iterator<Item = (&'static str, Sent)> + '_ {
        self.kinds.iter().map(|(kind, sent)| (*kind, *sent))
    }

    /// What was sent altogether.
    #[must_use]
    pub fn total(&self) -> Sent {
        let mut total = Sent::default();
        self.kinds.values().for_each(|sent| total.add(*sent));
        total
    }

    /// What answered requests have cost, by the word of the request.
    pub fn answered(&self) -> impl Iterator<Item = (&'static str, &Answered)> {
        self.answered
            .iter()
            .map(|(word, answered)| (*word, answered))
    }

    /// Disk writes altogether; 0 if the protocol tells of none.
    #[must_use]
    pub fn writes(&self) -> u64 {
        self.writes
    }

    /// All messages of the run for each request that was answered: with heartbeats, elections and what
    /// other requests cost in vain.
    #[must_use]
    pub fn messages_per_answer(&self) -> Option<f64> {
        let answers = self
            .answered
            .values()
            .map(|answered| answered.requests)
            .sum();
        mean(self.total().messages as f64, answers)
    }

    /// Reads on to the run's present instant, at most so many records; true if it has come there. Behind
    /// the latest record read it begins anew.
    pub fn follow(&mut self, run: &mut Timeline, most: u64) -> bool {
        let now = run.records();
        if self.read_up_to > now {
            *self = Self::default();
        }
        let to = now.min(self.read_up_to.saturating_add(most));
        if to > self.read_up_to {
            let records = run.window(self.read_up_to + 1, to);
            let world = run.world();
            records.iter().for_each(|record| self.read(record, world));
            self.read_up_to = to;
        }
        to == now
    }

    fn read(&mut self, record: &Record, world: &World) {
        self.read_up_to = record.seq;
        match &record.event {
            Event::Invoked { operation, request } => self.begin(record, *operation, request),
            Event::Completed { operation, outcome } => {
                let well = world.end(outcome) == End::Ok;
                self.finish(record, *operation, well);
            }
            Event::Sent { kind, message, .. } => {
                let bytes = message.0.size();
                let sent = Sent { messages: 1, bytes };
                self.kinds.entry(*kind).or_default().add(sent);
                if let Some(link) = self.pass_on(record, 0) {
                    self.spend(link.operation, sent);
                }
            }
            Event::Delivered { .. } => {
                self.pass_on(record, 1);
            }
            Event::TimerFired { .. } => {
                let cause = self.link(record.caused_by);
                let owner = cause.and_then(|link| self.open.get(&link.operation));
                if owner.is_some_and(|open| Some(open.node) == record.node) {
                    self.pass_on(record, 0);
                }
            }
            _ => {
                self.pass_on(record, 0);
            }
        }
        if record.wrote {
            self.writes += 1;
            match self.link(record.seq) {
                Some(link) => self.spend_write(link.operation),
                None => self.wrote = record.seq,
            }
        }
    }

    fn spend_write(&mut self, operation: Operation) {
        if let Some(open) = self.open.get_mut(&operation) {
            open.writes += 1;
        } else if let Some(word) = self.closed.get(&operation) {
            self.answered.entry(word).or_default().writes += 1;
        }
    }

    fn spend(&mut self, operation: Operation, sent: Sent) {
        if let Some(open) = self.open.get_mut(&operation) {
            open.sent.add(sent);
        } else if let Some(word) = self.closed.get(&operation) {
            self.answered.entry(word).or_default().sent.add(sent);
        }
    }

    fn begin(&mut self, record: &Record, operation: Operation, request: &Shared) {
        let Some(node) = record.node else { return };
        let open = Open {
            node,
            word: request.0.kind(),
            since: record.time,
            sent: Sent::default(),
            writes: u64::from(self.wrote == record.caused_by),
        };
        self.open.insert(operation, open);
        let link = |seq| Link {
            seq,
            operation,
            delays: 0,
        };
        // What a node begins by itself, the rest of the same handler serves.
        self.links.retain(|own| own.seq != record.caused_by);
        let place = self.links.partition_point(|own| own.seq < record.caused_by);
        self.links.insert(place, link(record.caused_by));
        self.keep(link(record.seq));
    }

    fn finish(&mut self, record: &Record, operation: Operation, well: bool) {
        let delays = self
            .link(record.caused_by)
            .filter(|link| link.operation == operation)
            .map(|link| link.delays);
        let Some(open) = self.open.remove(&operation) else {
            return;
        };
        if !well {
            self.links.retain(|link| link.operation != operation);
            return;
        }
        if self.closed.len() >= MOST_ANSWERED {
            let oldest = self.closed.keys().next().copied();
            oldest.map(|oldest| self.closed.remove(&oldest));
        }
        self.closed.insert(operation, open.word);
        let answered = self.answered.entry(open.word).or_default();
        answered.requests += 1;
        answered.sent.add(open.sent);
        answered.writes += open.writes;
        answered.seconds += record.time.since(open.since).as_seconds();
        answered.chained += u64::from(delays.is_some());
        answered.delays += delays.unwrap_or(0);
    }

    /// Links a record to the request that its cause is linked to.
    fn pass_on(&mut self, record: &Record, delays: u64) -> Option<Link> {
        let cause = self.link(record.caused_by)?;
        let link = Link {
            seq: record.seq,
            delays: cause.delays + delays,
            ..cause
        };
        self.keep(link);
        Some(link)
    }

    fn keep(&mut self, link: Link) {
        if self.links.len() >= MOST_LINKS {
            self.links.drain(..MOST_LINKS / 2);
        }
        self.links.push(link);
    }

    fn link(&self, seq: u64) -> Option<Link> {
        let found = self.links.binary_search_by_key(&seq, |link| link.seq);
        found.ok().map(|at| self.links[at])
    }
}

/// A number that a request costs, for a table.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Line {
    /// "write: messages".
    pub title: String,
    /// `messages`, `s` …; empty: a plain number.
    pub unit: &'static str,
    /// The mean over the answered requests; none if none can tell.
    pub measured: Option<f64>,
    /// The textbook's number, if there is a formula.
    pub textbook: Option<Textbook>,
}

/// A formula with the numbers of a run's settings.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Textbook {
    /// `2(n − 1)`.
    pub letters: &'static str,
    /// Which messages count.
    pub convention: &'static str,
    /// None: it does not hold with these settings.
    pub value: Option<f64>,
}

impl Costs {
    /// The table: what each kind of request costs, beside what textbooks say, and what all messages come
    /// to for each answer.
    #[must_use]
    pub fn lines(&self, formulas: &[Formula], settings: &Settings) -> Vec<Line> {
        let mut words: Vec<&'static str> = self.answered().map(|(word, _)| word).collect();
        let known = formulas.iter().map(|formula| formula.request);
        for word in known {
            if !words.contains(&word) {
                words.push(word);
            }
        }
        let mut lines = Vec::new();
        for word in words {
            let answered = self.answered.get(word).copied().unwrap_or_default();
            let textbook = |of: Of| {
                let mut own = formulas.iter().filter(|formula| formula.request == word);
                own.find(|formula| formula.of == of)
                    .map(|formula| Textbook {
                        letters: formula.letters,
                        convention: formula.convention,
                        value: (formula.value)(settings),
                    })
            };
            let name = name(word);
            let mut line = |what: &str, unit, measured: Option<f64>, textbook: Option<Textbook>| {
                if measured.is_none() && textbook.is_none() {
                    return;
                }
                let title = format!("{name}: {what}");
                lines.push(Line {
                    title,
                    unit,
                    measured,
                    textbook,
                });
            };
            line("messages", "", answered.messages(), textbook(Of::Messages));
            line(
                "message delays",
                "",
                answered.delays(),
                textbook(Of::Delays),
            );
            let writes = answered.writes().filter(|_| self.writes > 0);
            line("disk writes", "", writes, textbook(Of::Writes));
            line("bytes", "bytes", answered.bytes(), None);
            line("time until the answer", "s", answered.time(), None);
        }
        if let Some(all) = self.messages_per_answer() {
            lines.push(Line {
                title: "All messages for each answer".into(),
                unit: "",
                measured: Some(all),
                textbook: None,
            });
        }
        lines
    }
}

/// A request as a noun: `compare_and_set` becomes "compare-and-set".
fn name(word: &str) -> String {
    word.to_lowercase().replace('_', "-")
}
