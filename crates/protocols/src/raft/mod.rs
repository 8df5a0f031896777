//! Raft: a replicated log with one leader, understandable on purpose.
//!
//! **Problem.** Several servers act as one that never loses a confirmed write. They crash and restart,
//! messages are lost, delayed, duplicated and reordered, and the network may split. Each server keeps
//! a log of commands; if all logs hold the same commands in the same order, all state machines that
//! apply them hold the same state.
//!
//! **Idea.** Time is divided into terms, numbered upwards; each has one leader or none. Only the leader
//! accepts commands. It appends each to its log and replicates it (`AppendEntries`); an entry on a
//! majority is *committed* and will never be lost. A follower that hears nothing for an election
//! timeout starts a new term and asks for votes (`RequestVote`). Timeouts are random, so that usually
//! one server asks at a time. Each server votes once per term, and only for a candidate whose log is
//! at least as up to date as its own: any majority of voters shares a member with any majority that
//! holds a committed entry, so the winner has all committed entries.
//!
//! **The subtle point.** A leader may find an entry of an *older* term on a majority, and must not
//! treat it as committed: a server that lacks it may still win an election with a later last term,
//! and overwrite it (Figure 8). It commits an entry of its own term by counting; all entries before
//! it are committed with it. Switch `current-term` off and play `figure-8`.
//!
//! **Details that matter.** Messages of a higher term make any receiver a follower of that term, and
//! those of a lower term are refused. The election timer restarts when a leader is heard and
//! when a vote is granted, not when a vote is asked for. `AppendEntries` names the entry before the
//! new ones; a follower without it refuses, and the leader tries one entry earlier (5.3; one step a
//! refusal, as in Figure 2). Only a *conflicting* entry is a reason to delete: a late heartbeat
//! about an old prefix truncates nothing. The next heartbeat repairs refusals and lost messages: it
//! carries every entry that the follower is not known to have.
//!
//! **Clients (section 8).** A client may ask any server; a server that does not lead names the leader it
//! knows. Each request has an id that its retries repeat, and state machines remember the ids they
//! have executed. A client tries at most `tries` times and waits longer each time; one try sends at
//! most two messages, because it follows one redirect. So an operation costs at most 2 x `tries`
//! requests, and as many answers as requests arrive. A read adds no entry: the leader notes its commit
//! index, exchanges one round of heartbeats with a majority, to be sure that it still leads, and answers
//! from its state machine. For that it must know its commit index, so it starts its term with an empty
//! entry.
//!
//! **What survives a crash.** `current_term`, `voted_for` and `log` are on disk before anything is
//! sent. Everything else is rebuilt: the commit index starts at 0 and is learnt from a leader.
//!
//! **Who votes.** Usually the first `nodes` servers, and majorities are always of these
//! servers: a removed server counts as crashed. An added server is a learner: it gets the log,
//! never votes and never counts. With `membership` the voters change by entries of the log. Each server uses the
//! newest such entry that it has, committed or not. `single`: one server at a time, so that the majorities before and
//! after share a server (\[D\] 4.1); a leader first commits an entry of its own term, or two leaders could change
//! two servers and share none (scenario `two-changes`). `joint`: any number, through a configuration that needs a
//! majority of the old voters and one of the new ones (section 6).
//!
//! **Snapshots.** With `compact`, a server keeps its state after an entry and drops most entries before it; a follower
//! that needs one of these gets the state in `InstallSnapshot` (section 7).
//!
//! **More of \[D\], each off by default.** A leader hands over with `TimeoutNow` (`prefer`, 3.10). It gathers requests
//! (`batch`) and bounds the entries of a message (`most`). With `lease-reads` it answers reads at once while a majority
//! has answered it within an election timeout (6.4.1); that trusts clocks, and voters must refuse candidates while they
//! hear their leader.
//!
//! **Two rules for availability.** A server that cannot hear raises the term again and again, and each time the
//! leader steps down. With PreVote it asks first whether it could win, and servers that hear their leader say no
//! (\[D\] 9.6). A leader that cannot hear keeps its followers quiet and commits nothing; with CheckQuorum it steps
//! down after an election timeout without answers of a majority (\[D\] 6.2). Neither is needed for safety.
//!
//! **References.** Ongaro and Ousterhout, "In Search of an Understandable Consensus Algorithm",
//! USENIX ATC 2014; sections and figures cited below are its own. Ongaro, "Consensus: Bridging
//! Theory and Practice", 2014 (\[D\]), 3.10, 4.1 to 4.2, 6.2 to 6.4, 9.6: transfers, changes of one server, clients,
//! reads without the log, CheckQuorum, PreVote. Ongaro, "bug in single-server membership changes", raft-dev, 2015.

mod absence;
mod beyond;
mod captions;
mod client;
mod costs;
mod descriptor;
mod election;
mod entry;
mod figures;
mod invariants;
mod ledger;
mod marks;
mod membership;
mod message;
mod probes;
mod reads;
mod replication;
mod scenarios;
mod steady;
#[cfg(test)]
mod tests;

use faultline_sim::sorted::{SortedMap, SortedSet};

use faultline_sim::frame::{NodeFrame, Shape, Word};
use faultline_sim::history::End;
use faultline_sim::judge::{self, Asked, Model};
use faultline_sim::process::{Belief, Context, NodeId, Process, Start};
use faultline_sim::settings::Settings;
use faultline_sim::shared::{SharedList, SharedMap};
use faultline_sim::text;
use faultline_sim::world::World;
use serde::Serialize;

pub use beyond::{
    BATCH, Beyond, CHANGE_AFTER_COMMIT, COMPACT, Config, LEASE_READS, MEMBERSHIP, MOST, PREFER,
    Snapshot, Transfer, VOTERS,
};
pub use client::Client;
pub use descriptor::{
    APPLY_ONCE, CLIENTS, COMPARES, CONFIRM_READS, CRASHED, CURRENT_TERM, EVERY, FIGURE, HEARTBEAT,
    KEYS, LOG_CHECK, NO_OP, NODES, PERSIST_VOTE, PREV_CHECK, PROTOCOL, READS, RETRY, TIMEOUT,
    TRIES, VOTE_ONCE,
};
pub use entry::{Answer, Command, Entry, StateMachine};
pub use ledger::LEDGER;
pub use membership::Role;
pub use message::{Message, Reply, Timer};
pub use reads::Read;
pub use steady::{CHECK_QUORUM, PRE_VOTE, Steady};

use beyond::contacts;
use membership::{home_role, servers, voters};

use crate::parts::kv::Op;
use crate::parts::request::RequestId;
use crate::parts::votes::Votes;

/// Terms count from 1; 0 is before the first election.
pub type Term = u64;
/// Positions in the log count from 1; 0 is before the first entry.
pub type Index = u64;

/// Deleted entries stay visible until a leader has been heard this often: about four heartbeats.
const LINGERS: u32 = 4;

/// One node, with the state of Figure 2 under its names.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Server {
    pub role: Role,
    // Persistent state on all servers.
    #[serde(rename = "term")]
    pub current_term: Term,
    pub voted_for: Option<NodeId>,
    pub log: SharedList<Entry>,
    // Volatile state on all servers.
    pub commit_index: Index,
    pub last_applied: Index,
    // Volatile state on leaders, reset after each election.
    pub next_index: SortedMap<NodeId, Index>,
    pub match_index: SortedMap<NodeId, Index>,
    // State that the figure leaves to prose.
    /// Who has granted this candidate its vote.
    pub votes: Votes,
    /// The leader this node follows, or is.
    pub leader: Option<NodeId>,
    pub machine: StateMachine,
    /// Client writes that this leader has not answered yet. There is no end of them where it hears no answers.
    pub pending: SharedMap<RequestId, ()>,
    /// Reads that this leader has not answered yet, and the current round of heartbeats.
    pub reads: Vec<Read>,
    pub round: u64,
    pub heard_in: SortedMap<NodeId, u64>,
    /// Entries that the latest conflict deleted, with the index of the first: for display only.
    pub removed: (Index, SharedList<Entry>),
    /// How often a leader has been heard since, up to [`LINGERS`].
    pub heard_since_removal: u32,
    /// Rules of availability, where they are on.
    #[serde(skip_serializing_if = "Steady::is_empty")]
    pub steady: Steady,
    /// Rules beyond Figure 2, where they are on.
    #[serde(skip_serializing_if = "Beyond::is_empty")]
    pub beyond: Beyond,
    /// A server's machine can run a client, too.
    pub client: Client,
}

impl Process for Server {
    type Message = Message;
    type Timer = Timer;
    type Request = Op;
    type Reply = Reply;

    fn new(id: NodeId, settings: &Settings) -> Self {
        let mut server = Self::fresh(home_role(settings, id));
        if settings.count(&FIGURE) == 7 && server.role == Role::Follower {
            let (term, log) = entry::figure_7(id);
            (server.current_term, server.log) = (term, log.into());
        }
        server
    }

    fn on_start(&mut self, cx: &mut Context<Self>, start: Start) {
        self.wait_out_leases(cx, start);
        match self.role {
            Role::Client => Self::start_asking(cx),
            Role::Learner => {}
            _ => Self::reset_election_timer(cx),
        }
    }

    fn on_message(&mut self, cx: &mut Context<Self>, from: NodeId, message: Message) {
        if self.keeps_to_lease(cx, &message) {
            return;
        }
        if let Some(term) = message.term().filter(|_| self.is_server()) {
            self.update_term(cx, term);
        }
        match message {
            Message::ClientReply { id, answer } => self.receive_reply(cx, id, answer),
            _ if !self.is_server() => {}
            Message::RequestVote { .. } => self.handle_request_vote(cx, from, &message),
            Message::RequestVoteReply { term, vote_granted } => {
                self.handle_request_vote_reply(cx, from, term, vote_granted);
            }
            Message::PreVote {
                term,
                last_log_index,
                last_log_term,
            } => self.handle_pre_vote(cx, from, term, (last_log_term, last_log_index)),
            Message::PreVoteReply { term, vote_granted } => {
                self.handle_pre_vote_reply(cx, from, term, vote_granted);
            }
            Message::AppendEntries { .. } => self.handle_append_entries(cx, from, message),
            Message::AppendEntriesReply { .. } => {
                self.handle_append_entries_reply(cx, from, &message);
            }
            Message::ClientRequest { id, attempt, op } => self.handle_client(cx, id, attempt, op),
            Message::InstallSnapshot { term, snapshot } => {
                self.handle_install_snapshot(cx, from, term, snapshot);
            }
            Message::InstallSnapshotReply { term, index } => {
                self.handle_install_snapshot_reply(cx, from, term, index);
            }
            Message::TimeoutNow { term } => self.handle_timeout_now(cx, term),
        }
    }

    fn on_timer(&mut self, cx: &mut Context<Self>, timer: Timer) {
        match timer {
            Timer::ElectionTimeout => self.miss_leader(cx),
            Timer::Heartbeat => self.heartbeat(cx),
            Timer::Retry { request } => self.time_out(cx, request),
            Timer::NextRequest => self.ask_next(cx),
            Timer::Batch => self.send_batch(cx),
        }
    }

    fn on_request(&mut self, cx: &mut Context<Self>, request: Op) {
        let operation = cx.operation();
        self.begin(cx, request, operation);
    }

    fn recover(&self, cx: &mut Context<Self>) -> Self {
        let kept = cx.switch(&PERSIST_VOTE);
        let mut server = Self {
            current_term: self.current_term,
            voted_for: self.voted_for.filter(|_| kept),
            log: self.log.clone(),
            client: self.client.recover(cx),
            ..Self::fresh(home_role(cx.settings(), cx.me()))
        };
        server.restore(cx, &self.beyond);
        server
    }

    fn end(reply: &Reply) -> End {
        match reply {
            Reply::Written { .. } | Reply::Value { .. } => End::Ok,
            Reply::ValueIs { .. } | Reply::Failed { .. } => End::Failed,
            Reply::Unknown { .. } => End::Unknown,
        }
    }

    fn objects(settings: &Settings) -> Option<Model> {
        // With the logs of Figure 7 there are values that no client has written.
        (settings.count(&FIGURE) != 7).then_some(Model::STORE)
    }

    fn asked(op: &Op, _node: NodeId, _world: &World) -> Option<Asked> {
        Some(op.asked())
    }

    fn told(reply: &Reply) -> Option<judge::Answer> {
        reply.told()
    }

    /// What it deleted is only shown, and the rest is without times. A client draws what it asks for.
    fn timeless(&self, settings: &Settings) -> Option<Self> {
        // PreVote and CheckQuorum decide by the time since something was heard.
        let timed = settings.switch(&PRE_VOTE)
            || settings.switch(&CHECK_QUORUM)
            || beyond::is_timed(settings);
        (self.is_server() && !timed).then(|| Self {
            removed: Default::default(),
            heard_since_removal: 0,
            ..self.clone()
        })
    }

    fn draw(&self, settings: &Settings, to: &mut NodeFrame) {
        figures::draw(self, settings, to);
    }

    fn size(message: &Message) -> u64 {
        text::encoded_length(message) + message.unlisted()
    }

    fn glyph_override(message: &Message) -> Option<(Shape, &'static str)> {
        message.glyph_override()
    }

    fn word(message: &Message) -> Option<Word> {
        message.word()
    }
}

impl Server {
    fn fresh(role: Role) -> Self {
        Self {
            role,
            current_term: 0,
            voted_for: None,
            log: SharedList::new(),
            commit_index: 0,
            last_applied: 0,
            next_index: SortedMap::new(),
            match_index: SortedMap::new(),
            votes: Votes::default(),
            leader: None,
            machine: StateMachine::default(),
            pending: SharedMap::new(),
            reads: Vec::new(),
            round: 0,
            heard_in: SortedMap::new(),
            removed: (0, SharedList::new()),
            heard_since_removal: 0,
            steady: Steady::default(),
            beyond: Beyond::default(),
            client: Client::default(),
        }
    }

    fn is_server(&self) -> bool {
        self.role != Role::Client
    }

    /// Whether it votes and is counted.
    fn is_voter(&self) -> bool {
        !matches!(self.role, Role::Client | Role::Learner)
    }

    pub(crate) fn last_log_index(&self) -> Index {
        self.base() + self.log.len() as Index
    }

    /// The entry at an index, if it is in the log.
    pub(crate) fn entry(&self, index: Index) -> Option<&Entry> {
        let at = index.checked_sub(self.base() + 1)?;
        self.log.get(at as usize)
    }

    /// The term of the entry at an index; none where there is no entry, 0 before the first. Of the entries that only
    /// a snapshot stands for, the last one's is known.
    pub(crate) fn term_at(&self, index: Index) -> Option<Term> {
        let (base, term) = self.beyond.base;
        if index == base {
            return Some(term);
        }
        self.entry(index).map(|entry| entry.term)
    }

    fn last_log_term(&self) -> Term {
        let (_, base) = self.beyond.base;
        self.log.last().map_or(base, |entry| entry.term)
    }

    /// "If RPC request or response contains term T > currentTerm: set currentTerm = T, convert to
    /// follower" (5.1).
    fn update_term(&mut self, cx: &mut Context<Self>, term: Term) {
        if term <= self.current_term {
            return;
        }
        if self.role == Role::Leader {
            cx.mark(&marks::STEPS_DOWN, term);
        }
        cx.write();
        self.current_term = term;
        self.voted_for = None;
        self.become_follower(cx, None);
    }

    fn become_follower(&mut self, cx: &mut Context<Self>, leader: Option<NodeId>) {
        let led = self.role == Role::Leader;
        if self.is_voter() {
            self.role = Role::Follower;
        }
        self.votes.clear();
        self.steady.pre_votes.clear();
        if led {
            (self.steady.active, self.steady.checked) = (SortedSet::new(), None);
            self.beyond.end_lead();
            self.pending = SharedMap::new();
            self.reads.clear();
            cx.cancel_timer(&Timer::Heartbeat);
            Self::reset_election_timer(cx);
        }
        if self.leader != leader {
            self.leader = leader;
            cx.believe(Belief::Leader(leader));
        }
    }
}
