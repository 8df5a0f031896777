//! One run of a sweep. It keeps no history.

use faultline_sim::timeline::{Misses, Run};

use super::Line;
use crate::choice::Choice;
use crate::run::why_too_late;
use crate::verdict::{Verdict, judge};

/// Runs one seed.
pub fn one(choice: &Choice, probes: &[&str], seed: u64) -> Line {
    let mut run = Run::new(&choice.setup_with(seed));
    let mut misses = Misses::new(&choice.setup.commands);
    let mut fresh = Vec::new();
    while run.advance(choice.until) {
        run.move_records(&mut fresh);
        misses.look(&fresh);
        fresh.clear();
    }
    run.advance_to(choice.until);
    let world = run.world();
    let verdicts = judge(world);
    let broken = |v: &Verdict| Some((v.name.to_owned(), v.broken()?.to_owned()));
    let open = verdicts.iter().filter(|v| v.open().is_some());
    let all: Vec<_> = world.probes().collect();
    let value = |name: &&str| {
        let found = all.iter().find(|(spec, _)| spec.name == *name);
        found
            .and_then(|(_, value)| *value)
            .filter(|v| v.is_finite())
    };
    let missed = misses.found().iter();
    let missed = missed.map(|miss| (miss.command.clone(), miss.why.clone()));
    let late = run.pending().into_iter();
    let late = late.map(|timed| (timed.to_string(), why_too_late(&timed, world)));
    Line {
        seed,
        values: probes.iter().map(value).collect(),
        violations: verdicts.iter().filter_map(broken).collect(),
        open: open.map(|v| v.name.to_owned()).collect(),
        halted: world.halted().map(str::to_owned),
        missed: missed.chain(late).collect(),
    }
}
