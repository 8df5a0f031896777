//! The components: properties in, intents out. None of them knows a protocol or a running system;
//! they see a [`Frame`](faultline_sim::frame::Frame) and ask for an [`Act`].

pub mod arcs;
pub mod caption;
pub mod chooser;
pub mod compare;
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

/// Shared data as a property: equal only if it is the very same, so that an unchanged node costs one
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

/// How the page is painted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    #[default]
    Light,
    Dark,
    /// Light and large, for the back row.
    Projector,
}

impl Theme {
    pub const ALL: [Theme; 3] = [Theme::Light, Theme::Dark, Theme::Projector];

    /// The word in storage, in the address and in the style sheet.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Theme::Light => "light",
            Theme::Dark => "dark",
            Theme::Projector => "projector",
        }
    }

    /// The theme of a word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.word() == word)
    }

    /// How much larger the stage is drawn.
    #[must_use]
    pub fn scale(self) -> f64 {
        if self == Theme::Projector { 1.5 } else { 1.0 }
    }
}

/// The tabs of the side panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    Inspect,
    Log,
    Measures,
    Settings,
    /// Where the protocol has a program.
    Code,
    /// Where the diagram has no room of its own.
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

    /// The word on it.
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

/// How the pointer and the keys act on nodes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    #[default]
    Normal,
    /// Nodes are ticked to be isolated from the rest.
    Ticking(Vec<NodeId>),
    /// A link is being cut: the first end is picked, the second to come.
    Cutting(NodeId),
    /// One direction of a link is being cut: the sender is picked, the one who will hear nothing is
    /// to come.
    Muting(NodeId),
}

/// What the palette shows above itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sheet {
    /// How all links behave.
    Dials,
    /// A request to this node.
    Ask(NodeId),
    /// All other faults.
    More,
    /// Where in time to go, where to stop, how to begin anew.
    Time,
}

/// Everything a person can ask the page for.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// Breaks or mends something, at the cursor. Two changes of the same setting at the same instant
    /// are one.
    Do(Command),
    /// A command in words, from the form under "More faults".
    Words(String),
    /// Crashes a node, or recovers it if it is down.
    Strike(NodeId),
    /// Pauses a node, or resumes it.
    Freeze(NodeId),
    /// Cuts a link, or joins it.
    Snip(NodeId, NodeId),
    CrashLeader,
    /// Half against half, or heals if there is a split.
    Split,
    /// The ticked nodes become a side of their own, taken out of the sides they were on.
    Isolate,
    /// Nothing gets to the ticked nodes any more; they are heard.
    Deafen,
    /// Nothing gets from the ticked nodes to the others; they hear.
    Silence,
    /// Slows all links down, or makes them as fast as before.
    SlowNetwork,
    LoseNext,
    Heal,
    /// The scenario's own verb at a node: done at once if it is one and needs no words, else its form
    /// opens.
    Request(NodeId),
    Undo,
    Redo,

    Select(Selection),
    /// Selects it and shows what there is to know of it.
    Inspect(Selection),
    /// A click on the stage: the message nearest to this place, or else what is selected here.
    Point(Point, Selection),
    Mode(Mode),
    /// Opens or closes what lies over the palette.
    Sheet(Option<Sheet>),
    /// A node is picked with the pointer or Enter: what that means depends on the mode.
    Pick(NodeId),
    /// A node has the keyboard's attention.
    Focus(NodeId),

    Play(bool),
    /// Events forward, or back if negative.
    Step(i32),
    /// To a place of the run; a record is selected, too.
    Go(Target),
    Live,
    /// To the next moment worth seeing, or back to the one before.
    Next(bool),
    /// Lets time stop at moments of a kind, or pass them.
    StopAt(crate::moments::Moment, bool),
    /// Factor of the scenario's own pace.
    Speed(f64),
    /// One notch faster or slower.
    Notch(i32),
    /// Time zero, same settings.
    Restart,
    /// The scenario as it was opened first.
    Reset,
    /// Time zero, same settings, the next number for chance.
    NewSeed,

    Open(String),
    Run(Box<Recipe>),
    /// A run of the sitting takes the place of the one that is acted on, at an instant or where it
    /// had gone to.
    LookAt(char, Option<Time>),
    /// The person's own name for a run.
    Rename(char, String),
    DeleteRun(char),
    /// Takes a fifth run back: the one it has replaced is there again.
    BringBack,
    /// Another future from here on.
    Fork,
    /// Another run beside this one, or one run again.
    Compare,
    /// Opens or closes the sheet that asks what to compare with.
    Choose(bool),
    /// Compares with a run of the sitting.
    CompareRun(char),
    /// Compares with a run of its own.
    CompareWith(Box<Recipe>),
    /// What is done in one of two runs is done in the other, or not.
    Mirror(bool),
    /// Gives the right run the left one's seed, load and faults.
    MakeFair,
    /// To where two runs part.
    ToDifference,
    /// The other run is acted on; where there is room for one only, it is shown.
    Flip,
    /// The remark on what could not be repeated has been read.
    Unmatched,
    CopyLink,
    /// Puts these words into the clipboard.
    Copy(String),
    /// The sheet with link, code and file; time stands still meanwhile.
    Share(bool),
    /// Saves the run as a file.
    SaveFile,
    /// Hands the run to other programs and to a notebook.
    Export(share::Export),
    /// Opens the run in a text that was pasted or read from a file, or says why it was not read.
    OpenText(crate::browser::Read),
    /// To just before the person's first intervention.
    Rewind,
    /// To the instant when the picked message was half way.
    BackToMessage,
    Tab(Tab),
    Panels(bool),
    /// Something in the space-time diagram.
    SpaceTime(spacetime::Deed),
    /// Something with a log of another system.
    Reading(reading::Deed),
    Library(bool),
    Help(bool),
    /// The card that asks what is what on the stage.
    Naming(bool),
    Theme(Theme),
    /// Forgets everything that the browser was asked to remember.
    Forget,
    Letters(bool),
    Dismiss,
    /// Closes what is open, deselects, leaves a mode: one of these at a time.
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
