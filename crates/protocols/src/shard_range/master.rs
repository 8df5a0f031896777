//! The master: keeps the table, and orders moves, one at a time. All of it is on disk.

use faultline_sim::process::{Context, NodeId};
use faultline_sim::settings::Settings;
use faultline_sim::sorted::SortedMap;
use serde::Serialize;

use super::descriptor::{AGAIN, SHARDS};
use super::table::{Row, Table, old_keys, row_of, text};
use super::{Message, Move, Node, Timer, marks};

#[derive(Clone, Debug, Hash, Serialize)]
pub struct Master {
    pub table: Table,
    /// Moves that were ordered so far.
    pub moves: u64,
    /// The one under way, with the shard that has the rows.
    pub moving: Option<(NodeId, Move)>,
    /// How many keys each shard has, as far as it knows.
    pub keys: SortedMap<NodeId, u32>,
}

impl Master {
    pub fn new(settings: &Settings) -> Self {
        let table = Table::first(settings);
        let shards = 2..=1 + settings.count(&SHARDS);
        let mut keys: SortedMap<NodeId, u32> = shards.map(|id| (NodeId(id), 0)).collect();
        for key in old_keys(settings) {
            let row = row_of(settings, key);
            for shard in table.split(&[(row, row + 1)]).keys() {
                *keys.entry(*shard).or_default() += 1;
            }
        }
        Self {
            table,
            moves: 0,
            moving: None,
            keys,
        }
    }

    pub fn receive(&mut self, cx: &mut Context<Node>, from: NodeId, message: Message) {
        match message {
            Message::Lookup => cx.send(from, Message::NewTable(self.table.clone())),
            Message::Full {
                from: start,
                to,
                middle,
                keys,
            } => {
                self.keys.insert(from, keys);
                let range = (start, to, from);
                let known = self.table.ranges().any(|known| known == range);
                if known && self.moving.is_none() && start < middle && middle < to {
                    self.split(cx, from, middle, to);
                }
            }
            Message::Serves { number, keys } => self.assign(cx, number, keys),
            _ => {}
        }
    }

    /// The upper half goes to the shard with the fewest keys.
    fn split(&mut self, cx: &mut Context<Node>, source: NodeId, from: Row, to: Row) {
        let others = self.keys.iter().filter(|(id, _)| **id != source);
        let Some((target, _)) = others.min_by_key(|(id, keys)| (**keys, **id)) else {
            return;
        };
        self.moves += 1;
        let moved = Move {
            number: self.moves,
            from,
            to,
            target: *target,
        };
        cx.mark(&marks::SPLITS, (source, text(from), *target));
        self.moving = Some((source, moved));
        self.order(cx);
    }

    /// Orders the move, and again as long as nobody serves the rows.
    pub fn order(&mut self, cx: &mut Context<Node>) {
        if let Some((source, moved)) = self.moving {
            cx.send(source, Message::Give(moved));
            cx.set_timer(Timer::Move, cx.duration(&AGAIN));
        }
    }

    fn assign(&mut self, cx: &mut Context<Node>, number: u64, keys: u32) {
        let open = self.moving.filter(|(_, moved)| moved.number == number);
        let Some((source, moved)) = open else {
            return;
        };
        let new = keys.saturating_sub(self.keys.get(&moved.target).copied().unwrap_or(0));
        let left = self.keys.entry(source).or_default();
        *left = left.saturating_sub(new);
        self.keys.insert(moved.target, keys);
        self.table.starts.insert(moved.from, moved.target);
        self.table.epoch += 1;
        self.moving = None;
        cx.cancel_timer(&Timer::Move);
        let from = text(moved.from);
        cx.mark(&marks::ASSIGNS, (from, moved.target, self.table.epoch));
    }
}
