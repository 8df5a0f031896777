//! How the lock service and the other nodes are drawn.

use faultline_sim::frame::{NodeFrame, Tone, Word};
use faultline_sim::settings::Settings;

use super::{Lease, SERVICE};
use crate::elections::leader_word;

pub(super) fn draw(node: &Lease, _settings: &Settings, to: &mut NodeFrame) {
    if let Some(service) = &node.service {
        to.set("lock service", Tone::Coordinator);
        to.inside = Some(match service.holder {
            Some(_) => Word::of(format_args!("lease {}", service.epoch)),
            None => Word::of("free"),
        });
        to.chips.extend(service.holder.map(|holder| match holder {
            // It has lost who holds the lease, and waits until it must have expired.
            SERVICE => "holder unknown".to_owned(),
            _ => format!("held by node {}", holder.0),
        }));
        return to.fields([
            ("holder", leader_word(service.holder)),
            ("leases granted", service.epoch.to_string()),
        ]);
    }
    to.layer = 1;
    match node.leads {
        Some(epoch) => {
            to.set("leader", Tone::Leader);
            to.inside = Some(Word::of(format_args!("lease {epoch}")));
        }
        None => {
            to.set("follower", Tone::Calm);
            to.label = match node.follows {
                Some(leader) => format!("follows node {}", leader.0),
                None => "no leader".to_owned(),
            };
            let obeyed = (node.obeyed > 0).then(|| format!("obeys lease {}", node.obeyed));
            to.chips.extend(obeyed);
        }
    }
    to.fields([
        ("follows", leader_word(node.follows)),
        ("newest lease obeyed", node.obeyed.to_string()),
        ("times asked", node.asked.to_string()),
    ]);
}
