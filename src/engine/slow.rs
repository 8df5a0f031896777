//! "Slow network": whether it is in force, and the command that turns it round.

use faultline_sim::command::{Command, Timed};
use faultline_sim::fault::Fault;
use faultline_sim::network::Latency;
use faultline_sim::time::Duration;

use super::Engine;

/// How many times slower it makes every link.
const SLOWDOWN: u64 = 3;

impl Engine {
    /// The law of all links as the scenario has it.
    fn usual_latency(&self) -> Latency {
        self.scenario().link.unwrap_or(self.protocol().link).latency
    }

    /// The commands that come before the cursor, latest first.
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

    /// Whether "Slow network" is in force.
    pub fn slowed(&self) -> bool {
        let latest = self.applied().find_map(|command| match command {
            Command::Fault(Fault::Latency(None, law)) => Some(law),
            _ => None,
        });
        latest.is_some_and(|law| law != self.usual_latency())
    }

    /// The command that slows all links down, or makes them as before.
    pub fn slow_command(&self) -> Command {
        let usual = self.usual_latency();
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
