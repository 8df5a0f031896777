//! What papers and listings say of the algorithms, asked from the command line as anybody may: by
//! parameters, a scenario, and a probe or a node's state in `--json`.

mod breakers;
mod chains;
mod clock_sync;
mod consensus;
mod deadlocks;
mod detectors;
mod load;
mod museum;
mod scatter;
mod shard_range;
mod snapshots;
mod transactions;
mod truetime;
mod voters;

use serde_json::Value as Json;

use super::common::with_input;

/// The words of a line; quotation marks hold some together.
fn words(line: &str) -> Vec<&str> {
    let parts = line.split('"').enumerate();
    parts
        .flat_map(|(at, part)| match at % 2 {
            0 => part.split_whitespace().collect(),
            _ => vec![part],
        })
        .collect()
}

/// The report of a run, from its line without the program's name.
fn report(line: &str) -> Json {
    let words: Vec<&str> = words(line).into_iter().chain(["--json"]).collect();
    with_input(&words, "").json()
}

/// What nodes said of themselves: the node, the mark's name and the sentence, each time.
fn marks(line: &str, name: &str) -> Vec<(String, String)> {
    let line = format!("{line} --trace - --format marks");
    let out = with_input(&words(&line), "").out;
    let said = out.lines().filter_map(|line| {
        let mut parts = line.trim().split("  ");
        let (_, node, mark, says) = (parts.next(), parts.next()?, parts.next()?, parts.next()?);
        (mark == name).then(|| (node.to_owned(), says.to_owned()))
    });
    said.collect()
}

/// The values of a probe under seeds from 0 on.
fn values(line: &str, seeds: u32, probe: &str) -> Vec<f64> {
    let line = format!("sweep {line} --seeds 0..{seeds} --probe {probe} --jsonl");
    let out = with_input(&words(&line), "").out;
    let value = |line: &str| {
        let line: Json = serde_json::from_str(line).expect("JSON");
        line["value"].as_f64()
    };
    out.lines().filter_map(value).collect()
}

fn probe(line: &str, name: &str) -> f64 {
    let report = report(line);
    report["probes"][name]
        .as_f64()
        .unwrap_or_else(|| panic!("{line}: {name}"))
}

/// A field of every node's state.
fn states(line: &str, field: &str) -> Vec<Json> {
    let report = report(line);
    let nodes = report["nodes"].as_array().expect("nodes");
    nodes
        .iter()
        .map(|node| node["state"][field].clone())
        .collect()
}

/// How many messages of some kinds were sent.
fn sent(line: &str, kinds: &[&str]) -> Vec<u64> {
    let messages = report(line)["messages"].clone();
    let count = |kind: &&str| messages[*kind].as_u64().unwrap_or(0);
    kinds.iter().map(count).collect()
}

/// The mean of a probe over seeds from 0 on, and its least value.
fn sweep(line: &str, seeds: u32, probe: &str) -> (f64, f64) {
    let line = format!("sweep {line} --seeds 0..{seeds} --probe {probe}");
    let summary = report(&line);
    let of = |name: &str| summary[name].as_f64().expect("a number");
    (of("mean"), of("min"))
}

fn clocks(line: &str) -> String {
    let clocks = states(line, "clock");
    serde_json::to_string(&clocks).expect("JSON")
}

/// S-VC1, S-VC2, C-LAM, C-VEC: the listing's demonstration, the same with sending as an event, and the
/// textbook's figure.
#[test]
fn clocks_end_as_the_listing_and_the_textbook_say() {
    assert_eq!(clocks("run vector/demo"), "[[2,0,2],[1,2,0],[0,0,2]]");
    assert_eq!(
        clocks("run vector/demo --preset textbook"),
        "[[3,0,3],[2,2,0],[0,0,3]]"
    );
    assert_eq!(
        clocks("run vector/textbook-figure"),
        "[[2,0,0],[2,2,0],[2,2,2]]"
    );
    assert_eq!(clocks("run lamport/textbook-figure"), "[2,4,5]");
    // e is concurrent with a, b, c and d.
    assert_eq!(probe("run vector/textbook-figure", "conc"), 4.0);
}

fn shares(line: &str) -> String {
    states(line, "keys_per_node")[0].to_string()
}

/// S-RING1 to S-RING5: the shares of the listing's ring, before and after nodes come and go.
#[test]
fn the_ring_of_the_listing_is_not_round() {
    assert_eq!(
        shares("run hash-ring/not-round"),
        r#"{"node1":10,"node2":15,"node3":75}"#
    );
    let added = "run hash-ring/not-round --command \"1s add\"";
    assert_eq!(
        shares(added),
        r#"{"node1":10,"node2":15,"node3":25,"node4":50}"#
    );
    assert_eq!(probe(added, "moved"), 50.0);
    assert_eq!(
        shares("run hash-ring/add-and-remove"),
        r#"{"node1":25,"node3":25,"node4":50}"#
    );
    assert_eq!(probe("run hash-ring/add-and-remove", "moved"), 15.0);
    // More labels do not help: they lie side by side.
    for (labels, keys) in [(1, 973), (3, 975), (10, 980), (100, 871)] {
        let line = format!(
            "run hash-ring/not-round --param keys=1000 --param virtual_nodes={labels} --until 1s"
        );
        assert_eq!(probe(&line, "busiest"), f64::from(keys), "{labels} labels");
    }
    // Two nodes on the same points, one removed: nothing is left.
    let emptied = report("run hash-ring/shared-point");
    assert_eq!(emptied["probes"]["points"], 0);
    assert_eq!(emptied["nodes"][0]["state"]["members"][0], "node1");
}

/// B-MOVE, B-MODN, B-CV: about K/(n+1) keys move to a new node; by the remainder, n of n + 1 move; shares
/// vary by the square root of (n - 1)/(n v + 1).
#[test]
fn a_good_hash_moves_few_keys_and_evens_the_shares() {
    for nodes in [3_u32, 9] {
        let moved = |scheme: &str| {
            let line = format!(
                "run hash-ring/not-round --preset correct --param scheme={scheme} --until 9s \
                 --param keys=10000 --param nodes={nodes} --param virtual_nodes=200 \
                 --command \"1s add\""
            );
            probe(&line, "moved")
        };
        let fair = 10_000.0 / f64::from(nodes + 1);
        assert!((moved("ring") / fair - 1.0).abs() < 0.2, "{nodes} nodes");
        let most = 10_000.0 - fair;
        assert!((moved("mod-n") / most - 1.0).abs() < 0.02, "{nodes} nodes");
    }
    for (nodes, points, cv) in [(3, 1, 0.707), (3, 10, 0.254), (10, 100, 0.0948)] {
        let line = format!(
            "hash-ring/not-round --preset correct --param nodes={nodes} \
             --param virtual_nodes={points} --param names=from-seed --until 100ms"
        );
        // The root of the mean square over rings: the shares of each sum to one.
        let all = values(&line, 300, "cv-arcs");
        let squares: f64 = all.iter().map(|cv| cv * cv).sum();
        let found = (squares / all.len() as f64).sqrt();
        assert!(
            (found / cv - 1.0).abs() < 0.08,
            "{nodes}, {points}: {found}"
        );
    }
}

/// S-BUL1, S-BUL2, S-BUL3: the listing's elections multiply, and wait for ever.
#[test]
fn elections_of_the_listing_multiply() {
    let kinds = ["ELECTION", "OK", "LEADER"];
    for (nodes, starter) in [(5_u32, 1_u32), (5, 2), (5, 5), (7, 3)] {
        let line =
            format!("run bully/one-election --param nodes={nodes} --param starter={starter}");
        let above = nodes - starter;
        let elections = 2_u64.pow(above);
        let leads = if above == 0 { 1 } else { elections / 2 };
        let expected = [elections - 1, elections - 1, u64::from(nodes - 1) * leads];
        assert_eq!(sent(&line, &kinds), expected, "{line}");
        assert_eq!(probe(&line, "elections"), elections as f64);
        assert_eq!(probe(&line, "claims"), leads as f64);
    }
    for (starter, expected) in [(1, [12, 7, 4]), (2, [6, 3, 4]), (4, [1, 0, 4])] {
        let line = format!("run bully/one-election --param starter={starter} --param crashed=5");
        assert_eq!(sent(&line, &kinds), expected, "{line}");
        assert!(
            states(&line, "leader")[..4]
                .iter()
                .all(|leader| *leader == 4)
        );
    }
    let waiting = states("run bully/dies-after-ok --until 100s", "leader");
    assert!(waiting[..4].iter().all(Json::is_null));
}

/// S-BUL4: a leader on each side of a split.
#[test]
fn a_split_leaves_two_leaders() {
    let leaders = states("run election/two-crowns --until 100s", "leader");
    assert_eq!(leaders, [2, 2, 5, 5, 5]);
}

/// E-BULW, E-BULT, E-BULB: the textbook's counts.
#[test]
fn the_textbook_elects_with_a_square_of_messages() {
    for nodes in [3_u64, 5, 8] {
        let line = format!(
            "run bully --preset textbook --param starter=1 --param nodes={nodes} --until 9s"
        );
        let above = nodes - 1;
        let asked = above * (above + 1) / 2;
        let kinds = ["ELECTION", "OK", "COORDINATOR"];
        assert_eq!(sent(&line, &kinds), [asked, asked, nodes - 1]);
        assert_eq!(probe(&line, "messages"), (nodes * nodes - 1) as f64);
        let dead = format!("{line} --param crashed={nodes}");
        assert_eq!(
            probe(&dead, "messages"),
            (nodes * nodes - nodes - 1) as f64,
            "without the highest"
        );
        let second = nodes - 1;
        let noticed = format!(
            "run bully --preset textbook --param starter={second} --param nodes={nodes} \
             --param crashed={nodes} --until 9s"
        );
        assert_eq!(sent(&noticed, &["COORDINATOR"]), [nodes - 2]);
    }
}

/// All orders of some numbers.
fn orders(numbers: &[u32]) -> Vec<Vec<u32>> {
    let Some((first, rest)) = numbers.split_first() else {
        return vec![Vec::new()];
    };
    let mut all = Vec::new();
    for order in orders(rest) {
        for at in 0..=order.len() {
            let mut order = order.clone();
            order.insert(at, *first);
            all.push(order);
        }
    }
    all
}

/// E-RING, E-RINGA: best, worst and mean counts over all rings.
#[test]
fn a_ring_elects_within_its_bounds() {
    for nodes in [3, 5, 9] {
        let best =
            format!("run ring-election/one-round --param nodes={nodes} --param starter={nodes}");
        assert_eq!(probe(&best, "messages"), f64::from(2 * nodes));
        // The highest is the one before the starter.
        let worst = format!(
            "run ring-election/one-round --param nodes={nodes} --param starter=1 --until 60s"
        );
        assert_eq!(probe(&worst, "messages"), f64::from(3 * nodes - 1));
    }
    // Rings that start at node 4 stand for all rings of four.
    let counts: Vec<f64> = orders(&[1, 2, 3])
        .into_iter()
        .map(|order| {
            let order: Vec<String> = order.iter().map(|id| format!("n{id}")).collect();
            let line = format!(
                "run ring-election/all-start --param nodes=4 --param starter=n1,n2,n3,n4 \
                 --param order=n4,{}",
                order.join(",")
            );
            probe(&line, "election-messages")
        })
        .collect();
    let (least, most) = counts
        .iter()
        .fold((f64::MAX, 0.0_f64), |(least, most), count| {
            (least.min(*count), most.max(*count))
        });
    assert_eq!((least, most), (7.0, 10.0));
    // n times the n-th harmonic number.
    let mean = counts.iter().sum::<f64>() / counts.len() as f64;
    assert!((mean - 25.0 / 3.0).abs() < 1e-9, "{mean}");
}

/// S-GOS1, S-GOS2: equal versions never agree, and three rounds of the demonstration mostly do not suffice.
#[test]
fn gossip_of_the_listing_may_never_agree() {
    let values: Vec<String> = states("run gossip/two-writes-at-once --until 100s", "data")
        .iter()
        .map(|data| data["color"][0]["value"].to_string())
        .collect();
    assert_eq!(values, [r#""red""#, r#""blue""#]);
    let summary = report("sweep gossip/demo --until 3s --seeds 0..400 --probe informed");
    let histogram = summary["histogram"].as_array().expect("bins");
    let all = histogram.last().expect("the bin of 100 %")["count"].as_f64();
    let share = all.expect("a count") / 400.0;
    // Three standard deviations of 400 runs.
    assert!((share - 0.376).abs() < 0.073, "{share}");
}

/// S-CTR1, and the activity's experiments: totals as the program prints them in Node.
#[test]
fn the_counter_ends_as_its_listing_does() {
    let totals = |line: &str| {
        let report = report(&format!("run counter/{line}"));
        [1, 2, 3].map(|id| report["probes"][format!("total_n{id}")].as_f64())
    };
    for (line, expected) in [
        ("demo", [4.0, 4.0, 4.0]),
        ("one-way", [4.0, 4.0, 3.0]),
        ("neighbours", [3.0, 4.0, 3.0]),
        ("neighbours --switch forward=on", [4.0, 4.0, 4.0]),
        ("echo", [5.0, 6.0, 5.0]),
        ("swapped", [3.0, 4.0, 4.0]),
    ] {
        assert_eq!(totals(line), expected.map(Some), "{line}");
    }
    assert_eq!(probe("run counter/same-twice", "total_n1"), 3.0);
    assert_eq!(probe("run counter/joiner", "total_n4"), 0.0);
}

/// What each node of the store has of a key, siblings side by side.
fn copies(line: &str, key: &str) -> Vec<String> {
    let of = |data: &Json| {
        let values = data[key]["values"].as_array().cloned().unwrap_or_default();
        let words = values
            .iter()
            .map(|value| value["value"].as_str().unwrap_or_default());
        words.collect::<Vec<_>>().join("|")
    };
    states(line, "data").iter().map(of).collect()
}

/// S-KV1 and S-KV2, Q-LWW, and C-DYN.
#[test]
fn the_store_of_the_listing_never_agrees_and_versions_repair_it() {
    assert_eq!(
        copies("run kv/two-writers --until 600s", "x"),
        ["B", "A", "B"]
    );
    assert_eq!(copies("run kv/reordered", "x"), ["new", "old", "old"]);
    assert_eq!(probe("run kv/demo", "messages"), 6.0);
    let rules = "--param versions=timestamp --param resolution=last-write";
    assert_eq!(
        copies(&format!("run kv/two-writers {rules}"), "x"),
        ["B"; 3]
    );
    assert_eq!(
        copies(&format!("run kv/reordered {rules}"), "x"),
        ["new"; 3]
    );
    assert_eq!(copies("run kv/dynamo --until 3500ms", "cart"), ["D3|D4"; 3]);
    assert_eq!(copies("run kv/dynamo", "cart"), ["D5"; 3]);
    let (wall, hybrid) = (
        "run kv/clock-ahead",
        "run kv/clock-ahead --param versions=hybrid",
    );
    assert_eq!(
        (copies(wall, "x"), copies(hybrid, "x")),
        (vec!["1".into(); 3], vec!["2".into(); 3])
    );
}

/// G-RND, G-MIN: mean rounds until all know; a round doubles who knows at most.
#[test]
fn rumours_spread_in_so_many_rounds() {
    for (mode, nodes, mean) in [
        ("push", 8_u32, 5.378),
        ("push", 32, 9.329),
        ("pull", 16, 6.140),
        ("pull", 64, 8.964),
        ("push-pull", 8, 3.121),
        ("push-pull", 64, 5.989),
    ] {
        let line = format!("gossip/rounds --param mode={mode} --param nodes={nodes}");
        let (rounds, least) = sweep(&line, 200, "rounds");
        assert!((rounds - mean).abs() < 0.4, "{line}: {rounds}");
        if mode == "push" {
            assert!(least >= f64::from(nodes).log2().ceil(), "{line}: {least}");
        }
    }
}

/// The terms of every server's log.
fn logs(line: &str) -> Vec<String> {
    let terms = |log: &Json| {
        let entries = log.as_array().expect("a log");
        let terms = entries.iter().map(|entry| entry["term"].to_string());
        terms.collect::<Vec<_>>().join(" ")
    };
    states(line, "log").iter().map(terms).collect()
}

/// R-FIG7, R-FIG8: the figures of Raft's paper.
#[test]
fn raft_mends_and_keeps_logs_as_its_figures_show() {
    let line = "run raft/figure-7";
    assert_eq!(logs(line), ["1 1 1 4 4 5 5 6 6 6 8"; 7]);
    // (c) 1, (d) 2, (e) 2, (f) 8.
    assert_eq!(probe(line, "truncated"), 13.0);
    // How often each follower refuses, one step back at a time, before the first entry fits.
    let refusals = marks(line, "refuses-entries");
    let of = |node: &str| refusals.iter().filter(|(by, _)| by == node).count();
    let counts: Vec<usize> = ["n2", "n3", "n4", "n5", "n6", "n7"].map(of).into();
    assert_eq!(counts, [1, 6, 0, 0, 5, 7]);
    // (c): the entry of term 2 is on a majority and must not be committed.
    let step_c = "run raft/figure-8 --until 430ms";
    let committed = |line: &str| states(line, "commit_index")[0].as_u64().expect("an index");
    assert!(committed(step_c) < 2);
    assert_eq!(committed(&format!("{step_c} --switch current-term=off")), 2);
    let figure = logs("run raft/figure-8");
    assert_eq!(figure[1..], ["1 3"; 4]);
    let saved = logs("run raft/figure-8-saved");
    assert!(
        saved[..3].iter().all(|log| log.starts_with("1 2 4")),
        "{saved:?}"
    );
    let broken = with_input(
        &[
            "run",
            "raft/figure-8",
            "--switch",
            "current-term=off",
            "--expect-violation",
            "state-machine-safety",
        ],
        "",
    );
    assert_eq!(broken.code, 0, "{}", broken.out);
}

/// R-MSG, R-AVAIL, Q-MAJ: the first election of three, and how many crashes a majority bears.
#[test]
fn raft_counts_majorities() {
    for nodes in [3_u64, 5] {
        let line = format!("run raft/kill-the-leader --param nodes={nodes} --until 300ms");
        let report = report(&line);
        let elections = report["probes"]["elections"].as_u64().expect("elections");
        let votes = report["messages"]["RequestVote"].as_u64().expect("votes");
        assert_eq!(votes, elections * (nodes - 1), "{nodes} servers");
        let replies = report["messages"]["RequestVoteReply"].as_u64();
        assert_eq!(replies, Some(votes), "{nodes} servers");
    }
    // Three servers, one election: two entries, two answers, and the commit in two more of each.
    for seed in 1..5 {
        let first = format!(
            "run raft/kill-the-leader --seed {seed} --param nodes=3 --until 100ms \
             --command \"0s latency constant 5ms\" --command \"10ms fire n1 ElectionTimeout\""
        );
        let kinds = [
            "RequestVote",
            "RequestVoteReply",
            "AppendEntries",
            "AppendEntriesReply",
        ];
        assert_eq!(sent(&first, &kinds), [2, 2, 4, 4], "seed {seed}");
        assert_eq!(states(&first, "commit_index"), [1, 1, 1], "seed {seed}");
    }
    for (nodes, spare) in [(3, 1.0), (4, 1.0), (5, 2.0), (7, 3.0)] {
        let line = format!("run raft/kill-the-leader --param nodes={nodes} --until 1s");
        assert_eq!(probe(&line, "spare"), spare, "{nodes} servers");
    }
    let writes = "run raft/kill-the-leader --param clients=1 --param every=500";
    let alive = format!("{writes} --param crashed=n1,n2 --until 10s");
    assert!(probe(&alive, "committed") > 10.0);
    let stuck = |until| {
        let line = format!("run raft/kill-the-leader --param crashed=n1,n2,n3 --until {until}");
        let probes = report(&line)["probes"].clone();
        assert_eq!(
            (&probes["leaders"], &probes["committed"]),
            (&0.into(), &0.into())
        );
        probes["term"].as_u64().expect("a term")
    };
    assert!(stuck("20s") > 2 * stuck("5s"), "candidates go on for ever");
}

/// T-2PC, T-2PCB, T-2PCV: 4n messages or 3n; a yes blocks for as long as the coordinator is away; a no
/// aborts everywhere.
#[test]
fn two_phase_commit_counts_and_blocks() {
    let kinds = ["Prepare", "Vote", "Commit", "Ack"];
    for n in [3_u64, 7] {
        let line = format!("run two-phase-commit/all-agree --param participants={n}");
        assert_eq!(sent(&line, &kinds), [n; 4]);
        assert_eq!(probe(&line, "messages"), (4 * n) as f64);
        let brief = format!("{line} --switch acks=off");
        assert_eq!(probe(&brief, "messages"), (3 * n) as f64);
    }
    assert!(probe("run two-phase-commit/coordinator-dies", "blocked") > 9.0);
    // A vote that is lost counts as a no after its timeout.
    let lost = "run two-phase-commit/all-agree --command \"0s loss n3->n1 1\" --until 30s";
    assert_eq!(probe(lost, "committed"), 0.0);
    assert_eq!(probe(lost, "aborted"), 1.0);
    let refused = report("run two-phase-commit/one-votes-no");
    assert_eq!(refused["probes"]["committed"], 0);
    for node in refused["nodes"].as_array().expect("nodes").iter().skip(1) {
        assert_eq!(node["state"]["decided"]["T1"], "abort");
    }
}
