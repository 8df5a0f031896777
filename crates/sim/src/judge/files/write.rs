//! Writes a history in our own format.

use serde_json::{Map, Value as Json, json};

use super::super::history::Operations;
use super::super::operation::{Answer, Call, Ended, Model, Op, Word};
use super::assemble::by_time;
use super::words::Verb;

/// Writes a history, an operation a line, in the order in which they begin. Unless the history is about
/// a store that holds nothing at first, the first line says what it is about.
pub fn write(history: &Operations, out: &mut String) {
    if let Some(head) = head(&history.model) {
        out.push_str(&format!("{head}\n"));
    }
    let times = history
        .iter()
        .map(|op| (op.began, op.end.as_ref().map(|end| end.at)));
    let timed = history.events().eq(by_time(times));
    for op in history.iter() {
        let mut json = operation_json(op);
        if !timed && let Json::Object(fields) = &mut json {
            let mut order = vec![op.invoked];
            order.extend(op.end.as_ref().map(|end| end.place));
            fields.insert("order".into(), json!(order));
        }
        out.push_str(&format!("{json}\n"));
    }
}

fn head(model: &Model) -> Option<Json> {
    Some(match model {
        Model::Store { initial: None } => return None,
        Model::Store { initial } => json!({"model": "kv", "initial": initial}),
        Model::Set => json!({"model": "set"}),
        Model::Counter { initial } => json!({"model": "counter", "initial": initial}),
        Model::Bank { opening } => json!({"model": "bank", "initial": opening}),
        Model::Lock => json!({"model": "lock"}),
    })
}

/// One operation as the format has it.
#[must_use]
pub fn operation_json(op: &Op) -> Json {
    let mut fields = Map::new();
    fields.insert("process".into(), op.process.into());
    if !op.key.is_empty() {
        fields.insert("key".into(), json!(op.key));
    }
    fields.insert("f".into(), Verb::of(&op.call).name().into());
    if let Some(value) = value(&op.call) {
        fields.insert("value".into(), value);
    }
    fields.insert("invoked_us".into(), op.began.0.into());
    let at = op.end.as_ref().map(|end| end.at.0);
    fields.insert("completed_us".into(), at.into());
    let ended = op.end.as_ref().map(|end| &end.ended);
    let (end, result) = match ended {
        None | Some(Ended::Unknown) => ("unknown", None),
        Some(Ended::Failed) => ("aborted", None),
        Some(Ended::Returned(Answer::Refused(found))) => {
            ("failed", found.as_ref().map(|found| json!(found)))
        }
        Some(Ended::Returned(answer)) => ("ok", result(answer)),
    };
    fields.insert("end".into(), end.into());
    if let Some(result) = result {
        fields.insert("result".into(), result);
    }
    Json::Object(fields)
}

fn value(call: &Call) -> Option<Json> {
    Some(match call {
        Call::Read | Call::Acquire | Call::Release => return None,
        Call::Write(value) | Call::Append(value) | Call::Insert(value) | Call::Remove(value) => {
            json!(value)
        }
        Call::CompareAndSet { old, new } => json!([old, new]),
        Call::Add(by) => json!(by),
        Call::Transfer(changes) => changes_json(changes),
    })
}

/// By account, unless one is changed twice or the names say something else.
fn changes_json(changes: &[(Word, i64)]) -> Json {
    let mut map = Map::new();
    for (account, change) in changes {
        map.insert(account.to_string(), (*change).into());
    }
    if map.len() < changes.len() || map.contains_key("amount") {
        return json!(changes);
    }
    Json::Object(map)
}

fn result(answer: &Answer) -> Option<Json> {
    Some(match answer {
        Answer::Done | Answer::Refused(_) => return None,
        Answer::Value(value) => json!(value),
        Answer::Count(count) => json!(count),
        Answer::Members(members) => json!(members),
        Answer::Balances(balances) => {
            let rows = balances.iter();
            let rows = rows.map(|(account, balance)| (account.to_string(), json!(balance)));
            Json::Object(rows.collect())
        }
    })
}
