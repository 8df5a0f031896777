//! How nodes are drawn: the coordinator with its parts, a worker with the time that it has computed.

use faultline_sim::frame::{Figure, NodeFrame, Pips, Tone, Word};
use faultline_sim::settings::Settings;
use faultline_sim::text::and_list;

use super::Machine;
use super::coordinator::{Coordinator, Job, Step};
use super::descriptor::{SERIAL, WORK, WORKERS};
use super::worker::Worker;

/// Parts that are listed at most.
const SHOWN: u32 = 32;

pub fn draw(machine: &Machine, settings: &Settings, to: &mut NodeFrame) {
    match machine {
        Machine::Coordinator(own) => draw_coordinator(own, to),
        Machine::Worker(own) => draw_worker(own, settings, to),
    }
}

fn draw_coordinator(own: &Coordinator, to: &mut NodeFrame) {
    to.set("coordinator", Tone::Coordinator);
    if let Some(primes) = own.found {
        to.inside = Some(Word::of(primes));
    }
    let Some(job) = &own.job else {
        return;
    };
    let counted = job.counted.len() as u32;
    to.inside = Some(Word::of(job.total));
    to.pips = Some(Pips {
        yes: counted,
        no: 0,
        need: job.parts,
        of: job.parts,
    });
    to.chips.extend(job.step.as_ref().map(|step| match step {
        Step::Prepare => "does what cannot be divided".to_owned(),
        Step::HandOut { part, worker } => format!("hands part {part} to {worker}"),
        Step::Gather(answer) => format!("gathers part {}", answer.part),
    }));
    let waiting = job.answers.len();
    let waiting = (waiting > 0).then(|| format!("{waiting} results wait"));
    to.chips.extend(waiting);
    to.figures.push(Figure::Gauge {
        name: "parts done".to_owned(),
        value: f64::from(counted),
        max: f64::from(job.parts),
        mark: None,
    });
    to.figures.push(Figure::Table {
        head: ["part", "state", "at"].map(str::to_owned).to_vec(),
        rows: (1..=job.parts.min(SHOWN)).map(|n| row(job, n)).collect(),
    });
}

fn row(job: &Job, part: u32) -> Vec<String> {
    let given = job.given.keys().filter(|(given, _)| *given == part);
    let at = and_list(given.map(|(_, worker)| worker));
    let state = match () {
        () if job.counted.contains(&part) => "counted",
        () if job.answers.iter().any(|answer| answer.part == part) => "has come",
        () if !at.is_empty() => "is computed",
        () => "waits",
    };
    vec![part.to_string(), state.to_owned(), at]
}

fn draw_worker(own: &Worker, settings: &Settings, to: &mut NodeFrame) {
    to.set("worker", Tone::Calm);
    to.layer = 1;
    if let Some(task) = &own.task {
        to.tone = Tone::Busy;
        to.inside = Some(Word::of(format_args!("part {}", task.part.number)));
        to.chips.push(format!(
            "numbers from {} below {}",
            task.part.from, task.part.to
        ));
    }
    // A fair share is what each worker computes if all are equally fast.
    let work = settings.duration(&WORK).as_seconds() * (1.0 - settings.param(&SERIAL) / 100.0);
    to.figures.push(Figure::Gauge {
        name: "seconds computed".to_owned(),
        value: own.worked.as_seconds(),
        max: work,
        mark: Some(work / settings.param(&WORKERS)),
    });
    to.fields([("parts finished", own.finished.to_string())]);
}
