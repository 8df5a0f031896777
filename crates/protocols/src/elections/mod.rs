//! What elections have in common, whatever their algorithm: who may be told to start one, what is
//! counted, what must come of it, and how it is put in a sentence.

use faultline_sim::descriptor::{RequestForm, json};
use faultline_sim::frame::Life;
use faultline_sim::invariant::{Check, Expectation, InvariantSpec};
use faultline_sim::mark::Mark;
use faultline_sim::probe::{Count, ProbeSpec, self_declared};
use faultline_sim::process::NodeId;
use faultline_sim::settings::Param;
use faultline_sim::world::World;
use serde::{Deserialize, Serialize};

pub const NODES: Param =
    Param::number("nodes", "Number of nodes", "nodes", 5.0, (1.0, 50.0)).at_start();
pub const STARTER: Param = Param::nodes("starter", "Nodes that start an election", "1");
pub const CRASHED: Param = Param::nodes("crashed", "Nodes that are down at the start", "");

/// Counts as an election.
pub const STARTS: Mark = Mark::new("starts-election", "starts an election");
/// Counts as a claim to lead.
pub const LEADS: Mark = Mark::new("leads", "becomes the leader");
/// A leader of an earlier term is late.
pub const IGNORES: Mark = Mark::new("ignores", "ignores {}: term {} is over");
/// The announced leader has a lower number than this node.
pub const WILL_NOT_FOLLOW: Mark = Mark::new(
    "will-not-follow",
    "refuses to follow {}, whose number is lower",
);

/// What a person may ask a node to do.
#[derive(Clone, Debug, Hash, Serialize, Deserialize)]
pub enum Request {
    Start,
    Notice,
}

/// It has begun.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Started;

pub const START: RequestForm = RequestForm::new("Start an election", || json(Request::Start));
pub const NOTICE: RequestForm =
    RequestForm::new("Notice that the leader failed", || json(Request::Notice));

/// How often an election was started.
pub const ELECTIONS: ProbeSpec = ProbeSpec {
    name: "elections",
    title: "Elections started",
    unit: "elections",
    make: || Count::marks(&STARTS),
};

/// How often somebody took the lead.
pub const CLAIMS: ProbeSpec = ProbeSpec {
    name: "claims",
    title: "Times a node became leader",
    unit: "times",
    make: || Count::marks(&LEADS),
};

/// Garcia-Molina's assertion 1 and 2, at rest: one coordinator, known to all who are up.
pub const AGREEMENT: InvariantSpec = InvariantSpec {
    name: "agreement",
    title: "Eventually every live node follows the highest live node",
    kind: Expectation::Eventually,
    make: || Box::new(Check(agreement)),
};

/// What the highest number is for.
pub const NO_LOWER_LEADER: InvariantSpec = InvariantSpec {
    name: "no-lower-leader",
    title: "No node follows a leader with a lower number than its own",
    kind: Expectation::Always,
    make: || Box::new(Check(no_lower_leader)),
};

fn running(world: &World) -> impl Iterator<Item = (NodeId, Option<NodeId>)> {
    world
        .ids()
        .filter(|id| world.life(*id) == Some(Life::Up))
        .map(|id| (id, world.believed_leader(id)))
}

fn agreement(world: &World) -> Result<(), String> {
    let Some((highest, _)) = running(world).last() else {
        return Ok(());
    };
    for (id, leader) in running(world) {
        match leader {
            Some(leader) if leader == highest => {}
            Some(leader) => {
                return Err(format!(
                    "{id} follows {leader}, but the highest live node is {highest}"
                ));
            }
            None => return Err(format!("{id} knows no leader")),
        }
    }
    Ok(())
}

fn no_lower_leader(world: &World) -> Result<(), String> {
    for (id, leader) in running(world) {
        if let Some(leader) = leader.filter(|leader| *leader < id) {
            return Err(format!("{id} follows {leader}, whose number is lower"));
        }
    }
    Ok(())
}

/// One sentence on who leads, and which nodes hold an election.
pub fn narrate(world: &World, asks: impl Fn(NodeId) -> bool) -> Option<String> {
    let leaders: Vec<u32> = self_declared(world).map(|id| id.0).collect();
    let asking: Vec<String> = world
        .live()
        .filter(|id| asks(*id))
        .map(|id| id.0.to_string())
        .collect();
    Some(match (leaders.as_slice(), asking.as_slice()) {
        ([leader], []) => format!("{leader} is the leader."),
        ([leader], _) => format!("{leader} leads, and an election is under way."),
        ([], []) => "Nobody leads, and nobody has noticed.".to_owned(),
        ([], [one]) => format!("Nobody leads. {one} holds an election."),
        ([], _) => format!("Nobody leads. {} hold an election.", asking.join(", ")),
        (many, _) => {
            let names: Vec<String> = many.iter().map(u32::to_string).collect();
            format!("{} each believe that they lead.", names.join(" and "))
        }
    })
}

/// A leader as a value that is shown.
pub fn leader_word(leader: Option<NodeId>) -> String {
    leader.map_or_else(|| "nobody".to_owned(), |id| id.to_string())
}

/// A leader as a program's variable holds it.
pub fn or_null(leader: Option<NodeId>) -> String {
    leader.map_or_else(|| "null".to_owned(), |id| id.0.to_string())
}

/// What stands at one who does not lead: whom it follows, because two may lead at once.
pub fn follows(leader: Option<NodeId>) -> String {
    leader.map_or_else(|| "no leader".to_owned(), |id| format!("follows {}", id.0))
}

#[cfg(test)]
mod settling;
