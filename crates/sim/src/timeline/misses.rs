//! Commands of the person that were applied and found nothing to act on.

use crate::command::{Command, Timed};
use crate::event::{Event, Record};
use crate::time::Time;

/// A command that found nothing to act on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Miss {
    /// When.
    pub at: Time,
    /// The command in words.
    pub command: String,
    /// Why it found nothing.
    pub why: String,
}

/// Looks for misses among the records of a run. A scenario's own script may miss: it is written for
/// other settings, too.
pub struct Misses {
    /// The person's commands.
    own: Vec<Command>,
    found: Vec<Miss>,
}

impl Misses {
    /// Looks for these commands of the person.
    #[must_use]
    pub fn new(commands: &[Timed]) -> Self {
        let own = commands.iter().map(|timed| timed.command.clone());
        Self {
            own: own.collect(),
            found: Vec::new(),
        }
    }

    /// Looks at the next records.
    pub fn look(&mut self, records: &[Record]) {
        if self.own.is_empty() {
            return;
        }
        for record in records {
            if let Event::Faulted {
                command,
                missed: Some(why),
            } = &record.event
                && self.own.contains(&**command)
            {
                self.found.push(Miss {
                    at: record.time,
                    command: command.to_string(),
                    why: why.clone(),
                });
            }
        }
    }

    /// What was found so far, in order.
    #[must_use]
    pub fn found(&self) -> &[Miss] {
        &self.found
    }
}
