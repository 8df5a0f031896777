//! What a branch shows: its money, its checkpoints, markers as they come; at node 1 the latest snapshot.

use faultline_sim::frame::{Figure, NodeFrame, Pips, Tone, Word};
use faultline_sim::settings::Settings;
use faultline_sim::text::and_list;

use super::recording::{Complete, Part};
use super::{Branch, total};

pub fn draw(branch: &Branch, settings: &Settings, to: &mut NodeFrame) {
    to.set("branch", Tone::Calm);
    to.inside = Some(Word::of(branch.now.balance));
    let mut coming = "not recorded".to_owned();
    if let Some((snapshot, recording)) = branch.recordings.last_key_value() {
        to.tone = Tone::Busy;
        to.label = format!("records snapshot {snapshot}");
        coming = recorded(&recording.part);
        let of = recording.part.channels.len() as u32;
        let yes = of.saturating_sub(recording.open.len() as u32);
        let (no, need) = (0, of);
        to.pips = Some(Pips { yes, no, need, of });
    }
    let latest = branch.saved.last().map_or(0, |account| account.work);
    let since = branch.now.work - latest;
    to.chips.push(format!("{since} since checkpoint"));
    to.fields([
        ("balance", branch.now.balance.to_string()),
        ("on its way here", coming),
        ("payments made", branch.now.work.to_string()),
        ("payments since the checkpoint", since.to_string()),
        ("checkpoints", (branch.saved.len() - 1).to_string()),
        ("times gone back", branch.era.to_string()),
    ]);
    if let Some(complete) = &branch.complete {
        draw_snapshot(complete, total(settings), to);
    }
}

/// Money in channels: `10 from n2 and 3 from n4`.
fn recorded(part: &Part) -> String {
    let some = part.channels.iter().filter(|(_, money)| **money > 0);
    match and_list(some.map(|(from, money)| format!("{money} from {from}"))) {
        none if none.is_empty() => "nothing".to_owned(),
        some => some,
    }
}

/// The latest complete snapshot, and its sum against the right one.
fn draw_snapshot(complete: &Complete, all: u64, to: &mut NodeFrame) {
    let sum = complete.sum();
    if sum != all {
        to.tone = Tone::Bad;
    }
    to.chips
        .push(format!("snapshot {}: {sum} of {all}", complete.snapshot));
    to.figures.push(Figure::Gauge {
        name: format!("money in snapshot {}", complete.snapshot),
        value: sum as f64,
        max: sum.max(all) as f64 * 1.25,
        mark: Some(all as f64),
    });
    let rows = complete.parts.iter().map(|(id, part)| {
        let (balance, sum) = (part.balance.to_string(), part.sum().to_string());
        vec![id.to_string(), balance, recorded(part), sum]
    });
    to.figures.push(Figure::Table {
        head: ["branch", "balance", "on its way", "sum"]
            .map(str::to_owned)
            .to_vec(),
        rows: rows.collect(),
    });
}
