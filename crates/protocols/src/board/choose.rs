//! Which of several boxes gets the next call.

use faultline_sim::process::NodeId;
use faultline_sim::rng::{Rng, mix};
use faultline_sim::sorted::SortedMap;
use serde::Serialize;

/// How many points each box has on the ring of keys.
const POINTS: u64 = 64;

/// What a chooser remembers.
#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct Chooser {
    /// How many calls it has placed in turn.
    pub turn: u64,
    /// Smooth weighted round robin: what each box has saved up.
    pub saved: SortedMap<NodeId, i64>,
    /// Calls that each box has not answered yet.
    pub open: SortedMap<NodeId, u32>,
    /// Calls to each box since the last look, and in a second before it.
    pub sent: SortedMap<NodeId, u32>,
    pub rates: SortedMap<NodeId, u32>,
}

impl Chooser {
    fn open_at(&self, id: NodeId) -> u32 {
        self.open.get(&id).copied().unwrap_or(0)
    }

    /// Looks at itself: how many calls a second that makes, if so many looks are a second.
    pub fn look(&mut self, looks: u32) {
        self.rates = std::mem::take(&mut self.sent);
        self.rates.values_mut().for_each(|calls| *calls *= looks);
    }

    pub fn opened(&mut self, id: NodeId) {
        *self.sent.entry(id).or_insert(0) += 1;
        *self.open.entry(id).or_insert(0) += 1;
    }

    pub fn closed(&mut self, id: NodeId) {
        if let Some(open) = self.open.get_mut(&id) {
            *open = open.saturating_sub(1);
        }
    }

    /// One of the boxes, in turn.
    fn in_turn(&mut self, among: &[NodeId]) -> NodeId {
        let at = self.turn % among.len() as u64;
        self.turn += 1;
        among[at as usize]
    }

    /// Smooth weighted round robin (nginx): all save up their weight, who has most is chosen and pays all
    /// that was saved.
    pub fn by_weight(&mut self, among: &[(NodeId, u32)]) -> Option<NodeId> {
        let mut best: Option<(NodeId, i64)> = None;
        let mut all = 0;
        for (id, weight) in among {
            let saved = self.saved.entry(*id).or_insert(0);
            *saved += i64::from(*weight);
            all += i64::from(*weight);
            if best.is_none_or(|(_, most)| *saved > most) {
                best = Some((*id, *saved));
            }
        }
        let (id, _) = best?;
        *self.saved.entry(id).or_insert(0) -= all;
        Some(id)
    }

    /// The one with the fewest open calls, the first one of equals in turn.
    fn least_busy(&mut self, among: &[NodeId]) -> NodeId {
        let first = self.turn as usize % among.len();
        self.turn += 1;
        let in_turn = among[first..].iter().chain(&among[..first]);
        let least = in_turn.min_by_key(|id| self.open_at(**id));
        least.copied().unwrap_or(among[0])
    }

    /// Two at random, and the less busy one of them (Azar and others 1994).
    fn two_choices(&self, among: &[NodeId], rng: &mut Rng) -> NodeId {
        let one = rng.below(among.len() as u64) as usize;
        let mut other = rng.below(among.len() as u64 - 1) as usize;
        if other >= one {
            other += 1;
        }
        let (one, other) = (among[one], among[other]);
        if self.open_at(other) < self.open_at(one) {
            other
        } else {
            one
        }
    }

    /// By the policy of this name; none where there is nobody to choose.
    pub fn choose(
        &mut self,
        policy: &str,
        among: &[NodeId],
        key: u32,
        weight: impl Fn(NodeId) -> u32,
        rng: &mut Rng,
    ) -> Option<NodeId> {
        if among.len() < 2 {
            return among.first().copied();
        }
        Some(match policy {
            "random" => among[rng.below(among.len() as u64) as usize],
            "weighted" => {
                let weighted: Vec<_> = among.iter().map(|id| (*id, weight(*id))).collect();
                return self.by_weight(&weighted);
            }
            "least-busy" => self.least_busy(among),
            "two-choices" => self.two_choices(among, rng),
            "by-key" => by_key(among, key),
            _ => self.in_turn(among),
        })
    }
}

/// The box whose point is the first one behind the key on the ring (Karger and others 1997). A box that goes
/// gives its keys to the others and moves no others.
#[must_use]
pub fn by_key(among: &[NodeId], key: u32) -> NodeId {
    let place = mix(u64::from(key) ^ 0x5bd1_e995);
    let points = among.iter().flat_map(|id| {
        (0..POINTS).map(move |point| (mix(u64::from(id.0) << 32 | point).wrapping_sub(place), *id))
    });
    points.min().map_or(among[0], |(_, id)| id)
}
