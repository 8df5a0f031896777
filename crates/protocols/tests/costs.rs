//! What requests cost, beside the formulas of textbooks.

use faultline_protocols::CATALOGUE;
use faultline_sim::cost::{Costs, Formula, Of};
use faultline_sim::testing::{Play, Played};
use faultline_sim::time::Time;
use faultline_sim::timeline::Target;

fn play(scenario: &str) -> Play {
    Play::of(CATALOGUE, scenario)
}

/// What is measured and what the textbook says.
fn both(run: &mut Played, request: &str, of: Of) -> (Option<f64>, Option<f64>) {
    let costs = run.costs();
    let measured = costs.answered().find(|(word, _)| *word == request);
    let measured = measured.and_then(|(_, answered)| answered.measured(of));
    let formulas = run.0.world().protocol().map_or(&[][..], |own| own.formulas);
    let mut own = formulas.iter();
    let own = own.find(|own: &&Formula| own.request == request && own.of == of);
    let textbook = own.and_then(|own| (own.value)(run.0.world().settings()));
    (measured, textbook)
}

/// X-PAXM: 4n with one learner.
#[test]
fn paxos_costs_four_messages_an_acceptor() {
    for n in [3, 4, 5, 7] {
        let alone = play("paxos/one-proposer").param("acceptors", n);
        let mut run = alone.at(7_900);
        let exact = Some(f64::from(4 * n));
        assert_eq!(
            both(&mut run, "propose", Of::Messages),
            (exact, exact),
            "{n}"
        );
        let exact = Some(f64::from(2 * n + 1));
        assert_eq!(both(&mut run, "propose", Of::Writes), (exact, exact), "{n}");
    }
    let mut duel = play("paxos/duel").at(5_000);
    assert_eq!(
        both(&mut duel, "propose", Of::Messages).1,
        None,
        "no formula for a conflict"
    );
}

/// A round trip of the leader to all followers.
#[test]
fn a_write_of_raft_costs_a_round_trip_to_every_follower() {
    for n in [3, 4, 5, 7] {
        let mut run = play("raft/five-writes").param("nodes", n).ended();
        let exact = Some(f64::from(2 * (n - 1)));
        assert_eq!(both(&mut run, "write", Of::Messages), (exact, exact), "{n}");
        assert_eq!(
            both(&mut run, "write", Of::Delays),
            (Some(2.0), Some(2.0)),
            "{n}"
        );
        let exact = Some(f64::from(n));
        assert_eq!(both(&mut run, "write", Of::Writes), (exact, exact), "{n}");
    }
}

/// X-PAXM: phase 1 was done once, so a command costs phase 2 only. Raft asks as often.
#[test]
fn a_write_of_multi_paxos_costs_as_much_as_one_of_raft() {
    for n in [3, 4, 5, 7] {
        let mut run = play("multi-paxos/steady").param("nodes", n).ended();
        let exact = Some(f64::from(2 * (n - 1)));
        assert_eq!(both(&mut run, "write", Of::Messages), (exact, exact), "{n}");
        assert_eq!(
            both(&mut run, "write", Of::Delays),
            (Some(2.0), Some(2.0)),
            "{n}"
        );
        let exact = Some(f64::from(n));
        assert_eq!(both(&mut run, "write", Of::Writes), (exact, exact), "{n}");
    }
}

/// T-2PC: 4n with acknowledgements, 3n without.
#[test]
fn two_phase_commit_costs_four_messages_a_participant() {
    for n in [2, 3, 5] {
        for acks in [true, false] {
            let run = play("two-phase-commit/all-agree").param("participants", n);
            let mut run = run.switch("acks", acks).ended();
            let exact = Some(f64::from(if acks { 4 * n } else { 3 * n }));
            assert_eq!(
                both(&mut run, "share", Of::Messages),
                (exact, exact),
                "{n} {acks}"
            );
            assert_eq!(both(&mut run, "share", Of::Delays), (Some(2.0), Some(2.0)));
            let exact = Some(f64::from(2 * n + 2));
            assert_eq!(both(&mut run, "share", Of::Writes), (exact, exact), "{n}");
        }
    }
}

/// P-N4: 29 messages with n = 4, and as the formula says with others.
#[test]
fn a_request_of_pbft_costs_two_rounds_of_all_to_all() {
    for n in [4, 5, 7, 10] {
        let run = play("pbft/normal-case").param("nodes", n);
        let mut run = run.param("interval", 64).ended();
        let exact = Some(f64::from(2 * n * (n - 1) + n + 1));
        assert_eq!(both(&mut run, "write", Of::Messages), (exact, exact), "{n}");
        let exact = Some(5.0);
        assert_eq!(both(&mut run, "write", Of::Delays), (exact, exact), "{n}");
    }
}

#[test]
fn a_primary_asks_each_backup() {
    for backups in [1, 2, 3] {
        let run = play("primary-backup/no-faults");
        let run = run.param("nodes", backups + 2).param("backups", backups);
        let mut run = run.param("reads", 0).ended();
        for of in [Of::Delays, Of::Messages] {
            let (measured, textbook) = both(&mut run, "write", of);
            let (measured, textbook) = (measured.unwrap(), textbook.unwrap());
            // The first request asks who is primary, and the latest one may still be under way.
            assert!(
                (measured - textbook).abs() < 0.2,
                "{backups}: {measured}, {textbook}"
            );
        }
    }
}

/// Counted at once, in parts, or again from behind: the same, and as many as the kernel has counted.
#[test]
fn every_message_is_counted_once() {
    for protocol in CATALOGUE.0 {
        let name = format!("{}/{}", protocol.id, protocol.scenarios[0].id);
        let mut run = play(&name).at(1_500);
        let at_once = run.costs();
        let mut in_parts = Costs::default();
        while !in_parts.follow(&mut run.0, 7) {}
        let kinds = |costs: &Costs| costs.kinds().collect::<Vec<_>>();
        assert_eq!(kinds(&in_parts), kinds(&at_once), "{name}");
        let sent: Vec<(&str, u64)> = run.0.world().sent().into_iter().collect();
        let counted = at_once.kinds().map(|(kind, sent)| (kind, sent.messages));
        assert_eq!(counted.collect::<Vec<_>>(), sent, "{name}");
        run.0.run_until(Time(2_500_000), u64::MAX);
        in_parts.follow(&mut run.0, u64::MAX);
        run.0.go(Target::Time(Time(1_500_000)));
        in_parts.follow(&mut run.0, u64::MAX);
        assert_eq!(kinds(&in_parts), kinds(&at_once), "{name}");
    }
}

/// What the papers call stable storage, as pointers into a node's state.
const STABLE: &[(&str, &[&str])] = &[
    ("raft/figure-8", &["/current_term", "/voted_for", "/log"]),
    ("raft/long-absence-snapshot", &["/current_term", "/log"]),
    (
        "multi-paxos/kill-the-leader",
        &[
            "/acceptor/promised",
            "/acceptor/accepted",
            "/proposer/round",
        ],
    ),
    (
        "paxos/duel",
        &["/promised", "/accepted", "/round", "/value"],
    ),
    (
        "two-phase-commit/all-agree",
        &["/prepared", "/decided", "/balance"],
    ),
    ("no-consensus/at-once", &["/store"]),
    ("kv/demo", &["/data"]),
];

/// A handler that changes what must survive a crash says so, and others do not.
#[test]
fn what_must_survive_a_crash_is_written() {
    for (scenario, stable) in STABLE {
        let mut run = play(scenario).at(0);
        let begun = run.0.window(1, run.0.records());
        let mut written = begun.iter().filter(|record| record.wrote).count() as u64;
        while run.0.now() < Time(6_000_000) {
            let ids: Vec<_> = run.0.world().ids().collect();
            let before: Vec<_> = ids.iter().map(|id| run.0.world().state(*id)).collect();
            let first = run.0.records() + 1;
            if !run.0.step() {
                break;
            }
            let records = run.0.window(first, run.0.records());
            for (id, before) in ids.iter().zip(before) {
                let after = run.0.world().state(*id);
                let differs = |path: &&&str| before.pointer(path) != after.pointer(path);
                let changed: Vec<_> = stable.iter().filter(differs).collect();
                let own = records.iter().filter(|record| record.node == Some(*id));
                let writes = own.filter(|record| record.wrote).count() as u64;
                assert!(
                    changed.is_empty() || writes > 0,
                    "{scenario}: {id} has {changed:?} not on its disk at {}",
                    run.0.now()
                );
                written += writes;
            }
        }
        assert!(written > 0, "{scenario} writes nothing");
        assert_eq!(run.costs().writes(), written, "{scenario}");
    }
}

/// A question and an answer for each step; in a choreography one message for each step, and one for the end.
#[test]
fn a_saga_costs_two_messages_a_step() {
    for n in [1, 3, 5, 8] {
        for (led_by, exact) in [("orchestrator", 2 * n), ("services", n + 1)] {
            let row = play("saga/all-book").param("services", n);
            let mut run = row.param("led-by", led_by).at(20_000);
            let exact = Some(f64::from(exact));
            for of in [Of::Messages, Of::Delays] {
                assert_eq!(both(&mut run, "book", of), (exact, exact), "{n} {led_by}");
            }
        }
    }
}
