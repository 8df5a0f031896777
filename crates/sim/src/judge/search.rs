//! The search for an order of the operations on one object.
//!
//! Wing and Gong ("Testing and verifying concurrent objects", 1993) try, one after another, the
//! operations that no other one precedes, and go back where none is left. Lowe ("Testing for
//! linearizability", 2017) remembers the configurations (what has taken effect, and what the object then
//! holds) that led nowhere, and lets an operation take effect as late as its answer allows. Here the
//! history may grow: the order found so far stays, and an answer that does not fit it continues the
//! search from there. A configuration that leads nowhere in a history leads nowhere in a longer one.
//!
//! Four rules cut the search and lose nothing. An operation that changes nothing and fits is taken at
//! once: whatever comes after it could come after it in any case. A write without an answer is not
//! tried just before a write that overwrites it unseen: without it there is no less to go on with. (A read
//! that is answered later may have seen it. So what was given up before that read is tried once more
//! before a history is refused.) Where a value was read that is neither there nor will be written any
//! more, nothing is tried at all. And an answer that contradicts what is known of two values
//! ([`zones`](super::zones)) is left out before anything is tried.

use super::memo::{Memo, bit};
use super::operation::{Answer, Call, Ended, Model};
use super::state::{Digest, State, Step};
use super::zones::{Use, contradict};
use crate::shared::SharedList;
use crate::sorted::{SortedMap, SortedSet};

/// Not returned.
const NEVER: u32 = u32::MAX;

/// Whether operations can be put in an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// They can.
    Order,
    /// They cannot.
    None,
    /// The budget was used up before it was decided.
    Undecided,
}

/// One operation, or one way in which it may have happened.
#[derive(Clone, Debug)]
struct Entry {
    /// From 0, in the order in which entries became known.
    id: u32,
    /// The operation's number in the history.
    op: u32,
    step: Step,
    /// How many operations had returned when it began.
    invoked: u32,
    /// Its place among those that have returned.
    returned: u32,
    /// It will never return.
    open: bool,
}

/// What was tried after a configuration: first the operation that has to come, then others that will
/// return, then those that will not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Tried {
    pass: u8,
    next: u32,
}

impl Tried {
    const NOTHING: Self = Self { pass: 0, next: 0 };
    const ALL: Self = Self { pass: 3, next: 0 };
}

/// An operation in the order, what the object held before it, and what was tried in its place so far.
#[derive(Clone, Debug)]
struct Link {
    entry: Entry,
    before: State,
    tried: Tried,
}

/// An operation that has begun and not ended.
#[derive(Clone, Debug)]
struct Begun {
    op: u32,
    process: u32,
    call: Call,
    invoked: u32,
    /// Its entry, if it may take effect before it ends.
    entry: Option<u32>,
}

/// A place among the entries that wait.
#[derive(Clone, Copy)]
struct Spot {
    open: bool,
    at: usize,
}

/// The search over the operations on one object.
#[derive(Clone, Debug)]
pub(super) struct Search {
    begun: Vec<Begun>,
    entries: u32,
    /// Entries that have returned, in that order.
    returns: SharedList<u32>,
    /// All of `returns` before this are in the order.
    settled: u32,
    /// The order so far.
    path: SharedList<Link>,
    /// Entries that are not in it, by id: those that have returned or still may, and those that will not.
    waiting: Vec<Entry>,
    open: Vec<Entry>,
    /// How many of them leave each value, by its mark.
    leaving: SortedMap<u64, u32>,
    state: State,
    /// Which entries are in the order.
    set: u128,
    tried: Tried,
    dead: Memo,
    /// What writes without an answer leave, by marks.
    unanswered: SortedSet<u64>,
    /// A read has seen a write without an answer, and others had returned before it did.
    late: bool,
    refuted: bool,
    /// The operation whose answer contradicts the others, and is left out.
    left_out: Option<u32>,
    /// Some operation makes a new text of an old one, so that values come from nowhere.
    extends: bool,
    /// Operations whose answers are taken as not given.
    forgiven: Vec<u32>,
}

/// Marks configurations that may be given up because of the rule about writes without an answer.
const UNSEEN: u128 = 0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C834;

fn key(set: u128, state: &State, unseen: bool) -> u128 {
    set ^ state.key() ^ if unseen { UNSEEN } else { 0 }
}

impl Search {
    pub(super) fn new(model: &Model) -> Self {
        Self {
            begun: Vec::new(),
            entries: 0,
            returns: SharedList::new(),
            settled: 0,
            path: SharedList::new(),
            waiting: Vec::new(),
            open: Vec::new(),
            leaving: SortedMap::new(),
            state: State::first(model),
            set: 0,
            tried: Tried::NOTHING,
            dead: Memo::default(),
            unanswered: SortedSet::new(),
            late: false,
            refuted: false,
            left_out: None,
            extends: false,
            forgiven: Vec::new(),
        }
    }

    /// The numbers of the operations in the order found so far.
    pub(super) fn order(&self) -> impl Iterator<Item = u32> {
        self.path.iter().map(|link| link.entry.op)
    }

    /// Takes an operation as never answered, with those that another search took so.
    pub(super) fn forgive(&mut self, other: Option<&Self>, op: u32) {
        self.forgiven = other.map_or_else(Vec::new, |other| other.forgiven.clone());
        self.forgiven.push(op);
    }

    /// Whether it has left this operation out: all the others can be put in an order.
    pub(super) fn leaves_out(&self, op: u32) -> bool {
        self.left_out == Some(op)
    }

    /// Goes on as if the operation that is left out had never been answered.
    pub(super) fn go_on(&mut self) {
        self.forgiven.extend(self.left_out.take());
    }

    /// An operation begins.
    pub(super) fn begin(&mut self, op: u32, process: u32, call: &Call) {
        let invoked = self.returns.len() as u32;
        let entry = Step::effect(process, call).map(|step| self.add(op, step, invoked));
        self.begun.push(Begun {
            op,
            process,
            call: call.clone(),
            invoked,
            entry,
        });
    }

    /// An operation that has begun ends.
    pub(super) fn end(&mut self, op: u32, ended: &Ended) {
        let Some(at) = self.begun.iter().position(|begun| begun.op == op) else {
            return;
        };
        let begun = self.begun.swap_remove(at);
        let forgiven = self.forgiven.contains(&op);
        let ended = if forgiven { &Ended::Unknown } else { ended };
        match (ended, begun.entry) {
            (Ended::Unknown, Some(id)) => self.leave_open(id),
            (Ended::Failed, Some(id)) => self.withdraw(id),
            (Ended::Returned(answer), _) => self.give_back(&begun, answer),
            (Ended::Unknown | Ended::Failed, None) => {}
        }
    }

    fn give_back(&mut self, begun: &Begun, answer: &Answer) {
        let step = Step::known(begun.process, &begun.call, answer);
        match (begun.entry, step) {
            (Some(id), Some(step)) if !step.is_pure() => self.confirm(id, step),
            (entry, step) => {
                if let Some(id) = entry {
                    self.withdraw(id);
                }
                if let Some(step) = step {
                    self.observe(begun, step);
                }
            }
        }
    }

    /// Makes an entry that waits.
    fn add(&mut self, op: u32, step: Step, invoked: u32) -> u32 {
        let id = self.entries;
        self.entries += 1;
        self.extends |= matches!(step, Step::Extend(_));
        self.put_back(Entry {
            id,
            op,
            step,
            invoked,
            returned: NEVER,
            open: false,
        });
        id
    }

    /// Where an entry waits, and among which ones.
    fn place(&self, id: u32) -> Option<Spot> {
        [false, true].into_iter().find_map(|open| {
            let own = self.list(open);
            let at = own.binary_search_by_key(&id, |entry| entry.id).ok()?;
            Some(Spot { open, at })
        })
    }

    fn list(&self, open: bool) -> &Vec<Entry> {
        if open { &self.open } else { &self.waiting }
    }

    fn list_mut(&mut self, open: bool) -> &mut Vec<Entry> {
        if open {
            &mut self.open
        } else {
            &mut self.waiting
        }
    }

    /// Lets an entry wait.
    fn put_back(&mut self, entry: Entry) {
        if let Some(value) = entry.step.leaves() {
            *self.leaving.entry(value.mark()).or_insert(0) += 1;
        }
        let own = self.list_mut(entry.open);
        let at = own.partition_point(|other| other.id < entry.id);
        own.insert(at, entry);
    }

    fn remove(&mut self, spot: Spot) -> Entry {
        let entry = self.list_mut(spot.open).remove(spot.at);
        let mark = entry.step.leaves().map(Digest::mark);
        if let Some(mark) = mark
            && let Some(count) = self.leaving.get_mut(&mark)
        {
            *count -= 1;
            if *count == 0 {
                self.leaving.remove(&mark);
            }
        }
        entry
    }

    /// An operation will never return.
    fn leave_open(&mut self, id: u32) {
        let mut value = None;
        if let Some(spot) = self.place(id) {
            let entry = self.remove(spot);
            value = entry.step.leaves().map(Digest::mark);
            self.put_back(Entry {
                open: true,
                ..entry
            });
        } else {
            self.change(id, |entry| {
                entry.open = true;
                value = entry.step.leaves().map(Digest::mark);
            });
        }
        self.unanswered.extend(value);
    }

    /// Where an entry is in the order.
    fn in_order(&self, id: u32) -> Option<usize> {
        if self.place(id).is_some() {
            return None;
        }
        self.path.iter().rposition(|link| link.entry.id == id)
    }

    fn change(&mut self, id: u32, change: impl FnOnce(&mut Entry)) {
        if let Some(spot) = self.place(id) {
            // What it leaves stays the same.
            return change(&mut self.list_mut(spot.open)[spot.at]);
        }
        let at = self.in_order(id);
        if let Some(link) = at.and_then(|at| self.path.get_mut(at)) {
            change(&mut link.entry);
        }
    }

    /// An operation has returned as it was taken to, or with an answer that says more.
    fn confirm(&mut self, id: u32, step: Step) {
        let returned = self.returns.len() as u32;
        self.returns.push(id);
        if let Some(at) = self.in_order(id) {
            let link = &self.path[at];
            let then = link.entry.step.apply(&link.before);
            if step.apply(&link.before) != then {
                self.cut(at);
            }
        }
        self.change(id, |entry| {
            entry.step = step;
            entry.returned = returned;
        });
    }

    /// An operation has had no effect.
    fn withdraw(&mut self, id: u32) {
        if let Some(at) = self.in_order(id) {
            self.cut(at);
        }
        if let Some(spot) = self.place(id) {
            self.remove(spot);
        }
    }

    /// An operation that changes nothing has returned.
    fn observe(&mut self, begun: &Begun, step: Step) {
        let returned = self.returns.len() as u32;
        let id = self.add(begun.op, step, begun.invoked);
        self.returns.push(id);
        self.change(id, |entry| entry.returned = returned);
        let late = self.late;
        self.late |= self.sees_a_hidden_write();
        self.settle_returns();
        let entry = &self.waiting[self.waiting.len() - 1];
        let fits = |state: &State| entry.step.apply(state).is_some();
        if entry.invoked > self.settled || fits(&self.state) {
            return;
        }
        // It may have happened between operations that are in the order.
        let mut at = self.path.len();
        while at > 0 && self.path[at - 1].entry.returned >= entry.invoked {
            at -= 1;
            if fits(&self.path[at].before) {
                return self.put_in(at);
            }
        }
        if !self.contradicts() {
            return;
        }
        // All others stay in their order. What may have had an effect, too, has to be tried without its answer.
        if begun.call == Call::Read {
            self.withdraw(id);
            self.returns.pop();
            self.late = late;
            self.left_out = Some(begun.op);
        } else {
            self.refuted = true;
        }
    }

    /// Whether the value that the entry that came last needs cannot have been there, whatever was tried.
    fn contradicts(&self) -> bool {
        let needs = self.waiting.last().and_then(|entry| entry.step.needs());
        let (Some(value), State::Text(_), false) = (needs, &self.state, self.extends) else {
            return false;
        };
        // What has not been taken yet leads there.
        !self.leaving.contains_key(&value.mark()) && contradict(self.uses(), value.mark())
    }

    /// Who leaves or needs which value.
    fn uses(&self) -> Vec<Use> {
        let mut uses = Vec::with_capacity(self.path.len() + self.waiting.len() + 1);
        let at_first = self.path.get(0).map_or(&self.state, |link| &link.before);
        if let State::Text(value) = at_first {
            uses.push(Use {
                value: value.mark(),
                writes: true,
                began: 0,
                over: 0,
            });
        }
        let path = self.path.iter().map(|link| &link.entry);
        for entry in path.chain(&self.waiting).chain(&self.open) {
            // What has not returned may never happen, so it needs nothing.
            let needs = entry.step.needs().filter(|_| entry.returned != NEVER);
            for (value, writes) in [(needs, false), (entry.step.leaves(), true)] {
                uses.extend(value.map(|value| Use {
                    value: value.mark(),
                    writes,
                    began: entry.invoked + 1,
                    over: entry.returned.saturating_add(1),
                }));
            }
        }
        uses
    }

    /// Whether the entry that came last may have happened before others that have returned, and sees a
    /// write without an answer: nobody was known to see it there.
    fn sees_a_hidden_write(&self) -> bool {
        let Some(entry) = self.waiting.last() else {
            return false;
        };
        let overlaps = (entry.invoked as usize) + 1 < self.returns.len();
        let value = entry.step.needs().filter(|_| overlaps);
        value.is_some_and(|value| self.unanswered.contains(&value.mark()))
    }

    /// Puts the entry that came last into the order at a place where it fits.
    fn put_in(&mut self, at: usize) {
        let Some(last) = self.waiting.len().checked_sub(1) else {
            return;
        };
        let entry = self.remove(Spot {
            open: false,
            at: last,
        });
        let later = self.path.split_off(at);
        self.set ^= bit(entry.id);
        let before = later.first().map_or(&self.state, |link| &link.before);
        self.path.push(Link {
            before: before.clone(),
            entry,
            tried: Tried::ALL,
        });
        self.path.extend(later);
    }

    fn settle_returns(&mut self) {
        while let Some(id) = self.returns.get(self.settled as usize)
            && self.place(*id).is_none()
        {
            self.settled += 1;
        }
    }

    /// Goes on until there is an order, there can be none, or the budget of steps is used up.
    pub(super) fn settle(&mut self, budget: &mut u64) -> Found {
        loop {
            if self.refuted || self.left_out.is_some() {
                return Found::None;
            }
            self.settle_returns();
            if self.settled as usize == self.returns.len() {
                return Found::Order;
            }
            if *budget == 0 {
                return Found::Undecided;
            }
            *budget -= 1;
            if !self.advance() && !self.back() {
                self.dead.clear();
                self.tried = Tried::NOTHING;
                self.refuted = !std::mem::take(&mut self.late);
            }
        }
    }

    /// Forgets the configurations that lead nowhere.
    pub(super) fn forget(&mut self) {
        self.dead.clear();
    }

    /// How many configurations are remembered.
    pub(super) fn remembered(&self) -> usize {
        self.dead.len()
    }

    /// Whether an operation has returned for which the right value is not there, and will not be.
    fn is_hopeless(&self) -> bool {
        let State::Text(now) = &self.state else {
            return false;
        };
        if self.extends {
            return false;
        }
        let returned = self.waiting.iter().filter(|entry| entry.returned != NEVER);
        let mut looking = returned.filter_map(|entry| Some((entry.step.needs()?, &entry.step)));
        looking.any(|(value, step)| {
            let left = self.leaving.get(&value.mark()).copied().unwrap_or(0);
            value != now && left == u32::from(step.leaves() == Some(value))
        })
    }

    /// Lets the next operation take effect that can and was not tried; false if there is none.
    fn advance(&mut self) -> bool {
        if self.is_hopeless() {
            return false;
        }
        let may = |entry: &Entry| entry.invoked <= self.settled;
        let pure = |entry: &Entry| entry.step.is_pure() && may(entry);
        let fits = |entry: &Entry| entry.step.apply(&self.state).is_some();
        let mut reads = self.waiting.iter();
        if self.tried != Tried::ALL
            && let Some(at) = reads.position(|entry| pure(entry) && fits(entry))
        {
            self.take(Spot { open: false, at }, Tried::ALL);
            return true;
        }
        if self.tried.pass == 0 {
            self.tried = Tried { pass: 1, next: 0 };
            let target = self.returns.get(self.settled as usize);
            if let Some(spot) = target.and_then(|id| self.place(*id))
                && self.attempt(spot)
            {
                return true;
            }
        }
        while self.tried.pass < 3 {
            let open = self.tried.pass == 2;
            let next = self.tried.next;
            let mut at = self.list(open).partition_point(|entry| entry.id < next);
            while at < self.list(open).len() {
                let entry = &self.list(open)[at];
                let candidate = entry.invoked <= self.settled && !entry.step.is_pure();
                self.tried.next = entry.id + 1;
                if candidate && self.attempt(Spot { open, at }) {
                    return true;
                }
                at += 1;
            }
            self.tried = Tried {
                pass: self.tried.pass + 1,
                next: 0,
            };
        }
        false
    }

    /// Takes an entry, unless it cannot happen here or is known to lead nowhere.
    fn attempt(&mut self, spot: Spot) -> bool {
        let entry = &self.list(spot.open)[spot.at];
        let last = self.path.last();
        if entry.step.is_blind() && last.is_some_and(|last| last.entry.open) {
            return false;
        }
        let Some(then) = entry.step.apply(&self.state) else {
            return false;
        };
        let set = self.set ^ bit(entry.id);
        if !self.dead.is_empty() && self.dead.contains(key(set, &then, entry.open)) {
            return false;
        }
        self.take(spot, self.tried);
        true
    }

    fn take(&mut self, spot: Spot, tried: Tried) {
        let entry = self.remove(spot);
        let Some(then) = entry.step.apply(&self.state) else {
            return;
        };
        self.set ^= bit(entry.id);
        let before = std::mem::replace(&mut self.state, then);
        self.path.push(Link {
            entry,
            before,
            tried,
        });
        self.tried = Tried::NOTHING;
    }

    /// Takes the last operation out of the order: it leads nowhere. False if there is none.
    fn back(&mut self) -> bool {
        let Some(open) = self.path.last().map(|link| link.entry.open) else {
            return false;
        };
        self.dead.insert(key(self.set, &self.state, open));
        self.drop_last();
        true
    }

    /// Takes operations out of the order, down to this many.
    fn cut(&mut self, len: usize) {
        while self.path.len() > len {
            self.drop_last();
        }
    }

    fn drop_last(&mut self) {
        let Some(Link {
            entry,
            before,
            tried,
        }) = self.path.pop()
        else {
            return;
        };
        self.set ^= bit(entry.id);
        self.state = before;
        self.tried = tried;
        self.settled = self.settled.min(entry.returned);
        self.put_back(entry);
    }
}
