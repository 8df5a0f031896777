//! The components: properties in, acts out. None of them knows a protocol or a running system; they see
//! a [`Frame`](faultline_sim::frame::Frame) and send an [`Act`].

pub mod arcs;
pub mod caption;
pub mod chooser;
pub mod compare;
pub mod curve;
pub mod dial;
pub mod drawing;
pub mod header;
pub mod help;
pub mod icons;
pub mod kept;
pub mod link;
pub mod live_region;
pub mod logs;
pub mod message_menu;
pub mod messages;
pub mod mirror;
pub mod naming;
pub mod node;
pub mod number_box;
pub mod palette;
pub mod panels;
pub mod reading;
pub mod request_form;
pub mod requests;
pub mod share;
pub mod sides;
pub mod spacetime;
pub mod stage;
pub mod strips;
pub mod tally;
pub mod tiles;
pub mod time_sheet;
pub mod timeline;
pub mod transport;
pub mod wheel;

use std::ops::Deref;
use std::rc::Rc;

use faultline_sim::command::Command;
use faultline_sim::descriptor::{Protocol, Recipe};
use faultline_sim::network::Address;
use faultline_sim::process::NodeId;
use faultline_sim::time::Time;
use faultline_sim::timeline::Target;

use crate::layout::Point;
use crate::theme::Theme;

/// What the person has picked; the inspector shows it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Selection {
    #[default]
    None,
    Node(NodeId),
    /// A link, the lower number first.
    Link(NodeId, NodeId),
    Message(Address),
    /// A line of the event log, by its number.
    Record(u64),
}

/// A protocol as a property: two of them are equal if they are the same entry of the catalogue.
#[derive(Clone, Copy)]
pub struct ProtocolRef(pub &'static Protocol);

impl PartialEq for ProtocolRef {
    fn eq(&self, other: &Self) -> bool {
        self.0.id == other.0.id
    }
}

impl Deref for ProtocolRef {
    type Target = Protocol;
    fn deref(&self) -> &Protocol {
        self.0
    }
}

/// Shared data as a property: equal only if it is the same pointer, so that an unchanged node costs one
/// comparison of pointers.
#[derive(Debug)]
pub struct Same<T>(pub Rc<T>);

impl<T> Clone for Same<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> PartialEq for Same<T> {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> Deref for Same<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

/// The tabs of the side panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Tab {
    #[default]
    Inspect,
    Log,
    Measures,
    Settings,
    /// Only if the protocol has a program.
    Code,
    /// Only if the diagram is not docked.
    SpaceTime,
}

impl Tab {
    pub const ALL: [Tab; 6] = [
        Tab::Inspect,
        Tab::Log,
        Tab::Measures,
        Tab::Settings,
        Tab::Code,
        Tab::SpaceTime,
    ];

    /// Its label.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Tab::Inspect => "Inspect",
            Tab::Log => "Log",
            Tab::Measures => "Measures",
            Tab::Settings => "Settings",
            Tab::Code => "Code",
            Tab::SpaceTime => crate::text::spacetime::TITLE,
        }
    }
}

/// What the pointer and the keys do to nodes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    #[default]
    Normal,
    /// Ticks nodes to isolate them.
    Ticking(Vec<NodeId>),
    /// Cuts a link: the first end is picked, the second is next.
    Cutting(NodeId),
    /// Cuts one direction of a link: the sender is picked, the receiver is next.
    Muting(NodeId),
}

/// The sheets above the palette.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sheet {
    /// The behaviour of all links.
    Dials,
    /// A request to this node.
    Ask(NodeId),
    /// All other faults.
    More,
    /// Goes to an instant, chooses stops, starts again.
    Time,
}

/// Everything that a person can do on the page.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
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
    Undo,
    Redo,

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
    /// Opens the dialog for a comparison, or closes the comparison.
    Compare,
    /// Opens or closes the dialog for choosing a run to compare with.
    Choose(bool),
    /// Compares with a run of the session.
    CompareRun(char),
    /// Compares with a new run.
    CompareWith(Box<Recipe>),
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
    /// Goes to just before the person's first command.
    Rewind,
    /// Goes to the instant when the picked message was half way.
    BackToMessage,
    Tab(Tab),
    Panels(bool),
    /// An act on the space-time diagram.
    SpaceTime(spacetime::Deed),
    /// An act on the log of another system.
    Reading(reading::Deed),
    Library(bool),
    Help(bool),
    /// The card that asks for the parts of the picture.
    Naming(bool),
    Theme(Theme),
    /// Deletes everything that the browser stores for the page.
    Forget,
    Letters(bool),
    Dismiss,
    /// Closes a panel, clears the selection or leaves a mode, one at a time.
    Escape,
    /// Debug only: a command that panics.
    Panic,
}

/// Joins CSS classes that apply.
#[must_use]
pub fn classes(all: &[(&str, bool)]) -> String {
    let on: Vec<&str> = all
        .iter()
        .filter(|(_, on)| *on)
        .map(|(name, _)| *name)
        .collect();
    on.join(" ")
}
