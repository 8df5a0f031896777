//! Raft's guarantees (Figure 3) and those for clients (section 8). Each monitor checks only the
//! server that an event touched.

mod clients;

use faultline_sim::sorted::{SortedMap, SortedSet};

use faultline_sim::clone_invariant;
use faultline_sim::event::{Event, Record};
use faultline_sim::invariant::{Expectation, Invariant, InvariantSpec};
use faultline_sim::judge::LINEARIZABLE;
use faultline_sim::process::NodeId;
use faultline_sim::shared::{SharedList, SharedMap};
use faultline_sim::text::counted;
use faultline_sim::world::{WRITE_FIRST, World};

use super::{Entry, Index, Role, Server, Term};

pub(super) const INVARIANTS: &[InvariantSpec] = &[
    InvariantSpec {
        name: "election-safety",
        title: "Election Safety: at most one leader is elected in a term",
        kind: Expectation::Always,
        breaks_under: None,
        make: || Box::new(ElectionSafety::default()),
    },
    InvariantSpec {
        name: "leader-append-only",
        title: "Leader Append-Only: a leader never overwrites or deletes entries of its log",
        kind: Expectation::Always,
        breaks_under: None,
        make: || Box::new(LeaderAppendOnly::default()),
    },
    InvariantSpec {
        name: "log-matching",
        title: "Log Matching: logs that share an entry are identical up to it",
        kind: Expectation::Always,
        breaks_under: None,
        make: || Box::new(LogMatching::default()),
    },
    InvariantSpec {
        name: "leader-completeness",
        title: "Leader Completeness: a committed entry is in the log of every later leader",
        kind: Expectation::Always,
        breaks_under: None,
        make: || Box::new(LeaderCompleteness::default()),
    },
    InvariantSpec {
        name: "state-machine-safety",
        title: "State Machine Safety: no two servers apply different entries at one index",
        kind: Expectation::Always,
        breaks_under: None,
        make: || Box::new(StateMachineSafety::default()),
    },
    LINEARIZABLE,
    InvariantSpec {
        name: "at-most-once",
        title: "No request is executed twice, even if it is retried",
        kind: Expectation::Always,
        breaks_under: None,
        make: || Box::new(clients::AtMostOnce::default()),
    },
];

/// The server that a record is about.
fn touched<'w>(record: &Record, world: &'w World) -> Option<(NodeId, &'w Server)> {
    let id = record.node?;
    Some((id, world.node::<Server>(id)?))
}

/// A server that has restarted without what it had not written. Nobody was told of that: what a server
/// sends waits for its write.
fn restarted<'w>(record: &Record, world: &'w World) -> Option<(NodeId, &'w Server)> {
    let recovered = matches!(record.event, Event::Recovered);
    touched(record, world).filter(|_| recovered && world.settings().switch(&WRITE_FIRST))
}

/// Who became leader of each term.
#[derive(Clone, Default, Hash)]
struct ElectionSafety {
    elected: SortedMap<Term, NodeId>,
}

impl Invariant for ElectionSafety {
    clone_invariant!();
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        let Some((id, server)) = touched(record, world) else {
            return Ok(());
        };
        if server.role != Role::Leader {
            return Ok(());
        }
        let term = server.current_term;
        match *self.elected.entry(term).or_insert(id) {
            first if first != id => Err(format!(
                "{first} and {id} were both elected in term {term}."
            )),
            _ => Ok(()),
        }
    }
}

/// How long each leader's log was when it was seen last in the same term, and its last entry then.
#[derive(Clone, Default, Hash)]
struct LeaderAppendOnly {
    logs: SortedMap<NodeId, (Term, Index, Option<Entry>)>,
}

impl Invariant for LeaderAppendOnly {
    clone_invariant!();
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        let Some((id, server)) = touched(record, world) else {
            return Ok(());
        };
        if server.role != Role::Leader {
            self.logs.remove(&id);
            return Ok(());
        }
        let term = server.current_term;
        let now = (term, server.last_log_index(), server.log.last().cloned());
        let Some((then, length, last)) = self.logs.insert(id, now) else {
            return Ok(());
        };
        // Deleting an entry deletes all after it, so comparing the last one is enough.
        let kept = length <= server.base() || server.entry(length) == last.as_ref();
        if then != term || kept {
            return Ok(());
        }
        Err(format!(
            "{id}, the leader of term {term}, deleted entries of its own log, which had {}.",
            counted(length, "entry", "entries")
        ))
    }
}

/// The logs as they were last, to compare only those that have changed.
#[derive(Clone, Default, Hash)]
struct LogMatching {
    /// Length and last entry. A conflict in the middle of a log also changes its end.
    seen: SortedMap<NodeId, (Index, Option<Entry>)>,
}

impl Invariant for LogMatching {
    clone_invariant!();
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        let Some((id, server)) = touched(record, world) else {
            return Ok(());
        };
        let now = (server.last_log_index(), server.log.last().cloned());
        if self.seen.get(&id) == Some(&now) {
            return Ok(());
        }
        // How far the log is as it was when it was looked at last.
        let old = self.seen.insert(id, now);
        let before = old.map_or(0, |(length, last)| {
            let same = server.entry(length) == last.as_ref();
            if same { length } else { 0 }
        });
        for other in world.ids().filter(|other| *other != id) {
            let Some(theirs) = world.node::<Server>(other) else {
                continue;
            };
            if let Some((shared, at)) = mismatch(server, theirs, before) {
                return Err(format!(
                    "{id} and {other} share the entry of term {} at index {shared}, but differ at \
                     index {at}.",
                    server.term_at(shared).unwrap_or(0),
                ));
            }
        }
        Ok(())
    }
}

/// The last index where two logs have an entry of one term, and the last one up to there where they still differ. What
/// only a snapshot stands for is not compared. The first log was compared before up to `before`, so that an equal
/// entry below that means that everything before it is equal, too.
fn mismatch(own: &Server, theirs: &Server, before: Index) -> Option<(Index, Index)> {
    let base = own.base().max(theirs.base());
    let from = |server: &Server| (base - server.base()) as usize;
    let own = own.log.iter_from(from(own));
    let pairs = own.zip(theirs.log.iter_from(from(theirs)));
    let index = |at: usize| base + 1 + at as Index;
    let mut pairs = pairs.enumerate().rev();
    let (shared, (a, b)) = pairs.find(|(_, (a, b))| a.term == b.term)?;
    let shared = index(shared);
    if a != b {
        return Some((shared, shared));
    }
    for (at, (a, b)) in pairs {
        if a != b {
            return Some((shared, index(at)));
        }
        if index(at) <= before {
            break;
        }
    }
    None
}

/// Entries that leaders have committed, and in which term.
#[derive(Clone, Default, Hash)]
struct LeaderCompleteness {
    /// By index: the entry's term, the term it was committed in first, and by which leader.
    committed: SharedMap<Index, (Term, Term, NodeId)>,
    commit_index: SortedMap<NodeId, Index>,
    leaders: SortedSet<(Term, NodeId)>,
}

impl LeaderCompleteness {
    fn forget_unwritten(&mut self, id: NodeId, server: &Server) {
        let lost = |(index, (term, _, by)): &(&Index, &(Term, Term, NodeId))| {
            *by == id && **index > server.base() && server.term_at(**index) != Some(*term)
        };
        let known = self.committed.iter();
        let lost: Vec<Index> = known.filter(lost).map(|(index, _)| *index).collect();
        for index in lost {
            self.committed.remove(&index);
        }
    }
}

impl Invariant for LeaderCompleteness {
    clone_invariant!();
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        let Some((id, server)) = touched(record, world) else {
            return Ok(());
        };
        if let Some((id, server)) = restarted(record, world) {
            self.forget_unwritten(id, server);
        }
        let before = self
            .commit_index
            .insert(id, server.commit_index)
            .unwrap_or(0);
        if server.role != Role::Leader {
            return Ok(());
        }
        let term = server.current_term;
        for index in before + 1..=server.commit_index {
            if let Some(entry) = server.term_at(index) {
                self.committed.get_or_insert(index, (entry, term, id));
            }
        }
        if !self.leaders.insert((term, id)) {
            return Ok(());
        }
        let earlier = self
            .committed
            .iter()
            .filter(|(_, (_, in_term, _))| *in_term < term);
        for (index, (entry, in_term, _)) in earlier {
            if *index > server.base() && server.term_at(*index) != Some(*entry) {
                return Err(format!(
                    "{id} leads term {term} without the entry of term {entry} at index {index}, \
                     which was committed in term {in_term}."
                ));
            }
        }
        Ok(())
    }
}

/// The entry applied first at each index.
#[derive(Clone, Default, Hash)]
struct StateMachineSafety {
    applied: SharedList<(Entry, NodeId)>,
    last_applied: SortedMap<NodeId, Index>,
}

impl Invariant for StateMachineSafety {
    clone_invariant!();
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        let Some((id, server)) = touched(record, world) else {
            return Ok(());
        };
        if let Some((id, server)) = restarted(record, world) {
            let lost = |(entry, by): &(Entry, NodeId), at: usize| {
                let index = at as Index + 1;
                *by == id && index > server.base() && server.entry(index) != Some(entry)
            };
            while let Some(at) = self.applied.len().checked_sub(1)
                && self
                    .applied
                    .get(at)
                    .is_some_and(|applied| lost(applied, at))
            {
                self.applied.pop();
            }
        }
        let before = self
            .last_applied
            .insert(id, server.last_applied)
            .unwrap_or(0);
        for index in before + 1..=server.last_applied {
            let at = index as usize - 1;
            let Some(entry) = server.entry(index) else {
                continue;
            };
            match self.applied.get(at) {
                None if at == self.applied.len() => self.applied.push((entry.clone(), id)),
                None => {}
                Some((first, _)) if first == entry => {}
                Some((first, by)) => {
                    return Err(format!(
                        "At index {index}, {by} applied {} of term {} and {id} applied {} of term \
                         {}.",
                        first.command, first.term, entry.command, entry.term
                    ));
                }
            }
        }
        Ok(())
    }
}
