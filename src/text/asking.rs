//! Words of the question beside a run, and of what the run answers.

use faultline_sim::explore::grouped;
use faultline_sim::question::{Clause, Found, Guess, Kind, Question, Thing};

use super::measured::{amount, short};

/// The heading of the card.
pub const QUESTION: &str = "What will happen?";
pub const GOAL: &str = "Make it happen";
/// Takes the guess; the run decides.
pub const LOCK: &str = "Lock in";
/// Plays without a guess.
pub const SKIP: &str = "Just watch";
/// The run is on its way to the answer.
pub const DECIDES: &str = "The run decides.";
pub const TO_DECIDE: &str = "Play";
/// The next question of the scenario.
pub const NEXT: &str = "Next question";
pub const BEFORE: &str = "Question before";
pub const AFTER: &str = "Question after";
/// The same question, the same run.
pub const AGAIN: &str = "Guess again";
/// Goes to the deciding instant.
pub const SHOW_WHEN: &str = "Show me when";
/// Asked later in the run.
pub const SOON: &str = "Play: the question comes when the run is there.";
/// Asked once a rule is broken, which the person has to bring about.
pub const BREAK_FIRST: &str = "Make something go wrong: the question comes at that moment. Use any fault, or Find a failure in Measures.";
/// The caption's way to a question.
pub const GUESS_FIRST: &str = "Guess first";
pub const PICK_NODE: &str = "Click a node on the stage, or choose one here.";
pub const PICK_MESSAGE: &str = "Click a message on the stage.";
pub const PICK_EVENT: &str = "Click an event in the log or in the space-time diagram.";
pub const PICK_LINE: &str = "Which line of the program is it? Lines have numbers under Code.";
pub const PUT_IN_ORDER: &str = "Put these in order, first on top.";
pub const DRAW: &str = "Move each bar to where you think it ends.";
/// The measuring of a curve under way.
pub const STOP: &str = "Stop";
/// A goal was met.
pub const MET: &str = "Done. It happened.";
pub const TRY: &str = "Break or change the run until it happens. It ticks itself.";
pub const SHOW_WAY: &str = "Show me one way";
/// The answer was read.
pub const GO_ON: &str = "Play on";
pub const YOUR_GUESS: &str = "Your guess";
/// The person skipped.
pub const NO_GUESS: &str = "You did not guess.";
pub const FOR_TEACHER: &str = "For the teacher";
pub const FEWER: &str = "One hand less";
pub const MORE: &str = "One hand more";
pub const UP: &str = "Earlier";
pub const DOWN: &str = "Later";

/// Which question of how many: "Question 1 of 2".
#[must_use]
pub fn counted(at: usize, of: usize, goal: bool) -> String {
    let what = if goal { "Goal" } else { "Question" };
    match of {
        0 | 1 => what.to_owned(),
        _ => format!("{what} {} of {of}", at + 1),
    }
}

/// How far the measuring of a curve is.
#[must_use]
pub fn measured(done: usize, all: usize) -> String {
    format!("{done} of {all} runs measured")
}

/// The name of a count's progress bar.
pub const COUNTS: &str = "Counting";
/// No switch of a choice is on.
pub const NONE_OF_THEM: &str = "None of them";
pub const TURNED_ON: &str = "Turned on";
pub const STATES: &str = "States";
/// What was measured in each of several scenarios.
pub const SCENARIO: &str = "Scenario";

/// When a question is asked that is not asked yet.
#[must_use]
pub fn soon(question: &Question) -> &'static str {
    let mut first = question.from.0.first().into_iter().flatten();
    match first.any(|clause| matches!(clause, Clause::AnyBroken | Clause::Broken(_))) {
        true => BREAK_FIRST,
        false => SOON,
    }
}

/// How far a count is.
#[must_use]
pub fn counted_so_far(done: u64, all: u64) -> String {
    format!("{} of {} done", grouped(done), grouped(all))
}

/// A count that was stopped before its end.
#[must_use]
pub fn stopped(done: u64, all: u64, so_far: &str) -> String {
    format!(
        "Stopped after {} of {}. So far: {so_far}.",
        grouped(done),
        grouped(all)
    )
}

/// The button that opens the end of a run.
#[must_use]
pub fn open_ending(seed: u64) -> String {
    format!("Open seed {seed}")
}

/// How often an ending came.
#[must_use]
pub fn times(count: usize) -> String {
    super::counted(count, "run ends like this", "runs end like this")
}

/// Opens a run with one crash.
#[must_use]
pub fn open_crash(after: u64) -> String {
    format!("Open the crash after event {after}")
}

/// Crashes that are not listed.
#[must_use]
pub fn more_crashes(count: usize) -> String {
    super::counted(count, "more such moment", "more such moments")
}

/// Endings that are not listed.
#[must_use]
pub fn more_endings(count: usize) -> String {
    super::counted(count, "more ending", "more endings")
}

/// A guess in words.
#[must_use]
pub fn guess(question: &Question, guess: &Guess) -> String {
    match (guess, &question.kind) {
        (Guess::Number(value), Kind::Number { unit, .. }) => amount(*value, unit),
        (Guess::Word(key), Kind::Choice(options)) => label(options, key),
        (Guess::Order(order), Kind::Order(cards)) => cards_in(order, cards),
        (Guess::Number(value), _) => short(*value),
        (Guess::Word(word), _) => word.clone(),
        (Guess::Node(node), _) => format!("node {}", node.0),
        (Guess::Message(message), _) => message.to_string(),
        (Guess::Event(seq), _) => format!("event {seq}"),
        (Guess::Line(line), _) => format!("line {line}"),
        (Guess::Order(_), _) => String::new(),
        (Guess::Curve(_), _) => "a curve".to_owned(),
    }
}

/// What the run said, in words.
#[must_use]
pub fn found(question: &Question, found: &Found) -> String {
    match (found, &question.kind) {
        (Found::Number(value), Kind::Number { unit, .. }) => amount(*value, unit),
        (Found::Number(value), Kind::Choice(options)) => label(options, &short(*value)),
        (Found::Word(key), Kind::Choice(options)) => label(options, key),
        (Found::Node(node), Kind::Choice(options)) => label(options, &node.to_string()),
        (Found::Order(order), Kind::Order(cards)) => cards_in(order, cards),
        (Found::Number(value), _) => short(*value),
        (Found::Word(word), _) => word.clone(),
        (Found::Node(node), _) => format!("node {}", node.0),
        (Found::Message(message), _) => message.to_string(),
        (Found::Event(seq), _) => format!("event {seq}"),
        (Found::Line(line), _) => format!("line {line}"),
        (Found::Order(_), _) => String::new(),
        (Found::Curve(_), _) => "this curve".to_owned(),
        (Found::Nothing, _) => "nothing that can be measured".to_owned(),
    }
}

/// The two sentences of the answer: what the person said, and what the run did.
#[must_use]
pub fn told(question: &Question, said: Option<&Guess>, by_run: &Found) -> (String, String) {
    let answer = found(question, by_run);
    let mine = said.map_or_else(
        || NO_GUESS.to_owned(),
        |said| format!("You said {}.", guess(question, said)),
    );
    let theirs = match &question.said {
        Some(said) => said.replace("{answer}", &bare(question, by_run)),
        None => format!("The run says: {answer}."),
    };
    (mine, theirs)
}

/// The answer without its unit, for sentences that name it.
fn bare(question: &Question, by_run: &Found) -> String {
    match by_run {
        Found::Number(value) if matches!(question.kind, Kind::Number { .. }) => short(*value),
        other => found(question, other),
    }
}

/// What to point at.
#[must_use]
pub fn pointing(thing: Thing) -> &'static str {
    match thing {
        Thing::Node => PICK_NODE,
        Thing::Message => PICK_MESSAGE,
        Thing::Event => PICK_EVENT,
        Thing::Line => PICK_LINE,
    }
}

fn label(options: &[(String, String)], key: &str) -> String {
    let found = options.iter().find(|(own, _)| own == key);
    found.map_or_else(|| key.to_owned(), |(_, label)| label.clone())
}

fn cards_in<T>(order: &[usize], cards: &[(T, String)]) -> String {
    let labels = order.iter().filter_map(|at| cards.get(*at));
    let labels: Vec<&str> = labels.map(|(_, label)| label.as_str()).collect();
    labels.join(", then ")
}

#[cfg(test)]
mod tests {
    use faultline_protocols::{CATALOGUE, questions};

    use super::*;

    #[test]
    fn a_question_that_waits_for_a_broken_rule_says_so() {
        let all = CATALOGUE.0.iter().flat_map(|protocol| {
            let found = questions(protocol).expect("good questions");
            found.into_iter()
        });
        let (break_first, others): (Vec<Question>, Vec<Question>) =
            all.partition(|question| soon(question) == BREAK_FIRST);
        assert!(
            break_first
                .iter()
                .any(|question| question.id == "which-rule-is-missing")
        );
        assert!(others.len() > break_first.len());
    }

    #[test]
    fn a_count_that_was_stopped_says_how_far_it_came() {
        assert_eq!(
            stopped(137, 1_000, "3 runs"),
            "Stopped after 137 of 1,000. So far: 3 runs."
        );
        assert_eq!(times(1), "1 run ends like this");
    }
}
