//! What the nodes show: their keys, and whether they have the news.

use faultline_sim::frame::{Figure, NodeFrame, Tone};
use faultline_sim::settings::Settings;
use faultline_sim::world::World;

use super::Gossip;
use super::probes::live;

/// Keys that a table shows at most.
const SHOWN: usize = 12;

pub fn draw(node: &Gossip, _settings: &Settings, to: &mut NodeFrame) {
    let tone = if node.data.is_empty() {
        Tone::Calm
    } else {
        Tone::Good
    };
    to.set(if node.stopped { "stopped" } else { "gossiping" }, tone);
    let keys = node.data.0.iter();
    let shown = keys.clone().take(SHOWN).map(|(key, writes)| {
        let values: Vec<&str> = writes
            .iter()
            .map(|write| write.value.as_deref().unwrap_or("(deleted)"))
            .collect();
        let versions: Vec<String> = writes
            .iter()
            .map(|w| w.version.number().to_string())
            .collect();
        [key.clone(), values.join(" or "), versions.join(" and ")]
    });
    let rows: Vec<Vec<String>> = shown.map(Vec::from).collect();
    to.label = match rows.as_slice() {
        [] => "Nothing yet".to_owned(),
        [one] => format!("{} = {}", one[0], one[1]),
        many if many.len() == node.data.0.len() => format!("{} keys", many.len()),
        _ => format!("{} keys", node.data.0.len()),
    };
    if !rows.is_empty() {
        to.figures.push(Figure::Table {
            head: ["key", "value", "version"].map(str::to_owned).to_vec(),
            rows,
        });
    }
}

/// One sentence: how far the news is.
pub fn narrate(world: &World) -> Option<String> {
    let all = live(world).count();
    let first = live(world).find(|(_, node)| !node.data.is_empty());
    let Some((_, first)) = first else {
        return Some("No node has any data yet.".to_owned());
    };
    let keys: std::collections::BTreeSet<&String> = live(world)
        .flat_map(|(_, node)| node.data.0.keys())
        .collect();
    let with_all = live(world).filter(|(_, node)| node.data.0.len() == keys.len());
    let agree = live(world).all(|(_, node)| node.data == first.data);
    Some(if agree {
        format!("All {all} live nodes have the same data.")
    } else if keys.len() == 1 {
        format!("{} of {all} live nodes have the key.", with_all.count())
    } else {
        format!(
            "{} of {all} live nodes have all {} keys.",
            with_all.count(),
            keys.len()
        )
    })
}
