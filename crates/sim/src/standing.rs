//! How a protocol wants to be looked at: how its nodes stand, which links it has, and the view that
//! each scenario opens with. A page may draw it otherwise; a run never depends on it.

use serde::Serialize;

use crate::mark::Mark;
use crate::process::NodeId;
use crate::settings::{Settings, Switch};
use crate::time::Duration;
use crate::world::World;

/// How nodes stand on a stage. The list is closed: a new form needs a decision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// Round a circle; every node may talk to every other.
    #[default]
    Circle,
    /// In a line by number, higher to the right, with links as arcs above.
    Row,
    /// Round a circle, with links between neighbours only.
    Ring,
    /// Who leads stands before the others.
    Star,
    /// Columns from left to right: clients, balancer, services, stores.
    Layers,
    /// Clusters beside each other: two banks, three regions.
    Groups,
    /// Heads of lanes, with time running away from them.
    Lanes,
    /// Small squares in a grid, for sixty nodes and more.
    Tiles,
}

impl Form {
    /// All of them, with the word that links carry and the words for people.
    pub const ALL: [(Self, &'static str, &'static str); 8] = [
        (Form::Circle, "circle", "In a circle"),
        (Form::Row, "row", "In a row"),
        (Form::Ring, "ring", "On a ring"),
        (Form::Star, "star", "Round the leader"),
        (Form::Layers, "layers", "In layers"),
        (Form::Groups, "groups", "In groups"),
        (Form::Lanes, "lanes", "On lanes of time"),
        (Form::Tiles, "tiles", "As tiles"),
    ];

    /// The word that links carry.
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    /// The form with this word.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        let found = Self::ALL.iter().find(|(_, name, _)| *name == word);
        found.map(|(form, ..)| *form)
    }
}

/// Whether a protocol has a link between two nodes. What it says is only drawn: a message still finds its
/// way, and its link appears.
pub type Links = fn(&World, NodeId, NodeId) -> bool;

/// Every node may talk to every other.
#[must_use]
pub fn mesh(_: &World, _: NodeId, _: NodeId) -> bool {
    true
}

/// Only neighbours by number, the last one and the first one among them.
#[must_use]
pub fn ring(world: &World, a: NodeId, b: NodeId) -> bool {
    let ids: Vec<NodeId> = world.ids().collect();
    let place = |id| ids.binary_search(&id).ok();
    let (Some(a), Some(b)) = (place(a), place(b)) else {
        return false;
    };
    let apart = a.abs_diff(b);
    apart == 1 || apart + 1 == ids.len()
}

/// How a protocol stands where nobody chose otherwise.
#[derive(Clone, Copy)]
pub struct Standing {
    /// The form.
    pub form: Form,
    /// Which links there are.
    pub links: Links,
    /// What a side of a split without a majority cannot do ("cannot elect"), if majorities matter.
    pub minority: Option<&'static str>,
    /// The rule with which a node does it anyway.
    pub unless: Option<&'static Switch>,
}

impl Standing {
    /// A mesh in this form.
    #[must_use]
    pub const fn new(form: Form) -> Self {
        let links = mesh;
        let minority = None;
        Self {
            form,
            links,
            minority,
            unless: None,
        }
    }

    /// With other links than a mesh.
    #[must_use]
    pub const fn linked(self, links: Links) -> Self {
        Self { links, ..self }
    }

    /// By majority: what a side without one cannot do.
    #[must_use]
    pub const fn by_majority(self, cannot: &'static str) -> Self {
        let minority = Some(cannot);
        Self { minority, ..self }
    }

    /// A node with this rule needs no majority.
    #[must_use]
    pub const fn unless(self, rule: &'static Switch) -> Self {
        let unless = Some(rule);
        Self { unless, ..self }
    }

    /// What a side without a majority cannot do under these settings: nothing is said where any of the
    /// nodes does it anyway.
    #[must_use]
    pub fn cannot(
        &self,
        settings: &Settings,
        nodes: impl Iterator<Item = NodeId>,
    ) -> Option<&'static str> {
        let mut free = nodes.filter(|id| {
            self.unless
                .is_some_and(|rule| settings.at(*id).switch(rule))
        });
        self.minority.filter(|_| free.next().is_none())
    }
}

/// A panel beside the stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Panel {
    /// One node, link or message in detail.
    Inspect,
    /// Every record as a sentence.
    Log,
    /// Probes and laws.
    Measures,
    /// Parameters and rules.
    Settings,
    /// The program beside the run.
    Code,
    /// Questions of clients and their answers.
    Requests,
}

/// Where a run that opens stands still first, so that a person looks before it goes on.
#[derive(Clone, Copy, Debug)]
pub enum Stop {
    /// At an instant.
    At(Duration),
    /// When a node says this for the first time.
    Mark(&'static Mark),
    /// When a law breaks.
    Broken,
}

/// The view that teaches a scenario: what the page opens it with. A person changes all of it.
#[derive(Clone, Copy, Debug)]
pub struct View {
    /// How nodes stand, if not as the protocol says.
    pub form: Option<Form>,
    /// The panel that is open.
    pub panel: Option<Panel>,
    /// Whether the space-time diagram is open.
    pub diagram: bool,
    /// The speed on the dial.
    pub speed: f64,
    /// Where it stops first.
    pub stop: Option<Stop>,
}

impl View {
    /// The page as it is.
    pub const BASE: Self = Self {
        form: None,
        panel: None,
        diagram: false,
        speed: 1.0,
        stop: None,
    };

    /// With a panel open.
    #[must_use]
    pub const fn panel(panel: Panel) -> Self {
        let panel = Some(panel);
        Self {
            panel,
            ..Self::BASE
        }
    }

    /// Standing still first there.
    #[must_use]
    pub const fn stop(self, stop: Stop) -> Self {
        let stop = Some(stop);
        Self { stop, ..self }
    }

    /// With the space-time diagram open.
    #[must_use]
    pub const fn diagram(self) -> Self {
        let diagram = true;
        Self { diagram, ..self }
    }

    /// In another form than the protocol's.
    #[must_use]
    pub const fn form(self, form: Form) -> Self {
        let form = Some(form);
        Self { form, ..self }
    }
}
