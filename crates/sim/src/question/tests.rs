use super::*;
use crate::descriptor::Recipe;
use crate::explore::Bounds;
use crate::search::Budget;

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

#[test]
fn a_deed_may_name_the_leader() {
    let with = |deed: &str| read(&GOOD.replace("6s crash n3", deed));
    let good = with("6s pause leader").expect("a good file");
    assert_eq!(good[1].does[1], "6s pause leader");
    for wrong in [
        "leader",
        "6s request leader",
        "@12 crash leader",
        "6s leader",
    ] {
        assert!(with(wrong).is_err(), "{wrong}");
    }
}

/// A question that many runs answer.
fn of_many(kind: &str, answer: &str) -> Result<Question, Wrong> {
    let text = format!(
        "question how-many\nrow L1\nscenario one\nask How many?\nkind {kind}\nanswer {answer}\nbecause So.\n"
    );
    read(&text).map(|found| found.into_iter().next().expect("one"))
}

#[test]
fn what_is_counted_over_many_runs_is_read() {
    let number = "number 0..200 runs";
    let found = |kind: &str, answer: &str| match of_many(kind, answer) {
        Ok(question) => {
            assert!(question.is_of_many());
            question.answer
        }
        Err(wrong) => panic!("{answer}: {wrong}"),
    };
    let within = found(
        number,
        "broken one-leader of 200 runs within 1 crash, 2 drops",
    );
    let budget = Budget {
        crashes: 1,
        drops: 2,
        ..Budget::NONE
    };
    let law = "one-leader".to_owned();
    let runs = 200;
    assert_eq!(within, Answer::Many(Many::Broken { law, runs, budget }));
    let endings = found(number, "endings of 1 seed");
    assert_eq!(endings, Answer::Many(Many::Endings { seeds: 1 }));
    let crashes = found(
        number,
        "crash-points of n1 with blocked > 1 among 16 events",
    );
    let wanted = Many::CrashPoints {
        node: NodeId(1),
        probe: "blocked".to_owned(),
        above: 1.0,
        events: 16,
    };
    assert_eq!(crashes, Answer::Many(wanted));
    let states = found(
        "choice a | b",
        "most-states within 1 crash, depth 8, 2 timers",
    );
    let Answer::Many(Many::MostStates(bounds)) = states else {
        panic!("{states:?}");
    };
    let (budget, depth) = (bounds.budget.text(), bounds.depth);
    assert_eq!(
        (budget.as_str(), depth, bounds.timers),
        ("1 crash", 8, Some(2))
    );
}

#[test]
fn what_is_wrong_about_many_runs_is_told() {
    let number = "number 0..200 runs";
    for (answer, says) in [
        ("broken one-leader", "write `broken LAW of 200 runs"),
        ("broken one-leader of 9 runs", "write `broken LAW"),
        (
            "broken one-leader of many runs within 1 crash",
            "write `broken LAW",
        ),
        (
            "broken one-leader of 0 runs within 1 crash",
            "0 are not 1 to 10000 runs",
        ),
        (
            "broken one-leader of 20 runs within 1 crush",
            "`crush` is no fault of a budget",
        ),
        (
            "broken one-leader of 20 runs within crash",
            "write `1 crash, 2 drops`",
        ),
        ("endings 200", "write `endings of 200 seeds`"),
        ("ranked ok", "write `ranked PROBE at 10s over 5 seeds`"),
        ("ranked ok over 5 seeds", "write `ranked PROBE at 10s"),
        ("ranked ok at 10 over 5 seeds", "not a length of time"),
        ("ranked ok at 10s over 0 seeds", "0 are not 1 to 10000 runs"),
        ("most-states", "write `most-states within"),
        ("most-states within 1 crash", "say how deep: `depth 8`"),
        ("most-states within depth 999", "say how deep"),
        ("most-states within depth many", "`many` is no whole number"),
        ("most-state within depth 8", "did you mean most-states"),
    ] {
        let wrong = of_many(number, answer).expect_err(answer);
        assert_eq!(wrong.line, 6, "{answer}: {wrong}");
        assert!(wrong.why.contains(says), "{answer}: {wrong}");
    }
    // None of many runs decides alone, and one run must.
    let with = format!("until quiet\nkind {number}");
    let text = "question q\nrow L1\nscenario one\nask How?\nANSWER\nbecause So.\n";
    for (answer, says) in [
        (
            format!("{with}\nanswer endings of 9 seeds"),
            "`until` is about one of them",
        ),
        (format!("kind {number}\nanswer took"), "`until` is missing"),
    ] {
        let wrong = read(&text.replace("ANSWER", &answer)).expect_err("a wrong question");
        assert_eq!(wrong.line, 1, "{wrong}");
        assert!(wrong.why.contains(says), "{wrong}");
    }
}

#[test]
fn any_law_may_be_waited_for() {
    let with = |until: &str| {
        let wanted = "event crash or probe leaders >= 2 then quiet or after 20s";
        read(&GOOD.replace(wanted, until))
    };
    let good = with("law any broken").expect("a good file");
    assert_eq!(good[0].until.0, [[Clause::AnyBroken]]);
    let wrong = with("law any holds").expect_err("all laws are many things");
    assert!(wrong.why.contains("law any broken"), "{wrong}");
}

#[test]
fn endings_are_told_apart_and_the_most_states_are_found() {
    let ending = |seed: u64, picture: u64| Part::Ending { seed, picture };
    let parts = [ending(1, 7), ending(2, 9), ending(3, 7)];
    assert_eq!(endings(&parts), [vec![1, 3], vec![2]]);
    let tally = Tally {
        recipe: Recipe::new("one/two", 1),
        many: Many::MostStates(Bounds::default()),
        compared: vec!["a".into(), "b".into()],
    };
    let states = |counts: [u64; 3], all: bool| {
        let switches = [None, Some("a".to_owned()), Some("b".to_owned())];
        let parts = switches.into_iter().zip(counts);
        let parts = parts.map(|(switch, states)| Part::States {
            switch,
            states,
            all,
        });
        tally.found(&parts.collect::<Vec<_>>())
    };
    assert_eq!(states([5, 9, 8], true), Found::Word("a".into()));
    assert_eq!(states([5, 9, 8], false), Found::Nothing, "some are missing");
    assert_eq!(states([5, 9, 9], true), Found::Nothing, "two are equal");
    assert_eq!(states([9, 5, 8], true), Found::Nothing, "nothing is added");
}

#[test]
fn scenarios_are_ranked_by_their_means() {
    let kind = "order run a=The first | run b=The second | run c=The third";
    let question = of_many(kind, "ranked ok at 10s over 2 seeds").expect("a good question");
    let tally = Tally::of(&Recipe::new("one/a", 1), &question).expect("it is counted");
    assert_eq!(
        (tally.parts(), &*tally.compared),
        (6, &["a", "b", "c"].map(String::from)[..])
    );
    let parts = |values: [Option<f64>; 6]| {
        let each = values.into_iter().enumerate();
        let each = each.map(|(at, value)| Part::Measured {
            scenario: tally.compared[at / 2].clone(),
            seed: at as u64 % 2 + 1,
            value,
        });
        tally.found(&each.collect::<Vec<_>>())
    };
    let some = |values: [f64; 6]| parts(values.map(Some));
    assert_eq!(
        some([1.0, 3.0, 9.0, 9.0, 4.0, 2.0]),
        Found::Order(vec![1, 2, 0])
    );
    // One of equal means that stands first in the question comes first.
    assert_eq!(
        some([1.0, 3.0, 2.0, 2.0, 4.0, 0.0]),
        Found::Order(vec![0, 1, 2])
    );
    let without = [None, None, Some(1.0), None, Some(2.0), Some(2.0)];
    assert_eq!(parts(without), Found::Order(vec![2, 1]));
}
