//! What clients can see of the rules: the judge knows nothing of ids and retries.

use faultline_sim::judge::Kept;
use faultline_sim::testing::Play;

use super::{PROTOCOL, SEEDS};

/// At most once is a promise that clients can check: they are told what the counter holds.
#[test]
fn answers_alone_tell_whether_a_retry_was_applied_twice() {
    // The answer to the first request is lost, so the client retries.
    let lost = Play::protocol(&PROTOCOL, "hello").does("0s drop n1->n6#1");
    for seed in 1..=SEEDS {
        for preset in PROTOCOL.presets {
            let run = lost.seed(seed).preset(preset.name).at(29_000);
            let kept = run.linearizable();
            let holds = kept == Kept::Holds;
            assert_eq!(holds, preset.breaks.is_none(), "{}: {kept:?}", preset.name);
        }
    }
}
