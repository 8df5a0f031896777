//! What the nodes show: the log slot by slot, ballots, and what a leader waits for.

use faultline_sim::frame::{EntryState, Figure, LogCell, NodeFrame, Pips, Tone, Word};
use faultline_sim::process::NodeId;
use faultline_sim::settings::Settings;
use faultline_sim::text::counted;

use super::descriptor::{NODES, TRIES};
use super::membership::quorum;
use super::{Ballot, Client, Command, Phase, Proposal, Role, Server, Slot};
use crate::parts::kv::Op;

pub(super) fn draw(server: &Server, settings: &Settings, to: &mut NodeFrame) {
    if server.role == Role::Client {
        return draw_client(&server.client, settings, to);
    }
    let ballot = server.proposer.ballot;
    let (role, tone) = match (server.role, server.proposer.phase) {
        (Role::Learner, _) => ("learner", Tone::Calm),
        (_, Phase::Leading) => ("leader", Tone::Leader),
        (_, Phase::Preparing) => ("proposer", Tone::Candidate),
        (_, Phase::Following) => ("acceptor", Tone::Calm),
    };
    to.set(role, tone);
    to.layer = 1;
    let promised = server.acceptor.promised;
    to.label = match server.proposer.phase {
        Phase::Leading => format!("leader, ballot {ballot}"),
        Phase::Preparing => format!("prepares {ballot}"),
        Phase::Following => role.to_owned(),
    };
    to.inside = (promised != Ballot::NONE).then(|| Word::of(promised));
    to.pips = pips(server, settings);
    to.chips = chips(server);
    let name = |id: Option<NodeId>| id.map_or_else(|| "none".to_owned(), |id| id.to_string());
    to.fields([
        ("promised", promised.to_string()),
        ("leader", name(server.leader)),
        ("executed up to slot", server.learner.executed.to_string()),
        ("highest round it used", server.proposer.round.to_string()),
    ]);
    to.figures.push(log(server));
    if server.proposer.phase == Phase::Leading && !server.proposer.open.is_empty() {
        to.figures.push(open(server));
    }
    let values = &server.learner.machine.kv.values;
    if !values.is_empty() {
        let rows = values
            .iter()
            .map(|(key, value)| vec![key.clone(), value.clone()]);
        table(["key", "value"], rows.collect(), to);
    }
    if !server.client.calls.open.is_empty() {
        open_requests(&server.client, settings, to);
    }
}

fn table<const N: usize>(head: [&str; N], rows: Vec<Vec<String>>, to: &mut NodeFrame) {
    let head = head.map(str::to_owned).to_vec();
    to.figures.push(Figure::Table { head, rows });
}

/// A proposer's promises; at a leader, who has accepted its newest open slot.
fn pips(server: &Server, settings: &Settings) -> Option<Pips> {
    let yes = match server.proposer.phase {
        Phase::Following => return None,
        Phase::Preparing => server.proposer.promises.len(),
        Phase::Leading => server.proposer.open.last_key_value()?.1.by.len(),
    };
    let of = settings.count(&NODES);
    Some(Pips {
        yes: (yes as u32).min(of),
        no: 0,
        need: quorum(settings),
        of,
    })
}

/// What waits, and the latest write that was executed.
fn chips(server: &Server) -> Vec<String> {
    let mut chips = Vec::new();
    let gap = server.learner.executed + 1;
    let behind = server.learner.waits();
    if behind > 0 {
        let waits = counted(behind, "command waits", "commands wait");
        chips.push(format!("{waits} for slot {gap}"));
    }
    let waiting = server.proposer.waiting.len() as u64;
    if waiting > 0 {
        chips.push(format!(
            "{} for the window",
            counted(waiting, "waits", "wait")
        ));
    }
    let latest = server.learner.chosen.get(&server.learner.executed);
    if let Some(Command::Client { op, .. }) = latest.map(|latest| &*latest.value) {
        chips.push(format!("executed {op}"));
    }
    chips
}

/// The end of the log: what is accepted, chosen, executed, by slot.
fn log(server: &Server) -> Figure {
    let accepted = &server.acceptor.accepted;
    let last = accepted.keys().next_back().copied();
    let last = last.unwrap_or(0).max(server.learner.last());
    let first = last.saturating_sub(Figure::LOG_SHOWN as Slot) + 1;
    let cell = |slot: Slot| {
        let (proposal, state) = match server.learner.chosen.get(&slot) {
            Some(chosen) if slot <= server.learner.executed => (chosen, EntryState::Applied),
            Some(chosen) => (chosen, EntryState::Committed),
            None => (accepted.get(&slot)?, EntryState::Uncommitted),
        };
        Some((slot, shown(proposal), state))
    };
    Figure::Slots {
        executed: server.learner.executed,
        cells: (first..=last).filter_map(cell).collect(),
    }
}

fn shown(proposal: &Proposal) -> LogCell {
    LogCell {
        term: proposal.ballot.round.into(),
        text: proposal.value.to_string(),
    }
}

/// What a leader has proposed and not heard to be chosen.
fn open(server: &Server) -> Figure {
    let rows = server.proposer.open.iter().map(|(slot, open)| {
        let by: Vec<String> = open.by.iter().map(ToString::to_string).collect();
        vec![slot.to_string(), open.value.to_string(), by.join(" ")]
    });
    Figure::Table {
        head: ["slot", "value", "accepted by"].map(str::to_owned).to_vec(),
        rows: rows.collect(),
    }
}

fn draw_client(client: &Client, settings: &Settings, to: &mut NodeFrame) {
    to.set("client", Tone::Client);
    let mut open = client.calls.open.values();
    if let Some(call) = open.next() {
        to.inside = Some(query(&call.query));
        let tries = format!("try {}", call.tries);
        to.chips.extend((call.tries > 1).then_some(tries));
        to.label = match open.count() {
            0 => "client, waiting".to_owned(),
            more => format!("client, {} open", more + 1),
        };
    }
    let asks = client.leader;
    to.fields([
        ("requests sent", (client.calls.next - 1).to_string()),
        (
            "asks",
            asks.map_or_else(|| "any server".to_owned(), |id| id.to_string()),
        ),
    ]);
    if !client.calls.open.is_empty() {
        open_requests(client, settings, to);
    }
}

fn open_requests(client: &Client, settings: &Settings, to: &mut NodeFrame) {
    let most = settings.count(&TRIES);
    let rows = client.calls.open.iter().map(|(number, open)| {
        let tries = format!("{} of {}", open.tries, most.max(open.tries));
        vec![number.to_string(), open.query.to_string(), tries]
    });
    table(["request", "what", "try"], rows.collect(), to);
}

/// What a client wants, as a message says it: `x=1`, `read x`.
pub(super) fn query(op: &Op) -> Word {
    match op {
        Op::Read { key } => Word::of(format_args!("read {key}")),
        write => Word::of(write),
    }
}
