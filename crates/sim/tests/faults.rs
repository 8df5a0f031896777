//! What each fault means, on the smallest process that can show it.

use faultline_sim::command::Command;
use faultline_sim::event::{Event, Record};
use faultline_sim::frame::{Fate, NodeFrame};
use faultline_sim::network::{Latency, Link};
use faultline_sim::node::Typed;
use faultline_sim::process::{Context, NodeId, Process, Start};
use faultline_sim::rng::Rng;
use faultline_sim::settings::Settings;
use faultline_sim::time::{Duration, LocalTime, Time};
use faultline_sim::world::{FrameCache, Limits, World};
use serde::{Deserialize, Serialize};

/// Node 1 sends a numbered message to every other node every 100 ms; all remember what they heard.
#[derive(Clone, Hash, Serialize)]
struct Ticker {
    ticks: u32,
    heard: Vec<(NodeId, u32)>,
    /// Persistent.
    starts: u32,
    clock: LocalTime,
}

faultline_sim::messages! {
    enum Message {
        Tick(u32) => Data "" "sends",
    }
}

faultline_sim::timers! {
    enum Timer {
        Beat,
    }
}

#[derive(Clone, Debug, Hash, Serialize, Deserialize)]
enum Request {
    Echo(u32),
}

impl Process for Ticker {
    type Message = Message;
    type Timer = Timer;
    type Request = Request;
    type Reply = u32;

    fn new(_me: NodeId, _settings: &Settings) -> Self {
        ticker()
    }

    fn on_start(&mut self, cx: &mut Context<Self>, _start: Start) {
        self.starts += 1;
        cx.set_timer(Timer::Beat, Duration::millis(100));
    }

    fn on_message(&mut self, cx: &mut Context<Self>, from: NodeId, Message::Tick(n): Message) {
        self.heard.push((from, n));
        self.clock = cx.now();
    }

    fn on_timer(&mut self, cx: &mut Context<Self>, timer: Timer) {
        self.ticks += 1;
        self.clock = cx.now();
        if cx.me() == NodeId(1) {
            cx.broadcast(Message::Tick(self.ticks));
        }
        cx.set_timer(timer, Duration::millis(100));
    }

    fn on_request(&mut self, cx: &mut Context<Self>, Request::Echo(n): Request) {
        if let Some(operation) = cx.operation() {
            cx.reply(operation, n);
        }
    }

    fn recover(&self, _cx: &mut Context<Self>) -> Self {
        Self {
            starts: self.starts,
            ..ticker()
        }
    }

    fn draw(&self, _settings: &Settings, to: &mut NodeFrame) {
        to.set("ticker", faultline_sim::frame::Tone::Calm);
    }

    fn forge(&self, Message::Tick(n): &Message, _to: NodeId, _rng: &mut Rng) -> Option<Message> {
        Some(Message::Tick(n + 1000))
    }
}

fn ticker() -> Ticker {
    Ticker {
        ticks: 0,
        heard: Vec::new(),
        starts: 0,
        clock: LocalTime(0),
    }
}

/// Three nodes, every message takes 50 ms.
fn world() -> World {
    world_with(Settings::new(&[], &[]))
}

fn world_with(settings: Settings) -> World {
    let fleet = Typed::<Ticker>::boxed();
    let link = Link::new(Latency::Constant(Duration::millis(50)));
    let mut world = World::new(fleet, settings, 1, link, false, Limits::default());
    (0..3).for_each(|_| {
        world.spawn(true);
    });
    world
}

fn ms(n: u64) -> Time {
    Time(n * 1_000)
}

/// Runs to an instant and does something.
fn at(world: &mut World, time: u64, command: &str) {
    world.run_until(ms(time));
    let missed = world.apply(&Command::parse(command).unwrap()).unwrap();
    assert_eq!(missed, None, "{command}");
}

fn missed(world: &mut World, command: &str) -> String {
    world
        .apply(&Command::parse(command).unwrap())
        .unwrap()
        .expect("it finds nothing")
}

fn node(world: &World, id: u32) -> &Ticker {
    world.node::<Ticker>(NodeId(id)).unwrap()
}

fn heard(world: &World, id: u32) -> Vec<u32> {
    node(world, id).heard.iter().map(|(_, n)| *n).collect()
}

fn lost(world: &mut World) -> Vec<(u64, String)> {
    let told = |record: Record| match record.event {
        Event::Lost { by, .. } => Some((record.time.0 / 1_000, by.to_string())),
        _ => None,
    };
    world.take_records().into_iter().filter_map(told).collect()
}

#[test]
fn a_crash_ends_timers_and_messages_and_recovery_keeps_what_is_persistent() {
    let mut w = world();
    at(&mut w, 120, "crash n2");
    w.run_until(ms(450));
    assert_eq!(
        (heard(&w, 2), node(&w, 2).ticks),
        (vec![], 1),
        "no timer fires while down"
    );
    assert_eq!(
        lost(&mut w),
        [
            (150, "down".into()),
            (250, "down".into()),
            (350, "down".into()),
            (450, "down".into())
        ]
    );
    assert!(missed(&mut w, "crash n2").contains("already down"));
    at(&mut w, 460, "recover n2");
    w.run_until(ms(570));
    assert_eq!(
        (node(&w, 2).starts, node(&w, 2).ticks),
        (2, 1),
        "on_start ran again, ticks are gone"
    );
    assert_eq!(heard(&w, 2), [5]);
}

#[test]
fn a_paused_node_queues_and_then_handles_in_order() {
    let mut w = world();
    at(&mut w, 120, "pause n2");
    w.run_until(ms(360));
    assert!(heard(&w, 2).is_empty());
    assert_eq!(
        w.inbox(NodeId(2)),
        4,
        "its own timer at 200 ms and three messages"
    );
    assert!(w.is_live(NodeId(2)), "it is not dead");
    at(&mut w, 370, "resume n2");
    w.run_until(ms(370));
    assert_eq!((heard(&w, 2), node(&w, 2).ticks), (vec![1, 2, 3], 2));
    assert_eq!(lost(&mut w), []);
}

#[test]
fn a_wall_stands_in_the_middle_of_the_link() {
    // Sent at 100 ms, in the middle at 125 ms, there at 150 ms.
    let mut w = world();
    at(&mut w, 130, "partition n1|n2,n3");
    w.run_until(ms(160));
    assert_eq!(heard(&w, 2), [1], "it was past the wall");
    w.run_until(ms(210));
    let frame = w.frame(&mut FrameCache::default(), 1.0);
    assert_eq!(frame.messages[0].fate, Fate::Blocked { at: ms(225) });
    w.run_until(ms(240));
    assert_eq!(heard(&w, 2), [1]);
    let name = "partition n1|n2,n3".to_owned();
    assert_eq!(lost(&mut w), [(225, name.clone()), (225, name)]);
    // One that is still before the wall when it falls goes on.
    at(&mut w, 310, "heal");
    w.run_until(ms(360));
    assert_eq!((heard(&w, 2), lost(&mut w)), (vec![1, 3], vec![]));
}

#[test]
fn cuts_and_one_way_walls_stop_what_they_name() {
    let mut w = world();
    at(&mut w, 0, "cut n1-n2");
    at(&mut w, 0, "oneway n3->n1");
    w.run_until(ms(260));
    assert_eq!(
        (heard(&w, 2), heard(&w, 3)),
        (vec![], vec![1, 2]),
        "n1 to n3 is free"
    );
    at(&mut w, 260, "join n1-n2");
    w.run_until(ms(360));
    assert_eq!(heard(&w, 2), [3]);
    assert!(lost(&mut w).iter().all(|(_, by)| by == "cut n1-n2"));
}

#[test]
fn one_message_can_be_dropped_delayed_and_doubled() {
    let mut w = world();
    at(&mut w, 110, "drop n1->n2#1");
    at(&mut w, 110, "delay n1->n3#1 200ms");
    assert!(missed(&mut w, "drop n1->n2#1").contains("not in flight"));
    at(&mut w, 210, "duplicate n1->n2#2");
    w.run_until(ms(400));
    assert_eq!(heard(&w, 2), [2, 2, 3]);
    assert_eq!(
        heard(&w, 3),
        [2, 1, 3],
        "1 arrived at 350 ms, behind 2 and before 3 in the queue"
    );
    assert_eq!(lost(&mut w), [(110, "drop".into())]);
}

#[test]
fn a_fault_can_lie_in_wait_for_a_message() {
    let mut w = world();
    at(&mut w, 0, "drop n1->n2#2");
    at(&mut w, 0, "hold n1->n3#1");
    w.run_until(ms(380));
    assert_eq!(heard(&w, 2), [1, 3]);
    assert_eq!(heard(&w, 3), [2, 3]);
}

#[test]
fn a_held_message_keeps_the_way_it_has_left() {
    let mut w = world();
    at(&mut w, 130, "hold n1->n2#1");
    w.run_until(ms(330));
    let held = w.frame(&mut FrameCache::default(), 1.0).messages[0];
    assert_eq!(
        (held.fate, held.arrives),
        (Fate::Held, ms(350)),
        "20 ms are left, now as then"
    );
    assert!(missed(&mut w, "release n1->n3#3").contains("not held"));
    at(&mut w, 330, "release n1->n2#1");
    w.run_until(ms(349));
    assert_eq!(heard(&w, 2), [2]);
    w.run_until(ms(350));
    assert_eq!(heard(&w, 2)[1..], [3, 1]);
}

#[test]
fn two_messages_can_swap_their_arrival() {
    let mut w = world();
    at(&mut w, 0, "latency n1->n2 constant 160ms");
    at(&mut w, 230, "reorder n1->n2#1 n1->n2#2");
    w.run_until(ms(400));
    assert_eq!(heard(&w, 2), [2, 1]);
}

#[test]
fn a_slow_link_and_a_slow_disk_cost_time() {
    let mut w = world();
    at(&mut w, 0, "slow n1->n2 200ms");
    w.run_until(ms(340));
    assert_eq!((heard(&w, 2), heard(&w, 3)), (vec![], vec![1, 2]));
    w.run_until(ms(350));
    assert_eq!(heard(&w, 2), [1]);
    at(&mut w, 350, "slow n1->n2 0s");
    // Each handler is one write of 150 ms, and writes queue up: 400 -> 550, 500 -> 700.
    at(&mut w, 350, "disk n1 150ms");
    w.run_until(ms(599));
    assert_eq!(heard(&w, 3), [1, 2, 3]);
    w.run_until(ms(600));
    assert_eq!(heard(&w, 3), [1, 2, 3, 4]);
    w.run_until(ms(749));
    assert_eq!(heard(&w, 3).len(), 4);
    w.run_until(ms(750));
    assert_eq!(heard(&w, 3), [1, 2, 3, 4, 5]);
}

/// What leaves when a write is done never leaves when the node crashes before.
#[test]
fn the_dead_do_not_send() {
    let mut w = world();
    at(&mut w, 350, "disk n1 150ms");
    // The tick of 400 would leave at 550.
    at(&mut w, 499, "crash n1");
    assert_eq!(
        lost(&mut w),
        [(499, "unwritten".to_owned()), (499, "unwritten".to_owned())]
    );
    w.run_until(ms(2_000));
    assert_eq!(heard(&w, 2), [1, 2, 3]);
    // Nor does a copy, nor a message that somebody holds before it has left.
    let mut w = world();
    at(&mut w, 350, "disk n1 150ms");
    at(&mut w, 420, "duplicate n1->n2#4");
    at(&mut w, 430, "hold n1->n3#4");
    at(&mut w, 499, "crash n1");
    assert_eq!(lost(&mut w).len(), 3);
    assert!(w.in_flight().is_empty());
}

#[test]
fn a_message_that_has_left_survives_its_sender() {
    let mut w = world();
    at(&mut w, 350, "disk n1 150ms");
    w.run_until(ms(550));
    at(&mut w, 551, "crash n1");
    w.run_until(ms(2_000));
    assert_eq!(
        heard(&w, 2),
        [1, 2, 3, 4],
        "the tick of 500 was not written"
    );
}

/// A crash in the middle of a write leaves what the write before it wrote.
#[test]
fn recovery_begins_with_the_last_finished_write() {
    let mut w = world();
    at(&mut w, 0, "disk n2 100ms");
    at(&mut w, 30, "crash n2");
    at(&mut w, 40, "recover n2");
    assert_eq!(node(&w, 2).starts, 2);
    at(&mut w, 141, "crash n2");
    at(&mut w, 150, "recover n2");
    assert_eq!(node(&w, 2).starts, 3, "the second start was written");
    at(&mut w, 170, "disk n2 0s");
    at(&mut w, 180, "crash n2");
    at(&mut w, 190, "recover n2");
    assert_eq!(node(&w, 2).starts, 3, "the third was being written");
    w.run_until(ms(400));
    at(&mut w, 400, "crash n2");
    at(&mut w, 410, "recover n2");
    assert_eq!(
        node(&w, 2).starts,
        4,
        "without a slow disk all is written at once"
    );
}

#[test]
fn an_answer_waits_for_the_disk_and_is_lost_with_it() {
    let ends = |w: &mut World| {
        let records = w.take_records().into_iter();
        let ends = records.filter_map(|record| match record.event {
            Event::Completed { outcome, .. } => {
                Some((record.time.0 / 1_000, format!("{outcome:?}")))
            }
            _ => None,
        });
        ends.collect::<Vec<_>>()
    };
    let mut w = world();
    at(&mut w, 10, "disk n2 150ms");
    at(&mut w, 20, r#"request n2 {"Echo":7}"#);
    w.run_until(ms(169));
    assert!(ends(&mut w).is_empty());
    w.run_until(ms(170));
    assert_eq!(ends(&mut w)[0].0, 170);
    let mut w = world();
    at(&mut w, 10, "disk n2 150ms");
    at(&mut w, 20, r#"request n2 {"Echo":7}"#);
    at(&mut w, 100, "crash n2");
    let ended = ends(&mut w);
    assert!(
        ended.len() == 1 && ended[0].1.contains("before it was written"),
        "{ended:?}"
    );
    w.run_until(ms(500));
    assert!(ends(&mut w).is_empty(), "it ended already");
}

/// The rule that makes a slow disk safe can be broken: then messages outlive the state they rest on.
#[test]
fn a_node_may_be_made_to_answer_before_its_write_is_done() {
    const SWITCHES: &[faultline_sim::settings::Switch] = &[faultline_sim::world::WRITE_FIRST];
    for (of, loses) in [("", false), ("n1.", false), ("n2.", true)] {
        let mut w = world_with(Settings::new(&[], SWITCHES));
        at(&mut w, 0, &format!("switch {of}write-first=off"));
        at(&mut w, 350, "disk n1 150ms");
        at(&mut w, 499, "crash n1");
        assert_eq!(!lost(&mut w).is_empty(), loses, "{of}");
        w.run_until(ms(600));
        let all = [1, 2, 3, 4];
        assert_eq!(heard(&w, 2), all[..if loses { 3 } else { 4 }], "{of}");
    }
}

#[test]
fn no_two_messages_ever_share_an_address() {
    let mut w = world();
    at(&mut w, 110, "hold n1->n2#1");
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..5 {
        let now = w.now().0 / 1_000;
        at(&mut w, now, "duplicate n1->n2#1");
        // The copy arrives and is gone.
        w.run_until(ms(now + 80));
    }
    for record in w.take_records() {
        if let Event::Sent { address, .. } | Event::Duplicated { address, .. } = record.event {
            assert!(seen.insert(address), "{address} was given twice");
        }
    }
    assert!(seen.iter().any(|address| address.copy == 5));
    // Their number is bounded.
    let mut refused = String::new();
    for _ in 0..100 {
        if let Some(why) = w
            .apply(&Command::parse("duplicate n1->n2#1").unwrap())
            .unwrap()
        {
            refused = why;
            break;
        }
    }
    assert_eq!(refused, "n1->n2#1 has 64 copies already");
}

#[test]
fn a_paused_node_keeps_a_bounded_number_of_messages() {
    let mut w = world();
    at(&mut w, 0, "pause n2");
    at(&mut w, 0, "latency constant 0s");
    for _ in 0..4_100 {
        w.run_until(w.now() + Duration::millis(100));
    }
    assert_eq!(w.inbox(NodeId(2)), 4_000, "its own timer is one of them");
    let lost = lost(&mut w);
    assert!(lost.len() >= 100 && lost.iter().all(|(_, by)| by == "full"));
}

/// Worlds that will differ have different hashes.
#[test]
fn the_hash_of_a_state_covers_what_is_to_come() {
    let commands = [
        "align Beat",
        "spread Beat",
        "fire n2 Beat",
        "drop n1->n2#9",
        "delay n1->n2#9 5ms",
        "hold n1->n2#3",
        "disk n1 5ms",
        "flaky n2 1s 1s",
        "lie n1 replay",
    ];
    let mut hashes = std::collections::BTreeSet::new();
    for command in commands {
        let mut w = world();
        at(&mut w, 20, "drift n2 1000");
        at(&mut w, 330, command);
        assert!(
            hashes.insert(w.state_hash()),
            "{command} looks like another"
        );
    }
    let mut w = world();
    at(&mut w, 20, "drift n2 1000");
    w.run_until(ms(330));
    assert!(
        hashes.insert(w.state_hash()),
        "doing nothing looks like something"
    );
}

#[test]
fn skew_moves_what_a_node_reads_and_drift_how_fast_its_timers_run() {
    let mut w = world();
    at(&mut w, 50, "skew n2 -200ms");
    w.run_until(ms(100));
    assert_eq!(
        node(&w, 2).clock,
        LocalTime(-100_000),
        "its timer still took 100 ms"
    );
    // 25 per cent fast from 100 ms on: the timer due at 200 ms is due at 180 ms.
    at(&mut w, 100, "drift n3 250000ppm");
    w.run_until(ms(179));
    assert_eq!(node(&w, 3).ticks, 1);
    w.run_until(ms(180));
    assert_eq!(
        (node(&w, 3).ticks, node(&w, 3).clock),
        (2, LocalTime(200_000))
    );
    w.run_until(ms(1_000));
    assert_eq!(node(&w, 3).ticks, 1 + 11, "900 ms are 1125 ms of its own");
}

#[test]
fn a_flaky_node_comes_and_goes_until_it_is_recovered() {
    let mut w = world();
    at(&mut w, 10, "flaky n2 100ms 300ms");
    let mut up = Vec::new();
    for time in [20, 120, 420, 520, 820] {
        w.run_until(ms(time));
        up.push(w.is_live(NodeId(2)));
    }
    assert_eq!(up, [false, true, false, true, false]);
    at(&mut w, 820, "recover n2");
    w.run_until(ms(3_000));
    assert!(w.is_live(NodeId(2)));
    assert_eq!(node(&w, 2).starts, 4);
}

#[test]
fn every_style_of_lying_does_what_it_says() {
    let run = |style: &str| {
        let mut w = world();
        at(&mut w, 0, &format!("lie n1 {style}"));
        w.run_until(ms(360));
        let lost = lost(&mut w).len();
        (heard(&w, 2), heard(&w, 3), lost)
    };
    assert_eq!(run("silent"), (vec![], vec![], 6));
    let (two, three, lost) = run("selective");
    assert_eq!(
        lost,
        6 - two.len() - three.len(),
        "each peer hears all or nothing"
    );
    assert!([0, 3].contains(&two.len()) && [0, 3].contains(&three.len()));
    assert_eq!(run("replay"), (vec![1, 1, 2], vec![1, 1, 2], 0));
    assert_eq!(
        run("forge"),
        (vec![1001, 1002, 1003], vec![1001, 1002, 1003], 0)
    );
    assert_eq!(
        run("swap"),
        (vec![1, 2, 3], vec![1, 2, 3], 0),
        "the same to all hides a swap"
    );
    let mut w = world();
    at(&mut w, 0, "lie n1 silent");
    at(&mut w, 150, "lie n1 honest");
    w.run_until(ms(260));
    assert_eq!(heard(&w, 2), [2]);
}

#[test]
fn timers_can_be_fired_aligned_and_spread() {
    let mut w = world();
    at(&mut w, 30, "fire n1 Beat");
    w.run_until(ms(30));
    assert_eq!(node(&w, 1).ticks, 1, "and the next is due at 130 ms");
    at(&mut w, 60, "align beat");
    w.run_until(ms(100));
    assert_eq!(
        [1, 2, 3].map(|id| node(&w, id).ticks),
        [2, 1, 1],
        "all at the earliest"
    );
    at(&mut w, 150, "spread Beat");
    w.run_until(ms(200));
    assert_eq!([1, 2, 3].map(|id| node(&w, id).ticks), [3, 1, 1]);
    w.run_until(ms(400));
    assert_eq!([1, 2, 3].map(|id| node(&w, id).ticks), [5, 2, 1]);
    assert!(missed(&mut w, "fire n1 Nothing").contains("no timer Nothing"));
}

#[test]
fn numbers_of_removed_nodes_are_never_used_again() {
    let mut w = world();
    at(&mut w, 110, "remove n2");
    at(&mut w, 110, "add");
    w.run_until(ms(260));
    assert_eq!(w.ids().collect::<Vec<_>>(), [1, 3, 4].map(NodeId));
    assert_eq!(lost(&mut w), [(150, "removed".into())]);
    assert_eq!(heard(&w, 4), [2], "the new node is told of, and hears");
    assert!(w.node::<Ticker>(NodeId(2)).is_none());
    assert!(missed(&mut w, "crash n2").contains("was removed"));
    assert!(missed(&mut w, "crash n9").contains("there is no n9"));
}

#[test]
fn requests_are_invoked_and_completed_or_refused() {
    let mut w = world();
    at(&mut w, 10, "request n1 {\"Echo\":7}");
    at(&mut w, 10, "crash n2");
    at(&mut w, 10, "request n2 {\"Echo\":8}");
    at(&mut w, 10, "pause n3");
    at(&mut w, 10, "request n3 {\"Echo\":9}");
    w.run_until(ms(20));
    at(&mut w, 30, "resume n3");
    w.run_until(ms(30));
    let ended: Vec<String> = w
        .take_records()
        .into_iter()
        .filter(|record| matches!(record.event, Event::Completed { .. }))
        .map(|record| format!("{} {}", record.time.0 / 1_000, record.event))
        .collect();
    assert_eq!(
        ended,
        [
            "10 completed 1: {7}",
            "10 refused 2: n2 is down",
            "30 completed 3: {9}"
        ]
    );
    let wrong = w
        .apply(&Command::parse("request n1 {\"Eco\":7}").unwrap())
        .unwrap_err();
    assert!(wrong.contains("Echo"), "{wrong}");
}

#[test]
fn a_run_without_end_is_cut_and_says_so() {
    let limits = Limits {
        events: 500,
        ..Limits::default()
    };
    let fleet = Typed::<Ticker>::boxed();
    let link = Link::new(Latency::Constant(Duration(1)));
    let mut w = World::new(fleet, Settings::new(&[], &[]), 1, link, false, limits);
    w.spawn(true);
    w.spawn(true);
    w.run_until(Time(u64::MAX / 4));
    assert!(w.halted().unwrap().contains("500 events"));
    assert_eq!(w.events(), 500);
    assert!(!w.step());
}

#[test]
fn recording_changes_nothing_but_the_memory() {
    let (mut with, mut without) = (world(), world());
    without.set_recording(false);
    for w in [&mut with, &mut without] {
        at(w, 120, "loss 0.3");
        at(w, 200, "duplication 0.3");
        at(w, 300, "crash n2");
        at(w, 400, "recover n2");
        w.run_until(ms(5_000));
    }
    assert_eq!(with.state_hash(), without.state_hash());
    assert_eq!(
        (with.events(), with.records()),
        (without.events(), without.records())
    );
    assert!(without.take_records().is_empty());
}
