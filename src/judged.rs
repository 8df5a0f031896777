//! The verdict on a history that may grow and shrink: what is known is kept, and work goes on in parts.

use faultline_sim::judge::{
    Conflict, Found, HistoryCheck, Kept, Level, Object, Op, Operations, Place, Word,
    explain_refuted, ladder,
};
use faultline_sim::sorted::SortedMap;

/// Steps that the sentence about a contradiction may cost.
const EXPLAIN: u64 = 200_000;

/// How a history stands.
#[derive(Clone, Debug)]
pub struct Judged {
    check: HistoryCheck,
    /// By object: what contradicts itself there.
    conflicts: SortedMap<Word, Conflict>,
    ladder: Option<[(Level, Kept); 5]>,
    /// How many events the ladder is about.
    climbed: Place,
}

/// Whether two histories have an operation in common, as far as it had come.
fn same(new: &Op, old: &Op) -> bool {
    let end = |op: &Op| op.end.as_ref().map(|end| (end.place, end.at));
    let as_far = end(old).is_none() || end(new) == end(old);
    as_far
        && (new.process, new.invoked, new.began) == (old.process, old.invoked, old.began)
        && new.call == old.call
}

impl Judged {
    #[must_use]
    pub fn new(history: &Operations) -> Self {
        Self {
            check: HistoryCheck::new(history),
            conflicts: SortedMap::new(),
            ladder: None,
            climbed: 0,
        }
    }

    #[must_use]
    pub fn history(&self) -> &Operations {
        self.check.history()
    }

    /// Takes the history of another instant; false if it is the same. What both have in common stays
    /// judged if the new one is longer.
    pub fn follow(&mut self, history: &Operations) -> bool {
        let known = self.history();
        let (new, old) = (history.places(), known.places());
        let grows = new >= old
            && history.len() >= known.len()
            && (history.iter().zip(known.iter())).all(|(new, old)| same(new, old));
        if grows && new == old {
            return false;
        }
        if grows {
            self.check.grow(history);
        } else {
            *self = Self::new(history);
        }
        true
    }

    /// Judges on for up to this many steps; true if everything is read and decided.
    pub fn advance(&mut self, budget: &mut u64) -> bool {
        self.check.advance(budget);
        for (key, object) in self.check.objects() {
            if let Some(blamed) = object
                .blamed()
                .filter(|_| !self.conflicts.contains_key(key))
            {
                let conflict = explain_refuted(self.check.history(), blamed, &mut EXPLAIN.clone());
                self.conflicts.insert(key.clone(), conflict);
            }
        }
        self.check.is_done()
    }

    /// Holds the history against all promises, for up to this many steps.
    pub fn climb(&mut self, budget: &mut u64) {
        self.climbed = self.history().places();
        self.ladder = Some(ladder(self.history(), budget));
    }

    /// Takes the ladder that was found elsewhere.
    pub fn take_ladder(&mut self, ladder: [(Level, Kept); 5]) {
        self.climbed = self.history().places();
        self.ladder = Some(ladder);
    }

    /// Whether the ladder is about the whole history.
    #[must_use]
    pub fn is_climbed(&self) -> bool {
        self.ladder.is_some() && self.climbed == self.history().places()
    }

    /// Every promise, the strongest first.
    #[must_use]
    pub fn rungs(&self) -> [(Level, Kept); 5] {
        let mut rungs = match &self.ladder {
            Some(ladder) => ladder.clone(),
            None => Level::ALL.map(|level| (level, Kept::Undecided)),
        };
        if rungs[0].1 == Kept::Undecided || !self.is_climbed() {
            rungs[0].1 = self.linearizable();
        }
        let mut implied = false;
        for (_, kept) in &mut rungs {
            if implied && !matches!(kept, Kept::Broken(_)) {
                *kept = Kept::Holds;
            }
            implied |= *kept == Kept::Holds;
        }
        rungs
    }

    fn linearizable(&self) -> Kept {
        match self.conflicts.values().next() {
            Some(conflict) => Kept::Broken(conflict.clone()),
            None if self.check.is_done() => Kept::Holds,
            None => Kept::Undecided,
        }
    }

    /// All objects in order, each with the number of its operations and whether it is refuted.
    #[must_use]
    pub fn keys(&self) -> Vec<(Word, usize, bool)> {
        let key = |(key, object): (&Word, &Object)| {
            let refuted = object.found() == Found::None;
            (key.clone(), object.operations(), refuted)
        };
        self.check.objects().map(key).collect()
    }

    /// Each operation's place in the order found for its object, from 1; of one object, or of all.
    #[must_use]
    pub fn places(&self, key: Option<&Word>) -> SortedMap<u32, usize> {
        let mut places = SortedMap::new();
        for (own, object) in self.check.objects() {
            if object.found() != Found::Order || key.is_some_and(|key| key != own) {
                continue;
            }
            for (at, number) in self.check.order(own).into_iter().enumerate() {
                places.insert(number, at + 1);
            }
        }
        places
    }
}

#[cfg(test)]
mod tests {
    use faultline_sim::judge::{Answer, Asked, Call, Ended, Model};
    use faultline_sim::time::Time;

    use super::*;

    fn ask(history: &mut Operations, process: u32, key: &str, call: Call, answer: Answer) {
        let time = Time(u64::from(history.places()) * 1_000);
        let number = history.begin(process, Asked::at(key, call), time);
        history.end(number, Ended::Returned(answer), Time(time.0 + 500));
    }

    fn write(history: &mut Operations, key: &str, value: &str) {
        ask(history, 1, key, Call::Write(value.into()), Answer::Done);
    }

    fn read(history: &mut Operations, key: &str, value: &str) {
        let answer = Answer::Value(Some(value.into()));
        ask(history, 2, key, Call::Read, answer);
    }

    fn judged(history: &Operations) -> Judged {
        let mut judged = Judged::new(history);
        assert!(judged.advance(&mut 1_000_000));
        judged
    }

    #[test]
    fn a_history_that_grows_is_judged_as_if_it_were_read_at_once() {
        let mut history = Operations::new(Model::STORE);
        let mut growing = Judged::new(&history);
        for round in 0..6 {
            write(&mut history, "x", &round.to_string());
            read(&mut history, "x", &round.to_string());
            write(&mut history, "y", &round.to_string());
            assert!(growing.follow(&history));
            assert!(!growing.follow(&history), "nothing new");
            assert!(growing.advance(&mut 1_000_000));
            assert_eq!(growing.places(None), judged(&history).places(None));
        }
        assert_eq!(
            growing.rungs().map(|(_, kept)| kept),
            [const { Kept::Holds }; 5]
        );
        let keys = growing.keys();
        assert_eq!(keys, [("x".into(), 12, false), ("y".into(), 6, false)]);
        let places = growing.places(Some(&keys[1].0));
        assert_eq!(
            places.values().copied().collect::<Vec<_>>(),
            [1, 2, 3, 4, 5, 6]
        );
    }

    #[test]
    fn a_stale_read_breaks_its_object_alone_and_is_gone_before_it() {
        let mut history = Operations::new(Model::STORE);
        write(&mut history, "x", "1");
        write(&mut history, "y", "1");
        write(&mut history, "x", "2");
        let before = history.clone();
        read(&mut history, "x", "1");
        read(&mut history, "y", "1");
        let mut judged = judged(&history);
        let Kept::Broken(conflict) = &judged.rungs()[0].1 else {
            panic!("{:?}", judged.rungs());
        };
        assert_eq!(conflict.blamed, 3);
        assert!(!conflict.operations.contains(&1));
        assert_eq!(
            judged.keys().iter().map(|key| key.2).collect::<Vec<_>>(),
            [true, false]
        );
        assert_eq!(judged.places(None).len(), 2, "the order of y");
        assert!(judged.follow(&before), "back in time");
        assert!(judged.advance(&mut 1_000_000));
        assert_eq!(judged.rungs()[0].1, Kept::Holds);
    }

    #[test]
    fn work_goes_on_in_parts() {
        let mut history = Operations::new(Model::STORE);
        for round in 0..50 {
            write(&mut history, "x", &round.to_string());
        }
        let mut judged = Judged::new(&history);
        let mut parts = 0;
        while !judged.advance(&mut 7) {
            parts += 1;
            assert_eq!(judged.rungs()[0].1, Kept::Undecided);
            assert!(parts < 1_000);
        }
        assert!(parts > 3);
        assert_eq!(judged.rungs()[0].1, Kept::Holds);
    }
}
