//! What is published of failure detectors: heartbeats, phi, SWIM.

use super::{probe, report, states, sweep};

/// F-SWIM, F-SWIMN: periods until a crash is found, by pure chance.
#[test]
fn swim_finds_a_crash_in_so_many_periods() {
    for (nodes, mean) in [(5, 1.4629), (10, 1.5301), (30, 1.5660)] {
        let line = format!("swim/who-notices --param nodes={nodes} --until 20s");
        let (found, least) = sweep(&line, 300, "noticed");
        // Three standard errors: one run differs from the mean by less than a period.
        assert!((found - mean).abs() < 0.18, "{line}: {found}");
        assert!(least >= 1.0, "{line}: {least}");
    }
}

/// S-HB1, S-HB2: heartbeats every second, a check every two, a limit of three: silence is noticed at the
/// first check at which it is longer than the limit.
#[test]
fn silence_is_noticed_at_a_check_after_the_limit() {
    let line = |latency: &str, commands: &[&str], until: &str| {
        let mut line = format!(
            "run cluster/hello --param clients=0 --param nodes=3 --param heartbeat=1000 \
             --param check=2000 --param suspect=3000 --param fail=600000 --until {until} \
             --command \"0s latency constant {latency}\""
        );
        for node in 1..=3 {
            line += &format!(" --command \"1s fire n{node} Heartbeat\"");
            line += &format!(" --command \"2s fire n{node} Check\"");
        }
        for command in commands {
            line += &format!(" --command \"{command}\"");
        }
        line
    };
    let suspects = |latency: &str, commands: &[&str], until: &str| {
        let opinions = states(&line(latency, commands, until), "opinions");
        opinions[0]["2"] == "suspected"
    };
    for (latency, silent, noticed) in [
        ("1us", "4500ms lie n2 silent", 8),
        // At 6 s the silence is exactly three seconds, and not longer.
        ("0us", "3500ms lie n2 silent", 8),
        ("1us", "5500ms lie n2 silent", 10),
        ("1us", "6500ms lie n2 silent", 10),
    ] {
        let before = format!("{}999ms", noticed - 1);
        let after = format!("{noticed}001ms");
        assert!(!suspects(latency, &[silent], &before), "{silent}");
        assert!(suspects(latency, &[silent], &after), "{silent}");
    }
    let short = ["4500ms lie n2 silent", "6500ms lie n2 honest"];
    assert!((7..20).all(|second| !suspects("1us", &short, &format!("{second}100ms"))));
}

/// S-HB1, S-HB3 and S-HB4 by the listing itself, and how the mean time to detect follows the timeout.
#[test]
fn the_detector_of_the_listing_keeps_its_times() {
    assert_eq!(probe("run heartbeat/demo", "detected_at"), 8.0);
    assert_eq!(probe("run heartbeat/demo", "recovered_at"), 11.0);
    assert_eq!(probe("run heartbeat/demo-late", "detected_at"), 10.0);
    let never = report("run heartbeat/never-heard --until 600s");
    assert!(never["probes"]["detected_at"].is_null());
    assert_eq!(probe("run heartbeat/never-heard-counts", "complete"), 100.0);
    for (timeout, mean) in [(1_500, 2.0), (3_000, 4.0), (8_000, 9.0)] {
        let line = format!("heartbeat/random-crash --until 20s --param timeout={timeout}");
        let (found, _) = sweep(&line, 200, "detect");
        assert!((found - mean).abs() < 0.13, "{timeout} ms: {found}");
    }
}

/// F-PHI3: with gaps of 1,000 ms and a deviation of 100, the levels are crossed when they should be; a check
/// every 50 ms notices.
#[test]
fn phi_crosses_its_thresholds() {
    for (threshold, crossed) in [
        (1, 1_128.16),
        (2, 1_232.63),
        (3, 1_309.02),
        (5, 1_426.49),
        (8, 1_561.20),
        (12, 1_703.45),
    ] {
        let line = format!(
            "run heartbeat/phi-level --param threshold={threshold} --param window=10 --param jitter=0 --param check=50 \
             --command \"0s latency constant 200ms\""
        );
        let heard = states(&line, "heard")[0]["2"].as_f64().expect("an instant");
        let silence = 1e3 * probe(&line, "detected_at") - heard / 1e3;
        let noticed = crossed..crossed + 51.0;
        assert!(noticed.contains(&silence), "{threshold}: {silence}");
    }
}
