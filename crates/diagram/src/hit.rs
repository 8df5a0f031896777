//! Finding the event under the pointer, and moving with the keyboard.

use faultline_sim::process::NodeId;
use faultline_sim::sorted::sort_by;

use crate::content::{ends, in_sight};
use crate::index::Index;
use crate::view::View;

/// Events closer than this share one spot.
const SPOT: f64 = 1.5;
/// The most records checked for one click.
const MOST: usize = 200_000;

/// The records under a place, those of the nearest spot in order of time. Where no event is near, a
/// message's line counts as its sending. Another click on the same spot takes the next record.
#[must_use]
pub fn hits(index: &Index, view: &View, x: f64, y: f64, reach: f64) -> Vec<u64> {
    let lanes = view.lanes(index);
    let events = events_near(index, view, &lanes, (x, y), reach);
    if !events.is_empty() {
        return events;
    }
    let (first, end) = view.window(index);
    let mut nearest: Option<(f64, u64)> = None;
    for id in in_sight(index, (first, end.min(first + MOST))) {
        let message = &index.messages[id];
        let Some((from, to)) = ends(index, view, &lanes, message) else {
            continue;
        };
        let away = distance((x, y), from, to);
        if away <= reach && nearest.is_none_or(|(least, _)| away < least) {
            nearest = Some((away, message.from));
        }
    }
    nearest.map(|(_, seq)| vec![seq]).unwrap_or_default()
}

fn events_near(
    index: &Index,
    view: &View,
    lanes: &[NodeId],
    (x, y): (f64, f64),
    reach: f64,
) -> Vec<u64> {
    let narrow = View {
        from: view.at(x - reach),
        to: view.at(x + reach),
        ..View::default()
    };
    let narrow = View {
        axis: view.axis,
        ..narrow
    };
    let (first, end) = narrow.window(index);
    let mut found: Vec<(f64, f64, u64)> = Vec::new();
    let end = end.min(first + MOST);
    for (at, entry) in (first..end).zip(index.entries.range(first, end)) {
        let seq = at as u64 + 1;
        if !view.shows(index, seq) {
            continue;
        }
        let Some(lane) = view.y(lanes, NodeId(entry.node)) else {
            continue;
        };
        let place = view.x(view.place(seq, entry.time));
        let (dx, dy) = (place - x, lane - y);
        let away = dx * dx + dy * dy;
        if away <= reach * reach {
            found.push((away, place, seq));
        }
    }
    let nearest = found.iter().min_by(|a, b| a.0.total_cmp(&b.0)).copied();
    let Some((least, place, _)) = nearest else {
        return Vec::new();
    };
    // The same lane is equally far up or down; only that spot counts.
    found.retain(|(away, own, _)| (own - place).abs() <= SPOT && *away <= least + SPOT * reach);
    let weight = |seq: u64| index.entry(seq).map_or(0, |entry| entry.what.weight());
    // Prefers what is drawn on top.
    sort_by(&mut found, |a, b| {
        weight(b.2).cmp(&weight(a.2)).then(a.2.cmp(&b.2))
    });
    found.into_iter().map(|(.., seq)| seq).collect()
}

/// The distance of a point from a line between two others.
fn distance(p: (f64, f64), a: (f64, f64), b: (f64, f64)) -> f64 {
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let long = dx * dx + dy * dy;
    let along = if long > 0.0 {
        (((p.0 - a.0) * dx + (p.1 - a.1) * dy) / long).clamp(0.0, 1.0)
    } else {
        0.0
    };
    let (x, y) = (a.0 + dx * along - p.0, a.1 + dy * along - p.1);
    (x * x + y * y).sqrt()
}

/// The destination of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// The next event of the same lane.
    Next,
    /// The previous event.
    Before,
    /// The nearest event of the lane above.
    Up,
    /// The nearest event of the lane below.
    Down,
    /// The other end of the message.
    Along,
}

/// The destination of a key from an event, among the visible events.
#[must_use]
pub fn next_event(index: &Index, view: &View, seq: u64, by: Move) -> Option<u64> {
    let entry = index.entry(seq)?;
    if by == Move::Along {
        let message = index.message_of(seq)?;
        let other = if seq == message.end {
            message.from
        } else {
            message.end
        };
        let known = other != seq && index.entry(other).is_some();
        return known.then_some(other);
    }
    if entry.node == 0 {
        // From a loss, a command or a copy: its cause, or else the nearest event.
        let caused = entry.cause;
        let near = (index.first()..=seq).rev();
        let shown = |seq: &u64| view.shows(index, *seq);
        return Some(caused)
            .filter(shown)
            .or_else(|| near.take(MOST).find(shown));
    }
    let node = NodeId(entry.node);
    let shown = |at: &u32| Some(u64::from(*at) + 1).filter(|seq| view.shows(index, *seq));
    match by {
        Move::Next => {
            let places = &index.lanes[node.index()].places;
            let mut after = places.range(entry.own as usize, places.len());
            after.find_map(shown)
        }
        Move::Before => {
            let places = &index.lanes[node.index()].places;
            let before = places.range(places.first(), entry.own as usize - 1);
            before.rev().find_map(shown)
        }
        Move::Up | Move::Down => {
            let lanes = view.lanes(index);
            let here = lanes.binary_search(&node).ok()?;
            let mut others: Box<dyn Iterator<Item = &NodeId>> = if by == Move::Up {
                Box::new(lanes[..here].iter().rev())
            } else {
                Box::new(lanes[here + 1..].iter())
            };
            others.find_map(|node| nearest(index, view, *node, seq))
        }
        Move::Along => None,
    }
}

/// The event of a lane nearest to a record.
fn nearest(index: &Index, view: &View, node: NodeId, seq: u64) -> Option<u64> {
    let places = &index.lanes[node.index()].places;
    let at = places.partition_point(|at| u64::from(*at) < seq);
    let shown = |at: &u32| Some(u64::from(*at) + 1).filter(|seq| view.shows(index, *seq));
    let before = places.range(places.first(), at).rev().find_map(shown);
    let after = places.range(at, places.len()).find_map(shown);
    let place = |seq: u64| {
        index
            .entry(seq)
            .map_or(0.0, |entry| view.place(seq, entry.time))
    };
    let both = [before, after].into_iter().flatten();
    both.min_by(|a, b| {
        let away = |own: u64| (place(own) - place(seq)).abs();
        away(*a).total_cmp(&away(*b))
    })
}
