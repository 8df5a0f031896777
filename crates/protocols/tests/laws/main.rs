//! The simulator's laws: each holds for every protocol of the catalogue, every preset, and random
//! faults of every kind.

mod chaos;
mod compare;
mod exports;
mod hunts;
mod orders;
mod people;
mod replay;
mod safety;
mod stamps;
mod state;

use chaos::{Case, cases};
use faultline_protocols::CATALOGUE;
use faultline_sim::descriptor::Protocol;
use faultline_sim::event::Event;
use faultline_sim::export;
use faultline_sim::timeline::Timeline;

/// The protocols that are tried: all, or the one that `FAULTLINE_ONLY` names (`cargo xtask try`).
fn protocols() -> impl Iterator<Item = &'static Protocol> {
    let only = only();
    let all = CATALOGUE.0.iter().copied();
    all.filter(move |protocol| only.as_ref().is_none_or(|id| id == protocol.id))
}

fn only() -> Option<String> {
    std::env::var("FAULTLINE_ONLY").ok()
}

/// How many cases a law must have met to mean something: one protocol alone has fewer of them.
fn enough(of_all: usize) -> usize {
    if only().is_some() { 0 } else { of_all }
}

/// Events that a run may take: enough for every fault to take effect.
const BUDGET: u64 = 20_000;

fn run(case: &Case) -> Timeline {
    let mut run = case.timeline();
    run.run_until(case.until, BUDGET);
    run
}

/// Law 1: the same run gives the same trace.
#[test]
fn law_1_same_run_same_trace() {
    for case in cases() {
        let (mut first, mut second) = (run(case), run(case));
        let all = |run: &mut Timeline| run.window(1, u64::MAX);
        let (a, b) = (all(&mut first), all(&mut second));
        let differ = a.iter().zip(&b).find(|(a, b)| a.line() != b.line());
        assert!(differ.is_none(), "{case}: first difference {differ:#?}");
        assert_eq!(first.trace_hash(), second.trace_hash(), "{case}");
        assert_eq!(first.state_hash(), second.state_hash(), "{case}");
    }
}

/// Law 4: running in one piece or in many gives the same run.
#[test]
fn law_4_any_split_of_time_gives_the_same_trace() {
    for case in cases() {
        let whole = run(case);
        let mut split = case.timeline();
        let mut rng = faultline_sim::rng::Rng::stream(case.seed, "split", 0);
        let mut left = BUDGET;
        while split.now() < whole.now() && left > 0 {
            let piece = rng.between(1, case.until.0 / 7);
            let to = split.now() + faultline_sim::time::Duration(piece);
            let before = split.world().events() + split.commands().len() as u64;
            split.run_until(to.min(whole.now()), left);
            left = left.saturating_sub(split.world().events() - before.min(split.world().events()));
        }
        if whole.world().halted().is_none() && whole.now() == case.until {
            assert_eq!(whole.trace_hash(), split.trace_hash(), "{case}");
            assert_eq!(whole.state_hash(), split.state_hash(), "{case}");
        }
    }
}

/// Law 5: looking changes nothing.
#[test]
fn law_5_looking_changes_nothing() {
    for case in cases() {
        let unseen = run(case);
        let mut seen = case.timeline();
        let mut budget = BUDGET;
        loop {
            let frame = seen.frame();
            let again = seen.frame();
            assert_eq!(frame, again, "{case}");
            if budget == 0 || seen.run_until(case.until, 97.min(budget)) {
                break;
            }
            budget -= 97.min(budget);
        }
        assert_eq!(unseen.trace_hash(), seen.trace_hash(), "{case}");
    }
}

/// Law 6: a run that is saved and loaded is the same run; so is a link.
#[test]
fn law_6_a_run_survives_export_and_link() {
    for case in cases() {
        let original = run(case);
        let json = export::export(
            &original.recipe(),
            original.now().0,
            original.trace().hash(),
            original.trace().records(),
        );
        let (recipe, end) = export::import(&json.to_string()).expect("the export reads back");
        assert_eq!(recipe, original.recipe(), "{case}");
        assert_eq!(end, Some(original.now().0));
        let link = faultline_sim::link::Link::of(&original);
        let again = faultline_sim::link::Link::decode(&link.encode()).expect("the link reads back");
        assert_eq!(again, link, "{case}");
        let mut again = chaos::timeline(&link.recipe);
        again.run_until(case.until, BUDGET);
        assert_eq!(again.trace_hash(), original.trace_hash(), "{case}");
    }
}

/// Law 9: every message sent is delivered, lost with a named cause, or still on its way.
#[test]
fn law_9_no_message_vanishes() {
    for case in cases() {
        let mut run = run(case);
        let mut open = std::collections::BTreeSet::new();
        let mut ever = std::collections::BTreeSet::new();
        for record in run.window(1, u64::MAX) {
            match &record.event {
                Event::Sent { address, .. } | Event::Duplicated { address, .. } => {
                    assert!(ever.insert(*address), "{case}: {address} was given twice");
                    open.insert(*address);
                }
                Event::Delivered { address, .. } => {
                    assert!(
                        open.remove(address),
                        "{case}: {address} arrived from nowhere"
                    );
                }
                Event::Lost { address, by, .. } => {
                    assert!(
                        open.remove(address),
                        "{case}: {address} was lost from nowhere"
                    );
                    assert!(!by.to_string().is_empty());
                }
                _ => {}
            }
        }
        let mut flying = run.world().in_flight();
        flying.sort_unstable();
        let open: Vec<_> = open.into_iter().collect();
        assert_eq!(open, flying, "{case}");
    }
}
