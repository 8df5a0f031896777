//! What others read of a run is the run: its causes, and nothing that their programs refuse.

use faultline_sim::event::Record;
use faultline_sim::shiviz::{self, Execution, HostLine};
use faultline_sim::stamps::vectors;

use crate::chaos::cases;
use crate::run;

/// What the rules of such logs say, written again without the reader: two lines an event, hosts
/// without blanks, entries that tick by one from 1, and no entry beyond what there is.
fn check_rules(log: &str) {
    let lines: Vec<&str> = log.lines().collect();
    assert_eq!(lines.len() % 2, 0);
    assert!(log.chars().all(|c| c == '\n' || !c.is_control()));
    let mut ticks = std::collections::BTreeMap::new();
    let mut known = Vec::new();
    for pair in lines.chunks(2) {
        assert!(!pair[0].is_empty());
        let (host, clock) = pair[1].split_once(' ').expect("a host and its clock");
        let clock: std::collections::BTreeMap<String, u64> =
            serde_json::from_str(clock).expect("a clock is JSON");
        let own = ticks.entry(host.to_owned()).or_insert(0);
        *own += 1;
        assert_eq!(clock[host], *own, "{}", pair[1]);
        known.push(clock);
    }
    for (host, count) in known.iter().flatten() {
        assert!((1..=ticks[host]).contains(count), "{host}: {count}");
    }
}

fn check_causes(records: &[Record], execution: &Execution) {
    let of_nodes = records.iter().zip(vectors(records));
    let mut expected: Vec<(String, Vec<(String, u64)>)> = of_nodes
        .filter(|(record, _)| record.node.is_some())
        .map(|(record, vector)| {
            let entries = vector.iter().map(|(id, n)| (format!("n{id}"), *n));
            (record.node.unwrap().to_string(), entries.collect())
        })
        .collect();
    let mut got: Vec<(String, Vec<(String, u64)>)> = (execution.events.iter())
        .map(|event| {
            let entries = execution.hosts.iter().zip(&event.clock);
            let mut entries: Vec<(String, u64)> = entries
                .filter(|(_, n)| **n > 0)
                .map(|(host, n)| (host.clone(), u64::from(*n)))
                .collect();
            entries.sort_by_key(|(host, _)| host[1..].parse::<u32>().unwrap());
            (execution.hosts[event.host as usize].clone(), entries)
        })
        .collect();
    expected.sort();
    got.sort();
    assert_eq!(got, expected);
}

/// Under every fault there is, nodes that come and go included, our own reader takes every log and
/// finds the kernel's vectors in it.
#[test]
fn every_run_is_a_log_that_can_be_read() {
    for case in cases() {
        let mut run = run(case);
        let records = run.window(1, u64::MAX);
        let log = shiviz::log(&records);
        check_rules(&log);
        let executions = shiviz::read(&log, &HostLine::BelowText, None)
            .unwrap_or_else(|why| panic!("{case}: {why}"));
        check_causes(&records, &executions[0]);
    }
}
