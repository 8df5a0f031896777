//! Outages of many nodes at once.

use faultline_sim::command::Command;
use faultline_sim::frame::NodeFrame;
use faultline_sim::network::{Latency, Link};
use faultline_sim::node::Typed;
use faultline_sim::process::{Context, NodeId, Process, Start};
use faultline_sim::settings::Settings;
use faultline_sim::time::{Duration, Time};
use faultline_sim::world::{Limits, World};
use serde::Serialize;

/// Does nothing.
#[derive(Clone, Hash, Serialize)]
struct Idle;

faultline_sim::messages! {
    enum Message {
        Nothing => Data "" "sends",
    }
}

faultline_sim::timers! {
    enum Timer {
        Never,
    }
}

impl Process for Idle {
    type Message = Message;
    type Timer = Timer;
    type Request = ();
    type Reply = ();

    fn new(_me: NodeId, _settings: &Settings) -> Self {
        Self
    }

    fn on_start(&mut self, _cx: &mut Context<Self>, _start: Start) {}

    fn on_message(&mut self, _cx: &mut Context<Self>, _from: NodeId, _message: Message) {}

    fn recover(&self, _cx: &mut Context<Self>) -> Self {
        Self
    }

    fn draw(&self, _settings: &Settings, _frame: &mut NodeFrame) {}
}

fn world(seed: u64, nodes: u32) -> World {
    let link = Link::new(Latency::Constant(Duration::millis(50)));
    let settings = Settings::new(&[], &[]);
    let mut world = World::new(
        Typed::<Idle>::boxed(),
        settings,
        seed,
        link,
        false,
        Limits::default(),
    );
    (0..nodes).for_each(|_| {
        world.spawn(true);
    });
    world
}

fn applied(world: &mut World, command: &str) -> Option<String> {
    world.apply(&Command::parse(command).unwrap()).unwrap()
}

fn at(world: &mut World, time: u64, command: &str) {
    world.run_until(Time(time * 1_000));
    assert_eq!(applied(world, command), None, "{command}");
}

fn missed(world: &mut World, command: &str) -> String {
    applied(world, command).expect("it finds nothing")
}

#[test]
fn a_share_of_all_nodes_crashes_and_all_come_back() {
    let down = |w: &World| {
        let ids: Vec<u32> = w
            .ids()
            .filter(|id| !w.is_live(*id))
            .map(|id| id.0)
            .collect();
        ids
    };
    let crash = |seed, nodes, share: &str| {
        let mut w = world(seed, nodes);
        at(&mut w, 100, &format!("crash {share}"));
        w
    };
    let mut w = crash(1, 100, "30%");
    let first = down(&w);
    assert_eq!(first.len(), 30);
    assert_eq!(first, down(&crash(1, 100, "30%")), "the seed decides which");
    assert_ne!(first, down(&crash(2, 100, "30%")));
    // Of those that still run.
    at(&mut w, 200, "crash 10%");
    assert_eq!(down(&w).len(), 37);
    at(&mut w, 300, "recover all");
    assert!(down(&w).is_empty());
    assert!(missed(&mut w, "recover all").contains("no node is down"));
    // A small share of few nodes is one node; all is all.
    assert_eq!(down(&crash(1, 3, "1%")).len(), 1);
    let mut none = crash(1, 3, "100%");
    assert_eq!(down(&none), [1, 2, 3]);
    assert!(missed(&mut none, "crash 30%").contains("already down"));
}
