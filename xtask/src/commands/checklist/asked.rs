//! What a learner is asked about each row: the `row` lines of the protocols' `questions.txt`. Whether they can
//! be read, and whether their runs decide them, is tested in crates/protocols/tests/questions.rs.

use std::collections::BTreeMap;

use crate::Outcome;
use crate::project::{self, Project};

/// The questions of each row, as `protocol: question`.
pub fn read(project: &Project) -> Outcome<BTreeMap<String, Vec<String>>> {
    let folder = project.root.join("crates/protocols/src");
    let entries = std::fs::read_dir(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let mut folders: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    folders.sort();
    let mut asked: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for folder in folders {
        let file = folder.join("questions.txt");
        if file.exists() {
            let name = folder.file_name().unwrap_or_default().to_string_lossy();
            add(&mut asked, &name.replace('_', "-"), &project::read(&file)?);
        }
    }
    let course = project.root.join("course");
    let entries = std::fs::read_dir(&course).map_err(|e| format!("{}: {e}", course.display()))?;
    for file in entries.flatten().map(|entry| entry.path()) {
        of_lessons(&mut asked, &project::read(&file)?);
    }
    Ok(asked)
}

/// A step of a lesson that lets people write asks about its rows, too.
fn of_lessons(asked: &mut BTreeMap<String, Vec<String>>, text: &str) {
    let (mut lesson, mut rows) = ("", "");
    for line in text.lines() {
        match line.split_once(' ') {
            Some(("lesson", id)) => lesson = id.trim(),
            Some(("step", _)) => rows = "",
            Some(("row", names)) => rows = names,
            Some(("write", _)) => {
                for row in rows.split(',').map(str::trim).filter(|row| !row.is_empty()) {
                    let question = format!("lesson {lesson}");
                    let known = asked.entry(row.to_owned()).or_default();
                    if !known.contains(&question) {
                        known.push(question);
                    }
                }
            }
            _ => {}
        }
    }
}

fn add(asked: &mut BTreeMap<String, Vec<String>>, protocol: &str, text: &str) {
    let mut id = "";
    for line in text.lines() {
        match line.split_once(' ') {
            Some(("question" | "goal", name)) => id = name.trim(),
            Some(("row", rows)) => {
                for row in rows.split(',').map(str::trim) {
                    let question = format!("{protocol}: {id}");
                    asked.entry(row.to_owned()).or_default().push(question);
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_has_all_its_questions() {
        let text = "question one\nrow       L1, A4\n\ngoal      two\nrow A4\n";
        let mut asked = BTreeMap::new();
        add(&mut asked, "bully", text);
        assert_eq!(asked["L1"], ["bully: one"]);
        assert_eq!(asked["A4"], ["bully: one", "bully: two"]);
        let lesson =
            "lesson    it\nrow A1\nstep one\nrow W0\nwrite Say.\nstep two\nrow L6\ntext no\n";
        of_lessons(&mut asked, lesson);
        assert_eq!(asked["W0"], ["lesson it"]);
        assert!(!asked.contains_key("L6") && !asked.contains_key("A1"));
    }
}
