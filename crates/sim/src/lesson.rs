//! Lessons: a course through scenarios and questions. The text is data (`course/*.txt`); what a step asks is
//! a question of its protocol, and the run answers it.
//!
//! ```text
//! lesson    all-or-nothing
//! title     Money that must not vanish
//! shelf     transactions
//! minutes   25
//! level     1
//! row       X1, X-B1
//! path      backend, data
//! about     You can say what a bank may do while it waits.
//! show      A coordinator crashes after the votes.
//! ask       What may the banks do now?
//! wrong     Many say that they can give up. Ask what the other bank has heard.
//!
//! step      The coordinator crashes
//! scenario  two-phase-commit/coordinator-dies
//! set       nodes=5, wait=on
//! text      Watch {at 2s: the votes}. Then {scenario raft/etcd: look at etcd}.
//! question  what-a-bank-may-do
//! switch    wait
//! dial      nodes
//! write     What would you change?
//! say       Wait for hands before you lock in.
//! ```

use crate::descriptor::Catalogue;
use crate::entries::{Block, Entry, Parsed, blocks, names, one_of};
pub use crate::question::Wrong;
use crate::question::{Again, Piece, Question, labelled, pieces};
use crate::text::did_you_mean;

/// The shelves of the course in the curriculum's order: the word in files, and the title.
pub const SHELVES: [(&str, &str); 11] = [
    ("start", "Start here"),
    ("foundations", "Foundations"),
    ("consensus", "Consensus"),
    ("storage", "Storage"),
    ("faults", "Fault tolerance"),
    ("transactions", "Transactions"),
    ("services", "Services that grow"),
    ("programs", "Programs, line by line"),
    ("activities", "Activities"),
    ("misconceptions", "Common mistakes"),
    ("outside", "Real systems"),
];

/// For whom a lesson is: the word in files, and what people read.
pub const PATHS: [(&str, &str); 3] = [
    ("backend", "I write services"),
    ("reliability", "I keep services running"),
    ("data", "I work with data"),
];

/// The least and the most steps of a lesson. An activity is a lesson of many parts.
const STEPS: (usize, usize) = (3, 8);
const STEPS_OF_ACTIVITY: usize = 20;

/// A lesson.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lesson {
    /// A word, unique in the course.
    pub id: String,
    /// What happens in it.
    pub title: String,
    /// One of [`SHELVES`].
    pub shelf: String,
    /// How long a class needs.
    pub minutes: u32,
    /// From 1, first steps, to 3, hard.
    pub level: u32,
    /// The rows of the curriculum that it serves.
    pub rows: Vec<String>,
    /// For whom first: words of [`PATHS`].
    pub paths: Vec<String>,
    /// What a person can explain or do afterwards.
    pub about: String,
    /// For who teaches: what to show.
    pub show: String,
    /// What to ask a class.
    pub ask: String,
    /// What a class gets wrong, and what helps.
    pub wrong: String,
    /// Its steps, in order.
    pub steps: Vec<Step>,
    /// Where it stands in its file.
    pub line: usize,
}

impl Lesson {
    /// All rows, those of its steps too.
    pub fn all_rows(&self) -> impl Iterator<Item = &str> {
        let steps = self.steps.iter().flat_map(|step| &step.rows);
        self.rows.iter().chain(steps).map(String::as_str)
    }
}

/// A step of a lesson.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Step {
    /// What it is about.
    pub title: String,
    /// The part of the lesson that begins here.
    pub part: Option<String>,
    /// Rows that it serves.
    pub rows: Vec<String>,
    /// The scenario that it opens, `protocol/scenario`; the one before goes on if there is none.
    pub scenario: Option<String>,
    /// Settings of that scenario.
    pub settings: Vec<(String, String)>,
    /// Shows the program under its text.
    pub code: bool,
    /// Paragraphs.
    pub text: Vec<Vec<Piece>>,
    /// A question of the scenario's protocol.
    pub question: Option<String>,
    /// Rules that can be turned on and off here.
    pub switches: Vec<String>,
    /// Parameters that can be changed here.
    pub dials: Vec<String>,
    /// A scenario to compare with.
    pub beside: Option<String>,
    /// What a person is asked to write; it goes to the lab sheet.
    pub write: Option<String>,
    /// For who teaches, one line after another.
    pub say: Vec<String>,
    /// Where it stands in its file.
    pub line: usize,
}

impl Step {
    /// Its scenario with its settings, as a change of a run.
    #[must_use]
    pub fn again(&self) -> Again {
        Again {
            settings: self.settings.clone(),
            ..Again::default()
        }
    }
}

/// The lessons of a file, in its order.
///
/// # Errors
/// The first line that cannot be read.
pub fn read(text: &str) -> Result<Vec<Lesson>, Wrong> {
    let mut found: Vec<Lesson> = Vec::new();
    for block in blocks(text, &["lesson", "step"])? {
        if block.heading.name == "lesson" {
            let lesson = lesson(&block)?;
            if found.iter().any(|other| other.id == lesson.id) {
                let why = format!("there is a second lesson `{}`", lesson.id);
                return Err(block.heading.wrong(why));
            }
            found.push(lesson);
        } else if let Some(lesson) = found.last_mut() {
            lesson.steps.push(step(&block)?);
        } else {
            let why = "a step belongs to a lesson: begin with `lesson NAME`";
            return Err(block.heading.wrong(why.into()));
        }
    }
    for lesson in &found {
        let most = if lesson.shelf == "activities" {
            STEPS_OF_ACTIVITY
        } else {
            STEPS.1
        };
        let count = lesson.steps.len();
        if !(STEPS.0..=most).contains(&count) {
            let why = format!(
                "`{}` has {count} steps, not {} to {most}",
                lesson.id, STEPS.0
            );
            let line = lesson.line;
            return Err(Wrong { line, why });
        }
    }
    Ok(found)
}

fn lesson(block: &Block) -> Result<Lesson, Wrong> {
    let mut lesson = Lesson {
        id: block.heading.value.clone(),
        line: block.heading.line,
        ..Lesson::default()
    };
    block.repeated(&[])?;
    block.needs(&[
        "title", "shelf", "minutes", "level", "row", "about", "show", "ask", "wrong",
    ])?;
    for entry in &block.entries {
        of_lesson(&mut lesson, entry).map_err(|why| entry.wrong(why))?;
    }
    Ok(lesson)
}

fn of_lesson(lesson: &mut Lesson, entry: &Entry) -> Parsed<()> {
    let text = || entry.value.clone();
    let number = || {
        let number = entry.value.parse().ok().filter(|number| *number > 0);
        number.ok_or_else(|| format!("`{}` is no whole number", entry.value))
    };
    match entry.name.as_str() {
        "title" => lesson.title = text(),
        "shelf" => {
            one_of(
                "shelf",
                &entry.value,
                SHELVES.into_iter().map(|(word, _)| word),
            )?;
            lesson.shelf = text();
        }
        "minutes" => lesson.minutes = number()?,
        "level" => {
            lesson.level = number()?;
            if lesson.level > 3 {
                return Err("a level is 1, 2 or 3".into());
            }
        }
        "row" => lesson.rows = names(&entry.value),
        "path" => {
            lesson.paths = names(&entry.value);
            for path in &lesson.paths {
                one_of("path", path, PATHS.into_iter().map(|(word, _)| word))?;
            }
        }
        "about" => lesson.about = text(),
        "show" => lesson.show = text(),
        "ask" => lesson.ask = text(),
        "wrong" => lesson.wrong = text(),
        other => {
            let all = [
                "title", "shelf", "minutes", "level", "row", "path", "about", "show", "ask",
                "wrong", "step",
            ];
            return Err(format!(
                "there is no `{other}`; {}",
                did_you_mean(other, all)
            ));
        }
    }
    Ok(())
}

fn step(block: &Block) -> Result<Step, Wrong> {
    let mut step = Step {
        title: block.heading.value.clone(),
        line: block.heading.line,
        ..Step::default()
    };
    block.repeated(&["text", "say"])?;
    block.needs(&["text", "say"])?;
    for entry in &block.entries {
        of_step(&mut step, entry).map_err(|why| entry.wrong(why))?;
    }
    Ok(step)
}

fn of_step(step: &mut Step, entry: &Entry) -> Parsed<()> {
    let text = || Some(entry.value.clone());
    match entry.name.as_str() {
        "part" => step.part = text(),
        "row" => step.rows = names(&entry.value),
        "scenario" => step.scenario = text(),
        "set" => step.settings = labelled(&format!("{}: set", entry.value))?.settings,
        "panel" if entry.value == "code" => step.code = true,
        "panel" => return Err("a step can show `code` only".into()),
        "text" => step.text.push(pieces(&entry.value)?),
        "question" => step.question = text(),
        "switch" => step.switches = names(&entry.value),
        "dial" => step.dials = names(&entry.value),
        "beside" => step.beside = text(),
        "write" => step.write = text(),
        "say" => step.say.push(entry.value.clone()),
        other => {
            let all = [
                "part", "row", "scenario", "set", "panel", "text", "question", "switch", "dial",
                "beside", "write", "say", "step",
            ];
            return Err(format!(
                "there is no `{other}`; {}",
                did_you_mean(other, all)
            ));
        }
    }
    Ok(())
}

/// What lessons may name, besides what is in the catalogue.
pub struct Names<'a> {
    /// Questions of a protocol.
    pub questions: &'a dyn Fn(&str) -> Vec<Question>,
    /// All lessons.
    pub lessons: Vec<&'a str>,
    /// Rows of the curriculum.
    pub rows: Vec<&'a str>,
}

/// Whether what a lesson names exists.
///
/// # Errors
/// The first name that does not, with the line of its step.
pub fn check(lesson: &Lesson, catalogue: Catalogue, names: &Names) -> Result<(), Wrong> {
    let at = |line: usize| move |why: String| Wrong { line, why };
    for row in lesson.all_rows() {
        one_of("row", row, names.rows.iter().copied()).map_err(at(lesson.line))?;
    }
    let mut scenario = None;
    for step in &lesson.steps {
        scenario = step.scenario.as_deref().or(scenario);
        let here =
            scenario.ok_or_else(|| at(step.line)("the first step has no scenario".into()))?;
        checked(step, here, catalogue, names).map_err(at(step.line))?;
    }
    Ok(())
}

fn checked(step: &Step, here: &str, catalogue: Catalogue, names: &Names) -> Parsed<()> {
    let exists = |name: &str| catalogue.find(name).map(|_| ());
    let (protocol, scenario) = catalogue.find(here)?;
    exists(step.beside.as_deref().unwrap_or(here))?;
    if let Some(id) = &step.question {
        let all = (names.questions)(protocol.id);
        one_of("question", id, all.iter().map(|one| one.id.as_str()))?;
        let of = all.iter().find(|other| other.id == *id);
        if let Some(of) = of.filter(|of| of.scenario != scenario.id) {
            return Err(format!(
                "`{id}` is asked about {}/{}",
                protocol.id, of.scenario
            ));
        }
    }
    let switches = || protocol.switches.iter().map(|switch| switch.name);
    let params = || protocol.params.iter().map(|param| param.name);
    let set = |settings: &[(String, String)]| -> Parsed<()> {
        for (name, value) in settings {
            if name == "preset" {
                protocol.preset(value)?;
            } else {
                one_of("setting", name, params().chain(switches()))?;
            }
        }
        Ok(())
    };
    set(&step.settings)?;
    for name in &step.switches {
        one_of("switch", name, switches())?;
    }
    for name in &step.dials {
        one_of("parameter", name, params())?;
    }
    for piece in step.text.iter().flatten() {
        match piece {
            Piece::Text(_) | Piece::At(..) => {}
            Piece::Scenario(name, _) | Piece::Compare(name, _) => exists(name)?,
            Piece::Rerun(again) => set(&again.settings)?,
            Piece::Lesson(name, _) => {
                one_of("lesson", name, names.lessons.iter().copied())?;
            }
            Piece::Drag { param, .. } => {
                one_of("parameter", param, params())?;
            }
            Piece::Answer | Piece::Guess | Piece::Instant(_) => {
                return Err("only the words after an answer can hold an answer".into());
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LESSON: &str = "\
lesson one
title A title
shelf consensus
minutes 20
level 2
row C2, C6
path backend
about It is
  about this.
show a
ask b
wrong c

step First
scenario raft/etcd
set nodes=3, guard=on
text Here are {drag nodes 3..9} nodes.
text And {lesson two: more}.
question who
say Say it.
say Then this.

step Second
text More.
say Say.
step Third
text Last.
say Say.
";

    #[test]
    fn a_lesson_is_read_with_its_steps() {
        let found = read(LESSON).unwrap();
        let [lesson] = found.as_slice() else {
            panic!("{found:?}");
        };
        assert_eq!(lesson.about, "It is about this.");
        assert_eq!(lesson.all_rows().collect::<Vec<_>>(), ["C2", "C6"]);
        let first = &lesson.steps[0];
        assert_eq!(first.settings.len(), 2);
        assert_eq!((first.text.len(), first.say.len()), (2, 2));
        assert_eq!(first.text[1][1], Piece::Lesson("two".into(), "more".into()));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let wrong = |from: &str, to: &str| read(&LESSON.replace(from, to)).unwrap_err();
        assert_eq!(wrong("level 2", "level 4").line, 5);
        assert_eq!(
            wrong("shelf consensus", "shelf consent").why,
            "there is no shelf `consent`; did you mean consensus?"
        );
        assert_eq!(wrong("text More.\n", "").line, 23, "a step without text");
        assert_eq!(wrong("minutes 20\n", "").line, 1);
        assert!(
            wrong("step Third\ntext Last.\nsay Say.\n", "")
                .why
                .contains("2 steps")
        );
        assert!(
            wrong("{drag nodes 3..9}", "{drag nodes}")
                .why
                .contains("drag")
        );
    }
}
