//! Clocks with a known error.

use super::Row;

#[test]
fn f9() {
    // Drag the uncertainty: the wait is twice as long.
    for epsilon in [1, 7, 20] {
        for scenario in ["truetime/commit-wait", "truetime/exact"] {
            let run = Row::of(scenario).param("epsilon", epsilon).ended();
            let (wait, expected) = (run.read("wait"), 2.0 * f64::from(epsilon));
            assert!(
                (wait - expected).abs() < 0.01,
                "{scenario}, {epsilon} ms: {wait} ms"
            );
        }
    }
    // Without the wait, or with a bound that is not true, timestamps deny the order of answers.
    let violations = |scenario: &str| Row::of(scenario).ended().read("violations");
    assert_eq!(violations("truetime/commit-wait"), 0.0);
    assert!(violations("truetime/no-wait") > 0.0);
    assert!(violations("truetime/too-sure") > 0.0);
    // Without a signal nothing breaks, and clients wait longer.
    let alone = Row::of("truetime/no-signal").ended();
    assert_eq!(alone.read("violations"), 0.0);
    assert!(alone.read("longest-wait") > 50.0);
    // Hybrid clocks order what messages link, close to the time of day.
    let hybrid = Row::of("truetime/hybrid").ended();
    assert_eq!(hybrid.read("violations"), 0.0);
    assert!((0.0..=10.0).contains(&hybrid.read("ahead")));
}
