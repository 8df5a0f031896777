//! How primary and backups are drawn, and the sentence on what matters now.

use faultline_sim::frame::{Figure, LogCell, NodeFrame, Pips, Tone, Word};
use faultline_sim::process::Context;
use faultline_sim::settings::Settings;
use faultline_sim::world::World;

use super::client::Client;
use super::descriptor::TRIES;
use super::server::Server;
use super::service::Service;
use super::{Life, Member, Reply, SERVICE};
use crate::parts::kv::Op;
use crate::parts::roles::{all, role};

fn names<'a>(lives: impl Iterator<Item = &'a Life>) -> String {
    let names: Vec<String> = lives.map(|life| life.id.to_string()).collect();
    if names.is_empty() {
        "none".to_owned()
    } else {
        names.join(", ")
    }
}

pub(super) fn draw_service(service: &Service, to: &mut NodeFrame) {
    to.set("view service", Tone::Coordinator);
    to.inside = Some(Word::of(format_args!("view {}", service.view.number)));
    to.chips = vec![format!("primary: node {}", service.view.primary.id.0)];
    let waits = !service.ready;
    to.chips
        .extend(waits.then(|| "waits for the state".to_owned()));
    to.fields([
        ("view", service.view.number.to_string()),
        ("primary", service.view.primary.id.to_string()),
        ("backups", names(service.view.backups.iter())),
        ("may lead", names(service.complete.iter())),
    ]);
}

pub(super) fn draw_server(server: &Server, to: &mut NodeFrame) {
    let me = to.id;
    to.layer = 1;
    let entries = server.state.entries();
    let confirmed = if server.is_primary(me) {
        server.confirmed()
    } else {
        entries
    };
    match (server.is_primary(me), server.is_backup(me)) {
        (true, _) => {
            to.set("primary", Tone::Leader);
            if !server.serves(me) {
                to.label = "primary, not ready".to_owned();
            }
            let of = server.view.backups.len() as u32;
            let has = |life: &&Life| server.held.get(&life.id).is_some_and(|at| *at >= entries);
            let yes = server.view.backups.iter().filter(has).count() as u32;
            let waits = yes < of && entries > 0;
            to.pips = waits.then_some(Pips {
                yes,
                no: 0,
                need: of,
                of,
            });
        }
        (_, true) => to.set("backup", Tone::Good),
        (..) => to.set("idle", Tone::Calm),
    }
    to.inside = Some(Word::of(format_args!("view {}", server.view.number)));
    let values = server.state.machine.values.iter();
    to.chips.extend(
        values
            .take(2)
            .map(|(key, value)| format!("{key} = {value}")),
    );
    let open = entries.saturating_sub(confirmed);
    to.chips
        .extend((open > 0).then(|| format!("{open} not at all backups")));
    to.fields([
        ("view", server.view.number.to_string()),
        ("start", server.start.to_string()),
        ("entries", entries.to_string()),
        ("primary", server.view.primary.id.to_string()),
        ("backups", names(server.view.backups.iter())),
    ]);
    to.figures.push(log(server, confirmed));
    if server.is_primary(me) && !server.view.backups.is_empty() {
        let rows = server.view.backups.iter().map(|life| {
            let held = server.held.get(&life.id);
            let held = held.map_or_else(|| "no state yet".to_owned(), u64::to_string);
            vec![life.id.to_string(), held]
        });
        to.figures.push(Figure::Table {
            head: ["backup", "entries"].map(str::to_owned).to_vec(),
            rows: rows.collect(),
        });
    }
}

fn log(server: &Server, confirmed: u64) -> Figure {
    let log = &server.state.log;
    let skip = log.len().saturating_sub(Figure::LOG_SHOWN);
    let cell = |entry: &super::Entry| LogCell {
        term: entry.view,
        text: entry.op.to_string(),
    };
    Figure::Log {
        first: skip as u64 + 1,
        entries: log.iter_from(skip).map(cell).collect(),
        commit: confirmed,
        applied: server.state.entries(),
        removed: Vec::new(),
    }
}

pub(super) fn draw_client(client: &Client, settings: &Settings, to: &mut NodeFrame) {
    to.set("client", Tone::Client);
    to.layer = 2;
    let mut open = client.calls.open.values();
    if let Some(call) = open.next() {
        to.inside = Some(query(&call.query));
        to.chips
            .extend((call.tries > 1).then(|| format!("try {}", call.tries)));
        to.label = match open.count() {
            0 => "client, waiting".to_owned(),
            more => format!("client, {} open", more + 1),
        };
    }
    let primary = client.primary;
    to.fields([
        ("requests sent", (client.calls.next - 1).to_string()),
        (
            "asks",
            primary.map_or_else(|| "the view service".to_owned(), |id| id.to_string()),
        ),
    ]);
    if !client.calls.open.is_empty() {
        let most = settings.count(&TRIES);
        let rows = client.calls.open.iter().map(|(number, open)| {
            let tries = format!("{} of {}", open.tries, most.max(open.tries));
            vec![number.to_string(), open.query.to_string(), tries]
        });
        to.figures.push(Figure::Table {
            head: ["request", "what", "try"].map(str::to_owned).to_vec(),
            rows: rows.collect(),
        });
    }
}

/// What a client wants, as a message says it: `x=1`, `read x`.
pub(super) fn query(op: &Op) -> Word {
    match op {
        Op::Read { key } => Word::of(format_args!("read {key}")),
        write => Word::of(write),
    }
}

/// Servers and the view service ask nothing.
pub(super) fn refuse(cx: &mut Context<Member>, _request: &Op) {
    if let Some(operation) = cx.operation() {
        let why = "only clients ask".to_owned();
        cx.reply(operation, Reply::Failed { why });
    }
}

/// Who answers, and what is in the way.
pub(super) fn narrate(world: &World) -> Option<String> {
    let service: &Service = role::<Member, _>(world, SERVICE)?;
    let view = &service.view;
    let leader = view.primary.id.0;
    let server = |life: Life| {
        let found = role::<Member, Server>(world, life.id);
        found.filter(|server| world.is_live(life.id) && server.start == life.start)
    };
    let others = all::<Member, Server>(world).filter(|(id, server)| {
        world.is_live(*id) && *id != view.primary.id && server.is_primary(*id)
    });
    let old = others.map(|(id, _)| id.0).next();
    Some(match (server(view.primary), old) {
        (None, _) if service.complete.iter().all(|life| server(*life).is_none()) => {
            format!("Node {leader} has lost everything, and no other server has the state.")
        }
        (None, _) => format!(
            "Node {leader} is the primary of view {}, but it is down. A backup must take over.",
            view.number
        ),
        (Some(_), Some(old)) => format!(
            "Node {leader} is the primary of view {}. Node {old} still thinks that it is the primary.",
            view.number
        ),
        (Some(primary), _) if !primary.serves(view.primary.id) => format!(
            "Node {leader} is the primary of view {}. It answers once its backups have the state.",
            view.number
        ),
        (Some(_), _) if view.backups.is_empty() => {
            format!("Node {leader} is the primary, and there is no backup.")
        }
        (Some(primary), _) if primary.confirmed() < primary.state.entries() => {
            format!("Node {leader} has a request that its backups do not all have yet.")
        }
        (Some(_), _) => format!("Node {leader} is the primary. Its backups have what it has."),
    })
}
