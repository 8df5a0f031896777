//! Operations and contradictions in words.

use super::history::Operations;
use super::operation::{Answer, Call, Model, Op, Word};

/// Who has asked: `n6`, or `process 6` in a history that does not come from a run.
#[must_use]
pub fn who(history: &Operations, op: &Op) -> String {
    if history.of_nodes {
        format!("n{}", op.process)
    } else {
        format!("process {}", op.process)
    }
}

/// A key and a value: `x = 1`, or the value alone where there is one object only.
pub(super) fn holds(op: &Op, value: Option<&Word>) -> String {
    match (value, &*op.key) {
        (Some(value), "") => value.to_string(),
        (Some(value), key) => format!("{key} = {value}"),
        (None, "") => "nothing".to_owned(),
        (None, key) => format!("no value of {key}"),
    }
}

fn of_key(op: &Op, preposition: &str) -> String {
    if op.key.is_empty() {
        String::new()
    } else {
        format!(" {preposition} {}", op.key)
    }
}

fn members(all: &[Word]) -> String {
    format!("{{{}}}", all.join(", "))
}

fn transfer(changes: &[(Word, i64)]) -> String {
    let change = |(account, by): &(Word, i64)| format!("{account} {by:+}");
    changes.iter().map(change).collect::<Vec<_>>().join(", ")
}

/// What was asked and answered, short enough for a bar: `x = 1`, `x? 2`, `x: 1 to 2`.
#[must_use]
pub fn short(op: &Op) -> String {
    let key = &op.key;
    let value = |value: Option<&Word>| value.map_or_else(|| "nothing".to_owned(), Word::to_string);
    match (&op.call, op.answer()) {
        (Call::Read, Some(Answer::Value(read))) => format!("{key}? {}", value(read.as_ref())),
        (Call::Read, Some(Answer::Count(count))) => format!("{key}? {count}"),
        (Call::Read, Some(Answer::Members(all))) => format!("{key}? {}", members(all)),
        (Call::Read, Some(Answer::Balances(all))) => {
            let own = all.iter().map(|(account, is)| format!("{account} {is}"));
            format!("{key}? {}", own.collect::<Vec<_>>().join(", "))
        }
        (Call::Read, _) => format!("{key}?"),
        (Call::Write(written), _) => holds(op, Some(written)),
        (Call::CompareAndSet { old, new }, Some(Answer::Refused(_))) => {
            format!("{key}: not {} to {new}", value(old.as_ref()))
        }
        (Call::CompareAndSet { old, new }, _) => format!("{key}: {} to {new}", value(old.as_ref())),
        (Call::Append(text), _) => format!("{key} + {text}"),
        (Call::Add(by), Some(Answer::Count(count))) => format!("{key} {by:+} → {count}"),
        (Call::Add(by), _) => format!("{key} {by:+}"),
        (Call::Insert(member), _) => format!("{key} + {member}"),
        (Call::Remove(member), _) => format!("{key} − {member}"),
        (Call::Transfer(changes), Some(Answer::Refused(_))) => {
            format!("not {}", transfer(changes))
        }
        (Call::Transfer(changes), _) => transfer(changes),
        (Call::Acquire, Some(Answer::Refused(_))) => "lock: refused".to_owned(),
        (Call::Acquire, _) => "lock".to_owned(),
        (Call::Release, _) => "unlock".to_owned(),
    }
    .trim()
    .to_owned()
}

/// What an operation did and was told, as a sentence without its end: `n6 read x = 1`.
#[must_use]
pub fn said(history: &Operations, op: &Op) -> String {
    let who = who(history, op);
    let answered = op.answer().is_some();
    match (&op.call, op.answer()) {
        (Call::Read, Some(Answer::Value(value))) => {
            format!("{who} read {}", holds(op, value.as_ref()))
        }
        (Call::Read, Some(Answer::Count(count))) => {
            format!("{who} read the count {count}{}", of_key(op, "of"))
        }
        (Call::Read, Some(Answer::Members(all))) => {
            format!("{who} read {}{}", members(all), of_key(op, "in"))
        }
        (Call::Read, _) => format!("{who} read{}", of_key(op, "from")),
        (Call::Write(value), _) if answered => format!("{who} wrote {}", holds(op, Some(value))),
        (Call::CompareAndSet { old, .. }, Some(Answer::Refused(Some(seen)))) => {
            let expected = old.as_deref().unwrap_or("nothing");
            format!("{who} found {}, not {expected}", holds(op, seen.as_ref()))
        }
        (Call::CompareAndSet { old, .. }, Some(Answer::Refused(None))) => {
            format!("{who} was told that it is not {}", holds(op, old.as_ref()))
        }
        (Call::CompareAndSet { old, new }, Some(_)) => {
            format!("{who} found {} and wrote {new}", holds(op, old.as_ref()))
        }
        (Call::Append(text), Some(_)) => format!("{who} appended {text}{}", of_key(op, "to")),
        (Call::Add(by), Some(Answer::Count(count))) => {
            let key = of_key(op, "to");
            format!("{who} added {by}{key} and was told {count}")
        }
        (Call::Add(by), Some(_)) => format!("{who} added {by}{}", of_key(op, "to")),
        (Call::Insert(member), Some(_)) => format!("{who} added {member}{}", of_key(op, "to")),
        (Call::Remove(member), Some(_)) => {
            format!("{who} removed {member}{}", of_key(op, "from"))
        }
        (Call::Transfer(changes), Some(Answer::Refused(_))) => {
            format!("{who} was refused the transfer {}", transfer(changes))
        }
        (Call::Transfer(changes), Some(_)) => format!("{who} transferred {}", transfer(changes)),
        (Call::Acquire, Some(Answer::Refused(_))) => format!("{who} was refused the lock"),
        (Call::Acquire, Some(_)) => format!("{who} got the lock"),
        (Call::Release, Some(_)) => format!("{who} gave the lock back"),
        _ => format!("{who} asked for {}", short(op)),
    }
}

/// That nothing explains an answer.
pub(super) fn unexplained(history: &Operations, number: u32) -> String {
    let said = history.get(number).map(|op| said(history, op));
    let said = said.unwrap_or_default();
    format!("{said}, and no order of the operations explains that answer.")
}

/// Why these operations cannot be put in an order; one of them is the one whose end showed it.
pub(super) fn conflict(history: &Operations, operations: &[u32], blamed: u32) -> String {
    let Some(op) = history.get(blamed) else {
        return String::new();
    };
    let own = said(history, op);
    if let [_] = operations
        && op
            .reads()
            .is_some_and(|value| value != history.model.initial())
    {
        return format!("{own}, which nobody had written.");
    }
    let others = operations.iter().filter(|number| **number != blamed);
    let others: Vec<&Op> = others.filter_map(|number| history.get(*number)).collect();
    let noun = if op.call == Call::Read {
        "this read"
    } else {
        "this operation"
    };
    if op.reads().is_some() && others.iter().all(|other| other.is_void()) {
        return format!("{own}, although the write of that value had failed.");
    }
    if op.is_void() {
        let readers = others
            .iter()
            .filter(|other| other.reads() == Some(op.writes()));
        if let Some(reader) = readers.max_by_key(|other| other.invoked) {
            let reader = said(history, reader);
            return format!("{own} and was told that it failed, although {reader}.");
        }
    }
    if let Some(value) = op.reads() {
        let before = others.iter().filter(|other| other.is_before(op));
        let newer = before
            .clone()
            .filter(|other| other.writes().is_some_and(|own| Some(own) != value));
        if let Some(newer) = newer.max_by_key(|other| other.invoked) {
            let confirmed = holds(newer, newer.writes());
            return format!("{own}, although {confirmed} was confirmed before {noun} began.");
        }
        let seen = before.filter(|other| other.reads().is_some_and(|own| own != value));
        if let Some(seen) = seen.max_by_key(|other| other.invoked) {
            let reader = who(history, seen);
            let newer = holds(seen, seen.reads().flatten());
            return format!(
                "{own}, although {reader} had read the newer {newer} before {noun} began."
            );
        }
    }
    if history.model == Model::Lock && op.call == Call::Acquire {
        let holder = others
            .iter()
            .rev()
            .find(|other| other.call == Call::Acquire);
        if let Some(holder) = holder.filter(|_| op.answer() == Some(&Answer::Done)) {
            return format!("{own} while {} held it.", who(history, holder));
        }
    }
    let sentences: Vec<String> = others.iter().map(|other| said(history, other)).collect();
    match sentences.as_slice() {
        [] => unexplained(history, blamed),
        some => format!(
            "{own}, which cannot be in any order with: {}.",
            some.join("; ")
        ),
    }
}
