//! The way back: an index that forgets its latest records.

use super::{Index, Touch};
use crate::message::{Fate, Message};
use crate::vectors::Vectors;

impl Index {
    /// Forgets all records after number `len`, because the run has another future. If that reaches into
    /// the forgotten part, nothing is left and all must be read again.
    pub fn truncate(&mut self, len: u64) {
        if len >= self.len() {
            return;
        }
        if len + 1 < self.first() {
            return self.begin_again();
        }
        let keep = len as usize;
        self.entries.truncate(keep);
        for lane in &mut self.lanes {
            let kept = lane.places.partition_point(|at| (*at as usize) < keep);
            lane.places.truncate(kept);
        }
        let begun = self.messages.begun_by(len);
        self.messages.truncate(begun);
        self.kinds.retain(|(_, first)| *first < begun);
        for message in self.messages.iter_mut() {
            if message.end > len {
                message.end = 0;
                message.fate = Fate::Flying;
                message.overtaken_by = None;
            }
        }
        self.untouch(len);
        self.texts.retain(|(seq, _)| *seq <= len);
        self.cuts.retain(|(seq, _)| *seq <= len);
        self.clocks.retain(|(_, seq, _)| *seq <= len);
        self.armed.retain(|armed| armed.seq <= len);
        self.slow.retain(|slow| slow.seq <= len);
        self.lasting.truncate(len);
        self.marks.retain(|mark| mark.len <= keep);
        self.reopen();
    }

    /// Reverts the effect of later commands on messages that stay.
    fn untouch(&mut self, len: u64) {
        for touch in self.touched.iter().filter(|touch| touch.seq > len) {
            let Some(message) = self.messages.get_mut(touch.message) else {
                continue;
            };
            message.late -= touch.late;
            // A change without a delay is a hold.
            let mut others = self.touched.iter().filter(|other| other.seq <= len);
            let held = |own: &Touch| own.message == touch.message && own.late == 0;
            let armed = self
                .armed
                .iter()
                .any(|armed| armed.held && armed.seq <= len && armed.address == message.address);
            message.held = armed || others.any(held);
        }
        self.touched.retain(|touch| touch.seq <= len);
    }

    /// Recomputes what only the latest record knew.
    fn reopen(&mut self) {
        let flying = |(_, m): &(u32, &Message)| m.fate == Fate::Flying;
        self.open = (self.messages.iter().filter(flying))
            .map(|(id, _)| id)
            .collect();
        self.latest.clear();
        let arrived =
            |(_, m): &(u32, &Message)| m.fate == Fate::Delivered && m.overtaken_by.is_none();
        let arrived = self.messages.iter().filter(arrived);
        for id in arrived.map(|(id, _)| id).collect::<Vec<_>>() {
            self.arrive(id);
        }
        while self.lanes.len() > self.reserved
            && self.lanes.last().is_some_and(|lane| lane.len() == 0)
        {
            self.lanes.pop();
        }
        self.vectors = self.vectors_after(self.entries.len());
    }

    /// The running vectors after this many records.
    pub(crate) fn vectors_after(&self, len: usize) -> Vectors {
        if !self.given.is_empty() {
            return Vectors::unknown();
        }
        let mark = self.mark_before(len);
        let from = mark.map_or(0, |mark| mark.len);
        let mut vectors = mark.and_then(|m| m.vectors.clone()).unwrap_or_default();
        if mark.is_some_and(|mark| mark.vectors.is_none()) {
            vectors = Vectors::unknown();
        }
        for entry in self.entries.range(from, len) {
            vectors.apply(entry, entry.link, &self.messages);
        }
        vectors
    }

    pub(crate) fn apply_to(&self, vectors: &mut Vectors, at: usize) {
        let entry = &self.entries[at];
        vectors.apply(entry, entry.link, &self.messages);
    }

    /// Forgets everything, to read it again.
    pub fn begin_again(&mut self) {
        *self = Self {
            names: std::mem::take(&mut self.names),
            reserved: self.reserved,
            bound: self.bound,
            ..Self::default()
        };
        self.need_lanes(self.reserved);
    }
}
