//! The gait under a fake wall clock: every scenario of the catalogue, sixty frames a second.

use faultline_protocols::CATALOGUE;
use faultline_sim::command::Command;
use faultline_sim::descriptor::Recipe;
use faultline_sim::event::Event;
use faultline_sim::fault::Fault;
use faultline_sim::process::NodeId;
use faultline_sim::sorted::SortedMap;
use faultline_sim::standing::Stop;
use faultline_sim::time::{Duration, Time};

use super::{BUSY_SLOWEST, HOP_MS, MOST_NODES, Pacer};
use crate::engine::{Engine, Gait};

const FRAME_MS: f64 = 1_000.0 / 60.0;

fn scenarios() -> impl Iterator<Item = String> {
    CATALOGUE.0.iter().flat_map(|protocol| {
        let scenarios = protocol.scenarios.iter();
        scenarios.map(|scenario| format!("{}/{}", protocol.id, scenario.id))
    })
}

/// What a person saw.
#[derive(Default)]
struct Seen {
    /// The longest time without a change while something was to come, and when it ended.
    still: (f64, Time),
    /// Messages worth seeing by their way, and how long each took on the wall.
    hops: SortedMap<(Time, Time), (f64, f64)>,
    /// The longest unfolded instant.
    instant: f64,
}

fn watch(run: &mut Engine, pacer: &mut Pacer, wall_ms: f64) -> Seen {
    let mut seen = Seen::default();
    let (mut still, mut instant) = (0.0, 0.0);
    let end = Time(run.scenario().until.0);
    let mut wall = 0.0;
    while wall < wall_ms && run.now() < end && run.timeline.world().halted().is_none() {
        wall += FRAME_MS;
        let before = (run.now(), run.clock().to_bits());
        let happened = pacer.advance(run, None, FRAME_MS, 1.0);
        let frame = run.frame();
        let moves = !frame.messages.is_empty() && before != (run.now(), run.clock().to_bits());
        let next = run
            .ahead
            .as_ref()
            .and_then(|ahead| ahead.next_after(run.now()));
        still = if happened || moves || next.is_none() {
            0.0
        } else {
            still + FRAME_MS
        };
        if still > seen.still.0 {
            seen.still = (still, run.now());
        }
        instant = if run.unfolded().is_some() {
            instant + FRAME_MS
        } else {
            0.0
        };
        seen.instant = seen.instant.max(instant);
        let now = run.now();
        let known: Vec<(Time, Time)> = run
            .ahead
            .iter()
            .flat_map(|ahead| ahead.things.iter().map(|thing| (thing.from, thing.to)))
            .collect();
        // The page has looked ahead again, and what is under way ends otherwise.
        seen.hops
            .retain(|way, _| way.1 <= now || known.contains(way));
        let ahead = run.ahead.iter();
        let things = ahead.flat_map(|ahead| ahead.things.iter().map(|thing| (thing, ahead.from)));
        for (thing, looked) in things {
            // What was under way when the page looked ahead may be known with another end already: it is
            // lost at a wall that the look before did not know.
            let known = seen.hops.contains_key(&(thing.from, thing.to));
            if thing.from <= now && now < thing.to && (known || thing.from >= looked) {
                let times = seen.hops.entry((thing.from, thing.to)).or_default();
                *times = if times.1 == 0.0 {
                    (wall, wall)
                } else {
                    (times.0, wall)
                };
            }
        }
    }
    // Those under way at either end were not seen whole.
    let now = run.now();
    seen.hops
        .retain(|(_, to), (from, _)| *to <= now && *from > 2.0 * FRAME_MS);
    seen
}

#[test]
fn every_scenario_moves_and_its_messages_can_be_followed() {
    let mut wrong = Vec::new();
    for name in scenarios() {
        let mut run = Engine::open(&Recipe::new(&name, 1), None).expect("it opens");
        let crowd = run.timeline.world().ids().len() > MOST_NODES;
        let seen = watch(&mut run, &mut Pacer::default(), 30_000.0);
        if seen.still.0 > 1_500.0 {
            wrong.push(format!(
                "{name}: still {:.0} ms at {}",
                seen.still.0, seen.still.1.0
            ));
        }
        if seen.instant > 15_100.0 {
            wrong.push(format!("{name}: an instant of {:.0} ms", seen.instant));
        }
        // Where everybody talks all the time, the shortest ones are faster.
        let slowest = run.scenario().pace * 1_000.0 / BUSY_SLOWEST;
        let mut hops = seen.hops.iter();
        let fast = hops.find(|((from, to), (begun, over))| {
            let way = to.since(*from).0 as f64;
            over - begun < (way / slowest).min(HOP_MS) - 3.0 * FRAME_MS
        });
        if let Some(fast) = fast.filter(|_| !crowd) {
            wrong.push(format!("{name}: too fast, {fast:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// After the leader has crashed, something is seen all the time, and each vote can be read.
#[test]
fn an_election_is_seen_vote_by_vote() {
    for seed in 1..6 {
        let mut run =
            Engine::open(&Recipe::new("raft/kill-the-leader", seed), None).expect("it opens");
        let mut pacer = Pacer::default();
        watch(&mut run, &mut pacer, 2_000.0);
        let leads = |id: &NodeId| run.timeline.world().believed_leader(*id) == Some(*id);
        let leader = run.timeline.world().ids().find(leads).expect("a leader");
        run.apply(Command::Fault(Fault::Crash(leader)))
            .expect("it crashes");
        let crashed = run.records();
        let mut asked = SortedMap::new();
        let (mut still, mut longest, mut wall) = (0.0, 0.0_f64, 0.0);
        let mut forward = false;
        while !run
            .timeline
            .world()
            .ids()
            .any(|id| id != leader && run.timeline.world().believed_leader(id) == Some(id))
        {
            wall += FRAME_MS;
            assert!(wall < 40_000.0, "seed {seed}: no leader at {}", run.now().0);
            let happened = pacer.advance(&mut run, None, FRAME_MS, 1.0);
            forward |= matches!(pacer.gait(), Gait::Forward(_));
            let frame = run.frame();
            for message in frame
                .messages
                .iter()
                .filter(|message| message.kind == "RequestVote")
            {
                let times = asked.entry(message.address).or_insert((wall, wall));
                times.1 = wall;
            }
            still = if happened || !frame.messages.is_empty() {
                0.0
            } else {
                still + FRAME_MS
            };
            longest = longest.max(still);
        }
        assert!(longest < 1_500.0, "seed {seed}: still for {longest} ms");
        assert!(forward, "seed {seed}: the timeout is waited for at speed");
        assert!(asked.len() >= 3, "seed {seed}: {asked:?}");
        // The vote that decides ends the election, and others may still be on their way.
        let slow = asked
            .values()
            .filter(|(from, to)| to - from > HOP_MS - 60.0);
        assert!(slow.count() >= 2, "seed {seed}: {asked:?}");
        let sent = run.timeline.trace().from(crashed);
        let sent = sent.filter(
            |record| matches!(&record.event, Event::Sent { kind, .. } if *kind == "RequestVote"),
        );
        assert_eq!(
            sent.count(),
            asked.len(),
            "seed {seed}: every request is seen"
        );
    }
}

#[test]
fn the_gait_changes_no_run() {
    for name in scenarios() {
        let mut run = Engine::open(&Recipe::new(&name, 1), Some(Time::ZERO)).expect("it opens");
        let mut pacer = Pacer::default();
        for frame in 0..240 {
            pacer.advance(&mut run, None, [5.0, 16.7, 40.0][frame % 3], 8.0);
        }
        // The cursor may stand within an instant.
        let mut whole = Engine::open(&Recipe::new(&name, 1), Some(Time::ZERO)).expect("it opens");
        whole.go(faultline_sim::timeline::Target::Moves(run.timeline.moves()));
        assert_eq!(whole.trace_hash(), run.trace_hash(), "{name}");
    }
}

#[test]
fn the_dial_makes_all_of_it_faster() {
    let wall = |dial: f64| {
        let mut run = Engine::open(&Recipe::new("bully/one-election", 1), Some(Time::ZERO))
            .expect("it opens");
        let mut pacer = Pacer::default();
        let (mut frames, mut begun) = (0, false);
        loop {
            pacer.advance(&mut run, None, FRAME_MS, dial);
            frames += u32::from(run.unfolded().is_some());
            begun |= run.unfolded().is_some();
            if begun && run.unfolded().is_none() {
                return f64::from(frames) * FRAME_MS;
            }
        }
    };
    let (one, two, half) = (wall(1.0), wall(2.0), wall(0.5));
    assert!((one / two - 2.0).abs() < 0.1, "{one} {two}");
    assert!((half / one - 2.0).abs() < 0.1, "{half} {one}");
}

/// The counter goes up one by one to what was told at the start, and no run goes on alone.
#[test]
fn unfolded_messages_are_counted_and_two_runs_wait_for_each_other() {
    let open =
        |name: &str| Engine::open(&Recipe::new(name, 1), Some(Time::ZERO)).expect("it opens");
    let (mut left, mut right) = (open("bully/one-election"), open("election/all-start"));
    let mut pacer = Pacer::default();
    let mut counted = Vec::new();
    let mut waited = false;
    for _ in 0..1_500 {
        pacer.advance(&mut left, Some(&mut right), FRAME_MS, 1.0);
        assert_eq!(left.now(), right.now());
        waited |= left.unfolded().is_some() != right.unfolded().is_some();
        if let Some(unfold) = left.unfolded() {
            if counted.last() != Some(&(unfold.done, unfold.total)) {
                counted.push((unfold.done, unfold.total));
            }
            let here = left.frame();
            let call = here
                .messages
                .iter()
                .find(|message| message.arrives > message.sent);
            assert!(call.is_some(), "the present message is on its way");
        }
    }
    assert_eq!(counted, (0..62).map(|done| (done, 62)).collect::<Vec<_>>());
    assert!(waited);
}

#[test]
fn time_stops_once_where_a_scenario_says() {
    let open = |name: &str| Engine::open(&Recipe::new(name, 1), None).expect("it opens");
    let play = |run: &mut Engine, paced: bool| {
        let mut pacer = Pacer::default();
        for _ in 0..20_000 {
            if paced {
                pacer.advance(run, None, FRAME_MS, 8.0);
            } else {
                run.advance(FRAME_MS, 8.0);
            }
            if run.take_met() {
                return true;
            }
        }
        false
    };
    for paced in [true, false] {
        let mut run = open("raft/kill-the-leader");
        run.stop_first(Some(Stop::At(Duration::millis(800))));
        assert!(play(&mut run, paced));
        assert_eq!(run.now(), Time(800_000), "at the very instant");
        // What lies behind is no stop.
        run.stop_first(Some(Stop::At(Duration::millis(800))));
        assert!(!run.is_watched());

        let mut run = open("raft/forgotten-vote");
        run.stop_first(Some(Stop::Broken));
        assert!(play(&mut run, paced));
        let last = run.timeline.trace().from(run.records()).next().cloned();
        let last = last.expect("a record");
        assert!(matches!(last.event, Event::Violated { .. }), "{last:?}");
        assert!(!run.is_watched(), "it stops once");
    }
}

#[test]
fn an_instant_can_be_skipped() {
    let mut run =
        Engine::open(&Recipe::new("bully/one-election", 1), Some(Time::ZERO)).expect("it opens");
    let mut pacer = Pacer::default();
    while run.unfolded().is_none() {
        pacer.advance(&mut run, None, FRAME_MS, 1.0);
    }
    let at = run.now();
    assert!(run.skip() && run.unfolded().is_none() && run.now() == at);
    assert_eq!(run.timeline.calls_done(), 62);
    assert!(!run.skip());
}
