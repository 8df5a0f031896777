//! What clients know for certain: the write that was confirmed last.
//!
//! ```
//! use faultline_protocols::CATALOGUE;
//! use faultline_protocols::parts::confirmed::last_confirmed;
//! use faultline_sim::testing::Play;
//!
//! // Both sides of a cut write. The last to be told that its write is done is on the right side.
//! let run = Play::of(CATALOGUE, "cap/heal").at(8_000);
//! assert_eq!(last_confirmed(run.0.world(), "k1"), Some(("Last confirmed", "right".to_owned())));
//! assert_eq!(last_confirmed(run.0.world(), "k9"), None);
//! ```

use faultline_sim::world::World;

/// What a page calls it, and the value; none before any write of the key was confirmed.
pub fn last_confirmed(world: &World, key: &str) -> Option<(&'static str, String)> {
    let value = world.judge()?.history().last_confirmed(key)?;
    Some(("Last confirmed", value.to_string()))
}
