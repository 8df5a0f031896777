//! One event: what happened, what it changed at its node, its cause and its effects.

use faultline_sim::frame::{Figure, Life, NodeFrame};
use faultline_sim::process::Opinion;

use crate::text::records::LogRow;
use crate::text::{self, event as words};

/// The details of an event.
#[derive(Clone, Debug, PartialEq)]
pub struct EventDetail {
    pub row: LogRow,
    /// None if it did not happen at a node.
    pub changes: Option<Vec<Change>>,
    pub cause: Option<LogRow>,
    pub effects: Vec<LogRow>,
}

/// A value that the event changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub name: String,
    pub before: String,
    pub after: String,
}

/// The differences of a node before and after an event.
#[must_use]
pub fn changes(before: Option<&NodeFrame>, after: Option<&NodeFrame>) -> Vec<Change> {
    let (before, after) = (
        before.map(facts).unwrap_or_default(),
        after.map(facts).unwrap_or_default(),
    );
    let value = |facts: &[(String, String)], name: &str| {
        let found = facts.iter().find(|(own, _)| own == name);
        found.map_or_else(|| words::NONE.to_owned(), |(_, value)| value.clone())
    };
    let mut names: Vec<&String> = before.iter().map(|(name, _)| name).collect();
    for (name, _) in &after {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let change = |name: &String| Change {
        name: name.clone(),
        before: value(&before, name),
        after: value(&after, name),
    };
    names
        .into_iter()
        .map(change)
        .filter(|change| change.before != change.after)
        .collect()
}

/// A node as names and values.
fn facts(node: &NodeFrame) -> Vec<(String, String)> {
    let life = match node.life {
        Life::Up => "up",
        Life::Down { .. } => "down",
        Life::Paused { .. } => "paused",
    };
    let leader = node
        .beliefs
        .leader
        .map_or_else(|| words::NOBODY.to_owned(), text::node);
    let mut facts = vec![
        (words::STATUS.to_owned(), life.to_owned()),
        (words::ROLE.to_owned(), node.role.clone()),
        (words::LEADER.to_owned(), leader),
    ];
    if node.inbox > 0 {
        facts.push((words::QUEUE.to_owned(), node.inbox.to_string()));
    }
    for (peer, opinion) in &node.beliefs.peers {
        let word = match opinion {
            Opinion::Alive => "alive",
            Opinion::Suspected => "suspected",
            Opinion::Failed => "failed",
        };
        facts.push((words::of_peer(*peer), word.to_owned()));
    }
    for figure in &node.figures {
        match figure {
            Figure::Fields(rows) => facts.extend(rows.iter().cloned()),
            Figure::Log {
                entries, commit, ..
            } => {
                let latest = entries.last().map(|cell| cell.text.as_str());
                facts.push((words::LOG.to_owned(), words::log(entries.len(), latest)));
                facts.push((words::COMMITTED.to_owned(), commit.to_string()));
            }
            Figure::Gauge {
                name, value, max, ..
            } => facts.push((name.clone(), format!("{value} of {max}"))),
            Figure::Series { name, points, .. } => {
                let last = points.last().map(|(_, y)| *y);
                facts.extend(last.map(|y| (name.clone(), text::series::rounded(y))));
            }
            Figure::Phases { steps, at } => {
                let step = steps.get(*at).cloned().unwrap_or_default();
                facts.push((words::PHASE.to_owned(), step));
            }
            Figure::Text(text) => facts.push((words::STATE.to_owned(), text.clone())),
            other => {
                for row in &other.to_table().rows {
                    if let [name, values @ ..] = &row[..] {
                        facts.push((name.clone(), values.join(", ")));
                    }
                }
            }
        }
    }
    for timer in &node.timers {
        facts.push((words::timer(&timer.text), words::due(timer.due)));
    }
    facts
}
