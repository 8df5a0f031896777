//! What people see is words: captions, chips and messages read like speech, and each scenario's
//! view points at something that happens.

use faultline_protocols::CATALOGUE;
use faultline_sim::descriptor::{Protocol, Recipe, Scenario};
use faultline_sim::event::Event;
use faultline_sim::frame::{Frame, Word};
use faultline_sim::standing::Stop;
use faultline_sim::time::{Duration, Time};
use faultline_sim::timeline::Timeline;

use super::protocols;

/// The longest caption: two short sentences.
const CAPTION: usize = 140;
/// Captions are read at this many instants of a run, words and chips at more of them.
const INSTANTS: u64 = 5;
const LOOKS: u64 = 8 * INSTANTS;

fn scenarios() -> impl Iterator<Item = (&'static Protocol, &'static Scenario, String)> {
    protocols().flat_map(|protocol| {
        let named = |scenario: &'static Scenario| format!("{}/{}", protocol.id, scenario.id);
        let scenarios = protocol.scenarios.iter();
        scenarios.map(move |scenario| (protocol, scenario, named(scenario)))
    })
}

fn opened(name: &str) -> Timeline {
    let setup = CATALOGUE.setup(&Recipe::new(name, 1));
    Timeline::new(setup.expect("the catalogue is sound")).expect("scripts make sense")
}

/// Frames of a run at so many instants, from where the page opens it to its end.
fn looks(scenario: &Scenario, name: &str, count: u64) -> Vec<Frame> {
    let mut run = opened(name);
    let (from, until) = (scenario.opens_at.0, scenario.until.0);
    let at = |part: u64| Time(from + until.saturating_sub(from) * part / count);
    let look = |part| {
        run.run_until(at(part), u64::MAX);
        run.frame()
    };
    (0..=count).map(look).collect()
}

/// Nothing that only a programmer reads: JSON, or a name with underscores.
fn is_speech(text: &str) -> bool {
    !text.trim().is_empty() && !text.contains(['{', '}', '_']) && !text.contains("\":")
}

#[test]
fn what_stands_beside_a_scenario_is_another_one() {
    for (_, scenario, name) in scenarios() {
        let Some(beside) = scenario.beside else {
            continue;
        };
        assert_ne!(beside, name, "beside itself");
        assert!(beside.contains('/'), "{name}: {beside} names no scenario");
        let found = CATALOGUE.find(beside);
        assert!(found.is_ok(), "{name}: {beside}: {:?}", found.err());
    }
}

#[test]
fn a_league_ranks_by_numbers_that_are_measured() {
    for protocol in protocols() {
        for name in protocol.league {
            let known = protocol.probes.iter().any(|probe| probe.name == *name);
            assert!(known, "{}: no probe is called {name}", protocol.id);
        }
    }
}

#[test]
fn captions_are_short_sentences() {
    for (_, scenario, name) in scenarios() {
        for frame in looks(scenario, &name, INSTANTS) {
            let at = frame.time;
            let said = frame.narration.unwrap_or_default();
            assert!(is_speech(&said), "{name} at {at:?}: {said:?}");
            let length = said.chars().count();
            assert!(length <= CAPTION, "{name} at {at:?}: {length}: {said}");
            let ends = said.ends_with(['.', '!', '?']);
            assert!(ends, "{name} at {at:?}: no sentence: {said}");
        }
    }
}

#[test]
fn nodes_and_messages_speak_in_words() {
    for (_, scenario, name) in scenarios() {
        for frame in looks(scenario, &name, LOOKS) {
            for node in &frame.nodes {
                let inside = node.inside.iter().map(Word::as_str);
                let chips = node.chips.iter().map(String::as_str);
                for text in inside.chain(chips) {
                    assert!(is_speech(text), "{name}, node {}: {text:?}", node.id);
                }
                let label = is_speech(&node.label) || node.label.is_empty();
                assert!(label, "{name}, node {}: {:?}", node.id, node.label);
                if let Some(pips) = node.pips {
                    let sound = pips.yes + pips.no <= pips.of && pips.need <= pips.of;
                    assert!(sound, "{name}, node {}: {pips:?}", node.id);
                }
            }
            for message in &frame.messages {
                let word = message.word.as_ref().map(Word::as_str);
                let speaks = word.is_none_or(is_speech);
                assert!(speaks, "{name}, {}: {word:?}", message.address);
            }
        }
    }
}

/// A run that stops first stops at something: after it opens, and before it ends.
#[test]
fn a_run_stops_first_where_something_happens() {
    for (_, scenario, name) in scenarios() {
        let Some(stop) = scenario.view.stop else {
            continue;
        };
        let opens = Time::ZERO + scenario.opens_at;
        let ends = Time::ZERO + scenario.until;
        if let Stop::At(at) = stop {
            let inside = scenario.opens_at < at && at < scenario.until;
            assert!(inside && at > Duration(0), "{name} stops at {at:?}");
            continue;
        }
        let mut run = opened(&name);
        run.run_until(ends, u64::MAX);
        let happens = run.trace().records().any(|record| {
            let stops = match stop {
                Stop::Mark(mark) => record.marked(mark).is_some(),
                Stop::Broken => matches!(record.event, Event::Violated { .. }),
                Stop::At(_) => false,
            };
            stops && record.time >= opens
        });
        assert!(happens, "{name} never stops at {stop:?}");
    }
}
