//! `faultline bench`: one measurement.
#![allow(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "a benchmark measures real time; the simulation does not see it"
)]

use std::time::Instant;

use faultline_sim::text::did_you_mean;
use faultline_sim::timeline::Target;
use serde_json::json;

use super::seek::{instants, long_run};
use super::{Engine, Workload, run as run_bench};
use crate::arguments::{flag, read};
use crate::output::Output;
use crate::{FINE, Outcome};

pub fn run(words: &[String], out: &mut Output) -> Outcome<u8> {
    let given = read(words, &[flag("--record"), flag("--json")])?;
    if let [word, count] = given.words.as_slice()
        && word == "seek"
    {
        return seek(count, given.has("--json"), out);
    }
    let heap = given.words.first().is_some_and(|word| word == "heap");
    let words = &given.words[usize::from(heap)..];
    let names = Workload::ALL.map(|(name, _)| name);
    let [name, count] = words else {
        return Err(match words {
            [_, _, extra, ..] => {
                format!("unexpected argument `{extra}`; bench takes a workload and a number")
            }
            _ => format!(
                "bench needs a workload ({}) and a number of deliveries, for example: bench w1 \
                 1000000",
                names.join(", ")
            ),
        });
    };
    let found = Workload::ALL.iter().find(|(known, _)| known == name);
    let (name, workload) = *found.ok_or_else(|| {
        format!(
            "there is no workload `{name}`; {}",
            did_you_mean(name, names)
        )
    })?;
    let deliveries: u64 = count.parse().ok().filter(|n| *n > 0).ok_or_else(|| {
        format!("`{count}` is not a number of deliveries; write a whole number from 1")
    })?;
    let engine = match (heap, given.has("--record")) {
        (true, true) => return Err("`--record` needs the kernel: a bare heap has no trace".into()),
        (true, false) => Engine::Heap,
        (false, false) => Engine::Plain,
        (false, true) => Engine::Recorded,
    };
    let start = Instant::now();
    let done = run_bench(engine, workload, deliveries);
    let seconds = start.elapsed().as_secs_f64();
    let engine = Engine::ALL.iter().find(|(_, known)| *known == engine);
    let engine = engine.map_or("", |(name, _)| name);
    let per = |count: u64| (seconds * 1e9 / count as f64 * 100.0).round() / 100.0;
    let (event, delivery) = (per(done.events), per(done.deliveries));
    if given.has("--json") {
        let report = json!({
            "engine": engine,
            "workload": name,
            "deliveries": done.deliveries,
            "events": done.events,
            "seconds": seconds,
            "ns_per_event": event,
            "ns_per_delivery": delivery,
        });
        out.line(&report.to_string())?;
    } else {
        let (deliveries, events) = (done.deliveries, done.events);
        let rate = deliveries as f64 / seconds / 1e6;
        out.line(&format!(
            "{engine} {name}: {deliveries} deliveries, {events} events in {seconds:.3} s"
        ))?;
        out.line(&format!(
            "{event} ns per event, {delivery} ns per delivery, {rate:.2} million deliveries per second"
        ))?;
    }
    Ok(FINE)
}

/// Seeks of one measurement, after a warm-up.
const SEEKS: u64 = 300;
const WARM_UP: usize = 30;

/// `faultline bench seek EVENTS`: state and frame at random instants.
fn seek(count: &str, as_json: bool, out: &mut Output) -> Outcome<u8> {
    let events: u64 = count.parse().ok().filter(|n| *n > 0).ok_or_else(|| {
        format!("`{count}` is not a number of events; write a whole number from 1")
    })?;
    let mut timeline = long_run(events)?;
    let mut times = Vec::new();
    for to in instants(&timeline, SEEKS + WARM_UP as u64) {
        let start = Instant::now();
        timeline.go(Target::Time(to));
        std::hint::black_box(timeline.frame());
        times.push(start.elapsed().as_secs_f64() * 1e3);
    }
    times.drain(..WARM_UP);
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[(times.len() as f64 * share) as usize];
    let (p50, p95) = (at(0.5), at(0.95));
    out.line(&if as_json {
        json!({ "events": events, "p50_ms": p50, "p95_ms": p95 }).to_string()
    } else {
        format!("a seek in {events} events: median {p50:.3} ms, 95th percentile {p95:.3} ms")
    })?;
    Ok(FINE)
}
