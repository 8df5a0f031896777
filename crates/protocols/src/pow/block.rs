//! Blocks and the payments in them.

use std::fmt;

use faultline_sim::process::NodeId;
use serde::{Serialize, Serializer};

use super::hash::BlockHash;
use super::header::{Bits, Header};
use crate::parts::request::RequestId;

/// A payment. Its id stands for the coin that it spends: a chain may hold each id only once.
///
/// A wallet signs its payments; here nobody makes one for somebody else, so signatures are left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Payment {
    pub id: RequestId,
    pub to: NodeId,
    pub amount: u64,
}

impl fmt::Display for Payment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} pays {} to {}", self.id, self.amount, self.to)
    }
}

impl Serialize for Payment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A block: its header, who gets the reward, and payments.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Block {
    pub header: Header,
    /// Its miner.
    pub by: NodeId,
    pub payments: Vec<Payment>,
}

/// What is wrong with a block, whatever chain it stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// What it holds has another hash than its header says.
    Payload,
    /// Its hash does not lie below its target.
    Work,
    /// Its target is not the one that its chain asks for.
    Target,
}

impl Flaw {
    pub const fn word(self) -> &'static str {
        match self {
            Flaw::Payload => "what it holds does not fit its hash",
            Flaw::Work => "it proves too little work",
            Flaw::Target => "its target is too easy",
        }
    }
}

impl Block {
    /// The hash of what a block holds.
    pub fn payload(by: NodeId, payments: &[Payment]) -> BlockHash {
        let mut bytes = by.0.to_le_bytes().to_vec();
        for payment in payments {
            bytes.extend(payment.id.from.0.to_le_bytes());
            bytes.extend(payment.id.number.to_le_bytes());
            bytes.extend(payment.to.0.to_le_bytes());
            bytes.extend(payment.amount.to_le_bytes());
        }
        BlockHash::of(&bytes)
    }

    /// A block behind a parent, without its work.
    pub fn behind(
        parent: BlockHash,
        by: NodeId,
        payments: Vec<Payment>,
        time: u32,
        bits: Bits,
    ) -> Self {
        let payload = Self::payload(by, &payments);
        let header = Header {
            version: 1,
            parent,
            payload,
            time,
            bits,
            nonce: 0,
        };
        Self {
            header,
            by,
            payments,
        }
    }

    /// The block that all begin with. Nobody made it, and it needs no work.
    pub fn genesis(zeros: u32) -> Self {
        let bits = Bits::of_zeros(zeros);
        Self::behind(BlockHash::default(), NodeId(0), Vec::new(), 0, bits)
    }

    pub fn hash(&self) -> BlockHash {
        self.header.hash()
    }

    /// What anybody can check without the chain before it.
    pub fn check(&self) -> Result<(), Flaw> {
        if Self::payload(self.by, &self.payments) != self.header.payload {
            return Err(Flaw::Payload);
        }
        match self.header.has_work() {
            true => Ok(()),
            false => Err(Flaw::Work),
        }
    }

    /// Bytes on the network.
    pub fn size(&self) -> u64 {
        88 + 24 * self.payments.len() as u64
    }
}
