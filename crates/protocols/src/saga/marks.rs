//! What the nodes say about a trip. The first value is its number.

use faultline_sim::event::Record;
use faultline_sim::mark::Mark;
use faultline_sim::moment::Moment;

use super::Trip;

pub const BEGINS: Mark = Mark::new("begins", "begins trip {} with {} {service|services}");
pub const BOOKS: Mark = Mark::new("books", "books a place for trip {}: T{} is done");
pub const REFUSES: Mark =
    Mark::new("refuses", "has no place for trip {}: T{} fails").moment(Moment::Conflict);
pub const TWICE: Mark = Mark::new(
    "twice",
    "is asked again for trip {}, and books another place: T{} is done twice",
);
pub const LATE: Mark = Mark::new(
    "late",
    "is asked for trip {}, and knows that it is undone: refuses T{}",
);
pub const TURNS_BACK: Mark = Mark::new("turns-back", "begins to undo trip {}, because T{} failed");
pub const GIVES_UP: Mark = Mark::new(
    "gives-up",
    "has no answer for trip {}, and does not know whether T{} was done: undoes it, too",
);
pub const ASKS_AGAIN: Mark = Mark::new("asks-again", "has no answer for trip {} and asks again");
pub const MOVES_ON: Mark = Mark::new(
    "moves-on",
    "has no answer for trip {}, and takes C{} for done",
);
pub const GOES_ON: Mark = Mark::new("goes-on", "finds trip {} in its log and goes on");
pub const ALL_DONE: Mark =
    Mark::new("all-done", "ends trip {}: all steps are done").moment(Moment::Commit);
pub const ALL_UNDONE: Mark =
    Mark::new("all-undone", "ends trip {}: all is undone").moment(Moment::Conflict);
pub const CANCELS: Mark = Mark::new(
    "cancels",
    "has no place to give back for trip {}: C{} comes before T{}",
);
pub const SELLS: Mark = Mark::new("sells", "sells one place, and asks nobody: {} left");

macro_rules! undoes {
    ($($step:literal),*) => {
        [$(Mark::new(concat!("undoes-", $step), concat!("gives back the place of trip {}: C", $step, " is done"))),*]
    };
}

/// One for each of the first steps, so that a question can ask for their order.
static UNDOES: [Mark; 5] = undoes![1, 2, 3, 4, 5];
static UNDOES_LATER: Mark = Mark::new("undoes", "gives back the place of trip {}: C{} is done");

/// The mark by which a service undoes this step, from 1.
pub fn undoes(step: u32) -> &'static Mark {
    UNDOES.get(step as usize - 1).unwrap_or(&UNDOES_LATER)
}

/// The trip whose step a service has just undone.
pub fn undone(record: &Record) -> Option<Trip> {
    let mut all = UNDOES.iter().chain([&UNDOES_LATER]);
    trip_of(record, all.find(|mark| record.is(mark))?)
}

/// The trip of a mark, if this is one of its kind.
pub fn trip_of(record: &Record, mark: &Mark) -> Option<Trip> {
    Some(Trip(record.marked(mark)?.number(0)?))
}
