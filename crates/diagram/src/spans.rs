//! Lasting states: nodes that are down, paused or gone, and partitions.

use faultline_sim::network::sides_text;
use faultline_sim::process::NodeId;
use faultline_sim::time::Time;

/// Why a lane is in an unusual state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpanKind {
    /// The node is down.
    Down,
    /// The node is paused.
    Paused,
    /// The node has left the cluster.
    Gone,
}

/// A stretch of a lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Its lane.
    pub node: NodeId,
    /// Its state.
    pub kind: SpanKind,
    /// The first record and its time.
    pub from: (u64, Time),
    /// The last record and its time; none while it lasts.
    pub until: Option<(u64, Time)>,
}

/// A partition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// The sides.
    pub sides: Vec<Vec<NodeId>>,
    /// The first record and its time.
    pub from: (u64, Time),
    /// The last record and its time; none while it lasts.
    pub until: Option<(u64, Time)>,
}

impl Split {
    /// The side of a node, if it has one.
    #[must_use]
    pub fn side_of(&self, node: NodeId) -> Option<usize> {
        self.sides.iter().position(|side| side.contains(&node))
    }

    /// In the syntax of commands.
    #[must_use]
    pub fn text(&self) -> String {
        sides_text(&self.sides)
    }
}

/// Spans and partitions, updated record by record.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lasting {
    pub spans: Vec<Span>,
    pub splits: Vec<Split>,
}

impl Lasting {
    pub fn begin(&mut self, node: NodeId, kind: SpanKind, at: (u64, Time)) {
        self.end(node, at);
        self.spans.push(Span {
            node,
            kind,
            from: at,
            until: None,
        });
    }

    /// The node is in its usual state again.
    pub fn end(&mut self, node: NodeId, at: (u64, Time)) {
        let open = self.spans.iter_mut().rev();
        let mut open = open.filter(|span| span.node == node && span.until.is_none());
        if let Some(span) = open.next() {
            span.until = Some(at);
        }
    }

    pub fn split(&mut self, sides: Vec<Vec<NodeId>>, at: (u64, Time)) {
        self.heal(at);
        self.splits.push(Split {
            sides,
            from: at,
            until: None,
        });
    }

    pub fn heal(&mut self, at: (u64, Time)) {
        if let Some(split) = self.splits.last_mut() {
            split.until.get_or_insert(at);
        }
    }

    /// Forgets what had ended by a record.
    pub fn forget(&mut self, seq: u64) {
        let over = |until: Option<(u64, Time)>| until.is_some_and(|until| until.0 <= seq);
        self.spans.retain(|span| !over(span.until));
        self.spans.shrink_to_fit();
        self.splits.retain(|split| !over(split.until));
        self.splits.shrink_to_fit();
    }

    /// Forgets everything after a record.
    pub fn truncate(&mut self, len: u64) {
        self.spans.retain(|span| span.from.0 <= len);
        for span in &mut self.spans {
            span.until = span.until.filter(|until| until.0 <= len);
        }
        self.splits.retain(|split| split.from.0 <= len);
        for split in &mut self.splits {
            split.until = split.until.filter(|until| until.0 <= len);
        }
    }
}

/// Parses the sides of a record: `n1,n2|n3`.
pub(crate) fn read_sides(text: &str) -> Vec<Vec<NodeId>> {
    let sides = text.split('|');
    sides
        .map(|side| {
            let words = side.split(',');
            words.filter_map(|n| NodeId::parse(n).ok()).collect()
        })
        .collect()
}
