//! The course: lessons to choose, the lesson beside the run, the lab sheet, the links for a class.

pub mod challenges;
pub mod labsheet;
pub mod learn;
pub mod lesson;
pub mod links;

/// What a person does in the course.
#[derive(Clone, Debug, PartialEq)]
pub enum Deed {
    /// Opens or closes the list of lessons.
    List(bool),
    /// Opens or closes the list of challenges.
    Challenges(bool),
    /// Opens a challenge: `raft/two-at-once`.
    Challenge(String),
    /// Opens a lesson where the person was.
    Open(String),
    /// To a step of the open lesson.
    Go(usize),
    /// On, or back, in what the teacher says, and then to another step.
    Turn(isize),
    Leave,
    /// The step's own run again.
    Return,
    /// Runs again with a rule or a parameter set.
    Set(String, String),
    /// Writes something for the lab sheet, at a step.
    Write(usize, String),
    Theirs(Theirs, String),
    Name(String),
    Path(Option<String>),
    Goal(String),
    Sheet(bool),
    Links(bool),
    Export(Export),
    /// Reads progress from a file's text.
    Load(crate::browser::Read),
    ClearSheet,
    Clear,
    /// Loads the lessons again.
    Retry,
}

/// A field about a real system.
#[derive(Clone, Debug, PartialEq)]
pub enum Theirs {
    System,
    /// Its value of what is compared.
    Value(String),
    Alike,
    Unlike,
}

/// Where the lab sheet or the progress goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Export {
    Markdown,
    Html,
    Print,
    Progress,
}
