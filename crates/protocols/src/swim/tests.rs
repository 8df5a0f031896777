//! The paper's rules and figures, and what Lifeguard adds.

use faultline_sim::event::Event;
use faultline_sim::process::NodeId;
use faultline_sim::settings::Settings;
use faultline_sim::sorted::SortedMap;
use faultline_sim::testing::{Play, Played, Solo};

use super::list::log2;
use super::{Message, PROTOCOL, Status, Swim, Update, marks, truth};

fn play(scenario: &str) -> Play {
    Play::protocol(&PROTOCOL, scenario)
}

fn mean(seeds: u64, of: impl Fn(u64) -> f64) -> f64 {
    (1..=seeds).map(of).sum::<f64>() / seeds as f64
}

fn status(run: &Played, observer: u32, member: u32) -> Option<(Status, u32)> {
    let known = run.node::<Swim>(observer).view(NodeId(member));
    known.map(|known| (known.status, known.incarnation))
}

/// F-SWIMN: 1/(1 - (1 - 1/(n-1))^(n-1)) periods until the first ping that finds a crash, which tends to
/// e/(e-1) (F-SWIM). Three standard errors: one run has a standard deviation of less than one period.
#[test]
fn a_crash_is_found_as_soon_as_the_formula_says() {
    for (n, expected, runs) in [(5, 1.4629, 500), (10, 1.5301, 500), (100, 1.5773, 200)] {
        let chance = 1.0 - 1.0 / f64::from(n - 1);
        let formula = 1.0 / (1.0 - chance.powi(n - 1));
        assert!((formula - expected).abs() < 1e-4, "{n}: {formula}");
        let found = mean(runs, |seed| {
            let row = play("who-notices").param("nodes", n).seed(seed);
            let short = row.at(8_000).reads("noticed");
            short.unwrap_or_else(|| row.at(30_000).read("noticed"))
        });
        let margin = 3.0 / (runs as f64).sqrt();
        assert!((found - expected).abs() < margin, "{n} nodes: {found}");
    }
}

/// 4.3: in a round each pings each, so at most 2n - 1 periods lie between two pings.
#[test]
fn with_rounds_nobody_waits_longer_than_two_rounds() {
    let longest = |rounds: bool| {
        let mut latest: SortedMap<(NodeId, NodeId), u64> = SortedMap::new();
        let mut longest = 0;
        let run = play("a-thousand")
            .param("nodes", 6)
            .switch("round-robin", rounds)
            .at(200_000);
        for record in run.0.trace().records() {
            if let Event::Sent {
                address,
                kind: "PING",
                ..
            } = &record.event
            {
                let pair = (address.from, address.to);
                if let Some(before) = latest.insert(pair, record.time.0) {
                    longest = longest.max((record.time.0 - before) / 1_000_000);
                }
            }
        }
        longest
    };
    assert!(longest(true) < 2 * 6, "{} periods", longest(true));
    assert!(longest(false) > 2 * 6, "pure chance has no bound");
}

/// 3: what a member sends does not depend on the size of the group.
#[test]
fn the_load_of_a_member_is_constant() {
    for nodes in [5, 50, 1_000] {
        let run = play("a-thousand").param("nodes", nodes).at(6_000);
        let load = run.read("messages_per_node");
        assert!((1.8..2.0).contains(&load), "{nodes} nodes: {load}");
        let all = f64::from(nodes - 1);
        assert!(load < all, "heartbeats to all would be {all}");
    }
}

/// 4.2: a higher incarnation wins; within one, dead beats suspect beats alive.
#[test]
fn news_overrides_older_news_only() {
    use Status::{Alive, Dead, Left, Suspect};
    let ascending = [
        (Alive, 0),
        (Suspect, 0),
        (Dead, 0),
        (Left, 0),
        (Alive, 1),
        (Suspect, 1),
        (Dead, 1),
    ];
    for (i, first) in ascending.iter().enumerate() {
        for (j, second) in ascending.iter().enumerate() {
            let mut solo: Solo<Swim> = Solo::new(1, 5, settings());
            for (status, incarnation) in [*first, *second] {
                let member = NodeId(3);
                let news = vec![Update {
                    member,
                    status,
                    incarnation,
                }];
                assert!(solo.deliver(2, Message::News { news }).is_empty());
            }
            let known = solo.node.view(NodeId(3)).unwrap();
            let wins = ascending[i.max(j)];
            assert_eq!(
                (known.status, known.incarnation),
                wins,
                "{first:?} {second:?}"
            );
        }
    }
}

fn settings() -> Settings {
    Settings::new(PROTOCOL.params, PROTOCOL.switches)
}

/// Only a suspicion of the present incarnation makes a member raise it.
#[test]
fn a_member_refutes_what_is_said_of_it() {
    let mut solo: Solo<Swim> = Solo::new(3, 5, settings());
    let said = |status, incarnation| Message::News {
        news: vec![Update {
            member: NodeId(3),
            status,
            incarnation,
        }],
    };
    for (status, incarnation, then) in [
        (Status::Suspect, 0, 1),
        (Status::Suspect, 0, 1),
        (Status::Dead, 0, 1),
        (Status::Dead, 1, 2),
        (Status::Suspect, 7, 8),
    ] {
        solo.deliver(1, said(status, incarnation));
        assert_eq!(solo.node.incarnation, then, "{status:?} {incarnation}");
    }
}

/// 3.1: a cut link is gone round, so nobody is suspected; without helpers it is not.
#[test]
fn indirect_probes_go_round_a_cut_link() {
    for seed in 1..=20 {
        let run = play("one-link-cut").seed(seed).ended();
        assert_eq!(run.read("false_suspicions"), 0.0, "seed {seed}");
        assert!(run.sent("PING-REQ") >= 3, "seed {seed}");
        assert!(run.all_broken().is_empty(), "seed {seed}");
    }
    let direct = play("one-link-cut").switch("indirect", false).ended();
    assert!(direct.read("false_suspicions") > 0.0);
    assert!(direct.broken("around").is_some());
    assert_eq!(
        direct.read("false_deaths"),
        0.0,
        "others ping it, and it refutes"
    );
}

/// 4.2: a pause makes a suspect that comes back; without suspicion it is dead for good.
#[test]
fn a_suspect_may_come_back() {
    let mut suspected = 0;
    for seed in 1..=20 {
        let run = play("pause-and-refute").seed(seed).ended();
        let accused = run.read("false_suspicions") >= 1.0;
        // A ping just before the end of the pause is answered in time.
        suspected += u32::from(accused);
        assert_eq!(run.read("refutations") >= 1.0, accused, "seed {seed}");
        assert_eq!(run.read("false_deaths"), 0.0, "seed {seed}");
        assert_eq!(run.broken("agree"), None, "seed {seed}");
        for observer in [1, 2, 4, 5] {
            let known = status(&run, observer, 3).map(|(status, _)| status);
            assert_eq!(known, Some(Status::Alive), "seed {seed}");
        }
    }
    assert!(suspected >= 14, "in {suspected} of 20 runs");
    let run = play("pause-no-suspicion").ended();
    assert_eq!(run.read("false_deaths"), 1.0);
    assert!(run.broken("agree").is_some(), "nobody takes it back");
}

/// Nobody dies of an outage that is shorter than a period, unless a rule is missing.
#[test]
fn a_short_outage_kills_nobody() {
    for seed in 1..=20 {
        let run = play("short-outage").seed(seed).ended();
        assert_eq!(run.read("false_deaths"), 0.0, "seed {seed}");
        assert!(
            run.all_broken().is_empty(),
            "seed {seed}: {:?}",
            run.all_broken()
        );
    }
    for rule in ["suspicion", "refute"] {
        let run = play("short-outage").switch(rule, false).ended();
        assert!(run.read("false_deaths") > 0.0, "{rule}");
        assert!(run.broken("no-false-death").is_some(), "{rule}");
    }
}

/// All live nodes learn of a crash, in a time that grows with the logarithm of the group.
#[test]
fn all_live_members_learn_of_a_crash() {
    for nodes in [3, 5, 20, 100] {
        let last = 4_000 + 3_500 + 4_000 * u64::from(log2(nodes));
        for seed in 1..=5 {
            let run = play("crash").param("nodes", nodes).seed(seed).at(last);
            let took = run.reads("complete");
            assert!(took.is_some(), "{nodes} nodes, seed {seed}");
            assert_eq!(run.broken("agree"), None, "{nodes} nodes, seed {seed}");
            assert_eq!(run.read("false_suspicions"), 0.0);
        }
    }
}

/// 4.1: messages are bounded, and each member tells a piece of news so many times and no more.
#[test]
fn news_is_told_a_bounded_number_of_times() {
    let run = play("crash").param("nodes", 20).param("most", 2).at(60_000);
    let mut told: SortedMap<(NodeId, Piece), u32> = SortedMap::new();
    for record in run.0.trace().records() {
        let Event::Sent {
            address, message, ..
        } = &record.event
        else {
            continue;
        };
        let (Message::Ping { news, .. } | Message::Ack { news, .. }) =
            message.get::<Message>().unwrap()
        else {
            continue;
        };
        assert!(news.len() <= 2);
        // A suspect is told each time that it is suspected.
        for update in news.iter().filter(|update| update.member != address.to) {
            let key = (
                record.node.unwrap(),
                (update.member, update.status, update.incarnation),
            );
            *told.entry(key).or_default() += 1;
        }
    }
    let most = told.values().max().copied().unwrap_or(0);
    assert!((1..=3 * log2(20)).contains(&most), "{most}");
}

/// A piece of news as a key.
type Piece = (NodeId, Status, u32);

/// A joining member is told the list once, and all hear of it; one that leaves is gone everywhere.
#[test]
fn a_member_joins_through_one_contact() {
    for seed in 1..=10 {
        let row = play("join-and-leave").seed(seed);
        let joined = row.at(9_900);
        assert_eq!(joined.sent("MEMBERS"), 1, "seed {seed}");
        assert_eq!(joined.broken("agree"), None, "seed {seed}");
        assert_eq!(joined.node::<Swim>(6).size, 6);
        let left = row.ended();
        assert_eq!(left.broken("agree"), None, "seed {seed}");
        assert_eq!(left.read("false_deaths"), 0.0);
        for id in [1, 3, 4, 5, 6] {
            assert_eq!(left.node::<Swim>(id).size, 5, "seed {seed}");
        }
    }
}

/// A node that crashes and comes back raises its incarnation, and all take it back.
#[test]
fn a_crashed_node_comes_back_in_a_new_incarnation() {
    let run = play("crash").does("18s recover n3").at(30_000);
    assert_eq!(run.broken("agree"), None);
    assert_eq!(run.node::<Swim>(3).incarnation, 1);
    assert_eq!(status(&run, 1, 3), Some((Status::Alive, 1)));
    assert_eq!(run.who(&marks::ASKS_TO_JOIN), [3]);
}

/// Halves that took each other for dead meet again only if somebody pings the dead.
#[test]
fn halves_meet_again_if_somebody_pings_the_dead() {
    let apart = play("split-and-heal").at(19_900);
    assert_eq!(apart.read("false_deaths"), 8.0);
    assert_eq!(apart.read("wrong"), 32.0, "four lists of four on each side");
    assert_eq!(play("split-and-heal").ended().read("wrong"), 0.0);
    let never = play("split-and-heal").switch("reconnect", false).ended();
    assert_eq!(never.read("wrong"), 32.0);
}

/// Lifeguard: an overloaded node accuses fewer others.
#[test]
fn a_node_that_doubts_itself_accuses_fewer_others() {
    let suspicions = |lifeguard: bool| {
        mean(10, |seed| {
            let row = play("overloaded").seed(seed).switch("lifeguard", lifeguard);
            row.ended().read("false_suspicions")
        })
    };
    let (without, with) = (suspicions(false), suspicions(true));
    assert!(
        with < 0.6 * without,
        "{with} with Lifeguard, {without} without"
    );
}

/// The count of wrong entries, kept up to date record by record, is what a look at all lists finds.
#[test]
fn the_count_of_wrong_entries_is_the_truth() {
    let row = play("crash")
        .param("nodes", 8)
        .does("1s partition n1,n2,n3|n4,n5,n6,n7,n8")
        .does("6s crash n7")
        .does("9s add")
        .does("11s heal")
        .does("12s remove n2")
        .does("14s recover n7")
        .does("15s add")
        .does("16s recover n3")
        .does("17s crash 30%")
        .does("22s recover all");
    for ms in (500..40_000).step_by(500) {
        let run = row.at(ms);
        let looked = truth::look(run.0.world());
        assert_eq!(run.read("wrong"), looked as f64, "{ms} ms");
    }
}

/// What a member stores grows with what is unusual, not with the group.
#[test]
fn a_calm_group_stores_nothing_of_its_members() {
    let run = play("a-thousand").at(3_000);
    for id in [1, 500, 1_000] {
        let node = run.node::<Swim>(id);
        assert_eq!((node.size, node.known.len()), (1_000, 0));
    }
}
