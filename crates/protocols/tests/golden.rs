//! Golden traces: one readable page a scenario, beside its protocol, and one table of trace hashes
//! that the browser must reproduce (law 7).
//!
//! `cargo xtask golden` rewrites them. A page that changes means that the protocol behaves
//! differently: then its `revision` must be raised, because links made before no longer show the
//! same run. `revisions.txt` remembers what each revision did: lines are only ever added to it, and
//! nothing is rewritten while it disagrees.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use faultline_protocols::CATALOGUE;
use faultline_sim::KERNEL;
use faultline_sim::descriptor::{Protocol, Recipe, Scenario};
use faultline_sim::export;
use faultline_sim::hash::{hex, stable_hash};
use faultline_sim::timeline::Timeline;

/// Lines of a page.
const PAGE: usize = 90;
/// Seeds of the hash table.
const SEEDS: [u64; 3] = [1, 2, 0xFFFF_FFFF_FFFF_FFFF];

fn run(protocol: &Protocol, scenario: &Scenario, seed: u64) -> Timeline {
    let recipe = Recipe::new(&format!("{}/{}", protocol.id, scenario.id), seed);
    let setup = CATALOGUE.setup(&recipe).expect("the catalogue is sound");
    let until = setup.until();
    let mut run = Timeline::new(setup).expect("scripts make sense");
    assert!(
        run.run_until(until, u64::MAX),
        "{}/{} was cut",
        protocol.id,
        scenario.id
    );
    run
}

fn page(protocol: &Protocol, scenario: &Scenario) -> String {
    let run = run(protocol, scenario, 1);
    let trace = export::text(run.trace().records());
    let mut lines: Vec<&str> = trace.lines().collect();
    let left = lines.len().saturating_sub(PAGE);
    lines.truncate(PAGE);
    let name = format!("{}/{}", protocol.id, scenario.id);
    let mut page = export::text_head(&name, "1", protocol.revision, &run.trace_hash());
    for line in lines {
        page.push_str(line);
        page.push('\n');
    }
    if left > 0 {
        page.push_str(&format!("… and {left} lines more\n"));
    }
    page
}

fn updating() -> bool {
    std::env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1")
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

/// Compares with what is stored, or stores it.
fn check(path: &Path, expected: &str) -> Result<(), String> {
    let stored = fs::read_to_string(path)
        .unwrap_or_default()
        .replace("\r\n", "\n");
    if stored == expected {
        return Ok(());
    }
    if updating() {
        fs::create_dir_all(path.parent().expect("golden files lie in a folder"))
            .and_then(|()| fs::write(path, expected))
            .map_err(|error| format!("{}: {error}", path.display()))?;
        return Ok(());
    }
    let differ = stored.lines().zip(expected.lines()).find(|(a, b)| a != b);
    let (old, new) = differ.unwrap_or(("", "(the length differs)"));
    Err(format!(
        "{}:\n  stored {old}\n  now    {new}\nIf that is meant: raise the protocol's `revision` and \
         run `cargo xtask golden`.",
        path.display()
    ))
}

/// What one revision of a scenario does.
struct Lived {
    /// `protocol/scenario`, and the revisions of kernel and protocol.
    key: String,
    protocol: &'static str,
    /// Of the traces under all seeds.
    hash: String,
}

/// What every scenario does today, with the hashes that tell it.
fn today() -> (Vec<Lived>, BTreeMap<String, String>) {
    let (mut all, mut hashes) = (Vec::new(), BTreeMap::new());
    for protocol in CATALOGUE.0 {
        for scenario in protocol.scenarios {
            let name = format!("{}/{}", protocol.id, scenario.id);
            let traces = SEEDS.map(|seed| run(protocol, scenario, seed).trace_hash());
            for (seed, trace) in SEEDS.iter().zip(&traces) {
                hashes.insert(format!("{name}@{seed}"), trace.clone());
            }
            all.push(Lived {
                key: format!("{name} {KERNEL}.{}", protocol.revision),
                protocol: protocol.id,
                hash: hex(stable_hash(&traces)),
            });
        }
    }
    (all, hashes)
}

const REVISIONS: &str = "tests/revisions.txt";

/// The lines of the table of revisions: key and hash.
fn remembered(table: &str) -> BTreeMap<&str, &str> {
    let mut known = BTreeMap::new();
    let lines = table
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    for line in lines {
        let (key, hash) = line.rsplit_once(' ').expect("a key and a hash");
        assert!(
            known.insert(key, hash).is_none(),
            "{REVISIONS} has two lines for {key}: lines are only ever added"
        );
    }
    known
}

/// The table with what is new today, or a sentence for each revision that does something else than
/// it did.
fn told(table: &str, today: &[Lived]) -> Result<String, String> {
    let known = remembered(table);
    let (mut longer, mut wrong) = (table.to_owned(), Vec::new());
    for Lived {
        key,
        protocol,
        hash,
    } in today
    {
        match known.get(key.as_str()) {
            None => longer.push_str(&format!("{key} {hash}\n")),
            Some(known) if *known == hash => {}
            Some(_) => wrong.push(format!(
                "{key} does something else than it did, and links to it would show another run: bump \
                 `revision` in {protocol}/descriptor.rs (or KERNEL, if every protocol has changed); \
                 only a revision that was never published may lose its lines in {REVISIONS}"
            )),
        }
    }
    if wrong.is_empty() {
        Ok(longer)
    } else {
        Err(wrong.join("\n"))
    }
}

#[test]
fn golden_files_are_as_stored() {
    let (today, hashes) = today();
    let path = root().join(REVISIONS);
    let table = fs::read_to_string(&path).unwrap_or_default();
    // Before anything is rewritten.
    let table = told(&table, &today).unwrap_or_else(|why| panic!("{why}"));
    let mut wrong = Vec::new();
    wrong.extend(check(&path, &table).err());
    for protocol in CATALOGUE.0 {
        for scenario in protocol.scenarios {
            let folder = root()
                .join("src")
                .join(protocol.id.replace('-', "_"))
                .join("golden");
            let file = folder.join(format!("{}.txt", scenario.id));
            wrong.extend(check(&file, &page(protocol, scenario)).err());
        }
    }
    let mut json = serde_json::to_string_pretty(&hashes).expect("texts serialise");
    json.push('\n');
    wrong.extend(check(&root().join("tests/hashes.json"), &json).err());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_changed_golden_trace_demands_another_revision() {
    let lived = |revision: u32, hash: &str| {
        [Lived {
            key: format!("raft/split-vote 1.{revision}"),
            protocol: "raft",
            hash: hash.to_owned(),
        }]
    };
    let table = told("# Head\n", &lived(3, "aa")).unwrap();
    assert_eq!(table, "# Head\nraft/split-vote 1.3 aa\n");
    assert_eq!(told(&table, &lived(3, "aa")).unwrap(), table);
    let refused = told(&table, &lived(3, "bb")).unwrap_err();
    assert!(
        refused.contains("bump `revision` in raft/descriptor.rs"),
        "{refused}"
    );
    let longer = told(&table, &lived(4, "bb")).unwrap();
    assert_eq!(longer, format!("{table}raft/split-vote 1.4 bb\n"));
}
