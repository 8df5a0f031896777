//! Three workloads that measure the engine, and a bare heap with the same pushes and pops for
//! comparison. The caller reads the clock, natively or in a browser.

pub mod command;
mod gossip;
mod heap;
mod heartbeat;
mod histories;
mod search;
mod seek;
mod token;

use faultline_sim::event::Trace;
use faultline_sim::network::{Latency, Link};
use faultline_sim::node::Fleet;
use faultline_sim::settings::Settings;
use faultline_sim::time::Duration;
use faultline_sim::world::{Limits, World};

/// Latency of every link, in microseconds.
const LATENCY: (u64, u64) = (1_000, 10_000);
/// Time between two heartbeats, or two pushes of a rumour.
const PERIOD: Duration = Duration::millis(100);
/// Nodes of each workload.
const HEARTBEAT_NODES: u32 = 5;
const TOKEN_NODES: u32 = 100;
const GOSSIP_NODES: u32 = 1_000;
/// How many other nodes a node pushes a rumour to.
const FAN_OUT: u32 = 3;

/// The simulated system.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Workload {
    /// Heartbeats all to all.
    W1,
    /// A token on a ring.
    W2,
    /// A rumour.
    W3,
}

/// The engine that runs a workload.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Engine {
    /// Only a binary heap.
    Heap,
    /// The kernel, recording nothing.
    Plain,
    /// The kernel, with every record in a trace.
    Recorded,
}

impl Workload {
    pub const ALL: [(&'static str, Workload); 3] = [
        ("w1", Workload::W1),
        ("w2", Workload::W2),
        ("w3", Workload::W3),
    ];
}

impl Engine {
    pub const ALL: [(&'static str, Engine); 3] = [
        ("heap", Engine::Heap),
        ("faultline", Engine::Plain),
        ("faultline-recorded", Engine::Recorded),
    ];
}

/// The work of a measurement.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Done {
    pub deliveries: u64,
    /// Deliveries and timers.
    pub events: u64,
}

/// Runs a workload until this many messages have been delivered.
#[must_use]
pub fn run(engine: Engine, workload: Workload, deliveries: u64) -> Done {
    if engine == Engine::Heap {
        return heap::run(workload, deliveries);
    }
    let recorded = engine == Engine::Recorded;
    match workload {
        Workload::W1 => drive(
            heartbeat::fleet(),
            HEARTBEAT_NODES,
            recorded,
            deliveries,
            heartbeat::delivered,
        ),
        Workload::W2 => drive(token::fleet(), TOKEN_NODES, recorded, deliveries, |world| {
            token::delivered(world)
        }),
        Workload::W3 => drive(
            gossip::fleet(),
            GOSSIP_NODES,
            recorded,
            deliveries,
            gossip::delivered,
        ),
    }
}

fn drive(
    fleet: Box<dyn Fleet>,
    nodes: u32,
    recorded: bool,
    deliveries: u64,
    delivered: impl Fn(&World) -> u64,
) -> Done {
    let limits = Limits {
        events: u64::MAX,
        instant: u64::MAX,
        queue: u32::MAX,
        memory: usize::MAX,
        ..Limits::default()
    };
    let (min, max) = (Duration(LATENCY.0), Duration(LATENCY.1));
    let link = Link::new(Latency::Uniform { min, max });
    let mut world = World::new(fleet, Settings::new(&[], &[]), 1, link, false, limits);
    world.set_recording(recorded);
    for _ in 0..nodes {
        world.spawn(true);
    }
    let (mut trace, mut records) = (Trace::default(), Vec::new());
    let mut done = 0;
    // One event delivers at most one message, so this many cannot deliver too many.
    while done < deliveries {
        for _ in done..deliveries {
            world.step();
            if recorded {
                world.move_records(&mut records);
                trace.append(&mut records);
            }
        }
        done = delivered(&world);
    }
    std::hint::black_box(trace.hash());
    Done {
        deliveries: done,
        // The kernel counts the start of each node as an event; the workload does not.
        events: world.events() - u64::from(nodes),
    }
}

/// The entry point for browsers: takes the indexes of engine and workload, returns the events.
#[cfg(target_arch = "wasm32")]
#[unsafe(no_mangle)]
pub extern "C" fn bench(engine: usize, workload: usize, deliveries: f64) -> f64 {
    let (engine, workload) = (Engine::ALL[engine].1, Workload::ALL[workload].1);
    run(engine, workload, deliveries as u64).events as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_engines_deliver_what_was_asked_for() {
        for (name, workload) in Workload::ALL {
            let shape = Engine::ALL.map(|(_, engine)| run(engine, workload, 20_000));
            for done in shape {
                assert_eq!(done.deliveries, 20_000, "{name}");
                // The heap draws other latencies, so the last round can differ slightly.
                let apart = done.events.abs_diff(shape[0].events);
                assert!(apart <= 2 * u64::from(GOSSIP_NODES), "{name}: {shape:?}");
            }
            assert_eq!(shape[1], shape[2], "{name}: recording changes nothing");
        }
    }
}
