//! What an object holds, and what an operation does to it: the sequential specification.

use std::hash::{Hash, Hasher};
use std::rc::Rc;

use super::operation::{Answer, Call, Model, Word};
use crate::hash::StableHasher;
use crate::rng::mix;
use crate::shared::SharedMap;
use crate::sorted::SortedMap;

/// Prime 2^61 - 1.
const PRIME: u64 = (1 << 61) - 1;
const BASES: [u64; 2] = [0x12AB_6E0F_43C9_D7F1 % PRIME, 0x0F8D_91E4_37A5_6B2D % PRIME];

fn times(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    let sum = (product as u64 & PRIME) + (product >> 61) as u64;
    if sum >= PRIME { sum - PRIME } else { sum }
}

/// A text by its length and two polynomial hashes of 61 bits, so that appending costs two
/// multiplications however long it is. Two texts of a history are the same by accident once in 2^120.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Digest {
    length: u64,
    hashes: [u64; 2],
}

impl Digest {
    /// Nothing, which is not the empty text.
    const NOTHING: Self = Self {
        length: u64::MAX,
        hashes: [0; 2],
    };
    const EMPTY: Self = Self {
        length: 0,
        hashes: [0; 2],
    };

    fn of(text: &str) -> Self {
        let mut hashes = [0; 2];
        for (hash, base) in hashes.iter_mut().zip(BASES) {
            for byte in text.bytes() {
                *hash = (times(*hash, base) + u64::from(byte) + 1) % PRIME;
            }
        }
        let length = text.len() as u64;
        Self { length, hashes }
    }

    /// A word that tells values apart, by accident the same once in 2^60.
    pub(super) fn mark(&self) -> u64 {
        self.hashes[0] ^ self.length.rotate_left(40)
    }

    fn of_value(value: Option<&Word>) -> Self {
        value.map_or(Self::NOTHING, |text| Self::of(text))
    }

    /// This text, and another one behind it.
    fn then(self, tail: &Tail) -> Self {
        let own = if self == Self::NOTHING {
            Self::EMPTY
        } else {
            self
        };
        let at =
            |nth: usize| (times(own.hashes[nth], tail.powers[nth]) + tail.text.hashes[nth]) % PRIME;
        Self {
            length: own.length + tail.text.length,
            hashes: [at(0), at(1)],
        }
    }
}

/// A text that is appended, and the bases to the power of its length.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Tail {
    text: Digest,
    powers: [u64; 2],
}

impl Tail {
    fn of(text: &str) -> Self {
        let power = |base: u64| text.bytes().fold(1, |power, _| times(power, base));
        Self {
            text: Digest::of(text),
            powers: BASES.map(power),
        }
    }
}

/// Two words that tell sets of members apart, whatever the order in which they came.
fn marks_of(member: &str) -> [u64; 2] {
    let Digest { length, hashes } = Digest::of(member);
    hashes.map(|hash| mix(hash ^ (length << 48)))
}

fn all_marks<'w>(members: impl Iterator<Item = &'w Word>) -> [u64; 2] {
    members.fold([0; 2], |sum, member| {
        let marks = marks_of(member);
        [sum[0].wrapping_add(marks[0]), sum[1].wrapping_add(marks[1])]
    })
}

/// What an object holds.
#[derive(Clone, Debug)]
pub(super) enum State {
    Text(Digest),
    Count(i64),
    Members {
        marks: [u64; 2],
        members: SharedMap<Word, ()>,
    },
    /// Balances that are not the opening one, and that one.
    Accounts(Rc<SortedMap<Word, i64>>, i64),
    /// The process that holds the lock.
    Holder(Option<u32>),
}

impl PartialEq for State {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Text(a), Self::Text(b)) => a == b,
            (Self::Count(a), Self::Count(b)) => a == b,
            (Self::Members { marks: a, .. }, Self::Members { marks: b, .. }) => a == b,
            (Self::Accounts(a, _), Self::Accounts(b, _)) => a == b,
            (Self::Holder(a), Self::Holder(b)) => a == b,
            _ => false,
        }
    }
}

impl State {
    /// What an object of this kind holds at first.
    pub(super) fn first(model: &Model) -> Self {
        match model {
            Model::Store { initial } => Self::Text(Digest::of_value(initial.as_ref())),
            Model::Set => Self::Members {
                marks: [0; 2],
                members: SharedMap::new(),
            },
            Model::Counter { initial } => Self::Count(*initial),
            Model::Bank { opening } => Self::Accounts(Rc::default(), *opening),
            Model::Lock => Self::Holder(None),
        }
    }

    /// 128 bits that tell states apart.
    pub(super) fn key(&self) -> u128 {
        let [a, b] = match self {
            Self::Text(digest) => [
                digest.hashes[0] ^ digest.length.rotate_left(40),
                digest.hashes[1],
            ],
            Self::Count(count) => [*count as u64, 1],
            Self::Members { marks, .. } => *marks,
            Self::Accounts(balances, _) => [1, 2].map(|seed| {
                let mut hasher = StableHasher::from_hash(seed);
                balances.hash(&mut hasher);
                hasher.finish()
            }),
            Self::Holder(holder) => [holder.map_or(0, |holder| u64::from(holder) + 1), 2],
        };
        u128::from(mix(a)) << 64 | u128::from(mix(b ^ 0x5DEE_CE66))
    }
}

/// An operation with all that is known of it, made ready for the search.
#[derive(Clone, Debug)]
pub(super) enum Step {
    See(Digest),
    Put(Digest),
    Swap {
        old: Digest,
        new: Digest,
    },
    Differ {
        old: Digest,
        seen: Option<Digest>,
    },
    Extend(Tail),
    Add(i64),
    /// Adds, and the count is then this.
    AddTo(i64, i64),
    Count(i64),
    Insert(Word),
    Remove(Word),
    Members([u64; 2]),
    Transfer(Rc<[(Word, i64)]>),
    Short(Rc<[(Word, i64)]>),
    Balances(Rc<SortedMap<Word, i64>>),
    Acquire(u32),
    Release(u32),
    /// It was refused the lock.
    Busy,
}

impl Step {
    /// What a call does once it takes effect, whatever its answer; none for one that changes nothing.
    pub(super) fn effect(process: u32, call: &Call) -> Option<Self> {
        Some(match call {
            Call::Read => return None,
            Call::Write(value) => Self::Put(Digest::of(value)),
            Call::CompareAndSet { old, new } => Self::Swap {
                old: Digest::of_value(old.as_ref()),
                new: Digest::of(new),
            },
            Call::Append(text) => Self::Extend(Tail::of(text)),
            Call::Add(by) => Self::Add(*by),
            Call::Insert(member) => Self::Insert(member.clone()),
            Call::Remove(member) => Self::Remove(member.clone()),
            Call::Transfer(changes) => Self::Transfer(changes.clone()),
            Call::Acquire => Self::Acquire(process),
            Call::Release => Self::Release(process),
        })
    }

    /// What is known of a call that has returned; none if the answer says nothing of the object.
    pub(super) fn known(process: u32, call: &Call, answer: &Answer) -> Option<Self> {
        Some(match (call, answer) {
            (Call::Read, Answer::Value(value)) => Self::See(Digest::of_value(value.as_ref())),
            (Call::Read, Answer::Count(count)) => Self::Count(*count),
            (Call::Read, Answer::Members(members)) => Self::Members(all_marks(members.iter())),
            (Call::Read, Answer::Balances(balances)) => Self::Balances(balances.clone()),
            (Call::Read, _) => return None,
            (Call::Add(by), Answer::Count(count)) => Self::AddTo(*by, *count),
            (Call::CompareAndSet { old, .. }, Answer::Refused(seen)) => Self::Differ {
                old: Digest::of_value(old.as_ref()),
                seen: seen.as_ref().map(|seen| Digest::of_value(seen.as_ref())),
            },
            (Call::Transfer(changes), Answer::Refused(_)) => Self::Short(changes.clone()),
            (Call::Acquire, Answer::Refused(_)) => Self::Busy,
            (_, Answer::Refused(_)) => return None,
            (call, _) => return Self::effect(process, call),
        })
    }

    /// Whether it changes nothing.
    pub(super) fn is_pure(&self) -> bool {
        matches!(
            self,
            Self::See(_)
                | Self::Differ { .. }
                | Self::Count(_)
                | Self::Members(_)
                | Self::Short(_)
                | Self::Balances(_)
                | Self::Busy
        )
    }

    /// Whether what was there before makes no difference to it, nor to what is there then.
    pub(super) fn is_blind(&self) -> bool {
        matches!(self, Self::Put(_))
    }

    /// The value that must be there for it, if it says so.
    pub(super) fn needs(&self) -> Option<&Digest> {
        match self {
            Self::See(value) | Self::Swap { old: value, .. } => Some(value),
            Self::Differ { seen, .. } => seen.as_ref(),
            _ => None,
        }
    }

    /// The value that is there after it, whatever was there before.
    pub(super) fn leaves(&self) -> Option<&Digest> {
        match self {
            Self::Put(value) | Self::Swap { new: value, .. } => Some(value),
            _ => None,
        }
    }

    /// What the object holds after this operation; none if it cannot happen here.
    pub(super) fn apply(&self, state: &State) -> Option<State> {
        match (self, state) {
            (Self::See(value), State::Text(now)) if value == now => Some(state.clone()),
            (Self::Put(value), State::Text(_)) => Some(State::Text(*value)),
            (Self::Swap { old, new }, State::Text(now)) if old == now => Some(State::Text(*new)),
            (Self::Differ { old, seen }, State::Text(now))
                if old != now && seen.is_none_or(|seen| seen == *now) =>
            {
                Some(state.clone())
            }
            (Self::Extend(tail), State::Text(now)) => Some(State::Text(now.then(tail))),
            (Self::Add(by), State::Count(now)) => Some(State::Count(now.wrapping_add(*by))),
            (Self::AddTo(by, then), State::Count(now)) if now.wrapping_add(*by) == *then => {
                Some(State::Count(*then))
            }
            (Self::Count(count), State::Count(now)) if count == now => Some(state.clone()),
            (Self::Insert(member), State::Members { marks, members }) => {
                Some(changed(*marks, members, member, true))
            }
            (Self::Remove(member), State::Members { marks, members }) => {
                Some(changed(*marks, members, member, false))
            }
            (Self::Members(all), State::Members { marks, .. }) if all == marks => {
                Some(state.clone())
            }
            (Self::Transfer(changes), State::Accounts(now, opening)) => {
                let then = transfer(changes, now, *opening)?;
                Some(State::Accounts(Rc::new(then), *opening))
            }
            (Self::Short(changes), State::Accounts(now, opening)) => {
                let refused = transfer(changes, now, *opening).is_none();
                refused.then(|| state.clone())
            }
            (Self::Balances(seen), State::Accounts(now, opening)) => {
                let right = |(account, balance): (&Word, &i64)| {
                    now.get(account).unwrap_or(opening) == balance
                };
                seen.iter().all(right).then(|| state.clone())
            }
            (Self::Acquire(process), State::Holder(None)) => Some(State::Holder(Some(*process))),
            (Self::Release(process), State::Holder(holder)) if *holder == Some(*process) => {
                Some(State::Holder(None))
            }
            (Self::Busy, State::Holder(Some(_))) => Some(state.clone()),
            _ => None,
        }
    }
}

fn changed(marks: [u64; 2], members: &SharedMap<Word, ()>, member: &Word, there: bool) -> State {
    let mut members = members.clone();
    let was = if there {
        members.insert(member.clone(), ()).is_some()
    } else {
        members.remove(member).is_some()
    };
    let own = marks_of(member);
    let mark = |nth: usize| match (was, there) {
        (false, true) => marks[nth].wrapping_add(own[nth]),
        (true, false) => marks[nth].wrapping_sub(own[nth]),
        _ => marks[nth],
    };
    State::Members {
        marks: [mark(0), mark(1)],
        members,
    }
}

/// The balances after a transfer; none if there is too little somewhere.
fn transfer(
    changes: &[(Word, i64)],
    now: &SortedMap<Word, i64>,
    opening: i64,
) -> Option<SortedMap<Word, i64>> {
    let mut then = now.clone();
    for (account, change) in changes {
        let balance = then.get(account).unwrap_or(&opening).checked_add(*change)?;
        if balance < 0 {
            return None;
        }
        then.insert(account.clone(), balance);
    }
    Some(then)
}
