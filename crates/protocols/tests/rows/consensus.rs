//! Agreement on one value.

use super::Row;

#[test]
fn c1() {
    // One proposer: four messages for each of three acceptors, one ballot.
    let alone = Row::of("paxos/one-proposer").at(7_900);
    assert_eq!((alone.read("messages"), alone.read("rounds")), (12.0, 1.0));
    assert_eq!(alone.read("values-chosen"), 1.0);
    // Two that disturb each other: more and more ballots, and no value.
    let duel = Row::of("paxos/duel");
    let rounds = [5_000, 10_000, 20_000].map(|at| duel.at(at).read("rounds"));
    assert!(rounds[0] >= 3.0 && rounds[1] > rounds[0] && rounds[2] > rounds[1]);
    let run = duel.ended();
    assert_eq!(run.read("values-chosen"), 0.0);
    assert!(run.read("messages") > 60.0 && run.read("refusals") > 20.0);
    // A random wait ends it, and so does a single proposer that all leave it to.
    for preset in ["correct", "distinguished"] {
        let ended = duel.preset(preset).at(60_000);
        assert_eq!(ended.read("values-chosen"), 1.0, "{preset}");
        assert!(ended.read("rounds") < run.read("rounds"), "{preset}");
    }
    let waits = Row::of("paxos/backoff").ended();
    assert_eq!(waits.read("values-chosen"), 1.0);
    assert!(waits.read("messages") < run.read("messages"));
}

/// The same cut and the same writes: two values without anybody who decides, one with Raft.
#[test]
fn o2() {
    let told = Row::of("no-consensus/same-cut").ended();
    assert!(told.read("div") >= 2.0);
    let raft = Row::of("raft/write-and-heal").ended();
    assert_eq!(raft.broken("state-machine-safety"), None);
    assert_eq!(raft.read("states"), 1.0);
    // Nothing has to break for that: two writes at once are enough.
    assert_eq!(Row::of("no-consensus/at-once").ended().read("div"), 2.0);
    // One that decides ends with one value, and answers nobody while it is down.
    let decides = Row::of("no-consensus/one-decides");
    assert_eq!(decides.ended().read("div"), 1.0);
    assert!(decides.at(1_050).read("ok") < 100.0);
}

/// A majority that votes, and a lease that runs out: the second waits longer.
#[test]
fn w4() {
    let voted = Row::of("raft/etcd").ended().read("gap");
    let leased = Row::of("lease/controller-crashes").ended().read("gap");
    assert!(voted > 0.1 && leased > voted, "{voted}, {leased}");
}
