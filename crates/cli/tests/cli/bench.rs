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
