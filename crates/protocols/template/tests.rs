//! Facts of the paper, by section. Ask for order and counts, and under several seeds: an instant moves with
//! every random draw.

use faultline_sim::testing::Play;

use super::{IGNORES, PROTOCOL, Template};

#[test]
fn all_end_with_the_newest_value() {
    for nodes in [1, 4, 20] {
        let run = Play::protocol(&PROTOCOL, "two-writes")
            .param("nodes", nodes)
            .ended();
        assert_eq!(run.read("written"), 2.0);
        assert!((1..=nodes).all(|id| run.node::<Template>(id).value == 2));
    }
}

#[test]
fn the_rule_keeps_a_node_from_going_back() {
    let overtaken = Play::protocol(&PROTOCOL, "overtaken");
    assert!(overtaken.ended().broken("never-back").is_some());
    let mended = overtaken.switch("newest-wins", true).ended();
    assert_eq!(mended.broken("never-back"), None);
    assert!(mended.who(&IGNORES).contains(&2));
}
