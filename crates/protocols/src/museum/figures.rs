//! What the nodes show: the same state through one lens, or a little of each.

use std::rc::Rc;

use faultline_sim::frame::{
    Figure, NodeFrame, Pips, Ring as Picture, RingItem, RingOwner, Tone, Word, colour,
};
use faultline_sim::process::NodeId;
use faultline_sim::settings::Settings;
use faultline_sim::text::{and_list, counted};
use faultline_sim::time::Duration;
use faultline_sim::world::World;

use super::client::{rules, values};
use super::descriptor::{EVERY, LENS};
use super::election::Election;
use super::probes::{due, keys, live, lost_keys, without_copies};
use super::{Message, Museum};
use crate::elections::{self, follows, leader_word};
use crate::parts::versions::Entry;
use crate::words;

/// Keys that a node shows beside its body.
const CHIPS: usize = 3;

pub fn draw(node: &Museum, settings: &Settings, to: &mut NodeFrame) {
    to.set("member", Tone::Calm);
    match settings.choice(&LENS) {
        "dissemination" => dissemination(node, settings, to),
        "election" => election(node, to),
        "partitioning" => partitioning(node, to),
        "causality" => causality(node, settings, to),
        _ => all(node, settings, to),
    }
}

/// The members that it thinks have failed.
fn failed(node: &Museum) -> Vec<NodeId> {
    let members = node.members.iter();
    let failed = members.filter(|(_, member)| member.failed);
    failed.map(|(id, _)| *id).collect()
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_seconds())
}

fn all(node: &Museum, settings: &Settings, to: &mut NodeFrame) {
    election(node, to);
    // The nodes stand close together beside the ring: few words each.
    if let (Some(leader), "follower") = (node.leader, to.role.as_str()) {
        to.label = format!("Follows {}", leader.0);
    }
    to.figures.clear();
    let failed = failed(node);
    if !failed.is_empty() {
        let names = words::nodes(&failed).to_lowercase();
        to.chips.push(format!("{names} failed"));
    }
    to.inside = Some(Word::of(keys_word(owned(node, to.id).len())));
    let torn = node
        .store
        .iter()
        .filter(|(_, entry)| entry.values.len() > 1);
    for (key, entry) in torn.take(CHIPS) {
        let both = values(settings, entry).join(" or ");
        to.chips.push(format!("{key} = {both}"));
    }
    to.fields([
        ("thinks alive", and_list(node.view().iter().map(|id| id.0))),
        ("leader", leader_word(node.leader)),
        ("keys it owns", and_list(owned(node, to.id).iter())),
        ("heartbeats counted", node.count.to_string()),
    ]);
    to.figures.push(members(node));
    to.figures.push(table(node, settings));
    to.figures.push(Figure::Ring(Rc::new(picture(node, to.id))));
}

/// Dissemination: the counts, and for how long each has not grown.
fn dissemination(node: &Museum, settings: &Settings, to: &mut NodeFrame) {
    let (all, view) = (node.members.len() + 1, node.view().len());
    to.set("member", Tone::Calm);
    to.label = format!("sees {view} of {all} alive");
    to.inside = Some(Word::of(node.count));
    if view < all {
        to.tone = Tone::Suspect;
    }
    let slow = Duration(settings.duration(&EVERY).0 * 3);
    for (id, member) in &node.members {
        if member.failed {
            to.chips.push(format!("node {} failed", id.0));
        } else if member.silent >= slow {
            let silent = seconds(member.silent);
            to.chips.push(format!("node {} silent {silent}", id.0));
        }
    }
    to.figures.push(members(node));
}

fn members(node: &Museum) -> Figure {
    let row = |(id, member): (&NodeId, &super::Member)| {
        let opinion = if member.failed { "failed" } else { "alive" };
        vec![
            format!("node {}", id.0),
            member.count.to_string(),
            seconds(member.silent),
            opinion.to_owned(),
        ]
    };
    let head = [
        "member",
        "heartbeat count",
        "has not grown for",
        "thinks it is",
    ];
    Figure::Table {
        head: head.map(str::to_owned).to_vec(),
        rows: node.members.iter().map(row).collect(),
    }
}

/// Election: who leads, and what the leader orders.
fn election(node: &Museum, to: &mut NodeFrame) {
    let leads = node.leads(to.id);
    let (role, tone) = match (leads, node.election) {
        (_, Some(Election::Ok)) => ("electing", Tone::Candidate),
        (_, Some(Election::Announcement)) => ("waiting", Tone::Busy),
        (true, None) => ("leader", Tone::Leader),
        (false, None) => ("follower", Tone::Calm),
    };
    to.set(role, tone);
    to.label = match role {
        "leader" => "Leader".to_owned(),
        "follower" => follows(node.leader),
        role => words::label(role),
    };
    match node.election {
        Some(Election::Ok) => to.chips.push("waits for an OK".to_owned()),
        Some(Election::Announcement) => to.chips.push("has an OK".to_owned()),
        None => {}
    }
    let (of, open) = (node.ordered.len() as u32, node.waits_for.len() as u32);
    if open > 0 {
        to.chips.push("has ordered copies".to_owned());
        to.pips = Some(Pips {
            yes: of.saturating_sub(open),
            no: 0,
            need: of,
            of,
        });
    }
    to.fields([
        ("leader", leader_word(node.leader)),
        ("orders given", node.orders.to_string()),
        ("waits for", or_none(and_list(node.waits_for.iter()))),
    ]);
}

fn or_none(text: String) -> String {
    if text.is_empty() {
        "nobody".to_owned()
    } else {
        text
    }
}

fn keys_word(count: usize) -> String {
    counted(count as u64, "key", "keys")
}

/// The keys in its store that belong to it, by its own ring.
fn owned(node: &Museum, me: NodeId) -> Vec<String> {
    let own = node
        .store
        .keys()
        .filter(|key| node.owners(key).contains(&me));
    own.cloned().collect()
}

/// Partitioning: the ring of its view, and which keys it owns on it.
fn partitioning(node: &Museum, to: &mut NodeFrame) {
    let own = owned(node, to.id);
    let spare = node.store.len() - own.len();
    to.set(
        "owner",
        if own.is_empty() {
            Tone::Calm
        } else {
            Tone::Good
        },
    );
    to.label = format!("owns {}", keys_word(own.len()));
    to.inside = Some(Word::of(keys_word(own.len())));
    if !own.is_empty() {
        to.chips.push(own.join(", "));
    }
    if spare > 0 {
        let spare = counted(spare as u64, "old copy", "old copies");
        to.chips.push(spare);
    }
    let row = |key: &String| {
        let owners = node.owners(key);
        vec![
            key.clone(),
            and_list(owners.iter().map(|id| id.0)),
            if owners.contains(&to.id) { "yes" } else { "no" }.to_owned(),
        ]
    };
    let rows = node.store.keys().map(row).collect();
    let head = ["key here", "owners by its ring", "its own"].map(str::to_owned);
    to.figures.push(Figure::Table {
        head: head.to_vec(),
        rows,
    });
    to.figures.push(Figure::Ring(Rc::new(picture(node, to.id))));
}

/// The ring as this node knows it, with the keys that it stores.
fn picture(node: &Museum, me: NodeId) -> Picture {
    let ring = &node.ring;
    let at = |id: NodeId| ring.members.binary_search(&id).map_or(0, |at| at as u32);
    let points = ring.points.iter();
    let points = points.map(|(place, id)| (ring.rules.share_of(*place), at(*id)));
    let owner = |id: &NodeId| RingOwner {
        name: format!("node {}", id.0),
        node: *id,
        member: true,
        holds: (*id == me).then(|| owned(node, me).len() as u32),
    };
    let item = |key: &String| {
        let hash = ring.rules.hash(key);
        RingItem {
            at: ring.rules.share_of(hash),
            label: key.clone(),
            owner: ring.owner(hash).map(at),
            typed: true,
        }
    };
    Picture {
        owners: ring.members.iter().map(owner).collect(),
        places: ring.rules.places(),
        points: points.collect(),
        items: node.store.keys().map(item).collect(),
        ..Picture::default()
    }
}

/// Causality: values with their vectors.
fn causality(node: &Museum, settings: &Settings, to: &mut NodeFrame) {
    let torn = |entry: &&Rc<Entry>| entry.values.len() > 1;
    let tone = match (node.store.is_empty(), node.store.values().any(|e| torn(&e))) {
        (true, _) => Tone::Calm,
        (false, true) => Tone::Busy,
        (false, false) => Tone::Good,
    };
    to.set("replica", tone);
    let mut entries = node.store.iter();
    let shown = entries.find(|(_, entry)| torn(entry));
    let shown = shown.or_else(|| node.store.iter().next());
    to.label = match shown {
        None => "Nothing yet".to_owned(),
        Some((key, entry)) => format!("{key} = {}", values(settings, entry).join(" or ")),
    };
    if let Some((_, entry)) = shown {
        to.inside = Some(match &values(settings, entry)[..] {
            [one] => Word::of(one),
            many => Word::of(counted(many.len() as u64, "value", "values")),
        });
        if let [one] = &values(settings, entry)[..] {
            to.colour = colour(one);
        }
        let highest = node.members.keys().copied().max().unwrap_or(to.id);
        let nodes = (1..=highest.max(to.id).0).map(NodeId);
        to.figures.push(Figure::Vector {
            parts: nodes.map(|id| u64::from(entry.seen.count(id))).collect(),
            own: to.id.index(),
        });
    }
    for (key, entry) in node.store.iter().take(CHIPS) {
        to.chips.push(format!("{key} {}", versions(entry)));
    }
    to.figures.push(table(node, settings));
}

/// The vectors of a key's values: `n1:2 n3:1`; two of them, if neither write knew of the other.
fn versions(entry: &Entry) -> String {
    let tags = entry.values.iter().map(|written| written.tag.to_string());
    let tags: Vec<String> = tags.collect();
    match tags.join(" and ") {
        none if none.is_empty() => "has no vector".to_owned(),
        tags => tags,
    }
}

fn table(node: &Museum, settings: &Settings) -> Figure {
    let row = |(key, entry): (&String, &Rc<Entry>)| {
        let values = rules(settings).values(entry).join(" or ");
        vec![key.clone(), values, versions(entry)]
    };
    let head = ["key", "value", "vector"].map(str::to_owned);
    Figure::Table {
        head: head.to_vec(),
        rows: node.store.iter().map(row).collect(),
    }
}

/// What a message says. Gossip says nothing that a word could hold.
pub fn word(message: &Message) -> Option<Word> {
    Some(match message {
        Message::Gossip { .. } => return None,
        Message::Election => Word::of("ELECTION"),
        Message::Ok => Word::of("OK"),
        Message::Coordinator { .. } => Word::of("COORDINATOR"),
        Message::Repair { .. } => Word::of("copy!"),
        Message::Copy { copies, .. } => Word::of(keys_word(copies.len())),
        Message::Copied { .. } | Message::Stored { .. } => Word::of("stored"),
        Message::Repaired { .. } => Word::of("done"),
        Message::Put { key, value, .. } => Word::of(format_args!("{key} = {value}")),
        Message::Get { key, .. } => Word::of(format_args!("{key}?")),
        Message::Store { key, entry, .. } => match &entry.values[..] {
            [one] => Word::of(format_args!("{key} = {}", one.value)),
            many => Word::of(format_args!("{key}: {} values", many.len())),
        },
        Message::Found { entry, .. } => match &entry.values[..] {
            [] => Word::of("nothing"),
            [one] => Word::of(&one.value),
            many => Word::of(counted(many.len() as u64, "value", "values")),
        },
    })
}

/// One sentence through the lens; without one, through the first that has news.
pub fn narrate(world: &World) -> Option<String> {
    match world.settings().choice(&LENS) {
        "dissemination" => tell_views(world).or(Some(
            "Every live node sees every other live node, and no other.".to_owned(),
        )),
        "election" => tell_leader(world),
        "partitioning" => tell_copies(world).or_else(|| all_copies(world)),
        "causality" => tell_siblings(world).or(Some("Each key has one value.".to_owned())),
        _ => {
            let one = follow_one(world);
            let news = tell_views(world).or_else(|| tell_leader(world).filter(|_| !one));
            let news = news.or_else(|| tell_copies(world));
            news.or_else(|| tell_siblings(world))
                .or_else(|| all_copies(world))
        }
    }
}

fn tell_leader(world: &World) -> Option<String> {
    elections::narrate(world, |id| {
        let node = world.node::<Museum>(id);
        node.is_some_and(|node| node.election.is_some())
    })
}

/// Whether all live nodes follow one leader, and nobody looks for another.
fn follow_one(world: &World) -> bool {
    let mut leaders = live(world).map(|(_, node)| node.leader);
    let first = leaders.next().flatten();
    let calm = live(world).all(|(_, node)| node.election.is_none());
    calm && first.is_some() && leaders.all(|leader| leader == first)
}

/// Who is wrong about whom.
fn tell_views(world: &World) -> Option<String> {
    let count = live(world).count();
    let gone = |id: &NodeId| !world.is_live(*id);
    let mut ghosts = live(world).flat_map(|(_, node)| node.view().iter().copied());
    if let Some(ghost) = ghosts.find(gone) {
        let knows = live(world).filter(|(_, node)| !node.view().contains(&ghost));
        return Some(match knows.count() {
            0 => format!("Node {} is down, and no node has noticed.", ghost.0),
            some => format!(
                "Node {} is down. {some} of {count} live nodes think so.",
                ghost.0
            ),
        });
    }
    let blind = |id: &NodeId| {
        live(world)
            .filter(|(_, node)| !node.view().contains(id))
            .count()
    };
    let unseen = world.live().find(|id| blind(id) > 0)?;
    let (id, some) = (unseen.0, blind(&unseen));
    let think = if some == 1 { "does" } else { "do" };
    Some(format!(
        "Node {id} is up. {some} of {count} live nodes {think} not know it."
    ))
}

/// Keys that lack copies.
fn tell_copies(world: &World) -> Option<String> {
    let (short, lost) = (without_copies(world), lost_keys(world));
    if !lost.is_empty() {
        let it_is = if lost.len() == 1 { "It is" } else { "They are" };
        let keys = and_list(lost.iter().take(CHIPS));
        let disks = "only on the disks of nodes that are down";
        return Some(format!("No live node has {keys}. {it_is} {disks}."));
    }
    let (keys, due) = (keys(world), due(world));
    let some = short.len();
    let have = if some == 1 { "has" } else { "have" };
    (some > 0).then(|| {
        let copies = counted(due, "copy", "copies");
        format!("{some} of {keys} keys {have} fewer than {copies}.")
    })
}

fn all_copies(world: &World) -> Option<String> {
    let due = counted(due(world), "copy", "copies");
    Some(match keys(world) {
        0 => "No key is stored yet.".to_owned(),
        1 => format!("The only key has {due}."),
        keys => format!("Each of the {keys} keys has {due}."),
    })
}

/// A key with values that did not know of each other.
fn tell_siblings(world: &World) -> Option<String> {
    let torn = |(_, node): (NodeId, &Museum)| {
        let mut entries = node.store.iter();
        let (key, entry) = entries.find(|(_, entry)| entry.values.len() > 1)?;
        Some((key.clone(), values(world.settings(), entry)))
    };
    let (key, values) = live(world).find_map(torn)?;
    Some(match values.as_slice() {
        [_] => {
            format!("{key} was written twice with the same value. Neither write knew of the other.")
        }
        _ => format!(
            "{key} has the values {}. Neither write knew of the other.",
            and_list(values.iter())
        ),
    })
}
