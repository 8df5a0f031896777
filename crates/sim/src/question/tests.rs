use super::*;

const GOOD: &str = "\
# A comment.
question how-many
row       L1, A4-2
scenario  one-election
ask       How many
          messages?
kind      number 0..200 messages
until     event crash or probe leaders >= 2 then quiet or after 20s
answer    probe messages
common    10: Most count pairs.
because   Each asks again. {rerun guard=on, seed: Turn the rule on} or {scenario a/b: look}; {answer}, {guess}.
again     nodes=7: with seven nodes | seed: another seed

goal      two-leaders
row       A4-4c
scenario  split
ask       Get two leaders.
reach     probe leaders >= 2
budget    1 fault
does      5s partition n1,n2|n3 | 6s crash n3
because   Nobody asks a majority.
";

#[test]
fn a_file_is_read_in_its_order_with_all_its_words() {
    let found = read(GOOD).expect("a good file");
    let [first, goal] = found.as_slice() else {
        panic!("two of them");
    };
    assert_eq!(first.rows, ["L1", "A4-2"]);
    assert_eq!(first.ask, "How many messages?");
    assert_eq!(first.until.0.len(), 2, "two steps");
    assert_eq!(first.until.0[0].len(), 2, "either of two");
    assert_eq!(first.again[1].label, "another seed");
    assert!(first.again[1].seed);
    assert_eq!(first.line, 2);
    let reruns: Vec<&Again> = first
        .because
        .iter()
        .filter_map(|piece| match piece {
            Piece::Rerun(again) => Some(again),
            _ => None,
        })
        .collect();
    assert_eq!(reruns[0].settings, [("guard".to_owned(), "on".to_owned())]);
    assert!(reruns[0].seed);
    assert!(goal.is_goal());
    assert_eq!(goal.budget, Some(1));
    assert_eq!(goal.does, ["5s partition n1,n2|n3", "6s crash n3"]);
}

#[test]
fn what_is_wrong_is_told_with_its_line() {
    let with = |from: &str, to: &str| {
        let text = GOOD.replacen(from, to, 1);
        assert_ne!(text, GOOD, "{from}");
        read(&text).expect_err("a wrong file")
    };
    for (from, to, line, says) in [
        (
            "kind      number",
            "kind      numbr",
            7,
            "there is no kind `numbr`; did you mean number",
        ),
        ("0..200", "200..0", 7, "no room"),
        ("event crash", "event crush", 8, "did you mean crash"),
        (
            "probe leaders >= 2 then",
            "probe leaders then",
            8,
            "write `probe NAME >= 2`",
        ),
        ("after 20s", "after 20", 8, "not a length of time"),
        ("answer    probe", "answer    prob", 9, "no run says"),
        ("{answer}", "{anser}", 11, "did you mean answer"),
        ("{guess}", "{guess", 11, "no }"),
        ("seed: Turn", "sed: Turn", 11, "changes nothing"),
        (
            "again     nodes=7: with",
            "again     nodes=7 with",
            12,
            "label",
        ),
        ("question how-many", "question how many", 2, "no name"),
        ("answer    probe messages\n", "", 2, "`answer` is missing"),
        (
            "reach     probe",
            "until     probe",
            14,
            "`reach` is missing",
        ),
        ("budget    1 fault", "budget    1", 19, "write `budget"),
        ("does      5s", "does      soon", 20, "soon"),
        (
            "goal      two-leaders",
            "goal      how-many",
            14,
            "second question",
        ),
        ("row       A4-4c", "rwo       A4-4c", 15, "did you mean row"),
    ] {
        let wrong = with(from, to);
        assert_eq!(wrong.line, line, "{to}: {wrong}");
        assert!(wrong.why.contains(says), "{to}: {wrong}");
    }
    for text in ["ask What?", "   nothing before", "nonsense"] {
        assert!(read(text).is_err(), "{text}");
    }
    assert_eq!(read("# only a comment\n"), Ok(Vec::new()));
}
