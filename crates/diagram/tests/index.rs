//! The index has the data of the trace, even after the trace is truncated and grows differently.

mod common;

use std::collections::BTreeMap;

use common::{faulty_runs, indexed, run};
use faultline_diagram::{EventKind, Fate, Index, SpanKind, View, content};
use faultline_sim::event::{Event, Loss};
use faultline_sim::process::NodeId;

#[test]
fn every_message_has_the_fate_that_the_trace_tells() {
    for (case, mut run) in faulty_runs(12) {
        let (records, index) = indexed(&mut run, u64::MAX);
        let mut told = BTreeMap::new();
        for record in &records {
            match &record.event {
                Event::Sent { address, .. } | Event::Duplicated { address, .. } => {
                    told.insert(*address, (record.seq, Fate::Flying, 0));
                }
                Event::Delivered { address, .. } => {
                    let own = told.get_mut(address).expect("it began");
                    (own.1, own.2) = (Fate::Delivered, record.seq);
                }
                Event::Lost { address, by, .. } => {
                    let own = told.get_mut(address).expect("it began");
                    (own.1, own.2) = (Fate::Lost(by.clone()), record.seq);
                }
                _ => {}
            }
        }
        assert_eq!(index.message_count(), told.len() as u64, "{case}");
        for message in index.messages() {
            let (from, fate, end) = &told[&message.address];
            assert_eq!((message.from, message.end), (*from, *end), "{case}");
            assert_eq!(message.fate, *fate, "{case}");
            let seqs = [message.from, message.end];
            for seq in seqs.into_iter().filter(|seq| *seq > 0) {
                assert_eq!(
                    index.message_of(seq).map(|m| m.address),
                    Some(message.address)
                );
            }
        }
    }
}

#[test]
fn a_message_is_overtaken_if_a_later_one_arrives_first() {
    let mut overtaken = 0;
    for (case, mut run) in faulty_runs(12) {
        let (_, index) = indexed(&mut run, u64::MAX);
        let delivered = || index.messages().filter(|m| m.fate == Fate::Delivered);
        for message in delivered() {
            let a = message.address;
            let earlier = delivered().any(|other| {
                let b = other.address;
                (a.from, a.to) == (b.from, b.to) && b.k > a.k && other.end < message.end
            });
            assert_eq!(message.overtaken_by.is_some(), earlier, "{case}: {a}");
            if let Some(other) = message.overtaken_by {
                overtaken += 1;
                let other = index.message(other).expect("read");
                assert!(other.end < message.end && other.address.k > a.k, "{case}");
            }
        }
    }
    assert!(
        overtaken > 20,
        "the runs have reordered messages: {overtaken}"
    );
}

#[test]
fn an_index_that_was_cut_equals_one_that_never_read_more() {
    for (case, mut run) in faulty_runs(6) {
        let (records, whole) = indexed(&mut run, u64::MAX);
        for part in [0, 1, 2, 3, 5, 7] {
            let keep = records.len() * part / 8;
            let mut cut = whole.clone();
            cut.truncate(keep as u64);
            let mut fresh = Index::new();
            fresh.reserve_lanes(run.world().ids().count());
            records[..keep].iter().for_each(|record| fresh.push(record));
            let same = |a: &Index, b: &Index, when: &str| {
                let view = View::whole(b, &[]);
                assert_eq!(a.nodes(), b.nodes(), "{case}: {when}");
                let (one, other) = (content(a, &view), content(b, &view));
                let differ = one.iter().zip(&other).find(|(a, b)| a != b);
                assert!(one == other, "{case}: {when} {keep}: {differ:?}");
                assert_eq!(a.spans(), b.spans());
                assert_eq!(a.splits(), b.splits());
                for seq in (1..=a.len()).step_by(37) {
                    assert_eq!(a.vector(seq), b.vector(seq), "{case}: record {seq}");
                }
            };
            if fresh.nodes() == cut.nodes() {
                same(&cut, &fresh, "cut");
            }
            // Then it grows again.
            records[keep..].iter().for_each(|record| cut.push(record));
            same(&cut, &whole, "grown again");
        }
    }
}

#[test]
fn what_a_person_does_is_seen() {
    let commands = [
        "1s crash n2",
        "2s recover n2",
        "2s pause n3",
        "2500ms resume n3",
        "3s partition n1,n2|n3,n4,n5",
        "4s heal",
        "4s slow n1->n2 200ms",
        "5s skew n1 1s",
    ];
    let mut run = run("cluster/hello", 1, &commands, 6_000_000);
    let (_, index) = indexed(&mut run, u64::MAX);
    let second = |s: f64| faultline_sim::time::Time((s * 1e6) as u64);
    let spans: Vec<_> = index
        .spans()
        .iter()
        .map(|s| (s.node, s.kind, s.from.1, s.until.map(|u| u.1)))
        .collect();
    assert_eq!(
        spans,
        [
            (NodeId(2), SpanKind::Down, second(1.0), Some(second(2.0))),
            (NodeId(3), SpanKind::Paused, second(2.0), Some(second(2.5))),
        ]
    );
    let split = &index.splits()[0];
    assert_eq!(
        (split.from.1, split.until.map(|u| u.1)),
        (second(3.0), Some(second(4.0)))
    );
    assert_eq!(split.side_of(NodeId(4)), Some(1));
    let messages = || index.messages();
    let wall = |m: &&faultline_diagram::Message| matches!(m.fate, Fate::Lost(Loss::Blocked(_)));
    assert!(
        messages().filter(wall).count() > 0,
        "the wall stops messages"
    );
    let mut late = messages().filter(|m| m.late == 200_000).peekable();
    assert!(late.peek().is_some(), "the slow link delays");
    assert!(late.all(|m| (m.address.from.0, m.address.to.0) == (1, 2)));
    let crashed =
        (1..=index.len()).filter(|seq| index.entry(*seq).unwrap().what == EventKind::Crashed);
    assert_eq!(crashed.count(), 1);
}

#[test]
fn a_delay_is_told_also_where_it_came_before_its_message() {
    let commands = ["0s delay n1->n2#2 300ms", "0s hold n1->n2#3"];
    let mut run = run("cluster/hello", 1, &commands, 3_000_000);
    let (_, index) = indexed(&mut run, u64::MAX);
    let of = |k: u32| {
        let mut all = index.messages();
        let way = |m: &&faultline_diagram::Message| {
            (m.address.from.0, m.address.to.0, m.address.k) == (1, 2, k)
        };
        all.find(way).map(|m| (m.late, m.held))
    };
    assert_eq!(of(1), Some((0, false)));
    assert_eq!(of(2), Some((300_000, false)));
    assert_eq!(of(3), Some((0, true)));
}
