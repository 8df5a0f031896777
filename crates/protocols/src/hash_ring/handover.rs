//! Handing keys over after a change of the ring, and when the sender deletes them.
//!
//! A gift has a number. The sender deletes its keys only when the receiver acknowledges them, and only
//! if nothing has changed since: a node that accepts a key which it was about to hand over sends it
//! again under a new number, so that an acknowledgement of the old one deletes nothing. That way every
//! key is always stored on some node, however messages cross.

use faultline_sim::process::{Context, NodeId};
use faultline_sim::sorted::{SortedMap, SortedSet};

use super::descriptor::{RESEND, WAIT_ACK};
use super::key::{Batch, Item, Key};
use super::{HashRing, Message, Timer};
use crate::parts::request::RequestId;

/// Keys on their way to one node.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Gift {
    pub number: u64,
    pub keys: SortedSet<Key>,
}

/// Keys to hand over, by receiver.
pub type Outgoing = SortedMap<NodeId, SortedSet<Key>>;

impl HashRing {
    pub(super) fn hash_of(&self, key: &Key) -> u32 {
        self.ring.rules.hash(&key.to_string())
    }

    pub(super) fn owners(&self, key: &Key) -> Vec<NodeId> {
        self.ring.owners(self.hash_of(key))
    }

    /// After a change of the ring: sends keys to their new owners.
    pub(super) fn rebalance(&mut self, cx: &mut Context<Self>) {
        let mut outgoing = Outgoing::new();
        // Keys already on their way stay so, as long as the receiver still owns them.
        for (to, gift) in std::mem::replace(&mut self.gifts, SortedMap::new()).iter() {
            let mut keys = gift.keys.clone();
            keys.retain(|key| self.owners(key).contains(to) && self.store.contains_key(key));
            if *to != cx.me() && !keys.is_empty() {
                outgoing.insert(*to, keys);
            }
        }
        for key in self.store.keys() {
            let owners = self.owners(key);
            let before = self.before.as_ref().map_or_else(Vec::new, |ring| {
                ring.owners(ring.rules.hash(&key.to_string()))
            });
            if owners.contains(&cx.me()) {
                // The first old owner that is still a member gives copies to the new owners.
                let first = before.iter().find(|id| self.seats.is_member(**id));
                if first.is_some_and(|first| *first != cx.me()) {
                    continue;
                }
                for to in owners.iter().filter(|id| **id != cx.me()) {
                    if !before.contains(to) {
                        outgoing.entry(*to).or_default().insert(key.clone());
                    }
                }
            } else if let Some(owner) = owners.first() {
                outgoing.entry(*owner).or_default().insert(key.clone());
            }
        }
        self.give(cx, &outgoing);
        self.count_own(cx.me());
    }

    /// Hands keys over, together with those already on their way to the same nodes.
    pub(super) fn give(&mut self, cx: &mut Context<Self>, outgoing: &Outgoing) {
        for (to, keys) in outgoing.iter() {
            self.wrap(*to, keys);
            self.send_gift(cx, *to);
        }
    }

    /// Adds keys to a node's gift, under a new number.
    fn wrap(&mut self, to: NodeId, keys: &SortedSet<Key>) {
        self.last_gift += 1;
        let gift = self.gifts.entry(to).or_default();
        gift.number = self.last_gift;
        for key in keys.iter() {
            gift.keys.insert(key.clone());
        }
    }

    fn send_gift(&mut self, cx: &mut Context<Self>, to: NodeId) {
        let Some(gift) = self.gifts.get(&to) else {
            return;
        };
        let name = RequestId {
            from: cx.me(),
            number: gift.number,
        };
        let held = gift.keys.iter().filter_map(|key| {
            let item = self.store.get(key)?;
            Some((key.clone(), item.clone()))
        });
        let keys = Batch(held.collect());
        if cx.switch(&WAIT_ACK) {
            cx.send(
                to,
                Message::Handover {
                    gift: Some(name),
                    keys,
                },
            );
            cx.set_timer(Timer::Resend, cx.duration(&RESEND));
        } else {
            // Switch `wait-ack` is off: sent counts as received.
            cx.send(to, Message::Handover { gift: None, keys });
            self.forget_gift(cx.me(), to);
        }
    }

    /// Sends the gifts again that were not acknowledged in time.
    pub(super) fn resend(&mut self, cx: &mut Context<Self>) {
        let open: Vec<NodeId> = self.gifts.keys().copied().collect();
        for to in open {
            self.send_gift(cx, to);
        }
    }

    pub(super) fn receive_gift(
        &mut self,
        cx: &mut Context<Self>,
        from: NodeId,
        gift: Option<RequestId>,
        keys: &Batch,
    ) {
        let mut again = Outgoing::new();
        for (key, item) in keys.0.iter() {
            self.keep(key.clone(), item.clone());
            for (to, open) in self.gifts.iter() {
                if open.keys.contains(key) {
                    again.entry(*to).or_default().insert(key.clone());
                }
            }
            // The sender's ring may be out of date: then the key moves on from here.
            let owners = self.owners(key);
            if let Some(owner) = owners.first().filter(|_| !owners.contains(&cx.me())) {
                again.entry(*owner).or_default().insert(key.clone());
            }
        }
        self.count_own(cx.me());
        if let Some(gift) = gift {
            cx.send(from, Message::Ack { gift });
        }
        // Later, not at once: two nodes with different rings would send a key back and forth forever.
        for (to, keys) in again.iter() {
            self.wrap(*to, keys);
            cx.set_timer(Timer::Resend, cx.duration(&RESEND));
        }
    }

    /// Stores an item unless a newer one is there.
    pub(super) fn keep(&mut self, key: Key, item: Item) {
        let own = self.store.get(&key);
        if own.is_none_or(|own| *own < item) {
            self.store.insert(key, item);
            self.stored += 1;
        }
    }

    pub(super) fn receive_ack(&mut self, cx: &mut Context<Self>, from: NodeId, gift: RequestId) {
        let open = self.gifts.get(&from);
        let current = gift.from == cx.me() && open.is_some_and(|o| o.number == gift.number);
        // A machine that was removed in the meantime holds no keys.
        if current && cx.peers().any(|peer| peer == from) {
            self.forget_gift(cx.me(), from);
            if self.gifts.is_empty() {
                cx.cancel_timer(&Timer::Resend);
            }
        }
    }

    /// A gift has arrived: deletes the keys that this node does not own.
    fn forget_gift(&mut self, me: NodeId, to: NodeId) {
        let Some(gift) = self.gifts.remove(&to) else {
            return;
        };
        for key in gift.keys.iter() {
            let owners = self.owners(key);
            if owners.first() == Some(&to) && !owners.contains(&me) {
                self.store.remove(key);
                self.stored += 1;
            }
        }
        self.count_own(me);
    }

    /// Before an orderly end: everything goes to those who own it without this node.
    pub(super) fn give_all(&mut self, cx: &mut Context<Self>) {
        let mut gifts: SortedMap<NodeId, SortedMap<Key, Item>> = SortedMap::new();
        for (key, item) in self.store.iter() {
            for to in self.owners(key) {
                let keys = gifts.entry(to).or_default();
                keys.insert(key.clone(), item.clone());
            }
        }
        for (to, keys) in gifts.iter() {
            let keys = Batch(keys.clone());
            cx.send(*to, Message::Handover { gift: None, keys });
        }
    }

    pub(super) fn count_own(&mut self, me: NodeId) {
        let own = |key: &&Key| self.ring.owner(self.hash_of(key)) == Some(me);
        self.own = self.store.keys().filter(own).count() as u32;
    }
}
