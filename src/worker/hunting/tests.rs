use faultline_sim::frame::Light;
use faultline_sim::question::{Part, Tally};
use faultline_sim::search::shortest;

use super::*;
use crate::engine::Engine;
use crate::worker::{Answer, Job, Request};

const BUDGET: Budget = Budget {
    crashes: 1,
    drops: 2,
    partitions: 1,
    ..Budget::NONE
};

fn search(name: &str, preset: Option<&str>, runs: u64) -> Search {
    let mut recipe = Recipe::new(name, 1);
    recipe.preset = preset.map(str::to_owned);
    Search {
        recipe,
        law: None,
        goal: None,
        budget: BUDGET,
        first_seed: 1,
        runs,
        bounds: None,
    }
}

fn bounds(depth: u32) -> Option<Bounds> {
    Some(Bounds {
        budget: BUDGET,
        depth,
        states: MOST_STATES,
        ..Bounds::default()
    })
}

fn clues(search: &Search) -> Vec<Clue> {
    Searching::new(search.clone()).collect()
}

fn marks(clues: &[Clue]) -> Vec<&Ending> {
    let mut marks = Vec::new();
    for clue in clues {
        if let Clue::Run(mark) = clue {
            marks.push(&mark.ending);
        }
    }
    marks
}

fn failures(clues: &[Clue]) -> Vec<&Failure> {
    let mut failures = Vec::new();
    for clue in clues {
        if let Clue::Shorter(failure) = clue {
            failures.push(&**failure);
        }
    }
    failures
}

fn last_orders(clues: &[Clue]) -> Option<&Progress> {
    clues.iter().rev().find_map(|clue| match clue {
        Clue::Orders(progress) => Some(progress),
        _ => None,
    })
}

/// How a law stands at an instant of a run.
fn light(recipe: &Recipe, law: &str, at: Time) -> Light {
    let mut engine = Engine::open(recipe, Some(at)).expect("a run");
    let frame = engine.frame();
    let verdict = frame.verdicts.iter().find(|verdict| verdict.name == law);
    verdict.expect("a law of the protocol").light.clone()
}

#[test]
fn a_search_and_its_clues_survive_the_way_to_the_worker() {
    let mut search = search("bully/one-election", None, 12);
    search.bounds = bounds(3);
    let request = Request::Search(Box::new(search));
    let text = serde_json::to_string(&request).expect("JSON");
    assert_eq!(
        serde_json::from_str::<Request>(&text).expect("the same"),
        request
    );
    let more = [
        Clue::Run(Mark {
            ending: Ending::Cut("too many events".into()),
            took: 7,
        }),
        Clue::Shrinking,
    ];
    for answer in Job::new(request).chain(more.map(Answer::Clue)) {
        let text = serde_json::to_string(&answer).expect("JSON");
        assert_eq!(
            serde_json::from_str::<Answer>(&text).expect("the same"),
            answer
        );
    }
}

#[test]
fn the_shortest_run_is_that_of_the_command_line() {
    let search = search("bully/one-election", None, 120);
    let clues = clues(&search);
    assert_eq!(marks(&clues).len(), 120);
    let hunt = search.hunt().expect("a hunt");
    let of_seed = |seed| {
        let run: faultline_sim::timeline::Run = hunt.play(seed).expect("a run");
        hunt.broken(&run)
    };
    let found: Vec<Hit> = (1..=120).flat_map(of_seed).collect();
    let law = found.first().expect("it breaks").sought.clone();
    assert!(found.iter().all(|broken| broken.sought == law), "one law");
    let wanted = shortest(CATALOGUE, &found).expect("a run");
    let failures = failures(&clues);
    assert_eq!(**failures.last().expect("it is told"), wanted.into());
    assert!(failures.windows(2).all(|two| two[1].rank() < two[0].rank()));
}

#[test]
fn a_mark_opens_the_very_run() {
    let search = search("bully/one-election", None, 60);
    let clues = clues(&search);
    let marks = marks(&clues);
    let broken = marks.iter().position(|end| **end != Ending::Kept);
    let broken = broken.expect("one that broke");
    let replayed = search.replay(broken as u64).expect("a run");
    let Ending::Broke { law, at } = marks[broken] else {
        panic!("it is cut off: {:?}", marks[broken]);
    };
    assert_eq!(replayed.at, Some(*at));
    assert!(matches!(
        light(&replayed.recipe, law, *at),
        Light::Broken { at: when, .. } if when == *at
    ));
    assert_eq!(
        light(&replayed.recipe, law, Time(at.0 - 1)),
        Light::Holds,
        "not before"
    );
    let kept = marks.iter().position(|end| **end == Ending::Kept);
    let replayed = search.replay(kept.expect("one that kept all") as u64);
    let replayed = replayed.expect("a run");
    assert_eq!(replayed.at, None);
    assert_eq!(light(&replayed.recipe, law, Time(60_000_000)), Light::Holds);
}

#[test]
fn the_settings_of_the_run_are_those_of_the_search() {
    let mut search = search("bully/one-election", None, 5);
    search.recipe.params.insert("nodes".into(), "4".into());
    let replayed = search.replay(0).expect("a run");
    assert_eq!(
        replayed.recipe.params.get("nodes").map(String::as_str),
        Some("4")
    );
    assert_eq!(replayed.recipe.seed, "1");
    assert_eq!(replayed.recipe.scenario, "bully/one-election");
}

#[test]
fn all_orders_are_tried_or_break_a_law_by_hand() {
    let mut small = search("two-phase-commit/all-agree", None, 0);
    small.bounds = bounds(5);
    let told = clues(&small);
    assert!(failures(&told).is_empty());
    let progress = last_orders(&told).expect("they are tried");
    assert!(progress.tried.all, "{:?}", progress.tried);
    assert!(progress.bounds.budget.crashes == 1 && progress.bounds.budget.partitions == 0);

    let mut flawed = search("two-phase-commit/all-agree", Some("commits-early"), 0);
    flawed.bounds = bounds(12);
    let told = clues(&flawed);
    let found = failures(&told);
    let found = found.first().expect("it breaks");
    let steps = found.by_hand.expect("by hand");
    assert!(steps > 0 && (steps as usize) < found.recipe.commands.len());
    assert!(last_orders(&told).is_some_and(|progress| progress.tried.broken));
    assert!(matches!(
        light(&found.recipe, &found.law, Time(found.at.0 + 1)),
        Light::Broken { .. }
    ));
}

#[test]
fn what_cannot_be_searched_is_said() {
    let mut calls = search("bully/one-election", None, 0);
    calls.bounds = bounds(4);
    assert!(
        matches!(&clues(&calls)[..], [Clue::Refused(why)] if why.contains("Random runs")),
        "{:?}",
        clues(&calls)
    );
    let mut other = search("bully/one-election", None, 3);
    other.law = Some("no-such-law".into());
    assert!(matches!(&clues(&other)[..], [Clue::Refused(why)] if why.contains("no-such-law")));
}

/// The card of a question counts the runs that the command line counts.
#[test]
fn a_question_gets_the_runs_of_the_command_line() {
    let (mut asked, mut broken) = (0, 0);
    for protocol in CATALOGUE.0 {
        let all = faultline_protocols::questions(protocol).expect("good questions");
        for mut question in all {
            if let Answered::Many(many) = question.answer {
                question.answer = Answered::Many(many.at_most(60));
            }
            let recipe = Recipe::new(&format!("{}/{}", protocol.id, question.scenario), 1);
            let Some(search) = Search::of_question(recipe.clone(), &question) else {
                continue;
            };
            let tally = Tally::of(&recipe, &question).expect("it is counted");
            let clues = clues(&search);
            let marks = marks(&clues).into_iter();
            let marks = marks.map(|ending| matches!(ending, Ending::Broke { .. }));
            let parts = tally.count(CATALOGUE).expect("runs");
            let parts: Vec<bool> = parts.iter().map(Part::is_broken).collect();
            assert_eq!(marks.collect::<Vec<_>>(), parts, "{}", question.id);
            broken += parts.iter().filter(|broken| **broken).count();
            asked += 1;
        }
    }
    assert!(
        asked >= 2 && broken > 0,
        "{asked} questions, {broken} broken runs"
    );
}
