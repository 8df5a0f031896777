//! The size of the published page, and its budget.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};

use crate::Outcome;
use crate::job::{self, say};
use crate::project::{self, Project};
use crate::tools;

/// The budget for the files that the page requests at once, brotli: this is what a person on a slow
/// line waits for. It does not grow with the number of protocols; what the first picture does not need
/// belongs in the second part. Raise it only with a reason in the commit (docs/decisions/0005).
const AT_ONCE: u64 = 245_000;
/// The average budget of a further protocol, both parts, brotli. It covers code only: an essay is a
/// separate text that loads when a person opens it.
const PER_PROTOCOL: u64 = 6_000;
/// The base from which further protocols are counted: its number of protocols and its size, brotli.
const BASE: (u64, u64) = (9, BASE_BROTLI);
const BASE_BROTLI: u64 = 749_398;
/// The suffix of the second part's name.
const REST: &str = "_rest.wasm";

/// The script of the worker, which starts when a person asks for many runs.
const WORKER: &str = "worker.js";

/// The folder of the essays.
const TEXTS: &str = "texts/";

/// A published file.
pub struct File {
    name: String,
    raw: u64,
    gzip: u64,
    brotli: u64,
}

impl File {
    /// Whether it loads only when a person opens it.
    fn is_text(&self) -> bool {
        self.name.starts_with(TEXTS)
    }

    /// Whether it loads only when a person asks for what is in it.
    fn is_asked_for(&self) -> bool {
        self.is_text() || self.name == WORKER
    }
}

/// The size of each file, raw and as a web server sends it.
pub fn measure(project: &Project, dist: &Path) -> Outcome<Vec<File>> {
    let files = files(dist)?;
    let brotli = brotli(project, files.iter().map(|(_, path)| path.as_path()))?;
    let weigh = |((name, path), brotli): ((String, PathBuf), u64)| {
        let content = fs::read(&path).map_err(|error| format!("{name}: {error}"))?;
        let (raw, gzip) = (content.len() as u64, gzip(&content));
        Ok(File {
            name,
            raw,
            gzip,
            brotli,
        })
    };
    files.into_iter().zip(brotli).map(weigh).collect()
}

/// Prints each file's size and fails if the page is above its budget.
pub fn check(project: &Project, dist: &Path) -> Outcome {
    let files = measure(project, dist)?;
    say(&table(&files));
    let rest = || files.iter().filter(|file| file.name.ends_with(REST));
    let first = || {
        let first = files.iter().filter(|file| !file.name.ends_with(REST));
        first.filter(|file| !file.is_asked_for())
    };
    let wasm = || first().filter(|file| file.name.ends_with(".wasm"));
    if rest().count() != 1 {
        return Err("the page is in one part: the hook in Trunk.toml did not divide it".into());
    }
    let at_once = sum(first(), |file| file.brotli);
    for (what, bytes) in [
        ("at once, gzip", sum(first(), |file| file.gzip)),
        ("at once, wasm", sum(wasm(), |file| file.raw)),
        ("a moment later, brotli", sum(rest(), |file| file.brotli)),
    ] {
        say(&format!("  {what:<44} {bytes:>10}"));
    }
    let all = at_once + sum(rest(), |file| file.brotli);
    say(&further(all, protocols(project)?));
    say(&format!(
        "  {:<44} {at_once:>10} of {AT_ONCE}",
        "at once, brotli"
    ));
    if at_once <= AT_ONCE {
        return Ok(());
    }
    Err(format!(
        "the page is too large: {at_once} bytes at once, {} over the budget. What the first picture does \
         not need goes to the second part; if the list of early functions is stale, `cargo xtask first` \
         records it anew",
        at_once - AT_ONCE
    ))
}

/// The size of the protocols beyond the base, as a line.
fn further(all: u64, protocols: u64) -> String {
    let what = "each further protocol, brotli";
    let (base, weight) = BASE;
    match protocols.checked_sub(base).filter(|more| *more > 0) {
        None => format!("  {what:<44} none yet beyond {base}"),
        Some(more) => {
            let each = all.saturating_sub(weight) / more;
            let over = if each > PER_PROTOCOL {
                ", too much"
            } else {
                ""
            };
            format!(
                "  {what:<44} {each:>10} of {PER_PROTOCOL} on average ({more} since {base}){over}"
            )
        }
    }
}

/// The number of protocols in the catalogue.
fn protocols(project: &Project) -> Outcome<u64> {
    let text = project::read(&project.root.join("crates/protocols/src/lib.rs"))?;
    count(&text).ok_or_else(|| "crates/protocols/src/lib.rs has no `catalogue! { … }`".into())
}

fn count(text: &str) -> Option<u64> {
    let (_, list) = text.split_once("\ncatalogue! {")?;
    let (list, _) = list.split_once('}')?;
    let names = list.split(',').filter(|name| !name.trim().is_empty());
    Some(names.count() as u64)
}

/// All files and their total.
pub fn table(files: &[File]) -> String {
    let mut text = format!(
        "  {:<44} {:>10} {:>10} {:>10}",
        "file", "bytes", "gzip", "brotli"
    );
    let mut row = |name: &str, raw: u64, gzip: u64, brotli: u64| {
        text += &format!("\n  {name:<44} {raw:>10} {gzip:>10} {brotli:>10}");
    };
    for file in files.iter().filter(|file| !file.is_text()) {
        row(&file.name, file.raw, file.gzip, file.brotli);
    }
    let texts = || files.iter().filter(|file| file.is_text());
    if texts().count() > 0 {
        row(
            &format!("{TEXTS} ({}, each when it is opened)", texts().count()),
            sum(texts(), |file| file.raw),
            sum(texts(), |file| file.gzip),
            sum(texts(), |file| file.brotli),
        );
    }
    row(
        "in all",
        sum(files.iter(), |file| file.raw),
        sum(files.iter(), |file| file.gzip),
        sum(files.iter(), |file| file.brotli),
    );
    text
}

/// The same for programs.
pub fn json(files: &[File]) -> Json {
    let entry = |file: &File| json!({"file": file.name, "raw": file.raw, "gzip": file.gzip, "brotli": file.brotli});
    files.iter().map(entry).collect()
}

fn sum<'a>(files: impl Iterator<Item = &'a File>, of: impl Fn(&File) -> u64) -> u64 {
    files.map(of).sum()
}

/// Best brotli compression, by Node.js, which is present because wasm-opt needs it.
fn brotli<'a>(project: &Project, files: impl Iterator<Item = &'a Path>) -> Outcome<Vec<u64>> {
    let node = tools::find(project, "node").ok_or("node is not installed (https://nodejs.org)")?;
    let mut command = project.command(node);
    command.args(["--eval", BROTLI_SCRIPT]).args(files);
    let answer = job::answer(command).ok_or("node could not compress the page")?;
    let bytes = answer.split_whitespace().map(str::parse::<u64>);
    bytes
        .collect::<Result<_, _>>()
        .map_err(|error| format!("node answered `{answer}`: {error}"))
}

const BROTLI_SCRIPT: &str = "\
const zlib = require('node:zlib');
for (const file of process.argv.slice(1)) {
  const content = require('node:fs').readFileSync(file);
  const params = { [zlib.constants.BROTLI_PARAM_SIZE_HINT]: content.length };
  console.log(zlib.brotliCompressSync(content, { params }).length);
}";

fn files(folder: &Path) -> Outcome<Vec<(String, PathBuf)>> {
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

/// The size as a web server sends it: deflate and 18 bytes of gzip.
fn gzip(content: &[u8]) -> u64 {
    miniz_oxide::deflate::compress_to_vec(content, 9).len() as u64 + 18
}

#[cfg(test)]
mod tests {
    use super::{BASE, count, further};

    #[test]
    fn a_further_protocol_is_weighed_on_average() {
        let (base, weight) = BASE;
        assert!(further(weight + 500, base).contains("none yet"));
        let light = further(weight + 11_000, base + 2);
        assert!(
            light.contains("5500 of 6000") && !light.contains("too much"),
            "{light}"
        );
        let heavy = further(weight + 14_000, base + 2);
        assert_eq!(count("x\ncatalogue! { raft,\n  vector, }\n"), Some(2));
        assert!(
            heavy.contains("7000 of 6000") && heavy.contains("too much"),
            "{heavy}"
        );
    }
}
