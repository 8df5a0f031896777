//! What people may ask of a miner: a payment, a change by hand, and hashes to play with.

use faultline_sim::process::NodeId;
use serde::{Deserialize, Serialize};

use super::hash::{BlockHash, search_text};

/// What people may ask of a miner.
#[derive(Clone, Debug, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Request {
    /// Pay from this node's account.
    Pay { to: NodeId, amount: u64 },
    /// Write into a stored block that another node made it.
    Edit { height: u64, by: NodeId },
    /// The SHA-256 of a text.
    Hash { text: String },
    /// The hash of a header of 80 bytes, given in hexadecimal digits.
    Header { hex: String },
    /// The first number that, behind a text, makes a hash begin with so many hexadecimal zeros.
    Search { text: String, zeros: u32 },
}

/// How a request ended.
#[derive(Clone, Debug, Hash, Serialize)]
pub enum Reply {
    /// The payment has its confirmations.
    Confirmed {
        height: u64,
    },
    Edited {
        height: u64,
    },
    Hash {
        hash: String,
    },
    Number {
        n: u32,
        hash: String,
    },
    /// It had no effect.
    Refused {
        why: String,
    },
    /// The node crashed. Others may know of the payment.
    Unknown {
        why: String,
    },
}

/// The hash of 80 bytes, written as Bitcoin does.
pub fn header_hash(hex: &str) -> Reply {
    let digits: Option<Vec<u8>> = hex.chars().map(|c| Some(c.to_digit(16)? as u8)).collect();
    match digits {
        Some(digits) if digits.len() == 160 => {
            let bytes: Vec<u8> = digits
                .chunks(2)
                .map(|pair| (pair[0] << 4) | pair[1])
                .collect();
            let hash = BlockHash::twice(&bytes).written();
            Reply::Hash { hash }
        }
        _ => Reply::Refused {
            why: "a header has 80 bytes, which are 160 digits".to_owned(),
        },
    }
}

/// Numbers that a search of a person tries.
const MOST_TRIES: u32 = 1 << 18;

pub fn search(text: &str, zeros: u32) -> Reply {
    match search_text(text, zeros, MOST_TRIES) {
        Some((n, hash)) => Reply::Number {
            n,
            hash: hash.hex(),
        },
        None => Reply::Refused {
            why: format!("none of the first {MOST_TRIES} numbers does it"),
        },
    }
}
