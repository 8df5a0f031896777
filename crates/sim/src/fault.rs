//! Everything that can be broken, and the words for it.

use std::fmt;

use crate::network::{Address, Latency, list, parse_arrow, sides_text};
use crate::process::NodeId;
use crate::sorted;
use crate::text::did_you_mean;
use crate::time::Duration;

/// How a node lies. All but `Forge` work on any protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lie {
    /// Sends nothing.
    Silent,
    /// Sends to some nodes only: each peer hears all or nothing.
    Selective,
    /// Sends an old message instead of the new one.
    Replay,
    /// Sends each message to the wrong node.
    Swap,
    /// Changes what it says, as the protocol's own forger does.
    Forge,
}

impl Lie {
    /// Every style, with its word.
    pub const ALL: [(Lie, &'static str); 5] = [
        (Lie::Silent, "silent"),
        (Lie::Selective, "selective"),
        (Lie::Replay, "replay"),
        (Lie::Swap, "swap"),
        (Lie::Forge, "forge"),
    ];

    /// The style's word.
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(lie, _)| *lie == self)
            .map_or("", |(_, word)| word)
    }
}

/// One direction of one link; none means all links.
pub type LinkChoice = Option<(NodeId, NodeId)>;

/// An intervention that breaks something, or mends it.
#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    /// The node stops; its timers and its unsaved state are gone.
    Crash(NodeId),
    /// This share, 0 to 1, of the nodes that are not down crashes, at least one of them. The run's seed
    /// draws which.
    CrashShare(f64),
    /// The node comes back with what survived.
    Recover(NodeId),
    /// Every node that is down comes back.
    RecoverAll,
    /// The node stands still (a long garbage collection); deliveries and timers wait in its queue.
    Pause(NodeId),
    /// A paused node goes on and handles what has waited, in order of arrival.
    Resume(NodeId),
    /// Any number of sides that cannot hear each other.
    Partition(Vec<Vec<NodeId>>),
    /// Nothing gets from the first group to the second.
    OneWay(Vec<NodeId>, Vec<NodeId>),
    /// Cuts the link between two nodes, both ways.
    Cut(NodeId, NodeId),
    /// Removes a cut between two nodes, and one-way cuts between just these two.
    Join(NodeId, NodeId),
    /// Removes all partitions and cuts.
    Heal,
    /// Loses a message. This and the next three may name one that is yet to be sent.
    Drop(Address),
    /// Lets a message arrive this much later. A direct call can be neither delayed nor held.
    Delay(Address, Duration),
    /// Makes a copy that arrives a little behind.
    Duplicate(Address),
    /// Keeps a message on its way until it is released.
    Hold(Address),
    /// Lets a held message go on from where it was.
    Release(Address),
    /// Swaps the arrival of two messages.
    Reorder(Address, Address),
    /// Slows one direction of a link down; zero makes it normal again.
    Slow(NodeId, NodeId, Duration),
    /// Probability, 0 to 1, that a message sent from now on is lost.
    Loss(LinkChoice, f64),
    /// Probability, 0 to 1, that a message sent from now on arrives twice.
    Duplication(LinkChoice, f64),
    /// How long messages sent from now on take.
    Latency(LinkChoice, Latency),
    /// Whether links keep messages in order.
    Fifo(LinkChoice, bool),
    /// How many bytes a second fit through one direction of a link; none: any number. What comes
    /// faster waits in a queue at the sender.
    Bandwidth(LinkChoice, Option<u64>),
    /// What a node sends waits until its disk has written, one write at a time; zero ends it.
    Disk(NodeId, Duration),
    /// Sets a node's clock this many microseconds wrong.
    Skew(NodeId, i64),
    /// Lets a node's clock run too fast, in parts per million.
    Drift(NodeId, i32),
    /// Down for the first length, up for the second, again and again until recovered.
    Flaky(NodeId, Duration, Duration),
    /// Lies, or with `None` is honest again.
    Lie(NodeId, Option<Lie>),
    /// Fires a timer of this name at once.
    Fire(NodeId, String),
    /// Lets all timers of this name run out together.
    Align(String),
    /// Lets the timers of this name run out one after another, evenly.
    Spread(String),
}

/// Every verb with its form and an example, for help texts, forms and tests.
pub const VERBS: [(&str, &str, &str); 29] = [
    ("crash", "crash NODE|SHARE%", "crash n2"),
    ("recover", "recover NODE|all", "recover n2"),
    ("pause", "pause NODE", "pause n1"),
    ("resume", "resume NODE", "resume n1"),
    (
        "partition",
        "partition SIDE|SIDE…",
        "partition n1,n2|n3,n4,n5",
    ),
    ("oneway", "oneway NODES->NODES", "oneway n1->n2"),
    ("cut", "cut NODE-NODE", "cut n1-n2"),
    ("join", "join NODE-NODE", "join n1-n2"),
    ("heal", "heal", "heal"),
    ("drop", "drop MESSAGE", "drop n1->n2#3"),
    ("delay", "delay MESSAGE LENGTH", "delay n1->n2#3 200ms"),
    ("duplicate", "duplicate MESSAGE", "duplicate n1->n2#3"),
    ("hold", "hold MESSAGE", "hold n1->n2#3"),
    ("release", "release MESSAGE", "release n1->n2#3"),
    (
        "reorder",
        "reorder MESSAGE MESSAGE",
        "reorder n1->n2#3 n1->n2#4",
    ),
    ("slow", "slow NODE->NODE LENGTH", "slow n1->n2 200ms"),
    ("loss", "loss [NODE->NODE] PROBABILITY", "loss 0.1"),
    (
        "duplication",
        "duplication [NODE->NODE] PROBABILITY",
        "duplication 0.1",
    ),
    (
        "latency",
        "latency [NODE->NODE] DISTRIBUTION",
        "latency uniform 1ms 10ms",
    ),
    ("fifo", "fifo [NODE->NODE] on|off", "fifo on"),
    (
        "bandwidth",
        "bandwidth [NODE->NODE] BYTES|unlimited",
        "bandwidth 2kB",
    ),
    ("disk", "disk NODE LENGTH", "disk n1 500ms"),
    ("skew", "skew NODE LENGTH", "skew n1 200ms"),
    ("drift", "drift NODE PPM", "drift n1 50ppm"),
    ("flaky", "flaky NODE DOWN UP", "flaky n2 1s 3s"),
    (
        "lie",
        "lie NODE silent|selective|replay|swap|forge|honest",
        "lie n4 silent",
    ),
    ("fire", "fire NODE TIMER", "fire n1 Heartbeat"),
    ("align", "align TIMER", "align Heartbeat"),
    ("spread", "spread TIMER", "spread Heartbeat"),
];

/// Verbs that make messages, timers or writes late or early: what an algorithm that takes silence for
/// failure does not bear.
pub const TIMING: [&str; 11] = [
    "pause",
    "delay",
    "hold",
    "slow",
    "latency",
    "bandwidth",
    "disk",
    "drift",
    "fire",
    "align",
    "spread",
];

fn form_of(verb: &str) -> String {
    let row = VERBS.iter().find(|(v, ..)| *v == verb);
    row.map_or_else(String::new, |(_, form, example)| {
        format!("{form} (for example: {example})")
    })
}

/// The most nodes that `n1..n500` may stand for.
const LONGEST_RANGE: u32 = 10_000;

/// Nodes with commas between them; `n1..n500` stands for all from the first to the last.
fn nodes(word: &str) -> Result<Vec<NodeId>, String> {
    let mut found = Vec::new();
    for part in word.split(',') {
        let Some((first, last)) = part.split_once("..") else {
            found.push(NodeId::parse(part)?);
            continue;
        };
        let (first, last) = (NodeId::parse(first)?, NodeId::parse(last)?);
        if last < first || last.0 - first.0 >= LONGEST_RANGE {
            return Err(format!("`{part}` is no range of nodes; write n1..n500"));
        }
        found.extend((first.0..=last.0).map(NodeId));
    }
    Ok(found)
}

fn pair(word: &str) -> Result<(NodeId, NodeId), String> {
    let (a, b) = word
        .split_once('-')
        .ok_or_else(|| format!("`{word}` is not a link; write n1-n2"))?;
    Ok((NodeId::parse(a)?, NodeId::parse(b)?))
}

fn probability(word: &str) -> Result<f64, String> {
    let (digits, scale) = match word.strip_suffix('%') {
        Some(digits) => (digits, 100.0),
        None => (word, 1.0),
    };
    match digits.parse::<f64>() {
        Ok(p) if (0.0..=1.0).contains(&(p / scale)) => Ok(p / scale),
        _ => Err(format!(
            "`{word}` is not a probability; write a number from 0 to 1"
        )),
    }
}

fn signed(word: &str) -> Result<i64, String> {
    match word.strip_prefix('-') {
        Some(rest) => Ok(-(Duration::parse(rest)?.0 as i64)),
        None => Ok(Duration::parse(word.trim_start_matches('+'))?.0 as i64),
    }
}

fn ppm(word: &str) -> Result<i32, String> {
    let digits = word.strip_suffix("ppm").unwrap_or(word);
    digits
        .parse()
        .ok()
        .filter(|p: &i32| p.abs() <= crate::time::LocalClock::MAX_DRIFT_PPM)
        .ok_or_else(|| {
            format!(
                "`{word}` is not a drift; write parts per million such as 50ppm, up to 500000ppm"
            )
        })
}

fn on_off(word: &str) -> Result<bool, String> {
    match word {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err(format!("`{word}` is neither on nor off")),
    }
}

/// Bytes a second: `800`, `800B`, `2kB`, `1.5MB` or `unlimited`.
fn bytes(word: &str) -> Result<Option<u64>, String> {
    if word == "unlimited" {
        return Ok(None);
    }
    let digits = word.strip_suffix("/s").unwrap_or(word);
    let digits = digits.strip_suffix('B').unwrap_or(digits);
    let (digits, scale) = match (digits.strip_suffix('k'), digits.strip_suffix('M')) {
        (Some(digits), _) => (digits, 1e3),
        (_, Some(digits)) => (digits, 1e6),
        _ => (digits, 1.0),
    };
    let bytes = digits.parse::<f64>().ok().map(|number| number * scale);
    let bytes = bytes.filter(|bytes| (1.0..=1e12).contains(bytes));
    bytes
        .map(|bytes| Some(bytes.round() as u64))
        .ok_or_else(|| {
            format!(
                "`{word}` is not a bandwidth; write bytes a second such as 800B, 2kB or unlimited"
            )
        })
}

/// Bytes with the largest unit that needs no fraction: `2kB`.
#[must_use]
pub fn bytes_text(bytes: u64) -> String {
    match bytes {
        _ if bytes > 0 && bytes.is_multiple_of(1_000_000) => format!("{}MB", bytes / 1_000_000),
        _ if bytes > 0 && bytes.is_multiple_of(1_000) => format!("{}kB", bytes / 1_000),
        _ => format!("{bytes}B"),
    }
}

fn lie(word: &str) -> Result<Option<Lie>, String> {
    if word == "honest" {
        return Ok(None);
    }
    let found = Lie::ALL.iter().find(|(_, w)| *w == word);
    found.map(|(lie, _)| Some(*lie)).ok_or_else(|| {
        let words = Lie::ALL.iter().map(|(_, w)| *w).chain(["honest"]);
        format!(
            "`{word}` is not a way to lie; {}",
            did_you_mean(word, words)
        )
    })
}

impl Fault {
    /// Reads a fault in words, or says that the first word is no fault.
    ///
    /// # Errors
    /// `None` if the verb is unknown here; else a sentence naming the wrong word.
    pub fn parse(words: &[&str]) -> Result<Self, Option<String>> {
        let Some((verb, rest)) = words.split_first() else {
            return Err(None);
        };
        if !VERBS.iter().any(|(v, ..)| v == verb) {
            return Err(None);
        }
        Self::parse_known(verb, rest).map_err(Some)
    }

    fn parse_known(verb: &str, rest: &[&str]) -> Result<Self, String> {
        // A link may stand between the verb and its values.
        let (link, values): (LinkChoice, &[&str]) = match rest.split_first() {
            Some((first, values)) if first.contains("->") && !first.contains('#') => {
                (parse_arrow(first).ok(), values)
            }
            _ => (None, rest),
        };
        Ok(match (verb, rest) {
            ("crash", [share]) if share.ends_with('%') => Fault::CrashShare(probability(share)?),
            ("crash", [n]) => Fault::Crash(NodeId::parse(n)?),
            ("recover", ["all"]) => Fault::RecoverAll,
            ("recover", [n]) => Fault::Recover(NodeId::parse(n)?),
            ("pause", [n]) => Fault::Pause(NodeId::parse(n)?),
            ("resume", [n]) => Fault::Resume(NodeId::parse(n)?),
            ("partition", [_, ..]) => {
                let text = rest.concat();
                let sides = text.split('|').map(nodes).collect::<Result<Vec<_>, _>>()?;
                check_sides(&sides)?;
                Fault::Partition(sides)
            }
            ("oneway", [arrow]) => {
                let (from, to) = arrow
                    .split_once("->")
                    .ok_or_else(|| format!("`{arrow}` is not a direction; write n1->n2"))?;
                Fault::OneWay(nodes(from)?, nodes(to)?)
            }
            ("cut", [link]) => pair(link).map(|(a, b)| Fault::Cut(a, b))?,
            ("join", [link]) => pair(link).map(|(a, b)| Fault::Join(a, b))?,
            ("heal", []) => Fault::Heal,
            ("drop", [m]) => Fault::Drop(Address::parse(m)?),
            ("delay", [m, by]) => Fault::Delay(Address::parse(m)?, Duration::parse(by)?),
            ("duplicate", [m]) => Fault::Duplicate(Address::parse(m)?),
            ("hold", [m]) => Fault::Hold(Address::parse(m)?),
            ("release", [m]) => Fault::Release(Address::parse(m)?),
            ("reorder", [a, b]) => Fault::Reorder(Address::parse(a)?, Address::parse(b)?),
            ("slow", [arrow, by]) => {
                let (a, b) = parse_arrow(arrow)?;
                Fault::Slow(a, b, Duration::parse(by)?)
            }
            ("loss", _) if values.len() == 1 => Fault::Loss(link, probability(values[0])?),
            ("duplication", _) if values.len() == 1 => {
                Fault::Duplication(link, probability(values[0])?)
            }
            ("latency", _) if !values.is_empty() => Fault::Latency(link, Latency::parse(values)?),
            ("fifo", _) if values.len() == 1 => Fault::Fifo(link, on_off(values[0])?),
            ("bandwidth", _) if values.len() == 1 => Fault::Bandwidth(link, bytes(values[0])?),
            ("disk", [n, by]) => Fault::Disk(NodeId::parse(n)?, Duration::parse(by)?),
            ("skew", [n, by]) => Fault::Skew(NodeId::parse(n)?, signed(by)?),
            ("drift", [n, by]) => Fault::Drift(NodeId::parse(n)?, ppm(by)?),
            ("flaky", [n, down, up]) => {
                let (down, up) = (Duration::parse(down)?, Duration::parse(up)?);
                if down.0 == 0 || up.0 == 0 {
                    return Err("a flaky node needs some time down and some time up".into());
                }
                Fault::Flaky(NodeId::parse(n)?, down, up)
            }
            ("lie", [n, style]) => Fault::Lie(NodeId::parse(n)?, lie(style)?),
            ("fire", [n, timer]) => Fault::Fire(NodeId::parse(n)?, (*timer).to_owned()),
            ("align", [timer]) => Fault::Align((*timer).to_owned()),
            ("spread", [timer]) => Fault::Spread((*timer).to_owned()),
            _ => return Err(format!("`{verb}` is written: {}", form_of(verb))),
        })
    }
}

fn check_sides(sides: &[Vec<NodeId>]) -> Result<(), String> {
    if sides.len() < 2 {
        return Err("a partition needs two sides or more: partition n1,n2|n3".into());
    }
    let mut all: Vec<NodeId> = sides.concat();
    sorted::sort_by_key(&mut all, |id| *id);
    match all.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(format!("{} stands on two sides of the partition", pair[0])),
        None => Ok(()),
    }
}

fn link_text(link: &LinkChoice) -> String {
    link.map_or_else(String::new, |(a, b)| format!("{a}->{b} "))
}

impl fmt::Display for Fault {
    /// The words that [`Fault::parse`] reads back.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Crash(n) => write!(f, "crash {n}"),
            // A fifteenth digit of `p * 100` would be rounding's.
            Fault::CrashShare(p) => write!(f, "crash {}%", (p * 1e6).round() / 1e4),
            Fault::Recover(n) => write!(f, "recover {n}"),
            Fault::RecoverAll => f.write_str("recover all"),
            Fault::Pause(n) => write!(f, "pause {n}"),
            Fault::Resume(n) => write!(f, "resume {n}"),
            Fault::Partition(sides) => write!(f, "partition {}", sides_text(sides)),
            Fault::OneWay(a, b) => write!(f, "oneway {}->{}", list(a), list(b)),
            Fault::Cut(a, b) => write!(f, "cut {a}-{b}"),
            Fault::Join(a, b) => write!(f, "join {a}-{b}"),
            Fault::Heal => f.write_str("heal"),
            Fault::Drop(m) => write!(f, "drop {m}"),
            Fault::Delay(m, by) => write!(f, "delay {m} {by}"),
            Fault::Duplicate(m) => write!(f, "duplicate {m}"),
            Fault::Hold(m) => write!(f, "hold {m}"),
            Fault::Release(m) => write!(f, "release {m}"),
            Fault::Reorder(a, b) => write!(f, "reorder {a} {b}"),
            Fault::Slow(a, b, by) => write!(f, "slow {a}->{b} {by}"),
            Fault::Loss(link, p) => write!(f, "loss {}{p}", link_text(link)),
            Fault::Duplication(link, p) => write!(f, "duplication {}{p}", link_text(link)),
            Fault::Latency(link, latency) => write!(f, "latency {}{latency}", link_text(link)),
            Fault::Fifo(link, on) => {
                write!(
                    f,
                    "fifo {}{}",
                    link_text(link),
                    if *on { "on" } else { "off" }
                )
            }
            Fault::Bandwidth(link, bytes) => {
                let bytes = bytes.map_or_else(|| "unlimited".to_owned(), bytes_text);
                write!(f, "bandwidth {}{bytes}", link_text(link))
            }
            Fault::Disk(n, by) => write!(f, "disk {n} {by}"),
            Fault::Skew(n, by) => {
                let sign = if *by < 0 { "-" } else { "" };
                write!(f, "skew {n} {sign}{}", Duration(by.unsigned_abs()))
            }
            Fault::Drift(n, ppm) => write!(f, "drift {n} {ppm}ppm"),
            Fault::Flaky(n, down, up) => write!(f, "flaky {n} {down} {up}"),
            Fault::Lie(n, style) => write!(f, "lie {n} {}", style.map_or("honest", Lie::word)),
            Fault::Fire(n, timer) => write!(f, "fire {n} {timer}"),
            Fault::Align(timer) => write!(f, "align {timer}"),
            Fault::Spread(timer) => write!(f, "spread {timer}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_verb_reads_back_what_it_writes() {
        let more =
            ["crash 30%", "crash 12.5%", "crash 0.07%", "recover all"].map(|text| ("", "", text));
        for (verb, _, example) in VERBS.into_iter().chain(more) {
            let words: Vec<&str> = example.split(' ').collect();
            let fault = Fault::parse(&words).unwrap_or_else(|e| panic!("{verb}: {e:?}"));
            let written = fault.to_string();
            let again: Vec<&str> = written.split(' ').collect();
            assert_eq!(Fault::parse(&again).unwrap(), fault, "{written}");
        }
    }

    #[test]
    fn verbs_of_time_are_verbs() {
        let is_verb = |word: &&str| VERBS.iter().any(|(verb, ..)| verb == word);
        assert!(TIMING.iter().all(is_verb));
    }

    #[test]
    fn mistakes_are_named() {
        let wrong = |text: &str| {
            Fault::parse(&text.split(' ').collect::<Vec<_>>())
                .unwrap_err()
                .unwrap_or_default()
        };
        assert!(wrong("crash 0").contains("not a node"));
        assert!(wrong("crash 130%").contains("not a probability"));
        assert!(wrong("partition n1,n2").contains("two sides"));
        assert!(wrong("partition n1,n2|n2").contains("n2 stands on two sides"));
        assert!(wrong("partition n1..n3|n3").contains("n3 stands on two sides"));
        for range in ["n3..n1", "n1..n4294967295", "n1.."] {
            let why = wrong(&format!("partition {range}|n9"));
            assert!(why.contains("range") || why.contains("not a node"), "{why}");
        }
        assert!(wrong("loss 2").contains("probability"));
        assert!(wrong("bandwidth 0").contains("not a bandwidth"));
        assert!(wrong("lie n1 silnt").contains("silent"));
        assert!(wrong("delay n1->n2#1").contains("delay MESSAGE LENGTH"));
    }
}
