//! Files that are no histories, and histories that are damaged.

use super::super::super::HistoryCheck;
use super::super::*;
use super::LOG;
use crate::rng::Rng;

#[test]
fn what_is_no_history_is_not_taken_for_one() {
    for text in [
        "",
        "\n\n",
        "\0\u{1}\u{2}",
        "hello",
        "four/words?seed=4",
        "https://example.org/#four/words~7~5s+crash+n2",
        "n1 {\"n1\":1}\n:invoke the first\nn2 {\"n2\":1}\n0 :invoke :read nil",
        "(?<host>\\S*) (?<clock>{.*})\\n(?<event>.*)\n\nn1 {\"n1\":1}\n0 :invoke :read nil\n",
        "{\"scenario\":\"four\",\"seed\":\"4\",\"commands\":[]}",
        "{\"operation\":1,\"node\":1,\"request\":\"read\",\"invoked_us\":4}",
        "[1, 2, 3]",
        "{",
        "[",
        "{:a 1}",
        "INFO  jepsen.util - 0\t:ok\t:read\tnil",
        "scenario four\nseed 4\n5s crash n2\n",
    ] {
        assert_eq!(recognise(text), None, "{text}");
    }
}

fn refusal(text: &str, format: FileFormat) -> String {
    match read(text, format, None) {
        Ok(read) => panic!("{text}: {:?}", read.history),
        Err(why) => why.to_string(),
    }
}

/// Each with its line and what is said of it.
const BAD_LOGS: [(&str, u32, &str); 26] = [
    ("", 1, "no operation"),
    ("\0\0\u{fffd}", 1, "no operation"),
    ("x - 0 :ok :read 1", 1, "has not begun"),
    (
        "\nx - 0 :invoke :read nil\nx - 0 :invoke :read nil",
        3,
        "of line 2",
    ),
    ("x - 0 :invok :read nil", 1, "did you mean :invoke"),
    (
        "x - 0 :invoke :raed nil",
        1,
        "`:raed` is not an operation; did you mean",
    ),
    ("x - 0 :invoke", 1, "cut off"),
    ("x - 0", 1, "cut off"),
    ("x - 0 :inv", 1, "cut off"),
    (
        "x - 0 :invoke :write",
        1,
        "`write` needs a text or a number",
    ),
    (
        "x - 0 :invoke :write nil",
        1,
        "`write` needs a text or a number",
    ),
    ("x - 0 :invoke :cas [1", 1, "ends before `]`"),
    ("x - 0 :invoke :cas [1]", 1, "`cas` needs [old, new]"),
    (
        "x - 0 :invoke :read nil\nx - 0 :ok :read",
        2,
        "needs its result",
    ),
    (
        "x - 0 :invoke :read nil\nx - 0 :ok :read [1 2]\nx - 1 :invoke :write 1",
        2,
        "one value or null",
    ),
    (
        "x - 0 :invoke :write 1\nx - 0 :ok :write 2",
        2,
        "with 1 on line 1",
    ),
    (
        "x - 0 :invoke :write 1\nx - 0 :ok :read 2",
        2,
        "it invoked `write`",
    ),
    (
        "x - 99999999999 :invoke :read nil",
        1,
        "not the number of a process",
    ),
    ("x - :invoke :read nil", 1, "number of its process"),
    (
        "{:process 0, :type :invoke, :f :get, :key \"a",
        1,
        "closing `\"`",
    ),
    (
        "{:process 0, :type :invoke, :f :get, :key \"a\"",
        1,
        "ends before `}`",
    ),
    ("{:process 0, :type :invoke}", 1, "no :f"),
    ("{:type :invoke, :f :read}", 1, "no :process"),
    ("{:process 0, :type :invoke, :f}", 1, "without a value"),
    (
        "{:process -1, :type :invoke, :f :read}",
        1,
        "whole number from 0",
    ),
    (
        "{:process 0, :type :invoke, :f :transfer, :value {}}\n{:process 1, :type :invoke, :f :read}\n\
          {:process 2, :type :invoke, :f :write, :value 1}",
        3,
        "one kind of object",
    ),
];

#[test]
fn bad_logs_are_refused_with_line_and_reason() {
    for (text, line, reason) in BAD_LOGS {
        let why = refusal(text, FileFormat::Jepsen);
        let line = format!("line {line}: ");
        assert!(
            why.starts_with(&line) && why.contains(reason),
            "{text}: {why}"
        );
    }
}

const GOOD: &str =
    r#"{"process":1,"f":"write","value":1,"invoked_us":0,"completed_us":9,"end":"ok"}"#;

/// What is put in the place of what in a second operation, and what is said of it.
const BAD_FIELDS: [(&str, &str, &str); 14] = [
    ("process", "proces", "did you mean process?"),
    (r#""process":1,"#, "", "no `process`"),
    (r#":1,"f""#, r#":-1,"f""#, "the number of a client, not -1"),
    ("write", "wirte", "did you mean write?"),
    (r#""value":1"#, r#""value":[1]"#, "needs a text or a number"),
    (r#""value":1,"#, "", "needs a text or a number"),
    (":9,", ":-9,", "whole number of microseconds"),
    (":0,", ":0.5,", "whole number of microseconds"),
    (":0,", ":10,", "ends at 9 us, before it begins at 10 us"),
    (r#""completed_us":9,"#, "", "needs `completed_us`"),
    (r#""ok""#, r#""fine""#, "\"fine\" is not an end"),
    (r#""ok""#, r#""ok","result":false"#, "took effect"),
    (r#""write","value":1"#, r#""read""#, "needs its result"),
    ("write", "insert", "belongs to the model set"),
];

fn is_refused(text: &str, line: u32, reason: &str) {
    let why = refusal(text, FileFormat::Json);
    let line = format!("line {line}: ");
    let right = why.starts_with(&line) && why.contains(reason);
    assert!(right, "{text}: {why}");
}

#[test]
fn bad_fields_are_refused_with_line_and_reason() {
    for (from, to, reason) in BAD_FIELDS {
        let text = format!("{GOOD}\n{}", GOOD.replace(from, to));
        is_refused(&text, 2, reason);
    }
    let never = GOOD.replace(r#""completed_us":9,"end":"ok""#, r#""note":1"#);
    is_refused(&never, 1, "write null if it never ended");
    let order = |order: &str| GOOD.replace('}', &format!(",\"order\":{order}}}"));
    is_refused(&order("[1,0]"), 1, "such as [3,5]");
    let twice = format!("{0}\n{0}", order("[0,1]"));
    is_refused(&twice, 2, "two events have the place 0");
    let head = |head: &str| format!("{head}\n{}", GOOD.replace("write", "insert"));
    is_refused(&head(r#"{"model":"stack"}"#), 1, "no model \"stack\"");
    is_refused(&head(r#"{"model":"set","intial":1}"#), 1, "not `intial`");
    is_refused(&head(r#"{"model":"set","initial":1}"#), 1, "begins empty");
    is_refused(
        &head(r#"{"model":"lock"}"#),
        2,
        "the model lock has no `insert`",
    );
}

#[test]
fn what_is_cut_off_is_refused_with_line_and_reason() {
    is_refused("", 1, "no operation");
    is_refused("[]", 1, "no operation");
    is_refused("hello", 1, "expected an operation such as");
    is_refused(&format!("[{GOOD}\n"), 2, "closed by `]`");
    for (rest, reason) in [
        ("{\"process\":1", "not closed"),
        ("{\"process\":\"1\n", "not closed"),
        ("{\"process\" 1}", "not JSON"),
        ("1", "expected an operation"),
        ("]", "expected an operation"),
    ] {
        is_refused(&format!("{GOOD}\n{rest}"), 2, reason);
    }
    is_refused(&format!("[{GOOD}]\n{GOOD}"), 2, "expected an operation");
    let (open, close) = ("[".repeat(5_000), "]".repeat(5_000));
    let deep = format!("{{\"process\":{open}1{close}}}");
    is_refused(&deep, 1, "not JSON");
    let deep = format!("{{:process {open}");
    assert!(refusal(&deep, FileFormat::Jepsen).contains("too deep"));
}

#[test]
fn what_is_too_large_is_refused() {
    let line = "0 :invoke :read nil\n0 :ok :read nil\n";
    let many = line.repeat(MOST_OPERATIONS + 1);
    let why = refusal(&many, FileFormat::Jepsen);
    assert_eq!(
        why,
        "line 400001: a history has at most 200000 operations; check a part of it"
    );
    let long = format!("0 :invoke :write {}", "x".repeat(MOST_LINE));
    assert!(refusal(&long, FileFormat::Jepsen).contains("at most 1 MB"));
    let long = " ".repeat(MOST_BYTES + 1);
    assert!(refusal(&long, FileFormat::Json).contains("at most 32 MB"));
}

/// Files with bytes that are changed, left out or doubled are read or refused, and judged within bounds.
#[test]
fn damaged_files_are_read_or_refused() {
    let json = "{\"model\":\"bank\",\"initial\":3}\n\
        {\"process\":1,\"f\":\"transfer\",\"value\":{\"a\":-1,\"b\":1},\"invoked_us\":2,\"completed_us\":3}\n\
        {\"process\":2,\"f\":\"read\",\"invoked_us\":10,\"completed_us\":11,\"result\":{\"a\":2},\"order\":[0,1]}";
    let edn = "[{:process 0, :type :invoke, :f :append, :key \"a\", :value \"x \\\"y\"}\n\
        #op{:process 0, :type :ok, :f :append, :key \"a\", :value \"x \\\"y\", :time 77}]";
    let formats = [
        (json, FileFormat::Json),
        (LOG, FileFormat::Jepsen),
        (edn, FileFormat::PorcupineKv),
    ];
    let mut read_well = 0;
    for (good, format) in formats {
        for seed in 0..4_000 {
            let mut rng = Rng::stream(seed, "damage", 0);
            let mut bytes = good.as_bytes().to_vec();
            for _ in 0..rng.between(1, 4) {
                let at = rng.below(bytes.len() as u64) as usize;
                let from = rng.below(bytes.len() as u64) as usize;
                match rng.below(5) {
                    0 => bytes[at] = rng.below(256) as u8,
                    1 => bytes[at] = b"[]{}\":, \n-09x\\#"[rng.below(15) as usize],
                    2 => drop(bytes.drain(at..(at + 5).min(bytes.len()))),
                    3 => bytes.truncate(at + 1),
                    _ => {
                        let part = bytes[from..(from + 20).min(bytes.len())].to_vec();
                        bytes.splice(at..at, part);
                    }
                }
                bytes.push(b'\n');
            }
            let text = String::from_utf8_lossy(&bytes);
            let _ = recognise(&text);
            for model in [None, Some(ModelName::Store), Some(ModelName::Set)] {
                if let Ok(read) = read(&text, format, model) {
                    read_well += 1;
                    HistoryCheck::new(&read.history).advance(&mut 1_000);
                }
            }
        }
    }
    assert!(read_well > 3_000, "{read_well}");
}
