//! Shrinks a counterexample: what it does not need is taken away.

use super::{Broken, broken};
use crate::command::Timed;
use crate::descriptor::{Catalogue, Setup};
use crate::event::Event;
use crate::time::Time;
use crate::timeline::Run;
use crate::world::Limits;

/// Moves that any run may take on top of four times as many as the counterexample took.
const SPARE: u64 = 20_000;

/// The same law broken by as few commands as greedy removal finds (halves, quarters, … single ones,
/// until none can go), at the first instant at which these break it. The run may take twice as long
/// as the one that was found: without noise some things happen later.
///
/// # Errors
/// One sentence, if the run cannot be set up.
pub fn shrink(catalogue: Catalogue, found: &Broken) -> Result<Broken, String> {
    let setup = catalogue.setup(&found.recipe)?;
    let mut attempts = Attempts {
        law: found.law,
        until: Time(found.at.0.saturating_mul(2)),
        moves: u64::MAX,
        setup,
    };
    let commands = attempts.setup.commands.clone();
    let Some((mut best, moves)) = attempts.breaks(&commands) else {
        // Only a run that was cut can fail to repeat itself.
        return Ok(found.clone());
    };
    attempts.moves = moves.saturating_mul(4).saturating_add(SPARE);
    let mut commands = parsed(&best);
    let mut chunk = commands.len().div_ceil(2).max(1);
    loop {
        let mut smaller = false;
        let mut at = 0;
        while at < commands.len() {
            let end = (at + chunk).min(commands.len());
            let rest = [&commands[..at], &commands[end..]].concat();
            if let Some((less, _)) = attempts.breaks(&rest) {
                commands = parsed(&less);
                best = less;
                smaller = true;
            } else {
                at = end;
            }
        }
        if chunk > 1 {
            chunk = chunk.div_ceil(2);
        } else if !smaller {
            return Ok(best);
        }
    }
}

/// Commands of a run that was made here.
fn parsed(broken: &Broken) -> Vec<Timed> {
    let commands = broken.recipe.commands.iter();
    commands
        .filter_map(|text| Timed::parse(text).ok())
        .collect()
}

struct Attempts {
    setup: Setup,
    law: &'static str,
    until: Time,
    moves: u64,
}

impl Attempts {
    /// Whether these commands break the law: how, and after how many moves.
    fn breaks(&self, commands: &[Timed]) -> Option<(Broken, u64)> {
        let mut setup = self.setup.clone();
        setup.commands = commands.to_vec();
        let mut run = Run::checked(&setup, Limits::of_hunt()).ok()?;
        let mut records = Vec::new();
        while run.moves() < self.moves && run.advance(self.until) {
            run.move_records(&mut records);
            let told = records.iter().any(|record| match &record.event {
                Event::Violated { invariant, .. } => *invariant == self.law,
                _ => false,
            });
            if told {
                let found = broken(&run).into_iter().find(|b| b.law == self.law);
                return found.map(|found| (found, run.moves()));
            }
            records.clear();
        }
        None
    }
}
