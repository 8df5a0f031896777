//! The rows as data: `docs/checklist/*.txt`.
//!
//! A file is a section; its first comment is the section's title. A row is a line
//! `ID | title | what the learner does | what is measured`. A line that begins with `=` says what
//! serves the row above it: `scenarios ; probes ; tests`, each a list with commas.

use crate::Outcome;
use crate::project::{self, Project};

/// How many rows the curriculum has.
pub const ROWS: usize = 217;

/// Rows that belong together.
pub struct Section {
    pub title: String,
    pub rows: Vec<Row>,
}

/// One teachable thing.
#[derive(Debug, Default, PartialEq)]
pub struct Row {
    pub id: String,
    pub title: String,
    pub does: String,
    pub measured: String,
    /// `protocol/scenario`.
    pub scenarios: Vec<String>,
    pub probes: Vec<String>,
    /// `rows::name` of `crates/protocols/tests/rows`, or `tests/e2e/FILE::title`.
    pub tests: Vec<String>,
}

/// All sections in the order of their files.
pub fn read(project: &Project) -> Outcome<Vec<Section>> {
    let folder = project.root.join("docs/checklist");
    let entries = std::fs::read_dir(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let mut files: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|end| end == "txt"));
    files.sort();
    let mut sections = Vec::new();
    for file in files {
        let text = project::read(&file)?;
        let section = section(&text).map_err(|why| format!("{}: {why}", file.display()))?;
        sections.push(section);
    }
    check(&sections)?;
    Ok(sections)
}

/// The rows are all there, and each once.
fn check(sections: &[Section]) -> Outcome {
    let mut ids: Vec<&str> = Vec::new();
    for row in sections.iter().flat_map(|section| &section.rows) {
        if ids.contains(&row.id.as_str()) {
            return Err(format!("docs/checklist has the row {} twice", row.id));
        }
        ids.push(&row.id);
    }
    if ids.len() != ROWS {
        let n = ids.len();
        return Err(format!(
            "docs/checklist has {n} rows, and the curriculum {ROWS}"
        ));
    }
    Ok(())
}

fn section(text: &str) -> Outcome<Section> {
    let first = text.lines().next().unwrap_or_default();
    let title = first
        .strip_prefix("# ")
        .ok_or("the first line is no title")?;
    let mut rows: Vec<Row> = Vec::new();
    for (i, line) in text.lines().enumerate() {
        let at = |why: &str| format!("line {}: {why}", i + 1);
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(served) = line.strip_prefix('=') {
            let row = rows.last_mut().ok_or_else(|| at("serves no row"))?;
            let [scenarios, probes, tests] = parts(served, ';')
                .try_into()
                .map_err(|_| at("needs scenarios ; probes ; tests"))?;
            row.scenarios = parts(&scenarios, ',');
            // Some things are counted on the page and by no probe.
            row.probes = parts(&probes, ',');
            row.probes.retain(|probe| !probe.is_empty());
            row.tests = tests_of(&tests);
            continue;
        }
        let [id, title, does, measured] = parts(line, '|')
            .try_into()
            .map_err(|_| at("needs ID | title | what is done | what is measured"))?;
        rows.push(Row {
            id,
            title,
            does,
            measured,
            ..Row::default()
        });
    }
    Ok(Section {
        title: title.trim_end_matches('.').to_owned(),
        rows,
    })
}

fn parts(text: &str, by: char) -> Vec<String> {
    text.split(by).map(|part| part.trim().to_owned()).collect()
}

/// Titles of tests have commas of their own: a new test begins where a known prefix does.
fn tests_of(text: &str) -> Vec<String> {
    let mut tests: Vec<String> = Vec::new();
    for part in text.split(", ") {
        let part = part.trim();
        match tests.last_mut() {
            Some(last) if !part.starts_with("rows::") && !part.starts_with("tests/e2e/") => {
                *last += &format!(", {part}");
            }
            _ => tests.push(part.to_owned()),
        }
    }
    tests
}

#[cfg(test)]
mod tests {
    use super::{section, tests_of};

    #[test]
    fn rows_and_what_serves_them() {
        let text =
            "# Start.\n\nP1 | Title | does | n\n= a/b, c/d ; x, y ; rows::p1\nP2 | T | d | m\n";
        let section = section(text).unwrap();
        assert_eq!(section.title, "Start");
        let [one, two] = &section.rows[..] else {
            panic!("two rows")
        };
        assert_eq!(one.scenarios, ["a/b", "c/d"]);
        assert_eq!(
            (one.probes.len(), &one.tests[..]),
            (2, &["rows::p1".to_owned()][..])
        );
        assert!(two.tests.is_empty());
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        for (text, why) in [
            ("P1 | T | d | m", "no title"),
            ("# S\nP1 | T | d", "line 2"),
            ("# S\n= a ; b ; c", "line 2: serves no row"),
            ("# S\nP1 | T | d | m\n= a ; b", "line 3"),
        ] {
            let sentence = section(text).err().unwrap();
            assert!(sentence.contains(why), "{sentence}");
        }
    }

    #[test]
    fn titles_may_have_commas() {
        let tests = tests_of("rows::l1, tests/e2e/x.test.mjs::62, then 24, then 6, rows::l2");
        assert_eq!(
            tests,
            [
                "rows::l1",
                "tests/e2e/x.test.mjs::62, then 24, then 6",
                "rows::l2"
            ]
        );
    }
}
