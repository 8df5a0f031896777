//! Slow disks: what a crash takes with it while a write is under way.

use super::*;

#[test]
fn a_slow_link_and_a_slow_disk_cost_time() {
    let mut w = world();
    at(&mut w, 0, "slow n1->n2 200ms");
    w.run_until(ms(340));
    assert_eq!((heard(&w, 2), heard(&w, 3)), (vec![], vec![1, 2]));
    w.run_until(ms(350));
    assert_eq!(heard(&w, 2), [1]);
    at(&mut w, 350, "slow n1->n2 0s");
    // Each handler is one write of 150 ms, and writes queue up: 400 -> 550, 500 -> 700.
    at(&mut w, 350, "disk n1 150ms");
    w.run_until(ms(599));
    assert_eq!(heard(&w, 3), [1, 2, 3]);
    w.run_until(ms(600));
    assert_eq!(heard(&w, 3), [1, 2, 3, 4]);
    w.run_until(ms(749));
    assert_eq!(heard(&w, 3).len(), 4);
    w.run_until(ms(750));
    assert_eq!(heard(&w, 3), [1, 2, 3, 4, 5]);
}

/// What leaves when a write is done never leaves when the node crashes before.
#[test]
fn the_dead_do_not_send() {
    let mut w = world();
    at(&mut w, 350, "disk n1 150ms");
    // The tick of 400 would leave at 550.
    at(&mut w, 499, "crash n1");
    assert_eq!(
        lost(&mut w),
        [(499, "unwritten".to_owned()), (499, "unwritten".to_owned())]
    );
    w.run_until(ms(2_000));
    assert_eq!(heard(&w, 2), [1, 2, 3]);
    // Nor does a copy, nor a message that somebody holds before it has left.
    let mut w = world();
    at(&mut w, 350, "disk n1 150ms");
    at(&mut w, 420, "duplicate n1->n2#4");
    at(&mut w, 430, "hold n1->n3#4");
    at(&mut w, 499, "crash n1");
    assert_eq!(lost(&mut w).len(), 3);
    assert!(w.in_flight().is_empty());
}

#[test]
fn a_message_that_has_left_survives_its_sender() {
    let mut w = world();
    at(&mut w, 350, "disk n1 150ms");
    w.run_until(ms(550));
    at(&mut w, 551, "crash n1");
    w.run_until(ms(2_000));
    assert_eq!(
        heard(&w, 2),
        [1, 2, 3, 4],
        "the tick of 500 was not written"
    );
}

/// A crash in the middle of a write leaves what the write before it wrote.
#[test]
fn recovery_begins_with_the_last_finished_write() {
    let mut w = world();
    at(&mut w, 0, "disk n2 100ms");
    at(&mut w, 30, "crash n2");
    at(&mut w, 40, "recover n2");
    assert_eq!(node(&w, 2).starts, 2);
    at(&mut w, 141, "crash n2");
    at(&mut w, 150, "recover n2");
    assert_eq!(node(&w, 2).starts, 3, "the second start was written");
    at(&mut w, 170, "disk n2 0s");
    at(&mut w, 180, "crash n2");
    at(&mut w, 190, "recover n2");
    assert_eq!(node(&w, 2).starts, 3, "the third was being written");
    w.run_until(ms(400));
    at(&mut w, 400, "crash n2");
    at(&mut w, 410, "recover n2");
    assert_eq!(
        node(&w, 2).starts,
        4,
        "without a slow disk all is written at once"
    );
}

#[test]
fn an_answer_waits_for_the_disk_and_is_lost_with_it() {
    let ends = |w: &mut World| {
        let records = w.take_records().into_iter();
        let ends = records.filter_map(|record| match record.event {
            Event::Completed { outcome, .. } => {
                Some((record.time.0 / 1_000, format!("{outcome:?}")))
            }
            _ => None,
        });
        ends.collect::<Vec<_>>()
    };
    let mut w = world();
    at(&mut w, 10, "disk n2 150ms");
    at(&mut w, 20, r#"request n2 {"Echo":7}"#);
    w.run_until(ms(169));
    assert!(ends(&mut w).is_empty());
    w.run_until(ms(170));
    assert_eq!(ends(&mut w)[0].0, 170);
    let mut w = world();
    at(&mut w, 10, "disk n2 150ms");
    at(&mut w, 20, r#"request n2 {"Echo":7}"#);
    at(&mut w, 100, "crash n2");
    let ended = ends(&mut w);
    assert!(
        ended.len() == 1 && ended[0].1.contains("before it was written"),
        "{ended:?}"
    );
    w.run_until(ms(500));
    assert!(ends(&mut w).is_empty(), "it ended already");
}

/// The rule that makes a slow disk safe can be broken: then messages outlive the state they rest on.
#[test]
fn a_node_may_be_made_to_answer_before_its_write_is_done() {
    const SWITCHES: &[faultline_sim::settings::Switch] = &[faultline_sim::world::WRITE_FIRST];
    for (of, loses) in [("", false), ("n1.", false), ("n2.", true)] {
        let mut w = world_with(Settings::new(&[], SWITCHES));
        at(&mut w, 0, &format!("switch {of}write-first=off"));
        at(&mut w, 350, "disk n1 150ms");
        at(&mut w, 499, "crash n1");
        assert_eq!(!lost(&mut w).is_empty(), loses, "{of}");
        w.run_until(ms(600));
        let all = [1, 2, 3, 4];
        assert_eq!(heard(&w, 2), all[..if loses { 3 } else { 4 }], "{of}");
    }
}
