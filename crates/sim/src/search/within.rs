//! Random faults within a budget: few, so they are placed where several can work together.

use super::{Budget, BudgetKind, OF_MESSAGES, Playable, Swarm, mending, round};
use crate::command::Command;
use crate::fault::Fault;
use crate::process::NodeId;
use crate::rng::Rng;
use crate::time::{Duration, Time};
use crate::world::{WRITE_FIRST, World};

/// How often a fault that would meet nothing is drawn again.
const TRIES: u32 = 4;

/// What a run within a budget does at an instant.
struct Step {
    at: Time,
    /// A fault of this kind; none: a request.
    kind: Option<BudgetKind>,
}

impl Swarm {
    /// Plays a run under at most these faults, as long as the run is one of interest. Requests and what
    /// mends a fault are free.
    pub fn play_within<R: Playable>(
        &self,
        budget: &Budget,
        seed: u64,
        run: &mut R,
        moves: u64,
        goes_on: impl Fn(&R) -> bool,
    ) {
        let mut rng = Rng::stream(seed, "within", 0);
        let mut mends: Vec<(Time, Fault)> = Vec::new();
        let mut asked = 0;
        for step in self.steps(budget, &mut rng) {
            // A run that was cut goes nowhere, and commands would pile up at its last instant.
            if run.world().halted().is_some() || !goes_on(run) {
                return;
            }
            mend(&mut mends, step.at, run, moves);
            run.play_until(step.at, moves);
            let drawn = match step.kind {
                Some(kind) => self.fault(kind, run.world(), &mut rng),
                None => self.request(run.world(), &mut rng, &mut asked),
            };
            let Some(command) = drawn else {
                continue;
            };
            // Some faults stay: a node that never comes back is a fault of its own.
            let (mended, doublings) = if self.chaos.wide { (0.5, 9) } else { (0.75, 7) };
            if let Some((_, mend)) = mending(&command).filter(|_| rng.chance(mended)) {
                let longest = self.chaos.hop.0.max(1) << rng.below(doublings);
                mends.push((step.at + Duration(rng.between(1, longest)), mend));
            }
            run.act(command);
        }
        mend(&mut mends, self.chaos.until, run, moves);
        run.play_until(self.chaos.until, moves);
    }

    /// When to do what. Half of the runs use the whole budget, since what many faults can break few
    /// often cannot; the others show whether fewer are enough.
    fn steps(&self, budget: &Budget, rng: &mut Rng) -> Vec<Step> {
        let whole = rng.chance(0.5);
        let mut kinds: Vec<Option<BudgetKind>> = Vec::new();
        // A run has time for no more than this, whatever a person allows.
        let most_of = |count: u32| u64::from(count.min(self.chaos.commands.max(8)));
        let share = |most: u64, rng: &mut Rng| if whole { most } else { rng.between(0, most) };
        if budget.most.is_some() {
            let count = share(most_of(budget.total()), rng);
            kinds.extend(self.some_of(budget, count, rng));
        } else {
            for (kind, most) in budget.kinds() {
                let count = share(most_of(most), rng);
                kinds.extend((0..count).map(|_| Some(kind)));
            }
        }
        // A request may be what a goal is missing, or what spoils it.
        let asks = !self.chaos.wide || kinds.is_empty() || rng.chance(0.5);
        if asks && !self.requests.is_empty() {
            let requests = rng.between(1, u64::from(self.chaos.commands.max(1)));
            kinds.extend((0..requests).map(|_| None));
        }
        rng.shuffle(&mut kinds);
        let mut last = self.begin(rng);
        let mut steps: Vec<Step> = Vec::new();
        for kind in kinds {
            // Often soon after another one: alone, few faults do harm.
            let soon = self.chaos.hop.0.max(1) << rng.below(5);
            let near = last + rng.below(soon);
            last = match rng.chance(0.5) && near < self.chaos.until.0 {
                true => near,
                false => rng.below(self.chaos.until.0.max(1)),
            };
            let at = match self.chaos.wide {
                // A person reads when it was.
                true => Time(round(last)),
                false => Time(last),
            };
            steps.push(Step { at, kind });
        }
        steps.sort_by_key(|step| step.at);
        steps
    }

    /// When the first thing is done: at any time, or near to what the scenario does.
    fn begin(&self, rng: &mut Rng) -> u64 {
        let until = self.chaos.until.0.max(1);
        if self.moments.is_empty() || rng.chance(0.5) {
            return rng.below(until);
        }
        let near = rng.pick(&self.moments).map_or(0, |time| time.0);
        let around = self.chaos.hop.0.max(1) << rng.below(8);
        (near + rng.below(around))
            .saturating_sub(around / 2)
            .min(until)
    }

    /// Half the time, a node that the scenario asks, if there are any.
    fn actor(&self, rng: &mut Rng) -> Option<NodeId> {
        let asked = !self.actors.is_empty() && rng.chance(0.5);
        asked.then(|| rng.pick(&self.actors).copied()).flatten()
    }

    /// So many faults of kinds that are left, each verb as likely as any other.
    fn some_of(&self, budget: &Budget, count: u64, rng: &mut Rng) -> Vec<Option<BudgetKind>> {
        let mut left = *budget;
        let mut some = Vec::new();
        while (some.len() as u64) < count {
            let kinds = left.kinds().flat_map(|(kind, _)| {
                let verbs = self.chaos.verbs_of(kind);
                verbs.into_iter().map(move |_| kind)
            });
            let kinds: Vec<BudgetKind> = kinds.collect();
            let Some(kind) = rng.pick(&kinds).copied() else {
                break;
            };
            *left.of_mut(kind) -= 1;
            some.push(Some(kind));
        }
        some
    }

    /// A fault of a kind that has an effect, if a few draws find one.
    fn fault(&self, kind: BudgetKind, world: &World, rng: &mut Rng) -> Option<Command> {
        let mut verbs = self.chaos.verbs_of(kind);
        // A slow disk tells nothing of an algorithm that has nothing to write before it answers.
        let mut rules = world.settings().switches();
        if !rules.any(|(rule, _)| rule.name == WRITE_FIRST.name) {
            verbs.retain(|verb| *verb != "disk");
        }
        for _ in 0..TRIES {
            let verb = *rng.pick(&verbs)?;
            let flying = match OF_MESSAGES.contains(&verb) {
                true => world.in_flight(),
                false => Vec::new(),
            };
            let leader = Self::leader(world, rng).or_else(|| self.actor(rng));
            let drawn = self.chaos.draw(verb, rng, &flying);
            let aimed = drawn.and_then(|drawn| Self::aim(drawn, leader, world, rng));
            let aimed = aimed.map(|command| match leader.filter(|_| self.chaos.wide) {
                Some(leader) => at_node(command, leader),
                None => command,
            });
            // A liar that becomes honest is no fault, and a second crash of one node is lost.
            let hits = |command: &Command| {
                Budget::kind(command) == Some(kind) && world.check(command).is_ok()
            };
            if let Some(command) = aimed.filter(hits) {
                return Some(command);
            }
        }
        None
    }
}

/// The same at this node, if it hits one.
fn at_node(command: Command, node: NodeId) -> Command {
    let Command::Fault(fault) = command else {
        return command;
    };
    Command::Fault(match fault {
        Fault::Flaky(_, down, up) => Fault::Flaky(node, down, up),
        Fault::Skew(_, by) => Fault::Skew(node, by),
        Fault::Drift(_, ppm) => Fault::Drift(node, ppm),
        Fault::Disk(_, by) => Fault::Disk(node, by),
        Fault::Lie(_, style) => Fault::Lie(node, style),
        Fault::Fire(_, timer) => Fault::Fire(node, timer),
        other => other,
    })
}

/// Applies what is due by an instant.
fn mend(mends: &mut Vec<(Time, Fault)>, by: Time, run: &mut impl Playable, moves: u64) {
    mends.sort_by_key(|(at, _)| *at);
    let due = mends.partition_point(|(at, _)| *at <= by);
    for (at, mend) in mends.drain(..due) {
        run.play_until(at, moves);
        let mend = Command::Fault(mend);
        // The node may be up again already.
        if run.world().halted().is_none() && run.world().check(&mend).is_ok() {
            run.act(mend);
        }
    }
}
