//! Messages: where they began, where and how they ended.

use faultline_sim::event::Loss;
use faultline_sim::network::Address;
use faultline_sim::time::Time;

/// How a message ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is still on its way.
    Flying,
    /// It was handed over.
    Delivered,
    /// It was lost, for this reason.
    Lost(Loss),
}

/// One message or copy.
#[derive(Clone, Debug)]
pub struct Message {
    /// Which.
    pub address: Address,
    /// Name of the variant.
    pub kind: &'static str,
    /// The record of its sending; a copy's is the original's.
    pub sent: u64,
    /// When that was.
    pub sent_at: Time,
    /// The number of that record at its node.
    pub(crate) sent_own: u32,
    /// The record that began it: the sending, or a copy's making.
    pub from: u64,
    /// The record that ended it; 0 while it flies.
    pub end: u64,
    /// When that was.
    pub ended_at: Time,
    /// How it ended.
    pub fate: Fate,
    /// By how many microseconds commands and slow links delayed it.
    pub late: u64,
    /// A person held it.
    pub held: bool,
    /// It was overtaken: the number of the message that was sent later on the same way and arrived
    /// before it.
    pub overtaken_by: Option<u32>,
}

impl Message {
    /// Whether it is a copy.
    #[must_use]
    pub fn is_copy(&self) -> bool {
        self.address.copy > 0
    }
}
