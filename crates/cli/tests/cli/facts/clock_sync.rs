//! What is published of clock synchronization: Cristian, Berkeley, NTP.

use super::{probe, report, states};

/// Timestamps in ms, and what RFC 5905, section 8, makes of them.
const NTP: [([i64; 4], i64, i64); 6] = [
    ([0, 110, 120, 30], 100, 20),
    ([100, 160, 165, 125], 50, 20),
    ([1000, 1000, 1000, 1000], 0, 0),
    ([0, 50, 50, 100], 0, 100),
    ([0, 25, 26, 101], -25, 100),
    ([10, 5, 7, 32], -15, 20),
];

/// C-NTP: node 2 asks 100 ms after the start; clocks, server and network are set so that these timestamps come out.
#[test]
fn four_timestamps_give_the_offset_and_the_delay_of_the_rfc() {
    for (times, offset, delay) in NTP {
        let [t1, t2, t3, _] = times;
        let (client, server) = (t1 - 100, t1 + offset - 100);
        let way = delay / 2;
        let line = format!(
            "run clock-sync/even-path --param serve={} --command \"0s latency constant {way}ms\" \
             --command \"0s skew n1 {server}ms\" --command \"0s skew n2 {client}ms\"",
            t3 - t2
        );
        let latest = report(&line)["nodes"][1]["state"]["latest"].clone();
        let stamps = ["t1", "t2", "t3", "t4"].map(|name| latest[0][name].as_i64());
        assert_eq!(stamps, times.map(|ms| Some(ms * 1_000)), "{line}");
        let said = ["offset", "delay"].map(|name| latest[1][name].as_i64());
        assert_eq!(said, [offset, delay].map(|ms| Some(ms * 1_000)), "{line}");
    }
}

/// C-NTPA: a path that takes 30 ms one way and 10 ms the other shifts the offset by half of what they differ by.
#[test]
fn an_asymmetric_path_shifts_the_offset_by_half_the_difference() {
    for (slow, offset) in [("n2->n1", 110_000), ("n1->n2", 90_000)] {
        let line = format!("run clock-sync/even-path --command \"0s slow {slow} 20ms\"");
        let latest = &states(&line, "latest")[1];
        assert_eq!(latest[1]["offset"], offset, "{line}");
        assert_eq!(probe(&line, "error"), 10.0, "{line}");
    }
    assert_eq!(probe("run clock-sync/slow-answer", "error"), 30.0);
}

/// C-CRI: the server says 1,000 ms, the round trip takes 20 ms, and no message takes less than 8.
#[test]
fn an_answer_is_half_a_round_trip_old_give_or_take_the_rest() {
    let line = "run clock-sync/one-sync --param least=8 --param drift_bound=0 \
                --command \"0s latency constant 10ms\" --command \"0s skew n1 890ms\"";
    let clock = &states(line, "clock")[1];
    let number = |name: &str| clock[name].as_i64().expect("a number");
    assert_eq!(number("since") + number("correction"), 1_010_000);
    assert_eq!(number("doubt"), 2_000);
}

/// C-BER: 3:00, 3:25 and 2:50 all become 3:05.
#[test]
fn three_clocks_change_by_what_the_textbook_says() {
    let clocks = states("run clock-sync/three-clocks", "clock");
    let minutes = clocks.iter().map(|clock| clock["correction"].as_i64());
    let minutes: Vec<Option<i64>> = minutes.map(|micros| Some(micros? / 60_000_000)).collect();
    assert_eq!(minutes, [Some(5), Some(-20), Some(15)]);
    assert_eq!(probe("run clock-sync/three-clocks", "spread"), 0.0);
}
