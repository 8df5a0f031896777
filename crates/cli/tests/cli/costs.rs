//! `faultline cost`: what requests cost, in one table.

use serde_json::Value as Json;

use super::common::faultline;

#[test]
fn several_scenarios_stand_in_one_table_with_their_textbooks() {
    let answer = faultline(["cost", "raft/five-writes", "no-consensus/at-once"]);
    assert_eq!(answer.code, 0, "{}", answer.err);
    let row = |title: &str| {
        let found = answer.out.lines().find(|line| line.starts_with(title));
        found.unwrap_or_else(|| panic!("no {title}: {}", answer.out))
    };
    assert!(
        answer
            .out
            .lines()
            .next()
            .unwrap()
            .contains("raft/five-writes")
    );
    let messages = row("write: messages");
    assert!(messages.contains("8 (textbook 2(n − 1) = 8)"), "{messages}");
    assert!(messages.contains("4 (textbook n − 1 = 4)"), "{messages}");
    assert!(row("write: message delays").contains("2 (textbook 2 = 2)"));
    assert!(
        answer.out.contains("raft/five-writes: n servers"),
        "{}",
        answer.out
    );
}

/// A fault that is given to several runs meets all of them.
#[test]
fn the_same_faults_meet_all() {
    let bills = faultline([
        "cost",
        "raft/same-faults",
        "no-consensus/same-faults",
        "--command",
        "250ms crash n4",
        "--json",
    ]);
    assert_eq!(bills.code, 0, "{}", bills.err);
    let bills: Vec<Json> = bills
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(bills.len(), 2);
    for bill in &bills {
        let kinds = bill["kinds"].as_object().unwrap().values();
        let sum: u64 = kinds.map(|kind| kind["messages"].as_u64().unwrap()).sum();
        assert_eq!(Some(sum), bill["sent"]["messages"].as_u64(), "{bill}");
        let lines = bill["costs"].as_array().unwrap();
        assert!(
            lines.iter().any(|line| line["title"] == "write: bytes"),
            "{bill}"
        );
    }
}

#[test]
fn a_wrong_word_is_named() {
    for (line, said) in [
        (&["cost"][..], "cost needs one scenario or several"),
        (&["cost", "raft/five-rights"], "five-writes"),
        (&["cost", "raft/five-writes", "--param", "node=3"], "nodes"),
        (
            &[
                "cost",
                "raft/five-writes",
                "bully",
                "--command",
                "1s request n1 {\"write\":{\"key\":\"x\",\"value\":\"1\"}}",
            ],
            "not a request",
        ),
    ] {
        let words: Vec<&str> = line.to_vec();
        let answer = super::common::with_input(&words, "");
        assert_eq!(answer.code, 2, "{line:?}: {}", answer.out);
        assert!(answer.err.contains(said), "{line:?}: {}", answer.err);
    }
}
