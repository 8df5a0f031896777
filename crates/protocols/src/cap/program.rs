//! The listing as it runs in Node, and what its variables hold at a node of the run.

use faultline_sim::process::NodeId;
use faultline_sim::program::Program;
use faultline_sim::world::World;

use super::descriptor::ANSWER;
use super::{Node, is_member, rules, told};

pub static PROGRAM: Program = Program {
    source: include_str!("program.js"),
    values,
};

fn values(world: &World, id: NodeId) -> Vec<(&'static str, String)> {
    let settings = world.settings();
    let Some(node) = world.node::<Node>(id).filter(|_| is_member(settings, id)) else {
        return Vec::new();
    };
    let object = |each: Vec<String>| match each.is_empty() {
        true => "{}".to_owned(),
        false => format!("{{ {} }}", each.join(", ")),
    };
    let data = node
        .data
        .iter()
        .filter(|(_, entry)| !entry.values.is_empty());
    let data =
        data.map(|(key, entry)| format!("{key}: '{}'", told(&rules(settings).values(entry))));
    let version = node.version.iter().filter(|(_, number)| **number > 0);
    let version = version.map(|(key, number)| format!("{key}: {number}"));
    vec![
        ("this.id", id.0.to_string()),
        (
            "this.preferConsistency",
            (!settings.at(id).switch(&ANSWER)).to_string(),
        ),
        ("this.partitioned", node.partitioned.to_string()),
        ("this.data", object(data.collect())),
        ("this.version", object(version.collect())),
    ]
}
