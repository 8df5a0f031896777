//! Messages: their start and their end.

use faultline_sim::event::Loss;
use faultline_sim::network::Address;
use faultline_sim::time::Time;

/// How a message ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is still in flight.
    Flying,
    /// It was delivered.
    Delivered,
    /// It was lost, for this reason.
    Lost(Loss),
}

/// One message or copy.
#[derive(Clone, Debug)]
pub struct Message {
    /// Its address.
    pub address: Address,
    /// The name of its variant.
    pub kind: &'static str,
    /// The record of its sending; for a copy, that of the original.
    pub sent: u64,
    /// The time of that record.
    pub sent_at: Time,
    /// The number of that record at its node.
    pub(crate) sent_own: u32,
    /// The record that started it: the sending, or the making of a copy.
    pub from: u64,
    /// The record that ended it; 0 while it is in flight.
    pub end: u64,
    /// The time of that record.
    pub ended_at: Time,
    /// How it ended.
    pub fate: Fate,
    /// The delay by commands and slow links, in microseconds.
    pub late: u64,
    /// Whether a person held it.
    pub held: bool,
    /// The number of the message that overtook it: one on the same link that was sent later and arrived
    /// earlier.
    pub overtaken_by: Option<u32>,
}

impl Message {
    /// Whether it is a copy.
    #[must_use]
    pub fn is_copy(&self) -> bool {
        self.address.copy > 0
    }
}
