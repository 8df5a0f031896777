//! What all election protocols share: parameters, requests, probes, invariants, and the sentence on
//! who leads.

use faultline_sim::descriptor::{RequestForm, json};
use faultline_sim::frame::Life;
use faultline_sim::invariant::{Check, Expectation, InvariantSpec};
use faultline_sim::mark::Mark;
use faultline_sim::probe::{Count, ProbeSpec, self_declared};
use faultline_sim::process::{NodeId, Process};
use faultline_sim::settings::Param;
use faultline_sim::world::World;
use serde::{Deserialize, Serialize};

use crate::words::nodes;

pub const NODES: Param = Param::number("nodes", "Nodes", "nodes", 5.0, (1.0, 50.0)).at_start();
pub const STARTER: Param = Param::nodes("starter", "Nodes that start an election", "1");
pub const CRASHED: Param = Param::nodes("crashed", "Nodes that are down at the start", "");

/// Counts as an election.
pub const STARTS: Mark = Mark::new("starts-election", "starts an election");
/// Counts as a claim to lead.
pub const LEADS: Mark = Mark::new("leads", "becomes the leader");
/// A leader of an earlier term announces itself too late.
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

/// The election has started.
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

/// How often a node became leader.
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
    breaks_under: None,
    make: || Box::new(Check(agreement)),
};

/// The highest number leads.
pub const NO_LOWER_LEADER: InvariantSpec = InvariantSpec {
    name: "no-lower-leader",
    title: "No node follows a leader with a lower number than its own",
    kind: Expectation::Always,
    breaks_under: None,
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

/// The direct call that is under way, where sends are calls: from, to and the message it stands for.
pub fn call<P: Process>(world: &World) -> Option<(NodeId, NodeId, &P::Message)> {
    if !world.calls_directly() {
        return None;
    }
    let address = world.in_flight().pop()?;
    let message = world.message::<P>(address)?;
    Some((address.from, address.to, message))
}

/// A call that cannot arrive, as a sentence.
pub fn unheard(world: &World, from: NodeId, to: NodeId) -> Option<String> {
    let (caller, called) = (from.0, to.0);
    if !world.is_live(to) {
        Some(format!("Node {caller} calls node {called}, which is down."))
    } else if world.network().wall(from, to).is_some() {
        Some(format!(
            "Node {caller} calls node {called}, but cannot reach it."
        ))
    } else {
        None
    }
}

/// One sentence on who leads, and which nodes hold an election; where it helps, a second one.
pub fn narrate(world: &World, asks: impl Fn(NodeId) -> bool) -> Option<String> {
    let leaders: Vec<NodeId> = self_declared(world).collect();
    let asking: Vec<NodeId> = world.live().filter(|id| asks(*id)).collect();
    Some(match (leaders.as_slice(), asking.as_slice()) {
        ([leader], []) => {
            let others = world.live().filter(|id| id != leader);
            let elsewhere = |id: &NodeId| world.believed_leader(*id) != Some(*leader);
            let strays: Vec<NodeId> = others.filter(elsewhere).collect();
            led(world, *leader, &strays)
        }
        ([leader], _) => challenged(world, *leader, &asking),
        ([], []) => match deserted(world) {
            Some(why) => format!("There is no leader, and no one has noticed yet. {why}"),
            None => "There is no leader, and no one is looking for one.".to_owned(),
        },
        ([], [_]) => format!("There is no leader. {} holds an election.", nodes(&asking)),
        ([], _) => format!("There is no leader. {} hold elections.", nodes(&asking)),
        (_, _) => each_lead(&leaders) + deaf(world, &leaders),
    })
}

/// Why two that lead do not learn of each other.
fn deaf(world: &World, leaders: &[NodeId]) -> &'static str {
    let wall = |from, to| world.network().wall(from, to).is_some();
    match *leaders {
        [one, other] if wall(one, other) && wall(other, one) => " Neither can hear the other.",
        _ => "",
    }
}

/// One leads, and these nodes hold elections.
fn challenged(world: &World, leader: NodeId, asking: &[NodeId]) -> String {
    let (leads, others) = (nodes(&[leader]), nodes(asking));
    let one = asking.len() == 1;
    let hold = if one {
        "holds an election"
    } else {
        "hold elections"
    };
    let deaf = |id: &NodeId| *id != leader && world.network().wall(leader, *id).is_some();
    let why = match (asking.iter().any(deaf), one) {
        (false, _) => String::new(),
        (true, true) => format!(" It cannot hear node {}.", leader.0),
        (true, false) => format!(" They cannot hear node {}.", leader.0),
    };
    match asking {
        [only] if *only == leader => format!("{leads} leads, and holds another election."),
        _ => format!("{leads} leads. {others} {hold}.{why}"),
    }
}

/// One leads, and these others do not follow it.
fn led(world: &World, leader: NodeId, strays: &[NodeId]) -> String {
    let leads = format!("{} leads", nodes(&[leader]));
    let others = nodes(strays);
    let knows_none = |id: &NodeId| world.believed_leader(*id).is_none();
    match strays {
        [] if world.live().count() == 1 => format!("{leads}. No other node is up."),
        [] => format!("{leads}, and every live node follows it."),
        _ if !strays.iter().all(knows_none) => {
            let follow = if strays.len() == 1 {
                "follows"
            } else {
                "follow"
            };
            format!("{leads}. {others} still {follow} another node.")
        }
        [_] => format!("{leads}. {others} has not heard of it yet."),
        _ => format!("{leads}. {others} have not heard of it yet."),
    }
}

/// Who still follows a leader that is gone.
fn deserted(world: &World) -> Option<String> {
    let followed = |id| world.believed_leader(id);
    let gone = |id: &NodeId| !world.is_live(*id);
    let leader = world.live().find_map(|id| followed(id).filter(gone))?;
    let still: Vec<NodeId> = world
        .live()
        .filter(|id| followed(*id) == Some(leader))
        .collect();
    let follow = if still.len() == 1 {
        "follows"
    } else {
        "follow"
    };
    let (still, leader) = (nodes(&still), leader.0);
    Some(format!(
        "{still} still {follow} node {leader}, which is down."
    ))
}

/// Two or more that think they lead.
pub fn each_lead(leaders: &[NodeId]) -> String {
    format!("{} each think they are the leader.", nodes(leaders))
}

/// A leader as a value that is shown.
pub fn leader_word(leader: Option<NodeId>) -> String {
    leader.map_or_else(|| "none".to_owned(), |id| id.to_string())
}

/// A leader as a program's variable holds it.
pub fn or_null(leader: Option<NodeId>) -> String {
    leader.map_or_else(|| "null".to_owned(), |id| id.0.to_string())
}

/// The label of a leader, and how often it has become one, if that is more than once.
pub fn leads_again(times: u32) -> String {
    match times {
        0 | 1 => "Leader".to_owned(),
        times => format!("Leader ({} time)", ordinal(times)),
    }
}

/// `1st`, `2nd`, `3rd`, `11th`.
pub fn ordinal(number: u32) -> String {
    let end = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{end}")
}

/// The label of a follower. It names the leader, because two may lead at once.
pub fn follows(leader: Option<NodeId>) -> String {
    leader.map_or_else(
        || "No leader".to_owned(),
        |id| format!("Follows node {}", id.0),
    )
}

#[cfg(test)]
mod settling;
