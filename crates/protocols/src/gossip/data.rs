//! Keys with versions: what is newer, what is missing, and what two writes at once leave behind.

use faultline_sim::process::{Context, NodeId};
use faultline_sim::sorted::SortedMap;
use serde::{Serialize, Serializer};

use super::Gossip;
use super::descriptor::{NEWER_WINS, VECTORS};

/// How many writes of each node a value rests on. The sum is the listing's version number.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(SortedMap<NodeId, u32>);

impl Version {
    pub fn number(&self) -> u32 {
        self.0.values().sum()
    }

    /// Whether it rests on all that the other one rests on.
    pub fn covers(&self, other: &Version) -> bool {
        let counts = |node| self.0.get(node).copied().unwrap_or(0);
        other.0.iter().all(|(node, count)| counts(node) >= *count)
    }

    fn join(&mut self, other: &Version) {
        for (node, count) in &other.0 {
            let own = self.0.entry(*node).or_default();
            *own = (*own).max(*count);
        }
    }
}

/// As a list of counts by node, `[n1 2, n3 1]`.
impl Serialize for Version {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let parts = self.0.iter().map(|(node, count)| format!("{node}:{count}"));
        serializer.collect_str(&parts.collect::<Vec<_>>().join(" "))
    }
}

/// A value, or a tombstone where a key was deleted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Written {
    pub version: Version,
    pub value: Option<String>,
}

/// What a node has of each key: the writes that no other one has replaced, mostly one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Data(pub SortedMap<String, Vec<Written>>);

/// The versions that a node has of each key.
pub type Digest = SortedMap<String, Vec<Version>>;

impl Data {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The values of a key, without tombstones.
    pub fn values(&self, key: &str) -> Vec<String> {
        let writes = self.0.get(key).into_iter().flatten();
        writes.filter_map(|write| write.value.clone()).collect()
    }

    /// Whether every write of a key that the other one has is known here, or replaced by a later one.
    pub fn covers(&self, other: &Data, key: &str) -> bool {
        let own = self.0.get(key).map_or(&[][..], Vec::as_slice);
        let known = |write: &Written| own.iter().any(|own| own.version.covers(&write.version));
        other
            .0
            .get(key)
            .is_none_or(|writes| writes.iter().all(known))
    }

    pub fn remove(&mut self, key: &str) {
        self.0.remove(key);
    }

    pub fn digest(&self) -> Digest {
        let versions = |writes: &Vec<Written>| writes.iter().map(|w| w.version.clone()).collect();
        self.0
            .iter()
            .map(|(key, writes)| (key.clone(), versions(writes)))
            .collect()
    }

    /// A write at this node knows all that the node has, and replaces it.
    pub fn write(&mut self, key: String, value: Option<String>, me: NodeId) {
        let writes = self.0.entry(key).or_default();
        let mut version = Version::default();
        writes.iter().for_each(|write| version.join(&write.version));
        *version.0.entry(me).or_default() += 1;
        *writes = vec![Written { version, value }];
    }

    /// Takes what is newer. Answers how many keys have changed.
    pub fn merge(&mut self, other: &Data, cx: &Context<Gossip>) -> u32 {
        let mut changed = 0;
        for (key, theirs) in &other.0 {
            let own = self.0.entry(key.clone()).or_default();
            let before = own.clone();
            for write in theirs {
                take(own, write, cx);
            }
            changed += u32::from(*own != before);
        }
        changed
    }

    /// What another node with these versions does not have.
    pub fn missing(&self, has: &Digest, cx: &Context<Gossip>) -> Data {
        let lacks = |key: &String, write: &&Written| {
            let theirs = has.get(key).map_or(&[][..], Vec::as_slice);
            !theirs
                .iter()
                .any(|version| stands(version, &write.version, cx))
        };
        let part = |(key, writes): (&String, &Vec<Written>)| {
            let missing: Vec<Written> = writes.iter().filter(|w| lacks(key, w)).cloned().collect();
            (!missing.is_empty()).then(|| (key.clone(), missing))
        };
        Data(self.0.iter().filter_map(part).collect())
    }

    /// Whether the other node has something that this one does not.
    pub fn lacks(&self, has: &Digest, cx: &Context<Gossip>) -> bool {
        has.iter().any(|(key, versions)| {
            let own = self.0.get(key).map_or(&[][..], Vec::as_slice);
            let known = |version| own.iter().any(|write| stands(&write.version, version, cx));
            versions.iter().any(|version| !known(version))
        })
    }
}

/// Whether a write with version `own` makes one with version `other` superfluous.
fn stands(own: &Version, other: &Version, cx: &Context<Gossip>) -> bool {
    if cx.switch(&VECTORS) {
        own.covers(other)
    } else {
        own.number() >= other.number()
    }
}

/// Takes a write that is new, and drops those that it replaces. Without the rule, whatever arrives
/// replaces everything.
fn take(own: &mut Vec<Written>, write: &Written, cx: &Context<Gossip>) {
    if !cx.switch(&NEWER_WINS) {
        *own = vec![write.clone()];
        return;
    }
    if own
        .iter()
        .any(|known| stands(&known.version, &write.version, cx))
    {
        return;
    }
    own.retain(|known| !stands(&write.version, &known.version, cx));
    let at = own.partition_point(|known| known < write);
    own.insert(at, write.clone());
}
