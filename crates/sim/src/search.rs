//! The search for failures and for ways to a goal: random faults, and the shortest run that breaks a law or
//! reaches a goal.

mod budget;
mod chaos;
mod goals;
mod hunt;
mod playable;
mod shrink;
mod sought;
mod swarm;
mod watched;
mod within;

pub use budget::{Budget, BudgetKind, cost};
pub use chaos::Chaos;
use chaos::{OF_MESSAGES, mending, round};
pub use hunt::{
    Hunt, Seen, breakable_laws, broken, hunt, hunted_law, hunted_laws, is_hunted, run_line,
};
pub use playable::{Beginning, Playable};
pub use shrink::{CANDIDATES, Shrinking, shortest, shrink};
pub use sought::{Goal, Hit, Sought};
pub use swarm::Swarm;
use watched::Watched;
