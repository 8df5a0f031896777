//! From events with clocks to what came before what: the rules of clocks, the order, the edges.

use crate::sorted::{SortedMap, sort_by_key};

use super::read::Refusal;
use super::{Execution, LogEvent};

/// An event as it was found, its clock by names.
pub(super) struct Raw {
    pub host: String,
    /// Its number at its own host.
    pub own: u32,
    /// What it knows of the others.
    pub clock: Vec<(String, u32)>,
    pub line: u32,
    pub clock_line: u32,
    pub text: String,
    pub fields: Vec<(String, String)>,
}

/// What one host learned from another: both are places in [`Execution::events`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    /// The event that became known.
    pub from: u32,
    /// The first event that knows it.
    pub to: u32,
}

/// Entries of clocks that are held at once: hosts times events.
const ENTRIES: usize = 1 << 26;

/// A clock by places of hosts.
type Entries = Vec<(usize, u32)>;

#[derive(Default)]
struct Host {
    name: String,
    /// Its events in order, as places in the log.
    events: Vec<usize>,
    /// So many of them are in order with everything they know.
    done: usize,
    /// Hosts that cannot go on before this one does.
    waiting: Vec<usize>,
}

/// Checks an execution and puts it in order.
pub(super) fn execution(name: String, raws: Vec<Raw>) -> Result<Execution, Refusal> {
    let mut hosts = hosts(&raws)?;
    let clocks = clocks(&raws, &hosts)?;
    let mut order = Order {
        width: hosts.len(),
        known: vec![Vec::new(); raws.len()],
        lamport: vec![0; raws.len()],
        edges: Vec::new(),
    };
    let mut ready: Vec<usize> = (0..hosts.len()).rev().collect();
    while let Some(at) = ready.pop() {
        while let Some(event) = hosts[at].events.get(hosts[at].done).copied() {
            if let Some(blocker) = blocker(&hosts, at, &clocks[event]) {
                hosts[blocker].waiting.push(at);
                break;
            }
            order.place(event, at, &clocks[event], &hosts);
            hosts[at].done += 1;
            ready.append(&mut hosts[at].waiting);
        }
    }
    circle(&raws, &hosts, &clocks)?;
    Ok(order.finish(name, raws, &hosts))
}

/// Hosts in the order of their first events, each with its events in the order of their numbers.
fn hosts(raws: &[Raw]) -> Result<Vec<Host>, Refusal> {
    let mut places: SortedMap<&str, usize> = SortedMap::new();
    let mut hosts: Vec<Host> = Vec::new();
    for (at, raw) in raws.iter().enumerate() {
        let place = *places.entry(&raw.host).or_insert_with(|| {
            hosts.push(Host {
                name: raw.host.clone(),
                ..Host::default()
            });
            hosts.len() - 1
        });
        hosts[place].events.push(at);
    }
    if hosts.len().saturating_mul(raws.len()) > ENTRIES {
        return Err(Refusal {
            line: 1,
            reason: format!(
                "{} events of {} hosts are more than can be held; cut the log",
                raws.len(),
                hosts.len()
            ),
        });
    }
    for host in &mut hosts {
        sort_by_key(&mut host.events, |at| raws[*at].own);
        numbered(raws, host)?;
    }
    Ok(hosts)
}

/// Refuses numbers of a host that are not 1, 2, 3, …
fn numbered(raws: &[Raw], host: &Host) -> Result<(), Refusal> {
    let name = &host.name;
    let mut before: Option<&Raw> = None;
    for raw in host.events.iter().map(|at| &raws[*at]) {
        let number = raw.own;
        let reason = match before {
            None if number != 1 => {
                format!("the first event of `{name}` has the number {number}; it must be 1")
            }
            Some(last) if number == last.own => {
                format!(
                    "`{name}` has another event with the number {number} on line {}; each event \
                     needs a tick of its own",
                    last.clock_line
                )
            }
            Some(last) if number != last.own + 1 => {
                format!(
                    "`{name}` goes from {} to {number}; each event ticks by one, and none may be \
                     missing",
                    last.own
                )
            }
            _ => {
                before = Some(raw);
                continue;
            }
        };
        let line = raw.clock_line;
        return Err(Refusal { line, reason });
    }
    Ok(())
}

/// Clocks by places of hosts.
fn clocks(raws: &[Raw], hosts: &[Host]) -> Result<Vec<Entries>, Refusal> {
    let mut places: SortedMap<&str, usize> = SortedMap::new();
    for (at, host) in hosts.iter().enumerate() {
        places.insert(&host.name, at);
    }
    let mut clocks = Vec::new();
    for raw in raws {
        let mut entries = Entries::new();
        for (name, count) in &raw.clock {
            let refuse = |reason| Refusal {
                line: raw.clock_line,
                reason,
            };
            let Some(place) = places.get(name.as_str()).copied() else {
                let reason = format!("the clock counts `{name}`, which has no event in this log");
                return Err(refuse(reason));
            };
            let there = hosts[place].events.len();
            if *count as usize > there {
                return Err(refuse(format!(
                    "the clock counts {count} events of `{name}`, which has only {there}"
                )));
            }
            entries.push((place, *count));
        }
        clocks.push(entries);
    }
    Ok(clocks)
}

/// A host that must go on before `at` can.
fn blocker(hosts: &[Host], at: usize, clock: &Entries) -> Option<usize> {
    let early = clock
        .iter()
        .find(|(host, count)| hosts[*host].done < *count as usize);
    early.map(|(host, _)| *host).filter(|host| *host != at)
}

/// Refuses clocks that go round in a circle: what they wait for is never in order.
fn circle(raws: &[Raw], hosts: &[Host], clocks: &[Entries]) -> Result<(), Refusal> {
    let next = |at: usize| hosts[at].events.get(hosts[at].done).copied();
    let Some(mut at) = (0..hosts.len()).find(|at| next(*at).is_some()) else {
        return Ok(());
    };
    let mut seen = Vec::new();
    while let Some(event) = next(at) {
        let Some(blocker) = blocker(hosts, at, &clocks[event]) else {
            break;
        };
        if seen.contains(&at) {
            let (host, other) = (&hosts[at].name, &hosts[blocker].name);
            let known = clocks[event].iter().find(|(place, _)| *place == blocker);
            let known = known.map_or(0, |(_, count)| *count);
            return Err(Refusal {
                line: raws[event].clock_line,
                reason: format!(
                    "event {} of `{host}` knows event {known} of `{other}`, whose own past leads \
                     back to it; no order of events has such clocks",
                    raws[event].own
                ),
            });
        }
        seen.push(at);
        at = blocker;
    }
    Ok(())
}

/// What is known of the events that are in order; places are those in the log.
struct Order {
    width: usize,
    known: Vec<Vec<u32>>,
    lamport: Vec<u32>,
    edges: Vec<(usize, usize)>,
}

impl Order {
    /// Puts the next event of a host behind everything it knows.
    fn place(&mut self, event: usize, host: usize, clock: &Entries, hosts: &[Host]) {
        let number = hosts[host].done;
        let last = number.checked_sub(1).map(|at| hosts[host].events[at]);
        let mut known = last.map_or_else(|| vec![0; self.width], |at| self.known[at].clone());
        let mut lamport = last.map_or(0, |at| self.lamport[at]);
        // What this host hears of for the first time: (whose, which number, the event itself).
        let news: Vec<(usize, u32, usize)> = clock
            .iter()
            .filter(|(other, count)| *count > known[*other])
            .map(|(other, count)| (*other, *count, hosts[*other].events[*count as usize - 1]))
            .collect();
        for (other, count, from) in &news {
            let told = |by: &usize| by != from && self.known[*by][*other] >= *count;
            if !news.iter().any(|(.., by)| told(by)) {
                self.edges.push((*from, event));
            }
            lamport = lamport.max(self.lamport[*from]);
            for (mine, theirs) in known.iter_mut().zip(&self.known[*from]) {
                *mine = (*mine).max(*theirs);
            }
        }
        known[host] = number as u32 + 1;
        self.known[event] = known;
        self.lamport[event] = lamport + 1;
    }

    fn finish(self, name: String, raws: Vec<Raw>, hosts: &[Host]) -> Execution {
        let mut places = vec![0_u32; raws.len()];
        for (place, host) in hosts.iter().enumerate() {
            for at in &host.events {
                places[*at] = place as u32;
            }
        }
        let mut order: Vec<usize> = (0..raws.len()).collect();
        // Lamport's clock grows along every cause.
        sort_by_key(&mut order, |at| (self.lamport[*at], places[*at]));
        let mut new = vec![0_u32; raws.len()];
        for (to, at) in order.iter().enumerate() {
            new[*at] = to as u32;
        }
        let mut edges: Vec<Edge> = (self.edges.iter())
            .map(|(from, to)| Edge {
                from: new[*from],
                to: new[*to],
            })
            .collect();
        sort_by_key(&mut edges, |edge| (edge.to, edge.from));
        let mut events: Vec<(u32, LogEvent)> = (raws.into_iter())
            .zip(self.known)
            .enumerate()
            .map(|(at, (raw, clock))| {
                let event = LogEvent {
                    host: places[at],
                    own: raw.own,
                    line: raw.line,
                    text: raw.text,
                    fields: raw.fields,
                    clock,
                    lamport: self.lamport[at],
                };
                (new[at], event)
            })
            .collect();
        sort_by_key(&mut events, |(to, _)| *to);
        Execution {
            name,
            hosts: hosts.iter().map(|host| host.name.clone()).collect(),
            events: events.into_iter().map(|(_, event)| event).collect(),
            edges,
            passed_over: Vec::new(),
        }
    }
}
