//! Random faults that look where it hurts: drawn while the run goes on, from what is there.

use super::{Chaos, mending};
use crate::command::Command;
use crate::fault::{Fault, VERBS};
use crate::probe::self_declared;
use crate::process::NodeId;
use crate::rng::Rng;
use crate::time::{Duration, Time};
use crate::timeline::Timeline;
use crate::world::World;

/// Faults for a hunt after broken laws. Each run uses only some of the verbs, so that these come
/// often enough to work together (Groce et al., "Swarm Testing", ISSTA 2012); half of what hits a
/// node hits one that believes to lead; and what can be mended is mended soon, so that there is
/// something left to break.
pub struct Swarm {
    /// What may be drawn at all.
    pub chaos: Chaos,
    /// What may be asked of nodes, as JSON; none: nothing is asked.
    pub requests: Vec<&'static str>,
}

impl Swarm {
    /// Plays a run to the end of its chaos under faults from a seed. Afterwards
    /// [`Timeline::commands`] is what was done.
    pub fn play(&self, seed: u64, run: &mut Timeline, budget: u64) {
        let mut rng = Rng::stream(seed, "swarm", 0);
        let verbs = self.verbs(&mut rng);
        let chaos = &self.chaos;
        let mut times: Vec<u64> = (0..chaos.commands)
            .map(|_| rng.below(chaos.until.0))
            .collect();
        times.sort_unstable();
        let mut mends: Vec<(Time, Fault)> = Vec::new();
        for time in times.into_iter().map(Time) {
            mends.sort_by_key(|(at, _)| *at);
            while let Some((at, mend)) = mends.first().cloned().filter(|(at, _)| *at <= time) {
                mends.remove(0);
                run.run_until(at, budget);
                // A mend that has nothing to mend any more is refused, and that is all.
                let _ = run.apply(Command::Fault(mend));
            }
            run.run_until(time, budget);
            let Some(command) = self.draw(&verbs, run.world(), &mut rng) else {
                continue;
            };
            if let Some((_, mend)) = mending(&command) {
                let longest = chaos.hop.0 << rng.below(6);
                let after = Duration(rng.between(1, longest));
                mends.push((time + after, mend));
            }
            let _ = run.apply(command);
        }
        run.run_until(chaos.until, budget);
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
            let json = serde_json::from_str(rng.pick(&self.requests)?).ok()?;
            let node = leader.unwrap_or_else(|| self.chaos.node(rng));
            return Some(Command::Request(node, json));
        }
        let command = self.chaos.draw(verb, rng, &world.in_flight())?;
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
