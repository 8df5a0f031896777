//! What is published of deadlocks: which probes are sent along a graph of waits, and who declares.

use super::{marks, probe, sent, with_input};

/// Probes sent and deadlocks declared in a graph of waits that is drawn by hand, with a search by process 1:
/// who waits for whom, and the nodes of processes 1, 2, …
fn search(waits: &[(usize, usize)], nodes: &[u32]) -> (f64, f64) {
    let request = |at: &str, node: u32, request: &str| format!("{at} request n{node} {request}");
    let mut commands = vec!["0s latency constant 10ms".to_owned()];
    for (process, on) in waits {
        let (node, at) = (nodes[process - 1], nodes[on - 1]);
        let wait = format!(r#"{{"wait":{{"process":{process},"on":{on},"at":{at}}}}}"#);
        commands.push(request("0s", node, &wait));
    }
    commands.push(request("10ms", nodes[0], r#"{"detect":{"process":1}}"#));
    let most = nodes.iter().max().copied().unwrap_or(1);
    let param = format!("nodes={most}");
    // The scenario's own transactions begin later.
    let scenario = ["run", "deadlock/two-rows", "--until", "900ms", "--json"];
    let mut words: Vec<&str> = scenario.into_iter().chain(["--param", &param]).collect();
    for command in &commands {
        words.extend(["--command", command]);
    }
    let report = with_input(&words, "").json();
    let reads = |name: &str| report["probes"][name].as_f64().expect("a number");
    (reads("probes"), reads("deadlocks"))
}

/// D-CMH: the figure of ten processes, with and without the wait that closes the circle.
#[test]
fn probes_of_the_figure_find_its_circle() {
    let figure = "run deadlock/ten-processes";
    assert_eq!(sent(figure, &["Probe"]), [4]);
    let declared = marks(figure, "declares");
    assert_eq!(declared.len(), 1);
    let (node, says) = &declared[0];
    assert!(node == "n1" && says.contains("P1"), "{says}");
    let open = [
        (1, 2),
        (2, 3),
        (3, 4),
        (4, 5),
        (5, 6),
        (5, 7),
        (6, 8),
        (7, 10),
        (8, 9),
    ];
    let nodes = [1, 1, 1, 2, 2, 2, 2, 3, 3, 3];
    assert_eq!(search(&open, &nodes), (3.0, 0.0));
    let closed: Vec<(usize, usize)> = open.into_iter().chain([(9, 1)]).collect();
    assert_eq!(search(&closed, &nodes), (4.0, 1.0));
    let two_sites = [(1, 2), (2, 3), (3, 4), (4, 1)];
    assert_eq!(search(&two_sites, &[1, 1, 2, 2]), (2.0, 1.0));
}

/// D-CMH2: a circle of n processes, one at each node.
#[test]
fn a_circle_of_n_takes_n_probes() {
    for n in [2_usize, 3, 7] {
        let waits: Vec<(usize, usize)> = (1..=n).map(|i| (i, i % n + 1)).collect();
        let nodes: Vec<u32> = (1..=n as u32).collect();
        assert_eq!(search(&waits, &nodes), (n as f64, 1.0));
    }
}

/// D-CMH3: one that only waits for a circle does not declare it; started in the circle, it is declared.
#[test]
fn one_beside_a_circle_does_not_declare_it() {
    assert_eq!(search(&[(1, 2), (2, 3), (3, 2)], &[1, 2, 3]), (3.0, 0.0));
    let run = "run deadlock/beside-a-circle";
    let declared = marks(run, "declares");
    assert_eq!(declared.len(), 1);
    assert!(declared[0].1.contains("P2"), "{declared:?}");
    let first = format!("{run} --until 4900ms");
    let reads = |name: &str| probe(&first, name);
    assert_eq!((reads("probes"), reads("deadlocks")), (3.0, 0.0));
}
