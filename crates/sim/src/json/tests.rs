//! Written and read as `serde_json` writes and reads, which is what everybody else uses.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::*;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Plain {
    flag: bool,
    small: i8,
    large: u64,
    real: f64,
    text: String,
    none: Option<u32>,
    some: Option<u32>,
    list: Vec<u32>,
    pairs: Vec<(u32, String)>,
    map: BTreeMap<String, f64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Choice {
    Nothing,
    One(u32),
    Two(u32, String),
    Fields { a: Option<bool>, b: Vec<Choice> },
    Empty {},
    Wrapped(Box<Plain>),
}

fn examples() -> Vec<Choice> {
    let plain = Plain {
        flag: true,
        small: -7,
        large: u64::MAX,
        real: 0.1,
        text: "a \"b\" \\ \n\t\u{1} ü 😀 {".to_owned(),
        none: None,
        some: Some(3),
        list: vec![1, 2],
        pairs: vec![(1, "x".to_owned())],
        map: [("a", 1.0), ("b", -1e-9), ("c", 1e300)]
            .map(|(key, real)| (key.to_owned(), real))
            .into(),
    };
    let inner = vec![
        Choice::Nothing,
        Choice::One(1),
        Choice::Two(2, String::new()),
    ];
    vec![
        Choice::Nothing,
        Choice::One(5),
        Choice::Two(6, "two".to_owned()),
        Choice::Fields {
            a: Some(false),
            b: inner,
        },
        Choice::Empty {},
        Choice::Wrapped(Box::new(plain)),
    ]
}

#[test]
fn what_is_written_is_what_everybody_writes() {
    for example in examples() {
        assert_eq!(text(&example), serde_json::to_string(&example).unwrap());
        assert_eq!(value(&example), serde_json::to_value(&example).unwrap());
        assert_eq!(read::<Choice>(&value(&example)).unwrap(), example);
    }
    assert_eq!(text(&f64::NAN), "null");
}

#[test]
fn numbers_too_large_for_javascript_become_text() {
    let numbers = json!({"a": [u64::MAX, 3, -9_007_199_254_740_992_i64], "b": 0.5});
    assert_eq!(
        text_for_javascript(&numbers),
        r#"{"a":["18446744073709551615",3,"-9007199254740992"],"b":0.5}"#
    );
}

#[test]
fn texts_are_read_as_everybody_reads_them() {
    for text in [
        "null",
        " [ ] ",
        "{}",
        "[1,2.5,-3,1e3,true,false,null]",
        r#"{"a":{"b":[{}]},"a":2}"#,
        r#""\u00fc\ud83d\ude00\/\b\f\n""#,
        "18446744073709551615",
        "-9223372036854775808",
    ] {
        assert_eq!(
            parse(text),
            serde_json::from_str(text).map_err(|e| e.to_string()),
            "{text}"
        );
    }
    for text in [
        "",
        "[",
        "[1,",
        "{\"a\"}",
        "{\"a\":}",
        "{a:1}",
        "\"",
        "\"\n\"",
        "\"\\x\"",
        "\"\\ud800\"",
        "nul",
        "1 2",
        "-",
        "1.2.3",
        "[1,]",
        "\"\\u12\"",
        "\"\\u\u{fc}\u{fc}\"",
    ] {
        assert!(parse(text).is_err(), "{text}");
        assert!(serde_json::from_str::<Json>(text).is_err(), "{text}");
    }
    assert!(parse(&"[".repeat(10_000)).is_err());
}

#[test]
fn what_does_not_fit_is_named() {
    let wrong = |json: Json| read::<Choice>(&json).unwrap_err();
    assert!(wrong(json!("Many")).contains("Many"));
    assert!(wrong(json!({"One": "x"})).contains("found \"x\", expected u32"));
    assert!(wrong(json!({"Fields": {"a": null}})).contains("missing field `b`"));
    assert!(wrong(json!({"One": 1.5})).contains("1.5"));
    assert!(wrong(json!([1])).contains("expected a name"));
    assert!(wrong(json!({"Nothing": 1})).contains("nothing belongs"));
}
