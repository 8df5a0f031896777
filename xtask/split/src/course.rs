//! The course's texts beside the page: all lessons in one file in the order of their files' names, the
//! glossary, and what the search looks through besides titles: essays and rows of the curriculum.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

const GLOSSARY: &str = "glossary.txt";

/// Makes the course's texts of this checkout in a page's folder.
pub fn make(root: &Path, to: &Path) -> io::Result<()> {
    let (mut lessons, mut glossary) = (String::new(), String::new());
    for path in sorted(&root.join("course"))? {
        let text = without_comments(&fs::read_to_string(&path)?);
        let is_glossary = path.file_name().is_some_and(|name| name == GLOSSARY);
        let of = if is_glossary {
            &mut glossary
        } else {
            &mut lessons
        };
        of.push_str(&text);
    }
    fs::write(to.join("lessons.txt"), lessons)?;
    fs::write(to.join(GLOSSARY), glossary)?;
    fs::write(to.join("words.txt"), words(root)?)
}

fn sorted(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder)?;
    let mut paths = entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<io::Result<Vec<_>>>()?;
    paths.retain(|path| path.extension().is_some_and(|end| end == "txt"));
    paths.sort();
    Ok(paths)
}

/// Comments and empty lines are for authors.
fn without_comments(text: &str) -> String {
    let lines = text.lines();
    let kept = lines.filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
    kept.flat_map(|line| [line, "\n"]).collect()
}

/// For each protocol the words of its essay, and the rows of each of its scenarios.
fn words(root: &Path) -> io::Result<String> {
    let mut rows: BTreeMap<String, String> = BTreeMap::new();
    for path in sorted(&root.join("docs/checklist"))? {
        for (scenario, row) in served(&fs::read_to_string(&path)?) {
            let own = rows.entry(scenario).or_default();
            own.push(' ');
            own.push_str(&row);
        }
    }
    let mut out = String::new();
    let mut folders =
        fs::read_dir(root.join("crates/protocols/src"))?.collect::<io::Result<Vec<_>>>()?;
    folders.sort_by_key(fs::DirEntry::file_name);
    for folder in folders {
        let Ok(essay) = fs::read_to_string(folder.path().join("lesson.md")) else {
            continue;
        };
        let id = folder.file_name().to_string_lossy().replace('_', "-");
        out.push_str(&format!("protocol {id}\nessay {}\n", plain(&essay)));
        let own = rows.iter().filter_map(|(name, row)| {
            let scenario = name.strip_prefix(&id)?.strip_prefix('/')?;
            Some(format!("rows {scenario}{row}\n"))
        });
        out.extend(own);
    }
    Ok(out)
}

/// The scenarios that a file of the checklist names, each with its row's words.
fn served(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut row = String::new();
    for line in text.lines() {
        if let Some(served) = line.strip_prefix("= ") {
            let scenarios = served.split(';').next().unwrap_or_default();
            let names = scenarios.split(',').map(|name| name.trim().to_owned());
            found.extend(names.map(|name| (name, row.clone())));
        } else if !line.starts_with('#') && line.contains(" | ") {
            row = line.replace(" | ", " ");
        }
    }
    found
}

/// An essay in one line, each word once: a search asks only whether a word is there, and phrases of two
/// words stay together where they first stand.
fn plain(markdown: &str) -> String {
    let letters = |c: char| {
        if c.is_alphanumeric() || c == '\'' || c == '-' {
            c
        } else {
            ' '
        }
    };
    let text: String = markdown.chars().map(letters).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_belong_to_their_scenarios() {
        let text = "# About\nP2 | Needed: networks | changes delay | lost\n= cluster/a, cluster/b ; p95 ; rows::p2\n\
            O2 | Aim | cuts | values\n";
        let row = "P2 Needed: networks changes delay lost";
        assert_eq!(
            served(text),
            [
                ("cluster/a".into(), row.into()),
                ("cluster/b".into(), row.into())
            ]
        );
    }

    #[test]
    fn texts_lose_what_is_for_authors() {
        assert_eq!(
            without_comments("# a\n\nlesson x\ntext y\n  z\n"),
            "lesson x\ntext y\n  z\n"
        );
        assert_eq!(plain("# The *bully*\n\nOne, two."), "The bully One two");
    }
}
