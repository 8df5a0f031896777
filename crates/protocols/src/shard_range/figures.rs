//! How nodes are drawn: the master with the table, a shard with its ranges, a client with what it waits for.

use faultline_sim::frame::{Figure, NodeFrame, Tone, Word};
use faultline_sim::process::NodeId;
use faultline_sim::settings::Settings;

use super::Node;
use super::client::Client;
use super::descriptor::{CLIENTS, SPLIT_AT, WRITES};
use super::shard::Shard;
use super::table::{Row, Table, text};

/// Ranges that are listed at most.
const SHOWN: usize = 32;

pub fn draw(node: &Node, settings: &Settings, to: &mut NodeFrame) {
    match node {
        Node::Master(own) => {
            to.set("master", Tone::Coordinator);
            to.inside = Some(Word::of(format_args!("epoch {}", own.table.epoch)));
            let moved = own.moving.as_ref();
            let moved = moved.map(|(_, moved)| format!("moves rows to {}", moved.target));
            to.chips.extend(moved);
            to.figures.push(table(&own.table));
        }
        Node::Shard(own) => draw_shard(own, settings, to),
        Node::Client(own) => draw_client(own, to),
    }
}

fn range(from: Row, to: Row) -> [String; 2] {
    [text(from), text(to)]
}

fn table(table: &Table) -> Figure {
    let row = |(from, to, shard): (Row, Row, NodeId)| {
        let [from, to] = range(from, to);
        vec![from, to, shard.to_string()]
    };
    Figure::Table {
        head: ["from", "below", "shard"].map(str::to_owned).to_vec(),
        rows: table.ranges().take(SHOWN).map(row).collect(),
    }
}

/// A shard is hot if more than half of all writes came to it.
fn draw_shard(own: &Shard, settings: &Settings, to: &mut NodeFrame) {
    let all = settings.param(&WRITES) * settings.param(&CLIENTS);
    let tone = match own.writes as f64 {
        writes if writes > all / 2.0 => Tone::Bad,
        writes if writes > 0.0 => Tone::Busy,
        _ => Tone::Calm,
    };
    to.set("shard", tone);
    to.layer = 1;
    to.inside = Some(Word::of(format_args!("{} keys", own.rows.len())));
    to.chips.push(format!("{} writes", own.writes));
    if let Some(leaving) = &own.leaving {
        to.chips
            .push(format!("gives {} away", text(leaving.moved.from)));
    }
    to.figures.push(Figure::Gauge {
        name: "writes stored".to_owned(),
        value: own.writes as f64,
        max: all.max(own.writes as f64).max(1.0),
        mark: None,
    });
    let most = settings.count(&SPLIT_AT);
    let rows = own.ranges.iter().take(SHOWN).map(|(from, to)| {
        let keys = own.rows_in(*from, *to).count();
        let [from, to] = range(*from, *to);
        let full = if most > 0 && keys > most as usize {
            "full"
        } else {
            ""
        };
        vec![from, to, keys.to_string(), full.to_owned()]
    });
    to.figures.push(Figure::Table {
        head: ["from", "below", "keys", ""].map(str::to_owned).to_vec(),
        rows: rows.collect(),
    });
}

fn draw_client(own: &Client, to: &mut NodeFrame) {
    to.set("client", Tone::Client);
    let open = own.calls.open.len();
    if open > 0 {
        to.label = format!("client, {open} open");
    }
    to.inside = Some(Word::of(format_args!("epoch {}", own.table.epoch)));
    to.fields([
        ("requests", (own.calls.next - 1).to_string()),
        ("still waiting", open.to_string()),
    ]);
    to.figures.push(table(&own.table));
}
