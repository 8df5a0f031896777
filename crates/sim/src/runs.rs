//! The runs of one sitting: the present one and those that were left for it, A to D.
//!
//! A run is kept as its recipe, so keeping it costs nothing. A fifth one takes the place of the
//! oldest that nobody has named, and that can be taken back.

use crate::descriptor::Recipe;
use crate::time::Time;
use crate::timeline::Kept;

/// How many runs there can be.
pub const MOST: usize = 4;
/// Letters of a name.
const LONGEST_NAME: usize = 24;

/// Where a run left another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fork {
    /// The letter of the run that was left.
    pub from: char,
    /// When.
    pub at: Time,
}

/// One run of the sitting.
#[derive(Clone, Debug, PartialEq)]
pub struct Named {
    /// `A` to `D`: it stays the same as long as the run is there.
    pub letter: char,
    /// What the person calls it.
    pub name: Option<String>,
    /// The run as data. Of one that is looked at, as it was when it was last put down.
    pub recipe: Recipe,
    /// How far it had gone.
    pub until: Time,
    /// The run it was forked from, if that is still there.
    pub fork: Option<Fork>,
    /// Counts up: the least is the oldest.
    age: u32,
}

/// What a fifth run has put away.
#[derive(Clone, Debug)]
struct Replaced {
    gone: Named,
    /// The run that was left for the fifth one, and when.
    left: (char, Time),
}

/// All runs of a sitting.
#[derive(Clone, Debug)]
pub struct Runs {
    /// In the order of letters.
    all: Vec<Named>,
    made: u32,
    replaced: Option<Replaced>,
}

impl Runs {
    /// The first run, A.
    #[must_use]
    pub fn new(recipe: Recipe) -> Self {
        let mut runs = Self {
            all: Vec::new(),
            made: 0,
            replaced: None,
        };
        runs.put('A', recipe, None);
        runs
    }

    /// All of them, by letter.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Named> {
        self.all.iter()
    }

    /// The run of a letter.
    #[must_use]
    pub fn get(&self, letter: char) -> Option<&Named> {
        self.all.iter().find(|run| run.letter == letter)
    }

    /// The one that was begun last, other than these.
    #[must_use]
    pub fn latest_but(&self, busy: &[char]) -> Option<&Named> {
        let others = self.all.iter().filter(|run| !busy.contains(&run.letter));
        others.max_by_key(|run| run.age)
    }

    /// Puts a run down as it is now.
    pub fn put_down(&mut self, letter: char, kept: Kept) {
        if let Some(run) = self.all.iter_mut().find(|run| run.letter == letter) {
            (run.recipe, run.until) = (kept.recipe, kept.until);
        }
    }

    /// A new run in the place of `present`, which is kept as it was: by a fork at an instant, or with
    /// none if it is a run of its own. `busy` are the letters of runs that are looked at.
    pub fn begin(
        &mut self,
        present: char,
        left: Kept,
        recipe: Recipe,
        fork: Option<Time>,
        busy: &[char],
    ) -> char {
        let at = fork.unwrap_or(left.until);
        self.put_down(present, left);
        let letter = self.make_room((present, at), busy);
        let fork = fork.map(|at| Fork { from: present, at });
        let fork = fork.filter(|fork| fork.from != letter);
        self.put(letter, recipe, fork);
        letter
    }

    /// A run beside the present one, which is looked at on.
    pub fn add(&mut self, present: (char, Time), recipe: Recipe, busy: &[char]) -> char {
        let letter = self.make_room(present, busy);
        self.put(letter, recipe, None);
        letter
    }

    /// A letter for one more run.
    fn make_room(&mut self, present: (char, Time), busy: &[char]) -> char {
        self.replaced = None;
        if let Some(free) = ('A'..='D').find(|letter| self.get(*letter).is_none()) {
            return free;
        }
        // The oldest one without a name; with names everywhere, the oldest one.
        let free = |run: &&Named| run.letter != present.0 && !busy.contains(&run.letter);
        let others = self.all.iter().filter(free);
        let oldest = others.min_by_key(|run| (run.name.is_some(), run.age));
        let letter = oldest.map_or(present.0, |run| run.letter);
        let gone = self.take(letter);
        self.replaced = gone.map(|gone| Replaced {
            gone,
            left: present,
        });
        letter
    }

    fn put(&mut self, letter: char, recipe: Recipe, fork: Option<Fork>) {
        self.made += 1;
        let run = Named {
            letter,
            name: None,
            recipe,
            until: Time::ZERO,
            fork,
            age: self.made,
        };
        self.insert(run);
    }

    fn insert(&mut self, run: Named) {
        let at = self.all.partition_point(|other| other.letter < run.letter);
        self.all.insert(at, run);
    }

    fn take(&mut self, letter: char) -> Option<Named> {
        let at = self.all.iter().position(|run| run.letter == letter)?;
        let gone = self.all.remove(at);
        // What was forked from it stands for itself from now on.
        for run in &mut self.all {
            run.fork = run.fork.filter(|fork| fork.from != letter);
        }
        Some(gone)
    }

    /// Forgets a run; not one that is looked at.
    pub fn delete(&mut self, letter: char) {
        let _ = self.take(letter);
        self.replaced = None;
    }

    /// Gives a run a name of the person's own; an empty one takes it away.
    pub fn rename(&mut self, letter: char, name: &str) {
        let name: String = name.trim().chars().take(LONGEST_NAME).collect();
        if let Some(run) = self.all.iter_mut().find(|run| run.letter == letter) {
            run.name = (!name.is_empty()).then_some(name);
        }
    }

    /// The letter of the run that the latest one has taken the place of, if it can be had back.
    #[must_use]
    pub fn replaced(&self) -> Option<char> {
        self.replaced.as_ref().map(|replaced| replaced.gone.letter)
    }

    /// Takes the fifth run back: the one it had replaced is there again. Answers the letter of the run
    /// that was left for it and when; that one is to be looked at again.
    pub fn bring_back(&mut self) -> Option<(char, Time)> {
        let Replaced { gone, left } = self.replaced.take()?;
        let _ = self.take(gone.letter);
        self.insert(gone);
        Some(left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recipe(seed: u64) -> Recipe {
        Recipe::new("bully", seed)
    }

    fn left(seed: u64) -> Kept {
        Kept {
            recipe: recipe(seed),
            until: Time(seed * 1_000),
        }
    }

    /// Forks until there are so many runs; the present one has the last letter.
    fn forked(times: u64) -> (Runs, char) {
        let mut runs = Runs::new(recipe(1));
        let mut present = 'A';
        for i in 1..=times {
            let (at, busy) = (Some(Time(i)), [present]);
            present = runs.begin(present, left(i), recipe(i + 1), at, &busy);
        }
        (runs, present)
    }

    fn letters(runs: &Runs) -> String {
        runs.iter().map(|run| run.letter).collect()
    }

    #[test]
    fn a_fork_takes_the_next_letter_and_leaves_the_old_future_as_it_was() {
        let (runs, present) = forked(1);
        assert_eq!((letters(&runs).as_str(), present), ("AB", 'B'));
        let a = runs.get('A').unwrap();
        assert_eq!((&a.recipe, a.until), (&recipe(1), Time(1_000)));
        let fork = Fork {
            from: 'A',
            at: Time(1),
        };
        assert_eq!(runs.get('B').unwrap().fork, Some(fork));
    }

    #[test]
    fn a_fifth_replaces_the_oldest_without_a_name_and_can_be_taken_back() {
        let (mut runs, present) = forked(3);
        assert_eq!((letters(&runs).as_str(), present), ("ABCD", 'D'));
        runs.rename('A', "  the first  ");
        let before = runs.get('B').cloned();
        let fifth = runs.begin('D', left(9), recipe(10), Some(Time(7)), &['D']);
        assert_eq!(fifth, 'B', "A has a name");
        assert_eq!(letters(&runs), "ABCD");
        assert_eq!(runs.get('B').unwrap().recipe, recipe(10));
        assert_eq!(
            runs.get('C').unwrap().fork,
            None,
            "what it came from is gone"
        );
        assert_eq!(runs.replaced(), Some('B'));

        assert_eq!(runs.bring_back(), Some(('D', Time(7))));
        assert_eq!(runs.get('B').cloned(), before);
        assert_eq!(runs.get('D').unwrap().recipe, recipe(9), "with its future");
        assert_eq!(runs.bring_back(), None, "only once");
    }

    #[test]
    fn where_all_have_names_the_oldest_goes_but_never_one_that_is_looked_at() {
        let (mut runs, present) = forked(3);
        for letter in ['A', 'B', 'C', 'D'] {
            runs.rename(letter, "mine");
        }
        let fifth = runs.begin(present, left(9), recipe(10), None, &[present, 'A']);
        assert_eq!(fifth, 'B');
        assert_eq!(runs.get('B').unwrap().name, None);
    }

    #[test]
    fn a_deleted_letter_is_free_again() {
        let (mut runs, _) = forked(3);
        runs.delete('B');
        assert_eq!(letters(&runs), "ACD");
        assert_eq!(runs.begin('D', left(9), recipe(10), None, &['D']), 'B');
        assert_eq!(runs.replaced(), None, "nothing had to go");
    }

    #[test]
    fn a_name_is_trimmed_short_and_can_be_taken_away() {
        let (mut runs, _) = forked(0);
        runs.rename('A', &"long ".repeat(20));
        assert_eq!(runs.get('A').unwrap().name.as_ref().unwrap().len(), 24);
        runs.rename('A', "  ");
        assert_eq!(runs.get('A').unwrap().name, None);
    }
}
