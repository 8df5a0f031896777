//! What the paper says of many instances, and what each rule is for.

use std::rc::Rc;

use faultline_sim::mark::Mark;
use faultline_sim::process::NodeId;
use faultline_sim::settings::Settings;
use faultline_sim::testing::{Play, Played, Solo};

use super::{
    Ballot, Command, Message, PROTOCOL, Phase, Proposal, Server, Slot, Timer, Value, marks,
};
use crate::parts::kv::Op;
use crate::parts::request::RequestId;

fn play(scenario: &str) -> Play {
    Play::protocol(&PROTOCOL, scenario)
}

/// The text that a mark gives for each slot, by node.
fn said(run: &Played, mark: &Mark, at: usize) -> Vec<(u32, Slot, String)> {
    let all = run.marked(mark).into_iter();
    let one = |(_, node, marked): (_, NodeId, faultline_sim::mark::Marked)| {
        let slot = marked.number(0).unwrap_or_default();
        (node.0, slot, marked.word(at).unwrap_or_default().to_owned())
    };
    all.map(one).collect()
}

/// What each server has executed, in order.
fn executed(run: &Played, servers: u32) -> Vec<Vec<String>> {
    let log = |id: u32| {
        let learner = &run.node::<Server>(id).learner;
        let value = |slot| {
            learner
                .chosen
                .get(&slot)
                .map(|chosen| chosen.value.to_string())
        };
        (1..=learner.executed).filter_map(value).collect()
    };
    (1..=servers).map(log).collect()
}

fn always_broken(run: &Played) -> Vec<&'static str> {
    let mut broken = run.all_broken();
    broken.retain(|law| *law != "no-gap");
    broken
}

fn alone(me: u32) -> Solo<Server> {
    let mut settings = Settings::new(PROTOCOL.params, PROTOCOL.switches);
    settings.set_param("nodes", "3").unwrap();
    Solo::new(me, 3, settings)
}

fn ballot(round: u32, proposer: u32) -> Ballot {
    Ballot { round, proposer }
}

fn write(number: u64) -> Value {
    let (from, key) = (NodeId(9), "x".to_owned());
    Rc::new(Command::Client {
        id: RequestId { from, number },
        op: Op::Write {
            key,
            value: number.to_string(),
        },
    })
}

fn proposal(round: u32, proposer: u32, number: u64) -> Proposal {
    Proposal {
        ballot: ballot(round, proposer),
        value: write(number),
    }
}

fn accept(slot: Slot, proposal: Proposal) -> Message {
    let chosen = 0;
    Message::Accept {
        slot,
        proposal,
        chosen,
    }
}

/// Slots and values of the accepts among what was sent to node 2.
fn proposed(sent: &[(NodeId, Message)]) -> Vec<(Slot, String)> {
    let to_2 = sent.iter().filter(|(to, _)| *to == NodeId(2));
    let accepts = to_2.filter_map(|(_, message)| match message {
        Message::Accept { slot, proposal, .. } => Some((*slot, proposal.value.to_string())),
        _ => None,
    });
    accepts.collect()
}

/// X-PAXM: in the steady state phase 2 alone, one message to each other server and one back.
#[test]
fn a_write_takes_one_round_trip_under_a_leader() {
    for n in [3_u32, 4, 5, 7] {
        for seed in 1..=5 {
            let run = play("steady").param("nodes", n).seed(seed).at(1_900);
            let others = u64::from(n) - 1;
            let kinds = ["Prepare", "Promise", "Accept", "Accepted"];
            let sent = kinds.map(|kind| run.sent(kind));
            assert_eq!(
                sent,
                [others, others, 5 * others, 5 * others],
                "{n} servers"
            );
            assert_eq!(run.read("per-slot"), (2 * others) as f64);
            assert_eq!((run.read("chosen"), run.read("leader-changes")), (5.0, 1.0));
            // A majority answers within one round trip of two hops.
            let took = run.read("commit");
            assert!((24.0..=48.0).contains(&took), "{took}");
            let log = ["x=1", "x=2", "x=3", "x=4", "x=5"].map(str::to_owned);
            for server in executed(&run, n) {
                assert_eq!(server, log);
            }
            assert!(run.all_broken().is_empty(), "{:?}", run.all_broken());
        }
    }
}

/// Section 3: slots 1 and 3 are reported, so the new leader proposes them again, and a no-op between.
#[test]
fn a_new_leader_takes_over_and_fills_the_gap() {
    for fill in [true, false] {
        let mut solo = alone(1);
        solo.set_switch("fill-gaps", fill);
        let sent = solo.fire(Timer::ElectionTimeout);
        let first = |message: &Message| matches!(message, Message::Prepare { first: 1, .. });
        assert!(sent.len() == 2 && sent.iter().all(|(_, message)| first(message)));
        let promise = Message::Promise {
            ballot: ballot(1, 1),
            accepted: [(3, proposal(1, 2, 30)), (1, proposal(1, 2, 10))].into(),
            chosen: [].into(),
        };
        let sent = solo.deliver(3, promise);
        let mut wanted = vec![(1, "x=10".to_owned()), (3, "x=30".to_owned())];
        if fill {
            wanted.insert(1, (2, "no-op".to_owned()));
        }
        assert_eq!(proposed(&sent), wanted);
        assert_eq!(solo.node.proposer.next, 4);
    }
}

/// P2c for each slot: the highest ballot counts, whoever reports it first.
#[test]
fn of_several_reports_the_highest_ballot_counts_in_each_slot() {
    let reports = [
        [(1, proposal(1, 1, 11)), (2, proposal(3, 2, 32))],
        [(1, proposal(2, 2, 21)), (2, proposal(1, 1, 12))],
    ];
    for order in [[0, 1], [1, 0]] {
        let mut settings = Settings::new(PROTOCOL.params, PROTOCOL.switches);
        settings.set_param("nodes", "5").unwrap();
        let mut solo = Solo::<Server>::new(1, 5, settings);
        let high = Message::Nack {
            ballot: ballot(1, 1),
            promised: ballot(4, 2),
        };
        solo.deliver(2, high);
        solo.fire(Timer::ElectionTimeout);
        let mut sent = Vec::new();
        for (from, at) in (2..).zip(order) {
            let promise = Message::Promise {
                ballot: ballot(5, 1),
                accepted: reports[at].clone().into(),
                chosen: [].into(),
            };
            sent = solo.deliver(from, promise);
        }
        let wanted = [(1, "x=21".to_owned()), (2, "x=32".to_owned())];
        assert_eq!(proposed(&sent), wanted);
    }
}

/// A slot that an acceptor knows to be chosen is not proposed again.
#[test]
fn what_is_known_to_be_chosen_is_learned_with_the_promise() {
    let mut solo = alone(1);
    solo.fire(Timer::ElectionTimeout);
    let promise = Message::Promise {
        ballot: ballot(1, 1),
        accepted: [(3, proposal(1, 2, 3))].into(),
        chosen: [(2, proposal(1, 2, 2)), (1, proposal(1, 2, 1))].into(),
    };
    let sent = solo.deliver(2, promise);
    assert_eq!(proposed(&sent), [(3, "x=3".to_owned())]);
    assert_eq!(solo.node.learner.executed, 2);
}

/// Section 3: command i + alpha waits until commands 1 to i are chosen.
#[test]
fn a_leader_is_never_further_ahead_than_its_window() {
    for window in [1_u64, 2, 4, 9] {
        let run = play("window").param("window", window);
        for at in (300..900).step_by(5) {
            let run = run.at(at);
            let server = run.node::<Server>(1);
            let ahead = server
                .proposer
                .next
                .saturating_sub(server.learner.executed + 1);
            assert!(ahead <= window, "{ahead} ahead at {at}");
        }
        assert_eq!(run.at(900).read("executed"), 9.0);
    }
    let mean = |window: u64| play("window").param("window", window).at(900).read("mean");
    assert!(mean(1) > mean(4) && mean(4) > mean(9));
    assert_eq!(mean(9), 30.0, "one round trip for all");
}

/// 2.5: what an acceptor promises and accepts outlives a crash, each on its own.
#[test]
fn an_acceptor_remembers_through_a_crash() {
    let prepare = |round, proposer| Message::Prepare {
        ballot: ballot(round, proposer),
        first: 1,
    };
    let mut solo = alone(3);
    solo.deliver(1, accept(1, proposal(1, 1, 7)));
    solo.deliver(2, prepare(2, 2));
    solo.crash_and_recover();
    let late = solo.deliver(1, accept(2, proposal(1, 1, 8)));
    assert!(
        matches!(&late[..], [(NodeId(1), Message::Nack { .. })]),
        "{late:?}"
    );
    let sent = solo.deliver(2, prepare(3, 2));
    let [(_, Message::Promise { accepted, .. })] = &sent[..] else {
        panic!("{sent:?}");
    };
    assert_eq!(accepted[..], [(1, proposal(1, 1, 7))]);
    solo.set_switch("keep-promise", false);
    solo.crash_and_recover();
    let late = solo.deliver(1, accept(2, proposal(1, 1, 8)));
    assert!(matches!(
        &late[..],
        [(NodeId(1), Message::Accepted { slot: 2, .. })]
    ));
    solo.set_switch("keep-accepted", false);
    solo.crash_and_recover();
    assert!(solo.node.acceptor.accepted.is_empty());
    // A proposer never uses a round twice.
    for round in 4..7 {
        solo.crash_and_recover();
        solo.node.proposer.round = solo.node.proposer.round.max(3);
        solo.fire(Timer::ElectionTimeout);
        assert_eq!(solo.node.proposer.ballot, ballot(round, 3));
    }
}

/// A heartbeat says up to where all is chosen. The value is known only where it was accepted in that ballot.
#[test]
fn a_heartbeat_makes_known_what_was_accepted_in_its_ballot() {
    let mut solo = alone(3);
    solo.deliver(1, accept(1, proposal(1, 1, 1)));
    solo.deliver(1, accept(2, proposal(1, 1, 2)));
    let heartbeat = |round, proposer, chosen| Message::Heartbeat {
        ballot: ballot(round, proposer),
        chosen,
    };
    assert!(solo.deliver(1, heartbeat(1, 1, 1)).is_empty());
    assert_eq!(solo.node.learner.executed, 1);
    // Node 2 leads, and slot 2 may hold something else by now.
    let sent = solo.deliver(2, heartbeat(2, 2, 2));
    assert!(
        matches!(&sent[..], [(NodeId(2), Message::Ask { first: 2 })]),
        "{sent:?}"
    );
    assert_eq!(solo.node.learner.executed, 1);
    let values = [(2, proposal(2, 2, 9))].into();
    solo.deliver(2, Message::Chosen { values });
    assert_eq!(solo.node.learner.executed, 2);
    assert_eq!(solo.node.learner.machine.kv.values["x"], "9");
}

#[test]
fn the_next_leader_finishes_what_the_old_one_began() {
    for seed in 1..=5 {
        let run = play("half-done").seed(seed).ended();
        let adopts = said(&run, &marks::ADOPTS, 2);
        assert_eq!(adopts, [(2, 1, "x=red".to_owned())]);
        let logs = executed(&run, 3);
        assert_eq!(logs[1], ["x=red", "x=blue"]);
        assert_eq!(logs[1], logs[2]);
        assert!(run.all_broken().is_empty(), "{:?}", run.all_broken());
    }
}

#[test]
fn a_gap_is_filled_with_a_no_op_and_all_catch_up() {
    for seed in 1..=10 {
        let gap = play("gap").seed(seed);
        let before = gap.at(470);
        let state = |id: u32| {
            let server = before.node::<Server>(id);
            let accepted: Vec<Slot> = server.acceptor.accepted.keys().copied().collect();
            (accepted, server.learner.executed)
        };
        for id in 2..=5 {
            assert_eq!(state(id), (vec![1, 3], 1), "node {id}");
        }
        let run = gap.ended();
        assert_eq!(said(&run, &marks::ADOPTS, 2), [(2, 3, "z=3".to_owned())]);
        assert_eq!(run.who(&marks::FILLS), [2]);
        for log in executed(&run, 5) {
            assert_eq!(log, ["x=1", "no-op", "z=3", "x=4"]);
        }
        assert!(run.all_broken().is_empty(), "{:?}", run.all_broken());
        // Without no-ops the slots behind the gap are chosen, and nobody executes them.
        let left = gap.switch("fill-gaps", false).at(1_100);
        assert_eq!((left.read("executed"), left.read("gaps")), (1.0, 1.0));
        assert!(left.broken("no-gap").is_some() && always_broken(&left).is_empty());
    }
}

#[test]
fn an_old_leader_is_refused_and_follows() {
    for seed in 1..=10 {
        let run = play("slow-leader").seed(seed).ended();
        assert!(run.read("refusals") >= 4.0);
        assert_eq!(run.who(&marks::OVERTAKEN), [1]);
        assert_eq!(run.read("leader-changes"), 2.0);
        assert!(run.all_broken().is_empty(), "{:?}", run.all_broken());
        let cut = play("write-and-heal").seed(seed).at(1_050);
        // Alone with one other server, nothing of node 1 is chosen.
        let by_1 = said(&cut, &marks::CHOOSES, 2);
        assert!(
            by_1.iter().all(|(node, slot, _)| *node != 1 || *slot == 1),
            "{by_1:?}"
        );
        assert_eq!(cut.node::<Server>(1).proposer.phase, Phase::Leading);
        let healed = play("write-and-heal").seed(seed).ended();
        let logs = executed(&healed, 5);
        assert!(logs.iter().all(|log| *log == logs[0]), "{logs:?}");
        assert!(healed.all_broken().is_empty(), "{:?}", healed.all_broken());
    }
}

#[test]
fn a_server_that_was_down_catches_up() {
    for seed in 1..=10 {
        let run = play("catch-up").seed(seed);
        let before = run.at(1_490).node::<Server>(4).learner.executed;
        let run = run.at(2_950);
        let (behind, all) = (run.node::<Server>(4), run.node::<Server>(1));
        assert!(before < 4, "{before}");
        assert!(
            behind.learner.executed + 2 >= all.learner.executed
                && before + 8 < all.learner.executed
        );
        assert!(run.who(&marks::ASKS).contains(&4));
        assert!(run.all_broken().is_empty(), "{:?}", run.all_broken());
    }
    // A server that joins later learns everything, and has no vote.
    let run = play("steady").does("1200ms add").at(1_900);
    assert_eq!(run.node::<Server>(6).learner.executed, 5);
    assert_eq!(run.sent("Promise"), 4);
}

/// 2.4: without a wait they overtake each other for ever, and nothing wrong is chosen.
#[test]
fn a_duel_goes_on_until_somebody_waits() {
    for seed in 1..=5 {
        let run = play("duel").seed(seed).at(10_000);
        assert_eq!((run.read("leader-changes"), run.read("chosen")), (0.0, 0.0));
        assert!(run.read("ballots") > 200.0);
        assert!(run.all_broken().is_empty());
        let waits = play("backoff").seed(seed).ended();
        assert!(waits.read("ballots") <= 6.0 && waits.read("chosen") == 1.0);
    }
}

/// With the same requests and faults as Raft: a write waits for one round trip here and there.
#[test]
fn a_crash_of_the_leader_is_survived() {
    for seed in 1..=10 {
        let run = play("kill-the-leader").seed(seed);
        let leader = run.at(590).leaders()[0];
        let leader = leader.expect("somebody leads");
        let run = run.does(&format!("600ms crash n{leader}")).ended();
        assert_eq!(run.read("leaders"), 1.0);
        let gap = run.read("gap");
        assert!((0.1..1.0).contains(&gap), "{gap}");
    }
}

/// Each rule that is left out breaks the law that its scenario shows, and nothing breaks with it.
#[test]
fn each_flaw_breaks_its_law_and_the_rule_mends_it() {
    for (scenario, switch, law) in [
        ("half-done", "adopt", "agreement"),
        ("kept-promise", "promise", "agreement"),
        ("forgotten-promise", "keep-promise", "agreement"),
        ("forgotten-slot", "keep-accepted", "agreement"),
        ("crash-in-mid-write", "write-first", "agreement"),
        ("write-and-heal", "majority", "agreement"),
        ("backoff", "unique-ballots", "one-proposer"),
        ("gap", "client-value", "validity"),
        ("gap", "in-order", "same-order"),
        ("stale-read", "read-slots", "linearizable"),
    ] {
        let whole = play(scenario).preset("correct");
        let run = whole.switch(switch, false).at(3_000);
        assert!(run.broken(law).is_some(), "{scenario} without {switch}");
        assert_eq!(
            always_broken(&whole.at(5_000)),
            [""; 0],
            "{scenario} with {switch}"
        );
    }
    let impatient = play("steady").param("retry", 20);
    assert!(impatient.at(1_900).all_broken().is_empty());
    let twice = impatient.switch("apply-once", false).at(1_900);
    assert!(twice.broken("at-most-once").is_some());
}

/// M4: a crash behind any event, of any server, and a restart.
#[test]
fn a_crash_behind_any_event_breaks_nothing() {
    let gap = play("gap");
    let steps = gap.at(800).0.world().events();
    for after in (1..=steps).step_by(7) {
        for node in 1..=5 {
            let crash = gap.does(&format!("@{after} crash n{node}"));
            let run = crash.does(&format!("1300ms recover n{node}")).at(3_000);
            assert_eq!(run.all_broken(), [""; 0], "n{node} after {after}");
        }
    }
}

/// Agreement and the judge, with clients that ask all the time.
#[test]
fn clients_see_one_copy() {
    for seed in 1..=5 {
        let run = play("judged").seed(seed).ended();
        assert!(run.all_broken().is_empty(), "{:?}", run.all_broken());
        assert_eq!(run.read("violations"), 0.0);
        assert!(run.read("executed") > 60.0, "{}", run.read("executed"));
    }
}

/// The picture: accepted, chosen and executed slots, and the gap between them.
#[test]
fn gaps_are_seen() {
    use faultline_sim::descriptor::Recipe;
    use faultline_sim::frame::{EntryState, Figure, Tone};
    use faultline_sim::time::Time;
    use faultline_sim::timeline::Timeline;

    let mut run = Timeline::new(
        crate::CATALOGUE
            .setup(&Recipe::new("multi-paxos/gap", 1))
            .unwrap(),
    )
    .unwrap();
    run.run_until(Time(356_000), u64::MAX);
    let frame = run.frame();
    assert_eq!(frame.nodes[0].tone, Tone::Leader);
    let slots = |at: usize| -> Vec<(u64, EntryState)> {
        let found = frame.nodes[at]
            .figures
            .iter()
            .find_map(|figure| match figure {
                Figure::Slots { cells, .. } => Some(cells),
                _ => None,
            });
        let cells = found.expect("a server has a log").iter();
        cells.map(|(slot, _, state)| (*slot, *state)).collect()
    };
    let leader = [
        (1, EntryState::Applied),
        (2, EntryState::Uncommitted),
        (3, EntryState::Committed),
    ];
    assert_eq!(slots(0), leader);
    assert_eq!(
        slots(1),
        [(1, EntryState::Applied), (3, EntryState::Uncommitted)]
    );
    let figure = frame.nodes[1]
        .figures
        .iter()
        .find(|figure| matches!(figure, Figure::Slots { .. }));
    let table = figure.unwrap().to_table().to_text();
    assert_eq!(
        table,
        "slot | round | value | state\n1 | 1 | x=1 | executed\n3 | 1 | z=3 | accepted"
    );
}
