//! Forms of links: what is written is read, and what cannot be is refused in a sentence.

use super::*;

pub(super) fn example() -> Link {
    let mut recipe = Recipe::new("demo/kill-the-leader", u64::MAX);
    recipe.preset = Some("textbook".into());
    recipe.params.insert("nodes".into(), "7".into());
    recipe.switches.insert("guard".into(), true);
    recipe.commands = vec![
        "5s crash n5".into(),
        "7.5s@40 recover n5".into(),
        "7.5s@38 request n1 {\"ask\":{\"to\":2,\"text\":\"a b\"}}".into(),
        "@123 heal".into(),
        "4s set timeout=500".into(),
    ];
    let mut partner = Partner {
        recipe: recipe.clone(),
        mirror: false,
    };
    partner.recipe.commands.pop();
    partner.recipe.preset = None;
    let look = [("tab", "Log"), ("panels", "1")];
    Link {
        recipe,
        cursor: Some(Place {
            time: Time(6_000_000),
            moves: Some(57),
        }),
        look: look
            .map(|(k, v)| (k.to_owned(), v.to_owned()))
            .into_iter()
            .collect(),
        partner: Some(partner),
        kernel: KERNEL,
        revision: 2,
        digest: Some(0x0123_4567),
    }
}

fn run(text: &str) -> Link {
    match opened(text) {
        Ok(Opened::Run(link)) => *link,
        Ok(Opened::Log(_)) => panic!("{text}: it is no log"),
        Err(why) => panic!("{text}: {why}"),
    }
}

#[test]
fn links_hold_the_whole_run() {
    let mut link = example();
    for _ in 0..3 {
        assert_eq!(Link::decode(&format!("#{}", link.encode())).unwrap(), link);
        assert_eq!(run(&link.to_file()), link);
        link.partner = None;
        link.cursor = None;
        link.digest = None;
        link.look = SortedMap::new();
    }
}

#[test]
fn a_file_is_read_by_people_and_by_readers_of_exports() {
    let text = example().to_file();
    assert!(text.contains("\n      \"7.5s@40 recover n5\",\n"), "{text}");
    let (recipe, _) = crate::export::import(&text).unwrap();
    assert_eq!(recipe, example().recipe);
}

#[test]
fn any_form_of_a_run_is_read() {
    let link = example();
    let fragment = link.encode();
    let (half, rest) = fragment.split_at(fragment.len() / 2);
    for text in [
        fragment.clone(),
        format!("#{fragment}"),
        format!("  https://example.org/faultline/?paused=1#{fragment}\n"),
        format!("<https://example.org/#{fragment}>."),
        format!("{half}\r\n  {rest}"),
    ] {
        assert_eq!(run(&text), link, "{text}");
    }
    let recipe = serde_json::to_value(&link.recipe).unwrap();
    let bare = run(&recipe.to_string());
    assert_eq!((&bare.recipe, bare.cursor), (&link.recipe, None));
    let place = |us| {
        Some(Place {
            time: Time(us),
            moves: None,
        })
    };
    let export = crate::export::export(&link.recipe, 9_000_000, 0x0123_4567_89ab_cdef, []);
    let exported = run(&export.to_string());
    assert_eq!(exported.recipe, link.recipe);
    assert_eq!(exported.cursor, place(9_000_000));
    assert_eq!(exported.digest, Some(0x0123_4567));
    let card =
        serde_json::json!({"run": {"recipe": recipe, "cursor": 5, "last": null}, "page": "x"});
    assert_eq!(run(&card.to_string()).cursor, place(5));
    assert_eq!(
        run("demo/split-vote").recipe,
        Recipe::new("demo/split-vote", 1)
    );
}

#[test]
fn a_route_names_its_scenario() {
    for text in [
        "/some-protocol/one-scenario",
        "#/some-protocol/one-scenario",
        "#/Some-Protocol/One-Scenario/",
        "https://example.org/faultline/#/some-protocol/one-scenario",
        "https://example.org/faultline/?paused=1#/some-protocol/one-scenario",
    ] {
        assert_eq!(
            run(text),
            Link::named("some-protocol/one-scenario"),
            "{text}"
        );
    }
    assert_eq!(run("#/x"), Link::named("x"));
    for text in ["#/", "#/some protocol/", "#/x/\u{e4}", "#//"] {
        let sentence = opened(text).unwrap_err();
        assert!(sentence.contains("#/protocol/scenario"), "{sentence}");
    }
    // What only looks like a route is what it was.
    let log = "/var/log: started\n/var/log: stopped";
    assert_eq!(opened(log), Ok(Opened::Log(log.into())));
}

#[test]
fn mangled_links_say_what_to_do() {
    let text = example().encode();
    for cut in 0..text.len() {
        assert!(Link::decode(&text[..cut]).is_err(), "{cut}");
    }
    let wrong = |text: &str| opened(text).unwrap_err();
    assert!(wrong("v9.abc").contains("newer Faultline"));
    assert!(wrong("v1.????").contains("damaged"));
    assert!(wrong("Nonsense!").contains("damaged"));
    assert!(wrong(" ").contains("paste a link"));
    assert!(wrong("https://example.org/").contains("behind `#`"));
    assert!(wrong("{\"a\":1}").contains("no `recipe`"));
    assert!(wrong("{oops").contains("not JSON"));
    assert!(wrong("{\"recipe\":{\"version\":1}}").contains("missing field"));
    let newer = URL_SAFE_NO_PAD.encode([0b0000_1111, 1, 2, 3]);
    assert!(wrong(&format!("v1.{newer}")).contains("newer Faultline"));
}

/// A letter that has changed is noticed even where it changes nothing before the cursor.
#[test]
fn a_changed_letter_is_noticed() {
    let link = example();
    let text = link.encode();
    for at in 3..text.len() {
        for letter in ["A", "z", "-"] {
            let mut changed = text.clone();
            changed.replace_range(at..=at, letter);
            // The last bits of the last letter may mean nothing.
            if let Ok(read) = Link::decode(&changed) {
                assert_eq!(read, link, "{changed}");
            }
        }
    }
}

fn packed(text: &str) -> String {
    let mut bytes = vec![PACKED];
    bytes.extend(check_of(text));
    bytes.extend(miniz_oxide::deflate::compress_to_vec(text.as_bytes(), 1));
    format!("v1.{}", URL_SAFE_NO_PAD.encode(bytes))
}

#[test]
fn hostile_links_are_refused_before_they_cost_anything() {
    let bomb = packed(&"0".repeat(MOST_BYTES + 1));
    let commands = packed(&format!(
        "{{\"s\":\"a/b\"}}{}",
        "\n0 heal".repeat(MOST_COMMANDS + 1)
    ));
    let word = packed(&format!("{{\"s\":\"{}\"}}", "x".repeat(LONGEST_NAME + 1)));
    let late = packed("{\"s\":\"a/b\",\"t\":18446744073709551615}");
    let long = format!("v1.{}", "A".repeat(MOST_LETTERS + 1));
    for (text, why) in [
        (bomb, "unpacks to more than"),
        (commands, "it has 2001 commands"),
        (word, "the name of its scenario is 101 letters long"),
        (late, "too late"),
        (long, "letters long"),
    ] {
        let sentence = Link::decode(&text).unwrap_err();
        assert!(
            sentence.contains("too much") && sentence.contains(why),
            "{sentence}"
        );
    }
    for (text, why) in [
        ("{\"s\":1}", "a value that no link has"),
        ("{}", "names no scenario"),
        ("[]", "no head"),
        ("{\"s\":\"a/b\"}\nzzzzzzzzzzzzzz heal", "not a step of time"),
        ("{\"s\":\"a/b\"}\n-1 heal", "not a step of time"),
        ("{\"s\":\"a/b\"}\nheal", "no words"),
    ] {
        let sentence = Link::decode(&packed(text)).unwrap_err();
        assert!(
            sentence.contains("damaged") && sentence.contains(why),
            "{sentence}"
        );
    }
}

#[test]
fn logs_are_told_apart_from_runs() {
    let log = "starts\na {\"a\":1}\n";
    assert_eq!(opened(log), Ok(Opened::Log(log.trim().into())));
    let headed = "(?<host>\\S*) (?<clock>{.*})\\n(?<event>.*)\n\na {\"a\":1}\nstarts";
    assert!(matches!(opened(headed), Ok(Opened::Log(_))));
    assert!(matches!(opened("some lines\nof a log"), Ok(Opened::Log(_))));
    let wrapped = example().encode();
    let wrapped = format!("{}\n{}", &wrapped[..80], &wrapped[80..]);
    let torn = example().to_file().trim_start_matches('{').to_owned();
    for other in [wrapped, example().to_file(), torn, "{\"a\":{}}\n".into()] {
        assert!(!matches!(opened(&other), Ok(Opened::Log(_))), "{other}");
    }
}
