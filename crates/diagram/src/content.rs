//! From a window of an index to shapes. The cost depends on the visible records, found by binary
//! search, and the number of shapes is bounded: events that share a few pixels of a lane become a
//! bundle, and of very many messages only an even sample is drawn.

use faultline_sim::event::Loss;
use faultline_sim::process::NodeId;

use crate::event_kind::EventKind;
use crate::index::{Index, STRIDE};
use crate::labels::{self, Labelled};
use crate::message::{Fate, Message};
use crate::shape::{Line, Shape, TextRole};
use crate::spans::SpanKind;
use crate::view::{Axis, View};

/// The most messages drawn; lost ones come first.
const MOST_MESSAGES: usize = 1_200;
/// Up to this many visible messages, each has its sign.
const SIGNED: usize = 90;
/// Up to this many, delays and losses have words.
const TOLD: usize = 60;
/// With more visible messages, each is a thin line.
const PLAIN: usize = 400;
/// The width of one dot in pixels.
const COLUMN: f64 = 4.0;
/// Closer rows share their dots.
const ROW: f64 = 3.0;
/// A shorter line has no sign.
const SIGN_ROOM: f64 = 44.0;
/// The text for forgotten records.
const NOT_DRAWN: &str = "too many events: earlier ones are not drawn";
/// How far a message is drawn that was lost where it was sent, in pixels.
const STUB: (f64, f64) = (16.0, 22.0);

/// The shapes of a window, in painting order.
#[must_use]
pub fn content(index: &Index, view: &View) -> Vec<Shape> {
    let lanes = view.lanes(index);
    let mut sheet = Sheet {
        index,
        view,
        pitch: view.pitch(lanes.len()),
        window: view.window(index),
        lanes,
        out: Vec::new(),
    };
    labels::ticks(view, &mut sheet.out);
    sheet.forgotten();
    sheet.sides();
    sheet.lanes();
    sheet.spans();
    sheet.flags();
    sheet.messages();
    sheet.cuts();
    sheet.events();
    sheet.out
}

/// The content of a window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Events of visible nodes.
    pub events: usize,
    /// Messages that are in flight at some time.
    pub messages: usize,
    /// The lost ones among them.
    pub lost: usize,
    /// There are more messages than are drawn.
    pub thinned: bool,
}

/// Counts the visible content of a window, even if there is no room to draw it all.
#[must_use]
pub fn counts(index: &Index, view: &View) -> Counts {
    let (first, end) = view.window(index);
    let hidden = |id: &u32| {
        let Message { address, kind, .. } = &index.messages[*id];
        let ends = [address.from, address.to];
        view.silent.contains(kind) || ends.iter().any(|end| view.hidden.contains(end))
    };
    let mut ids = in_sight(index, (first, end));
    ids.retain(|id| !hidden(id));
    let lost = |id: &&u32| matches!(index.messages[**id].fate, Fate::Lost(_));
    Counts {
        events: (first..end)
            .filter(|at| view.shows(index, *at as u64 + 1))
            .count(),
        messages: ids.len(),
        lost: ids.iter().filter(lost).count(),
        thinned: ids.len() > MOST_MESSAGES,
    }
}

struct Sheet<'a> {
    index: &'a Index,
    view: &'a View,
    lanes: Vec<NodeId>,
    pitch: f64,
    window: (usize, usize),
    out: Vec<Shape>,
}

/// Dots of one row in the same column.
#[derive(Clone, Copy)]
struct Bucket {
    column: i64,
    y: f64,
    first: u64,
    /// The places of the first and the last.
    x: (f64, f64),
    best: (u8, u64),
    count: u32,
    /// The first two with different places.
    apart: Option<u64>,
}

impl Sheet<'_> {
    fn clip(&self, from: f64, to: f64) -> Option<(f64, f64)> {
        let (left, right) = (self.view.left(), self.view.right());
        let (a, b) = (self.view.x(from).max(left), self.view.x(to).min(right));
        (b > a).then_some((a, b))
    }

    /// If a window starts before the oldest kept record, a text says that earlier events are not shown.
    fn forgotten(&mut self) {
        let first = self.index.first();
        let Some(entry) = self.index.entry(first).filter(|_| first > 1) else {
            return;
        };
        let view = self.view;
        let room = labels::width(NOT_DRAWN, view) + 16.0;
        if view.x(view.place(first, entry.time)) > view.left() + room {
            let at = (view.left() + 8.0, view.top() + 14.0 * view.scale);
            self.text(at, NOT_DRAWN, TextRole::State);
        }
    }

    fn lanes(&mut self) {
        let view = self.view;
        let named = self.pitch >= 13.0 * view.scale;
        let names = view.names(self.index);
        // With very many lanes, draws only as many as there are pixels.
        let every = (2.0 / self.pitch).ceil().max(1.0) as usize;
        for node in self.lanes.iter().step_by(every) {
            let first = self.index.of_lane(*node, 1);
            let entry = first.and_then(|seq| Some((seq, self.index.entry(seq)?.time)));
            let begins = entry.map_or(f64::MIN, |(seq, time)| view.place(seq, time));
            let begins = view.x(begins.max(view.from)).max(view.left());
            if let Some(y) = view.y(&self.lanes, *node) {
                self.out.push(Shape::Lane {
                    name: names[node.index()].clone(),
                    whole: self.index.name(*node),
                    y,
                    x: (begins, view.right()),
                    named,
                });
            }
        }
    }

    fn spans(&mut self) {
        let end = self.view.to;
        for span in self.index.spans() {
            let from = self.view.place(span.from.0, span.from.1);
            let to = span
                .until
                .map_or(end, |(seq, time)| self.view.place(seq, time));
            let y = self.view.y(&self.lanes, span.node);
            if let (Some(x), Some(y)) = (self.clip(from, to), y) {
                if self.out.last().is_some_and(|last| covers(last, y, x.1)) {
                    continue;
                }
                self.out.push(Shape::Span {
                    kind: span.kind,
                    y,
                    x,
                });
                let word = match span.kind {
                    SpanKind::Down => "down",
                    SpanKind::Paused => "paused",
                    SpanKind::Gone => "removed",
                };
                let room = labels::width(word, self.view) + 24.0;
                if x.1 - x.0 > room && self.pitch > 26.0 * self.view.scale {
                    self.text(
                        (x.0 + 14.0, y - 11.0 * self.view.scale),
                        word,
                        TextRole::State,
                    );
                }
            }
        }
    }

    fn sides(&mut self) {
        for split in self.index.splits() {
            let from = self.view.place(split.from.0, split.from.1);
            let to = split
                .until
                .map_or(self.view.to, |(seq, time)| self.view.place(seq, time));
            let Some(x) = self.clip(from, to) else {
                continue;
            };
            for node in &self.lanes {
                if let (Some(side), Some(y)) =
                    (split.side_of(*node), self.view.y(&self.lanes, *node))
                {
                    self.out.push(Shape::Side { side, y, x });
                }
            }
        }
    }

    fn flags(&mut self) {
        let (from, to) = (self.window.0 as u64 + 1, self.window.1 as u64);
        let y = (self.view.top() - 4.0, self.view.bottom());
        let (mut last, mut free) = (f64::MIN, f64::MIN);
        for (seq, text) in self.index.texts(from, to) {
            let Some(entry) = self.index.entry(seq) else {
                continue;
            };
            let x = self.view.x(self.view.place(seq, entry.time));
            let broken = entry.what == EventKind::Violated;
            if x - last < 2.0 && !broken {
                continue;
            }
            last = x;
            self.out.push(Shape::Flag { seq, x, y, broken });
            let text = labels::shortened(text, labels::COMMAND);
            let wide = labels::width(&text, self.view);
            let at = x.min(self.view.right() - wide);
            if at > free && at >= self.view.left() {
                free = at + wide + 8.0;
                let y = self.view.top() - 12.0 * self.view.scale;
                self.text((at, y), &text, TextRole::Flag);
            }
        }
    }

    /// A cut goes from lane to lane, in the order in which they are drawn.
    fn cuts(&mut self) {
        let (from, to) = (self.window.0 as u64 + 1, self.window.1 as u64);
        for (_, seqs) in self.index.cuts(from, to) {
            let mut points: Vec<(f64, f64)> = seqs
                .into_iter()
                .filter_map(|seq| {
                    let entry = self.index.entry(seq)?;
                    let x = self.view.x(self.view.place(seq, entry.time));
                    let x = x.clamp(self.view.left(), self.view.right());
                    Some((x, self.view.y(&self.lanes, NodeId(entry.node))?))
                })
                .collect();
            points.sort_by(|a, b| a.1.total_cmp(&b.1));
            if points.len() > 1 {
                self.out.push(Shape::Cut { points });
            }
        }
    }

    fn text(&mut self, at: (f64, f64), text: &str, role: TextRole) {
        self.out.push(Shape::Text {
            at,
            text: text.to_owned(),
            role,
            centred: false,
        });
    }

    // Messages ----------------------------------------------------------------------------------

    fn messages(&mut self) {
        let ids = in_sight(self.index, self.window);
        let stride = ids.len().div_ceil(MOST_MESSAGES).max(1);
        let (signed, told) = (ids.len() <= SIGNED, ids.len() <= TOLD);
        let plain = ids.len() > PLAIN;
        let mut lost = 0;
        for id in ids {
            let message = &self.index.messages[id];
            let is_lost = matches!(message.fate, Fate::Lost(_));
            let drawn = (id as usize).is_multiple_of(stride);
            if !(drawn || is_lost && lost < MOST_MESSAGES / 4) {
                continue;
            }
            lost += usize::from(is_lost);
            let Some((from, to)) = ends(self.index, self.view, &self.lanes, message) else {
                continue;
            };
            let (look, letter) = self.view.look(message.kind);
            let long = (to.0 - from.0).abs() + (to.1 - from.1).abs() > SIGN_ROOM * self.view.scale;
            let line = Line {
                seq: message.from,
                from,
                to,
                look,
                letter,
                fate: message.fate.clone(),
                late: message.late > 0 || message.held,
                copy: message.is_copy(),
                plain,
                // A log does not know the kinds of its messages, so they have no signs.
                sign: (signed && long && !message.kind.is_empty())
                    .then(|| self.sign_place(from, to)),
            };
            if told {
                self.describe(message, &line);
            }
            self.crossing(message, from, to);
            self.out.push(Shape::Message(line));
        }
    }

    /// Near the middle, but not on a lane that the message only crosses.
    fn sign_place(&self, from: (f64, f64), to: (f64, f64)) -> (f64, f64) {
        let crossed = ((to.1 - from.1).abs() / self.pitch).round();
        let part = if crossed > 0.0 && crossed % 2.0 == 0.0 {
            (crossed / 2.0 + 0.5) / crossed
        } else {
            0.5
        };
        (
            from.0 + (to.0 - from.0) * part,
            from.1 + (to.1 - from.1) * part,
        )
    }

    fn describe(&mut self, message: &Message, line: &Line) {
        if line.late && line.sign.is_some() {
            let text = match message.late {
                0 => "held".to_owned(),
                late => format!("+{}", late / 1_000),
            };
            if let Some((x, y)) = line.sign {
                let at = (x + 12.0 * self.view.scale, y + 5.0 * self.view.scale);
                self.text(at, &text, TextRole::Late);
            }
        }
        if let Fate::Lost(by) = &message.fate {
            let word = match by {
                Loss::Down => "down",
                Loss::Removed => "removed",
                Loss::Chance => "lost",
                Loss::Dropped => "dropped",
                Loss::Blocked(_) => "blocked",
                Loss::Lie(_) => "lie",
                Loss::Unwritten => "never sent",
                Loss::Full => "queue full",
            };
            self.text((line.to.0 + 9.0, line.to.1 + 4.0), word, TextRole::Why);
        }
    }

    /// Where the line of a message crosses the line that overtook it.
    fn crossing(&mut self, message: &Message, a: (f64, f64), b: (f64, f64)) {
        let other = message.overtaken_by;
        let other = other.and_then(|id| self.index.message(id));
        let other = other.and_then(|other| ends(self.index, self.view, &self.lanes, other));
        let Some((c, d)) = other else { return };
        // Both go between the same two lanes, so equal shares of height are equal shares of the path.
        let (gap_before, gap_after) = (c.0 - a.0, b.0 - d.0);
        if gap_before + gap_after <= 0.0 {
            return;
        }
        let part = gap_before / (gap_before + gap_after);
        let at = (a.0 + (b.0 - a.0) * part, a.1 + (b.1 - a.1) * part);
        self.out.push(Shape::Crossing {
            at,
            seq: message.from,
        });
    }

    // Events ------------------------------------------------------------------------------------

    fn events(&mut self) {
        let (view, index) = (self.view, self.index);
        let rows = ((view.bottom() / ROW) as usize + 1).min(self.lanes.len().max(1));
        let shared = self.pitch < ROW;
        let column = COLUMN * view.scale;
        let mut buckets: Vec<Option<Bucket>> = vec![None; rows.max(self.lanes.len().min(4_096))];
        let mut labelled = Vec::new();
        let (left, per_unit) = (view.left(), 1.0 / view.per_pixel());
        let mut lane_of = vec![None; index.nodes() + 1];
        for (lane, node) in self.lanes.iter().enumerate() {
            lane_of[node.0 as usize] = Some(lane);
        }
        let (first, end) = self.window;
        for (at, entry) in (first..end).zip(index.entries.range(first, end)) {
            let seq = at as u64 + 1;
            let timer = entry.what.is_timer() && !view.timers;
            let lane = lane_of.get(entry.node as usize).copied().flatten();
            let Some(lane) = lane.filter(|_| !timer) else {
                continue;
            };
            if !view.silent.is_empty() && !view.shows(index, seq) {
                continue;
            }
            let x = left + (view.place(seq, entry.time) - view.from) * per_unit;
            let y = view.top() + self.pitch * (lane as f64 + 0.5);
            let row = if shared { (y / ROW) as usize } else { lane };
            let in_column = (x / column).floor() as i64;
            let Some(place) = buckets.get_mut(row) else {
                continue;
            };
            let best = (entry.what.weight(), seq);
            match place {
                Some(bucket) if bucket.column == in_column => {
                    if x - bucket.x.1 > 0.75 {
                        bucket.count += 1;
                        bucket.apart.get_or_insert(seq);
                    }
                    bucket.x.1 = x;
                    if best.0 >= bucket.best.0 {
                        bucket.best = best;
                    }
                }
                _ => {
                    let next = Bucket {
                        column: in_column,
                        y,
                        first: seq,
                        x: (x, x),
                        best,
                        count: 1,
                        apart: None,
                    };
                    if let Some(full) = place.replace(next) {
                        self.flush(full, &mut labelled);
                    }
                }
            }
        }
        for full in buckets.into_iter().flatten() {
            self.flush(full, &mut labelled);
        }
        labels::stamps(index, view, self.pitch, labelled, &mut self.out);
    }

    fn flush(&mut self, bucket: Bucket, labelled: &mut Vec<Labelled>) {
        let small = self.pitch < 12.0 * self.view.scale;
        let telling = bucket.best.0 >= 4;
        if bucket.count > 2 {
            self.out.push(Shape::Bundle {
                seq: bucket.first,
                at: ((bucket.x.0 + bucket.x.1) / 2.0, bucket.y),
                count: bucket.count,
            });
            if !telling {
                return;
            }
        }
        let seqs = [
            Some(bucket.best.1),
            bucket
                .apart
                .filter(|seq| bucket.count == 2 && *seq != bucket.best.1),
        ];
        for seq in seqs.into_iter().flatten() {
            let Some(entry) = self.index.entry(seq) else {
                continue;
            };
            let x = self.view.x(self.view.place(seq, entry.time));
            self.out.push(Shape::Event {
                seq,
                at: (x, bucket.y),
                what: entry.what,
                small,
            });
            labelled.push(Labelled {
                seq,
                at: (x, bucket.y),
            });
        }
    }
}

/// A span in the same pixel column of the same lane as the previous one adds nothing.
fn covers(last: &Shape, y: f64, until: f64) -> bool {
    matches!(last, Shape::Span { y: own, x, .. } if *own == y && until - x.1 < 1.0)
}

/// Messages that are in flight at some time within a window, by their places in the index.
pub(crate) fn in_sight(index: &Index, (first, end): (usize, usize)) -> Vec<u32> {
    let begun_by = |len: usize| index.messages.begun_by(len as u64);
    let mark = index.mark_before(first);
    let mark_len = mark.map_or(0, |mark| mark.len);
    debug_assert!(first - mark_len < STRIDE || index.is_empty());
    let flies = |id: &u32| {
        let end = index.messages[*id].end;
        end == 0 || end > first as u64
    };
    let open = mark.map(|mark| mark.open.iter().copied());
    let mut ids: Vec<u32> = open.into_iter().flatten().filter(flies).collect();
    ids.extend((begun_by(mark_len)..begun_by(first)).filter(flies));
    ids.extend(begun_by(first)..begun_by(end));
    ids
}

/// The ends of a message in pixels; none if it is hidden.
pub(crate) fn ends(
    index: &Index,
    view: &View,
    lanes: &[NodeId],
    message: &Message,
) -> Option<((f64, f64), (f64, f64))> {
    if view.silent.contains(&message.kind) {
        return None;
    }
    let y0 = view.y(lanes, message.address.from)?;
    let y1 = view.y(lanes, message.address.to)?;
    let began = if message.is_copy() && view.axis == Axis::Order {
        message.sent
    } else {
        message.from
    };
    let from = (view.x(view.place(began, message.sent_at)), y0);
    let down = |part: f64| y0 + (y1 - y0) * part;
    let ended = || view.x(view.place(message.end, message.ended_at));
    let to = match &message.fate {
        Fate::Delivered => (ended(), y1),
        Fate::Lost(Loss::Chance | Loss::Lie(_) | Loss::Unwritten) => {
            let far = (STUB.1 * view.scale).min((y1 - y0).abs() * 0.45);
            (from.0 + STUB.0 * view.scale, y0 + far * (y1 - y0).signum())
        }
        Fate::Lost(Loss::Down | Loss::Removed | Loss::Full) => (ended(), down(0.94)),
        Fate::Lost(_) => (ended(), down(0.5)),
        Fate::Flying => {
            let flight = view.flights.iter().find(|f| f.address == message.address);
            let part = flight.map_or(0.5, |flight| flight.progress.clamp(0.0, 1.0));
            let latest = index.entry(index.len());
            let edge = latest.map_or(0.0, |entry| view.place(index.len(), entry.time));
            let here = if view.here() < 1e17 {
                view.here()
            } else {
                edge
            };
            (view.x(here.max(edge)).max(from.0), down(part))
        }
    };
    Some((from, to))
}
