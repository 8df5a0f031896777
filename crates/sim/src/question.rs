//! Questions that a run answers: what is asked before a scenario, when the run decides, and what the answer
//! is. The text is data beside a protocol (`questions.txt`); the answer is never in it.
//!
//! ```text
//! question messages-of-one-election
//! row       L1, A4-1b
//! scenario  one-election
//! ask       Node 1 starts one election. How many messages will the five nodes send?
//! kind      number 0..200 messages
//! until     quiet or after 20 s
//! answer    probe messages
//! said      The run sent {answer} messages.
//! common    10: Most people count each pair once.
//! because   An OK clears the note that an election is under way, so a node that is asked again starts another.
//!           {rerun guard=on: Turn the rule on} and guess again.
//! again     nodes=7: with seven nodes | seed: another seed
//! teacher   Most say 10. Ask who starts an election twice, and why.
//! ```
//!
//! A goal is met when its condition holds (`reach`), with at most so many faults (`budget 2 faults`, or `budget 2
//! faults, no requests`). A goal that cannot be reached says why (`never`), once a person has tried; else `does` shows one
//! way, as commands with | between them. A question of what follows a person's deed has `does`, too. A command
//! may name the node that leads at its instant: `5s crash leader`.
//!
//! What many runs answer needs no `until`, since none of them decides it alone: `broken LAW of 200 runs
//! within 1 crash` counts the random runs that break a law, `endings of 200 seeds` the different ends of a
//! scenario, and `most-states within 1 crash, depth 8` says which of the switches of a choice, turned on
//! alone, leads to the most states. `ranked PROBE at 10s over 5 seeds` puts the cards of `order run SCENARIO=its
//! name | …` in the order of the means, the largest first. `crash-points of n1 with PROBE > 1 among 16 events`
//! counts the events of the run after which a crash of that node leaves the probe above that number at the end. `missing-rule` says which rule is off where a preset
//! hides it.

mod check;
mod deeds;
mod judge;
mod many;
mod parse;
#[cfg(test)]
mod tests;
mod used;
mod words;

pub use crate::entries::Wrong;
pub use check::check;
pub use judge::{Found, Settled, Watch, point, probe_when, settle, sweep};
pub use many::{Many, Part, Tally, count, crash_points, endings};
pub use parse::read;
pub(crate) use parse::{labelled, pieces};
pub use used::{Foul, Used};

use serde::{Deserialize, Serialize};

use crate::moment::Moment;
use crate::network::Address;
use crate::process::NodeId;
use crate::time::{Duration, Time};

/// A question or a goal.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// A word, unique within its protocol.
    pub id: String,
    /// The rows of the curriculum that it serves.
    pub rows: Vec<String>,
    /// The scenario of its protocol.
    pub scenario: String,
    /// What is asked, in one or two sentences.
    pub ask: String,
    /// How a person answers.
    pub kind: Kind,
    /// It is asked once this has happened; at the beginning, if nothing is named.
    pub from: Until,
    /// What decides it.
    pub until: Until,
    /// What the run says then.
    pub answer: Answer,
    /// What the run says, in words with `{answer}`.
    pub said: Option<String>,
    /// A guess that many people make, and why.
    pub common: Option<(String, String)>,
    /// The cause, and what to do next.
    pub because: Vec<Piece>,
    /// Other runs that it may be asked of.
    pub again: Vec<Again>,
    /// For who teaches: what most will say, and what to ask then.
    pub teacher: Option<String>,
    /// Why the answer is the same in every run, where it is.
    pub fixed: Option<String>,
    /// A goal: the most faults that a person may use.
    pub budget: Option<u32>,
    /// A goal: requests would make it too easy.
    pub no_requests: bool,
    /// A goal that nobody can reach: why, for people who have tried.
    pub never: Option<String>,
    /// What a person does so that it is decided, or one way to reach a goal, as commands; [`Question::deeds`]
    /// makes them commands of a run.
    pub does: Vec<String>,
    /// Where it stands in its file.
    pub line: usize,
}

impl Question {
    /// Whether a person is to bring something about instead of guessing.
    #[must_use]
    pub fn is_goal(&self) -> bool {
        self.kind == Kind::Goal
    }

    /// Whether many runs answer it, and not the one that is shown.
    #[must_use]
    pub fn is_of_many(&self) -> bool {
        matches!(self.answer, Answer::Sweep { .. } | Answer::Many(_))
    }

    /// The values along the axis of a curve.
    #[must_use]
    pub fn values(&self) -> Vec<f64> {
        let Kind::Curve { from, to, by, .. } = self.kind else {
            return Vec::new();
        };
        let steps = ((to - from) / by + 1e-9).floor() as u32;
        (0..=steps)
            .map(|step| from + f64::from(step) * by)
            .collect()
    }
}

/// How a person answers, in one gesture.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A number on a dial, with its unit.
    Number {
        /// The least that the dial shows.
        low: f64,
        /// The most.
        high: f64,
        /// What is counted; may be empty.
        unit: String,
    },
    /// One of several, each with the word that the run says and the words for people.
    Choice(Vec<(String, String)>),
    /// A thing on the page is pointed at.
    Point(Thing),
    /// Cards are put in order: each with its condition and its words.
    Order(Vec<(Clause, String)>),
    /// A curve is drawn.
    Curve {
        /// The parameter along the axis.
        param: String,
        /// The first and the last value, and the step.
        from: f64,
        /// The last value.
        to: f64,
        /// The step between values.
        by: f64,
        /// The most that the drawing can show, and its unit.
        high: f64,
        /// What is measured.
        unit: String,
    },
    /// A line of text, compared without spaces and capitals.
    Text,
    /// Nothing is guessed: a person brings it about.
    Goal,
}

/// What can be pointed at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thing {
    /// A node on the stage.
    Node,
    /// A message on its way.
    Message,
    /// An event of the log or the diagram.
    Event,
    /// A line of the program.
    Line,
}

/// What has to happen: steps, one after another; empty: nothing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Until(pub Vec<Vec<Clause>>);

/// One thing that may happen. The list is closed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Clause {
    /// A process says this of itself.
    Mark(String),
    /// A moment of this kind.
    Event(Moment),
    /// A probe reads so much.
    Probe(String, Comparison, f64),
    /// A law is broken.
    Broken(String),
    /// Any law is.
    AnyBroken,
    /// A law that must hold in the end does.
    Holds(String),
    /// No message is on its way and no call under way.
    Quiet,
    /// An instant of the run.
    At(Duration),
    /// So long after it was asked, or after the step before.
    After(Duration),
    /// A card that stands for a scenario of the protocol; nothing that happens in a run.
    Run(String),
}

/// How two numbers are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Comparison {
    /// `<`
    Below,
    /// `<=`
    AtMost,
    /// `=`
    Equal,
    /// `>=`
    AtLeast,
    /// `>`
    Above,
}

/// What the run says. The list is closed.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// What a probe reads at the deciding instant.
    Probe(String),
    /// How much a probe has grown since the question was asked.
    Gained(String),
    /// How long it took, in seconds.
    Took,
    /// The node of the deciding record.
    Node,
    /// The message of the deciding record.
    Message,
    /// The deciding record.
    Event,
    /// The line of the program that the deciding record is at.
    Line,
    /// Which of the last step's clauses happened, from 1.
    Which,
    /// A value of the deciding mark, from 1.
    Value(usize),
    /// `holds` or `broken`.
    Law(String),
    /// What a node shows under this name.
    Field(u32, String),
    /// In which order the cards' conditions came true.
    Order,
    /// A probe at the deciding instant of many runs, one curve over the kind's parameter.
    Sweep {
        /// What is measured.
        probe: String,
        /// Seeds for each value.
        seeds: u64,
    },
    /// What many runs say together.
    Many(Many),
    /// Which switch of a choice is off.
    MissingRule,
    /// A goal: that it was met.
    Met,
}

/// What a person says.
#[derive(Clone, Debug, PartialEq)]
pub enum Guess {
    /// A number.
    Number(f64),
    /// The key of an option, or a typed text.
    Word(String),
    /// A node.
    Node(NodeId),
    /// A message.
    Message(Address),
    /// A record by its number.
    Event(u64),
    /// A line of the program, from 1.
    Line(usize),
    /// Cards from first to last.
    Order(Vec<usize>),
    /// A height for each value along the axis.
    Curve(Vec<f64>),
}

/// A piece of the words after the answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// Plain words.
    Text(String),
    /// What the run said.
    Answer,
    /// What the person said.
    Guess,
    /// Goes back to the deciding instant.
    Instant(String),
    /// Runs again with something changed.
    Rerun(Again),
    /// Opens another scenario.
    Scenario(String, String),
    /// Sets another scenario beside this one.
    Compare(String, String),
    /// Goes to a lesson.
    Lesson(String, String),
    /// Goes to an instant of the run.
    At(Time, String),
    /// The value of a parameter, which can be dragged.
    Drag {
        /// The parameter.
        param: String,
        /// The least value.
        low: f64,
        /// The most.
        high: f64,
    },
}

/// Another run of the same scenario.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Again {
    /// Parameters and rules with their values.
    pub settings: Vec<(String, String)>,
    /// With the next seed.
    pub seed: bool,
    /// What the button says.
    pub label: String,
}
