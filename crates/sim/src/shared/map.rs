//! A map in the order of its keys.

use std::borrow::Borrow;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

use serde::{Serialize, Serializer};

use super::{PIECE, own, own_piece};
use crate::sorted::hash_entries;

/// Some pairs in the order of their keys.
type Piece<K, V> = Rc<Vec<(K, V)>>;

/// A map whose keys are in order. Finding costs two binary searches; a new key moves those behind it
/// in its piece. Copying costs a pointer.
#[derive(Clone)]
pub struct SharedMap<K, V> {
    /// Pieces with at least one key each, in order.
    pieces: Rc<Vec<Piece<K, V>>>,
    len: usize,
}

impl<K, V> Default for SharedMap<K, V> {
    fn default() -> Self {
        Self {
            pieces: Rc::default(),
            len: 0,
        }
    }
}

impl<K, V> SharedMap<K, V> {
    /// An empty map.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many keys there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Keys with their values, in the order of the keys.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &V)> + Clone {
        let pairs = self.pieces.iter().flat_map(|piece| piece.iter());
        pairs.map(|(key, value)| (key, value))
    }

    /// The keys, in order.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &K> + Clone {
        self.iter().map(|(key, _)| key)
    }

    /// The values, in the order of their keys.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &V> + Clone {
        self.iter().map(|(_, value)| value)
    }
}

/// Where a key is, or where it would be.
type Place = Result<(usize, usize), (usize, usize)>;

impl<K: Ord, V> SharedMap<K, V> {
    fn find<Q: Ord + ?Sized>(&self, key: &Q) -> Place
    where
        K: Borrow<Q>,
    {
        let ends_before = |piece: &Piece<K, V>| piece.last().is_some_and(|(k, _)| k.borrow() < key);
        let at = self.pieces.partition_point(ends_before);
        let Some(piece) = self.pieces.get(at) else {
            return Err((at, 0));
        };
        match piece.binary_search_by(|(k, _)| k.borrow().cmp(key)) {
            Ok(place) => Ok((at, place)),
            Err(place) => Err((at, place)),
        }
    }

    /// The value of a key.
    #[must_use]
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        let (piece, at) = self.find(key).ok()?;
        Some(&self.pieces[piece][at].1)
    }

    /// Whether there is such a key.
    #[must_use]
    pub fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.find(key).is_ok()
    }
}

impl<K: Ord + Clone, V: Clone> SharedMap<K, V> {
    /// Sets the value of a key and answers the one it had.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.find(&key) {
            Ok((piece, at)) => {
                let piece = &mut own(&mut self.pieces)[piece];
                Some(std::mem::replace(&mut own(piece)[at].1, value))
            }
            Err(place) => {
                self.insert_at(place, (key, value));
                None
            }
        }
    }

    /// The value of a key; if there is none yet, this one.
    pub fn get_or_insert(&mut self, key: K, value: V) -> &V {
        let (piece, at) = match self.find(&key) {
            Ok(place) => place,
            Err(place) => self.insert_at(place, (key, value)),
        };
        &self.pieces[piece][at].1
    }

    /// Takes a key out and answers its value.
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let (piece, at) = self.find(key).ok()?;
        self.len -= 1;
        let pieces = own(&mut self.pieces);
        let (_, value) = own(&mut pieces[piece]).remove(at);
        if pieces[piece].is_empty() {
            pieces.remove(piece);
        }
        Some(value)
    }

    /// Puts a new pair where it belongs and answers where it is.
    fn insert_at(&mut self, (at, place): (usize, usize), pair: (K, V)) -> (usize, usize) {
        self.len += 1;
        let pieces = own(&mut self.pieces);
        if at == pieces.len() {
            // Behind all others: into the last piece while it has room.
            if let Some(last) = pieces.last_mut().filter(|last| last.len() < PIECE) {
                own_piece(last).push(pair);
                return (at - 1, last.len() - 1);
            }
            pieces.push(Rc::new(vec![pair]));
            return (at, 0);
        }
        let piece = own_piece(&mut pieces[at]);
        if piece.len() < PIECE {
            piece.insert(place, pair);
            return (at, place);
        }
        let half = piece.len() / 2;
        let mut rest = piece.split_off(half);
        if place <= half {
            piece.insert(place, pair);
        } else {
            rest.insert(place - half, pair);
        }
        pieces.insert(at + 1, Rc::new(rest));
        if place <= half {
            (at, place)
        } else {
            (at + 1, place - half)
        }
    }
}

impl<K: Ord + Clone, V: Clone> FromIterator<(K, V)> for SharedMap<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        let mut map = Self::new();
        for (key, value) in pairs {
            map.insert(key, value);
        }
        map
    }
}

impl<K: PartialEq, V: PartialEq> PartialEq for SharedMap<K, V> {
    fn eq(&self, other: &Self) -> bool {
        self.len == other.len && self.iter().eq(other.iter())
    }
}

impl<K: Eq, V: Eq> Eq for SharedMap<K, V> {}

impl<K: Hash, V: Hash> Hash for SharedMap<K, V> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        hash_entries(self.len, self.iter(), state);
    }
}

impl<K: fmt::Debug, V: fmt::Debug> fmt::Debug for SharedMap<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl<K: Serialize, V: Serialize> Serialize for SharedMap<K, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::rng::Rng;

    /// Any mix of operations leaves what a tree would hold, in every copy that was made.
    #[test]
    fn it_holds_what_a_tree_holds() {
        for seed in 0..40 {
            let mut rng = Rng::stream(seed, "map", 0);
            let mut pairs = vec![(SharedMap::new(), BTreeMap::new())];
            for step in 0..3_000_u64 {
                let at = rng.below(pairs.len() as u64) as usize;
                let (map, tree) = &mut pairs[at];
                // Mostly rising keys, some anywhere.
                let key = if rng.chance(0.6) {
                    step
                } else {
                    rng.below(3_000)
                };
                match rng.below(10) {
                    0..6 => assert_eq!(map.insert(key, step), tree.insert(key, step)),
                    6 => assert_eq!(
                        map.get_or_insert(key, step),
                        tree.entry(key).or_insert(step)
                    ),
                    7 => assert_eq!(map.remove(&key), tree.remove(&key)),
                    8 => assert_eq!(map.get(&key), tree.get(&key)),
                    _ if rng.chance(0.1) => {
                        let copy = pairs[at].clone();
                        pairs.push(copy);
                    }
                    _ => {}
                }
                if pairs.len() > 4 {
                    pairs.remove(rng.below(4) as usize);
                }
            }
            for (map, tree) in &pairs {
                assert_eq!(map.len(), tree.len());
                assert!(map.iter().eq(tree), "seed {seed}");
            }
        }
    }
}
