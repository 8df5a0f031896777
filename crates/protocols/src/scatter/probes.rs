//! What is measured. Times are the true ones, whatever the nodes' own clocks say.

use faultline_sim::clone_probe;
use faultline_sim::event::Record;
use faultline_sim::probe;
use faultline_sim::probe::{DROPPED, LIVE, MESSAGES, Probe, ProbeSpec};
use faultline_sim::time::{Duration, Time};
use faultline_sim::world::World;

use super::coordinator::{Coordinator, Step};
use super::descriptor::WORK;
use super::{COORDINATOR, Machine, marks};

pub const PROBES: &[ProbeSpec] = &[
    probe!("took", "Time of the job", "s", new Latest<Took>),
    probe!("speedup", "Speed-up against one machine", "times", new Latest<SpeedUp>),
    probe!("busy", "Workers that compute, in the mean", "%", new Latest<Busy>),
    probe!("coordination", "Coordinator hands out and gathers", "s", during coordinates),
    probe!("idle", "Time in which no worker computes", "s", during nobody_computes),
    probe!("finished", "Jobs finished", "jobs", marks marks::FINISHES),
    probe!("again", "Parts handed out again after silence", "parts", marks marks::TAKES_AWAY),
    probe!("backups", "Backup copies handed out", "copies", marks marks::COPIES),
    probe!("dropped-results", "Results of parts that were counted already", "results", marks marks::DROPS),
    MESSAGES,
    DROPPED,
    LIVE,
];

pub fn coordinator(world: &World) -> Option<&Coordinator> {
    match world.node::<Machine>(COORDINATOR)? {
        Machine::Coordinator(own) => Some(own),
        Machine::Worker(_) => None,
    }
}

/// Workers that are up and have a part.
pub fn computing(world: &World) -> usize {
    let machines = world.live().filter_map(|id| world.node::<Machine>(id));
    let busy = |machine: &&Machine| matches!(machine, Machine::Worker(own) if own.task.is_some());
    machines.filter(busy).count()
}

fn step(world: &World) -> Option<&Step> {
    coordinator(world)?.job.as_ref()?.step.as_ref()
}

fn coordinates(world: &World) -> bool {
    step(world).is_some_and(|step| *step != Step::Prepare)
}

fn nobody_computes(world: &World) -> bool {
    let job = coordinator(world).is_some_and(|own| own.job.is_some());
    job && step(world) != Some(&Step::Prepare) && computing(world) == 0
}

/// What is told of a job that has ended: how long it took, and how long all workers together computed.
trait Of: Clone + Default + 'static {
    fn tell(took: Duration, computed: Duration, world: &World) -> f64;
}

#[derive(Clone, Default)]
struct Took;
impl Of for Took {
    fn tell(took: Duration, _: Duration, _: &World) -> f64 {
        took.as_seconds()
    }
}

#[derive(Clone, Default)]
struct SpeedUp;
impl Of for SpeedUp {
    fn tell(took: Duration, _: Duration, world: &World) -> f64 {
        world.settings().duration(&WORK).as_seconds() / took.as_seconds()
    }
}

#[derive(Clone, Default)]
struct Busy;
impl Of for Busy {
    fn tell(took: Duration, computed: Duration, world: &World) -> f64 {
        let workers = world.ids().len().max(2) - 1;
        100.0 * computed.as_seconds() / (took.as_seconds() * workers as f64)
    }
}

/// Follows a job, and tells of the latest one that has ended.
#[derive(Clone, Default)]
struct Latest<T> {
    began: Option<Time>,
    /// Up to which instant computing was added up, and how many computed from there on.
    seen: Time,
    computing: u64,
    computed: Duration,
    told: Option<f64>,
    of: std::marker::PhantomData<T>,
}

impl<T: Of> Probe for Latest<T> {
    clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        if record.is(&marks::BEGINS) {
            self.began = Some(record.time);
            self.computed = Duration(0);
            self.seen = record.time;
        }
        if self.began.is_some() && record.node.is_some() {
            let length = record.time.since(self.seen);
            self.computed = self.computed + Duration(length.0 * self.computing);
            self.seen = record.time;
            self.computing = computing(world) as u64;
        }
        let ended = record.is(&marks::FINISHES);
        if let Some(began) = ended.then(|| self.began.take()).flatten() {
            let took = record.time.since(began);
            self.told = Some(T::tell(took, self.computed, world)).filter(|told| told.is_finite());
        }
    }
    fn value(&self, _world: &World) -> Option<f64> {
        self.told
    }
}
