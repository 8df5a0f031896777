//! Which node owns which key: the ring, and the schemes to compare it with.

use faultline_sim::process::NodeId;
use faultline_sim::settings::Settings;
use faultline_sim::sorted::{SortedMap, sort_by_key};

use super::descriptor::{
    APART, HASH, HEAVY, NAMES, REPLICAS, SCHEME, SHARE_POINTS, VIRTUAL_NODES, WEIGHT,
};
use super::hash;

/// How owners are chosen: nodes with the same rules and members choose the same owners.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Rules {
    pub scheme: &'static str,
    mixed: bool,
    virtual_nodes: u32,
    pub replicas: u32,
    /// Two nodes may stand on one point.
    share: bool,
    heavy: Vec<NodeId>,
    weight: u32,
    apart: u32,
    /// Names are drawn from this seed; none: they are numbered.
    names_from: Option<u64>,
}

impl Rules {
    pub fn of(settings: &Settings) -> Self {
        Self {
            scheme: settings.choice(&SCHEME),
            mixed: settings.choice(&HASH) == "mixed",
            virtual_nodes: settings.count(&VIRTUAL_NODES),
            replicas: settings.count(&REPLICAS),
            share: settings.switch(&SHARE_POINTS),
            heavy: settings.nodes(&HEAVY).to_vec(),
            weight: settings.count(&WEIGHT),
            apart: settings.count(&APART),
            names_from: (settings.choice(&NAMES) != "numbered").then(|| settings.seed()),
        }
    }

    /// A plain ring with a good hash, numbered names and equal nodes: what other protocols place keys with.
    pub fn plain(virtual_nodes: u32, replicas: u32) -> Self {
        Self {
            scheme: "ring",
            mixed: true,
            virtual_nodes,
            replicas,
            share: true,
            heavy: Vec::new(),
            weight: 1,
            apart: 1,
            names_from: None,
        }
    }

    /// A node's name, which is hashed.
    pub fn name(&self, id: NodeId) -> String {
        match self.names_from {
            Some(seed) => format!("node-{:04x}", hash::drawn(seed, id.0 as u16)),
            None => format!("node{}", 1 + (id.0 - 1) * self.apart),
        }
    }

    pub fn hash(&self, text: &str) -> u32 {
        if self.mixed {
            hash::mixed(text)
        } else {
            hash::listing(text)
        }
    }

    /// A place as a share of the whole ring.
    pub fn share_of(&self, hash: u32) -> f64 {
        f64::from(hash) / self.places()
    }

    /// How many places there are.
    pub fn places(&self) -> f64 {
        if self.mixed { 4_294_967_296.0 } else { 1_000.0 }
    }

    /// How many points a node has.
    pub fn points_of(&self, id: NodeId) -> u32 {
        let factor = if self.heavy.contains(&id) {
            self.weight
        } else {
            1
        };
        self.virtual_nodes * factor
    }

    fn labels(&self, id: NodeId, count: u32) -> impl Iterator<Item = u32> + '_ {
        let name = self.name(id);
        (0..count).map(move |label| self.hash(&format!("{name}:{label}")))
    }

    /// Rendezvous: a node's score for a key (Thaler and Ravishankar 1998). A heavy node draws
    /// more often.
    fn score(&self, key: u32, seeds: &[u32]) -> u32 {
        let one = |seed: &u32| {
            if self.mixed {
                hash::fmix(key ^ seed)
            } else {
                (seed * 31 + key) % 1_000
            }
        };
        seeds.iter().map(one).max().unwrap_or(0)
    }
}

/// One comparison of a binary search: places in the sorted list of points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
pub struct Look {
    pub left: u32,
    pub middle: u32,
    pub right: u32,
}

/// Members and their points, as one node knows them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Ring {
    pub rules: Rules,
    /// In the order of their numbers.
    pub members: Vec<NodeId>,
    /// In the order of their places; the listing's `sortedKeys` with `ring`.
    pub points: Vec<(u32, NodeId)>,
    /// For rendezvous: what each member draws with.
    seeds: Vec<Vec<u32>>,
}

impl Ring {
    /// All members added one after another.
    pub fn new(rules: Rules, members: impl IntoIterator<Item = NodeId>) -> Self {
        let mut ring = Self {
            rules,
            members: Vec::new(),
            points: Vec::new(),
            seeds: Vec::new(),
        };
        for id in members {
            ring.add(id);
        }
        ring
    }

    /// The listing's `addNode`.
    pub fn add(&mut self, id: NodeId) {
        let Err(at) = self.members.binary_search(&id) else {
            return;
        };
        self.members.insert(at, id);
        let weight = self.rules.points_of(id) / self.rules.points_of(NodeId(0)).max(1);
        self.seeds
            .insert(at, self.rules.labels(id, weight).collect());
        let mut new: Vec<(u32, NodeId)> = self
            .rules
            .labels(id, self.rules.points_of(id))
            .map(|place| (place, id))
            .collect();
        sort_by_key(&mut new, |point| *point);
        if !self.rules.share {
            // As written, a shared point gets a new owner, and the old one is forgotten.
            new.dedup();
            let taken = |place: u32| new.binary_search(&(place, id)).is_ok();
            self.points.retain(|(place, _)| !taken(*place));
        }
        self.points.extend(new);
        sort_by_key(&mut self.points, |point| *point);
    }

    /// The listing's `removeNode`.
    pub fn remove(&mut self, id: NodeId) {
        let Ok(at) = self.members.binary_search(&id) else {
            return;
        };
        self.members.remove(at);
        self.seeds.remove(at);
        if self.rules.share {
            return self.points.retain(|(_, owner)| *owner != id);
        }
        // As written, also points that another node owns now: a point does not remember sharing.
        let places = self.rules.labels(id, self.rules.points_of(id));
        let mut places: Vec<u32> = places.collect();
        sort_by_key(&mut places, |place| *place);
        self.points
            .retain(|(place, _)| places.binary_search(place).is_err());
    }

    /// The listing's `findClosestNodeIdx`, step by step, and the place it finds; none without points.
    pub fn search(&self, hash: u32) -> (Vec<Look>, Option<u32>) {
        let mut looks = Vec::new();
        let Some((last, _)) = self.points.last() else {
            return (looks, None);
        };
        if hash > *last {
            return (looks, Some(0));
        }
        let (mut left, mut right) = (0i64, self.points.len() as i64 - 1);
        while left <= right {
            let middle = (left + right) / 2;
            looks.push(Look {
                left: left as u32,
                middle: middle as u32,
                right: right as u32,
            });
            let place = self.points[middle as usize].0;
            if place == hash {
                // Two nodes on one point: the lower number comes first.
                let first = self.points.partition_point(|(place, _)| *place < hash);
                return (looks, Some(first as u32));
            }
            if place > hash {
                right = middle - 1;
            } else {
                left = middle + 1;
            }
        }
        (looks, Some((left as usize % self.points.len()) as u32))
    }

    /// Places of the first `count` points of different nodes, clockwise from a hash.
    pub fn walk(&self, hash: u32, count: u32) -> Vec<u32> {
        let first = self.points.partition_point(|(place, _)| *place < hash);
        let mut found: Vec<u32> = Vec::new();
        let most = (count as usize).min(self.members.len());
        for step in 0..self.points.len() {
            if found.len() == most {
                break;
            }
            let at = (first + step) % self.points.len();
            let owner = self.points[at].1;
            if found
                .iter()
                .all(|other| self.points[*other as usize].1 != owner)
            {
                found.push(at as u32);
            }
        }
        found
    }

    /// The nodes that store a key: its owner first, then those with copies, all different.
    pub fn owners(&self, hash: u32) -> Vec<NodeId> {
        let count = self.rules.replicas.min(self.members.len() as u32);
        let all = self.members.len() as u32;
        let from = |first: u32| {
            (0..count)
                .map(|step| self.members[((first + step) % all) as usize])
                .collect()
        };
        match self.rules.scheme {
            _ if all == 0 => Vec::new(),
            "mod-n" => from(hash % all),
            "jump" => from(hash::jump(hash, all)),
            "rendezvous" => {
                let ranked = self.members.iter().zip(&self.seeds);
                let mut ranked: Vec<(u32, NodeId)> = ranked
                    .map(|(id, seeds)| (u32::MAX - self.rules.score(hash, seeds), *id))
                    .collect();
                sort_by_key(&mut ranked, |pair| *pair);
                ranked.truncate(count as usize);
                ranked.into_iter().map(|(_, id)| id).collect()
            }
            _ => {
                let walk = self.walk(hash, count).into_iter();
                walk.map(|at| self.points[at as usize].1).collect()
            }
        }
    }

    /// The listing's `getNode`.
    pub fn owner(&self, hash: u32) -> Option<NodeId> {
        if self.rules.scheme == "ring" {
            let (_, found) = self.search(hash);
            return found.map(|at| self.points[at as usize].1);
        }
        self.owners(hash).first().copied()
    }

    /// The place of the point that gives a hash its owner; none for schemes without points.
    pub fn owning_point(&self, hash: u32) -> Option<f64> {
        let (_, found) = self.search(hash);
        let found = found.filter(|_| self.rules.scheme == "ring")?;
        Some(self.rules.share_of(self.points[found as usize].0))
    }

    /// The owner under `hash mod N`.
    pub fn mod_n_owner(&self, hash: u32) -> Option<NodeId> {
        let all = self.members.len() as u32;
        let at = hash.checked_rem(all)?;
        self.members.get(at as usize).copied()
    }

    /// Each member's share of the whole ring.
    pub fn shares(&self) -> SortedMap<NodeId, f64> {
        let mut shares: SortedMap<NodeId, f64> = self.members.iter().map(|id| (*id, 0.0)).collect();
        let Some((last, _)) = self.points.last() else {
            return shares;
        };
        let mut before = self.rules.share_of(*last) - 1.0;
        for (place, owner) in &self.points {
            let at = self.rules.share_of(*place);
            *shares.entry(*owner).or_default() += at - before;
            before = at;
        }
        shares
    }
}
