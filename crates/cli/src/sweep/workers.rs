//! All seeds of a sweep on all cores. A world belongs to one thread; only lines travel.

use std::collections::BTreeMap;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc;
use std::thread;

use faultline_sim::timeline::Run;

use super::Line;
use crate::Outcome;
use crate::choice::Choice;
use crate::verdict::{Verdict, judge};

/// Runs all seeds and hands the lines on in the order of their seeds, whichever thread was faster.
/// `each` answers whether to go on.
pub fn sweep(
    choice: &Choice,
    probe: &str,
    seeds: Range<u64>,
    threads: usize,
    mut each: impl FnMut(Line) -> Outcome<bool>,
) -> Outcome {
    let count = seeds.end - seeds.start;
    let (taken, stop) = (AtomicU64::new(0), AtomicBool::new(false));
    let (sender, lines) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..threads.min(usize::try_from(count).unwrap_or(threads)) {
            let (sender, taken, stop) = (sender.clone(), &taken, &stop);
            let first = seeds.start;
            scope.spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    let nth = taken.fetch_add(1, Ordering::Relaxed);
                    if nth >= count {
                        break;
                    }
                    let seed = first + nth;
                    // The sentence about a panic must name the seed, or nobody can look into it.
                    let line = catch_unwind(AssertUnwindSafe(|| one(choice, probe, seed)));
                    if sender.send(line.map_err(|_| seed)).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        let outcome = in_order(lines, seeds.start, &mut each);
        stop.store(true, Ordering::Relaxed);
        outcome
    })
}

fn in_order(
    lines: mpsc::Receiver<Result<Line, u64>>,
    mut next: u64,
    each: &mut impl FnMut(Line) -> Outcome<bool>,
) -> Outcome {
    let mut early = BTreeMap::new();
    for line in lines {
        let line = line.map_err(|seed| format!("seed {seed} made the protocol panic"))?;
        early.insert(line.seed, line);
        while let Some(line) = early.remove(&next) {
            next += 1;
            if !each(line)? {
                return Ok(());
            }
        }
    }
    Ok(())
}

fn one(choice: &Choice, probe: &str, seed: u64) -> Line {
    let mut run = Run::new(&choice.setup_with(seed));
    run.run_until(choice.until);
    let world = run.world();
    let verdicts = judge(world);
    let broken = |v: &Verdict| Some((v.name.to_owned(), v.broken()?.to_owned()));
    let open = verdicts.iter().filter(|v| v.open().is_some());
    let value = world.probes().find(|(spec, _)| spec.name == probe);
    Line {
        seed,
        value: value.and_then(|(_, value)| value).filter(|v| v.is_finite()),
        violations: verdicts.iter().filter_map(broken).collect(),
        open: open.map(|v| v.name.to_owned()).collect(),
        halted: world.halted().map(str::to_owned),
    }
}
