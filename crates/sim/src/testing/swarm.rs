//! Random faults that look where it hurts: drawn while the run goes on, from what is there.

use super::{Chaos, OF_MESSAGES, Playable, mending};
use crate::command::Command;
use crate::fault::{Fault, VERBS};
use crate::probe::self_declared;
use crate::process::NodeId;
use crate::rng::Rng;
use crate::time::{Duration, Time};
use crate::world::World;

/// Faults for a hunt after broken laws. Each run uses only some of the verbs, so that these come
/// often enough to work together (Groce et al., "Swarm Testing", ISSTA 2012); half of what hits a
/// node hits one that believes to lead; and what can be mended is mended soon, so that there is
/// something left to break.
pub struct Swarm {
    /// What may be drawn at all.
    pub chaos: Chaos,
    /// What may be asked of nodes; none: nothing is asked.
    pub requests: Vec<serde_json::Value>,
}

impl Swarm {
    /// Plays a run to the end of its chaos under faults from a seed. Afterwards
    /// [`Playable::commands`] is what was done.
    pub fn play(&self, seed: u64, run: &mut impl Playable, budget: u64) {
        self.play_while(seed, run, budget, |_| true);
    }

    /// The same as long as the world is one of interest, asked before each command.
    pub fn play_while(
        &self,
        seed: u64,
        run: &mut impl Playable,
        budget: u64,
        goes_on: impl Fn(&World) -> bool,
    ) {
        let mut rng = Rng::stream(seed, "swarm", 0);
        let verbs = self.verbs(&mut rng);
        let chaos = &self.chaos;
        let mut times: Vec<u64> = (0..chaos.commands)
            .map(|_| rng.below(chaos.until.0.max(1)))
            .collect();
        times.sort_unstable();
        let mut mends: Vec<(Time, Fault)> = Vec::new();
        for time in times.into_iter().map(Time) {
            // A run that was cut goes nowhere, and commands would pile up at its last instant.
            if run.world().halted().is_some() || !goes_on(run.world()) {
                return;
            }
            mends.sort_by_key(|(at, _)| *at);
            while let Some((at, mend)) = mends.first().cloned().filter(|(at, _)| *at <= time) {
                mends.remove(0);
                run.play_until(at, budget);
                run.act(Command::Fault(mend));
            }
            run.play_until(time, budget);
            let Some(command) = self.draw(&verbs, run.world(), &mut rng) else {
                continue;
            };
            if let Some((_, mend)) = mending(&command) {
                let longest = chaos.hop.0 << rng.below(6);
                let after = Duration(rng.between(1, longest));
                mends.push((time + after, mend));
            }
            run.act(command);
        }
        run.play_until(chaos.until, budget);
    }

    fn verbs(&self, rng: &mut Rng) -> Vec<&'static str> {
        // A few verbs that come all the time, or many that come now and then.
        let share = *rng.pick(&[0.1, 0.2, 0.4]).unwrap_or(&0.2);
        let all = VERBS
            .iter()
            .map(|(verb, ..)| *verb)
            .chain(["add", "remove"]);
        let mut some: Vec<&'static str> = all
            .filter(|verb| !self.chaos.without.contains(verb))
            .filter(|_| rng.chance(share))
            .collect();
        if !self.requests.is_empty() {
            some.push("request");
        }
        some
    }

    fn draw(&self, verbs: &[&'static str], world: &World, rng: &mut Rng) -> Option<Command> {
        let verb = *rng.pick(verbs)?;
        let leaders: Vec<NodeId> = self_declared(world).collect();
        let leader = rng.pick(&leaders).copied().filter(|_| rng.chance(0.5));
        if verb == "request" {
            let json = rng.pick(&self.requests)?.clone();
            let node = leader.unwrap_or_else(|| self.chaos.node(rng));
            return Some(Command::Request(node, json));
        }
        // Listing what flies is slow where very much does.
        let flying = match OF_MESSAGES.contains(&verb) {
            true => world.in_flight(),
            false => Vec::new(),
        };
        let command = self.chaos.draw(verb, rng, &flying)?;
        let Some(leader) = leader else {
            return Some(command);
        };
        Some(match command {
            Command::Fault(Fault::Crash(_)) => Command::Fault(Fault::Crash(leader)),
            Command::Fault(Fault::Pause(_)) => Command::Fault(Fault::Pause(leader)),
            Command::Fault(Fault::Partition(_)) => {
                let others = world.ids().filter(|id| *id != leader);
                let (mut with, mut without) = (vec![leader], Vec::new());
                for id in others {
                    let side = if rng.chance(0.3) {
                        &mut with
                    } else {
                        &mut without
                    };
                    side.push(id);
                }
                if without.is_empty() {
                    return None;
                }
                Command::Fault(Fault::Partition(vec![with, without]))
            }
            other => other,
        })
    }
}
