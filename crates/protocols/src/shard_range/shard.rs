//! A shard: stores the rows of its ranges, and gives a part of them away. All of it is on disk.

use faultline_sim::process::{Context, NodeId};
use faultline_sim::settings::Settings;
use faultline_sim::sorted::SortedMap;
use serde::Serialize;

use super::descriptor::{AGAIN, CHECK_RANGE, KEEP_COPY, RELEASE_FIRST, SPLIT_AT};
use super::table::{Row, Table, old_keys, row_of};
use super::{MASTER, Message, Move, Node, Timer, Try, marks};

#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct Shard {
    /// The ranges that it serves: the first row, and the row behind the last.
    pub ranges: SortedMap<Row, Row>,
    pub rows: SortedMap<Row, u64>,
    /// Rows that it gives away, until the other shard has them.
    pub leaving: Option<Leaving>,
    /// The latest moves from here and to here.
    pub given: u64,
    pub taken: u64,
    /// Writes that it has stored.
    pub writes: u64,
}

#[derive(Clone, Debug, Hash, Serialize)]
pub struct Leaving {
    pub moved: Move,
    pub rows: SortedMap<Row, u64>,
}

impl Shard {
    pub fn new(me: NodeId, settings: &Settings) -> Self {
        let table = Table::first(settings);
        let own = table.ranges().filter(|(.., shard)| *shard == me);
        let mut shard = Self {
            ranges: own.map(|(from, to, _)| (from, to)).collect(),
            ..Self::default()
        };
        let rows = old_keys(settings).map(|key| row_of(settings, key));
        let own = rows.filter(|row| shard.serves(*row, row + 1));
        shard.rows = own.map(|row| (row, 0)).collect();
        shard
    }

    /// Whether it serves all rows of a piece.
    pub fn serves(&self, from: Row, to: Row) -> bool {
        self.range_of(from).is_some_and(|(_, end)| to <= end)
    }

    fn range_of(&self, row: Row) -> Option<(Row, Row)> {
        let mut all = self.ranges.iter();
        let found = all.find(|(from, to)| (**from..**to).contains(&row));
        found.map(|(from, to)| (*from, *to))
    }

    pub fn rows_in(&self, from: Row, to: Row) -> impl Iterator<Item = (Row, u64)> + Clone + '_ {
        let all = self.rows.iter();
        let inside = all.filter(move |(row, _)| (from..to).contains(*row));
        inside.map(|(row, value)| (*row, *value))
    }

    pub fn receive(&mut self, cx: &mut Context<Node>, from: NodeId, message: Message) {
        match message {
            Message::Put { of, row, value } => self.put(cx, from, of, row, value),
            Message::Scan { of, pieces } => {
                let serves = pieces.iter().all(|(from, to)| self.serves(*from, *to));
                if serves || !cx.switch(&CHECK_RANGE) {
                    let count = |(from, to): &(Row, Row)| self.rows_in(*from, *to).count() as u32;
                    let keys = pieces.iter().map(count).sum();
                    cx.send(from, Message::Rows { of, keys });
                } else {
                    cx.send(from, Message::Refused { of });
                }
            }
            Message::Give(moved) => self.give(cx, moved),
            Message::Load { moved, rows } => self.take(cx, from, moved, rows),
            Message::Loaded { number } => self.forget(cx, number),
            _ => {}
        }
    }

    fn put(&mut self, cx: &mut Context<Node>, from: NodeId, of: Try, row: Row, value: u64) {
        if cx.switch(&CHECK_RANGE) && !self.serves(row, row + 1) {
            return cx.send(from, Message::Refused { of });
        }
        self.rows.insert(row, value);
        self.writes += 1;
        cx.write();
        cx.mark(&marks::STORES, super::table::text(row));
        cx.send(from, Message::Stored { of });
        self.look_for_full(cx, row);
    }

    /// Tells the master if this row's range has too many keys.
    fn look_for_full(&self, cx: &mut Context<Node>, row: Row) {
        let most = cx.count(&SPLIT_AT) as usize;
        let Some((from, to)) = self.range_of(row).filter(|_| most > 0) else {
            return;
        };
        let inside = self.rows_in(from, to);
        let count = inside.clone().count();
        let middle = inside.clone().nth(count / 2);
        if let Some((middle, _)) = middle.filter(|_| count > most && self.leaving.is_none()) {
            let keys = self.rows.len() as u32;
            let full = Message::Full {
                from,
                to,
                middle,
                keys,
            };
            cx.send(MASTER, full);
        }
    }

    /// The master orders a move; again, if it has not heard of its end.
    fn give(&mut self, cx: &mut Context<Node>, moved: Move) {
        if moved.number > self.given {
            self.given = moved.number;
            cx.write();
            let rows: SortedMap<Row, u64> = self.rows_in(moved.from, moved.to).collect();
            cx.mark(&marks::MOVES, (rows.len(), moved.target));
            self.leaving = Some(Leaving { moved, rows });
            if cx.switch(&RELEASE_FIRST) {
                self.release(moved);
            }
            self.send_leaving(cx);
            let keep = cx.switch(&KEEP_COPY);
            if let Some(own) = self.leaving.as_mut().filter(|_| !keep) {
                own.rows.clear();
            }
        } else if moved.number == self.given && self.leaving.is_none() {
            // The other shard has the rows. It will say so again.
            let rows = Vec::new();
            cx.send(moved.target, Message::Load { moved, rows });
        }
    }

    /// Does not serve these rows any more.
    fn release(&mut self, moved: Move) {
        let Some((from, to)) = self.range_of(moved.from) else {
            return;
        };
        if to == moved.to {
            self.ranges.remove(&from);
            if from < moved.from {
                self.ranges.insert(from, moved.from);
            }
            self.rows
                .retain(|row, _| !(moved.from..moved.to).contains(row));
        }
    }

    pub fn send_leaving(&mut self, cx: &mut Context<Node>) {
        if let Some(Leaving { moved, rows }) = &self.leaving {
            let moved = *moved;
            let rows = rows.iter().map(|(row, value)| (*row, *value)).collect();
            cx.send(moved.target, Message::Load { moved, rows });
            cx.set_timer(Timer::Move, cx.duration(&AGAIN));
        }
    }

    /// Takes over a range. A copy of an old move is only answered.
    fn take(&mut self, cx: &mut Context<Node>, from: NodeId, moved: Move, rows: Vec<(Row, u64)>) {
        let number = moved.number;
        if number > self.taken {
            self.taken = number;
            cx.write();
            self.ranges.insert(moved.from, moved.to);
            let count = rows.len();
            for (row, value) in rows {
                self.rows.insert(row, value);
            }
            let name = super::table::text(moved.from);
            cx.mark(&marks::SERVES, (name, count, moved.from, moved.to));
        }
        if number == self.taken {
            cx.send(from, Message::Loaded { number });
            let keys = self.rows.len() as u32;
            cx.send(MASTER, Message::Serves { number, keys });
        }
    }

    fn forget(&mut self, cx: &mut Context<Node>, number: u64) {
        let own = self.leaving.take_if(|own| own.moved.number == number);
        if let Some(own) = own {
            cx.write();
            if !cx.switch(&RELEASE_FIRST) {
                self.release(own.moved);
            }
            cx.cancel_timer(&Timer::Move);
        }
    }
}
