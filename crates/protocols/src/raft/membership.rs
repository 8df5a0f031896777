//! Voters, learners and clients: fixed by a node's number, unless voters change (`beyond/change.rs`).

use faultline_sim::process::{Context, NodeId};
use faultline_sim::settings::Settings;
use serde::Serialize;

use super::{CLIENTS, NODES, Server};

/// What a node is at the moment; a client or a learner stays one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Follower,
    Candidate,
    Leader,
    /// Gets the log, never votes.
    Learner,
    /// Not a server: only asks.
    Client,
}

/// What a node is when it comes up.
pub(super) fn home_role(settings: &Settings, id: NodeId) -> Role {
    let voters = settings.count(&NODES);
    if id.0 <= voters {
        Role::Follower
    } else if id.0 <= voters + settings.count(&CLIENTS) {
        Role::Client
    } else {
        Role::Learner
    }
}

/// The other voting servers that this node knows.
pub(super) fn voters(cx: &Context<Server>) -> Vec<NodeId> {
    of_role(cx, |role| role == Role::Follower)
}

/// All other servers, learners included.
pub(super) fn servers(cx: &Context<Server>) -> Vec<NodeId> {
    of_role(cx, |role| role != Role::Client)
}

fn of_role(cx: &Context<Server>, is: impl Fn(Role) -> bool) -> Vec<NodeId> {
    cx.peers()
        .filter(|id| is(home_role(cx.settings(), *id)))
        .collect()
}
