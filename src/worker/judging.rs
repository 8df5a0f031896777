//! The promises that a history from a file keeps.

use faultline_sim::judge::{Conflict, Kept, files, ladder};
use serde::{Deserialize, Serialize};

/// A history as its file, and how many steps the search may take.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Judging {
    pub text: String,
    pub steps: u64,
}

/// How a history stands on a promise.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Stand {
    Holds,
    Broken(Wrong),
    Undecided,
    NotJudged,
}

/// What contradicts a promise.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Wrong {
    pub operations: Vec<u32>,
    pub blamed: u32,
    pub reason: String,
}

impl From<Wrong> for Conflict {
    fn from(wrong: Wrong) -> Self {
        Self {
            operations: wrong.operations,
            blamed: wrong.blamed,
            reason: wrong.reason,
        }
    }
}

impl Judging {
    /// Every promise, the strongest first; nothing of a file that cannot be read.
    #[must_use]
    pub fn stands(&self) -> Vec<Stand> {
        let format = files::recognise(&self.text);
        let read = format.and_then(|format| files::read(&self.text, format, None).ok());
        let Some(read) = read else {
            return Vec::new();
        };
        let rungs = ladder(&read.history, &mut self.steps.clone());
        let stand = |(_, kept)| match kept {
            Kept::Holds => Stand::Holds,
            Kept::Broken(conflict) => Stand::Broken(Wrong {
                operations: conflict.operations,
                blamed: conflict.blamed,
                reason: conflict.reason,
            }),
            Kept::Undecided => Stand::Undecided,
            Kept::NotJudged(_) => Stand::NotJudged,
        };
        rungs.into_iter().map(stand).collect()
    }
}
