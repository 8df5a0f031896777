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

use super::histories::{Checked, HistoryFile, check, gather};
use super::seek::{instants, long_run};
use super::{Engine, Workload, run as run_bench, search};
use crate::arguments::{flag, read};
use crate::output::Output;
use crate::{FINE, Outcome};

pub fn run(words: &[String], out: &mut Output) -> Outcome<u8> {
    let given = read(words, &[flag("--record"), flag("--json")])?;
    let as_json = given.has("--json");
    match given.words.split_first() {
        Some((word, [count])) if word == "seek" => return seek(count, as_json, out),
        Some((word, paths)) if word == "histories" => return histories(paths, as_json, out),
        Some((word, [])) if word == "search" => return searches(as_json, out),
        _ => {}
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
    if as_json {
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

/// Checks of each history; the median counts.
const CHECKS: usize = 5;

/// `faultline bench histories PATH...`: reading and checking histories.
fn histories(paths: &[String], as_json: bool, out: &mut Output) -> Outcome<u8> {
    let files = gather(paths)?;
    let (mut reading, mut checking) = (0.0, 0.0);
    let (mut operations, mut steps, mut linearizable) = (0, 0, 0_u64);
    let mut slowest = ("", 0.0);
    for file in &files {
        let (done, read, checked) = measured(file)?;
        reading += read;
        checking += checked;
        if checked >= slowest.1 {
            slowest = (&file.name, checked);
        }
        operations += done.operations;
        steps += done.steps;
        linearizable += u64::from(done.linearizable);
    }
    let count = files.len();
    let ns = checking * 1e6 / operations.max(1) as f64;
    let (name, most) = slowest;
    if as_json {
        let report = json!({
            "histories": count,
            "linearizable": linearizable,
            "operations": operations,
            "steps": steps,
            "read_ms": reading,
            "check_ms": checking,
            "ns_per_operation": ns,
            "slowest": name,
            "slowest_ms": most,
        });
        out.line(&report.to_string())?;
    } else {
        out.line(&format!(
            "{count} histories with {operations} operations, {linearizable} of them linearizable"
        ))?;
        out.line(&format!(
            "read in {reading:.1} ms, checked in {checking:.1} ms, {ns:.0} ns per operation"
        ))?;
        out.line(&format!("slowest: {name}, {most:.1} ms"))?;
    }
    Ok(FINE)
}

/// What a check finds, and the milliseconds that reading and checking take.
fn measured(file: &HistoryFile) -> Outcome<(Checked, f64, f64)> {
    let (mut reading, mut checking) = (Vec::new(), Vec::new());
    loop {
        let start = Instant::now();
        let history = file.read()?;
        reading.push(start.elapsed().as_secs_f64() * 1e3);
        let start = Instant::now();
        let done = check(&history);
        checking.push(start.elapsed().as_secs_f64() * 1e3);
        if checking.len() == CHECKS {
            return Ok((done, median(reading), median(checking)));
        }
    }
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// `faultline bench search`: orders and schedules a second.
fn searches(as_json: bool, out: &mut Output) -> Outcome<u8> {
    let (states, model) = timed(|| Ok(search::model()))?;
    let (worlds, of_worlds) = timed(search::worlds)?;
    let (schedules, of_schedules) = timed(search::schedules)?;
    let rate = |count: u64, seconds: f64| (count as f64 / seconds.max(1e-9)).round();
    if as_json {
        let report = json!({
            "model_states": states,
            "model_ms": model * 1e3,
            "model_states_per_second": rate(states, model),
            "world_states": worlds,
            "world_states_per_second": rate(worlds, of_worlds),
            "schedules_per_second": rate(schedules, of_schedules),
        });
        out.line(&report.to_string())?;
    } else {
        let managers = search::MANAGERS;
        out.line(&format!(
            "two-phase commit as a specification, {managers} managers: {states} states in {:.0} ms, {} a second",
            model * 1e3,
            rate(states, model)
        ))?;
        out.line(&format!(
            "Raft with 3 servers, whole worlds: {worlds} states, {} a second",
            rate(worlds, of_worlds)
        ))?;
        out.line(&format!(
            "Raft with 5 servers, random schedules: {} a second",
            rate(schedules, of_schedules)
        ))?;
    }
    Ok(FINE)
}

/// What some work counts, and the seconds it takes: the best of three times.
fn timed(work: impl Fn() -> Outcome<u64>) -> Outcome<(u64, f64)> {
    let mut best = f64::INFINITY;
    let mut count = 0;
    for _ in 0..3 {
        let start = Instant::now();
        count = work()?;
        best = best.min(start.elapsed().as_secs_f64());
    }
    Ok((count, best))
}
