//! Rows, ranges of rows, and the table that says which shard serves which range.

use faultline_sim::process::NodeId;
use faultline_sim::rng::mix;
use faultline_sim::settings::Settings;
use faultline_sim::sorted::SortedMap;
use serde::Serialize;

use super::descriptor::{SALT, SHARDS};

/// What a key comes to in the sorted order of the store.
pub type Row = u32;

/// Where the last range ends.
pub const END: Row = Row::MAX;

/// Keys of each range at the beginning.
pub const WIDTH: u32 = 1_000;

/// With salt, the first row of each bucket is a multiple of this. All keys are smaller.
pub const BUCKET: u32 = 100_000;

/// Of the keys before today, one in so many is stored at the beginning.
const OLD: usize = 50;

/// Today's first key: those before it fill all ranges but the last.
pub fn today(settings: &Settings) -> u32 {
    (settings.count(&SHARDS).max(1) - 1) * WIDTH
}

pub fn old_keys(settings: &Settings) -> impl Iterator<Item = u32> {
    (0..today(settings)).step_by(OLD)
}

/// With salt, a hash of the key comes first, so that neighbours lie in different ranges.
pub fn row_of(settings: &Settings, key: u32) -> Row {
    match settings.switch(&SALT) {
        true => {
            let buckets = u64::from(settings.count(&SHARDS).max(1));
            (mix(u64::from(key)) % buckets) as u32 * BUCKET + key
        }
        false => key,
    }
}

/// Where the rows of neighbouring keys lie: together, or some in each bucket.
pub fn rows_of(settings: &Settings, from: u32, to: u32) -> Vec<(Row, Row)> {
    if to == from + 1 {
        let row = row_of(settings, from);
        return vec![(row, row + 1)];
    }
    let buckets = if settings.switch(&SALT) {
        settings.count(&SHARDS).max(1)
    } else {
        1
    };
    let of = |bucket| (bucket * BUCKET + from, bucket * BUCKET + to);
    (0..buckets).map(of).collect()
}

/// A row in words.
pub fn text(row: Row) -> String {
    match (row, row / BUCKET) {
        (END, _) => "the end".to_owned(),
        (_, 0) => row.to_string(),
        (_, bucket) => format!("{bucket}/{}", row % BUCKET),
    }
}

/// Which shard serves which range. A newer table has a larger epoch.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Table {
    pub epoch: u64,
    /// By the first row of each range; it ends where the next one begins.
    pub starts: SortedMap<Row, NodeId>,
}

impl Table {
    /// As it is at the beginning: one range for each shard.
    pub fn first(settings: &Settings) -> Self {
        let width = if settings.switch(&SALT) {
            BUCKET
        } else {
            WIDTH
        };
        let shards = 0..settings.count(&SHARDS).max(1);
        let starts = shards.map(|place| (place * width, NodeId(2 + place)));
        Self {
            epoch: 1,
            starts: starts.collect(),
        }
    }

    /// All ranges: the first row, the row behind the last, the shard.
    pub fn ranges(&self) -> impl Iterator<Item = (Row, Row, NodeId)> + '_ {
        let ends = self.starts.keys().skip(1).copied().chain([END]);
        let starts = self.starts.iter().zip(ends);
        starts.map(|((from, shard), to)| (*from, to, *shard))
    }

    /// The shards that have some of these rows, each with its pieces.
    pub fn split(&self, pieces: &[(Row, Row)]) -> SortedMap<NodeId, Vec<(Row, Row)>> {
        let mut found: SortedMap<NodeId, Vec<(Row, Row)>> = SortedMap::new();
        for (from, to) in pieces {
            for (start, end, shard) in self.ranges() {
                let piece = (start.max(*from), end.min(*to));
                if piece.0 < piece.1 {
                    found.entry(shard).or_default().push(piece);
                }
            }
        }
        found
    }
}
