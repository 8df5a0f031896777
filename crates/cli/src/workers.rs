//! Many seeds on all cores. A world belongs to one thread; only its result is sent.

use std::collections::BTreeMap;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc;
use std::thread;

use crate::Outcome;

/// Runs all seeds with `one` and passes their results to `each` in the order of the seeds. `each`
/// returns whether to continue.
pub fn in_order<T: Send>(
    seeds: Range<u64>,
    threads: usize,
    one: impl Fn(u64) -> T + Sync,
    each: impl FnMut(T) -> Outcome<bool>,
) -> Outcome {
    in_order_as(|seed| format!("seed {seed}"), seeds, threads, one, each)
}

/// The same for runs by number, with their names.
pub fn in_order_as<T: Send>(
    name: impl Fn(u64) -> String,
    seeds: Range<u64>,
    threads: usize,
    one: impl Fn(u64) -> T + Sync,
    mut each: impl FnMut(T) -> Outcome<bool>,
) -> Outcome {
    let count = seeds.end - seeds.start;
    let (taken, stop) = (AtomicU64::new(0), AtomicBool::new(false));
    let (sender, given) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..threads.min(usize::try_from(count).unwrap_or(threads)) {
            let (sender, taken, stop, one) = (sender.clone(), &taken, &stop, &one);
            let first = seeds.start;
            scope.spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    let nth = taken.fetch_add(1, Ordering::Relaxed);
                    if nth >= count {
                        break;
                    }
                    let seed = first + nth;
                    // The message about a panic names the seed, so that a person can repeat it.
                    let given = catch_unwind(AssertUnwindSafe(|| one(seed)));
                    if sender.send((seed, given.ok())).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        let outcome = sorted(name, given, seeds.start, &mut each);
        stop.store(true, Ordering::Relaxed);
        outcome
    })
}

fn sorted<T>(
    name: impl Fn(u64) -> String,
    given: mpsc::Receiver<(u64, Option<T>)>,
    mut next: u64,
    each: &mut impl FnMut(T) -> Outcome<bool>,
) -> Outcome {
    let mut early = BTreeMap::new();
    for (seed, one) in given {
        let one = one.ok_or_else(|| format!("{} made the protocol panic", name(seed)))?;
        early.insert(seed, one);
        while let Some(one) = early.remove(&next) {
            next += 1;
            if !each(one)? {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// Reads the number of threads; the default is all cores.
///
/// # Errors
/// One sentence naming the wrong word.
pub fn threads(text: Option<&str>) -> Outcome<usize> {
    match text {
        None => Ok(thread::available_parallelism().map_or(1, usize::from)),
        Some(text) => match text.parse() {
            Ok(threads) if (1..=1024).contains(&threads) => Ok(threads),
            _ => Err(format!(
                "`{text}` is not a number of threads; write 1 to 1024"
            )),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_seeds_give_comes_in_their_order() {
        for workers in [1, 3, 16] {
            let mut given = Vec::new();
            let keep = |one| {
                given.push(one);
                Ok(given.len() < 8)
            };
            in_order(5..50, workers, |seed| seed * 2, keep).unwrap();
            assert_eq!(given, [10, 12, 14, 16, 18, 20, 22, 24], "{workers} threads");
        }
        assert!(threads(Some("0")).is_err());
        assert_eq!(threads(Some("7")), Ok(7));
    }
}
