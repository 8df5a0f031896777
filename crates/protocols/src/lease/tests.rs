//! Leases: which node leads when, and the effect of numbers on orders.

use faultline_sim::descriptor::Recipe;
use faultline_sim::frame::Light;
use faultline_sim::judge::Call;
use faultline_sim::process::NodeId;
use faultline_sim::testing::Play;
use faultline_sim::time::Time;
use faultline_sim::timeline::Timeline;

use super::Lease;
use crate::CATALOGUE;

fn play(recipe: &Recipe, ms: u64) -> Timeline {
    let mut run = Timeline::new(CATALOGUE.setup(recipe).unwrap()).unwrap();
    assert!(run.run_until(Time(ms * 1_000), u64::MAX));
    run
}

fn of(scenario: &str) -> Recipe {
    Recipe::new(&format!("lease/{scenario}"), 1)
}

fn leaders(run: &Timeline) -> Vec<(u32, u64)> {
    let live = run.world().live();
    let leads = |id: NodeId| run.world().node::<Lease>(id).and_then(|node| node.leads);
    live.filter_map(|id| Some((id.0, leads(id)?))).collect()
}

fn broken(run: &Timeline) -> Vec<&'static str> {
    let verdicts = run.world().verdicts(false).into_iter();
    let broken = verdicts.filter(|verdict| matches!(verdict.light, Light::Broken { .. }));
    broken.map(|verdict| verdict.name).collect()
}

/// Gray and Cheriton: after a crash nothing happens until the lease is over.
#[test]
fn the_next_leader_comes_when_the_lease_is_over() {
    for scenario in ["holder-crashes", "controller-crashes"] {
        let recipe = of(scenario);
        let [(first, 1)] = leaders(&play(&recipe, 4_900))[..] else {
            panic!("one leader by the first lease")
        };
        assert_eq!(first, 2, "the script crashes it");
        let gap = (5_000..15_000)
            .step_by(100)
            .find(|ms| !leaders(&play(&recipe, *ms)).is_empty());
        let gap = gap.expect("another one comes");
        // It renews every second: two to three seconds of the lease are left, and then the next one
        // must hear of it, ask and be answered.
        assert!((7_000..10_500).contains(&gap), "{scenario}: {gap}");
        let [(next, 2)] = leaders(&play(&recipe, 14_000))[..] else {
            panic!("one leader by the second lease")
        };
        assert_ne!(next, first);
    }
}

/// A leader hears no answer for longer than its lease: it stops before the service gives a new one.
#[test]
fn a_leader_stops_before_the_next_begins() {
    let recipe = of("cut-off");
    for ms in (4_000..18_000).step_by(50) {
        let run = play(&recipe, ms);
        assert!(leaders(&run).len() <= 1, "{ms}: {:?}", leaders(&run));
        assert_eq!(broken(&run), [] as [&str; 0]);
    }
}

/// Burrows, §2.4: a sequencer keeps orders of an old lease from being obeyed.
#[test]
fn orders_of_an_old_lease_are_refused() {
    let mut recipe = of("pause-the-holder");
    let run = play(&recipe, 15_000);
    assert_eq!(broken(&run), ["fenced", "one-holder"]);
    // The new leader itself is not led astray.
    let [(leader, 2)] = leaders(&run)[..] else {
        panic!("one leader by the second lease: {:?}", leaders(&run))
    };
    assert_eq!(
        run.world().believed_leader(NodeId(leader)),
        Some(NodeId(leader))
    );
    recipe.switches.insert("fencing".into(), true);
    let run = play(&recipe, 15_000);
    assert_eq!(broken(&run), ["one-holder"], "it was still paused");
    assert_eq!(leaders(&run).len(), 1);
}

/// No node leads while the service is down. It remembers the holder: only that node may lead while its
/// lease may still run.
#[test]
fn without_the_service_nobody_leads() {
    let mut recipe = of("service-crashes");
    assert_eq!(leaders(&play(&recipe, 4_900)).len(), 1);
    for ms in (8_000..11_000).step_by(100) {
        assert_eq!(leaders(&play(&recipe, ms)), [], "{ms}");
    }
    assert_eq!(leaders(&play(&recipe, 20_000)), [(2, 1)]);
    recipe.commands = vec!["6s crash n2".into()];
    assert_eq!(
        leaders(&play(&recipe, 13_900)),
        [],
        "a lease from when the service is back"
    );
    let [(next, 2)] = leaders(&play(&recipe, 20_000))[..] else {
        panic!("another leader")
    };
    assert_ne!(next, 2);
}

/// A leader may go before its time; the rest of the lease still has to pass.
#[test]
fn the_lead_can_be_given_back() {
    let mut recipe = of("holder-crashes");
    recipe.commands = vec![
        "4s request n2 \"Release\"".into(),
        "4s request n3 \"Release\"".into(),
    ];
    let run = play(&recipe, 4_900);
    assert_eq!(leaders(&run), []);
    let operations = run
        .trace()
        .records()
        .filter_map(|record| match &record.event {
            faultline_sim::event::Event::Completed { outcome, .. } => Some(format!("{outcome:?}")),
            _ => None,
        });
    let told: Vec<String> = operations.collect();
    assert!(told.iter().any(|reply| reply.contains("Released")));
    assert!(
        told.iter().any(|reply| reply.contains("does not lead")),
        "{told:?}"
    );
}

/// A lock that does not remember is no lock.
#[test]
fn a_service_without_a_disk_lends_the_same_lease_twice() {
    let mut recipe = of("service-forgets");
    assert!(broken(&play(&recipe, 15_000)).contains(&"one-per-lease"));
    recipe.switches.insert("remember".into(), true);
    assert_eq!(broken(&play(&recipe, 15_000)), [] as [&str; 0]);
}

/// With fencing the leader notices by itself, and no order of its old lease is obeyed.
#[test]
fn a_paused_leader_finds_its_lease_expired() {
    let run = play(&of("fenced-pause"), 15_000);
    let found = run
        .trace()
        .records()
        .find(|record| record.marked(&super::marks::EXPIRED).is_some());
    assert_eq!(found.unwrap().node, Some(NodeId(2)));
    assert_eq!(broken(&run), ["one-holder"]);
    assert_eq!(leaders(&run).len(), 1);
}

/// Captions are the truth: the lock service knows who holds the lease.
#[test]
fn captions_tell_who_holds_the_lease() {
    let said = |scenario: &str, ms| play(&of(scenario), ms).frame().narration.unwrap();
    assert_eq!(
        said("holder-crashes", 4_900),
        "Node 2 leads as long as it renews its lease."
    );
    assert_eq!(
        said("holder-crashes", 5_100),
        "Node 2 is down. Its lease must expire before another node leads."
    );
    assert_eq!(
        said("cut-off", 5_500),
        "Node 2 cannot renew its lease: the lock service is out of reach."
    );
    assert!(said("pause-the-holder", 9_900).starts_with("Nodes 2 and "));
}

/// What the lock is for, from the requests of the nodes alone: a holder that crashes, is cut off or gives
/// up is none any more when the next one is told that it has the lock.
#[test]
fn the_lock_has_one_holder_unless_the_holder_is_paused() {
    let wrong = |scenario: &str, seed: u64, switches: &[(&str, bool)]| {
        let play = Play::of(CATALOGUE, &format!("lease/{scenario}")).seed(seed);
        let set = |play: Play, (name, on): &(&str, bool)| play.switch(name, *on);
        let run = switches.iter().fold(play, set).ended();
        let judge = run.0.world().judge().unwrap();
        let breaches = judge.breaches().iter();
        breaches
            .map(|breach| breach.reason.clone())
            .collect::<Vec<_>>()
    };
    for seed in 1..=16 {
        for scenario in [
            "holder-crashes",
            "controller-crashes",
            "service-crashes",
            "cut-off",
        ] {
            assert_eq!(wrong(scenario, seed, &[]), [] as [&str; 0], "{scenario}");
        }
    }
    // Under this seed node 2 leads.
    let [paused] = &wrong("fenced-pause", 1, &[])[..] else {
        panic!("one wrong answer")
    };
    assert_eq!(paused, "n3 got the lock while n2 held it.");
    // A leader that does not look at its clock does not notice that it cannot renew its lease.
    let unchecked = wrong("cut-off", 1, &[("fencing", false)]);
    assert!(!unchecked.is_empty(), "it goes on giving orders");
}

/// To renew is not to get the lock again; a request that nodes make on their own is none of people's.
#[test]
fn a_lease_is_got_once_and_given_up_once() {
    let play = Play::of(CATALOGUE, "lease/holder-crashes");
    let run = play.does("4s request n2 \"Release\"").at(4_900);
    let judge = run.0.world().judge().unwrap();
    let own = judge.history().iter().filter(|op| op.process == 2);
    let done = own.filter(|op| op.answer().is_some());
    let calls: Vec<Call> = done.map(|op| op.call.clone()).collect();
    assert_eq!(calls, [Call::Acquire, Call::Release]);
    assert!(serde_json::from_str::<super::Request>("\"Acquire\"").is_err());
}
