//! How strong a promise a history keeps.

use super::by_object::HistoryCheck;
use super::causal::{causal, causal_of};
use super::explain::{Conflict, explain_refuted};
use super::history::Operations;
use super::phrase;
use super::search::Found;
use super::sequential::{sequential, sequential_of};
use super::sessions::{self, Sessions};
use super::shrink::shrink;
use crate::sorted::SortedSet;

/// A promise to clients. Each implies those below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// One order of all operations, in real time (Herlihy and Wing 1990).
    Linearizable,
    /// One order of all operations, in each process's own order (Lamport 1979).
    Sequential,
    /// Each process sees writes in an order that respects causes (Ahamad and others 1995).
    Causal,
    /// A process sees its own writes (Terry and others 1994).
    ReadYourWrites,
    /// A process never reads an older value after a newer one (Terry and others 1994).
    MonotonicReads,
}

impl Level {
    /// All levels, the strongest first.
    pub const ALL: [Self; 5] = [
        Self::Linearizable,
        Self::Sequential,
        Self::Causal,
        Self::ReadYourWrites,
        Self::MonotonicReads,
    ];

    /// The word for scripts and reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Linearizable => "linearizable",
            Self::Sequential => "sequential",
            Self::Causal => "causal",
            Self::ReadYourWrites => "read-your-writes",
            Self::MonotonicReads => "monotonic-reads",
        }
    }
}

/// Whether a history keeps a promise.
#[derive(Clone, Debug, PartialEq)]
pub enum Kept {
    /// It does.
    Holds,
    /// It does not: these operations contradict it.
    Broken(Conflict),
    /// The budget was used up first.
    Undecided,
    /// Nobody can say, for this reason.
    NotJudged(&'static str),
}

/// How a history stands on each level, the strongest first. `budget` is what all levels together may
/// cost, in steps of the searches.
#[must_use]
pub fn ladder(history: &Operations, budget: &mut u64) -> [(Level, Kept); 5] {
    let linearizable = judge_linearizable(history, budget);
    let mut kept = Level::ALL.map(|level| (level, Kept::Holds));
    if linearizable == Kept::Holds {
        return kept;
    }
    kept[0].1 = linearizable;
    let not_judged = sessions::not_judged(history);
    let mut sessions = Sessions::of(history);
    for (level, own) in &mut kept[3..] {
        *own = match (not_judged, sessions.remove(level)) {
            (Some(why), _) => Kept::NotJudged(why),
            (None, Some(conflict)) => Kept::Broken(least(history, *level, conflict)),
            (None, None) => Kept::Holds,
        };
    }
    let weaker = |kept: &[(Level, Kept); 5], from: usize| {
        let mut broken = kept[from..].iter().filter_map(|(_, kept)| match kept {
            Kept::Broken(conflict) => Some(conflict.clone()),
            _ => None,
        });
        broken.next().map(Kept::Broken)
    };
    kept[2].1 = match not_judged {
        Some(why) => Kept::NotJudged(why),
        None => weaker(&kept, 3).unwrap_or_else(|| judge_causal(history, budget)),
    };
    kept[1].1 = weaker(&kept, 2).unwrap_or_else(|| judge_sequential(history, budget));
    kept
}

/// The same contradiction without what it does not need, and with what makes one value older.
fn least(history: &Operations, level: Level, conflict: Conflict) -> Conflict {
    let end = history.get(conflict.blamed).and_then(|op| op.end.as_ref());
    let until = history.until(end.map_or(history.places(), |end| end.place + 1));
    let all = (0..until.len() as u32).collect();
    let own = shrink(all, |kept| {
        let part = until.only(|number| kept.contains(&number));
        if Sessions::of(&part).contains_key(&level) {
            Found::None
        } else {
            Found::Order
        }
    });
    Conflict {
        operations: own.unwrap_or(conflict.operations),
        ..conflict
    }
}

fn judge_linearizable(history: &Operations, budget: &mut u64) -> Kept {
    let mut check = HistoryCheck::new(history);
    match check.advance(budget) {
        Found::Order => Kept::Holds,
        Found::Undecided => Kept::Undecided,
        Found::None => {
            let blamed = check.objects().find_map(|(_, object)| object.blamed());
            Kept::Broken(explain_refuted(history, blamed.unwrap_or_default(), budget))
        }
    }
}

fn judge_sequential(history: &Operations, budget: &mut u64) -> Kept {
    let order = |history: &Operations, kept: Counting, budget: &mut u64| match kept {
        Some(kept) => sequential_of(history, kept, budget),
        None => sequential(history, budget),
    };
    let said = "No single order of these keeps the order of each client";
    judge_whole(history, budget, said, order)
}

fn judge_causal(history: &Operations, budget: &mut u64) -> Kept {
    let order = |history: &Operations, kept: Counting, budget: &mut u64| match kept {
        // A value that was written twice contradicts nothing.
        Some(kept) => match causal_of(history, |number| kept.contains(&number), budget) {
            Found::Undecided if *budget > 0 => Found::Order,
            found => found,
        },
        None => causal(history, budget),
    };
    let said = "No order of the writes respects their causes and fits these";
    judge_whole(history, budget, said, order)
}

/// The operations that count; none: all.
type Counting<'k> = Option<&'k SortedSet<u32>>;

/// The verdict of a search over the whole history, with the least that contradicts it.
fn judge_whole(
    history: &Operations,
    budget: &mut u64,
    said: &str,
    order: impl Fn(&Operations, Counting, &mut u64) -> Found,
) -> Kept {
    match order(history, None, budget) {
        Found::Order => return Kept::Holds,
        Found::Undecided => return Kept::Undecided,
        Found::None => {}
    }
    let Some(history) = first_broken(history, |history| order(history, None, budget)) else {
        return Kept::Undecided;
    };
    let all = (0..history.len() as u32).collect();
    let own = shrink(all, |kept| order(&history, Some(kept), budget));
    own.map_or(Kept::Undecided, |operations| {
        let own = operations.iter().filter_map(|number| history.get(*number));
        let own: Vec<String> = own.map(|op| phrase::said(&history, op)).collect();
        let reason = format!("{said}: {}.", own.join("; "));
        Kept::Broken(blame(&history, operations, reason))
    })
}

/// The shortest beginning of a history that breaks a promise, if it can be found within the budget.
fn first_broken(
    history: &Operations,
    mut of: impl FnMut(&Operations) -> Found,
) -> Option<Operations> {
    let (mut holds, mut broken) = (0, history.places());
    while broken - holds > 1 {
        let middle = u32::midpoint(holds, broken);
        match of(&history.until(middle)) {
            Found::None => broken = middle,
            Found::Order => holds = middle,
            Found::Undecided => return None,
        }
    }
    Some(history.until(broken))
}

/// A contradiction that the last of its operations to end has shown.
fn blame(history: &Operations, operations: Vec<u32>, reason: String) -> Conflict {
    let ended = |number: &&u32| {
        let end = history.get(**number).and_then(|op| op.end.as_ref());
        end.map_or(0, |end| end.place)
    };
    let blamed = operations.iter().max_by_key(ended).copied();
    Conflict {
        blamed: blamed.unwrap_or_default(),
        operations,
        reason,
    }
}
