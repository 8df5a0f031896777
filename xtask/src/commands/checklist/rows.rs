//! The rows as data: `docs/checklist/*.txt`.
//!
//! A file is a section; its first comment is the section's title. A row is a line `ID | title | what
//! the learner does | what is measured`. A line that starts with `=` lists what covers the row above
//! it: `scenarios ; probes ; tests`, each a list with commas.

use crate::Outcome;
use crate::project::{self, Project};

/// The curriculum's rows, all 217, in its order.
const IDS: &str = "\
    P1 P2 P3 P4 P5 O1 O2 O3 O4 O5 O6 MV1 MV2 MV3 MV4 MV5 MV6 MV7 MV8 MV9 F1 F2 F3 F4 F5 \
    F6 F7 F8 F9 F-B1 F-B2 F-B3 F-T1 F-T2 F-T3 C1 C2 C3 C4 C5 C6 C-B1 C-B2 C-B3 C-T1 C-T2 \
    C-T3 D1 D2 D3 D4 D5 D6 D7 D8 D9 D10 D11 D12 D-B1 D-B2 D-B3 D-T1 D-T2 D-T3 T1 T2 T3 \
    T4 T5 T6 T7 T8 T-B1 T-B2 T-B3 T-T1 T-T2 T-T3 X1 X2 X3 X4 X5 X-B1 X-B2 X-B3 X-T1 X-T2 \
    X-T3 S1 S2 S3 S4 S5 S6 S-B1 S-B2 S-B3 S-T1 S-T2 S-T3 L1 L1a L1b L1c L1d L1e L1f L2 \
    L2a L2b L2c L2d L2e L3 L3a L3b L3c L3d L3e L3f L4 L4a L4b L4c L4d L4e L4f L4g L5 L6 \
    A1 A1-1 A1-2 A1-3a A1-3b A1-3c A1-4a A1-4b A1-4c A1-Q1 A1-Q2 A1-Q3 A1-Q4 A1-Q5 A2 \
    A2-1 A2-2 A2-3a A2-3b A2-3c A2-4a A2-4b A2-Q1 A2-Q2 A2-Q3 A2-Q4 A2-Q5 A3 A3-1 A3-2 \
    A3-3a A3-3b A3-3c A3-4a A3-4b A3-4c A3-Q1 A3-Q2 A3-Q3 A3-Q4 A3-Q5 A4 A4-1 A4-2 A4-3a \
    A4-3b A4-3c A4-4a A4-4b A4-4c A4-Q1 A4-Q2 A4-Q3 A4-Q4 A4-Q5 A5 A5-1 A5-2 A5-3a A5-3b \
    A5-3c A5-4a A5-4b A5-4c A5-Q1 A5-Q2 A5-Q3 A5-Q4 A5-Q5 W0 W1 W2 W3 W4 W5 M1 M2 M3 M4 \
    M5 M6 M7 M8 M9 M10";

/// A section of rows.
pub struct Section {
    pub title: String,
    pub rows: Vec<Row>,
}

/// One thing to teach.
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

/// Checks that the rows are exactly the curriculum's, each once.
fn check(sections: &[Section]) -> Outcome {
    let mut ids: Vec<&str> = Vec::new();
    for row in sections.iter().flat_map(|section| &section.rows) {
        if ids.contains(&row.id.as_str()) {
            return Err(format!("docs/checklist has the row {} twice", row.id));
        }
        if !IDS.split(' ').any(|id| id == row.id) {
            return Err(format!("the curriculum has no row {}", row.id));
        }
        ids.push(&row.id);
    }
    match IDS.split(' ').find(|id| !ids.contains(id)) {
        Some(missing) => Err(format!("docs/checklist lacks the row {missing}")),
        None => Ok(()),
    }
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
            let row = rows.last_mut().ok_or_else(|| at("covers no row"))?;
            if !row.tests.is_empty() {
                return Err(at("the row above has such a line already"));
            }
            let [scenarios, probes, tests] = parts(served, ';')
                .try_into()
                .map_err(|_| at("needs scenarios ; probes ; tests"))?;
            row.scenarios = parts(&scenarios, ',');
            // The page counts some things without a probe.
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

/// Titles of tests may contain commas, so a new test starts only at a known prefix.
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
            ("# S\n= a ; b ; c", "line 2: covers no row"),
            ("# S\nP1 | T | d | m\n= a ; b", "line 3"),
            (
                "# S\nP1 | T | d | m\n= a ; b ; rows::c\n= a ; b ; rows::c",
                "line 4",
            ),
        ] {
            let sentence = section(text).err().unwrap();
            assert!(sentence.contains(why), "{sentence}");
        }
    }

    #[test]
    fn the_curriculum_has_217_rows() {
        let mut ids: Vec<&str> = super::IDS.split(' ').collect();
        assert_eq!(ids.len(), 217);
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 217);
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
