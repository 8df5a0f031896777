//! How a node of the ring is drawn, and the sentence on how keys are spread.

use std::rc::Rc;

use faultline_sim::frame::{
    Figure, NodeFrame, Ring as Picture, RingItem, RingMove, RingOwner, RingSearch, Tone, Word,
};
use faultline_sim::network::Address;
use faultline_sim::process::NodeId;
use faultline_sim::settings::Settings;
use faultline_sim::sorted::SortedMap;
use faultline_sim::text::counted;
use faultline_sim::world::World;

use super::key::{Key, names};
use super::placement::Ring;
use super::probes::{lost, nodes, reference};
use super::search::Search;
use super::{HashRing, Message, Reply, Task};
use crate::words::nodes as nodes_text;

/// Up to this many points and keys, every node draws the whole ring as it knows it; above, only the
/// first node does.
const SMALL: usize = 1_000;

pub(super) fn draw(node: &HashRing, _settings: &Settings, to: &mut NodeFrame) {
    let ring = &node.ring;
    let on = node.seats.is_member(node.me);
    let (role, tone) = match (on, node.gifts.is_empty()) {
        (false, _) => ("off the ring", Tone::Bad),
        (true, false) => ("handing over", Tone::Busy),
        (true, true) => ("member", Tone::Calm),
    };
    to.set(role, tone);
    to.label = format!("named {}", ring.rules.name(node.me));
    to.inside = Some(Word::of(keys_word(node.own)));
    let gone: usize = node.gifts.values().map(|gift| gift.keys.len()).sum();
    if gone > 0 {
        to.chips
            .push(format!("hands over {}", keys_word(gone as u32)));
    }
    let copies = node.store.len() as u32 - node.own;
    if copies > 0 && on && gone == 0 {
        to.chips.push(counted(copies, "copy", "copies"));
    }
    let name = |id: NodeId| ring.rules.name(id);
    let giving = node.gifts.iter();
    let giving = giving.map(|(to, gift)| format!("{} to {}", names(gift.keys.iter()), name(*to)));
    let giving: Vec<String> = giving.collect();
    to.fields([
        ("name", name(node.me)),
        ("keys owned", node.own.to_string()),
        ("copies for others", copies.to_string()),
        ("members known", ring.members.len().to_string()),
        ("waits for acknowledgement of", or_none(giving.join("; "))),
    ]);
    let total = node.known_keys().count() as f64;
    to.figures.push(Figure::Gauge {
        name: "keys owned (mark: the mean)".to_owned(),
        value: f64::from(node.own),
        max: total.max(1.0),
        mark: (!ring.members.is_empty()).then(|| total / ring.members.len() as f64),
    });
    if let Some(search) = &node.search {
        to.figures.push(search_table(search));
    }
    let values = node.store.iter().filter(|(_, item)| item.version > 0);
    let rows: Vec<Vec<String>> = values
        .map(|(key, item)| vec![key.to_string(), item.text.clone(), item.version.to_string()])
        .collect();
    if !rows.is_empty() {
        let head = ["key", "value", "written"].map(str::to_owned).to_vec();
        to.figures.push(Figure::Table { head, rows });
    }
    let small = ring.points.len() + node.keys as usize <= SMALL;
    let whole = small || ring.members.first() == Some(&node.me);
    let own = picture(node, whole);
    if whole || !own.items.is_empty() || own.search.is_some() {
        to.figures.push(Figure::Ring(Rc::new(own)));
    }
}

fn keys_word(count: u32) -> String {
    counted(count, "key", "keys")
}

/// What a message says. Heartbeats and lists of members say nothing that a word could hold.
pub(super) fn word(message: &Message) -> Option<Word> {
    Some(match message {
        Message::Join { .. } => Word::of("joins"),
        Message::Leave { .. } => Word::of("leaves"),
        Message::Ping { .. } | Message::News { .. } => return None,
        Message::Handover { keys, .. } => match (keys.0.keys().next(), keys.0.len()) {
            (Some(key), 1) => Word::of(key),
            (_, many) => Word::of(keys_word(many as u32)),
        },
        Message::Ack { .. } => Word::of("stored"),
        Message::Ask { task, .. } => match task {
            Task::Put { key, .. } => Word::of(format_args!("put {key}")),
            Task::Get { key } => Word::of(format_args!("get {key}")),
            Task::Count { prefix } => Word::of(format_args!("count {prefix}")),
        },
        Message::Answer { result, .. } => match result {
            Reply::Found { value, .. } => Word::of(value),
            Reply::Stored { .. } => Word::of("stored"),
            Reply::Counted { keys, .. } => Word::of(keys_word(*keys)),
            _ => Word::of("no"),
        },
    })
}

fn or_none(text: String) -> String {
    if text.is_empty() {
        "nothing".to_owned()
    } else {
        text
    }
}

/// The ring with its keys, as this node knows it, or only this node's own part.
fn picture(node: &HashRing, whole: bool) -> Picture {
    let ring = &node.ring;
    let before = node.before.as_ref();
    let gone = before.map_or(&[][..], |ring| ring.members.as_slice());
    let gone = gone.iter().filter(|id| !ring.members.contains(id));
    let everybody: Vec<NodeId> = ring.members.iter().chain(gone).copied().collect();
    let owners: SortedMap<NodeId, u32> = everybody.iter().copied().zip(0..).collect();
    let at = |id: Option<NodeId>| id.and_then(|id| owners.get(&id).copied());
    let on_circle = |ring: &Ring| ring.rules.scheme == "ring";
    let points = ring.points.iter().filter(|_| whole && on_circle(ring));
    let points = points.map(|(place, id)| {
        let owner = at(Some(*id)).unwrap_or_default();
        (ring.rules.share_of(*place), owner)
    });
    let points: Vec<_> = points.collect();
    let (mut items, mut moved) = (Vec::new(), Vec::new());
    let typed = |key: &Key| matches!(key, Key::Typed(_));
    let keys: Vec<Key> = if whole {
        node.known_keys().collect()
    } else {
        node.store
            .keys()
            .filter(|key| typed(key))
            .cloned()
            .collect()
    };
    for key in keys {
        let label = key.to_string();
        let hash = ring.rules.hash(&label);
        let owner = ring.owner(hash);
        if let Some(before) = before.filter(|_| whole) {
            let old_hash = before.rules.hash(&label);
            let old = before.owner(old_hash);
            if old != owner {
                moved.push(RingMove {
                    item: items.len() as u32,
                    from: at(old),
                    to: at(owner),
                    points: [before.owning_point(old_hash), ring.owning_point(hash)],
                });
            }
        }
        items.push(RingItem {
            at: ring.rules.share_of(hash),
            label,
            owner: at(owner),
            typed: typed(&key),
        });
    }
    let search = node.search.as_ref();
    let search = search.filter(|search| on_circle(ring) && search.ring == *ring);
    let over = search.filter(|search| search.operation.is_none());
    let walk = over.map(|search| ring.walk(search.hash, ring.rules.replicas));
    let owner = |id: &NodeId| RingOwner {
        name: ring.rules.name(*id),
        node: *id,
        member: ring.members.contains(id),
        // Only the other nodes know what they store.
        holds: (*id == node.me).then_some(node.own),
    };
    Picture {
        owners: everybody.iter().map(owner).collect(),
        places: ring.rules.places(),
        points,
        items,
        moved,
        walk: walk.unwrap_or_default(),
        search: search.map(|search| {
            let looks = search.looks.iter().take(search.done as usize);
            RingSearch {
                label: search.key.clone(),
                at: ring.rules.share_of(search.hash),
                looks: looks
                    .map(|look| [look.left, look.middle, look.right])
                    .collect(),
                found: search.found.filter(|_| over.is_some()),
            }
        }),
        partial: !whole,
    }
}

/// The comparisons so far, the latest last.
fn search_table(search: &Search) -> Figure {
    let taken = search.looks.iter().take(search.done as usize);
    let mut rows: Vec<Vec<String>> = taken
        .map(|look| {
            let (place, owner) = search.ring.points[look.middle as usize];
            vec![
                format!("{} to {}", look.left, look.right),
                look.middle.to_string(),
                place.to_string(),
                search.ring.rules.name(owner),
            ]
        })
        .collect();
    if search.operation.is_none() {
        let found = search.found.map(|at| (at, search.ring.points[at as usize]));
        let row = match found {
            Some((at, (place, owner))) => [
                at.to_string(),
                place.to_string(),
                search.ring.rules.name(owner),
            ],
            None => {
                let owner = search.ring.owner(search.hash);
                let owner = owner.map_or("none".to_owned(), |id| search.ring.rules.name(id));
                ["-".to_owned(), "-".to_owned(), owner]
            }
        };
        let mut last = vec!["found".to_owned()];
        last.extend(row);
        rows.push(last);
    }
    let (key, hash) = (&search.key, search.hash);
    let head = vec![
        format!("{key} (hash {hash}): between"),
        "compares with".to_owned(),
        "point".to_owned(),
        "owner".to_owned(),
    ];
    Figure::Table { head, rows }
}

/// One sentence on what is going on.
pub(super) fn narrate(world: &World) -> Option<String> {
    let (_, first) = reference(world)?;
    let lost = match lost(world) {
        0 => String::new(),
        1 => " 1 key is stored nowhere.".to_owned(),
        many => format!(" {many} keys are stored nowhere."),
    };
    if let Some(told) = asked(world).or_else(|| searched(world)) {
        return Some(told);
    }
    let gone = |node: &HashRing| {
        node.gifts
            .values()
            .map(|gift| gift.keys.len())
            .sum::<usize>()
    };
    let giving = nodes(world).filter(|(_, node)| !node.gifts.is_empty());
    let giving: Vec<(NodeId, usize)> = giving.map(|(id, node)| (id, gone(node))).collect();
    let keys = keys_word(giving.iter().map(|(_, keys)| *keys as u32).sum());
    match giving.as_slice() {
        [] => {}
        [(one, _)] => {
            let one = nodes_text(&[*one]);
            return Some(format!(
                "{one} hands over {keys} and waits for an acknowledgement.{lost}"
            ));
        }
        more => {
            let count = more.len();
            return Some(format!(
                "{count} nodes hand over {keys} and wait for acknowledgements.{lost}"
            ));
        }
    }
    // Keys that they store, which may be fewer than the ring assigns to them.
    let keys = |id: &NodeId| world.node::<HashRing>(*id).map_or(0, |node| node.own);
    let members = first.ring.members.iter();
    let counts: SortedMap<NodeId, u32> = members.map(|id| (*id, keys(id))).collect();
    if counts.len() > 8 {
        let most = counts.values().max()?;
        let least = counts.values().min()?;
        return Some(format!(
            "{} nodes hold {least} to {most} keys each.{lost}",
            counts.len()
        ));
    }
    // Of several with the most keys, the first.
    let (busiest, most) = counts.iter().rev().max_by_key(|(_, keys)| **keys)?;
    let all = first.known_keys().count();
    let who = nodes_text(&[*busiest]);
    Some(format!("{who} holds {most} of the {all} keys.{lost}"))
}

/// What one node asks of another for a client.
fn asked(world: &World) -> Option<String> {
    let ask = |address: Address| match world.message::<HashRing>(address)? {
        Message::Ask { task, .. } => Some((address, task)),
        _ => None,
    };
    let (address, task) = world.in_flight().into_iter().rev().find_map(ask)?;
    let (from, to) = (address.from.0, address.to.0);
    Some(match task {
        Task::Put { key, .. } => {
            format!("Node {from} sends {key} to node {to}, its owner by the ring.")
        }
        Task::Get { key } => {
            format!("Node {from} asks node {to} for {key}, its owner by the ring.")
        }
        Task::Count { .. } => {
            format!("Node {from} asks every node. No single node knows all keys.")
        }
    })
}

/// A binary search that is under way.
fn searched(world: &World) -> Option<String> {
    let under_way = |(id, node): (NodeId, &HashRing)| {
        let search = node.search.as_ref()?;
        search.operation?;
        let looks = counted(search.done, "comparison", "comparisons");
        let who = nodes_text(&[id]);
        Some(format!(
            "{who} looks for the owner of {}: {looks} so far.",
            search.key
        ))
    };
    nodes(world).find_map(under_way)
}
