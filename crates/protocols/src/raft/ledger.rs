//! A second machine on the same log: where a store keeps the latest value of a key, a ledger adds up.

use std::hash::{Hash, Hasher};

use faultline_sim::hash::{hex, stable_hash};
use faultline_sim::settings::Switch;
use faultline_sim::sorted::SortedMap;
use faultline_sim::world::World;
use serde::Serialize;

use super::{Command, Index, Role, Server};
use crate::parts::kv::{KvMachine, Op};

pub const LEDGER: Switch = Switch::off(
    "ledger",
    "The log also feeds a ledger: each written number is added to an account",
);

/// Accounts, and a chain over all that was booked: equal heads, equal histories.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Ledger {
    pub accounts: SortedMap<String, i64>,
    pub booked: u32,
    /// The hash of the latest record and of the head before it.
    pub head: u64,
}

/// Nothing without a record, so that runs without a ledger keep the hashes that links know.
impl Hash for Ledger {
    fn hash<H: Hasher>(&self, state: &mut H) {
        if !self.is_empty() {
            (&self.accounts, self.booked, self.head).hash(state);
        }
    }
}

impl Ledger {
    pub fn is_empty(&self) -> bool {
        self.booked == 0
    }

    /// A write of a whole number is booked; anything else is no business of a ledger.
    pub fn apply(&mut self, index: Index, command: &Command) {
        let Command::Client(Op::Write { key, value }) = command else {
            return;
        };
        let Ok(amount) = value.parse::<i64>() else {
            return;
        };
        let account = self.accounts.entry(key.clone()).or_default();
        *account = account.saturating_add(amount);
        self.booked += 1;
        self.head = stable_hash(&(self.head, index, key, amount));
    }

    /// The first digits of the head, for people.
    pub fn short_head(&self) -> String {
        hex(self.head).chars().take(6).collect()
    }
}

/// How many different states the live servers have that have applied the most entries.
pub fn states(world: &World) -> Option<f64> {
    let servers = || {
        let live = world.live().filter_map(|id| world.node::<Server>(id));
        live.filter(|server| server.role != Role::Client)
    };
    let most = servers().map(|server| server.last_applied).max()?;
    let mut states: Vec<(&KvMachine, &Ledger)> = Vec::new();
    for server in servers().filter(|server| server.last_applied == most) {
        let state = (&server.machine.kv, &server.machine.ledger);
        if !states.contains(&state) {
            states.push(state);
        }
    }
    Some(states.len() as f64)
}
