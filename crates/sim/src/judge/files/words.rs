//! What the words of a file mean to the judge.

use std::rc::Rc;

use serde_json::Value as Json;

use super::super::operation::{Answer, Call, Ended, Word};
use super::{ModelName, shown};
use crate::sorted::SortedMap;

/// What a client did, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verb {
    Read,
    Write,
    Cas,
    Append,
    Add,
    Insert,
    Remove,
    Transfer,
    Acquire,
    Release,
}

impl Verb {
    /// All words for them. The first of each is its own.
    pub(super) const ALL: [(&'static str, Self); 14] = [
        ("read", Self::Read),
        ("write", Self::Write),
        ("cas", Self::Cas),
        ("append", Self::Append),
        ("add", Self::Add),
        ("insert", Self::Insert),
        ("remove", Self::Remove),
        ("transfer", Self::Transfer),
        ("acquire", Self::Acquire),
        ("release", Self::Release),
        ("get", Self::Read),
        ("put", Self::Write),
        ("r", Self::Read),
        ("w", Self::Write),
    ];

    pub(super) fn parse(word: &str) -> Option<Self> {
        let found = Self::ALL.iter().find(|(name, _)| *name == word);
        found.map(|(_, verb)| *verb)
    }

    pub(super) fn name(self) -> &'static str {
        let found = Self::ALL.iter().find(|(_, verb)| *verb == self);
        found.map_or("", |(name, _)| name)
    }

    /// The word for a call.
    pub(super) fn of(call: &Call) -> Self {
        match call {
            Call::Read => Self::Read,
            Call::Write(_) => Self::Write,
            Call::CompareAndSet { .. } => Self::Cas,
            Call::Append(_) => Self::Append,
            Call::Add(_) => Self::Add,
            Call::Insert(_) => Self::Insert,
            Call::Remove(_) => Self::Remove,
            Call::Transfer(_) => Self::Transfer,
            Call::Acquire => Self::Acquire,
            Call::Release => Self::Release,
        }
    }

    /// Which objects it is for; none if it does not say.
    pub(super) fn model(self) -> Option<ModelName> {
        match self {
            Self::Read | Self::Add => None,
            Self::Write | Self::Cas | Self::Append => Some(ModelName::Store),
            Self::Insert | Self::Remove => Some(ModelName::Set),
            Self::Transfer => Some(ModelName::Bank),
            Self::Acquire | Self::Release => Some(ModelName::Lock),
        }
    }

    /// Whether a failure is the object's answer.
    pub(super) fn can_be_refused(self) -> bool {
        matches!(
            self,
            Self::Cas | Self::Transfer | Self::Acquire | Self::Release
        )
    }
}

/// How an operation ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    Done,
    Refused,
    Aborted,
    Unknown,
}

/// What is asked of an object of this kind.
pub(super) fn call(model: ModelName, verb: Verb, value: &Json) -> Result<Call, String> {
    let has = |what: &str| format!("`{}` needs {what} as its value", verb.name());
    let text = |value: &Json| word(value).flatten();
    let wrong = |what: &str| format!("{}, not {}", has(what), json_shown(value));
    Ok(match (model, verb) {
        (ModelName::Lock, Verb::Read) => {
            return Err("a lock is not read; write acquire or release".into());
        }
        (_, Verb::Read) => Call::Read,
        (ModelName::Store, Verb::Write) => {
            Call::Write(text(value).ok_or_else(|| wrong("a text or a number"))?)
        }
        (ModelName::Store, Verb::Append) => {
            Call::Append(text(value).ok_or_else(|| wrong("a text or a number"))?)
        }
        (ModelName::Store, Verb::Cas) => {
            let pair = value.as_array().map(Vec::as_slice);
            let read = |pair: &[Json]| match pair {
                [old, new] => Some((word(old)?, text(new)?)),
                _ => None,
            };
            let (old, new) = pair.and_then(read).ok_or_else(|| wrong("[old, new]"))?;
            Call::CompareAndSet { old, new }
        }
        (ModelName::Counter, Verb::Add) => {
            Call::Add(value.as_i64().ok_or_else(|| wrong("a whole number"))?)
        }
        (ModelName::Set, Verb::Insert | Verb::Add) => {
            Call::Insert(text(value).ok_or_else(|| wrong("a member"))?)
        }
        (ModelName::Set, Verb::Remove) => {
            Call::Remove(text(value).ok_or_else(|| wrong("a member"))?)
        }
        (ModelName::Bank, Verb::Transfer) => {
            let changes = transfer(value)
                .ok_or_else(|| wrong("the change of each account, such as {\"a\":-5,\"b\":5},"))?;
            Call::Transfer(changes)
        }
        (ModelName::Lock, Verb::Acquire) => Call::Acquire,
        (ModelName::Lock, Verb::Release) => Call::Release,
        (model, verb) => {
            return Err(format!(
                "the model {} has no `{}`; it has {}",
                model.name(),
                verb.name(),
                verbs(model)
            ));
        }
    })
}

fn verbs(model: ModelName) -> &'static str {
    match model {
        ModelName::Store => "read, write, cas and append",
        ModelName::Set => "read, insert and remove",
        ModelName::Counter => "read and add",
        ModelName::Bank => "read and transfer",
        ModelName::Lock => "acquire and release",
    }
}

/// What a client is told, and what that says.
pub(super) fn ended(
    model: ModelName,
    verb: Verb,
    how: How,
    result: Option<&Json>,
) -> Result<Ended, String> {
    Ok(match how {
        How::Unknown => Ended::Unknown,
        How::Aborted => Ended::Failed,
        How::Refused if !verb.can_be_refused() => Ended::Failed,
        How::Refused => {
            let found = match (verb, result) {
                (Verb::Cas, Some(found)) => Some(word(found).ok_or_else(|| {
                    let found = json_shown(found);
                    format!("a failed cas finds one value or null, not {found}")
                })?),
                _ => None,
            };
            Ended::Returned(Answer::Refused(found))
        }
        How::Done => Ended::Returned(match verb {
            Verb::Read => seen(model, result)?,
            _ if result == Some(&Json::Bool(false)) => {
                return Err("an operation that ends ok took effect; if not, it `failed`".into());
            }
            Verb::Add if model == ModelName::Counter => match result {
                None | Some(Json::Null) => Answer::Done,
                Some(count) => Answer::Count(number(count, "the count after `add`")?),
            },
            _ => Answer::Done,
        }),
    })
}

fn number(value: &Json, what: &str) -> Result<i64, String> {
    let number = value.as_i64();
    number.ok_or_else(|| format!("{what} is a whole number, not {}", json_shown(value)))
}

/// What a read saw.
fn seen(model: ModelName, result: Option<&Json>) -> Result<Answer, String> {
    let Some(result) = result else {
        return Err("a read that ends ok needs its result; null or nil is nothing".into());
    };
    let wrong = |what: &str| {
        let kind = model.name();
        format!(
            "a read in the model {kind} sees {what}, not {}",
            json_shown(result)
        )
    };
    Ok(match model {
        ModelName::Store | ModelName::Lock => {
            Answer::Value(word(result).ok_or_else(|| wrong("one value or null"))?)
        }
        ModelName::Counter => {
            Answer::Count(result.as_i64().ok_or_else(|| wrong("a whole number"))?)
        }
        ModelName::Set => {
            let members = result.as_array().into_iter().flatten();
            let members: Option<Vec<Word>> = members.map(|member| word(member).flatten()).collect();
            let members = members.filter(|_| result.is_array());
            Answer::Members(members.ok_or_else(|| wrong("a list of members"))?.into())
        }
        ModelName::Bank => {
            let balances = balances(result);
            let what = "the balance of each account, such as {\"a\":5},";
            Answer::Balances(Rc::new(balances.ok_or_else(|| wrong(what))?))
        }
    })
}

fn balances(value: &Json) -> Option<SortedMap<Word, i64>> {
    let accounts = value.as_object()?.iter();
    accounts
        .map(|(account, balance)| Some((Word::from(account.as_str()), balance.as_i64()?)))
        .collect()
}

/// Changes as `{"a":-5,"b":5}`, as `[["a",-5],["b",5]]`, or as `{"from":"a","to":"b","amount":5}`.
fn transfer(value: &Json) -> Option<Rc<[(Word, i64)]>> {
    if let (Some(from), Some(to), Some(amount)) = (
        field(value, "from"),
        field(value, "to"),
        field(value, "amount"),
    ) {
        let amount = amount.as_i64()?;
        let (from, to) = (word(from)??, word(to)??);
        return Some([(from, amount.checked_neg()?), (to, amount)].into());
    }
    if let Some(pairs) = value.as_array() {
        let pair = |pair: &Json| match pair.as_array()?.as_slice() {
            [account, change] => Some((word(account)??, change.as_i64()?)),
            _ => None,
        };
        return pairs.iter().map(pair).collect();
    }
    let accounts = value.as_object()?.iter();
    accounts
        .map(|(account, change)| Some((Word::from(account.as_str()), change.as_i64()?)))
        .collect()
}

/// A field, also if it is a keyword of EDN.
fn field<'j>(value: &'j Json, name: &str) -> Option<&'j Json> {
    value.get(name).or_else(|| value.get(format!(":{name}")))
}

/// A value: nothing, or its text. None if it is a list or a map.
pub(super) fn word(value: &Json) -> Option<Option<Word>> {
    match value {
        Json::Null => Some(None),
        Json::String(text) => Some(Some(Word::from(text.as_str()))),
        Json::Number(_) | Json::Bool(_) => Some(Some(Word::from(value.to_string()))),
        Json::Array(_) | Json::Object(_) => None,
    }
}

pub(super) fn json_shown(value: &Json) -> String {
    match value {
        Json::Null => "nothing".into(),
        value => shown(&value.to_string()),
    }
}
