//! Facts of the paper, and what each rule is for.

use faultline_sim::process::NodeId;
use faultline_sim::quorum::majority;
use faultline_sim::settings::Settings;
use faultline_sim::testing::{Play, Played, Solo};

use super::{Ballot, Learner, Message, Node, PROTOCOL, Proposal, Request, marks};

fn play(scenario: &str) -> Play {
    Play::protocol(&PROTOCOL, scenario)
}

/// What a learner has learned.
fn learned(run: &Played, id: u32) -> Option<String> {
    match run.node::<Node>(id) {
        Node::Learner(Learner { learned, .. }) => {
            learned.as_ref().map(|learned| learned.value.to_string())
        }
        _ => panic!("n{id} is no learner"),
    }
}

fn always_broken(run: &Played) -> Vec<&'static str> {
    let mut broken = run.all_broken();
    broken.retain(|law| *law != "learned");
    broken
}

/// The words of a mark, by node.
fn said(run: &Played, mark: &faultline_sim::mark::Mark, at: usize) -> Vec<(u32, String)> {
    let all = run.marked(mark).into_iter();
    all.map(|(_, node, marked)| (node.0, marked.word(at).unwrap_or_default().to_owned()))
        .collect()
}

fn alone(me: u32, params: &[(&str, &str)]) -> Solo<Node> {
    let mut settings = Settings::new(PROTOCOL.params, PROTOCOL.switches);
    for (name, value) in params {
        settings.set_param(name, value).unwrap();
    }
    Solo::new(me, 12, settings)
}

fn ballot(round: u32, proposer: u32) -> Ballot {
    Ballot { round, proposer }
}

fn proposal(round: u32, proposer: u32, value: &str) -> Proposal {
    let ballot = ballot(round, proposer);
    let value = value.into();
    Proposal { ballot, value }
}

fn propose(value: &str) -> Request {
    let value = value.to_owned();
    Request::Propose { value }
}

/// X-PAXM: n acceptors apart from proposer and learner: 4n messages, and n more for each further learner.
#[test]
fn one_proposer_takes_four_messages_an_acceptor() {
    for n in 3..=7_u32 {
        for learners in [1_u64, 2, 5] {
            let one = play("one-proposer")
                .param("acceptors", n)
                .param("learners", learners);
            for seed in 1..=3 {
                let run = one.seed(seed).at(7_900);
                let kinds = ["Prepare", "Promise", "Accept", "Accepted"];
                let sent = kinds.map(|kind| run.sent(kind));
                let n = u64::from(n);
                assert_eq!(sent, [n, n, n, n * learners], "{n} acceptors");
                assert_eq!(run.read("messages"), (3 * n + n * learners) as f64);
                assert_eq!(
                    (run.read("rounds"), run.read("writes")),
                    (1.0, 2.0 * n as f64)
                );
                assert!(run.all_broken().is_empty(), "{:?}", run.all_broken());
            }
        }
    }
}

/// Q-MAJ: a majority of 3, 4, 5, 7 is 2, 3, 3, 4. As many may be down as are left over, and no more.
#[test]
fn a_minority_of_acceptors_may_be_down() {
    for (n, needed) in [(3, 2), (4, 3), (5, 3), (6, 4), (7, 4)] {
        assert_eq!(majority(n), needed);
        for down in 0..=n {
            let mut run = play("one-proposer").param("acceptors", n);
            for id in 2..2 + down {
                run = run.does(&format!("100ms crash n{id}"));
            }
            let run = run.at(9_000);
            let chosen = if n - down >= needed { 1.0 } else { 0.0 };
            assert_eq!(run.read("values-chosen"), chosen, "{down} of {n} are down");
        }
    }
}

/// X-PAX1: (1, A) was accepted by one acceptor of the second proposer's majority. It must propose A.
#[test]
fn a_reported_value_must_be_proposed() {
    for seed in 1..=10 {
        let run = play("accepted-once").seed(seed).ended();
        assert_eq!(said(&run, &marks::ADOPTS, 0), [(2, "red".to_owned())]);
        let proposed = said(&run, &marks::PROPOSES, 1);
        assert_eq!(proposed, [(1, "red".into()), (2, "red".into())]);
        assert_eq!(learned(&run, 6).as_deref(), Some("red"));
        let chosen = run.read("chosen-at");
        assert!(chosen > 4.0, "not before node 2 proposes it: {chosen}");
        let later = play("second-proposer").seed(seed).ended();
        assert_eq!(learned(&later, 6).as_deref(), Some("red"));
        assert!(later.read("chosen-at") < 4.0);
        assert_eq!(later.read("values-chosen"), 1.0);
    }
}

/// X-PAX2: the second proposer's majority has accepted nothing. It proposes its own value, and the late
/// accepts of the first are refused.
#[test]
fn a_majority_that_reports_nothing_leaves_the_value_free() {
    for seed in 1..=10 {
        let run = play("another-majority").seed(seed).at(8_050);
        assert!(said(&run, &marks::ADOPTS, 0).is_empty());
        assert_eq!(learned(&run, 6).as_deref(), Some("blue"));
        let run = play("another-majority").seed(seed).ended();
        let refused = said(&run, &marks::REFUSES, 0);
        for id in [4, 5] {
            assert!(refused.contains(&(id, "1.1".into())), "{refused:?}");
        }
        // The refused proposer tries again, and it must take blue.
        assert!(
            said(&run, &marks::ADOPTS, 0)
                .iter()
                .all(|(id, value)| *id == 1 && value == "blue")
        );
        assert_eq!(run.read("values-chosen"), 1.0);
        assert!(run.all_broken().is_empty(), "{:?}", run.all_broken());
    }
}

/// X-PAX3: promises report (1, A), (3, B) and nothing, in any order. B must be proposed.
#[test]
fn of_several_reported_values_the_highest_ballot_counts() {
    let reports = [Some(proposal(1, 1, "A")), Some(proposal(3, 2, "B")), None];
    for order in [
        [0, 1, 2],
        [0, 2, 1],
        [1, 0, 2],
        [1, 2, 0],
        [2, 0, 1],
        [2, 1, 0],
    ] {
        for highest in [true, false] {
            let mut solo = alone(3, &[("proposers", "3"), ("acceptors", "5")]);
            solo.set_switch("highest", highest);
            // It hears of a higher ballot, so that its own is above all.
            solo.request(propose("C"));
            let (refused, promised) = (ballot(1, 3), ballot(3, 2));
            solo.deliver(
                4,
                Message::Nack {
                    ballot: refused,
                    promised,
                },
            );
            let sent = solo.fire(super::Timer::Retry);
            let asked = ballot(4, 3);
            assert!(matches!(sent[0].1, Message::Prepare { ballot } if ballot == asked));
            let mut sent = Vec::new();
            for (from, at) in (4..).zip(order) {
                let accepted = reports[at].clone();
                sent = solo.deliver(
                    from,
                    Message::Promise {
                        ballot: asked,
                        accepted,
                    },
                );
            }
            assert_eq!(sent.len(), 5, "to all acceptors");
            let Message::Accept { proposal } = &sent[0].1 else {
                panic!("{sent:?}");
            };
            let first = order.iter().find(|at| **at < 2).unwrap();
            let expected = if highest || *first == 1 { "B" } else { "A" };
            assert_eq!((proposal.ballot, &*proposal.value), (asked, expected));
        }
    }
    for seed in 1..=10 {
        let run = play("highest-of-two").seed(seed).ended();
        assert_eq!(said(&run, &marks::ADOPTS, 0), [(3, "blue".to_owned())]);
        assert_eq!(learned(&run, 7).as_deref(), Some("blue"));
    }
}

/// X-PAX4: each prepare comes before the other's accept, so nothing is ever chosen and nothing breaks.
#[test]
fn a_duel_goes_on_until_somebody_waits() {
    for seed in 1..=5 {
        let run = play("duel").seed(seed).at(60_000);
        assert_eq!((run.read("values-chosen"), run.sent("Accepted")), (0.0, 0));
        assert_eq!(always_broken(&run), [""; 0]);
        let ballots = said(&run, &marks::PREPARES, 0);
        assert!(ballots.len() > 40, "{} ballots", ballots.len());
        for pair in ballots.windows(2) {
            assert_ne!(pair[0].0, pair[1].0, "they take turns");
        }
        for (preset, rounds) in [("correct", 30.0), ("distinguished", 1.0)] {
            let ended = play("duel").preset(preset).seed(seed).at(60_000);
            assert_eq!(ended.read("values-chosen"), 1.0, "{preset}, seed {seed}");
            assert!(ended.read("rounds") <= rounds, "{}", ended.read("rounds"));
            assert!(ended.all_broken().is_empty(), "{:?}", ended.all_broken());
        }
        // Without a pause before the accept, luck ends it.
        let quick = play("duel").seed(seed).param("ready", 0).at(60_000);
        assert_eq!(quick.read("values-chosen"), 1.0);
    }
}

/// 2.2, 2.5: what an acceptor answers, in order.
#[test]
fn an_acceptor_answers_as_in_the_paper() {
    let mut solo = alone(3, &[]);
    let none = solo.deliver(6, Message::Ask);
    assert!(none.is_empty(), "it has accepted nothing");
    let sent = solo.deliver(
        1,
        Message::Prepare {
            ballot: ballot(2, 1),
        },
    );
    assert!(matches!(
        &sent[..],
        [(NodeId(1), Message::Promise { accepted: None, .. })]
    ));
    let lower = solo.deliver(
        2,
        Message::Prepare {
            ballot: ballot(1, 2),
        },
    );
    let [(NodeId(2), Message::Nack { promised, .. })] = &lower[..] else {
        panic!("{lower:?}");
    };
    assert_eq!(*promised, ballot(2, 1));
    // A copy of what it has promised gets the same answer.
    let again = solo.deliver(
        1,
        Message::Prepare {
            ballot: ballot(2, 1),
        },
    );
    assert!(matches!(&again[..], [(NodeId(1), Message::Promise { .. })]));
    let proposal = proposal(2, 1, "red");
    let sent = solo.deliver(1, Message::Accept { proposal });
    assert!(
        matches!(&sent[..], [(NodeId(6), Message::Accepted { .. })]),
        "to the learner"
    );
}

/// 2.5: a promise and what was accepted outlive a crash, if they are on disk.
#[test]
fn an_acceptor_remembers_through_a_crash() {
    let mut solo = alone(3, &[]);
    let proposal = proposal(2, 1, "red");
    let accept = proposal.clone();
    solo.deliver(1, Message::Accept { proposal: accept });
    solo.crash_and_recover();
    let sent = solo.deliver(
        2,
        Message::Prepare {
            ballot: ballot(2, 2),
        },
    );
    let [(_, Message::Promise { accepted, .. })] = &sent[..] else {
        panic!("{sent:?}");
    };
    assert_eq!(
        accepted.as_ref(),
        Some(&proposal),
        "it remembers through a crash"
    );
    let late = solo.deliver(1, Message::Accept { proposal });
    assert!(matches!(&late[..], [(NodeId(1), Message::Nack { .. })]));
    solo.set_switch("nack", false);
    assert!(
        solo.deliver(
            1,
            Message::Prepare {
                ballot: ballot(1, 1)
            }
        )
        .is_empty()
    );
    solo.set_switch("stable", false);
    solo.crash_and_recover();
    let sent = solo.deliver(
        1,
        Message::Prepare {
            ballot: ballot(1, 1),
        },
    );
    assert!(matches!(
        &sent[..],
        [(_, Message::Promise { accepted: None, .. })]
    ));
}

/// 2.5: a proposer never uses a ballot twice, also after a crash.
#[test]
fn a_proposer_remembers_its_highest_ballot() {
    let run = play("proposer-crashes").ended();
    let ballots = said(&run, &marks::PREPARES, 0);
    assert_eq!(
        ballots,
        [(1, "1.1".into()), (2, "1.2".into()), (1, "2.1".into())]
    );
    assert_eq!(said(&run, &marks::ADOPTS, 0), [(1, "blue".to_owned())]);
    assert_eq!(learned(&run, 6).as_deref(), Some("blue"));
    let mut solo = alone(1, &[]);
    solo.request(propose("red"));
    for round in 2..6 {
        solo.crash_and_recover();
        let Node::Proposer(node) = &solo.node else {
            panic!("n1 proposes");
        };
        assert_eq!(node.ballot, ballot(round, 1));
    }
}

/// M4: a crash behind any event, of any node, with or without a restart.
#[test]
fn a_crash_behind_any_event_breaks_nothing() {
    let race = play("duel").preset("correct");
    let steps = race.at(8_000).0.world().events();
    let mut chosen = 0;
    for after in (1..=steps).step_by(3) {
        for node in 1..=6 {
            let crash = race.does(&format!("@{after} crash n{node}"));
            let back = crash.does(&format!("9s recover n{node}"));
            for run in [crash.at(30_000), back.at(60_000)] {
                assert_eq!(always_broken(&run), [""; 0], "n{node} after {after}");
                chosen += run.read("values-chosen") as u64;
            }
            let run = back.at(60_000);
            assert_eq!(run.broken("learned"), None, "n{node} after {after}");
        }
    }
    assert!(chosen > 0);
}

/// 2.3: a learner that missed the news asks; where acceptors cannot tell, a proposer finishes.
#[test]
fn a_learner_that_has_not_learned_asks() {
    for seed in 1..=10 {
        let run = play("missed-news").seed(seed).ended();
        assert_eq!(learned(&run, 6).as_deref(), Some("red"));
        assert_eq!((run.sent("Ask"), run.read("rounds")), (3, 1.0));
        let deaf = play("missed-news").switch("catch-up", false).seed(seed);
        assert_eq!(learned(&deaf.at(60_000), 6), None);
        let half = play("half-accepted").seed(seed).at(60_000);
        let red = learned(&half, 6).as_deref() == Some("red");
        assert!(red, "seed {seed}");
        let finished = said(&half, &marks::PROPOSES, 1);
        assert!(finished.contains(&(2, "red".into())), "{finished:?}");
    }
    let late = play("one-proposer").does("6s add").at(9_000);
    assert_eq!(
        learned(&late, 6).as_deref(),
        Some("red"),
        "a learner that joins asks, too"
    );
}

/// Each rule that is left out breaks the law that its scenario shows, and nothing breaks with it.
#[test]
fn each_flaw_breaks_its_law_and_the_rule_mends_it() {
    for (scenario, switch, law) in [
        ("second-proposer", "adopt", "one-value"),
        ("highest-of-two", "highest", "one-value"),
        ("another-majority", "promise", "one-value"),
        ("forgotten-promise", "stable", "one-value"),
        ("crash-in-mid-write", "write-first", "one-value"),
        ("another-majority", "majority", "integrity"),
        ("duel", "unique-ballots", "one-value"),
    ] {
        let run = play(scenario).switch(switch, false).at(20_000);
        assert!(run.broken(law).is_some(), "{scenario} without {switch}");
        let mended = play(scenario).switch(switch, true).at(60_000);
        assert_eq!(always_broken(&mended), [""; 0], "{scenario} with {switch}");
    }
    let made_up = |seed| {
        let half = play("half-accepted").switch("client-value", false);
        half.seed(seed).at(60_000).broken("validity").is_some()
    };
    assert!((1..=10).any(made_up), "node 2 may hear nothing of red");
}

/// Whichever rule is missing, the same run shows it; with all of them nothing breaks.
#[test]
fn one_run_shows_each_missing_rule() {
    let hides = ["adopt", "promise", "stable", "majority", "unique-ballots"];
    for seed in 1..=5 {
        let whole = play("which-rule").preset("correct").seed(seed);
        assert_eq!(always_broken(&whole.at(60_000)), [""; 0], "seed {seed}");
        for rule in hides {
            let run = whole.switch(rule, false).at(15_900);
            assert_ne!(always_broken(&run), [""; 0], "{rule}, seed {seed}");
        }
    }
    let hidden = PROTOCOL.preset("one-rule-off").unwrap();
    let mut met: Vec<&str> = (1..=9).filter_map(|case| hidden.hidden(case)).collect();
    met.sort_unstable();
    met.dedup();
    assert_eq!(met.len(), hides.len(), "{met:?}");
}

#[test]
fn what_cannot_be_done_is_refused() {
    for (node, request, why) in [
        (1, r#"{"propose":{"value":"green"}}"#, "wants red already"),
        (1, r#""read""#, "only a learner"),
        (3, r#""read""#, "takes no requests"),
        (6, r#"{"propose":{"value":"green"}}"#, "proposes nothing"),
    ] {
        let run = play("second-proposer")
            .does(&format!("1.1s request n{node} {request}"))
            .at(1_500);
        let last = run.replies().pop().unwrap();
        let said = last["Failed"]["why"].as_str().unwrap().to_owned();
        assert!(said.contains(why), "{request}: {said}");
    }
    let asked = |at: &str| {
        let run = play("second-proposer").does(&format!("{at} request n6 \"read\""));
        run.at(3_900).replies().pop().unwrap()
    };
    assert!(asked("1.5s")["Failed"]["why"].is_string());
    assert_eq!(asked("3.8s")["Learned"]["value"], "red");
    let passed = play("one-leader").ended();
    assert_eq!(passed.replies()[1]["PassedOn"]["to"], 1);
    assert_eq!(passed.sent("Forward"), 1);
}

/// The picture: promises as they come, the value's colour, the ballots of an acceptor.
#[test]
fn ballots_and_values_are_seen() {
    use faultline_sim::descriptor::Recipe;
    use faultline_sim::frame::Figure;
    use faultline_sim::time::Time;
    use faultline_sim::timeline::Timeline;

    let recipe = Recipe::new("paxos/another-majority", 1);
    let mut run = Timeline::new(crate::CATALOGUE.setup(&recipe).unwrap()).unwrap();
    let mut seen = Vec::new();
    while run.now().0 < 3_900_000 && run.step() {
        let frame = run.frame();
        let colours: Vec<_> = frame.nodes.iter().map(|node| node.colour).collect();
        if let Some(pips) = frame.nodes[0].pips {
            assert_eq!((pips.need, pips.of, colours[0]), (2, 3, Some("red")));
            seen.push(pips.yes);
        }
    }
    seen.dedup();
    assert_eq!(seen, [0, 1], "with the second promise it proposes");
    let frame = run.frame();
    let colours = [2, 3, 4, 5].map(|at| frame.nodes[at].colour);
    assert_eq!(colours, [Some("red"), None, None, None]);
    assert_eq!(
        frame
            .nodes
            .iter()
            .map(|node| node.layer)
            .collect::<Vec<_>>(),
        [0, 0, 1, 1, 1, 2]
    );
    run.run_until(Time(9_000_000), u64::MAX);
    let frame = run.frame();
    let Figure::Table { head, rows } = &frame.nodes[3].figures[0] else {
        panic!("{:?}", frame.nodes[3].figures);
    };
    assert_eq!(head.join(" "), "ballot prepare accept");
    assert_eq!(rows[0].join(" "), "1.1 promised refused");
    assert_eq!(rows[1].join(" "), "1.2 promised accepted blue");
}
