//! What the nodes show: a row a sequence number, whose prepares and commits fill up.

use faultline_sim::frame::{Figure, NodeFrame, Pips, Tone, Word};
use faultline_sim::settings::Settings;

use super::descriptor::TRIES;
use super::log::Slot;
use super::message::in_words;
use super::{Client, Replica, faulty, quorum};
use crate::parts::kv::Op;

/// Rows of the log that are shown, the latest ones.
const SHOWN: usize = 12;

const STEPS: [&str; 4] = ["pre-prepare", "prepare", "commit", "execute"];

/// As many filled dots as have come, and empty ones for those that are still needed.
fn dots(have: usize, need: usize) -> String {
    "●".repeat(have) + &"○".repeat(need.saturating_sub(have))
}

fn row(replica: &Replica, n: u64, slot: &Slot, need: usize) -> Vec<String> {
    let (what, digest) = match &slot.accepted {
        Some(accepted) => (in_words(&accepted.request), accepted.digest.to_string()),
        None => ("–".to_owned(), "–".to_owned()),
    };
    let state = match slot {
        _ if n <= replica.executed => "executed",
        slot if slot.committed => "committed",
        slot if slot.is_prepared() => "prepared",
        slot if slot.accepted.is_some() => "pre-prepared",
        _ => "no request yet",
    };
    let prepares = slot.matching(&slot.prepares, false).len();
    let commits = slot.matching(&slot.commits, false).len();
    vec![
        n.to_string(),
        what,
        digest,
        dots(prepares, need.saturating_sub(1)),
        dots(commits, need),
        state.to_owned(),
    ]
}

/// Of the next number: which phase is under way, and how many votes have come; else who asks for a view.
fn draw_votes(replica: &Replica, need: usize, to: &mut NodeFrame) {
    let pips = |yes: usize, need: usize| Pips {
        yes: (yes as u32).min(replica.of),
        no: 0,
        need: need as u32,
        of: replica.of,
    };
    if !replica.active {
        let asks = replica.view_changes.get(&replica.view);
        to.pips = Some(pips(asks.map_or(0, |asks| asks.len()), need));
        return;
    }
    let open = replica.log.get(&(replica.executed + 1));
    if let Some(slot) = open.filter(|slot| slot.accepted.is_some()) {
        let at = if slot.is_prepared() { 2 } else { 1 };
        to.pips = Some(match at {
            2 => pips(slot.matching(&slot.commits, false).len(), need),
            _ => pips(
                slot.matching(&slot.prepares, false).len(),
                need.saturating_sub(1),
            ),
        });
        let steps = STEPS.map(str::to_owned).to_vec();
        to.figures.push(Figure::Phases { steps, at });
    }
}

pub fn draw_replica(replica: &Replica, settings: &Settings, to: &mut NodeFrame) {
    let leads = replica.is_primary(to.id);
    let (role, tone) = match (replica.active, leads) {
        (false, _) => ("waits for a view", Tone::Suspect),
        (true, true) => ("primary", Tone::Leader),
        (true, false) => ("backup", Tone::Calm),
    };
    to.set(role, tone);
    let need = quorum(settings) as usize;
    let values = replica.state.machine.values.iter();
    let values: Vec<String> = values
        .take(2)
        .map(|(key, value)| format!("{key} = {value}"))
        .collect();
    let view = format!("view {}", replica.view);
    match values.first() {
        Some(value) => {
            to.inside = Some(Word::of(value));
            to.chips.push(view);
        }
        None => to.inside = Some(Word::of(view)),
    }
    to.chips.extend(values.into_iter().skip(1));
    draw_votes(replica, need, to);
    let skip = replica.log.len().saturating_sub(SHOWN);
    let rows = replica.log.iter().skip(skip);
    let rows: Vec<Vec<String>> = rows.map(|(n, slot)| row(replica, *n, slot, need)).collect();
    if !rows.is_empty() {
        let head = [
            "number", "request", "digest", "prepares", "commits", "state",
        ];
        let head = head.map(str::to_owned).to_vec();
        to.figures.push(Figure::Table { head, rows });
    }
    to.fields([
        ("view", replica.view.to_string()),
        ("executed up to", replica.executed.to_string()),
        (
            "stable checkpoint (h)",
            format!("{}, digest {}", replica.low, replica.stable),
        ),
        (
            "highest number allowed (H)",
            (replica.floor() + super::window(settings)).to_string(),
        ),
        ("requests that wait", replica.waiting.len().to_string()),
    ]);
}

pub fn draw_client(client: &Client, settings: &Settings, to: &mut NodeFrame) {
    to.set("client", Tone::Client);
    let call = client
        .active
        .and_then(|request| client.calls.open.get(&request));
    if let Some(call) = call {
        to.inside = Some(query(&call.query));
        to.chips
            .extend((call.tries > 1).then(|| format!("try {}", call.tries)));
        "client, waiting".clone_into(&mut to.label);
        let (yes, need) = (client.most_equal(), faulty(settings) + 1);
        let of = settings.count(&super::descriptor::NODES);
        to.pips = Some(Pips {
            yes,
            no: 0,
            need,
            of,
        });
        let rows = client.answers.iter().map(|(id, (_, answer))| {
            let answer = super::in_short(answer);
            vec![format!("node {}", id.0), answer]
        });
        let rows: Vec<Vec<String>> = rows.collect();
        if !rows.is_empty() {
            let head = ["replica", "answer"].map(str::to_owned).to_vec();
            to.figures.push(Figure::Table { head, rows });
        }
    }
    let most = settings.count(&TRIES);
    let tries = call.map_or(0, |call| call.tries);
    to.fields([
        ("requests sent", (client.calls.next - 1).to_string()),
        ("knows of view", client.view.to_string()),
        ("try", format!("{tries} of {}", most.max(tries))),
    ]);
}

/// What a client wants, as a message says it: `x=1`, `read x`.
pub fn query(op: &Op) -> Word {
    match op {
        Op::Read { key } => Word::of(format_args!("read {key}")),
        write => Word::of(write),
    }
}
