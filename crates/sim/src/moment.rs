//! Moments: what is worth finding again in a run, to paint, to jump to and to stop at.

use serde::{Deserialize, Serialize};

use crate::command::Command;
use crate::event::{Event, Loss, Record};
use crate::fault::Fault;
use crate::frame::{Kind, Shape};
use crate::process::Belief;

/// What a moment is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Moment {
    /// A node went down or was removed.
    Crash,
    /// A node came back.
    Recover,
    /// A partition, a cut or a one-way wall.
    Partition,
    /// A partition was healed, or a link joined again.
    Heal,
    /// Any other change by hand, parameters and switches included.
    Fault,
    /// Somebody asks to lead.
    Election,
    /// A node believes that it leads.
    Leader,
    /// Something is decided for good: an entry, a transaction.
    Commit,
    /// Something is given up because another has more right: entries of an old leader, a transaction.
    Conflict,
    /// A message was lost by chance or by hand.
    Drop,
    /// A law was broken.
    Violation,
    /// A client operation began.
    Request,
}

impl Moment {
    /// The moment that a record is; none for what happens all the time.
    #[must_use]
    pub fn of(record: &Record, kinds: &[Kind]) -> Option<Self> {
        Some(match &record.event {
            Event::Crashed | Event::Removed => Moment::Crash,
            Event::Recovered => Moment::Recover,
            Event::Violated { .. } => Moment::Violation,
            Event::Invoked { .. } => Moment::Request,
            Event::Lost {
                by: Loss::Chance | Loss::Dropped,
                ..
            } => Moment::Drop,
            Event::Sent { kind, .. } => {
                let asks = |k: &Kind| k.name == *kind && k.shape == Shape::Election;
                kinds.iter().any(asks).then_some(Moment::Election)?
            }
            Event::Believed(Belief::Leader(leader)) => {
                (leader.is_some() && *leader == record.node).then_some(Moment::Leader)?
            }
            Event::Marked(marked) => marked.mark.moment?,
            Event::Faulted { command, .. } => return Self::by_hand(command),
            _ => return None,
        })
    }

    /// The moment of a command; none where what it brings about is a moment of its own.
    fn by_hand(command: &Command) -> Option<Self> {
        Some(match command {
            Command::Fault(Fault::Heal | Fault::Join(..)) => Moment::Heal,
            Command::Fault(Fault::Partition(_) | Fault::Cut(..) | Fault::OneWay(..)) => {
                Moment::Partition
            }
            Command::Fault(Fault::Crash(_) | Fault::Recover(_) | Fault::Drop(_))
            | Command::Request(..)
            | Command::RemoveNode(_) => return None,
            _ => Moment::Fault,
        })
    }
}
