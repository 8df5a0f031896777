//! The rules of logs on small ones; whole ones are read beside the command line.

use super::*;
use crate::event::{Event, Record};
use crate::process::NodeId;
use crate::stamps::vectors;
use crate::time::Time;

fn read_plain(text: &str) -> Result<Vec<Execution>, String> {
    read(text, &HostLine::BelowText, None).map_err(|why| why.to_string())
}

fn refused(text: &str) -> String {
    read_plain(text).expect_err(text)
}

/// Two hosts, a message each way.
const PING: &str = "asks\na {\"a\":1}\nis asked\nb {\"a\":1,\"b\":1}\nanswers\nb {\"a\":1,\"b\":2}\n\
                    learns\na {\"a\":2,\"b\":2}\n";

#[test]
fn the_usual_parser_is_told_from_the_order_of_lines() {
    let below = "one\na {\"a\":1}\ntwo\na {\"a\":2}\n";
    let above = "a {\"a\":1}\none\na {\"a\":2}\ntwo\n";
    assert_eq!(usual_parser(below), DEFAULT_PARSER);
    assert_eq!(usual_parser(above), GOVECTOR_PARSER);
}

#[test]
fn a_log_becomes_hosts_events_and_edges() {
    let execution = read_plain(PING).unwrap().remove(0);
    assert_eq!(execution.hosts, ["a", "b"]);
    assert_eq!((execution.events_of(0), execution.events_of(1)), (2, 2));
    assert_eq!(execution.happened_before_pairs(), 6);
    assert_eq!(execution.concurrent_pairs(), 0);
    assert_eq!(execution.max_lamport_time(), 4);
    assert_eq!(
        execution.edges,
        [Edge { from: 0, to: 1 }, Edge { from: 2, to: 3 }]
    );
    let last = &execution.events[3];
    assert_eq!((last.text.as_str(), last.line), ("learns", 7));
    assert_eq!(last.clock, [2, 2]);
}

#[test]
fn the_order_of_lines_does_not_matter() {
    let pairs: Vec<&str> = PING.split_inclusive("}\n").collect();
    let backwards: String = pairs.into_iter().rev().collect();
    let [there, back] = [PING, &backwards].map(|text| read_plain(text).unwrap().remove(0));
    let seen = |e: &Execution| -> Vec<String> { e.events.iter().map(|e| e.text.clone()).collect() };
    assert_eq!(seen(&there), seen(&back));
    assert_eq!(there.edges, back.edges);
}

#[test]
fn an_edge_that_others_imply_is_left_out() {
    // c hears of a's event by way of b, which told it everything.
    let relayed = "x\na {\"a\":1}\ny\nb {\"a\":1,\"b\":1}\nz\nc {\"a\":1,\"b\":1,\"c\":1}\n";
    assert_eq!(read_plain(relayed).unwrap()[0].edges.len(), 2);
    // c hears of both at once, and b knew nothing of a.
    let both = "x\na {\"a\":1}\ny\nb {\"b\":1}\nz\nc {\"a\":1,\"b\":1,\"c\":1}\n";
    assert_eq!(read_plain(both).unwrap()[0].edges.len(), 2);
}

#[test]
fn a_clock_that_forgets_is_read_with_what_it_forgot() {
    let forgets = "x\na {\"a\":1}\ny\nb {\"a\":1,\"b\":1}\nz\nb {\"b\":2}\n";
    let execution = read_plain(forgets).unwrap().remove(0);
    assert_eq!(execution.events[2].clock, [1, 2]);
    assert_eq!(execution.happened_before_pairs(), 3);
    assert_eq!(execution.edges.len(), 1);
}

#[test]
fn every_broken_rule_has_its_line_and_reason() {
    for (text, line, words) in [
        ("", 1, "nothing in this log"),
        ("no clock here", 1, "no event"),
        ("one\na {\"a\":1,}", 2, "not JSON"),
        ("one\na {\"b\":1}", 2, "own host `a`"),
        ("one\na {\"a\":1.5}", 2, "whole number"),
        ("one\na {\"a\":\"1\"}", 2, "whole number"),
        ("one\na {\"a\":-1}", 2, "whole number"),
        ("one\na {\"a\":0}", 2, "must be 1"),
        ("start\na {\"a\":2}", 2, "must be 1"),
        ("one\na {\"a\":1}\ntwo\na {\"a\":3}", 4, "from 1 to 3"),
        (
            "one\na {\"a\":1}\ntwo\na {\"a\":1}",
            4,
            "number 1 on line 2",
        ),
        ("one\na {\"a\":1, \"b\":1}", 2, "`b`, which has no event"),
        ("one\na {\"a\":1, \"b\":2}\nx\nb {\"b\":1}", 2, "only 1"),
        (
            "one\na {\"a\":1, \"b\":1}\nx\nb {\"b\":1, \"a\":1}",
            2,
            "no order of events",
        ),
    ] {
        let said = refused(text);
        assert!(
            said.starts_with(&format!("line {line}: ")),
            "{text}: {said}"
        );
        assert!(said.contains(words), "{text}: {said}");
    }
    assert!(
        read_plain("x\na {\"a\":1, \"gone\":0}").is_ok(),
        "zero is the same as absent"
    );
}

#[test]
fn a_circle_is_found_behind_hosts_that_only_wait_for_it() {
    let text = "w\nd {\"d\":1,\"a\":1}\nx\na {\"a\":1,\"b\":1}\ny\nb {\"b\":1,\"c\":1}\n\
                z\nc {\"c\":1,\"a\":1}\n";
    let said = refused(text);
    assert!(!said.starts_with("line 2"), "d only waits: {said}");
    assert!(said.contains("no order of events"), "{said}");
}

#[test]
fn line_ends_of_other_systems_and_marks_in_front_are_no_hindrance() {
    let windows = format!("\u{feff}{}", PING.replace('\n', "\r\n"));
    let plain = read_plain(PING).unwrap();
    assert_eq!(read_plain(&windows).unwrap(), plain);
}

#[test]
fn text_above_or_below_its_clock() {
    let above = "a {\"a\":1}\nfirst\n[log] b {\"b\":1}\nsecond\n";
    let execution = &read(above, &HostLine::AboveText, None).unwrap()[0];
    assert_eq!(execution.hosts, ["a", "b"]);
    assert_eq!(execution.events[1].text, "second");
    // What stands behind a clock belongs to the next match, as in a browser.
    let found = HostLine::BelowText.matches("one\na {\"a\":1} rest\nb {\"b\":1}");
    let texts: Vec<&str> = found.iter().map(|f| f.group("event")).collect();
    assert_eq!(texts, ["one", " rest"]);
}

#[test]
fn a_log_may_say_how_to_read_it() {
    let text = format!("{GOVECTOR_PARSER}\n\na {{\"a\":1}}\nfirst\n");
    let head = split_head(&text).unwrap();
    assert_eq!((head.parser, head.delimiter), (GOVECTOR_PARSER, ""));
    let execution = &read(&head.log, &HostLine::AboveText, None).unwrap()[0];
    assert_eq!(execution.events[0].line, 3);
    assert!(split_head(PING).is_none());
    assert_eq!(
        group_names(r"\(?<no>(?<date>(a|b))(?<!x)(?<host>\S*)"),
        ["date", "host"]
    );
    assert!(
        check_parser("(?<host>a)(?<clock>b)")
            .unwrap_err()
            .contains("`event`")
    );
}

fn record(seq: u64, node: u32, caused_by: u64, event: Event) -> Record {
    Record {
        seq,
        time: Time(seq),
        node: (node > 0).then_some(NodeId(node)),
        event,
        caused_by,
        lamport: 0,
        wrote: false,
    }
}

#[test]
fn what_has_no_node_hands_its_past_on_without_a_tick() {
    let told = crate::testing::remark;
    let records = [
        record(1, 1, 0, told("first")),
        record(2, 0, 1, told("of nobody")),
        record(3, 2, 2, told("later\nin\u{2028}two {lines}")),
        record(4, 12, 2, told("elsewhere")),
    ];
    let text = log(&records);
    assert_eq!(
        text,
        "# first\nn1 {\"n1\":1}\n# later in two {lines}\nn2 {\"n1\":1,\"n2\":1}\n\
         # elsewhere\nn12 {\"n1\":1,\"n12\":1}\n"
    );
    let execution = &read_plain(&text).unwrap()[0];
    assert_eq!(execution.edges.len(), 2);
    // In two parts it is the same, and so are the kernel's vectors.
    let (mut writer, mut out) = (LogWriter::default(), String::new());
    records
        .iter()
        .for_each(|r| writer.look(std::slice::from_ref(r)));
    records
        .iter()
        .for_each(|r| writer.write(std::slice::from_ref(r), &mut out));
    assert_eq!(out, text);
    assert_eq!(vectors(&records)[3].iter().map(|(_, n)| *n).sum::<u64>(), 2);
}

#[test]
fn clocks_inside_another_text_are_read() {
    let plain = read_plain("one\na {\"a\":1}\ntwo\nb {\"a\":1,\"b\":1}\n").unwrap();
    let escaped = read_plain("one\na {\\\"a\\\":1}\ntwo\nb {\\\"a\\\":1,\\\"b\\\":1}\n").unwrap();
    assert_eq!(escaped, plain);
    // A quote in a name is the name's own.
    let name = read_plain("one\na\"b {\"a\\\"b\":1}\n").unwrap();
    assert_eq!(name[0].hosts, ["a\"b"]);
    assert!(refused("one\na {\\\"a\\\":1,}").contains("not JSON"));
}

#[test]
fn what_the_parser_passes_over_is_told_by_its_lines() {
    let log = "one\na {\"a\":1}\nnoise\ntwo\na {\"a\":2}\n\nnoise\n";
    assert_eq!(read_plain(log).unwrap()[0].passed_over, [3, 7]);
    assert_eq!(read_plain(PING).unwrap()[0].passed_over, [0; 0]);
    // The head of a log is its parser and delimiter, not a line of it, whichever parser is used.
    let headed = format!("{DEFAULT_PARSER}\n\n{PING}noise\n");
    let compile = |_: &str, _: &str| Err("nothing else is asked for".to_owned());
    for parser in [None, Some(DEFAULT_PARSER)] {
        let form = Form {
            parser,
            delimiter: None,
        };
        let read = read_as(&headed, form, &compile).unwrap();
        assert_eq!(read[0].passed_over, [11]);
    }
}

#[test]
fn without_a_parser_the_usual_one_that_fits_better_reads_a_log() {
    let compile = |_: &str, _: &str| Err("nothing else is asked for".to_owned());
    let above = "a {\"a\":1}\none\na {\"a\":2}\ntwo\n";
    let read = read_as(above, Form::default(), &compile).unwrap();
    assert_eq!((read[0].events.len(), &*read[0].passed_over), (2, &[][..]));
}
