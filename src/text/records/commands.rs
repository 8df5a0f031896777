//! What a command did, as a sentence without its full stop.

use faultline_sim::command::Command;
use faultline_sim::fault::{Fault, Lie, LinkChoice};
use faultline_sim::network::{Address, Latency};
use faultline_sim::process::{NodeId, Shared};
use faultline_sim::text::counted;
use faultline_sim::time::Duration;
use serde_json::Value as Json;

use super::{Vocabulary, spelled, without_stop};
use crate::text::{length, node, nodes, numbers, timer_words};

/// Fields whose value speaks for itself: "read x", not "read key x".
const BARE_FIELDS: [&str; 5] = ["key", "text", "value", "why", "amount"];

/// A command in the past tense: "Node 2 was crashed".
#[must_use]
pub fn done(command: &Command, vocabulary: &Vocabulary) -> String {
    let first = match command {
        Command::Fault(fault) => first_done(fault),
        _ => None,
    };
    first.unwrap_or_else(|| any_done(command, vocabulary))
}

/// What the first clicks can do; the other sentences load with the rest of the page.
#[inline(always)]
fn first_done(fault: &Fault) -> Option<String> {
    match fault {
        Fault::Crash(n) => Some(format!("Node {} was crashed", n.0)),
        Fault::Recover(n) => Some(format!("Node {} was restarted", n.0)),
        Fault::Cut(a, b) => Some(format!(
            "The link between node {} and node {} was cut",
            a.0, b.0
        )),
        Fault::Join(a, b) => Some(format!(
            "The link between node {} and node {} was joined again",
            a.0, b.0
        )),
        _ => None,
    }
}

#[inline(never)]
fn any_done(command: &Command, vocabulary: &Vocabulary) -> String {
    match command {
        Command::Request(id, json) => {
            let request = request_phrase(json, vocabulary);
            format!("A client asked {} to {request}", node(*id))
        }
        Command::Fault(fault) => fault_done(fault),
        Command::SetParam(name, value) => {
            let (of, name) = of_node(name);
            let param = vocabulary.params.iter().find(|param| param.name == name);
            let (title, unit) = param.map_or((name, ""), |param| {
                (param.title, if param.unit == "1" { "" } else { param.unit })
            });
            let gap = if unit.is_empty() { "" } else { " " };
            format!("“{title}”{of} was set to {value}{gap}{unit}")
        }
        Command::SetSwitch(name, on) => {
            let (of, name) = of_node(name);
            let switch = vocabulary.switches.iter().find(|rule| rule.name == name);
            let title = switch.map_or(name, |switch| switch.title);
            let on = if *on { "on" } else { "off" };
            format!("The rule “{title}”{of} was turned {on}")
        }
        Command::AddNode(own) => crate::text::boards::added(own),
        Command::RemoveNode(id) => format!("Node {} was removed", id.0),
        Command::Monkey(None) => "The monkey was called back".into(),
        Command::Monkey(Some(monkey)) => format!(
            "A monkey now crashes a node about every {}, for {} each",
            length(monkey.every),
            length(monkey.down)
        ),
        Command::ByHand(true) => "Messages and timers now wait for you".into(),
        Command::ByHand(false) => "Messages and timers go on by themselves".into(),
    }
}

/// Whose setting a name is, and its name among all settings: " of node 3" for `n3.timeout`.
fn of_node(name: &str) -> (String, &str) {
    let own = name
        .split_once('.')
        .and_then(|(id, rest)| Some((NodeId::parse(id).ok()?, rest)));
    own.map_or((String::new(), name), |(id, rest)| {
        (format!(" of {}", node(id)), rest)
    })
}

fn fault_done(fault: &Fault) -> String {
    match fault {
        Fault::Crash(_) | Fault::Recover(_) | Fault::Cut(..) | Fault::Join(..) => {
            first_done(fault).unwrap_or_default()
        }
        Fault::CrashShare(share) => {
            format!("{} of the running nodes were crashed", percent(*share))
        }
        Fault::RecoverAll => "All crashed nodes were restarted".into(),
        Fault::Pause(n) => format!("Node {} was paused", n.0),
        Fault::Resume(n) => format!("Node {} was resumed", n.0),
        Fault::Partition(sides) => {
            let sides: Vec<String> = sides.iter().map(|side| numbers(side)).collect();
            format!("The network was split: {}", sides.join(" | "))
        }
        Fault::OneWay(from, to) => {
            format!(
                "Messages from {} to {} are now blocked",
                nodes(from),
                nodes(to)
            )
        }
        Fault::Heal => "The partition is healed".into(),
        Fault::Drop(m) => format!("{} was dropped", message(m)),
        Fault::Delay(m, by) => format!("{} was delayed by {}", message(m), length(*by)),
        Fault::Duplicate(m) => format!("{} was duplicated", message(m)),
        Fault::Hold(m) => format!("{} was held", message(m)),
        Fault::Release(m) => format!("{} was released", message(m)),
        Fault::Reorder(a, b) => {
            let second = message(b).replacen('T', "t", 1);
            format!("{} and {second} will arrive in swapped order", message(a))
        }
        Fault::Slow(a, b, Duration(0)) => {
            format!(
                "Messages from node {} to node {} have their usual speed again",
                a.0, b.0
            )
        }
        Fault::Slow(a, b, by) => {
            format!(
                "Messages from node {} to node {} now take {} longer",
                a.0,
                b.0,
                length(*by)
            )
        }
        Fault::Loss(link, p) => format!("{} of {} are now lost", percent(*p), messages(link)),
        Fault::Duplication(link, p) => {
            format!("{} of {} now arrive twice", percent(*p), messages(link))
        }
        Fault::Latency(link, latency) => {
            let messages = link.map_or_else(
                || "Messages".to_owned(),
                |(a, b)| format!("Messages from node {} to node {}", a.0, b.0),
            );
            format!("{messages} now take {}", latency_words(*latency))
        }
        Fault::Fifo(link, true) => {
            format!(
                "The network now keeps the order of {} (FIFO)",
                messages(link)
            )
        }
        Fault::Fifo(link, false) => {
            format!("The network may now change the order of {}", messages(link))
        }
        Fault::Bandwidth(link, None) => {
            format!("{} no longer wait for bandwidth", capital(&messages(link)))
        }
        Fault::Bandwidth(link, Some(bytes)) => format!(
            "{} now share {} a second in each direction",
            capital(&messages(link)),
            bytes_words(*bytes)
        ),
        Fault::Disk(n, Duration(0)) => format!("The disk of node {} is fast again", n.0),
        Fault::Disk(n, by) => {
            format!(
                "The disk of node {} now takes {} for each write",
                n.0,
                length(*by)
            )
        }
        Fault::Skew(n, 0) => format!("The clock of node {} was set right", n.0),
        Fault::Skew(n, by) => {
            let direction = if *by < 0 { "behind" } else { "ahead" };
            let by = length(Duration(by.unsigned_abs()));
            format!("The clock of node {} was set {by} {direction}", n.0)
        }
        Fault::Drift(n, 0) => format!("The clock of node {} now runs at the right speed", n.0),
        Fault::Drift(n, ppm) => {
            let speed = if *ppm < 0 { "slow" } else { "fast" };
            format!(
                "The clock of node {} now runs {} ppm too {speed}",
                n.0,
                ppm.unsigned_abs()
            )
        }
        Fault::Flaky(n, down, up) => {
            format!(
                "Node {} is now flaky: {} down, {} up, repeatedly",
                n.0,
                length(*down),
                length(*up)
            )
        }
        Fault::Lie(n, None) => format!("Node {} is honest again", n.0),
        Fault::Lie(n, Some(style)) => format!("Node {} now lies: it {}", n.0, lie_words(*style)),
        Fault::Fire(n, timer) => {
            // `NAME#2` is the second of that name.
            let (name, number) = match timer.split_once('#') {
                Some((name, number)) => (name, format!(" {number}")),
                None => (timer.as_str(), String::new()),
            };
            let (name, n) = (timer_words(name), n.0);
            format!("The {name} timer{number} of node {n} was made to go off")
        }
        Fault::Align(timer) => {
            format!("All {} timers will go off together", timer_words(timer))
        }
        Fault::Spread(timer) => {
            format!(
                "All {} timers will go off one after another",
                timer_words(timer)
            )
        }
    }
}

/// "800 bytes", "2.5 kB", "1 MB".
fn bytes_words(bytes: u64) -> String {
    match bytes {
        0..1_000 => counted(bytes, "byte", "bytes"),
        1_000..1_000_000 => format!("{} kB", bytes as f64 / 1e3),
        _ => format!("{} MB", bytes as f64 / 1e6),
    }
}

/// How long messages take: "36 to 72 ms".
#[must_use]
pub fn latency_words(latency: Latency) -> String {
    match latency {
        Latency::Constant(time) => length(time),
        Latency::Uniform { min, max } => {
            let (min, max) = (length(min), length(max));
            // One unit is enough where both ends have the same.
            match (min.split_once(' '), max.split_once(' ')) {
                (Some((number, unit)), Some((_, same))) if unit == same => {
                    format!("{number} to {max}")
                }
                _ => format!("{min} to {max}"),
            }
        }
        Latency::Normal { mean, sd } => {
            format!("about {}, give or take {}", length(mean), length(sd))
        }
        Latency::Exponential { mean } => format!("{} on average", length(mean)),
    }
}

/// A request as a verb phrase: "write x = 1", or "start an election" where it is only a word that the
/// protocol has a title for.
#[must_use]
pub fn request_phrase(request: &Json, vocabulary: &Vocabulary) -> String {
    match request {
        Json::Object(object) if object.len() == 1 => {
            let (verb, values) = object.iter().next().expect("it has one entry");
            let fields: Vec<(&str, String)> = match values {
                Json::Object(fields) => fields
                    .iter()
                    .map(|(name, value)| (name.as_str(), value_words(value)))
                    .collect(),
                Json::Null => Vec::new(),
                value => vec![("value", value_words(value))],
            };
            phrase(verb, fields)
        }
        Json::String(word) => {
            let titled = vocabulary
                .requests
                .iter()
                .find(|form| (form.example)() == *request);
            titled.map_or_else(|| plain_words(word), |form| uncapitalised(form.title))
        }
        other => value_words(other),
    }
}

/// What came of an operation, from its reply: "written index 3", or why it came to nothing.
#[must_use]
pub fn outcome_words(reply: &Shared) -> String {
    let reply = reply.0.json();
    let mut parts = reply.as_object().into_iter().flatten();
    match parts
        .next()
        .and_then(|(_, fields)| fields.get("why")?.as_str())
    {
        Some(why) => spelled(without_stop(why)),
        None => request_phrase(&reply, &Vocabulary::default()),
    }
}

fn phrase(verb: &str, fields: Vec<(&str, String)>) -> String {
    let verb = plain_words(verb);
    let find = |name: &str| fields.iter().find(|field| field.0 == name);
    let mut words = Vec::new();
    let mut rest: Vec<&(&str, String)> = fields.iter().collect();
    if let (Some((_, key)), Some((_, value))) = (find("key"), find("value")) {
        words.push(format!("{key} = {value}"));
        rest.retain(|(name, _)| !matches!(*name, "key" | "value"));
    }
    if let (Some((_, old)), Some((_, new))) = (find("old"), find("new")) {
        let key = find("key").map_or("", |(_, key)| key.as_str());
        words.push(format!("{key} from {old} to {new}"));
        rest.retain(|(name, _)| !matches!(*name, "key" | "old" | "new"));
    }
    // The thing first, then where it goes: "send hello to node 2".
    rest.sort_by_key(|(name, _)| !BARE_FIELDS.contains(name));
    for (name, value) in rest {
        words.push(match *name {
            name if BARE_FIELDS.contains(&name) => value.clone(),
            "to" if verb == "ask" => format!("node {value}"),
            "to" | "from" => format!("{name} node {value}"),
            name => format!("{name} {value}"),
        });
    }
    if words.is_empty() {
        return verb;
    }
    let words = words.join(", ");
    let words = words.replace(", from node", " from node");
    format!("{verb} {}", words.replace(", to node", " to node"))
}

/// The name of a request or a reply in plain words: `compare_and_set`, `ValueIs`.
fn plain_words(name: &str) -> String {
    let mut words = String::new();
    for letter in name.chars() {
        match letter {
            '_' => words.push(' '),
            _ if letter.is_uppercase() && words.ends_with(char::is_lowercase) => {
                words.push(' ');
                words.extend(letter.to_lowercase());
            }
            _ => words.extend(letter.to_lowercase()),
        }
    }
    words
}

fn value_words(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        Json::Null => "nothing".to_owned(),
        Json::Array(items) => items.iter().map(value_words).collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    }
}

fn uncapitalised(text: &str) -> String {
    let mut text = text.to_owned();
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_lowercase();
    }
    text
}

/// What a lying node does, as a phrase after "it".
#[must_use]
pub fn lie_words(style: Lie) -> &'static str {
    match style {
        Lie::Silent => "sends nothing",
        Lie::Selective => "sends to some nodes only",
        Lie::Replay => "sends old messages again",
        Lie::Swap => "sends messages to the wrong node",
        Lie::Forge => "sends false messages",
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
    use faultline_protocols::CATALOGUE;
    use faultline_sim::fault::VERBS;

    use super::*;

    fn said(command: &str) -> String {
        done(&Command::parse(command).unwrap(), &Vocabulary::default())
    }

    #[test]
    fn every_verb_has_a_sentence() {
        for (verb, _, example) in VERBS {
            let said = said(example);
            assert!(
                !said.starts_with(|c: char| c.is_lowercase()),
                "{verb}: {said}"
            );
            assert!(said.split(' ').count() > 2, "{verb}: {said}");
        }
    }

    #[test]
    fn values_read_as_people_write_them() {
        for (command, sentence) in [
            (
                "request n1 {\"write\":{\"key\":\"x\",\"value\":\"1\"}}",
                "A client asked node 1 to write x = 1",
            ),
            (
                "request n1 {\"send\":{\"to\":2,\"text\":\"hello\"}}",
                "A client asked node 1 to send hello to node 2",
            ),
            ("latency uniform 36ms 72ms", "Messages now take 36 to 72 ms"),
            (
                "latency n1->n2 constant 2s",
                "Messages from node 1 to node 2 now take 2 s",
            ),
            (
                "fire n3 ElectionTimeout#2",
                "The election timer 2 of node 3 was made to go off",
            ),
            ("by-hand on", "Messages and timers now wait for you"),
            (
                "align ElectionTimeout",
                "All election timers will go off together",
            ),
        ] {
            assert_eq!(said(command), sentence);
        }
    }

    #[test]
    fn requests_become_phrases() {
        for (request, words) in [
            (r#"{"write":{"key":"x","value":"1"}}"#, "write x = 1"),
            (r#"{"read":{"key":"x"}}"#, "read x"),
            (r#""Start""#, "start"),
            (r#"{"ask":3}"#, "ask 3"),
            (
                r#"{"transfer":{"from":4,"to":3,"amount":37}}"#,
                "transfer 37 from node 4 to node 3",
            ),
            (
                r#"{"compare_and_set":{"key":"x","old":"1","new":"2"}}"#,
                "compare and set x from 1 to 2",
            ),
            (
                r#"{"compare_and_set":{"key":"x","old":null,"new":"2"}}"#,
                "compare and set x from nothing to 2",
            ),
        ] {
            let request = serde_json::from_str(request).unwrap();
            assert_eq!(request_phrase(&request, &Vocabulary::default()), words);
        }
    }

    #[test]
    fn replies_become_phrases() {
        use faultline_protocols::raft::Reply;
        let why = "no answer from n3 after 4 tries".to_owned();
        let value = Some("2".to_owned());
        for (reply, words) in [
            (Reply::Written { index: 3 }, "written index 3"),
            (Reply::ValueIs { value, index: 4 }, "value is 2, index 4"),
            (
                Reply::Unknown { why },
                "no answer from node 3 after 4 tries",
            ),
        ] {
            assert_eq!(outcome_words(&Shared::new(reply)), words);
        }
    }

    #[test]
    fn bandwidths_read_like_sizes() {
        let said = |words: &str| {
            let command = Command::parse(words).unwrap();
            done(&command, &Vocabulary::default())
        };
        for (bytes, words) in [
            ("1B", "1 byte"),
            ("50B", "50 bytes"),
            ("2500B", "2.5 kB"),
            ("3MB", "3 MB"),
        ] {
            let expected = format!("All messages now share {words} a second in each direction");
            assert_eq!(said(&format!("bandwidth {bytes}")), expected);
        }
    }

    #[test]
    fn titles_stand_for_names() {
        let (raft, _) = CATALOGUE.find("raft").unwrap();
        let vocabulary = Vocabulary::of(raft);
        for switch in raft.switches {
            let command = Command::SetSwitch(switch.name.into(), false);
            let said = done(&command, &vocabulary);
            assert_eq!(said, format!("The rule “{}” was turned off", switch.title));
            let command = Command::SetSwitch(format!("n3.{}", switch.name), false);
            let said = done(&command, &vocabulary);
            let rule = format!("The rule “{}” of node 3 was turned off", switch.title);
            assert_eq!(said, rule);
        }
        let (bully, _) = CATALOGUE.find("bully").unwrap();
        let start = Command::Request(faultline_sim::process::NodeId(1), "Start".into());
        let said = done(&start, &Vocabulary::of(bully));
        assert_eq!(said, "A client asked node 1 to start an election");
    }
}
