//! The service's side: one lease at a time, each with a larger number than the one before.

use faultline_sim::process::{Context, NodeId};
use faultline_sim::sorted::SortedSet;
use serde::Serialize;

use super::descriptor::{LEASE, WATCH};
use super::marks;
use super::{Lease, Message, Timer};

/// What the service knows. All but `waiting` is on disk.
#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct Service {
    pub holder: Option<NodeId>,
    pub epoch: u64,
    /// How often a lease was granted or renewed: the number of the timer that ends the latest one.
    pub renewals: u64,
    /// Nodes to tell when the lease expires.
    waiting: SortedSet<NodeId>,
}

impl Service {
    pub fn recover(&mut self, old: &Self) {
        self.holder = old.holder;
        self.epoch = old.epoch;
        self.renewals = old.renewals + 1;
        // A lease may still run although the service has lost its holder.
        self.holder = self
            .holder
            .or(Some(super::SERVICE))
            .filter(|_| old.epoch > 0);
    }
}

impl Lease {
    pub(super) fn receive_acquire(&mut self, cx: &mut Context<Self>, from: NodeId, number: u64) {
        let Some(service) = &mut self.service else {
            return;
        };
        match service.holder {
            Some(holder) if holder != from => {
                service.waiting.insert(from);
                return cx.send(from, Message::Busy { holder });
            }
            Some(_) => {}
            None => {
                service.epoch += 1;
                service.holder = Some(from);
                cx.mark(&marks::GRANTS, (service.epoch, from));
            }
        }
        service.waiting.remove(&from);
        cx.cancel_timer(&Timer::Expire {
            renewals: service.renewals,
        });
        service.renewals += 1;
        let (epoch, renewals) = (service.epoch, service.renewals);
        cx.set_timer(Timer::Expire { renewals }, cx.duration(&LEASE));
        cx.send(from, Message::Grant { number, epoch });
    }

    pub(super) fn expire(&mut self, cx: &mut Context<Self>, renewals: u64) {
        let Some(service) = &mut self.service else {
            return;
        };
        if service.renewals != renewals {
            return;
        }
        if let Some(holder) = service.holder.take() {
            cx.mark(&marks::LEASE_OVER, (service.epoch, holder));
        }
        if cx.switch(&WATCH) {
            for id in &std::mem::take(&mut service.waiting) {
                cx.send(*id, Message::Gone);
            }
        }
    }
}
