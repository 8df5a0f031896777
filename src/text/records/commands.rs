//! What a command did, in a plain sentence without its full stop.

use faultline_sim::command::Command;
use faultline_sim::fault::{Fault, Lie, LinkChoice, bytes_text};
use faultline_sim::network::Address;
use faultline_sim::time::Duration;

use crate::text::numbers as nodes;

/// A command in the past tense: "Node 2 was crashed".
#[must_use]
pub fn done(command: &Command) -> String {
    match command {
        Command::Request(node, json) => format!("Node {} was asked: {json}", node.0),
        Command::Fault(fault) => fault_done(fault),
        Command::SetParam(name, value) => format!("{name} was set to {value}"),
        Command::SetSwitch(name, on) => {
            format!(
                "The rule {name} was switched {}",
                if *on { "on" } else { "off" }
            )
        }
        Command::AddNode => "A node was added".into(),
        Command::RemoveNode(node) => format!("Node {} was removed for good", node.0),
    }
}

fn fault_done(fault: &Fault) -> String {
    match fault {
        Fault::Crash(n) => format!("Node {} was crashed", n.0),
        Fault::Recover(n) => format!("Node {} was started again", n.0),
        Fault::Pause(n) => format!("Node {} was paused", n.0),
        Fault::Resume(n) => format!("Node {} was let go on", n.0),
        Fault::Partition(sides) => {
            let sides: Vec<String> = sides.iter().map(|side| nodes(side)).collect();
            format!("The network was split into {}", sides.join(" | "))
        }
        Fault::OneWay(from, to) => format!("The way from {} to {} was cut", nodes(from), nodes(to)),
        Fault::Cut(a, b) => format!("The link between node {} and node {} was cut", a.0, b.0),
        Fault::Join(a, b) => format!("The link between node {} and node {} was joined", a.0, b.0),
        Fault::Heal => "All walls were taken away".into(),
        Fault::Drop(m) => format!("{} was dropped", message(m)),
        Fault::Delay(m, by) => format!("{} was delayed by {by}", message(m)),
        Fault::Duplicate(m) => format!("{} was duplicated", message(m)),
        Fault::Hold(m) => format!("{} was held", message(m)),
        Fault::Release(m) => format!("{} was released", message(m)),
        Fault::Reorder(a, b) => {
            let second = message(b).replacen('T', "t", 1);
            format!("{} and {second} swapped their arrival", message(a))
        }
        Fault::Slow(a, b, Duration(0)) => {
            format!(
                "The way from node {} to node {} was made as fast as before",
                a.0, b.0
            )
        }
        Fault::Slow(a, b, by) => {
            format!(
                "The way from node {} to node {} was slowed by {by}",
                a.0, b.0
            )
        }
        Fault::Loss(link, p) => format!("{} of {} are now lost", percent(*p), messages(link)),
        Fault::Duplication(link, p) => {
            format!("{} of {} now arrive twice", percent(*p), messages(link))
        }
        Fault::Latency(link, law) => {
            format!(
                "The time on the way (latency) of {} is now {law}",
                messages(link)
            )
        }
        Fault::Fifo(link, true) => format!("The order of {} is now kept (FIFO)", messages(link)),
        Fault::Fifo(link, false) => format!("The order of {} may now change", messages(link)),
        Fault::Bandwidth(link, None) => {
            format!("{} no longer wait for bandwidth", capital(&messages(link)))
        }
        Fault::Bandwidth(link, Some(bytes)) => format!(
            "{} now share {} a second in each direction",
            capital(&messages(link)),
            bytes_text(*bytes)
        ),
        Fault::Disk(n, Duration(0)) => format!("The disk of node {} was made fast again", n.0),
        Fault::Disk(n, by) => format!("The disk of node {} now takes {by} for each write", n.0),
        Fault::Skew(n, by) => {
            let way = if *by < 0 { "behind" } else { "ahead" };
            format!(
                "The clock of node {} was set {} {way}",
                n.0,
                Duration(by.unsigned_abs())
            )
        }
        Fault::Drift(n, ppm) => {
            let way = if *ppm < 0 { "slow" } else { "fast" };
            format!(
                "The clock of node {} now runs {} ppm too {way}",
                n.0,
                ppm.unsigned_abs()
            )
        }
        Fault::Flaky(n, down, up) => {
            format!(
                "Node {} is now down for {down} and up for {up}, again and again",
                n.0
            )
        }
        Fault::Lie(n, None) => format!("Node {} is honest again", n.0),
        Fault::Lie(n, Some(style)) => format!("Node {} now lies: it {}", n.0, lie_words(*style)),
        Fault::Fire(n, timer) => format!("The timer {timer} of node {} was made to ring", n.0),
        Fault::Align(timer) => format!("All timers {timer} were set to ring together"),
        Fault::Spread(timer) => format!("All timers {timer} were set to ring one after another"),
    }
}

/// What a lying node does, as a phrase behind "it".
#[must_use]
pub fn lie_words(style: Lie) -> &'static str {
    match style {
        Lie::Silent => "sends nothing",
        Lie::Selective => "sends to some nodes only",
        Lie::Replay => "sends old messages again",
        Lie::Swap => "sends messages to the wrong node",
        Lie::Forge => "changes what it says",
    }
}

fn message(address: &Address) -> String {
    format!(
        "The message from node {} to node {}",
        address.from.0, address.to.0
    )
}

fn messages(link: &LinkChoice) -> String {
    link.map_or_else(
        || "all messages".to_owned(),
        |(a, b)| format!("the messages from node {} to node {}", a.0, b.0),
    )
}

/// With a capital letter, at the beginning of a sentence.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

fn percent(p: f64) -> String {
    format!("{} %", (p * 10_000.0).round() / 100.0)
}

#[cfg(test)]
mod tests {
    use faultline_sim::fault::VERBS;

    use super::*;

    #[test]
    fn every_verb_has_a_sentence() {
        for (verb, _, example) in VERBS {
            let said = done(&Command::parse(example).unwrap());
            assert!(
                !said.starts_with(|c: char| c.is_lowercase()),
                "{verb}: {said}"
            );
            assert!(said.split(' ').count() > 2, "{verb}: {said}");
        }
    }
}
