//! How Raft is drawn.

use faultline_sim::frame::{Figure, LogCell, NodeFrame, Pips, Tone, Word};
use faultline_sim::process::NodeId;
use faultline_sim::quorum::majority;
use faultline_sim::settings::Settings;
use faultline_sim::sorted::SortedSet;
use faultline_sim::text::counted;

use super::{Command, Entry, Index, LINGERS, Role, Server, TRIES, beyond};
use crate::parts::kv::Op;

/// How far back a chip looks for the latest write: frames are built at every event.
const LOOKS_BACK: usize = 16;

pub(super) fn draw(server: &Server, settings: &Settings, to: &mut NodeFrame) {
    if server.role == Role::Client {
        draw_client(server, settings, to);
        return;
    }
    let (role, tone) = match server.role {
        Role::Leader => ("leader", Tone::Leader),
        Role::Candidate => ("candidate", Tone::Candidate),
        Role::Learner => ("learner", Tone::Calm),
        _ => ("follower", Tone::Calm),
    };
    to.set(role, tone);
    to.layer = 1;
    to.inside = Some(Word::of(format_args!("term {}", server.current_term)));
    to.pips = pips(server, settings);
    if let (Role::Candidate, Some(votes)) = (server.role, to.pips) {
        to.label = format!("candidate: {} of {} votes", votes.yes, votes.need);
    }
    let pre_votes = server.steady.pre_votes.count();
    if server.role == Role::Follower && pre_votes > 0 {
        let need = majority(server.electorate(settings));
        to.label = format!("follower: {pre_votes} of {need} would vote");
    }
    to.chips = chips(server);
    let name = |id: Option<NodeId>| id.map_or_else(|| "none".to_owned(), |id| id.to_string());
    to.fields([
        ("term", server.current_term.to_string()),
        ("voted for", name(server.voted_for)),
        ("leader", name(server.leader)),
        ("commit index", server.commit_index.to_string()),
        ("last applied", server.last_applied.to_string()),
    ]);
    to.figures.push(log(server));
    if let (Role::Candidate, Some(votes)) = (server.role, to.pips) {
        to.figures.push(Figure::Gauge {
            name: "votes".into(),
            value: f64::from(votes.yes),
            max: f64::from(votes.of),
            mark: Some(f64::from(votes.need)),
        });
    }
    if server.role == Role::Leader {
        to.figures.push(followers(server));
    }
    if !server.beyond.is_empty() {
        beyond::draw(server, to);
    }
    if !server.machine.kv.values.is_empty() {
        let values = server.machine.kv.values.iter();
        to.figures.push(Figure::Table {
            head: ["key", "value"].map(str::to_owned).to_vec(),
            rows: values.map(|(k, v)| vec![k.clone(), v.clone()]).collect(),
        });
    }
    if !server.machine.ledger.is_empty() {
        ledger(server, to);
    }
    if !server.client.calls.open.is_empty() {
        to.figures.push(open_requests(server, settings));
    }
}

/// Both machines of one log: what the store says last, and what the ledger has added up.
fn ledger(server: &Server, to: &mut NodeFrame) {
    let ledger = &server.machine.ledger;
    let accounts = ledger.accounts.iter();
    let sums = accounts.clone().take(2);
    to.chips = sums.map(|(key, sum)| format!("{key} has {sum}")).collect();
    to.fields([
        ("ledger records", ledger.booked.to_string()),
        ("ledger head", ledger.short_head()),
    ]);
    let row = |(key, sum): (&String, &i64)| {
        let latest = server.machine.kv.values.get(key).cloned();
        vec![key.clone(), latest.unwrap_or_default(), sum.to_string()]
    };
    to.figures.push(Figure::Table {
        head: ["account", "store: latest", "ledger: sum"]
            .map(str::to_owned)
            .to_vec(),
        rows: accounts.map(row).collect(),
    });
}

/// A candidate's votes; a leader's copies of its newest entry, until that is committed.
fn pips(server: &Server, settings: &Settings) -> Option<Pips> {
    let of = server.electorate(settings);
    let votes = |id: NodeId| server.is_elector(settings, id);
    let (yes, no) = match server.role {
        Role::Candidate => {
            let count = |ids: &SortedSet<NodeId>| ids.iter().filter(|id| votes(**id)).count();
            (count(&server.votes.yes), count(&server.votes.no))
        }
        Role::Leader if server.last_log_index() > server.commit_index => {
            let newest = server.last_log_index();
            let copies = server.match_index.iter();
            let has = |id: NodeId, at: Index| at >= newest && votes(id);
            let others = copies.filter(|(id, at)| has(**id, **at)).count();
            (usize::from(server.leader.is_some_and(votes)) + others, 0)
        }
        _ => return None,
    };
    Some(Pips {
        yes: yes as u32,
        no: no as u32,
        need: majority(of),
        of,
    })
}

/// Its vote while no leader is known, what waits, and what is committed. Only a leader knows that an
/// entry is not committed: others have not heard yet.
fn chips(server: &Server) -> Vec<String> {
    let mut chips = Vec::new();
    let undecided = server.role == Role::Follower && server.leader.is_none();
    if let Some(id) = server.voted_for.filter(|_| undecided) {
        chips.push(format!("voted for {}", id.0));
    }
    let committed = server.commit_index.saturating_sub(server.base()) as usize;
    let all = server.log.len();
    let open = all.saturating_sub(committed);
    let newest = latest_write(server, all.saturating_sub(open.min(LOOKS_BACK)), all);
    match (server.role == Role::Leader, open, newest) {
        (_, 0, _) => {}
        (true, 1, Some(write)) => chips.push(format!("{write} not committed")),
        (true, ..) => {
            let entries = counted(open as u64, "entry", "entries");
            chips.push(format!("{entries} not committed"));
        }
        (false, _, Some(write)) => chips.push(format!("{write} in its log")),
        (false, ..) => {}
    }
    if let Some(write) = latest_write(server, committed.saturating_sub(LOOKS_BACK), committed) {
        chips.push(format!("{write} committed"));
    }
    chips
}

/// The latest write among these entries (places count from 0), as `x = 1`. What a compare-and-set
/// did is known once it is applied.
fn latest_write(server: &Server, from: usize, to: usize) -> Option<String> {
    let entries = server.log.iter_from(from).take(to - from);
    let mut writes = entries
        .rev()
        .filter_map(|entry| match entry.command.as_ref() {
            Command::Client(op) => Some(op),
            Command::NoOp | Command::Config(_) => None,
        });
    match writes.next()? {
        Op::Write { key, value } => Some(format!("{key} = {value}")),
        Op::Read { key } | Op::CompareAndSet { key, .. } => {
            let value = server.machine.kv.values.get(key)?;
            Some(format!("{key} = {value}"))
        }
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
        first: server.base() + skip as Index + 1,
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
    let mut open = server.client.calls.open.values();
    if let Some(call) = open.next() {
        to.inside = Some(query(&call.query));
        let tries = format!("try {}", call.tries);
        to.chips.extend((call.tries > 1).then_some(tries));
        let more = open.count();
        to.label = match more {
            0 => "client, waiting".to_owned(),
            _ => format!("client, {} open", more + 1),
        };
    }
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

/// What a client wants, as a message says it: `x=1`, `read x`.
pub(super) fn query(op: &Op) -> Word {
    match op {
        Op::Read { key } => Word::of(format_args!("read {key}")),
        write => Word::of(write),
    }
}
