//! The components: properties in, acts out. None of them knows a protocol or a running system; they see
//! a [`Frame`](faultline_sim::frame::Frame) and send an [`Act`].

pub mod act;
pub mod answers;
pub mod arcs;
pub mod asking;
pub mod banner;
pub mod by_hand;
pub mod caption;
pub mod chain;
pub mod chooser;
pub mod clocks;
pub mod compare;
pub mod concerned;
pub mod costs;
pub mod course;
pub mod curve;
pub mod dial;
pub mod drag;
pub mod drawing;
pub mod finder;
pub mod header;
pub mod help;
pub mod history;
pub mod hunting;
pub mod icons;
pub mod kept;
pub mod league;
pub mod legend;
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
pub mod pieces;
pub mod reading;
pub mod request_form;
pub mod requests;
pub mod share;
pub mod sides;
pub mod spacetime;
pub mod stage;
pub mod strips;
pub mod sweeps;
pub mod terms;
pub mod thumb;
pub mod tiles;
pub mod time_sheet;
pub mod timeline;
pub mod total;
pub mod transport;
pub mod waits;
pub mod wheel;

use std::ops::Deref;
use std::rc::Rc;

use faultline_sim::descriptor::Protocol;
use faultline_sim::network::Address;
use faultline_sim::process::NodeId;

pub use act::Act;

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

impl<T: Default> Default for Same<T> {
    fn default() -> Self {
        Self(Rc::default())
    }
}

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
    /// Only while a lesson is open.
    Lesson,
    /// Only if something is asked about the scenario.
    Question,
    #[default]
    Inspect,
    Log,
    /// Only if clients share something.
    History,
    Measures,
    Settings,
    /// Only if the protocol has a program.
    Code,
    /// Only if the diagram is not docked.
    SpaceTime,
}

impl Tab {
    pub const ALL: [Tab; 9] = [
        Tab::Lesson,
        Tab::Question,
        Tab::Inspect,
        Tab::Log,
        Tab::History,
        Tab::Measures,
        Tab::Settings,
        Tab::Code,
        Tab::SpaceTime,
    ];

    /// Its label.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Tab::Lesson => "Lesson",
            Tab::Question => "Question",
            Tab::Inspect => "Inspect",
            Tab::Log => "Log",
            Tab::History => crate::text::history::TITLE,
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
    /// Connects two boxes of a board: the caller is picked, whom it calls is next.
    Joining(NodeId),
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
    /// Boxes to add to a board.
    Boxes,
    /// Goes to an instant, chooses stops, starts again.
    Time,
}

/// An element that gets the focus once it is there: a dialog, or its first field.
#[yew::hook]
pub fn use_focus() -> yew::NodeRef {
    let element = yew::use_node_ref();
    let shown = element.clone();
    yew::use_effect_with((), move |()| {
        if let Some(element) = shown.cast::<web_sys::Element>() {
            crate::browser::give_focus(&element);
        }
    });
    element
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
