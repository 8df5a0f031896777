//! Words of the course: lessons, the lab sheet, the links for a class.

use super::counted;

pub const LEARN: &str = "Learn";
pub const LIBRARY: &str = "Library";
pub const ALL_LESSONS: &str = "All lessons";
pub const CLOSE: &str = "Close";
pub const LEAVE: &str = "Leave lesson";
pub const LESSON: &str = "Lesson";
pub const NEXT: &str = "Next step";
pub const BACK: &str = "Back";
pub const END: &str = "Finish";
pub const START: &str = "Start";
pub const GO_ON: &str = "Continue";
pub const AGAIN: &str = "Once more";
pub const LOADING: &str = "The lessons are loading.";
pub const MISSING: &str = "The lessons did not load. Check the connection and try again.";
pub const TRY_AGAIN: &str = "Try again";
/// The person opened another run than the step's.
pub const AWAY: &str = "The stage shows another run now.";
pub const TO_STEP: &str = "Back to this step's run";
pub const SWITCHES: &str = "Rules of this step";
pub const SWITCHES_ABOUT: &str = "A change starts the run again.";
pub const DIALS: &str = "Numbers of this step";
pub const WRITE: &str = "Write (for the lab sheet)";
pub const LAB_SHEET: &str = "Lab sheet";
pub const LINKS: &str = "Links for the class";
pub const SCRIPT: &str = "What to say";
pub const SCRIPT_KEYS: &str = "PageDown goes on, PageUp goes back.";
pub const PLAN: &str = "In five minutes";
pub const SHOW: &str = "Show";
pub const ASK: &str = "Ask";
pub const WRONG: &str = "What goes wrong";
pub const PATH: &str = "Your path";
pub const EVERYBODY: &str = "Everything";
pub const FIRST_FOR_YOU: &str = "First on your path";
pub const YOUR_GOAL: &str = "What do you want from this course?";
pub const SAVE_PROGRESS: &str = "Save progress as a file";
pub const LOAD_PROGRESS: &str = "Load progress";
pub const CLEAR_PROGRESS: &str = "Clear progress";
pub const CLEARED: &str = "The progress in all lessons is cleared.";
pub const LOADED: &str = "The progress is loaded.";
pub const NO_PROGRESS: &str =
    "This file holds no progress of a course. Choose a file that \"Save progress as a file\" made.";
pub const GLOSSARY: &str = "Glossary";
pub const PROGRESS: &str = "Progress";
pub const LINKS_ABOUT: &str =
    "Each link opens its step. Students point a camera at a code or type the link.";
pub const PRINT: &str = "Print";
pub const COPY: &str = "Copy link";

/// The level of a lesson or a scenario: "Level 1 of 3".
#[must_use]
pub fn level(level: u32) -> String {
    format!("Level {level} of 3")
}

/// "25 min"
#[must_use]
pub fn minutes(minutes: u32) -> String {
    format!("{minutes} min")
}

/// Where a person is: "Step 3 of 16".
#[must_use]
pub fn place(at: usize, of: usize) -> String {
    format!("Step {} of {of}", at + 1)
}

/// How far a person is in a lesson.
#[must_use]
pub fn seen(seen: usize, of: usize) -> String {
    if seen >= of {
        return "Done".into();
    }
    format!("{seen} of {} opened", counted(of, "step", "steps"))
}

#[must_use]
pub fn less(what: &str) -> String {
    format!("Less {what}")
}

#[must_use]
pub fn more(what: &str) -> String {
    format!("More {what}")
}

/// The lesson's button for a comparison.
#[must_use]
pub fn beside(title: &str) -> String {
    format!("Compare with: {title}")
}

/// The address names a lesson that does not exist.
#[must_use]
pub fn no_lesson(id: &str) -> String {
    format!("There is no lesson \"{id}\". Choose one from the list.")
}

/// A step for the screen reader.
#[must_use]
pub fn entered(at: usize, of: usize, title: &str) -> String {
    format!("{}: {title}.", place(at, of))
}
