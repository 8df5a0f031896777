//! What a search finds: scenarios, lessons, words of the glossary, commands; the best first.

use std::rc::Rc;

use faultline_protocols::CATALOGUE;
use faultline_sim::descriptor::{Protocol, Scenario};
use faultline_sim::glossary::Glossary;
use faultline_sim::lesson::Lesson;
use faultline_sim::question::Piece;
use faultline_sim::sorted::{SortedMap, sort_by_key};

use crate::text::search::{Search, Weighed};

/// Texts that are searched besides titles: of a protocol (`raft`) its essay, of a scenario
/// (`raft/etcd`) its rows of the curriculum.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Texts(SortedMap<String, String>);

impl Texts {
    /// Reads the file that the build makes (xtask/split/src/texts.rs).
    #[must_use]
    pub fn read(text: &str) -> Self {
        let mut found = SortedMap::new();
        let mut protocol = "";
        for line in text.lines() {
            let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
            match word {
                "protocol" => protocol = rest,
                "essay" => drop(found.insert(protocol.to_owned(), rest.to_owned())),
                "rows" => {
                    if let Some((scenario, rows)) = rest.split_once(' ') {
                        found.insert(format!("{protocol}/{scenario}"), rows.to_owned());
                    }
                }
                _ => {}
            }
        }
        Self(found)
    }

    fn of(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }
}

/// A scenario of the catalogue.
#[derive(Clone, Copy)]
pub struct Entry {
    pub protocol: &'static Protocol,
    pub scenario: &'static Scenario,
}

impl Entry {
    /// `protocol/scenario`
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}/{}", self.protocol.id, self.scenario.id)
    }

    /// All of them, in the catalogue's order.
    pub fn all() -> impl Iterator<Item = Self> {
        CATALOGUE.0.iter().flat_map(|protocol| {
            protocol
                .scenarios
                .iter()
                .map(move |scenario| Self { protocol, scenario })
        })
    }
}

/// Scenarios that answer a search, the best first. `asks`: what is asked about a scenario.
#[must_use]
pub fn scenarios(
    search: &Search,
    texts: &Texts,
    asks: &SortedMap<String, String>,
) -> Vec<(u32, Entry)> {
    let score = |entry: Entry| {
        let (protocol, scenario) = (entry.protocol, entry.scenario);
        let name = entry.name();
        let breaks = protocol
            .preset(scenario.preset)
            .ok()
            .and_then(|preset| preset.breaks);
        let score = search.score(&[
            (scenario.title, 8),
            (breaks.unwrap_or_default(), 3),
            (scenario.summary, 5),
            (asks.get(&name).map_or("", String::as_str), 5),
            (texts.of(&name), 4),
            (protocol.title, 6),
            (protocol.summary, 2),
            (protocol.shelf.title(), 2),
            (scenario.id, 1),
            (texts.of(protocol.id), 1),
        ])?;
        Some((score, entry))
    };
    best(Entry::all().filter_map(score).collect())
}

/// Lessons that answer a search, the best first.
#[must_use]
pub fn lessons(search: &Search, lessons: &[Rc<Lesson>]) -> Vec<(u32, Rc<Lesson>)> {
    let score = |lesson: &Rc<Lesson>| {
        let steps: Vec<&str> = lesson
            .steps
            .iter()
            .map(|step| step.title.as_str())
            .collect();
        let words = lesson
            .steps
            .iter()
            .flat_map(|step| step.text.iter().flatten());
        let words: Vec<&str> = words
            .filter_map(|piece| match piece {
                Piece::Text(text) => Some(text.as_str()),
                _ => None,
            })
            .collect();
        let (steps, words) = (steps.join(" "), words.join(" "));
        let texts: [Weighed; 5] = [
            (&lesson.title, 8),
            (&lesson.id, 7),
            (&lesson.about, 5),
            (&steps, 4),
            (&words, 1),
        ];
        Some((search.score(&texts)?, lesson.clone()))
    };
    best(lessons.iter().filter_map(score).collect())
}

/// A challenge that can be found.
#[derive(Clone, Debug, PartialEq)]
pub struct Challenge {
    /// `raft/two-at-once`
    pub name: String,
    pub ask: String,
    pub about: String,
}

/// Challenges that answer a search, the best first.
#[must_use]
pub fn challenges<'c>(search: &Search, all: &'c [Challenge]) -> Vec<(u32, &'c Challenge)> {
    let score = |one: &'c Challenge| {
        let texts: [Weighed; 3] = [(&one.ask, 5), (&one.name, 4), ("challenge", 6)];
        Some((search.score(&texts)?, one))
    };
    best(all.iter().filter_map(score).collect())
}

/// Words of the glossary that answer a search, by their places in the list, the best first.
#[must_use]
pub fn terms(search: &Search, glossary: &Glossary) -> Vec<(u32, usize)> {
    let score = |(at, term): (usize, &faultline_sim::glossary::Term)| {
        let (also, finds) = (term.also.join(" "), term.finds.join(" "));
        let texts: [Weighed; 3] = [(&term.term, 9), (&also, 7), (&finds, 3)];
        Some((search.score(&texts)?, at))
    };
    best(
        glossary
            .terms
            .iter()
            .enumerate()
            .filter_map(score)
            .collect(),
    )
}

fn best<T>(mut found: Vec<(u32, T)>) -> Vec<(u32, T)> {
    sort_by_key(&mut found, |(score, _)| u32::MAX - score);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words of textbooks, and scenarios that should be among the first five.
    const FIRST: &[(&str, &[&str])] = &[
        ("partition", &["raft/write-and-heal", "gossip/split-writes"]),
        (
            "network failure",
            &["raft/leader-cut-off", "cluster/one-link-cut"],
        ),
        ("byzantine", &["pbft/two-stories", "pbft/two-liars"]),
        ("proof of work", &["pow/chain-grows", "pow/slow-network"]),
        (
            "proof of stake",
            &["pos/blocks-become-final", "pos/unequal-stakes"],
        ),
        ("NTP", &["clock-sync/even-path", "clock-sync/slow-answer"]),
        ("mining", &["pow/chain-grows", "pow/selfish"]),
        ("slashing", &["pos/two-votes", "pos/two-blocks"]),
        ("split brain", &["bully/two-leaders", "election/two-crowns"]),
        (
            "quorum",
            &["bare-service/quorum-alone", "raft/two-of-five-crash"],
        ),
        ("replication", &["raft/slow-follower", "hash-ring/crash"]),
        (
            "failover",
            &["raft/kill-the-leader", "lease/holder-crashes"],
        ),
        ("stale read", &["raft/stale-read", "raft/confirmed-read"]),
        ("prevote", &["raft/deaf-follower-steady"]),
        (
            "linearizable",
            &["raft/stale-read", "raft/confirmed-read", "cap/cut-answer"],
        ),
        (
            "eventual consistency",
            &["gossip/three-keys", "gossip/split-writes"],
        ),
        (
            "availability",
            &["raft/service-of-three", "raft/service-of-one"],
        ),
        (
            "single point of failure",
            &["raft/service-of-one", "lease/service-crashes"],
        ),
        (
            "sharding",
            &["shard-range/split", "hash-ring/mod-n", "hash-ring/mixed"],
        ),
        ("hot spot", &["hash-ring/not-round", "hash-ring/mixed"]),
        (
            "rebalancing",
            &["hash-ring/add-and-remove", "hash-ring/hand-over"],
        ),
        ("heartbeat", &["heartbeat/one-crash", "heartbeat/demo"]),
        (
            "failure detector",
            &["heartbeat/one-crash", "heartbeat/demo"],
        ),
        (
            "idempotent",
            &["cluster/retry-applied-twice", "cluster/retry-applied-once"],
        ),
        (
            "at most once",
            &["cluster/retry-applied-twice", "cluster/retry-applied-once"],
        ),
        ("truetime", &["truetime/commit-wait", "truetime/no-wait"]),
        ("paxos", &["paxos/one-proposer"]),
        ("synod", &["paxos/one-proposer", "paxos/duel"]),
        ("proposer", &["paxos/one-proposer", "paxos/second-proposer"]),
        ("acceptor", &["paxos/one-proposer", "paxos/minority-down"]),
        ("learner", &["paxos/missed-news", "paxos/half-accepted"]),
        ("ballot", &["paxos/highest-of-two", "paxos/duel"]),
        (
            "single decree",
            &["paxos/one-proposer", "paxos/second-proposer"],
        ),
        ("livelock", &["paxos/duel", "paxos/backoff"]),
        (
            "multi-paxos",
            &["multi-paxos/steady", "multi-paxos/kill-the-leader"],
        ),
        ("slot", &["multi-paxos/gap", "multi-paxos/half-done"]),
        ("atomic commit", &["two-phase-commit/all-agree"]),
        ("deadlock", &["deadlock/two-rows", "deadlock/nobody-looks"]),
        ("wait-for graph", &["deadlock/three-in-a-circle"]),
        (
            "phantom deadlock",
            &["deadlock/two-give-up", "deadlock/old-news"],
        ),
        ("wait-die", &["deadlock/wait-die"]),
        ("contention", &["deadlock/hot-row"]),
        ("saga", &["saga/all-book", "saga/car-fails"]),
        (
            "compensation",
            &["saga/car-fails", "saga/undo-lost", "saga/late-step"],
        ),
        ("choreography", &["saga/choreography"]),
        (
            "speedup",
            &["scatter/four-machines", "scatter/eight-machines"],
        ),
        ("time-ordered keys", &["shard-range/time-ordered"]),
        ("salt", &["shard-range/salted", "shard-range/scan-salted"]),
        (
            "nonblocking commit",
            &[
                "three-phase-commit/coordinator-dies",
                "three-phase-commit/all-agree",
            ],
        ),
        (
            "distributed lock",
            &["lease/service-crashes", "lease/holder-crashes"],
        ),
        (
            "fencing token",
            &["lease/fenced-pause", "lease/pause-the-holder"],
        ),
        (
            "GC pause",
            &["lease/pause-the-holder", "cluster/pause-or-crash"],
        ),
        (
            "causality",
            &["vector/answer-before-question", "vector/question-first"],
        ),
        (
            "happened before",
            &["lamport/smaller-is-not-earlier", "lamport/textbook-figure"],
        ),
        (
            "epidemic",
            &["gossip/rumour-of-a-thousand", "gossip/rounds"],
        ),
        (
            "conflict",
            &["gossip/two-writes-at-once", "gossip/split-writes"],
        ),
        (
            "packet loss",
            &["cluster/lossy-link", "ring-election/token-lost"],
        ),
        ("kubernetes", &["raft/etcd"]),
        ("kafka", &["lease/controller-crashes"]),
        (
            "cap theorem",
            &[
                "cap/cut",
                "cap/cut-answer",
                "raft/write-and-heal",
                "gossip/split-writes",
            ],
        ),
        ("new leader copies keys", &["museum/by-ring"]),
        ("two leaders and two rings", &["museum/split"]),
    ];

    fn found(sought: &str) -> Vec<String> {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/course/glossary.txt");
        let glossary = Glossary::read(&std::fs::read_to_string(path).unwrap()).unwrap();
        let search = Search::new(sought, &glossary);
        let found = scenarios(&search, &Texts::default(), &SortedMap::new());
        found.iter().map(|(_, entry)| entry.name()).collect()
    }

    #[test]
    fn everything_is_found_by_no_words() {
        assert_eq!(found("").len(), Entry::all().count());
        assert!(found("no such words at all").is_empty());
    }

    #[test]
    fn words_of_textbooks_find_the_right_scenarios_first() {
        let mut wrong = Vec::new();
        for (sought, wanted) in FIRST {
            let found = found(sought);
            let first: Vec<&str> = found.iter().take(5).map(String::as_str).collect();
            if !wanted.iter().any(|name| first.contains(name)) {
                wrong.push(format!("{sought}: {first:?}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn texts_are_those_of_the_build() {
        let texts =
            Texts::read("protocol raft\nessay one two\nrows etcd Example\nprotocol x\nessay y\n");
        assert_eq!(texts.of("raft"), "one two");
        assert_eq!(texts.of("raft/etcd"), "Example");
        assert_eq!(texts.of("x"), "y");
        assert_eq!(texts.of("z"), "");
    }
}
