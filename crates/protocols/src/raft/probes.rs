//! Probes.

use faultline_sim::sorted::SortedMap;

use faultline_sim::clone_probe;
use faultline_sim::event::{Event, Record};
use faultline_sim::history::History;
use faultline_sim::judge::{STALE, VIOLATIONS};
use faultline_sim::probe::{
    BROKEN, Count, DROPPED, EACH, GAP, LEADERS, LIVE, Look, MEAN, MESSAGES, OK, P95, Probe,
    ProbeSpec, UNANSWERED,
};
use faultline_sim::process::{NodeId, Shared};
use faultline_sim::quorum::majority;
use faultline_sim::shared::SharedMap;
use faultline_sim::time::{Duration, Time};
use faultline_sim::world::World;

use super::{Command, Index, Message, NODES, Reply, Role, Server};
use super::{absence, ledger, marks};
use crate::parts::kv::Op;

pub(super) const PROBES: &[ProbeSpec] = &[
    MESSAGES,
    DROPPED,
    LIVE,
    LEADERS,
    GAP,
    ProbeSpec {
        name: "commit",
        title: "Time from append to commit (mean)",
        unit: "ms",
        make: || Box::new(CommitLatency::default()),
    },
    OK,
    P95,
    MEAN,
    UNANSWERED,
    EACH,
    BROKEN,
    VIOLATIONS,
    STALE,
    ProbeSpec {
        name: "spare",
        title: "Servers that can still fail before commits stop",
        unit: "servers",
        make: || Box::new(Look(spare)),
    },
    ProbeSpec {
        name: "elections",
        title: "Elections started",
        unit: "elections",
        make: || Count::marks(&marks::ASKS_VOTES),
    },
    ProbeSpec {
        name: "term",
        title: "Highest term",
        unit: "terms",
        make: || {
            Box::new(Look(|world| {
                Some(servers(world).map(|s| s.current_term).max()? as f64)
            }))
        },
    },
    ProbeSpec {
        name: "committed",
        title: "Entries committed",
        unit: "entries",
        make: || {
            Box::new(Look(|world| {
                Some(servers(world).map(|s| s.commit_index).max()? as f64)
            }))
        },
    },
    ProbeSpec {
        name: "states",
        title: "Different states of servers that have applied the same entries",
        unit: "states",
        make: || Box::new(Look(ledger::states)),
    },
    ProbeSpec {
        name: "truncated",
        title: "Entries deleted because they conflict with the leader's log",
        unit: "entries",
        make: || Count::sum(&marks::DELETES, 0),
    },
    ProbeSpec {
        name: "lost",
        title: "Confirmed writes missing from the leader's log",
        unit: "writes",
        make: || Box::new(Lost::default()),
    },
    ProbeSpec {
        name: "changes",
        title: "Entries that change the voters",
        unit: "entries",
        make: || Count::marks(&marks::CHANGES_VOTERS),
    },
    ProbeSpec {
        name: "behind",
        title: "Entries that the slowest live server is behind",
        unit: "entries",
        make: || Box::new(Look(behind)),
    },
    ProbeSpec {
        name: "log",
        title: "Entries in the longest log",
        unit: "entries",
        make: || {
            Box::new(Look(|world| {
                Some(servers(world).map(|s| s.log.len()).max()? as f64)
            }))
        },
    },
    ProbeSpec {
        name: "per-entry",
        title: "Messages with entries, and their answers, for each committed entry",
        unit: "messages",
        make: || Box::new(PerEntry::default()),
    },
    absence::TOOK,
    absence::BYTES,
];

fn behind(world: &World) -> Option<f64> {
    let live = || world.live().filter_map(|id| world.node::<Server>(id));
    let known = || {
        live()
            .filter(|s| s.role != Role::Client)
            .map(|s| s.commit_index)
    };
    Some((known().max()? - known().min()?) as f64)
}

/// Counts what carries entries and what answers that.
#[derive(Clone, Default)]
struct PerEntry {
    messages: u64,
}

impl Probe for PerEntry {
    clone_probe!();
    fn on_record(&mut self, record: &Record, _world: &World) {
        let Event::Sent { message, .. } = &record.event else {
            return;
        };
        self.messages += match message.get::<Message>() {
            Some(Message::AppendEntries { entries, .. }) => u64::from(!entries.is_empty()),
            Some(Message::AppendEntriesReply { taken, .. }) => u64::from(*taken > 0),
            _ => 0,
        };
    }
    fn value(&self, world: &World) -> Option<f64> {
        let committed = servers(world).map(|s| s.commit_index).max()?;
        (committed > 0).then(|| self.messages as f64 / committed as f64)
    }
}

fn servers(world: &World) -> impl Iterator<Item = &Server> {
    world
        .ids()
        .filter_map(|id| world.node::<Server>(id))
        .filter(|server| server.role != Role::Client)
}

fn spare(world: &World) -> Option<f64> {
    let all = world.settings().count(&NODES);
    let up = (1..=all).filter(|id| world.is_live(NodeId(*id))).count() as f64;
    Some((up - f64::from(majority(all))).max(0.0))
}

/// When each leader appended what it has not committed yet.
#[derive(Clone, Default)]
struct CommitLatency {
    leaders: SortedMap<NodeId, Leading>,
    total: Duration,
    entries: u64,
}

#[derive(Clone, Default)]
struct Leading {
    term: u64,
    /// Entries up to here have been looked at.
    length: Index,
    open: SortedMap<Index, Time>,
}

impl Probe for CommitLatency {
    clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        let Some(id) = record.node else { return };
        let Some(server) = world.node::<Server>(id) else {
            return;
        };
        if server.role != Role::Leader {
            self.leaders.remove(&id);
            return;
        }
        let leading = self.leaders.entry(id).or_default();
        if leading.term != server.current_term {
            // What an earlier leader appended is not this one's work.
            let own = server.log.iter().rev();
            let own = own
                .take_while(|entry| entry.term == server.current_term)
                .count();
            *leading = Leading {
                term: server.current_term,
                length: server.last_log_index() - own as Index,
                open: SortedMap::new(),
            };
        }
        for index in leading.length + 1..=server.last_log_index() {
            leading.open.insert(index, record.time);
        }
        leading.length = server.last_log_index();
        let open = leading.open.split_off(&(server.commit_index + 1));
        for appended in std::mem::replace(&mut leading.open, open).into_values() {
            self.total = self.total + record.time.since(appended);
            self.entries += 1;
        }
    }
    fn value(&self, _world: &World) -> Option<f64> {
        (self.entries > 0).then(|| self.total.0 as f64 / 1e3 / self.entries as f64)
    }
}

/// Writes that clients were told are done.
#[derive(Clone, Default)]
struct Lost {
    history: History<Option<Op>>,
    confirmed: SharedMap<Index, Option<Op>>,
}

impl Probe for Lost {
    clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        let op = |request: &Shared| request.get::<Op>().cloned();
        let ended = self.history.read(record, world, op);
        let reply = ended.as_ref().and_then(|ended| ended.reply?.get::<Reply>());
        if let (Some(Reply::Written { index }), Some(ended)) = (reply, ended) {
            self.confirmed.insert(*index, ended.begun.note);
        }
    }
    /// Judged by the leader of the highest term; without a leader, nothing is known.
    fn value(&self, world: &World) -> Option<f64> {
        let leader = world
            .live()
            .filter_map(|id| world.node::<Server>(id))
            .filter(|server| server.role == Role::Leader)
            .max_by_key(|server| server.current_term)?;
        let missing = self.confirmed.iter().filter(|(index, command)| {
            if **index <= leader.base() {
                return false;
            }
            let entry = leader.entry(**index);
            entry.is_none_or(|entry| !matches!(&*entry.command, Command::Client(op) if Some(op) == command.as_ref()))
        });
        Some(missing.count() as f64)
    }
}
