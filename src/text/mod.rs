//! Every sentence that a person reads outside lessons, in one place, ready for translation.

pub mod asking;
pub mod beliefs;
pub mod boards;
pub mod breaking;
pub mod broken;
pub mod caption;
pub mod chain;
pub mod challenge;
pub mod clocks;
pub mod compare;
pub mod costs;
pub mod course;
pub mod curve;
pub mod event;
pub mod exports;
pub mod finding;
pub mod history;
pub mod hunting;
pub mod labsheet;
pub mod league;
pub mod measured;
pub mod naming;
pub mod number;
pub mod program;
pub mod reading;
pub mod records;
pub mod ring;
pub mod search;
pub mod series;
pub mod settings;
pub mod share;
pub mod spacetime;
pub mod sweeps;
pub mod time;
pub mod total;
pub mod waits;

use faultline_sim::command::Command;
use faultline_sim::frame::{
    EntryState, Fate, Figure, Life, LinkFrame, LogCell, MessageFrame, NodeFrame, Tone,
};
use faultline_sim::process::{NodeId, Opinion};
use faultline_sim::time::{Duration, Time};

use self::records::Vocabulary;
use crate::moments::Spot;
use crate::theme::Theme;

pub const NAME: &str = "Faultline";
pub const BREAK_IT: &str = "Break it:";
pub const LOADING_FAILED: &str = "This scenario could not be opened.";
pub const LOADING: &str = "Loading …";
pub const ESSAY_MISSING: &str = "The text did not load. Check the network, then try again.";
pub const TRY_AGAIN: &str = "Try again";
pub const HOME_AGAIN: &str = "The home scenario opened instead.";
pub const LINK_COPIED: &str = "Link copied. It opens this run, at this instant.";
pub const LINK_NOT_COPIED: &str = "The link is in the address bar; copy it from there.";
pub const LOSS_ARMED: &str = "The next message sent will be lost.";
pub const NOTHING_TO_UNDO: &str = "Nothing to undo.";
pub const NOTHING_TO_REDO: &str = "Nothing to redo.";
pub const NO_LEADER: &str = "No running node thinks it is the leader.";
pub const TICK_FIRST: &str =
    "Tick the nodes to isolate, then press Enter or Isolate. Or draw a line between them.";
pub const CUT_SECOND: &str = "Now pick the other end of the link. Esc cancels.";
pub const LOG: &str = "log";
pub const LEGEND: &str = "Messages";
pub const SENT_SO_FAR: &str = "Messages sent so far";
pub const RESTARTED: &str = "Back at the start of the run.";
pub const PAUSED: &str = "Paused. Play (Space)";
pub const AGAIN: &str = "Again";
pub const THEMES: &str = "Theme";
pub const FORGET: &str = "Forget me";
pub const FORGET_ABOUT: &str =
    "Clears what this browser remembers: theme, shortcuts and the last run.";
pub const FORGOTTEN: &str = "This browser has forgotten everything.";
pub const LIVE_NOW: &str = "Live.";

pub const KNOWN_BUG: &str = "Known bug";

/// What a preset breaks by design: "Known bug: two leaders after a split".
#[must_use]
pub fn known_bug(breaks: &str) -> String {
    format!("{KNOWN_BUG}: {breaks}")
}

/// A number with its noun: "1 entry", "2 entries".
#[must_use]
pub fn counted(n: impl TryInto<u64>, one: &str, many: &str) -> String {
    let n = n.try_into().unwrap_or(u64::MAX);
    format!("{n} {}", if n == 1 { one } else { many })
}

/// A timer's name in words, before "timer": "election" of `ElectionTimeout`, "next request" of
/// `NextRequest`.
#[must_use]
pub fn timer_words(name: &str) -> String {
    let stem = ["Timeout", "Timer"]
        .iter()
        .find_map(|end| name.strip_suffix(end));
    let name = stem.filter(|stem| !stem.is_empty()).unwrap_or(name);
    let mut words = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.extend(letter.to_lowercase());
    }
    words
}

/// A node as people call it.
#[must_use]
pub fn node(id: NodeId) -> String {
    format!("node {}", id.0)
}

/// Several nodes: "nodes 1, 2 and 3".
#[must_use]
pub fn nodes(ids: &[NodeId]) -> String {
    match ids {
        [] => "no node".into(),
        [one] => node(*one),
        _ => format!("nodes {}", numbers(ids)),
    }
}

/// Only their numbers: "1, 2 and 3".
#[must_use]
pub fn numbers(ids: &[NodeId]) -> String {
    let number = |id: &NodeId| id.0.to_string();
    match ids {
        [most @ .., last] if !most.is_empty() => {
            let most: Vec<String> = most.iter().map(number).collect();
            format!("{} and {}", most.join(", "), last.0)
        }
        _ => ids.first().map(number).unwrap_or_default(),
    }
}

/// A length of time as a person would say it.
#[must_use]
pub fn length(length: Duration) -> String {
    match length.0 {
        us if us < 1_000 => format!("{us} µs"),
        us if us < 1_000_000 => {
            let ms = us as f64 / 1e3;
            if ms.fract() == 0.0 {
                format!("{ms} ms")
            } else {
                format!("{ms:.1} ms")
            }
        }
        us => format!("{} s", trimmed(us as f64 / 1e6)),
    }
}

fn trimmed(seconds: f64) -> String {
    let text = format!("{seconds:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// An instant, with enough digits to tell neighbouring events apart.
#[must_use]
pub fn instant(time: Time) -> String {
    format!("{:.2} s", time.seconds())
}

/// The word under a node: its real state first, else the protocol's label.
#[must_use]
pub fn state_label(node: &NodeFrame, now: Time) -> String {
    match node.life {
        Life::Down { since } => format!("down {:.1} s", now.since(since).as_seconds()),
        Life::Paused { .. } => "paused".into(),
        Life::Up => capital(&node.label),
    }
}

/// The name of a node's button on the stage: "Node 3, follower, term 2, up, thinks node 5 is the leader".
#[must_use]
pub fn node_name(node: &NodeFrame) -> String {
    let mut words = vec![format!("Node {}", node.id.0)];
    let life = match node.life {
        Life::Up => "up",
        Life::Down { .. } => "down",
        Life::Paused { .. } => "paused",
    };
    if !node.label.is_empty() && !node.label.eq_ignore_ascii_case(life) {
        words.push(node.label.clone());
    }
    if let Some(inside) = node.inside {
        words.push(inside.as_str().to_owned());
    }
    words.push(life.into());
    if let Some(style) = node.lie {
        words.push(format!("lies ({style})"));
    }
    if let Life::Up | Life::Paused { .. } = node.life {
        match node.beliefs.leader {
            Some(leader) if leader == node.id => words.push("thinks it is the leader".into()),
            Some(leader) => words.push(format!("thinks node {} is the leader", leader.0)),
            None if node.beliefs.leaders => words.push("knows no leader".into()),
            None => {}
        }
        for (peer, opinion) in &node.beliefs.peers {
            match opinion {
                Opinion::Alive => {}
                Opinion::Suspected => {
                    words.push(format!("suspects that node {} has failed", peer.0))
                }
                Opinion::Failed => words.push(format!("thinks node {} has failed", peer.0)),
            }
        }
    }
    if node.inbox > 0 {
        words.push(format!("{} in its queue", node.inbox));
    }
    words.join(", ")
}

/// What a click on a node's ⚡ will do.
#[must_use]
pub fn crash_label(node: &NodeFrame) -> String {
    match node.life {
        Life::Down { .. } => format!("Restart node {}", node.id.0),
        _ => format!("Crash node {}", node.id.0),
    }
}

/// What a click on a link's ✂ will do.
#[must_use]
pub fn cut_label(link: &LinkFrame) -> String {
    let verb = if link.cut { "Join" } else { "Cut" };
    format!("{verb} link {} to {}", link.a.0, link.b.0)
}

/// The state of a link in words.
#[must_use]
pub fn link_state(link: &LinkFrame) -> String {
    let mut words = Vec::new();
    match (&link.blocked, &link.blocked_back) {
        _ if link.cut => words.push("cut".to_owned()),
        (Some(_), Some(_)) => words.push("blocked by a partition".into()),
        (Some(_), None) => words.push(format!("blocked from {} to {}", link.a.0, link.b.0)),
        (None, Some(_)) => words.push(format!("blocked from {} to {}", link.b.0, link.a.0)),
        (None, None) => {}
    }
    if let Some(by) = link.slow.max(link.slow_back) {
        words.push(format!("{} slower", length(by)));
    }
    if link.loss > 0.0 {
        words.push(format!("loses {:.0} %", link.loss * 100.0));
    }
    if words.is_empty() {
        "normal".into()
    } else {
        words.join(", ")
    }
}

/// A message in flight in words.
#[must_use]
pub fn message_name(message: &MessageFrame) -> String {
    let (from, to) = (message.address.from.0, message.address.to.0);
    let fate = match message.fate {
        Fate::Flying if message.delayed => ", delayed",
        Fate::Flying => "",
        Fate::Held => ", held",
        Fate::Waiting => ", waiting at a paused node",
        Fate::Blocked { .. } => ", will be blocked",
    };
    let lie = if message.lie { ", a lie" } else { "" };
    format!("{} from {from} to {to}{fate}{lie}", message.kind)
}

/// A node's log in one sentence: "log 5 entries, 4 committed, 1 conflicting".
#[must_use]
pub fn log_words(figure: &Figure, conflicts: &[u64]) -> Option<String> {
    let Figure::Log {
        first,
        entries,
        commit,
        removed,
        ..
    } = figure
    else {
        return None;
    };
    let entries = first - 1 + entries.len() as u64;
    let mut words = vec![
        format!("log {}", counted(entries, "entry", "entries")),
        format!("{commit} committed"),
    ];
    if !conflicts.is_empty() {
        words.push(format!("{} conflicting", conflicts.len()));
    }
    if !removed.is_empty() {
        words.push(format!("{} truncated", removed.len()));
    }
    Some(words.join(", "))
}

/// One entry of a log: "Node 2, entry 3: term 1, x=1, committed".
#[must_use]
pub fn log_entry(id: NodeId, index: u64, cell: &LogCell, state: EntryState) -> String {
    let (node, term, text) = (capital(&node(id)), cell.term, &cell.text);
    let text = if text.is_empty() {
        String::new()
    } else {
        format!(" {text},")
    };
    format!("{node}, entry {index}: term {term},{text} {}", state.word())
}

/// The partition that a line would make while a person draws it.
#[must_use]
pub fn partition_preview(sides: Option<&[Vec<NodeId>]>) -> String {
    let Some(sides) = sides else {
        return "separates no nodes".into();
    };
    let side = |ids: &Vec<NodeId>| {
        let ids: Vec<String> = ids.iter().map(|id| id.0.to_string()).collect();
        ids.join(", ")
    };
    sides.iter().map(side).collect::<Vec<_>>().join(" | ")
}

/// A note that only some messages are drawn.
#[must_use]
pub fn not_all_drawn(drawn: usize, all: usize) -> String {
    format!("{drawn} of {all} messages drawn")
}

/// The sides of a partition: "Side A: nodes 1 and 2".
#[must_use]
pub fn side(letter: &str, ids: &[NodeId]) -> String {
    format!("Side {letter}: {}", nodes(ids))
}

/// How many nodes a side has: "Side B · 2 of 5".
#[must_use]
pub fn side_standing(letter: &str, own: usize, all: usize) -> String {
    format!("Side {letter} · {own} of {all}")
}

/// How many messages a split has cost: "12 lost".
#[must_use]
pub fn lost_at_split(lost: u64) -> String {
    format!("{lost} lost")
}

/// How many letters a text has. The standard library counts faster, with code that the first picture
/// would have to wait for.
#[must_use]
pub fn letters(text: &str) -> usize {
    let begins = |byte: &&u8| **byte & 0xC0 != 0x80;
    text.as_bytes().iter().filter(begins).count()
}

/// Why a message was lost, in two or three words beside its ✕.
#[must_use]
pub fn lost_by(cause: &str) -> String {
    let first = cause.split(' ').next().unwrap_or_default();
    let said = match first {
        "down" => "node is down",
        "removed" => "node has left",
        "loss" => "lost by chance",
        "drop" => "dropped",
        "partition" => "split",
        "oneway" => "blocked one way",
        "cut" => "link is cut",
        "lie" => "swallowed by a liar",
        "unwritten" => "disk write lost",
        "full" => "queue is full",
        _ => "lost",
    };
    said.to_owned()
}

/// "Split 2 | 3".
#[must_use]
pub fn split_label(total: usize) -> String {
    format!("Split {}|{}", total / 2, total - total / 2)
}

/// What a person just did, as a sentence in the past tense.
#[must_use]
pub fn did(command: &Command, vocabulary: &Vocabulary) -> String {
    format!("{}.", records::commands::done(command, vocabulary))
}

/// "Undone: Node 2 was crashed.", or redone.
#[must_use]
pub fn undone(command: &Command, again: bool, vocabulary: &Vocabulary) -> String {
    format!(
        "{}: {}",
        if again { "Redone" } else { "Undone" },
        did(command, vocabulary)
    )
}

/// A command without effect.
#[must_use]
pub fn missed(why: &str) -> String {
    format!("Nothing changed: {}.", why.trim_end_matches('.'))
}

/// The text with a capital first letter.
#[must_use]
pub fn capital(text: &str) -> String {
    let mut text = text.to_owned();
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}

/// After the title: "5 nodes · Bully election".
#[must_use]
pub fn about(nodes: usize, protocol: &str) -> String {
    format!("{} · {protocol}", counted(nodes, "node", "nodes"))
}

/// Why a step did nothing.
#[must_use]
pub fn no_step(forward: bool) -> String {
    if forward {
        "No more events."
    } else {
        "Already at the start."
    }
    .into()
}

/// A theme's name.
#[must_use]
pub fn theme(theme: Theme) -> &'static str {
    match theme {
        Theme::Light => "light",
        Theme::Dark => "dark",
        Theme::Projector => "projector (light, large)",
    }
}

/// The announcement of a new theme.
#[must_use]
pub fn themed(theme: Theme) -> &'static str {
    match theme {
        Theme::Light => "Light theme.",
        Theme::Dark => "Dark theme.",
        Theme::Projector => "Projector theme: your actions appear here in words.",
    }
}

/// A moment of the timeline: "4.20 s: Node 5 crashes."
#[must_use]
pub fn moment(spot: &Spot) -> String {
    format!("{}: {}", instant(spot.time), spot.text)
}

/// The announcement that time stopped at a chosen moment.
#[must_use]
pub fn stopped(spot: &Spot) -> String {
    format!("Stopped at {}", moment(spot))
}

/// The announcement that there is no further moment.
#[must_use]
pub fn no_moment(forward: bool, now: Time) -> String {
    if forward {
        format!("No important moment up to {}.", instant(now))
    } else {
        "No important moment before this one.".into()
    }
}

/// Speed as the slider says it: "1/4×", "2×".
#[must_use]
pub fn speed(factor: f64) -> String {
    if factor >= 0.99 {
        format!("{}×", trimmed(factor))
    } else {
        format!("1/{}×", trimmed(1.0 / factor))
    }
}

/// The same for a screen reader.
#[must_use]
pub fn speed_spoken(factor: f64) -> String {
    if factor >= 0.99 {
        format!("{} times", trimmed(factor))
    } else {
        format!("one {}th", trimmed(1.0 / factor))
    }
}

/// Several sentences at once for the live region: the first ones, then how many more.
#[must_use]
pub fn together(sentences: &[String]) -> String {
    const SAID: usize = 3;
    let mut said = sentences
        .iter()
        .take(SAID)
        .cloned()
        .collect::<Vec<_>>()
        .join(" ");
    if sentences.len() > SAID {
        said += &format!(" And {} more.", sentences.len() - SAID);
    }
    said
}

/// The stage's word for a role that the protocol does not name.
#[must_use]
pub fn tone(tone: Tone) -> &'static str {
    match tone {
        Tone::Calm => "",
        Tone::Busy => "busy",
        Tone::Leader => "leader",
        Tone::Candidate => "candidate",
        Tone::Suspect => "suspects",
        Tone::Client => "client",
        Tone::Coordinator => "coordinator",
        Tone::Good => "healthy",
        Tone::Bad => "in trouble",
    }
}

/// What there is to pick.
#[must_use]
pub fn nodes_and_messages(nodes: usize, messages: usize) -> String {
    let (nodes, messages) = (
        counted(nodes, "node", "nodes"),
        counted(messages, "message", "messages"),
    );
    format!("{nodes}, {messages} in flight.")
}

/// The noun after the number of messages.
#[must_use]
pub fn messages(count: u64) -> &'static str {
    if count == 1 { "message" } else { "messages" }
}
