//! How the service and the others show themselves.

use faultline_sim::frame::{NodeFrame, Tone};
use faultline_sim::probe::self_declared;
use faultline_sim::settings::Settings;
use faultline_sim::world::World;

use super::{Lease, SERVICE};
use crate::elections::{follows, leader_word};

pub(super) fn draw(node: &Lease, _settings: &Settings, to: &mut NodeFrame) {
    if let Some(service) = &node.service {
        to.set("lock service", Tone::Coordinator);
        to.label = match service.holder {
            Some(holder) => format!("lease {}: {}", service.epoch, holder.0),
            None => "free".to_owned(),
        };
        return to.fields([
            ("holder", leader_word(service.holder)),
            ("leases given", service.epoch.to_string()),
        ]);
    }
    match node.leads {
        Some(epoch) => {
            to.set("leader", Tone::Leader);
            to.label = format!("LEADER e{epoch}");
        }
        None => {
            to.set("follower", Tone::Calm);
            to.label = follows(node.follows);
        }
    }
    to.fields([
        ("follows", leader_word(node.follows)),
        ("newest lease it has obeyed", node.obeyed.to_string()),
        ("asked", node.asked.to_string()),
    ]);
}

/// One sentence on what is going on.
pub(super) fn narrate(world: &World) -> Option<String> {
    let leaders: Vec<String> = self_declared(world).map(|id| id.0.to_string()).collect();
    let serves = world.live().any(|id| id == SERVICE);
    Some(match (leaders.as_slice(), serves) {
        ([], true) => "Nobody leads: the old lease must end first.".to_owned(),
        ([], false) => "Nobody leads, and nobody can: the lock service is down.".to_owned(),
        ([leader], true) => format!("{leader} leads, as long as it renews its lease."),
        ([leader], false) => format!("{leader} leads for the rest of its lease."),
        (many, _) => format!("{} each believe that they lead.", many.join(" and ")),
    })
}
