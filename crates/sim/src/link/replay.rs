//! From a link to its run: set up, let run to its instant within bounds, and compared with what it
//! was when the link was made.

use super::{Link, plain, too_much};
use crate::KERNEL;
use crate::command::Command;
use crate::descriptor::{Catalogue, Setup};
use crate::time::Time;
use crate::timeline::{Pass, Timeline};
use crate::world::World;

/// Nodes of a run that comes from a link, those included that its commands add.
const MOST_NODES: usize = 2_000;
/// Moves between two looks at what it costs.
const SLICE: u64 = 4_096;

/// How much may be done to get to a link's instant.
#[derive(Clone, Copy, Debug)]
pub struct Work {
    /// Events and commands.
    pub moves: u64,
    /// Records that they make.
    pub records: u64,
}

impl Default for Work {
    /// What a page can do while a person waits.
    fn default() -> Self {
        Self {
            moves: 2_000_000,
            records: 8_000_000,
        }
    }
}

/// A run that came out of a link.
pub struct Replayed {
    /// The run, where the link stands.
    pub timeline: Timeline,
    /// What the reader must know: the run is not what it was, or not where it should be.
    pub remark: Option<String>,
}

impl Link {
    /// Makes the run and goes to where the link stands.
    ///
    /// # Errors
    /// One sentence: it cannot be set up, it asks for too much, or the same program gives another
    /// run, so that the link is not what was copied.
    pub fn replay(&self, catalogue: Catalogue, work: Work) -> Result<Replayed, String> {
        let (timeline, remark) = self.try_replay(catalogue, work).map_err(plain)?;
        Ok(Replayed { timeline, remark })
    }

    /// The same without keeping what happened on the way, so that a long run needs no more memory:
    /// the run, and what the reader must know.
    ///
    /// # Errors
    /// As [`Link::replay`].
    pub fn pass(&self, catalogue: Catalogue, work: Work) -> Result<(Pass, Option<String>), String> {
        self.try_replay(catalogue, work).map_err(plain)
    }

    fn try_replay<R: Walks>(
        &self,
        catalogue: Catalogue,
        work: Work,
    ) -> Result<(R, Option<String>), String> {
        self.check().map_err(|why| too_much(&why))?;
        let mut recipe = self.recipe.clone();
        let (protocol, scenario) = catalogue.find(&recipe.scenario)?;
        recipe.scenario = format!("{}/{}", protocol.id, scenario.id);
        let setup = catalogue.setup(&recipe)?;
        check_nodes(&setup)?;
        if let Some(partner) = &self.partner {
            check_nodes(&catalogue.setup(&partner.recipe)?)?;
        }
        let opens_at = Time(setup.scenario.opens_at.0);
        let (to, moves) = match self.cursor {
            Some(place) => (place.time, place.moves),
            None => (opens_at, None),
        };
        if let Some(moves) = moves.filter(|moves| *moves > work.moves) {
            let most = work.moves;
            return Err(too_much(&format!(
                "it stands {moves} events into its run, and {most} can be made again while you wait"
            )));
        }
        let mut run = R::begin(setup)?;
        let mut walk = Walk {
            run: &mut run,
            work,
        };
        let mut there = match moves {
            Some(moves) => walk.go_to_move(moves, to),
            // A scenario that opens at zero opens before its first event, even if all happens then.
            None => to == Time::ZERO || walk.go_to_time(to),
        };
        let place = |run: &R| {
            let at_move = moves.is_none_or(|moves| run.moves() == moves);
            at_move && (run.world().now() == to || run.world().halted().is_some())
        };
        let same = self
            .digest
            .map(|digest| place(walk.run) && digest == walk.run.digest());
        let told = self.made_with(protocol.title, protocol.revision);
        let remark = match (same, told) {
            (Some(false), None) if there => return Err(
                "This link is damaged (its run is not the one that was copied). Ask for it again."
                    .into(),
            ),
            (Some(false), Some(told)) => {
                // Moves of another program say nothing: only the instant is left.
                there = to == Time::ZERO || walk.go_to_time(to);
                Some(format!("{told}; this is what today's does."))
            }
            _ => None,
        };
        let remark = if there {
            remark
        } else {
            let now = run.world().now();
            Some(format!(
                "This link's instant, {to}, is too far into the run to be made again while you wait: \
                 it stands at {now} instead."
            ))
        };
        Ok((run, remark))
    }

    /// The words for a link that another program made; none if it was this one.
    fn made_with(&self, title: &str, revision: u32) -> Option<String> {
        let age = |made: u32, now: u32| if made > now { "a later" } else { "an earlier" };
        if self.revision != revision {
            let age = age(self.revision, revision);
            Some(format!("This link was made with {age} {title}"))
        } else if self.kernel != KERNEL {
            let age = age(self.kernel, KERNEL);
            Some(format!("This link was made with {age} Faultline"))
        } else {
            None
        }
    }
}

fn check_nodes(setup: &Setup) -> Result<(), String> {
    let adds = |timed: &&crate::command::Timed| matches!(timed.command, Command::AddNode(_));
    let added = setup.commands.iter().filter(adds).count();
    let nodes = (setup.protocol.nodes)(&setup.settings) as usize + added;
    if nodes > MOST_NODES {
        return Err(too_much(&format!(
            "its run has {nodes} nodes; {MOST_NODES} are allowed"
        )));
    }
    Ok(())
}

/// What a replay asks of a run.
trait Walks: Sized {
    fn begin(setup: Setup) -> Result<Self, String>;
    fn world(&self) -> &World;
    fn moves(&self) -> u64;
    fn digest(&self) -> u32;
    fn run_until(&mut self, to: Time, budget: u64) -> bool;
    fn run_to_move(&mut self, moves: u64, to: Time, budget: u64) -> bool;
}

/// Both kinds of runs have these methods; only how they begin differs.
macro_rules! walks {
    ($run:ty, $begin:expr) => {
        impl Walks for $run {
            fn begin(setup: Setup) -> Result<Self, String> {
                $begin(setup)
            }
            fn world(&self) -> &World {
                self.world()
            }
            fn moves(&self) -> u64 {
                self.moves()
            }
            fn digest(&self) -> u32 {
                self.digest()
            }
            fn run_until(&mut self, to: Time, budget: u64) -> bool {
                self.run_until(to, budget)
            }
            fn run_to_move(&mut self, moves: u64, to: Time, budget: u64) -> bool {
                self.run_to_move(moves, to, budget)
            }
        }
    };
}

walks!(Timeline, Timeline::new);
walks!(Pass, |setup| Pass::new(&setup));

/// A run on its way, and what it may still cost.
struct Walk<'t, R> {
    run: &'t mut R,
    work: Work,
}

impl<R: Walks> Walk<'_, R> {
    /// What the next slice may cost; none if nothing is left.
    fn slice(&mut self) -> Option<u64> {
        let slice = SLICE.min(self.work.moves);
        self.work.moves -= slice;
        let records = self.run.world().records();
        (slice > 0 && records < self.work.records).then_some(slice)
    }

    fn go_to_time(&mut self, to: Time) -> bool {
        while let Some(slice) = self.slice() {
            if self.run.run_until(to, slice) || self.run.world().halted().is_some() {
                return true;
            }
        }
        false
    }

    fn go_to_move(&mut self, moves: u64, to: Time) -> bool {
        while let Some(slice) = self.slice() {
            if self.run.run_to_move(moves, to, slice) {
                return true;
            }
        }
        false
    }
}
