//! How the cluster shows itself.

use faultline_sim::frame::{Figure, Life, NodeFrame, Tone};
use faultline_sim::process::{NodeId, Opinion};
use faultline_sim::settings::Settings;
use faultline_sim::time::LocalTime;
use faultline_sim::world::World;

use super::{Errand, Member, RETRIES, Role};

pub(super) fn draw(member: &Member, settings: &Settings, to: &mut NodeFrame) {
    match member.role {
        Role::Server => draw_server(member, to),
        Role::Client => draw_client(member, to),
    }
    if !member.open.is_empty() {
        to.figures.push(open_requests(member, settings));
    }
    if let Some(text) = &member.last_text {
        let texts = member.texts;
        to.fields([("texts received", texts.to_string()), ("latest text", text.clone())]);
    }
}

fn draw_server(member: &Member, to: &mut NodeFrame) {
    let suspects = names(member.suspects());
    let tone = if suspects.is_empty() {
        Tone::Calm
    } else {
        Tone::Suspect
    };
    to.set("server", tone);
    to.label = format!("server · {}", counted(member.counter, "ask"));
    let none = || "nobody".to_owned();
    to.fields([
        ("counter", member.counter.to_string()),
        ("request ids remembered", member.applied.len().to_string()),
        ("suspects", if suspects.is_empty() { none() } else { suspects }),
    ]);
    let rows = member.heard.iter().map(|(peer, at)| {
        let opinion = member.opinions.get(peer);
        vec![peer.to_string(), word(opinion).to_owned(), clock(*at)]
    });
    to.figures.push(Figure::Table {
        head: ["peer", "believed", "silent since (own clock)"].map(str::to_owned).to_vec(),
        rows: rows.collect(),
    });
}

fn draw_client(member: &Member, to: &mut NodeFrame) {
    to.set("client", Tone::Client);
    to.label = format!("client · {} waiting", member.open.len());
    to.fields([
        ("asked", (member.next_request - 1).to_string()),
        ("answered", member.answered.to_string()),
        ("given up", member.given_up.to_string()),
    ]);
}

fn open_requests(member: &Member, settings: &Settings) -> Figure {
    let rows = member.open.iter().map(|(number, open)| {
        let (what, most) = match &open.errand {
            Errand::Text(text) => (format!("text: {text}"), 1),
            Errand::Add(add) => (format!("count {add} more"), 1 + settings.count(&RETRIES)),
        };
        let tries = format!("{} of {}", open.tries, most.max(open.tries));
        vec![number.to_string(), open.to.to_string(), what, tries]
    });
    Figure::Table {
        head: ["request", "to", "what", "try"].map(str::to_owned).to_vec(),
        rows: rows.collect(),
    }
}

fn word(opinion: Option<&Opinion>) -> &'static str {
    match opinion {
        None => "not heard yet",
        Some(Opinion::Alive) => "alive",
        Some(Opinion::Suspected) => "suspected",
        Some(Opinion::Failed) => "failed",
    }
}

/// A node's own clock, in seconds.
fn clock(at: LocalTime) -> String {
    format!("{:.1} s", at.0 as f64 / 1e6)
}

fn counted(n: u64, thing: &str) -> String {
    let s = if n == 1 { "" } else { "s" };
    format!("{n} {thing}{s}")
}

fn names(nodes: impl IntoIterator<Item = NodeId>) -> String {
    let words: Vec<String> = nodes.into_iter().map(|id| id.to_string()).collect();
    match words.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

fn is_or_are(nodes: &[NodeId]) -> &'static str {
    if nodes.len() == 1 { "is" } else { "are" }
}

/// One sentence on what is going on.
pub(super) fn narrate(world: &World) -> Option<String> {
    let member = |id: NodeId| world.node::<Member>(id);
    let of_role = |role| {
        let has = move |id: &NodeId| member(*id).is_some_and(|m| m.role == role);
        world.ids().filter(has).collect::<Vec<_>>()
    };
    let (servers, clients) = (of_role(Role::Server), of_role(Role::Client));
    let down = of_life(world, &servers, |life| matches!(life, Life::Down { .. }));
    let paused = of_life(world, &servers, |life| matches!(life, Life::Paused { .. }));
    let up = of_life(world, &servers, |life| life == Life::Up);
    let noticed = |gone: &[NodeId]| {
        let sees = |id: &&NodeId| {
            member(**id).is_some_and(|m| m.suspects().any(|peer| gone.contains(&peer)))
        };
        format!("{} of {} servers have noticed", up.iter().filter(sees).count(), up.len())
    };
    if !down.is_empty() && !paused.is_empty() {
        return Some(format!(
            "{} {} down and {} {} paused: to the others both are only silent.",
            names(down.iter().copied()),
            is_or_are(&down),
            names(paused.iter().copied()),
            is_or_are(&paused)
        ));
    }
    if !down.is_empty() {
        let (who, be) = (names(down.iter().copied()), is_or_are(&down));
        return Some(format!("{who} {be} down; {}.", noticed(&down)));
    }
    if !paused.is_empty() {
        let (who, be) = (names(paused.iter().copied()), is_or_are(&paused));
        return Some(format!("{who} {be} paused, not down; {}.", noticed(&paused)));
    }
    let wrong = up.iter().find_map(|id| Some((*id, member(*id)?.suspects().next()?)));
    if let Some((observer, peer)) = wrong {
        return Some(format!(
            "{observer} hears nothing from {peer} and suspects it, although {peer} is alive."
        ));
    }
    let again = clients.iter().find_map(|id| {
        let open = member(*id)?.open.values().find(|open| open.tries > 1)?;
        Some((*id, open.to, open.tries))
    });
    if let Some((client, to, tries)) = again {
        return Some(format!("{client} got no answer from {to} and asks again (try {tries})."));
    }
    let alive = counted(servers.len() as u64, "server");
    Some(match clients.as_slice() {
        [] => format!("{alive} tell each other that they are alive."),
        _ => {
            let asks = if clients.len() == 1 { "asks" } else { "ask" };
            let who = names(clients);
            format!("{alive} tell each other that they are alive; {who} {asks} them in turn.")
        }
    })
}

fn of_life(world: &World, nodes: &[NodeId], is: impl Fn(Life) -> bool) -> Vec<NodeId> {
    let fits = |id: &NodeId| world.life(*id).is_some_and(&is);
    nodes.iter().copied().filter(fits).collect()
}
