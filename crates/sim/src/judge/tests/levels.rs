//! The weaker promises, against orders that are all tried and against stores that lack one rule.

use super::super::*;
use crate::rng::Rng;
use crate::time::Time;

/// A history of a store in which no value is written twice.
pub(super) fn distinct(seed: u64) -> Operations {
    let mut rng = Rng::stream(seed, "distinct", 0);
    let mut history = Operations::new(Model::STORE);
    let mut open: Vec<Option<u32>> = vec![None; 3];
    let mut written: Vec<(&str, u64)> = Vec::new();
    let most = rng.between(4, 8);
    let mut begun = 0;
    while begun < most || open.iter().any(Option::is_some) {
        let process = rng.below(3) as usize;
        let now = Time(u64::from(history.places()));
        let key = if rng.chance(0.7) { "x" } else { "y" };
        match open[process].take() {
            Some(number) => {
                let (key, call) = history
                    .get(number)
                    .map(|op| (&*op.key, &op.call))
                    .expect("it is there");
                let of_key = written.iter().filter(|(of, _)| *of == key);
                let values: Vec<u64> = of_key.map(|(_, value)| *value).collect();
                let answer = match call {
                    Call::Read if rng.chance(0.15) => Answer::Value(None),
                    Call::Read => {
                        Answer::Value(rng.pick(&values).map(|value| Word::from(value.to_string())))
                    }
                    _ => Answer::Done,
                };
                let ended = if rng.chance(0.1) {
                    Ended::Unknown
                } else {
                    Ended::Returned(answer)
                };
                history.end(number, ended, now);
            }
            None if begun < most => {
                begun += 1;
                let call = if rng.chance(0.5) {
                    written.push((key, begun));
                    Call::Write(Word::from(begun.to_string()))
                } else {
                    Call::Read
                };
                open[process] = Some(history.begin(process as u32, Asked::at(key, call), now));
            }
            None => {}
        }
    }
    history
}

/// Whether each process can have seen all writes in some order that respects causes.
fn causal_by_all_orders(history: &Operations) -> bool {
    let ops: Vec<&Op> = history.iter().filter(|op| !op.is_void()).collect();
    let count = ops.len();
    let mut causes = vec![vec![false; count]; count];
    for (at, op) in ops.iter().enumerate() {
        for (other, earlier) in ops.iter().enumerate() {
            let own = earlier.process == op.process && earlier.is_before(op);
            let read = op.key == earlier.key
                && earlier.writes().is_some()
                && op.reads() == Some(earlier.writes());
            causes[at][other] = own || read;
        }
    }
    for via in 0..count {
        for at in 0..count {
            for other in 0..count {
                causes[at][other] |= causes[at][via] && causes[via][other];
            }
        }
    }
    if (0..count).any(|at| causes[at][at]) {
        return false;
    }
    let go = |process: u32| {
        let seen: Vec<usize> = (0..count)
            .filter(|at| ops[*at].writes().is_some() || ops[*at].process == process)
            .collect();
        let mut paths = vec![(
            Vec::<usize>::new(),
            std::collections::BTreeMap::<&str, Option<&Word>>::new(),
        )];
        while let Some((done, holds)) = paths.pop() {
            if done.len() == seen.len() {
                return true;
            }
            for at in &seen {
                let ready = seen
                    .iter()
                    .all(|other| !causes[*at][*other] || done.contains(other));
                if done.contains(at) || !ready {
                    continue;
                }
                let now = holds.get(&*ops[*at].key).copied().flatten();
                if ops[*at].reads().is_some_and(|value| value != now) {
                    continue;
                }
                let (mut done, mut holds) = (done.clone(), holds.clone());
                done.push(*at);
                if let Some(value) = ops[*at].writes() {
                    holds.insert(&*ops[*at].key, Some(value));
                }
                paths.push((done, holds));
            }
        }
        false
    };
    (0..3).all(go)
}

#[test]
fn causal_consistency_is_what_all_orders_say() {
    let mut verdicts = [0, 0];
    for seed in 0..6_000 {
        let history = distinct(seed);
        let expected = causal_by_all_orders(&history);
        let found = causal(&history, &mut u64::MAX.clone());
        let right = found == if expected { Found::Order } else { Found::None };
        assert!(right, "{seed}: {found:?}\n{history:#?}");
        verdicts[usize::from(expected)] += 1;
    }
    assert!(verdicts.iter().all(|count| *count > 500), "{verdicts:?}");
}

#[test]
fn each_level_implies_those_below_it() {
    let mut steps: [u32; 6] = [0; 6];
    for seed in 0..4_000 {
        let history = distinct(seed);
        let rungs = ladder(&history, &mut u64::MAX.clone());
        let holds: Vec<bool> = rungs.iter().map(|(_, kept)| *kept == Kept::Holds).collect();
        let both = holds[3] && holds[4];
        assert!(!holds[0] || holds[1], "{seed}: {rungs:?}");
        assert!(!holds[1] || holds[2], "{seed}: {rungs:?}");
        assert!(!holds[2] || both, "{seed}: {rungs:?}");
        // And each verdict is the one of its own search.
        let sequential = sequential(&history, &mut u64::MAX.clone());
        assert_eq!(holds[1], sequential == Found::Order, "{seed}: {rungs:?}");
        let causal = causal(&history, &mut u64::MAX.clone());
        assert_eq!(holds[2], causal == Found::Order, "{seed}: {rungs:?}");
        let first = holds.iter().position(|holds| *holds);
        steps[first.unwrap_or(5)] += 1;
        for (level, kept) in &rungs {
            let Kept::Broken(conflict) = kept else {
                assert_eq!(*kept, Kept::Holds, "{seed} {level:?}");
                continue;
            };
            assert!(
                conflict.operations.contains(&conflict.blamed),
                "{seed} {level:?} {conflict:?}"
            );
            assert!(!conflict.reason.is_empty());
        }
    }
    assert!(steps.iter().all(|count| *count > 20), "{steps:?}");
}

/// A store that answers reads from some place of one log of writes.
struct Replica {
    history: Operations,
    log: Vec<Option<String>>,
    /// By process: the place of its latest own write, and of its latest read.
    own: [usize; 3],
    read: [usize; 3],
}

/// Where a read looks, from the place of its own latest write, that of its latest read, and the end.
type Look = fn(own: usize, read: usize, end: usize, rng: &mut Rng) -> usize;

fn play(seed: u64, look: Look) -> Operations {
    let mut rng = Rng::stream(seed, "replica", 0);
    let mut store = Replica {
        history: Operations::new(Model::STORE),
        log: vec![None],
        own: [0; 3],
        read: [0; 3],
    };
    for step in 0..60 {
        let process = rng.below(3) as usize;
        let now = Time(step);
        let (call, answer) = if rng.chance(0.4) {
            let value = step.to_string();
            store.log.push(Some(value.clone()));
            store.own[process] = store.log.len() - 1;
            (Call::Write(Word::from(value)), Answer::Done)
        } else {
            let (own, read) = (store.own[process], store.read[process]);
            let place = look(own, read, store.log.len() - 1, &mut rng);
            store.read[process] = place;
            let value = store.log[place].as_deref().map(Word::from);
            (Call::Read, Answer::Value(value))
        };
        let number = store
            .history
            .begin(process as u32, Asked::at("x", call), now);
        store.history.end(number, Ended::Returned(answer), now);
    }
    store.history
}

fn between(from: usize, to: usize, rng: &mut Rng) -> usize {
    rng.between(from as u64, to as u64) as usize
}

/// The levels that any of these histories breaks, and those that all of them keep.
fn broken(histories: impl Iterator<Item = Operations>) -> Vec<&'static str> {
    let mut found = Vec::new();
    for history in histories {
        for (level, kept) in ladder(&history, &mut 10_000_000.clone()) {
            match kept {
                Kept::Holds => {}
                Kept::Broken(_) if found.contains(&level.name()) => {}
                Kept::Broken(_) => found.push(level.name()),
                other => panic!("{level:?}: {other:?}"),
            }
        }
    }
    found.sort_unstable();
    found
}

#[test]
fn a_store_that_lacks_one_rule_is_refused_by_the_levels_that_need_it_and_by_no_other() {
    let of = |look: Look| broken((0..20).map(|seed| play(seed, look)));
    let fresh = of(|_, _, end, _| end);
    assert!(fresh.is_empty(), "{fresh:?}");
    // Old values, in order, and never older than one's own writes.
    let stale = of(|own, read, end, rng| between(own.max(read), end, rng));
    assert_eq!(stale, ["linearizable"]);
    // Never back, but not always as far as one's own writes.
    let forgets = of(|_, read, end, rng| between(read, end, rng));
    assert_eq!(
        forgets,
        ["causal", "linearizable", "read-your-writes", "sequential"]
    );
    // As far as one's own writes, but sometimes back.
    let back = of(|own, _, end, rng| between(own, end, rng));
    assert_eq!(
        back,
        ["causal", "linearizable", "monotonic-reads", "sequential"]
    );
}

/// What is written, or else what was read.
type What<'w> = Result<&'w str, Option<&'w str>>;

/// Operations one after another: process, key, and what is written or else read.
fn told(operations: &[(u32, &str, What)]) -> Operations {
    let mut history = Operations::new(Model::STORE);
    for (at, (process, key, what)) in operations.iter().enumerate() {
        let now = Time(at as u64);
        let (call, answer) = match what {
            Ok(value) => (Call::Write(Word::from(*value)), Answer::Done),
            Err(value) => (Call::Read, Answer::Value(value.map(Word::from))),
        };
        let number = history.begin(*process, Asked::at(key, call), now);
        history.end(number, Ended::Returned(answer), now);
    }
    history
}

#[test]
fn what_tells_sequential_causal_and_the_sessions_apart() {
    // Two replicas take two writes in two orders, and two clients look at one each.
    let orders = told(&[
        (1, "x", Ok("1")),
        (2, "x", Ok("2")),
        (3, "x", Err(Some("1"))),
        (3, "x", Err(Some("2"))),
        (4, "x", Err(Some("2"))),
        (4, "x", Err(Some("1"))),
    ]);
    assert_eq!(broken([orders].into_iter()), ["linearizable", "sequential"]);
    // An answer is seen before the question that caused it.
    let answer_first = told(&[
        (1, "question", Ok("why")),
        (2, "question", Err(Some("why"))),
        (2, "answer", Ok("because")),
        (3, "answer", Err(Some("because"))),
        (3, "question", Err(None)),
    ]);
    let rungs = ladder(&answer_first, &mut 100_000.clone());
    let causal = rungs.iter().find(|(level, _)| *level == Level::Causal);
    let Some((_, Kept::Broken(conflict))) = causal else {
        panic!("{rungs:?}");
    };
    // It does not matter who wrote the question: process 2 read it before it wrote the answer.
    assert_eq!(conflict.operations, [1, 2, 3, 4]);
    assert_eq!(
        broken([answer_first].into_iter()),
        ["causal", "linearizable", "sequential"]
    );
}

/// Two things about dirty and concurrent writes that no session promise is about.
#[test]
fn a_write_that_another_one_may_have_overwritten_breaks_no_session() {
    let overwritten = told(&[
        (1, "x", Ok("1")),
        (2, "x", Ok("2")),
        (2, "x", Err(Some("1"))),
    ]);
    assert_eq!(broken([overwritten].into_iter()), ["linearizable"]);
}
