//! Servers, learners and clients: fixed by a node's number.

use faultline_sim::process::{Context, NodeId};
use faultline_sim::quorum::majority;
use faultline_sim::settings::Settings;
use serde::Serialize;

use super::Server;
use super::descriptor::{CLIENTS, MAJORITY, NODES};

/// What a node is, for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Proposer, acceptor and learner.
    Server,
    /// A server that joined later.
    Learner,
    /// Only asks.
    Client,
}

pub(super) fn role_of(settings: &Settings, id: NodeId) -> Role {
    let servers = settings.count(&NODES);
    if id.0 <= servers {
        Role::Server
    } else if id.0 <= servers + settings.count(&CLIENTS) {
        Role::Client
    } else {
        Role::Learner
    }
}

/// The other servers.
pub(super) fn acceptors(cx: &Context<Server>) -> Vec<NodeId> {
    of_role(cx, |role| role == Role::Server)
}

/// All who learn what is chosen.
pub(super) fn learners(cx: &Context<Server>) -> Vec<NodeId> {
    of_role(cx, |role| role != Role::Client)
}

fn of_role(cx: &Context<Server>, is: impl Fn(Role) -> bool) -> Vec<NodeId> {
    cx.peers()
        .filter(|id| is(role_of(cx.settings(), *id)))
        .collect()
}

/// How many acceptors must promise or accept. Off, two halves need not share a server.
pub(super) fn quorum(settings: &Settings) -> u32 {
    let servers = settings.count(&NODES);
    match settings.switch(&MAJORITY) {
        true => majority(servers),
        false => (servers / 2).max(1),
    }
}
