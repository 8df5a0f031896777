//! Switch `compare`: nodes exchange digests of their data, and then the copies that differ.

use std::rc::Rc;

use faultline_sim::hash::stable_hash;
use faultline_sim::process::{Context, NodeId};
use faultline_sim::sorted::{SortedMap, SortedSet};
use faultline_sim::time::Duration;

use super::descriptor::{COMPARE, COMPARE_EVERY};
use super::jobs::others;
use super::{Message, Node, Timer, marks};
use crate::parts::versions::Entry;

/// A hash of each key's copy.
pub type Digest = SortedMap<String, u64>;

/// Copies of several keys.
pub type Copies = SortedMap<String, Rc<Entry>>;

impl Node {
    /// Sets the timer, where the rule is on.
    pub(super) fn compare_later(&mut self, cx: &mut Context<Self>) {
        if !self.comparing && cx.switch(&COMPARE) {
            self.comparing = true;
            let every = cx.duration(&COMPARE_EVERY);
            let first = Duration(cx.rng().between(1, every.0));
            cx.set_timer(Timer::Compare, first);
        }
    }

    /// Sends a digest to a random node.
    pub(super) fn start_comparing(&mut self, cx: &mut Context<Self>) {
        self.comparing = cx.switch(&COMPARE);
        if !self.comparing {
            return;
        }
        cx.set_timer(Timer::Compare, cx.duration(&COMPARE_EVERY));
        let others = others(cx);
        if self.partitioned || others.is_empty() {
            return;
        }
        let to = others[cx.rng().below(others.len() as u64) as usize];
        let hashes = Rc::new(self.digest());
        cx.send(to, Message::Digest { hashes });
    }

    fn digest(&self) -> Digest {
        let there = self
            .data
            .iter()
            .filter(|(_, entry)| !entry.values.is_empty());
        let hashes = there.map(|(key, entry)| (key.clone(), stable_hash(&**entry)));
        hashes.collect()
    }

    /// Looks which keys differ, and sends its copies of those.
    pub(super) fn compare(&mut self, cx: &mut Context<Self>, from: NodeId, theirs: &Digest) {
        let own = self.digest();
        let keys: SortedSet<&String> = theirs.keys().chain(own.keys()).collect();
        let equal = |key: &String| own.get(key) == theirs.get(key);
        let compared: Vec<(String, bool)> = keys
            .iter()
            .map(|key| ((*key).clone(), equal(key)))
            .collect();
        let differ = compared.iter().filter(|(_, equal)| !equal);
        let data: Copies = differ
            .map(|(key, _)| (key.clone(), self.copy(key)))
            .collect();
        cx.mark(&marks::COMPARES, (compared.len(), from, data.len()));
        self.compared = compared;
        if !data.is_empty() {
            let data = Rc::new(data);
            cx.send(from, Message::Differ { data, back: true });
        }
    }

    pub(super) fn exchange(
        &mut self,
        cx: &mut Context<Self>,
        from: NodeId,
        data: &Copies,
        back: bool,
    ) {
        if back {
            let own = data.keys().map(|key| (key.clone(), self.copy(key)));
            let own = Rc::new(own.collect());
            cx.send(
                from,
                Message::Differ {
                    data: own,
                    back: false,
                },
            );
        }
        for (key, entry) in data {
            self.replicate(cx, from, key, entry);
        }
    }
}
