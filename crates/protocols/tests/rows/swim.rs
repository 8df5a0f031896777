//! Detection by indirect probes and gossip.

use super::Row;

#[test]
fn t3() {
    // A crash is found by one and known by all, long before everybody has looked for itself.
    let crash = Row::of("swim/crash").ended();
    let (detected, all) = (crash.read("detected_at"), crash.read("complete"));
    assert!((3.0..9.0).contains(&detected), "{detected} s");
    assert!(detected <= all && all < 13.0, "{all} s");
    // Indirect probes go round a cut link: no false alarm.
    let row = Row::of("swim/one-link-cut");
    assert_eq!(row.ended().read("false_suspicions"), 0.0);
    assert!(
        row.switch("indirect", false)
            .ended()
            .read("false_suspicions")
            > 0.0
    );
    // Messages per node do not grow with the number of nodes.
    let load = |nodes: u32| {
        let run = Row::of("swim/a-thousand").param("nodes", nodes).at(5_000);
        run.read("messages_per_node")
    };
    let (few, many) = (load(5), load(1_000));
    assert!(
        (few - many).abs() < 0.1,
        "{few} with 5 nodes, {many} with 1,000"
    );
}
