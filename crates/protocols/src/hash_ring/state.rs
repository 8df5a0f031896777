//! The state of a node as data: what `--json` shows.

use faultline_sim::sorted::SortedMap;
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::HashRing;
use super::key::{Key, names};

/// Pairs in their given order, as a JSON object.
struct Pairs<K, V>(Vec<(K, V)>);

impl<K: Serialize, V: Serialize> Serialize for Pairs<K, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

impl HashRing {
    /// All keys this node can name: the numbered ones, and typed ones that it keeps.
    pub(super) fn known_keys(&self) -> impl Iterator<Item = Key> + '_ {
        let typed = self.store.keys().filter(|key| match key {
            Key::Numbered(number) => *number >= self.keys,
            Key::Typed(_) => true,
        });
        (0..self.keys).map(Key::Numbered).chain(typed.cloned())
    }

    /// How many of the known keys belong to each member, by this node's ring.
    pub(super) fn keys_per_node(&self) -> SortedMap<faultline_sim::process::NodeId, u32> {
        let members = self.ring.members.iter();
        let mut counts: SortedMap<_, u32> = members.map(|id| (*id, 0)).collect();
        for key in self.known_keys() {
            if let Some(owner) = self.ring.owner(self.hash_of(&key)) {
                *counts.entry(owner).or_default() += 1;
            }
        }
        counts
    }
}

impl Serialize for HashRing {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let name = |id| self.ring.rules.name(id);
        let mut state = serializer.serialize_struct("HashRing", 10)?;
        state.serialize_field("name", &name(self.me))?;
        let members: Vec<String> = self.ring.members.iter().map(|id| name(*id)).collect();
        state.serialize_field("members", &members)?;
        state.serialize_field("points", &self.ring.points.len())?;
        state.serialize_field("keys", &self.own)?;
        state.serialize_field("copies", &(self.store.len() as u32 - self.own))?;
        state.serialize_field("stored", &names(self.store.keys()))?;
        let per_node = self.keys_per_node();
        let per_node = per_node.iter().map(|(id, keys)| (name(*id), *keys));
        state.serialize_field("keys_per_node", &Pairs(per_node.collect()))?;
        let typed = self.store.iter().filter(|(_, item)| item.version > 0);
        state.serialize_field("values", &Pairs(typed.collect()))?;
        let waiting = self.gifts.iter();
        let waiting = waiting.map(|(to, gift)| (name(*to), names(gift.keys.iter())));
        state.serialize_field("giving", &Pairs(waiting.collect()))?;
        if self.show_keys {
            let owners = self.known_keys().map(|key| {
                let owner = self.ring.owner(self.hash_of(&key)).map(name);
                (key, owner)
            });
            state.serialize_field("owners", &Pairs(owners.collect()))?;
        }
        state.end()
    }
}
