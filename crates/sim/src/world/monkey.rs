//! A monkey that crashes nodes at random and brings them back, as Netflix's Chaos Monkey does with machines
//! (Basiri and others, "Chaos Engineering", IEEE Software 2016). Its choices come from the run's seed.

use super::{Scheduled, World};
use crate::command::Monkey;
use crate::frame::Tone;
use crate::process::NodeId;
use crate::rng::Rng;
use crate::time::Duration;

impl World {
    /// The monkey that is loose, if one is.
    #[must_use]
    pub fn monkey(&self) -> Option<Monkey> {
        self.monkey.map(|(monkey, _)| monkey)
    }

    pub(super) fn set_monkey(&mut self, monkey: Option<Monkey>) {
        if let Some((_, slot)) = self.monkey.take()
            && matches!(self.slots[slot as usize].what, Scheduled::Monkey)
        {
            self.release_slot(slot);
        }
        if let Some(monkey) = monkey {
            self.await_monkey(monkey);
        }
    }

    fn monkey_draw(&self) -> Rng {
        Rng::stream(self.seed, "monkey", self.now.0)
    }

    /// The next crash comes after half to one and a half of its usual time.
    fn await_monkey(&mut self, monkey: Monkey) {
        let every = monkey.every.0;
        let wait = self.monkey_draw().between(every / 2, every + every / 2);
        let slot = self.schedule(self.now + Duration(wait.max(1)), Scheduled::Monkey);
        self.monkey = Some((monkey, slot));
    }

    /// One crash. Clients are spared: a dead client says nothing about a system.
    pub(super) fn strike(&mut self) {
        let Some(monkey) = self.monkey() else {
            return;
        };
        let asks = |id: &NodeId| self.node_frame(*id).tone == Tone::Client;
        let able: Vec<NodeId> = self.live().filter(|id| !asks(id)).collect();
        let mut draw = self.monkey_draw();
        draw.next_u64();
        if let Some(id) = draw.pick(&able).copied() {
            self.crash(id, 0);
            let back = self.now + monkey.down;
            self.schedule(back, Scheduled::Rescue(id));
        }
        self.await_monkey(monkey);
    }

    /// A node that the monkey has crashed comes back, unless somebody was faster.
    pub(super) fn rescue(&mut self, id: NodeId) {
        if self.crashed().any(|down| down == id) && self.nodes[id.index()].flaky.is_none() {
            self.recover(id, 0);
        }
    }
}
