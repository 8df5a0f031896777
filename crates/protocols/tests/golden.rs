//! Golden traces: one readable page a scenario, beside its protocol, and one table of trace hashes
//! that the browser must reproduce (law 7).
//!
//! `cargo xtask golden` rewrites them. A page that changes means that the protocol behaves
//! differently: then its `revision` must be raised, because links made before no longer show the
//! same run.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use faultline_protocols::CATALOGUE;
use faultline_sim::descriptor::{Protocol, Recipe, Scenario};
use faultline_sim::export;
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

#[test]
fn golden_pages_are_as_stored() {
    let mut wrong = Vec::new();
    for protocol in CATALOGUE.0 {
        for scenario in protocol.scenarios {
            let folder = root().join("src").join(protocol.id).join("golden");
            let file = folder.join(format!("{}.txt", scenario.id));
            wrong.extend(check(&file, &page(protocol, scenario)).err());
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn golden_hashes_are_as_stored() {
    let mut hashes = BTreeMap::new();
    for protocol in CATALOGUE.0 {
        for scenario in protocol.scenarios {
            for seed in SEEDS {
                let name = format!("{}/{}@{seed}", protocol.id, scenario.id);
                hashes.insert(name, run(protocol, scenario, seed).trace_hash());
            }
        }
    }
    let mut json = serde_json::to_string_pretty(&hashes).expect("texts serialise");
    json.push('\n');
    check(&root().join("tests/hashes.json"), &json).unwrap_or_else(|why| panic!("{why}"));
}
