//! The types of lessons: steps cued by what happens, and questions that the run itself answers.

use crate::time::Time;

/// A guided walk through one scenario.
#[derive(Clone, Copy, Debug)]
pub struct Lesson {
    /// A short word to find it by.
    pub id: &'static str,
    /// One phrase for people.
    pub title: &'static str,
    /// `protocol/scenario`.
    pub scenario: &'static str,
    /// In the order they are walked.
    pub steps: &'static [Step],
}

/// One step: what is said, when, and what to look at.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// What is said.
    pub text: &'static str,
    /// When it is said.
    pub cue: Cue,
    /// The node or panel to light up, in words the page knows.
    pub spotlight: Option<&'static str>,
}

/// What a step waits for.
#[derive(Clone, Copy, Debug)]
pub enum Cue {
    /// An instant of simulator time.
    At(Time),
    /// The first record whose golden line contains this text.
    On(&'static str),
    /// The reader's answer.
    Ask(Question),
}

/// A question whose answer is a probe's value at the end of the step: no author writes it down.
#[derive(Clone, Copy, Debug)]
pub struct Question {
    /// What is asked.
    pub text: &'static str,
    /// The probe's name; the guess is in its unit.
    pub probe: &'static str,
    /// How far a guess may be off and still count as right.
    pub tolerance: f64,
}
