//! How large the published page is, and how large it may be.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};

use crate::Outcome;
use crate::job::{self, say};
use crate::project::{self, Project};
use crate::tools;

/// What a person on a slow line waits for: the files that the page asks for at once, brotli. It holds
/// however many protocols there are: what the first picture does not need belongs into the second part.
/// Raised only with a reason in the commit (docs/decisions/0005).
const AT_ONCE: u64 = 245_000;
/// What a further protocol may weigh on average, both parts, brotli. Code only: an essay is a text of its
/// own that is fetched when a person opens it.
const PER_PROTOCOL: u64 = 6_000;
/// The page that further protocols are counted from: so many protocols, and what it weighed, brotli.
const BASE: (u64, u64) = (9, BASE_BROTLI);
const BASE_BROTLI: u64 = 700_000;
/// How the second part's name ends.
const REST: &str = "_rest.wasm";

/// Where the essays lie.
const TEXTS: &str = "texts/";

/// A published file.
pub struct File {
    name: String,
    raw: u64,
    gzip: u64,
    brotli: u64,
}

impl File {
    /// Whether it is fetched only when a person opens it to read.
    fn is_text(&self) -> bool {
        self.name.starts_with(TEXTS)
    }
}

/// Weighs each file as it is and as a web server would send it.
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
        first.filter(|file| !file.is_text())
    };
    let wasm = || first().filter(|file| file.name.ends_with(".wasm"));
    if rest().count() != 1 {
        return Err("the page is in one part: the hook of Trunk.toml has not divided it".into());
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

/// What the protocols beyond those of the base weigh, as a line.
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

/// How many protocols the catalogue has.
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

/// All files and their sum.
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

/// Brotli at its best, by Node.js: wasm-opt, which makes the page, has brought it along.
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

/// The size as a web server would send it: deflate with gzip's 18 bytes around it.
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
