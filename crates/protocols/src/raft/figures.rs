//! How Raft is drawn, and the sentence on who leads.

use faultline_sim::frame::{Figure, Life, LogCell, NodeFrame, Tone};
use faultline_sim::process::NodeId;
use faultline_sim::quorum::majority;
use faultline_sim::settings::Settings;
use faultline_sim::world::World;

use super::{Entry, Index, LINGERS, NODES, Role, Server, TRIES};
use crate::words::nodes;

pub(super) fn draw(server: &Server, settings: &Settings, to: &mut NodeFrame) {
    if server.role == Role::Client {
        draw_client(server, settings, to);
        return;
    }
    let term = server.current_term;
    let (role, tone) = match server.role {
        Role::Leader => ("leader", Tone::Leader),
        Role::Candidate => ("candidate", Tone::Candidate),
        Role::Learner => ("learner", Tone::Calm),
        _ => ("follower", Tone::Calm),
    };
    to.set(role, tone);
    to.label = match server.role {
        Role::Leader => format!("Leader, term {term}"),
        Role::Candidate => format!("Candidate, term {term}"),
        Role::Learner => format!("Learner, term {term}"),
        _ => format!("Follower, term {term}"),
    };
    let name = |id: Option<NodeId>| id.map_or_else(|| "none".to_owned(), |id| id.to_string());
    to.fields([
        ("term", term.to_string()),
        ("voted for", name(server.voted_for)),
        ("leader", name(server.leader)),
        ("commit index", server.commit_index.to_string()),
        ("last applied", server.last_applied.to_string()),
    ]);
    to.figures.push(log(server));
    if server.role == Role::Candidate {
        let all = settings.count(&NODES);
        to.figures.push(Figure::Gauge {
            name: "votes".into(),
            value: f64::from(server.votes.count()),
            max: f64::from(all),
            mark: Some(f64::from(majority(all))),
        });
    }
    if server.role == Role::Leader {
        to.figures.push(followers(server));
    }
    if !server.machine.kv.values.is_empty() {
        let values = server.machine.kv.values.iter();
        to.figures.push(Figure::Table {
            head: ["key", "value"].map(str::to_owned).to_vec(),
            rows: values.map(|(k, v)| vec![k.clone(), v.clone()]).collect(),
        });
    }
    if !server.client.calls.open.is_empty() {
        to.figures.push(open_requests(server, settings));
    }
}

fn log(server: &Server) -> Figure {
    let cell = |entry: &Entry| LogCell {
        term: entry.term,
        text: entry.command.to_string(),
    };
    let skip = server.log.len().saturating_sub(Figure::LOG_SHOWN);
    // Deleted entries stay visible for a few heartbeats.
    let (first, removed) = &server.removed;
    let shown = if server.heard_since_removal < LINGERS {
        Figure::LOG_SHOWN
    } else {
        0
    };
    Figure::Log {
        first: skip as Index + 1,
        entries: server.log.iter_from(skip).map(cell).collect(),
        commit: server.commit_index,
        applied: server.last_applied,
        removed: (*first..)
            .zip(removed.iter().take(shown).map(cell))
            .collect(),
    }
}

fn followers(server: &Server) -> Figure {
    let rows = server.next_index.iter().map(|(id, next)| {
        let matches = server.match_index.get(id).copied().unwrap_or(0);
        vec![id.to_string(), next.to_string(), matches.to_string()]
    });
    Figure::Table {
        head: ["follower", "next index", "match index"]
            .map(str::to_owned)
            .to_vec(),
        rows: rows.collect(),
    }
}

fn draw_client(server: &Server, settings: &Settings, to: &mut NodeFrame) {
    to.set("client", Tone::Client);
    to.label = match server.client.calls.open.len() {
        0 => "Client".to_owned(),
        open => format!("Client, {open} open"),
    };
    let leader = server.client.leader;
    to.fields([
        ("requests sent", (server.client.calls.next - 1).to_string()),
        (
            "asks",
            leader.map_or_else(|| "any server".to_owned(), |id| id.to_string()),
        ),
    ]);
    if !server.client.calls.open.is_empty() {
        to.figures.push(open_requests(server, settings));
    }
}

fn open_requests(server: &Server, settings: &Settings) -> Figure {
    let most = settings.count(&TRIES);
    let rows = server.client.calls.open.iter().map(|(number, open)| {
        let tries = format!("{} of {}", open.tries, most.max(open.tries));
        vec![number.to_string(), open.query.to_string(), tries]
    });
    Figure::Table {
        head: ["request", "what", "try"].map(str::to_owned).to_vec(),
        rows: rows.collect(),
    }
}

/// One sentence on what is going on: what stops the cluster first, then who leads.
pub(super) fn narrate(world: &World) -> Option<String> {
    let all = world.settings().count(&NODES);
    let role = |wanted: Role| {
        let is = move |id: &NodeId| world.node::<Server>(*id).is_some_and(|s| s.role == wanted);
        world.live().filter(is).collect::<Vec<NodeId>>()
    };
    let term = |id: NodeId| world.node::<Server>(id).map_or(0, |s| s.current_term);
    let voters = (1..=all).map(NodeId);
    let down = voters.filter(|id| !matches!(world.life(*id), Some(Life::Up | Life::Paused { .. })));
    let down = down.count() as u32;
    if all - down < majority(all) {
        let servers = if all == 1 { "server is" } else { "servers are" };
        return Some(format!(
            "{down} of {all} {servers} down: no majority is left, so nothing can be committed."
        ));
    }
    let mut leaders = role(Role::Leader);
    faultline_sim::sorted::sort_by_key(&mut leaders, |id| term(*id));
    match leaders.as_slice() {
        [] => {}
        [leader] => return Some(with_backlog(world, *leader, term(*leader))),
        [old @ .., newest] => {
            let think = match old {
                [_] => "hasn't heard, and still thinks it is the leader",
                _ => "haven't heard, and still think they are the leader",
            };
            return Some(format!(
                "{} leads term {}. {} {think}.",
                nodes(&[*newest]),
                term(*newest),
                nodes(old)
            ));
        }
    }
    let candidates = role(Role::Candidate);
    let Some(latest) = candidates.iter().map(|id| term(*id)).max() else {
        return Some(
            "No leader. The node whose timer runs out first will ask for votes.".to_owned(),
        );
    };
    let latest: Vec<NodeId> = candidates
        .into_iter()
        .filter(|id| term(*id) == latest)
        .collect();
    let last = term(latest[0]);
    Some(match latest.as_slice() {
        [_] => format!("{} asks for votes in term {last}.", nodes(&latest)),
        several => format!(
            "{} ask for votes in term {last} at once: the votes may split.",
            nodes(several)
        ),
    })
}

fn with_backlog(world: &World, leader: NodeId, term: u64) -> String {
    let waiting = world
        .node::<Server>(leader)
        .map_or(0, |s| s.last_log_index().saturating_sub(s.commit_index));
    let leads = format!("{} leads term {term}", nodes(&[leader]));
    match waiting {
        0 => format!("{leads}."),
        1 => format!("{leads}. 1 entry waits for a majority."),
        many => format!("{leads}. {many} entries wait for a majority."),
    }
}
