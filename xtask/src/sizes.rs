//! How large the published page is, and how large it may be.

use std::fs;
use std::path::Path;

use crate::Outcome;
use crate::job::say;

const KILOBYTE: u64 = 1000;
/// What a person on a slow line waits for. Raised only with a reason in the commit.
const WASM_RAW: u64 = 1600 * KILOBYTE;
const WASM_GZIP: u64 = 550 * KILOBYTE;
const OTHERS_GZIP: u64 = 80 * KILOBYTE;

/// Prints each file's size and fails if the page is above its budget.
pub fn check(dist: &Path) -> Outcome {
    let mut wasm = (0, 0);
    let mut others = 0;
    say(&format!("  {:<44} {:>10} {:>10}", "file", "bytes", "gzip"));
    for (name, path) in files(dist)? {
        let content = fs::read(&path).map_err(|error| format!("{name}: {error}"))?;
        let (raw, gzip) = (content.len() as u64, gzip(&content));
        say(&format!("  {name:<44} {raw:>10} {gzip:>10}"));
        if name.ends_with(".wasm") {
            wasm = (wasm.0 + raw, wasm.1 + gzip);
        } else {
            others += gzip;
        }
    }
    let sums = [
        ("wasm", wasm.0, WASM_RAW),
        ("wasm, gzip", wasm.1, WASM_GZIP),
        ("everything else, gzip", others, OTHERS_GZIP),
    ];
    let mut over = Vec::new();
    for (what, bytes, budget) in sums {
        say(&format!("  {what:<44} {bytes:>10} of {budget}"));
        if bytes > budget {
            over.push(format!(
                "{what} is {bytes} bytes, {} over its budget",
                bytes - budget
            ));
        }
    }
    if over.is_empty() {
        Ok(())
    } else {
        Err(format!("the page is too large: {}", over.join("; ")))
    }
}

fn files(folder: &Path) -> Outcome<Vec<(String, std::path::PathBuf)>> {
    let mut found = Vec::new();
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for path in entries.flatten().map(|entry| entry.path()) {
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if path.is_dir() {
            let inner = files(&path)?;
            found.extend(
                inner
                    .into_iter()
                    .map(|(below, path)| (format!("{name}/{below}"), path)),
            );
        } else {
            found.push((name, path));
        }
    }
    found.sort();
    Ok(found)
}

/// The size as a web server would send it: deflate with gzip's 18 bytes around it.
fn gzip(content: &[u8]) -> u64 {
    miniz_oxide::deflate::compress_to_vec(content, 9).len() as u64 + 18
}
