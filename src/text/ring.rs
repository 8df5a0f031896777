//! Words for a ring of keys.

use super::counted;
use faultline_sim::frame::Ring;
use faultline_sim::process::NodeId;

/// The text in the middle of the ring: how many keys, how many points, how many keys moved.
#[must_use]
pub fn words(ring: &Ring) -> Vec<String> {
    let stored: u32 = ring.loads().iter().sum();
    let owned = ring
        .items
        .iter()
        .filter(|item| item.owner.is_some())
        .count();
    let mut words = vec![if (stored as usize) < owned {
        format!("{stored} of {}", counted(ring.items.len(), "key", "keys"))
    } else {
        counted(ring.items.len(), "key", "keys")
    }];
    if !ring.points.is_empty() {
        words.push(counted(ring.points.len(), "point", "points"));
    }
    if !ring.moved.is_empty() {
        words.push(format!("{} moved", ring.moved.len()));
    }
    words
}

/// The title: whose view of the ring is drawn.
#[must_use]
pub fn title(knower: NodeId) -> String {
    format!("The ring as {knower} sees it")
}

/// The first and last of some places.
#[must_use]
pub fn places(from: f64, to: f64) -> String {
    if from == to {
        format!("{from}")
    } else {
        format!("{from}\u{2013}{to}")
    }
}

/// An owner and its keys.
#[must_use]
pub fn load(owner: &str, keys: u32) -> String {
    format!("{owner}: {}", counted(keys, "key", "keys"))
}

/// The mean of all owners.
#[must_use]
pub fn mean(keys: f64) -> String {
    let tenths = format!("mean {keys:.1}");
    tenths.strip_suffix(".0").unwrap_or(&tenths).to_owned()
}
