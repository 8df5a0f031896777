//! The activity's facts: counts, leaders, splits, and the effect of each switch.

use faultline_sim::descriptor::Recipe;
use faultline_sim::frame::Light;
use faultline_sim::judge::Kept;
use faultline_sim::testing::Play;
use faultline_sim::time::Time;
use faultline_sim::timeline::Timeline;

use crate::CATALOGUE;

fn play(
    preset: &str,
    scenario: &str,
    params: &[(&str, &str)],
    commands: &[&str],
    ms: u64,
) -> Timeline {
    let mut recipe = Recipe::new(&format!("election/{scenario}"), 1);
    recipe.preset = Some(preset.into());
    for (name, value) in params {
        recipe
            .params
            .insert((*name).to_owned(), (*value).to_owned());
    }
    recipe.commands = commands.iter().map(|c| (*c).to_owned()).collect();
    let mut run = Timeline::new(CATALOGUE.setup(&recipe).unwrap()).unwrap();
    assert!(run.run_until(Time(ms * 1_000), u64::MAX));
    run
}

fn leaders(run: &Timeline) -> Vec<Option<u32>> {
    let world = run.world();
    let live = world.live();
    live.map(|id| world.believed_leader(id).map(|leader| leader.0))
        .collect()
}

fn broken(run: &Timeline) -> Vec<&'static str> {
    let verdicts = run.world().verdicts(true).into_iter();
    let broken = verdicts.filter(|verdict| matches!(verdict.light, Light::Broken { .. }));
    broken.map(|verdict| verdict.name).collect()
}

fn probe(run: &Timeline, name: &str) -> f64 {
    let mut probes = run.world().probes();
    probes
        .find(|(spec, _)| spec.name == name)
        .unwrap()
        .1
        .unwrap()
}

/// ELECTION, OK and LEADER messages.
fn sent(run: &Timeline) -> [u64; 3] {
    let sent = run.world().sent();
    ["ELECTION", "OK", "LEADER"].map(|kind| sent.get(kind).copied().unwrap_or(0))
}

const DEMO: &str = "crowned-four-times";

/// S-BUL1 holds for this program too: 2^k elections with k nodes above the starter.
#[test]
fn elections_double_with_every_higher_node() {
    for nodes in 1..=9u32 {
        for starter in 1..=nodes {
            let k = nodes - starter;
            let (n, s) = (nodes.to_string(), starter.to_string());
            let run = play(
                "as-written",
                DEMO,
                &[("nodes", &n), ("starter", &s)],
                &[],
                5_000,
            );
            let claims = if k == 0 { 1 } else { 1u64 << (k - 1) };
            let asked = (1 << k) - 1;
            let what = format!("{nodes} nodes, starter {starter}");
            assert_eq!(
                sent(&run),
                [asked, asked, u64::from(nodes - 1) * claims],
                "{what}"
            );
            assert_eq!(probe(&run, "elections"), (1u64 << k) as f64, "{what}");
            assert_eq!(probe(&run, "claims"), claims as f64, "{what}");
            assert_eq!(leaders(&run), vec![Some(nodes); nodes as usize], "{what}");
        }
    }
}

/// Rows A4-2 and A4-4b, and the seven nodes that every class guesses.
#[test]
fn the_numbers_of_the_activity() {
    let from = |nodes, starter| {
        let params = [("nodes", nodes), ("starter", starter)];
        let run = play("as-written", DEMO, &params, &[], 5_000);
        (probe(&run, "messages"), probe(&run, "claims"))
    };
    assert_eq!(from("5", "1"), (62.0, 8.0));
    assert_eq!(from("5", "2"), (30.0, 4.0));
    assert_eq!(from("5", "5"), (4.0, 1.0));
    assert_eq!(
        (from("7", "1"), from("7", "2")),
        ((318.0, 32.0), (158.0, 16.0))
    );
    let all = play("as-written", "all-start", &[], &[], 5_000);
    assert_eq!((sent(&all), probe(&all, "claims")), ([26, 26, 64], 16.0));
}

/// As the program's timers have it: node 2 asks at once, the others a tenth of a second after they
/// were asked, and all is over at 300 ms.
#[test]
fn each_call_brings_an_election_a_tenth_of_a_second_later() {
    let at = |ms| probe(&play("as-written", DEMO, &[], &[], ms), "elections");
    assert_eq!(
        [at(0), at(99), at(100), at(200), at(299), at(300)],
        [1.0, 1.0, 4.0, 7.0, 7.0, 8.0]
    );
    let run = play("as-written", DEMO, &[], &[], 5_000);
    assert_eq!(probe(&run, "elections"), 8.0, "and none later");
}

/// Row A4-Q4: 62, 24, 6.
#[test]
fn a_guard_and_asking_the_highest_first_save_messages() {
    for (nodes, guarded) in [("5", [10, 10, 4]), ("7", [21, 21, 6])] {
        let params = [("nodes", nodes), ("starter", "1")];
        let run = play("guarded", DEMO, &params, &[], 5_000);
        assert_eq!(sent(&run), guarded);
    }
    let on = ["0s switch guard=on", "0s switch ask-highest-first=on"];
    let run = play("as-written", DEMO, &[("starter", "1")], &on, 5_000);
    assert_eq!((sent(&run), leaders(&run)), ([1, 1, 4], vec![Some(5); 5]));
    let dead = [("starter", "1"), ("crashed", "5")];
    let run = play("as-written", DEMO, &dead, &on, 5_000);
    assert_eq!(leaders(&run), [Some(4); 4], "the next one is asked");
}

/// S-BUL4: a split leaves two leaders forever; only a majority prevents it.
#[test]
fn a_split_crowns_two_leaders_and_only_a_majority_prevents_it() {
    let two = [Some(2), Some(2), Some(5), Some(5), Some(5)];
    let run = play("as-written", "two-crowns", &[], &[], 1_900);
    assert_eq!(leaders(&run), two);
    assert_eq!(
        (broken(&run), probe(&run, "leaders")),
        (vec!["agreement", "one-crown"], 2.0)
    );
    let healed = play("as-written", "two-crowns", &[], &[], 60_000);
    assert_eq!(
        leaders(&healed),
        two,
        "the partition has healed, and nothing changes"
    );
    for switch in [
        "guard",
        "wait",
        "terms",
        "refuse-lower",
        "ask-highest-first",
    ] {
        let on = format!("0s switch {switch}=on");
        let run = play("as-written", "two-crowns", &[], &[&on], 1_900);
        assert_eq!(leaders(&run), two, "{switch} does not help");
    }
    let run = play(
        "as-written",
        "two-crowns",
        &[],
        &["0s switch majority=on"],
        1_900,
    );
    assert_eq!(leaders(&run), [None, None, Some(5), Some(5), Some(5)]);
    assert_eq!(probe(&run, "leaders"), 1.0);
    // Row A4-4c and A4-Q3, done right: one leader during the split, one for all after it heals.
    let split = play("correct", "one-crown", &[], &[], 23_000);
    assert_eq!(leaders(&split)[2..], [Some(5); 3]);
    assert!(leaders(&split)[..2].iter().all(|leader| *leader != Some(2)));
    let healed = play("correct", "one-crown", &[], &[], 45_000);
    assert_eq!(
        (leaders(&healed), broken(&healed)),
        (vec![Some(5); 5], vec![])
    );
}

/// A yes is a promise. Rows A4-3a and A4-3c.
#[test]
fn a_promise_that_is_not_kept_leaves_nobody_in_charge() {
    let scenario = "says-yes-and-dies";
    let run = play("as-written", scenario, &[], &[], 60_000);
    assert_eq!(
        (leaders(&run), broken(&run)),
        (vec![None; 4], vec!["agreement"])
    );
    let run = play("as-written", scenario, &[], &["0s switch wait=on"], 10_000);
    assert_eq!(leaders(&run), [Some(4); 4]);
    let run = play("correct", scenario, &[], &[], 30_000);
    assert_eq!((leaders(&run), broken(&run)), (vec![Some(4); 4], vec![]));
    // A node that is down is known to be down at once: there is nothing to wait for.
    let dead = [("starter", "4"), ("crashed", "5")];
    let run = play("as-written", DEMO, &dead, &[], 0);
    assert_eq!(leaders(&run), [Some(4); 4]);
}

/// The same lines with messages for calls: no line waits.
#[test]
fn over_a_network_every_starter_leads() {
    let run = play("over-a-network", "nobody-waits", &[], &[], 100);
    assert_eq!(leaders(&run)[0], Some(1));
    let run = play("over-a-network", "nobody-waits", &[], &[], 10_000);
    assert!(broken(&run).contains(&"no-lower-leader") && broken(&run).contains(&"one-crown"));
    assert!(probe(&run, "leaders") > 1.0);
}

/// Row A4-4a: the leader crashes, and the highest leads again after its restart.
#[test]
fn the_highest_takes_its_office_back() {
    let run = play("correct", "kill-the-leader", &[], &[], 23_000);
    assert_eq!(leaders(&run), [Some(4); 4]);
    let run = play("correct", "kill-the-leader", &[], &[], 40_000);
    assert_eq!((leaders(&run), broken(&run)), (vec![Some(5); 5], vec![]));
    let noticed = ["1s crash n5", r#"2s request n3 "Notice""#];
    let run = play("as-written", DEMO, &[], &noticed, 5_000);
    assert_eq!(leaders(&run), [Some(4); 4]);
}

/// Losing patience is not a claim: it voids neither a promise of support nor the announcement that
/// follows from it.
#[test]
fn a_leader_is_followed_even_if_patience_ran_out_in_between() {
    use super::{Election, Message, PROTOCOL, Timer};
    use faultline_sim::process::NodeId;
    use faultline_sim::settings::Settings;
    use faultline_sim::testing::Solo;

    let settings = Settings::new(PROTOCOL.params, PROTOCOL.switches);
    let mut node = Solo::<Election>::new(3, 5, settings);
    for switch in [
        "guard",
        "wait",
        "detect",
        "terms",
        "refuse-lower",
        "majority",
    ] {
        node.set_switch(switch, true);
    }
    let answer = node.deliver(5, Message::Claim { term: 7 });
    assert!(matches!(
        answer[..],
        [(NodeId(5), Message::Support { term: 7, .. })]
    ));
    // It has waited for a leader long enough, and asks the higher ones.
    let asked = node.fire(Timer::Suspect);
    assert_eq!(asked.len(), 2);
    // An election is under way: a missing leader is no reason for another one.
    assert!(node.fire(Timer::Suspect).is_empty());
    node.deliver(5, Message::Leader { term: 7 });
    assert_eq!(
        (node.node.leader, node.node.waiting),
        (Some(NodeId(5)), false)
    );
}

/// Any node's Suspect timer may fire at any time: the first election ends with all following node 5.
#[test]
fn patience_that_runs_out_early_delays_no_election() {
    for node in 1..=5 {
        for ms in (100..6_000).step_by(300) {
            let fire = format!("{ms}ms fire n{node} Suspect");
            let run = play("correct", DEMO, &[], &[&fire], 10_000);
            assert_eq!(
                (leaders(&run), broken(&run)),
                (vec![Some(5); 5], vec![]),
                "{fire}"
            );
        }
    }
}

/// Row A4-Q3 as clients see it: a read after the split does not hold what was confirmed during it.
#[test]
fn a_read_after_the_split_shows_the_lost_write() {
    let kept = |majority: bool| {
        let play = Play::of(CATALOGUE, "election/two-histories").switch("majority", majority);
        let play = play.does(r#"35s request n5 "Read""#);
        play.does(r#"36s request n4 "Read""#).ended().linearizable()
    };
    assert_eq!(kept(true), Kept::Holds);
    let Kept::Broken(why) = kept(false) else {
        panic!("a confirmed write is lost")
    };
    assert!(why.reason.contains("n5 read {red}"), "{}", why.reason);
    assert!(why.reason.contains("n2 added blue"), "{}", why.reason);
}
