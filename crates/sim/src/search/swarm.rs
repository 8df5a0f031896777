//! Random faults that look where it hurts: drawn while the run goes on, from what is there.

use super::{Chaos, OF_MESSAGES, Playable, mending};
use serde_json::Value as Json;

use crate::command::Command;
use crate::descriptor::RequestForm;
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
    pub requests: &'static [RequestForm],
    /// Requests of the scenario, which any node may be asked again.
    pub script: Vec<Json>,
    /// The nodes that it asks: what hits one of them does more than what hits any other.
    pub actors: Vec<NodeId>,
    /// When the scenario does something: what is done near to it may change it.
    pub moments: Vec<Time>,
}

impl Swarm {
    /// Plays a run to the end of its chaos under faults from a seed. Afterwards
    /// [`Playable::commands`] is what was done.
    pub fn play(&self, seed: u64, run: &mut impl Playable, budget: u64) {
        self.play_while(seed, run, budget, |_| true);
    }

    /// The same as long as the run is one of interest, asked before each command.
    pub fn play_while<R: Playable>(
        &self,
        seed: u64,
        run: &mut R,
        budget: u64,
        goes_on: impl Fn(&R) -> bool,
    ) {
        let mut rng = Rng::stream(seed, "swarm", 0);
        let verbs = self.verbs(&mut rng);
        let chaos = &self.chaos;
        let mut times: Vec<u64> = (0..chaos.commands)
            .map(|_| rng.below(chaos.until.0.max(1)))
            .collect();
        times.sort_unstable();
        let mut mends: Vec<(Time, Fault)> = Vec::new();
        let mut asked = 0;
        for time in times.into_iter().map(Time) {
            // A run that was cut goes nowhere, and commands would pile up at its last instant.
            if run.world().halted().is_some() || !goes_on(run) {
                return;
            }
            mends.sort_by_key(|(at, _)| *at);
            while let Some((at, mend)) = mends.first().cloned().filter(|(at, _)| *at <= time) {
                mends.remove(0);
                run.play_until(at, budget);
                run.act(Command::Fault(mend));
            }
            run.play_until(time, budget);
            let Some(command) = self.draw(&verbs, run.world(), &mut rng, &mut asked) else {
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

    /// `asked`: how many requests there were so far.
    fn draw(
        &self,
        verbs: &[&'static str],
        world: &World,
        rng: &mut Rng,
        asked: &mut u64,
    ) -> Option<Command> {
        let verb = *rng.pick(verbs)?;
        let leader = Self::leader(world, rng);
        if verb == "request" {
            return self.ask(leader, rng, asked);
        }
        // Listing what flies is slow where very much does.
        let flying = match OF_MESSAGES.contains(&verb) {
            true => world.in_flight(),
            false => Vec::new(),
        };
        let command = self.chaos.draw(verb, rng, &flying)?;
        Self::aim(command, leader, world, rng)
    }

    /// Half the time, a node that believes to lead.
    pub(super) fn leader(world: &World, rng: &mut Rng) -> Option<NodeId> {
        let leaders: Vec<NodeId> = self_declared(world).collect();
        rng.pick(&leaders).copied().filter(|_| rng.chance(0.5))
    }

    /// A request to a leader or to any node.
    pub(super) fn request(&self, world: &World, rng: &mut Rng, asked: &mut u64) -> Option<Command> {
        let leader = Self::leader(world, rng);
        self.ask(leader, rng, asked)
    }

    fn ask(&self, leader: Option<NodeId>, rng: &mut Rng, asked: &mut u64) -> Option<Command> {
        let form = rng.pick(self.requests)?;
        *asked += 1;
        let again = !self.script.is_empty() && rng.chance(0.5);
        let json = match again.then(|| rng.pick(&self.script)).flatten() {
            Some(json) => json.clone(),
            None => form.draw(rng, *asked),
        };
        let node = leader.unwrap_or_else(|| self.chaos.node(rng));
        Some(Command::Request(node, json))
    }

    /// The same fault where it hurts: at this leader, if there is one.
    pub(super) fn aim(
        command: Command,
        leader: Option<NodeId>,
        world: &World,
        rng: &mut Rng,
    ) -> Option<Command> {
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
