//! Words for histories: what clients asked and were told, and which promises that keeps.

use faultline_sim::judge::files::{FileError, FileFormat};
use faultline_sim::judge::{Call, Ended, Kept, Level, Op, Operations, said};
use faultline_sim::time::{Duration, Time};

use super::records::spelled;
use super::{capital, counted, length};
use crate::moments::Moment;

pub const TITLE: &str = "History";
pub const HOW_STRONG: &str = "How strong is it?";
/// What the lights are about, for a run and for a file.
pub const ABOUT: &str = "What clients were told up to this instant, held against five promises. Each \
    includes those below it.";
pub const ABOUT_FILE: &str = "What clients were told, held against five promises. Each includes those below \
    it.";
pub const PICTURE: &str = "Who asked for what, and when?";
pub const BARS: &str =
    "Operations. Arrow keys choose one, Enter shows its details, Home and End go to the ends.";
/// How to read the picture.
pub const LEGEND: [(&str, &str); 4] = [
    ("write", "write"),
    ("read", "read"),
    ("other", "other change"),
    ("open", "no answer yet"),
];
pub const ELASTIC: &str = "A bar begins with the request and ends with the answer. What came first is \
    further left; short times are stretched, long ones shortened.";
pub const NUMBERS: &str = "The numbers are the order in which one copy could have done this.";
pub const NONE_YET: &str = "No client has asked for anything yet.";
pub const KEY: &str = "Key";
pub const ALL_KEYS: &str = "All keys";
pub const EARLIER: &str = "Earlier";
pub const LATER: &str = "Later";
pub const FOLLOW: &str = "Follow";
pub const NARROWER: &str = "Zoom out";
pub const WIDER: &str = "Zoom in";
pub const WINDOW: &str = "Window";
pub const TABLE: &str = "Table";
pub const GO_ON: &str = "Search on";
pub const SHOW: &str = "Show these operations";
pub const SEE: &str = "See the history";
pub const TO_START: &str = "Go to the request";
pub const TO_END: &str = "Go to the answer";
pub const COLUMNS: [&str; 6] = ["No.", "Who", "What happened", "From", "To", "Order"];
pub const NO_MORE: &str = "No operation in this direction.";
pub const SEARCHING: &str = "Searching …";

pub const FILE: &str = "History of another system";
pub const CLOSE_FILE: &str = "Close history";

/// A promise's name.
#[must_use]
pub fn level(level: Level) -> &'static str {
    match level {
        Level::Linearizable => "Linearizable",
        Level::Sequential => "Sequential",
        Level::Causal => "Causal",
        Level::ReadYourWrites => "Read your writes",
        Level::MonotonicReads => "Monotonic reads",
    }
}

/// A promise in one sentence.
#[must_use]
pub fn meaning(level: Level) -> &'static str {
    match level {
        Level::Linearizable => {
            "Clients see one copy: each operation happens at one instant between request and answer."
        }
        Level::Sequential => {
            "Clients see one order of all operations, each its own in turn. It may lag behind real time."
        }
        Level::Causal => {
            "Clients see causes before their effects. Concurrent writes may come in different orders."
        }
        Level::ReadYourWrites => "A client that has written a value never reads an older one.",
        Level::MonotonicReads => "A client that has read a value never reads an older one.",
    }
}

/// The class and the word of a light.
#[must_use]
pub fn light(kept: &Kept) -> (&'static str, &'static str) {
    match kept {
        Kept::Holds => ("light-holds", "Holds"),
        Kept::Broken(_) => ("light-broken", "Broken"),
        Kept::Undecided => ("light-not-yet", "Not decided"),
        Kept::NotJudged(_) => ("light-not-yet light-not-judged", "Not judged"),
    }
}

/// Why a promise is not decided or not judged.
#[must_use]
pub fn why(kept: &Kept) -> Option<String> {
    match kept {
        Kept::Undecided => {
            Some("The search was stopped before it found an order or a contradiction.".into())
        }
        Kept::NotJudged(why) => Some(format!("{}.", capital(why).trim_end_matches('.'))),
        Kept::Broken(conflict) => Some(sentence(&conflict.reason)),
        Kept::Holds => None,
    }
}

/// All five promises in one sentence, for a screen reader.
#[must_use]
pub fn strongest(rungs: &[(Level, Kept)]) -> String {
    let kept = rungs.iter().find(|(_, kept)| *kept == Kept::Holds);
    let broken = rungs
        .iter()
        .rev()
        .find(|(_, kept)| matches!(kept, Kept::Broken(_)));
    match (kept, broken) {
        (Some((Level::Linearizable, _)), _) => "The history is linearizable.".into(),
        (Some((kept, _)), Some((broken, _))) => format!(
            "The strongest promise kept is {}; {} is broken.",
            level(*kept).to_lowercase(),
            level(*broken).to_lowercase()
        ),
        (Some((kept, _)), None) => {
            format!(
                "The strongest promise known to be kept is {}.",
                level(*kept).to_lowercase()
            )
        }
        (None, Some((broken, _))) => format!("Broken: {}.", level(*broken).to_lowercase()),
        (None, None) => "Nothing is decided yet.".into(),
    }
}

/// A sentence of the judge as the page writes it.
#[must_use]
pub fn sentence(reason: &str) -> String {
    capital(&spelled(reason))
}

/// The name of a process at its row.
#[must_use]
pub fn process(history: &Operations, process: u32) -> String {
    if history.of_nodes {
        format!("Node {process}")
    } else {
        format!("Process {process}")
    }
}

/// The instant of an event. Times of files may count from anywhere and be as small as line numbers.
#[must_use]
pub fn at(history: &Operations, time: Time) -> String {
    if history.of_nodes {
        super::instant(time)
    } else {
        length(Duration(time.0))
    }
}

/// The kind of an operation: the class of its bar.
#[must_use]
pub fn kind(call: &Call) -> &'static str {
    match call {
        Call::Read => "read",
        Call::Write(_) => "write",
        _ => "other",
    }
}

/// What stands on an operation's bar.
#[must_use]
pub fn on_bar(op: &Op, short: &str) -> String {
    // Where there is one object only, its name does not tell what was done.
    let short = match &op.call {
        _ if !op.key.is_empty() => short.to_owned(),
        Call::Read => format!("read {}", short.trim_start_matches(['?', ' ']))
            .trim()
            .to_owned(),
        Call::Write(_) => format!("write {short}"),
        _ => short.trim_start_matches([':', ' ']).to_owned(),
    };
    match op.end.as_ref().map(|end| &end.ended) {
        Some(Ended::Unknown) => format!("{short} (?)"),
        Some(Ended::Failed) => format!("{short} (failed)"),
        _ => short,
    }
}

/// A fault in one or two words, from its moment and its sentence.
#[must_use]
pub fn fault(kind: Moment, sentence: &str) -> String {
    let word = match kind {
        Moment::Crash => "crash",
        Moment::Recover => "restart",
        Moment::Partition => "cut",
        Moment::Heal => "heal",
        _ => "change",
    };
    let mut words = sentence.split(|c: char| !c.is_alphanumeric());
    let node = words.find(|word| word.eq_ignore_ascii_case("node"));
    let number = node.and_then(|_| words.next());
    match (kind, number) {
        (Moment::Crash | Moment::Recover, Some(number)) => format!("{word} {number}"),
        _ => word.to_owned(),
    }
}

/// How an operation ended, if not with an answer.
#[must_use]
pub fn ending(op: &Op) -> Option<&'static str> {
    match op.end.as_ref().map(|end| &end.ended) {
        Some(Ended::Returned(_)) => None,
        Some(Ended::Failed) => Some("failed, without effect"),
        Some(Ended::Unknown) => Some("nobody knows whether it took effect"),
        None => Some("no answer yet"),
    }
}

/// From when to when.
#[must_use]
pub fn span(history: &Operations, op: &Op) -> String {
    let from = at(history, op.began);
    match &op.end {
        Some(end) => format!("from {from} to {}", at(history, end.at)),
        None => format!("since {from}"),
    }
}

/// An operation as a sentence without its end: "Node 6 read x = 1, from 4.21 s to 4.30 s".
#[must_use]
pub fn told(history: &Operations, op: &Op) -> String {
    let said = capital(&spelled(&said(history, op)));
    let span = span(history, op);
    match ending(op) {
        Some(ending) => format!("{said}, {span}: {ending}"),
        None => format!("{said}, {span}"),
    }
}

/// What holds these operations together.
#[must_use]
pub fn conflict(operations: usize) -> &'static str {
    match operations {
        1 => "No order of the operations explains this answer.",
        _ => "These operations contradict each other. Without any one of them, the others fit.",
    }
}

/// What the picture says of an operation besides that: its letter in a contradiction, its place in the
/// order.
#[must_use]
pub fn part(letter: Option<char>, place: Option<usize>) -> String {
    match (letter, place) {
        (Some(letter), _) => format!(" ({letter} of the contradiction)"),
        (None, Some(place)) => format!(" (number {place} in the order)"),
        (None, None) => String::new(),
    }
}

/// What the picture shows of a history.
#[must_use]
pub fn summary(shown: usize, from: usize, all: usize) -> String {
    if shown == all {
        format!("{}.", counted(all, "operation", "operations"))
    } else {
        format!("Operations {} to {} of {all}.", from + 1, from + shown)
    }
}

/// A key in the list.
#[must_use]
pub fn key(key: &str, broken: bool, operations: usize) -> String {
    let name = if key.is_empty() { "the only one" } else { key };
    let broken = if broken { ", broken" } else { "" };
    format!(
        "{name} ({}{broken})",
        counted(operations, "operation", "operations")
    )
}

/// What a file holds.
#[must_use]
pub fn of_file(format: FileFormat, history: &Operations, keys: usize) -> String {
    let format = match format {
        FileFormat::Jepsen => "A Jepsen history",
        FileFormat::PorcupineKv => "A Porcupine history",
        FileFormat::Json => "A history",
    };
    let mut clients: Vec<u32> = history.iter().map(|op| op.process).collect();
    clients.sort_unstable();
    clients.dedup();
    format!(
        "{format} of {} by {} on {}.",
        counted(history.len(), "operation", "operations"),
        counted(clients.len(), "client", "clients"),
        counted(keys, "object", "objects")
    )
}

/// Why a file cannot be read.
#[must_use]
pub fn unread(error: &FileError) -> String {
    format!("{}.", capital(&error.to_string()).trim_end_matches('.'))
}

/// Where it broke, on a button.
#[must_use]
pub fn go(time: Time) -> String {
    format!("Go to {:.3} s, where it broke", time.seconds())
}

#[cfg(test)]
mod tests {
    use super::*;
    use faultline_sim::judge::{Answer, Asked, Conflict, Model};

    fn read() -> Operations {
        let mut history = Operations::new(Model::STORE).of_nodes();
        let write = history.begin(1, Asked::at("x", Call::Write("1".into())), Time(1_000_000));
        history.end(write, Ended::Returned(Answer::Done), Time(1_200_000));
        history.begin(6, Asked::at("x", Call::Read), Time(2_000_000));
        history
    }

    #[test]
    fn operations_are_told_with_their_times_and_endings() {
        let history = read();
        let told: Vec<String> = history.iter().map(|op| told(&history, op)).collect();
        assert_eq!(
            told,
            [
                "Node 1 wrote x = 1, from 1.00 s to 1.20 s",
                "Node 6 read from x, since 2.00 s: no answer yet"
            ]
        );
        assert_eq!(part(Some('B'), Some(3)), " (B of the contradiction)");
        let bare = Op {
            key: "".into(),
            ..history.get(1).expect("the read").clone()
        };
        assert_eq!(on_bar(&bare, "?"), "read");
        assert_eq!(on_bar(&bare, "? 2"), "read 2");
        assert_eq!(on_bar(history.get(0).expect("the write"), "x = 1"), "x = 1");
        assert_eq!(fault(Moment::Crash, "Node 3 crashes."), "crash 3");
        assert_eq!(fault(Moment::Heal, "The partition is healed."), "heal");
        assert_eq!(part(None, Some(3)), " (number 3 in the order)");
        assert_eq!(process(&history, 6), "Node 6");
    }

    #[test]
    fn the_ladder_is_told_in_a_sentence() {
        let broken = Kept::Broken(Conflict {
            operations: vec![0],
            blamed: 0,
            reason: "n1 read x = 1".into(),
        });
        let mut rungs = Level::ALL.map(|level| (level, Kept::Holds));
        assert_eq!(strongest(&rungs), "The history is linearizable.");
        rungs[0].1 = broken.clone();
        assert_eq!(
            strongest(&rungs),
            "The strongest promise kept is sequential; linearizable is broken."
        );
        assert_eq!(why(&broken).as_deref(), Some("Node 1 read x = 1"));
        for level in Level::ALL {
            assert!(meaning(level).ends_with('.'));
        }
    }

    #[test]
    fn a_window_says_what_it_shows() {
        assert_eq!(summary(1, 0, 1), "1 operation.");
        assert_eq!(summary(160, 40, 200), "Operations 41 to 200 of 200.");
        assert_eq!(key("x", true, 2), "x (2 operations, broken)");
    }
}
