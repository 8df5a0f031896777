//! A balancer knows what its servers tell with their answers, and how many of them it may use.

use faultline_sim::process::{Context, NodeId};
use faultline_sim::sorted::SortedMap;
use faultline_sim::time::Duration;
use serde::Serialize;

use super::params::TO;
use super::{Message, Node};

#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct Balancer {
    /// How many of its servers it uses, the first ones; 0: all. On disk.
    pub limit: u32,
    /// How busy each server was when it answered last, in per cent.
    pub heard: SortedMap<NodeId, u32>,
    /// Servers in use times microseconds: what they cost.
    pub paid: u64,
    pub used: u32,
}

impl Balancer {
    pub fn recover(&self) -> Self {
        Self {
            heard: SortedMap::new(),
            ..self.clone()
        }
    }

    pub fn hear(&mut self, from: NodeId, load: u32) {
        self.heard.insert(from, load);
    }

    pub fn look(&mut self, length: Duration) {
        self.paid += u64::from(self.used) * length.0;
    }

    /// The mean of the servers in use.
    pub fn load(&self, cx: &Context<Node>) -> u32 {
        let mut all = cx.nodes(&TO).to_vec();
        if self.limit > 0 {
            all.truncate(self.limit as usize);
        }
        let load: u32 = all.iter().filter_map(|id| self.heard.get(id)).sum();
        load.checked_div(all.len() as u32).unwrap_or(0)
    }
}

impl Node {
    pub(super) fn report_load(&mut self, cx: &mut Context<Self>, to: NodeId) {
        let of = cx.nodes(&TO).len() as u32;
        let used = self.targets(cx).len() as u32;
        let load = self.load(cx);
        cx.send(to, Message::Measured { load, used, of });
    }
}
