//! Log entries, their commands, and the state machine that executes them.

use std::fmt;
use std::rc::Rc;

use faultline_sim::process::NodeId;
use faultline_sim::shared::SharedMap;
use serde::{Serialize, Serializer};

use super::ledger::Ledger;
use super::{Config, Index, Term};
use crate::parts::kv::{KvAnswer, KvMachine, Op};
use crate::parts::request::RequestId;

/// What an entry does.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Command {
    /// Nothing: a leader's first entry (section 8).
    NoOp,
    /// What a client asked for. A read is never in a log: it is answered without an entry.
    Client(Op),
    /// Who votes from here on (section 6).
    Config(Config),
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Command::NoOp => f.write_str("no-op"),
            Command::Client(op) => op.fmt(f),
            Command::Config(config) => write!(f, "voters {config}"),
        }
    }
}

impl Serialize for Command {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// One entry of a log. Entries never change, so logs and messages share them.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Entry {
    /// The leader's term when it received the command.
    pub term: Term,
    pub command: Rc<Command>,
    /// The client's request; none for a leader's own entry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<RequestId>,
}

impl Entry {
    pub fn new(term: Term, command: Command, id: Option<RequestId>) -> Self {
        let command = Rc::new(command);
        Self { term, command, id }
    }
}

/// A server's answer to a client.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// The write is committed and applied; the entry's index.
    Written { index: Index },
    /// The value read, and up to which entry it is true.
    Value { value: Option<String>, index: Index },
    /// The value was not what a compare-and-set expected.
    Differs { value: Option<String>, index: Index },
    /// Ask this server instead, if one is known. It answers exactly one attempt of the client.
    NotLeader {
        leader: Option<NodeId>,
        attempt: u32,
    },
}

impl Answer {
    /// What came of an operation by the entry at `index`.
    pub fn of(answer: KvAnswer, index: Index) -> Self {
        match answer {
            KvAnswer::Value(value) => Answer::Value { value, index },
            KvAnswer::Done => Answer::Written { index },
            KvAnswer::Differs(value) => Answer::Differs { value, index },
        }
    }
}

/// Keys and values, and the requests that have been executed.
#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct StateMachine {
    #[serde(rename = "values")]
    pub kv: KvMachine,
    /// Switch `ledger`: another machine, fed by the same entries.
    #[serde(skip_serializing_if = "Ledger::is_empty")]
    pub ledger: Ledger,
    /// The answer given to each request, for its retries (section 8).
    pub executed: SharedMap<RequestId, Answer>,
}

impl StateMachine {
    /// Executes one committed entry. With `once`, a request that has been executed keeps its answer
    /// and changes nothing.
    pub fn execute(
        &mut self,
        index: Index,
        entry: &Entry,
        (once, ledger): (bool, bool),
    ) -> Option<Answer> {
        let done = entry.id.and_then(|id| self.executed.get(&id));
        if let Some(answer) = done.filter(|_| once) {
            return Some(answer.clone());
        }
        if ledger {
            self.ledger.apply(index, &entry.command);
        }
        let Command::Client(op) = entry.command.as_ref() else {
            return None;
        };
        let answer = Answer::of(self.kv.apply(op), index);
        self.executed.insert(entry.id?, answer.clone());
        Some(answer)
    }
}

/// The logs of Figure 7, top to bottom, as terms: the leader, then (a) to (f). Any further server
/// starts with an empty log.
const FIGURE_7: [&[Term]; 7] = [
    &[1, 1, 1, 4, 4, 5, 5, 6, 6, 6],
    &[1, 1, 1, 4, 4, 5, 5, 6, 6],
    &[1, 1, 1, 4],
    &[1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6],
    &[1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7],
    &[1, 1, 1, 4, 4, 4, 4],
    &[1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3],
];

/// A server of Figure 7 at the end of term 7: its term and its log.
pub(super) fn figure_7(id: NodeId) -> (Term, Vec<Entry>) {
    let Some(terms) = FIGURE_7.get(id.index()) else {
        return (7, Vec::new());
    };
    let entry = |(at, term): (usize, &Term)| {
        let write = Op::Write {
            key: "x".into(),
            value: format!("{term}.{}", at + 1),
        };
        Entry::new(*term, Command::Client(write), None)
    };
    (7, terms.iter().enumerate().map(entry).collect())
}
