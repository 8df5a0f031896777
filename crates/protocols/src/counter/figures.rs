//! What nodes and messages show: counts by node, and the total against the truth.

use faultline_sim::frame::{Answers, Figure, NodeFrame, Tone, Word};
use faultline_sim::settings::Settings;
use faultline_sim::text::{and_list, counted};
use faultline_sim::world::World;

use super::descriptor::{LIMIT, SHARES, TWO_COUNTERS};
use super::truth::live;
use super::{Count, Counter, Message, Role, share_of};

pub fn draw(node: &Counter, settings: &Settings, to: &mut NodeFrame) {
    if node.role == Role::Client {
        to.set("client", Tone::Client);
        to.label = "Client".to_owned();
        let waiting = node.calls.open.len() as u64;
        if waiting > 0 {
            to.chips.push(format!(
                "waits for {}",
                counted(waiting, "answer", "answers")
            ));
        }
        return;
    }
    to.set("node", Tone::Calm);
    let total = node.total_count();
    to.label = format!("total {total}");
    to.inside = Some(Word::of(total));
    let own = match settings.switch(&TWO_COUNTERS) && node.local.down > 0 {
        true => format!("own {} up, {} down", node.local.up, node.local.down),
        false => format!("own {}", node.local.value()),
    };
    to.chips.push(own);
    if settings.count(&LIMIT) > 0 && settings.switch(&SHARES) {
        to.chips
            .push(format!("share {}", share_of(settings, to.id)));
    }
    if !node.unconfirmed.is_empty() {
        let waits = node.unconfirmed.keys().map(|id| id.0);
        to.chips.push(format!("waits for {}", and_list(waits)));
    }
    rows(node, settings, to);
}

/// One row a node: its own count, those it has seen, and the sum.
fn rows(node: &Counter, settings: &Settings, to: &mut NodeFrame) {
    let apart = settings.switch(&TWO_COUNTERS);
    let row = |name: String, count: &Count| {
        if apart {
            let (up, down) = (count.up.to_string(), count.down.to_string());
            vec![name, up, down, count.value().to_string()]
        } else {
            vec![name, count.value().to_string()]
        }
    };
    let mut rows = vec![row("own".to_owned(), &node.local)];
    rows.extend(
        node.seen
            .iter()
            .map(|(id, count)| row(format!("node {}", id.0), count)),
    );
    let mut sum = vec!["total".to_owned()];
    if apart {
        sum.extend([String::new(), String::new()]);
    }
    sum.push(node.total_count().to_string());
    rows.push(sum);
    let head: &[&str] = match apart {
        true => &["seen from", "up", "down", "count"],
        false => &["seen from", "count"],
    };
    to.figures.push(Figure::Table {
        head: head.iter().map(|word| (*word).to_owned()).collect(),
        rows,
    });
}

pub fn word(message: &Message) -> Option<Word> {
    Some(match message {
        Message::Update { of, count } => Word::of(format_args!("node {}: {}", of.0, count.value())),
        Message::Confirm { .. } => Word::of("ok"),
        Message::Ask => Word::of("your counts?"),
        Message::Counts { counts } => Word::of(counted(counts.len() as u64, "count", "counts")),
        Message::Add { by: 0, .. } => Word::of("total?"),
        Message::Add { by, .. } => Word::of(format_args!("{by:+}")),
        Message::Total {
            total: Some(total), ..
        } => Word::of(format_args!("total {total}")),
        Message::Total { total: None, .. } => Word::of("refused"),
    })
}

/// The total that each node has, beside what all nodes hold together.
pub fn answers(world: &World) -> Option<Answers> {
    let all = world.ids().filter_map(|id| world.node::<Counter>(id));
    let truth: i64 = all.map(|node| node.local.value()).sum();
    let by = live(world).map(|(id, node)| (id, Some(node.total_count().to_string())));
    Answers::of("the total", Some(("True total", truth.to_string())), by)
}
