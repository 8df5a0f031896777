//! Words of challenges: goals with a score, and the search that is its measure.

use faultline_sim::explore::grouped;
use faultline_sim::question::{Foul, Question};
use faultline_sim::search::Hunt;

use super::counted;
use super::hunting;
use crate::progress::{Best, MOST_STARS};

pub const CHALLENGES: &str = "Challenges";
pub const LESSONS: &str = "Lessons";
pub const ABOUT: &str = "Break it within a budget of faults. A search then tells how few are enough. Some of these \
                         cannot be done at all: then say so.";
pub const SHOW: &str = "Show";
pub const ALL: &str = "All";
pub const OPEN: &str = "Open";
pub const SOLVED: &str = "Solved";
pub const NONE_LEFT: &str = "No challenge is left here.";
pub const LOADING: &str = "The challenges are loading.";
pub const MISSING: &str =
    "The challenges did not load. Check the connection and open the page again.";

/// Searches for a way with fewer faults.
pub const FEWER: &str = "Can it be done with fewer? Search";
/// The person gives up.
pub const GIVE_UP: &str = "I give up: search for it";
/// The person says that it is impossible.
pub const NOBODY: &str = "I think nobody can";
pub const STOP: &str = "Stop";
pub const OPEN_WAY: &str = "Open it on the stage";
pub const IMPOSSIBLE: &str = "Impossible, and why";
pub const RIGHT: &str = "You were right.";
pub const SHORTER: &str = "Making the way shorter.";
/// Random runs found nothing, although there is a way.
pub const A_WAY: &str = "That proves nothing: there is a way.";
pub const SHOWN: &str =
    "This way was shown to you, so it has no score. Restart the run to find your own.";

/// Faults in words: "2 faults", "no fault".
#[must_use]
pub fn faults(count: u32) -> String {
    match count {
        0 => "no fault".into(),
        _ => counted(u64::from(count), "fault", "faults"),
    }
}

/// What a goal allows: "up to 2 faults, no requests".
#[must_use]
pub fn allowed(question: &Question) -> String {
    let mut text = match question.budget {
        None => "any number of faults".to_owned(),
        Some(0) => "no fault".into(),
        Some(count) => format!("up to {}", faults(count)),
    };
    if question.no_requests {
        text += ", no requests";
    }
    text
}

/// The faults so far: "1 of 2 faults used".
#[must_use]
pub fn used(used: u32, budget: Option<u32>) -> String {
    match budget {
        Some(1) => format!("{used} of 1 fault used"),
        Some(budget) => format!("{used} of {budget} faults used"),
        None => format!("{} used", counted(u64::from(used), "fault", "faults")),
    }
}

/// The score of a way: "You needed 2 faults; 3 were allowed."
#[must_use]
pub fn needed(used: u32, budget: Option<u32>) -> String {
    let needed = format!("You needed {}", faults(used));
    match budget {
        Some(budget) if budget > 0 => {
            let was = if budget == 1 { "was" } else { "were" };
            format!("{needed}; {budget} {was} allowed.")
        }
        _ => format!("{needed}."),
    }
}

/// Why a way does not count.
#[must_use]
pub fn foul(foul: Foul) -> String {
    match foul {
        Foul::Faults(most) => {
            format!("It happened, but with more than {}. Undo some, or restart the run.", faults(most))
        }
        Foul::Requests => {
            "It happened, but with a request, and this goal allows none. Restart the run.".into()
        }
        Foul::Settings => "It happened, but with other settings or nodes. It counts with those of the scenario: \
                           open the challenge again."
            .into(),
        Foul::ByHand => {
            "It happened, but by hand, where everything can be late without a fault. Restart the run and let \
             time run."
                .into()
        }
        Foul::Unborne(kind) => format!(
            "It happened, but with {}, which this algorithm does not promise to tolerate. Restart the run.",
            hunting::kind(kind).1
        ),
    }
}

/// Stars in words: "2 of 3 stars".
#[must_use]
pub fn stars(count: u32) -> String {
    format!("{count} of {MOST_STARS} stars")
}

/// The same as a picture.
#[must_use]
pub fn drawn(count: u32) -> String {
    let full = count.min(MOST_STARS);
    "★".repeat(full as usize) + &"☆".repeat((MOST_STARS - full) as usize)
}

/// The best so far: "Best: 1 fault, 2 of 3 stars".
#[must_use]
pub fn best(best: &Best) -> String {
    let what = match best.faults {
        Some(count) => faults(count),
        None => "nobody can".into(),
    };
    format!("Best: {what}, {}", stars(best.stars))
}

/// How far a search is: "120 of 400 runs".
#[must_use]
pub fn so_far(done: u64, all: u64) -> String {
    format!("{} of {} runs", grouped(done), grouped(all))
}

/// A search was stopped early.
#[must_use]
pub fn stopped(done: u64, all: u64) -> String {
    format!("Stopped after {} of {} runs.", grouped(done), grouped(all))
}

/// A search has found a way: "A search of 400 runs found a way with 1 fault."
#[must_use]
pub fn found(runs: u64, count: u32) -> String {
    let runs = counted(runs, "run", "runs");
    format!("A search of {runs} found a way with {}.", faults(count))
}

/// A search for fewer faults has found none.
#[must_use]
pub fn no_fewer(runs: u64) -> String {
    let runs = counted(runs, "run", "runs");
    format!("A search of {runs} found no way with fewer.")
}

/// The same, and yet one is known.
#[must_use]
pub fn known(count: u32) -> String {
    format!("But one is known with {}.", faults(count))
}

/// What random runs have tried for a goal that none of them reached.
#[must_use]
pub fn tried(hunt: &Hunt, runs: u64) -> Vec<String> {
    let mut all = vec![format!("{}: none of them did it.", hunt.runs_text(runs))];
    all.extend(hunt.left_out());
    all
}

/// The address names a challenge that does not exist.
#[must_use]
pub fn no_challenge(name: &str) -> String {
    format!("There is no challenge \"{name}\". Choose one from the list.")
}

/// How many challenges are shown: "12 challenges, 3 solved".
#[must_use]
pub fn count(all: usize, solved: usize) -> String {
    let all = counted(all as u64, "challenge", "challenges");
    format!("{all}, {solved} solved")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_reads_as_people_say_it() {
        assert_eq!(needed(2, Some(3)), "You needed 2 faults; 3 were allowed.");
        assert_eq!(needed(1, Some(1)), "You needed 1 fault; 1 was allowed.");
        assert_eq!(needed(0, Some(0)), "You needed no fault.");
        assert_eq!(needed(4, None), "You needed 4 faults.");
        assert_eq!(used(1, Some(2)), "1 of 2 faults used");
        assert_eq!(used(0, None), "0 faults used");
        assert_eq!(drawn(2), "★★☆");
        assert_eq!(
            found(400, 1),
            "A search of 400 runs found a way with 1 fault."
        );
        let solved = Best {
            faults: Some(2),
            stars: 1,
            ..Best::default()
        };
        assert_eq!(best(&solved), "Best: 2 faults, 1 of 3 stars");
    }
}
