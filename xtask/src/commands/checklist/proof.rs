//! Checks that what a row names exists, mentions the row's items, and passes.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::by_file;
use super::rows::Row;
use crate::commands::e2e;
use crate::job::{self, say};
use crate::project::{self, Project};
use crate::{Outcome, tools};

/// The folder of the tests for rows.
const ROWS: &str = "crates/protocols/tests/rows";

/// The file and the title of a browser test.
pub fn browser_test(test: &str) -> Option<(&str, &str)> {
    test.split_once("::")
        .filter(|(file, _)| file.starts_with("tests/e2e/"))
}

/// Scenarios and probes by protocol, as the command line lists them.
pub struct Catalogue(BTreeMap<String, (BTreeSet<String>, BTreeSet<String>)>);

impl Catalogue {
    pub fn read(project: &Project) -> Outcome<Self> {
        let command = project.cargo(&["run", "--quiet", "-p", "faultline", "--", "list", "--json"]);
        let text = job::answer(command).ok_or("the catalogue could not be listed")?;
        let list: Value = serde_json::from_str(&text).map_err(|e| format!("the catalogue: {e}"))?;
        let names = |protocol: &Value, part: &str, key: &str| {
            let items = protocol[part].as_array().into_iter().flatten();
            let names = items.filter_map(|item| item[key].as_str().map(str::to_owned));
            names.collect::<BTreeSet<_>>()
        };
        let protocols = list.as_array().ok_or("the catalogue is no list")?;
        let entry = |protocol: &Value| {
            let id = protocol["id"].as_str()?.to_owned();
            let scenarios = names(protocol, "scenarios", "id");
            Some((id, (scenarios, names(protocol, "probes", "name"))))
        };
        Ok(Self(protocols.iter().filter_map(entry).collect()))
    }

    /// What a row lacks, apart from failing tests; none if it is covered.
    pub fn missing(&self, project: &Project, row: &Row) -> Outcome<Option<String>> {
        if row.tests.is_empty() {
            return Ok(Some("nothing covers it yet".to_owned()));
        }
        let mut probes: BTreeSet<&String> = BTreeSet::new();
        for scenario in &row.scenarios {
            let found = scenario.split_once('/').and_then(|(protocol, id)| {
                let (scenarios, probes) = self.0.get(protocol)?;
                scenarios.contains(id).then_some(probes)
            });
            match found {
                Some(more) => probes.extend(more),
                None => return Ok(Some(format!("there is no scenario {scenario}"))),
            }
        }
        if let Some(probe) = row.probes.iter().find(|probe| !probes.contains(probe)) {
            return Ok(Some(format!("its scenarios have no probe {probe}")));
        }
        let mut sources = Vec::new();
        for test in &row.tests {
            match source(project, test)? {
                Some(text) => sources.push((browser_test(test).is_some(), text)),
                None => return Ok(Some(format!("there is no test {test}"))),
            }
        }
        let speaks = |of: &str| sources.iter().any(|(_, text)| text.contains(of));
        if let Some(scenario) = row.scenarios.iter().find(|name| !speaks(name)) {
            return Ok(Some(format!("none of its tests mentions {scenario}")));
        }
        let in_rust = sources.iter().any(|(browser, _)| !browser);
        let reads = |probe: &String| speaks(&format!("\"{probe}\""));
        Ok(row
            .probes
            .iter()
            .find(|probe| in_rust && !reads(probe))
            .map(|probe| format!("none of its tests reads {probe}")))
    }
}

/// The text of a test.
fn source(project: &Project, test: &str) -> Outcome<Option<String>> {
    if let Some((file, title)) = browser_test(test) {
        let Ok(text) = project::read(&project.root.join(file)) else {
            return Ok(None);
        };
        let quoted = |quote: char| format!("test({quote}{}{quote},", title.replace('\'', "\\'"));
        let start = ['\'', '"']
            .iter()
            .find_map(|quote| text.find(&quoted(*quote)));
        return Ok(start.map(|start| until(&text[start..], "\n});")));
    }
    let name = test.strip_prefix("rows::").unwrap_or(test);
    let folder = project.root.join(ROWS);
    let entries = std::fs::read_dir(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    for entry in entries.flatten() {
        let text = project::read(&entry.path())?;
        if let Some(start) = text.find(&format!("\nfn {name}() {{")) {
            return Ok(Some(until(&text[start..], "\n}")));
        }
    }
    Ok(None)
}

fn until(text: &str, end: &str) -> String {
    text[..text.find(end).unwrap_or(text.len())].to_owned()
}

/// The results of the tests that rows name.
#[derive(Default)]
pub struct Results {
    ran: bool,
    browsed: bool,
    passed: BTreeSet<String>,
}

impl Results {
    /// Runs all Rust tests that rows name, at once.
    pub fn run_rust<'a>(
        &mut self,
        project: &Project,
        rows: impl Iterator<Item = &'a Row>,
    ) -> Outcome {
        self.ran = true;
        let tests: BTreeSet<&str> = (rows.flat_map(|row| &row.tests))
            .filter_map(|test| test.strip_prefix("rows::"))
            .collect();
        say(&format!("running {} tests of rows ...", tests.len()));
        let mut command = project.cargo(&["test", "-p", "faultline-protocols", "--test", "rows"]);
        let out = command.output().map_err(|e| format!("cargo test: {e}"))?;
        let said = String::from_utf8_lossy(&out.stdout).into_owned();
        let ends = said.lines().filter_map(|line| line.strip_prefix("test "));
        for (name, end) in ends.filter_map(|line| line.split_once(" ... ")) {
            let name = name.rsplit("::").next().unwrap_or(name);
            if end == "ok" && tests.contains(name) {
                self.passed.insert(format!("rows::{name}"));
            }
        }
        if self.passed.is_empty() && !tests.is_empty() {
            let why = String::from_utf8_lossy(&out.stderr);
            return Err(format!("the tests of rows did not run:\n{why}"));
        }
        Ok(())
    }

    /// Runs all browser tests that rows name, file by file.
    pub fn run_browser<'a>(
        &mut self,
        project: &Project,
        rows: impl Iterator<Item = &'a Row>,
    ) -> Outcome {
        let files = by_file(rows);
        if files.is_empty() {
            return Ok(());
        }
        self.browsed = true;
        tools::ensure(project, &e2e::TOOLS)?;
        let folder = project.dist();
        if !folder.join("index.html").exists() {
            return Err(
                "dist/ is missing: run `cargo xtask build`, or add --no-browser".to_owned(),
            );
        }
        for (file, titles) in files {
            say(&format!("running {file} ..."));
            let said = e2e::told(project, &folder, &project.root.join(&file))?;
            for title in titles {
                let passed = |line: &str| {
                    let line = line.trim_start();
                    line.strip_prefix("\u{2714} ")
                        .is_some_and(|told| told.starts_with(&title))
                };
                if said.lines().any(passed) {
                    self.passed.insert(format!("{file}::{title}"));
                }
            }
        }
        Ok(())
    }

    /// A failing test of a row, if any.
    pub fn failing(&self, row: &Row) -> Option<String> {
        let ran = |test: &&String| {
            if browser_test(test).is_some() {
                self.browsed
            } else {
                self.ran
            }
        };
        let failed = row
            .tests
            .iter()
            .filter(ran)
            .find(|test| !self.passed.contains(*test))?;
        Some(format!("its test {failed} fails"))
    }

    /// The tests of a row that did not run.
    pub fn left_out(&self, row: &Row) -> Option<&'static str> {
        let browser = row.tests.iter().any(|test| browser_test(test).is_some());
        match (self.ran, browser && !self.browsed) {
            (false, _) => Some("not run"),
            (true, true) => Some("not run in a browser"),
            (true, false) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::rows;
    use super::*;

    /// Without running tests: all rows exist, and everything they name exists and is mentioned.
    #[test]
    fn rows_name_what_there_is() {
        let project = Project::find().unwrap();
        let sections = rows::read(&project).unwrap();
        let catalogue = Catalogue::read(&project).unwrap();
        let mut served = 0;
        for row in sections.iter().flat_map(|section| &section.rows) {
            let missing = catalogue.missing(&project, row).unwrap();
            if row.tests.is_empty() {
                continue;
            }
            assert_eq!(missing, None, "{}", row.id);
            served += 1;
        }
        assert!(served > 40, "{served}");
    }
}
