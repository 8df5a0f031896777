//! How long operations take, on a process that answers after as many milliseconds as it is asked for.

use faultline_sim::command::Command;
use faultline_sim::frame::NodeFrame;
use faultline_sim::mark::Mark;
use faultline_sim::network::{Latency, Link};
use faultline_sim::node::Typed;
use faultline_sim::probe::{MEAN, OK, P95, Probe, ProbeSpec, Wait};
use faultline_sim::process::{Context, NodeId, Operation, Process, Start};
use faultline_sim::settings::Settings;
use faultline_sim::time::{Duration, Time};
use faultline_sim::world::{Limits, World};
use serde::Serialize;

const ENTERS: Mark = Mark::new("enters", "enters");

#[derive(Clone, Hash, Serialize)]
struct Slow;

faultline_sim::messages! {
    enum Message {
        Nothing => Data "" "sends",
    }
}

faultline_sim::timers! {
    enum Timer {
        Enter,
        Answer { operation: Operation },
    }
}

impl Process for Slow {
    type Message = Message;
    type Timer = Timer;
    type Request = u32;
    type Reply = ();

    fn new(_me: NodeId, _settings: &Settings) -> Self {
        Self
    }

    fn on_start(&mut self, _cx: &mut Context<Self>, _start: Start) {}

    fn on_message(&mut self, _cx: &mut Context<Self>, _from: NodeId, _message: Message) {}

    fn on_request(&mut self, cx: &mut Context<Self>, ms: u32) {
        let Some(operation) = cx.operation() else {
            return;
        };
        let whole = Duration::millis(u64::from(ms));
        cx.set_timer(Timer::Enter, Duration(whole.0 / 2));
        cx.set_timer(Timer::Answer { operation }, whole);
    }

    fn on_timer(&mut self, cx: &mut Context<Self>, timer: Timer) {
        match timer {
            Timer::Enter => cx.mark(&ENTERS, ()),
            Timer::Answer { operation } => cx.reply(operation, ()),
        }
    }

    fn recover(&self, _cx: &mut Context<Self>) -> Self {
        Self
    }

    fn draw(&self, _settings: &Settings, _frame: &mut NodeFrame) {}
}

/// What the probes read after requests of so many milliseconds, each made when the one before is done.
fn reads(probes: &[ProbeSpec], requests: &[u32]) -> Vec<Option<f64>> {
    let link = Link::new(Latency::Constant(Duration::millis(1)));
    let settings = Settings::new(&[], &[]);
    let mut world = World::new(
        Typed::<Slow>::boxed(),
        settings,
        1,
        link,
        false,
        Limits::default(),
    );
    world.spawn(true);
    let mut monitors: Vec<Box<dyn Probe>> = probes.iter().map(|probe| (probe.make)()).collect();
    let mut at = 1_000;
    for ms in requests {
        world.run_until(Time(at));
        let request = Command::parse(&format!("request n1 {ms}")).unwrap();
        assert_eq!(world.apply(&request), Ok(None));
        at += u64::from(*ms) * 1_000 + 1_000;
    }
    world.run_until(Time(at));
    for record in world.take_records() {
        monitors
            .iter_mut()
            .for_each(|probe| probe.on_record(&record, &world));
    }
    monitors.iter().map(|probe| probe.value(&world)).collect()
}

#[test]
fn a_mean_is_not_a_percentile() {
    let mut requests = vec![10; 19];
    requests.push(810);
    let read = reads(&[OK, P95, MEAN], &requests);
    assert_eq!(read, [Some(100.0), Some(10.0), Some(50.0)]);
    assert_eq!(reads(&[OK, P95, MEAN], &[]), [None, None, None]);
}

#[test]
fn a_wait_ends_with_the_mark_and_not_with_the_answer() {
    const WAIT: ProbeSpec = ProbeSpec {
        name: "wait",
        title: "Wait",
        unit: "ms",
        make: || Wait::until(&ENTERS),
    };
    assert_eq!(reads(&[WAIT], &[20, 40]), [Some(15.0)]);
}
