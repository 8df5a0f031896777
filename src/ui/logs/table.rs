//! The content of the cells of the log table.

use faultline_sim::frame::{EntryState, Figure, Frame, Life, LogCell, NodeFrame, Tone, log_rows};
use faultline_sim::process::NodeId;

/// One cell of the table.
#[derive(Clone, Debug, PartialEq)]
pub enum Slot {
    /// Some log is longer than this one.
    Missing,
    /// An entry too old to have a cell.
    Earlier,
    /// Only deleted entries.
    Gone(LogCell),
    /// An entry, its state, and the entries that were deleted here before.
    Entry(LogCell, EntryState, Option<LogCell>),
}

/// The visible part of one node's log.
#[derive(Clone, Debug, PartialEq)]
pub struct LogLine {
    pub id: NodeId,
    pub leads: bool,
    pub down: bool,
    pub slots: Vec<Slot>,
    /// The column of the last committed entry, at a leader.
    pub caret: Option<usize>,
}

/// The visible part of all logs: the latest entries.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LogTable {
    /// The first index shown.
    pub first: u64,
    /// The highest index of any log, deleted entries included.
    pub longest: u64,
    pub lines: Vec<LogLine>,
}

impl LogTable {
    #[must_use]
    pub fn of(frame: &Frame, columns: usize) -> Self {
        if columns == 0 {
            return Self::default();
        }
        let logs: Vec<(&NodeFrame, &Figure)> = frame
            .nodes
            .iter()
            .filter_map(|node| Some((&**node, log_of(node)?)))
            .collect();
        let longest = logs.iter().map(|(_, log)| end(log)).max().unwrap_or(0);
        if longest == 0 {
            return Self::default();
        }
        let first = longest.saturating_sub(columns as u64) + 1;
        let conflicts = frame.log_conflicts();
        let line = |(node, log): &(&NodeFrame, &Figure)| {
            let own = conflicts.iter().find(|(id, _)| *id == node.id);
            line(node, log, own.map_or(&[], |(_, own)| own), first..=longest)
        };
        Self {
            first,
            longest,
            lines: logs.iter().map(line).collect(),
        }
    }

    /// How many columns hold anything.
    #[must_use]
    pub fn columns(&self, most: usize) -> usize {
        most.min((self.longest + 1 - self.first) as usize)
    }
}

/// The log that a node draws, if it draws one.
#[must_use]
pub fn log_of(node: &NodeFrame) -> Option<&Figure> {
    let mut figures = node.figures.iter();
    figures.find(|figure| matches!(figure, Figure::Log { .. } | Figure::Slots { .. }))
}

/// The highest index with anything to show.
fn end(log: &Figure) -> u64 {
    match log {
        Figure::Log {
            first,
            entries,
            removed,
            ..
        } => {
            let removed = removed.iter().map(|(index, _)| *index).max();
            (first - 1 + entries.len() as u64).max(removed.unwrap_or(0))
        }
        Figure::Slots { cells, .. } => cells.last().map_or(0, |(slot, ..)| *slot),
        _ => 0,
    }
}

fn line(
    node: &NodeFrame,
    log: &Figure,
    conflicts: &[u64],
    shown: std::ops::RangeInclusive<u64>,
) -> LogLine {
    let rows = log_rows(log, conflicts);
    let (earliest, commit) = match log {
        Figure::Log { first, commit, .. } => (*first, *commit),
        Figure::Slots { executed, .. } => (1, *executed),
        _ => (1, 0),
    };
    let slot = |index: u64| {
        let mut here = rows.iter().filter(|(at, ..)| *at == index);
        let (mut kept, mut gone) = (None, None);
        for (_, cell, state) in &mut here {
            match state {
                EntryState::Truncated => gone = Some((*cell).clone()),
                state => kept = Some(((*cell).clone(), *state)),
            }
        }
        match (kept, gone) {
            (Some((cell, state)), gone) => Slot::Entry(cell, state, gone),
            (None, Some(gone)) => Slot::Gone(gone),
            (None, None) if index < earliest => Slot::Earlier,
            (None, None) => Slot::Missing,
        }
    };
    let down = matches!(node.life, Life::Down { .. });
    let leads = node.tone == Tone::Leader && !down;
    LogLine {
        id: node.id,
        leads,
        down,
        caret: (leads && shown.contains(&commit)).then(|| (commit - shown.start()) as usize),
        slots: shown.map(slot).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::rc::Rc;

    fn cells(terms: &[u64]) -> Vec<LogCell> {
        let cell = |term: &u64| LogCell {
            term: *term,
            text: format!("x={term}"),
        };
        terms.iter().map(cell).collect()
    }

    fn node(
        id: u32,
        tone: Tone,
        terms: &[u64],
        commit: u64,
        removed: &[(u64, u64)],
    ) -> Rc<NodeFrame> {
        let gone = |(index, term): &(u64, u64)| (*index, cells(&[*term]).remove(0));
        let mut node = crate::synthetic::node(id);
        node.tone = tone;
        node.figures.push(Figure::Log {
            first: 1,
            entries: cells(terms),
            commit,
            applied: commit.saturating_sub(1),
            removed: removed.iter().map(gone).collect(),
        });
        Rc::new(node)
    }

    fn table(nodes: Vec<Rc<NodeFrame>>, columns: usize) -> LogTable {
        let mut frame = crate::synthetic::frame();
        frame.nodes = nodes;
        LogTable::of(&frame, columns)
    }

    #[test]
    fn each_state_is_told_apart() {
        let leader = node(1, Tone::Leader, &[1, 1, 2], 2, &[]);
        let behind = node(2, Tone::Calm, &[1, 1, 1], 1, &[(3, 3), (4, 1)]);
        let table = table(vec![leader, behind], 8);
        assert_eq!((table.first, table.longest), (1, 4));
        let state = |row: usize, column: usize| match &table.lines[row].slots[column] {
            Slot::Entry(_, state, gone) => (state.word(), gone.is_some()),
            Slot::Gone(_) => ("gone", true),
            Slot::Missing | Slot::Earlier => ("missing", false),
        };
        assert_eq!(state(0, 0), ("applied", false));
        assert_eq!(state(0, 1), ("committed", false));
        assert_eq!(state(0, 2), ("uncommitted", false));
        assert_eq!(state(0, 3), ("missing", false));
        assert_eq!(state(1, 2), ("conflicting", true));
        assert_eq!(state(1, 3), ("gone", true));
        assert_eq!(table.lines[0].caret, Some(1));
        assert_eq!(table.lines[1].caret, None, "only a leader's");
    }

    #[test]
    fn of_a_long_log_the_latest_entries_are_shown() {
        let table = table(vec![node(1, Tone::Leader, &[1; 20], 12, &[])], 8);
        assert_eq!((table.first, table.longest), (13, 20));
        assert_eq!(table.lines[0].slots.len(), 8);
        assert_eq!(table.lines[0].caret, None, "it lies before them");
    }

    #[test]
    fn empty_logs_have_no_table() {
        assert_eq!(table(vec![node(1, Tone::Calm, &[], 0, &[])], 8).longest, 0);
    }
}
