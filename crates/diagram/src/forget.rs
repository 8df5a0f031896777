//! An index within a bound. It forgets its oldest records without changing its answers about the
//! others, so it keeps what they still need: messages in flight, clocks, slow links.

use std::mem::size_of;

use faultline_sim::network::Address;
use faultline_sim::process::NodeId;
use faultline_sim::sorted::sort_by_key;

use crate::index::{Entry, Index, Mark, STRIDE};
use crate::message::{Fate, Message};

/// How much new records may add before the bound is checked again.
const ROOM: usize = STRIDE * (size_of::<Entry>() + size_of::<Message>() + 64);
/// The smallest number of kept records, however small the bound is.
const LEAST: usize = 2 * STRIDE;

/// A direction, and the number of the first message in flight there.
struct Way {
    from: NodeId,
    to: NodeId,
    k: u32,
    /// The forgotten message that may overtake it: number on the link, end, number in the index.
    ahead: Option<(u32, u64, u32)>,
}

impl Index {
    /// An empty index that uses at most about this much memory; beyond that, it forgets the older half
    /// of its records.
    #[must_use]
    pub fn bounded(bytes: usize) -> Self {
        let mut index = Self::new();
        index.bound = Some(bytes);
        index
    }

    /// Its memory, in bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        fn list<T>(list: &Vec<T>) -> usize {
            list.capacity() * size_of::<T>()
        }
        let texts: usize = self.texts.iter().map(|(_, text)| text.capacity()).sum();
        let sides = self.lasting.splits.iter().flat_map(|split| &split.sides);
        list(&self.lanes)
            + self.lanes.iter().map(|lane| lane.bytes()).sum::<usize>()
            + self.entries.bytes()
            + self.messages.bytes()
            + list(&self.marks)
            + self.marks.iter().map(Mark::bytes).sum::<usize>()
            + list(&self.texts)
            + list(&self.cuts)
            + texts
            + list(&self.lasting.spans)
            + list(&self.lasting.splits)
            + sides.map(list).sum::<usize>()
            + list(&self.open)
            + list(&self.clocks)
            + list(&self.touched)
            + list(&self.armed)
            + list(&self.slow)
            + list(&self.latest)
            + self.latest.iter().map(list).sum::<usize>()
            + self.vectors.bytes()
    }

    /// The first record that the index will keep, if reading the next one makes it forget old ones.
    #[must_use]
    pub fn next_first(&self) -> Option<u64> {
        Some(self.next_beginning()? as u64 + 1)
    }

    /// How many records it will forget next.
    fn next_beginning(&self) -> Option<usize> {
        let (first, len) = (self.entries.first(), self.entries.len());
        let full = len.is_multiple_of(STRIDE) && len - first > LEAST;
        if !full || self.bytes() + ROOM <= self.bound? {
            return None;
        }
        Some(first + (len - first) / 2 / STRIDE * STRIDE)
    }

    pub(crate) fn keep_within_bound(&mut self) {
        while let Some(beginning) = self.next_beginning() {
            if !self.forget(beginning) {
                return;
            }
        }
    }

    /// Forgets the records before a mark; false if there is none.
    fn forget(&mut self, len: usize) -> bool {
        let at = self.marks.partition_point(|mark| mark.len < len);
        let Some(mark) = self.marks.get(at).filter(|mark| mark.len == len) else {
            return false;
        };
        let mark = mark.clone();
        let seq = len as u64;
        for node in 0..self.lanes.len() {
            self.forget_lane(node, &mark);
        }
        let begun = self.messages.begun_by(seq);
        let kept = self.still_needed(&mark);
        let is_kept = |id: u32| id >= begun || kept.binary_search_by(|own| own.cmp(&id)).is_ok();
        // A command that waited for a message has taken effect when the message is forgotten.
        let messages = &self.messages;
        self.armed.retain(|armed| {
            let mut all = messages.iter().take_while(|(id, _)| *id < begun);
            let found = all.find(|(_, message)| message.address == armed.address);
            found.is_none_or(|(id, _)| is_kept(id))
        });
        self.touched.retain(|touch| is_kept(touch.message));
        for arrived in &mut self.latest {
            arrived.retain(|arrived| is_kept(arrived.message));
            arrived.shrink_to_fit();
        }
        self.messages.forget(begun, &kept);
        keep_latest(
            &mut self.slow,
            |slow| slow.seq > seq,
            |a, b| (a.from, a.to) == (b.from, b.to),
        );
        keep_latest(
            &mut self.clocks,
            |(_, set, _)| *set > seq,
            |a, b| a.0 == b.0,
        );
        self.texts.retain(|(own, _)| *own > seq);
        self.texts.shrink_to_fit();
        self.cuts.retain(|(own, _)| *own > seq);
        self.cuts.shrink_to_fit();
        self.lasting.forget(seq);
        self.marks.drain(..at);
        self.entries.forget(len);
        true
    }

    /// Forgets a lane's records before a mark; keeps what later vectors may refer to.
    fn forget_lane(&mut self, node: usize, mark: &Mark) {
        let lane = &self.lanes[node];
        let kept = lane.places.partition_point(|at| (*at as usize) < mark.len);
        let sends = |own: u32| match lane.place(own) {
            Some(place) => Some(self.entries.get(place)?.sends),
            None => lane.sends_by(own),
        };
        let mut named: Vec<u32> = Vec::new();
        for vector in mark.vectors.iter().flat_map(|vectors| vectors.all()) {
            let own = vector.get(node).copied().unwrap_or_default();
            if let (true, Err(at)) = (own > 0, named.binary_search_by(|known| known.cmp(&own))) {
                named.insert(at, own);
            }
        }
        let named = named.into_iter();
        let named = named.filter_map(|own| Some((own, sends(own)?))).collect();
        let sends = sends(kept as u32).unwrap_or(lane.sends);
        let lane = &mut self.lanes[node];
        (lane.sends, lane.named) = (sends, named);
        lane.places.forget(kept);
    }

    /// The messages from before a mark that later records need, in order: those in flight at the mark,
    /// and those that have overtaken them.
    fn still_needed(&self, mark: &Mark) -> Vec<u32> {
        let mut ways: Vec<Way> = Vec::new();
        for id in &*mark.open {
            let Address { from, to, k, .. } = self.messages[*id].address;
            let found = ways.binary_search_by(|way| (way.from, way.to).cmp(&(from, to)));
            match found {
                Ok(at) => ways[at].k = ways[at].k.min(k),
                Err(at) => ways.insert(
                    at,
                    Way {
                        from,
                        to,
                        k,
                        ahead: None,
                    },
                ),
            }
        }
        let ended =
            |message: &Message| message.fate == Fate::Delivered && message.end <= mark.len as u64;
        let before = self.messages.iter();
        let before = before.take_while(|(_, message)| message.from <= mark.len as u64);
        for (id, message) in before.filter(|(_, message)| ended(message)) {
            let Address { from, to, k, .. } = message.address;
            let found = ways.binary_search_by(|way| (way.from, way.to).cmp(&(from, to)));
            if let Some(way) = found.ok().map(|at| &mut ways[at]).filter(|way| k > way.k) {
                way.ahead = way.ahead.max(Some((k, message.end, id)));
            }
        }
        let ahead = ways.iter().filter_map(|way| Some(way.ahead?.2));
        let mut kept: Vec<u32> = mark.open.iter().copied().chain(ahead).collect();
        sort_by_key(&mut kept, |id| *id);
        kept
    }
}

/// Keeps everything after the mark, and the latest of each kind before it.
fn keep_latest<T: Copy>(
    list: &mut Vec<T>,
    later: impl Fn(&T) -> bool,
    same: impl Fn(&T, &T) -> bool,
) {
    let all = std::mem::take(list);
    for (at, item) in all.iter().enumerate() {
        let followed = || {
            all[at + 1..]
                .iter()
                .any(|next| !later(next) && same(item, next))
        };
        if later(item) || !followed() {
            list.push(*item);
        }
    }
}
