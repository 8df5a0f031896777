//! Each wrong answer is named, and the judge goes on as if it had never come.

use super::super::*;
use super::levels::distinct;
use super::{by_all_orders, models, random};
use crate::rng::Rng;
use crate::time::Time;

/// The same history, in which these operations get no answer.
fn unanswered(history: &Operations, without: &[u32]) -> Operations {
    let mut own = Operations::new(history.model.clone());
    for event in history.events() {
        let (Event::Begin(number) | Event::End(number)) = event;
        let op = history.get(number).expect("it is there");
        match (event, &op.end) {
            (Event::End(_), Some(_)) if without.contains(&number) => {
                own.end(number, Ended::Unknown, op.began);
            }
            (Event::End(_), Some(end)) => own.end(number, end.ended.clone(), end.at),
            _ => {
                let (key, call) = (op.key.clone(), op.call.clone());
                own.begin(op.process, Asked { key, call }, op.began);
            }
        }
    }
    own
}

/// The operations whose ends are wrong. Each event may cost so many steps.
fn wrong(history: &Operations, steps: u64) -> Vec<u32> {
    let mut judge = Linearizability::of_run(&history.model);
    let mut wrong = Vec::new();
    for event in history.events() {
        match judge.take(history, event, &mut steps.clone()) {
            Found::Order => {}
            Found::Undecided => panic!("{event:?} is not decided within {steps} steps"),
            Found::None => {
                let (Event::Begin(number) | Event::End(number)) = event;
                let key = judge.refuted().cloned().expect("an object");
                judge.forgive(history, &key, number);
                wrong.push(number);
            }
        }
    }
    wrong
}

fn wrong_by_all_orders(history: &Operations) -> Vec<u32> {
    let mut wrong = Vec::new();
    for (place, event) in history.events().enumerate() {
        let Event::End(number) = event else { continue };
        let until = unanswered(&history.until(place as u32 + 1), &wrong);
        if !by_all_orders(&until) {
            wrong.push(number);
        }
    }
    wrong
}

#[test]
fn every_wrong_answer_is_named() {
    let mut counts = [0; 4];
    let drawn = models()
        .into_iter()
        .flat_map(|model| (0..1_200).map(move |seed| random(&model, seed)));
    for history in drawn.chain((0..6_000).map(distinct)) {
        let expected = wrong_by_all_orders(&history);
        assert_eq!(wrong(&history, u64::MAX), expected, "{history:#?}");
        counts[expected.len().min(3)] += 1;
    }
    assert!(counts.iter().all(|count| *count > 200), "{counts:?}");
}

/// A register whose reads are often old. Each value is written once.
fn old_reads(seed: u64, operations: u32) -> Operations {
    let mut rng = Rng::stream(seed, "old reads", 0);
    let mut history = Operations::new(Model::STORE);
    let mut open: Vec<Option<(u32, Answer)>> = vec![None; 4];
    let mut log = vec![None];
    while history.len() < operations as usize {
        let process = rng.below(4) as usize;
        let now = Time(u64::from(history.places()));
        if let Some((number, answer)) = open[process].take() {
            history.end(number, Ended::Returned(answer), now);
            continue;
        }
        let (call, answer) = if rng.chance(0.5) {
            let value = Word::from(history.len().to_string());
            log.push(Some(value.clone()));
            (Call::Write(value), Answer::Done)
        } else {
            let back = if rng.chance(0.2) { rng.below(20) } else { 0 };
            let place = log.len().saturating_sub(1 + back as usize);
            (Call::Read, Answer::Value(log[place].clone()))
        };
        let number = history.begin(process as u32, Asked::at("x", call), now);
        open[process] = Some((number, answer));
    }
    history
}

/// Old answers late in a long history: nothing is searched again from the beginning.
#[test]
fn a_wrong_answer_costs_no_more_late_in_a_history_than_early() {
    for seed in 0..4 {
        let history = old_reads(seed, 4_000);
        let wrong = wrong(&history, 200);
        assert!(wrong.len() > 100, "{}", wrong.len());
        let late = wrong.iter().filter(|number| **number > 3_000).count();
        assert!(late > 20, "{late}");
        let rest = unanswered(&history, &wrong);
        let all = Linearizability::of(&rest, &mut 100_000.clone()).0;
        assert_eq!(all, Found::Order);
    }
}
