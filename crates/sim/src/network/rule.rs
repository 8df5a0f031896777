//! What stands in the way of messages: partitions, cuts and slow links.

use std::fmt;

use crate::process::NodeId;
use crate::time::Duration;

/// What the words for a partition begin with.
pub(crate) const PARTITION: &str = "partition";

/// What a rule says about a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Ask the next rule.
    Pass,
    /// Deliver after the link's latency and this much more.
    Deliver(Duration),
    /// Lose it.
    Drop,
}

/// Something a fault has put in the way.
#[derive(Clone, Debug, PartialEq)]
pub enum Rule {
    /// Nodes on different sides cannot hear each other. Nodes on no side hear everybody.
    Partition(Vec<Vec<NodeId>>),
    /// Nothing gets from the first group to the second.
    OneWay(Vec<NodeId>, Vec<NodeId>),
    /// The link between two nodes is cut, both ways.
    Cut(NodeId, NodeId),
    /// One direction takes longer.
    Slow(NodeId, NodeId, Duration),
}

impl Rule {
    /// Whether the rule is a wall, met in the middle of the link.
    #[must_use]
    pub fn is_wall(&self) -> bool {
        !matches!(self, Rule::Slow(..))
    }

    /// What the rule says about a message on its way.
    #[must_use]
    pub fn verdict(&self, from: NodeId, to: NodeId) -> Verdict {
        let stops = match self {
            Rule::Partition(sides) => {
                let side = |id| sides.iter().position(|side| side.contains(&id));
                matches!((side(from), side(to)), (Some(a), Some(b)) if a != b)
            }
            Rule::OneWay(a, b) => a.contains(&from) && b.contains(&to),
            Rule::Cut(a, b) => (*a, *b) == (from, to) || (*b, *a) == (from, to),
            Rule::Slow(a, b, extra) => {
                if (*a, *b) == (from, to) {
                    return Verdict::Deliver(*extra);
                }
                false
            }
        };
        if stops { Verdict::Drop } else { Verdict::Pass }
    }
}

/// Nodes as people write them in a command: `n1,n2`.
#[must_use]
pub fn list(nodes: &[NodeId]) -> String {
    nodes
        .iter()
        .map(NodeId::to_string)
        .collect::<Vec<_>>()
        .join(",")
}

/// Sides as people write them in a command: `n1,n2|n3`.
#[must_use]
pub fn sides_text(sides: &[Vec<NodeId>]) -> String {
    sides
        .iter()
        .map(|side| list(side))
        .collect::<Vec<_>>()
        .join("|")
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Rule::Partition(sides) => write!(f, "{PARTITION} {}", sides_text(sides)),
            Rule::OneWay(a, b) => write!(f, "oneway {}->{}", list(a), list(b)),
            Rule::Cut(a, b) => write!(f, "cut {a}-{b}"),
            Rule::Slow(a, b, extra) => write!(f, "slow {a}->{b} {extra}"),
        }
    }
}
