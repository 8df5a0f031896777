//! Replicated logs as they are drawn: the state of each entry, and where logs contradict each other.

use serde::Serialize;

use super::{Figure, Frame, Life, NodeFrame, Tone};
use crate::process::NodeId;

/// One entry of a log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LogCell {
    /// The term, view or ballot it was written in.
    pub term: u64,
    /// The entry as short text.
    pub text: String,
}

/// How one entry of a log stands. Each has a look and a word of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryState {
    /// Committed, and its effect is in the state machine.
    Applied,
    /// Known to be on a majority for good.
    Committed,
    /// In the log, may still be lost.
    Uncommitted,
    /// Another entry stands at this index where it is committed, or in the only leader's log.
    Conflicting,
    /// Deleted, because it conflicted with a leader's.
    Truncated,
}

impl EntryState {
    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            EntryState::Applied => "applied",
            EntryState::Committed => "committed",
            EntryState::Uncommitted => "uncommitted",
            EntryState::Conflicting => "conflicting",
            EntryState::Truncated => "truncated",
        }
    }

    /// The same of a slot that is decided for itself.
    #[must_use]
    pub const fn slot_word(self) -> &'static str {
        match self {
            EntryState::Applied => "executed",
            EntryState::Committed => "chosen",
            _ => "accepted",
        }
    }
}

/// A log as it is drawn: index, entry and state; first the log by index, then what was deleted from
/// it. `conflicts` are indexes found by [`Frame::log_conflicts`]. Empty for any other figure.
#[must_use]
pub fn log_rows<'f>(figure: &'f Figure, conflicts: &[u64]) -> Vec<(u64, &'f LogCell, EntryState)> {
    let (first, entries, commit, applied, removed) = match figure {
        Figure::Log {
            first,
            entries,
            commit,
            applied,
            removed,
        } => (first, entries, commit, applied, removed),
        Figure::Slots { cells, .. } => {
            let cells = cells.iter().map(|(i, cell, state)| (*i, cell, *state));
            return cells.collect();
        }
        _ => return Vec::new(),
    };
    let state = |index: u64| {
        if conflicts.contains(&index) {
            EntryState::Conflicting
        } else if index <= *applied {
            EntryState::Applied
        } else if index <= *commit {
            EntryState::Committed
        } else {
            EntryState::Uncommitted
        }
    };
    let kept = (*first..).zip(entries).map(|(i, cell)| (i, cell, state(i)));
    let gone = removed
        .iter()
        .map(|(i, cell)| (*i, cell, EntryState::Truncated));
    kept.chain(gone).collect()
}

/// One node's log, as far as others are compared with it.
struct Terms<'f> {
    node: &'f NodeFrame,
    /// Index of the first term in `terms`.
    first: u64,
    terms: Vec<u64>,
    commit: u64,
}

impl<'f> Terms<'f> {
    fn of(node: &'f NodeFrame) -> Option<Self> {
        node.figures.iter().find_map(|figure| match figure {
            Figure::Log {
                first,
                entries,
                commit,
                ..
            } => Some(Self {
                node,
                first: *first,
                terms: entries.iter().map(|cell| cell.term).collect(),
                commit: *commit,
            }),
            _ => None,
        })
    }

    fn leads(&self) -> bool {
        self.node.tone == Tone::Leader && !matches!(self.node.life, Life::Down { .. })
    }

    /// Whether another entry than this one stands here at its index.
    fn contradicts(&self, index: u64, term: u64) -> bool {
        let at = index.checked_sub(self.first);
        at.and_then(|at| self.terms.get(at as usize))
            .is_some_and(|own| *own != term)
    }
}

impl Frame {
    /// For each node with a log, the indexes of entries that differ from the entry committed there
    /// at another node, or else from the one in the only leader's log.
    #[must_use]
    pub fn log_conflicts(&self) -> Vec<(NodeId, Vec<u64>)> {
        let logs: Vec<Terms> = self.nodes.iter().filter_map(|n| Terms::of(n)).collect();
        let mut leaders = logs.iter().filter(|log| log.leads());
        let leader = leaders.next().filter(|_| leaders.next().is_none());
        let conflicts = |own: &Terms, index: u64, term: u64| {
            let mut committed = logs
                .iter()
                .filter(|log| log.node.id != own.node.id && log.commit >= index)
                .peekable();
            if committed.peek().is_some() {
                committed.any(|log| log.contradicts(index, term))
            } else {
                leader.is_some_and(|log| log.contradicts(index, term))
            }
        };
        let all = |own: &Terms| {
            let places = (own.first..).zip(&own.terms);
            let wrong = places.filter(|(index, term)| conflicts(own, *index, **term));
            (own.node.id, wrong.map(|(index, _)| index).collect())
        };
        logs.iter().map(all).collect()
    }
}
