//! Log compaction (section 7): a snapshot of the state machine stands for the old entries.

use std::rc::Rc;

use faultline_sim::process::{Context, NodeId};
use faultline_sim::settings::Param;
use faultline_sim::shared::SharedList;
use faultline_sim::sorted::SortedSet;
use serde::{Serialize, Serializer};

use super::super::ledger::Ledger;
use super::super::{Index, Message, Role, Server, StateMachine, Term, home_role, marks};
use super::{Beyond, Config, changes};
use crate::parts::kv::KvMachine;

/// How many applied entries stay in the log when older ones are replaced.
pub const COMPACT: Param = Param::number(
    "compact",
    "Entries that a log keeps behind its snapshot (0 = no snapshots)",
    "entries",
    0.0,
    (0.0, 10_000.0),
);

/// The state machine as it was after an entry: it stands for all entries up to there.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Snapshot {
    /// `lastIncludedIndex`
    pub index: Index,
    /// `lastIncludedTerm`
    pub term: Term,
    #[serde(serialize_with = "in_short")]
    pub machine: StateMachine,
    /// "The latest configuration in the log as of last included index", with its own index.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub config: Option<(Index, Config)>,
}

/// A machine with the number of the answers that it remembers, and not each of them.
#[derive(Serialize)]
struct Short<'a> {
    values: &'a KvMachine,
    #[serde(skip_serializing_if = "is_unused")]
    ledger: &'a Ledger,
    answers: u64,
}

fn is_unused(ledger: &&Ledger) -> bool {
    ledger.is_empty()
}

fn in_short<S: Serializer>(machine: &StateMachine, serializer: S) -> Result<S::Ok, S::Error> {
    let short = Short {
        values: &machine.kv,
        ledger: &machine.ledger,
        answers: machine.executed.len() as u64,
    };
    short.serialize(serializer)
}

/// Bytes that a remembered answer takes on the network: it follows the one before it closely.
const ANSWER: u64 = 4;

impl Message {
    /// What a message carries and its JSON only counts, in bytes.
    pub(in crate::raft) fn unlisted(&self) -> u64 {
        match self {
            Message::InstallSnapshot { snapshot, .. } => {
                ANSWER * snapshot.machine.executed.len() as u64
            }
            _ => 0,
        }
    }
}

impl Server {
    /// "Each server takes snapshots independently, covering just the committed entries in its log." It does so
    /// between two events of a leader, so what is applied in an event is still there at its end.
    pub(in crate::raft) fn compact(&mut self, cx: &mut Context<Self>) {
        let keep = Index::from(cx.count(&COMPACT));
        if keep > 0 && self.last_applied >= self.base() + 2 * keep {
            self.take_snapshot(cx, keep);
        }
    }

    #[inline(never)]
    fn take_snapshot(&mut self, cx: &mut Context<Self>, keep: Index) {
        let index = self.last_applied;
        let Some(term) = self.term_at(index) else {
            return;
        };
        let config = self.config_up_to(index);
        let snapshot = Snapshot {
            index,
            term,
            machine: self.machine.clone(),
            config,
        };
        cx.mark(&marks::TAKES_SNAPSHOT, index);
        cx.write();
        self.discard_to(index - keep);
        self.beyond.snapshot = Some(Rc::new(snapshot));
    }

    /// The log begins after this entry, which it holds.
    fn discard_to(&mut self, index: Index) {
        let Some(term) = self.term_at(index) else {
            return;
        };
        let gone = (index - self.base()) as usize;
        self.log = self.log.iter_from(gone).cloned().collect();
        self.beyond.base = (index, term);
    }

    /// "The leader must occasionally send snapshots to followers that lag behind": their next entry is gone.
    /// Once with each heartbeat is enough.
    #[inline(never)]
    pub(in crate::raft) fn send_snapshot(&mut self, cx: &mut Context<Self>, follower: NodeId) {
        let Some(snapshot) = self.beyond.snapshot.clone() else {
            return;
        };
        if !self.beyond.sent.insert(follower) {
            return;
        }
        cx.mark(&marks::SENDS_SNAPSHOT, (follower, snapshot.index));
        let term = self.current_term;
        cx.send(follower, Message::InstallSnapshot { term, snapshot });
    }

    /// What may be sent again with this heartbeat.
    pub(in crate::raft) fn forget_sent(&mut self) {
        if !self.beyond.sent.is_empty() {
            self.beyond.sent = SortedSet::new();
        }
    }

    /// "InstallSnapshot RPC, receiver implementation" (Figure 13), in one piece.
    pub(in crate::raft) fn handle_install_snapshot(
        &mut self,
        cx: &mut Context<Self>,
        leader: NodeId,
        term: Term,
        snapshot: Rc<Snapshot>,
    ) {
        let mut index = 0;
        if term >= self.current_term {
            self.hear(cx, leader);
            if snapshot.index > self.commit_index {
                self.install(cx, leader, snapshot);
            }
            index = self.commit_index;
        }
        let term = self.current_term;
        cx.send(leader, Message::InstallSnapshotReply { term, index });
    }

    /// "If existing log entry has same index and term as snapshot's last included entry, retain log entries following
    /// it"; else "discard the entire log" and "reset state machine using snapshot contents".
    fn install(&mut self, cx: &mut Context<Self>, leader: NodeId, snapshot: Rc<Snapshot>) {
        let (index, term) = (snapshot.index, snapshot.term);
        if self.term_at(index) == Some(term) {
            self.discard_to(index);
        } else {
            self.log = SharedList::new();
            self.beyond.base = (index, term);
        }
        cx.write();
        let skipped = index - self.last_applied;
        cx.mark(&marks::INSTALLS, (index, leader, skipped));
        self.machine = snapshot.machine.clone();
        (self.commit_index, self.last_applied) = (index, index);
        self.beyond.snapshot = Some(snapshot);
        self.beyond.config = None;
        if changes(cx.settings())
            && let Some((at, config)) = self.config_up_to(self.last_log_index())
        {
            self.use_config(cx, at, config);
            if at <= index {
                self.settle_voters(cx, at);
            }
        }
    }

    pub(in crate::raft) fn handle_install_snapshot_reply(
        &mut self,
        cx: &mut Context<Self>,
        from: NodeId,
        term: Term,
        index: Index,
    ) {
        if self.role != Role::Leader || term != self.current_term {
            return;
        }
        self.note_active(cx, from);
        self.beyond.sent.remove(&from);
        let matches = self.match_index.entry(from).or_insert(0);
        *matches = index.max(*matches);
        let matches = *matches;
        let next = self.next_index.entry(from).or_insert(1);
        *next = (matches + 1).max(*next);
        self.advance_commit_index(cx);
        if self.role == Role::Leader && matches < self.last_log_index() {
            self.append_entries(cx, from);
        }
    }

    /// What is on disk besides term, vote and log, and what follows from it.
    pub(in crate::raft) fn restore(&mut self, cx: &mut Context<Self>, disk: &Beyond) {
        self.beyond.base = disk.base;
        if let Some(snapshot) = &disk.snapshot {
            self.machine = snapshot.machine.clone();
            (self.commit_index, self.last_applied) = (snapshot.index, snapshot.index);
            self.beyond.snapshot = Some(snapshot.clone());
        }
        if !changes(cx.settings()) {
            return;
        }
        self.beyond.config = self.config_up_to(self.last_log_index());
        // Out of the configuration, it may still be needed until that is committed (\[D\] 4.2.2).
        self.role = match home_role(cx.settings(), cx.me()) {
            Role::Learner if self.counts(cx.settings(), cx.me()) => Role::Follower,
            home => home,
        };
    }
}
