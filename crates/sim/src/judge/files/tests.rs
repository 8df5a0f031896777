//! Files that are right are read as they are meant; all others are refused with line and reason.

use super::super::tests::{models, random};
use super::super::{Answer, Call, Ended, Found, HistoryCheck, Linearizability, Op};
use super::*;

mod bad;

fn verdict(history: &Operations) -> Found {
    let whole = Linearizability::of(history, &mut u64::MAX.clone()).0;
    let turns = HistoryCheck::new(history).advance(&mut u64::MAX.clone());
    assert_eq!(whole, turns);
    whole
}

fn history(text: &str) -> Operations {
    let format = recognise(text).unwrap_or_else(|| panic!("not recognised: {text}"));
    match read(text, format, None) {
        Ok(read) => read.history,
        Err(why) => panic!("{why}: {text}"),
    }
}

/// A history of our own format on objects that hold 0 at first.
fn from_zero(text: &str) -> Found {
    verdict(&history(&format!(
        "{{\"model\":\"register\",\"initial\":0}}\n{text}"
    )))
}

/// MIT 6.824, quiz 2 of 2017, by way of Porcupine's tests.
#[test]
fn the_quiz_has_its_answers() {
    let second = r#"{"process":0,"f":"put","value":100,"invoked_us":0,"completed_us":100}
{"process":1,"f":"get","result":100,"invoked_us":25,"completed_us":75}
{"process":2,"f":"get","result":0,"invoked_us":30,"completed_us":60}"#;
    assert_eq!(from_zero(second), Found::Order);
    let third = r#"{"process":0,"f":"put","value":200,"invoked_us":0,"completed_us":100}
{"process":1,"f":"get","result":200,"invoked_us":10,"completed_us":30}
{"process":2,"f":"get","result":0,"invoked_us":40,"completed_us":90}"#;
    assert_eq!(from_zero(third), Found::None);
}

/// The example of Horn's checker: a read sees a write that overlaps it, and none that comes later.
#[test]
fn a_read_sees_no_write_of_its_future() {
    let written = |call: u32, ret: u32| {
        format!(
            r#"{{"ops":[{{"p":0,"f":"w","v":1,"o":null,"call":0,"ret":2}},
                {{"p":1,"f":"r","v":null,"o":2,"call":3,"ret":7}},
                {{"p":0,"f":"w","v":2,"o":null,"call":{call},"ret":{ret}}}],"linearizable":true}}"#
        )
    };
    assert_eq!(verdict(&history(&written(4, 6))), Found::Order);
    assert_eq!(
        verdict(&history(&written(7, 9))),
        Found::Order,
        "one instant"
    );
    assert_eq!(verdict(&history(&written(8, 9))), Found::None);
}

/// Histories of a register that holds 0 at first, with the verdict that all their orders give: process,
/// read or write, value, from and to.
#[test]
fn small_registers_have_their_verdicts() {
    for (linearizable, text) in [
        (
            false,
            "1 r 1 1 3; 0 r 0 2 8; 2 w 1 4 5; 1 r 1 6 10; 2 w 1 7 12",
        ),
        (false, "1 w 1 1 3; 2 w 3 2 6; 1 r 0 4 7; 0 w 1 5 10"),
        (
            true,
            "1 r 0 1 6; 0 r 0 2 3; 0 r 0 4 5; 0 r 0 7 8; 0 r 0 9 10",
        ),
        (
            false,
            "1 w 2 1 2; 0 r 2 3 4; 1 w 2 5 7; 0 r 2 6 8; 1 r 2 9 10; 0 r 0 11 13",
        ),
        (true, "0 w 1 1 2; 0 w 1 3 5; 1 w 1 4 6"),
        (
            false,
            "1 w 2 1 2; 0 r 0 3 4; 1 r 2 5 6; 2 r 2 7 9; 1 w 1 8 10; 2 r 1 11 12",
        ),
        (false, "2 r 2 1 3; 1 w 1 2 4; 1 w 3 5 11; 0 w 2 6 7"),
        (false, "1 r 2 1 2; 0 w 3 3 4; 0 r 2 5 6; 2 w 1 7 8"),
    ] {
        let lines = text.split("; ").map(|op| {
            let parts: Vec<&str> = op.split(' ').collect();
            let [p, f, v, call, ret] = parts[..] else {
                panic!("five words: {op}");
            };
            let field = if f == "w" { "v" } else { "o" };
            format!("{{\"p\":{p},\"f\":\"{f}\",\"{field}\":{v},\"call\":{call},\"ret\":{ret}}}\n")
        });
        let found = from_zero(&lines.collect::<String>());
        let right = if linearizable {
            Found::Order
        } else {
            Found::None
        };
        assert_eq!(found, right, "{text}");
    }
}

const LOG: &str = "INFO  jepsen.core - Running test\n\
    \n\
    INFO  jepsen.util - 0\t:invoke\t:read\tnil\n\
    INFO  jepsen.util -   1  :invoke   :write 4\n\
    INFO  jepsen.util - :nemesis\t:info\t:start\t\"cut off n1\"\n\
    INFO  jepsen.util - 0\t:ok\t:read\tnil\n\
    INFO  jepsen.util - 1\t:ok\t:write\t4\n\
    INFO  jepsen.util - 0\t:invoke\t:cas\t[4 2]\n\
    INFO  jepsen.util - 1\t:invoke\t:cas\t[1 3]\n\
    INFO  jepsen.util - 1\t:fail\t:cas\t[1 3]\n\
    INFO  jepsen.util - 0\t:info\t:cas\t:timed-out\n\
    INFO  jepsen.util - 1\t:invoke\t:read\tnil\n\
    INFO  jepsen.util - 1\t:fail\t:read\t:timed-out\n\
    INFO  jepsen.util - 1\t:invoke\t:read\tnil\n\
    INFO  jepsen.util - 1\t:ok\t:read\t2\n";

#[test]
fn a_log_of_jepsen_is_read() {
    let read = read(LOG, FileFormat::Jepsen, None).expect("it is right");
    assert_eq!(recognise(LOG), Some(FileFormat::Jepsen));
    assert_eq!(read.faults, [(2, ":start \"cut off n1\"".to_owned())]);
    let ends: Vec<Option<Ended>> = (read.history.iter())
        .map(|op| op.end.as_ref().map(|end| end.ended.clone()))
        .collect();
    let returned = |answer| Some(Ended::Returned(answer));
    let four = Word::from("2");
    assert_eq!(
        ends,
        [
            returned(Answer::Value(None)),
            returned(Answer::Done),
            Some(Ended::Unknown),
            returned(Answer::Refused(None)),
            Some(Ended::Failed),
            returned(Answer::Value(Some(four.clone()))),
        ]
    );
    let cas = read.history.get(2).expect("six operations");
    let old = Some(Word::from("4"));
    assert_eq!(cas.call, Call::CompareAndSet { old, new: four });
    assert_eq!((cas.process, cas.began.0, cas.invoked), (0, 8, 4));
    // The cas without an answer took effect, or the last read would be wrong.
    assert_eq!(verdict(&read.history), Found::Order);
    let never = LOG.replace(":info\t:cas\t:timed-out", ":fail\t:cas\t[4 2]");
    assert_eq!(verdict(&history(&never)), Found::None);
}

#[test]
fn maps_are_read_with_keys_escapes_and_times() {
    let text = "{:process 0, :type :invoke, :f :append, :key \"a\", :value \"x \\\"0\\\" y\"}\n\
        {:process 1, :type :invoke, :f :get, :key \"b\", :value nil}\n\
        {:process 0, :type :ok, :f :append, :key \"a\", :value \"x \\\"0\\\" y\"}\n\
        {:process 1, :type :ok, :f :get, :key \"b\", :value \"\"}\n\
        {:process 1, :type :invoke, :f :get, :key \"a\", :value nil}\n\
        {:process 1, :type :ok, :f :get, :key \"a\", :value \"x \\\"0\\\" y\"}\n";
    assert_eq!(recognise(text), Some(FileFormat::PorcupineKv));
    let read = history(text);
    let initial = Some(Word::from(""));
    assert_eq!(read.model, Model::Store { initial });
    assert_eq!(verdict(&read), Found::Order);
    let empty = text.replace("\"x \\\"0\\\" y\"}\n", "\"\"}\n");
    assert_eq!(verdict(&history(&empty)), Found::Order, "nothing appended");
    let (rest, last) = text.trim_end().rsplit_once('\n').expect("six lines");
    let stale = format!("{rest}\n{}", last.replace("x \\\"0\\\" y", ""));
    assert_eq!(verdict(&history(&stale)), Found::None);
    // Jepsen's own history: a list, with times in nanoseconds.
    let edn = "[{:type :invoke, :f :write, :value 3, :process 2, :time 5000, :index 0}\n \
        #jepsen.history.Op{:type :ok, :f :write, :value 3, :process 2, :time 9000, :index 1}]";
    assert_eq!(recognise(edn), Some(FileFormat::Jepsen));
    let read = history(edn);
    assert_eq!(read.model, Model::STORE);
    let op = read.get(0).expect("one operation");
    assert_eq!(
        (op.began.0, op.end.as_ref().map(|end| end.at.0)),
        (5, Some(9))
    );
}

/// A file that was written is the history it was written from, events of one instant included.
#[test]
fn what_is_written_is_read_back() {
    let same = |a: &Operations, b: &Operations| {
        let text = |op: &Op| format!("{op:?}");
        a.model == b.model && a.events().eq(b.events()) && a.iter().map(text).eq(b.iter().map(text))
    };
    for model in models() {
        for seed in 0..500 {
            let written = random(&model, seed);
            if written.is_empty() {
                continue;
            }
            for instant in [1, 1_000] {
                let mut slow = Operations::new(model.clone());
                for event in written.events() {
                    let (super::super::Event::Begin(at) | super::super::Event::End(at)) = event;
                    let op = written.get(at).expect("an operation");
                    let time = |place: u32| crate::time::Time(u64::from(place / instant));
                    match (event, &op.end) {
                        (super::super::Event::End(_), Some(end)) => {
                            slow.end(at, end.ended.clone(), time(end.place));
                        }
                        _ => {
                            let (key, call) = (op.key.clone(), op.call.clone());
                            let asked = super::super::Asked { key, call };
                            slow.begin(op.process, asked, time(op.invoked));
                        }
                    }
                }
                let mut text = String::new();
                write(&slow, &mut text);
                let read = read(&text, FileFormat::Json, None);
                let read = read.unwrap_or_else(|why| panic!("{why}\n{text}")).history;
                assert!(same(&slow, &read), "{text}\n{slow:#?}\n{read:#?}");
                assert_eq!(
                    text.contains("order"),
                    instant > 1 && slow.len() > 1 && !flat(&slow)
                );
            }
        }
    }
}

/// Whether all invocations come before all ends.
fn flat(history: &Operations) -> bool {
    let ends = history.iter().filter_map(|op| Some(op.end.as_ref()?.place));
    let first = ends.min().unwrap_or(u32::MAX);
    let in_turn = history
        .iter()
        .filter_map(|op| Some(op.end.as_ref()?.place))
        .is_sorted();
    in_turn && history.iter().all(|op| op.invoked < first)
}

#[test]
fn every_model_can_be_written_by_hand() {
    for (text, model, found) in [
        (
            r#"[{"process":1,"f":"add","value":2,"invoked_us":0,"completed_us":9,"end":"ok","result":2},
                {"process":2,"f":"read","invoked_us":10,"completed_us":11,"result":3}]"#,
            "counter",
            Found::None,
        ),
        (
            r#"{"process":1,"f":"insert","value":7,"invoked_us":0,"completed_us":null}
               {"process":2,"f":"read","invoked_us":10,"completed_us":11,"result":["7"],"note":"!"}"#,
            "set",
            Found::Order,
        ),
        (
            r#"{"model":"bank","initial":5}
               {"process":1,"f":"transfer","value":{"from":"a","to":"b","amount":6},"invoked_us":0,"completed_us":1,"end":"failed"}
               {"process":1,"f":"transfer","value":{"a":-5,"b":5},"invoked_us":2,"completed_us":3}
               {"process":2,"f":"read","invoked_us":10,"completed_us":11,"result":{"a":0,"b":10}}"#,
            "bank",
            Found::Order,
        ),
        (
            r#"{"process":1,"key":"l","f":"acquire","invoked_us":0,"completed_us":1}
               {"process":2,"key":"l","f":"acquire","invoked_us":2,"completed_us":3,"end":"failed"}
               {"process":2,"key":"l","f":"acquire","invoked_us":4,"completed_us":5,"end":"ok"}"#,
            "lock",
            Found::None,
        ),
        (
            r#"{"process":1,"f":"cas","value":[null,1],"invoked_us":0,"completed_us":1}
               {"process":1,"f":"cas","value":[2,3],"invoked_us":2,"completed_us":3,"end":"failed","result":1}
               {"process":1,"f":"cas","value":[1,3],"invoked_us":4,"completed_us":5,"end":"aborted"}"#,
            "kv",
            Found::Order,
        ),
    ] {
        let read = history(text);
        assert_eq!(ModelName::of(&read.model).name(), model);
        assert_eq!(verdict(&read), found, "{text}");
    }
    // A word that several objects know means what the person says.
    let text = r#"{"process":1,"f":"add","value":2,"invoked_us":0,"completed_us":9}"#;
    let read = read(text, FileFormat::Json, Some(ModelName::Set)).expect("a set");
    let call = read.history.get(0).map(|op| op.call.clone());
    assert_eq!(call, Some(Call::Insert(Word::from("2"))));
}
