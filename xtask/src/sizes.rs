//! How large the published page is, and how large it may be.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};

use crate::Outcome;
use crate::job::{self, say};
use crate::project::Project;
use crate::tools;

/// What a person on a slow line waits for: the files that the page asks for at once, brotli.
/// Raised only with a reason in the commit. With nine protocols in one part the page weighed 682,389;
/// xtask/split has divided its functions, its constants and its style sheets.
const BROTLI: u64 = 245_000;
/// For a server that only knows gzip.
const GZIP: u64 = 300_000;
/// What the browser has to compile before the first picture.
const WASM_RAW: u64 = 680_000;
/// What comes when the page stands and the browser has nothing else to do, brotli.
const REST_BROTLI: u64 = 520_000;
/// How the second part's name ends.
const REST: &str = "_rest.wasm";

/// A published file.
pub struct File {
    name: String,
    raw: u64,
    gzip: u64,
    brotli: u64,
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
    let first = || files.iter().filter(|file| !file.name.ends_with(REST));
    let wasm = || first().filter(|file| file.name.ends_with(".wasm"));
    let sums = [
        ("at once, brotli", sum(first(), |file| file.brotli), BROTLI),
        ("at once, gzip", sum(first(), |file| file.gzip), GZIP),
        ("at once, wasm", sum(wasm(), |file| file.raw), WASM_RAW),
        (
            "a moment later, brotli",
            sum(rest(), |file| file.brotli),
            REST_BROTLI,
        ),
    ];
    if rest().count() != 1 {
        return Err("the page is in one part: the hook of Trunk.toml has not divided it".into());
    }
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

/// All files and their sum.
pub fn table(files: &[File]) -> String {
    let mut text = format!(
        "  {:<44} {:>10} {:>10} {:>10}",
        "file", "bytes", "gzip", "brotli"
    );
    let mut row = |name: &str, raw: u64, gzip: u64, brotli: u64| {
        text += &format!("\n  {name:<44} {raw:>10} {gzip:>10} {brotli:>10}");
    };
    for file in files {
        row(&file.name, file.raw, file.gzip, file.brotli);
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
