//! A person's way through the course: steps, answers and notes. It stays in the browser; a person can save it
//! as a file, open it elsewhere, and delete it.

use faultline_sim::sorted::SortedMap;
use serde::{Deserialize, Serialize};

/// The kind of file, so that no other file is taken for one.
const KIND: &str = "faultline-progress";

/// Everything that is kept.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Progress {
    kind: String,
    /// The lesson that was open last.
    pub last: Option<String>,
    /// For whom lessons are shown first.
    pub path: Option<String>,
    /// What the person wants from the course.
    pub goal: String,
    /// The name on lab sheets.
    pub name: String,
    pub lessons: SortedMap<String, Way>,
    /// The best that the person has done in each challenge, by `protocol/goal`.
    pub challenges: SortedMap<String, Best>,
}

/// The most stars of a challenge.
pub const MOST_STARS: u32 = 3;

/// The best that a person has done in a challenge.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Best {
    /// The fewest faults that they needed.
    pub faults: Option<u32>,
    /// They said that nobody can, and a search found nothing.
    pub impossible: bool,
    /// One for reaching it, one for as few faults as the known way needs, one if a search finds no way
    /// with fewer.
    pub stars: u32,
    /// The fewest faults that a search needed.
    pub search: Option<u32>,
}

impl Best {
    /// Whether the person has solved it.
    #[must_use]
    pub fn is_solved(&self) -> bool {
        self.faults.is_some() || self.impossible
    }

    /// Takes over what is better about another try: nothing is ever lowered.
    pub fn keep(&mut self, other: Self) {
        let fewest = |a: Option<u32>, b: Option<u32>| match (a, b) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        self.faults = fewest(self.faults, other.faults);
        self.search = fewest(self.search, other.search);
        self.impossible |= other.impossible;
        self.stars = self.stars.max(other.stars).min(MOST_STARS);
    }
}

/// A person's way through one lesson.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Way {
    /// The step where the person is, from 0.
    pub step: usize,
    /// Steps that were opened.
    pub seen: Vec<usize>,
    /// What was written, by the step's number from 0.
    pub notes: SortedMap<String, String>,
    pub answers: Vec<Answered>,
    pub theirs: Theirs,
}

/// A question with what the person and the run said.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Answered {
    pub step: usize,
    pub question: String,
    pub ask: String,
    pub guess: Option<String>,
    pub answer: String,
    pub because: String,
    /// The run at the deciding instant.
    pub link: String,
}

/// A real system beside the run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Theirs {
    pub system: String,
    /// Its values, by what is compared.
    pub values: SortedMap<String, String>,
    pub alike: String,
    pub unlike: String,
}

impl Progress {
    /// As a file.
    #[must_use]
    pub fn file(&self) -> String {
        let mut file = self.clone();
        file.kind = KIND.into();
        faultline_sim::text::write_json(&file)
    }

    /// Reads such a file; none if it is another one.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let progress: Self = faultline_sim::text::read_json(text).ok()?;
        (progress.kind == KIND).then_some(progress)
    }

    pub fn way(&mut self, lesson: &str) -> &mut Way {
        if !self.lessons.contains_key(lesson) {
            self.lessons.insert(lesson.to_owned(), Way::default());
        }
        self.lessons.get_mut(lesson).expect("it was just put there")
    }

    /// How many of so many steps were opened.
    #[must_use]
    pub fn seen(&self, lesson: &str, steps: usize) -> usize {
        let way = self.lessons.get(lesson);
        way.map_or(0, |way| way.seen.iter().filter(|at| **at < steps).count())
    }
}

impl Way {
    /// Opens a step.
    pub fn enter(&mut self, step: usize) {
        self.step = step;
        if !self.seen.contains(&step) {
            self.seen.push(step);
        }
    }

    #[must_use]
    pub fn note(&self, step: usize) -> &str {
        self.notes.get(&step.to_string()).map_or("", String::as_str)
    }

    /// Keeps an answer. A second answer to the same question in the same step replaces the first.
    pub fn keep(&mut self, answered: Answered) {
        let same =
            |other: &Answered| other.step == answered.step && other.question == answered.question;
        match self.answers.iter_mut().find(|other| same(other)) {
            Some(old) => *old = answered,
            None => self.answers.push(answered),
        }
        self.answers.sort_by_key(|answered| answered.step);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_goes_to_a_file_and_back() {
        let mut progress = Progress::default();
        let way = progress.way("activity-4");
        way.enter(0);
        way.enter(0);
        way.notes.insert("2".into(), "A \"note\"".into());
        way.keep(Answered {
            step: 1,
            question: "who".into(),
            answer: "Node 4".into(),
            ..Answered::default()
        });
        let again = Progress::read(&progress.file()).unwrap();
        assert_eq!(again.lessons, progress.lessons);
        assert_eq!(again.seen("activity-4", 3), 1);
        assert_eq!(again.lessons.values().next().unwrap().note(2), "A \"note\"");
        assert_eq!(Progress::read("{}"), None, "another file");
        assert_eq!(Progress::read("no file"), None);
    }

    #[test]
    fn the_best_is_never_lowered() {
        let mut best = Best::default();
        assert!(!best.is_solved());
        let reached = |faults, stars| Best {
            faults: Some(faults),
            stars,
            ..Best::default()
        };
        best.keep(reached(2, 2));
        best.keep(reached(3, 1));
        assert_eq!((best.faults, best.stars), (Some(2), 2));
        best.keep(Best {
            search: Some(1),
            ..Best::default()
        });
        best.keep(reached(1, 9));
        assert_eq!(
            (best.faults, best.search, best.stars),
            (Some(1), Some(1), 3)
        );
        assert!(best.is_solved());
        let mut progress = Progress::default();
        progress.challenges.insert("raft/two-at-once".into(), best);
        let again = Progress::read(&progress.file()).unwrap();
        assert_eq!(again.challenges, progress.challenges);
        assert!(
            Progress::read(r#"{"kind":"faultline-progress"}"#).is_some(),
            "an old file"
        );
    }

    #[test]
    fn the_second_answer_replaces_the_first() {
        let mut way = Way::default();
        let said = |step, answer: &str| Answered {
            step,
            question: "who".into(),
            answer: answer.into(),
            ..Answered::default()
        };
        way.keep(said(3, "a"));
        way.keep(said(1, "b"));
        way.keep(said(3, "c"));
        let answers: Vec<&str> = way.answers.iter().map(|a| a.answer.as_str()).collect();
        assert_eq!(answers, ["b", "c"]);
    }
}
