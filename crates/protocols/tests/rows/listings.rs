//! The listings: bully, vector clocks, consistent hashing.

use faultline_sim::stamps::{Order, Vector, compare};
use serde_json::json;

use super::{Play, Played, Row};

fn bully() -> Play {
    Row::of("bully/one-election")
}

#[test]
fn l1() {
    let run = Row::of("bully/one-election").ended();
    assert_eq!((run.read("messages"), run.read("claims")), (62.0, 8.0));
    assert_eq!(bully().param("nodes", "7").ended().read("messages"), 318.0);
}

#[test]
fn l1a() {
    for (starter, messages) in [("1", 62.0), ("2", 30.0), ("5", 4.0)] {
        let run = Row::of("bully/one-election")
            .param("starter", starter)
            .ended();
        assert_eq!(run.read("messages"), messages, "from {starter}");
    }
}

#[test]
fn l1b() {
    let row = Row::of("bully/one-election").param("crashed", "2,3,4,5");
    assert_eq!(row.at(999).leaders(), [None]);
    assert_eq!(row.at(1_001).leaders(), [Some(1)]);
    assert_eq!(
        (row.at(999).read("claims"), row.at(1_001).read("claims")),
        (0.0, 1.0)
    );
}

#[test]
fn l1c() {
    let run = Row::of("bully/one-election").ended();
    assert_eq!((run.sent("ELECTION"), run.sent("OK")), (15, 15));
    assert_eq!((run.read("elections"), run.read("messages")), (16.0, 62.0));
}

#[test]
fn l1d() {
    let run = Row::of("bully/dies-after-ok").ended();
    assert_eq!(run.leaders(), [None; 4]);
    assert_eq!(
        (run.reads("gap"), run.read("leaders")),
        (None, 0.0),
        "for ever"
    );
    let mended = Row::of("bully/dies-after-ok").switch("wait", true).ended();
    assert_eq!(mended.leaders(), [Some(4); 4]);
    assert_eq!(
        (mended.reads("gap"), mended.read("leaders")),
        (Some(0.0), 1.0)
    );
}

#[test]
fn l1e() {
    for nodes in [3u32, 5, 7] {
        let run = Row::of("bully/one-election").param("nodes", nodes).ended();
        let claims = run.read("claims") as u64;
        assert_eq!(run.sent("LEADER"), claims * u64::from(nodes - 1));
        assert!(run.read("messages") as u64 > run.sent("LEADER"));
    }
}

#[test]
fn l1f() {
    let row = Row::of("bully/one-election")
        .does("2s crash n5")
        .does("3s request n3 \"Notice\"");
    assert_eq!(row.at(2_900).leaders(), [Some(5); 4]);
    let after = row.ended();
    assert_eq!(after.leaders(), [Some(4); 4]);
    assert!(after.read("gap") >= 1.0 && after.read("messages") > 62.0);
}

fn clocks(run: &Played) -> Vec<serde_json::Value> {
    (1..=3).map(|id| run.state(id)["clock"].clone()).collect()
}

#[test]
fn l2() {
    let run = Row::of("vector/demo").ended();
    assert_eq!(
        clocks(&run),
        [json!([2, 0, 2]), json!([1, 2, 0]), json!([0, 0, 2])]
    );
    assert_eq!(run.read("events"), 6.0);
}

#[test]
fn l2a() {
    let row = Row::of("vector/demo");
    let before = row.ended().read("events");
    let after = Row::of("vector/demo")
        .does("20s request n2 \"local\"")
        .at(21_000);
    assert_eq!(
        after.state(2)["clock"],
        json!([1, 3, 0]),
        "its own number only"
    );
    assert_eq!(after.read("events"), before + 1.0);
}

#[test]
fn l2b() {
    // B has nothing and hears of A's first event: the larger of both, and one for itself.
    let run = Row::of("vector/demo").ended();
    assert_eq!(run.read("events"), 6.0);
    let first = Row::of("vector/demo");
    let seen = (0..40).map(|i| first.at(i * 500).state(2)["clock"].clone());
    assert!(seen.into_iter().any(|clock| clock == json!([1, 1, 0])));
}

#[test]
fn l2c() {
    let run = Row::of("vector/demo").ended();
    let vectors = clocks(&run).into_iter().map(|clock| {
        let parts: Vec<u64> = serde_json::from_value(clock).unwrap();
        (1u32..)
            .zip(parts)
            .filter(|(_, part)| *part > 0)
            .collect::<Vector>()
    });
    let vectors: Vec<Vector> = vectors.collect();
    let (a, b, c) = (&vectors[0], &vectors[1], &vectors[2]);
    assert_eq!(compare(a, b), Order::Concurrent);
    assert_eq!(compare(a, c), Order::After);
    assert_eq!(compare(b, c), Order::Concurrent);
    assert_eq!(run.read("conc"), 8.0);
}

#[test]
fn l2d() {
    let wrong = Row::of("vector/forgot-to-copy").ended();
    let right = Row::of("vector/forgot-to-copy")
        .switch("copy", true)
        .ended();
    assert_ne!(
        clocks(&wrong),
        clocks(&right),
        "the sender's later events change what was sent"
    );
    assert!(wrong.reads("conc").is_some());
}

fn loads(run: &Played, ids: &[u32]) -> Vec<u64> {
    let of = |id: &u32| run.state(*id)["keys"].as_u64().unwrap();
    ids.iter().map(of).collect()
}

#[test]
fn l3() {
    let row = Row::of("hash-ring/add-and-remove");
    let [before, added, removed] = [2_000, 5_000, 9_000].map(|ms| row.at(ms));
    assert_eq!(loads(&before, &[1, 2, 3]), [10, 15, 75]);
    assert_eq!(loads(&added, &[1, 2, 3, 4]), [10, 15, 25, 50]);
    assert_eq!(loads(&removed, &[1, 3, 4]), [25, 25, 50]);
    assert_eq!((added.read("moved"), removed.read("moved")), (50.0, 15.0));
    assert_eq!(before.read("busiest"), 75.0);
}

#[test]
fn l3a() {
    let with = |points: &str| {
        Row::of("hash-ring/not-round")
            .param("virtual_nodes", points)
            .at(1_500)
    };
    // The listing's hash makes points meet: 384 of 450 are left, and after node4 came and node2 went,
    // taking shared ones along, 367.
    assert_eq!(with("150").read("points"), 384.0);
    let demo = Row::of("hash-ring/add-and-remove").param("virtual_nodes", "150");
    assert_eq!(demo.ended().read("points"), 367.0);
    assert_eq!(with("3").read("points"), 9.0);
    let mixed = |points: &str| {
        let row = Row::of("hash-ring/not-round").param("virtual_nodes", points);
        row.param("hash", "mixed").at(1_500)
    };
    assert!(
        mixed("150").read("cv") < mixed("1").read("cv"),
        "points help a hash that mixes"
    );
    // The listing's own does not, whatever their number.
    let busiest = ["10", "50", "150"].map(|points| with(points).read("busiest"));
    assert_eq!(busiest, [80.0, 50.0, 50.0]);
    assert!(with("150").read("cv") > 2.0 * mixed("150").read("cv"));
}

#[test]
fn l3b() {
    for (gone, keys) in [(1, 10.0), (2, 15.0), (3, 75.0)] {
        let row = Row::of("hash-ring/not-round").does(&format!("1s remove n{gone}"));
        assert_eq!(
            row.at(3_000).read("moved"),
            keys,
            "its own keys and no other"
        );
    }
}

#[test]
fn l3c() {
    let run = Row::of("hash-ring/search").at(8_000);
    assert_eq!(
        run.read("comparisons"),
        0.0,
        "beyond the last point nothing is compared"
    );
    // The first point after 0 owns it.
    let shown = Row::of("hash-ring/search")
        .param("show_keys", "1")
        .at(8_000);
    assert_eq!(shown.state(2)["owners"]["key42"], "node1");
}

#[test]
fn l3d() {
    let row = Row::of("hash-ring/mixed");
    let [written, mixed, many, four] = [2_000, 5_000, 8_500, 11_500].map(|ms| row.at(ms));
    assert_eq!(loads(&written, &[1, 2, 3]), [10, 15, 75]);
    assert_eq!(loads(&mixed, &[1, 2, 3]), [68, 16, 16]);
    assert_eq!(loads(&many, &[1, 2, 3]), [34, 25, 41]);
    assert_eq!(four.read("moved"), 25.0);
    assert!(many.read("max-mean") < 1.3 && mixed.read("max-mean") > 2.0);
}

#[test]
fn l3e() {
    let mut row = Row::of("hash-ring/not-round");
    for key in ["apple", "banana", "cherry"] {
        row = row.does(&format!(
            "1s request n1 {{\"put\":{{\"key\":\"{key}\",\"value\":\"1\"}}}}"
        ));
    }
    let run = row.at(3_000);
    assert_eq!(loads(&run, &[1, 2, 3]).iter().sum::<u64>(), 103);
    assert!(run.read("busiest") >= 75.0);
}

#[test]
fn l3f() {
    let (mod_n, ring) = (
        Row::of("hash-ring/mod-n").ended(),
        Row::of("hash-ring/mixed").ended(),
    );
    assert_eq!((mod_n.read("moved"), ring.read("moved")), (72.0, 25.0));
    assert_eq!(ring.read("moved-mod-n"), 72.0, "measured on the same keys");
}
