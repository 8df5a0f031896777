//! The judge against orders that are simply all tried.

mod levels;
mod wrong_answers;

use super::*;
use crate::rng::Rng;
use crate::time::Time;

/// Whether some order of all operations (those without an answer may be left out) is right.
pub(super) fn by_all_orders(history: &Operations) -> bool {
    fn go(ops: &[Op], done: &mut Vec<bool>, state: &state::State) -> bool {
        let answered = |at: usize| ops[at].returned().is_some();
        if (0..ops.len()).all(|at| done[at] || !answered(at)) {
            return true;
        }
        for at in 0..ops.len() {
            let early = |other: usize| !done[other] && ops[other].is_before(&ops[at]);
            if done[at] || ops[at].is_void() || (0..ops.len()).any(early) {
                continue;
            }
            let step = match ops[at].answer() {
                Some(answer) => state::Step::known(ops[at].process, &ops[at].call, answer),
                None => state::Step::effect(ops[at].process, &ops[at].call),
            };
            let then = match step {
                Some(step) => step.apply(state),
                None => Some(state.clone()),
            };
            if let Some(then) = then {
                done[at] = true;
                if go(ops, done, &then) {
                    return true;
                }
                done[at] = false;
            }
        }
        false
    }
    let ops: Vec<Op> = history.iter().cloned().collect();
    let keys: Vec<Word> = ops.iter().map(|op| op.key.clone()).collect();
    keys.iter().all(|key| {
        let own: Vec<Op> = ops.iter().filter(|op| op.key == *key).cloned().collect();
        let mut done = vec![false; own.len()];
        go(&own, &mut done, &state::State::first(&history.model))
    })
}

fn value(rng: &mut Rng, values: u64) -> Option<Word> {
    let drawn = rng.below(values);
    (drawn > 0).then(|| Word::from(drawn.to_string()))
}

/// A call, and answers it may get, right or wrong.
fn draw(model: &Model, rng: &mut Rng) -> (Call, Answer) {
    match model {
        Model::Store { .. } => match rng.below(10) {
            0..4 => (Call::Read, Answer::Value(value(rng, 4))),
            4..7 => {
                let written = value(rng, 3).unwrap_or_else(|| Word::from("3"));
                (Call::Write(written), Answer::Done)
            }
            7 => {
                let end = Word::from(rng.below(2).to_string());
                (Call::Append(end), Answer::Done)
            }
            8 => {
                let (old, new) = (value(rng, 3), Word::from("2"));
                (Call::CompareAndSet { old, new }, Answer::Done)
            }
            _ => {
                let (old, new) = (value(rng, 3), Word::from("1"));
                let seen = rng.chance(0.5).then(|| value(rng, 3));
                (Call::CompareAndSet { old, new }, Answer::Refused(seen))
            }
        },
        Model::Counter { .. } => match rng.below(3) {
            0 => (Call::Read, Answer::Count(rng.below(4) as i64)),
            1 => (Call::Add(1), Answer::Done),
            _ => (Call::Add(1), Answer::Count(rng.below(4) as i64)),
        },
        Model::Set => match rng.below(4) {
            0 => (Call::Insert(Word::from("a")), Answer::Done),
            1 => (Call::Insert(Word::from("b")), Answer::Done),
            2 => (Call::Remove(Word::from("a")), Answer::Done),
            _ => {
                let mut members: Vec<Word> = vec![Word::from("a"), Word::from("b")];
                members.retain(|_| rng.chance(0.5));
                (Call::Read, Answer::Members(members.into()))
            }
        },
        Model::Bank { .. } => {
            let amount = rng.below(3) as i64 + 1;
            let (a, b) = (Word::from("a"), Word::from("b"));
            let changes = if rng.chance(0.5) {
                [(a, -amount), (b, amount)]
            } else {
                [(a, amount), (b, -amount)]
            };
            let answer = match rng.below(4) {
                0 => {
                    let balances = [(Word::from("a"), rng.below(5) as i64)];
                    let balances = balances.into_iter().collect();
                    return (Call::Read, Answer::Balances(std::rc::Rc::new(balances)));
                }
                1 => Answer::Refused(None),
                _ => Answer::Done,
            };
            (Call::Transfer(changes.into()), answer)
        }
        Model::Lock => match rng.below(5) {
            0 | 1 => (Call::Acquire, Answer::Done),
            2 => (Call::Acquire, Answer::Refused(None)),
            _ => (Call::Release, Answer::Done),
        },
    }
}

pub(super) fn random(model: &Model, seed: u64) -> Operations {
    let mut rng = Rng::stream(seed, "history", 0);
    let mut history = Operations::new(model.clone());
    let processes = rng.between(2, 4) as u32;
    let mut open: Vec<Option<(u32, Answer)>> = vec![None; processes as usize];
    let most = rng.between(3, 8);
    let mut begun = 0;
    while begun < most || open.iter().any(Option::is_some) {
        let process = rng.below(u64::from(processes)) as usize;
        let now = Time(u64::from(history.places()));
        match open[process].take() {
            Some((number, answer)) => {
                let ended = match rng.below(8) {
                    0 => Ended::Unknown,
                    1 => Ended::Failed,
                    _ => Ended::Returned(answer),
                };
                history.end(number, ended, now);
            }
            None if begun < most => {
                begun += 1;
                let (call, answer) = draw(model, &mut rng);
                let key = if rng.chance(0.8) { "x" } else { "y" };
                let number = history.begin(process as u32, Asked::at(key, call), now);
                open[process] = Some((number, answer));
            }
            None if rng.chance(0.3) => return history,
            None => {}
        }
    }
    history
}

pub(super) fn models() -> [Model; 5] {
    [
        Model::STORE,
        Model::Set,
        Model::Counter { initial: 0 },
        Model::Bank { opening: 2 },
        Model::Lock,
    ]
}

#[test]
fn it_says_what_all_orders_say() {
    let mut verdicts = [0, 0];
    for model in models() {
        for seed in 0..4_000 {
            let history = random(&model, seed);
            let (found, judge) = Linearizability::of(&history, &mut u64::MAX.clone());
            let expected = by_all_orders(&history);
            let right = found == if expected { Found::Order } else { Found::None };
            assert!(right, "{model:?} {seed}: {found:?}\n{history:#?}");
            verdicts[usize::from(expected)] += 1;
            if expected {
                is_an_order(&history, &judge);
            }
        }
    }
    assert!(verdicts.iter().all(|count| *count > 5_000), "{verdicts:?}");
}

/// A register whose writes often get no answer, and whose reads are long: what one of them has seen is known
/// after others have returned.
fn long_reads(seed: u64) -> Operations {
    let mut rng = Rng::stream(seed, "long reads", 0);
    let mut history = Operations::new(Model::STORE);
    let writes = rng.between(2, 3);
    let values: Vec<Word> = (0..writes).map(|at| Word::from(at.to_string())).collect();
    for (process, value) in values.iter().enumerate() {
        let call = Call::Write(value.clone());
        let write = history.begin(process as u32, Asked::at("x", call), Time(0));
        if rng.chance(0.7) {
            history.end(write, Ended::Unknown, Time(1));
        } else {
            history.end(write, Ended::Returned(Answer::Done), Time(1));
        }
    }
    let mut open: Vec<(u32, u32)> = Vec::new();
    let (mut process, mut left) = (10, rng.between(2, 5));
    while left > 0 || !open.is_empty() {
        if left > 0 && (open.is_empty() || rng.chance(0.5)) {
            (left, process) = (left - 1, process + 1);
            let read = history.begin(process, Asked::at("x", Call::Read), Time(2));
            open.push((read, process));
        } else {
            let (read, _) = open.swap_remove(rng.below(open.len() as u64) as usize);
            let value = rng.pick(&values).cloned();
            history.end(read, Ended::Returned(Answer::Value(value)), Time(3));
        }
    }
    history
}

#[test]
fn a_read_that_is_answered_late_may_have_seen_a_write_without_an_answer() {
    let mut verdicts = [0, 0];
    for seed in 0..6_000 {
        let history = long_reads(seed);
        let (found, judge) = Linearizability::of(&history, &mut u64::MAX.clone());
        let expected = by_all_orders(&history);
        let right = found == if expected { Found::Order } else { Found::None };
        assert!(right, "{seed}: {found:?}\n{history:#?}");
        verdicts[usize::from(expected)] += 1;
        if expected {
            is_an_order(&history, &judge);
        }
    }
    assert!(verdicts.iter().all(|count| *count > 1_000), "{verdicts:?}");
}

/// The order found holds every operation with an answer, respects real time, and gives these answers.
fn is_an_order(history: &Operations, judge: &Linearizability) {
    let mut keys: Vec<Word> = history.iter().map(|op| op.key.clone()).collect();
    keys.sort();
    keys.dedup();
    for key in keys {
        let order = judge.order(&key);
        let mut state = state::State::first(&history.model);
        let of = |number: &u32| history.get(*number).expect("it is in the history");
        for (at, number) in order.iter().enumerate() {
            let op = of(number);
            assert!(order[at + 1..].iter().all(|later| !of(later).is_before(op)));
            let step = match op.answer() {
                Some(answer) => state::Step::known(op.process, &op.call, answer),
                None => state::Step::effect(op.process, &op.call),
            };
            state = step.expect("a step").apply(&state).expect("it can happen");
        }
        for (number, op) in history.iter().enumerate() {
            let counts = op.key == key && op.returned().is_some();
            let says = op
                .answer()
                .and_then(|answer| state::Step::known(op.process, &op.call, answer));
            if counts && says.is_some() {
                assert!(order.contains(&(number as u32)), "{number} in {order:?}");
            }
        }
    }
}

/// Whether some order of all operations is right in which each process's own are in its order.
fn sequential_by_all_orders(history: &Operations) -> bool {
    fn go(
        history: &Operations,
        done: &mut Vec<bool>,
        states: &std::collections::BTreeMap<Word, state::State>,
    ) -> bool {
        let ops: Vec<&Op> = history.iter().collect();
        if (0..ops.len()).all(|at| done[at] || ops[at].returned().is_none()) {
            return true;
        }
        for at in 0..ops.len() {
            let op = ops[at];
            let early = |other: usize| {
                !done[other] && ops[other].process == op.process && ops[other].is_before(op)
            };
            if done[at] || op.is_void() || (0..ops.len()).any(early) {
                continue;
            }
            let step = match op.answer() {
                Some(answer) => state::Step::known(op.process, &op.call, answer),
                None => state::Step::effect(op.process, &op.call),
            };
            let first = || state::State::first(&history.model);
            let now = states.get(&op.key).cloned().unwrap_or_else(first);
            let then = match step {
                Some(step) => step.apply(&now),
                None => Some(now),
            };
            if let Some(then) = then {
                let mut states = states.clone();
                states.insert(op.key.clone(), then);
                done[at] = true;
                if go(history, done, &states) {
                    return true;
                }
                done[at] = false;
            }
        }
        false
    }
    go(
        history,
        &mut vec![false; history.len()],
        &std::collections::BTreeMap::new(),
    )
}

#[test]
fn sequential_consistency_is_what_all_orders_say() {
    let mut verdicts = [0, 0];
    for model in models() {
        for seed in 0..3_000 {
            let history = random(&model, seed);
            let expected = sequential_by_all_orders(&history);
            let found = sequential(&history, &mut u64::MAX.clone());
            let right = found == if expected { Found::Order } else { Found::None };
            assert!(right, "{model:?} {seed}: {found:?}\n{history:#?}");
            verdicts[usize::from(expected)] += 1;
        }
    }
    assert!(verdicts.iter().all(|count| *count > 4_000), "{verdicts:?}");
}

/// A verdict that comes while the history grows, from a copy, or in small steps is the same one.
#[test]
fn growing_copying_and_stopping_change_no_verdict() {
    for model in models() {
        for seed in 0..1_500 {
            let history = random(&model, seed);
            let mut rng = Rng::stream(seed, "copies", 0);
            let mut own = Linearizability::new(&history.model);
            for (place, event) in history.events().enumerate() {
                if rng.chance(0.2) {
                    let copy = own.clone();
                    own = copy;
                }
                let mut budget = if rng.chance(0.3) { rng.below(3) } else { 1_000 };
                let found = own.take(&history, event, &mut budget);
                if found != Found::Undecided {
                    let until = history.until(place as u32 + 1);
                    let whole = Linearizability::of(&until, &mut u64::MAX.clone()).0;
                    assert_eq!(found, whole, "{model:?} {seed} at {place}");
                }
            }
        }
    }
}

/// The history in which only these operations count: writes that do not may have happened at any time.
fn relaxed(history: &Operations, counts: impl Fn(u32) -> bool) -> Operations {
    let mut own = Operations::new(history.model.clone());
    for (number, op) in history.iter().enumerate() {
        if !counts(number as u32) && op.call != Call::Read {
            let asked = Asked {
                key: op.key.clone(),
                call: op.call.clone(),
            };
            let number = own.begin(op.process, asked, op.began);
            own.end(number, Ended::Unknown, op.began);
        }
    }
    let mut numbers = std::collections::BTreeMap::new();
    for event in history.events() {
        let (Event::Begin(number) | Event::End(number)) = event;
        let Some(op) = history.get(number).filter(|_| counts(number)) else {
            continue;
        };
        match (event, &op.end) {
            (Event::End(_), Some(end)) => own.end(numbers[&number], end.ended.clone(), end.at),
            _ => {
                let asked = Asked {
                    key: op.key.clone(),
                    call: op.call.clone(),
                };
                numbers.insert(number, own.begin(op.process, asked, op.began));
            }
        }
    }
    own
}

/// What contradicts itself in a history, if anything does.
fn explained(history: &Operations) -> Option<Conflict> {
    let mut check = HistoryCheck::new(history);
    check.advance(&mut u64::MAX.clone());
    let blamed = check.objects().find_map(|(_, object)| object.blamed())?;
    Some(explain_refuted(history, blamed, &mut u64::MAX.clone()))
}

#[test]
fn what_it_blames_contradicts_itself_and_nothing_can_be_left_out() {
    let mut sizes = [0; 10];
    for model in models() {
        for seed in 0..3_000 {
            let history = random(&model, seed);
            let (found, judge) = Linearizability::of(&history, &mut u64::MAX.clone());
            let Some(conflict) = explained(&history) else {
                assert_eq!(found, Found::Order);
                continue;
            };
            assert!(judge.refuted().is_some());
            // Nothing that began after the wrong answer can explain it.
            let blamed = history.get(conflict.blamed).and_then(|op| op.end.as_ref());
            let history = history.until(blamed.expect("it has ended").place + 1);
            let own = &conflict.operations;
            sizes[own.len()] += 1;
            let why = format!("{model:?} {seed}: {conflict:?}\n{history:#?}");
            let part = relaxed(&history, |number| own.contains(&number));
            assert!(!by_all_orders(&part), "{why}");
            for left in own {
                let less = relaxed(&history, |number| number != *left && own.contains(&number));
                assert!(by_all_orders(&less), "without {left}: {why}");
            }
            assert!(!conflict.reason.is_empty());
        }
    }
    assert!(
        sizes[1] > 500 && sizes[2] > 100 && sizes[3] > 20,
        "{sizes:?}"
    );
}

fn register(operations: &[(u32, Call, Answer, [u64; 2])]) -> Operations {
    let mut events: Vec<(u64, bool, usize)> = Vec::new();
    for (at, (.., [from, to])) in operations.iter().enumerate() {
        events.push((*from, false, at));
        events.push((*to, true, at));
    }
    events.sort_unstable();
    let mut history = Operations::new(Model::Store {
        initial: Some(Word::from("0")),
    });
    let mut numbers = vec![0; operations.len()];
    for (time, ends, at) in events {
        let (process, call, answer, _) = &operations[at];
        if ends {
            history.end(numbers[at], Ended::Returned(answer.clone()), Time(time));
        } else {
            numbers[at] = history.begin(*process, Asked::at("x", call.clone()), Time(time));
        }
    }
    history
}

fn write(value: &str) -> (Call, Answer) {
    (Call::Write(Word::from(value)), Answer::Done)
}

fn read(value: &str) -> (Call, Answer) {
    (Call::Read, Answer::Value(Some(Word::from(value))))
}

fn why(operations: &[(u32, (Call, Answer), [u64; 2])]) -> String {
    let flat = operations.iter().cloned();
    let flat: Vec<_> = flat
        .map(|(process, (call, answer), at)| (process, call, answer, at))
        .collect();
    let history = register(&flat);
    explained(&history).map_or_else(String::new, |conflict| conflict.reason)
}

/// MIT 6.824, quiz 2 of 2017, and the example of ahorn's linearizability checker.
#[test]
fn published_examples() {
    let quiz_2 = [
        (1, write("100"), [0, 100]),
        (2, read("100"), [25, 75]),
        (3, read("0"), [30, 60]),
    ];
    assert_eq!(why(&quiz_2), "");
    let quiz_3 = [
        (1, write("200"), [0, 100]),
        (2, read("200"), [10, 30]),
        (3, read("0"), [40, 90]),
    ];
    assert_eq!(
        why(&quiz_3),
        "process 3 read x = 0, although process 2 had read the newer x = 200 before this read began."
    );
    let overlapping = [
        (1, write("1"), [0, 2]),
        (2, read("2"), [3, 7]),
        (3, write("2"), [4, 6]),
    ];
    assert_eq!(why(&overlapping), "");
    let later = [
        (1, write("1"), [0, 2]),
        (2, read("2"), [3, 7]),
        (3, write("2"), [8, 9]),
    ];
    assert_eq!(
        why(&later),
        "process 2 read x = 2, which nobody had written."
    );
}

#[test]
fn a_stale_read_is_said_in_words() {
    let stale = [
        (1, write("red"), [0, 1]),
        (1, write("blue"), [2, 3]),
        (2, read("red"), [4, 5]),
    ];
    assert_eq!(
        why(&stale),
        "process 2 read x = red, although x = blue was confirmed before this read began."
    );
    let never = [(1, write("blue"), [2, 3]), (2, read("0"), [4, 5])];
    assert_eq!(
        why(&never),
        "process 2 read x = 0, although x = blue was confirmed before this read began."
    );
}
