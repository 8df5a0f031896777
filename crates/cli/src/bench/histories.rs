//! Histories to be checked, from files and folders.

use std::fs;
use std::path::{Path, PathBuf};

use faultline_sim::judge::files::{FileFormat, read, recognise};
use faultline_sim::judge::{Found, HistoryCheck, Operations};

use crate::Outcome;

/// A history, not read yet.
pub struct HistoryFile {
    pub name: String,
    text: String,
    format: FileFormat,
}

/// What a check has found.
pub struct Checked {
    pub operations: u64,
    pub steps: u64,
    pub linearizable: bool,
}

impl HistoryFile {
    /// # Errors
    /// One sentence with the line that is wrong.
    pub fn read(&self) -> Outcome<Operations> {
        let read = read(&self.text, self.format, None);
        let read = read.map_err(|why| format!("`{}`, {why}", self.name))?;
        Ok(read.history)
    }
}

/// Checks a history to the end.
pub fn check(history: &Operations) -> Checked {
    let mut check = HistoryCheck::new(history);
    let found = check.advance(&mut u64::MAX.clone());
    Checked {
        operations: history.len() as u64,
        steps: check.steps(),
        linearizable: found == Found::Order,
    }
}

/// The histories at these paths, in the order of their names; in folders, other files are left out.
///
/// # Errors
/// One sentence, if a file cannot be read or there is no history.
pub fn gather(paths: &[String]) -> Outcome<Vec<HistoryFile>> {
    let mut found = Vec::new();
    for path in paths {
        let path = Path::new(path);
        let named = !path.is_dir();
        for path in files(path)? {
            let bytes = fs::read(&path).map_err(|error| cannot(&path, &error))?;
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let name = path.display().to_string();
            match recognise(&text) {
                Some(format) => found.push(HistoryFile { name, text, format }),
                None if named => return Err(format!("`{name}` is not a history")),
                None => {}
            }
        }
    }
    if found.is_empty() {
        return Err(
            "bench histories needs files or folders with histories, such as jepsen/*.log".into(),
        );
    }
    Ok(found)
}

fn cannot(path: &Path, error: &std::io::Error) -> String {
    format!("cannot read `{}`: {error}", path.display())
}

/// A file, or all files below a folder.
fn files(path: &Path) -> Outcome<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(vec![path.to_path_buf()]);
    }
    let entries = fs::read_dir(path).map_err(|error| cannot(path, &error))?;
    let mut paths: Vec<PathBuf> = entries.filter_map(|e| e.ok().map(|e| e.path())).collect();
    paths.sort();
    let mut all = Vec::new();
    for path in paths {
        all.extend(files(&path)?);
    }
    Ok(all)
}
