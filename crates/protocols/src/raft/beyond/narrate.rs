//! The sentence on what matters now, while voters may change.

use faultline_sim::process::NodeId;
use faultline_sim::sorted::sort_by_key;
use faultline_sim::text::and_list;
use faultline_sim::world::World;

use super::super::{Role, Server};
use super::Config;
use crate::words::nodes;

pub(in crate::raft) fn narrate(world: &World) -> Option<String> {
    let server = |id: NodeId| world.node::<Server>(id);
    let leads = |id: &NodeId| server(*id).is_some_and(|s| s.role == Role::Leader);
    let mut leaders: Vec<NodeId> = world.live().filter(leads).collect();
    sort_by_key(&mut leaders, |id| server(*id).map(|s| s.current_term));
    let [old @ .., newest] = leaders.as_slice() else {
        return Some("No leader. The voter whose timer runs out first will ask for votes.".into());
    };
    let leader = server(*newest)?;
    let first = Config::first(world.settings());
    let config = leader.config().unwrap_or(&first);
    let list = |ids: &[NodeId]| and_list(ids.iter().map(|id| id.0));
    let mut said = format!("{} leads term {}.", nodes(&[*newest]), leader.current_term);
    if config.is_joint() {
        let (old, new) = (list(&config.old), list(&config.voters));
        said = format!("{said} It needs a majority of {old} and a majority of {new}.");
    } else {
        said = format!("{said} It counts the votes of {}.", list(&config.voters));
    }
    if let [other, ..] = old {
        said = format!("{said} {} still thinks that it leads.", nodes(&[*other]));
    }
    Some(said)
}
