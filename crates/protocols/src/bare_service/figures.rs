//! How the service is drawn, and the sentence on what matters now.

use faultline_sim::frame::{Figure, Life, NodeFrame, Pips, Tone, Word};
use faultline_sim::process::NodeId;
use faultline_sim::text::{and_list, counted};
use faultline_sim::world::World;

use super::descriptor::QUORUM;
use super::{Member, Operation, Query, Role, role_of};
use crate::parts::calls::Call;
use crate::words::nodes;

pub(super) fn draw(member: &Member, to: &mut NodeFrame) {
    match member.role {
        Role::Server => draw_server(member, to),
        Role::Client => draw_client(member, to),
    }
}

fn draw_server(member: &Member, to: &mut NodeFrame) {
    to.set("server", Tone::Calm);
    to.layer = 1;
    let value = member.values.values().next().copied().unwrap_or(0);
    to.inside = Some(Word::of(format_args!("x = {value}")));
    let rows = member.values.iter();
    let rows = rows.map(|(client, value)| vec![client.to_string(), value.to_string()]);
    to.figures.push(Figure::Table {
        head: ["client", "x"].map(str::to_owned).to_vec(),
        rows: rows.collect(),
    });
}

fn draw_client(member: &Member, to: &mut NodeFrame) {
    to.set("client", Tone::Client);
    let open = &member.calls.open;
    if let Some(call) = open.values().next_back() {
        to.inside = Some(match call.query.operation {
            Operation::Read => Word::of("reads x"),
            Operation::Write(value) => Word::of(format_args!("x = {value}")),
        });
        if call.query.need > 1 {
            to.pips = Some(Pips {
                yes: call.query.heard.len() as u32,
                no: 0,
                need: call.query.need,
                of: (call.query.heard.len() + call.waits_for.len()) as u32,
            });
        }
    }
    if !open.is_empty() {
        to.label = format!("client, {} open", open.len());
    }
    let failed = format!("{} given up", member.failed);
    to.chips.extend((member.failed > 0).then_some(failed));
    to.fields([
        ("requests sent", (member.calls.next - 1).to_string()),
        ("answers", member.answered.to_string()),
        ("given up", member.failed.to_string()),
        ("still waiting", open.len().to_string()),
    ]);
    if !open.is_empty() {
        to.figures.push(Figure::Table {
            head: ["request", "what", "waits for", "answers", "try"]
                .map(str::to_owned)
                .to_vec(),
            rows: open.iter().map(row).collect(),
        });
    }
}

fn row((number, call): (&u64, &Call<Query>)) -> Vec<String> {
    vec![
        number.to_string(),
        match call.query.operation {
            Operation::Read => "read x".to_owned(),
            Operation::Write(value) => format!("write x = {value}"),
        },
        and_list(&call.waits_for),
        format!("{} of {}", call.query.heard.len(), call.query.need),
        call.tries.to_string(),
    ]
}

pub(super) fn narrate(world: &World) -> Option<String> {
    let client = NodeId(1);
    let member = world.node::<Member>(client)?;
    let open = &member.calls.open;
    let untimed = open.values().filter(|call| !call.query.timed);
    let untimed = untimed.count();
    if untimed > 1 {
        return Some(format!(
            "Node 1 waits for {}, and has no timeout.",
            counted(untimed as u64, "answer", "answers")
        ));
    }
    if let Some(call) = open.values().find(|call| call.tries > 1) {
        let asked: Vec<NodeId> = call.waits_for.iter().copied().collect();
        return Some(format!(
            "Node 1 got no answer in time and asks again: {}.",
            nodes(&asked).to_lowercase()
        ));
    }
    let servers = || {
        world
            .ids()
            .filter(|id| role_of(world.settings(), *id) == Role::Server)
    };
    let down: Vec<NodeId> = servers()
        .filter(|id| matches!(world.life(*id), Some(Life::Down { .. })))
        .collect();
    if !down.is_empty() {
        let verb = if down.len() == 1 { "is" } else { "are" };
        return Some(format!("{} {verb} down.", nodes(&down)));
    }
    let first = servers().next()?;
    Some(if world.settings().switch(&QUORUM) {
        "Node 1 asks all servers and needs the answers of a majority.".to_owned()
    } else {
        format!("Node 1 asks node {} and waits for its answer.", first.0)
    })
}
