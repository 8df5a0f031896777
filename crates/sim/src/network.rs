//! The network: what happens to a message between two nodes.
//!
//! A default link, overrides for single links, and a list of [`Rule`]s that faults put in the way.
//! Rules are asked in order; the first that does not pass decides, and its name is shown on screen.
//!
//! **The wall.** A partition or a cut stands in the middle of a link. A message that reaches the
//! middle while the wall stands is lost there; one that is past it arrives, and one that is still
//! before it when the wall falls goes on.

mod address;
mod latency;
mod rule;

use std::rc::Rc;

use serde::{Deserialize, Serialize};

use crate::process::NodeId;
use crate::rng::{Purpose, draw, unit};
use crate::sorted::SortedMap;
use crate::time::{Duration, Time};

pub use address::{Address, parse_arrow};
pub use latency::Latency;
pub(crate) use rule::PARTITION;
pub use rule::{Rule, Verdict, list, sides_text};

/// How a link behaves.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Link {
    /// How long a message takes from one end to the other.
    pub latency: Latency,
    /// Probability that a message is lost.
    pub loss: f64,
    /// Probability that a message arrives twice.
    pub duplication: f64,
    /// Whether messages of one direction arrive in the order they were sent.
    pub fifo: bool,
    /// Bytes a second that leave in one direction; what comes faster waits in a queue. None: any
    /// number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bandwidth: Option<u64>,
}

impl Link {
    /// A link without faults.
    #[must_use]
    pub const fn new(latency: Latency) -> Self {
        Self {
            latency,
            loss: 0.0,
            duplication: 0.0,
            fifo: false,
            bandwidth: None,
        }
    }
}

/// Where a new message goes.
#[derive(Clone, Debug)]
pub(crate) struct Route {
    /// Its number on its link.
    pub k: u32,
    /// When it arrives, and the second copy if it is doubled; none if it is lost at once.
    pub arrives: Option<(Time, Option<Time>)>,
    /// The latency that a rule added.
    pub slowed: bool,
}

/// How many messages one node has sent to each of the others. Most links of a large run carry few,
/// so a number's lowest byte lies apart from the rest, which few rows ever need: what is fetched for
/// every message then fits into a processor's own memory.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counters {
    low: Vec<u8>,
    /// Empty until one of the numbers outgrows a byte.
    high: Vec<u32>,
}

impl Counters {
    /// Counts a message and answers its number; none if there is no such receiver.
    #[inline]
    pub(crate) fn next(&mut self, to: NodeId) -> Option<u32> {
        let low = self.low.get_mut(to.index())?;
        *low = low.wrapping_add(1);
        let low = *low;
        if low == 0 {
            self.carry(to.index());
        }
        let high = self.high.get(to.index()).map_or(0, |high| high << 8);
        Some(high | u32::from(low))
    }

    #[cold]
    fn carry(&mut self, at: usize) {
        self.high.resize(self.low.len(), 0);
        self.high[at] += 1;
    }

    fn get(&self, at: usize) -> u32 {
        let low = self.low.get(at).map_or(0, |low| u32::from(*low));
        self.high.get(at).map_or(0, |high| high << 8) | low
    }

    /// All numbers up to the last that is not 0.
    fn used(&self) -> Vec<u32> {
        let all = 0..self.low.len();
        let used = all.clone().rfind(|at| self.get(*at) > 0);
        (0..used.map_or(0, |last| last + 1))
            .map(|at| self.get(at))
            .collect()
    }
}

/// All links and rules of a run.
#[derive(Clone, Debug)]
pub struct Network {
    seed: u64,
    default: Link,
    overrides: SortedMap<(NodeId, NodeId), Link>,
    rules: Vec<(Rule, Rc<str>)>,
    /// Messages sent so far, by sender and receiver; rows come to be when first used.
    counters: Vec<Counters>,
    last_arrival: SortedMap<(NodeId, NodeId), Time>,
    /// When the last byte of a direction's queue will have left.
    queued: SortedMap<(NodeId, NodeId), Time>,
    /// Nothing can happen to a message but its latency.
    calm: bool,
}

impl Network {
    /// A network whose links are all the same.
    #[must_use]
    pub fn new(seed: u64, default: Link) -> Self {
        let mut network = Self {
            seed: Self::stream(seed),
            default,
            overrides: SortedMap::new(),
            rules: Vec::new(),
            counters: Vec::new(),
            last_arrival: SortedMap::new(),
            queued: SortedMap::new(),
            calm: false,
        };
        network.refresh_fast_path();
        network
    }

    fn stream(seed: u64) -> u64 {
        crate::rng::mix(seed ^ 0x6E65_7477_6F72_6B21)
    }

    /// How the link in one direction behaves.
    #[inline]
    #[must_use]
    pub fn link(&self, from: NodeId, to: NodeId) -> &Link {
        if self.overrides.is_empty() {
            return &self.default;
        }
        self.overrides.get(&(from, to)).unwrap_or(&self.default)
    }

    /// How links behave that have no override.
    #[must_use]
    pub fn default_link(&self) -> &Link {
        &self.default
    }

    /// Whether all links are the same, with no rule between nodes.
    #[must_use]
    pub fn is_uniform(&self) -> bool {
        self.overrides.is_empty() && self.rules.is_empty()
    }

    /// Changes one direction of a link, or all links.
    pub(crate) fn change(&mut self, link: Option<(NodeId, NodeId)>, change: impl Fn(&mut Link)) {
        if let Some(pair) = link {
            change(self.overrides.entry(pair).or_insert(self.default));
        } else {
            change(&mut self.default);
            self.overrides.values_mut().for_each(change);
        }
        self.refresh_fast_path();
    }

    /// Notes whether messages need a look at anything but the default link's latency.
    fn refresh_fast_path(&mut self) {
        let Link {
            loss,
            duplication,
            fifo,
            bandwidth,
            ..
        } = self.default;
        let reliable = loss == 0.0 && duplication == 0.0;
        self.calm = self.is_plain() && reliable && !fifo && bandwidth.is_none();
    }

    /// Whether a message can meet nothing but the default link's latency.
    #[inline]
    pub(crate) fn is_calm(&self) -> bool {
        self.calm
    }

    /// Whether all links are the same and no rule is in force.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.rules.is_empty() && self.overrides.is_empty() && self.default.loss == 0.0
    }

    /// Links that a person changed one by one, from and to; a link may come more than once.
    pub fn changed_links(&self) -> impl Iterator<Item = (NodeId, NodeId)> + '_ {
        let own = self.overrides.keys().copied();
        let ruled = self
            .rules()
            .flat_map(|rule| -> Box<dyn Iterator<Item = _> + '_> {
                match rule {
                    Rule::Partition(_) => Box::new(std::iter::empty()),
                    Rule::OneWay(from, to) => {
                        let pairs = |a: &NodeId| {
                            to.iter().map({
                                let a = *a;
                                move |b| (a, *b)
                            })
                        };
                        Box::new(from.iter().flat_map(pairs))
                    }
                    Rule::Cut(a, b) | Rule::Slow(a, b, _) => Box::new(std::iter::once((*a, *b))),
                }
            });
        own.chain(ruled)
    }

    /// The rules in force, in order.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.rules.iter().map(|(rule, _)| rule)
    }

    pub(crate) fn add_rule(&mut self, rule: Rule) {
        let name = rule.to_string().into();
        self.rules.push((rule, name));
        self.refresh_fast_path();
    }

    pub(crate) fn retain_rules(&mut self, keep: impl Fn(&Rule) -> bool) {
        self.rules.retain(|(rule, _)| keep(rule));
        self.refresh_fast_path();
    }

    /// The name of the first wall between two nodes, if one stands.
    #[inline]
    #[must_use]
    pub fn wall(&self, from: NodeId, to: NodeId) -> Option<Rc<str>> {
        if self.rules.is_empty() {
            return None;
        }
        let stops = |rule: &Rule| rule.is_wall() && rule.verdict(from, to) == Verdict::Drop;
        self.rules
            .iter()
            .find(|(rule, _)| stops(rule))
            .map(|(_, name)| name.clone())
    }

    /// The number that the next message of a link will get.
    #[must_use]
    pub fn next_k(&self, from: NodeId, to: NodeId) -> u32 {
        let sent = self.counters.get(from.index());
        sent.map_or(0, |row| row.get(to.index())) + 1
    }

    /// The counters of what a node sends, with room for this many receivers.
    #[inline]
    pub(crate) fn counters(&mut self, from: NodeId, nodes: usize) -> &mut Counters {
        let room = self
            .counters
            .get(from.index())
            .map_or(0, |row| row.low.len());
        if room < nodes {
            self.make_room(from, nodes);
        }
        &mut self.counters[from.index()]
    }

    #[cold]
    fn make_room(&mut self, from: NodeId, nodes: usize) {
        if from.index() >= self.counters.len() {
            self.counters
                .resize_with(from.index() + 1, Counters::default);
        }
        let row = &mut self.counters[from.index()];
        row.low.resize(nodes, 0);
        if !row.high.is_empty() {
            row.high.resize(nodes, 0);
        }
    }

    pub(crate) fn count(&mut self, from: NodeId, to: NodeId) -> u32 {
        let counters = self.counters(from, to.index() + 1);
        counters.next(to).unwrap_or_default()
    }

    /// What [`Network::route`] decides about the `k`-th message of a link while the network is calm.
    #[inline]
    pub(crate) fn calm_route(&self, from: NodeId, to: NodeId, k: u32, leaves: Time) -> Time {
        let roll = |purpose| draw(self.seed, from.0, to.0, k, purpose);
        let latency = self.default.latency;
        leaves + latency.sample(|| roll(Purpose::Latency), || roll(Purpose::Shape))
    }

    /// How long a message that is sent now waits until what was sent before it has left.
    #[must_use]
    pub fn backlog(&self, from: NodeId, to: NodeId, now: Time) -> Duration {
        let queued = self.queued.get(&(from, to));
        queued.map_or(Duration(0), |end| end.since(now))
    }

    /// Decides on a new message of so many bytes. Walls are met later, in the middle of the link.
    pub(crate) fn route(
        &mut self,
        from: NodeId,
        to: NodeId,
        leaves: Time,
        size: impl FnOnce() -> u64,
    ) -> Route {
        let k = self.count(from, to);
        let link = *self.link(from, to);
        let leaves = match link.bandwidth {
            Some(bandwidth) => {
                let queued = self.queued.entry((from, to)).or_default();
                let takes = Duration((size() * 1_000_000).div_ceil(bandwidth.max(1)));
                *queued = leaves.max(*queued) + takes;
                *queued
            }
            None => leaves,
        };
        let roll = |purpose| draw(self.seed, from.0, to.0, k, purpose);
        if link.loss > 0.0 && unit(roll(Purpose::Loss)) < link.loss {
            return Route {
                k,
                arrives: None,
                slowed: false,
            };
        }
        let latency = link
            .latency
            .sample(|| roll(Purpose::Latency), || roll(Purpose::Shape));
        let extra = self.slowed_by(from, to);
        let mut arrives = leaves + latency + extra.unwrap_or_default();
        let doubled = link.duplication > 0.0 && unit(roll(Purpose::Duplication)) < link.duplication;
        let mut copy = doubled.then(|| {
            let again = link
                .latency
                .sample(|| roll(Purpose::CopyLatency), || roll(Purpose::CopyShape));
            leaves + again + extra.unwrap_or_default()
        });
        if link.fifo {
            let last = self.last_arrival.entry((from, to)).or_default();
            arrives = arrives.max(*last);
            copy = copy.map(|copy| copy.max(arrives));
            *last = copy.unwrap_or(arrives);
        }
        Route {
            k,
            arrives: Some((arrives, copy)),
            slowed: extra.is_some(),
        }
    }

    fn slowed_by(&self, from: NodeId, to: NodeId) -> Option<Duration> {
        if self.rules.is_empty() {
            return None;
        }
        self.rules
            .iter()
            .find_map(|(rule, _)| match rule.verdict(from, to) {
                Verdict::Deliver(extra) => Some(extra),
                _ => None,
            })
    }

    pub(crate) fn hash_into(&self, hasher: &mut crate::hash::StableHasher) {
        use std::hash::{Hash, Hasher};
        let hash_link = |link: &Link, hasher: &mut crate::hash::StableHasher| {
            hasher.write(link.latency.to_string().as_bytes());
            hasher.write_u64(link.loss.to_bits());
            hasher.write_u64(link.duplication.to_bits());
            link.fifo.hash(hasher);
            link.bandwidth.hash(hasher);
        };
        hash_link(&self.default, hasher);
        for (pair, link) in &self.overrides {
            pair.hash(hasher);
            hash_link(link, hasher);
        }
        for (_, name) in &self.rules {
            name.hash(hasher);
        }
        // Room that no message has needed yet is no part of the state.
        let rows = self.counters.iter().map(Counters::used);
        let mut rows: Vec<Vec<u32>> = rows.collect();
        let used = rows.iter().rposition(|row| !row.is_empty());
        rows.truncate(used.map_or(0, |last| last + 1));
        rows.hash(hasher);
        self.last_arrival.hash(hasher);
        self.queued.hash(hasher);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mean(latency: Latency) -> f64 {
        let n = 20_000;
        let total: u64 = (0..n)
            .map(|k| {
                let roll = |purpose| draw(1, 1, 2, k, purpose);
                latency
                    .sample(|| roll(Purpose::Latency), || roll(Purpose::Shape))
                    .0
            })
            .sum();
        total as f64 / f64::from(n)
    }

    #[test]
    fn latencies_follow_their_distributions() {
        let ms = Duration::millis;
        assert!((mean(Latency::Constant(ms(5))) - 5_000.0).abs() < 1e-9);
        assert!(
            (mean(Latency::Uniform {
                min: ms(1),
                max: ms(9)
            }) - 5_000.0)
                .abs()
                < 50.0
        );
        assert!(
            (mean(Latency::Normal {
                mean: ms(5),
                sd: ms(1)
            }) - 5_000.0)
                .abs()
                < 50.0
        );
        assert!((mean(Latency::Exponential { mean: ms(5) }) - 5_000.0).abs() < 120.0);
    }

    #[test]
    fn fifo_links_never_overtake() {
        let latency = Latency::Uniform {
            min: Duration(0),
            max: Duration::millis(50),
        };
        for fifo in [true, false] {
            let mut network = Network::new(
                3,
                Link {
                    fifo,
                    ..Link::new(latency)
                },
            );
            let arrivals: Vec<Time> = (0..200)
                .map(|i| {
                    network
                        .route(NodeId(1), NodeId(2), Time(i * 1_000), || 100)
                        .arrives
                        .unwrap()
                        .0
                })
                .collect();
            assert_eq!(arrivals.is_sorted(), fifo);
        }
    }

    #[test]
    fn loss_and_duplication_come_at_their_rates() {
        let link = Link {
            loss: 0.3,
            duplication: 0.2,
            ..Link::new(Latency::Constant(Duration(1)))
        };
        let mut network = Network::new(5, link);
        let routes: Vec<Route> = (0..20_000)
            .map(|_| network.route(NodeId(1), NodeId(2), Time(0), || 100))
            .collect();
        let lost = routes.iter().filter(|r| r.arrives.is_none()).count();
        let doubled = routes
            .iter()
            .filter(|r| matches!(r.arrives, Some((_, Some(_)))))
            .count();
        assert!((5_800..6_200).contains(&lost), "{lost}");
        assert!((2_600..3_000).contains(&doubled), "{doubled}");
    }

    #[test]
    fn what_comes_faster_than_the_bandwidth_waits_in_a_queue() {
        let link = Link {
            bandwidth: Some(1_000),
            ..Link::new(Latency::Constant(Duration::millis(10)))
        };
        let mut network = Network::new(1, link);
        let (a, b) = (NodeId(1), NodeId(2));
        let mut arrives = |from, to, at, size| {
            let route = network.route(from, to, Time(at), || size);
            route.arrives.unwrap().0.0
        };
        // 100 bytes at 1 kB/s take 100 ms to leave, then 10 ms to arrive.
        assert_eq!(arrives(a, b, 0, 100), 110_000);
        assert_eq!(arrives(a, b, 0, 50), 160_000, "behind the first");
        assert_eq!(arrives(b, a, 0, 50), 60_000, "the other direction is free");
        assert_eq!(
            arrives(a, b, 500_000, 50),
            560_000,
            "the queue is empty again"
        );
        assert_eq!(network.backlog(a, b, Time(520_000)), Duration::millis(30));
    }

    #[test]
    fn a_link_counts_beyond_a_byte() {
        let mut network = Network::new(1, Link::new(Latency::Constant(Duration(1))));
        let (a, b, c) = (NodeId(1), NodeId(2), NodeId(3));
        for k in 1..=70_000 {
            assert_eq!(network.next_k(a, b), k);
            assert_eq!(network.count(a, b), k);
        }
        assert_eq!(network.count(a, c), 1);
        assert_eq!(network.count(a, b), 70_001);
        assert_eq!(network.next_k(b, a), 1);
    }

    #[test]
    fn walls_stop_the_right_pairs() {
        let n = NodeId;
        let partition = Rule::Partition(vec![vec![n(1), n(2)], vec![n(3)]]);
        assert_eq!(partition.verdict(n(1), n(3)), Verdict::Drop);
        assert_eq!(partition.verdict(n(1), n(2)), Verdict::Pass);
        assert_eq!(
            partition.verdict(n(1), n(4)),
            Verdict::Pass,
            "4 is on no side"
        );
        let one_way = Rule::OneWay(vec![n(1)], vec![n(2)]);
        assert_eq!(one_way.verdict(n(1), n(2)), Verdict::Drop);
        assert_eq!(one_way.verdict(n(2), n(1)), Verdict::Pass);
        assert_eq!(
            Address::parse("n1->n2#3.1").unwrap().to_string(),
            "n1->n2#3.1"
        );
        assert!(Address::parse("n1-n2#3").unwrap_err().contains("n1->n2#3"));
    }
}
