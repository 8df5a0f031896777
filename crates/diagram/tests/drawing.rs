//! The drawing shows what happened, with a bounded number of shapes, and the same in a file.

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use common::{busy, faulty_runs, indexed, run};
use faultline_diagram::{
    Axis, Chosen, Cones, Index, Move, Shape, Stamps, View, content, hits, next_event, overlay, svg,
};
use faultline_sim::event::{Event, Record};
use faultline_sim::process::NodeId;

fn drawn_events(shapes: &[Shape]) -> BTreeSet<u64> {
    let seqs = shapes.iter().filter_map(|shape| match shape {
        Shape::Event { seq, .. } => Some(*seq),
        _ => None,
    });
    seqs.collect()
}

#[test]
fn with_room_enough_every_event_and_every_message_is_drawn() {
    for (case, mut run) in faulty_runs(6) {
        let (records, index) = indexed(&mut run, 90);
        let view = View {
            axis: Axis::Order,
            width: 4_000.0,
            from: 0.0,
            to: 92.0,
            timers: true,
            ..View::default()
        };
        let shapes = content(&index, &view);
        let own: BTreeSet<u64> = records
            .iter()
            .filter(|r| r.node.is_some())
            .map(|r| r.seq)
            .collect();
        assert_eq!(drawn_events(&shapes), own, "{case}");
        let lines = shapes.iter().filter(|s| matches!(s, Shape::Message(_)));
        assert_eq!(lines.count() as u64, index.message_count(), "{case}");
        // Filters hide what they name, and nothing else.
        let quiet = View {
            timers: false,
            hidden: vec![NodeId(1)],
            ..view
        };
        let expected: BTreeSet<u64> = records
            .iter()
            .filter(|r| r.node.is_some_and(|node| node != NodeId(1)))
            .filter(|r| !matches!(r.event, Event::TimerSet { .. } | Event::TimerFired { .. }))
            .map(|r| r.seq)
            .collect();
        assert_eq!(drawn_events(&content(&index, &quiet)), expected, "{case}");
    }
}

fn index_of(records: &[Record]) -> Index {
    let mut index = Index::new();
    records.iter().for_each(|record| index.push(record));
    index
}

#[test]
fn a_hundred_thousand_events_make_no_more_shapes_than_there_are_pixels() {
    for nodes in [5, 60, 1_000] {
        let index = index_of(&busy(100_000, nodes));
        for stamps in [Stamps::None, Stamps::Both] {
            let mut view = View {
                stamps,
                ..View::default()
            };
            view.fit(1e6);
            let columns = (view.width / 4.0) as usize;
            let rows = (view.height / 3.0) as usize;
            let shapes = content(&index, &view).len();
            let most = columns * rows.min(nodes as usize) * 2 + 6_000;
            assert!(shapes < most, "{nodes} nodes: {shapes} shapes");
            assert!(shapes < 30_000, "{nodes} nodes: {shapes} shapes");
        }
    }
}

#[test]
fn a_narrow_window_shows_what_is_on_its_way_through_it() {
    let index = index_of(&busy(50_000, 5));
    for from in [0.0, 77_000.0, 300_000.0, 499_000.0] {
        let view = View {
            from,
            to: from + 500.0,
            ..View::default()
        };
        let inside = |m: &&faultline_diagram::Message| {
            let ended = if m.end == 0 {
                f64::MAX
            } else {
                m.ended_at.0 as f64
            };
            m.sent_at.0 as f64 <= view.to && ended >= view.from
        };
        let expected: BTreeSet<u64> = index.messages().filter(inside).map(|m| m.from).collect();
        let drawn: BTreeSet<u64> = content(&index, &view)
            .iter()
            .filter_map(|shape| match shape {
                Shape::Message(line) => Some(line.seq),
                _ => None,
            })
            .collect();
        assert_eq!(drawn, expected, "from {from}");
    }
}

#[test]
fn a_click_finds_the_event_that_is_drawn_there() {
    for (case, mut run) in faulty_runs(6) {
        let (_, index) = indexed(&mut run, 300);
        let mut view = View::whole(&index, &[]);
        view.width = 2_400.0;
        for shape in content(&index, &view) {
            if let Shape::Event { seq, at, .. } = shape {
                let found = hits(&index, &view, at.0, at.1, 12.0);
                assert!(found.contains(&seq), "{case}: {seq} is not in {found:?}");
            }
        }
    }
}

#[test]
fn keys_reach_every_event_of_a_lane_in_order() {
    for (case, mut run) in faulty_runs(3) {
        let (records, index) = indexed(&mut run, 200);
        let view = View::whole(&index, &[]);
        for node in 1..=index.nodes() as u32 {
            let expected: Vec<u64> = records
                .iter()
                .filter(|r| r.node == Some(NodeId(node)) && view.shows(&index, r.seq))
                .map(|r| r.seq)
                .collect();
            let Some(first) = expected.first().copied() else {
                continue;
            };
            let onward = |seq: &u64| next_event(&index, &view, *seq, Move::Next);
            let walked: Vec<u64> = std::iter::successors(Some(first), onward).collect();
            assert_eq!(walked, expected, "{case}");
            let back = |seq: &u64| next_event(&index, &view, *seq, Move::Before);
            let last = *expected.last().expect("one");
            let mut walked: Vec<u64> = std::iter::successors(Some(last), back).collect();
            walked.reverse();
            assert_eq!(walked, expected, "{case}");
        }
        for message in index.messages().filter(|m| m.end > 0) {
            let there = next_event(&index, &view, message.from, Move::Along);
            assert_eq!(there, Some(message.end), "{case}");
            let back = next_event(&index, &view, message.end, Move::Along);
            assert_eq!(back, Some(message.from), "{case}");
        }
    }
}

#[test]
fn a_chosen_event_has_its_ring_and_its_cones() {
    let mut run = run("raft", 1, &[], 2_000_000);
    let (_, index) = indexed(&mut run, u64::MAX);
    let view = View::whole(&index, &[]);
    let seq = index.len() / 2;
    let seq = (seq..)
        .find(|seq| view.shows(&index, *seq))
        .expect("one is shown");
    let cones = Cones::new(&index, seq);
    let over = overlay(
        &index,
        &view,
        Chosen::Record(seq),
        cones.as_ref(),
        None,
        view.to,
    );
    let cones = over
        .iter()
        .filter(|s| matches!(s, Shape::Cone { .. }))
        .count();
    let rings = over
        .iter()
        .filter(|s| matches!(s, Shape::Ring { .. }))
        .count();
    assert!(cones > index.nodes() / 2, "{cones} stretches");
    assert_eq!(rings, 1);
}

/// Counts elements with a name, and checks that the tags match.
fn elements(svg: &str) -> Vec<String> {
    let (mut open, mut all): (Vec<&str>, Vec<String>) = (Vec::new(), Vec::new());
    for tag in svg.split('<').skip(1) {
        let (tag, text) = tag.split_once('>').expect("each tag is closed");
        assert!(
            !text.contains('>') || open.last() == Some(&"style"),
            "{text}"
        );
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name));
            continue;
        }
        assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
        let name = tag.split([' ', '/']).next().expect("a tag has a name");
        let class = tag
            .split("class=\"")
            .nth(1)
            .and_then(|rest| rest.split('"').next());
        all.push(format!("{name}.{}", class.unwrap_or_default()));
        if !tag.ends_with('/') {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "{open:?}");
    all
}

#[test]
fn the_file_is_well_formed_and_has_one_element_for_each_shape() {
    for (case, mut run) in faulty_runs(6) {
        let (_, index) = indexed(&mut run, 400);
        let kinds = run.setup().protocol.kinds;
        let mut view = View::whole(&index, kinds);
        view.stamps = Stamps::Vector;
        let (file, shapes) = (svg(&index, &view), content(&index, &view));
        let all = elements(&file);
        let with = |start: &str| all.iter().filter(|class| class.starts_with(start)).count();
        let of = |wanted: fn(&Shape) -> bool| shapes.iter().filter(|s| wanted(s)).count();
        assert_eq!(
            with("g.message"),
            of(|s| matches!(s, Shape::Message(_))),
            "{case}"
        );
        assert_eq!(
            with("g.event-of"),
            of(|s| matches!(s, Shape::Event { .. })),
            "{case}"
        );
        assert_eq!(
            with("g.lane-of"),
            of(|s| matches!(s, Shape::Lane { .. })),
            "{case}"
        );
        assert_eq!(
            with("g.side"),
            of(|s| matches!(s, Shape::Side { .. })),
            "{case}"
        );
        assert_eq!(
            with("rect.span"),
            of(|s| matches!(s, Shape::Span { .. })),
            "{case}"
        );
        assert_eq!(
            with("rect.bundle"),
            of(|s| matches!(s, Shape::Bundle { .. })),
            "{case}"
        );
        assert_eq!(
            with("text.stamp"),
            of(|s| {
                matches!(
                    s,
                    Shape::Text {
                        role: faultline_diagram::TextRole::Stamp,
                        ..
                    }
                )
            }),
            "{case}"
        );
    }
}

/// One small picture for people to look at: `UPDATE_GOLDEN=1` writes it again.
#[test]
fn the_golden_picture_is_as_stored() {
    let commands = [
        "600ms crash n1",
        "1200ms recover n1",
        "1s partition n1,n2|n3",
    ];
    let mut run = run("cluster/hello", 1, &commands, 1_600_000);
    let (_, index) = indexed(&mut run, u64::MAX);
    let mut view = View::whole(&index, run.setup().protocol.kinds);
    view.stamps = Stamps::Lamport;
    let picture = svg(&index, &view);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/hello.svg");
    let stored = fs::read_to_string(&path)
        .unwrap_or_default()
        .replace("\r\n", "\n");
    if stored != picture && std::env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1") {
        fs::write(&path, &picture).expect("the golden folder can be written to");
        return;
    }
    let differ = stored
        .split('<')
        .zip(picture.split('<'))
        .find(|(a, b)| a != b);
    assert!(
        stored == picture,
        "first difference: {differ:?}; `cargo xtask golden` writes it again"
    );
}
