//! How the lock service and the other nodes are drawn.

use faultline_sim::frame::{NodeFrame, Tone};
use faultline_sim::probe::self_declared;
use faultline_sim::process::NodeId;
use faultline_sim::settings::Settings;
use faultline_sim::world::World;

use super::{Lease, SERVICE};
use crate::elections::{each_lead, follows, leader_word};
use crate::words::nodes;

pub(super) fn draw(node: &Lease, _settings: &Settings, to: &mut NodeFrame) {
    if let Some(service) = &node.service {
        to.set("lock service", Tone::Coordinator);
        to.label = match service.holder {
            Some(holder) => format!("Lease {}: node {}", service.epoch, holder.0),
            None => "Lease is free".to_owned(),
        };
        return to.fields([
            ("holder", leader_word(service.holder)),
            ("leases granted", service.epoch.to_string()),
        ]);
    }
    match node.leads {
        Some(epoch) => {
            to.set("leader", Tone::Leader);
            to.label = format!("Leader, lease {epoch}");
        }
        None => {
            to.set("follower", Tone::Calm);
            to.label = follows(node.follows);
        }
    }
    to.fields([
        ("follows", leader_word(node.follows)),
        ("newest lease obeyed", node.obeyed.to_string()),
        ("times asked", node.asked.to_string()),
    ]);
}

/// One sentence on what is going on.
pub(super) fn narrate(world: &World) -> Option<String> {
    let leaders: Vec<NodeId> = self_declared(world).collect();
    let serves = world.live().any(|id| id == SERVICE);
    Some(match (leaders.as_slice(), serves) {
        ([], true) => "There is no leader: the old lease must expire first.".to_owned(),
        ([], false) => "There can be no leader: the lock service is down.".to_owned(),
        ([_], true) => format!("{} leads as long as it renews its lease.", nodes(&leaders)),
        ([_], false) => format!("{} leads until its lease expires.", nodes(&leaders)),
        (_, _) => each_lead(&leaders),
    })
}
