//! The types of lessons: steps cued by what happens, and questions that the run itself answers.

use crate::time::Time;

/// A guided walk through one scenario.
#[derive(Clone, Copy, Debug)]
pub struct Lesson {
    pub id: &'static str,
    pub title: &'static str,
    /// `protocol/scenario`.
    pub scenario: &'static str,
    pub steps: &'static [Step],
}

/// One step: what is said, when, and what to look at.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    pub text: &'static str,
    pub cue: Cue,
    /// The node or panel to light up, in words the page knows.
    pub spotlight: Option<&'static str>,
}

/// What a step waits for.
#[derive(Clone, Copy, Debug)]
pub enum Cue {
    At(Time),
    /// The first record whose golden line contains this text.
    On(&'static str),
    Ask(Question),
}

/// A question whose answer is a probe's value at the end of the step: no author writes it down.
#[derive(Clone, Copy, Debug)]
pub struct Question {
    pub text: &'static str,
    pub probe: &'static str,
    /// How far a guess may be off and still count as right.
    pub tolerance: f64,
}
