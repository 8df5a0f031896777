//! Random fault schedules drawn from every fault there is.

use std::collections::BTreeMap;

use super::BudgetKind;
use crate::command::{At, Command, Timed};
use crate::fault::{Fault, Lie, VERBS};
use crate::network::{Address, Latency};
use crate::process::NodeId;
use crate::rng::Rng;
use crate::time::{Duration, Time};

/// What a random schedule may do.
#[derive(Clone, Debug)]
pub struct Chaos {
    /// Nodes the run starts with.
    pub nodes: u32,
    /// Commands lie before this instant.
    pub until: Time,
    /// How many commands.
    pub commands: u32,
    /// Timer names that `fire`, `align` and `spread` may use.
    pub timers: Vec<&'static str>,
    /// A typical latency: faults that slow things down are of this order.
    pub hop: Duration,
    /// Whether `lie … forge` has a meaning.
    pub forges: bool,
    /// Verbs left out.
    pub without: Vec<&'static str>,
    /// Whether faults may be as large as a person can make them: a link that loses everything, a delay
    /// that lasts for the rest of the run. Otherwise they leave most of what happens alone.
    pub wide: bool,
}

/// Verbs that name a message.
pub(super) const OF_MESSAGES: [&str; 6] =
    ["drop", "delay", "duplicate", "hold", "release", "reorder"];

/// What mends a fault, if one command does.
pub(super) fn mending(command: &Command) -> Option<(&'static str, Fault)> {
    match command {
        Command::Fault(Fault::Crash(id)) => Some(("recover", Fault::Recover(*id))),
        Command::Fault(Fault::Pause(id)) => Some(("resume", Fault::Resume(*id))),
        Command::Fault(Fault::Hold(message)) => Some(("release", Fault::Release(*message))),
        Command::Fault(Fault::Cut(a, b)) => Some(("join", Fault::Join(*a, *b))),
        Command::Fault(Fault::Flaky(id, ..)) => Some(("recover", Fault::Recover(*id))),
        Command::Fault(Fault::Partition(_) | Fault::OneWay(..)) => Some(("heal", Fault::Heal)),
        _ => None,
    }
}

/// A length that people can read: in milliseconds, from 10 of them in tens.
pub(super) fn round(length: u64) -> u64 {
    let unit = if length < 10_000 { 1_000 } else { 10_000 };
    (length / unit).max(1) * unit
}

impl Chaos {
    /// A schedule from a seed. How often each verb was drawn is added to `used`. `flying` tells which
    /// messages are on their way at an instant of the run so far, so that faults of messages find one.
    #[must_use]
    pub fn schedule(
        &self,
        seed: u64,
        used: &mut BTreeMap<&'static str, u32>,
        mut flying: impl FnMut(&[Timed], Time) -> Vec<Address>,
    ) -> Vec<Timed> {
        let mut rng = Rng::stream(seed, "chaos", 0);
        let mut times: Vec<u64> = (0..self.commands)
            .map(|_| rng.below(self.until.0.max(1)))
            .collect();
        times.sort_unstable();
        let mut schedule = Vec::new();
        let verbs: Vec<&'static str> = VERBS
            .iter()
            .map(|(verb, ..)| *verb)
            .chain(["add", "remove"])
            .filter(|verb| !self.without.contains(verb))
            .collect();
        for time in times {
            let verb = *rng.pick(&verbs).unwrap_or(&"heal");
            let on_their_way = if OF_MESSAGES.contains(&verb) {
                flying(&schedule, Time(time))
            } else {
                Vec::new()
            };
            let Some(command) = self.draw(verb, &mut rng, &on_their_way) else {
                continue;
            };
            *used.entry(verb).or_default() += 1;
            // Half of what can be mended is mended later, so that recovery is tried too.
            if let Some((verb, mend)) = mending(&command).filter(|_| rng.chance(0.5)) {
                let later = Time(rng.between(time, self.until.0));
                *used.entry(verb).or_default() += 1;
                schedule.push(Timed {
                    at: At::time(later),
                    command: Command::Fault(mend),
                });
            }
            schedule.push(Timed {
                at: At::time(Time(time)),
                command,
            });
        }
        schedule.sort_by_key(|timed| timed.at);
        schedule
    }

    /// The verbs of a kind that are not left out.
    pub(super) fn verbs_of(&self, kind: BudgetKind) -> Vec<&'static str> {
        let verbs = match self.wide {
            true => kind.every_verb(),
            false => kind.verbs(),
        };
        let verbs = verbs.iter().copied();
        let of_timers = |verb: &&str| ["fire", "align", "spread"].contains(verb);
        let vain = |verb: &&str| self.timers.is_empty() && of_timers(verb);
        verbs
            .filter(|verb| !self.without.contains(verb) && !vain(verb))
            .collect()
    }

    pub(super) fn node(&self, rng: &mut Rng) -> NodeId {
        NodeId(rng.between(1, u64::from(self.nodes.max(1))) as u32)
    }

    fn pair(&self, rng: &mut Rng) -> (NodeId, NodeId) {
        let a = self.node(rng);
        let mut b = self.node(rng);
        if a == b {
            b = NodeId(a.0 % self.nodes.max(2) + 1);
        }
        (a, b)
    }

    fn length(&self, rng: &mut Rng) -> Duration {
        let hop = self.hop.0.max(1);
        let longest = match self.wide {
            // In the order of a few messages as often as in that of the run.
            true => (hop << rng.below(9)).clamp(hop, self.until.0.max(hop)),
            false => hop * 6,
        };
        let length = rng.between(1, longest);
        Duration(if self.wide { round(length) } else { length })
    }

    /// How likely it is that a message meets a fault of its link.
    fn share(&self, rng: &mut Rng) -> f64 {
        if self.wide {
            // In percent.
            let share = rng.between(1, 60) as f64 / 100.0;
            return if rng.chance(0.5) { 1.0 } else { share };
        }
        rng.unit() * 0.3
    }

    /// Mostly a message on its way; else a guess, which may lie ahead (armed) or be missed.
    fn message(&self, rng: &mut Rng, flying: &[Address]) -> Address {
        let guess = rng.chance(0.3);
        if let (false, Some(address)) = (guess, rng.pick(flying)) {
            return *address;
        }
        let (from, to) = self.pair(rng);
        Address {
            from,
            to,
            k: rng.between(1, 12) as u32,
            copy: 0,
        }
    }

    pub(super) fn draw(&self, verb: &str, rng: &mut Rng, flying: &[Address]) -> Option<Command> {
        let fault = match verb {
            "add" => return Some(Command::AddNode(Vec::new())),
            "remove" => return Some(Command::RemoveNode(self.node(rng))),
            "crash" => Fault::Crash(self.node(rng)),
            "recover" => Fault::Recover(self.node(rng)),
            "pause" => Fault::Pause(self.node(rng)),
            "resume" => Fault::Resume(self.node(rng)),
            "partition" => {
                let count = rng.between(2, 3) as usize;
                let mut sides = vec![Vec::new(); count];
                for id in 1..=self.nodes {
                    sides[rng.below(count as u64) as usize].push(NodeId(id));
                }
                sides.retain(|side| !side.is_empty());
                if sides.len() < 2 {
                    return None;
                }
                Fault::Partition(sides)
            }
            "oneway" => {
                if self.wide && rng.chance(0.5) {
                    return self.one_way(rng);
                }
                let (a, b) = self.pair(rng);
                Fault::OneWay(vec![a], vec![b])
            }
            "cut" => {
                let (a, b) = self.pair(rng);
                Fault::Cut(a, b)
            }
            "join" => {
                let (a, b) = self.pair(rng);
                Fault::Join(a, b)
            }
            "heal" => Fault::Heal,
            "drop" => Fault::Drop(self.message(rng, flying)),
            "delay" => Fault::Delay(self.message(rng, flying), self.length(rng)),
            "duplicate" => Fault::Duplicate(self.message(rng, flying)),
            "hold" => Fault::Hold(self.message(rng, flying)),
            "release" => Fault::Release(self.message(rng, flying)),
            "reorder" => {
                let first = self.message(rng, flying);
                let next = Address {
                    k: first.k + 1,
                    ..first
                };
                let others: Vec<Address> = flying.iter().copied().filter(|m| *m != first).collect();
                Fault::Reorder(first, rng.pick(&others).copied().unwrap_or(next))
            }
            "slow" => {
                let (a, b) = self.pair(rng);
                Fault::Slow(a, b, self.length(rng))
            }
            "loss" => Fault::Loss(rng.chance(0.5).then(|| self.pair(rng)), self.share(rng)),
            "duplication" => {
                Fault::Duplication(rng.chance(0.5).then(|| self.pair(rng)), self.share(rng))
            }
            "latency" => {
                let hop = match self.wide {
                    true => self.length(rng),
                    false => self.hop,
                };
                let latency = match rng.below(4) {
                    0 => Latency::Constant(hop),
                    1 => Latency::Uniform {
                        min: Duration(hop.0 / 2),
                        max: Duration(hop.0 * 2),
                    },
                    2 => Latency::Normal {
                        mean: hop,
                        sd: Duration(hop.0 / 4),
                    },
                    _ => Latency::Exponential { mean: hop },
                };
                Fault::Latency(rng.chance(0.3).then(|| self.pair(rng)), latency)
            }
            "fifo" => Fault::Fifo(None, rng.chance(0.5)),
            "bandwidth" => {
                let bytes = rng.chance(0.7).then(|| rng.between(200, 20_000));
                Fault::Bandwidth(None, bytes)
            }
            "disk" => Fault::Disk(self.node(rng), Duration(self.length(rng).0 / 4)),
            "drift" if self.wide => {
                Fault::Drift(self.node(rng), (rng.between(0, 100) as i32 - 50) * 10_000)
            }
            "skew" => Fault::Skew(self.node(rng), rng.between(0, 400_000) as i64 - 200_000),
            "drift" => Fault::Drift(self.node(rng), rng.between(0, 200_000) as i32 - 100_000),
            "flaky" => {
                let (down, up) = (self.length(rng), self.length(rng));
                Fault::Flaky(self.node(rng), down, Duration(up.0 * 4))
            }
            "lie" => {
                let styles = if self.forges {
                    Lie::ALL.len()
                } else {
                    Lie::ALL.len() - 1
                };
                let style = rng.pick(&Lie::ALL[..styles]).map(|(lie, _)| *lie);
                Fault::Lie(self.node(rng), if rng.chance(0.3) { None } else { style })
            }
            "fire" => Fault::Fire(self.node(rng), self.timer(rng)?),
            "align" => Fault::Align(self.timer(rng)?),
            "spread" => Fault::Spread(self.timer(rng)?),
            _ => return None,
        };
        Some(Command::Fault(fault))
    }

    /// Messages of some nodes do not reach the others.
    fn one_way(&self, rng: &mut Rng) -> Option<Command> {
        let (mut from, mut to) = (Vec::new(), Vec::new());
        for id in 1..=self.nodes {
            match rng.chance(0.5) {
                true => from.push(NodeId(id)),
                false => to.push(NodeId(id)),
            }
        }
        let both = !from.is_empty() && !to.is_empty();
        both.then(|| Command::Fault(Fault::OneWay(from, to)))
    }

    fn timer(&self, rng: &mut Rng) -> Option<String> {
        rng.pick(&self.timers).map(|name| (*name).to_owned())
    }
}
