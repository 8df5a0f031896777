//! A server that can send and not hear, with and without the rules for it.

use faultline_sim::descriptor::Scenario;
use faultline_sim::standing::{Panel, Stop, View};
use faultline_sim::time::Duration;

use super::{HOME, N1_LEADS};
use crate::raft::marks;

pub const FOLLOWER: Scenario = Scenario {
    id: "deaf-follower",
    title: "A deaf follower keeps starting elections",
    summary: "Node 5 can send, but no message reaches it. It takes its leader for dead and asks for votes in a new term. \
              Turn on \u{201c}A server asks whether it could win before it starts a term (PreVote)\u{201d} and run again.",
    params: &[("clients", "1"), ("every", "150")],
    script: &[N1_LEADS, "500ms oneway n1,n2,n3,n4,n6->n5"],
    until: Duration::seconds(5),
    opens_at: Duration::millis(440),
    view: View::panel(Panel::Measures).stop(Stop::Mark(&marks::STEPS_DOWN)),
    beside: Some("raft/deaf-follower-steady"),
    ..HOME
};

pub const FOLLOWER_STEADY: Scenario = Scenario {
    id: "deaf-follower-steady",
    title: "PreVote: a deaf follower disturbs nobody",
    summary: "The same deaf follower, and PreVote. Node 5 asks the others first whether it could win, and they still hear \
              their leader.",
    preset: "steady",
    view: View::panel(Panel::Measures).stop(Stop::Mark(&marks::HEARS_LEADER)),
    beside: Some("raft/deaf-follower"),
    ..FOLLOWER
};

pub const LEADER: Scenario = Scenario {
    id: "deaf-leader",
    title: "A deaf leader stays, and nothing is committed",
    summary: "No message of the other servers reaches node 1, the leader. Its heartbeats reach them, so nobody asks for \
              votes. Turn on \u{201c}A leader that hears from no majority steps down (CheckQuorum)\u{201d} and run again.",
    script: &[N1_LEADS, "500ms oneway n2,n3,n4,n5->n1"],
    view: View::panel(Panel::Requests).stop(Stop::At(Duration::millis(900))),
    beside: Some("raft/deaf-leader-steady"),
    ..FOLLOWER
};

pub const LEADER_STEADY: Scenario = Scenario {
    id: "deaf-leader-steady",
    title: "CheckQuorum: a deaf leader steps down",
    summary: "The same deaf leader, with CheckQuorum and PreVote. Node 1 gets no answers for an election timeout and steps \
              down, and the others can elect another leader.",
    preset: "steady",
    view: View::panel(Panel::Requests).stop(Stop::Mark(&marks::LOSES_QUORUM)),
    beside: Some("raft/deaf-leader"),
    ..LEADER
};
