//! Log replication (5.3) and the commit rule (5.4.2).

use faultline_sim::process::{Context, NodeId};

use super::marks;
use super::{
    CURRENT_TERM, Command, Entry, HEARTBEAT, Index, LINGERS, MOST, Message, PREV_CHECK, RequestId,
    Role, Server, Timer,
};

impl Server {
    /// "Send initial empty AppendEntries RPCs (heartbeat) to each server; repeat during idle
    /// periods". It carries every entry that the follower is not known to have, which repairs losses.
    pub(super) fn heartbeat(&mut self, cx: &mut Context<Self>) {
        self.check_quorum(cx);
        self.compact(cx);
        self.forget_sent();
        self.begin_round(cx);
        self.change_voters(cx);
        self.hand_over(cx);
        if self.role == Role::Leader {
            self.replicate(cx);
            cx.set_timer(Timer::Heartbeat, cx.duration(&HEARTBEAT));
        }
    }

    pub(super) fn replicate(&mut self, cx: &mut Context<Self>) {
        for follower in self.audience(cx) {
            self.append_entries(cx, follower);
        }
    }

    /// "Send AppendEntries RPC with log entries starting at nextIndex."
    pub(super) fn append_entries(&mut self, cx: &mut Context<Self>, follower: NodeId) {
        // A server that has just joined has nothing.
        let next = *self.next_index.entry(follower).or_insert(1);
        let prev_log_index = next - 1;
        if prev_log_index < self.base() {
            return self.send_snapshot(cx, follower);
        }
        let message = Message::AppendEntries {
            term: self.current_term,
            prev_log_index,
            prev_log_term: self.term_at(prev_log_index).unwrap_or(0),
            entries: self
                .log
                .iter_from((prev_log_index - self.base()) as usize)
                .take(cx.count(&MOST) as usize)
                .cloned()
                .collect(),
            leader_commit: self.commit_index,
            round: self.round,
        };
        cx.send(follower, message);
    }

    /// "If command received from client: append entry to local log".
    pub(super) fn append(&mut self, cx: &mut Context<Self>, id: RequestId, command: Command) {
        cx.write();
        self.log
            .push(Entry::new(self.current_term, command, Some(id)));
        if self.gathers(cx) {
            return;
        }
        self.replicate(cx);
        self.advance_commit_index(cx);
    }

    /// "AppendEntries RPC, receiver implementation" 1 to 5, literally: in whatever role.
    pub(super) fn handle_append_entries(
        &mut self,
        cx: &mut Context<Self>,
        leader: NodeId,
        message: Message,
    ) {
        let Message::AppendEntries {
            term,
            prev_log_index,
            prev_log_term,
            entries,
            leader_commit,
            round,
        } = message
        else {
            return;
        };
        if term < self.current_term {
            return self.answer(cx, leader, false, prev_log_index, 0, round);
        }
        self.hear(cx, leader);
        self.compact(cx);
        // What a snapshot stands for is committed, so it is as the leader has it.
        let follows_on =
            self.term_at(prev_log_index) == Some(prev_log_term) || prev_log_index < self.base();
        if !follows_on && cx.switch(&PREV_CHECK) {
            cx.mark(&marks::REFUSES_ENTRIES, (prev_log_term, prev_log_index));
            return self.answer(cx, leader, false, prev_log_index, 0, round);
        }
        self.heard_since_removal = LINGERS.min(self.heard_since_removal + 1);
        let taken = entries.len() as u64;
        let last_new = prev_log_index + taken;
        self.append_or_truncate(cx, leader, prev_log_index, &entries);
        let known = leader_commit.min(last_new);
        self.commit(cx, known);
        self.answer(cx, leader, true, last_new, taken, round);
    }

    /// A leader of this term sends something.
    pub(super) fn hear(&mut self, cx: &mut Context<Self>, leader: NodeId) {
        self.note_leader(cx);
        if self.role != Role::Leader {
            self.become_follower(cx, Some(leader));
            if self.is_voter() {
                Self::reset_election_timer(cx);
            }
        }
    }

    /// "If an existing entry conflicts with a new one, delete the existing entry and all that follow
    /// it. Append any new entries not already in the log."
    fn append_or_truncate(
        &mut self,
        cx: &mut Context<Self>,
        leader: NodeId,
        prev_log_index: Index,
        entries: &[Entry],
    ) {
        for (index, entry) in (prev_log_index + 1..).zip(entries) {
            let Some(at) = index.checked_sub(self.base() + 1) else {
                continue;
            };
            let at = at as usize;
            if self.log.get(at).is_some_and(|own| own.term != entry.term) {
                let deleted = self.last_log_index() - index + 1;
                cx.mark(&marks::DELETES, (deleted, index, leader));
                self.removed = (index, self.log.split_off(at).into());
                self.heard_since_removal = 0;
                self.forget_config(cx, index);
            }
            if at >= self.log.len() {
                cx.write();
                self.log.push(entry.clone());
                if let Command::Config(config) = entry.command.as_ref() {
                    self.use_config(cx, index, config.clone());
                }
            }
        }
    }

    fn answer(
        &self,
        cx: &mut Context<Self>,
        leader: NodeId,
        success: bool,
        index: Index,
        taken: u64,
        round: u64,
    ) {
        let reply = Message::AppendEntriesReply {
            term: self.current_term,
            success,
            index,
            taken,
            round,
        };
        cx.send(leader, reply);
    }

    /// "If successful: update nextIndex and matchIndex; if AppendEntries fails because of log
    /// inconsistency: decrement nextIndex and retry."
    pub(super) fn handle_append_entries_reply(
        &mut self,
        cx: &mut Context<Self>,
        from: NodeId,
        message: &Message,
    ) {
        let Message::AppendEntriesReply {
            term,
            success,
            index,
            taken,
            round,
            ..
        } = *message
        else {
            return;
        };
        if self.role != Role::Leader || term != self.current_term {
            return;
        }
        self.note_active(cx, from);
        let next = self.next_index.entry(from).or_insert(1);
        if success {
            // Answers may come late or twice: the known match never shrinks.
            let matches = self.match_index.entry(from).or_insert(0);
            *matches = index.max(*matches);
            *next = (*matches + 1).max(*next);
            self.advance_commit_index(cx);
            if taken >= u64::from(cx.count(&MOST)) && self.role == Role::Leader {
                self.append_entries(cx, from);
            }
            self.tell_successor(cx);
        } else if index + 1 == *next && *next > 1 {
            *next -= 1;
            self.append_entries(cx, from);
        }
        self.confirm_reads(cx, from, round);
    }

    /// "If there exists an N > commitIndex, a majority of matchIndex[i] >= N, and log[N].term ==
    /// currentTerm: set commitIndex = N" (5.3, 5.4).
    pub(super) fn advance_commit_index(&mut self, cx: &mut Context<Self>) {
        if self.role != Role::Leader {
            return;
        }
        let n = self.reached_by_majority(cx, &self.match_index, Some(self.last_log_index()));
        let own_term = self.term_at(n) == Some(self.current_term);
        if own_term || !cx.switch(&CURRENT_TERM) {
            self.commit(cx, n);
        }
    }

    /// "If commitIndex > lastApplied: increment lastApplied, apply log[lastApplied]."
    fn commit(&mut self, cx: &mut Context<Self>, index: Index) {
        let index = index.min(self.last_log_index());
        if index <= self.commit_index {
            return;
        }
        if self.role == Role::Leader {
            cx.mark(&marks::COMMITS, index);
        }
        self.commit_index = index;
        while self.last_applied < self.commit_index {
            self.last_applied += 1;
            self.apply(cx, self.last_applied);
        }
        self.answer_reads(cx);
    }
}
