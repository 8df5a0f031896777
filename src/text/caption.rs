//! Words of the caption: one sentence that says what matters now, and a smaller line under it.

use super::{capital, records::spelled};

/// Opened, and nothing has happened.
pub const START: &str = "Press Play, or Step (→) for one event.";
/// A node that would not answer.
pub const REFUSAL: &str = "refused";
/// Before an answer that is not the right one.
pub const WRONG: &str = "not as it should be: ";

/// Before the answers that nodes would give.
#[must_use]
pub fn reader(of: &str) -> String {
    format!("A reader of {of} now gets ")
}

/// Paused in the middle of a run.
pub const GO_ON: &str = "Press Play, or Step (→) for the next event.";

/// First words of a sentence that asks the reader to do something.
const ASKS: [&str; 10] = [
    "Add", "Change", "Click", "Compare", "Crash", "Cut", "Open", "Send", "Set", "Turn",
];

/// A protocol's narration as what happened, and why it matters.
#[must_use]
pub fn parts(narration: &str) -> (String, String) {
    // A node may also start the second sentence.
    let words = capital(&spelled(narration)).replace(". node ", ". Node ");
    match words.split_once(". ") {
        Some((first, rest)) => (format!("{first}."), rest.to_owned()),
        None => (words, String::new()),
    }
}

/// What to do next while the run is paused: what the scenario's summary asks once it has shown what it
/// shows, else how to let time pass.
#[must_use]
pub fn next(begun: bool, shown: bool, summary: &'static str) -> &'static str {
    match asked(summary) {
        Some(asked) if begun && shown => asked,
        _ if begun => GO_ON,
        _ => START,
    }
}

/// The last sentence of a summary, if it asks for something: "Turn on “…” and run again."
fn asked(summary: &'static str) -> Option<&'static str> {
    let whole = summary.trim_end();
    let last = whole.rfind(". ").map_or(whole, |end| &whole[end + 2..]);
    let verb = last.split(' ').next()?;
    ASKS.contains(&verb).then_some(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_narration_has_one_large_sentence() {
        let two = "n4 leads term 2. n1 hasn't heard, and still thinks it is the leader.";
        let (first, rest) = parts(two);
        assert_eq!(first, "Node 4 leads term 2.");
        assert_eq!(
            rest,
            "Node 1 hasn't heard, and still thinks it is the leader."
        );
        assert_eq!(
            parts("n3 leads."),
            ("Node 3 leads.".to_owned(), String::new())
        );
        assert_eq!(parts(""), (String::new(), String::new()));
    }

    #[test]
    fn what_to_do_next_depends_on_where_the_run_is() {
        let summary = "A split leaves two leaders. Turn on \u{201c}Majority\u{201d} and run again.";
        let asks = "Turn on \u{201c}Majority\u{201d} and run again.";
        assert_eq!(next(false, false, summary), START);
        assert_eq!(next(true, false, summary), GO_ON);
        assert_eq!(next(true, true, summary), asks);
        assert_eq!(next(true, true, "Node 3 crashes."), GO_ON);
        assert_eq!(next(true, true, ""), GO_ON);
    }
}
