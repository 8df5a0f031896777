//! Words of the search and of the library.

use super::counted;

pub const TITLE: &str = "Search";
pub const HINT: &str = "split brain, stale read, retry …";
pub const FOUND: &str = "Found";
pub const WORD: &str = "word";
pub const LESSON: &str = "lesson";
pub const SCENARIO: &str = "scenario";
pub const COMMAND: &str = "command";
pub const CHALLENGE: &str = "challenge";
pub const CONTENTS: &str = "Contents";
pub const LESSONS: &str = "Lessons";
pub const ON_STAGE: &str = "on stage";
pub const HOME: &str = "home";
pub const QUESTION: &str = "Question:";
pub const ABOUT: &str = "About this scenario";
pub const TRY: &str = "Try";

/// What a search has found.
#[must_use]
pub fn found(count: usize, sought: &str) -> String {
    if sought.trim().is_empty() {
        return String::new();
    }
    match count {
        0 => format!("Nothing matches \"{sought}\". Try a shorter word."),
        _ => format!("{}, the best first", counted(count, "result", "results")),
    }
}

/// What a search of the library has found.
#[must_use]
pub fn scenarios(count: usize, sought: &str) -> String {
    match count {
        0 => format!("No scenario matches \"{sought}\"."),
        1 => "1 scenario".to_owned(),
        _ => format!("{count} scenarios, the best first"),
    }
}

/// How long a scenario takes with its questions: "about 4 min".
#[must_use]
pub fn about(minutes: u32) -> String {
    format!("about {minutes} min")
}

pub const COMMANDS: [&str; 24] = [
    "Play",
    "Pause",
    "Restart the run",
    "Another seed",
    "Undo",
    "Redo",
    "Crash the leader",
    "Split the network",
    "Slow network",
    "Lose the next message",
    "Heal everything",
    "Find a failure",
    "Challenges",
    "Play by hand",
    "Let it run",
    "Compare",
    "Fork the run here",
    "Space-time diagram",
    "Projector theme",
    "Dark theme",
    "Light theme",
    "Copy link",
    "Share, export, embed",
    "Help and keys",
];
