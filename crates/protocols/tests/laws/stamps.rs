//! Law 10: stamps agree with the trace's own causes.

use faultline_sim::event::Record;
use faultline_sim::stamps::{Order, compare, vectors};

use crate::BUDGET;
use crate::chaos::cases;

/// For each record, which earlier ones can have caused it: by the recorded causes and by the
/// order at each node. Written without vectors, so that it can judge them.
fn pasts(records: &[Record]) -> Vec<Vec<bool>> {
    let mut pasts: Vec<Vec<bool>> = Vec::new();
    for (at, record) in records.iter().enumerate() {
        let mut past = vec![false; records.len()];
        let before = records[..at]
            .iter()
            .rposition(|r| r.node.is_some() && r.node == record.node);
        let cause = record.caused_by.checked_sub(1).map(|seq| seq as usize);
        for from in before.into_iter().chain(cause) {
            past[from] = true;
            for (own, theirs) in past.iter_mut().zip(&pasts[from]) {
                *own |= *theirs;
            }
        }
        pasts.push(past);
    }
    pasts
}

#[test]
fn law_10_vectors_agree_with_reachability() {
    for case in cases().step_by(4) {
        let mut run = case.timeline();
        run.run_until(case.until, BUDGET.min(60));
        let records = run.window(1, 300);
        let (vectors, pasts) = (vectors(&records), pasts(&records));
        for a in 0..records.len() {
            for b in a + 1..records.len() {
                let (first, second) = (&records[a], &records[b]);
                if first.node.is_none() || second.node.is_none() {
                    continue;
                }
                let expected = if pasts[b][a] {
                    Order::Before
                } else {
                    Order::Concurrent
                };
                let got = compare(&vectors[a], &vectors[b]);
                assert_eq!(got, expected, "{case}\n{}\n{}", first.line(), second.line());
                if pasts[b][a] {
                    assert!(
                        first.lamport < second.lamport,
                        "Lamport 1978, the clock condition"
                    );
                }
            }
        }
    }
}
