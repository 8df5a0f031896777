//! Activity 4, beside the elections of the other protocols.

use super::Row;

#[test]
fn a4() {
    let row = Row::of("election/kill-the-leader");
    assert_eq!(row.at(7_500).leaders(), [Some(5); 5]);
    let after = row.at(20_000);
    assert_eq!(after.leaders(), [Some(4); 4]);
    assert!(after.read("gap") > 0.0 && after.read("messages") > 0.0);
}

#[test]
fn a4_2() {
    let run = Row::of("election/crowned-four-times").ended();
    assert_eq!((run.read("messages"), run.read("claims")), (30.0, 4.0));
    let kinds = ["ELECTION", "OK", "LEADER"].map(|kind| run.sent(kind));
    assert_eq!(kinds, [7, 7, 16]);
}

#[test]
fn a4_3a() {
    let healed = Row::of("election/kill-the-leader").at(20_000);
    // Noticing takes as long as a leader is waited for, the election is what comes then.
    assert!(
        healed.read("gap") >= 3.0 && healed.read("gap") < 12.0,
        "{}",
        healed.read("gap")
    );
    let blind = Row::of("election/kill-the-leader")
        .switch("detect", false)
        .at(20_000);
    assert!(
        blind
            .leaders()
            .iter()
            .all(|leader| *leader == Some(5) || leader.is_none())
    );
}

#[test]
fn a4_3b() {
    // Of two announcements the older one is held back until the newer leader is known to all.
    let row = |terms: bool| {
        Row::of("election/kill-the-leader")
            .preset("over-a-network")
            .switch("terms", terms)
            .param("starter", "4")
            .does("0s delay n4->n1#1 5s")
            .does("2s request n5 \"Start\"")
    };
    let (without, with) = (row(false).at(7_900), row(true).at(7_900));
    assert_eq!(with.leaders()[0], Some(5), "{:?}", with.leaders());
    assert_eq!(without.leaders()[0], Some(4), "{:?}", without.leaders());
    assert!(with.read("leaders") >= 1.0);
}

#[test]
fn a4_3c() {
    let run = Row::of("election/says-yes-and-dies").ended();
    assert_eq!(run.leaders(), [None; 4]);
    assert_eq!((run.reads("gap"), run.read("leaders")), (None, 0.0));
    let waiting = Row::of("election/says-yes-and-dies").switch("wait", true);
    // Twice the timeout of a second, then as long as one election.
    assert_eq!(waiting.at(1_999).leaders(), [None; 4]);
    assert_eq!(waiting.ended().leaders(), [Some(4); 4]);
    assert_eq!(
        (
            waiting.at(1_999).read("elections"),
            waiting.at(2_001).read("elections")
        ),
        (1.0, 2.0)
    );
}

#[test]
fn a4_4a() {
    let row = Row::of("election/kill-the-leader");
    let [first, second, third] = [7_500, 20_000, 39_000].map(|ms| row.at(ms));
    assert_eq!(first.leaders(), [Some(5); 5]);
    assert_eq!(second.leaders(), [Some(4); 4]);
    assert_eq!(third.leaders(), [Some(5); 5], "it takes over again");
    assert_eq!(third.read("claims"), 3.0);
    assert!(third.read("messages") > second.read("messages"));
}

#[test]
fn a4_4b() {
    let run = Row::of("election/all-start").ended();
    assert_eq!((run.read("messages"), run.read("claims")), (116.0, 16.0));
}

#[test]
fn a4_4c() {
    let two = Row::of("election/two-crowns").ended();
    assert_eq!(two.read("leaders"), 2.0);
    let raft = Row::of("raft/leader-cut-off").ended();
    // Two believe it for a moment, in different terms; one of them can commit.
    assert_eq!(raft.read("lost"), 0.0);
    let one = Row::of("election/one-crown").ended();
    assert_eq!(one.read("leaders"), 1.0);
}

#[test]
fn a4_q1() {
    let steady = Row::of("election/kill-the-leader").ended();
    let mut row = Row::of("election/kill-the-leader");
    for second in [26, 30, 34] {
        row = row
            .does(&format!("{second}s crash n5"))
            .does(&format!("{}s recover n5", second + 2));
    }
    let flaps = row.ended();
    assert!(
        flaps.read("claims") >= steady.read("claims"),
        "the worst node is crowned again and again"
    );
    assert!(flaps.read("gap") >= 0.0);
}

#[test]
fn a4_q2() {
    for (nodes, written, guarded, ring, all) in [
        ("5", 62.0, 24.0, 14.0, 20.0),
        ("7", 318.0, 48.0, 20.0, 35.0),
    ] {
        let bully = Row::of("bully/one-election").param("nodes", nodes);
        assert_eq!(bully.ended().read("messages"), written);
        assert_eq!(bully.preset("guarded").ended().read("messages"), guarded);
        let one = Row::of("ring-election/one-round").param("nodes", nodes);
        assert_eq!(one.at(30_000).read("messages"), ring);
        let order: Vec<String> = (1..=nodes.parse::<u32>().unwrap())
            .rev()
            .map(|id| id.to_string())
            .collect();
        let order = order.join(",");
        let worst = Row::of("ring-election/all-start").param("nodes", nodes);
        let worst = worst.param("starter", &order).param("order", &order);
        assert_eq!(worst.at(30_000).read("messages"), all);
    }
}

#[test]
fn a4_q3() {
    let row = || Row::of("election/two-histories");
    let split = row().at(25_000);
    assert_eq!(split.read("leaders"), 2.0);
    assert_eq!((split.read("histories"), split.read("lost")), (2.0, 1.0));
    let healed = row().ended();
    assert_eq!(healed.leaders(), [Some(5); 5]);
    assert_eq!(
        (healed.read("histories"), healed.read("lost")),
        (1.0, 1.0),
        "for good"
    );
    assert_eq!(healed.read("ok"), 100.0, "and both were confirmed");
    let held = |run: &super::Played| {
        let texts = run.state(2)["writes"]["held"].clone();
        texts
            .as_array()
            .unwrap()
            .iter()
            .map(|w| w["text"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        (held(&split), held(&healed)),
        (vec!["blue".to_owned()], vec!["red".to_owned()])
    );
    let majority = row().switch("majority", true).ended();
    assert_eq!((majority.read("lost"), majority.read("ok")), (0.0, 50.0));
}

#[test]
fn a4_q4() {
    let row = || Row::of("bully/one-election");
    assert_eq!(row().ended().read("messages"), 62.0);
    assert_eq!(row().switch("guard", true).ended().read("messages"), 24.0);
    assert_eq!(
        Row::of("election/fewest-messages").ended().read("messages"),
        6.0
    );
}

/// The same crash under three ways to choose a leader. Only one of them needs a majority; only one
/// of them does not wait for a lease.
#[test]
fn a4_q5() {
    // How long there is no leader after it and some others crash at 5 s, in seconds.
    let gap = |scenario: &str, others: usize| {
        let mut row = Row::of(scenario);
        let leader = row
            .at(4_900)
            .leaders()
            .into_iter()
            .flatten()
            .next()
            .unwrap();
        let before = row.at(4_900).reads("gap").unwrap_or(0.0);
        let rest = (2..=5).filter(|id| *id != leader).take(others);
        for id in [leader].into_iter().chain(rest) {
            row = row.does(&format!("5s crash n{id}"));
        }
        row.at(14_000).read("gap") - before
    };
    let raft = gap("raft/etcd", 0);
    let lock = gap("lease/holder-crashes", 0);
    let controller = gap("lease/controller-crashes", 0);
    assert!(raft < 1.5, "{raft}");
    assert!(lock > 2.0 && controller > 2.0, "{lock} {controller}");
    assert!(lock < 6.0 && controller < 6.0, "{lock} {controller}");
    // Three are down: Raft has no majority any more; one node and the service are enough.
    assert!(gap("raft/etcd", 2) > 8.0);
    assert!(gap("lease/holder-crashes", 2) < 6.0);
    assert!(gap("lease/controller-crashes", 2) < 6.0);
}
