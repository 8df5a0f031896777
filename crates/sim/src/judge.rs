//! The judge of client histories: whether what clients were told can be true of one copy of the data,
//! and how weak a promise it still keeps.

mod by_object;
mod causal;
mod explain;
pub mod files;
mod history;
mod ladder;
mod law;
mod linearizability;
mod memo;
mod operation;
mod phrase;
mod search;
mod sequential;
mod sessions;
mod shrink;
mod state;
#[cfg(test)]
mod tests;
mod watch;
mod zones;

pub use by_object::{HistoryCheck, Object};
pub use causal::causal;
pub use explain::{Conflict, explain_refuted};
pub use history::{Event, Operations};
pub use ladder::{Kept, Level, ladder};
pub(crate) use law::asks_for_judge;
pub use law::{LINEARIZABLE, MONOTONIC_READS, ONE_HOLDER, READ_YOUR_WRITES, STALE, VIOLATIONS};
pub use linearizability::Linearizability;
pub use operation::{Answer, Asked, Call, Closed, Ended, Model, Op, Place, Word};
pub use phrase::{said, short, who};
pub use search::Found;
pub use sequential::sequential;
pub use watch::{Breach, Judge};
