//! What clients can see of each flaw: the judge knows nothing of logs, terms and votes.

use faultline_sim::search::{Hunt, broken};
use faultline_sim::testing::Play;
use faultline_sim::timeline::Timeline;

use super::{ONLY, PROTOCOL};

/// Whether the judge refuses one of so many random schedules of a scenario.
fn is_refused(preset: &str, scenario: &str, seeds: u64) -> bool {
    let hunt = Hunt {
        scenario: PROTOCOL.scenarios.iter().find(|own| own.id == scenario),
        preset: Some(PROTOCOL.preset(preset).unwrap()),
        ..Hunt::new(ONLY, &PROTOCOL)
    };
    (0..seeds).any(|seed| {
        let run: Timeline = hunt.play(seed).unwrap();
        broken(&run)
            .iter()
            .any(|found| found.name() == "linearizable")
    })
}

#[test]
fn answers_alone_give_each_flaw_away_and_no_correct_rule() {
    let flawed = [
        ("unconfirmed-reads", "judged"),
        ("votes-twice", "judged"),
        ("no-log-check", "judged"),
        ("no-prev-check", "judged"),
        ("executes-twice", "judged"),
        ("forgets-vote", "forgotten-vote"),
        ("answers-first", "crash-in-mid-write"),
    ];
    for (preset, scenario) in flawed {
        assert!(is_refused(preset, scenario, 100), "{preset} in {scenario}");
        assert!(!is_refused("correct", scenario, 20), "{scenario}");
    }
    let all = PROTOCOL
        .presets
        .iter()
        .filter(|preset| preset.breaks.is_some() && preset.hides.is_empty());
    // The trap of Figure 8 needs more than luck: see the next test.
    let named =
        |name| flawed.iter().any(|(preset, _)| *preset == name) || name == "counts-old-terms";
    assert!(all.map(|preset| preset.name).all(named));
}

#[test]
fn a_client_sees_figure_8() {
    let figure = Play::protocol(&PROTOCOL, "figure-8-seen");
    let reason = figure.ended().broken("linearizable");
    let lost = "n5 read x = one, although x = two was confirmed before this read began.";
    assert_eq!(reason.as_deref(), Some(lost));
    let mended = figure.switch("current-term", true).ended();
    assert_eq!(mended.broken("linearizable"), None);
}
