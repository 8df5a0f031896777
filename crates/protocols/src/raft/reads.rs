//! Reads through the leader without an entry in the log (section 8; \[D\] 6.4).

use faultline_sim::process::{Context, NodeId};
use serde::Serialize;

use super::{Answer, CONFIRM_READS, Index, Role, Server};
use crate::parts::request::RequestId;

/// A read that waits at the leader.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Read {
    pub id: RequestId,
    pub key: String,
    /// The commit index when the read arrived: the answer must reflect at least this.
    pub read_index: Index,
    /// The round of heartbeats started for it. A majority that answers it still follows this leader.
    pub round: u64,
    pub confirmed: bool,
}

impl Server {
    /// A leader asks a majority whether it still leads, then answers.
    pub(super) fn read(&mut self, cx: &mut Context<Self>, id: RequestId, key: String) {
        if !cx.switch(&CONFIRM_READS) || self.reads_by_lease(cx) {
            let answer = self.look_up(&key);
            return self.reply_to(cx, id, answer);
        }
        self.round += 1;
        self.reads.push(Read {
            id,
            key,
            read_index: self.commit_index,
            round: self.round,
            confirmed: false,
        });
        self.replicate(cx);
        self.confirm_reads(cx, cx.me(), self.round);
    }

    /// `from` has answered a message of this round as a follower of this term, or refused its log,
    /// which says as much.
    pub(super) fn confirm_reads(&mut self, cx: &mut Context<Self>, from: NodeId, round: u64) {
        let latest = self.heard_in.entry(from).or_insert(0);
        *latest = round.max(*latest);
        if self.reads.iter().all(|read| read.confirmed) {
            return;
        }
        let confirmed = self.reached_by_majority(cx, &self.heard_in, None);
        for read in &mut self.reads {
            read.confirmed |= read.round <= confirmed;
        }
        self.answer_reads(cx);
    }

    /// Answers the confirmed reads once an entry of this term is committed: before that, a new leader
    /// does not know the commit index.
    pub(super) fn answer_reads(&mut self, cx: &mut Context<Self>) {
        let knows = self.term_at(self.commit_index) == Some(self.current_term);
        if self.role != Role::Leader || !knows {
            return;
        }
        let applied = self.last_applied;
        let ready = |read: &Read| read.confirmed && read.read_index <= applied;
        let (ready, wait) = std::mem::take(&mut self.reads).into_iter().partition(ready);
        self.reads = wait;
        let ready: Vec<Read> = ready;
        for read in ready {
            let answer = self.look_up(&read.key);
            self.reply_to(cx, read.id, answer);
        }
    }

    fn look_up(&self, key: &str) -> Answer {
        Answer::Value {
            value: self.machine.kv.values.get(key).cloned(),
            index: self.last_applied,
        }
    }
}
