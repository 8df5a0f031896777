//! A ring as it is drawn: owners, their points, what lies between them, and what has just moved.

use serde::Serialize;

use super::Table;
use crate::process::NodeId;

/// Positions are 0 to 1, once around. A point owns what lies on the arc before it. Owners are named
/// once and meant by their place in the list, because a ring may have tens of thousands of points.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Ring {
    /// Those who may own something, and those who did before the latest change.
    pub owners: Vec<RingOwner>,
    /// How many places there are, for figures that count places instead of shares.
    pub places: f64,
    /// Position and owner, in the order of positions. None at all: there is no ring, and owners are
    /// chosen otherwise.
    pub points: Vec<(f64, u32)>,
    /// What is placed on the ring.
    pub items: Vec<RingItem>,
    /// What changed its owner at the last change.
    pub moved: Vec<RingMove>,
    /// Points in the order in which a walk from the search's item met them, by their place in
    /// `points`.
    pub walk: Vec<u32>,
    /// The latest search for an owner, if it was one of this ring's points.
    pub search: Option<RingSearch>,
    /// Only what this node alone can tell (typed items, its search): another node draws the rest.
    pub partial: bool,
}

/// Somebody who may own something.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RingOwner {
    /// Its name.
    pub name: String,
    /// The node it is.
    pub node: NodeId,
    /// False: it was one before the latest change and is none any more.
    pub member: bool,
    /// How many of the items that it owns it has; none: it has not said so.
    pub holds: Option<u32>,
}

/// Something that is placed on a ring.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RingItem {
    /// Where it lies.
    pub at: f64,
    /// Its name.
    pub label: String,
    /// Who owns it; nobody where there is no point at all.
    pub owner: Option<u32>,
    /// A person chose its name.
    pub typed: bool,
}

/// Something that changed its owner.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct RingMove {
    /// Which item.
    pub item: u32,
    /// Who owned it before.
    pub from: Option<u32>,
    /// Who owns it now.
    pub to: Option<u32>,
    /// The points by which they own it, if it is by points.
    pub points: [Option<f64>; 2],
}

/// A binary search among the points.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RingSearch {
    /// What is searched for, and where it lies.
    pub label: String,
    /// A position.
    pub at: f64,
    /// The looks taken so far: the first and last point that were left, and the one looked at between
    /// them.
    pub looks: Vec<[u32; 3]>,
    /// The point that was found, once the search is over.
    pub found: Option<u32>,
}

impl Ring {
    /// An owner's name, or a dash.
    #[must_use]
    pub fn owner(&self, owner: Option<u32>) -> &str {
        let owner = owner.and_then(|at| self.owners.get(at as usize));
        owner.map_or("-", |owner| owner.name.as_str())
    }

    /// How much each owner has of what it owns: as it says itself, or else all that the map gives it.
    #[must_use]
    pub fn loads(&self) -> Vec<u32> {
        let mut loads = vec![0; self.owners.len()];
        for owner in self.items.iter().filter_map(|item| item.owner) {
            loads[owner as usize] += 1;
        }
        for (load, owner) in loads.iter_mut().zip(&self.owners) {
            *load = owner.holds.unwrap_or(*load);
        }
        loads
    }

    /// The same content as rows and columns: points, then items with the owner they had before.
    pub(super) fn to_table(&self) -> Table {
        let place = |at: f64| format!("{at:.4}");
        let points = self.points.iter().map(|(at, owner)| {
            let owner = self.owner(Some(*owner)).to_owned();
            vec![place(*at), "point".to_owned(), owner, String::new()]
        });
        let mut rows: Vec<Vec<String>> = points.collect();
        let first = rows.len();
        rows.extend(self.items.iter().map(|item| {
            let owner = self.owner(item.owner).to_owned();
            vec![place(item.at), item.label.clone(), owner, String::new()]
        }));
        for moved in &self.moved {
            if let Some(row) = rows.get_mut(first + moved.item as usize) {
                self.owner(moved.from).clone_into(&mut row[3]);
            }
        }
        Table {
            head: ["position", "what", "owner", "owner before"]
                .map(str::to_owned)
                .to_vec(),
            rows,
        }
    }
}
