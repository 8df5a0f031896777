//! What is published of ranges of sorted keys: where writes go, and whom a question is sent to.

use super::{marks, probe};

/// Chang et al. 2006: rows are sorted, so keys in the order of time are all written at one place.
#[test]
fn keys_in_the_order_of_time_are_written_by_one_shard() {
    for shards in [2.0, 4.0, 7.0] {
        let run = format!("run shard-range/time-ordered --param shards={shards}");
        assert_eq!(probe(&run, "skew"), shards);
    }
    assert!(probe("run shard-range/salted", "skew") < 2.0);
}

/// DeWitt and Gray 1992: by range, a question goes to the shards of its range, and one about another column to all.
#[test]
fn a_question_goes_to_the_shards_of_its_range() {
    let said = |run: &str| marks(run, "scanned");
    let by_range = said("run shard-range/find");
    let shards = |said: &[(String, String)], count: &str| {
        let ends = said.iter().map(|(_, says)| says.ends_with(count));
        ends.collect::<Vec<_>>()
    };
    assert_eq!(shards(&by_range, "from 1 shard"), [true, false, false]);
    assert_eq!(shards(&by_range, "from 2 shards"), [false, true, false]);
    assert_eq!(shards(&by_range, "from 4 shards"), [false, false, true]);
    let salted = said("run shard-range/find --switch salt=on");
    assert_eq!(shards(&salted, "from 4 shards"), [false, true, true]);
}

/// Clients with an old table are refused, and get the new one.
#[test]
fn an_old_table_costs_a_refusal_and_no_write() {
    let run = "run shard-range/split";
    assert!(probe(run, "refused") >= 1.0);
    assert_eq!(probe(run, "unanswered"), 0.0);
}
