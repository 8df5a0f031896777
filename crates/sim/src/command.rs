//! Commands: the closed list of what a person, a scenario or JavaScript may do to a run, and when.

use std::fmt;
use std::hash::{Hash, Hasher};

use serde::{Serialize, Serializer};
use serde_json::Value as Json;

use crate::fault::{Fault, VERBS};
use crate::process::NodeId;
use crate::text::did_you_mean;
use crate::time::{Duration, Time};

/// One intervention. Playing, seeking and selecting are not commands: they change nothing.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Ask a node for something; the JSON is the protocol's own request.
    Request(NodeId, Json),
    /// Breaks something, or mends it.
    Fault(Fault),
    /// Sets a parameter, by name, from its text. One that is read when a run begins is missed.
    SetParam(String, String),
    /// Turns a rule of the algorithm on or off, by name.
    SetSwitch(String, bool),
    /// A node with the next number joins and starts at once, with these parameters of its own.
    AddNode(Vec<(String, String)>),
    /// The node leaves for good; what is on its way to it will be lost.
    RemoveNode(NodeId),
    /// Whether nothing comes by itself any more: messages wait until they are released, timers until they
    /// are fired, and the scenario's own commands are left out. Off again, all that waits goes on.
    ByHand(bool),
    /// Lets a monkey loose that crashes nodes at random, or calls it back.
    Monkey(Option<Monkey>),
}

/// How a monkey crashes nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Monkey {
    /// About the time between two crashes.
    pub every: Duration,
    /// How long a node then stays down.
    pub down: Duration,
}

/// By its words, which say all of it.
impl Hash for Command {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.to_string().hash(state);
    }
}

impl Serialize for Command {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The instant a command is applied: before the first event that lies after this key.
///
/// With a time, that is the first event later than `time`, or at `time` with at least `after` events
/// processed before it (absent: before every event of that instant). Without a time (`@123`), it is
/// as soon as `after` events have been processed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct At {
    /// The instant; none where only events are counted.
    pub time: Option<Time>,
    /// Events of the run that must have been processed before; none: it waits for none of them.
    pub after: Option<u64>,
}

impl At {
    /// Before every event of an instant.
    #[must_use]
    pub const fn time(time: Time) -> Self {
        Self {
            time: Some(time),
            after: None,
        }
    }

    /// Whether a command with this key comes before the next event (none: no event is left).
    #[must_use]
    pub fn precedes(&self, events: u64, next_event: Option<Time>) -> bool {
        let enough = self.after.is_none_or(|after| events >= after);
        match (self.time, next_event) {
            (None, _) => enough,
            (Some(_), None) => true,
            (Some(time), Some(next)) => next > time || (next == time && enough),
        }
    }
}

/// A command with its instant, written `5s crash n2`, `4.2s@57 cut n1-n2` or `@123 heal`.
#[derive(Clone, Debug, PartialEq)]
pub struct Timed {
    /// When it is applied.
    pub at: At,
    /// What is applied.
    pub command: Command,
}

/// Verbs of commands that are not faults, with form and example.
pub const OTHER_VERBS: [(&str, &str, &str); 7] = [
    ("request", "request NODE JSON", "request n1 \"Start\""),
    ("set", "set PARAMETER=VALUE", "set timeout=500"),
    ("switch", "switch NAME=on|off", "switch guard=on"),
    ("add", "add [PARAMETER=VALUE …]", "add"),
    ("remove", "remove NODE", "remove n3"),
    ("by-hand", "by-hand on|off", "by-hand on"),
    ("monkey", "monkey EVERY DOWN|off", "monkey 4s 2s"),
];

impl Command {
    /// Every node that the command names.
    #[must_use]
    pub fn nodes(&self) -> Vec<NodeId> {
        let fault = match self {
            Command::Request(id, _) | Command::RemoveNode(id) => return vec![*id],
            Command::Fault(fault) => fault,
            Command::SetParam(..)
            | Command::SetSwitch(..)
            | Command::AddNode(_)
            | Command::ByHand(_)
            | Command::Monkey(_) => return Vec::new(),
        };
        match fault {
            Fault::Crash(id)
            | Fault::Recover(id)
            | Fault::Pause(id)
            | Fault::Resume(id)
            | Fault::Disk(id, _)
            | Fault::Skew(id, _)
            | Fault::Drift(id, _)
            | Fault::Flaky(id, ..)
            | Fault::Lie(id, _)
            | Fault::Fire(id, _) => vec![*id],
            Fault::Partition(sides) => sides.concat(),
            Fault::OneWay(from, to) => [from.as_slice(), to].concat(),
            Fault::Cut(a, b) | Fault::Join(a, b) | Fault::Slow(a, b, _) => vec![*a, *b],
            Fault::Drop(m)
            | Fault::Delay(m, _)
            | Fault::Duplicate(m)
            | Fault::Hold(m)
            | Fault::Release(m) => vec![m.from, m.to],
            Fault::Reorder(a, b) => vec![a.from, a.to, b.from, b.to],
            Fault::Loss(link, _)
            | Fault::Duplication(link, _)
            | Fault::Latency(link, _)
            | Fault::Fifo(link, _)
            | Fault::Bandwidth(link, _) => link.map_or_else(Vec::new, |(a, b)| vec![a, b]),
            Fault::Heal
            | Fault::CrashShare(_)
            | Fault::RecoverAll
            | Fault::Align(_)
            | Fault::Spread(_) => Vec::new(),
        }
    }

    /// Reads a command in words.
    ///
    /// # Errors
    /// One sentence naming the wrong word and the nearest right ones.
    pub fn parse(text: &str) -> Result<Self, String> {
        let words: Vec<&str> = text.split_whitespace().collect();
        match Fault::parse(&words) {
            Ok(fault) => return Ok(Command::Fault(fault)),
            Err(Some(sentence)) => return Err(sentence),
            Err(None) => {}
        }
        match words.as_slice() {
            ["request", node, _, ..] => {
                let node_id = NodeId::parse(node)?;
                // The JSON may hold spaces: take the text behind the node as it stands.
                let behind = text.trim_start().trim_start_matches("request").trim_start();
                let json = behind.trim_start_matches(node).trim();
                let json = serde_json::from_str(json)
                    .map_err(|error| format!("`{json}` is not JSON: {error}"))?;
                Ok(Command::Request(node_id, json))
            }
            ["set", pair] => {
                let (name, value) = setting(pair)?;
                Ok(Command::SetParam(name, value))
            }
            ["switch", pair] => match pair.split_once('=') {
                Some((name, "on")) => Ok(Command::SetSwitch(name.into(), true)),
                Some((name, "off")) => Ok(Command::SetSwitch(name.into(), false)),
                _ => Err(format!(
                    "`{pair}` is not a switch; write switch guard=on or guard=off"
                )),
            },
            ["add", pairs @ ..] => pairs
                .iter()
                .map(|pair| setting(pair))
                .collect::<Result<_, _>>()
                .map(Command::AddNode),
            ["remove", node] => Ok(Command::RemoveNode(NodeId::parse(node)?)),
            ["by-hand", "on"] => Ok(Command::ByHand(true)),
            ["by-hand", "off"] => Ok(Command::ByHand(false)),
            ["monkey", "off"] => Ok(Command::Monkey(None)),
            ["monkey", every, down] => {
                let (every, down) = (Duration::parse(every)?, Duration::parse(down)?);
                if every.0 == 0 || down.0 == 0 {
                    return Err(
                        "a monkey needs some time between crashes, and some time down".into(),
                    );
                }
                Ok(Command::Monkey(Some(Monkey { every, down })))
            }
            [] => Err("an empty command; write one like `crash n2`".into()),
            [verb, ..] => {
                if let Some((_, form, example)) = OTHER_VERBS.iter().find(|(v, ..)| v == verb) {
                    return Err(format!(
                        "`{verb}` is written: {form} (for example: {example})"
                    ));
                }
                let verbs = VERBS.iter().chain(&OTHER_VERBS).map(|(verb, ..)| *verb);
                Err(format!(
                    "there is no command `{verb}`; {}",
                    did_you_mean(verb, verbs)
                ))
            }
        }
    }
}

/// A name and a value.
fn setting(pair: &str) -> Result<(String, String), String> {
    let (name, value) = pair
        .split_once('=')
        .ok_or_else(|| format!("`{pair}` is not a setting; write it as timeout=500"))?;
    Ok((name.into(), value.into()))
}

impl fmt::Display for Command {
    /// The words that [`Command::parse`] reads back.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Command::Request(node, json) => write!(f, "request {node} {json}"),
            Command::Fault(fault) => fault.fmt(f),
            Command::SetParam(name, value) => write!(f, "set {name}={value}"),
            Command::SetSwitch(name, on) => {
                write!(f, "switch {name}={}", if *on { "on" } else { "off" })
            }
            Command::AddNode(own) => {
                f.write_str("add")?;
                own.iter()
                    .try_for_each(|(name, value)| write!(f, " {name}={value}"))
            }
            Command::RemoveNode(node) => write!(f, "remove {node}"),
            Command::ByHand(on) => write!(f, "by-hand {}", if *on { "on" } else { "off" }),
            Command::Monkey(None) => f.write_str("monkey off"),
            Command::Monkey(Some(Monkey { every, down })) => write!(f, "monkey {every} {down}"),
        }
    }
}

impl Timed {
    /// Reads `5s crash n2` or `@123 crash n5`.
    ///
    /// # Errors
    /// One sentence naming the wrong word.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let (key, command) = text.split_once(char::is_whitespace).ok_or_else(|| {
            format!("`{text}` needs a time and a command, for example `5s crash n2`")
        })?;
        let (time, after) = match key.split_once('@') {
            Some((time, after)) => {
                let after = after.parse().map_err(|_| {
                    format!("`@{after}` is not an event number; write it like @123")
                })?;
                (time, Some(after))
            }
            None => (key, None),
        };
        let time = if time.is_empty() {
            None
        } else {
            Some(Time(Duration::parse(time)?.0))
        };
        Ok(Self {
            at: At { time, after },
            command: Command::parse(command)?,
        })
    }
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(time) = self.time {
            write!(f, "{time}")?;
        }
        if let Some(after) = self.after {
            write!(f, "@{after}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Timed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.at, self.command)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_read_back_what_they_write() {
        let examples = [
            "5s crash n2",
            "4.2s@57 cut n1-n2",
            "@123 crash n5",
            "0s request n1 {\"ask\":{\"to\":2,\"text\":\"a b\"}}",
            "1s set timeout=500",
            "1s switch guard=on",
            "2s add",
            "3s remove n3",
        ];
        for text in examples {
            assert_eq!(Timed::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn mistakes_are_named() {
        assert!(
            Timed::parse("5s crsh n2")
                .unwrap_err()
                .contains("did you mean crash")
        );
        assert!(Timed::parse("crash n2").unwrap_err().contains("`crash`"));
        assert!(Timed::parse("5s").unwrap_err().contains("5s crash n2"));
        assert!(
            Timed::parse("5s request n1 {oops")
                .unwrap_err()
                .contains("not JSON")
        );
        assert!(
            Timed::parse("5s switch guard")
                .unwrap_err()
                .contains("guard=on")
        );
    }

    #[test]
    fn keys_order_commands_against_events() {
        let five = At::time(Time(5));
        assert!(
            five.precedes(9, Some(Time(5))),
            "before every event of its instant"
        );
        assert!(!five.precedes(9, Some(Time(4))));
        let within = At {
            time: Some(Time(5)),
            after: Some(10),
        };
        assert!(!within.precedes(9, Some(Time(5))));
        assert!(within.precedes(10, Some(Time(5))));
        assert!(
            within.precedes(9, Some(Time(6))),
            "never later than its instant"
        );
        let counted = At {
            time: None,
            after: Some(3),
        };
        assert!(!counted.precedes(2, None));
        assert!(counted.precedes(3, Some(Time(0))));
    }

    #[test]
    fn a_command_tells_every_node_it_names() {
        let of = |text| {
            let ids = Command::parse(text).unwrap().nodes();
            ids.iter().map(|id| id.0).max().unwrap_or(0)
        };
        assert_eq!(of("partition n1,n2|n3,n9"), 9);
        assert_eq!(of("reorder n1->n2#3 n1->n7#4"), 7);
        assert_eq!(of("loss n1->n4 0.5"), 4);
        assert_eq!(of("request n3 1"), 3);
        assert_eq!(of("align Heartbeat"), 0);
    }
}
