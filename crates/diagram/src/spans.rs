//! What lasts: nodes that are down, stand still or are not there; networks that are split.

use faultline_sim::network::sides_text;
use faultline_sim::process::NodeId;
use faultline_sim::time::Time;

/// Why a lane is not as usual for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpanKind {
    /// The node is down.
    Down,
    /// The node stands still.
    Paused,
    /// The node left for good.
    Gone,
}

/// A stretch of a lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Whose lane.
    pub node: NodeId,
    /// What is so.
    pub kind: SpanKind,
    /// First record and instant.
    pub from: (u64, Time),
    /// Last record and instant; none while it lasts.
    pub until: Option<(u64, Time)>,
}

/// A partition while it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// Who is together with whom.
    pub sides: Vec<Vec<NodeId>>,
    /// First record and instant.
    pub from: (u64, Time),
    /// Last record and instant; none while it stands.
    pub until: Option<(u64, Time)>,
}

impl Split {
    /// The side that a node is on, if it is on one.
    #[must_use]
    pub fn side_of(&self, node: NodeId) -> Option<usize> {
        self.sides.iter().position(|side| side.contains(&node))
    }

    /// As commands write it.
    #[must_use]
    pub fn text(&self) -> String {
        sides_text(&self.sides)
    }
}

/// Spans and splits as records come and go.
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

    /// The node is as usual again.
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

    /// Forgets what had ended at a record.
    pub fn forget(&mut self, seq: u64) {
        let over = |until: Option<(u64, Time)>| until.is_some_and(|until| until.0 <= seq);
        self.spans.retain(|span| !over(span.until));
        self.spans.shrink_to_fit();
        self.splits.retain(|split| !over(split.until));
        self.splits.shrink_to_fit();
    }

    /// Forgets all after a record.
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

/// Reads the sides of a record: `n1,n2|n3`.
pub(crate) fn read_sides(text: &str) -> Vec<Vec<NodeId>> {
    let sides = text.split('|');
    sides
        .map(|side| {
            let words = side.split(',');
            words.filter_map(|n| NodeId::parse(n).ok()).collect()
        })
        .collect()
}
