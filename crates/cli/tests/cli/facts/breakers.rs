//! Breakers, event queues and retries, as they are published.

use super::{marks, probe, states};

/// K-CB: three failures open it, calls fail at once for ten seconds, and then one call tries.
#[test]
fn a_breaker_opens_after_three_failures_for_ten_seconds() {
    let chain = "run board/chain --switch n4.breaker=on --param n5.faulty=100 --param rate=5 \
                 --param arrivals=regular --param law=fixed";
    let breaker =
        |until: &str| states(&format!("{chain} --until {until}"), "caller")[3]["breaker"].clone();
    let calls =
        |until: &str| states(&format!("{chain} --until {until}"), "server")[4]["came"].clone();
    let early = breaker("700ms");
    assert!(
        early["since"].is_null() && early["failures"] != 0,
        "{early}"
    );
    let open = breaker("3s");
    let since = open["since"].as_u64().expect("it is open");
    // Those that were under way when it opened, and no other for ten seconds.
    let came = calls("3s");
    assert_eq!(came, calls("10s"));
    assert_eq!(breaker("10s"), open);
    // The trial fails, and it is open for another ten seconds.
    let again = breaker("13s");
    let longer = again["since"].as_u64().expect("it is open") - since;
    assert!((10_000_000..10_600_000).contains(&longer), "{longer}");
    assert_eq!(calls("13s").as_u64(), came.as_u64().map(|came| came + 1));
    assert_eq!(calls("13s"), calls("20s"));
    let opened = marks(&format!("{chain} --until 13s"), "opens");
    assert!(opened[0].1.contains("3 failures"), "{opened:?}");
    // A trial that succeeds closes it, with a count of 0.
    let well = format!("{chain} --command \"5s set n5.faulty=0\" --until 14s");
    let closed = states(&well, "caller")[3]["breaker"].clone();
    assert!(
        closed["since"].is_null() && closed["failures"] == 0,
        "{closed}"
    );
}

/// K-Q: at least once is twice after a crash before the acknowledgement; at most once is once.
#[test]
fn an_event_without_acknowledgement_is_handed_on_again() {
    let crash = "run board/crash-before-ack";
    let reads = |line: &str| ["handed", "effects", "twice"].map(|name| probe(line, name));
    assert_eq!(reads(crash), [2.0, 1.0, 0.0]);
    assert_eq!(
        reads(&format!("{crash} --switch idempotent=off")),
        [2.0, 2.0, 1.0]
    );
    let once = format!("{crash} --param n2.delivery=at-most-once");
    assert_eq!(reads(&once), [1.0, 1.0, 0.0]);
    // A crash before the work: at most once loses it.
    let before = "--command \"1100ms crash n3\" --command \"1200ms recover n3\"";
    assert_eq!(reads(&format!("{crash} {before}"))[1], 1.0);
    assert_eq!(reads(&format!("{once} {before}"))[1], 0.0);
}

/// Three tiers that try three times each.
#[test]
fn tries_of_three_tiers_multiply() {
    for (retries, calls) in [(0, 1.0), (1, 8.0), (2, 27.0), (3, 64.0)] {
        let line = format!("run board/retry-storm --param retries={retries}");
        assert_eq!(probe(&line, "calls-each"), calls);
    }
}
