//! An index within a bound forgets old records and gives the same answers about the others.

mod common;

use common::{busy, faulty_runs, run, scattered};
use faultline_diagram::{
    Axis, Cones, Index, Move, Stamps, View, compare, content, counts, hits, next_event, stamp_of,
};
use faultline_sim::event::Record;
use faultline_sim::process::NodeId;
use faultline_sim::rng::Rng;
use faultline_sim::timeline::{Budget, Timeline};

/// The smallest number of records that an index keeps: two to three thousand.
const TIGHT: usize = 1;

/// Runs long enough for an index to forget a good part, with messages that are in flight for long.
fn long_runs() -> Vec<(String, Vec<Record>)> {
    let faults = [
        "0s delay n1->n2#3 20s",
        "0s hold n2->n1#5",
        "1s skew n1 200ms",
        "1s slow n1->n2 400ms",
        "1s drift n2 100000ppm",
        "2s duplication 0.2",
        "2s reorder 0.5",
        "3s pause n3",
        "4s loss 0.1",
        "6s resume n3",
        "8s partition n1,n2|n3",
        "11s heal",
        "12s skew n1 -50ms",
        "14s crash n2",
        "16s recover n2",
    ];
    let mut runs = Vec::new();
    for scenario in [
        "raft/service-of-three",
        "raft",
        "cluster/hello",
        "vector",
        "bully",
    ] {
        for commands in [&faults[..], &[]] {
            let commands: Vec<&str> = (commands.iter().copied())
                .filter(|command| is_known(scenario, command))
                .collect();
            let mut run = run(scenario, 3, &commands, 40_000_000);
            runs.push((
                format!("{scenario} {commands:?}"),
                records(&mut run, 12_000),
            ));
        }
    }
    for (case, mut run) in faulty_runs(2) {
        let until = run.now() + faultline_sim::time::Duration::seconds(20);
        run.run_until(until, 20_000);
        runs.push((case, records(&mut run, 9_000)));
    }
    for nodes in [5, 40] {
        runs.push((format!("made up, {nodes} nodes"), busy(12_000, nodes)));
    }
    runs
}

fn is_known(scenario: &str, command: &str) -> bool {
    use faultline_protocols::CATALOGUE;
    let mut recipe = faultline_sim::descriptor::Recipe::new(scenario, 3);
    recipe.commands = vec![command.to_owned()];
    let setup = CATALOGUE.setup(&recipe);
    setup.is_ok_and(|setup| Timeline::new(setup).is_ok())
}

fn records(run: &mut Timeline, most: u64) -> Vec<Record> {
    run.window(1, most)
}

/// All answers of an index about a record.
fn told(index: &Index, seq: u64) -> String {
    let stamps = Stamps::ALL.map(|(stamps, _)| {
        let view = View {
            stamps,
            ..View::default()
        };
        stamp_of(index, &view, seq)
    });
    let entry = index.entry(seq).expect("kept");
    let node = NodeId(entry.node.max(1));
    let own = (entry.node > 0).then(|| index.of_lane(node, entry.own));
    // A message that was overtaken may be forgotten; the one that overtook it may not.
    let message = index
        .message_of(seq)
        .map(|m| (m.address, m.kind, m.sent, m.sent_at, m.late));
    let fate = index
        .message_of(seq)
        .map(|m| (m.fate.clone(), m.end, m.held));
    format!(
        "{:?} {own:?} {message:?} {fate:?} {:?} {:?} {:?} {:?} {stamps:?}",
        (
            entry.time,
            entry.own,
            entry.sends,
            entry.cause,
            entry.lamport,
            entry.what
        ),
        index.timer_of(seq),
        index.text_of(seq),
        index.clock(node, seq),
        index.vector(seq),
    )
}

/// The content of a window without its very start, where nodes and spans start.
fn shown(index: &Index, view: &View) -> String {
    let shapes = content(index, view);
    format!("{:?} {shapes:#?}", counts(index, view))
}

/// A window within the records between two numbers.
fn window(index: &Index, rng: &mut Rng, axis: Axis, (first, last): (u64, u64)) -> View {
    let from = rng.between(first, last);
    let to = rng.between(from, last.min(from + 400));
    let place = |seq: u64| match axis {
        Axis::Order => seq as f64,
        Axis::Time => index.entry(seq).expect("kept").time.0 as f64,
    };
    View {
        axis,
        // The first kept instant may have started before the kept part.
        from: place(from) + 0.5,
        to: place(to) + 1.5,
        stamps: Stamps::Quiet,
        timers: rng.chance(0.5),
        ..View::default()
    }
}

#[test]
fn what_is_kept_is_told_as_without_a_bound() {
    let mut forgot = 0;
    for (case, records) in long_runs() {
        let mut rng = Rng::stream(5, "bound", 0);
        let (mut whole, mut index) = (Index::new(), Index::bounded(TIGHT));
        for record in &records {
            whole.push(record);
            index.push(record);
            assert_eq!(index.len(), whole.len(), "{case}");
            if record.seq % 701 != 0 && record.seq != records.len() as u64 {
                continue;
            }
            let kept = (index.first(), index.len());
            assert!(kept.1 - kept.0 < 3 * 1024, "{case}: {kept:?}");
            assert_eq!(index.nodes(), whole.nodes(), "{case}");
            assert_eq!(index.kinds(), whole.kinds(), "{case}");
            assert_eq!(index.message_count(), whole.message_count(), "{case}");
            let nodes = (1..=index.nodes() as u32).map(NodeId);
            for node in nodes {
                assert_eq!(index.records_of(node), whole.records_of(node), "{case}");
            }
            let mut some: Vec<u64> = (0..12).map(|_| rng.between(kept.0, kept.1)).collect();
            some.extend([kept.0, kept.1]);
            for seq in &some {
                assert_eq!(
                    told(&index, *seq),
                    told(&whole, *seq),
                    "{case}: {seq} of {kept:?}"
                );
                let other = rng.between(kept.0, kept.1);
                let (a, b) = (compare(&index, *seq, other), compare(&whole, *seq, other));
                assert_eq!(a, b, "{case}: {seq} and {other}");
                let cones = Cones::new(&index, *seq);
                assert_eq!(cones, Cones::new(&whole, *seq), "{case}: {seq}");
            }
            for seq in [0, 1, kept.0 - 1, kept.1 + 1] {
                if seq < kept.0 || seq > kept.1 {
                    assert!(index.entry(seq).is_none() && index.message_of(seq).is_none());
                    assert!(seq == 0 || index.vector(seq).is_none(), "{case}");
                    assert!(compare(&index, seq, kept.1).is_none(), "{case}");
                    assert!(Cones::new(&index, seq).is_none(), "{case}");
                }
            }
            for axis in [Axis::Time, Axis::Order] {
                let view = window(&index, &mut rng, axis, kept);
                let (a, b) = (shown(&index, &view), shown(&whole, &view));
                let differ = a.lines().zip(b.lines()).find(|(a, b)| a != b);
                assert!(a == b, "{case}: {axis:?} of {kept:?}: {differ:?}");
                for at in [0.2, 0.5, 0.8] {
                    let (x, y) = (view.width * at, view.height * at);
                    let found = hits(&index, &view, x, y, 14.0);
                    assert_eq!(found, hits(&whole, &view, x, y, 14.0), "{case}");
                }
                for by in [Move::Next, Move::Before, Move::Up, Move::Down, Move::Along] {
                    let seq = rng.between(kept.0, kept.1);
                    let (a, b) = (
                        next_event(&index, &view, seq, by),
                        next_event(&whole, &view, seq, by),
                    );
                    // Up and Down lead to the nearest kept event.
                    let there = b.filter(|seq| *seq >= kept.0);
                    assert!(a == there || there.is_none(), "{case}: {by:?} from {seq}");
                    assert!(a.is_none_or(|seq| seq >= kept.0), "{case}");
                }
            }
        }
        forgot += u64::from(index.first() > 1);
    }
    assert!(forgot > 8, "{forgot} runs were long enough");
}

#[test]
fn cones_that_are_followed_stay_whole_when_their_event_is_forgotten() {
    for (case, records) in long_runs() {
        let (mut whole, mut index) = (Index::new(), Index::bounded(TIGHT));
        whole.reserve_lanes(64);
        index.reserve_lanes(64);
        let mut followed: Vec<Cones> = Vec::new();
        for record in &records {
            whole.push(record);
            index.push(record);
            if record.seq % 61 == 0 {
                for cones in &mut followed {
                    assert!(cones.follow(&index), "{case}");
                }
            }
            if record.seq % 911 == 0 {
                followed.extend(Cones::new(&index, record.seq - 7));
            }
        }
        for mut cones in followed {
            assert!(cones.follow(&index), "{case}");
            let (seq, anew) = (cones.seq, Cones::new(&whole, cones.seq));
            assert_eq!(Some(cones), anew, "{case}: {seq}");
        }
    }
}

#[test]
fn cones_that_missed_records_say_so() {
    let records = busy(9_000, 5);
    let mut index = Index::bounded(TIGHT);
    records[..1_000]
        .iter()
        .for_each(|record| index.push(record));
    let mut cones = Cones::new(&index, 900).expect("read");
    records[1_000..]
        .iter()
        .for_each(|record| index.push(record));
    assert!(index.first() > 1_001 && !cones.follow(&index));
    index.begin_again();
    assert!(!cones.follow(&index));
    let (past, ..) = cones.counts(&index);
    assert!(past > 0);
}

#[test]
fn an_index_that_forgot_can_be_cut_and_grows_again() {
    for (case, records) in long_runs() {
        let mut rng = Rng::stream(6, "cut", 0);
        let (mut whole, mut index) = (Index::new(), Index::bounded(TIGHT));
        records.iter().for_each(|record| whole.push(record));
        records.iter().for_each(|record| index.push(record));
        for round in 0..6 {
            let (first, len) = (index.first(), index.len());
            // Also down to nothing, and up to everything.
            let keep = match round {
                0 => first - 1,
                1 => len,
                _ => rng.between(first - 1, len),
            };
            let nodes = index.nodes();
            index.truncate(keep);
            assert_eq!((index.len(), index.first()), (keep, first), "{case}");
            let mut fresh = Index::new();
            records[..keep as usize]
                .iter()
                .for_each(|record| fresh.push(record));
            fresh.reserve_lanes(index.nodes());
            assert!(index.nodes() <= nodes, "{case}");
            let same = |index: &Index, whole: &Index, rng: &mut Rng| {
                let kept = (index.first(), index.len());
                for _ in 0..8 {
                    if kept.0 > kept.1 {
                        return;
                    }
                    let seq = rng.between(kept.0, kept.1);
                    assert_eq!(
                        told(index, seq),
                        told(whole, seq),
                        "{case}: {seq} of {kept:?}"
                    );
                    let view = window(index, rng, Axis::Order, kept);
                    let (a, b) = (shown(index, &view), shown(whole, &view));
                    let differ = a.lines().zip(b.lines()).find(|(a, b)| a != b);
                    assert!(a == b, "{case}: cut at {keep}, {kept:?}: {differ:?}");
                }
            };
            same(&index, &fresh, &mut rng);
            records[keep as usize..]
                .iter()
                .for_each(|record| index.push(record));
            same(&index, &whole, &mut rng);
        }
        if index.first() > 1 {
            index.truncate(index.first() - 2);
            assert!(index.is_empty() && index.first() == 1, "{case}");
            records.iter().for_each(|record| index.push(record));
            assert_eq!(
                told(&index, index.len()),
                told(&whole, whole.len()),
                "{case}"
            );
        }
    }
}

#[test]
fn of_very_many_lanes_a_vector_is_right_or_unknown() {
    let records = scattered(9_000, 100);
    let (mut whole, mut index) = (Index::new(), Index::bounded(TIGHT));
    records.iter().for_each(|record| whole.push(record));
    records.iter().for_each(|record| index.push(record));
    let mut known = 0;
    for seq in (index.first()..=index.len()).step_by(13) {
        if let Some(vector) = index.vector(seq) {
            assert_eq!(Some(&vector), whole.vector(seq).as_ref(), "{seq}");
            assert_eq!(
                index.without_sends(&vector),
                whole.without_sends(&vector),
                "{seq}"
            );
            known += 1;
        }
    }
    assert!(known > 20, "{known}");
    assert_eq!(index.vector(index.first()), None);
}

/// The diagram of a run that continues for hours in an open page.
#[test]
fn a_million_records_stay_within_the_bound() {
    let bound = Budget::default().index();
    let mut index = Index::bounded(bound);
    let mut run = run("raft/service-of-three", 1, &[], 0);
    while index.len() < 1_000_000 {
        let until = run.now() + faultline_sim::time::Duration::seconds(10);
        run.run_until(until, 200_000);
        for record in run.window(index.len() + 1, run.records()) {
            index.push(&record);
            if record.seq % 1024 == 0 {
                assert!(
                    index.bytes() <= bound,
                    "{} after {}",
                    index.bytes(),
                    record.seq
                );
            }
        }
    }
    assert_eq!(index.len(), run.records());
    let kept = index.len() + 1 - index.first();
    assert!(kept > 50_000, "{kept} records are kept");
}
