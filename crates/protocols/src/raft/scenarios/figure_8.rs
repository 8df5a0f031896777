//! The paper's Figure 8 as scripts. S1 is n1; every hop takes 5 ms.

/// Figure 8 up to (c): entry 2 of S1 is on S1, S2 and S3, and S1 leads term 4.
const FIGURE_8_C: [&str; 15] = [
    // The entry of term 1, everywhere.
    "10ms fire n3 ElectionTimeout",
    r#"40ms request n3 {"write":{"key":"x","value":"one"}}"#,
    // (a) S1 leads term 2 and reaches S2 only.
    "120ms fire n1 ElectionTimeout",
    "150ms partition n1,n2|n3,n4,n5",
    r#"160ms request n1 {"write":{"key":"x","value":"two"}}"#,
    // (b) S1 crashes; S5 leads term 3 and reaches no one.
    "200ms crash n1",
    "220ms fire n5 ElectionTimeout",
    "250ms partition n1,n2|n3,n4|n5",
    r#"260ms request n5 {"write":{"key":"x","value":"three"}}"#,
    // (c) S5 crashes; S1 comes back, loses term 3, leads term 4 and brings entry 2 to S3.
    "300ms crash n5",
    "310ms recover n1",
    "315ms heal",
    "320ms fire n1 ElectionTimeout",
    "340ms fire n1 ElectionTimeout",
    "351ms partition n1,n2,n3|n4|n5",
];

const fn joined<const A: usize, const B: usize, const N: usize>(
    a: [&'static str; A],
    b: [&'static str; B],
) -> [&'static str; N] {
    let mut all = [""; N];
    let mut i = 0;
    while i < N {
        all[i] = if i < A { a[i] } else { b[i - A] };
        i += 1;
    }
    all
}

/// (d) S1 crashes with an entry of term 4 that no one else has; S5 wins term 5 and overwrites it.
pub(super) const FIGURE_8_D: [&str; 22] = joined(
    FIGURE_8_C,
    [
        "385ms partition n1|n2,n3|n4|n5",
        r#"390ms request n1 {"write":{"key":"x","value":"four"}}"#,
        "420ms crash n1",
        "425ms recover n5",
        "426ms heal",
        "440ms fire n5 ElectionTimeout",
        "460ms fire n5 ElectionTimeout",
    ],
);

/// (e) Before it crashes, S1 replicates its entry of term 4 to S2 and S3: entry 2 is committed too.
pub(super) const FIGURE_8_E: [&str; 21] = joined(
    FIGURE_8_C,
    [
        r#"390ms request n1 {"write":{"key":"x","value":"four"}}"#,
        "420ms crash n1",
        "425ms recover n5",
        "426ms heal",
        "440ms fire n5 ElectionTimeout",
        "460ms fire n5 ElectionTimeout",
    ],
);

/// (d) with a client beside S2, which asks again until it has an answer, and reads at the end. Other
/// entries are about another key, so that nothing but the lost entry changes x.
pub(super) const FIGURE_8_SEEN: [&str; 22] = [
    "10ms fire n3 ElectionTimeout",
    r#"40ms request n3 {"write":{"key":"x","value":"one"}}"#,
    "120ms fire n1 ElectionTimeout",
    "150ms partition n1,n2|n3,n4,n5",
    r#"160ms request n2 {"write":{"key":"x","value":"two"}}"#,
    "200ms crash n1",
    "220ms fire n5 ElectionTimeout",
    "250ms partition n1,n2|n3,n4|n5",
    r#"260ms request n5 {"write":{"key":"y","value":"three"}}"#,
    "300ms crash n5",
    "310ms recover n1",
    "315ms heal",
    "320ms fire n1 ElectionTimeout",
    "340ms fire n1 ElectionTimeout",
    "351ms partition n1,n2,n3|n4|n5",
    "460ms crash n1",
    "465ms recover n5",
    "466ms heal",
    "480ms fire n5 ElectionTimeout",
    "500ms fire n5 ElectionTimeout",
    r#"530ms request n5 {"write":{"key":"y","value":"five"}}"#,
    r#"580ms request n5 {"read":{"key":"x"}}"#,
];
