//! The behaviour of links, now and in the unchanged scenario.

use faultline_sim::command::{Command, Timed};
use faultline_sim::fault::Fault;
use faultline_sim::network::{Latency, Link};
use faultline_sim::process::NodeId;
use faultline_sim::time::Duration;

use super::Engine;

/// How much slower "Slow network" makes every link.
const SLOWDOWN: u64 = 3;

impl Engine {
    /// The behaviour of all links without individual changes.
    pub fn links(&self) -> Link {
        *self.timeline.world().network().default_link()
    }

    /// The same in the unchanged scenario.
    pub fn usual_links(&self) -> Link {
        self.scenario().link.unwrap_or(self.protocol().link)
    }

    /// The behaviour of one direction of one link.
    pub fn link_from(&self, from: NodeId, to: NodeId) -> Link {
        *self.timeline.world().network().link(from, to)
    }

    /// The commands before the cursor, latest first.
    pub(super) fn applied(&self) -> impl Iterator<Item = Command> {
        let now = self.timeline.now();
        let before = move |c: &Timed| c.at.time.is_none_or(|time| time <= now);
        self.timeline
            .commands()
            .into_iter()
            .filter(before)
            .rev()
            .map(|c| c.command)
    }

    /// Whether the latency differs from the scenario's.
    pub fn slowed(&self) -> bool {
        self.links().latency != self.usual_links().latency
    }

    /// The command that slows all links down, or restores their speed.
    pub fn slow_command(&self) -> Command {
        let usual = self.usual_links().latency;
        let law = if self.slowed() { usual } else { slower(usual) };
        Command::Fault(Fault::Latency(None, law))
    }
}

fn slower(law: Latency) -> Latency {
    let more = |length: Duration| Duration(length.0 * SLOWDOWN);
    match law {
        Latency::Constant(length) => Latency::Constant(more(length)),
        Latency::Uniform { min, max } => Latency::Uniform {
            min: more(min),
            max: more(max),
        },
        Latency::Normal { mean, sd } => Latency::Normal {
            mean: more(mean),
            sd: more(sd),
        },
        Latency::Exponential { mean } => Latency::Exponential { mean: more(mean) },
    }
}
