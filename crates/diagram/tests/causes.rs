//! Cones and comparisons agree with reachability in the trace's own cause graph.

mod common;

use common::{faulty_runs, indexed, pasts, run};
use faultline_diagram::{Cones, Index, Side, compare};
use faultline_sim::event::Event;
use faultline_sim::stamps::{self, Order};

const RECORDS: u64 = 260;

#[test]
fn cones_agree_with_reachability_everywhere() {
    for (case, mut run) in faulty_runs(12) {
        let (records, index) = indexed(&mut run, RECORDS);
        let pasts = pasts(&records);
        for chosen in &records {
            let cones = Cones::new(&index, chosen.seq).expect("it has been read");
            let (mut past, mut future, mut concurrent) = (0, 0, 0);
            for other in records.iter().filter(|r| r.node.is_some()) {
                let (a, b) = (chosen.seq as usize - 1, other.seq as usize - 1);
                let expected = match () {
                    () if a == b => Side::Here,
                    () if pasts[a][b] => Side::Past,
                    () if pasts[b][a] => Side::Future,
                    () => Side::Concurrent,
                };
                match expected {
                    Side::Here => {}
                    Side::Past => past += 1,
                    Side::Future => future += 1,
                    Side::Concurrent => concurrent += 1,
                }
                let own = index.entry(other.seq).expect("read").own;
                let got = cones.side(other.node.expect("a node's"), own);
                assert_eq!(
                    got,
                    expected,
                    "{case}: {} for {}",
                    other.line(),
                    chosen.line()
                );
            }
            assert_eq!(cones.counts(&index), (past, future, concurrent), "{case}");
        }
    }
}

#[test]
fn two_events_are_compared_as_the_graph_says() {
    for (case, mut run) in faulty_runs(6) {
        let (records, index) = indexed(&mut run, RECORDS);
        let pasts = pasts(&records);
        let nodes = || records.iter().filter(|r| r.node.is_some());
        for a in nodes().step_by(3) {
            for b in nodes() {
                let (i, j) = (a.seq as usize - 1, b.seq as usize - 1);
                let expected = match () {
                    () if i == j => Order::Same,
                    () if pasts[j][i] => Order::Before,
                    () if pasts[i][j] => Order::After,
                    () => Order::Concurrent,
                };
                let got = compare(&index, a.seq, b.seq).expect("read");
                assert_eq!(got.order, expected, "{case}: {} and {}", a.line(), b.line());
                for column in &got.columns {
                    let sign = match column.a.cmp(&column.b) {
                        std::cmp::Ordering::Less => '<',
                        std::cmp::Ordering::Equal => '=',
                        std::cmp::Ordering::Greater => '>',
                    };
                    assert_eq!(column.sign, sign);
                }
                // Only sendings can have another verdict under the convention that sending is not a
                // tick.
                let sends = [a, b].iter().any(|r| matches!(r.event, Event::Sent { .. }));
                assert!(
                    sends || got.quiet_order == got.order,
                    "{case}: {} {}",
                    a.line(),
                    b.line()
                );
            }
        }
    }
}

#[test]
fn vectors_are_the_kernels_own() {
    for (case, mut run) in faulty_runs(6) {
        let (records, index) = indexed(&mut run, u64::MAX);
        let kernel = stamps::vectors(&records);
        let of_nodes = || records.iter().filter(|record| record.node.is_some());
        // Where vectors are too many to keep, each costs a walk through all records.
        let few = of_nodes().count() / 200;
        let step = if index.nodes() > 64 { few } else { 1 };
        for record in of_nodes().step_by(step.max(1)) {
            let vector = index.vector(record.seq).expect("nothing is forgotten");
            let own = &kernel[record.seq as usize - 1];
            for (lane, count) in vector.iter().enumerate() {
                let theirs = own.get(&(lane as u32 + 1)).copied().unwrap_or(0);
                assert_eq!(
                    u64::from(*count),
                    theirs,
                    "{case}: {}, lane {lane}",
                    record.line()
                );
            }
        }
    }
}

#[test]
fn a_future_that_grows_is_the_future_of_the_whole() {
    for (case, mut run) in faulty_runs(6) {
        let (records, whole) = indexed(&mut run, 400);
        let mut index = Index::new();
        index.reserve_lanes(whole.nodes());
        let mut cones: Option<Cones> = None;
        for record in &records {
            index.push(record);
            if record.seq == 40 {
                cones = Cones::new(&index, 25);
            }
            if let Some(cones) = cones.as_mut().filter(|_| record.seq % 7 == 0) {
                assert!(cones.follow(&index), "{case}");
            }
        }
        if let Some(mut cones) = cones {
            assert!(cones.follow(&index), "{case}");
            assert_eq!(Some(cones), Cones::new(&whole, 25), "{case}");
        }
    }
}

#[test]
fn clocks_come_from_the_commands_that_set_them() {
    let commands = [
        "1s skew n1 200ms",
        "1s drift n2 100000ppm",
        "2s skew n1 -50ms",
        "2s skew n2 1s",
        "2500ms drift n2 -200000ppm",
    ];
    let mut run = run("raft", 3, &commands, 0);
    let mut index = Index::new();
    let mut read = 0;
    while run.now().0 < 4_000_000 && run.step() {
        let to = run.records();
        for record in run.window(read + 1, to) {
            index.push(&record);
        }
        read = to;
        let frame = run.frame();
        for node in &frame.nodes {
            // The node's latest record may be from an earlier instant; its clock now is computed from
            // the same setting.
            let shown = index.clock(node.id, read).0;
            let at = index.entry(read).expect("read").time.0 as i64;
            assert_eq!(shown - at, node.clock_error_us, "{} at {at}", node.id);
        }
    }
    assert!(read > 200);
}

/// The textbook run of three processes as records (Coulouris et al., figures 14.6 and 14.7).
#[test]
fn the_textbook_picture_has_its_textbook_stamps() {
    let index = textbook();
    let vectors: Vec<Vec<u32>> = (1..=6)
        .map(|seq| index.vector(seq).expect("read"))
        .collect();
    // a, b (sends), c (receives), d (sends), e, f (receives)
    assert_eq!(vectors[0], [1, 0, 0]);
    assert_eq!(vectors[1], [2, 0, 0]);
    assert_eq!(vectors[2], [2, 1, 0]);
    assert_eq!(vectors[3], [2, 2, 0]);
    assert_eq!(vectors[4], [0, 0, 1]);
    assert_eq!(vectors[5], [2, 2, 2]);
    let order = |a, b| compare(&index, a, b).expect("read").order;
    for earlier in 1..=4 {
        assert_eq!(order(5, earlier), Order::Concurrent);
        assert_eq!(order(earlier, 6), Order::Before);
    }
    assert_eq!(order(5, 6), Order::Before);
    // If sending is not a tick, b is a's twin and all later numbers are smaller.
    assert_eq!(index.without_sends(&vectors[5]), [1, 1, 2]);
    let twins = compare(&index, 1, 2).expect("read");
    assert_eq!(
        (twins.order, twins.quiet_order),
        (Order::Before, Order::Same)
    );
    let cones = Cones::new(&index, 3).expect("read");
    assert_eq!(cones.counts(&index), (2, 2, 1));
}

fn textbook() -> Index {
    use faultline_sim::event::Record;
    use faultline_sim::network::Address;
    use faultline_sim::process::{NodeId, Shared};
    use faultline_sim::time::Time;
    let way = |from: u32, to: u32| Address {
        from: NodeId(from),
        to: NodeId(to),
        k: 1,
        copy: 0,
    };
    let text = || Shared(std::rc::Rc::new(String::from("m")));
    let (one, two) = (way(1, 2), way(2, 3));
    let noted = faultline_sim::testing::remark;
    let kind = "Message";
    let sent = |address| Event::Sent {
        address,
        kind,
        message: text(),
    };
    let delivered = |address| Event::Delivered {
        address,
        kind,
        message: text(),
    };
    let rows = [
        (1, noted("a"), 0, 1),
        (1, sent(one), 0, 2),
        (2, delivered(one), 2, 3),
        (2, sent(two), 3, 4),
        (3, noted("e"), 0, 1),
        (3, delivered(two), 4, 5),
    ];
    let mut index = Index::new();
    for (at, (node, event, caused_by, lamport)) in rows.into_iter().enumerate() {
        index.push(&Record {
            seq: at as u64 + 1,
            time: Time(at as u64 * 1_000),
            node: Some(NodeId(node)),
            event,
            caused_by,
            lamport,
            wrote: false,
        });
    }
    index
}
