//! Help for tests: random fault schedules drawn from every fault there is.

use std::collections::BTreeMap;

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
}

impl Chaos {
    /// A schedule from a seed. How often each verb was drawn is added to `used`.
    #[must_use]
    pub fn schedule(&self, seed: u64, used: &mut BTreeMap<&'static str, u32>) -> Vec<Timed> {
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
            let Some(command) = self.draw(verb, &mut rng) else {
                continue;
            };
            *used.entry(verb).or_default() += 1;
            schedule.push(Timed {
                at: At::time(Time(time)),
                command,
            });
        }
        schedule
    }

    fn node(&self, rng: &mut Rng) -> NodeId {
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
        Duration(rng.between(1, self.hop.0.max(1) * 6))
    }

    /// Message addresses are guesses: some are on their way, some are armed, some are missed.
    fn message(&self, rng: &mut Rng) -> Address {
        let (from, to) = self.pair(rng);
        Address {
            from,
            to,
            k: rng.between(1, 12) as u32,
            copy: 0,
        }
    }

    fn draw(&self, verb: &str, rng: &mut Rng) -> Option<Command> {
        let fault = match verb {
            "add" => return Some(Command::AddNode),
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
            "drop" => Fault::Drop(self.message(rng)),
            "delay" => Fault::Delay(self.message(rng), self.length(rng)),
            "duplicate" => Fault::Duplicate(self.message(rng)),
            "hold" => Fault::Hold(self.message(rng)),
            "release" => Fault::Release(self.message(rng)),
            "reorder" => {
                let first = self.message(rng);
                Fault::Reorder(
                    first,
                    Address {
                        k: first.k + 1,
                        ..first
                    },
                )
            }
            "slow" => {
                let (a, b) = self.pair(rng);
                Fault::Slow(a, b, self.length(rng))
            }
            "loss" => Fault::Loss(rng.chance(0.5).then(|| self.pair(rng)), rng.unit() * 0.3),
            "duplication" => {
                Fault::Duplication(rng.chance(0.5).then(|| self.pair(rng)), rng.unit() * 0.3)
            }
            "latency" => {
                let hop = self.hop;
                let law = match rng.below(4) {
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
                Fault::Latency(rng.chance(0.3).then(|| self.pair(rng)), law)
            }
            "fifo" => Fault::Fifo(None, rng.chance(0.5)),
            "disk" => Fault::Disk(self.node(rng), Duration(self.length(rng).0 / 4)),
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

    fn timer(&self, rng: &mut Rng) -> Option<String> {
        rng.pick(&self.timers).map(|name| (*name).to_owned())
    }
}
