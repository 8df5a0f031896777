//! The programs beside the protocols: each mark means something, each line that a rule changes has
//! its counterpart, and what a run does has its line.

use faultline_protocols::CATALOGUE;
use faultline_sim::descriptor::{Delivery, Protocol, Recipe};
use faultline_sim::event::Event;
use faultline_sim::program::{Change, Program};
use faultline_sim::settings::{Initial, Settings};
use faultline_sim::time::Time;
use faultline_sim::timeline::Timeline;

/// Rules that the programs leave out: about messages on their way, disks and clients, which direct calls have
/// not, and what makes gossip and the store correct, which would be another program.
const LEFT_OUT: [(&str, &str); 33] = [
    ("cap", "ask-first"),
    ("cap", "keep"),
    ("cap", "ask-reads"),
    ("cap", "no-dirty-reads"),
    ("cap", "resolve"),
    ("cap", "compare"),
    ("counter", "tell"),
    ("counter", "numbers"),
    ("counter", "clocks"),
    ("counter", "send-again"),
    ("counter", "exchange"),
    ("counter", "catch-up"),
    ("counter", "disk"),
    ("counter", "shares"),
    ("counter", "retry"),
    ("counter", "ids"),
    ("hash-ring", "wait-ack"),
    ("hash-ring", "detect"),
    ("gossip", "vectors"),
    ("gossip", "tombstones"),
    ("gossip", "digests"),
    ("gossip", "in-step"),
    ("gossip", "newer-wins"),
    ("gossip", "round-start"),
    ("heartbeat", "spread"),
    ("kv", "own-writes"),
    ("kv", "never-back"),
    ("kv", "causal"),
    ("kv", "read-repair"),
    ("kv", "merkle"),
    ("kv", "hints"),
    ("kv", "sloppy"),
    ("kv", "roams"),
];

fn programs() -> impl Iterator<Item = (&'static Protocol, &'static Program)> {
    let all = CATALOGUE.0.iter();
    all.filter_map(|protocol| Some((*protocol, protocol.program?)))
}

fn marks(program: &Program) -> impl Iterator<Item = &'static str> {
    let marks = program.source.lines();
    let marks = marks.filter_map(|line| Some(line.split_once("//@")?.1));
    marks.flat_map(|marks| marks.split(';')).map(str::trim)
}

#[test]
fn every_mark_names_something_that_there_is() {
    for (protocol, program) in programs() {
        for mark in marks(program) {
            let what = format!("{}: {mark}", protocol.id);
            if let Some(rule) = mark.strip_prefix(['+', '-']) {
                let Some((name, value)) = rule.split_once('=') else {
                    let mut switches = protocol.switches.iter();
                    assert!(switches.any(|switch| switch.name == rule), "{what}");
                    continue;
                };
                let param = protocol.params.iter().find(|param| param.name == name);
                let Some(Initial::Choice(words)) = param.map(|param| param.default) else {
                    panic!("{what}");
                };
                assert!(words.contains(&value), "{what}");
                continue;
            }
            match mark.split_once(' ') {
                Some(("sent" | "got", kind)) => {
                    assert!(protocol.kinds.iter().any(|k| k.name == kind), "{what}");
                }
                Some(("asked", json)) => {
                    let mut forms = protocol.requests.iter();
                    assert!(
                        forms.any(|form| (form.example)().to_string().starts_with(json)),
                        "{what}"
                    );
                }
                Some(("timer" | "mark", words)) => assert!(!words.is_empty(), "{what}"),
                _ => panic!("{what}"),
            }
        }
    }
    assert_eq!(programs().count(), 8);
}

#[test]
fn each_rule_changes_lines_and_nothing_else() {
    for (protocol, program) in programs() {
        let settings = Settings::new(protocol.params, protocol.switches);
        let plain = program.lines(&settings);
        assert!(
            plain.iter().all(|line| line.change != Change::Removed
                || protocol.switches.iter().any(|s| s.default))
        );
        for switch in protocol.switches {
            let speaks = marks(program).any(|mark| {
                let rule = mark.strip_prefix(['+', '-']);
                rule == Some(switch.name)
            });
            // Work that only a network's program must do has no line here, and the listing says so.
            if !speaks {
                let mut on = settings.clone();
                on.set_switch(switch.name, !switch.default).unwrap();
                assert_eq!(program.left_out(&on), [switch.title], "{}", protocol.id);
                assert!(
                    LEFT_OUT.contains(&(protocol.id, switch.name)),
                    "{}",
                    switch.name
                );
                continue;
            }
            let mut on = settings.clone();
            on.set_switch(switch.name, !switch.default).unwrap();
            let lines = program.lines(&on);
            let changed = lines
                .iter()
                .filter(|line| line.change != Change::None)
                .count();
            assert!(changed > 0, "{}: {}", protocol.id, switch.name);
            let kept: Vec<&str> = (lines.iter())
                .filter(|line| line.change != Change::Added)
                .map(|line| line.text.as_str())
                .collect();
            let before: Vec<&str> = plain.iter().map(|line| line.text.as_str()).collect();
            assert_eq!(kept, before, "{}: {}", protocol.id, switch.name);
        }
    }
}

/// Every step of a run of the listing has a current line.
#[test]
fn what_a_run_as_written_does_has_its_line() {
    for (protocol, program) in programs() {
        for scenario in protocol.scenarios {
            let preset = protocol.preset(scenario.preset).unwrap();
            if preset.delivery != Delivery::Nested {
                continue;
            }
            let recipe = Recipe::new(&format!("{}/{}", protocol.id, scenario.id), 1);
            let mut run = Timeline::new(CATALOGUE.setup(&recipe).unwrap()).unwrap();
            run.run_until(Time(scenario.until.0), u64::MAX);
            let lines = program.lines(run.world().settings());
            let counted = |kind: &str| matches!(kind, "HANDOVER" | "ACK" | "ANSWER" | "PING");
            let mut seen = 0;
            for record in run.trace().records() {
                let wanted = match &record.event {
                    Event::Sent { kind, .. } | Event::Delivered { kind, .. } => !counted(kind),
                    // The kernel's own mark repeats the request, which has its line.
                    Event::Marked(marked) => marked.mark.name != "asked",
                    _ => false,
                };
                let at = lines.iter().any(|line| line.runs(record));
                seen += u32::from(at);
                let hears = matches!(&record.event, Event::Delivered { .. });
                let ring = protocol.id == "hash-ring";
                assert!(
                    at || !wanted || ring && !hears,
                    "{recipe:?}: {}",
                    record.line()
                );
            }
            assert!(seen > 0 || scenario.script.is_empty(), "{recipe:?}");
        }
    }
}
