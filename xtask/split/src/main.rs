//! Divides the compiled page into the code of the first picture and the rest.
//!
//! Without the division, nine tenths of a second on a slow laptop, and half of the bytes, would go to
//! code that no one needs before the first click. Trunk runs this last (Trunk.toml) and passes the
//! page's place in the environment. `first.txt` names the functions of the first picture; any other
//! function loads later and works as well. static/rest.js loads the second part. See
//! docs/decisions/0005-page-in-two-parts.md.

mod course;
mod divide;
mod error;
mod first;
mod linked;
mod module;
mod names;
mod page;
mod squeeze;
mod texts;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::error::Outcome;
use crate::first::First;
use crate::linked::Linked;
use crate::module::Module;
use crate::names::Names;

/// Set this variable to get the page in one piece, with the names of its functions.
const WHOLE: &str = "FAULTLINE_WHOLE";
/// The suffixes of the compiled page and of the second part.
const PAGE: &str = "_bg.wasm";
const REST: &str = "_rest.wasm";
/// The suffix of the script between the compiled page and the browser.
const GLUE: &str = ".js";
/// The script of the worker.
const WORKER: &str = "worker.js";
/// Cargo's folder of the page (index.html names its profile).
const LINKED: &str = "wasm32-unknown-unknown/web/faultline_web.wasm";
/// The report about the list of early functions, in Cargo's folder.
const REPORT: &str = "parts.json";

const HELP: &str = "\
faultline-split
    Divides the page that Trunk is about to publish (TRUNK_STAGING_DIR, TRUNK_PROFILE).
faultline-split names FILE.wasm
    Reads function numbers from standard input and prints their lines for first.txt.";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words[..] {
        [] => published(),
        ["names", file] => names(Path::new(file)),
        _ => Err(HELP.into()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("the page could not be divided: {reason}");
            ExitCode::FAILURE
        }
    }
}

/// The page that Trunk is going to publish.
fn published() -> Outcome {
    let folder = env::var_os("TRUNK_STAGING_DIR").ok_or("Trunk starts this program")?;
    let folder = PathBuf::from(folder);
    let root = env::var_os("TRUNK_SOURCE_DIR").ok_or("Trunk starts this program")?;
    texts::make(Path::new(&root), &folder).map_err(|error| format!("the essays: {error}"))?;
    // A page under development is for its developer only, and stays in one part.
    if env::var("TRUNK_PROFILE").is_ok_and(|profile| profile != "release")
        || env::var_os(WHOLE).is_some()
    {
        return Ok(());
    }
    let page = file_ending(&folder, PAGE)?;
    let bytes = read(&page)?;
    let module = Module::read(&bytes)?;
    let linked = read(&linked_page()?)?;
    let linked = Linked::read(&linked)?;
    let recorded = First::recorded();
    let parts = divide::divide(&module, &recorded, Some(&linked))?;
    let name = page.file_name().unwrap_or_default().to_string_lossy();
    let rest = name.replace(PAGE, REST);
    let index = folder.join("index.html");
    let text = String::from_utf8(read(&index)?).map_err(|_| "index.html is not text")?;
    let (text, style) = page::divide(&text, &rest)?;
    write(&page, &parts.first)?;
    write(
        &folder.join(&rest),
        &page::with_style(parts.rest.clone(), &squeeze::style(&style)),
    )?;
    write(&index, squeeze::page(&text).as_bytes())?;
    let names = Names::of(&module);
    for script in [name.replace(PAGE, GLUE).as_str(), WORKER] {
        let script = folder.join(script);
        let text = String::from_utf8(read(&script)?);
        let text = text.map_err(|_| format!("{} is not text", script.display()))?;
        let text = names.in_script(&squeeze::script(&text));
        write(&script, text.as_bytes())?;
    }
    // `cargo xtask test` checks whether the list is up to date (xtask/src/parts.rs).
    let (known, gone) = (recorded.len(), recorded.gone_from(&module));
    let report = format!("{{\"recorded\": {known}, \"gone\": {gone}}}\n");
    write(&target()?.join(REPORT), report.as_bytes())?;
    println!(
        "divided: {} functions at once ({} bytes), {} a moment later ({} bytes, {} of them constants)",
        parts.early,
        parts.first.len(),
        parts.late,
        parts.rest.len(),
        parts.late_bytes
    );
    Ok(())
}

/// The compiler's output for the page, before wasm-bindgen.
fn linked_page() -> Outcome<PathBuf> {
    Ok(target()?.join(LINKED))
}

/// Cargo's folder, which contains this program.
fn target() -> Outcome<PathBuf> {
    let program = env::current_exe().map_err(|error| error.to_string())?;
    let target = program.parent().and_then(Path::parent);
    Ok(target.ok_or("this program has no path")?.to_owned())
}

/// The text of `first.txt` for functions given by number.
fn names(file: &Path) -> Outcome {
    let bytes = read(file)?;
    let module = Module::read(&bytes)?;
    let input = std::io::read_to_string(std::io::stdin()).map_err(|error| error.to_string())?;
    let numbers = input.split_whitespace().map(str::parse::<u32>);
    let numbers = numbers
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| format!("a number of a function: {error}"))?;
    print!("{}", First::of(&module, &numbers).text());
    Ok(())
}

fn file_ending(folder: &Path, ending: &str) -> Outcome<PathBuf> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut found = entries.flatten().map(|entry| entry.path());
    let found = found.find(|path| path.to_string_lossy().ends_with(ending));
    Ok(found.ok_or_else(|| format!("{} has no file *{ending}", folder.display()))?)
}

fn read(path: &Path) -> Outcome<Vec<u8>> {
    Ok(fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?)
}

fn write(path: &Path, content: &[u8]) -> Outcome {
    Ok(fs::write(path, content).map_err(|error| format!("{}: {error}", path.display()))?)
}
