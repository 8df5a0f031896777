//! Transactions that wait for each other.

use super::Row;

#[test]
fn x4() {
    // Who is in the circle? T1, T2 and T3. T4 waits for one of them, and its probe never comes home.
    let circle = Row::of("deadlock/three-in-a-circle");
    assert_eq!(circle.at(3_400).read("circle"), 3.0);
    let run = circle.ended();
    assert_eq!((run.read("deadlocks"), run.read("phantom")), (1.0, 0.0));
    assert!(run.read("probes") >= 3.0, "once round three nodes");
    let detection = run.read("detection");
    assert!((1.0..4.0).contains(&detection), "{detection} s");
    // Two finders of one deadlock: the second one is none.
    let both = Row::of("deadlock/two-give-up").at(5_200);
    assert_eq!((both.read("deadlocks"), both.read("phantom")), (2.0, 1.0));
    // A wait that has ended makes one that was never there.
    let old = Row::of("deadlock/old-news");
    assert!(old.ended().read("phantom") >= 1.0);
    let looks = old.switch("still-waits", true).ended();
    assert_eq!((looks.read("phantom"), looks.read("deadlocks")), (0.0, 0.0));
}

#[test]
fn x_t3() {
    let row = Row::of("deadlock/hot-row");
    let at = |clients: u32| row.param("clients", clients).ended();
    let (few, many, most) = (at(1), at(10), at(20));
    let ceiling = many.read("throughput");
    assert!(ceiling > 2.0 * few.read("throughput"));
    assert!(
        most.read("throughput") < 1.15 * ceiling,
        "no more with twice the clients"
    );
    assert!(most.read("waiting") > many.read("waiting"));
}
