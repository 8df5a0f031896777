//! What must be absent, and where. Style that a compiler does not check.

use std::fs;
use std::path::{Path, PathBuf};

use faultline_protocols::CATALOGUE;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Files below a folder with this ending, with their text.
fn files(folder: &str, ending: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut open = vec![root().join(folder)];
    while let Some(folder) = open.pop() {
        let Ok(entries) = fs::read_dir(&folder) else {
            continue;
        };
        for path in entries.filter_map(|entry| entry.ok().map(|entry| entry.path())) {
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == ending) {
                let text = fs::read_to_string(&path).expect("sources are text");
                found.push((path, text));
            }
        }
    }
    assert!(!found.is_empty(), "no .{ending} files in {folder}");
    found
}

/// Code without comments.
fn code(text: &str) -> String {
    let lines = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

fn absent(folder: &str, words: &[&str], why: &str) {
    for (path, text) in files(folder, "rs") {
        // Tests may use a name as an example.
        let code = code(text.split("#[cfg(test)]").next().unwrap_or_default());
        for word in words {
            assert!(!code.contains(word), "{}: `{word}`: {why}", path.display());
        }
    }
}

/// Words that are no protocol's alone: the kernel stamps every record, figures show vectors, a message
/// may ask for an election or be a heartbeat, the judge knows how a counter works, files of histories call a
/// store `kv`, and a caption begins like `cap`.
const ORDINARY: [&str; 7] = [
    "lamport",
    "vector",
    "election",
    "heartbeat",
    "counter",
    "kv",
    "cap",
];

#[test]
fn the_kernel_names_no_protocol() {
    let ids = CATALOGUE.0.iter().map(|protocol| protocol.id);
    let (ordinary, names): (Vec<&str>, Vec<&str>) = ids.partition(|id| ORDINARY.contains(id));
    for (path, text) in files("crates/sim/src", "rs") {
        // Tests may use a name as an example.
        let code = code(text.split("#[cfg(test)]").next().unwrap_or_default()).to_lowercase();
        for name in &names {
            let word = |c: char| c.is_alphanumeric() || c == '_';
            let named = code.split(|c| !word(c)).any(|found| found == *name);
            assert!(!named, "{} names {name}", path.display());
        }
        for name in &ordinary {
            let named = [
                format!("\"{name}/"),
                format!("\"{name}-"),
                format!("{name}::"),
            ];
            let hit = named.iter().find(|form| code.contains(*form));
            assert!(hit.is_none(), "{} holds {hit:?}", path.display());
        }
    }
}

#[test]
fn nothing_reads_a_real_clock_or_a_hash_map() {
    let words = [
        "HashMap",
        "HashSet",
        "Instant::now",
        "SystemTime",
        "thread_rng",
        "getrandom",
    ];
    absent("crates/sim/src", &words, "runs must be the same everywhere");
    absent(
        "crates/protocols/src",
        &words,
        "runs must be the same everywhere",
    );
    absent(
        "crates/diagram/src",
        &words,
        "a picture must be the same everywhere",
    );
}

#[test]
fn protocols_have_no_pixel() {
    let words = ["svg", "px", "#[wasm_bindgen", "<div", "rgb(", "color"];
    for (path, text) in files("crates/protocols/src", "rs") {
        // The curriculum's stores have a key of this name.
        let code = code(&text)
            .replace("\"color\"", "")
            .replace(" color = ", "");
        for word in words {
            assert!(
                !code.contains(word),
                "{}: `{word}`: only the page paints",
                path.display()
            );
        }
    }
}

#[test]
fn texts_of_protocols_have_single_spaces() {
    for protocol in CATALOGUE.0 {
        let scenarios = protocol.scenarios.iter();
        let of_scenarios = scenarios.flat_map(|scenario| [scenario.title, scenario.summary]);
        let presets = protocol.presets.iter();
        let of_presets = presets.flat_map(|preset| [Some(preset.title), preset.breaks]);
        let titles = (protocol.switches.iter().map(|switch| switch.title))
            .chain(protocol.params.iter().map(|param| param.title))
            .chain(protocol.probes.iter().map(|probe| probe.title))
            .chain(protocol.invariants.iter().map(|law| law.title));
        let all = of_scenarios.chain(of_presets.flatten()).chain(titles);
        for text in all.chain([protocol.title, protocol.summary, protocol.reference]) {
            assert!(
                !text.contains("  ") && text.trim() == text,
                "{}: {text:?}",
                protocol.id
            );
        }
    }
}

/// What runs, stores and measures knows no component: those get plain data (`views`).
#[test]
fn rooms_below_the_components_do_not_look_up() {
    for room in [
        "engine", "storage", "address", "browser", "moments", "news", "layout", "text", "views",
        "theme", "api", "keys", "worker", "judged",
    ] {
        let mut texts: Vec<(PathBuf, String)> = Vec::new();
        let file = root().join(format!("src/{room}.rs"));
        texts.extend(fs::read_to_string(&file).ok().map(|text| (file, text)));
        if root().join(format!("src/{room}")).is_dir() {
            texts.extend(files(&format!("src/{room}"), "rs"));
        }
        assert!(!texts.is_empty(), "there is no src/{room}");
        for (path, text) in texts {
            for above in ["crate::ui", "crate::app"] {
                assert!(
                    !code(&text).contains(above),
                    "{} uses {above}",
                    path.display()
                );
            }
        }
    }
}

#[test]
fn components_hold_no_world_and_name_no_protocol() {
    let words = ["sim::world", "timeline::Timeline"];
    absent("src/ui", &words, "components see frames only");
    for protocol in CATALOGUE.0 {
        // Figures may show vectors of any protocol: only a scenario's name belongs to one protocol.
        let end = if ORDINARY.contains(&protocol.id) {
            "/"
        } else {
            ""
        };
        let quoted = format!("\"{}{end}", protocol.id);
        absent("src/ui", &[&quoted], "components do not know protocols");
    }
}

/// A style attribute written as text is blocked by the page's content security policy. `~style` sets the
/// element's property, which the policy allows.
#[test]
fn no_style_is_set_from_an_attribute() {
    let forms = ["style=", " {style}", "\"style\""];
    for (path, text) in files("src", "rs") {
        // The page offers others a line to embed it with, for a page with a policy of its own.
        if path.ends_with("src/address.rs") {
            continue;
        }
        for line in code(&text).lines() {
            let line = line.replace("~style={style}", "").replace("~style=", "");
            let hit = forms.iter().find(|form| line.contains(**form));
            let why = "write `~style={…}`: the content security policy blocks style attributes";
            assert!(
                hit.is_none(),
                "{}: `{}`: {why}",
                path.display(),
                line.trim()
            );
        }
    }
    let index = fs::read_to_string(root().join("index.html")).expect("the page is text");
    assert!(
        !index.contains("style="),
        "index.html: use a class of static/poster.css"
    );
    for (path, text) in files("static", "js") {
        let hit = ["innerHTML", "setAttribute(\"style\"", "eval("]
            .iter()
            .find(|form| text.contains(**form));
        assert!(hit.is_none(), "{} holds {hit:?}", path.display());
    }
}

/// The page fetches `texts/<id>.html`, which is made of the folder's `lesson.md`.
#[test]
fn every_protocol_has_an_essay_in_a_folder_of_its_name() {
    for protocol in faultline_protocols::CATALOGUE.0 {
        let folder = protocol.id.replace('-', "_");
        let essay = root().join(format!("crates/protocols/src/{folder}/lesson.md"));
        let essay = fs::read_to_string(&essay).unwrap_or_default();
        assert!(essay.starts_with("# "), "{folder}/lesson.md");
    }
}

#[test]
fn no_file_names_a_machine() {
    let places = ["/ho\u{6d}e/", "/wor\u{6b}/", "/tm\u{70}/", "/roo\u{74}/"];
    for (folder, ending) in [
        ("crates", "rs"),
        ("src", "rs"),
        ("xtask", "rs"),
        ("docs", "md"),
    ] {
        for (path, text) in files(folder, ending) {
            let hit = places.iter().find(|place| text.contains(**place));
            assert!(hit.is_none(), "{} holds {hit:?}", path.display());
        }
    }
}

/// A file's lines without comments, blank lines and its module of tests.
fn weight(text: &str) -> usize {
    let text = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    let lines = text.lines().map(str::trim);
    lines
        .filter(|line| !line.is_empty() && !line.starts_with("//"))
        .count()
}

#[test]
fn no_file_is_too_long_to_be_read_in_one_go() {
    for folder in ["crates", "src", "xtask"] {
        for (path, text) in files(folder, "rs") {
            let lines = weight(&text);
            let why = "more than 500 lines: find the seam";
            assert!(lines <= 500, "{}: {lines}: {why}", path.display());
        }
    }
}

/// Longer than that: most are one list, of every fault, verb, sentence or attribute there is, and cut in
/// two they would be read in two places. No other may join them without a reason as good.
const ONE_LIST: [&str; 21] = [
    "chaos::draw",
    "check::missed",
    "command::apply_fault",
    "commands::fault_done",
    "descriptor::setup",
    "event_log::EventLog",
    "figures::picture",
    "frame::to_table",
    "icons::path",
    "keyboard::perform",
    "linked::read",
    "list::protocol_text",
    "module::read",
    "paint::hands",
    "palette::verbs",
    "plan::new",
    "records::words",
    "shell::panel",
    "svg::one",
    "tests::overlaps",
    "tests::page",
];

#[test]
fn no_function_is_too_long_to_be_seen_at_once() {
    let mut long = Vec::new();
    for folder in ["crates", "src", "xtask"] {
        for (path, text) in files(folder, "rs") {
            let name = path.file_stem().unwrap_or_default().to_string_lossy();
            for (function, lines) in functions(&text) {
                // A component is one piece of markup.
                let component = function.starts_with(char::is_uppercase);
                if lines > if component { 110 } else { 70 } {
                    long.push(format!("{name}::{function}"));
                }
            }
        }
    }
    long.sort();
    assert_eq!(
        long, ONE_LIST,
        "functions of more than 70 lines: find the seam"
    );
}

/// Every function with how many lines it has, by the indentation that rustfmt gives.
fn functions(text: &str) -> Vec<(&str, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (from, line) in lines.iter().enumerate() {
        let plain = line.trim_start();
        let mut words = plain.split(['(', '<', ' ']);
        let known = ["pub", "const", "async", "unsafe", "crate)", "super)", "in"];
        let Some("fn") = words.find(|word| !known.contains(word)) else {
            continue;
        };
        let end = format!("{}}}", &line[..line.len() - plain.len()]);
        let mut body = lines[from..].iter().filter(|_| !line.ends_with([';', '}']));
        if let (Some(name), Some(to)) = (words.next(), body.position(|line| *line == end)) {
            found.push((name, to + 1));
        }
    }
    found
}
