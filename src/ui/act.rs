//! What a person does, by the room of the page that does it.

use faultline_sim::command::Command;
use faultline_sim::descriptor::Recipe;
use faultline_sim::process::NodeId;
use faultline_sim::standing::Form;
use faultline_sim::time::Time;
use faultline_sim::timeline::Target;

use super::{
    Mode, Selection, Sheet, Tab, asking, costs, course, history, hunting, league, reading, share,
    spacetime, sweeps,
};
use crate::layout::Point;
use crate::theme::Theme;

/// Everything that a person can do on the page.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    Break(BreakAct),
    Pick(PickAct),
    Travel(TravelAct),
    Run(RunAct),
    Compare(CompareAct),
    Share(ShareAct),
    View(ViewAct),
    /// An act on the space-time diagram.
    SpaceTime(spacetime::Deed),
    /// An act on the log of another system.
    Reading(reading::Deed),
    /// An act on a history of clients.
    History(history::Deed),
    /// An act on the question beside the run.
    Ask(asking::Deed),
    /// An act in the course.
    Learn(course::Deed),
    /// An act on a curve over many runs.
    Sweep(sweeps::Deed),
    League(league::Deed),
    /// An act on what the run costs.
    Costs(costs::Deed),
    /// An act on the search for a run that breaks a rule.
    Hunt(hunting::Deed),
    /// Debug only: a command that panics.
    Panic,
}

/// Breaks or repairs something, or takes that back.
#[derive(Clone, Debug, PartialEq)]
pub enum BreakAct {
    /// Breaks or repairs something at the cursor. Two changes of the same setting at the same instant
    /// are one.
    Apply(Command),
    /// A typed command from the form under "More faults".
    Typed(String),
    /// Crashes a node, or restarts it if it is down.
    ToggleCrash(NodeId),
    /// Pauses a node, or resumes it.
    TogglePause(NodeId),
    /// Cuts a link, or joins it again.
    ToggleCut(NodeId, NodeId),
    CrashLeader,
    /// Splits the nodes into two halves, or heals a split.
    Split,
    /// Makes the ticked nodes a side of their own and removes them from their old sides.
    Isolate,
    /// Blocks all messages to the ticked nodes; messages from them still arrive.
    Deafen,
    /// Blocks all messages from the ticked nodes; they still receive.
    Silence,
    /// Slows all links down, or restores their speed.
    SlowNetwork,
    LoseNext,
    Heal,
    /// Sends the scenario's request to a node: at once if there is only one and it has no values, else
    /// opens its form.
    Request(NodeId),
    /// Adds a box of this kind to a board, that this one calls, and that calls this one.
    AddBox(&'static str, Option<NodeId>, Option<NodeId>),
    Undo,
    Redo,
}

/// Picks something on the stage.
#[derive(Clone, Debug, PartialEq)]
pub enum PickAct {
    Select(Selection),
    /// Selects something and shows its details.
    Inspect(Selection),
    /// A click on the stage: picks the nearest message, or else this selection.
    Point(Point, Selection),
    Mode(Mode),
    /// Opens or closes a sheet above the palette.
    Sheet(Option<Sheet>),
    /// Picks a node with the pointer or Enter; the effect depends on the mode.
    Pick(NodeId),
    /// Moves the keyboard focus to a node.
    Focus(NodeId),
    /// Hides the banner of a broken rule, until another rule breaks.
    HideBroken,
    /// Goes to the instant when the picked message was half way.
    BackToMessage,
}

/// Moves the run in time.
#[derive(Clone, Debug, PartialEq)]
pub enum TravelAct {
    Play(bool),
    /// Steps events forward, or back if negative.
    Step(i32),
    /// To a place of the run; a record is selected, too.
    Go(Target),
    Live,
    /// Goes to the next or previous moment.
    Moment(bool),
    /// Turns stopping at a kind of moment on or off.
    StopAt(crate::moments::Moment, bool),
    /// The speed, relative to the scenario's own pace.
    Speed(f64),
    /// One step faster or slower.
    ChangeSpeed(i32),
    /// Goes to just before the person's first command.
    Rewind,
    /// Constant speed on or off.
    Real(bool),
    /// Scenarios stop where they want to be looked at.
    Pauses(bool),
    /// Ends an instant that is shown message by message.
    Skip,
    /// Goes to where so many messages of such an instant are done.
    Call(u64),
}

/// Opens, repeats and keeps runs.
#[derive(Clone, Debug, PartialEq)]
pub enum RunAct {
    /// Time zero, same settings.
    Restart,
    /// The scenario without any change.
    Reset,
    /// Time zero, same settings, next seed.
    NewSeed,
    Open(String),
    Run(Box<Recipe>),
    /// Makes another run of the session the active one, at an instant or where it was.
    LookAt(char, Option<Time>),
    /// The person's own name for a run.
    Rename(char, String),
    DeleteRun(char),
    /// Undoes the replacement of the oldest run by a fifth one.
    BringBack,
    /// Forks the run here.
    Fork,
}

/// Compares two runs.
#[derive(Clone, Debug, PartialEq)]
pub enum CompareAct {
    /// Opens the dialog for a comparison, or closes the comparison.
    Compare,
    /// Opens or closes the dialog for choosing a run to compare with.
    Choose(bool),
    /// Compares with a run of the session.
    CompareRun(char),
    /// Compares with a new run.
    CompareWith(Box<Recipe>),
    /// Compares with the scenario that this one names, both from the start.
    Beside,
    /// Turns mirroring of acts in both runs on or off.
    Mirror(bool),
    /// Gives the right run the left one's seed, load and faults.
    MakeFair,
    /// Goes to where the two runs first differ.
    ToDifference,
    /// Makes the other run the active one; if there is room for only one, shows it.
    Flip,
    /// Dismisses the note about an act without counterpart.
    Unmatched,
}

/// Takes a run out of the page, or in.
#[derive(Clone, Debug, PartialEq)]
pub enum ShareAct {
    CopyLink,
    /// Copies this text to the clipboard.
    Copy(String),
    /// The sheet with link, code and file. The run is paused while it is open.
    Share(bool),
    /// Saves the run as a file.
    SaveFile,
    /// Exports the run for other programs or a notebook.
    Export(share::Export),
    /// Opens the run in a pasted or read text, or tells why it cannot be read.
    OpenText(crate::browser::Read),
}

/// Opens, closes and paints parts of the page.
#[derive(Clone, Debug, PartialEq)]
pub enum ViewAct {
    Tab(Tab),
    Panels(bool),
    Library(bool),
    /// The search over everything.
    Find(bool),
    Help(bool),
    /// The card that asks for the parts of the picture.
    Naming(bool),
    Theme(Theme),
    /// How nodes stand; none: as the scenario has them.
    Form(Option<Form>),
    /// Deletes everything that the browser stores for the page.
    Forget,
    Letters(bool),
    Dismiss,
    /// Closes a panel, clears the selection or leaves a mode, one at a time.
    Escape,
}
