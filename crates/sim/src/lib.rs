//! Faultline's kernel: a deterministic discrete-event simulation of processes on a faulty network.
//!
//! A protocol is a [`process::Process`]: a state machine whose handlers ask for effects. A
//! [`world::World`] performs them over a [`network::Network`] and writes down [`event::Record`]s. A
//! [`timeline::Timeline`] lets time run both ways and keeps the futures that were left. The kernel
//! knows no protocol and no browser.
//!
//! **Ties.** At one instant, commands come first in the order of their list, then events in the order
//! they were scheduled. One event is one entry taken from the queue, with all its records.
//!
//! A complete run of a protocol of one's own:
//!
//! ```
#![doc = include_str!("../examples/echo.rs")]
//! ```
#![forbid(unsafe_code)]
#![deny(missing_docs)]

pub mod command;
pub mod cost;
pub mod descriptor;
mod entries;
pub mod event;
pub mod explore;
pub mod export;
pub mod fairness;
pub mod fault;
pub mod frame;
pub mod glossary;
pub mod hash;
pub mod history;
pub mod invariant;
pub mod judge;
pub mod kit;
pub mod lesson;
pub mod link;
pub mod mark;
pub mod memory;
pub mod moment;
pub mod naming;
pub mod network;
pub mod node;
pub mod probe;
pub mod process;
pub mod program;
pub mod question;
pub mod quorum;
pub mod rng;
pub mod runs;
pub mod search;
pub mod settings;
pub mod shared;
pub mod shiviz;
pub mod sorted;
pub mod stamps;
pub mod standing;
pub mod sweep;
pub mod testing;
pub mod text;
pub mod time;
pub mod timeline;
pub mod world;

/// The kernel's revision: raised when it gives other runs than before, whatever the protocol. Links
/// carry it.
pub const KERNEL: u32 = 3;
