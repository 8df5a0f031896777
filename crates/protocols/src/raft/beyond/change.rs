//! Changes of who votes, as entries of the log: one server at a time (\[D\] 4.1 to 4.2), or any number through a
//! joint configuration (section 6).

use faultline_sim::process::{Context, NodeId};
use faultline_sim::settings::{Guard, Param, Settings, Switch};
use faultline_sim::sorted::sort_by_key;

use super::super::{Command, Entry, Index, Role, Server, Timer, home_role, marks};
use super::Config;

/// How voters change. Fixed: the first servers vote for ever.
pub const MEMBERSHIP: Param = Param::choice(
    "membership",
    "Voters change (fixed: never; single: one at a time; joint: any number)",
    &["fixed", "single", "joint"],
)
.at_start();

/// What an operator wants. Each leader works towards it.
pub const VOTERS: Param = Param {
    at_start: false,
    ..Param::nodes(
        "voters",
        "Servers that should vote, where voters change (none named: all)",
        "",
    )
};

/// The rule that was missing in the first description of changes by one server: a leader that has committed nothing
/// may not know the latest configuration (Ongaro on raft-dev, 2015).
pub const CHANGE_AFTER_COMMIT: Switch = Switch::on(
    "change-after-commit",
    "A leader changes the voters only after it has committed an entry of its own term",
)
.guards(&Guard::of("state-machine-safety").in_scenario("two-changes"));

/// Whether voters can change.
pub(in crate::raft) fn changes(settings: &Settings) -> bool {
    settings.choice(&MEMBERSHIP) != "fixed"
}

impl Server {
    /// Who should vote, as far as they are there.
    pub(super) fn wanted(cx: &Context<Self>) -> Vec<NodeId> {
        let asked = cx.settings().nodes(&VOTERS);
        let is_server = |id: NodeId| home_role(cx.settings(), id) != Role::Client;
        let is = |id: &NodeId| is_server(*id) && (asked.is_empty() || asked.contains(id));
        let mut ids: Vec<NodeId> = cx.peers().chain([cx.me()]).filter(is).collect();
        sort_by_key(&mut ids, |id| *id);
        ids
    }

    /// With each heartbeat, a leader compares who votes with who should. It begins one change at a time.
    pub(in crate::raft) fn change_voters(&mut self, cx: &mut Context<Self>) {
        if self.role != Role::Leader || !changes(cx.settings()) {
            return;
        }
        let (index, config) = match &self.beyond.config {
            None => (0, Config::first(cx.settings())),
            Some((index, config)) => (*index, config.clone()),
        };
        if index > self.commit_index {
            return;
        }
        if config.is_joint() {
            // "Once C-old,new has been committed, ... it is now safe for the leader to create a log entry describing
            // C-new" (section 6).
            return self.append_config(cx, Config::of(config.voters));
        }
        let knows = self.term_at(self.commit_index) == Some(self.current_term);
        if !knows && cx.switch(&CHANGE_AFTER_COMMIT) {
            return;
        }
        if let Some(next) = self.next_config(cx, &config.voters) {
            self.append_config(cx, next);
        }
    }

    /// The next step from these voters to those who should vote. A server that has not caught up would only slow
    /// majorities down (\[D\] 4.2.1), so it waits.
    fn next_config(&self, cx: &Context<Self>, voters: &[NodeId]) -> Option<Config> {
        let wanted = Self::wanted(cx);
        if wanted.is_empty() || wanted == voters {
            return None;
        }
        let matches = |id: NodeId| self.match_index.get(&id).copied().unwrap_or(0);
        let caught_up = |id: NodeId| id == cx.me() || matches(id) >= self.commit_index;
        let new = wanted.iter().copied().filter(|id| !voters.contains(id));
        let new: Vec<NodeId> = new.collect();
        if cx.settings().choice(&MEMBERSHIP) == "joint" {
            let ready = new.iter().all(|id| caught_up(*id));
            let old = voters.to_vec();
            return ready.then_some(Config {
                voters: wanted,
                old,
            });
        }
        let mut next = voters.to_vec();
        if !new.is_empty() {
            next.push(new.into_iter().find(|id| caught_up(*id))?);
            sort_by_key(&mut next, |id| *id);
            return Some(Config::of(next));
        }
        // A leader that has to go leaves last.
        let mut leave = next.iter().copied().filter(|id| !wanted.contains(id));
        let other = leave.clone().find(|id| *id != cx.me());
        let leaver = other.or_else(|| leave.next())?;
        next.retain(|id| *id != leaver);
        Some(Config::of(next))
    }

    fn append_config(&mut self, cx: &mut Context<Self>, config: Config) {
        let entry = Command::Config(config.clone());
        cx.write();
        self.log.push(Entry::new(self.current_term, entry, None));
        cx.mark(
            &marks::CHANGES_VOTERS,
            (self.last_log_index(), config.to_string()),
        );
        self.use_config(cx, self.last_log_index(), config);
        self.advance_commit_index(cx);
    }

    /// "A server always uses the latest configuration in its log, regardless of whether the entry is committed"
    /// (section 6).
    pub(in crate::raft) fn use_config(
        &mut self,
        cx: &mut Context<Self>,
        index: Index,
        config: Config,
    ) {
        let votes = config.contains(cx.me());
        self.beyond.config = Some((index, config));
        if votes && self.role == Role::Learner {
            self.role = Role::Follower;
            cx.mark(&marks::MAY_VOTE, index);
            Self::reset_election_timer(cx);
        }
    }

    /// Entries from here on were deleted: "it must fall back to the previous configuration" (\[D\] 4.1).
    pub(in crate::raft) fn forget_config(&mut self, cx: &mut Context<Self>, from: Index) {
        if self.beyond.config.as_ref().is_none_or(|(at, _)| *at < from) {
            return;
        }
        self.beyond.config = self.config_up_to(self.last_log_index());
        let votes = self.counts(cx.settings(), cx.me());
        if !votes && home_role(cx.settings(), cx.me()) == Role::Learner {
            self.stop_voting(cx);
        }
    }

    /// The latest configuration up to an index, in the log or in the snapshot.
    pub(super) fn config_up_to(&self, index: Index) -> Option<(Index, Config)> {
        let found = (self.base() + 1..=index).rev().find_map(|at| {
            match self.entry(at).map(|entry| &*entry.command) {
                Some(Command::Config(config)) => Some((at, config.clone())),
                _ => None,
            }
        });
        let in_snapshot = || self.beyond.snapshot.as_ref()?.config.clone();
        found.or_else(in_snapshot)
    }

    /// A configuration is committed. Who is no longer in it need not ask for votes any more, and a leader steps down
    /// (\[D\] 4.2.2).
    pub(in crate::raft) fn settle_voters(&mut self, cx: &mut Context<Self>, index: Index) {
        let latest = self.beyond.config.as_ref();
        let Some((_, config)) = latest.filter(|(at, _)| *at == index) else {
            return;
        };
        if config.is_joint() || config.contains(cx.me()) || self.role == Role::Learner {
            return;
        }
        cx.mark(&marks::LEAVES_VOTE, index);
        self.become_follower(cx, None);
        self.stop_voting(cx);
    }

    fn stop_voting(&mut self, cx: &mut Context<Self>) {
        self.role = Role::Learner;
        cx.cancel_timer(&Timer::ElectionTimeout);
    }
}
