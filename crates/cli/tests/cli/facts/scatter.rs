//! What is published of divided jobs: the law of Amdahl, and what a straggler costs.

use super::probe;

/// Amdahl 1967: 1/(s + (1 - s)/n) when coordination costs nothing.
#[test]
fn the_speed_up_without_coordination_is_amdahls() {
    for (serial, workers) in [(0.0, 8.0), (10.0, 8.0), (50.0, 4.0), (50.0, 16.0)] {
        let params = format!("--param serial={serial} --param workers={workers}");
        let measured = probe(&format!("run scatter/free-messages {params}"), "speedup");
        let s = serial / 100.0;
        let law = 1.0 / (s + (1.0 - s) / workers);
        assert!(
            (measured - law).abs() < 1e-3,
            "{params}: {measured}, not {law}"
        );
    }
}

/// Gunther 1993: where each worker costs coordination, the curve has a peak.
#[test]
fn with_coordination_the_speed_up_has_a_peak() {
    let speed = |workers: u32| {
        let run = format!("run scatter/four-machines --param workers={workers}");
        probe(&run, "speedup")
    };
    let (one, eight, all) = (speed(1), speed(8), speed(32));
    assert!(
        one < 1.0 && eight > 2.0 && all < eight,
        "{one} {eight} {all}"
    );
}

/// Dean and Ghemawat 2004: backup copies of late parts.
#[test]
fn a_backup_copy_helps_against_a_straggler() {
    let took = |scenario: &str| probe(&format!("run scatter/{scenario}"), "took");
    assert!(took("straggler-backup") < 0.8 * took("straggler"));
}
