//! `faultline bench`: one JSON line that scripts compare.

use super::common::{faultline, keys};
use serde_json::json;

#[test]
fn a_measurement_has_the_agreed_shape() {
    let wanted = [
        "engine",
        "workload",
        "deliveries",
        "events",
        "seconds",
        "ns_per_event",
        "ns_per_delivery",
    ];
    for workload in ["w1", "w2", "w3"] {
        let reports = [
            faultline(["bench", "heap", workload, "3000", "--json"]).json(),
            faultline(["bench", workload, "3000", "--json"]).json(),
            faultline(["bench", workload, "3000", "--record", "--json"]).json(),
        ];
        for (report, engine) in reports
            .iter()
            .zip(["heap", "faultline", "faultline-recorded"])
        {
            assert_eq!(keys(report), wanted);
            assert_eq!(report["engine"], engine);
            assert_eq!(
                (&report["workload"], &report["deliveries"]),
                (&json!(workload), &json!(3000))
            );
            assert!(report["events"].as_u64() >= Some(3000));
            assert!(report["ns_per_event"].as_f64() > Some(0.0));
        }
        assert_eq!(reports[1]["events"], reports[2]["events"]);
    }
}

#[test]
fn histories_are_checked_and_summed_up() {
    let folder = std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("histories");
    std::fs::create_dir_all(&folder).expect("a folder");
    for (name, text) in [
        ("a.log", "0 :invoke :read nil\n0 :ok :read nil\n"),
        ("b.log", "0 :invoke :read nil\n0 :ok :read 1\n"),
        ("other.txt", "not a history"),
    ] {
        std::fs::write(folder.join(name), text).expect("a file");
    }
    let path = folder.to_str().expect("text");
    let report = faultline(["bench", "histories", path, "--json"]).json();
    let wanted = [
        "histories",
        "linearizable",
        "operations",
        "steps",
        "read_ms",
        "check_ms",
        "ns_per_operation",
        "slowest",
        "slowest_ms",
    ];
    assert_eq!(keys(&report), wanted);
    assert_eq!(
        (&report["histories"], &report["linearizable"]),
        (&json!(2), &json!(1))
    );
    let other = folder.join("other.txt");
    let answer = faultline(["bench", "histories", other.to_str().expect("text")]);
    assert_eq!(answer.code, 2);
    assert!(answer.err.contains("is not a history"), "{}", answer.err);
}
