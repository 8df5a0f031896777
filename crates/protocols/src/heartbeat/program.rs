//! The listing as it runs in Node, and what its variables hold at a node of the run.

use faultline_sim::process::{NodeId, Opinion};
use faultline_sim::program::Program;
use faultline_sim::world::World;

use super::Watcher;
use super::descriptor::TIMEOUT;

pub static PROGRAM: Program = Program {
    source: include_str!("program.js"),
    values,
};

fn values(world: &World, id: NodeId) -> Vec<(&'static str, String)> {
    let Some(node) = world.node::<Watcher>(id) else {
        return Vec::new();
    };
    let settings = world.settings().at(id);
    let heard = node.detector.heard.iter();
    let heard = heard.filter(|(peer, _)| !node.detector.unheard.contains(peer));
    let last = heard.map(|(peer, at)| format!("{}: {}", peer.0, at.0 / 1_000));
    let alive = node.detector.heard.keys().map(|peer| {
        let alive = node.beliefs.get(peer) != Some(&Opinion::Failed);
        format!("{}: {alive}", peer.0)
    });
    let timer = |set: bool| if set { "set" } else { "cleared" }.to_owned();
    vec![
        ("this.nodeId", id.0.to_string()),
        ("this.timeoutMs", settings.param(&TIMEOUT).to_string()),
        ("this.lastHeartbeat", last.collect::<Vec<_>>().join(", ")),
        ("this.alive", alive.collect::<Vec<_>>().join(", ")),
        ("this.heartbeatInterval", timer(node.sending)),
        ("this.checkInterval", timer(node.checking)),
    ]
}
